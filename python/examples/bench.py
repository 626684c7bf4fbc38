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
ROUNDS = 7
COUNT = 5000  # replicates of a round


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


def spent(function, *arguments, **names):
    """Processor time of a call [s]."""
    began = time.process_time()
    function(*arguments, **names)
    return time.process_time() - began


def roadrunner_model():
    """The same model and times for libRoadRunner's Gillespie; None where it is not installed."""
    try:
        import roadrunner
    except ImportError:
        return None
    model = roadrunner.RoadRunner()
    model.addCompartment("town", 1.0, False)
    for name, value in (("S", 48.0), ("I", 2.0), ("R", 0.0)):
        model.addSpeciesAmount(name, "town", value, True, False)
    for name, value in (("beta", 0.6), ("gamma", 0.3), ("N", 50.0)):
        model.addParameter(name, value, False)
    model.addReaction("infection", ["S", "I"], ["I", "I"], "beta*S*I/N", False)
    model.addReaction("recovery", ["I"], ["R"], "gamma*I", False)
    model.regenerateModel(True, True)
    model.setIntegrator("gillespie")
    model.integrator.variable_step_size = False
    return model


def run_roadrunner(model, count, seed, removed):
    """Replicates after one another on one stream, which is what costs it least."""
    model.integrator.seed = seed
    for k in range(count):
        model.reset()
        removed[k] = model.simulate(0, 100, 101)[-1, 3]


def of_replicates(count):
    """Replicates of an SIR model, in turns with libRoadRunner, so that both meet the same machine."""
    f = lacuna.load(TEXT).function(["beta"], ["last(removed)", "max(infected)"])
    f([0.6], seed=1, replicates=100)
    peer, removed = roadrunner_model(), np.empty(count)
    ours, theirs = [], []
    for seed in range(1, ROUNDS + 1):
        ours.append(spent(f, [0.6], seed=seed, replicates=count) / count)
        if peer is not None:
            theirs.append(spent(run_roadrunner, peer, count, seed, removed) / count)
    print(f"bench python.sir_replicates {1 / np.median(ours):.4g} 1/s ({1e6 * np.median(ours):.3g} us, "
          f"{1e6 * min(ours):.3g} to {1e6 * max(ours):.3g})")
    f.dataset([[0.6]], seed=1, replicates=10)
    took = spent(f.dataset, [[0.6]], seed=1, replicates=count)
    print(f"bench python.sir_datasets {1e6 * took / count:.3g} us")
    if peer is None:
        print("bench python.roadrunner: not installed (pip install libroadrunner==2.10.0)")
        return
    y = f([0.6], seed=ROUNDS, replicates=count)[:, 0]
    z = (y.mean() - removed.mean()) / np.sqrt((y.var() + removed.var()) / count)
    ratio = np.array(theirs) / ours
    print(f"bench python.roadrunner {1 / np.median(theirs):.4g} 1/s ({1e6 * np.median(theirs):.3g} us)")
    print(f"ratio {np.median(ratio):.3g} against roadrunner, {ratio.min():.3g} to {ratio.max():.3g} in "
          f"{ROUNDS} rounds; means of the removed differ by z = {z:.2f}")


if __name__ == "__main__":
    calls = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    of_calls(calls)
    of_replicates(min(calls, COUNT))
