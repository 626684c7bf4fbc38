"""Endpoints: numbers of a run, in the words of a plan, given to the library that evaluates them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import json
import re
from typing import Any, Dict, Mapping, Optional

from ._core import bytes_of, text_of
from ._model import Endpoints, Model, check_model
from ._native import ffi, lib


def read_endpoints(endpoints: Optional[Endpoints], model: Model) -> Dict[str, str]:
    """{name: text}; of a list the texts name themselves, and None is all observables' last values."""
    if endpoints is None:
        return {name: f"last({name})" for name in model.series}
    if isinstance(endpoints, str):
        endpoints = [endpoints]
    if not isinstance(endpoints, Mapping):
        endpoints = {re.sub(r"\W+", "_", text).strip("_"): text for text in endpoints}
    return {name: _text(text) for name, text in endpoints.items()}


def _text(text: Any) -> str:
    """A mapping becomes one of YAML, which JSON is."""
    if isinstance(text, str):
        return text
    if isinstance(text, Mapping):
        return json.dumps({key: "yes" if value is True else "no" if value is False else value
                           for key, value in text.items()})
    raise TypeError(f"an endpoint is a text or a mapping, not {type(text).__name__}")


def add_endpoints(pointer: Any, endpoints: Mapping[str, str]) -> Dict[str, str]:
    """Adds endpoints to a handle of a model; their units by name."""
    units = {}
    place = ffi.new("const char **")
    for index, (name, text) in enumerate(endpoints.items()):
        check_model(lib.lacuna_model_endpoint(pointer, bytes_of(name), bytes_of(text)), pointer)
        check_model(lib.lacuna_model_endpoint_unit(pointer, index, place), pointer)
        units[name] = text_of(place[0])
    return units
