"""A knee with a lesion: its untreated rim does not heal, the joint hurts more than without the lesion, and what the
edge does is off where there is none; in compartments the rim has the load of its side. On a coarse grid.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run, verdict

COARSE = """lacuna: 1
model: {params}/../../models/knee_lesion.yaml
include: [{params}/geometry/lesion.yaml, {params}/severity/moderate.yaml{product}]
tissue:
  lesion: {{voxel: [0.5 mm, 0.1 mm, {{from: 60 um, to: 0.3 mm}}]}}
run: {{until: 30 d, rtol: 1e-3, save: {{every: 1 d}}}}
"""


COMPARTMENTS = """lacuna: 1
model: {params}/../../models/knee_compartments.yaml
include: [{params}/geometry/compartments.yaml, {params}/geometry/{side}_lesion.yaml, {params}/severity/moderate.yaml]
tissue:
  lesion: {{voxel: [0.5 mm, 0.1 mm, {{from: 60 um, to: 0.3 mm}}]}}
run: {{until: 10 d, rtol: 1e-3, save: {{every: 1 d}}}}
"""


def write(folder, name, product=""):
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w") as file:
        file.write(COARSE.format(params=PARAMS, product=product and f", {PARAMS}/product/{product}.yaml"))
    return path


def compartments(folder, side, *sets):
    path = os.path.join(folder, side + ".yaml")
    with open(path, "w") as file:
        file.write(COMPARTMENTS.format(params=PARAMS, side=side))
    return run(path, folder, list(sets))


def check(path, *options):
    done = subprocess.run([os.environ["LACUNA"], "check", "--full", *options, path], text=True, capture_output=True)
    expect(done.returncode == 0, f"check {path} {done.stderr}")
    return done.stdout, done.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        bare = write(folder, "bare")
        untreated = run(bare, folder)
        larger = run(bare, folder, ["lesion_area=6 cm^2", "run.until=2 d"])
        inert = run(bare, folder, ["edge_strain=1", "k_leak=0 1/d"])
        beside = run(write(folder, "beside", "adsc_beside"), folder)
        medial = compartments(folder, "medial")
        lateral = compartments(folder, "lateral")
        evenly = compartments(folder, "medial", "medial_force_share=0.55")
        without = run(os.path.join(PARAMS, "lesion", "without.yaml"), folder, ["run.until=30 d"])

    days = (0, 10, 20, 30)
    for place in ("rim", "floor"):
        for what in ("aggrecan", "collagen"):
            course = [untreated(f"{what}_{place}", day) for day in days]
            expect(course[3] < course[0] and max(course) < course[0] + 1e-4,
                   f"untreated, {what} of the {place} falls: {course}")
    expect(inert("aggrecan_rim", 30) > inert("aggrecan_rim", 1) + 0.01,
           "without strain and leak the rim heals: they are what keeps it open")
    expect(untreated("dead_rim", 30) > inert("dead_rim", 30) + 0.02, "and they kill")
    more = [untreated("pain_biological", day) - without("pain_biological", day) for day in days]
    expect(all(0.3 < each < 2 for each in more), f"a joint with a lesion hurts more: {more}")
    expect(larger("pain_biological", 2) > untreated("pain_biological", 2) + 0.5, "a larger lesion more")
    expect(abs(untreated("collagen_intact", 30) - without("collagen_mean", 30)) < 1e-3,
           "cartilage away from the lesion is as without")
    expect(0.999 < beside("MSC_at_lesion", 0) / (0.2 * 0.9 * 5e7) < 1.001, "a fifth of the cells lies beside it")
    expect(beside("pain_biological", 30) < untreated("pain_biological", 30) - 2, "cells relieve")

    for name in ("pain_biological", "aggrecan_rim", "collagen_rim", "dead_rim", "collagen_mean", "synovial_fluid_DAMP"):
        expect(abs(evenly(name, 10) / untreated(name, 10) - 1) < 2e-3,
               f"evenly loaded compartments are one: {name} {evenly(name, 10)}, {untreated(name, 10)}")
    expect(medial("aggrecan_rim", 10) < untreated("aggrecan_rim", 10) - 0.005 < lateral("aggrecan_rim", 10) - 0.01,
           "the rim falls faster on the medial side, which carries more")
    expect(abs(medial("strain_rim", 0) - lateral("strain_rim", 0)) > 0.3, "its strain is the higher")
    expect(medial("aggrecan_medial", 10) != medial("aggrecan_lateral", 10), "compartments part")
    for name in ("medial_untreated", "lateral_untreated", "medial_adsc_50M"):
        said, warned = check(os.path.join(PARAMS, "compartments", name + ".yaml"))
        shares = ("36", "42.2", "37.8", "4") if name.startswith("medial") else ("36", "46.2", "33.8", "4")
        expect(all(f"stands for {share} cm^2" in said for share in shares), f"{name}: shares of the joint")
        expect("represent" not in warned, f"{name}: the shares add up")

    for name in ("untreated", "adsc_50M", "adsc_50M_beside"):
        said, warned = check(os.path.join(PARAMS, "lesion", name + ".yaml"))
        expect("stands for 116 cm^2" in said and "stands for 4 cm^2" in said, f"{name}: shares of the joint")
        expect("represent" not in warned, f"{name}: the shares add up")
    for name in ("column/moderate_untreated", "column/even_adsc_50M"):
        said, _ = check(os.path.join(PARAMS, name + ".yaml"))
        expect("strain" not in said and "leak" not in said, f"{name}: nothing of the lesion")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
