#!/bin/sh
# lacuna sensitivity: what it says of an index, and of what is none.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# What is no index is refused.
write_decay
try 0 run decay.yaml --out decay.nc --quiet
try 66 sensitivity decay.nc
says err 'not the index of a sweep'
try 66 sensitivity nowhere.nc
says err 'nowhere.nc'
try 66 sensitivity decay.yaml
try 2 sensitivity
try 2 sensitivity decay.nc --confidence 120%
says err 'not a share'
try 2 sensitivity decay.nc --confidence high
try 2 sensitivity decay.nc --resamples 0
says_nothing out

# A model whose answers are known: effects are slopes.
cat >slopes.yaml <<'YAML'
lacuna: 1
title: known slopes
domains:
  flask: {kind: well-mixed, volume: 1 mL}
species: {}
parameters:
  a: {value: 1, range: [0, 1], kind: assumption, source: made up for a test}
  b: {value: 1, range: [0, 4], kind: assumption, source: made up for a test}
  c: {value: 1, range: [1, 2], kind: assumption, source: made up for a test}
  times: {value: 1, range: [0, 10], kind: assumption, source: made up for a test}
observables:
  answer: times * (3 * a - 2 * b) + 0 * c
  other: b
  fixed: 0.1
run: {until: 1 s, save: {every: 1 s}}
YAML
cat >screening.yaml <<'YAML'
lacuna_plan: 1
title: screening of slopes
scenario: slopes.yaml
design: morris
points: 3
vary:
  a: {uniform: range}
  b: {uniform: range}
  c: {uniform: range}
endpoints:
  answer: answer
  other: other
  fixed: fixed
YAML
try 0 sweep screening.yaml --members files --out screened --quiet
try 0 sensitivity screened/index.nc
says out 'morris: 12 rows of 3 factors, 12 members'
says out 'answer: mean '
says out '3 effects of each factor'
for row in 'b 8 (8 to 8) -8 ' 'a 3 (3 to 3) 3 ' 'b 4 (4 to 4) 4 '; do
    sed 's/  */ /g; s/^ //' out | grep -qF "$row" || fail "no row '$row': $(cat out)"
done
grep -E '^  [abc] ' out | head -n 3 | cut -c 3 | tr -d '\n' >order
[ "$(cat order)" = bac ] || fail "the order of factors: $(cat order)"
try 0 sensitivity screened/index.nc --endpoint other --resamples 10
says out 'other: mean '

grep -q '^answer' out && fail "another endpoint"
try 0 sensitivity screened/index.nc --endpoint fixed
says out 'It is the same in all runs'
try 2 sensitivity screened/index.nc --endpoint anwser
says err "did you mean 'answer'?"

# The same as a document, which Python reads.
try 0 sensitivity screened/index.nc --json --confidence '90 %'
cat >read.py <<'PYTHON'
import json, sys
document = json.load(open("out"))
assert document["design"] == "morris" and document["confidence"] == 0.9, document
tables = document["tables"]
assert [(t["endpoint"], t["arm"]) for t in tables] == [
    ("answer", 0), ("other", 0), ("fixed", 0)], tables
assert tables[2]["sd"] == 0 and tables[2]["mean"] == 0.1, tables[2]
factors = {f["name"]: f for f in tables[0]["factors"]}
assert abs(factors["a"]["mu_star"]["value"] - 3) < 1e-9, factors
assert abs(factors["b"]["mu"]["value"] + 8) < 1e-9, factors
assert factors["c"]["mu_star"]["high"] == 0, factors
PYTHON
sh "$LACUNA_SOURCE/tests/with-python" read.py >read.log 2>&1
code=$?
[ "$code" = 0 ] || [ "$code" = 77 ] || fail "the JSON document: $(cat read.log)"

# A member that is gone takes its two effects along, and that is said.
rm screened/members/000001.nc
try 3 merge screened
try 0 sensitivity screened/index.nc --endpoint answer
says out '12 members, of which 1 are not done'
says out '1 runs have no such number'
says out '2 effects of each factor'

# Sampled, not screened: rank correlations, a table for each of the listed values. Only listed:
# refused.
cat >sampled.yaml <<'YAML'
lacuna_plan: 1
title: a sample of slopes
scenario: slopes.yaml
design: latin-hypercube
points: 12
vary:
  times: [1, 10]
  a: {uniform: range}
  b: {uniform: range}
endpoints:
  answer: answer
  other: other
YAML
try 0 sweep sampled.yaml --members files --quiet
try 0 sensitivity results/sampled/index.nc
says out 'latin-hypercube: 12 rows of 2 factors, 24 members'
says out 'partial rank correlation'
says out 'answer, times = 10: '
[ "$(grep -c '^other, times = ' out)" = 2 ] || fail "not one table an arm: $(cat out)"
grep -qE '^  b +1 \(1 to 1\)' out || fail "b alone decides: $(cat out)"
cat >listed.yaml <<'YAML'
lacuna_plan: 1
title: a list
scenario: slopes.yaml
vary:
  a: [0, 1]
YAML
try 0 sweep listed.yaml --members files --quiet
try 65 sensitivity results/listed/index.nc
says err 'design: saltelli'

finish
