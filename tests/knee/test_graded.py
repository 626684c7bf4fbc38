"""The column of the whole knee: on its layers two years are those of 240 even layers, and its rest is a rest.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run, verdict

ENDPOINTS = ("pain_biological", "MMP13_total", "aggrecan_mean", "collagen_mean")
FINE = """lacuna: 1
model: {params}/column/{name}.yaml
tissue: {{voxel: [0.1 mm, 0.1 mm, 10 um]}}
"""
SPARSE = ("run.save.every=30 d", "run.save.fields=none")


def fine(name, folder):
    path = os.path.join(folder, name + "_fine.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(FINE.format(params=PARAMS, name=name))
    return path


def column(name):
    return os.path.join(PARAMS, "column", name + ".yaml")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, until in (("moderate_untreated", "730 d"), ("moderate_adsc_50M", "180 d")):
            ours, theirs = (run(path, folder, [*SPARSE, "run.until=" + until]) for path in (column(name), fine(name, folder)))
            for each in ENDPOINTS:
                apart = np.max(np.abs(ours.all(each) / theirs.all(each) - 1))
                expect(apart < 2e-3, f"{name}, {until}: {each} is that of 240 layers to {100 * apart:.3f} %")
        for name in ("healthy_untreated", "mild_untreated", "moderate_untreated", "severe_untreated", "literature_untreated"):
            course = run(column(name), folder, ["run.until=7 d"])
            drift = abs(course("pain_biological", 7) - course("pain_biological", 0))
            expect(drift < 0.1, f"{name}: the rest is a rest, {drift:.3f} points in a week")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
