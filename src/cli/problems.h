/* Problems of an index, one a line or as JSON: what `merge` and `verify-results` share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_PROBLEMS_H
#define LAC_CLI_PROBLEMS_H

#include "base/json.h"

/* Prints the problems of DIRECTORY/index.nc (lac_index_problems), each a line; or, when `json` is
 * not NULL, puts them there as the array `problems`. With `quiet` they are only counted. */
lac_status lac_problems_print(const char *directory, bool look, bool quiet, lac_json *json,
                              size_t *members, size_t *bad);

/* The document so far, on the standard output. */
lac_status lac_json_print(const lac_json *json);

#endif
