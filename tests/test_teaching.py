"""Teaching examples against closed forms: walkers, source and decay, a telegraph gene, binding by the molecule,
two stable states with switches between them, competition for a receptor, uptake by a slab, cells that switch by themselves, cells that read a dilute ligand, and the last cells of a dose.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import math
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

TEACHING = os.path.join(os.environ["LACUNA_SOURCE"], "params", "teaching")
failures = []


def expect(truth, words):
    print(("ok      " if truth else "FAILED  ") + words)
    if not truth:
        failures.append(words)


def run(folder, name, *changes):
    out = os.path.join(folder, name + ".nc")
    command = [os.environ["LACUNA"], "run", os.path.join(TEACHING, name + ".yaml"), "--quiet", "--force", "--out", out]
    subprocess.run(command + [word for each in changes for word in ("--set", each)], check=True)
    with h5py.File(out, "r") as file:
        return {key: file[key][...] for key in file if isinstance(file[key], h5py.Dataset)}


def near(found, expected, share, words):
    expect(abs(found / expected - 1) < share, f"{words}: {found:.5g}, by the formula {expected:.5g}")


def walkers(folder):
    left = run(folder, "walkers")["left_half"]
    expect(left[0] == 200, "all walkers begin in the left half")
    near(left[2:].mean(), 100, 0.02, "walkers in the left half, mean")
    near(left[2:].var(), 50, 0.15, "and variance")


def morphogen(folder):
    at = run(folder, "morphogen")
    reach, depth, source = math.sqrt(10 / 1e-3), 500, 1
    near(at["A_mean"][-1], source / (1e-3 * depth), 1e-3, "source and decay, mean")
    across = at["slab_A" if "slab_A" in at else "A"][-1].ravel() / 1000  # pM
    middle = 5 * (np.arange(across.size) + 0.5)
    # what a voxel holds is a mean, and that of a cosh is a cosh; the steps of 5 um cost 1e-4
    profile = source * reach / 10 * np.cosh((depth - middle) / reach) / np.sinh(depth / reach)
    near(across[0], profile[0], 2e-3, "source and decay, beside the wall")
    near(across[60], profile[60], 2e-3, "and 0.3 mm away")


def telegraph(folder):
    messengers = run(folder, "telegraph")["messengers"][1:]
    share = 0.5 / 1.5
    near(messengers.mean(), share * 30, 0.05, "telegraph gene, mean")
    near(messengers.var() / messengers.mean(), 1 + (1 - share) * 30 / 2.5, 0.1, "variance over mean")


def binding_law(enzyme, inhibitor, volume_litre):
    """Mean and variance of the number of complexes at rest: detailed balance, one step at a time."""
    ratio = 1e6 / (6.02214076e23 * volume_litre) / 5e-4
    law = [0.0]
    for bound in range(min(enzyme, inhibitor)):
        law.append(law[-1] + math.log(ratio * (enzyme - bound) * (inhibitor - bound) / (bound + 1)))
    weight = np.exp(np.array(law) - max(law))
    weight /= weight.sum()
    count = np.arange(weight.size)
    mean = (weight * count).sum()
    return mean, (weight * (count - mean) ** 2).sum()


def binding(folder):
    at = run(folder, "binding_drop", "run.until=200 h", "run.save.every=6 min")
    enzyme, inhibitor = 120, round(30e-9 * 10e-15 * 6.02214076e23)
    bound = np.round(at["bound_share"][20:] * enzyme)
    mean, variance = binding_law(enzyme, inhibitor, 10e-15)
    near(bound.mean(), mean, 0.01, "binding by the molecule, mean")
    near(bound.var(), variance, 0.15, "and variance")


def schlogl_law():
    """The law of the number of molecules in the long run, and the rate at which one more is made."""
    count = np.arange(250.0)
    made = 6.5625 + 0.03828125 * count * (count - 1)
    lost = count + 3.90625e-4 * count * (count - 1) * (count - 2)
    law = np.concatenate([[0], np.cumsum(np.log(made[:-1] / lost[1:]))])
    law = np.exp(law - law.max())
    return law / law.sum(), made


def passages(count, low, high):
    """Frames from each first one at `low` or below to the next at `high` or above."""
    times, began = [], None
    for frame, now in enumerate(count):
        if began is None and now <= low:
            began = frame
        elif began is not None and now >= high:
            times.append(frame - began)
            began = None
    return np.array(times)


def schlogl(folder):
    count = np.round(run(folder, "schlogl")["molecules"])
    law, made = schlogl_law()
    low, valley, high = 8, 39, 53
    expect(law[low] > law[low + 9] > law[valley] < law[high], "the Schloegl law has two peaks")
    near((count <= valley).mean(), law[: valley + 1].sum(), 0.04, "share of the time with few molecules")
    found = np.bincount(count.astype(int), minlength=law.size)[: law.size] / count.size
    expect(abs(found - law).max() < 0.006, f"every number as often as it should be: off by {abs(found - law).max():.4f}")
    upward = sum(law[: j + 1].sum() / (made[j] * law[j]) for j in range(low, high))
    near(passages(count, low, high).mean() / 2, upward, 0.12, "mean time from few to many")


def occupancy(folder):
    found = run(folder, "occupancy")["occupancy"][-1]
    near(found, 30 / (30 + 30 * (1 + 900 / 30)), 0.005, "competition: what the signal holds")


def uptake(folder):
    # D t / L^2 = 0.1; the bath of a litre hardly falls
    at = run(folder, "slab_uptake", "k_uptake=0 1/h", "K=1", "D=100 um^2/s", "run.until=1000 s",
             "run.save.every=1000 s", "run.rtol=1e-5")
    taken = 1 - sum(8 / ((2 * n + 1) ** 2 * math.pi ** 2) * math.exp(-(2 * n + 1) ** 2 * math.pi ** 2 * 0.1 / 4)
                    for n in range(100))
    near(at["A_mean"][-1], 10 * taken, 0.005, "uptake by a slab in 1000 s")


def single_cells(folder):
    """Linear noise around the mean: what switches and what placement leave of the spread of the matrix."""
    synthesis, part, loss, forget = 0.0097, 0.2, 0.0030, 0.0247 + 0.0217
    healthy = 0.0217 / forget
    each = healthy + part * (1 - healthy)
    rate = synthesis * each + loss
    missing = loss / rate
    switches = synthesis * missing * (1 - part) * math.sqrt(healthy * (1 - healthy) / (rate * (rate + forget)))
    placement = synthesis * missing * each / rate
    near(run(folder, "single_cells")["matrix_sd"][-1], switches / math.sqrt(10), 0.06, "ten cells in each voxel, sd")
    near(run(folder, "single_cells_random", "cells_per_voxel=40 cell")["matrix_sd"][-1],
         math.hypot(switches, placement) / math.sqrt(40), 0.08, "40 cells by chance, sd")
    at = run(folder, "single_cells", "run.method=mean-field")
    near(at["matrix_mean"][-1], 1 - missing, 1e-3, "the same as means, matrix")
    expect(at["matrix_sd"][-1] < 1e-12, "and all voxels alike")


def reading_cells(folder):
    """Berg and Purcell on a lattice: the modes of a closed box, each averaged over the memory of a cell."""
    side, memory, molecules = 9, 300, 146
    line = 2 * 50 / 20 ** 2 * (1 - np.cos(np.pi * np.arange(side) / side))
    rates = line[:, None, None] + line[:, None] + line
    modes = 1 / (1 + rates.ravel()[1:] * memory)
    at = run(folder, "reading_cells")
    near(at["reading"][8:].mean(), 0.5 * memory * molecules / side ** 3, 0.01, "cells that read, mean")
    near(at["noise"][8:].mean(), modes.sum() / molecules, 0.045, "and relative variance")


def last_cells(folder):
    at = run(folder, "last_cells")
    day = np.arange(61)
    law = (1 - np.exp(-0.3 * day)) ** 20000
    worst = np.abs(at["empty"] - law).max()
    expect(worst < 4 * 0.5 / math.sqrt(400), f"last cells, share of empty niches: {worst:.3f} off at most")
    near(at["left"][25], 20000 * math.exp(-7.5), 0.06, "last cells, mean number left")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for each in (walkers, morphogen, telegraph, binding, schlogl, occupancy, uptake, single_cells, reading_cells, last_cells):
            each(folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
