/* A state as text: the `initial:` part of scenarios.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_STATE_TEXT_H
#define LAC_RUN_STATE_TEXT_H

#include "base/text.h"
#include "model/model.h"

/* Adds `initial:` with all variables of `value` [lac_model_layout, internal] in display units, nine
 * digits: a field that is the same everywhere as a number, one that varies with depth as a profile
 * through the centres of the voxels. LAC_INPUT for a field that varies within a layer. */
lac_status lac_state_text(const lac_model *model, const double *value, lac_text *text);

#endif
