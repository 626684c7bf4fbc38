"""Runs: what a whole run in memory leaves: curves, fields, endpoints.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import os
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np

from ._core import HOUR, LacunaError, check
from ._endpoints import add_endpoints, read_endpoints
from ._model import Endpoints, Model
from ._native import ffi, lib
from ._progress import of_run
from ._simulation import Grid, Simulation, only_grid
from ._tables import Variable

#: Fields of one run that are kept in memory without being asked twice [bytes].
MOST_BYTES = 4 * 1024**3


def curves_of(simulation: Simulation) -> Tuple[np.ndarray, np.ndarray]:
    """Times [h] (time,) and values (time, series) of what was recorded."""
    one = ffi.new("lacuna_curves *")
    check(lib.lacuna_simulation_curves(simulation._pointer, one))
    if one.frames == 0:
        return np.empty(0), np.empty((0, one.series))
    time = np.frombuffer(ffi.buffer(one.time, 8 * one.frames)) / HOUR
    if one.series == 0:
        return time, np.empty((one.frames, 0))
    value = np.frombuffer(ffi.buffer(one.value, 8 * one.frames * one.series))
    return time, value.reshape(one.frames, one.series).copy()


def field_times(model: Model) -> List[float]:
    """When fields are kept [s]: the times at which a result has them."""
    until = model.settings.until * HOUR
    every = model.settings.save_fields_every * HOUR
    times = [0.0]
    if every > 0:
        count = int(until / every * (1 + 1e-13))
        times = [k * every for k in range(count + 1)]
    if abs(times[-1] - until) <= 1e-12 * until:
        times[-1] = until
    else:
        times.append(until)
    return times


class Recorder:
    """Fields of a simulation, copied at their times."""

    def __init__(self, simulation: Simulation, fields: List[Variable]) -> None:
        self.simulation = simulation
        self.fields = fields
        self.times = field_times(simulation.model) if fields else []
        self.grids = simulation.grids if fields else {}
        shapes = {each.name: self.grids[each.tissue or ""].shape for each in fields}
        wanted = len(self.times) * sum(int(np.prod(shape)) for shape in shapes.values()) * 8
        if wanted > MOST_BYTES:
            raise LacunaError(
                f"{len(fields)} fields at {len(self.times)} times take {wanted / 2**30:.3g} GiB of "
                "memory: name those that are wanted (fields=[...]), keep them less often "
                "(run.save.fields_every), or write a result file (lacuna.open reads it lazily)",
                lib.LACUNA_LIMIT)
        self.values = {name: np.empty((len(self.times),) + shape)
                       for name, shape in shapes.items()}

    def march(self) -> None:
        """To the end."""
        for frame, time in enumerate(self.times):
            self.simulation._to(time)
            for each in self.fields:
                self.values[each.name][frame] = self.simulation._variable(each.index, self.grids)
        self.simulation.finish()


def choose_fields(model: Model, fields: Union[bool, str, Sequence[str]]) -> List[Variable]:
    """Those that are meant: all, none, or by name or path."""
    every = [each for each in model.variables.values() if each.is_field]
    if isinstance(fields, (bool, np.bool_)):
        return every if fields else []
    names = [fields] if isinstance(fields, str) else list(fields)
    if names in (["all"], ["none"]):
        return every if names == ["all"] else []
    chosen = []
    for name in names:
        found = [each for each in every if name in (each.name, each.path)]
        if not found:
            raise LacunaError(f"there is no field '{name}': "
                              + (", ".join(each.name for each in every) or "the model has none"),
                              lib.LACUNA_INPUT)
        chosen += found
    return chosen


class Run:
    """A whole run in memory.

    ``run["drug_deep"]`` is the curve of an observable or pool (time,), or a field (time, z, y, x);
    ``run.time`` and ``run.field_time`` are their times [h]; units are those of the model
    (``run.units``). Arrays are views of what the run recorded, and are not shared with anything else.
    """

    def __init__(self, model: Model, simulation: Simulation, recorder: Recorder) -> None:
        self.model = model
        self.time, self._values = curves_of(simulation)
        self.field_time = np.array(recorder.times) / HOUR
        self.fields: Dict[str, np.ndarray] = recorder.values
        self.grids: Dict[str, Grid] = recorder.grids
        self.seed = simulation.seed
        self.warning = simulation.warning
        self.parameters = {name: simulation.value(name) for name in model.parameters}
        self.endpoints: Dict[str, float] = {}
        self.endpoint_units: Dict[str, str] = {}

    @property
    def grid(self) -> Optional[Grid]:
        """The voxels of the only tissue whose fields were kept; of several, `grids` has them all."""
        return only_grid(self.model, self.grids)

    def _grid_of(self, field: str) -> Grid:
        return self.grids[self.model.variables[field].tissue or ""]

    @property
    def units(self) -> Dict[str, str]:
        rows: List[Any] = list(self.model.series.values())
        rows += [self.model.variables[name] for name in self.fields]
        return {each.name: each.unit for each in rows}

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self.fields:
            return self.fields[name]
        return self._values[:, self.model.series[name].index]

    def __iter__(self) -> Iterator[str]:
        yield from self.model.series
        yield from self.fields

    def __len__(self) -> int:
        return len(self.model.series) + len(self.fields)

    def __contains__(self, name: object) -> bool:
        return name in self.fields or name in self.model.series

    def to_xarray(self) -> Any:
        """An xarray.Dataset: dims time (and time_fields where fields have times of their own), z, y,
        x; coordinates with units; the names and units of a result file."""
        import xarray

        shared = len(self.time) == len(self.field_time) and bool(
            np.all(self.time == self.field_time))
        field_time = "time" if shared or not self.fields else "time_fields"
        data: Dict[str, Any] = {
            name: ("time", self[name], {"units": each.unit or "1", "long_name": each.label or name})
            for name, each in self.model.series.items()}
        for name, value in self.fields.items():
            unit = self.model.variables[name].unit or "1"
            data[name] = ((field_time,) + self._grid_of(name).dims, value, {"units": unit})
        for name, number in self.endpoints.items():
            if name not in data:
                data[name] = ((), number, {"units": self.endpoint_units[name] or "1"})
        hour = {"units": "h", "long_name": "time since the start"}
        coordinates: Dict[str, Any] = {"time": ("time", self.time, hour)}
        if field_time == "time_fields":
            coordinates["time_fields"] = ("time_fields", self.field_time, hour)
        for name in self.fields:
            coordinates.update(self._grid_of(name).axes())
        about: Dict[str, Any] = {"title": self.model.title, "method": self.model.settings.method,
                                 "source": f"lacuna {lib_version()}"}
        if self.seed is not None:
            about["seed"] = self.seed
        return xarray.Dataset(data, coordinates, about)

    def to_pandas(self) -> Any:
        """The curves as a pandas.DataFrame, one column a series, the time [h] as index."""
        import pandas

        return pandas.DataFrame(self._values, pandas.Index(self.time, name="time"),
                                list(self.model.series))

    def __repr__(self) -> str:
        lines = [f"<lacuna.Run of '{self.model.title}': {len(self.time)} frames, "
                 f"{self.time[0]:g} to {self.time[-1]:g} h>"]
        for name, each in self.model.series.items():
            lines.append(f"  {name:24} ends at {self[name][-1]:.6g} {each.unit}".rstrip())
        for name, value in self.fields.items():
            lines.append(f"  {name:24} {value.shape} {self.model.variables[name].unit}".rstrip())
        for name, number in self.endpoints.items():
            lines.append(f"  {name:24} = {number:.6g} {self.endpoint_units[name]}".rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        try:
            return str(self.to_xarray()._repr_html_())
        except ImportError:
            return f"<pre>{repr(self)}</pre>"


def lib_version() -> str:
    return str(ffi.string(lib.lacuna_version_text()).decode())


def make_run(model: Model, *, seed: Optional[int], replicate: Optional[int], threads: int,
             fields: Union[bool, str, Sequence[str]], endpoints: Optional[Endpoints],
             result: Optional["os.PathLike[str] | str"], overwrite: bool,
             progress: Union[bool, Callable[[float, float], Any]]) -> Run:
    chosen = choose_fields(model, fields)
    units: Dict[str, str] = {}
    if endpoints is not None:
        model = model.set()  # endpoints belong to a handle: one of its own
        units = add_endpoints(model.pointer, read_endpoints(endpoints, model))
    with of_run(progress, model.settings.until) as callback:
        with Simulation(model, seed=seed, replicate=replicate, threads=threads, result=result,
                        overwrite=overwrite, progress=callback, record=True) as simulation:
            recorder = Recorder(simulation, chosen)
            recorder.march()
            run = Run(model, simulation, recorder)
            if units:
                run.endpoints = dict(zip(units, endpoint_values(simulation)))
                run.endpoint_units = units
    return run


def endpoint_values(simulation: Simulation) -> List[float]:
    values = ffi.new("const double **")
    count = ffi.new("size_t *")
    check(lib.lacuna_simulation_endpoints(simulation._pointer, values, count))
    return list(ffi.unpack(values[0], count[0]))
