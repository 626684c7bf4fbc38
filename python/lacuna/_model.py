"""Models: loaded from a file, a text or a dict, and what they name.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import html
import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from ._core import (HOUR, Handle, LacunaError, Problem, Value, bytes_of, check, seed_number,
                    text_of, value_text)
from ._native import ffi, lib
from ._tables import Parameter, Series, Table, Variable

if TYPE_CHECKING:
    from ._function import Function
    from ._run import Run
    from ._simulation import Simulation

Source = Union[str, "os.PathLike[str]", Mapping[str, Any]]


@dataclass(frozen=True)
class Settings:
    """How a run of the model is made; times in hours."""

    method: str  # "mean-field", "exact", "hybrid"
    draws: bool  # the method draws random numbers: it wants a seed
    seed: Optional[int]  # None: the text says none
    replicate: int
    until: float  # [h] 0 = the text does not say
    save_every: float  # [h] between frames of series; 0 = the start and the end alone
    save_fields_every: float  # [h] of fields


@dataclass(frozen=True)
class Origin:
    """Where a model comes from; enough to read it again."""

    path: str  # of a file, or what messages call the text
    text: Optional[str]
    directory: str  # where paths in the text start

    def read(self) -> "tuple[int, Any]":
        place = ffi.new("lacuna_model **")
        if self.text is None:
            code = lib.lacuna_model_load(bytes_of(self.path, "path"), place)
        else:
            code = lib.lacuna_model_read(bytes_of(self.path, "name"), bytes_of(self.text),
                                         bytes_of(self.directory, "directory"), place)
        return code, place[0]


def origin_of(source: Source, name: Optional[str], directory: Optional[str]) -> Origin:
    """A path, a text (it has more than one line), or a dict with the keys of a text."""
    where = os.fspath(directory) if directory is not None else os.getcwd()
    if isinstance(source, Mapping):
        text = json.dumps(source, indent=1, ensure_ascii=False, default=str)
        return Origin(name or "dict.yaml", text, where)
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith(("{", "lacuna:"))):
        return Origin(name or "text.yaml", source, where)
    path = os.fspath(source)
    if not isinstance(path, str):
        raise TypeError("a model is loaded from a path, a text or a dict")
    carried = os.path.join(os.path.dirname(__file__), "data", path)  # by a wheel
    if not os.path.exists(path) and os.path.exists(carried):
        path = carried
    return Origin(os.path.abspath(path) if os.path.exists(path) else path, None, where)


def problems_of(pointer: Any) -> List[Problem]:
    """What the library found wrong with the text that it has read last."""
    found = []
    one = ffi.new("lacuna_problem *")
    for index in range(lib.lacuna_model_problems(pointer)):
        if lib.lacuna_model_problem(pointer, index, one) == lib.LACUNA_OK:
            found.append(Problem(text_of(one.message), text_of(one.file), one.line, one.column,
                                 bool(one.is_warning)))
    return found


def check_model(code: int, pointer: Any) -> None:
    """Raises what a code of a model's handle means, with all problems of the text."""
    if code == lib.LACUNA_OK:
        return
    if code == lib.LACUNA_MEMORY or pointer == ffi.NULL:
        check(code)
    problems = problems_of(pointer)
    errors = [each for each in problems if not each.is_warning]
    listing = text_of(lib.lacuna_model_problem_text(pointer)) if errors else ""
    sentence = errors[0].message if errors else text_of(lib.lacuna_model_error(pointer))
    raise LacunaError(sentence, code, problems, listing)


