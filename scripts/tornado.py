#!/usr/bin/env python3
"""One endpoint against each parameter at the ends of its range, as a table and a tornado plot.

    scripts/tornado.py SCENARIO --observable NAME --at '180 d' [--against OTHER_SCENARIO]
        [--kinds prior,assumption,fitted,computed,measured] [--only A,B] [--skip C,D] [--top 20]
        [--workers N] [--out results/tornado]
    scripts/tornado.py INDEX.nc [--observable ENDPOINT] [--arm 0] [--top 20] [--out results/tornado]

The second form draws the sensitivities of a sweep that is done, as `lacuna sensitivity` finds them, and
runs nothing.

Runs the scenario with every parameter that has a range set to its low and to its high end, one at a
time. With --against the endpoint is the difference to that scenario under the same change (treated
minus untreated). Initial states are those of the scenario: nothing is calibrated again. Writes
OUT.tsv and OUT.png. The program is $LACUNA, else ./lacuna, build/lacuna or the installed one.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from script_modules import need

need("h5py", "matplotlib")

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROW = re.compile(r'^  (\w+): \{value: "([^"]*)", range: \["([^"]*)", "([^"]*)"\], kind: (\w+)')
LOW_COLOUR, HIGH_COLOUR = "#1f4e79", "#b5541c"


def program():
    """The lacuna to run."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for path in (os.environ.get("LACUNA"), "./lacuna", os.path.join(top, "build", "lacuna"),
                 shutil.which("lacuna")):
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    sys.exit("tornado.py: no lacuna found: build it, or name it in the variable LACUNA")


def text(value):
    """A string attribute or dataset, however it is stored."""
    return value.decode() if isinstance(value, bytes) else str(value)


