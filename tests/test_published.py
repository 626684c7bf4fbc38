"""Published models give what was published: Baker, Brook and Owen 2017, Proctor et al. 2014.

Statements are those of the papers; numbers without one come from an independent integration of the published
equations (RK4 with a step of 0.002; an implicit solver at rtol 1e-5). SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

PARAMS = os.path.join(os.environ["LACUNA_SOURCE"], "params")
failures = []


def expect(truth, words):
    print(("ok      " if truth else "FAILED  ") + words)
    if not truth:
        failures.append(words)


def near(value, known, relative, words):
    error = abs(value / known - 1)
    expect(error < relative, f"{words}: {value:.6g}, known {known:.6g} (off by {error:.1e})")


def lacuna(*arguments):
    done = subprocess.run([os.environ["LACUNA"], *arguments, "--quiet"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"lacuna {' '.join(arguments)} failed:\n{done.stdout}")


def swept(plan, folder):
    """Columns of the index of a plan."""
    out = os.path.join(folder, plan)
    lacuna("sweep", os.path.join(PARAMS, "plans", plan + ".yaml"), "--out", out)
    with h5py.File(os.path.join(out, "index.nc"), "r") as file:
        return {name: data[...] for name, data in file.items() if isinstance(data, h5py.Dataset)}


def run(folder, scenario, *settings):
    """Time courses of a scenario."""
    out = os.path.join(folder, "run.nc")
    lacuna("run", os.path.join(PARAMS, "published", scenario + ".yaml"), "--force", "--out", out,
           *[word for setting in settings for word in ("--set", setting)])
    with h5py.File(out, "r") as file:
        return {name: data[...] for name, data in file.items() if isinstance(data, h5py.Dataset)}


QUIET = 0.0131  # p of the state at rest; 0.0126 where fragments are cleared faster


def steady_states(folder):
    """From near each stable state of the three sets of parameters, and the cycle of the first."""
    low = run(folder, "baker_2017", "p_0=0.02", "a_0=0.01", "m_0=0.02", "f_0=0.02")
    for name, known in zip("pamf", (0.0130824, 0.00308254, 0.0117112, 0.0117112)):
        near(low[name + "_level"][-1], known, 1e-4, f"reference set, at rest: {name}")
    cycle = run(folder, "baker_2017", "run.until=200 min", "run.save.every=0.02 min")
    late = cycle["time"] * 60 > 150
    for name, least, most in (("p", 0.1645, 0.4244), ("a", 2.026, 5.817), ("m", 0.3225, 1.2706),
                              ("f", 0.3730, 1.1106)):
        near(cycle[name + "_level"][late].min(), least, 5e-3, f"limit cycle, least {name}")
        near(cycle[name + "_level"][late].max(), most, 5e-3, f"limit cycle, greatest {name}")
    p, minutes = cycle["p_level"][late], cycle["time"][late] * 60
    tops = minutes[1:-1][(p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])]
    near(np.diff(tops).mean(), 8.281, 2e-3, "limit cycle, period")
    high = run(folder, "baker_2017", "P_fp=40 1/min", "run.until=100 min")
    for name, known in zip("pamf", (0.4131, 8.288, 1.468, 1.468)):
        near(high[name + "_level"][-1], known, 1e-3, f"strong fragments, the only state: {name}")


def balance(p, a_fp, a_fh):
    """What the other three equations say of a, m and f at a steady state with this p."""
    m = 0.01 + 10 * p**2 / (1 + p**2)
    return {"p_0": p, "a_0": 10 * p**2 / (1 + p**2) + a_fp * m**2 / (a_fh**2 + m**2), "m_0": m, "f_0": m}


def unstable_states(folder):
    """All eight steady states stay for a while; beside a saddle the two sides part."""
    for a_fp, a_fh, all_p, saddles in ((10, 1, (0.0130824, 0.0537595, 0.260356), (0.0537595,)),
                                       (3.2, 0.2, (0.0130795, 0.0550579, 0.139041, 0.253998, 0.360656),
                                        (0.0550579, 0.253998))):
        settings = [f"A_fp={a_fp} 1/min", f"A_fh={a_fh}", "run.rtol=1e-8"]
        for p in all_p:
            at = [f"{name}={value:.9g}" for name, value in balance(p, a_fp, a_fh).items()]
            stays = run(folder, "baker_2017", "run.until=2 min", *settings, *at)["p_level"]
            near(stays[-1], p, 3e-4, f"A_fp = {a_fp}: a steady state at p = {p}")
        for p in saddles:
            ends = [run(folder, "baker_2017", "run.until=40 min", *settings,
                        *[f"{name}={value * side:.9g}" for name, value in balance(p, a_fp, a_fh).items()])
                    ["p_level"][-100:].mean() for side in (0.97, 1.03)]
            expect(abs(ends[0] / ends[1] - 1) > 0.1, f"A_fp = {a_fp}: p = {p} parts {ends[0]:.4g} from {ends[1]:.4g}")


def treatments(folder):
    end = swept("baker_2017_treatments", folder)["p_end"]
    quiet = np.abs(end - QUIET) < 1e-3
    for number, figure, ends in (
            (1, "14a, p", False), (2, "14a, m", False), (3, "14a, f", False),
            (4, "14b, at 16", False), (5, "14b, at 20", True), (6, "15, five", False),
            (7, "15, six", True), (8, "16, 39", False), (9, "16, 40", True), (10, "17", True),
            (11, "18, gf = 1", False), (12, "18, gf = 1.15", True), (13, "19, two", False),
            (14, "19, four", False), (15, "19, six", True), (16, "20, one", False),
            (17, "20, two", False), (18, "20, three", True), (19, "21", False)):
        expect(quiet[number - 1] == ends,
               f"figure {figure}: inflammation {'ends' if ends else 'returns'} "
               f"(p {end[number - 1]:.4f})")
    for number in (13, 16):
        near(end[number - 1], 0.360656, 1e-4, f"line {number}: back in the high state")
    for number in (14, 17):
        near(end[number - 1], 0.2191, 2e-3, f"line {number}: on the lower limit cycle")


def interventions(folder):
    index = swept("proctor_2014_interventions", folder)
    aggrecan, collagen = index["aggrecan_14_d"], index["collagen_14_d"]
    for number, known_aggrecan, known_collagen, what in (
            (1, 87.456, 10.2037, "both cytokines and the activator"),
            (2, 86.9248, 0.02615, "no activator"), (3, 1.0305, 0.00361, "interleukin-1 alone"),
            (7, 1.031, 0.0036, "no JAK-1"), (14, None, 8.946, "antagonist 1 to 1"),
            (15, None, 2.939, "antagonist 10 to 1"), (16, None, 0.1430, "antagonist 100 to 1"),
            (17, None, 0.0134, "antagonist 1000 to 1"), (18, None, 10.12, "TIMP-1, 10 times"),
            (20, None, 8.01, "TIMP-1, 1000 times"), (21, 80.7, 9.04, "TIMP-3, 10 times"),
            (22, 50.0, 3.43, "TIMP-3, 100 times"), (23, 42.0, 2.12, "TIMP-3, 1000 times")):
        if known_aggrecan is not None:
            near(aggrecan[number - 1], known_aggrecan, 1e-3, f"aggrecan released, {what}")
        near(collagen[number - 1], known_collagen, 5e-3, f"collagen released, {what}")
    expect(aggrecan[3] == 0 and collagen[3] == 0, "oncostatin M alone releases nothing")
    expect(collagen[7] < collagen[10] and collagen[8] < collagen[11],
           "p38 inhibited by 50 and 90 % saves more collagen than JNK")
    near(index["MMP13_mRNA_peak"][0] / index["MMP1_mRNA_peak"][0], 0.1, 1e-6,
         "mRNA of MMP-13 is a tenth of that of MMP-1")
    expect(10 <= index["MMP1_mRNA_peak_at"][2] <= 16,
           "interleukin-1 alone: mRNA of MMP-1 has its peak near 12 h")


def main():
    with tempfile.TemporaryDirectory() as folder:
        steady_states(folder)
        unstable_states(folder)
        treatments(folder)
        interventions(folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
