#!/usr/bin/env python3
"""Makes the masks of a tissue from a segmented image, and prints the geometry that uses them.

    scripts/mask.py KNEE.nii.gz --depth I --voxel "0.2 mm" --region cartilage=2 --region bone=3 --out KNEE.h5
    scripts/mask.py STACK.tif --spacing "10 um" "5 um" "5 um" --depth page+ --region cartilage=1 --out STACK.h5

Every --region NAME=LABEL[,LABEL...] becomes a dataset (depth, y, x) of 0 and 1. --depth says where depth
points: an anatomical direction of NIfTI (R L A P S I), or page, row or column of a TIFF stack, with its
sign. x and y are the other two axes. A voxel of the tissue has the label of the image at its centre.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import difflib
import hashlib
import os
import re
import sys

from script_modules import need

need("h5py", "numpy")

import h5py
import numpy as np

MICROMETRES = {"um": 1, "mm": 1e3, "cm": 1e4, "m": 1e6}
OPPOSITE = dict(zip("RLAPSI", "LRPAIS"))
TILT = 5  # [degrees] of a slice against the axes of the body, from which on it is refused
PAGES = ("page", "row", "column")


def stop(sentence):
    sys.exit(f"mask.py: {sentence}")


def length(text):
    """Micrometres of "0.2 mm"."""
    found = re.fullmatch(r"\s*([0-9.eE+-]+)\s*([a-z]+)\s*", text)
    try:
        value = float(found[1]) * MICROMETRES[found[2]]
    except (TypeError, KeyError, ValueError):
        stop(f"'{text}' is not a length: write a number and {', '.join(MICROMETRES)}, such as '0.2 mm'")
    if not 0 < value < float("inf"):
        stop(f"the length '{text}' is not positive")
    return value


def whole_labels(values, path):
    if values.ndim != 3:
        stop(f"{path} has {values.ndim} dimensions, a segmented image has 3: choose one volume of it")
    if not np.all(np.isfinite(values)) or np.any(values != np.round(values)):
        stop(f"{path} holds values that are no whole numbers: it is not a segmented image")
    return np.round(values).astype(np.int64)


def read_nifti(path):
    """Labels, edges [um] of a voxel, and the direction in which each axis points (such as R A S)."""
    need("nibabel", code=77)
    import nibabel

    try:
        image = nibabel.load(path)
        values = whole_labels(np.asanyarray(image.dataobj), path)
    except (OSError, nibabel.filebasedimages.ImageFileError) as reason:
        stop(f"{path}: {reason}")
    unit = image.header.get_xyzt_units()[0]
    if unit not in ("mm", "micron", "meter"):
        stop(f"{path} does not say the unit of its voxels; set xyzt_units of its header (it is mostly mm)")
    matrix = image.affine[:3, :3]
    edges = np.linalg.norm(matrix, axis=0)
    if not np.all(edges > 0):
        stop(f"{path}: the affine of its header is singular")
    tilt = np.degrees(np.arccos(np.clip(np.abs(matrix / edges).max(axis=0), 0, 1))).max()
    if tilt > TILT:
        stop(f"{path} is tilted by {tilt:.0f} degrees against the axes of the body: resample it first")
    scale = {"mm": 1e3, "micron": 1, "meter": 1e6}[unit]
    return values, edges * scale, nibabel.aff2axcodes(image.affine)


def read_tiff(path, spacing):
    need("tifffile", code=77)
    import tifffile

    if not spacing:
        stop("a TIFF stack needs --spacing PAGE ROW COLUMN, such as --spacing '10 um' '5 um' '5 um'")
    try:
        values = whole_labels(tifffile.imread(path), path)
    except (OSError, tifffile.TiffFileError) as reason:
        stop(f"{path}: {reason}")
    return values, np.array([length(one) for one in spacing]), tuple(name + "+" for name in PAGES)


def opposite(direction):
    return OPPOSITE.get(direction) or direction[:-1] + ("-" if direction[-1] == "+" else "+")


def oriented(values, edges, axes, depth):
    """The labels as (depth, y, x) with depth along `depth`, and their edges in that order."""
    known = sorted(set(axes) | {opposite(one) for one in axes})
    if depth not in known:
        stop(f"--depth {depth}: this image has {', '.join(known)}")
    along = axes.index(depth if depth in axes else opposite(depth))
    # x is the axis of the image that varies fastest in the body's order R A S, or column before row.
    rest = sorted((axis for axis in range(3) if axis != along),
                  key=lambda axis: ("RL AP SI".find(axes[axis]) if axes[axis] in OPPOSITE else -axis))
    order = (along, rest[1], rest[0])
    values, edges = values.transpose(order), edges[list(order)]
    turned = [depth not in axes] + [axes[axis] in ("L", "P", "I") for axis in order[1:]]
    return values[tuple(slice(None, None, -1) if turn else slice(None) for turn in turned)], edges


def resampled(values, edges, voxel):
    """The label at the centre of each voxel of the tissue; what is left at the ends is cut off."""
    counts = np.floor(np.array(values.shape) * edges / voxel * (1 + 1e-9)).astype(int)
    if np.any(counts < 1):
        stop(f"a voxel of {voxel:g} um is larger than the image, which has "
             + " x ".join(f"{n * edge:g}" for n, edge in zip(values.shape, edges)) + " um")
    at = [np.minimum(((np.arange(n) + 0.5) * voxel / edge).astype(int), size - 1)
          for n, edge, size in zip(counts, edges, values.shape)]
    return values[np.ix_(*at)]


def regions(pairs, values):
    """{name: labels}, checked against what the image holds."""
    there, asked = sorted(np.unique(values).tolist()), {}
    for pair in pairs:
        name, _, labels = pair.partition("=")
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            stop(f"--region {pair}: '{name}' is not a name (letters, digits and _)")
        if name in asked:
            stop(f"--region {pair}: there is a region '{name}' already")
        try:
            asked[name] = [int(label) for label in labels.split(",")]
        except ValueError:
            stop(f"--region {pair}: write NAME=LABEL[,LABEL...], such as cartilage=2")
        for label in asked[name]:
            if label not in there:
                near = difflib.get_close_matches(str(label), map(str, there), 1)
                stop(f"--region {pair}: no voxel has the label {label}; the labels are "
                     f"{', '.join(map(str, there))}" + (f" (did you mean {near[0]}?)" if near else ""))
    return asked


def write(path, masks, voxel, options):
    with open(options.image, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    own = f"{path}.tmp-{os.getpid()}"
    with h5py.File(own, "w", track_order=True) as h:
        h.attrs.update({"image": os.path.basename(options.image), "sha256": digest, "depth": options.depth,
                        "voxel_um": voxel, "regions": " ".join(options.region)})
        for name, mask in masks.items():
            data = h.create_dataset(name, data=mask.astype(np.uint8), compression="gzip", track_times=False)
            data.attrs["axes"] = "depth y x"
    os.replace(own, path)


def geometry(path, masks, voxel):
    shape = next(iter(masks.values())).shape
    size = ", ".join(f"{n * voxel:g} um" for n in shape[::-1])
    listed = "".join(f"\n    {name}: {{file: {os.path.basename(path)}, dataset: {name}}}"
                     f"  # {np.count_nonzero(mask)} voxels" for name, mask in masks.items())
    return f"tissue:\n  size: [{size}]\n  voxel: {voxel:g} um\n  masks:{listed}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("image", help="NIfTI (.nii, .nii.gz) or a TIFF stack (.tif, .tiff)")
    parser.add_argument("--out", required=True, help="the HDF5 file of masks")
    parser.add_argument("--depth", required=True, metavar="DIRECTION", help="R L A P S I, or page+ ... column-")
    parser.add_argument("--voxel", metavar="LENGTH", help="edge of a voxel of the tissue (default: the smallest "
                        "edge of the image's)")
    parser.add_argument("--spacing", nargs=3, metavar="LENGTH", help="TIFF: edges along page, row, column")
    parser.add_argument("--region", action="append", required=True, metavar="NAME=LABEL[,LABEL...]")
    parser.add_argument("--force", action="store_true", help="overwrite --out")
    options = parser.parse_args()
    if os.path.exists(options.out) and not options.force:
        stop(f"{options.out} exists; --force overwrites it")
    if not os.path.isfile(options.image):
        stop(f"there is no file {options.image}")
    tiff = options.image.lower().endswith((".tif", ".tiff"))
    if options.spacing and not tiff:
        stop("--spacing is for TIFF stacks; NIfTI says the size of its voxels itself")
    found = read_tiff(options.image, options.spacing) if tiff else read_nifti(options.image)
    asked = regions(options.region, found[0])
    values, edges = oriented(*found, options.depth)
    voxel = length(options.voxel) if options.voxel else float(edges.min())
    values = resampled(values, edges, voxel)
    masks = {name: np.isin(values, labels) for name, labels in asked.items()}
    for name, mask in masks.items():
        if not mask.any():
            stop(f"no voxel of {voxel:g} um has its centre in '{name}': use a smaller --voxel")
    write(options.out, masks, voxel, options)
    sys.stdout.write(geometry(options.out, masks, voxel))


if __name__ == "__main__":
    main()