class Model:
    """A model that was read and checked. It does not change: `set` gives another one.

    Made by `lacuna.load`. Models can be pickled, used by several threads, and used after a fork.
    """

    def __init__(self, origin: Origin, values: Optional[Mapping[str, Value]] = None) -> None:
        self._origin = origin
        self._sets: Dict[str, str] = {}
        self._lock = threading.Lock()
        self._handle = self._load({})
        self._look()
        if values:
            self._set_now(values)

    # --- reading

    def _load(self, sets: Mapping[str, str]) -> Handle:
        code, pointer = self._origin.read()
        handle = Handle(pointer if pointer != ffi.NULL else None, lib.lacuna_model_free, "model")
        check_model(code, pointer)
        if sets:
            set_texts(handle.pointer, sets)
        return handle

    def _set_now(self, values: Mapping[str, Value]) -> None:
        units = {each.name: each.unit for each in self.parameters.values()}
        texts = {name: value_text(name, value, units) for name, value in values.items()}
        set_texts(self._handle.pointer, texts)
        self._sets.update(texts)
        self._look()

    def _look(self) -> None:
        pointer = self._handle.pointer
        self.title: str = text_of(lib.lacuna_model_title(pointer))
        self.warnings: List[Problem] = [each for each in problems_of(pointer) if each.is_warning]
        self.parameters: Table[Parameter] = Table(_parameters(pointer), "parameter")
        self.variables: Table[Variable] = Table(_variables(pointer), "variable")
        self.series: Table[Series] = Table(_series(pointer), "observable or pool")
        self.events: List[str] = _events(pointer)
        self.tissues: List[str] = _tissues(pointer)
        self.settings: Settings = _settings(pointer)

    @property
    def pointer(self) -> Any:
        """The handle of the library; in a child of fork the model is read again first."""
        with self._lock:
            if self._handle.is_open and not self._handle.is_ours:
                self._handle = self._load(self._sets)
            return self._handle.pointer

    def _fresh(self) -> Handle:
        """A handle of its own, for who changes it."""
        return self._load(self._sets)

    def close(self) -> None:
        """Frees the model; simulations of it may go on. It cannot be used any more."""
        self._handle.close()

    # --- other values

    def set(self, _values: Optional[Mapping[str, Value]] = None, /, **values: Value) -> "Model":
        """This model with other values: ``m.set(D="40 um^2/s", k=0.2)``.

        Texts have their own unit, numbers are in that of the parameter. Settings have dots in their
        names: ``m.set({"run.method": "exact"})``. All are checked together, as ``--set`` is.
        """
        made = Model.__new__(Model)
        made._origin = self._origin
        made._sets = dict(self._sets)
        made._lock = threading.Lock()
        made._handle = self._fresh()
        made.parameters = self.parameters
        made._set_now({**(_values or {}), **values})
        return made

    @property
    def text(self) -> str:
        """The model with all that was included and set, as one text that `load` reads to the same."""
        place = ffi.new("const char **")
        pointer = self.pointer
        with self._lock:
            check_model(lib.lacuna_model_text(pointer, place), pointer)
            return text_of(place[0])

    def __reduce__(self) -> Any:
        name = os.path.basename(self._origin.path) or "model.yaml"
        return Model, (Origin(name, self.text, self._origin.directory),)

    # --- what it is for

    def run(self, until: Union[str, float, None] = None, *, seed: Optional[int] = None,
            replicate: Optional[int] = None, method: Optional[str] = None, threads: int = 1,
            fields: Union[bool, str, Sequence[str]] = True,
            endpoints: "Optional[Endpoints]" = None,
            result: Optional["os.PathLike[str] | str"] = None, overwrite: bool = False,
            progress: Union[bool, Callable[[float, float], Any]] = False,
            set: Optional[Mapping[str, Value]] = None, **values: Value) -> "Run":
        """Runs the model to its end, in memory.

        Parameters
        ----------
        until : the end, a text ("30 d") or a number of hours; the model's without one.
        seed, replicate : of a method that draws random numbers; a seed is drawn without one.
        method : "mean-field", "exact" or "hybrid" instead of the model's.
        threads : of this run; the numbers do not depend on it. 0 = all cores.
        fields : whether the fields of the tissue are kept (at the times of ``save.fields_every``), or
            the names of those that are.
        endpoints : numbers of the run, as of `function`; they are in ``run.endpoints``.
        result : path of a result file that is written beside it.
        progress : True for a bar (tqdm, if there is one), or a call with the time and the end [h].
        set, **values : values of parameters: texts with units, or numbers in the parameter's unit.

        Returns
        -------
        Run
            ``run["drug_deep"]`` is an array (time,), ``run.to_xarray()`` a dataset with units.
        """
        from ._run import make_run

        model = self._with(until, method, {**(set or {}), **values})
        return make_run(model, seed=seed, replicate=replicate, threads=threads, fields=fields,
                        endpoints=endpoints, result=result, overwrite=overwrite, progress=progress)

    def start(self, seed: Optional[int] = None, *, replicate: Optional[int] = None,
              until: Union[str, float, None] = None, method: Optional[str] = None,
              threads: int = 1, result: Optional["os.PathLike[str] | str"] = None,
              overwrite: bool = False, progress: Optional[Callable[[float], Any]] = None,
              set: Optional[Mapping[str, Value]] = None, **values: Value) -> "Simulation":
        """A simulation at time 0, to be advanced, changed and copied. Arguments as of `run`;
        `progress` is called with the time [h] now and then, and what it raises ends the call."""
        from ._simulation import Simulation

        model = self._with(until, method, {**(set or {}), **values})
        return Simulation(model, seed=seed, replicate=replicate, threads=threads,
                          result=result, overwrite=overwrite, progress=progress)

    def function(self, vary: "Union[Sequence[str], Mapping[str, str]]",
                 endpoints: "Optional[Endpoints]" = None, *,
                 until: Union[str, float, None] = None, method: Optional[str] = None,
                 threads: int = 1, common: bool = False,
                 set: Optional[Mapping[str, Value]] = None, **values: Value) -> "Function":
        """Parameters in, endpoints out: ``f(theta, seed=1)`` with theta (n, d) gives Y (n, k).

        Parameters
        ----------
        vary : names of parameters, in the order of theta's columns; or a mapping from name to the
            unit in which theta is ({"D": "cm^2/s"}). Without it the unit is that of the text.
        endpoints : {name: text} in the words of a plan: "last(x)", "at(x, 2 d)", "most(x)" or
            "max(x)", "least(x)", "mean(x, 1 d, 3 d)" within a window, "auc(x)", "time_of_most(x)",
            or the mapping that a plan has ({"of": "x", "take": "auc", "change": True}, {"ratio":
            ["late", "early"]}). A list of texts is named after them. None: the last value of every
            observable.
        threads : how many rows are run at a time. The numbers do not depend on it.
        common : all rows draw the same random numbers (common random numbers).
        """
        from ._function import Function

        return Function(self._with(until, method, {**(set or {}), **values}), vary, endpoints,
                        threads=threads, common=common)

    def _with(self, until: Union[str, float, None], method: Optional[str],
              values: Mapping[str, Value]) -> "Model":
        sets: Dict[str, Value] = dict(values)
        if until is not None:
            sets["run.until"] = until if isinstance(until, str) else f"{float(until):.17g} h"
        if method is not None:
            sets["run.method"] = method
        return self.set(sets) if sets else self

    # --- showing

    def __repr__(self) -> str:
        fields = sum(each.is_field for each in self.variables.values())
        parts = [f"{len(self.parameters)} parameters",
                 f"{fields} fields and {len(self.variables) - fields} pools" if fields
                 else f"{len(self.variables)} pools", f"{len(self.series)} series",
                 self.settings.method]
        if self.settings.until:
            parts.append(f"until {self.settings.until:g} h")
        name = self.title or os.path.basename(self._origin.path)
        return f"<lacuna.Model '{name}': {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        return (f"<p><b>{html.escape(self.title or self._origin.path)}</b><br>"
                f"{html.escape(repr(self)[1:-1])}</p>{self.parameters._repr_html_()}")


