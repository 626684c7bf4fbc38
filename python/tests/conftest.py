"""What the tests of the Python module share.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pytest

import lacuna

DRUG = """\
lacuna: 1
title: drug
domains:
  slab: {kind: tissue}
  pool: {kind: well-mixed, volume: V}
species:
  A: {molar_mass: 500 Da, slab: {initial: A_half, diffusivity: D, atol: 1e-5 nM},
      pool: {initial: P0, display: nM}}
parameters:
  V: {value: 1e5 um^3, kind: assumption, source: made up for a test}
  D: {value: 40 um^2/s, range: [1 um^2/s, 90 um^2/s], kind: prior, source: made up}
  A0: {value: 7 nM, kind: assumption, source: made up for a test}
  A_half: {value: A0 / 2, kind: computed, source: made up for a test}
  P0: {value: 5 nM, kind: assumption, source: made up for a test}
  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}
reactions:
  loss: {in: slab, equation: "A ->", rate: k * A}
interfaces:
  surface: {between: [slab.top, pool], exchange: [A]}
events:
  dose: {at: 5 min, add: {pool.A: 2 nM}}
observables:
  A_mean: {value: mean(A), unit: nM, label: mean in the slab}
tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um}
run: {until: 30 min, save: {every: 3 min}}
"""

SIR = """\
lacuna: 1
title: SIR epidemic
domains:
  town: {kind: well-mixed, volume: 1 L}
species:
  S: {unit: cell, town: {initial: 48 cell, total: true}}
  I: {unit: cell, town: {initial: 2 cell, total: true}}
  R: {unit: cell, town: {total: true}}
parameters:
  beta: {value: 0.6 1/d, range: [0.1 1/d, 2 1/d], kind: assumption, source: textbook}
  gamma: {value: 0.3 1/d, kind: assumption, source: textbook}
  N: {value: 50 cell, kind: assumption, source: textbook}
reactions:
  infection: {in: town, equation: S + I -> 2 I, rate: beta * S * I / N}
  recovery: {in: town, equation: I -> R, rate: gamma * I}
observables: {infected: town.I, removed: town.R}
run: {until: 100 d, method: exact, save: {every: 1 d}}
"""


@pytest.fixture
def drug():
    return lacuna.load(DRUG)


@pytest.fixture
def sir():
    return lacuna.load(SIR)
