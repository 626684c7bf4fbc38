/* What `lacuna check` understood of a model, as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_CHECK_JSON_H
#define LAC_CLI_CHECK_JSON_H

#include "base/json.h"
#include "run/survey.h"

/* One document; `file` is the path that was read. */
void lac_check_json(const char *file, const lac_model *model, const lac_survey *survey,
                    lac_json *json);

#endif
