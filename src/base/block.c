/* Named blocks of state: the list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/block.h"

#include <stdio.h>
#include <stdlib.h>

void lac_block_add(lac_block_list *list, const char *owner, const char *name, lac_block_type type,
                   size_t count, void *data)
{
    if (list->count == LAC_BLOCKS_MOST)
        abort(); /* a programming error: raise LAC_BLOCKS_MOST */
    snprintf(list->prefix[list->count], sizeof list->prefix[0], "%s", owner);
    list->block[list->count++] = (lac_block){name, type, count, data};
}
