/* Places: where scenarios, models and plans are found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_PLACES_H
#define LAC_CLI_PLACES_H

#include "cli/catalogue.h"

#include <stdbool.h>

/* The path of a scenario, model or plan: as said, or, when there is no such file here, below the
 * directory of installed models and scenarios. LAC_NO_INPUT with the nearest ones when it is in
 * neither. */
lac_status lac_places_find(lac_catalogue_kind kind, const char *said, lac_text *path);

/* The directory of installed models and scenarios. */
const char *lac_places_data(void);
/* Is there such a file in it? Appends its path in any case. */
bool lac_places_has(const char *said, lac_text *path);

#endif
