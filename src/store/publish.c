/* Publishing: a file that has been finished under another name gets its own, so that who looks for
 * it sees the old one or the whole new one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Some file systems cannot sync a directory; what counts is that the file is synced. */
static lac_status sync_to_disk(const char *path, bool must)
{
    lac_status status = LAC_OK;
    int fd = open(path, O_RDONLY);
    LAC_REQUIRE(fd >= 0, LAC_FILE, "%s: cannot open: %s", path, strerror(errno));
    LAC_REQUIRE(fsync(fd) == 0 || !must, LAC_FILE, "%s: cannot write to the disk: %s", path,
                strerror(errno));
out:
    if (fd >= 0)
        close(fd);
    return status;
}

/* What the store keeps beside a file while it writes it. */
static void discard_journal(const char *path)
{
    char journal[PATH_MAX];
    if (snprintf(journal, sizeof journal, "%s.journal", path) < PATH_MAX)
        unlink(journal);
}

void lac_store_discard(const char *temporary)
{
    unlink(temporary);
    discard_journal(temporary);
}

lac_status lac_store_publish(const char *temporary, const char *path)
{
    lac_status status = LAC_OK;
    char *directory = NULL;
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 1;
    LAC_OWN(directory, lac_copy_bytes(slash ? path : ".", length ? length : 1));
    LAC_TRY(sync_to_disk(temporary, true));
    LAC_REQUIRE(rename(temporary, path) == 0, LAC_FILE, "%s: cannot be renamed to %s: %s",
                temporary, path, strerror(errno));
    discard_journal(temporary);
    LAC_TRY(sync_to_disk(directory, false));
out:
    lac_free(directory);
    return status;
}
