#!/bin/sh
# Layers of unequal thickness: what a result says of them, how near they are to many thin ones, and
# what is refused.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

cat >graded.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}
species:
  A: {gel: {diffusivity: 40 um^2/s}, bath: {initial: 1 nM}}
reactions: {lost: {in: gel, equation: A ->, rate: 2e-3/s * A}}
tissue: {size: [20 um, 20 um, 2.4 mm], voxel: [20 um, 20 um, LAYERS]}
interfaces: {surface: {between: [gel.top, bath], exchange: all}}
observables: {A_mean: mean(A), A_total: total(A)}
run: {until: 1 d, rtol: 1e-5, save: {every: 6 h, fields_every: 12 h}}
YAML
graded='{from: 10 um, to: 0.2 mm}'
with() { sed "s/LAYERS/$1/" graded.yaml >"$2"; }

# Last value of an observable.
last() {
    h5dump -d "/$2" -y -w 1 "$1" | awk '/DATA {/ { on = 1; next } /}/ && on { exit } on && NF { v = $1 } END { print v + 0 }'
}
# near ONE OTHER SHARE WHAT
near() {
    awk -v a="$1" -v b="$2" -v e="$3" 'BEGIN { d = a / b - 1; exit !(d < e && d > -e) }' ||
        fail "$4 is $1, not $2"
}

with "$graded" thin.yaml
with '5 um' even.yaml
try 0 run thin.yaml --out thin.nc --quiet
try 0 run even.yaml --out even.nc --quiet
near "$(last thin.nc A_mean)" "$(last even.nc A_mean)" 5e-3 'the mean of 37 layers'
near "$(last thin.nc A_total)" "$(last even.nc A_total)" 5e-3 'the total of 37 layers'
try 0 show thin.nc
says out '1 x 1 x 37 voxels (x, y, z), layers of 10 to 201 um'
h5dump -H thin.nc | grep -q '"z_bounds"' || fail 'the bounds of the layers are not in the result'
# An index that shows fields has the bounds and volumes of their layers as the results have them.
cat >plan.yaml <<'YAML'
lacuna_plan: 1
title: layers
scenario: thin.yaml
vary: {run.rtol: [1e-4, 1e-5]}
keep: {fields: all}
YAML
try 0 sweep plan.yaml --out swept --quiet
first_block='/DATA {/ { on = 1 } on { print } on && /}/ { exit }'
for each in z_bounds z_volume; do
    h5dump -d "/$each" -y -w 1 thin.nc | awk "$first_block" >one
    h5dump -d "/$each" -y -w 1 swept/index.nc | awk "$first_block" >other
    [ "$(wc -l <one)" -gt 37 ] || fail "$each of a result has few values"
    cmp -s one other || fail "$each of an index: $(diff one other | head -n 4)"
done
h5dump -a /z/bounds swept/index.nc | grep -q '"z_bounds"' || fail 'z of an index does not name its bounds'
# Listed layers are what the ratio makes; layers that are alike are those of one length.
with '{bounds: [0 um, 0.4 mm, 0.8 mm, 1.2 mm, 1.6 mm, 2 mm, 2.4 mm]}' listed.yaml
with '0.4 mm' coarse.yaml
with '{from: 0.4 mm, voxels: 6}' six.yaml
for each in listed coarse six; do
    try 0 run $each.yaml --out $each.nc --quiet
done
near "$(last listed.nc A_mean)" "$(last coarse.nc A_mean)" 1e-6 'the mean of listed layers'
near "$(last six.nc A_mean)" "$(last coarse.nc A_mean)" 1e-6 'the mean of six layers'
# The same bits with more threads and across a checkpoint.
try 0 run thin.yaml --out more.nc --threads 3 --quiet
h5diff -c --exclude-path=/provenance thin.nc more.nc >differences 2>&1 || fail 'threads change bits'
try 0 run thin.yaml --out part.nc --until '12 h' --checkpoint-every '1 h' --quiet
try 0 resume part.ckpt --until '1 d' --quiet
near "$(last part.nc A_mean)" "$(last thin.nc A_mean)" 1e-12 'the mean after a resume'
# Another grid is not started from.
try 65 run even.yaml --from thin.nc --out no.nc
says err 'its grid'

# Sixty days of the knee after cells: 28 graded layers tell total MMP-13 as 240 of 10 um do.
for each in graded even; do
    geometry="tissue: {voxel: [0.1 mm, 0.1 mm, 10 um]}"
    [ $each = graded ] && geometry=
    cat >knee_$each.yaml <<YAML
