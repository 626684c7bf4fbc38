# shellcheck shell=sh
# What the tests of the Python module share: the library installed in a scratch directory, and the module
# in a virtual environment over it. Sourced; `module`, the interpreter, is there afterwards.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
build=$(dirname "$LACUNA")

skip() {
    echo "skipped: $*"
    exit 77
}
# need_modules PYTHON MODULE...
need_modules() {
    python=$1
    shift
    for module in "$@"; do
        "$python" -c "import $module" 2>/dev/null || skip "$python has no $module"
    done
}
# The interpreter whose packages are used: that of the project's environment (scripts/setup.sh), else
# the system's.
python=${LACUNA_VENV:+$LACUNA_VENV/bin/python}
python=${python:-/usr/bin/python3}
command -v "$python" >/dev/null || python=python3
command -v pkg-config >/dev/null || skip "there is no pkg-config"
[ -f "$build/Makefile" ] || skip "the program does not lie in a directory that was configured"
need_modules "$python" cffi setuptools wheel numpy pytest venv
"$python" -c 'import pathlib, sysconfig, sys
sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' ||
    skip "$python has no Python.h (Debian: python3-dev)"

root=$scratch/root
if ! MAKEFLAGS='' MFLAGS='' make -C "$build" install prefix="$root" \
    bashcompletiondir="$root/completions" >install.log 2>&1; then
    fail "make install: $(tail -n 5 install.log)"
    exit 1
fi
PKG_CONFIG_PATH=$root/lib/pkgconfig
export PKG_CONFIG_PATH
unset LACUNA_DATADIR

# The sources may be for reading only.
cp -r "$LACUNA_SOURCE/python" python
chmod -R u+w python

# new_environment DIRECTORY: an environment that sees the packages of $python and no module lacuna.
new_environment() {
    "$python" -m venv --system-site-packages "$1" >venv.log 2>&1 || {
        fail "venv: $(tail -n 5 venv.log)"
        exit 1
    }
    # An environment within an environment sees the packages of the system, not of that.
    packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    own=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "$packages" >"$own/packages.pth"
}
# install_in DIRECTORY WHAT
install_in() {
    "$1/bin/python" -m pip install --quiet --no-build-isolation --no-deps --no-index \
        --disable-pip-version-check "$2" >pip.log 2>&1 || {
        fail "pip install $2: $(tail -n 20 pip.log)"
        exit 1
    }
}
