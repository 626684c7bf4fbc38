#!/usr/bin/env python3
"""Prints observables of several result files side by side, at chosen days.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import os
import sys

try:
    import h5py
    import numpy as np
except ImportError as missing:
    system = "/usr/bin/python3"  # the interpreter for which a distribution packages modules
    if __name__ == "__main__" and sys.executable != system and os.access(system, os.X_OK):
        os.execv(system, [system, *sys.argv])
    sys.exit(f"compare.py: {missing.name} is missing in {sys.executable}; on Debian: "
             "apt-get install python3-h5py")

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def unit_of(variable):
    """The unit as a reader of tables knows it: "pM" rather than the file's "pmol L-1"."""
    value = variable.attrs.get("unit_label", variable.attrs.get("units", "1"))
    return value.decode() if isinstance(value, bytes) else str(value)


def read(path, names):
    """Days, and of each named observable its values and its unit."""
    with h5py.File(path) as file:
        time = file["time"]
        days = time[...] * SECONDS[unit_of(time)] / SECONDS["d"]
        values = {name: file[name][...] for name in names}
        units = {name: unit_of(file[name]) for name in names}
    return days, values, units


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("files", nargs="+", help="result files")
    arguments.add_argument("--names", nargs="+", help="a heading for each file")
    arguments.add_argument("--days", nargs="+", type=float, default=[0, 7, 28, 90, 180])
    arguments.add_argument("--show", nargs="+", required=True, help="observables")
    chosen = arguments.parse_args()
    names = chosen.names or chosen.files
    runs = [read(path, chosen.show) for path in chosen.files]

    width = max(11, *(len(name) + 2 for name in names))
    span = width * len(runs)
    head = "".join(f" |{name:>{span - 1}}" for name in chosen.show)
    unit = "".join(f" |{'[' + runs[0][2][name] + ']':>{span - 1}}" for name in chosen.show)
    cells = "".join(" |" + "".join(f"{name:>{width}}" for name in names)[1:] for _ in chosen.show)
    print(f"{'':>6}{head}\n{'':>6}{unit}\n{'day':>6}{cells}")
    for day in chosen.days:
        row = f"{day:6g}"
        for name in chosen.show:
            row += " |"
            for column, (days, values, _) in enumerate(runs):
                value = np.interp(day, days, values[name])
                row += f"{value:{width - (column == 0)}.4g}"
        print(row)


if __name__ == "__main__":
    main()
