#!/usr/bin/env python3
"""Draws a result of lacuna: time courses, depth profiles and one field, as one PNG.

    scripts/plot.py results/RUN.nc [--out RUN.png] [--compare OTHER.nc]
        [--variables A,B] [--field NAME] [--times 0,30,180]

Times are in the unit of the time axis (days, or hours for short runs). Needs numpy, h5py and
matplotlib: apt-get install python3-h5py python3-matplotlib (and /usr/bin/python3).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import os
import sys
import textwrap

try:
    import h5py
    import numpy as np
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
except ImportError as missing:
    system = "/usr/bin/python3"  # the interpreter for which a distribution packages modules
    if __name__ == "__main__" and sys.executable != system and os.access(system, os.X_OK):
        os.execv(system, [system, *sys.argv])
    sys.exit(f"plot.py: {missing.name} is missing in {sys.executable}; on Debian: "
             "apt-get install python3-h5py python3-matplotlib, then /usr/bin/python3 "
             "scripts/plot.py ...")

HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0}
DAYS_FROM = 72.0  # hours: longer runs are drawn in days
COLUMNS = 4
PROFILES = 4
FIRST, SECOND, FAINT = "#1f4e79", "#b5541c", "#666666"


def words(value):
    """An attribute as a string, however it is stored."""
    return value.decode() if isinstance(value, bytes) else str(value)


class Result:
    """One result file: its curves over time and its fields, in the units of the file."""

    def __init__(self, path):
        self.path = path
        try:
            self.file = h5py.File(path, "r")
        except OSError as reason:
            why = os.strerror(reason.errno) if reason.errno else "is not an HDF5 file"
            sys.exit(f"plot.py: {path}: {why}")
        if "time" not in self.file:
            sys.exit(f"plot.py: {path}: holds no 'time', so it is no result of lacuna")
        self.curves, self.fields = [], []
        for name in self.names():
            item = self.file[name]
            if not isinstance(item, h5py.Dataset) or self.is_axis(item):
                continue
            axes = self.axes(name)
            if axes == ["time"]:
                self.curves.append(name)
            elif axes[1:] == ["z", "y", "x"]:
                self.fields.append(name)

    def names(self):
        """What the file holds, in the order in which it was made."""
        found = []
        try:
            self.file.id.links.iterate(found.append, idx_type=h5py.h5.INDEX_CRT_ORDER)
        except (RuntimeError, ValueError):
            return list(self.file)
        return [words(name) for name in found]

    @staticmethod
    def is_axis(item):
        return words(item.attrs.get("CLASS", "")) == "DIMENSION_SCALE"

    def axes(self, name):
        """The names of a variable's dimensions."""
        item = self.file[name]
        return [os.path.basename(item.dims[k][0].name) if len(item.dims[k]) else "?"
                for k in range(item.ndim)]

    def attribute(self, name, key, default=""):
        return words(self.file[name].attrs.get(key, default))

    def label(self, name):
        return self.attribute(name, "long_name", name)

    def unit(self, name):
        return self.attribute(name, "unit_label", self.attribute(name, "units"))

    def hours(self, axis="time"):
        """The times of complete frames: a killed run may have begun one more."""
        time = self.file[axis][...] * HOURS[self.attribute(axis, "units", "h")]
        return time[np.isfinite(time)]

    def curve(self, name):
        return self.file[name][: len(self.hours())]

    def axis(self, name):
        """Voxel centres and the unit they are shown in."""
        centres = self.file[name][...]
        return (centres / 1000, "mm") if centres.max() >= 1000 else (centres, "µm")

    def field_hours(self, name):
        return self.hours(self.axes(name)[0])

    def frame(self, name, hours):
        """The frame nearest to a time: (its hours, values over z, y, x)."""
        times = self.field_hours(name)
        at = int(np.argmin(np.abs(times - hours)))
        return times[at], self.file[name][at]


def squeeze(values):
    """Means over the lateral axes: a profile over depth; inactive voxels are left out."""
    flat = values.reshape(values.shape[0], -1)
    counted = np.isfinite(flat)
    total = np.where(counted, flat, 0).sum(axis=1)
    return np.where(counted.any(axis=1), total / np.maximum(counted.sum(axis=1), 1), np.nan)


def spread(result, name):
    """How much a field differs over space at the end, relative to its size."""
    if not len(result.field_hours(name)):
        return 0.0
    _, last = result.frame(name, np.inf)
    largest = np.nanmax(np.abs(last)) if np.isfinite(last).any() else 0
    return float((np.nanmax(last) - np.nanmin(last)) / largest) if largest > 0 else 0.0


class Clock:
    """Hours or days, whichever reads better for a run."""

    def __init__(self, hours):
        self.unit, self.hours = ("d", 24.0) if hours > DAYS_FROM else ("h", 1.0)
        self.word = {"d": "days", "h": "hours"}[self.unit]

    def shown(self, hours):
        return np.asarray(hours) / self.hours

    def label(self, hours):
        return f"{float(self.shown(hours)):.3g} {self.unit}"


