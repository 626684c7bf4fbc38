#!/bin/sh
# What check and show tell of a model and a result: laws of conservation, scales, warnings, values.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

# 1 nM in 1 mL is 6.022e11 molecules; k = 0.1/h is 10 h.
try 0 check decay.yaml
says_nothing err
like out '^decay$'
like out 'made up for a test'
like out 'k \* A'
like out '^  pool_A \+ pool_B = 6\.02214e\+11$'
like out '^  decay +10 h 00 min$'
like out '2 unknowns'
try 0 check decay.yaml --set k='0.2 1/h'
like out '^  decay +5 h 00 min$'
try 0 check decay.yaml --quiet
says_nothing out

# h = 20 um in a plane of x and z: h^2/(4 D) = 2.5 s; L^2/(2 D) = 4500 s; 1/k = 12000 s.
sed 's/slab: {initial: 0 nM/slab: {initial: 10 nM/' slab.yaml >full.yaml
try 0 check full.yaml --full
like out '^  slab_A +10 nM +48177 +40 +2\.5 s +1 h 15 min$|^  slab_A +10 nM +4\.818e\+04 +40 +2\.5 s +1 h 15 min$'
like out '^  uptake +3 h 20 min$'
like out '151 unknowns'

# Warnings and the notice.
sed 's/^parameters:/clinical: true\nparameters:\n  spare: {value: 1 s, kind: assumption}/' \
    decay.yaml >odd.yaml
try 0 check odd.yaml
like err 'odd.yaml:[0-9]+:[0-9]+: warning: .*spare'
like out 'research use only, not medical advice'
try 0 run odd.yaml
like err 'research use only, not medical advice'

# exp(-1) of 1 nM is left after 10 h.
try 0 show results/odd.nc
like out '^  title +decay$'
like out '^  notice +research use only'
like out '^  frames +11, from 0 h to 10 h'
like out '^  pool_A +0\.36[78][0-9]* nM'
like out '^  pool_B +0\.63[12][0-9]* nM'
like out '^  pool_A +2\.21[0-9]e\+11 +0 +3\.80[0-9]e\+11 +0 +0 +0 '
like out 'command_line .* run odd.yaml'
try 0 run slab.yaml --quiet
try 0 show results/slab.nc
like out '^  field frames +5, '
like out '^  grid +5 x 1 x 30 voxels'
like out '^  A_mean '
like out '^  pool_A .* 5\.42e\+09 '
# What is discrete, and what bounds the step, is on the first screen.
try 0 check "$LACUNA_SOURCE/params/joint/section_cells_adsc_50M.yaml"
says out 'cartilage_chondrocyte_catabolic      discrete, about'
says out 'to_catabolic'
says out '4 of 64 variables are discrete'
says out 'Expected to bound the step: outputs.'
[ "$(wc -l <out)" -le 60 ] || fail "check of a hybrid scenario is longer than a screen"

# Decay lengths: sqrt(40 um^2/s * 12000 s) = 693 um is 35 voxels of 20 um; with 0.1/s it is one, and in a skin of 0.1 mm
# that loses 1.5/s more it is 5 um.
try 0 check full.yaml --full
like out '^  slab_A +692\.8 +20 +(x|depth) +10 +35  -$'
cat >steep.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
species:
  A: {gel: {diffusivity: 40 um^2/s, atol: 1e-9 nM}}
  B: {gel: {initial: 1 nM, diffusivity: 40 um^2/s}}
reactions:
  lost: {in: gel, equation: A ->, rate: 0.1 1/s * A}
  skinned: {in: gel, region: skin, equation: A ->, rate: 1.5 1/s * A}
boundaries:
  top: {at: gel.top, species: A, value: 1 nM}
observables:
  fall: "at(A, 10 um, 10 um, 130 um) / at(A, 10 um, 10 um, 110 um)"
tissue: {size: [20 um, 20 um, 0.4 mm], voxel: 20 um, zones: {skin: 0.1 mm, rest: 0.3 mm}}
run: {until: 1 h, rtol: 1e-6}
YAML
try 0 check steep.yaml --full
like out '^  gel_A +5 +20 +depth +10 +0\.25  10 to 390 um$'
grep -q '^  gel_B .* depth ' out && fail "what is not lost has a decay length"
try 0 check steep.yaml
like out '^  grid +1 of 1 species decay within two voxels; least gel_A: 5 um, voxels of 20 um along depth at depth 10 um$'
try 0 check steep.yaml --json
tr -d ' \n' <out >flat
like flat '"decay":\{"length_um":5,"side_um":20,"along":"depth","depth_um":10,"too_coarse_um":\[10,390\]\}'
like flat '"decay":null'
# One voxel in a length: A falls by exp(-arccosh 1.5) = 0.382 from one to the next, 4 % slower than exp(-1) in length.
sed '/skinned/d' steep.yaml >one.yaml
try 0 check one.yaml --full
like out '^  gel_A +20 +20 +depth +10 +1  10 to 390 um$'
try 0 run one.yaml --quiet
try 0 show results/one.nc
like out '^  fall +0\.3819[67]'

finish
