/* What a check says about the grid against decay lengths.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_REPORT_DECAY_H
#define LAC_LIBRARY_REPORT_DECAY_H

#include "base/json.h"
#include "run/survey.h"

/* A table; one line where `brief`. Nothing where nothing both diffuses and decays. */
void lac_report_decay(const lac_model *model, const lac_survey *survey, bool brief, lac_text *text);

/* "decay": null, or an object. */
void lac_report_decay_json(const lac_survey_decay *decay, lac_json *json);

#endif