def choose(known, wanted, what):
    """The wanted names, each of which must be known."""
    for name in wanted:
        if name not in known:
            sys.exit(f"plot.py: no {what} '{name}'; there are: {', '.join(known) or 'none'}")
    return wanted


def titled(axes, label, unit=None, width=38):
    text = "\n".join(textwrap.wrap(label, width)[:2])
    axes.set_title(text, fontsize=9, loc="left")
    if unit and unit != "1":
        axes.set_ylabel(unit, fontsize=8)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def plain(axes, which):
    """Few ticks, no offsets that hide the value."""
    axes.ticklabel_format(axis=which, style="sci", scilimits=(-3, 4), useOffset=False)
    (axes.yaxis if which == "y" else axes.xaxis).get_offset_text().set_fontsize(8)


def draw_curve(axes, name, runs, clock):
    for number, run in enumerate(runs):
        if name not in run.curves:
            continue
        axes.plot(clock.shown(run.hours()), run.curve(name), color=(FIRST, SECOND)[number],
                  linestyle=("-", "--")[number], linewidth=1.6)
    titled(axes, runs[0].label(name), runs[0].unit(name))
    axes.set_xlabel(f"time [{clock.unit}]", fontsize=8)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.set_xlim(0, max(float(clock.shown(run.hours()[-1])) for run in runs) or 1)
    plain(axes, "y")


def draw_profile(axes, name, runs, clock, hours):
    colours = plt.cm.viridis(np.linspace(0, 0.88, len(hours)))
    depth, unit = runs[0].axis("z")
    for colour, time in zip(colours, hours):
        drawn = None
        for number, run in enumerate(runs):
            if name not in run.fields or not len(run.field_hours(name)):
                continue
            at, values = run.frame(name, time)
            if drawn is not None and abs(at - drawn) > 0.01 * max(hours):
                continue  # the other run has no frame of about this time
            drawn = at
            axes.plot(squeeze(values), run.axis("z")[0], color=colour, linewidth=1.5,
                      linestyle=("-", "--")[number],
                      label=clock.label(at) if number == 0 else None)
    titled(axes, runs[0].label(name), f"depth [{unit}]")
    shown = runs[0].unit(name)
    axes.set_xlabel(shown if shown != "1" else "", fontsize=8)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.set_ylim(depth.max() + depth.min(), 0)
    plain(axes, "x")


def plane(result, name, hours, clock):
    """What to show of a field: (image over depth, positions across, label across, words)."""
    at, values = result.frame(name, hours)
    if values.shape[2] > 1:
        across, unit = result.axis("x")
        middle = values.shape[1] // 2
        note = ", middle slice" if values.shape[1] > 1 else ""
        return values[:, middle, :], across, f"x [{unit}]", f"at {clock.label(at)}{note}"
    if values.shape[1] > 1:
        across, unit = result.axis("y")
        return values[:, :, 0], across, f"y [{unit}]", f"at {clock.label(at)}"
    times = result.field_hours(name)
    history = result.file[name][: len(times), :, 0, 0].T
    return history, clock.shown(times), f"time [{clock.unit}]", "over time"


def edges(centres):
    """Borders of cells from their centres."""
    if len(centres) == 1:
        return np.array([0, 2 * centres[0] if centres[0] > 0 else 1])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def draw_field(figure, axes, name, run, clock, hours, span, heading):
    image, across, label, when = plane(run, name, hours, clock)
    depth, unit = run.axis("z")
    colours = plt.cm.magma.copy()
    colours.set_bad("#d9d9d9")
    mesh = axes.pcolormesh(edges(across), edges(depth), np.ma.masked_invalid(image), cmap=colours,
                           shading="flat", vmin=span[0], vmax=span[1], rasterized=True)
    bar = figure.colorbar(mesh, ax=axes, pad=0.02)
    bar.ax.tick_params(labelsize=8)
    bar.formatter.set_powerlimits((-3, 4))
    bar.ax.yaxis.get_offset_text().set_fontsize(8)
    shown = run.unit(name)
    if shown != "1":
        bar.set_label(shown, fontsize=8)
    titled(axes, f"{run.label(name)}, {when}{heading}", f"depth [{unit}]", 80)
    axes.set_xlabel(label, fontsize=8)
    axes.invert_yaxis()


def span_of(runs, name, hours, clock):
    """One colour scale for all runs, from 0 when that costs little contrast."""
    images = [plane(run, name, hours, clock)[0] for run in runs if name in run.fields]
    values = np.concatenate([image[np.isfinite(image)] for image in images])
    if not len(values):
        return 0, 1
    low, high = float(values.min()), float(values.max())
    if 0 < low < 0.5 * high:
        low = 0.0
    return (low, high) if high > low else \
        (low - 0.5 * abs(low) - 1e-30, high + 0.5 * abs(high) + 1e-30)


def names_of(runs):
    """What to call the runs: their scenarios, or their files when these agree."""
    names = [words(run.file.attrs.get("scenario", "")) for run in runs]
    if not all(names) or len(set(names)) < len(names):
        names = [os.path.splitext(os.path.basename(run.path))[0] for run in runs]
    return names


