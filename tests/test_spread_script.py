"""spread.py: mean, deviation, quantile and share of the voxels of a result and of the arms of an index.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import os
import re
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
# Level, level + 0.1 and so on sideways, and 1 more in the lower of two layers.
SCENARIO = """lacuna: 1
title: a pattern that stays
domains:
  tissue: {kind: tissue}
species:
  S: {unit: 1, tissue: {initial: "level + x / 1 mm + if(depth > 0.1 mm, 1, 0)"}}
parameters:
  level: {value: 0, range: [0, 4], kind: assumption, source: made up for a test}
  k: {value: 0 1/h, kind: assumption, source: made up for a test}
rates:
  S: {in: tissue, rate: k * S}
observables:
  level_mean: mean(S)
tissue: {size: [1 mm, 0.1 mm, 0.2 mm], voxel: 0.1 mm}
run: {until: 2 h, save: {every: 1 h}}
"""
PLAN = """lacuna_plan: 1
title: two levels
scenario: pattern.yaml
vary:
  level: [0, 2]
keep: {fields: [tissue_S]}
endpoints:
  late: last(level_mean)
"""


def spread(*options):
    return forked.run(f"{SOURCE}/scripts/spread.py", *options)


def expect(truth, message):
    if not truth:
        sys.exit(message)


def row(said, name):
    """The numbers of a row, those in parentheses left out."""
    line = next((each for each in said.stdout.splitlines() if each.startswith(name)), "")
    return [float(each) for each in re.findall(r"-?\d+\.?\d*", re.sub(r"\([^)]*\)", "", line[30:]))]


def near(found, wanted, what):
    expect(len(found) == len(wanted) and all(abs(one - two) < 2e-4 for one, two in zip(found, wanted)),
           f"{what}: {found}, expected {wanted}")


def main():
    for name, text in (("pattern.yaml", SCENARIO), ("two.yaml", PLAN)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    subprocess.run([LACUNA, "run", "pattern.yaml", "--out", "one.nc", "--quiet"], check=True)
    subprocess.run([LACUNA, "sweep", "two.yaml", "--out", "two", "--quiet", "--members", "files"], check=True)
    # 0.05 to 0.95 in the upper layer, 1.05 to 1.95 in the lower: sd of ten even steps 0.28723
    said = spread("one.nc:tissue_S", "--below", "0.3")
    expect(said.returncode == 0 and os.path.getsize("spread.png") > 1000, "no picture: " + said.stderr)
    near(row(said, "one"), [20, 1.0, 0.5766, 0.1, 15], "two layers")
    near(row(spread("one.nc:tissue_S", "--upto", "100"), "one"), [10, 0.5, 0.2872, 0.05], "the upper layer")
    near(row(spread("one.nc:tissue_S", "--layers"), "one"), [20, 1.0, 0.2872, 0.55], "relative to the layer")
    said = spread("two/index.nc:tissue_S", "one.nc:tissue_S", "--names", "none,more,result", "--below", "2.3")
    near(row(said, "none"), [20, 1.0, 0.5766, 0.1, 100], "the first arm")
    near(row(said, "more"), [20, 3.0, 0.5766, 2.1, 15], "the second arm")
    near(row(said, "result"), [20, 1.0, 0.5766, 0.1, 100], "and a result beside them")
    for options, word in ((["one.nc"], "FILE.nc:FIELD"), (["one.nc:tissue_T"], "there are: tissue_S"),
                          (["none.nc:tissue_S"], "none.nc: No such file"), (["pattern.yaml:S"], "is not an HDF5 file"),
                          (["one.nc:tissue_S", "--names", "a,b"], "1 histograms, but 2 names"),
                          (["one.nc:tissue_S", "--upto", "0"], "less deep than 0")):
        said = spread(*options)
        expect(said.returncode != 0 and word in said.stderr and "Traceback" not in said.stderr,
               f"{options}: {said.stderr}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
