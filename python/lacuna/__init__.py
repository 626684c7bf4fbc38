"""Lacuna: stochastic reaction-diffusion in tissue, from Python.

>>> import lacuna
>>> m = lacuna.load("drug.yaml")                     # a path, a text or a dict
>>> run = m.run(until="30 d", D="40 um^2/s")         # in memory; run.to_xarray() has units
>>> f = m.function(vary=["D", "k_uptake"], endpoints={"deep": "last(drug_deep)"})
>>> Y = f(theta, seed=1)                             # theta (n, 2) -> Y (n, 1)
>>> s = m.start(seed=7); s.advance("2 d"); t = s.copy()

Times that are numbers are hours; texts have their own unit. What is refused is a `LacunaError` with
the library's sentence, and `problems` with places where a text is wrong.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from ._core import LacunaError, Problem, convert
from ._files import open
from ._function import REPLICATES, Function
from ._model import Model, Settings, load
from ._native import ffi as _ffi
from ._native import lib as _lib
from ._run import Run
from ._simulation import Checkpoint, Grid, Simulation
from ._tables import Parameter, Series, Table, Variable

__version__: str = _ffi.string(_lib.lacuna_version_text()).decode()

__all__ = [
    "Checkpoint", "Function", "Grid", "LacunaError", "Model", "Parameter", "Problem", "REPLICATES",
    "Run", "Series", "Settings", "Simulation", "Table", "Variable", "convert", "load", "open",
]
