"""xarray reads a result with both engines: coordinates, units, values, groups; netCDF4 can append.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import netCDF4
import numpy as np
import xarray

import sample
from sample import check, close


def read(path, engine, own_times):
    time = "time_fields" if own_times else "time"
    with xarray.open_dataset(path, engine=engine) as result:
        check(f"{engine}: fields are over ({time}, z, y, x)",
              result.tissue_A.dims == (time, "z", "y", "x"))
        check(f"{engine}: time stays a number", result.time.dtype == np.float64)
        close(f"{engine}: times are hours", result.time, np.arange(13) * 6.0)
        close(f"{engine}: coordinates are voxel centres", result.z, (np.arange(120) + 0.5) * 20)
        close(f"{engine}: the field is the formula", result.tissue_A,
              sample.substance(result[time].values), 1e-5)
        close(f"{engine}: the pool is the formula", result.fluid_A,
              6e-3 * np.exp(-result.time.values * 3600 / 1e5) / sample.PICOMOLAR)
        close(f"{engine}: the observable is the mean of the field",
              result.A_mean.isel(time=0),
              result.tissue_A.isel({time: 0}).astype(float).mean(), 1e-6)
        check(f"{engine}: units", result.tissue_A.units == "pmol L-1")
        check(f"{engine}: title", result.title.startswith("a sample of everything"))
        near = result.tissue_A.sel(z=1000, method="nearest")
        check(f"{engine}: selection by depth", float(near.z) in (990.0, 1010.0))
    with xarray.open_dataset(path, engine=engine, group="ledger") as ledger:
        names = [str(name) for name in ledger.variable.values]
        check(f"{engine}: rows of the ledger are named",
              names == ["tissue_A", "tissue_S", "fluid_A", "fluid_N"])
        cells = ledger.content.sel(variable="fluid_N")
        close(f"{engine}: the ledger counts cells", cells, np.full(13, 1000.0))


def append(path):
    with netCDF4.Dataset(path, "a") as result:
        result.comment = "a remark"
        variable = result.createVariable("twice", "f8", ("time",))
        variable[:] = 2 * result["fluid_A"][:]
    with netCDF4.Dataset(path) as result:
        close("netCDF4 can append", result["twice"][:], 2 * result["fluid_A"][:])
        check("order is kept", list(result.variables)[:3] == ["time", "z", "y"])
        check("the resolved model is a text", "substance A" in result["/provenance/model"][...])


def test(directory):
    for kind in ("every", "rare"):
        path = sample.make(kind, directory)
        for engine in ("netcdf4", "h5netcdf"):
            read(path, engine, kind == "rare")
    append(sample.make("every", directory))


sample.run(test)
