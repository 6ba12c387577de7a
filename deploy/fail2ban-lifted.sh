#!/bin/sh
# Unbans what customers and staff have lifted in the portal. Run it every minute as root, on each machine with fail2ban:
#
#   * * * * * root /usr/local/sbin/fail2ban-lifted https://pomoc.example.com
#
# It needs curl, jq, and the token in /etc/fail2ban/dzwoni.curl (see fail2ban.conf). The first time it only remembers
# where to go on.
set -eu

portal=${1:?the address of the portal}
curlrc=${DZWONI_CURLRC:-/etc/fail2ban/dzwoni.curl}
place=${DZWONI_PLACE:-/var/lib/fail2ban/dzwoni.next}

first=no
[ -s "$place" ] || first=yes
more=true
while [ "$more" = true ]; do
    after=$(cat "$place" 2>/dev/null || true)
    answer=$(curl --fail --silent --show-error --max-time 10 --config "$curlrc" \
        "$portal/api/v1/lifted-blocks?after=$after")
    if [ "$first" = no ]; then
        printf '%s' "$answer" | jq -r '.lifted[].address' | while read -r address; do
            fail2ban-client unban "$address" >/dev/null
        done
    fi
    # remembered only once it is done
    printf '%s' "$answer" | jq -r .next >"$place.new"
    mv "$place.new" "$place"
    more=$(printf '%s' "$answer" | jq -r .more)
done
