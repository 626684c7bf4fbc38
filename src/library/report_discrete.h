/* What `lacuna check` says of representations and of the step of the method hybrid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_REPORT_DISCRETE_H
#define LAC_LIBRARY_REPORT_DISCRETE_H

#include "run/survey.h"

#include <stdbool.h>

/* Nothing for other methods. In brief: what is discrete, and no more rows than a screen has room
 * for.
 */
void lac_report_discrete(const lac_model *model, const lac_survey *survey, bool brief,
                         lac_text *text);

/* "events", "outputs" or "error": what is expected to bound the step most; NULL for other methods.
 */
const char *lac_report_bound(const lac_model *model, const lac_survey *survey);

#endif
