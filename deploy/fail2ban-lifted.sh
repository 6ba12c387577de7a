#!/bin/sh
# Unbans addresses whose blocks customers or staff have lifted in the portal. Run it every minute as root on each machine with
# fail2ban:
#
#   * * * * * root /usr/local/sbin/fail2ban-lifted https://pomoc.example.com
#
# Requires curl, jq, and the token in /etc/fail2ban/dzwoni.curl (see fail2ban.conf). The first run unbans nothing; it only
# stores the current position.
set -eu

portal=${1:?the URL of the portal}
curlrc=${DZWONI_CURLRC:-/etc/fail2ban/dzwoni.curl}
state=${DZWONI_LIFTED_STATE:-/var/lib/fail2ban/dzwoni.next}

first_run=no
[ -s "$state" ] || first_run=yes
more=true
while [ "$more" = true ]; do
    after=$(cat "$state" 2>/dev/null || true)
    response=$(curl --fail --silent --show-error --max-time 10 --config "$curlrc" \
        "$portal/api/v1/lifted-blocks?after=$after")
    if [ "$first_run" = no ]; then
        printf '%s' "$response" | jq -r '.lifted[].address' | while read -r address; do
            fail2ban-client unban "$address" >/dev/null
        done
    fi
    # stored only after all addresses are unbanned
    printf '%s' "$response" | jq -r .next >"$state.new"
    mv "$state.new" "$state"
    more=$(printf '%s' "$response" | jq -r .more)
done