Endpoints = Union[Mapping[str, Union[str, Mapping[str, Any]]], Sequence[str], str]


def load(source: Source, *, name: Optional[str] = None, directory: Optional[str] = None,
         set: Optional[Mapping[str, Value]] = None, **values: Value) -> Model:
    """Loads a model.

    Parameters
    ----------
    source : the path of a scenario or model file, here or among the installed ones; a text in the
        model language (more than one line); or a dict with the keys of such a text.
    name : what messages call a text.
    directory : where paths in a text start; the working directory without one.
    set, **values : values of parameters, as of `Model.set`.

    Raises
    ------
    LacunaError
        Its ``problems`` are all that is wrong with the text, with file, line and column.
    """
    return Model(origin_of(source, name, directory), {**(set or {}), **values})


def set_texts(pointer: Any, texts: Mapping[str, str]) -> None:
    """Sets several values of a handle at once."""
    names = [ffi.new("char[]", bytes_of(name, "name")) for name in texts]
    values = [ffi.new("char[]", bytes_of(value, "value")) for value in texts.values()]
    check_model(lib.lacuna_model_set_all(pointer, len(names), ffi.new("const char *[]", names),
                                         ffi.new("const char *[]", values)), pointer)


def start_seed(model: Model, seed: Optional[int]) -> float:
    """The seed of a run; -1: the model's own, or one that is drawn."""
    return seed_number(seed)