lacuna: 1
model: $LACUNA_SOURCE/models/knee_joint.yaml
include:
  - $LACUNA_SOURCE/params/joint/geometry/column.yaml
  - $LACUNA_SOURCE/params/joint/severity/moderate.yaml
  - $LACUNA_SOURCE/params/joint/product/adsc.yaml
$geometry
run: {until: 60 d, method: mean-field, rtol: 1e-3, save: {every: 60 d, fields: none}}
YAML
    try 0 run knee_$each.yaml --out knee_$each.nc --quiet --threads 1
done
for each in pain MMP13_total aggrecan_mean collagen_mean thickness_equivalent; do
    near "$(last knee_graded.nc $each)" "$(last knee_even.nc $each)" 2e-3 "$each of graded layers"
done

# Thinnest and thickest, wherever they are; as many layers elsewhere are not started from.
with '{bounds: [0 um, 0.3 mm, 0.5 mm, 0.8 mm, 1.3 mm, 1.9 mm, 2.4 mm]}' uneven.yaml
try 0 check uneven.yaml
says out 'x 200 to 600 um'
try 65 run uneven.yaml --from six.nc --out no.nc
says err 'its layers lie at other depths than those of this scenario'

# refused LAYERS SENTENCE: with its place.
refused() {
    with "$1" bad.yaml
    try 65 check bad.yaml
    says err 'bad.yaml:6:'
    says err "$2"
}
refused '{from: 10 um}' 'a grading needs'
refused '{from: 10 um, to: 5 mm}' 'thinner than the tissue (2400 um)'
refused '{from: 10 um, voxels: 1}' 'a whole number of voxels from 2'
refused '{from: 10 um, voxels: 3.5}' 'a whole number of voxels from 2'
refused '{from: 1 um, voxels: 5}' 'each is 6.72 times as thick as the one above'
refused '{from: 10 um, to: 0.2 mm, voxels: 24}' 'reach a depth of 1565.8 um'
refused '{bounds: [0 um, 10 um, 2.4 mm]}' 'a layer of 2390 um follows one of 10 um'
refused '{bounds: [0 um, 1 mm, 2.3 mm]}' 'the layers end at a depth of 2300 um'
refused '{bounds: [0 um, 1.2 mm, 1 mm, 2.4 mm]}' 'bounds must increase'
refused '{bounds: [1 um, 1.2 mm, 2.4 mm]}' 'bounds begin at the surface'
refused '{form: 10 um, to: 1 mm}' "did you mean 'from'?"

# Zones of a tissue whose depth is wrong are no second error.
with '{bounds: [0 um, 1 mm, 2.3 mm]}' one.yaml
sed '/^tissue/s/voxel:/zones: {upper: 15 %, lower: 85 %}, voxel:/' one.yaml >bad.yaml
try 65 check bad.yaml
says err 'error: 1 error in bad.yaml'

# Every molecule an event: the layers' volumes, and a run that is interrupted.
with "$graded" one.yaml
sed 's/volume: [^,}]*/volume: 2e6 um^3/; s/initial: 1 nM/initial: 5e-3 molecule\/um^3/' one.yaml >events.yaml
try 0 check events.yaml --set run.method=exact
sed 's/gel: {diff/gel: {representation: discrete, diff/' events.yaml >walks.yaml
for each in 1 3; do
    try 0 run walks.yaml --out walks$each.nc -q -t $each --until '20 min' --set run.method=hybrid --set run.seed=2
done
h5diff -c --exclude-path=/provenance walks1.nc walks3.nc >differences 2>&1 || fail 'threads change molecules on layers'
try 0 run events.yaml --out events.nc --quiet --until '2 h' --set run.method=exact --set run.seed=2 --set run.paranoid=20000
try 0 run events.yaml --out halfway.nc --quiet --until '1 h' --checkpoint-every '1 h' --set run.method=exact \
    --set run.seed=2 --set run.paranoid=20000
try 0 resume halfway.ckpt --until '2 h' --quiet
h5diff -c --exclude-path=/provenance --exclude-path=/clock --exclude-path=/run events.nc halfway.nc >differences 2>&1 ||
    fail "exact after resuming: $(head -n 3 differences)"
try 0 run events.yaml --out mean.nc --quiet --until '2 h'
awk -v a="$(last events.nc A_mean)" -v b="$(last mean.nc A_mean)" 'BEGIN { exit !(b > 0 && (a / b - 1) ^ 2 < 0.1 ^ 2) }' ||
    fail "the mean by exact: $(last events.nc A_mean), by mean-field $(last mean.nc A_mean)"
finish
