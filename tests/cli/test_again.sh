#!/bin/sh
# `run --resume auto`: a command that can be said again and again until its result is whole.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
sed -i 's/every: 2 h, fields_every: 12 h/every: 2 min, fields_every: 2 h/' slab.yaml
write_decay

same() {
    if ! h5diff -c --exclude-path=/provenance "$1" "$2" >differences 2>&1 || [ -s differences ]; then
        fail "$3: h5diff finds differences: $(head -5 differences)"
    fi
}

# is_there FILE: with its first frame, when it is the result.
is_there() {
    [ -s "$1" ] && { [ "$1" != part.nc ] || head -c 4 part.nc | grep -q HDF; }
}

# stop SIGNAL FILE OPTION...: interrupts a run of the slab into part.nc once FILE is there.
stop() {
    signal=$1
    file=$2
    shift 2
    for attempt in 1 2 3 4 5; do
        rm -f part.nc part.ckpt part.ckpt.1
        "$LACUNA" run slab.yaml --out part.nc --quiet "$@" >out 2>err &
        pid=$!
        tries=0
        while ! is_there "$file" && [ $tries -lt 600 ]; do
            sleep 0.05
            tries=$((tries + 1))
        done
        kill "-$signal" $pid 2>/dev/null
        wait $pid 2>/dev/null || return 0
    done
    fail "the slab was at its end before, $attempt times"
}

try 0 run slab.yaml --out whole.nc --quiet

# Nothing there: it begins; all there: it says so; another end that is reached: the same.
try 0 run decay.yaml --out a.nc --resume auto
says out 'a.nc: 10 h'
cp a.nc before.nc
try 0 run decay.yaml --out a.nc --resume auto
says out 'a.nc: is there already, 10 h 00 min in 11 frames'
try 0 run decay.yaml --out a.nc --resume auto --until '5 h'
says out 'is there already'
try 0 run decay.yaml --out a.nc --resume auto --quiet
says_nothing out
says_nothing err
cmp -s a.nc before.nc || fail 'a result that is whole was touched'
try 73 run decay.yaml --out a.nc
try 73 run decay.yaml --out a.nc --resume never

# Of another model: told with the line that differs; the end and checkpoints make no other model.
try 73 run decay.yaml --out a.nc --resume auto --set k='0.2 1/h'
says err "it has 'k: {value:"
says err 'another model'
try 73 run decay.yaml --out a.nc --resume auto --set run.save.every='2 h'
says err "it has 'save.every: 3600 s', not 'save.every: 7200 s'"
cmp -s a.nc before.nc || fail 'a result of another model was touched'
try 0 run decay.yaml --out a.nc --resume auto --set k='0.2 1/h' --force --quiet
try 0 run decay.yaml --out a.nc --resume auto --set k='0.2 1/h' --checkpoint-every '1 s'
says out 'is there already'

# No result of ours.
echo 'a letter' >letter.nc
try 73 run decay.yaml --out letter.nc --resume auto
says err 'is not an HDF5 file'
says err 'choose another --out'
try 73 run decay.yaml --out letter.nc --resume auto --force
try 73 run decay.yaml --out letter.nc --force
says err 'letter.nc exists and is not a result of Lacuna'
grep -q 'a letter' letter.nc || fail 'a letter was overwritten'

# What the run reads, and what is no file, is left alone.
cp decay.yaml kept.yaml
try 73 run decay.yaml --out decay.yaml --force
says err 'the run reads it'
cmp -s decay.yaml kept.yaml || fail 'the scenario was overwritten'
ln -s decay.yaml link.nc
try 73 run decay.yaml --out link.nc --force
cmp -s decay.yaml kept.yaml || fail 'the scenario was overwritten by a link'
printf 'lacuna: 1\ninclude: [decay.yaml]\ntitle: includes\n' >outer.yaml
try 73 run outer.yaml --out decay.yaml --force
says err 'the run reads it'
mkfifo fifo.nc
try 74 run decay.yaml --out fifo.nc --force
says err 'it is a FIFO'
[ -p fifo.nc ] || fail 'a FIFO was removed'
try 74 run decay.yaml --out /dev/null --force
says err 'it is a device'
[ -c /dev/null ] || fail 'a device was removed'
try 73 run decay.yaml --out some.ckpt
says err 'the name of a checkpoint'
echo 'a letter' >b.ckpt
try 74 run decay.yaml --out b.nc --checkpoint-every '1 us' --wall '0.001 s'
says err 'b.ckpt exists and is not a checkpoint'
grep -q 'a letter' b.ckpt || fail 'a letter was overwritten by a checkpoint'
echo 'a longer letter' >c.nc.journal
try 73 run decay.yaml --out c.nc
says err 'c.nc.journal exists and is not its journal'
grep -q 'a longer letter' c.nc.journal || fail 'a letter was overwritten by a journal'

