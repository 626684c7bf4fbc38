"""A particle filter by copy and advance: an epidemic followed day by day through poor counts.

Bootstrap filter (Gordon et al. 1993): every particle is a simulation of the exact method; it is advanced
to the next count, weighed by it, and the heavy ones are copied. Every copy draws random numbers of its
own from there on (`copy(seed=...)`), so that copies part.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import numpy as np

import lacuna
from models import EPIDEMIC, figure, save

PARTICLES, SEEN = 80, 0.5  # every second case is found
model = lacuna.load(EPIDEMIC, beta=0.7)
truth = model.run(seed=11, until="36 d")
days = np.arange(3, 37, 3)
random = np.random.default_rng(2)
counts = random.binomial(np.interp(days, truth.time / 24, truth["infected"]).astype(int), SEEN)


def log_likelihood(infected, count):
    """Of a count, each case being found with probability SEEN (up to a constant of the count)."""
    mean = SEEN * infected + 0.5
    return -0.5 * (count - mean) ** 2 / (mean * (1 - SEEN) + 1) - 0.5 * np.log(mean * (1 - SEEN) + 1)


beta = random.uniform(0.3, 1.1, PARTICLES)
swarm = [model.start(seed=100 + k, beta=rate) for k, rate in enumerate(beta)]
level, rates, log_evidence = [], [], 0.0
for day, count in zip(days, counts):
    for particle in swarm:
        particle.advance_to(f"{day} d")
    infected = np.array([particle["infected"] for particle in swarm])
    log_weight = log_likelihood(infected, count)
    weight = np.exp(log_weight - log_weight.max())
    log_evidence += np.log(weight.mean()) + log_weight.max()
    weight /= weight.sum()
    level.append(infected[random.choice(PARTICLES, 400, p=weight)])
    chosen = np.searchsorted(np.cumsum(weight), (random.random() + np.arange(PARTICLES)) / PARTICLES)
    chosen = np.minimum(chosen, PARTICLES - 1)
    swarm = [swarm[k].copy(seed=int(day), replicate=place) for place, k in enumerate(chosen)]
    beta = beta[chosen] * np.exp(0.05 * random.standard_normal(PARTICLES))
    for particle, rate in zip(swarm, beta):
        particle.set(beta=float(rate))
    rates.append(beta.copy())
print(f"log evidence {log_evidence:.1f}; beta = {beta.mean():.2f} +- {beta.std():.2f} (true: 0.7)")
level = np.array(level)
real = np.interp(days, truth.time / 24, truth["infected"])
inside = (np.quantile(level, 0.02, axis=1) <= real) & (real <= np.quantile(level, 0.98, axis=1))
assert inside.mean() >= 0.7, inside

picture, axes = figure(1, 2)
axes[0].fill_between(days, *np.quantile(level, [0.05, 0.95], axis=1), color="#9db8d2", label="filtered, 90 %")
axes[0].plot(truth.time / 24, truth["infected"], color="#b03a2e", label="truth")
axes[0].plot(days, counts / SEEN, "o", color="black", markersize=4, label="counts / 0.5")
axes[0].set(xlabel="time [d]", ylabel="infected")
axes[0].legend(frameon=False)
axes[1].fill_between(days, *np.quantile(rates, [0.05, 0.95], axis=1), color="#9db8d2")
axes[1].axhline(0.7, color="#b03a2e")
axes[1].set(xlabel="time [d]", ylabel="beta [1/d]", title="what is learnt of beta")
save(picture, "python-particles.png")
