"""Files: results and indexes, read lazily.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from __future__ import annotations

import os
from typing import Any, Optional

from ._core import LacunaError
from ._native import lib


def open(path: "os.PathLike[str] | str", group: Optional[str] = None) -> Any:
    """A result file, or the index of a sweep (the file or its directory), as an xarray.Dataset.

    Nothing is read before it is looked at. `group` opens a group of the file: "provenance", or
    "statistics" of an index. The file stays open until the dataset is closed (``with``).
    """
    import xarray

    where = os.fspath(path)
    if os.path.isdir(where):
        where = os.path.join(where, "index.nc")
    if not os.path.exists(where):
        raise LacunaError(f"{where} is not there", lib.LACUNA_NO_INPUT)
    failures = []
    for engine in ("h5netcdf", "netcdf4"):
        try:
            return xarray.open_dataset(where, engine=engine, group=group, decode_times=False)
        except (ImportError, ModuleNotFoundError, ValueError) as error:
            failures.append(str(error))  # the engine is not installed, or is too old for the file
        except OSError as error:
            raise LacunaError(f"{where} cannot be read: {error}", lib.LACUNA_NO_INPUT) from error
    raise ImportError(f"{where}: xarray reads results with h5netcdf or netCDF4 "
                      f"(pip install h5netcdf): {failures[0]}")
