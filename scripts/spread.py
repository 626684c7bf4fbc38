#!/usr/bin/env python3
"""Draws how much the voxels of a field differ: one histogram for each result, and a table.

    scripts/spread.py FILE.nc:FIELD [FILE.nc:FIELD ...] [--below 0.55] [--layers] [--upto 200]
        [--names A,B] [--out SPREAD.png]

FILE is a result, or the index of a sweep that keeps the field: then each arm is one histogram of all
its members. Of each field at its last frame the table has the mean, the standard deviation, the value
that 5 % of the voxels lie below, and the share of the voxels below --below, each with its standard
error in parentheses: from the differences among members, or, for one result, as if voxels were
independent. --layers takes each value relative to the mean of its layer, so that what is left is not
a matter of depth; --upto leaves out what lies deeper (in the unit of the axis z, um). Needs numpy,
h5py and matplotlib.

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

from fans import COLOURS, Index
from result_file import open_result, words

LOWEST = 0.002  # what is below this quantile is counted in the first bin
BINS = 60


class Sample:
    """The voxels of one histogram: a row for each member, NaN where there is no tissue."""

    def __init__(self, name, item, frames, depths):
        self.name = name
        self.label = words(item.attrs.get("long_name", name))
        self.unit = words(item.attrs.get("unit_label", item.attrs.get("units", "1")))
        self.frames, self.depths = frames, depths
        self.members = None

    def select(self, layers, upto):
        """The values that count, relative to the mean of their layer or not, down to a depth or all."""
        frames = self.frames if upto is None else self.frames[:, self.depths < upto]
        if layers:
            of_layer = np.nanmean(frames, axis=(0, 2, 3), keepdims=True)
            frames = frames - of_layer + np.nanmean(of_layer)
        self.members = [each[np.isfinite(each)] for each in frames]

    def values(self):
        return np.concatenate(self.members)

    def told(self, number, error):
        """number(values) and its standard error; error(values) is that of independent voxels."""
        if len(self.members) == 1:
            return number(self.members[0]), error(self.members[0])
        each = np.array([number(values) for values in self.members])
        return number(self.values()), each.std(ddof=1) / np.sqrt(len(each))


def last(frames):
    """The last of some frames in which anything stands."""
    kept = [frame for frame in frames if np.isfinite(frame).any()]
    return kept[-1].astype(float) if kept else None


def of_result(file, path, name):
    item = file[name]
    frame = last(item[...])
    if frame is None:
        sys.exit(f"spread.py: {path}: no frame of '{name}' yet")
    title = os.path.splitext(os.path.basename(path))[0]
    return [Sample(title, item, frame[None], file["z"][...])]


def of_index(path, name):
    index = Index(path)
    item = index.file["fields"][name]
    found = []
    for arm in index.arms:
        frames = [last(item[member]) for member in np.flatnonzero((index.arm == arm) & index.done)]
        frames = [frame for frame in frames if frame is not None]
        if frames:
            title = index.arm_name(arm) if len(index.arms) > 1 else f"{len(frames)} members"
            found.append(Sample(title, item, np.array(frames), index.file["z"][...]))
    if not found:
        sys.exit(f"spread.py: {path}: no member is done")
    return found


def read(text):
    """The samples of FILE:FIELD."""
    path, _, name = text.rpartition(":")
    if not path:
        sys.exit(f"spread.py: {text}: write FILE.nc:FIELD")
    file = open_result(path, ("time", "z"), "no result with a tissue, and no index with fields")
    many = "members" in file or "replicate" in file
    place = file.get("fields", {}) if many else file
    fields = [each for each in place if getattr(place[each], "ndim", 0) == (5 if many else 4)]
    if name not in fields:
        sys.exit(f"spread.py: {path}: no field '{name}'; there are: {', '.join(fields) or 'none'}")
    return of_index(path, name) if many else of_result(file, path, name)


def low(values, share=0.05):
    """The value that a share lies below, as quantile() of the model language has it (Hazen)."""
    return np.quantile(values, share, method="hazen")


def quantile_error(values):
    """Of the 5 % quantile: half the distance of those one standard error of the share away."""
    step = np.sqrt(0.05 * 0.95 / len(values))
    return (low(values, 0.05 + step) - low(values, max(0.05 - step, 0))) / 2


def row(sample, below):
    told = [sample.told(np.mean, lambda v: v.std() / np.sqrt(len(v))),
            sample.told(np.std, lambda v: v.std() / np.sqrt(2 * len(v))),
            sample.told(lambda v: low(v), quantile_error)]
    text = f"{sample.name:30.30s} {len(sample.values()):7d}"
    text += "".join(f"  {value:8.4f} ({error:.4f})" for value, error in told)
    if below is not None:
        share, error = sample.told(lambda v: 100 * np.mean(v < below),
                                   lambda v: 100 * np.sqrt(np.mean(v < below) * np.mean(v >= below) / len(v)))
        text += f"  {share:6.2f} ({error:.2f}) %"
    return text


def print_table(found, below):
    head = f"{'':30s} {'voxels':>7s}  {'mean':>8s} {'':8s}  {'sd':>8s} {'':8s}  {'5 % below':>9s}"
    print(head + (f"{'':9s} below {below:g}" if below is not None else ""))
    for sample in found:
        print(row(sample, below))


def draw(found, below, out):
    figure, axes = plt.subplots(figsize=(8.5, 3.8), dpi=110, layout="constrained")
    whole = np.concatenate([sample.values() for sample in found])
    edges = np.linspace(np.quantile(whole, LOWEST), whole.max() + 1e-9, BINS + 1)
    for number, sample in enumerate(found):
        values = np.clip(sample.values(), edges[0], None)
        axes.hist(values, edges, weights=np.full(len(values), 100 / len(values)), histtype="step",
                  linewidth=1.6, color=COLOURS[number % len(COLOURS)], label=sample.name)
    if below is not None:
        axes.axvline(below, color="#666666", linewidth=1, linestyle="--")
    unit = found[0].unit
    axes.set_xlabel(found[0].label + ("" if unit == "1" else f" [{unit}]"), fontsize=9)
    axes.set_ylabel("share of the voxels [%]", fontsize=9)
    axes.tick_params(labelsize=8)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(out)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", metavar="FILE:FIELD", help="a result or an index, and a field of it")
    parser.add_argument("--below", type=float, help="the share of the voxels below this value")
    parser.add_argument("--layers", action="store_true", help="relative to the mean of each layer")
    parser.add_argument("--upto", type=float, metavar="DEPTH", help="only voxels less deep than this")
    parser.add_argument("--names", metavar="A,B", help="what to call the histograms")
    parser.add_argument("--out", default="spread.png", help="the picture (default spread.png)")
    chosen = parser.parse_args()
    found = [sample for text in chosen.files for sample in read(text)]
    names = chosen.names.split(",") if chosen.names else [sample.name for sample in found]
    if len(names) != len(found):
        parser.error(f"{len(found)} histograms, but {len(names)} names")
    for name, sample in zip(names, found):
        sample.name = name
        sample.select(chosen.layers, chosen.upto)
        if not len(sample.values()):
            parser.error(f"{name}: no voxel is less deep than {chosen.upto:g}")
    print_table(found, chosen.below)
    draw(found, chosen.below, chosen.out)
    print(chosen.out)


if __name__ == "__main__":
    main()
