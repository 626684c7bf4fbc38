#!/bin/sh
# The Python module as users install it: `pip install ./python` over an installed library, and its
# tests.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/python.sh"
new_environment environment
install_in environment ./python
cd python/tests || exit 1
"$scratch/environment/bin/python" -m pytest -q -p no:cacheprovider -W error::DeprecationWarning:lacuna \
    >"$scratch/pytest.log" 2>&1 </dev/null || fail "$(tail -n 60 "$scratch/pytest.log")"
tail -n 1 "$scratch/pytest.log"
! grep -q '[0-9] skipped' "$scratch/pytest.log" || [ -z "${LACUNA_VENV:-}" ] ||
    fail "tests were skipped, and all packages are there"
cd "$scratch" || exit 1
finish
