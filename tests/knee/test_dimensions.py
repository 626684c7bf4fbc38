"""Where nothing varies sideways, a section and a block of the whole knee behave as a column does.

Mean-field. 5e7 cells, 30 days, voxels of 20 um; the section is 5 voxels wide, the block 3 x 3.
A column is solved directly, the others to a linear tolerance, which is tight here.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import os
import sys
import tempfile

import h5py
import numpy as np

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run, verdict

GEOMETRY = {"column": (1, 1), "section": (5, 1), "block": (3, 3)}
SCENARIO = """lacuna: 1
model: {params}/../../models/knee_joint.yaml
include: [{params}/severity/moderate.yaml, {params}/product/adsc.yaml]
tissue:
  size: [{x} um, {y} um, 2.4 mm]
  voxel: 20 um
  represents: {{area: 120 cm^2}}
run: {{until: 30 d, method: mean-field, rtol: 1e-3, linear_tolerance: 5e-4, save: {{every: 5 d, fields_every: 30 d}}}}
"""


def run_geometry(name, folder):
    x, y = GEOMETRY[name]
    scenario = os.path.join(folder, name + ".yaml")
    with open(scenario, "w") as file:
        file.write(SCENARIO.format(params=PARAMS, x=20 * x, y=20 * y))
    return run(scenario, folder)


def last_fields(folder, name):
    """The last frame of every field of the tissue."""
    with h5py.File(os.path.join(folder, name + ".nc"), "r") as file:
        return {key: data[-1] for key, data in file.items() if data_is_field(data)}


def data_is_field(data):
    return isinstance(data, h5py.Dataset) and data.ndim == 4


def apart(ours, theirs):
    """Largest difference in parts of the largest value."""
    size = np.abs(theirs).max()
    return float(np.abs(ours - theirs).max() / size) if size > 0 else float(np.abs(ours).max())


def main():
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = pool.map(lambda name: run_geometry(name, folder), GEOMETRY)
            courses = dict(zip(GEOMETRY, runs))
        fields = {name: last_fields(folder, name) for name in GEOMETRY}
    column = courses["column"]
    expect(abs(column("synovial_fluid_PGE2", 5) / column("synovial_fluid_PGE2", 0) - 1) > 0.5,
           "the cells are felt: PGE2 at day 5 is more than half as much again")
    for name in ("section", "block"):
        worst = max((apart(values, column.all(key)), key)
                    for key, values in courses[name].values.items())
        expect(worst[0] < 1e-4, f"{name}: time courses are those of the column "
               f"({worst[0]:.1e}, {worst[1]})")
        worst = max((apart(values, fields["column"][key]), key)
                    for key, values in fields[name].items())
        expect(worst[0] < 1e-3, f"{name}: fields at day 30 are those of the column, everywhere "
               f"({worst[0]:.1e}, {worst[1]})")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
