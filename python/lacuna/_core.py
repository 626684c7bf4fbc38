"""What all parts of the module share: handles of the library, its errors, texts and quantities.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import math
import os
import weakref
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional, Union

from ._native import ffi, lib

#: A value of a parameter: a text with its unit ("40 um^2/s"), or a number in the parameter's own unit.
Value = Union[str, float, int]

HOUR = 3600.0  # [s]


def text_of(pointer: Any) -> str:
    """A text of the library as one of Python; "" for NULL."""
    return "" if pointer == ffi.NULL else ffi.string(pointer).decode("utf-8", "replace")


def bytes_of(text: str, what: str = "text") -> bytes:
    """A text for the library, which ends texts with a zero byte."""
    if "\0" in text:
        raise ValueError(f"the {what} holds a zero byte")
    return text.encode("utf-8")


# --- errors ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a text, and where (line and column from 1; 0 = not known)."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    is_warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file and self.line else ""
        return f"{place}{'warning' if self.is_warning else 'error'}: {self.message}"


class LacunaError(Exception):
    """What the library refused or could not do.

    Attributes
    ----------
    code : int
        That of ``lacuna.h``, which is the exit code of the program: 65 for a wrong model, name or
        value, 1 for numbers that went astray, 2 for a call that cannot be meant, 75 for cancelled.
    word : str
        The code in words.
    problems : list of Problem
        What is wrong with a text, in order, with places; empty when the error is of no text.
    file, line, column
        Of the first problem that is an error ("" and 0 without one).
    """

    def __init__(self, message: str, code: int = 2, problems: Optional[List[Problem]] = None,
                 listing: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.problems = problems or []
        self.listing = listing
        first = next((each for each in self.problems if not each.is_warning), None)
        self.file = first.file if first else ""
        self.line = first.line if first else 0
        self.column = first.column if first else 0

    @property
    def word(self) -> str:
        return text_of(lib.lacuna_code_word(self.code))

    def __str__(self) -> str:
        return self.listing.rstrip() or super().__str__()

    def __reduce__(self) -> Any:
        return LacunaError, (self.args[0], self.code, self.problems, self.listing)


def check(code: int, sentence: str = "") -> None:
    """Raises what a code means, with the sentence of this thread."""
    if code == lib.LACUNA_OK:
        return
    sentence = sentence or text_of(lib.lacuna_error())
    if code == lib.LACUNA_MEMORY:
        raise MemoryError(sentence)
    raise LacunaError(sentence, code)


# --- handles --------------------------------------------------------------------------------------


class Handle:
    """A handle of the library, freed when nobody needs it, by the process that made it."""

    __slots__ = ("_pointer", "_free", "_process", "_what", "__weakref__")

    def __init__(self, pointer: Any, free: Callable[[Any], int], what: str) -> None:
        self._pointer = pointer
        self._free = free
        self._process = os.getpid()
        self._what = what

    @property
    def is_open(self) -> bool:
        return self._pointer is not None

    @property
    def is_ours(self) -> bool:
        """False in a child of fork."""
        return self._process == os.getpid()

    @property
    def pointer(self) -> Any:
        if self._pointer is None:
            raise LacunaError(f"the {self._what} is closed", lib.LACUNA_MISUSE)
        if not self.is_ours:
            raise LacunaError(
                f"the {self._what} belongs to process {self._process}, and this is process "
                f"{os.getpid()}, forked from it: make one here (models and functions do so by "
                "themselves)", lib.LACUNA_MISUSE)
        return self._pointer

    def close(self) -> None:
        pointer, self._pointer = self._pointer, None
        if pointer is None or not self.is_ours:
            return
        code = self._free(pointer)
        if code != lib.LACUNA_OK:
            self._pointer = pointer
            check(code)

    def __del__(self) -> None:
        try:
            if getattr(self, "_pointer", None) is not None and self.is_ours:
                self._free(self._pointer)
        except Exception:  # the interpreter is going down
            pass


def new_handle(call: Callable[..., int], kind: str, free: Callable[[Any], int],
               what: str) -> Callable[..., Handle]:
    """A function that makes a handle by a call whose last argument is the place for it."""

    def make(*arguments: Any) -> Handle:
        place = ffi.new(f"{kind} **")
        check(call(*arguments, place))
        return Handle(place[0], free, what)

    return make


# --- quantities -----------------------------------------------------------------------------------


def convert(text: str, unit: str) -> float:
    """The quantity `text` ("2 d") as a number in `unit` ("h").

    Raises LacunaError when it is no quantity, or of another dimension.
    """
    value = ffi.new("double *")
    check(lib.lacuna_convert(bytes_of(text), bytes_of(unit), value))
    return float(value[0])


def hours(time: Union[str, float]) -> float:
    """A time as text with its unit, or a number of hours, in hours."""
    if isinstance(time, str):
        return convert(time, "h")
    time = float(time)
    if math.isnan(time):
        raise ValueError("a time cannot be NaN")
    return time


def seconds(time: Union[str, float]) -> float:
    """The same in seconds, to the last bit of what the library reads."""
    return convert(time, "s") if isinstance(time, str) else hours(time) * HOUR


def value_text(name: str, value: Value, units: Mapping[str, str]) -> str:
    """What the library reads: a text as it is, a number with the unit that its parameter has."""
    if isinstance(value, str):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(
            f"{name}: a value is a text with its unit or a number, not {type(value).__name__}"
        ) from None
    if not math.isfinite(number):
        raise LacunaError(f"'{name}' cannot be {number}", lib.LACUNA_INPUT)
    if isinstance(value, bool):
        return "yes" if value else "no"
    unit = units.get(name, "")
    return f"{number:.17g} {unit}".rstrip()


def seed_number(seed: Optional[int], what: str = "seed") -> float:
    """A seed for the library; -1 = none."""
    if seed is None:
        return -1.0
    number = float(seed)
    if number != int(number) or number < 0 or number >= 2.0**53:
        raise ValueError(f"the {what} is a whole number from 0 to 2^53 - 1, not {seed!r}")
    return number


# --- watching -------------------------------------------------------------------------------------

_watches: "weakref.WeakValueDictionary[int, Watch]" = weakref.WeakValueDictionary()
_stray: List[BaseException] = []  # raised before a call from the library had begun


class Watch:
    """Lets Python look while the library runs, for Ctrl-C, cancelling and progress.

    `callback(time)` is called with the time [h], at most every `every` seconds of the wall clock;
    what it raises ends the run and is raised from there.
    """

    def __init__(self, callback: Optional[Callable[[float], Any]] = None,
                 every: float = 0.05) -> None:
        self.struct = ffi.new("lac_py_watch *")
        self.struct.every = every
        self.callback = callback
        self.error: Optional[BaseException] = None
        _watches[int(ffi.cast("uintptr_t", self.struct))] = self

    def begin(self) -> None:
        self.error = None
        lib.lac_py_watch_begin(self.struct)

    def cancel(self) -> None:
        self.struct.cancel = 1

    def raise_error(self) -> None:
        error, self.error = self.error, None
        if error is None and _stray:
            error = _stray.pop()
        if error is not None:
            raise error


def _failed(kind: Any, value: Any, trace: Any) -> int:
    _stray.append(value)
    return 1


@ffi.def_extern(name="lac_py_ask", error=1, onerror=_failed)
def _ask(pointer: Any, time: float) -> int:
    watch = _watches.get(int(ffi.cast("uintptr_t", pointer)))
    if watch is None:
        return 0
    try:
        if watch.callback is not None:
            watch.callback(time / HOUR)
    except BaseException as error:  # Ctrl-C too: it is raised where the run was called
        watch.error = error
        return 1
    return 0
