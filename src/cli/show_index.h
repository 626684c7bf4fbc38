/* What `lacuna show` tells of an index: what became of its members, and its endpoints by arm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SHOW_INDEX_H
#define LAC_CLI_SHOW_INDEX_H

#include "cli/options.h"
#include "store/store.h"

lac_status lac_show_index(const lac_arguments *arguments, lac_store *store);

#endif
