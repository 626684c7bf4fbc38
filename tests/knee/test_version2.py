"""Version 2 of the knee: its rest is a rest, and what it was made for has the direction that is stated.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run, verdict

UNTIL = {"saline": 365}
ARMS = ("untreated", "saline", "adsc_50M", "adsc_50M_rest", "bmac", "anakinra", "anti_il1", "anti_tnf",
        "anti_both")


def scenario(name):
    return os.path.join(PARAMS, "v2", name + ".yaml")


def course(folder, name, *changes):
    return run(scenario(name), folder, [f"run.until={UNTIL.get(name, 180)} d", *changes])


def main():
    with tempfile.TemporaryDirectory() as folder:
        at = {name: course(folder, name) for name in ARMS}
        thin = course(folder, "bmac", "marrow_concentration=2", "run.until=7 d")
        bare = course(folder, "bmac", "BMAC_platelets=2e8 cell/mL", "run.until=7 d")
        lost = course(folder, "adsc_50M", "contact_gain=0", "run.until=180 d")

    def change(name, day, what="pain_biological"):
        return at[name](what, day) - at["untreated"](what, day)

    untreated, cells = at["untreated"], at["adsc_50M"]
    drift = [untreated("pain_biological", day) - untreated("pain_biological", 0) for day in (7, 180)]
    expect(abs(drift[0]) < 0.05 and 0 < drift[1] < 1, f"the rest is a rest: {drift} points in 7 and 180 days")
    expect(45 < untreated("pain_biological", 0) < 75, "an untreated moderate joint hurts as in trials")
    expect(abs(untreated("effusion_volume", 180)) < 0.3, "and is not swollen beyond its rest")
    expect(all(a >= b for a, b in zip(cells.all("collagen_mean"), cells.all("collagen_mean")[1:])),
           "collagen never regrows")
    alive = [cells("MSC_alive", day) / cells("MSC_alive", 0) for day in (30, 180)]
    expect(0.12 < alive[0] < 0.18 and 0.012 < alive[1] < 0.018, f"cells live as in mice: {alive}")
    expect(-13 < change("adsc_50M", 180) < -5, f"5e7 cells: {change('adsc_50M', 180):.1f} points, as fitted")
    expect(lost("pain_biological", 180) - untreated("pain_biological", 180) > -3, "of which contact is most")
    expect(0 < change("adsc_50M", 7) < 5 and cells("pain_biological", 1) > cells("pain_biological", 0) + 3,
           "cells flare within the first week")
    expect(cells("effusion_volume", 3) > 2 * at["saline"]("effusion_volume", 3) > 1, "and swell the joint")
    expect(at["adsc_50M_rest"]("MSC_alive", 42) > 1.1 * cells("MSC_alive", 42), "rest spares the cells")
    expect(abs(change("anakinra", 28)) < 3, "an injected antagonist of IL-1 does nothing at a month")
    one, other, both = (change(name, 90) for name in ("anti_il1", "anti_tnf", "anti_both"))
    expect(both < one + other < 0, f"IL-1 and TNF must both be blocked: {one:.1f}, {other:.1f}, {both:.1f}")
    kept = at["saline"]("pain_contextual", 365) / at["saline"]("pain_contextual", 90)
    expect(0.85 < kept < 0.95, f"the contextual response keeps {100 * kept:.0f} % from month 3 to 12")
    bmac = at["bmac"]
    expect(bmac("synovial_fluid_PDGF", 1) > 2 * bmac("synovial_fluid_PDGF", 0) and
           cells("synovial_fluid_PDGF", 1) < 1.2 * cells("synovial_fluid_PDGF", 0),
           "platelets come with marrow and not with cultured cells")
    expect(bare("synovial_fluid_HGF", 1) < bmac("synovial_fluid_HGF", 1), "the more platelets, the more HGF")
    expect(thin("effusion_volume", 1) > 2 * bmac("effusion_volume", 1),
           "what is less concentrated is more volume in the joint")
    expect(0 < untreated("womac", 0) < 96 and change("adsc_50M", 180, "function_limitation") < -3,
           "function follows pain")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
