#!/bin/sh
# start: rest: a run starts from its own steady state, found directly; what is held stays, what has no
# rest is named.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# A is made and lost (rest: sqrt 10), B is lost for ever, C and D turn into each other (C + D stays).
cat >a.yaml <<'YAML'
lacuna: 1
domains: {bath: {kind: well-mixed, volume: 2 mL}}
species:
  A: {unit: 1, bath: {initial: 2, atol: 1e-6}}
  B: {unit: 1, bath: {initial: 2, atol: 1e-6}}
  C: {unit: 1, bath: {initial: 3, atol: 1e-6}}
  D: {unit: 1, bath: {initial: 0, atol: 1e-6}}
parameters: {make: 1/h}
reactions:
  made: {in: bath, equation: -> A, rate: make}
  lost: {in: bath, equation: A ->, rate: 0.1/h * A^2}
  gone: {in: bath, equation: B -> , rate: 0.01/h * B * A}
  turn: {in: bath, equation: C <=> D, rate: 2/h * C, reverse: 1/h * D}
events: {dose: {at: 1 d, into: bath, add: {A: 1}}}
observables: {A0: bath.A, B0: bath.B, C0: bath.C}
run: {until: 2 d, start: rest, held: [B], save: {every: 12 h}}
YAML

# first FILE NAME: the first value of an observable.
first() {
    h5dump -d "/$2" -y -w 1 "$1" | sed -n '/DATA {/,/}/p' | sed -n '2s/[^0-9.e+-]//gp'
}
near() {
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d < 1e-4 && d > -1e-4) }' ||
        fail "$3 is $1, not $2"
}
try 0 run a.yaml --out a.nc
near "$(first a.nc A0)" 3.16228 'A at rest'
near "$(first a.nc B0)" 2 'B, held'
near "$(first a.nc C0)" 1 'C of a conserved sum'
try 0 show a.nc
says out 'start          steady state: '
# With another parameter another rest; species by text; nothing held: B goes.
try 0 run a.yaml --out b.nc --set make='2.5/h' --set run.held=B
near "$(first b.nc A0)" 5 'A at its other rest'
try 0 run a.yaml --out c.nc --set run.held=none
near "$(first c.nc B0)" 0 'B at rest'
# The rest is not looked for again by a run that goes on, and does not depend on threads.
try 0 run a.yaml --out d.nc --threads 2
h5diff -c --exclude-path=/provenance a.nc d.nc >differences 2>&1 || fail 'threads change the rest'
try 0 run a.yaml --out d.nc --force --until 1d --checkpoint-every 1s
# In memory of the result: start and what was held.
h5dump -a /provenance/setting_held a.nc | grep -q '"B"' || fail 'what was held is not told'
h5dump -a /provenance/rest_residual a.nc | grep -q '(0)' || fail 'the residual is not told'

# The same state as a part that other scenarios include: numbers, and profiles over depth.
try 0 rest a.yaml --out part.yaml
says out 'part.yaml: steady state after'
sed -e 's/start: rest, held: \[B\], //' a.yaml >moving.yaml
printf 'lacuna: 1\nmodel: moving.yaml\ninclude: [part.yaml]\n' >included.yaml
try 0 run included.yaml --out f.nc
near "$(first f.nc A0)" 3.16228 'A of an included rest'
near "$(first f.nc B0)" 2 'B of an included rest'
try 73 rest a.yaml --out part.yaml
says err 'part.yaml exists'
sed '/^#/d' part.yaml >same.yaml
try 0 rest a.yaml --out part.yaml --force --quiet
sed '/^#/d' part.yaml | cmp - same.yaml || fail 'the rest of the same scenario is another'
cat >layer.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
species: {A: {unit: molecule, gel: {initial: 0 nM, diffusivity: 40 um^2/s, display: nM}}}
boundaries: {top: {at: gel.top, species: A, value: 2 nM}}
reactions: {lost: {in: gel, equation: A ->, rate: 1e-3/s * A}}
observables: {A_mean: mean(A)}
tissue: {size: [40 um, 40 um, 400 um], voxel: 20 um}
run: {until: 2 h, method: mean-field, save: {every: 1 h}}
YAML
# An even field below layers that take no part has its value, not that of what is not there.
sed -e 's/^boundaries.*/boundaries: {}/; s/initial: 0 nM/initial: 3 nM/; s/^reactions.*/reactions: {}/' \
    -e 's/^tissue: {/tissue: {zones: {air: 100 um, body: 300 um}, inactive: [air], /' layer.yaml >below.yaml
try 0 rest below.yaml
says out 'A: 3 nM'
try 0 rest layer.yaml
mv out layer_rest.yaml
says layer_rest.yaml 'A: {profile: [[10 um, 1.'
printf 'lacuna: 1\nmodel: layer.yaml\ninclude: [layer_rest.yaml]\n' >at_rest.yaml
try 0 run at_rest.yaml --out g.nc
h5dump -d /A_mean -y -w 1 g.nc | sed -n '/DATA {/,/}/p' | grep -oE '[0-9.]+e?[-0-9]*' | head -3 >values
awk 'NR == 1 { at = $1 } { d = $1 / at - 1 } d > 2e-3 || d < -2e-3 { bad = 1 } END { exit bad || NR < 3 }' values ||
    fail "what begins at rest moves: $(cat values)"
sed -e 's/gel.top/gel.x_low/' layer.yaml >across.yaml
try 65 rest across.yaml --out across_rest.yaml
says err 'gel.A varies within a layer'
[ ! -e across_rest.yaml ] || fail 'a rest that cannot be told leaves a file'

# What cannot be.
try 65 run a.yaml --out e.nc --set run.held=BB
says err "held: 'BB' is not a species: did you mean 'B'?"
sed -e 's|rate: make}|rate: 0.2/h * A}|' -e 's|rate: 0.1/h . A^2|rate: 0.1/h * A|' a.yaml >grows.yaml
try 1 run grows.yaml --out e.nc
says err 'start: rest: no steady state found in '
says err 'bath.A still changes'
says err 'list species without a steady state in run.held'
sed 's/tissue: {size/&/' "$LACUNA_SOURCE/tests/physics/accuracy/moving.yaml" >moving.yaml
try 65 run moving.yaml --out e.nc --set run.start=rest --set run.held=E
says err 'gel.E diffuses or is exchanged, so that it cannot be held'

# A knee with other parameters: still but for its structure when it starts from its own rest.
knee=$LACUNA_SOURCE/params/joint/column/moderate_untreated.yaml
drift() {
    try 0 run "$knee" --out knee.nc --force -q --until '180 d' --set run.save.every='180 d' \
        --set V_fluid='8 mL' --set w_inflammation=0.6 --set structure_moves=0 "$@"
    h5dump -d /pain -y -w 1 knee.nc | sed -n '/DATA {/,/}/p' | tr -d ' ,' | grep '^[0-9]' |
        awk 'NR == 1 { a = $1 } { b = $1 } END { print (b > a ? b - a : a - b) }'
}
rest=$(drift --set run.start=rest --set run.held='collagen chondrocyte_hypertrophic')
frozen=$(drift --set run.start=initial)
awk -v a="$rest" -v b="$frozen" 'BEGIN { exit !(a < 0.05 && b > 1) }' ||
    fail "pain drifts by $rest from rest, by $frozen from a frozen state"
finish
