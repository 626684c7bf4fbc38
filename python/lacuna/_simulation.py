"""Simulations: advanced step by step, changed on the way, copied, saved and restored.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Union

import numpy as np

from ._core import (HOUR, Handle, LacunaError, Value, Watch, bytes_of, check, hours, new_handle,
                    seconds, seed_number, text_of, value_text)
from ._model import Model
from ._native import ffi, lib

_create = new_handle(lib.lac_py_create, "lacuna_simulation", lib.lacuna_simulation_free,
                     "simulation")
_copy = new_handle(lib.lacuna_simulation_copy, "lacuna_simulation", lib.lacuna_simulation_free,
                   "simulation")
_save = new_handle(lib.lacuna_simulation_save, "lacuna_checkpoint", lib.lacuna_checkpoint_free,
                   "checkpoint")


class Checkpoint:
    """All that a simulation was at a time, in memory: restored in any simulation of its model."""

    def __init__(self, handle: Handle, time: float) -> None:
        self._handle = handle
        self.time = time  # [h]

    def close(self) -> None:
        self._handle.close()

    def __repr__(self) -> str:
        return f"<lacuna.Checkpoint at {self.time:g} h>"

    def __reduce__(self) -> Any:
        raise TypeError("a checkpoint is in memory and cannot be pickled; pickle the model, or "
                        "write a result with checkpoints by `lacuna run`")


class Simulation:
    """A run at some time. Made by `Model.start`; times are in hours, or texts with units.

    It is for one thread at a time; several simulations, also of one model, run in several threads at
    once, since the interpreter is free while the library is at work.
    """

    def __init__(self, model: Model, *, seed: Optional[int] = None,
                 replicate: Optional[int] = None, threads: int = 1,
                 result: Optional["os.PathLike[str] | str"] = None, overwrite: bool = False,
                 progress: Optional[Callable[[float], Any]] = None, record: bool = False) -> None:
        self.model = model
        self._watch = Watch(progress)
        path = bytes_of(os.fspath(result), "path") if result is not None else ffi.NULL
        self._handle = _create(model.pointer, seed_number(seed), seed_number(replicate, "replicate"),
                               int(threads), 0.0, path, int(overwrite), self._watch.struct)
        if record:
            self._call(lib.lacuna_simulation_record, 1)

    # --- calls

    @property
    def _pointer(self) -> Any:
        return self._handle.pointer

    def _call(self, function: Callable[..., int], *arguments: Any) -> None:
        pointer = self._pointer
        self._watch.begin()
        code = function(pointer, *arguments)
        if code == lib.LACUNA_OK:
            return
        sentence = text_of(lib.lacuna_error())
        self._watch.raise_error()
        check(code, sentence)

    def close(self) -> None:
        """Frees it; a result file that is not finished stays with the frames that it has."""
        self._handle.close()

    def __enter__(self) -> "Simulation":
        return self

    def __exit__(self, *about: Any) -> None:
        self.close()

    # --- time

    @property
    def time(self) -> float:
        """[h]"""
        return float(lib.lacuna_simulation_time(self._pointer)) / HOUR

    @property
    def end(self) -> float:
        """[h] ``run.until`` of the model."""
        return float(lib.lacuna_simulation_end(self._pointer)) / HOUR

    @property
    def seed(self) -> Optional[int]:
        """The seed with which it draws; None for a method that does not."""
        seed = lib.lacuna_simulation_seed(self._pointer)
        return int(seed) if self.model.settings.draws and seed >= 0 else None

    def advance(self, duration: Union[str, float]) -> "Simulation":
        """Goes on by a duration ("2 d", or hours), with all events on the way."""
        return self._to(lib.lacuna_simulation_time(self._pointer) + seconds(duration))

    def advance_to(self, time: Union[str, float]) -> "Simulation":
        """Goes on to a time ("2 d", or hours)."""
        return self._to(seconds(time))

    def _to(self, time: float) -> "Simulation":
        end = lib.lacuna_simulation_end(self._pointer)
        if end < time <= end * (1 + 1e-12):
            time = end
        self._call(lib.lacuna_simulation_advance_to, time)
        return self

    def finish(self) -> "Simulation":
        """Goes on to the end, and closes the result file if there is one."""
        self._call(lib.lacuna_simulation_finish)
        return self

    def cancel(self) -> None:
        """From another thread: the call that is at work leaves after its step."""
        self._watch.cancel()
        check(lib.lacuna_simulation_cancel(self._pointer))

    def reset(self, seed: Optional[int] = None, replicate: Optional[int] = None,
              **values: float) -> "Simulation":
        """Back to time 0, with another seed, replicate, or other numbers of parameters (in their
        units): the same numbers as a new simulation, without making one."""
        if values:
            index = [self.model.parameters[name].index for name in values]
            self._vary(ffi.new("size_t[]", index), np.array(list(values.values()), dtype=float))
        self._call(lib.lacuna_simulation_reset, seed_number(seed),
                   seed_number(replicate, "replicate"))
        return self

    def _vary(self, index: Any, row: np.ndarray) -> None:
        """Parameters (d,) from the next reset on, in the model's units."""
        self._call(lib.lacuna_simulation_vary, len(row), index, ffi.from_buffer("double[]", row))

    # --- changes

    def set(self, _values: Optional[Mapping[str, Value]] = None, /,
            **values: Value) -> "Simulation":
        """Sets parameters, or variables everywhere, from now on: ``s.set(D="40 um^2/s")``. Texts
        have their own unit, numbers are in that of the parameter or variable."""
        for name, value in {**(_values or {}), **values}.items():
            if isinstance(value, str):
                self._call(lib.lacuna_simulation_set, bytes_of(name), bytes_of(value))
            else:
                self._call(lib.lacuna_simulation_set_number, bytes_of(name), float(value))
        return self

    def dose(self, variable: str, amount: Value, region: Optional[str] = None) -> "Simulation":
        """Adds to a variable, in a region of the tissue or everywhere: a density ("2 nM") or an
        amount in the joint ("10 mg"); a number is in the variable's unit."""
        units = {name: each.unit for each in self.model.variables.values()
                 for name in (each.name, each.path)}
        text = value_text(variable, amount, units)
        where = bytes_of(region) if region is not None else ffi.NULL
        self._call(lib.lacuna_simulation_add, bytes_of(variable), bytes_of(text), where)
        return self

    def fire(self, event: str) -> "Simulation":
        """Makes an event or dose of the model happen now."""
        self._call(lib.lacuna_simulation_fire, bytes_of(event))
        return self

    # --- copies

    def copy(self, seed: Optional[int] = None, replicate: Optional[int] = None) -> "Simulation":
        """Another simulation that stands where this one does. It goes on to the same numbers; with a
        seed or a replicate it draws those of its own from here on."""
        made = Simulation.__new__(Simulation)
        made.model = self.model
        made._watch = self._watch
        self._watch.begin()
        made._handle = _copy(self._pointer)
        return made if seed is None and replicate is None else made.reseed(seed, replicate)

    def reseed(self, seed: Optional[int] = None, replicate: Optional[int] = None) -> "Simulation":
        """Other random numbers from now on."""
        self._call(lib.lacuna_simulation_reseed, seed_number(seed),
                   seed_number(replicate, "replicate"))
        return self

    def __copy__(self) -> "Simulation":
        return self.copy()

    def __deepcopy__(self, memo: Any) -> "Simulation":
        return self.copy()

    def __reduce__(self) -> Any:
        raise TypeError("a simulation cannot be pickled; pickle its model, or a function")

    def save(self) -> Checkpoint:
        """A checkpoint in memory."""
        return Checkpoint(_save(self._pointer), self.time)

    def restore(self, checkpoint: Checkpoint) -> "Simulation":
        """Back to where a checkpoint of this model was saved."""
        self._call(lib.lacuna_simulation_restore, checkpoint._handle.pointer)
        return self

    # --- values

    @property
    def grids(self) -> Dict[str, "Grid"]:
        """The voxels of each tissue, by the name of its domain; empty without one."""
        tissues = self.model.tissues
        return {name: self._grid(index, f"{name}_" if len(tissues) > 1 else "")
                for index, name in enumerate(tissues)}

    def _grid(self, tissue: int, prefix: str) -> "Grid":
        one = ffi.new("lacuna_grid *")
        check(lib.lacuna_simulation_grid_of(self._pointer, tissue, one))
        bounds, layers = ffi.new("const double **"), ffi.new("size_t *")
        check(lib.lacuna_simulation_layers_of(self._pointer, tissue, bounds, layers))
        depths = ffi.unpack(bounds[0], layers[0] + 1) if layers[0] else None
        return Grid(tuple(one.voxels), tuple(one.size), one, depths, prefix)

    @property
    def grid(self) -> "Grid":
        """The voxels of the only tissue; of several, `grids` has them all."""
        return only_grid(self.model, self.grids) or Grid((0, 0, 0), (0.0, 0.0, 0.0), None)

    def series(self) -> Dict[str, float]:
        """All observables and pools now, in their units."""
        values = ffi.new("const double **")
        count = ffi.new("size_t *")
        check(lib.lacuna_simulation_series(self._pointer, values, count))
        return dict(zip(self.model.series, ffi.unpack(values[0], count[0]) if count[0] else []))

    def value(self, name: str) -> Union[float, np.ndarray]:
        """An observable, a pool, a parameter, or a field (z, y, x), in its unit; a copy."""
        if name in self.model.series:
            place = ffi.new("double *")
            check(lib.lacuna_simulation_value(self._pointer, bytes_of(name), place))
            return float(place[0])
        if name in self.model.parameters:
            place = ffi.new("double *")
            check(lib.lacuna_simulation_parameter(self._pointer, bytes_of(name), place))
            return float(place[0])
        index = ffi.new("size_t *")
        check(lib.lacuna_model_find_variable(self.model.pointer, bytes_of(name), index))
        return self._variable(int(index[0]), self.grids)

    __getitem__ = value

    def _variable(self, index: int, grids: Mapping[str, "Grid"]) -> Union[float, np.ndarray]:
        one = ffi.new("lacuna_values *")
        check(lib.lacuna_simulation_variable(self._pointer, index, one))
        tissue = self.model.variables[index].tissue
        if tissue is None:
            return float(one.value[0] * one.factor)
        flat = np.frombuffer(ffi.buffer(one.value, one.count * 8), dtype=np.float64)
        return np.reshape(flat * one.factor, grids[tissue].shape)

    def state(self) -> Dict[str, Union[float, np.ndarray]]:
        """All variables now, in their units: pools are numbers, fields arrays (z, y, x); copies."""
        grids = self.grids
        return {name: self._variable(each.index, grids)
                for name, each in self.model.variables.items()}

    @property
    def warning(self) -> str:
        """The last warning of the library, "" without one."""
        return text_of(lib.lacuna_simulation_warning(self._pointer))

    def __repr__(self) -> str:
        if not self._handle.is_open or not self._handle.is_ours:
            return "<lacuna.Simulation, closed>"
        return (f"<lacuna.Simulation of '{self.model.title}' at {self.time:g} h of "
                f"{self.end:g} h>")


