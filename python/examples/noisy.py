"""Calibration of a model with noise with pyABC: which rates made this one epidemic?

Approximate Bayesian computation by sequential Monte Carlo (Toni et al. 2009): no likelihood is needed,
runs of the exact method are compared with the data.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import tempfile

import numpy as np
import pyabc

import lacuna
from models import EPIDEMIC, figure, save

ENDS = {"removed": "last(removed)", "peak": "max(infected)", "when": "time_of_max(infected)",
        "early": "at(infected, 10 d)"}
f = lacuna.load(EPIDEMIC).function(["beta", "gamma"], ENDS)
truth = {"beta": 0.7, "gamma": 0.3}
took_off = [ends for ends in (f(list(truth.values()), seed=seed) for seed in range(20)) if ends[1] > 20]
observed = dict(zip(ENDS, took_off[0]))  # an epidemic that dies at once tells little
scale = dict(zip(ENDS, f([list(truth.values())], seed=7, replicates=200)[0].std(axis=0)))
draws = np.random.default_rng(1)


def simulate(parameters):
    """One run; its seed is drawn, so that no two share their noise."""
    return dict(zip(ENDS, f([parameters["beta"], parameters["gamma"]], seed=int(draws.integers(2**52)))))


def distance(one, other):
    return sum(((one[name] - other[name]) / scale[name]) ** 2 for name in ENDS) ** 0.5


np.random.seed(1)
prior = pyabc.Distribution(**{name: pyabc.RV("uniform", low, high - low)
                              for name, (low, high) in zip(f.names, f.bounds)})
abc = pyabc.ABCSMC(simulate, prior, distance, population_size=200,
                   sampler=pyabc.sampler.SingleCoreSampler())
with tempfile.TemporaryDirectory() as directory:
    abc.new(f"sqlite:///{directory}/abc.db", observed)
    history = abc.run(max_nr_populations=6)
    sample, weight = history.get_distribution()
for name in f.names:
    mean = float((sample[name] * weight).sum())
    spread = float(((sample[name] - mean) ** 2 * weight).sum() ** 0.5)
    print(f"{name} = {mean:.3g} +- {spread:.2g} (true: {truth[name]})")
    assert abs(mean - truth[name]) < 4 * spread

picture, axes = figure(1, 2)
axes[0].scatter(sample["beta"], sample["gamma"], s=400 * weight, alpha=0.5, color="#2b5c8a")
axes[0].plot(*truth.values(), "+", markersize=14, markeredgewidth=2, color="#b03a2e")
axes[0].set(xlabel="beta [1/d]", ylabel="gamma [1/d]", title="posterior, and the truth",
            xlim=f.bounds[0], ylim=f.bounds[1])
curves = f.dataset(sample.sample(20, weights=weight, random_state=1)[f.names].values, seed=3)["infected"]
axes[1].plot(curves["time"] / 24, curves.isel(replicate=0).T, color="#9db8d2", linewidth=0.8)
axes[1].plot(observed["when"] / 24, observed["peak"], "o", color="#b03a2e")
axes[1].set(xlabel="time [d]", ylabel="infected", title="20 draws, and the peak seen")
save(picture, "python-noisy.png")
