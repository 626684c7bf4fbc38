"""h5py reads a result: scales, chunks, filters, values, provenance.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import h5py
import numpy as np

import sample
from sample import check, close


def test(directory):
    path = sample.make("every", directory)
    with h5py.File(path, "r") as result:
        field = result["tissue_A"]
        check("fields are single precision", field.dtype == np.float32)
        check("a chunk is one frame", field.chunks == (1, 120, 1, 10))
        check("fields are shuffled and deflated", field.shuffle and field.compression == "gzip")
        check("series are not compressed", result["fluid_A"].compression is None)
        names = [field.dims[k][0].name for k in range(4)]
        check("dimension scales are attached", names == ["/time", "/z", "/y", "/x"])
        check("the fill value is NaN", np.isnan(field.attrs["_FillValue"]).all())
        close("the field is the formula", field[...], sample.substance(result["time"][...]), 1e-5)
        ledger = result["ledger"]
        closure = ledger["content"][...] - ledger["initial"][...] - (
            ledger["made"][...] - ledger["lost"][...] + ledger["moved_in"][...] -
            ledger["moved_out"][...] + ledger["added"][...])
        close("the closure is what the terms leave", closure, ledger["closure"][...], 1e-9)
        provenance = result["provenance"]
        check("the seed is there", float(provenance.attrs["seed"][0]) == 7)
        check("the source text is there", b"a sample of everything" in provenance["source_text"][0])
        check("the command is there", b"lacuna run" in provenance.attrs["command_line"])


sample.run(test)
