"""Two years of every column scenario of the whole knee, mean-field, on the voxels of the independent implementation: agreement
with it, and the behaviours that must hold whatever is changed in the model.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
from knee import PARAMS, expect, run_columns, verdict

HERE = os.path.dirname(os.path.abspath(__file__))
PAIN = "pain_biological"
# What hardly changes in a scenario is compared on this part of its size.
SMALLEST_RANGE = 0.001


def every_time_course_is_that_of_the_independent_implementation(courses, reference):
    days = reference["days"]
    for scenario, observables in reference["scenarios"].items():
        worst, where = 0, ""
        for name, theirs in observables.items():
            ours = np.array([courses[scenario](name, day) for day in days])
            theirs = np.array(theirs)
            span = max(np.ptp(theirs), SMALLEST_RANGE * np.abs(theirs).max())
            error = np.abs(ours - theirs).max() / span if span > 0 else np.abs(ours).max()
            if error >= worst:
                worst, where = error, name
        expect(worst < 0.01, f"{scenario}: every observable is within 1 % of its range of the "
               f"independent implementation (worst {100 * worst:.3f} %, {where})")


def gain(courses, treated, untreated, day, name=PAIN):
    """Effect of a treatment; negative is relief."""
    return courses[treated](name, day) - courses[untreated](name, day)


def an_untreated_joint_declines_slowly(courses):
    moderate = courses["moderate_untreated"]
    rise = moderate(PAIN, 730) - moderate(PAIN, 0)
    lost = moderate("collagen_mean", 0) - moderate("collagen_mean", 730)
    expect(1 <= rise <= 8, f"untreated moderate: pain rises 1 to 8 points in 2 years ({rise:.2f})")
    expect(0.01 <= lost <= 0.06, f"untreated moderate: collagen falls 0.01 to 0.06 ({lost:.4f})")
    expect(np.all(np.diff(moderate.all(PAIN)) > -0.01),
           "untreated moderate: pain never falls by itself")
    drift = abs(courses["healthy_untreated"](PAIN, 730) - courses["healthy_untreated"](PAIN, 0))
    expect(drift < 1, f"healthy: less than 1 point of drift in 2 years ({drift:.2f})")


def collagen_never_regrows(courses):
    for name, course in courses.items():
        expect(np.all(np.diff(course.all("collagen_mean")) <= 0), f"{name}: collagen never regrows")


def the_negative_controls_stay_negative(courses):
    effect = gain(courses, "moderate_anakinra", "moderate_untreated", 28)
    expect(abs(effect) < 3, f"anakinra moves pain by less than 3 points at week 4 ({effect:.2f})")
    most = max(abs(gain(courses, "moderate_bmac", "moderate_untreated", day)) for day in range(731))
    expect(most < 3, f"marrow concentrate moves pain by less than 3 points ({most:.2f})")
    for name in (PAIN, "M1_share", "aggrecan_mean"):
        same = np.array_equal(courses["moderate_saline"].all(name),
                              courses["moderate_untreated"].all(name))
        expect(same, f"saline leaves {name} as it is")


def cells_act_through_macrophages(courses):
    for control in ("no_macrophages", "locked_macrophages"):
        cells, none = f"moderate_adsc_50M_{control}", f"moderate_{control}"
        effects = np.array([gain(courses, cells, none, day) for day in range(731)])
        expect(effects.min() >= -0.5, f"{control}: cells give no relief ({effects.min():.2f})")
        expect(np.abs(effects[90:]).max() < 0.5,
               f"{control}: nothing is left from day 90 ({np.abs(effects[90:]).max():.2f})")
        expect(effects.max() > 1, f"{control}: the early flare stays ({effects.max():.2f})")


def cells_relieve_for_months(courses):
    effects = np.array([gain(courses, "moderate_adsc_50M", "moderate_untreated", day)
                        for day in range(731)])
    expect(-13 <= effects[180] <= -5, f"5e7 cells: 5 to 13 points at day 180 ({effects[180]:.2f})")
    left = effects[730] / effects.min()
    expect(0 < left < 0.4, f"5e7 cells: less than 40 % of the most is left at day 730 ({left:.2f})")


def more_cells_do_more(courses):
    two, ten, fifty, hundred = (gain(courses, f"moderate_adsc_{dose}M", "moderate_untreated", 90)
                                for dose in (2, 10, 50, 100))
    expect(hundred < fifty < ten < two < 0,
           f"day 90: {two:.2f} {ten:.2f} {fifty:.2f} {hundred:.2f} after 2, 10, 50, 100 million")
    expect(hundred / ten < 5,
           f"ten times the cells do less than 5 times as much ({hundred / ten:.2f})")


def the_drug_takes_part_of_the_benefit(courses):
    for day in (90, 180):
        alone = gain(courses, "moderate_adsc_50M", "moderate_untreated", day)
        on_top = gain(courses, "moderate_adsc_50M_nsaid_after", "moderate_nsaid", day)
        expect(alone < on_top, f"day {day}: cells do less on top of an anti-inflammatory drug "
               f"({on_top:.2f}) than alone ({alone:.2f})")


def other_products_and_schedules(courses):
    steroid = [gain(courses, "moderate_corticosteroid", "moderate_untreated", day)
               for day in (0, 28, 180)]
    expect(steroid[0] == 0 and steroid[1] < -3 and abs(steroid[2]) < 1,
           f"a corticosteroid relieves for weeks, not months ({steroid[1]:.2f} {steroid[2]:.2f})")
    once, often = (gain(courses, f"moderate_{name}", "moderate_untreated", 365)
                   for name in ("adsc_50M", "adsc_repeated"))
    expect(often < once, f"three injections do more at a year ({often:.2f}) than one ({once:.2f})")
    after = gain(courses, "moderate_adsc_50M_nsaid_after", "moderate_nsaid", 90)
    before = gain(courses, "moderate_adsc_50M_nsaid_before", "moderate_nsaid_before", 180)
    expect(before < after, f"90 days after them, cells do more where the drug ended before "
           f"({before:.2f}) than where it follows ({after:.2f})")


def literature_values_alone_give_little(courses):
    effects = [gain(courses, "literature_adsc_50M", "literature_untreated", day)
               for day in (90, 180)]
    expect(all(-3 < effect <= 0.5 for effect in effects),
           f"the literature set gives at most 3 points (days 90, 180: {effects[0]:.2f} "
           f"{effects[1]:.2f})")


def main():
    with open(os.path.join(HERE, "reference.json")) as file:
        reference = json.load(file)
    names = sorted(name[:-5] for name in os.listdir(os.path.join(PARAMS, "column")) if not name.startswith("even_"))
    with tempfile.TemporaryDirectory() as folder:
        courses = run_columns(names, folder)
    expect(all(course.method == "mean-field" for course in courses.values()),
           f"{len(courses)} scenarios ran by the mean-field method")
    every_time_course_is_that_of_the_independent_implementation(courses, reference)
    for behaviour in (an_untreated_joint_declines_slowly, collagen_never_regrows,
                      the_negative_controls_stay_negative, cells_act_through_macrophages,
                      cells_relieve_for_months, more_cells_do_more,
                      the_drug_takes_part_of_the_benefit, other_products_and_schedules,
                      literature_values_alone_give_little):
        behaviour(courses)
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
