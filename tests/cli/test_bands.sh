#!/bin/sh
# Bands: listed by check, kept in results, and judged by show from what was recorded.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
cat >bands.yaml <<'YAML'
lacuna: 1
model: decay.yaml
observables:
  left: {value: A, unit: nM}
bands:
  early: {observable: left, at: 2.5 h, low: 0.77 nM, high: 0.79 nM, kind: held_out, source: made up}
  high: {observable: left, at: 5 h, low: 0.7 nM, kind: calibrated, source: made up}
  falls: {observable: left, at: [1 h, 8 h], high: -0.09 nM, change: true, kind: by_construction, source: made up, note: nothing makes A}
  late: {observable: left, at: 9 h, high: 0.5 nM, kind: held_out, source: made up}
  soon_wrong: {observable: left, at: [2 h, 10 h], high: 0.7 nM, kind: held_out, source: made up}
  apart: {observable: left, at: 3 h, high: 0.1 nM, against: other, kind: held_out, source: made up}
YAML

try 0 check bands.yaml --full
says_nothing err
says out 'Bands (6)'
says out '0.77 to 0.79'
says out 'change of left'
says out '<= -0.09'
says out 'against other; made up'
says out '(see its note)'

# exp(-0.25) = 0.7788 between the frames at 2 h and 3 h; exp(-0.5) = 0.6065.
try 0 run bands.yaml --until '8 h' --out r.nc --quiet
try 0 show r.nc
for line in 'early  *inside  *0.77[89][0-9]*, expected 0.77 to 0.79: left, day 0.104167 (held out)' \
    'high  *OUTSIDE  *0.606[0-9]*, expected at least 0.7: left, day 0.208333 (calibrated to)' \
    'falls  *inside  *-0.55[0-9]* to -0.095[0-9]*, expected at most -0.09: change of left, day 0.0416667 to 0.333333 (by construction)' \
    'late  *not reached -, expected at most 0.5' \
    'soon_wrong  *OUTSIDE  *0.449[0-9]* to 0.818[0-9]*' \
    'apart  *apart  *0.740[0-9]*, expected at most 0.1: left minus that of other, day 0.125'; do
    grep -q "^  $line" out || fail "show has no line like: $line"
done
says out 'nothing makes A'

# A span of which the end is missing is not reached while what there is stays inside.
try 0 run bands.yaml --until '4 h' --out part.nc --quiet
try 0 show part.nc
grep -q '^  falls  *not reached -0.329' out || fail 'a span without its end is not told as not reached'

# Without bands nothing is said of them; a band after the end of the run is a warning.
try 0 run decay.yaml --out plain.nc --quiet
try 0 show plain.nc
grep -q Bands out && fail 'bands where there are none'
sed 's/run:.*/run: {until: 1 h}/' decay.yaml >short.yaml
sed 's/decay.yaml/short.yaml/' bands.yaml >late.yaml
try 0 check late.yaml --full
says err "the band 'early' begins after the end of the run"
finish
