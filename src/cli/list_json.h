/* The topics of `lacuna list` as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_LIST_JSON_H
#define LAC_CLI_LIST_JSON_H

#include "base/json.h"

/* What stands before the kinds of boundaries. */
#define LAC_NO_BOUNDARY "none"
#define LAC_NO_BOUNDARY_MEANS "a face without a boundary lets nothing through"

/* Each writes the items of an array that is open. */
void lac_list_json_methods(lac_json *json);
void lac_list_json_observers(lac_json *json);
void lac_list_json_boundaries(lac_json *json);
void lac_list_json_functions(lac_json *json);
void lac_list_json_units(lac_json *json);
void lac_list_json_settings(lac_json *json);
void lac_list_json_statuses(lac_json *json);
void lac_list_json_commands(lac_json *json);
void lac_list_json_options(lac_json *json);

#endif
