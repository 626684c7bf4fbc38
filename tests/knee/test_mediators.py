"""What injected cells secrete has the level in the fluid that its making and its losses allow.

Mean-field. From the run's own numbers: N(t) q(licensed share) / (k V), with the clearance of the fluid
and, from the ledger, what the cartilage takes up, which is a third of the prostaglandin E2.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
from knee import expect, run, verdict

HERE = os.path.dirname(os.path.abspath(__file__))
# From this day on cells die slowly against the clearance of the mediator.
QUASI_STEADY_FROM = {"PGE2": 3, "TSG6": 28}


def column_of(course, table, names, name):
    return course.ledger[table][:, [text.decode() for text in course.ledger[names]].index(name)]


def taken_up(course, mediator):
    """Share of what the cells make that goes into the cartilage, around each saved time."""
    into = column_of(course, "flux", "boundary", f"top.cartilage_{mediator}_tagged")
    made = column_of(course, "extent", "process", f"tagged_{mediator}")
    return np.gradient(into) / np.gradient(made)


def quasi_steady(course, mediator):
    """N q / (k V) of what stays in the fluid [pM = amol/uL]."""
    made = (course.all("unlicensed_cells") * course.all(f"q_unlicensed_{mediator}_told")
            + course.all("licensed_cells") * course.all(f"q_licensed_{mediator}_told"))
    return made * (1 - taken_up(course, mediator)) / course.all(f"clearance_{mediator}_told")


def main():
    with tempfile.TemporaryDirectory() as folder:
        course = run(os.path.join(HERE, "tagged.yaml"), folder)
    expect(course.method == "mean-field", "the method is mean-field")
    for mediator, day in QUASI_STEADY_FROM.items():
        from_day = course.days >= day
        level = course.all(f"synovial_fluid_{mediator}_tagged")[from_day]
        error = np.abs(level / quasi_steady(course, mediator)[from_day] - 1).max()
        expect(error < 0.05, f"{mediator} of the cells is N q / (k V) within 5 % from day {day} "
               f"({100 * error:.1f} %)")
        share = taken_up(course, mediator)[from_day].mean()
        expect(0.05 < share < 0.6, f"{mediator}: cartilage takes up {100 * share:.0f} % of it")
    licensed = course.all("licensed_cells") / (course.all("licensed_cells")
                                               + course.all("unlicensed_cells"))
    expect(0.3 < licensed[7] < 0.8, f"half of the cells are licensed at day 7 ({licensed[7]:.2f})")
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
