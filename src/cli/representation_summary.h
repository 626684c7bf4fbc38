/* What was discrete when, at the end of a result (group /representation).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_REPRESENTATION_SUMMARY_H
#define LAC_CLI_REPRESENTATION_SUMMARY_H

#include "base/json.h"
#include "store/store.h"

/* Nothing of a file without the group; null in JSON. */
lac_status lac_representation_print(lac_store *store, lac_text *text);
lac_status lac_representation_add(lac_store *store, lac_json *json);

#endif
