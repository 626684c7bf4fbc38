"""The reduced knee does what docs/knee-model.md says: an untreated joint that stays nearly as it is,
cells that calm it by way of macrophages, collagen that never regrows.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

SOURCE = os.environ["LACUNA_SOURCE"]
failures = []


def run(scenario, name, **parameters):
    """Runs a column scenario in the current directory and opens its result."""
    command = [os.environ["LACUNA"], "run", f"{SOURCE}/params/column/{scenario}.yaml", "--quiet",
               "--out", f"{name}.nc"]
    for parameter, value in parameters.items():
        command += ["--set", f"{parameter}={value}"]
    subprocess.run(command, check=True)
    return h5py.File(f"{name}.nc", "r")


def expect(truth, words):
    print(("ok      " if truth else "FAILED  ") + words)
    if not truth:
        failures.append(words)


def change(result, name):
    """Largest relative departure from the start."""
    values = result[name][...]
    return float(np.abs(values / values[0] - 1).max())


def at(result, name, day):
    """Value of an observable at a day."""
    return float(np.interp(24 * day, result["time"][...], result[name][...]))


def against(treated, other, name, day):
    return at(treated, name, day) - at(other, name, day)


def main():
    untreated = run("untreated_column", "untreated")
    saline = run("saline_column", "saline")
    cells = run("adsc_50M_column", "cells")
    few = run("adsc_50M_column", "few", MSC_injected="1e7 cell")
    numb = run("adsc_50M_column", "numb", k_M1_to_M2="0 1/d", k_M2_to_M1="0 1/d",
               k_M2_to_M1_basal="1e-9 1/d", k_resolution="1e-9 1/d")

    for name in ("IL1b_fluid", "PGE2_fluid", "MMP13_total_mean", "M1_share", "aggrecan_mean"):
        expect(change(untreated, name) < 0.03, f"untreated, {name} stays within 3 %")
    expect(change(untreated, "catabolic_share") < 0.05, "untreated, cells stay within 5 %")
    for result in (untreated, cells):
        expect(np.all(np.diff(result["collagen_mean"][...]) < 0), "collagen never regrows")

    for name in ("IL1b_fluid", "PGE2_fluid", "aggrecan_mean", "MMP13_mean"):
        expect(np.array_equal(saline[name][...], untreated[name][...]),
               f"saline changes no {name}")
    expect(-13 < against(saline, untreated, "pain_proxy", 90) < -11,
           "saline relieves 12 points at three months, by context alone")

    expect(at(cells, "PGE2_fluid", 1) > 5 * at(untreated, "PGE2_fluid", 1),
           "licensed cells raise prostaglandin E2")
    for day in (28, 90, 180):
        expect(at(cells, "IL1b_fluid", day) < 0.75 * at(untreated, "IL1b_fluid", day),
               f"cells lower interleukin-1 beta at day {day}")
        expect(against(cells, untreated, "MMP13_total_mean", day) < 0,
               f"cells lower MMP-13 at day {day}")
        expect(against(cells, untreated, "aggrecan_mean", day) > 0,
               f"cells raise aggrecan at day {day}")
    expect(against(cells, untreated, "IL1b_fluid", 180) > against(cells, untreated, "IL1b_fluid", 60),
           "the effect wanes")
    expect(0 > against(few, untreated, "IL1b_fluid", 90) > against(cells, untreated, "IL1b_fluid", 90),
           "fewer cells do less")
    expect(abs(at(numb, "aggrecan_mean", 180) - at(untreated, "aggrecan_mean", 180)) < 0.003,
           "without macrophages that turn there is no benefit")
    expect(0.9 * 5e7 * 1.0001 > at(cells, "MSC_alive", 0) > 0.9 * 5e7 * 0.9999,
           "nine cells of ten arrive alive")
    closure = cells["ledger/worst_closure"][...].max()
    expect(closure < 2e-4, f"the ledger closes ({closure:.2g})")
    return 1 if failures else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        sys.exit(main())