class Case:
    """A scenario that is run many times, each time with other parameters."""

    def __init__(self, options, scenario, folder):
        self.options, self.scenario, self.folder = options, scenario, folder
        self.lacuna = program()

    def run(self, name, settings):
        """The path of the result, or an error text."""
        path = os.path.join(self.folder, f"{name}-{os.path.basename(self.scenario)}.nc")
        command = [self.lacuna, "run", self.scenario, "--until", self.options.at, "--out", path,
                   "--threads", "1", "--quiet", "--force"]
        for key, value in settings.items():
            command += ["--set", f"{key}={value}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (path, None) if done.returncode == 0 else (None, done.stderr.strip())

    def endpoint(self, name, settings):
        """The last value of the observable."""
        path, trouble = self.run(name, settings)
        if trouble:
            return None, trouble
        with h5py.File(path, "r") as result:
            if self.options.observable not in result:
                return None, f"{self.scenario} has no observable '{self.options.observable}'"
            value = float(result[self.options.observable][-1])
        os.unlink(path)
        return value, None


def ranges(path, options):
    """name -> (low, high, value, kind) of the parameters of a result that have a range."""
    with h5py.File(path, "r") as result:
        lines = text(result["provenance/model"][()]).splitlines()
    kinds = options.kinds.split(",")
    only = options.only.split(",") if options.only else None
    skip = options.skip.split(",") if options.skip else []
    found = {}
    for line in lines:
        row = ROW.match(line)
        if (row and row[5] in kinds and row[1] not in skip
                and (only is None or row[1] in only)):
            found[row[1]] = (row[3], row[4], row[2], row[5])
    for name in only or []:
        if name not in found:
            sys.exit(f"tornado.py: '{name}' is not a parameter with a range among the kinds "
                     f"{options.kinds}")
    return found


def evaluate(cases, name, settings):
    """Endpoint of the first case, minus that of the second if there is one."""
    values = []
    for case in cases:
        value, trouble = case.endpoint(name, settings)
        if trouble:
            return None, trouble
        values.append(value)
    return values[0] - sum(values[1:]), None


def sweep(cases, found, options):
    """name -> [value at low, value at high]; failures are reported and left out."""
    jobs, rows, failed = {}, {}, []
    with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
        for name, (low, high, _, _) in found.items():
            for end, value in enumerate((low, high)):
                job = pool.submit(evaluate, cases, f"{name}-{end}", {name: value})
                jobs[job] = (name, end)
        for count, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            name, end = jobs[job]
            value, trouble = job.result()
            if trouble:
                failed.append((name, trouble))
                continue
            rows.setdefault(name, [None, None])[end] = value
            if count % 20 == 0:
                print(f"tornado.py: {count} of {len(jobs)} runs", file=sys.stderr)
    for name, trouble in failed:
        print(f"tornado.py: {name}: {trouble.splitlines()[-1] if trouble else 'failed'}",
              file=sys.stderr)
    return {name: pair for name, pair in rows.items() if None not in pair}, bool(failed)


def write_table(path, rows, found, base):
    with open(path, "w", encoding="utf-8") as table:
        table.write("parameter\tkind\tvalue\tlow\thigh\tat_low\tat_high\tspread\n")
        table.write(f"(all at their values)\t\t\t\t\t{base:.6g}\t{base:.6g}\t0\n")
        for name, pair in rows:
            low, high, value, kind = found[name]
            table.write(f"{name}\t{kind}\t{value}\t{low}\t{high}\t{pair[0]:.6g}\t{pair[1]:.6g}\t"
                        f"{abs(pair[1] - pair[0]):.6g}\n")


def draw(path, rows, base, options):
    names = [name for name, _ in rows][::-1]
    figure, axis = plt.subplots(figsize=(8.5, 1.6 + 0.3 * len(names)), constrained_layout=True)
    for place, name in enumerate(names):
        low, high = dict(rows)[name]
        axis.barh(place, low - base, left=base, color=LOW_COLOUR, height=0.7,
                  label="at the low end" if place == 0 else None)
        axis.barh(place, high - base, left=base, color=HIGH_COLOUR, height=0.45,
                  label="at the high end" if place == 0 else None)
    axis.axvline(base, color="#333333", linewidth=0.8)
    axis.set_yticks(range(len(names)), names, fontsize=8)
    against = f" minus {os.path.basename(options.against)}" if options.against else ""
    axis.set_xlabel(f"{options.observable} at {options.at}: "
                    f"{os.path.basename(options.scenario)}{against}", fontsize=9)
    axis.legend(fontsize=8, frameon=False, loc="best")
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_title("One parameter at a time, each at the ends of its range\n"
                   "research use only, not medical advice", fontsize=9)
    figure.savefig(path, dpi=130)


MEASURES = (("total", "share of the variance in which it has any part"),
            ("mu_star", "mean size of an elementary effect"),
            ("partial_rank_correlation", "partial rank correlation"))


def table_of(index, options):
    """The table of `lacuna sensitivity` for one endpoint and arm."""
    done = subprocess.run([program(), "sensitivity", index, "--json"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"tornado.py: {done.stderr.strip()}")
    tables = json.loads(done.stdout)["tables"]
    name = options.observable or (tables[0]["endpoint"] if tables else "")
    for table in tables:
        if table["endpoint"] == name and table["arm"] == options.arm:
            return table
    known = ", ".join(sorted({f"{table['endpoint']} (arm {table['arm']})" for table in tables}))
    sys.exit(f"tornado.py: {index}: no endpoint '{name}' of arm {options.arm}; there are: {known or 'none'}")


def draw_index(options):
    """Bars of one measure with their intervals, the largest on top."""
    table = table_of(options.scenario, options)
    measure, meaning = next(((key, words) for key, words in MEASURES
                             if any(key in factor for factor in table["factors"])), (None, None))
    rows = [(factor["name"], factor[measure]) for factor in table["factors"]
            if measure and isinstance(factor.get(measure), dict) and factor[measure].get("value") is not None]
    if not rows:
        sys.exit(f"tornado.py: nothing to draw: '{table['endpoint']}' has {table['used']} samples that are "
                 f"whole, {table['left_out']} runs have no number, and its standard deviation is "
                 f"{table['sd']}")
    rows.sort(key=lambda row: abs(row[1]["value"]))
    rows = rows[-options.top:]
    figure, axis = plt.subplots(figsize=(8.5, 1.6 + 0.3 * len(rows)), constrained_layout=True)
    for place, (_, found) in enumerate(rows):
        axis.barh(place, found["value"], color=LOW_COLOUR, height=0.7)
        if found.get("low") is not None:
            axis.plot([found["low"], found["high"]], [place, place], color="#333333", linewidth=1.2)
    axis.axvline(0, color="#333333", linewidth=0.8)
    axis.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8)
    axis.set_xlabel(f"{table['endpoint']}: {meaning}", fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(options.out + ".png", dpi=130)
    with open(options.out + ".tsv", "w", encoding="utf-8") as file:
        file.write(f"factor\t{measure}\tlow\thigh\n")
        for name, found in rows[::-1]:
            file.write(f"{name}\t{found['value']:.6g}\t{found.get('low')}\t{found.get('high')}\n")
    print(f"{options.out}.tsv and {options.out}.png: {len(rows)} parameters")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("scenario", help="a scenario to run, or the index of a sweep")
    parser.add_argument("--observable", help="the observable; of an index the endpoint (default: the first)")
    parser.add_argument("--at", help="time of the endpoint, such as '180 d'")
    parser.add_argument("--arm", type=int, default=0, help="of an index (default 0)")
    parser.add_argument("--against", help="scenario whose endpoint is subtracted")
    parser.add_argument("--kinds", default="prior,assumption,fitted,computed,measured")
    parser.add_argument("--only", help="only these parameters")
    parser.add_argument("--skip", help="not these parameters, such as switches of scenarios")
    parser.add_argument("--top", type=int, default=25, help="bars in the plot")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--out", default="results/tornado")
    options = parser.parse_args()
    options.out = re.sub(r"\.(png|tsv)$", "", options.out)
    os.makedirs(os.path.dirname(options.out) or ".", exist_ok=True)
    if options.scenario.endswith(".nc"):
        draw_index(options)
        return
    if not options.observable or not options.at:
        parser.error("a scenario needs --observable and --at")
    with tempfile.TemporaryDirectory(prefix="lacuna-tornado-") as folder:
        scenarios = [options.scenario] + ([options.against] if options.against else [])
        cases = [Case(options, scenario, folder) for scenario in scenarios]
        path, trouble = cases[0].run("base", {})
        if trouble:
            sys.exit(f"tornado.py: {options.scenario} does not run:\n{trouble}")
        found = ranges(path, options)
        if not found:
            sys.exit(f"tornado.py: nothing to draw: {options.scenario} has no parameter with a range among "
                     f"the kinds {options.kinds}")
        base, trouble = evaluate(cases, "base", {})
        if trouble:
            sys.exit(f"tornado.py: {trouble}")
        rows, failed = sweep(cases, found, options)
    if not rows:
        sys.exit("tornado.py: nothing to draw: every run failed, as said above")
    ordered = sorted(rows.items(), key=lambda row: -abs(row[1][1] - row[1][0]))
    write_table(options.out + ".tsv", ordered, found, base)
    draw(options.out + ".png", ordered[:options.top], base, options)
    print(f"{options.observable} at {options.at}: {base:.4g} with all parameters at their values")
    for name, pair in ordered[:10]:
        print(f"  {name:32s} {pair[0]:10.4g} {pair[1]:10.4g}")
    print(f"{options.out}.tsv and {options.out}.png: {len(rows)} parameters")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
