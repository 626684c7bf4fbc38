"""Datasets: the curves and fields of all rows and replicates of a function.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from ._core import HOUR, LacunaError
from ._model import set_texts
from ._native import lib
from ._progress import bar_of
from ._run import Recorder, choose_fields, curves_of, endpoint_values
from ._simulation import Grid, Simulation

if TYPE_CHECKING:
    from ._function import Function


class Member:
    """What one run left."""

    def __init__(self, simulation: Simulation, recorder: Recorder, endpoints: int) -> None:
        self.time, self.values = curves_of(simulation)
        self.ends = endpoint_values(simulation) if endpoints else []
        self.fields = recorder.values
        self.field_time = np.array(recorder.times) / HOUR
        self.grids: Dict[str, Grid] = recorder.grids


class Members:
    """Runs of a function's rows, one after another: by one simulation that begins again where the
    parameters allow that, else by a model that is read again for each."""

    def __init__(self, function: "Function", fields: List[Any]) -> None:
        from ._endpoints import add_endpoints

        self.function = function
        self.fields = fields
        self.model = function.model.set()  # endpoints belong to a handle: one of its own
        add_endpoints(self.model.pointer, function._endpoints)
        self.simulation: Optional[Simulation] = None

    def run(self, row: np.ndarray, seed: float, replicate: float) -> Member:
        """One run of parameters row (d,), in the units of the model."""
        if self.function.reads_again:
            with self._new(row, seed, replicate) as simulation:
                return self._march(simulation)
        if self.simulation is None:
            self.simulation = self._new(None, seed, replicate)
        self.simulation._vary(self.function._index, row)
        self.simulation.reset(int(seed) if seed >= 0 else None, int(replicate))
        return self._march(self.simulation)

    def _new(self, row: Optional[np.ndarray], seed: float, replicate: float) -> Simulation:
        if row is not None:
            set_texts(self.model.pointer, self.function._texts(row))
        return Simulation(self.model, seed=int(seed) if seed >= 0 else None,
                          replicate=int(replicate), record=True)

    def _march(self, simulation: Simulation) -> Member:
        recorder = Recorder(simulation, self.fields)
        recorder.march()
        return Member(simulation, recorder, len(self.function._endpoints))

    def close(self) -> None:
        if self.simulation is not None:
            self.simulation.close()


def make_dataset(function: "Function", rows: np.ndarray, seed: float,
                 numbers: Tuple[int, int, int], fields: Union[bool, str, Sequence[str]],
                 progress: Any) -> Any:
    model, replicates = function.model, numbers[2]
    if replicates < 1:
        raise ValueError("a row has at least one replicate")
    chosen = choose_fields(model, fields)
    streams = function._streams(len(rows), numbers)
    members: List[Any] = []
    errors: Dict[Any, str] = {}
    runs = Members(function, chosen)
    with closing(runs), bar_of(progress, len(streams), "runs") as tell:
        for k, stream in enumerate(streams):
            place = (k // replicates, k % replicates)
            try:
                members.append(runs.run(rows[place[0]], seed, stream))
            except LacunaError as error:
                if error.code in (lib.LACUNA_CANCELLED, lib.LACUNA_MISUSE):
                    raise
                errors[place[0] if replicates == 1 else place] = error.args[0]
                members.append(None)
            if tell is not None:
                tell(k + 1)
    function.errors = errors
    return assemble(function, rows, members, (numbers[0], replicates))


def assemble(function: "Function", rows: np.ndarray, members: List[Any],
             numbers: Tuple[int, int]) -> Any:
    import xarray

    model = function.model
    first, replicates = numbers
    shape = (len(rows), replicates)
    like = next((each for each in members if each is not None), None)
    if like is None:
        raise LacunaError("all runs failed: " + next(iter(function.errors.values()), "no rows"),
                          lib.LACUNA_NUMERICS)

    def stack(get: Any, inner: Tuple[int, ...]) -> np.ndarray:
        whole = np.full((len(members),) + inner, np.nan)
        for k, each in enumerate(members):
            if each is not None:
                whole[k] = get(each)
        return whole.reshape(shape + inner)

    both = ("sample", "replicate")
    data: Dict[str, Any] = {}
    curves = stack(lambda each: each.values, like.values.shape)
    for name, series in model.series.items():
        data[name] = (both + ("time",), curves[..., series.index],
                      {"units": series.unit or "1", "long_name": series.label or name})
    ends = stack(lambda each: np.array(each.ends), (len(like.ends),))
    for k, (name, unit) in enumerate(function.output_units.items()):
        key = name if name not in data else f"{name}_endpoint"
        data[key] = (both, ends[..., k], {"units": unit or "1"})
    shared = len(like.time) == len(like.field_time) and bool(np.all(like.time == like.field_time))
    field_time = "time" if shared else "time_fields"
    grids = {name: like.grids[model.variables[name].tissue] for name in like.fields}
    for name, grid in grids.items():
        value = stack(lambda each, name=name: each.fields[name], like.fields[name].shape)
        data[name] = (both + (field_time,) + grid.dims, value,
                      {"units": model.variables[name].unit or "1"})
    factor = function._factor if function._factor is not None else np.ones(rows.shape[1])
    coordinates: Dict[str, Any] = {
        name: ("sample", rows[:, k] / factor[k], {"units": function.units[k] or "1"})
        for k, name in enumerate(function.names)}
    coordinates["sample"] = ("sample", np.arange(first, first + len(rows)))
    coordinates["replicate"] = ("replicate", np.arange(replicates))
    coordinates["time"] = ("time", like.time, {"units": "h"})
    for grid in grids.values():
        coordinates.update(_field_axes(grid, field_time, like.field_time))
    return xarray.Dataset(data, coordinates, {"title": model.title,
                                              "method": model.settings.method})


def _field_axes(grid: Grid, field_time: str, time: np.ndarray) -> Dict[str, Any]:
    axes = grid.axes()
    axes[field_time] = (field_time, time, {"units": "h"})
    return axes
