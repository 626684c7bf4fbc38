/* What `lacuna show` tells of an index: what became of its members, and its endpoints by arm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SHOW_INDEX_H
#define LAC_CLI_SHOW_INDEX_H

#include "base/status.h"

#include <stdbool.h>

lac_status lac_show_index(const char *path, bool json);

#endif
