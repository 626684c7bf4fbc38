"""Opening results for the scripts that read them: a sentence and no traceback for what is none.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys

import h5py


def words(value):
    """An attribute or a value as a string, however it is stored."""
    return value.decode() if isinstance(value, bytes) else str(value)


def open_result(path, holds, what):
    """The HDF5 file at `path`, open for reading. Leaves with a sentence when it cannot be read, or lacks
    one of the names `holds`: then it is no `what` ("a result of lacuna")."""
    script = os.path.basename(sys.argv[0])
    try:
        file = h5py.File(path, "r")
    except OSError as reason:
        why = os.strerror(reason.errno) if reason.errno else "is not an HDF5 file"
        sys.exit(f"{script}: {path}: {why}")
    for name in holds:
        if name not in file:
            sys.exit(f"{script}: {path}: holds no '{name}', so it is {what}")
    return file
