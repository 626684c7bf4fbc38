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
cd "$scratch" || exit 1

# The wheel works where nothing is installed, and takes nothing from outside but the C library.
if ! PYTHON=$scratch/environment/bin/python "$LACUNA_SOURCE/scripts/wheel" wheels >wheel.log 2>&1; then
    fail "scripts/wheel: $(tail -n 20 wheel.log)"
    finish
fi
mv "$root" "$root.away"
new_environment alone
install_in alone wheels/*.whl
unset LD_LIBRARY_PATH PKG_CONFIG_PATH
cd / || exit 1
cat >"$scratch/alone.py" <<'END'
import lacuna

run = lacuna.load("params/teaching/decay.yaml").run(until="6 h")
f = lacuna.load("params/teaching/binding_drop.yaml").function(["k_on"], ["max(bound_share)"])
f(f.x0, seed=1)
print(f"{run['A_level'][-1]:.2f}")
with open("/proc/self/maps") as maps:
    names = {line.split()[-1] for line in maps if ".so" in line}
for word in ("liblacuna", "libhdf5", "libfftw3", "libgsl", "libyaml", "libgomp"):
    if not any(word in name and "/lacuna/libs/" in name for name in names):
        print(f"{word} is not that of the wheel")
END
"$scratch/alone/bin/python" "$scratch/alone.py" >"$scratch/alone.log" 2>&1 </dev/null
[ "$(cat "$scratch/alone.log")" = 6.49 ] || fail "the wheel: $(cat "$scratch/alone.log")"
cd "$scratch" || exit 1
finish
