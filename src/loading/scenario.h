/* A scenario: model + tissue + parameter sets + doses + how to run, from text to a resolved model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_SCENARIO_H
#define LAC_LOADING_SCENARIO_H

#include "loading/origin.h"
#include "model/model.h"

/* Loads a scenario (a file with `model:`) or a plain model file (which then must say all that a
 * run needs itself), its includes and the overrides. All errors and warnings go to `list`;
 * LAC_INPUT when there are errors, and *model is NULL then. Free with lac_model_free. */
lac_status lac_scenario_load(const lac_scenario_origin *origin, lac_diagnostics *list,
                             lac_model **model);

#endif
