/* What `lacuna show` tells, as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SHOW_JSON_H
#define LAC_CLI_SHOW_JSON_H

#include "base/json.h"
#include "cli/summary.h"

/* One document; `file` is the path that was read. */
lac_status lac_show_json(const char *file, lac_store *store, const lac_summary *summary,
                         lac_json *json);

/* Attributes of a result that say what it is, NULL-terminated. */
extern const char *const lac_show_heading[];

#endif
