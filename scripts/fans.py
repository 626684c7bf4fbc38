#!/usr/bin/env python3
"""Draws the index of many runs: how a number goes in time, and how sure that is.

    scripts/fans.py results/PLAN/index.nc [--out FANS.png] [--series A,B] [--against ARM]
        [--arms 0,3]

For each series one panel: the median over the members of an arm as a line, the middle 50 % and 90 %
as bands. With --against, members are compared with the members of that arm that share their row
and replicate: the panels show the differences, and a table says for every endpoint how often the
difference is below zero. Needs numpy, h5py and matplotlib.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import os
import sys
import textwrap

from script_modules import need

need("h5py", "numpy", "matplotlib")

import numpy as np
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from result_file import open_result, words

COLOURS = ["#1f4e79", "#b5541c", "#3a7d44", "#7b3f8c", "#8a6d1b", "#555555"]
COLUMNS = 3
ARMS_MOST = len(COLOURS)
HOURS_UNTIL = 72
FILLED_MOST = 2  # with more arms than these the outer band is two dotted lines


class Index:
    """An index: who the members are, and their curves."""

    def __init__(self, path):
        self.path = path
        self.file = open_result(path, ("arm", "row", "replicate", "series", "status"), "no index of a sweep")
        self.arm = self.file["arm"][...].astype(int)
        self.row = self.file["row"][...].astype(int)
        self.replicate = self.file["replicate"][...].astype(int)
        self.done = self.file["status"][...].astype(int) == self.code("done")
        self.arms = sorted(set(self.arm))
        self.series = [name for name in self.file["series"] if self.is_curve(name)]

    def code(self, meaning):
        """The number of a status."""
        flags = words(self.file["status"].attrs["flag_meanings"]).split()
        return int(np.ravel(self.file["status"].attrs["flag_values"])[flags.index(meaning)])

    def is_curve(self, name):
        item = self.file["series"][name]
        return item.ndim == 2 and words(item.attrs.get("CLASS", "")) != "DIMENSION_SCALE"

    def times(self):
        """The frames and the label of their axis: hours for courses of less than three days."""
        hours = self.file["time"][...]
        if hours[-1] < HOURS_UNTIL:
            return hours, "time [h]"
        return hours / 24, "time [d]"

    def factors(self):
        """The columns that the plan varies."""
        named = self.file["design"].attrs.get("factors", b"") if "design" in self.file else b""
        return [name for name in words(named).split() if name in self.file]

    def arm_name(self, arm):
        """What is the same in all members of an arm, and not in all arms."""
        told = []
        for name in self.factors():
            if self.file[name].ndim != 1:
                continue
            column = self.file[name][...]
            mine = column[self.arm == arm]
            if len(set(mine)) == 1 and len(set(column)) > 1:
                unit = words(self.file[name].attrs.get(
                    "unit_label", self.file[name].attrs.get("units", "")))
                value = words(mine[0]) if mine.dtype.kind in "SO" else f"{mine[0]:.4g}"
                told.append(f"{name} = {value} {'' if unit == '1' else unit}".rstrip())
        return ", ".join(told) or ("all members" if len(self.arms) == 1 else f"arm {arm}")

    def pairs(self, arm, against):
        """Members of an arm and, in the same order, their partners in another."""
        partner = {(self.row[member], self.replicate[member]): member
                   for member in np.flatnonzero((self.arm == against) & self.done)}
        mine = [member for member in np.flatnonzero((self.arm == arm) & self.done)
                if (self.row[member], self.replicate[member]) in partner]
        others = [partner[self.row[member], self.replicate[member]] for member in mine]
        return np.array(mine, int), np.array(others, int)

    def curves(self, name, arm, against):
        """(member, time) of an arm, or what it differs by."""
        table = self.file["series"][name]
        if against is None:
            return table[...][(self.arm == arm) & self.done]
        mine, other = self.pairs(arm, against)
        whole = table[...]
        return whole[mine] - whole[other]

    def endpoints(self):
        """Numbers of the runs, one for each member."""
        return words(self.file.attrs.get("endpoints", "")).split()


def unit_of(item):
    unit = words(item.attrs.get("unit_label", item.attrs.get("units", "")))
    return "" if unit == "1" else unit


def draw_panel(axes, index, name, arms, against):
    item = index.file["series"][name]
    times, time_label = index.times()
    for number, arm in enumerate(arms):
        curves = index.curves(name, arm, against)
        if not len(curves):
            continue
        known = np.isfinite(curves).any(axis=0)
        cut = np.nanquantile(curves[:, known], [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        colour = COLOURS[number]
        axes.fill_between(times[known], cut[1], cut[3], color=colour, alpha=0.22, linewidth=0)
        if len(arms) <= FILLED_MOST:
            axes.fill_between(times[known], cut[0], cut[4], color=colour, alpha=0.13, linewidth=0)
        else:
            axes.plot(times[known], cut[[0, 4]].T, color=colour, linewidth=0.8, linestyle=":")
        axes.plot(times[known], cut[2], color=colour, linewidth=1.6)
    if against is not None:
        axes.axhline(0, color="#666666", linewidth=0.8)
    label = words(item.attrs.get("long_name", name))
    axes.set_title("\n".join(textwrap.wrap(label, 44)[:2]), fontsize=9, loc="left")
    axes.set_ylabel(unit_of(item), fontsize=8)
    axes.set_xlabel(time_label, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.ticklabel_format(axis="y", style="sci", scilimits=(-3, 4), useOffset=False)
    axes.yaxis.get_offset_text().set_fontsize(8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw(index, names, arms, against, out):
    rows = -(-len(names) // COLUMNS)
    columns = min(COLUMNS, len(names))
    width = 4.6 * columns
    arm_names = [index.arm_name(arm) for arm in arms]
    beside = max(1, min(3, int(width / (0.6 + 0.085 * max(map(len, arm_names))))))
    head = 0.62 + 0.24 * -(-len(arms) // beside)
    height = 2.6 * rows + head + 0.3
    figure, panels = plt.subplots(rows, columns, figsize=(width, height), dpi=110,
                                  squeeze=False, layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.3 / height, 1, 1 - (head + 0.3) / height))
    for number, axes in enumerate(panels.flat):
        if number < len(names):
            draw_panel(axes, index, names[number], arms, against)
        else:
            axes.set_visible(False)
    title = words(index.file.attrs.get("title", os.path.basename(index.path)))
    figure.text(0.012, 1 - 0.14 / height, title, fontsize=13, weight="bold", va="top")
    what = "median and the middle 50 % and 90 % of the members"
    if against is not None:
        what = f"difference from {index.arm_name(against)}, member by member: {what}"
    figure.text(0.012, 1 - 0.44 / height, what, fontsize=9, va="top", color="#444444")
    lines = [plt.Line2D([], [], color=COLOURS[k], label=name, linewidth=3)
             for k, name in enumerate(arm_names)]
    figure.legend(handles=lines, loc="upper left", bbox_to_anchor=(0.006, 1 - 0.62 / height),
                  ncol=beside, frameon=False, fontsize=9)
    if "notice" in index.file.attrs:
        notice = words(index.file.attrs["notice"])
        figure.text(0.988, 0.08 / height, notice[0].upper() + notice[1:] + ".", fontsize=9,
                    color="#8b0000", ha="right", va="bottom")
    figure.savefig(out)
    plt.close(figure)


def print_table(index, arms, against):
    """Endpoints by arm: the middle and the span, and how often below the partner."""
    for name in index.endpoints():
        values = index.file[name][...]
        print(f"{name} [{unit_of(index.file[name])}]" if unit_of(index.file[name]) else name)
        for arm in arms:
            if against is None:
                known = values[(index.arm == arm) & index.done]
            else:
                mine, other = index.pairs(arm, against)
                known = values[mine] - values[other]
            known = known[np.isfinite(known)]
            if not len(known):
                print(f"  {index.arm_name(arm):40s} no member has it")
                continue
            low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
            line = f"  {index.arm_name(arm):40s} {middle:12.5g}  90 % in {low:.5g} to {high:.5g}"
            if against is not None:
                line += f"  below zero in {np.mean(known < 0):.0%} of {len(known)}"
            print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("index", help="the index of a sweep or an ensemble")
    parser.add_argument("--out", help="the picture (default: beside the index, fans.png)")
    parser.add_argument("--series", metavar="A,B", help="only these series")
    parser.add_argument("--arms", metavar="N,N", help="only these arms")
    parser.add_argument("--against", metavar="ARM", type=int, help="show differences from this arm")
    chosen = parser.parse_args()
    index = Index(chosen.index)
    names = chosen.series.split(",") if chosen.series else index.series
    for name in names:
        if name not in index.series:
            sys.exit(f"fans.py: no series '{name}'; there are: {', '.join(index.series) or 'none'}")
    if not names:
        sys.exit(f"fans.py: {chosen.index}: holds no series")
    arms = [int(arm) for arm in chosen.arms.split(",")] if chosen.arms else index.arms
    for arm in arms + ([chosen.against] if chosen.against is not None else []):
        if arm not in index.arms:
            sys.exit(f"fans.py: no arm {arm}; there are {index.arms[0]} to {index.arms[-1]}")
    arms = [arm for arm in arms if arm != chosen.against][:ARMS_MOST]
    if not arms:
        sys.exit("fans.py: no arm is left to be compared")
    print_table(index, arms, chosen.against)
    out = chosen.out or os.path.join(os.path.dirname(chosen.index), "fans.png")
    draw(index, names, arms, chosen.against, out)
    print(out)


if __name__ == "__main__":
    main()
