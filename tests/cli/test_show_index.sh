#!/bin/sh
# lacuna show of an index: what became of members, and endpoints by arm with chance apart from what
# is not known; compared with numbers that Python makes of the columns of the index.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

cat >drop.yaml <<'YAML'
lacuna: 1
title: a few molecules
domains:
  pool: {kind: well-mixed, volume: 1 um^3}
species:
  A: {unit: molecule, pool: {initial: A0, display: molecule/um^3}}
parameters:
  A0: {value: 60 molecule/um^3, kind: assumption, source: made up for a test}
  k: {value: 1 1/h, range: [0.5 1/h, 2 1/h], kind: prior, source: made up for a test}
reactions:
  decay: {in: pool, equation: "A ->", rate: k * A}
observables:
  left: {value: A, unit: molecule/um^3, label: what is left}
run: {until: 2 h, method: exact, save: {every: 30 min}}
YAML
cat >drops.yaml <<'YAML'
lacuna_plan: 1
title: drops
scenario: drop.yaml
design: latin-hypercube
points: 6
replicates: 5
vary:
  A0: [60 molecule/um^3, 200 molecule/um^3]
  k: {loguniform: range}
endpoints:
  late: {of: left, at: 1 h}
YAML
try 0 sweep drops.yaml --members files --out drops --quiet
rm drops/members/000007.nc
try 3 merge drops
try 0 show drops/index.nc
says out 'latin-hypercube: 2 arms x 6 rows x 5 replicates'
says out '60: 59 done 1 lost'
says out 'late [molecule/um^3]  what is left'
says out 'A0 = 60 molecule/um^3'

try 0 show drops/index.nc --json
says_nothing err
cp out shown.json
cat >compare.py <<'PY'
import json
import h5py
import numpy as np

shown = json.load(open("shown.json", encoding="utf-8"))
index = h5py.File("drops/index.nc", "r")
late, arm, row = (index[name][...] for name in ("late", "arm", "row"))
done = index["status"][...] == 1
assert shown["members"]["done"] == done.sum() == 59, shown["members"]
near = lambda a, b: abs(a - b) <= 1e-9 * max(1, abs(b))
for each in (0, 1):
    told = shown["endpoints"][0]["arms"][each]
    mine = done & (arm == each)
    groups = [late[mine & (row == r)] for r in range(6)]
    within = sum(((g - g.mean()) ** 2).sum() for g in groups)
    assert told["runs"] == mine.sum()
    assert near(told["mean"], late[mine].mean()), told
    assert near(told["sd"], late[mine].std(ddof=1)), told
    assert near(told["sd_chance"], np.sqrt(within / (mine.sum() - 6))), told
    assert near(told["quantiles_5_50_95"][0], np.quantile(late[mine], 0.05)), told
    assert told["sd_parameters"] > 0
both = done[:30] & done[30:]
difference = (late[30:] - late[:30])[both]
told = shown["endpoints"][0]["arms"][1]
assert told["pairs"] == 29 == both.sum()
assert near(told["difference_5_50_95"][1], np.median(difference)), told
assert near(told["share_below"], (difference < 0).mean()), told
assert shown["endpoints"][0]["arms"][0]["pairs"] == 0
PY
status=0
sh "$LACUNA_SOURCE/tests/with-python" compare.py || status=$?
[ "$status" = 0 ] || [ "$status" = 77 ] || fail "what show says differs from the columns of the index"

finish
