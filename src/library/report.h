/* What a survey tells as text: a model, its scales at the initial state, and what a run costs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_REPORT_H
#define LAC_LIBRARY_REPORT_H

#include "run/survey.h"

/* All of it, and what has room on a screen. What fails is in text->failed. */
void lac_report_whole(const lac_model *model, const lac_survey *survey, lac_text *text);
void lac_report_brief(const lac_model *model, const lac_survey *survey, lac_text *text);
/* Warnings for which the initial state must be known, as those of a text. */
lac_status lac_report_warnings(const lac_model *model, const lac_survey *survey, lac_text *text);

#endif
