"""What a call of a function costs, and whether memory stays flat: figures for docs/python.md.

Usage: python/examples/bench.py [CALLS]      (default: 1000000 calls, a minute)
Prints `bench NAME VALUE UNIT` as `make bench` does. With libRoadRunner installed, its Gillespie is run in
the same run of the program, and the ratio is printed.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import sys
import time

import numpy as np

import lacuna

TEXT = """\
lacuna: 1
title: SIR epidemic
domains:
  town: {kind: well-mixed, volume: 1 L}
species:
  S: {unit: cell, town: {initial: 48 cell, total: true}}
  I: {unit: cell, town: {initial: I0, total: true}}
  R: {unit: cell, town: {total: true}}
parameters:
  I0: {value: 2 cell, kind: assumption, source: textbook}
  beta: {value: 0.6 1/d, kind: assumption, source: textbook}
  gamma: {value: 0.3 1/d, kind: assumption, source: textbook}
  N: {value: 50 cell, kind: assumption, source: textbook}
reactions:
  infection: {in: town, equation: S + I -> 2 I, rate: beta * S * I / N}
  recovery: {in: town, equation: I -> R, rate: gamma * I}
observables: {infected: town.I, removed: town.R}
run: {until: 100 d, method: exact, save: {every: 1 d}}
"""
SIR_ANTIMONY_RATES = (0.6, 0.3, 50)


def resident():
    """[MiB]"""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20


def of_calls(calls):
    """f(theta) where nothing happens: no infected, one step to the end."""
    f = lacuna.load(TEXT, I0=0, set={"run.until": "1 d"}).function(["beta"], ["last(removed)"])
    row = np.array([0.6])
    for _ in range(2000):
        f(row, seed=1)
    before, began = resident(), time.process_time()
    for _ in range(calls):
        f(row, seed=1)
    took = time.process_time() - began
    print(f"bench python.call {1e6 * took / calls:.3g} us")
    print(f"bench python.call_growth {resident() - before:.3g} MiB of {calls} calls")


def of_replicates(count):
    f = lacuna.load(TEXT).function(["beta"], ["last(removed)", "max(infected)"])
    f([0.6], seed=1, replicates=100)
    began = time.process_time()
    f([0.6], seed=1, replicates=count)
    took = time.process_time() - began
    print(f"bench python.sir_replicates {count / took:.4g} 1/s")
    return count / took


def of_roadrunner(count, ours):
    """The same model and times by libRoadRunner's Gillespie, when it is installed."""
    try:
        import roadrunner
        import tellurium
    except ImportError:
        print("bench python.roadrunner: not installed (pip install libroadrunner tellurium)")
        return
    beta, gamma, people = SIR_ANTIMONY_RATES
    model = roadrunner.RoadRunner(tellurium.antimonyToSBML(
        f"J1: S + I -> 2 I; beta*S*I/N; J2: I -> R; gamma*I; "
        f"S = 48; I = 2; R = 0; beta = {beta}; gamma = {gamma}; N = {people}"))
    model.setIntegrator("gillespie")
    model.integrator.variable_step_size = False
    began = time.process_time()
    for seed in range(count):
        model.integrator.seed = seed
        model.resetAll()
        model.simulate(0, 100, 101)
    theirs = count / (time.process_time() - began)
    print(f"bench python.roadrunner {theirs:.4g} 1/s")
    print(f"ratio {ours / theirs:.3g} against roadrunner")


if __name__ == "__main__":
    calls = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    of_calls(calls)
    of_roadrunner(min(calls, 5000), of_replicates(min(calls, 20000)))
