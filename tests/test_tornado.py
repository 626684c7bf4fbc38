"""tornado.py sets each parameter to the ends of its range, and subtracts the other scenario.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import math
import os
import shutil
import subprocess
import sys
import tempfile

import forked

forked.imported("h5py", "matplotlib.pyplot")
SOURCE = os.environ["LACUNA_SOURCE"]
FOLDER = tempfile.mkdtemp(prefix="lacuna-test-")
atexit.register(shutil.rmtree, FOLDER)
os.chdir(FOLDER)
SCENARIO = """lacuna: 1
title: decay
domains:
  pool: {kind: well-mixed, volume: 1 mL}
species:
  A: {unit: molecule, pool: {initial: A0, display: nM}}
parameters:
  k: {value: 0.1 1/h, range: [0.05 1/h, 0.2 1/h], kind: prior, source: made up for a test}
  A0: {value: %s nM, range: [1 nM, 2 nM], kind: assumption, source: made up for a test}
  idle: {value: 1, range: [0, 2], kind: prior, source: made up for a test}
reactions:
  decay: {in: pool, equation: "A ->", rate: k * A * (1 + 0 * idle)}
observables:
  left: {value: A, unit: nM}
run: {until: 10 h, rtol: 1e-6, save: {every: 1 h}}
"""


def tornado(*options):
    return forked.run(f"{SOURCE}/scripts/tornado.py", "treated.yaml", "--observable", "left", "--at", "5 h",
                      "--workers", "1", "--out", "t", *options)


for name, start in (("treated", "1.5"), ("other", "1")):
    with open(f"{name}.yaml", "w", encoding="utf-8") as file:
        file.write(SCENARIO % start)

done = tornado("--against", "other.yaml", "--only", "k,idle")
if done.returncode == 1 and "missing" in done.stderr:
    sys.exit(77)
assert done.returncode == 0, done.stderr
assert os.path.getsize("t.png") > 5000
with open("t.tsv", encoding="utf-8") as table:
    rows = [line.rstrip("\n").split("\t") for line in table]
names = [row[0] for row in rows]
assert names == ["parameter", "(all at their values)", "k", "idle"], names
assert rows[2][1] == "prior"
for value, expected in ((rows[1][5], 0.1), (rows[2][5], 0.05), (rows[2][6], 0.2)):
    assert math.isclose(float(value), 0.5 * math.exp(-5 * expected), rel_tol=1e-4), rows
assert float(rows[3][7]) == 0

# Both scenarios get the same setting: with A0 the difference vanishes.
done = tornado("--against", "other.yaml", "--only", "A0")
assert done.returncode == 0, done.stderr
with open("t.tsv", encoding="utf-8") as table:
    row = table.readlines()[2].split("\t")
assert row[0] == "A0" and float(row[5]) == 0 and float(row[6]) == 0, row

done = tornado("--kinds", "prior", "--skip", "idle")
assert done.returncode == 0, done.stderr
with open("t.tsv", encoding="utf-8") as table:
    assert [line.split("\t")[0] for line in table][2:] == ["k"]

done = tornado("--only", "absent")
assert done.returncode != 0 and "'absent' is not a parameter" in done.stderr, done.stderr
done = tornado("--only", "k", "--kinds", "fitted")
assert done.returncode != 0, "a parameter of another kind was taken"

# The sensitivities of a sweep that is done, as `lacuna sensitivity` finds them.
with open("plan.yaml", "w", encoding="utf-8") as file:
    file.write("lacuna_plan: 1\ntitle: which one\nscenario: treated.yaml\ndesign: morris\npoints: 4\n"
               "vary:\n  k: {uniform: range}\n  idle: {uniform: range}\n"
               "endpoints:\n  left: left\n")
LACUNA = os.environ["LACUNA"]
subprocess.run([LACUNA, "sweep", "plan.yaml", "--out", "swept", "--quiet"], check=True)


def from_index(*options):
    return forked.run(f"{SOURCE}/scripts/tornado.py", "swept/index.nc", *options)


done = from_index("--out", "i.png")
assert done.returncode == 0, done.stderr
assert os.path.getsize("i.png") > 5000 and not os.path.exists("i.png.png")
with open("i.tsv", encoding="utf-8") as table:
    bars = [line.rstrip("\n").split("\t") for line in table]
assert [bar[0] for bar in bars] == ["factor", "k", "idle"] and float(bars[2][1]) == 0, bars
done = from_index("--observable", "right")
assert done.returncode != 0 and "no endpoint 'right' of arm 0; there are: left (arm 0)" in done.stderr
