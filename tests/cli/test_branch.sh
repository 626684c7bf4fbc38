#!/bin/sh
# Branch and treat: a run that starts from the end, or a stored time, of another; arms of a plan that
# start from one rest.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5dump >/dev/null; then
    echo "skipped: no h5dump" >&2
    exit 77
fi
# nth FILE NAME N: the n-th value of a variable.
nth() {
    h5dump -d "/$2" -y -w 1 "$1" | sed -n '/DATA {/,/}/p' | sed 's/[^0-9.e+-]//g' | grep '[0-9]' |
        sed -n "$3p"
}
near() {
    awk -v a="$1" -v b="$2" -v most="${4:-1e-6}" \
        'BEGIN { d = a / b - 1; exit !(d < most && d > -most) }' || fail "$3 is $1, not $2"
}

# --- one run after the other is one run of both
write_decay
try 0 run decay.yaml --out one.nc --quiet
try 0 run decay.yaml --out whole.nc --quiet --until '20 h'
try 0 run decay.yaml --out two.nc --from one.nc
says err 'starts from one.nc at t = 10 h; all parameters are the same'
near "$(nth two.nc pool_A 1)" "$(nth one.nc pool_A 11)" 'the start'
near "$(nth two.nc pool_A 11)" "$(nth whole.nc pool_A 21)" 'the end' 2e-3
[ "$(nth two.nc time 1)" = 0 ] || fail 'time does not count from 0 again'
try 0 show two.nc
says out 'start          from one.nc at t = 10 h'
h5dump -a /provenance/from_model two.nc | grep -q '"[0-9a-f]\{16,\}"' || fail 'no model of the origin'
h5dump -a /provenance/setting_from two.nc | grep -q one.nc || fail 'no path of the origin'
h5dump -d /ledger/closure_relative -y -w 1 two.nc | sed -n '/DATA {/,/}/{p;/}/q}' | tr ',' '\n' | sed 's/[^0-9.e+-]//g' |
    awk '/^[0-9]/ && $1 + 0 > 1e-9 { bad = 1 } END { exit bad }' || fail 'the ledger does not close'

# --- a stored time; what differs is told; a scenario may say it itself
try 0 run decay.yaml --out three.nc --from one.nc --from-time '3 h' --set k=0.2/h
says err 'one.nc at t = 3 h; parameters that differ: k: 0.1 -> 0.2 1/h'
near "$(nth three.nc pool_A 1)" "$(nth one.nc pool_A 4)" 'the start at 3 h'
sed 's|^run: {|&from: one.nc, from_time: 3 h, |' decay.yaml >again.yaml
try 0 run again.yaml --out four.nc --set k=0.2/h
cmp -s three.nc four.nc || near "$(nth four.nc pool_A 11)" "$(nth three.nc pool_A 11)" 'said by itself'

# --- a checkpoint has all digits
try 0 run decay.yaml --out marked.nc --quiet --checkpoint-every 1s
try 0 run decay.yaml --out five.nc --from marked.ckpt
says err 'starts from marked.ckpt at t = 10 h'
try 0 run decay.yaml --out six.nc --from marked.nc --quiet
near "$(nth five.nc pool_B 11)" "$(nth six.nc pool_B 11)" 'from the checkpoint beside' 1e-12

# --- fields: of a result in single precision, of its checkpoint with all digits
write_slab
try 0 run slab.yaml --out slab.nc --quiet --set run.save.every='12 h' --checkpoint-every 1s
try 0 run slab.yaml --out slab2.nc --quiet --from slab.nc
near "$(nth slab2.nc A_mean 1)" "$(nth slab.nc A_mean 5)" 'the mean of a field' 1e-12
try 0 run slab.yaml --out slab3.nc --quiet --from slab.nc --from-time '24 h'
near "$(nth slab3.nc A_mean 1)" "$(nth slab.nc A_mean 3)" 'the mean of a field in single precision'
# A run that goes on has its start behind it; another start is another run.
try 0 run slab.yaml --out slab2.nc --from slab.nc --resume auto
says out 'is there already'
try 73 run slab.yaml --out slab2.nc --from slab.nc --from-time '24 h' --resume auto

# --- what cannot be started from
try 65 run decay.yaml --out bad.nc --from one.nc --from-time '3.5 h'
says err 'one.nc holds no state of t = 3.5 h; the nearest are of 3 h and 4 h'
try 65 run decay.yaml --out bad.nc --from one.nc --from-time '11 h'
says err 'its states go from 0 h to 10 h'
try 65 run decay.yaml --out bad.nc --from marked.ckpt --from-time '3 h'
says err 'marked.ckpt is of t = 10 h, not 3 h'
try 65 run slab.yaml --out bad.nc --from one.nc
says err 'one.nc cannot be started from: it has no slab.A, which this scenario has'
sed 's/voxel: 20 um/voxel: [20 um, 20 um, 40 um]/' slab.yaml >coarse.yaml
try 65 run coarse.yaml --out bad.nc --from slab.nc
says err 'its grid has 5 x 1 x 30 voxels of 20 x 20 x 20 um, that of this scenario 5 x 1 x 15'
try 0 run slab.yaml --out bare.nc --quiet --set run.save.fields=none
try 65 run slab.yaml --out bad.nc --from bare.nc
says err 'does not hold the field slab.A: run it with save: {fields: all}, or start from its checkpoint'
try 66 run decay.yaml --out bad.nc --from none.nc
says err 'there is no file none.nc'
try 2 run decay.yaml --out bad.nc --from-time '3 h'
says err '--from-time needs --from'
head -c 900 marked.ckpt >cut.ckpt
"$LACUNA" run decay.yaml --out bad.nc --from cut.ckpt >out 2>err && fail 'a cut checkpoint was taken'
says err 'cut.ckpt'
[ ! -e bad.nc ] || fail 'a refused start left a result behind'

