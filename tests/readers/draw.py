"""plot.py draws a result, alone and beside another, and says what it cannot find.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import struct
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import forked
import sample
from sample import check

PLOT = os.path.join(os.environ.get("LACUNA_SOURCE", "."), "scripts", "plot.py")


def plot(*arguments):
    return forked.run(PLOT, *arguments)


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
    forked.imported("h5py", "matplotlib.pyplot")
    every, rare = sample.make("every", directory), sample.make("rare", directory)
    done = plot(every)
    check("one result gives a picture beside it: " + done.stderr, done.returncode == 0)
    check("the picture is a large PNG", min(size(every[:-3] + ".png")) > 500)
    out = os.path.join(directory, "two.png")
    two = plot(every, "--compare", rare, "--out", out, "--variables", "fluid_A,tissue_A",
               "--field", "tissue_S", "--times", "0,1,2")
    check("two results give a picture: " + two.stderr, two.returncode == 0 and size(out)[0] > 500)
    check("what is not drawn is told", "not drawn: " in plot(every, "--variables", "fluid_A").stderr)
    for suffix in ("svg", "pdf"):
        other = os.path.join(directory, "two." + suffix)
        check(suffix + " is written", plot(every, "--log", "--at", "x=0.1", "--out", other, "--variables", "fluid_A",
                                         "--field", "tissue_S").returncode == 0
              and os.path.getsize(other) > 1000)
    jpeg = plot(every, "--out", os.path.join(directory, "two.jpg"))
    check("another suffix is refused", jpeg.returncode == 2 and "does not end with" in jpeg.stderr)
    place = plot(every, "--at", "q=1")
    check("an unknown axis is told", place.returncode == 2 and "no axis 'q'" in place.stderr)
    wrong = plot(every, "--variables", "nothing")
    check("an unknown variable is told",
          wrong.returncode != 0 and "no variable 'nothing'" in wrong.stderr)
    none = plot(os.path.join(directory, "none.nc"))
    check("a missing file is told", none.returncode != 0 and "none.nc" in none.stderr)


def test_shapes(directory):
    """A gradient in x, a sheet, a block and a pool are drawn, each in its own way."""
    import h5py
    import numpy as np
    for name, shape in (("line", (3, 1, 1, 40)), ("sheet", (3, 1, 12, 10)), ("block", (3, 5, 6, 7)),
                        ("point", (3, 1, 1, 1))):
        path = os.path.join(directory, name + ".nc")
        with h5py.File(path, "w", track_order=True) as file:
            for axis, length, unit in zip(("time", "z", "y", "x"), shape, ("h", "um", "um", "um")):
                file[axis] = 10.0 + 20.0 * np.arange(length)
                file[axis].attrs["units"] = unit
                file[axis].make_scale(axis)
            file["f"] = np.random.default_rng(1).random(shape)
            file["f"].attrs["units"] = "nmol L-1"
            for k, axis in enumerate(("time", "z", "y", "x")):
                file["f"].dims[k].attach_scale(file[axis])
            file["pool"] = np.linspace(1, 2, 3)
            file["pool"].attrs["units"] = "pmol L-1"
            file["pool"].dims[0].attach_scale(file["time"])
        done = plot(path)
        check(f"a {name} is drawn: {done.stderr}", done.returncode == 0)
        wide, high = size(path[:-3] + ".png")
        check(f"a {name} has the panels that it needs", (high > 700) == (name != "point") and wide > 1000)


def test_tissues(directory):
    """Of several tissues the first is drawn and the others are told; one that is not there is refused."""
    import h5py
    import numpy as np
    path = os.path.join(directory, "joint.nc")
    with h5py.File(path, "w", track_order=True) as file:
        axes = ["time"] + [tissue + axis for tissue in ("left_", "right_") for axis in "zyx"]
        for axis, length, unit in zip(axes, (3, 5, 1, 1, 4, 1, 1), ["h"] + 6 * ["um"]):
            file[axis] = 10.0 + 20.0 * np.arange(length)
            file[axis].attrs["units"] = unit
            file[axis].make_scale(axis)
        for first, name, layers in ((1, "left_A", 5), (4, "right_A", 4)):
            file[name] = np.ones((3, layers, 1, 1))
            file[name].attrs["units"] = "nmol L-1"
            for k, axis in enumerate(["time"] + axes[first:first + 3]):
                file[name].dims[k].attach_scale(file[axis])
    done = plot(path)
    check("the tissues that are not drawn are told: " + done.stderr, done.returncode == 0
          and "maps are of 'left'; --tissue draws another: right" in done.stderr)
    done = plot(path, "--tissue", "right")
    check("a tissue is chosen: " + done.stderr, done.returncode == 0 and "draws another" not in done.stderr)
    wrong = plot(path, "--tissue", "middle")
    check("a tissue that is not there is told", wrong.returncode != 0 and "left, right" in wrong.stderr)
    wrong = plot(os.path.join(directory, "line.nc"), "--tissue", "middle")
    check("so it is where there is one: " + wrong.stderr,
          wrong.returncode != 0 and "no field of a tissue 'middle'; there are: f" in wrong.stderr)


def test_units(directory):
    """The second result is drawn and shown in the units of the first, or refused."""
    import h5py
    import numpy as np
    compare = os.path.join(os.path.dirname(PLOT), "compare.py")

    def write(name, unit, values, last=48.0):
        path = os.path.join(directory, name + ".nc")
        with h5py.File(path, "w") as file:
            file["time"] = np.linspace(0, last, 3)
            file["time"].attrs["units"] = "h"
            file["time"].make_scale("time")
            file["c"] = values
            file["c"].attrs["units"] = unit
            file["c"].dims[0].attach_scale(file["time"])
        return path

    def table(*arguments):
        return forked.run(compare, *arguments)

    nano, pico = write("nano", "nmol L-1", [1, 2, 3]), write("pico", "pmol L-1", [1e3, 2e3, 3e3], 24.0)
    mass = write("mass", "ng mL-1", [1, 2, 3])
    both = table(nano, pico, "--days", "0", "1", "2", "--show", "c")
    rows = [line.replace("|", " ").split() for line in both.stdout.splitlines()[3:]]
    check("units are converted, and nothing is said beyond the end: " + both.stdout,
          rows == [["0", "1", "1"], ["1", "2", "3"], ["2", "3", "-"]])
    for done in (table(nano, mass, "--show", "c"), plot(nano, "--compare", mass)):
        check("another dimension is refused",
              done.returncode != 0 and "cannot be converted" in done.stderr)
    unknown = table(nano, "--show", "d")
    check("an unknown name gets a sentence", unknown.returncode != 0 and "no observable 'd'" in unknown.stderr)


def test_band(directory):
    """A band of replicates and the maps of another result are drawn; another file is refused."""
    import h5py
    import numpy as np
    every, index = sample.make("every", directory), os.path.join(directory, "index.nc")
    with h5py.File(index, "w") as file:
        file["time"] = np.linspace(0, 48, 5)
        file["time"].attrs["units"] = "h"
        file["status"] = np.array([2, 2, 1])
        file["status"].attrs["flag_values"] = np.array([1, 2])
        file["status"].attrs["flag_meanings"] = "failed done"
        with h5py.File(every, "r") as result:
            unit = result["fluid_A"].attrs["units"]
        file["series/fluid_A"] = np.random.default_rng(1).random((3, 5))
        file["series/fluid_A"].attrs["units"] = unit
    out = os.path.join(directory, "band.png")
    done = plot(every, "--band", index, "--maps-of", every, "--fields", "tissue_S,tissue_A",
                "--names", "mean", "--out", out)
    check("a band and maps are drawn: " + done.stderr, done.returncode == 0 and size(out)[0] > 500)
    wrong = plot(every, "--band", every)
    check("a result is no band", wrong.returncode != 0 and "no index of members" in wrong.stderr)
    check("a name too many is refused", "2 names" in plot(every, "--names", "a,b").stderr)


def test_all(directory):
    test(directory)
    test_band(directory)
    test_shapes(directory)
    test_tissues(directory)
    test_units(directory)


sample.run(test_all)
