"""calibrate.py finds the posterior that is known, with the same bits again, and tells what is missed.

A drug that stays lowers pain by `strength`; the trial says 20 with an error of 4. The report has that error,
and reports within a disc of one error are taken: the posterior is normal about 20 with a standard deviation of
4 sqrt(1 + 1/2).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

SOURCE = os.environ["LACUNA_SOURCE"]
LACUNA = os.environ["LACUNA"]
FOLDER = tempfile.mkdtemp(prefix="lacuna-test-")
atexit.register(shutil.rmtree, FOLDER)
os.chdir(FOLDER)
SCENARIO = """lacuna: 1
title: A drug that stays
domains: {joint: {kind: well-mixed, volume: 10 mL}}
species:
  drug: {unit: 1, joint: {initial: 0, atol: 1e-9}}
  hurt: {unit: 1, joint: {initial: 60, atol: 1e-6}}
parameters:
  strength: {value: 15, range: [0, 60], kind: assumption, source: made up for a test}
  given: {value: 0, range: [0, 2], kind: assumption, source: made up for a test}
  still: {value: 0 1/d, range: [0 1/d, 1 1/d], kind: assumption, source: made up for a test}
reactions:
  growing: {in: joint, equation: -> hurt, rate: still}
events: {injection: {at: 1 h, into: joint, add: {drug: given}}}
observables: {pain_biological: {value: joint.hurt - strength * joint.drug}}
run: {until: 90 d, save: {every: 1 d}}
"""
PLAN = """lacuna_plan: 1
title: arms
scenario: joint.yaml
table: none.csv
arms:
  saline: {given: 0}
  drug: {given: 1}
endpoints:
  day_42: {of: pain_biological, at: 42 d, change: yes}
  day_90: {of: pain_biological, at: 90 d, change: yes}
"""
PRIOR = "name,unit,low,high,scale\nstrength,,0,60,linear\ncontextual_mean,,3,25,linear\n"
TARGETS = """name,use,arm,minus,day,value,error,source
drug,data,drug,saline,42,-20,4,made up
placebo,data,saline,,90,-12,3,made up
another trial,held out,drug,saline,90,-21,4,made up
a trial that is far off,held out,drug,saline,90,-60,4,made up
"""


def calibrate(out, *options):
    command = [sys.executable, f"{SOURCE}/scripts/calibrate.py", "prior.csv", "targets.csv", "plan.yaml", "--seed", "3", "--lacuna", LACUNA, "--out", out]
    return subprocess.run(command + list(options), capture_output=True, text=True, check=False)


def expect(truth, message):
    if not truth:
        sys.exit(message)


def column(path):
    with open(path, encoding="utf-8") as file:
        return [float(line) for line in file.read().splitlines()[1:]]


def main():
    for name, text in (("joint.yaml", SCENARIO), ("plan.yaml", PLAN), ("prior.csv", PRIOR), ("targets.csv", TARGETS)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    done = calibrate("one", "--particles", "200", "--design", "16")
    expect(done.returncode == 0, done.stderr)
    strength = column("one/posterior.csv")
    middle, spread = statistics.median(strength), statistics.stdev(strength)
    expect(abs(middle - 20) < 2, f"the middle of the posterior is {middle}, not 20")
    expect(3.2 < spread < 6.8, f"the standard deviation of the posterior is {spread}, not 4.9")
    mean = statistics.median(column("one/contextual.csv"))
    expect(abs(mean - 12 * 1.037) < 1.5, f"the contextual response is {mean}, not 12.4")
    with open("one/predictive.csv", encoding="utf-8") as file:
        verdict = {row["name"]: row["verdict"] for row in csv.DictReader(file)}
    expect(verdict["another trial"] == "inside", verdict)
    expect(verdict["a trial that is far off"] == "miss", verdict)
    expect("| a trial that is far off | held out |" in done.stdout, done.stdout)
    short = ["--particles", "10", "--design", "6"]
    for out in ("two", "two_again"):
        expect(calibrate(out, *short).returncode == 0, out)
    expect(column("two/posterior.csv") == column("two_again/posterior.csv"), "the same seed gave another posterior")
    with open("targets.csv", "a", encoding="utf-8") as file:
        file.write("nobody,held out,nobody,saline,42,0,1,made up\n")
    done = calibrate("three", *short)
    expect(done.returncode != 0 and "no arm 'nobody'" in done.stderr, done.stderr)


main()
