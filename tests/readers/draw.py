"""plot.py draws a result, alone and beside another, and says what it cannot find.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import struct
import subprocess
import sys

import sample
from sample import check

PLOT = os.path.join(os.environ.get("LACUNA_SOURCE", "."), "scripts", "plot.py")


def plot(*arguments):
    return subprocess.run([sys.executable, PLOT, *arguments], capture_output=True, text=True)


def size(path):
    """Width and height of a PNG."""
    with open(path, "rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:24]) if head[:8] == b"\x89PNG\r\n\x1a\n" else (0, 0)


def test(directory):
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        print("skipped: no matplotlib", file=sys.stderr)
        sys.exit(77)
    every, rare = sample.make("every", directory), sample.make("rare", directory)
    check("one result gives a picture beside it", plot(every).returncode == 0)
    check("the picture is a large PNG", min(size(every[:-3] + ".png")) > 500)
    out = os.path.join(directory, "two.png")
    two = plot(every, "--compare", rare, "--out", out, "--variables", "fluid_A,tissue_A",
               "--field", "tissue_S", "--times", "0,1,2")
    check("two results give a picture: " + two.stderr, two.returncode == 0 and size(out)[0] > 500)
    wrong = plot(every, "--variables", "nothing")
    check("an unknown variable is told",
          wrong.returncode != 0 and "no variable 'nothing'" in wrong.stderr)
    none = plot(os.path.join(directory, "none.nc"))
    check("a missing file is told", none.returncode != 0 and "none.nc" in none.stderr)


sample.run(test)
