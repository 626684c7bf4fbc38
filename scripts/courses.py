#!/usr/bin/env python3
"""Draws the members of a sweep side by side: a panel for each point, with its time courses.

    scripts/courses.py results/PLAN/index.nc --series A[,B] [--out COURSES.png] [--columns N] [--log]

Over a panel stands in what the point differs from most others. Replicates of a point are thin lines. Needs
numpy, h5py and matplotlib.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import os
import sys

from script_modules import need

need("h5py", "numpy", "matplotlib")

import numpy as np
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from fans import COLOURS, Index, unit_of, words

PANELS_MOST = 60
LOG_SPAN = 1e-6  # what is less than this part of the greatest is not drawn on a logarithmic axis


def commonest(column):
    values, counts = np.unique(column, return_counts=True)
    return values[counts.argmax()]


def told(index, member):
    """The factors whose values most other points do not have, the rarest first."""
    rare = []
    for name in index.factors():
        item = index.file[name]
        if item.ndim != 1:
            continue
        column, value = item[...], item[member]
        if value != commonest(column):
            shown = words(value) if column.dtype.kind in "SO" else f"{value:.4g}"
            rare.append(((column == value).sum(), f"{name} {shown} {unit_of(item)}".rstrip()))
    rare.sort(key=lambda each: each[0])
    return ", ".join(text for _, text in rare) or "as most are"


def wrapped(text, width=34, lines=3):
    """The text in a few lines, parted at commas."""
    parts, line = [], ""
    for word in text.split(", "):
        if line and len(line) + len(word) + 2 > width:
            parts.append(line + ",")
            line = word
        else:
            line = f"{line}, {word}" if line else word
    parts.append(line)
    return "\n".join(parts[:lines] + (["..."] if len(parts) > lines else []))


def draw(index, names, columns, log, out):
    points = list(dict.fromkeys(zip(index.arm[index.done], index.row[index.done])))
    if len(points) > PANELS_MOST:
        sys.exit(f"courses.py: {len(points)} points are too many for one picture "
                 f"(at most {PANELS_MOST}); fans.py draws their spread")
    rows = -(-len(points) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(3.0 * columns, 1.9 * rows + 0.7), dpi=110,
                                  squeeze=False, sharex=True, sharey=True, layout="constrained")
    times, time_label = index.times()
    tables = {name: index.file["series"][name][...] for name in names}
    for number, axes in enumerate(panels.flat):
        if number >= len(points):
            axes.set_visible(False)
            continue
        members = np.flatnonzero((index.arm == points[number][0])
                                 & (index.row == points[number][1]) & index.done)
        for colour, name in zip(COLOURS, names):
            axes.plot(times, tables[name][members].T, color=colour,
                      linewidth=1.3 if len(members) == 1 else 0.5)
        axes.set_title(f"{number + 1}: {wrapped(told(index, members[0]))}", fontsize=7, loc="left")
        axes.tick_params(labelsize=7)
        if log:
            axes.set_yscale("log")
            axes.set_ylim(bottom=LOG_SPAN * max(np.nanmax(table) for table in tables.values()))
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.supxlabel(time_label, fontsize=8)
    unit = unit_of(index.file["series"][names[0]])
    labels = [words(index.file["series"][name].attrs.get("long_name", name)) for name in names]
    figure.supylabel(f"{labels[0] if len(names) == 1 else 'level'}{f' [{unit}]' if unit else ''}",
                     fontsize=8)
    figure.suptitle(words(index.file.attrs.get("title", "")), fontsize=11, weight="bold", x=0.01,
                    ha="left")
    if len(names) > 1:
        lines = [plt.Line2D([], [], color=colour, label=label)
                 for colour, label in zip(COLOURS, labels)]
        figure.legend(handles=lines, loc="upper right", ncol=len(names), frameon=False, fontsize=8)
    figure.savefig(out)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", help="the index of a sweep or an ensemble")
    parser.add_argument("--series", metavar="A,B", required=True, help="what is drawn")
    parser.add_argument("--out", help="the picture (default: beside the index, courses.png)")
    parser.add_argument("--columns", metavar="N", type=int, default=4, help="panels side by side")
    parser.add_argument("--log", action="store_true", help="a logarithmic axis")
    chosen = parser.parse_args()
    index = Index(chosen.index)
    names = chosen.series.split(",")
    for name in names:
        if name not in index.series:
            sys.exit(f"courses.py: no series '{name}'; there are: {', '.join(index.series) or 'none'}")
    if not index.done.any():
        sys.exit(f"courses.py: {chosen.index}: no member is done")
    if chosen.columns < 1:
        sys.exit(f"courses.py: --columns must be at least 1, not {chosen.columns}")
    if len(names) > len(COLOURS):
        sys.exit(f"courses.py: {len(names)} series are too many; at most {len(COLOURS)}")
    out = chosen.out or os.path.join(os.path.dirname(chosen.index), "courses.png")
    draw(index, names, chosen.columns, chosen.log, out)
    print(out)


if __name__ == "__main__":
    sys.exit(main())
