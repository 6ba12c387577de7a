# What ./run and ./test need from the machine, and how they get it. Sourced, never run.

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need COMMAND PACKAGE…: installs the packages when the command is not there
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null 2>&1 && return
    install_packages "$command is missing" "$@"
}

install_packages() {
    local why=$1
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "$why, and there is no apt-get to install it with. Install what your system calls: $*" >&2
        exit 1
    fi
    say "$why: installing $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

need_rust() {
    command -v cargo >/dev/null 2>&1 || [ ! -f "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"
    if ! command -v cargo >/dev/null 2>&1; then
        echo "cargo is missing: install a Rust toolchain from https://rustup.rs" >&2
        exit 1
    fi
    need cc gcc libc6-dev
}

# The private database runs PostgreSQL's own server programs.
need_postgres() {
    [ -n "${PG_BIN_DIR:-}" ] && return
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
    command -v initdb >/dev/null 2>&1 && return
    # the package would start a cluster of its own on port 5432, which nobody here needs
    if [ -d /etc ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    install_packages "PostgreSQL's server programs are missing" postgresql
}
