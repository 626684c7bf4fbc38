#!/bin/sh
# Random starts from outside: a seed is asked for with a place; replicates, sweeps and resumed runs.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

cat >start.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
parameters: {gsd: {value: 1.5, label: width, kind: assumption, source: none}}
random:
  patchy: {lognormal: {median: 1, gsd: gsd}, correlation: 40 um}
species:
  potency: {unit: 1, gel: {initial: patchy}}
  C: {unit: cell, gel: {initial: {poisson: 5e4 cell/mm^3}}}
  A: {unit: 1, gel: {initial: 1}}
rates:
  A: {in: gel, rate: 0.1/h * potency * (1 - A) - 0.05/h * A}
observables: {spread: sd(A), cells: total(C)}
tissue: {size: [200 um, 20 um, 200 um], voxel: [20 um, 20 um, 10 um]}
run: {until: 1 d, save: {every: 1 h}}
YAML

# --- no seed: where, and what to write
for command in check run; do
    try 65 "$command" start.yaml
    says err 'start.yaml:5:11: error: the random initial value of gel.potency needs a seed'
    says err 'set run.seed to a whole number'
done
leaves_nothing
try 0 check start.yaml --set run.seed=1

# --- values NAME: an observable at the end of each result, one a line
values() {
    for file in "$@"; do
        "$LACUNA" show "$file" --json | python3 -c '
import json, sys
for one in json.load(sys.stdin)["variables"]:
    if one["name"] in ("spread", "cells"):
        print(one["name"], repr(one["mean"]))'
    done
}

try 0 run start.yaml --set run.seed=1 --out a.nc --threads 1
try 0 run start.yaml --set run.seed=1 --out b.nc --threads 3
try 0 run start.yaml --set run.seed=2 --out c.nc
values a.nc >a
values b.nc >b
values c.nc >c
[ -s a ] || fail 'no values in a.nc'
cmp -s a b || fail 'threads change what is drawn'
cmp -s a c && fail 'the seed changes nothing'

# --- a run that goes on has not drawn again
try 0 run start.yaml --set run.seed=1 --out d.nc --until '12 h' --checkpoint-every '1 h'
try 0 run start.yaml --set run.seed=1 --out d.nc --until '1 d' --resume auto
values d.nc >d
cmp -s a d || fail 'a run that was made longer differs'

# --- replicates differ, in memory and in files alike, and a factor acts on the distribution
cat >plan.yaml <<'YAML'
lacuna_plan: 1
scenario: start.yaml
seed: 5
replicates: 2
vary: {gsd: [1.2, 2]}
endpoints: {spread: {of: spread, at: 1 d}, cells: {of: cells, at: 1 d}}
YAML
try 0 sweep plan.yaml --out memory --members memory
try 0 sweep plan.yaml --out files --members files
for way in memory files; do
    "$LACUNA" show $way/index.nc --json >$way.json
done
python3 - <<'PY' || fail 'members in memory and in files differ, or replicates do not'
import json
one, other = (json.load(open(way + ".json"))["endpoints"] for way in ("memory", "files"))
assert one == other and one
spread = next(each for each in one if each["name"] == "spread")["arms"]
assert spread[0]["sd"] > 0 and spread[1]["mean"] > 1.5 * spread[0]["mean"], spread
PY
try 0 ensemble start.yaml --replicates 3 --out three
grep -q 'replicates are equal' err && fail 'says that replicates are equal'

finish
