#!/bin/sh
# scripts/coverage counts the lines of a program that it can be sure of: room by room, all rooms, and
# where the lines are that never ran.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
for tool in python3 gcc gcov; do
    command -v $tool >/dev/null || {
        echo "skipped: no $tool" >&2
        exit 77
    }
done
mkdir -p src/one src/two build/src/one build/src/two
cat >src/one/half.c <<'END'
int half(int even)
{
    if (even)
        return 1;
    return 2;
}
END
cat >src/two/main.c <<'END'
int half(int even);
int main(void)
{
    return half(1) - 1;
}
END
cd build || exit 1
gcc -O0 --coverage -c ../src/one/half.c -o src/one/half.o || fail "half.c"
gcc -O0 --coverage -c ../src/two/main.c -o src/two/main.o || fail "main.c"
gcc --coverage src/one/half.o src/two/main.o -o program || fail "program"
cd .. || exit 1
# What was built and not linked counts, too.
mkdir -p src/three build/src/three
echo 'int never(void) { return 0; }' >src/three/never.c
(cd build && gcc -O0 --coverage -c ../src/three/never.c -o src/three/never.o) || fail "never.c"
coverage="python3 $LACUNA_SOURCE/scripts/coverage"
said="coverage before the tests"
code=0
$coverage build >out 2>err || code=$?
[ "$code" = 1 ] || fail "$said: exit code $code"
says err "no counts in build"
build/program || fail "program: exit code $?"
said="coverage build"
$coverage build >out || fail "$said: exit code $?"
# Which lines there are is the compiler's business; of the first file one has not run, of the second none.
grep -Eq '^one +(75.0 % of 4|80.0 % of 5) lines$' out || fail "$said: $(cat out)"
grep -Eq '^two +100.0 % of [0-9]+ lines$' out || fail "$said: $(cat out)"
grep -Eq '^three +0.0 % of [0-9]+ lines$' out || fail "$said: $(cat out)"
tail -n 1 out | grep -Eq '^coverage: (6|7)[0-9].[0-9] % of [0-9]+ lines$' || fail "$said: $(cat out)"
said="coverage build --lines one"
$coverage build --lines one >out || fail "$said: exit code $?"
grep -qx "src/one/half.c: 5" out || fail "$said: $(cat out)"
finish
