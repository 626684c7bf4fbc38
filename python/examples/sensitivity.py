"""Global sensitivity with SALib: what decides how much of a drug gets into cartilage?

Saltelli's design and Sobol indices (Saltelli et al. 2010); the design is one array, the model one call.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sampling

import lacuna
from models import DRUG, figure, save

model = lacuna.load(DRUG)
f = model.function(["D", "half_life", "k_uptake"], {
    "peak": "max(drug_middle)", "exposure": "auc(drug_middle)", "late": "at(drug_middle, 12 h)"})
problem = {"num_vars": len(f.names), "names": f.names, "bounds": f.bounds}
theta = sampling.sample(problem, 64, calc_second_order=False, seed=1)
Y = f(theta, threads=0)
assert not f.errors

picture, axes = figure(1, len(f.outputs))
for axis, output, values in zip(axes, f.outputs, Y.T):
    found = sobol.analyze(problem, values, calc_second_order=False, seed=1)
    place = np.arange(len(f.names))
    for shift, key, colour, label in ((-0.2, "S1", "#9db8d2", "alone"), (0.2, "ST", "#2b5c8a", "in all")):
        axis.bar(place + shift, found[key], 0.4, yerr=found[f"{key}_conf"], color=colour, label=label)
    axis.set_xticks(place, f.names)
    axis.set_title(f"{output} [{f.output_units[output]}]")
    axis.set_ylim(-0.1, 1.1)
    print(output, {name: round(float(total), 2) for name, total in zip(f.names, found["ST"])})
axes[0].set_ylabel("share of the variance")
axes[0].legend(frameon=False)
save(picture, "python-sensitivity.png")
