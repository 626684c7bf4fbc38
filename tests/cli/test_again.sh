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

# stop FILE OPTION...: interrupts a run of the slab into part.nc once FILE is there.
stop() {
    signal=$1
    file=$2
    shift 2
    for attempt in 1 2 3 4 5; do
        rm -f part.nc part.ckpt part.ckpt.1
        "$LACUNA" run slab.yaml --out part.nc --quiet "$@" >out 2>err &
        pid=$!
        tries=0
        while [ ! -s "$file" ] && [ $tries -lt 600 ]; do
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
grep -q 'a letter' letter.nc || fail 'a letter was overwritten'
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
try 0 run slab.yaml --out part.nc --resume auto --quiet
says err 'part.nc was left unfinished and is begun again'
same whole.nc part.nc 'a run that was killed without a checkpoint and said again'

# A checkpoint that is of no use: begun again, and why.
stop TERM part.nc
size=$(wc -c <part.ckpt)
head -c $((size / 2)) part.ckpt >half
mv half part.ckpt
rm -f part.ckpt.1
try 0 run slab.yaml --out part.nc --resume auto --quiet
says err 'begun again: part.ckpt'
same whole.nc part.nc 'a run with a damaged checkpoint'

# Nothing but a name, as a kill before the first frame leaves it.
: >blank.nc
try 0 run decay.yaml --out blank.nc --resume auto --quiet
says err 'begun again'
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
