/* What `lacuna check` understood of a model, as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_REPORT_JSON_H
#define LAC_LIBRARY_REPORT_JSON_H

#include "base/json.h"
#include "run/survey.h"

/* One document; `file` is the path that was read. */
void lac_report_json(const char *file, const lac_model *model, const lac_survey *survey,
                     lac_json *json);

#endif
