"""The knee with a synovial membrane: its rest is a rest, nothing is lost, and where the membrane is thin it is the pool
of version 2; as it is, injected cells reach its lining only.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run, verdict

# So thin that its fluid is little and that nothing has far to go; all macrophages are in reach of injected cells.
THIN = ("V_synovium=0.2 mL", "lining_thickness=0.6 um", "contact_depth=1 mm")
LEVELS = ("IL1b", "TNF", "IL6", "PGE2", "DAMP")


def course(folder, name, *changes):
    return run(os.path.join(PARAMS, "membrane", name + ".yaml"), folder, ["run.until=90 d", *changes])


def main():
    with tempfile.TemporaryDirectory() as folder:
        pool, pool_cells = (course(folder, "pool_" + name) for name in ("untreated", "adsc_50M"))
        thin, thin_cells = (course(folder, name, *THIN) for name in ("untreated", "adsc_50M"))
        untreated, cells = (course(folder, name) for name in ("untreated", "adsc_50M"))

    for words, one, other in (("untreated", thin, pool), ("with cells", thin_cells, pool_cells)):
        apart = max(abs(one("pain_biological", day) - other("pain_biological", day)) for day in (0, 28, 90))
        expect(apart < 0.06, f"a thin membrane hurts as the pool does, {words}: {apart:.3f} points apart")
        for name in ("MMP13_total", "aggrecan_mean", "collagen_mean", *("synovial_fluid_" + each for each in LEVELS)):
            apart = max(abs(one(name, day) / other(name, day) - 1) for day in (0, 28, 90))
            expect(apart < 5e-3, f"and has its {name}, {words}: {apart:.1e} apart")

    drift = untreated("pain_biological", 7) - untreated("pain_biological", 0)
    expect(abs(drift) < 0.05, f"the rest is a rest: {drift:.4f} points in a week")
    expect(45 < untreated("pain_biological", 0) < 75, "it hurts as a moderate joint does")
    for result in (untreated, cells):
        left = np.max(result.ledger["worst_closure"])
        expect(left < 1e-9, f"the ledger closes: {left:.1e}")

    expect(0.9 < untreated("TNF_membrane", 0) / untreated("synovial_fluid_TNF", 0) < 1.1,
           "the membrane holds about what the fluid holds")
    expect(untreated("TNF_cartilage", 0) < 0.5 * untreated("synovial_fluid_TNF", 0), "and cartilage less: not what is measured")
    lining, below = (cells(f"M1_share_{where}", 90) - untreated(f"M1_share_{where}", 90) for where in ("lining", "sublining"))
    expect(lining < -0.15 < -0.05 < below < 0, f"cells turn M1 of the lining: {lining:.3f} against {below:.3f} below it")
    effect, of_pool = (one("pain_biological", 90) - other("pain_biological", 90)
                       for one, other in ((cells, untreated), (pool_cells, pool)))
    expect(of_pool < effect < -2, f"and relieve less than in the pool: {effect:.1f} against {of_pool:.1f} points")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