def draw_head(figure, runs, height):
    title = words(runs[0].file.attrs.get("title", os.path.basename(runs[0].path)))
    figure.text(0.012, 1 - 0.14 / height, title, fontsize=13, weight="bold", va="top")
    names = names_of(runs)
    line = [plt.Line2D([], [], color=(FIRST, SECOND)[k], linestyle=("-", "--")[k], label=name)
            for k, name in enumerate(names)]
    figure.legend(handles=line, loc="upper left", bbox_to_anchor=(0.006, 1 - 0.36 / height),
                  ncol=2, frameon=False, fontsize=9)
    notices = [words(run.file.attrs["notice"]) for run in runs if "notice" in run.file.attrs]
    if notices:
        notice = notices[0][0].upper() + notices[0][1:] + "."
        figure.text(0.988, 0.06 / height, notice, fontsize=9, color="#8b0000", ha="right",
                    va="bottom")
    figure.text(0.012, 0.06 / height, words(runs[0].file.attrs.get("source", "")), fontsize=8,
                color=FAINT, va="bottom")


def frame_times(runs, field, wanted, clock):
    """Hours at which profiles are drawn: five frames of the run that has the fewest."""
    if wanted:
        return [time * clock.hours for time in wanted]
    times = min((run.field_hours(field) for run in runs
                 if field in run.fields and len(run.field_hours(field))), key=len)
    return list(times[np.unique(np.linspace(0, len(times) - 1, 5).astype(int))])


def draw(runs, chosen):
    main = runs[0]
    clock = Clock(max(main.hours(), default=0))
    curves = [name for name in main.curves if np.isfinite(main.curve(name)).any()]
    fields = [name for name in main.fields if len(main.field_hours(name))]
    if chosen.variables:
        wanted = choose(main.curves + fields, chosen.variables.split(","), "variable")
        curves = [name for name in wanted if name in curves]
        fields = [name for name in wanted if name in fields]
    profiles = sorted(fields, key=lambda name: -spread(main, name))[:PROFILES]
    profiles.sort(key=fields.index)
    snapshot = None
    if chosen.field:
        snapshot = choose(main.fields, [chosen.field], "field")[0]
    elif profiles:
        snapshot = max(profiles, key=lambda name: spread(main, name))
    hours = frame_times(runs, snapshot, chosen.times, clock) if snapshot else []

    rows = -(-len(curves) // COLUMNS)
    below = bool(snapshot)
    profile_row = bool(profiles)
    heights = [1.0] * rows + [1.35] * profile_row + [1.35] * below
    if not heights:
        sys.exit(f"plot.py: {main.path}: nothing to draw")
    height = 2.15 * sum(heights) + 1.0
    figure = plt.figure(figsize=(14, height), dpi=chosen.dpi, layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.28 / height, 1, 1 - 0.98 / height), h_pad=0.08,
                                   w_pad=0.08)
    grid = figure.add_gridspec(len(heights), COLUMNS, height_ratios=heights)
    for number, name in enumerate(curves):
        draw_curve(figure.add_subplot(grid[number // COLUMNS, number % COLUMNS]), name, runs,
                   clock)
    for number, name in enumerate(profiles):
        axes = figure.add_subplot(grid[rows, number])
        draw_profile(axes, name, runs, clock, hours)
        if number == 0:
            axes.legend(fontsize=7.5, frameon=False, title="lateral mean at", title_fontsize=7.5)
    if snapshot:
        shown = [run for run in runs if snapshot in run.fields and len(run.field_hours(snapshot))]
        span = span_of(shown, snapshot, hours[-1], clock)
        places = grid[rows + profile_row, :].subgridspec(1, len(shown))
        for number, run in enumerate(shown):
            axes = figure.add_subplot(places[0, number])
            heading = f" ({names_of(shown)[number]})" if len(shown) > 1 else ""
            draw_field(figure, axes, snapshot, run, clock, hours[-1], span, heading)
    draw_head(figure, runs, height)
    figure.savefig(chosen.out)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", help="a result file")
    parser.add_argument("--out", help="the picture (default: beside the result, .png)")
    parser.add_argument("--compare", metavar="OTHER", help="a second result, drawn dashed")
    parser.add_argument("--variables", metavar="A,B", help="only these curves and fields")
    parser.add_argument("--field", metavar="NAME", help="the field of the snapshot")
    parser.add_argument("--times", metavar="T,T", help="times of the depth profiles and, the last, "
                        "of the snapshot (unit of the time axis)")
    parser.add_argument("--dpi", type=int, default=110, help="dots per inch (default 110)")
    chosen = parser.parse_args()
    if chosen.times:
        try:
            chosen.times = [float(time) for time in chosen.times.split(",")]
        except ValueError:
            parser.error(f"--times wants numbers with commas between, not '{chosen.times}'")
    chosen.out = chosen.out or os.path.splitext(chosen.result)[0] + ".png"
    runs = [Result(chosen.result)] + ([Result(chosen.compare)] if chosen.compare else [])
    if not len(runs[0].hours()):
        sys.exit(f"plot.py: {chosen.result}: holds no complete frame")
    draw(runs, chosen)
    print(chosen.out)


if __name__ == "__main__":
    main()
