#!/bin/sh
# A run that is interrupted, killed or checkpointed, then resumed, ends with the same numbers as one
# that is not; so does one with another number of threads.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
# Fine output makes many steps, so that there is time to interrupt.
sed -i 's/every: 2 h, fields_every: 12 h/every: 2 min, fields_every: 2 h/' slab.yaml

same() {
    if ! h5diff -c --exclude-path=/provenance "$1" "$2" >differences 2>&1 || [ -s differences ]; then
        fail "$3: h5diff finds differences: $(head -5 differences)"
    fi
}

# interrupt SIGNAL FILE OPTION...: starts the slab, sends the signal once FILE is there; again when
# the run was at its end before. Its exit code is in $code.
interrupt() {
    signal=$1
    file=$2
    shift 2
    said="a run that gets SIG$signal"
    for attempt in 1 2 3 4 5; do
        rm -f part.nc part.ckpt part.ckpt.1
        "$LACUNA" run slab.yaml --out part.nc --quiet "$@" >out 2>err &
        pid=$!
        tries=0
        while [ ! -s "$file" ] && [ $tries -lt 600 ]; do
            sleep 0.05
            tries=$((tries + 1))
        done
        kill -USR1 $pid 2>/dev/null
        kill "-$signal" $pid 2>/dev/null
        wait $pid 2>/dev/null
        code=$?
        [ $code -eq 0 ] || return 0
    done
    fail "$said: it was at its end before, $attempt times"
}

try 0 run slab.yaml --out whole.nc --threads 1 --quiet
try 0 run slab.yaml --out threads.nc --threads 3 --quiet
same whole.nc threads.nc 'three threads'

# Checkpoints on the way change nothing.
try 0 run slab.yaml --out often.nc --checkpoint-every '0.01 s' --quiet
[ -f often.ckpt ] || fail 'no often.ckpt'
same whole.nc often.nc 'checkpoints on the way'

# Signals that ask to leave, after the report that SIGUSR1 asks for; and resume.
for signal in TERM INT USR2; do
    interrupt "$signal" part.nc
    [ "$code" -eq 75 ] || fail "$said: exit code $code"
    says err 'lacuna resume part.ckpt'
    try 0 resume part.ckpt --quiet
    same whole.nc part.nc "a run that gets SIG$signal and is resumed"
done

# SIGKILL, and resume from the last checkpoint.
interrupt KILL part.ckpt --checkpoint-every '0.02 s'
try 0 resume part.ckpt --quiet
same whole.nc part.nc 'a run that is killed and resumed'
says_nothing err

# A checkpoint and its result may move together; a result that is lost is told.
interrupt TERM part.nc
mkdir moved
mv part.nc part.ckpt moved/
try 66 resume moved/part.ckpt --out nowhere.nc
says err nowhere.nc
try 0 resume moved/part.ckpt --quiet
same whole.nc moved/part.nc 'a run that is moved and resumed'

# What is no checkpoint, or damaged, or at its end already.
try 66 resume slab.yaml
says err slab.yaml
size=$(wc -c <often.ckpt)
head -c $((size / 2)) often.ckpt >half.ckpt
try 66 resume half.ckpt
says err half.ckpt
try 65 resume often.ckpt --quiet
says err 'nothing to do'

# A damaged checkpoint: the generation before it serves, and that is said.
interrupt KILL part.ckpt.1 --checkpoint-every '0.02 s'
printf x | dd of=part.ckpt bs=1 seek=100 conv=notrunc 2>dd.err
try 0 resume part.ckpt --quiet
says err 'warning: part.ckpt: the checkpoint is damaged'
says err 'continuing from the previous checkpoint'
same whole.nc part.nc 'a run that is resumed from the generation before'
interrupt KILL part.ckpt.1 --checkpoint-every '0.02 s'
printf x | dd of=part.ckpt bs=1 seek=100 conv=notrunc 2>dd.err
try 0 run slab.yaml --out part.nc --resume auto --quiet
says err 'continuing from the previous checkpoint'
same whole.nc part.nc 'a run that goes on from the generation before'
interrupt KILL part.ckpt.1 --checkpoint-every '0.02 s'
printf x | dd of=part.ckpt bs=1 seek=100 conv=notrunc 2>dd.err
printf x | dd of=part.ckpt.1 bs=1 seek=100 conv=notrunc 2>dd.err
try 66 resume part.ckpt
says err 'part.ckpt: the checkpoint is damaged'
says err 'part.ckpt.1: the checkpoint is damaged'

# A run that is at its end can be made longer.
try 0 run slab.yaml --out longer.nc --until '12 h' --checkpoint-every '1 h' --quiet
try 0 resume longer.ckpt --until '2 d' --quiet
same whole.nc longer.nc 'a run that was made longer'
finish
