"""What a model names: parameters, variables, series, in tables that show themselves.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import difflib
import html
from dataclasses import dataclass, fields
from typing import Any, Dict, Generic, Iterator, List, Mapping, Optional, Tuple, TypeVar


@dataclass(frozen=True)
class Parameter:
    """A parameter; `value` and `range` are in `unit` ("" = a pure number)."""

    name: str
    value: float
    unit: str
    range: Optional[Tuple[float, float]]
    kind: str  # "measured", "computed", "assumption", "prior", "fitted", "unstated"
    source: str
    label: str
    is_derived: bool  # follows from others
    is_fixed: bool  # a size or a time depends on it: it can be set before a run only
    index: int


@dataclass(frozen=True)
class Variable:
    """A species in a domain; its values are in `unit`."""

    name: str  # "cartilage_drug", as in results
    path: str  # "cartilage.drug", as in the text
    unit: str
    is_field: bool  # of a tissue: one value a voxel
    index: int
    tissue: Optional[str] = None  # of a field: the domain whose grid it has


@dataclass(frozen=True)
class Series:
    """An observable, or a pool: one value a time, in `unit`."""

    name: str
    label: str
    unit: str
    index: int


Row = TypeVar("Row", Parameter, Variable, Series)


class Table(Mapping[str, Row], Generic[Row]):
    """Rows by name, in the order of the model; `table["D"].unit`, or `table[0]`."""

    def __init__(self, rows: List[Row], what: str) -> None:
        self._rows: Dict[str, Row] = {row.name: row for row in rows}
        self._what = what

    def __getitem__(self, name: Any) -> Row:
        if isinstance(name, int):
            return list(self._rows.values())[name]
        row = self._rows.get(name)
        if row is None:
            near = difflib.get_close_matches(str(name), self._rows, 1)
            raise KeyError(f"there is no {self._what} '{name}'"
                           + (f"; did you mean '{near[0]}'?" if near else ""))
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def names(self) -> List[str]:
        return list(self._rows)

    def _cells(self) -> Tuple[List[str], List[List[str]]]:
        rows = list(self._rows.values())
        if not rows:
            return [], []
        columns = [each.name for each in fields(rows[0]) if each.name != "index"]
        columns = [each for each in columns
                   if any(getattr(row, each) not in ("", None, False) for row in rows)]
        return columns, [[_cell(getattr(row, each)) for each in columns] for row in rows]

    def __repr__(self) -> str:
        columns, cells = self._cells()
        if not cells:
            return f"no {self._what}s"
        width = [min(40, max(len(row[k]) for row in [columns] + cells))
                 for k in range(len(columns))]
        lines = ["  ".join(word[:w].ljust(w) for word, w in zip(row, width)).rstrip()
                 for row in [columns] + cells]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        columns, cells = self._cells()
        head = "".join(f"<th>{html.escape(word)}</th>" for word in columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(word)}</td>" for word in row) + "</tr>"
                       for row in cells)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def to_pandas(self) -> Any:
        """The table as a pandas.DataFrame with the names as index."""
        import pandas

        rows = [{each.name: getattr(row, each.name) for each in fields(row)}
                for row in self._rows.values()]
        return pandas.DataFrame(rows).set_index("name") if rows else pandas.DataFrame()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return f"{value[0]:.6g} to {value[1]:.6g}"
    return str(value)
