#!/usr/bin/env python3
"""Calibration of a model to what trials report, by sequential Monte Carlo ABC.

    scripts/calibrate.py PRIOR.csv TARGETS.csv PLAN.yaml [--design 100] [--particles 200] [--seed 1]
        [--generations 8] [--constant saline] [--lacuna build/lacuna] [--out results/calibration]

(1) A Latin hypercube over the ranges of PRIOR.csv runs in the arms of PLAN, in memory, by `lacuna sweep`.
(2) What each arm changes at each day becomes a Gaussian process of the parameters; its length scales are those
with the smallest error of points left out, which is printed. (3) A particle is a point of the prior. Of each
particle a report is drawn as the trial could have had it (the change, the contextual response, and the error
that the trial states); the distance is the root mean square of report minus trial, in errors. Generation by
generation the distance that is allowed falls to the median of the last one, and new particles are old ones
moved by a normal kernel of twice their weighted covariance (Beaumont et al. 2009, Biometrika 96:983; Toni et
al. 2009, J R Soc Interface 6:187), until it reaches 1. (4) The table shows where each trial lies among what
trials of its size would report under the posterior. Only the seed decides what is drawn.

Written to --out: posterior.csv (model parameters, equal weights: a `table:` of plans), contextual.csv (the
contextual response of the same particles), predictive.csv; and the tables in Markdown, printed.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import csv
import os
import re
import resource
import subprocess
import sys

from script_modules import need

need("h5py", "numpy")

import h5py
import numpy as np

from result_file import words

# The contextual response as in `trial:`; its mean is among what is fitted.
CONTEXTUAL, ONSET, HALF_LIFE = "contextual_mean", 14.0, 1810.0
SMALLEST = 1.0  # the distance at which reports are as near to trials as trials are to the truth


def read_table(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


class Prior:
    """Independent, uniform in the value or its logarithm; points live in those coordinates."""

    def __init__(self, path):
        self.rows = read_table(path)
        self.names = [row["name"] for row in self.rows]
        self.logarithmic = np.array([row["scale"] == "log" for row in self.rows])
        ends = np.array([[float(row["low"]), float(row["high"])] for row in self.rows]).T
        ends[:, self.logarithmic] = np.log(ends[:, self.logarithmic])
        self.low, self.high = ends

    def draw(self, chance, count):
        return self.low + (self.high - self.low) * chance.random((count, len(self.names)))

    def holds(self, points):
        return np.all((points >= self.low) & (points <= self.high), axis=1)

    def values(self, points):
        return np.where(self.logarithmic, np.exp(points), points)

    def heads(self, names):
        units = {row["name"]: row["unit"] for row in self.rows}
        return [f"{name} [{units[name]}]" if units[name] else name for name in names]


class Program:
    """Runs plans and scenarios."""

    def __init__(self, prior, options):
        self.prior, self.options = prior, options

    def run(self, *words):
        done = subprocess.run([self.options.lacuna, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"calibrate.py: {' '.join(words[:2])}: {done.stderr.strip()}")

    def cpu(self):
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def plan(self, name, points, without=None):
        """{arm: {endpoint: array over points}}, of all arms but one where two are left."""
        stem = os.path.join(self.options.out, name)
        write_rows(stem + ".csv", self.prior, self.prior.values(points), model_names(self.prior))
        home = os.path.relpath(os.path.dirname(os.path.abspath(self.options.plan)), self.options.out)
        with open(self.options.plan, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"(?m)^scenario: ", f"scenario: {home}/", text)
        text = re.sub(r"(?m)^table: .*", f"table: {name}.csv", text)
        if without and len(arms_of(text)) > 2:
            text = re.sub(rf"(?m)^  {re.escape(without)}:.*\n", "", text)
        with open(stem + ".yaml", "w", encoding="utf-8") as file:
            file.write(text)
        self.run("sweep", stem + ".yaml", "--out", stem, "--members", "memory", "--quiet")
        return read_index(os.path.join(stem, "index.nc"), len(points))

    def scenario(self, path, days):
        """Change of the pain proxy without the contextual response until a day."""
        out = os.path.join(self.options.out, "scenario.nc")
        self.run("run", path, "--until", f"{days} d", "--out", out, "--force", "--quiet")
        with h5py.File(out) as file:
            pain = file["pain_biological"][:]
        return pain[-1] - pain[0]


def read_index(path, points):
    with h5py.File(path) as file:
        arm, row = file["arm"][:], file["row"][:]
        found = {}
        for number, name in enumerate(file["statistics/arm_name"][:]):
            own = arm == number
            found[words(name)] = ends = {}
            for end in words(file.attrs["endpoints"]).split():
                ends[end] = np.full(points, np.nan)
                ends[end][row[own]] = file[end][:][own]
        return found


def arms_of(text):
    """Names under `arms:` of a plan."""
    section = re.search(r"(?m)^arms:.*\n((?:  .*\n|\n)*)", text)
    return re.findall(r"(?m)^  ([^\s:]+):", section.group(1)) if section else []


def model_names(prior):
    return [name for name in prior.names if name != CONTEXTUAL]


def write_rows(path, prior, values, names):
    columns = [prior.names.index(name) for name in names]
    with open(path, "w", encoding="utf-8") as file:
        file.write(", ".join(prior.heads(names)) + "\n")
        for row in values[:, columns]:
            file.write(", ".join(f"{value:.6g}" for value in row) + "\n")


# --- what a trial would have reported ---------------------------------------------------------------------


def contextual(day):
    return -(1 - np.exp(-day / ONSET)) * 2 ** (-day / HALF_LIFE)


class Target:
    def __init__(self, row):
        self.name, self.source, self.use = row["name"], row["source"], row["use"]
        self.arm, self.minus = row["arm"], row["minus"]
        self.day, self.value, self.error = int(row["day"]), float(row["value"]), float(row["error"])

    def is_scenario(self):
        return self.arm.endswith(".yaml")

    def predicted(self, arms, mean):
        """Over particles whose contextual responses are `mean`; before and after: with that response."""
        change = arms[self.arm][f"day_{self.day}"]
        if self.minus:
            return change - arms[self.minus][f"day_{self.day}"]
        return change + mean * contextual(self.day)


class Process:
    """A Gaussian process of what an arm changes, over the coordinates of the prior scaled to 0..1: squared
    exponential, one length for parameters that matter and a tenfold one for those that do not."""

    NUGGET = 1e-6

    def __init__(self, inputs, outputs):
        self.inputs, self.mean, self.scale = inputs, outputs.mean(), max(outputs.std(), 1e-9)
        self.outputs = (outputs - self.mean) / self.scale
        lengths = np.full(inputs.shape[1], 1.0)
        best = self.left_out(lengths)
        for _ in range(3):
            for column in range(inputs.shape[1]):
                for factor in (0.5, 0.7, 1.4, 2.0, 5.0):
                    trial = lengths.copy()
                    trial[column] = min(trial[column] * factor, 50)
                    error = self.left_out(trial)
                    if error < best:
                        best, lengths = error, trial
        self.lengths, self.error = lengths, best * self.scale
        self.weights = np.linalg.solve(self.gram(lengths), self.outputs)

    def kernel(self, one, other, lengths):
        away = (one[:, None, :] - other[None, :, :]) / lengths
        return np.exp(-0.5 * np.sum(away**2, axis=2))

    def gram(self, lengths):
        return self.kernel(self.inputs, self.inputs, lengths) + self.NUGGET * np.eye(len(self.inputs))

    def left_out(self, lengths):
        """Root mean square error of each point predicted by all others."""
        inverse = np.linalg.inv(self.gram(lengths))
        return float(np.sqrt(np.mean((inverse @ self.outputs / np.diag(inverse)) ** 2)))

    def __call__(self, inputs):
        return self.mean + self.scale * (self.kernel(inputs, self.inputs, self.lengths) @ self.weights)


class Emulator:
    """All arms at all days; of `constant`, which nothing fitted changes, the one run there is."""

    def __init__(self, prior, points, arms, constant):
        self.prior, self.constant = prior, constant
        own = [prior.names.index(name) for name in model_names(prior)]
        self.scaled = lambda points: ((points - prior.low) / (prior.high - prior.low))[:, own]
        self.process = {arm: {end: Process(self.scaled(points), change) for end, change in ends.items()}
                        for arm, ends in arms.items()}
        self.error = max(process.error for ends in self.process.values() for process in ends.values())

    def __call__(self, points):
        at = self.scaled(points)
        return {**self.constant, **{arm: {end: process(at) for end, process in ends.items()}
                                    for arm, ends in self.process.items()}}


class Search:
    def __init__(self, emulator, targets, options):
        self.emulator, self.targets, self.options = emulator, targets, options
        self.prior = emulator.prior
        self.chance = np.random.default_rng(options.seed)

    def distances(self, points):
        mean = self.prior.values(points)[:, self.prior.names.index(CONTEXTUAL)]
        arms = self.emulator(points)
        off = [(target.predicted(arms, mean) + target.error * self.chance.standard_normal(len(points))
                - target.value) / target.error for target in self.targets]
        return np.sqrt(np.mean(np.square(off), axis=0))

    def propose(self, points, weights, spread):
        found = np.empty((0, points.shape[1]))
        while len(found) < len(points):
            from_which = self.chance.choice(len(points), len(points), p=weights)
            moved = points[from_which] + self.chance.standard_normal(points.shape) @ spread.T
            found = np.vstack([found, moved[self.prior.holds(moved)]])
        return found[:len(points)]

    def next(self, points, weights, allowed):
        count = len(points)
        covariance = 2 * np.cov(points.T, aweights=weights) + 1e-12 * np.eye(points.shape[1])
        spread = np.linalg.cholesky(covariance)
        kept, kept_far, tried = np.empty((0, points.shape[1])), np.empty(0), 0
        while len(kept) < count:
            fresh = self.propose(points, weights, spread)
            far = self.distances(fresh)
            tried += count
            kept = np.vstack([kept, fresh[far <= allowed]])
            kept_far = np.append(kept_far, far[far <= allowed])
        kept, kept_far = kept[:count], kept_far[:count]
        inverse = np.linalg.inv(covariance)
        away = kept[:, None, :] - points[None, :, :]
        kernel = np.exp(-0.5 * np.einsum("ijk,kl,ijl->ij", away, inverse, away))
        fresh_weights = 1 / (kernel @ weights)
        return kept, fresh_weights / fresh_weights.sum(), kept_far, tried

    def run(self):
        """Points with equal weights, and what happened in each generation. Ten times as many particles are
        moved as are kept."""
        count = 10 * self.options.particles
        points = self.prior.draw(self.chance, count)
        weights, far = np.full(count, 1 / count), self.distances(points)
        told = [(0, float(far.max()), count, effective(weights))]
        while told[-1][0] + 1 < self.options.generations and told[-1][1] > SMALLEST:
            allowed = max(float(np.median(far)), SMALLEST)
            points, weights, far, tried = self.next(points, weights, allowed)
            told.append((told[-1][0] + 1, allowed, tried, effective(weights)))
        kept = self.options.particles
        at = (np.arange(kept) + self.chance.random()) / kept
        chosen = np.searchsorted(np.cumsum(weights), at).clip(max=count - 1)
        return points[chosen], told


def effective(weights):
    return float(1 / np.sum(weights**2))


# --- telling ----------------------------------------------------------------------------------------------


def predict(program, targets, points, arms):
    """Rows: name, use, value, error, median and 90 % of what trials of that size would report, verdict."""
    prior, chance = program.prior, np.random.default_rng(program.options.seed + 1)
    mean = prior.values(points)[:, prior.names.index(CONTEXTUAL)]
    rows = []
    for target in targets:
        if target.is_scenario():
            home = program.options.scenarios
            change = (program.scenario(os.path.join(home, target.arm), target.day)
                      - program.scenario(os.path.join(home, target.minus), target.day))
            model = np.full(len(points), change)
        else:
            model = target.predicted(arms, mean)
        report = np.repeat(model, 20) + target.error * chance.standard_normal(20 * len(points))
        low, high = np.quantile(report, [0.05, 0.95])
        verdict = "inside" if low <= target.value <= high else "**miss**"
        rows.append((target, np.quantile(model, [0.5, 0.05, 0.95]), low, high, verdict))
    return rows


def write_predictive(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow("name use value error model model_low model_high report_low report_high verdict".split())
        for target, model, low, high, verdict in rows:
            numbers = [f"{number:.4g}" for number in (*model, low, high)]
            write.writerow([target.name, target.use, target.value, target.error, *numbers,
                            verdict.strip("*")])


def tell(prior, points, told, rows):
    print("| parameter | prior | posterior median (5 to 95 %) |\n| --- | --- | --- |")
    values = prior.values(points)
    for column, row in enumerate(prior.rows):
        low, middle, high = np.quantile(values[:, column], [0.05, 0.5, 0.95])
        unit = f" {row['unit']}" if row["unit"] else ""
        print(f"| `{row['name']}` | {row['low']} to {row['high']}{unit}, {row['scale']} "
              f"| {middle:.3g} ({low:.3g} to {high:.3g}) |")
    print("\n| trial | was | reported (s.e.) | the model: median (90 %) | trials of it: 90 % | |\n"
          "| --- | --- | --- | --- | --- | --- |")
    for target, model, low, high, verdict in rows:
        print(f"| {target.name} | {target.use} | {target.value:g} ({target.error:g}) | {model[0]:.3g} "
              f"({model[1]:.3g} to {model[2]:.3g}) | {low:.3g} to {high:.3g} | {verdict} |")
    print("\n| generation | allowed distance | particles tried | effective particles |\n"
          "| --- | --- | --- | --- |")
    for number, allowed, tried, size in told:
        print(f"| {number} | {allowed:.3g} | {tried} | {size:.0f} |")


def check_targets(targets, options):
    """Every arm and day of a target must be in the plan."""
    with open(options.plan, encoding="utf-8") as file:
        text = file.read()
    known = arms_of(text)
    for target in targets:
        if target.is_scenario():
            continue
        for arm in filter(None, (target.arm, target.minus, options.constant)):
            if arm not in known:
                sys.exit(f"calibrate.py: {options.targets}: '{target.name}': no arm '{arm}' in {options.plan}")
        if not re.search(rf"(?m)^  day_{target.day}:", text):
            sys.exit(f"calibrate.py: {options.targets}: '{target.name}': no endpoint 'day_{target.day}' in "
                     f"{options.plan}")


def read_options():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("prior")
    options.add_argument("targets")
    options.add_argument("plan", help="with the arms that targets name, and endpoints day_N")
    options.add_argument("--constant", default="saline", help="arm that nothing fitted changes, run once")
    options.add_argument("--scenarios", default="params", help="where scenarios of targets are")
    options.add_argument("--design", type=int, default=100, help="points at which the model runs")
    options.add_argument("--particles", type=int, default=200)
    options.add_argument("--generations", type=int, default=8)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--lacuna", default="build/lacuna")
    options.add_argument("--out", default="results/calibration")
    return options.parse_args()


def latin_hypercube(prior, count, seed):
    chance = np.random.default_rng(seed)
    cell = np.array([chance.permutation(count) for _ in prior.names]).T
    return prior.low + (prior.high - prior.low) * (cell + chance.random(cell.shape)) / count


def emulate(program, options):
    """The emulator, from the runs that it is made of."""
    prior = program.prior
    design = latin_hypercube(prior, options.design, options.seed)
    middle = (prior.low + prior.high)[None, :] / 2
    constant = {options.constant: program.plan("constant", middle)[options.constant]}
    arms = program.plan("design", design, options.constant)
    arms.pop(options.constant, None)
    return Emulator(prior, design, arms, constant)


def main():
    options = read_options()
    os.makedirs(options.out, exist_ok=True)
    prior = Prior(options.prior)
    targets = [Target(row) for row in read_table(options.targets)]
    check_targets(targets, options)
    program = Program(prior, options)
    emulator = emulate(program, options)
    points, told = Search(emulator, [target for target in targets if target.use == "data"], options).run()
    rows = predict(program, targets, points, emulator(points))
    out = options.out
    write_rows(f"{out}/posterior.csv", prior, prior.values(points), model_names(prior))
    write_rows(f"{out}/contextual.csv", prior, prior.values(points), [CONTEXTUAL])
    write_predictive(f"{out}/predictive.csv", rows)
    tell(prior, points, told, rows)
    print(f"\n{options.design} points; the emulator is off by at most {emulator.error:.2g} points (root mean square, "
          f"points left out); {program.cpu():.0f} s of CPU")


if __name__ == "__main__":
    main()