# --- describing -----------------------------------------------------------------------------------


def _parameters(pointer: Any) -> List[Parameter]:
    one = ffi.new("lacuna_parameter *")
    rows = []
    for index in range(lib.lacuna_model_parameters(pointer)):
        check(lib.lacuna_model_parameter(pointer, index, one))
        given = one.low == one.low and one.high == one.high
        rows.append(Parameter(text_of(one.name), one.value, text_of(one.unit),
                              (one.low, one.high) if given else None, text_of(one.kind),
                              text_of(one.source), text_of(one.label), bool(one.is_derived),
                              bool(one.is_fixed), index))
    return rows


def _variables(pointer: Any) -> List[Variable]:
    one = ffi.new("lacuna_variable *")
    rows = []
    tissues = _tissues(pointer)
    for index in range(lib.lacuna_model_variables(pointer)):
        check(lib.lacuna_model_variable(pointer, index, one))
        rows.append(Variable(text_of(one.name), text_of(one.path), text_of(one.unit),
                             bool(one.is_field), index,
                             tissues[one.tissue] if one.is_field else None))
    return rows


def _tissues(pointer: Any) -> List[str]:
    name = ffi.new("const char **")
    rows = []
    for index in range(lib.lacuna_model_tissues(pointer)):
        check(lib.lacuna_model_tissue(pointer, index, name))
        rows.append(text_of(name[0]))
    return rows


def _series(pointer: Any) -> List[Series]:
    one = ffi.new("lacuna_series *")
    rows = []
    for index in range(lib.lacuna_model_series_count(pointer)):
        check(lib.lacuna_model_series(pointer, index, one))
        rows.append(Series(text_of(one.name), text_of(one.label), text_of(one.unit), index))
    return rows


def _events(pointer: Any) -> List[str]:
    name = ffi.new("const char **")
    names = []
    for index in range(lib.lacuna_model_events(pointer)):
        check(lib.lacuna_model_event(pointer, index, name))
        names.append(text_of(name[0]))
    return names


def _settings(pointer: Any) -> Settings:
    one = ffi.new("lacuna_settings *")
    check(lib.lacuna_model_settings(pointer, one))
    fields_every = one.save_fields_every or one.save_every
    return Settings(text_of(one.method), bool(one.draws),
                    int(one.seed) if one.seed >= 0 else None, int(max(one.replicate, 0)),
                    one.until / HOUR, one.save_every / HOUR, fields_every / HOUR)
