#!/bin/sh
# What scripts tell of cost. scripts/bench-peers in its quick mode: SUNDIALS where the build has it, a program of others that it finds in a
# directory and in the path, and its table. scripts/large-block with a small block.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
source=${LACUNA_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
build=$(dirname "${LACUNA:?}")
[ -x "$build/tests/bench/bench_peers" ] || { echo "skipped: bench_peers is not built" >&2; exit 77; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

failures=0
fail()
{
    echo "FAIL: $*" >&2
    failures=$((failures + 1))
}

# A program that is right (it copies the truth), one that is wrong by a hundredth, one that has no problem.
mkdir "$scratch/peers" "$scratch/path"
"$build/tests/bench/bench_peers" --quick --truth point_source "$scratch/truth" || fail "no truth is written"
cat > "$scratch/peers/right" <<END
#!/bin/sh
[ "\$1" = point_source ] && [ "\$2" = 9 ] || exit 77
cp "$scratch/truth" "\$4"
echo "seconds 0.5 steps \$((100 << \$3))"
END
cat > "$scratch/peers/wrong" <<END
#!/bin/sh
[ "\$1" = point_source ] || exit 77
python3 -c 'import array, sys
a = array.array("d", open(sys.argv[1], "rb").read())
array.array("d", (1.01 * x for x in a)).tofile(open(sys.argv[2], "wb"))' "$scratch/truth" "\$4"
echo "seconds 0.9 steps 10"
END
printf '#!/bin/sh\nexit 77\n' > "$scratch/path/lacuna-peer-other"
chmod +x "$scratch/peers/right" "$scratch/peers/wrong" "$scratch/path/lacuna-peer-other"
echo "not a program" > "$scratch/peers/notes"

PATH="$scratch/path:$PATH" "$source/scripts/bench-peers" --quick --budget 0.3 --build "$build" "$scratch/peers" \
    > "$scratch/out" 2> "$scratch/err" || fail "exit code $?: $(cat "$scratch/err")"
grep -Eq '^\| point_source \| Lacuna \| [0-9.]+e-0[4-9] \|.*\| 1 \|$' "$scratch/out" || fail "Lacuna did not reach 1e-3"
grep -Eq '^\| signalling \| Lacuna \| [0-9.]+e-0[4-9] \|.*\| 1 \|$' "$scratch/out" || fail "Lacuna did not reach 1e-3"
grep -Eq '^\| point_source \| right \| 0.0e\+00 \| 100 \| 0.5 \| [0-9]+' "$scratch/out" || fail "the right one"
grep -Eq '^run point_source wrong error 1.00e-02 seconds 0.9 steps 10$' "$scratch/out" || fail "the wrong one's error"
grep -Eq '^\| point_source \| wrong .*not reached' "$scratch/out" || fail "the wrong one is said to be right"
grep -q other "$scratch/out" && fail "a program without a problem is in the table"
if grep -q CVODE "$scratch/out"; then
    grep -Eq '^\| point_source \| CVODE-BDF-with-our-preconditioner \| [0-9.]+e-0[4-9] ' "$scratch/out" ||
        fail "CVODE did not reach 1e-3"
else
    echo "# without SUNDIALS: its rows are not tested"
    code=0
    "$source/scripts/bench-peers" --quick --build "$build" > /dev/null 2> "$scratch/err" || code=$?
    [ "$code" -eq 77 ] || fail "no peers, and the exit code is $code"
    grep -q 'no peers' "$scratch/err" || fail "no peers, and it does not say so"
fi
# What a large block would take is told of a small one.
"$source/scripts/large-block" 6 0.1 > "$scratch/block" || fail "no block runs"
grep -Eq '^6\^3 voxels, 0.1 days: [1-9][0-9]* steps, wall .* processor .* memory [1-9]' "$scratch/block" || fail "a block: $(cat "$scratch/block")"

[ "$failures" -eq 0 ] || { cat "$scratch/out" >&2; exit 1; }