def only_grid(model: Model, grids: Mapping[str, "Grid"]) -> Optional["Grid"]:
    """Of a model with one tissue; None without one."""
    if len(grids) > 1:
        raise LacunaError(f"the model has {len(grids)} tissues: grids[NAME] is the grid of one, "
                          "NAME being " + " or ".join(grids), lib.LACUNA_MISUSE)
    return next(iter(grids.values()), None)


class Grid:
    """The voxels of a tissue: `shape` (z, y, x), `size` of a voxel (x, y, z) [um], the centres
    `x`, `y`, `z` [um], z from the surface down, and `z_bounds` (z, 2), the depths between which each
    layer lies. Where layers differ `is_graded` is True and `size` has their mean. `dims` are its axes
    in a dataset: z, y, x, with the name of the tissue before them where there are several."""

    def __init__(self, voxels: Tuple[int, ...], size: Tuple[float, ...], one: Any,
                 depths: Optional[List[float]] = None, prefix: str = "") -> None:
        self.voxels = voxels
        self.size = size
        self.shape = tuple(reversed(voxels))
        self._prefix = prefix
        self.dims = tuple(prefix + axis for axis in "zyx")
        centre = [size[axis] * (np.arange(voxels[axis]) + 0.5) for axis in range(3)]
        self.is_graded = depths is not None
        depth = np.asarray(depths) if depths else size[2] * np.arange(voxels[2] + 1)
        self.z_bounds = np.stack([depth[:-1], depth[1:]], axis=1)
        if depths:
            centre[2] = self.z_bounds.mean(axis=1)
        self.x, self.y, self.z = centre
        count = voxels[0] * voxels[1] * voxels[2]
        self.active: Optional[np.ndarray] = None
        if count and one.active != ffi.NULL:
            self.active = np.array(ffi.unpack(one.active, count)).reshape(self.shape) != 0

    def axes(self) -> Dict[str, Any]:
        """Coordinates of an xarray.Dataset, with the bounds of layers that differ."""
        axes: Dict[str, Any] = {dim: (dim, getattr(self, axis), {"units": "um"})
                                for dim, axis in zip(self.dims, "zyx")}
        if self.is_graded:
            z, end, bounds = (self._prefix + name for name in ("z", "z_end", "z_bounds"))
            axes[z][2]["bounds"] = bounds
            axes[bounds] = ((z, end), self.z_bounds, {"units": "um"})
        return axes

    def __repr__(self) -> str:
        return f"<lacuna.Grid {' x '.join(map(str, self.voxels))} voxels (x, y, z)>"


__all__ = ["Checkpoint", "Grid", "LacunaError", "Simulation", "hours"]