# A link to a result: the link stays, and leads to the new one.
mkdir elsewhere
try 0 run decay.yaml --out elsewhere/d.nc --quiet
ln -s elsewhere/d.nc d.nc
try 0 run decay.yaml --out d.nc --force --set k='0.3 1/h' --quiet
[ -L d.nc ] || fail 'a link was replaced'
cmp -s d.nc elsewhere/d.nc || fail 'a link does not lead to the new result'
try 2 run decay.yaml --out letter.nc --resume sometimes
says err 'auto|never'

# Stopped with a checkpoint, killed with an older one, killed without: the same numbers.
stop TERM part.nc
try 0 run slab.yaml --out part.nc --resume auto --quiet
says_nothing err
same whole.nc part.nc 'a run that was stopped and said again'
stop KILL part.ckpt --checkpoint-every '0.02 s'
try 0 run slab.yaml --out part.nc --resume auto --quiet
says_nothing err
same whole.nc part.nc 'a run that was killed and said again'
stop KILL part.nc
cp part.nc kept.nc
try 73 run slab.yaml --out part.nc --resume auto --quiet
says err 'part.nc has no checkpoint; restarting from t = 0 would discard'
says err 'Use --force, or --checkpoint-every next time'
cmp -s part.nc kept.nc || fail 'frames without a checkpoint were touched'
try 0 run slab.yaml --out part.nc --resume auto --force --quiet
says err 'restarting part.nc from t = 0'
same whole.nc part.nc 'a run that was killed without a checkpoint and said again'

# A checkpoint that is of no use: what would be lost, and why; a result that is damaged likewise.
stop TERM part.nc
size=$(wc -c <part.ckpt)
head -c $((size / 2)) part.ckpt >half
mv half part.ckpt
rm -f part.ckpt.1
try 73 run slab.yaml --out part.nc --resume auto --quiet
says err 'cannot continue part.nc: part.ckpt'
says err 'would discard'
printf x | dd of=part.nc bs=1 seek=9000 conv=notrunc 2>dd.err
try 73 run slab.yaml --out part.nc --resume auto --quiet
says err 'part.nc cannot be read: part.nc: is damaged: bytes 8192 to 12287'
try 0 run slab.yaml --out part.nc --resume auto --force --quiet
says err 'restarting part.nc from t = 0: part.nc: is damaged'
same whole.nc part.nc 'a run with a damaged checkpoint'

# Nothing but a name, as a kill before the first frame leaves it.
: >blank.nc
try 0 run decay.yaml --out blank.nc --resume auto --quiet
says err 'restarting blank.nc from t = 0'
try 0 show blank.nc

# A longer one goes on from the end.
try 0 run slab.yaml --out longer.nc --until '12 h' --checkpoint-every '1 h' --quiet
try 0 run slab.yaml --out longer.nc --resume auto --quiet
says_nothing err
same whole.nc longer.nc 'a run that was made longer'

# From another directory, with a mask that the scenario names beside itself.
if python3 -c 'import h5py' 2>/dev/null; then
    mkdir sub other
    python3 -c '
import h5py, numpy
with h5py.File("sub/mask.h5", "w") as file:
    file["scar"] = numpy.arange(150).reshape(30, 1, 5) % 7 == 0
'
    sed 's/^tissue:/&\n  masks: {scar: {file: mask.h5, dataset: scar}}/' slab.yaml >sub/slab.yaml
    try 0 run sub/slab.yaml --out masked.nc --until '2 h' --checkpoint-every '1 h' --quiet
    cd other || exit 1
    try 0 run ../sub/slab.yaml --out ../masked.nc --resume auto --until '4 h' --quiet
    try 0 resume ../masked.ckpt --until '6 h' --quiet
    cd ..
fi

# A seed that is not given is that of the result.
sed -e 's/method: mean-field/method: exact/' -e 's/1 nM/1e-3 pM/' decay.yaml >dice.yaml
try 0 run dice.yaml --out dice.nc --resume auto --quiet
cp dice.nc before.nc
try 0 run dice.yaml --out dice.nc --resume auto
says out 'is there already'
if grep -q seed err; then fail 'a second seed was drawn'; fi
try 73 run dice.yaml --out dice.nc --resume auto --set run.seed=1
says err "'seed: 1'"
cmp -s dice.nc before.nc || fail 'the result of a drawn seed was touched'
finish
