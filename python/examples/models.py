"""Models that the examples share, and where their pictures go.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import pathlib

EPIDEMIC = """\
lacuna: 1
title: An epidemic in a village
domains:
  village: {kind: well-mixed, volume: 1 L}
species:
  S: {unit: cell, village: {initial: 298 cell, total: true}}
  I: {unit: cell, village: {initial: 2 cell, total: true}}
  R: {unit: cell, village: {total: true}}
parameters:
  beta: {value: 0.6 1/d, range: [0.2 1/d, 1.2 1/d], kind: assumption, source: textbook}
  gamma: {value: 0.3 1/d, range: [0.1 1/d, 0.6 1/d], kind: assumption, source: textbook}
  N: {value: 300 cell, kind: assumption, source: textbook}
reactions:
  infection: {in: village, equation: S + I -> 2 I, rate: beta * S * I / N}
  recovery: {in: village, equation: I -> R, rate: gamma * I}
observables: {infected: village.I, removed: village.R}
run: {until: 60 d, method: exact, save: {every: 1 d}}
"""

DRUG = """\
lacuna: 1
title: A drug in a joint
domains:
  cartilage: {kind: tissue}
  fluid: {kind: well-mixed, volume: 10 mL}
species:
  drug:
    molar_mass: 17.3 kDa
    cartilage: {initial: 0 nM, diffusivity: D, partition: 0.7, atol: 1e-3 nM}
    fluid: {initial: 0 nM, atol: 1e-3 nM}
parameters:
  D: {value: 42 um^2/s, range: [10 um^2/s, 90 um^2/s], kind: assumption, source: a guess}
  half_life: {value: 4 h, range: [1 h, 12 h], kind: assumption, source: a guess}
  k_uptake: {value: 0.2 1/h, range: [0.02 1/h, 0.8 1/h], kind: assumption, source: a guess}
reactions:
  clearance: {in: fluid, equation: "drug ->", rate: log(2) / half_life * drug}
  uptake: {in: cartilage, equation: "drug ->", rate: k_uptake * drug}
interfaces:
  surface: {between: [cartilage.top, fluid], exchange: all}
observables:
  drug_fluid: {value: fluid.drug, unit: ng/mL, label: drug in the fluid}
  drug_middle: {value: "at(drug, 0.05 mm, 0.05 mm, 0.3 mm)", unit: ng/mL, label: drug 0.3 mm deep}
tissue:
  size: [0.1 mm, 0.1 mm, 1 mm]
  voxel: [0.1 mm, 0.1 mm, 50 um]
  represents: {area: 120 cm^2}
doses:
  - {at: 0 d, into: fluid, add: {drug: 1 mg}}
run: {until: 1 d, save: {every: 2 h}}
"""


def figure(rows=1, columns=1, height=2.6):
    """A picture without a screen, and its axes in one list."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    made, axes = plot.subplots(rows, columns, figsize=(3.4 * columns, height * rows),
                               squeeze=False, layout="constrained")
    for each in axes.flat:
        each.spines[["top", "right"]].set_visible(False)
    return made, list(axes.flat)


def save(made, name):
    """Into $LACUNA_IMAGES, or beside the example."""
    where = pathlib.Path(os.environ.get("LACUNA_IMAGES", pathlib.Path(__file__).parent))
    made.savefig(where / name, dpi=110)
    print(f"picture: {where / name}")
