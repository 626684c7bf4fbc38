#!/bin/sh
# A run with several threads lets them sleep while they wait, without being told by the environment,
# and remains what it was: the same process, words, signals, exit codes and bits.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
unset OMP_WAIT_POLICY GOMP_SPINCOUNT KMP_BLOCKTIME OMP_NUM_THREADS
write_slab
sed -i -e 's/100 um, 20 um, 600 um/400 um, 400 um, 300 um/' -e 's/0.01 mm^2/0.16 mm^2/' \
    -e 's/until: 2 d/until: 1 h/' -e 's/every: 2 h/every: 1 h/' slab.yaml
# Long: it ends by a signal.
sed -e 's/until: 1 h/until: 900 d/' -e 's/every: 1 h/every: 1 min/' slab.yaml >long.yaml

if [ ! -r /proc/self/environ ] || [ ! -L /proc/self/exe ]; then
    echo "skipped: no /proc" >&2
    exit 77
fi

# environment_of ARGUMENT...: that of a run once it has set off, in `environment`; then SIGTERM ends it.
environment_of() {
    rm -f long.nc long.ckpt
    "$LACUNA" run long.yaml --out long.nc --quiet "$@" >out 2>err &
    pid=$!
    said="run $* in the background"
    tries=0
    while ! [ -s long.nc ] && [ $tries -lt 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    tr '\0' '\n' <"/proc/$pid/environ" >environment
    tr '\0' ' ' <"/proc/$pid/cmdline" >words
    name=$(cat "/proc/$pid/comm")
    kill -TERM $pid
    wait $pid
    code=$?
    [ "$code" -eq 75 ] || fail "$said: exit code $code after SIGTERM: $(cat err)"
}

environment_of -t 2
says environment 'OMP_WAIT_POLICY=passive'
says environment 'GOMP_SPINCOUNT='
says words "run long.yaml --out long.nc --quiet -t 2"
[ "$name" = "$(basename "$LACUNA")" ] || fail "the process is called $name"
environment_of -t 1
! grep -q 'OMP_WAIT_POLICY\|GOMP_SPINCOUNT' environment || fail "one thread waits for nobody"
OMP_WAIT_POLICY=active environment_of -t 2
says environment 'OMP_WAIT_POLICY=active'
! grep -q 'GOMP_SPINCOUNT' environment || fail "what the user chose was changed"

# The same values with one thread and two; and a pipe, which cannot be read twice, is read.
try 0 run slab.yaml --out one.nc --quiet -t 1
try 0 run slab.yaml --out two.nc --quiet -t 2
says_nothing err
mkfifo pipe.yaml
cat slab.yaml >pipe.yaml &
timeout 60 "$LACUNA" run pipe.yaml --out fifo.nc --quiet -t 2 >out 2>err || fail "from a pipe: $(cat err)"
wait
if command -v h5diff >/dev/null; then
    h5diff -c --exclude-path=/provenance one.nc two.nc >differences 2>&1 || echo differs >>differences
    [ ! -s differences ] ||
        fail "two threads: $(head -3 differences)"
fi
finish
