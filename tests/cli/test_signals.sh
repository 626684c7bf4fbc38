#!/bin/sh
# Signals reach a resumed run as they reach a run, and a second interrupt does not wait for a step.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
sed 's/every: 2 h, fields_every: 12 h/every: 30 s, fields_every: 2 h/' slab.yaml >fine.yaml
# Steps of some tenths of a second.
sed -e 's/100 um, 20 um, 600 um/2 mm, 2 mm, 600 um/' -e 's/0.01 mm^2/4 mm^2/' slab.yaml >big.yaml

# wait_for RESULT: until it has its first frame, at most 30 s.
wait_for() {
    tries=0
    while ! head -c 4 "$1" 2>/dev/null | grep -q HDF && [ $tries -lt 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

# stop SIGNAL SECONDS: a resumed run gets SIGUSR1 and SIGNAL so long after its start; $code.
stop() {
    rm -f part.*
    try 85 run fine.yaml --out part.nc --wall '0.2 s' --quiet
    "$LACUNA" resume part.ckpt --quiet --checkpoint-every '1 h' >out 2>err &
    pid=$!
    sleep "$2"
    kill -USR1 $pid 2>/dev/null
    sleep 0.05
    kill "-$1" $pid 2>/dev/null
    wait $pid
    code=$?
}

try 0 run fine.yaml --out whole.nc --quiet

# A resumed run: the report of SIGUSR1, then exit code 75 and a checkpoint for each signal. Another
# try when it came too early (nothing is set up yet) or too late (it is at its end).
for signal in TERM INT USR2; do
    for seconds in 0.1 0.2 0.05 0.4 0.8; do
        stop $signal $seconds
        [ "$code" -ne 75 ] || break
    done
    said="a resumed run that gets SIGUSR1 and SIG$signal"
    [ "$code" -eq 75 ] || fail "$said: exit code $code: $(cat err)"
    says err closure
    says err 'lacuna resume part.ckpt'
    try 0 run fine.yaml --out part.nc --resume auto --quiet
    if ! h5diff -c --exclude-path=/provenance whole.nc part.nc >differences 2>&1 ||
        [ -s differences ]; then
        fail "$said and is resumed: $(head -3 differences)"
    fi
done

# Two interrupts within a step: the first asks, the second ends the process there and then. Another
# try when a step ended between them: then the second one meets a run that leaves already.
for attempt in 1 2 3 4 5; do
    rm -f big.nc big.ckpt
    "$LACUNA" run big.yaml --out big.nc --quiet --threads 1 --set run.save.fields=none >out 2>err &
    pid=$!
    wait_for big.nc
    kill -INT $pid
    sleep 0.02
    kill -INT $pid 2>/dev/null
    wait $pid
    code=$?
    if [ "$code" -ne 75 ] && [ ! -f big.ckpt ]; then
        break
    fi
done
[ "$code" -eq 130 ] || fail "two interrupts: exit code $code in attempt $attempt, expected 130"
[ -f big.ckpt ] && fail 'a run that was interrupted twice wrote a checkpoint'
try 0 show big.nc
finish
