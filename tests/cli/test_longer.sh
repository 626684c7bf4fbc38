#!/bin/sh
# A finished run that is made longer is the longer run, when its end was a time of its frames; and
# checkpoints never change a step.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
# Few molecules and minutes for hours, for the method that takes every one of them.
sed -e 's/ h/ min/g' -e 's/2 d/48 min/' -e 's/10 nM/3e-4 nM/' -e 's/3 nM/3e-4 nM/' \
    -e 's/> 2 nM/> 1e-4 nM/' -e 's/mean-field/exact, seed: 5/' slab.yaml >exact.yaml

same() {
    if ! h5diff -c --exclude-path=/provenance "$1" "$2" >differences 2>&1 || [ -s differences ]; then
        fail "$3: h5diff finds differences: $(head -5 differences)"
    fi
}

# longer SCENARIO END OPTION...: runs to END, goes on to the end of the scenario, compares.
longer() {
    scenario=$1
    end=$2
    shift 2
    rm -f part.nc part.ckpt*
    try 0 run "$scenario" --out part.nc --until "$end" --checkpoint-every '1 h' --quiet "$@"
    try 0 resume part.ckpt --until "$until" --quiet
    says_nothing err
    same whole.nc part.nc "$scenario to $end and on to $until"
}

until='2 d'
try 0 run slab.yaml --out whole.nc --quiet
# At a frame of fields; at a dose, between frames of fields; in three parts.
longer slab.yaml '12 h'
longer slab.yaml '18 h'
longer slab.yaml '4 h'
try 0 run slab.yaml --out part.nc --until '6 h' --checkpoint-every '1 h' --quiet --force
try 0 resume part.ckpt --until '18 h' --quiet
try 0 run slab.yaml --out part.nc --resume auto --quiet
same whole.nc part.nc 'the slab in three parts'
h5dump -a /provenance/setting_until part.nc | grep -q 172800 || fail 'the later end is not told'

# Ends that are times of frames but for rounding: 3 times 0.7 s is not 2.1 s.
until='4.9 s'
options='--set run.save.every=0.7s --set run.save.fields_every=1.4s'
# shellcheck disable=SC2086
try 0 run slab.yaml --out whole.nc --until "$until" --quiet --force $options
for end in '1.4 s' '2.1 s' '4.2 s'; do
    # shellcheck disable=SC2086
    longer slab.yaml "$end" $options
done

until='48 min'
try 0 run exact.yaml --out whole.nc --quiet --force
longer exact.yaml '12 min'
longer exact.yaml '18 min'

# An end that is no time of a frame: its frame stays, and that is said.
for scenario in slab exact; do
    unit=h
    [ $scenario = slab ] || unit=min
    try 0 run $scenario.yaml --out odd.nc --until "13 $unit" --checkpoint-every '1 h' --quiet --force
    try 0 resume odd.ckpt --until "16 $unit" --quiet
    says err 'ended at 13 '
    says err 'for which a longer run has no frame'
    try 0 show odd.nc
    says out 'frames         10, from 0 h'
    try 0 run $scenario.yaml --out odd.nc --resume auto --until "18 $unit" --quiet
    says_nothing err
done

# A checkpoint at every step, or at many of them, changes nothing.
try 0 run slab.yaml --out whole.nc --quiet --force
try 0 run slab.yaml --out often.nc --checkpoint-every '1e-6 s' --quiet --force
same whole.nc often.nc 'the slab with a checkpoint at every step'
try 0 run exact.yaml --out whole.nc --quiet --force
try 0 run exact.yaml --out often.nc --checkpoint-every '20 ms' --quiet --force
same whole.nc often.nc 'the exact method with many checkpoints'
finish
