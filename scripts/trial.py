#!/usr/bin/env python3
"""Draws a virtual trial: what each arm gains over the control, who responds, and how many it takes.

    scripts/trial.py results/PLAN/trial.nc [results/OTHER/trial.nc ...] [--out TRIAL.png]
        [--table TRIAL.csv] [--names NAME,NAME] [--arms A,B] [--markdown DAY]

Several files stand side by side, such as the same trial under two sets of parameters: neither is the
answer, and what they share is what one may speak of. Above: the difference of each arm to the
control at the primary visit, reported (with its interval) and as the model alone computes it. Below,
for each file: the share of patients that improved by at least so much, and the power of a trial of
so many patients. Beside the picture a table (CSV) with every arm and visit. Needs numpy, h5py and
matplotlib.

Research use only, not medical advice.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import csv
import os
import sys

from script_modules import need

need("h5py", "numpy", "matplotlib")

import numpy as np
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from result_file import open_result, words

COLOURS = ["#1f4e79", "#b5541c", "#3a7d44", "#7b3f8c", "#8a6d1b", "#555555", "#c2185b", "#00838f"]
MARKS = ["o", "s", "D", "^"]
QUANTITIES = ["change", "change_against", "responders", "responders_against", "omeract",
              "omeract_against", "biology", "biology_against", "area", "area_against"]


class Trial:
    """trial.nc: arms, visits, patients and what was estimated."""

    def __init__(self, path, name):
        self.path, self.name = path, name
        file = open_result(path, (), "no trial.nc of lacuna trial")
        if "estimates" not in file or "verdict" not in file:
            sys.exit(f"trial.py: {path}: holds no estimates, so it is no trial.nc of lacuna trial")
        self.file = file
        self.arms = [words(arm) for arm in file["arm"][...]]
        self.days = file["visit"][...]
        self.control = self.arms.index(words(file.attrs["control"]))
        self.primary = int(np.argmin(abs(self.days - float(np.ravel(file.attrs["primary_day"])[0]))))
        self.power_asked = float(np.ravel(file.attrs["power"])[0])
        self.confidence = float(np.ravel(file.attrs["confidence"])[0])
        self.verdict = file["verdict"][...]
        self.report = file["report"][...]

    def of(self, quantity):
        """Value, low and high over (arm, visit)."""
        group = self.file["estimates"]
        return [group[quantity + end][...] for end in ("", "_low", "_high")]

    def improvement(self, arm):
        """Of each patient that was taken in; one who is missing did not improve."""
        taken = self.verdict[arm] == 0
        gain = self.report[arm, taken, 0] - self.report[arm, taken, self.primary]
        return np.where(np.isnan(gain), -100.0, gain)


def shown(trial, chosen):
    unknown = [arm for arm in chosen if arm not in trial.arms]
    if unknown:
        sys.exit(f"trial.py: {trial.path}: no arm is called {unknown[0]}: there are "
                 f"{', '.join(trial.arms)}")
    return [arm for arm in trial.arms if not chosen or arm in chosen]


def draw_forest(axes, trials, arms):
    rows = [arm for arm in arms if arm != trials[0].arms[trials[0].control]]
    for k, trial in enumerate(trials):
        value, low, high = (x[:, trial.primary] for x in trial.of("change_against"))
        biology = trial.of("biology_against")[0][:, trial.primary]
        for row, arm in enumerate(rows):
            at = trial.arms.index(arm)
            height = -row - 0.16 * (k - (len(trials) - 1) / 2) * 2
            if not np.isnan(low[at]):
                axes.plot([low[at], high[at]], [height] * 2, color=COLOURS[k], lw=1.6)
            axes.plot(value[at], height, MARKS[k % 4], color=COLOURS[k], ms=6,
                      label=f"{trial.name}: as reported" if row == 0 else None)
            axes.plot(biology[at], height, "|", color=COLOURS[k], ms=13, mew=1.6,
                      label=f"{trial.name}: the model alone" if row == 0 else None)
    axes.axvline(0, color="#888888", lw=0.8)
    axes.set_yticks([-row for row in range(len(rows))], [arm.replace("_", " ") for arm in rows])
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    first = trials[0]
    axes.set_xlabel(f"{words(first.file.attrs['outcome']).replace('_', ' ')}: change minus that of "
                    f"{first.arms[first.control]}, day {first.days[first.primary]:g},\npoints "
                    f"(left: better; {100 * first.confidence:g} % intervals)")
    axes.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncol=4, frameon=False,
                borderaxespad=0.2)
    axes.grid(axis="x", color="#eeeeee")


def draw_responders(axes, trial, arms):
    points = np.linspace(0, 60, 121)
    for k, arm in enumerate(arms):
        gain = trial.improvement(trial.arms.index(arm))
        if len(gain):
            axes.plot(points, [100 * np.mean(gain >= p) for p in points], color=COLOURS[k % 8],
                      lw=2.2 if arm == trial.arms[trial.control] else 1.3,
                      ls="--" if arm == trial.arms[trial.control] else "-",
                      label=arm.replace("_", " "))
    axes.set_xlim(0, 60)
    axes.set_ylim(0, 100)
    axes.set_xlabel("improved by at least, points")
    axes.set_ylabel("% of patients")
    axes.set_title(f"{trial.name}: who responds, day {trial.days[trial.primary]:g}", fontsize=10)
    axes.grid(color="#eeeeee")


def draw_power(axes, trial, arms):
    sizes = trial.file["size"][...]
    power = trial.file["arms/power"][...]
    for k, arm in enumerate(arms):
        if arm != trial.arms[trial.control]:
            axes.plot(sizes, 100 * power[trial.arms.index(arm)], color=COLOURS[k % 8], lw=1.3)
    axes.axhline(100 * trial.power_asked, color="#888888", lw=0.8, ls=":")
    axes.set_xscale("log")
    ticks = [n for n in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if sizes[0] <= n <= sizes[-1]]
    axes.set_xticks(ticks, [f"{n:g}" for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 101)
    axes.set_xlabel("patients an arm")
    axes.set_ylabel("% chance to see it")
    axes.set_title(f"{trial.name}: power against {trial.arms[trial.control]}", fontsize=10)
    axes.grid(color="#eeeeee")


def draw(trials, arms, path):
    columns = 2 * len(trials)
    figure = plt.figure(figsize=(4.1 * columns, 8.2))
    grid = figure.add_gridspec(2, columns, height_ratios=[0.5 + 0.28 * len(arms), 3.2], hspace=0.34,
                               wspace=0.3)
    draw_forest(figure.add_subplot(grid[0, :]), trials, arms)
    for k, trial in enumerate(trials):
        axes = figure.add_subplot(grid[1, 2 * k])
        draw_responders(axes, trial, arms)
        if k == 0:
            axes.legend(fontsize=7, frameon=False)
        draw_power(figure.add_subplot(grid[1, 2 * k + 1]), trial, arms)
    title = os.path.commonprefix([words(trial.file.attrs["title"]) for trial in trials]).rstrip(" ,")
    figure.suptitle(title, x=0.12, y=0.965, ha="left", fontsize=12)
    figure.text(0.12, 0.02, "A virtual trial of a model that is not validated: research use only, "
                            "not medical advice.", fontsize=8, color="#555555")
    figure.savefig(path, dpi=110, bbox_inches="tight")
    print(path)


def show(value, low, high, factor=1.0):
    if np.isnan(value):
        return "-"
    interval = "" if np.isnan(low) else f" ({factor * low:.1f} to {factor * high:.1f})"
    return f"{factor * value:.1f}{interval}"


def print_side_by_side(trials, arms, day):
    """A table for a page: every arm at one visit, the files beside one another."""
    head, rule = ["arm"], ["---"]
    for trial in trials:
        control = trial.arms[trial.control]
        head += [f"{trial.name}: minus {control}", "the model alone", "% respond (MCID)", "n needed"]
        rule += ["---"] * 4
    print("| " + " | ".join(head) + " |\n| " + " | ".join(rule) + " |")
    for arm in arms:
        cells = [arm.replace("_", " ")]
        for trial in trials:
            at, visit = trial.arms.index(arm), int(np.argmin(abs(trial.days - day)))
            size = trial.file["arms/sample_size"][at]
            control = at == trial.control
            against, biology = trial.of("change_against"), trial.of("biology_against")
            cells += ["" if control else show(*(x[at, visit] for x in against)),
                      "" if control else show(*(x[at, visit] for x in biology)),
                      show(*(x[at, visit] for x in trial.of("responders")), factor=100),
                      "" if control or visit != trial.primary else
                      f"{size:.0f}" if np.isfinite(size) else "none"]
        print("| " + " | ".join(cells) + " |")


def write_table(trials, arms, path):
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        head = ["set", "arm", "day", "seen", "change_sd"]
        for quantity in QUANTITIES:
            head += [quantity, f"{quantity}_low", f"{quantity}_high"]
        table.writerow(head + ["sample_size"])
        for trial in trials:
            estimates = {quantity: trial.of(quantity) for quantity in QUANTITIES}
            seen = trial.file["estimates/seen"][...]
            sd = trial.file["estimates/change_sd"][...]
            size = trial.file["arms/sample_size"][...]
            for arm in arms:
                at = trial.arms.index(arm)
                for visit, day in enumerate(trial.days):
                    row = [trial.name, arm, f"{day:g}", int(seen[at, visit]), f"{sd[at, visit]:.4g}"]
                    for quantity in QUANTITIES:
                        row += [f"{x[at, visit]:.4g}" for x in estimates[quantity]]
                    table.writerow(row + [f"{size[at]:g}"])
    print(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("trial", nargs="+", help="trial.nc of one or more trials")
    parser.add_argument("--out", help="picture (default: trial.png beside the first file)")
    parser.add_argument("--table", help="CSV (default: trial.csv beside the first file)")
    parser.add_argument("--names", help="what to call the files (default: their directories)")
    parser.add_argument("--arms", default="", help="only these arms")
    parser.add_argument("--markdown", type=float, metavar="DAY",
                        help="print a table of the visit at this day instead of drawing")
    asked = parser.parse_args()
    names = asked.names.split(",") if asked.names else [
        os.path.basename(os.path.dirname(os.path.abspath(path))) for path in asked.trial]
    if len(names) != len(asked.trial):
        sys.exit(f"trial.py: {len(names)} names for {len(asked.trial)} files")
    trials = [Trial(path, name) for path, name in zip(asked.trial, names)]
    arms = shown(trials[0], [arm for arm in asked.arms.split(",") if arm])
    for trial in trials[1:]:
        if [arm for arm in arms if arm not in trial.arms]:
            sys.exit(f"trial.py: {trial.path}: has other arms than {trials[0].path}")
    if asked.markdown is not None:
        print_side_by_side(trials, arms, asked.markdown)
        return
    beside = os.path.dirname(asked.trial[0])
    draw(trials, arms, asked.out or os.path.join(beside, "trial.png"))
    write_table(trials, arms, asked.table or os.path.join(beside, "trial.csv"))


if __name__ == "__main__":
    main()
