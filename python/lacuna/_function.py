"""Functions: parameters in, endpoints out, for samplers, optimisers and sensitivity analysis.

Row i, replicate r draws the random numbers of `seed` and replicate ``i * REPLICATES + r`` of the
library, whatever the batches, threads and processes in which rows are run.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from ._core import Handle, LacunaError, Watch, bytes_of, check, convert, seed_number, text_of
from ._endpoints import add_endpoints, read_endpoints
from ._model import Endpoints, Model, check_model, set_texts
from ._native import ffi, lib
from ._progress import bar_of
from ._simulation import _create

#: Replicates that a row has room for: row i, replicate r is replicate i * REPLICATES + r.
REPLICATES = 2**20
_MOST_ROWS = 2**33  # the library's replicates are whole numbers below 2^53
_BLOCK = 256  # rows that are run without looking at Python


class Worker:
    """One simulation that begins again for every row; or, where a parameter takes effect only when the
    text is read, a model that is read again."""

    def __init__(self, function: "Function") -> None:
        self.function = function
        self.watch = Watch()
        self.model = function._own_model()
        self.simulation: Optional[Handle] = None
        self.code = ffi.new("int *")
        self.rows: Any = None

    def new_simulation(self, seed: float, replicate: float) -> Handle:
        return _create(self.model.pointer, seed, replicate, 1, 0.0, ffi.NULL, 0, self.watch.struct)

    def run(self, seed: float, theta: np.ndarray, replicate: np.ndarray, ends: np.ndarray,
            fail: Callable[[int, str], None]) -> None:
        """Rows theta (n, d) with their replicates (n,) into ends (n, k)."""
        if self.function.reads_again:
            self._run_slow(seed, theta, replicate, ends, fail)
        else:
            self._run_fast(seed, theta, replicate, ends, fail)

    def _run_fast(self, seed: float, theta: np.ndarray, replicate: np.ndarray, ends: np.ndarray,
                  fail: Callable[[int, str], None]) -> None:
        function = self.function
        rows = self.rows
        if rows is None or self.simulation is None:
            self.simulation = self.simulation or self.new_simulation(seed, 0.0)
            rows = self.rows = ffi.new("lac_py_rows *")
            rows.varied = theta.shape[1]
            rows.parameter = function._index
            rows.ends = ends.shape[1]
        rows.seed = seed
        from_theta = ffi.from_buffer("double[]", theta)
        from_replicate = ffi.from_buffer("double[]", replicate)
        to = ffi.from_buffer("double[]", ends, require_writable=True)
        row, count = 0, len(theta)
        self.watch.begin()
        while row < count:
            row += lib.lac_py_run_rows(
                self.simulation.pointer, rows, self.watch.struct, count - row,
                from_theta + row * rows.varied, from_replicate + row, to + row * rows.ends,
                self.code)
            if self.code[0] == lib.LACUNA_OK:
                break
            self.fail_row(self.code[0], row, fail)
            row += 1

    def fail_row(self, code: int, row: int, fail: Callable[[int, str], None]) -> None:
        """A row's own failure is remembered; Ctrl-C and a lack of memory end the call."""
        sentence = text_of(lib.lacuna_error())
        self.watch.raise_error()
        if code == lib.LACUNA_CANCELLED:
            raise LacunaError("cancelled", code)
        if code in (lib.LACUNA_MEMORY, lib.LACUNA_INTERNAL, lib.LACUNA_MISUSE):
            check(code, sentence)
        fail(row, sentence)

    def _run_slow(self, seed: float, theta: np.ndarray, replicate: np.ndarray, ends: np.ndarray,
                  fail: Callable[[int, str], None]) -> None:
        for row in range(len(theta)):
            self.watch.begin()
            try:
                set_texts(self.model.pointer, self.function._texts(theta[row]))
                simulation = self.new_simulation(seed, replicate[row])
            except LacunaError as error:
                fail(row, error.args[0])
                continue
            values = ffi.new("const double **")
            code = lib.lacuna_simulation_finish(simulation.pointer)
            if code == lib.LACUNA_OK:
                code = lib.lacuna_simulation_endpoints(simulation.pointer, values, ffi.NULL)
            if code == lib.LACUNA_OK:
                ends[row] = ffi.unpack(values[0], ends.shape[1])
            else:
                self.fail_row(code, row, fail)
            simulation.close()

    def close(self) -> None:
        if self.simulation is not None:
            self.simulation.close()
        self.model.close()


