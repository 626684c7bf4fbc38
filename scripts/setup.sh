# What scripts/demo and scripts/test share: find and install missing packages, configure, build.
# Sourced, not run; the caller has set -eu and stands in the top directory of the sources.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later

processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

say() {
    printf '%s\n' "$*"
}

# Runs a command with its output in a log; on failure shows the end of the log.
logged() {
    log=$1
    shift
    if ! "$@" >>"$log" 2>&1 </dev/null; then
        say "failed: $*" >&2
        say "last lines of $log:" >&2
        tail -n 40 "$log" >&2
        return 1
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing_packages GROUP...: those of the groups that are not installed, in one line.
missing_packages() {
    wanted=" $* "
    grep -v '^#' scripts/packages | while read -r group package; do
        case $wanted in
        *" $group "*) is_installed "$package" || printf '%s ' "$package" ;;
        esac
    done
}

apt="DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=580"

install_as_root() {
    if [ "$(id -u)" = 0 ]; then
        logged build/install.log env sh -c "$1"
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo true && logged build/install.log sudo -n sh -c "$1"
    else
        return 1
    fi
}

# need_packages GROUP...: installs what is missing; without the right to, says how and exits.
need_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: configure will say what is missing"
        return 0
    fi
    missing=$(missing_packages "$@")
    if [ -z "$missing" ]; then
        return 0
    fi
    say "installing: $missing"
    mkdir -p build
    if ! install_as_root "$apt update && $apt install -y --no-install-recommends $missing"; then
        say "Could not install; please run as root:" >&2
        say "  apt-get update && apt-get install -y --no-install-recommends $missing" >&2
        exit 1
    fi
}

is_newer() {
    [ -n "$(find "$1" -newer "$2")" ]
}

# What configure looks for and finds here, in words that change when it does: packages of Debian, else
# the modules of pkg-config and the programs.
what_is_here() {
    if command -v dpkg-query >/dev/null; then
        # shellcheck disable=SC2046 # one word a package
        dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' \
            $(grep -v '^#' scripts/packages | cut -d ' ' -f 2) 2>/dev/null | grep '^installed ' || :
        return 0
    fi
    for module in gsl fftw3 hdf5 yaml-0.1 cmocka; do
        say "$module $(pkg-config --modversion "$module" 2>/dev/null || :)"
    done
    for program in python3 h5diff mpicc slurmctld; do
        say "$program $(command -v "$program" || :)"
    done
}

# configure_in DIRECTORY OPTION...: an out-of-tree build directory, configured when it must be: for
# the first time, with other options, or when what configure looks for has come or gone.
configure_in() {
    directory=$1
    shift
    mkdir -p "$directory"
    if [ ! -x configure ] || is_newer configure.ac configure; then
        say "preparing configure"
        logged "$directory/configure.log" autoreconf -fi
    fi
    asked="$*"
    here=$(what_is_here)
    if [ ! -f "$directory/Makefile" ] || is_newer configure "$directory/config.status" ||
        [ "$asked" != "$(cat "$directory/configure.options" 2>/dev/null)" ] ||
        [ "$here" != "$(cat "$directory/configure.here" 2>/dev/null)" ]; then
        say "configuring in $directory"
        top=$PWD
        # Objects do not know with which options and compiler they were made.
        [ ! -f "$directory/Makefile" ] || logged "$directory/configure.log" make -C "$directory" clean
        (cd "$directory" && logged configure.log "$top/configure" "$@")
        printf '%s\n' "$asked" >"$directory/configure.options"
        printf '%s\n' "$here" >"$directory/configure.here"
    fi
}

build_in() {
    say "building in $1"
    logged "$1/build.log" make -C "$1" -j "$processors"
}

# need_python: what the examples of the Python module use beside Debian's packages, in build/venv;
# LACUNA_VENV says where it is, so that tests use it. Without a package index they do without.
need_python() {
    wanted=python/requirements-examples.txt
    if ! cmp -s "$wanted" build/venv/installed.txt; then
        say "installing $(grep -vc '^#' "$wanted") packages of Python in build/venv"
        mkdir -p build
        rm -rf build/venv
        if ! { logged build/install.log /usr/bin/python3 -m venv --system-site-packages build/venv &&
            logged build/install.log build/venv/bin/python -m pip install --quiet --no-compile \
                --disable-pip-version-check -r "$wanted"; }; then
            say "some examples in Python will not be tested"
            return 0
        fi
        cp "$wanted" build/venv/installed.txt
    fi
    LACUNA_VENV=$PWD/build/venv
    export LACUNA_VENV
}
