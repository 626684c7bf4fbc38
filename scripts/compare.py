#!/usr/bin/env python3
"""Prints observables of several result files side by side, at chosen days, in the units of the first.

    scripts/compare.py A.nc B.nc [--names saline cells] [--days 0 7 28] --show pain MMP13_total

A day after the end of a run, or before its beginning, is shown as "-".

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import difflib
import sys

from script_modules import need

need("h5py", "numpy")

import h5py
import numpy as np

from result_file import open_result, words
from result_units import factor


def unit_of(variable):
    """The unit as a reader of tables knows it: "pM" rather than the file's "pmol L-1"."""
    return words(variable.attrs.get("unit_label", variable.attrs.get("units", "1")))


def series(file):
    """The names of what a result holds of each time and no place."""
    return [name for name, item in file.items()
            if isinstance(item, h5py.Dataset) and item.ndim == 1 and name != "time"
            and len(item) == len(file["time"])]


def read(path, names):
    """Days, and of each named observable its values and its unit."""
    with open_result(path, ("time",), "not a result of lacuna") as file:
        known = series(file)
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, 3)
                hint = f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(known)}"
                sys.exit(f"compare.py: {path}: no observable '{name}'; {hint}")
        time = file["time"]
        days = time[...] * factor(unit_of(time), "d")
        whole = np.isfinite(days)
        values = {name: file[name][...][: len(whole)][whole] for name in names}
        units = {name: unit_of(file[name]) for name in names}
    return days[whole], values, units


def convert(path, values, units, wanted):
    """The values in the units of the first file."""
    for name, unit in units.items():
        try:
            values[name] = values[name] * factor(unit, wanted[name])
        except ValueError as reason:
            sys.exit(f"compare.py: {path}: {name}: {reason}, the unit of the first file")
    return values


def cell(day, days, values):
    if not len(days) or not days[0] <= day <= days[-1] * (1 + 1e-12):
        return "-"
    return f"{np.interp(day, days, values):.4g}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("files", nargs="+", help="result files")
    arguments.add_argument("--names", nargs="+", help="a heading for each file")
    arguments.add_argument("--days", nargs="+", type=float, default=[0, 7, 28, 90, 180])
    arguments.add_argument("--show", nargs="+", required=True, help="observables")
    chosen = arguments.parse_args()
    names = chosen.names or chosen.files
    if len(names) != len(chosen.files):
        arguments.error(f"--names: {len(names)} names for {len(chosen.files)} files")
    runs = [read(path, chosen.show) for path in chosen.files]
    units = runs[0][2]
    for path, (_, values, own) in zip(chosen.files, runs):
        convert(path, values, own, units)

    width = max(11, *(len(name) + 2 for name in names))
    span = width * len(runs)
    head = "".join(f" |{name:>{span - 1}}" for name in chosen.show)
    unit = "".join(f" |{'[' + units[name] + ']':>{span - 1}}" for name in chosen.show)
    cells = "".join(" |" + "".join(f"{name:>{width}}" for name in names)[1:] for _ in chosen.show)
    print(f"{'':>6}{head}\n{'':>6}{unit}\n{'day':>6}{cells}")
    for day in chosen.days:
        row = f"{day:6g}"
        for name in chosen.show:
            row += " |"
            for column, (days, values, _) in enumerate(runs):
                row += f"{cell(day, days, values[name]):>{width - (column == 0)}}"
        print(row)


if __name__ == "__main__":
    main()
