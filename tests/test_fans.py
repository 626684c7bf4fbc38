"""fans.py pairs members of two arms by row and replicate, leaves out what failed, and draws.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

import forked

forked.imported("h5py", "matplotlib.pyplot")
SOURCE = os.environ["LACUNA_SOURCE"]
LACUNA = os.environ["LACUNA"]
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
  A0: {value: 1 nM, range: [1 nM, 4 nM], kind: assumption, source: made up for a test}
reactions:
  decay: {in: pool, equation: "A ->", rate: k * A}
observables:
  left: {value: A, unit: nM, label: what is left}
run: {until: 10 h, rtol: 1e-6, save: {every: 1 h}}
"""
PLAN = """lacuna_plan: 1
title: two starts
scenario: decay.yaml
design: latin-hypercube
points: 5
vary:
  A0: [1 nM, 3 nM]
  k: {uniform: range}
endpoints:
  late: {of: left, at: 5 h}
"""


def fans(*options):
    return forked.run(f"{SOURCE}/scripts/fans.py", *options)


def expect(truth, message):
    if not truth:
        sys.exit(message)


def main():
    with open("decay.yaml", "w", encoding="utf-8") as scenario:
        scenario.write(SCENARIO)
    with open("two.yaml", "w", encoding="utf-8") as plan:
        plan.write(PLAN)
    subprocess.run([LACUNA, "sweep", "two.yaml", "--out", "two", "--quiet", "--members", "files"], check=True)

    alone = fans("two/index.nc")
    expect(alone.returncode == 0, alone.stderr)
    expect("A0 = 1 nM" in alone.stdout and "A0 = 3 nM" in alone.stdout, alone.stdout)
    with open("two/fans.png", "rb") as picture:
        expect(picture.read(4) == b"\x89PNG", "fans.png is no picture")

    # Paired, A(3 nM) - A(1 nM) = 2 exp(-5 k) nM is positive in every row; unpaired it need not be.
    paired = fans("two/index.nc", "--against", "0", "--series", "left", "--out", "difference.png")
    expect(paired.returncode == 0, paired.stderr)
    expect("below zero in 0% of 5" in paired.stdout, paired.stdout)
    line = next(line for line in paired.stdout.splitlines() if "A0 = 3 nM" in line)
    middle = float(line.split("nM")[1].split()[0])
    expect(2 * 0.36 < middle < 2 * 0.78, f"not between 2 exp(-1) and 2 exp(-0.25): {line}")
    expect(os.path.exists("difference.png"), "no picture of the differences")

    for options, said in ((["two/index.nc", "--series", "right"], "no series 'right'"),
                          (["two/index.nc", "--against", "7"], "no arm 7"),
                          (["two/members/000000.nc"], "no index"),
                          (["nowhere.nc"], "No such file")):
        wrong = fans(*options)
        expect(wrong.returncode != 0 and said in wrong.stderr, f"{options}: {wrong.stderr}")


main()