class Function:
    """Parameters in, endpoints out. Made by `Model.function`.

    ``f(theta, seed=s)`` takes theta (n, d), or (d,) for one row, in the units of the text, and gives
    Y (n, k) or (k,). A row that fails is NaN, and ``f.errors`` says why. Functions can be pickled (by
    the model's text and names), used by several threads at once, and used after a fork.

    Attributes
    ----------
    names, units : of theta's columns.
    bounds : list of (low, high) of the parameters, None where the text gives no range.
    x0 : array (d,), the values of the model.
    outputs, output_units : of Y's columns.
    errors : dict from row (or (row, replicate)) to the sentence of its failure, of the last call.
    """

    def __init__(self, model: Model, vary: Union[Sequence[str], Mapping[str, str], str],
                 endpoints: Optional[Endpoints] = None, *, threads: int = 1,
                 common: bool = False) -> None:
        if isinstance(vary, str):
            vary = [vary]
        self.model = model
        self.names: List[str] = list(vary)
        self.threads = threads
        self.common = common
        self._wanted_units = dict(vary) if isinstance(vary, Mapping) else {}
        self._endpoints = read_endpoints(endpoints, model)
        self._lock = threading.Lock()
        self._idle: List[Worker] = []
        self._process = os.getpid()
        self.errors: Dict[Any, str] = {}
        self._find_names()
        self.output_units: Dict[str, str] = {}
        self.reads_again = False
        worker = Worker(self)
        self.reads_again = not self._can_begin_again(worker)
        self._idle.append(worker)

    # --- making

    def _find_names(self) -> None:
        if not self.names:
            raise ValueError("a function varies at least one parameter: vary=['...']")
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"a parameter is named twice in vary={self.names}")
        index = []
        place = ffi.new("size_t *")
        for name in self.names:
            check(lib.lacuna_model_find_parameter(self.model.pointer, bytes_of(str(name)), place))
            index.append(place[0])
        self._index = ffi.new("size_t[]", index)
        rows = [self.model.parameters[name] for name in self.names]
        self._own_units = [each.unit for each in rows]
        self.units = [self._wanted_units.get(each.name, each.unit) for each in rows]
        self._factor: Optional[np.ndarray] = None
        if self.units != self._own_units:
            self._factor = np.array([convert(f"1 {there}", here) if there != here else 1.0
                                     for there, here in zip(self.units, self._own_units)])
        factors = self._factor if self._factor is not None else np.ones(len(rows))
        self.bounds = [each.range and (each.range[0] / f, each.range[1] / f)
                       for each, f in zip(rows, factors)]
        self.x0 = np.array([each.value for each in rows]) / factors

    def _own_model(self) -> Handle:
        handle = self.model._fresh()
        self.output_units = add_endpoints(handle.pointer, self._endpoints)
        return handle

    @property
    def outputs(self) -> List[str]:
        return list(self._endpoints)

    def _texts(self, row: np.ndarray) -> Dict[str, str]:
        return {name: f"{value:.17g} {unit}".rstrip()
                for name, value, unit in zip(self.names, row, self._own_units)}

    def _can_begin_again(self, worker: Worker) -> bool:
        """Can the parameters be other ones at a reset, without reading the text again?"""
        settings = self.model.settings
        seed = 0.0 if settings.draws and settings.seed is None else -1.0
        worker.simulation = worker.new_simulation(seed, -1.0)
        code = lib.lacuna_simulation_vary(
            worker.simulation.pointer, len(self.names), self._index,
            ffi.new("double[]", [self.model.parameters[name].value for name in self.names]))
        if code == lib.LACUNA_INPUT:
            worker.simulation = None
            return False
        check(code)
        return True

    # --- workers

    def _take(self) -> Worker:
        with self._lock:
            if self._process != os.getpid():  # a child of fork has none of its own yet
                self._idle = []
                self._process = os.getpid()
            if self._idle:
                return self._idle.pop()
        return Worker(self)

    def _give(self, worker: Worker) -> None:
        with self._lock:
            if len(self._idle) < 64:
                self._idle.append(worker)

    def close(self) -> None:
        """Frees what it holds; it may be called again all the same."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    # --- calling

    def __call__(self, theta: Any, seed: Optional[int] = None, *, replicates: Optional[int] = None,
                 first: int = 0, replicate: int = 0, threads: Optional[int] = None,
                 progress: Union[bool, Callable[[float, float], Any]] = False) -> np.ndarray:
        """Y (n, k) of theta (n, d), or (k,) of (d,).

        Parameters
        ----------
        theta : array (n, d) or (d,), in `units`.
        seed : of a method that draws random numbers; the model's without one.
        replicates : r runs of every row: Y is (n, r, k) then.
        first : number of theta's first row, so that parts of a design can be run apart.
        replicate : number of the first replicate.
        threads : rows that are run at a time, instead of the function's own.
        progress : True for a bar, or a call with how many runs are done, and of how many.
        """
        rows, single = self._rows(theta)
        count = 1 if replicates is None else int(replicates)
        if count < 1 or replicate < 0 or replicate + count > REPLICATES:
            raise ValueError(f"a row has from 1 to {REPLICATES} replicates")
        if first < 0 or first + len(rows) > _MOST_ROWS:
            raise ValueError("the number of the first row is a whole number from 0")
        ends = np.full((len(rows) * count, len(self._endpoints)), np.nan)
        self._run(rows, self._seed(seed), (first, replicate, count), ends,
                  self.threads if threads is None else int(threads), progress)
        Y = ends.reshape(len(rows), count, len(self._endpoints))
        Y = Y[:, 0] if replicates is None else Y
        return Y[0] if single else Y

    def _seed(self, seed: Optional[int]) -> float:
        settings = self.model.settings
        if settings.draws and seed is None and settings.seed is None:
            raise LacunaError(
                f"the method {settings.method} draws random numbers: give a seed, f(theta, seed=1), "
                "or the model one (run: {seed: 1})", lib.LACUNA_INPUT)
        if seed is None:
            seed = settings.seed
        return seed_number(seed)

    def _rows(self, theta: Any) -> Tuple[np.ndarray, bool]:
        try:
            rows = np.array(theta, dtype=np.float64, order="C", copy=True)
        except (TypeError, ValueError):
            raise ValueError("theta is an array of numbers, in the units of the parameters: "
                             + self._columns()) from None
        single = rows.ndim == 1
        if rows.ndim == 0 and len(self.names) == 1:
            rows, single = rows.reshape(1), True
        if single:
            rows = rows.reshape(1, -1)
        if rows.ndim != 2 or rows.shape[1] != len(self.names):
            raise ValueError(f"theta has the shape {np.shape(theta)}; it is (n, {len(self.names)}) "
                             f"or ({len(self.names)},): {self._columns()}")
        if self._factor is not None:
            rows *= self._factor
        return rows, single

    def _columns(self) -> str:
        return ", ".join(f"{name} [{unit or '1'}]" for name, unit in zip(self.names, self.units))

    def _streams(self, rows: int, numbers: Tuple[int, int, int]) -> np.ndarray:
        """The library's replicates: row by row, all replicates of a row together."""
        first, replicate, count = numbers
        if rows == 1 and count == 1:
            return np.array([(0.0 if self.common else float(first)) * REPLICATES + replicate])
        row = np.zeros(rows) if self.common else np.arange(first, first + rows, dtype=np.float64)
        return (row[:, None] * REPLICATES + np.arange(replicate, replicate + count)).ravel()

    def _run(self, rows: np.ndarray, seed: float, numbers: Tuple[int, int, int], ends: np.ndarray,
             threads: int, progress: Any) -> None:
        count = numbers[2]
        theta = rows if count == 1 else np.repeat(rows, count, axis=0)
        streams = self._streams(len(rows), numbers)
        errors: Dict[Any, str] = {}
        self.errors = errors

        def fail(row: int, sentence: str) -> None:
            ends[row] = np.nan
            errors[row if count == 1 else (row // count, row % count)] = sentence

        def run_block(block: Tuple[int, int], worker: Worker) -> None:
            self._run_block(theta, seed, streams, ends, block, worker, fail)

        if len(theta) == 0:
            return
        if len(theta) <= _BLOCK and progress is False and (threads == 1 or len(theta) == 1):
            worker = self._take()
            run_block((0, len(theta)), worker)
            self._give(worker)
            if errors:
                self.errors = dict(sorted(errors.items()))
            return
        blocks = list(_blocks(len(theta), threads))
        with bar_of(progress, len(theta), "runs") as tell:
            if threads == 1 or len(blocks) == 1:
                self._run_here(blocks, run_block, tell)
            else:
                self._run_in_threads(blocks, run_block, tell, threads)
        self.errors = dict(sorted(errors.items()))

    def _run_block(self, theta: np.ndarray, seed: float, streams: np.ndarray, ends: np.ndarray,
                   block: Tuple[int, int], worker: Worker,
                   fail: Callable[[int, str], None]) -> None:
        """The rows of a block, parted at those whose parameters are no numbers."""
        begin, end = block
        finite = np.isfinite(theta[begin:end])
        if finite.all():
            worker.run(seed, theta[begin:end], streams[begin:end], ends[begin:end],
                       lambda row, words: fail(begin + row, words))
            return
        fine = finite.all(axis=1)
        for row in begin + np.flatnonzero(~fine):
            column = int(np.flatnonzero(~np.isfinite(theta[row]))[0])
            fail(int(row), f"'{self.names[column]}' cannot be {theta[row, column]}")

        def run_part(low: int, high: int) -> None:
            worker.run(seed, theta[low:high], streams[low:high], ends[low:high],
                       lambda row, words: fail(low + row, words))

        edges = np.flatnonzero(np.diff(np.concatenate(([0], fine, [0]))))
        for low, high in zip(edges[::2] + begin, edges[1::2] + begin):
            run_part(int(low), int(high))

    def _run_here(self, blocks: List[Tuple[int, int]], run_block: Any, tell: Any) -> None:
        worker = self._take()
        for block in blocks:
            run_block(block, worker)
            if tell is not None:
                tell(block[1])
        self._give(worker)

    def _run_in_threads(self, blocks: List[Tuple[int, int]], run_block: Any, tell: Any,
                        threads: int) -> None:
        threads = min(threads if threads > 0 else os.cpu_count() or 1, len(blocks))
        workers = [self._take() for _ in range(threads)]
        queue = iter(blocks)
        taking = threading.Lock()
        done = [0]

        def work(worker: Worker) -> None:
            while True:
                with taking:
                    block = next(queue, None)
                if block is None:
                    return
                run_block(block, worker)
                done[0] += block[1] - block[0]

        with ThreadPoolExecutor(threads) as pool:
            jobs = [pool.submit(work, worker) for worker in workers]
            try:
                left = set(jobs)
                while left:
                    finished, left = wait(left, 0.1)
                    if tell is not None:
                        tell(done[0])
                    for job in finished:
                        job.result()
            except BaseException:
                with taking:
                    queue = iter(())
                for worker in workers:
                    worker.watch.cancel()
                raise
        for worker in workers:
            self._give(worker)

    # --- whole curves

    def dataset(self, theta: Any, seed: Optional[int] = None, *, replicates: int = 1,
                first: int = 0, fields: Union[bool, str, Sequence[str]] = False,
                progress: Union[bool, Callable[[float, float], Any]] = False) -> Any:
        """An xarray.Dataset with dims (sample, replicate, time[, z, y, x]): all curves, the endpoints
        (sample, replicate), the parameters (sample) and, when asked for, fields.

        Runs draw the numbers that the same rows and replicates draw in a call of the function; what
        failed is NaN, with its sentence in `errors`.
        """
        from ._dataset import make_dataset

        rows, _ = self._rows(theta)
        return make_dataset(self, rows, self._seed(seed), (first, 0, int(replicates)), fields,
                            progress)

    # --- showing, pickling

    def __reduce__(self) -> Any:
        vary = self._wanted_units or self.names
        if self._wanted_units:
            vary = {name: unit for name, unit in zip(self.names, self.units)}
        return _again, (self.model, vary, self._endpoints, self.threads, self.common)

    def __repr__(self) -> str:
        ends = ", ".join(f"{name} [{unit or '1'}]" for name, unit in self.output_units.items())
        return f"<lacuna.Function of '{self.model.title}': ({self._columns()}) -> ({ends})>"


def _again(model: Model, vary: Any, endpoints: Endpoints, threads: int, common: bool) -> Function:
    return Function(model, vary, endpoints, threads=threads, common=common)


def _blocks(count: int, threads: int) -> Iterator[Tuple[int, int]]:
    """Rows from..to, small enough that all threads have work."""
    size = max(1, min(_BLOCK, count if threads == 1 else -(-count // (4 * max(threads, 2)))))
    for begin in range(0, count, size):
        yield begin, min(begin + size, count)


__all__ = ["Function", "REPLICATES", "check_model"]