# --- arms: one rest, then what each arm sets. A at rest is make / lose; the arms change `lose` for good
cat >rest.yaml <<'YAML'
lacuna: 1
domains: {bath: {kind: well-mixed, volume: 2 mL}}
species: {A: {unit: 1, bath: {initial: 1, atol: 1e-9}}}
parameters:
  make: {value: 1/h, range: [0.1/h, 10/h]}
  lose: {value: 0.5/h, range: [0.1/h, 10/h]}
  dose: {value: 0}
reactions:
  made: {in: bath, equation: -> A, rate: make}
  lost: {in: bath, equation: A ->, rate: lose * A}
events: {dose: {at: 1 h, into: bath, add: {A: dose}}}
observables: {level: bath.A}
run: {until: 10 h, start: rest, save: {every: 1 h}}
YAML
cat >arms.yaml <<'YAML'
lacuna_plan: 1
scenario: rest.yaml
design: latin-hypercube
points: 5
vary: {make: {loguniform: [0.5/h, 2/h]}}
arms:
  control: {}
  dosed: {dose: 3}
  faster: {lose: 2/h, dose: 1}
endpoints: {start: {of: level, at: 0 h}, end: level}
YAML
try 0 sweep arms.yaml --out memory --members memory --workers 2 --quiet
try 0 sweep arms.yaml --out files --members files --quiet
for name in start end make lose dose; do
    h5dump -d /$name -y memory/index.nc | sed 1,2d >one
    h5dump -d /$name -y files/index.nc | sed 1,2d >other
    cmp -s one other || fail "$name differs between members in memory and in files"
done
# The start of an arm is that of the control, though its own rest would be another.
near "$(nth memory/index.nc start 11)" "$(nth memory/index.nc start 1)" 'the start of the third arm' 1e-12
near "$(nth memory/index.nc start 1)" "$(echo "$(nth memory/index.nc make 1) / 0.5" | bc -l)" 'the rest' 1e-4
try 0 show memory/index.nc
says out 'faster'
try 0 sweep files/plan.txt --out again --members memory --quiet
h5dump -d /end -y again/index.nc | sed 1,2d >one
h5dump -d /end -y memory/index.nc | sed 1,2d >other
cmp -s one other || fail 'plan.txt is another plan'
try 0 run rest.yaml --out b.nc --set lose=2/h --before lose=0.5/h
says err 'starts from the rest with lose=0.5/h'
near "$(nth b.nc level 1)" 2 'the rest before'
near "$(nth b.nc level 11)" 0.5 'the level after' 1e-3
try 2 run rest.yaml --out c.nc --set run.start=initial --before lose=0.5/h
says err '--before needs a run that starts from a steady state'

# A start that is drawn is that of its replicate, in memory as in files, and one row is enough for two workers.
cat >drawn.yaml <<'YAML'
lacuna: 1
domains: {bath: {kind: well-mixed, volume: 2 mL}}
species:
  A: {unit: cell, bath: {initial: {poisson: 1000 cell}, total: true}}
  B: {unit: cell, bath: {initial: 0 cell, total: true}}
parameters: {k: {value: 0.5/h}, dose: {value: 0}}
reactions:
  turn: {in: bath, equation: A -> B, rate: k * A}
  back: {in: bath, equation: B -> A, rate: k * B}
events: {dose: {at: 1 h, into: bath, add: {A: dose * 1 cell}}}
observables: {level: {unit: cell, value: bath.A}}
run: {until: 2 h, start: rest, seed: 3, save: {every: 1 h}}
YAML
for streams in common independent; do
    cat >drawn-plan.yaml <<YAML
lacuna_plan: 1
scenario: drawn.yaml
replicates: 4
streams: $streams
arms: {none: {}, much: {dose: 50}}
endpoints: {start: {of: level, at: 0 h}, end: level}
YAML
    rm -rf memory files
    try 0 sweep drawn-plan.yaml --out memory --members memory --workers 2 --quiet
    try 0 sweep drawn-plan.yaml --out files --members files --quiet
    for name in start end; do
        h5dump -d /$name -y memory/index.nc | sed 1,2d >one
        h5dump -d /$name -y files/index.nc | sed 1,2d >other
        cmp -s one other || fail "$streams streams: $name differs between members in memory and in files"
    done
done

# --- plans that are wrong
bad() { # bad SED-EXPRESSION SENTENCE
    sed "$1" arms.yaml >bad.yaml
    try 65 sweep bad.yaml --out bad --quiet
    says err "$2"
}
bad 's/dose: 3/dos: 3/' "bad.yaml:8:11: error: 'dos' is not a parameter of the scenario and no setting: did you mean 'dose'?"
bad 's/dose: 3/make: 3\/h/' 'make stands under arms: and under vary:'
bad 's/dose: 3/run.rtol: 1e-5/' 'run.rtol: arms set parameters; settings stand under set: or vary:'
bad '/dosed/d; /faster/d' 'arms: has one: arms are compared, so that there are at least two'
bad 's/dosed:/do sed:/' "'do sed' is not a name of an arm"
bad 's/dose: 3/dose: 3 h/' 'dose takes a number without unit'
bad '/dosed/d; s/{lose.*/{}/' 'no arm sets a parameter, so that all are the same'
finish
