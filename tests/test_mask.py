"""mask.py: masks from segmented images: orientation, size of voxels and labels; what is refused.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

import forked

try:
    import h5py
    import nibabel
    import numpy as np
    import tifffile
except ImportError as missing:
    print(f"skipped: no {missing.name}", file=sys.stderr)
    sys.exit(77)

SOURCE, LACUNA = os.environ["LACUNA_SOURCE"], os.environ["LACUNA"]
BUNDLED = f"{SOURCE}/params/teaching/segmented"
FOLDER = tempfile.mkdtemp(prefix="lacuna-test-")
atexit.register(shutil.rmtree, FOLDER)
os.chdir(FOLDER)
PLUG = ["--region", "fluid=1", "--region", "cartilage=2", "--region", "bone=3"]


def mask(image, *options, out="m.h5"):
    return forked.run(f"{SOURCE}/scripts/mask.py", image, "--out", out, "--force", *options)


def masks(image, *options):
    done = mask(image, *options)
    assert done.returncode == 0, done.stderr
    with h5py.File("m.h5") as h:
        return {name: data[...] for name, data in h.items()}


def same(one, other):
    assert set(one) == set(other), (set(one), set(other))
    for name, values in one.items():
        assert np.array_equal(values, other[name]), name


def nifti(path, values, edges, unit="mm", affine=None):
    image = nibabel.Nifti1Image(values, np.diag([*edges, 1.0]) if affine is None else affine)
    image.header.set_xyzt_units(unit)
    nibabel.save(image, path)
    return image


def refused(sentence, *options):
    done = mask(*options, out="refused.h5")
    assert done.returncode != 0 and sentence in done.stderr, (sentence, done.stderr)
    assert not os.path.exists("refused.h5")


# The bundled masks are those of the bundled image.
with h5py.File(f"{BUNDLED}/plug.h5") as h:
    bundled = {name: data[...] for name, data in h.items()}
plug = masks(f"{BUNDLED}/plug.nii.gz", "--depth", "I", *PLUG)
same(plug, bundled)

# The way in which an image is stored changes nothing: the same body, in other orders of axes.
image = nibabel.load(f"{BUNDLED}/plug.nii.gz")
for codes in ("RAS", "SPR", "AIL", "IRP"):
    turn = nibabel.orientations.ornt_transform(nibabel.io_orientation(image.affine),
                                               nibabel.orientations.axcodes2ornt(codes))
    nibabel.save(image.as_reoriented(turn), "turned.nii")
    same(masks("turned.nii", "--depth", "I", *PLUG), bundled)

# One voxel at a known place: 3rd to the right, 1st to the front (of 4), 2nd from the top (of 5).
values = np.zeros((6, 4, 5), np.int16)
values[2, 3, 3] = 7
nifti("one.nii", values, (0.5, 0.5, 0.5))
at = np.argwhere(masks("one.nii", "--depth", "I", "--region", "spot=7")["spot"])
assert at.tolist() == [[1, 3, 2]], at
# With depth to the right, x runs to the front and y up.
at = np.argwhere(masks("one.nii", "--depth", "R", "--region", "spot=7")["spot"])
assert at.tolist() == [[2, 3, 3]], at
at = np.argwhere(masks("one.nii", "--depth", "L", "--region", "spot=7")["spot"])
assert at.tolist() == [[3, 3, 3]], at

# Voxels of half the edge: eight for one. Unequal edges: cubes of the smallest. Units of the header.
assert masks("one.nii", "--depth", "I", "--voxel", "250 um", "--region", "spot=7")["spot"].sum() == 8
nifti("flat.nii", values, (1000, 500, 1000), unit="micron")
spot = masks("flat.nii", "--depth", "I", "--region", "spot=7")["spot"]
assert spot.shape == (10, 4, 12) and spot.sum() == 4, (spot.shape, spot.sum())

# A TIFF stack: pages from the surface down, rows along y, columns along x; and turned over.
tifffile.imwrite("stack.tif", values.transpose(2, 1, 0).astype(np.uint8))
spacing = ("--spacing", "10 um", "10 um", "10 um", "--region", "spot=7")
at = np.argwhere(masks("stack.tif", "--depth", "page+", *spacing)["spot"])
assert at.tolist() == [[3, 3, 2]], at
at = np.argwhere(masks("stack.tif", "--depth", "page-", *spacing)["spot"])
assert at.tolist() == [[1, 3, 2]], at

# What it prints is a geometry that the program takes; another grid is refused with both shapes.
done = mask(f"{BUNDLED}/plug.nii.gz", "--depth", "I", *PLUG)
assert "size: [4000 um, 4000 um, 3000 um]" in done.stdout and "voxel: 200 um" in done.stdout, done.stdout
scenario = f"lacuna: 1\nmodel: {SOURCE}/params/teaching/segmented.yaml\n"
with open("own.yaml", "w") as file:
    file.write(scenario + done.stdout)
done = subprocess.run([LACUNA, "check", "own.yaml"], capture_output=True, text=True, check=False)
assert done.returncode == 0, done.stderr
with open("other.yaml", "w") as file:
    file.write(scenario + "tissue: {voxel: 100 um}\n")
done = subprocess.run([LACUNA, "check", "other.yaml"], capture_output=True, text=True, check=False)
assert done.returncode == 65 and "(15, 20, 20)" in done.stderr and "(30, 40, 40)" in done.stderr, done.stderr

# What is refused, with the place and what there is instead.
one = ("one.nii", "--depth", "I")
refused("there is no file none.nii", "none.nii", "--depth", "I", "--region", "spot=7")
refused("no voxel has the label 8; the labels are 0, 7", *one, "--region", "spot=8")
refused("'7up' is not a name", *one, "--region", "7up=7")
refused("there is a region 'spot' already", *one, "--region", "spot=7", "--region", "spot=0")
refused("write NAME=LABEL", *one, "--region", "spot")
refused("--depth down: this image has A, I, L, P, R, S", "one.nii", "--depth", "down", "--region", "spot=7")
refused("'0.2' is not a length", *one, "--voxel", "0.2", "--region", "spot=7")
refused("larger than the image", *one, "--voxel", "1 cm", "--region", "spot=7")
refused("no voxel of 900 um has its centre in 'spot'", *one, "--voxel", "0.9 mm", "--region", "spot=7")
refused("--spacing is for TIFF stacks", *one, *spacing)
refused("needs --spacing", "stack.tif", "--depth", "page+", "--region", "spot=7")
refused("this image has column+, column-, page+", "stack.tif", "--depth", "I", *spacing)
nifti("real.nii", values + 0.5, (1, 1, 1))
refused("no whole numbers", "real.nii", "--depth", "I", "--region", "spot=7")
nifti("film.nii", np.zeros((2, 2, 2, 2), np.int16), (1, 1, 1))
refused("has 4 dimensions", "film.nii", "--depth", "I", "--region", "spot=0")
nifti("unit.nii", values, (1, 1, 1), unit="unknown")
refused("does not say the unit", "unit.nii", "--depth", "I", "--region", "spot=7")
c, s = np.cos(0.2), np.sin(0.2)
nifti("tilted.nii", values, None, affine=np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]))
refused("tilted by 11 degrees", "tilted.nii", "--depth", "I", "--region", "spot=7")
with open("text.nii", "w") as file:
    file.write("no image")
refused("text.nii", "text.nii", "--depth", "I", "--region", "spot=7")
print("mask.py: as it should")
