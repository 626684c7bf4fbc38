"""An index is read by xarray (both engines) and h5py: columns, statistics, views of fields, copies.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import subprocess

import h5py
import numpy as np
import xarray

import sample
from sample import check, close

LACUNA = os.path.abspath(os.environ.get("LACUNA", "./lacuna"))
SCENARIO = """
lacuna: 1
domains: {slab: {kind: tissue}, pool: {kind: well-mixed, volume: 1 uL}}
species:
  A:
    unit: molecule
    slab: {initial: 1 nM, diffusivity: 40 um^2/s, display: nM}
    pool: {initial: 10 nM, display: nM}
parameters:
  k: {value: 0.3 1/h, range: [0.01 1/h, 3 1/h], label: rate of uptake}
reactions: {uptake: {in: slab, equation: "A ->", rate: k * A}}
interfaces: {surface: {between: [slab.top, pool], exchange: [A]}}
observables: {A_mean: mean(A)}
tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um, represents: {area: 8000 um^2}}
run: {until: 6 h, method: mean-field, save: {every: 1 h, fields_every: 2 h}}
"""
PLAN = """
lacuna_plan: 1
title: slabs
scenario: slab.yaml
design: latin-hypercube
points: 3
vary: {run.integrator: [rodas4, ros2], k: {uniform: range}}
keep: {fields: all, series: [A_mean, pool_A]}
endpoints: {end: {of: A_mean, take: last}}
"""
MEMBERS, FRAMES, FIELDS = 6, 7, 4


def lacuna(directory, *arguments):
    return subprocess.run([LACUNA, *arguments], cwd=directory, capture_output=True, text=True)


def member(directory, number, variable):
    with h5py.File(os.path.join(directory, "members", f"{number:06d}.nc"), "r") as result:
        return result[variable][...]


def read_columns(path, engine, directory):
    with xarray.open_dataset(path, engine=engine) as index:
        check(f"{engine}: a row for each member", index.sizes["member"] == MEMBERS)
        check(f"{engine}: codes stay integers", index.status.dtype.kind == "i")
        check(f"{engine}: codes are explained", index.status.flag_meanings.split()[1] == "done")
        check(f"{engine}: all are done", (index.status == 1).all())
        check(f"{engine}: words", list(index["run.integrator"].values) == ["rodas4"] * 3 + ["ros2"] * 3)
        check(f"{engine}: units of factors", index.k.units == "h-1")
        check(f"{engine}: labels of factors", index.k.long_name == "rate of uptake")
        close(f"{engine}: rows are the same in each arm", index.k[:3], index.k[3:])
        ends = [member(directory, number, "A_mean")[-1] for number in range(MEMBERS)]
        close(f"{engine}: endpoints are those of the members", index.end, ends)
        time = index.time.load()
    close(f"{engine}: times are hours", time, np.arange(FRAMES))
    with xarray.open_dataset(path, engine=engine, group="series") as series:
        for number in range(MEMBERS):
            close(f"{engine}: curves are those of the members", series.pool_A[number],
                  member(directory, number, "pool_A"))
        with xarray.open_dataset(path, engine=engine, group="statistics") as told:
            arms = series.A_mean.values.reshape(2, 3, FRAMES)
            close(f"{engine}: means", told.A_mean_mean, arms.mean(axis=1))
            check(f"{engine}: deviations",
                  np.allclose(told.A_mean_sd, arms.std(axis=1, ddof=1), rtol=1e-9, atol=1e-9))
            close(f"{engine}: quantiles", told.A_mean_quantiles.transpose("quantile", "arm", "time"),
                  np.quantile(arms, told["quantile"].values, axis=1))
            check(f"{engine}: counts are integers",
                  told.A_mean_count.dtype.kind == "i" and (told.A_mean_count == 3).all())


def read_fields(path, engine, directory, lost=None):
    with xarray.open_dataset(path, engine=engine, group="fields") as fields:
        check(f"{engine}: dimensions of fields",
              fields.slab_A.dims == ("member", "time_fields", "z", "y", "x"))
        shown = fields.slab_A.values
    for number in range(MEMBERS):
        if number == lost:
            check(f"{engine}: a lost member has no values", np.isnan(shown[number]).all())
        else:
            close(f"{engine}: fields are those of the members", shown[number],
                  member(directory, number, "slab_A"))
    if lost is None:
        with xarray.open_dataset(path, engine=engine, group="statistics") as told:
            arms = shown.reshape(2, 3, *shown.shape[1:]).astype(float)
            close(f"{engine}: means of fields", told.slab_A_mean, arms.mean(axis=1), 1e-5)


def test(directory):
    for name, text in (("slab.yaml", SCENARIO), ("trial.yaml", PLAN)):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    swept = lacuna(directory, "sweep", "trial.yaml", "--quiet")
    check("the sweep ends well: " + swept.stderr, swept.returncode == 0)
    moved = os.path.join(directory, "moved")
    os.rename(os.path.join(directory, "results", "trial"), moved)
    path = os.path.join(moved, "index.nc")
    copied = lacuna(directory, "merge", "moved", "--copy", "copy.nc")
    check("the copy is made: " + copied.stderr, copied.returncode == 0)
    copy = os.path.join(directory, "copy.nc")
    for engine in ("netcdf4", "h5netcdf"):
        read_columns(path, engine, moved)
        read_fields(path, engine, moved)
        read_columns(copy, engine, moved)
        read_fields(copy, engine, moved)
    with h5py.File(path, "r") as index, h5py.File(copy, "r") as whole:
        check("fields of an index are views", index["fields/slab_A"].is_virtual)
        sources = index["fields/slab_A"].virtual_sources()
        check("which name members from the index's directory",
              [source.file_name for source in sources] ==
              [f"members/{number:06d}.nc" for number in range(MEMBERS)])
        check("fields of a copy are not", not whole["fields/slab_A"].is_virtual)
        check("dimensions of a copy are named",
              whole["fields/slab_A"].dims[1][0].name == "/time_fields")
    os.remove(os.path.join(moved, "members", "000002.nc"))
    told = lacuna(directory, "verify-results", "moved")
    check("a lost member is told", told.returncode == 3 and "000002.nc" in told.stdout)
    lacuna(directory, "merge", "moved")
    for engine in ("netcdf4", "h5netcdf"):
        read_fields(path, engine, moved, lost=2)
        with xarray.open_dataset(path, engine=engine) as index:
            check(f"{engine}: a lost member is said", index.status[2] == 3 and
                  "000002.nc" in str(index.sentence[2].values))
    shutil.rmtree(moved)
    with xarray.open_dataset(copy, group="fields") as fields:
        check("a copy needs no members", not np.isnan(fields.slab_A.values).any())


sample.run(test)
