#!/bin/sh
# What check and show tell of a model and a result: laws of conservation, scales, warnings, values.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

# like FILE PATTERN: a line of out or err matches an extended regular expression.
like() {
    grep -qE -e "$2" "$1" || {
        fail "$said: nothing in $1 is like '$2':"
        cat "$1" >&2
    }
}

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

finish
