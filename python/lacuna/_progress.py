"""Progress: a bar of tqdm when there is one, or a call.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional, Union


def _bar(total: float, unit: str) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    form = "{l_bar}{bar}| {n:.4g}/{total:.4g} {unit} [{elapsed}<{remaining}]"
    return tqdm(total=total, unit=unit, bar_format=form, leave=False)


@contextmanager
def bar_of(progress: Union[bool, Callable[[float, float], Any]], total: float,
           unit: str) -> Iterator[Optional[Callable[[float], Any]]]:
    """A call that takes how much is done, or None."""
    bar = _bar(total, unit) if progress is True else None
    if bar is not None:
        try:
            yield lambda done: bar.update(max(done - bar.n, 0))
        finally:
            bar.close()
    elif callable(progress):
        yield lambda done: progress(done, total)
    else:
        yield None


def of_run(progress: Union[bool, Callable[[float, float], Any]], until: float) -> Any:
    return bar_of(progress, until, "h")
