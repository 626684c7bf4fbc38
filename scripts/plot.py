#!/usr/bin/env python3
"""Draws a result of lacuna: time courses, profiles, and maps of fields, as one picture.

    scripts/plot.py results/RUN.nc [--out RUN.png|.svg|.pdf] [--compare OTHER.nc]
        [--variables A,B] [--fields A,B] [--times 0,30,180] [--at x=0.5,y=0.5,z=1.2] [--log]
        [--names A,B] [--band INDEX.nc] [--maps-of OTHER.nc]

Times are in the unit of the time axis (days, or hours for short runs), --at in mm. What a field varies
along decides how it is drawn: one axis as a profile and as a map over time, two as a section or a
sheet, three as three cuts. The second result is drawn in the units of the first. --band shades the middle
90 % of the members of an index, with their median, behind each curve that it kept: chance beside a run
without it. Needs numpy, h5py and matplotlib: apt-get install python3-h5py python3-matplotlib (and
/usr/bin/python3).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import os
import sys
import textwrap

from script_modules import need

need("h5py", "numpy", "matplotlib")

import h5py
import numpy as np
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from result_file import open_result, words
from result_units import factor, fitting

HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0}
DAYS_FROM = 72.0  # hours: longer runs are drawn in days
COLUMNS = 4
PROFILES = 4
AXES = ("z", "y", "x")
WORD = {"z": "depth", "y": "y", "x": "x"}
FIRST, SECOND, FAINT = "#1f4e79", "#b5541c", "#666666"
BAND = "#3a9a6b"


class Result:
    """One result file: its curves over time and its fields, in the units of the file."""

    def __init__(self, path, tissue=None):
        self.path = path
        self.file = open_result(path, ("time",), "not a result of lacuna")
        self.others = []
        self.before = self.tissue(tissue)
        self.curves, self.fields = [], []
        for name in self.names():
            item = self.file[name]
            if not isinstance(item, h5py.Dataset) or self.is_axis(item):
                continue
            axes = self.axes(name)
            if axes == ["time"]:
                self.curves.append(name)
            elif axes[1:] == [self.before + axis for axis in AXES]:
                self.fields.append(name)

    def tissue(self, wanted):
        """What stands before the axes of the tissue that is drawn: nothing where there is one."""
        found = [name[:-2] for name in self.names()
                 if name.endswith("_z") and self.is_axis(self.file[name])]
        if not found:
            return ""
        if wanted and wanted not in found:
            sys.exit(f"plot.py: {self.path}: no tissue '{wanted}'; there are: {', '.join(found)}")
        self.others = [name for name in found if name != (wanted or found[0])]
        return f"{wanted or found[0]}_"

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

    def centres(self, name):
        """Voxel centres along an axis [um]."""
        name = self.before + name
        return self.file[name][...] * factor(self.attribute(name, "units", "um"), "um")

    def varying(self, name):
        """The axes along which a field has more than one voxel."""
        return [axis for axis, size in zip(AXES, self.file[name].shape[1:]) if size > 1]

    def field_hours(self, name):
        return self.hours(self.axes(name)[0])

    def frame(self, name, hours):
        """The frame nearest to a time: (its hours, values over z, y, x)."""
        times = self.field_hours(name)
        at = int(np.argmin(np.abs(times - hours)))
        return times[at], self.file[name][at]


def squeeze(values, axis):
    """Means over the other axes: a profile along one; inactive voxels are left out."""
    others = tuple(k for k, name in enumerate(AXES) if name != axis)
    counted = np.isfinite(values)
    total, number = np.where(counted, values, 0).sum(axis=others), counted.sum(axis=others)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


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


class Length:
    """mm or um for all axes of a figure."""

    def __init__(self, result):
        largest = max((float(result.centres(axis).max()) for name in result.fields
                       for axis in result.varying(name)), default=0)
        self.unit, self.um = ("mm", 1000.0) if largest >= 1000 else ("µm", 1.0)

    def axis(self, result, name):
        return result.centres(name) / self.um

    def label(self, name):
        return f"{WORD[name]} [{self.unit}]"


class Scale:
    """The unit in which a variable is drawn: that of the first result, with the prefix that fits."""

    def __init__(self, name, runs, images):
        self.factors, self.unit = {}, runs[0].unit(name)
        finite = [np.abs(image[np.isfinite(image)]) for image in images]
        largest = max((float(values.max()) for values in finite if len(values)), default=0.0)
        by, shown = fitting(self.unit, largest)
        for run in runs:
            try:
                self.factors[run.path] = by * factor(run.unit(name), self.unit)
            except ValueError as reason:
                sys.exit(f"plot.py: {run.path}: {name}: {reason}, the unit of {runs[0].path}")
        self.unit = shown

    def of(self, run, values):
        return values * self.factors[run.path]


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


class Band:
    """The curves of the members of an index: the middle 90 % and the median at each time."""

    def __init__(self, path):
        self.path = path
        self.file = open_result(path, ("series", "time"), "no index of members")
        status = self.file["status"]
        flags = words(status.attrs["flag_meanings"]).split()
        self.done = status[...] == np.ravel(status.attrs["flag_values"])[flags.index("done")]

    def cut(self, name):
        """(hours, quantiles 5, 50, 95 % over the members, unit), or None."""
        if name not in self.file["series"] or self.file["series"][name].ndim != 2:
            return None
        item = self.file["series"][name]
        curves = item[...][self.done]
        known = np.isfinite(curves).any(axis=0)
        unit = words(item.attrs.get("unit_label", item.attrs.get("units", "")))
        return (self.file["time"][...][known], np.nanquantile(curves[:, known], [0.05, 0.5, 0.95], axis=0),
                unit)


def draw_band(axes, cut, clock, unit):
    hours, quantiles, own = cut
    try:
        quantiles = quantiles * factor(own, unit)
    except ValueError as reason:
        sys.exit(f"plot.py: --band: {reason}")
    axes.fill_between(clock.shown(hours), quantiles[0], quantiles[2], color=BAND, alpha=0.3, linewidth=0)
    axes.plot(clock.shown(hours), quantiles[1], color=BAND, linewidth=1.0)


def draw_curve(axes, name, runs, clock, chosen):
    runs, log = [run for run in runs if name in run.curves], chosen.log
    scale = Scale(name, runs, [run.curve(name) for run in runs[:1]])
    cut = chosen.band.cut(name) if chosen.band else None
    if cut:
        draw_band(axes, cut, clock, scale.unit)
    for number, run in enumerate(runs):
        axes.plot(clock.shown(run.hours()), scale.of(run, run.curve(name)),
                  color=(FIRST, SECOND)[number], linestyle=("-", "--")[number], linewidth=1.6)
    titled(axes, runs[0].label(name), scale.unit)
    axes.set_xlabel(f"time [{clock.unit}]", fontsize=8)
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.set_xlim(0, max(float(clock.shown(run.hours()[-1])) for run in runs) or 1)
    if log and any((run.curve(name) > 0).any() for run in runs):
        axes.set_yscale("log")
    else:
        plain(axes, "y")


def frames_of(name, runs, hours):
    """(run number, its hours, values) at each time at which the first run and the others have a frame;
    nothing is drawn beyond the end of a run."""
    for time in hours:
        drawn = None
        for number, run in enumerate(runs):
            at, values = run.frame(name, time)
            if drawn is not None and abs(at - drawn) > 0.01 * max(hours):
                continue
            drawn = at if drawn is None else drawn
            yield number, time, at, values


def draw_profile(axes, name, runs, paint, hours, log):
    """A field along the axis that matters: depth when it varies, downwards; else x or y."""
    clock, length = paint
    runs = [run for run in runs if name in run.fields and len(run.field_hours(name))]
    along = runs[0].varying(name)[0]
    colours = dict(zip(hours, plt.cm.viridis(np.linspace(0, 0.88, len(hours)))))
    frames = list(frames_of(name, runs, hours))
    scale = Scale(name, runs, [squeeze(values, along) for number, _, _, values in frames if number == 0])
    for number, time, at, values in frames:
        place, value = length.axis(runs[number], along), scale.of(runs[number], squeeze(values, along))
        axes.plot(*((value, place) if along == "z" else (place, value)), color=colours[time],
                  linewidth=1.5, linestyle=("-", "--")[number],
                  label=clock.label(at) if number == 0 else None)
    centres = length.axis(runs[0], along)
    shown = scale.unit if scale.unit != "1" else ""
    titled(axes, runs[0].label(name), length.label(along) if along == "z" else shown)
    axes.set_xlabel(shown if along == "z" else length.label(along), fontsize=8)
    axes.grid(alpha=0.25, linewidth=0.6)
    if along == "z":
        axes.set_ylim(centres.max() + centres.min(), 0)
    else:
        axes.set_xlim(0, centres.max() + centres.min())
    which = "x" if along == "z" else "y"
    if log and any((values > 0).any() for _, _, _, values in frames):
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    else:
        plain(axes, which)


def middle_of(result, axis, at, length):
    """The voxel of a cut: the one at the place asked for, else the middle one."""
    centres = result.centres(axis)
    if axis not in at:
        return len(centres) // 2, ""
    voxel = int(np.argmin(np.abs(centres - 1000 * at[axis])))
    return voxel, f" at {axis} = {length.axis(result, axis)[voxel]:.3g} {length.unit}"


def maps(result, name, hours, paint, at):
    """What to show of a field: [(image, down, across, words)], where an axis is (edges' centres, label,
    is a length). One map of a section or sheet, three cuts of a volume, a history of a profile."""
    clock, length = paint
    varying = result.varying(name)
    time, values = result.frame(name, hours)
    axis = {each: (length.axis(result, each), length.label(each), True) for each in AXES}
    if len(varying) == 1:
        times = result.field_hours(name)
        history = result.file[name][: len(times)].reshape(len(times), -1).T
        return [(history, axis[varying[0]], (clock.shown(times), f"time [{clock.unit}]", False),
                 "over time")]
    found = []
    for fixed in [each for each in AXES if each not in varying] if len(varying) == 2 else AXES[::-1]:
        voxel, words_of = middle_of(result, fixed, at, length)
        down, across = [each for each in AXES if each != fixed]
        if len(varying) == 3 and not words_of:
            words_of = f", middle of {WORD[fixed]}"
        found.append((np.take(values, voxel, axis=AXES.index(fixed)), axis[down], axis[across],
                      f"at {clock.label(time)}{words_of}"))
    return found


def edges(centres):
    """Borders of cells from their centres."""
    if len(centres) == 1:
        return np.array([0, 2 * centres[0] if centres[0] > 0 else 1])
    steps = np.diff(centres)
    if np.ptp(steps) > 1e-3 * steps.max():  # layers that differ: they follow each other from the surface
        found = [0.0]
        for centre in centres:
            found.append(2 * centre - found[-1])
        return np.array(found)
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def draw_map(figure, axes, one, look):
    """One image; `look`: (norm, unit, title)."""
    image, (down, down_label, down_is_length), (across, across_label, is_length), when = one
    norm, unit, title = look
    colours = plt.cm.magma.copy()
    colours.set_bad("#d9d9d9")
    mesh = axes.pcolormesh(edges(across), edges(down), np.ma.masked_invalid(image), cmap=colours,
                           shading="flat", norm=norm, rasterized=True)
    equal = is_length and down_is_length
    if equal:  # such an image is narrower than its place: at the left of it, with room for the title
        axes.set_aspect("equal", anchor="W")
        bar = figure.colorbar(mesh, cax=axes.inset_axes([1.04, 0, 0.06, 1]))
    else:
        bar = figure.colorbar(mesh, ax=axes, pad=0.02)
    bar.ax.tick_params(labelsize=8)
    if unit != "1":
        bar.set_label(unit, fontsize=8)
    columns = axes.get_subplotspec().get_gridspec().ncols
    titled(axes, title.replace("WHEN", when), down_label, 128 // columns)
    axes.set_xlabel(across_label, fontsize=8)
    if down_label.startswith(WORD["z"]):
        axes.invert_yaxis()


def norm_of(images, log):
    """One colour scale for all images, from 0 when that costs little contrast."""
    values = np.concatenate([image[np.isfinite(image)] for image in images])
    if log and (values > 0).any():
        return matplotlib.colors.LogNorm(values[values > 0].min(), values.max())
    if not len(values):
        return matplotlib.colors.Normalize(0, 1)
    low, high = float(values.min()), float(values.max())
    if 0 < low < 0.5 * high:
        low = 0.0
    if not high > low:
        low, high = low - 0.5 * abs(low) - 1e-30, high + 0.5 * abs(high) + 1e-30
    return matplotlib.colors.Normalize(low, high)


def map_row(name, runs, hours, paint, chosen):
    """The maps of one field for all runs: [(map, norm, unit, title)]."""
    shown = [run for run in runs if name in run.fields and len(run.field_hours(name))]
    scale = Scale(name, shown, [one[0] for one in maps(shown[0], name, hours, paint, chosen.at)])
    row = []
    for number, run in enumerate(shown):
        heading = f" ({names_of(shown)[number]})" if len(shown) > 1 else ""
        for image, down, across, when in maps(run, name, hours, paint, chosen.at):
            row.append(((scale.of(run, image), down, across, when), f"WHEN{heading}: {run.label(name)}"))
    norm = norm_of([one[0] for one, _ in row], chosen.log)
    return [(one, (norm, scale.unit, title)) for one, title in row]


def names_of(runs):
    """What to call the runs: their scenarios, or their files when these agree."""
    names = [words(run.file.attrs.get("scenario", "")) for run in runs]
    if not all(names) or len(set(names)) < len(names):
        names = [os.path.splitext(os.path.basename(run.path))[0] for run in runs]
    return names


def draw_head(figure, runs, height, band, names):
    title = words(runs[0].file.attrs.get("title", os.path.basename(runs[0].path)))
    figure.text(0.012, 1 - 0.14 / height, title, fontsize=13, weight="bold", va="top")
    names = names or names_of(runs)
    line = [plt.Line2D([], [], color=(FIRST, SECOND)[k], linestyle=("-", "--")[k], label=name)
            for k, name in enumerate(names)]
    if band:
        label = f"{band.done.sum()} stochastic replicates: middle 90 % and median"
        line.append(plt.Line2D([], [], color=BAND, linewidth=6, alpha=0.5, label=label))
    figure.legend(handles=line, loc="upper left", bbox_to_anchor=(0.006, 1 - 0.36 / height),
                  ncol=3, frameon=False, fontsize=9)
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


def select(main, chosen):
    """(curves, profiles, maps) by name; says on standard error which fields are left out."""
    curves = [name for name in main.curves if np.isfinite(main.curve(name)).any()]
    fields = [name for name in main.fields if len(main.field_hours(name)) and main.varying(name)]
    asked = choose(main.fields, chosen.fields.split(","), "field") if chosen.fields else []
    if chosen.variables:
        wanted = choose(main.curves + main.fields, chosen.variables.split(","), "variable")
        curves = [name for name in wanted if name in curves]
        fields = [name for name in wanted if name in fields]
    ranked = sorted(fields, key=lambda name: -spread(main, name))
    profiles = sorted(ranked[:PROFILES], key=fields.index) if chosen.variables or not asked else \
        [name for name in asked if main.varying(name)]
    mapped = [name for name in asked if main.varying(name)] or ranked[:1]
    if mapped and "z" not in main.varying(mapped[0]) and len(main.varying(mapped[0])) == 2:
        profiles = []  # of a sheet the map says more
        mapped = mapped if asked else ranked[:2]
    left = [name for name in main.fields if name not in profiles + mapped]
    if left and not chosen.fields:
        print(f"plot.py: not drawn: {', '.join(left)} (choose with --fields)", file=sys.stderr)
    return curves, profiles, mapped


def shape_of(row):
    """Height of a row of maps relative to its width: equal scales need their room."""
    (_, (down, _, is_length), (across, _, also), _), _ = row[0]
    if not (is_length and also):
        return 1.35
    ratio = (edges(down)[-1] - edges(down)[0]) / (edges(across)[-1] - edges(across)[0])
    return float(np.clip(ratio * 4.5 / len(row), 1.2, 2.6))


def together(rows):
    """Rows of single maps share rows of three."""
    if any(len(row) > 1 for row in rows):
        return rows
    single = [row[0] for row in rows]
    return [single[first:first + 3] for first in range(0, len(single), 3)]


def rows_of(names):
    return -(-len(names) // COLUMNS)


def draw(runs, chosen):
    main = runs[0]
    clock = Clock(max(main.hours(), default=0))
    paint = clock, Length(main)
    curves, profiles, mapped = select(main, chosen)
    drawn = profiles + mapped
    hours = frame_times(runs, drawn[0], chosen.times, clock) if drawn else []
    if chosen.maps_of:
        mapped = chosen.fields.split(",") if chosen.fields else mapped
        choose(chosen.maps_of.fields, mapped, "field")
        images = [[look for name in mapped
                   for look in map_row(name, [chosen.maps_of], chosen.maps_of.hours()[-1], paint, chosen)]]
    else:
        images = together([map_row(name, runs, hours[-1], paint, chosen) for name in mapped])
    heights = [1.0] * rows_of(curves) + [1.35] * rows_of(profiles) + [shape_of(row) for row in images]
    if not heights:
        sys.exit(f"plot.py: {main.path}: nothing to draw")
    height = 2.15 * sum(heights) + 1.0
    figure = plt.figure(figsize=(14, height), dpi=chosen.dpi, layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.28 / height, 1, 1 - 0.98 / height), h_pad=0.08,
                                   w_pad=0.08)
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    at = 0
    for names, painter in ((curves, lambda axes, name: draw_curve(axes, name, runs, clock, chosen)),
                           (profiles, lambda axes, name: draw_profile(axes, name, runs, paint, hours,
                                                                      chosen.log))):
        for first in range(0, len(names), COLUMNS):
            # Few panels share the width of a row; those of several rows stand below each other.
            columns = COLUMNS if len(names) > COLUMNS else len(names)
            places = grid[at].subgridspec(1, columns)
            for column, name in enumerate(names[first:first + COLUMNS]):
                axes = figure.add_subplot(places[column])
                painter(axes, name)
                if names is profiles and first == 0 and column == 0:
                    axes.legend(fontsize=7.5, frameon=False, title="mean at", title_fontsize=7.5)
            at += 1
    for row in images:
        places = grid[at].subgridspec(1, len(row))
        for number, (one, look) in enumerate(row):
            draw_map(figure, figure.add_subplot(places[number]), one, look)
        at += 1
    draw_head(figure, runs, height, chosen.band, chosen.names)
    figure.savefig(chosen.out)
    plt.close(figure)


def places_of(parser, text):
    """{"x": mm, ...} of --at."""
    found = {}
    for part in text.split(",") if text else []:
        axis, _, value = part.partition("=")
        try:
            found[axis.strip()] = float(value)
        except ValueError:
            parser.error(f"--at wants places such as x=0.5,z=1.2 in mm, not '{part}'")
        if axis.strip() not in AXES:
            parser.error(f"--at: no axis '{axis}'; there are x, y and z (depth)")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", help="a result file")
    parser.add_argument("--out", help="the picture: PNG, SVG or PDF (default: beside the result, .png)")
    parser.add_argument("--compare", metavar="OTHER", help="a second result, drawn dashed")
    parser.add_argument("--names", metavar="A,B", help="what the legend calls the results")
    parser.add_argument("--tissue", metavar="NAME", help="whose fields are drawn (default: the first)")
    parser.add_argument("--variables", metavar="A,B", help="only these curves and fields")
    parser.add_argument("--fields", "--field", metavar="A,B", help="the fields of which maps are drawn")
    parser.add_argument("--times", metavar="T,T", help="times of the profiles and, the last, of the "
                        "maps (unit of the time axis)")
    parser.add_argument("--at", metavar="x=X,z=Z", help="where sections and volumes are cut [mm] "
                        "(default: in the middle)")
    parser.add_argument("--band", metavar="INDEX", help="the index of replicates: their middle 90 %% "
                        "behind the curves")
    parser.add_argument("--maps-of", metavar="OTHER", help="draw the maps (--fields) of this result, at "
                        "its end, side by side")
    parser.add_argument("--log", action="store_true", help="logarithmic scales of values")
    parser.add_argument("--dpi", type=int, default=110, help="dots per inch (default 110)")
    chosen = parser.parse_args()
    if chosen.times:
        try:
            chosen.times = [float(time) for time in chosen.times.split(",")]
        except ValueError:
            parser.error(f"--times wants numbers with commas between, not '{chosen.times}'")
    chosen.at = places_of(parser, chosen.at)
    chosen.out = chosen.out or os.path.splitext(chosen.result)[0] + ".png"
    if os.path.splitext(chosen.out)[1].lower() not in (".png", ".svg", ".pdf"):
        parser.error(f"--out: '{chosen.out}' does not end with .png, .svg or .pdf")
    chosen.names = chosen.names.split(",") if chosen.names else None
    if chosen.names and len(chosen.names) != 1 + bool(chosen.compare):
        parser.error(f"{1 + bool(chosen.compare)} results, but {len(chosen.names)} names")
    runs = [Result(each, chosen.tissue) for each in (chosen.result, chosen.compare) if each]
    if not len(runs[0].hours()):
        sys.exit(f"plot.py: {chosen.result}: holds no complete frame")
    if chosen.tissue and not any(name.startswith(chosen.tissue + "_") for name in runs[0].fields):
        sys.exit(f"plot.py: {chosen.result}: no field of a tissue '{chosen.tissue}'; there are: "
                 + (", ".join(runs[0].fields) or "none"))
    if runs[0].others and not chosen.tissue:
        print(f"plot.py: profiles and maps are of '{runs[0].before[:-1]}'; --tissue draws another: "
              + ", ".join(runs[0].others), file=sys.stderr)
    chosen.band = Band(chosen.band) if chosen.band else None
    chosen.maps_of = Result(chosen.maps_of, chosen.tissue) if chosen.maps_of else None
    draw(runs, chosen)
    print(chosen.out)


if __name__ == "__main__":
    main()
