/* Failures of HDF5: its error stack, silenced and turned into one sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reason {
    int number; /* errno of the system call below, 0 = none */
    char text[256];
    char damage[128]; /* the file is not what was written */
} reason;

/* The driver writes "..., errno = 28, error message = ..." into its description. */
static herr_t look(unsigned level, const H5E_error2_t *error, void *context)
{
    reason *found = context;
    if (!error->desc)
        return 0;
    const char *number = strstr(error->desc, "errno = ");
    if (number && !found->number)
        found->number = atoi(number + strlen("errno = "));
    if (number && found->number == EBADMSG)
        snprintf(found->damage, sizeof found->damage, "%.*s", (int)(number - error->desc) - 2,
                 error->desc);
    if (level == 0)
        snprintf(found->text, sizeof found->text, "%s", error->desc);
    return 0;
}

lac_status lac_hdf5_failed(lac_store *store, const char *format, ...)
{
    reason found = {0, "unknown reason", ""};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look, &found);
    H5Eclear2(H5E_DEFAULT);
    char what[LAC_STORE_PATH + 128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (found.number && store->writable)
        store->broken = true;
    if (found.damage[0])
        return lac_fail(LAC_FILE, "%s: cannot %s: the file is damaged: %s", store->path, what,
                        found.damage);
    return lac_fail(found.number == ENOMEM ? LAC_MEMORY : LAC_FILE, "%s: cannot %s: %s",
                    store->path, what, found.number ? strerror(found.number) : found.text);
}

void lac_hdf5_quiet(void)
{
    H5dont_atexit(); /* must come first; without effect after the first call */
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
