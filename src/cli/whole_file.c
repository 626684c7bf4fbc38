/* Whole files: by way of a temporary one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/whole_file.h"

#include "campaign/atomic_create.h"
#include "store/store.h"

lac_status lac_whole_file_write(const char *path, const char *text)
{
    lac_status status = LAC_OK;
    lac_text temporary = {0};
    lac_store_temporary(path, &temporary);
    LAC_TRY(temporary.failed);
    LAC_TRY(lac_atomic_replace(path, temporary.bytes, text));
out:
    lac_text_free(&temporary);
    return status;
}
