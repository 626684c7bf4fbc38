"""A posterior with emcee: what do eight noisy measurements in the fluid and the tissue say?

The model is deterministic (mean-field), the measurements have an error of 15 %: the likelihood is
Gaussian in the logarithm, priors are flat in the logarithm within the ranges of the text.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import emcee
import numpy as np

import lacuna
from models import DRUG, figure, save

TIMES, ERROR = ("2 h", "6 h", "12 h", "24 h"), 0.15
f = lacuna.load(DRUG).function(
    ["half_life", "k_uptake"],
    {f"{name}_{k}": f"at({name}, {time})" for name in ("drug_fluid", "drug_middle")
     for k, time in enumerate(TIMES)})
random = np.random.default_rng(4)
truth = np.array([3.0, 0.3])
data = f(truth) * np.exp(ERROR * random.standard_normal(len(f.outputs)))
low, high = np.log(np.array(f.bounds)).T


def log_probability(walkers):
    """Of all walkers at once (vectorize=True): one call of the function is one step of the ensemble."""
    inside = ((walkers > low) & (walkers < high)).all(axis=1)
    predicted = f(np.exp(np.clip(walkers, low, high)))
    chi = np.log(np.maximum(predicted, 1e-12) / data) / ERROR
    return np.where(inside, -0.5 * (chi**2).sum(axis=1), -np.inf)


start = np.log(truth) + 0.1 * random.standard_normal((12, 2))
sampler = emcee.EnsembleSampler(12, 2, log_probability, vectorize=True)
sampler.random_state = np.random.RandomState(1).get_state()
sampler.run_mcmc(start, 150)
sample = np.exp(sampler.get_chain(discard=50, flat=True))
middle, spread = np.median(sample, axis=0), sample.std(axis=0)
for name, unit, m, s, t in zip(f.names, f.units, middle, spread, truth):
    print(f"{name} = {m:.3g} +- {s:.2g} {unit} (true: {t:g})")
assert (np.abs(middle - truth) < 4 * spread).all()

picture, axes = figure(1, 2)
axes[0].plot(*sample.T, ".", markersize=2, alpha=0.4, color="#2b5c8a")
axes[0].plot(*truth, "+", markersize=14, markeredgewidth=2, color="#b03a2e")
axes[0].set(xlabel="half-life [h]", ylabel="uptake [1/h]", title="posterior, and the truth")
curves = f.dataset(sample[random.integers(len(sample), size=25)])["drug_middle"]
axes[1].plot(curves["time"], curves.isel(replicate=0).T, color="#9db8d2", linewidth=0.8)
hours = [lacuna.convert(time, "h") for time in TIMES]
axes[1].errorbar(hours, data[4:], ERROR * data[4:], fmt="o", color="#b03a2e")
axes[1].set(xlabel="time [h]", ylabel="drug, 0.3 mm deep [ng/mL]", title="25 draws, and the data")
save(picture, "python-posterior.png")
