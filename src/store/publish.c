/* Publishing: a file that has been finished under another name gets its own, so that who looks for
 * it sees the old one or the whole new one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/store.h"
#include "store/write_ahead.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
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

enum { OLD = 24 * 3600 /* [s] */ };

void lac_store_temporary(const char *path, lac_text *temporary)
{
    lac_text_add(temporary, "%s.tmp-%ld", path, (long)getpid());
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

/* Where the file is that has this name: what a link leads to is replaced, not the link. */
static lac_status resolve(const char *path, char target[PATH_MAX])
{
    lac_status status = LAC_OK;
    struct stat about;
    LAC_REQUIRE(strlen(path) < PATH_MAX, LAC_FILE, "%s: the path is too long", path);
    if (stat(path, &about) != 0 || !realpath(path, target)) {
        strcpy(target, path);
        goto out;
    }
    LAC_REQUIRE(S_ISREG(about.st_mode), LAC_EXISTS, "%s: is not a regular file", path);
out:
    return status;
}

lac_status lac_store_publish(const char *temporary, const char *path)
{
    lac_status status = LAC_OK;
    char *directory = NULL;
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 1;
    LAC_OWN(directory, lac_copy_bytes(slash ? path : ".", length ? length : 1));
    char target[PATH_MAX];
    LAC_TRY(resolve(path, target));
    LAC_TRY(sync_to_disk(temporary, true));
    LAC_REQUIRE(rename(temporary, target) == 0, LAC_FILE, "%s: cannot be renamed to %s: %s",
                temporary, path, strerror(errno));
    discard_journal(temporary);
    LAC_TRY(sync_to_disk(directory, false));
out:
    lac_free(directory);
    return status;
}

static bool is_old(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && difftime(time(NULL), about.st_mtime) > OLD;
}

/* Who still writes it has its journal. */
static void discard_remains(const char *path)
{
    int journal;
    if (!is_old(path) || lac_write_ahead_claim(path, &journal) != LAC_OK)
        return;
    lac_store_discard(path);
    lac_write_ahead_release(path, journal, true);
}

static bool is_remains(const char *name, const char *leaf)
{
    static const char mark[] = ".tmp-";
    size_t length = strlen(leaf);
    return strncmp(name, leaf, length) == 0 && strncmp(name + length, mark, strlen(mark)) == 0 &&
           !strstr(name, ".journal");
}

void lac_store_discard_old(const char *path)
{
    const char *slash = strrchr(path, '/');
    char directory[PATH_MAX], found[PATH_MAX];
    int length = slash ? (int)(slash - path) + 1 : 0;
    snprintf(directory, sizeof directory, "%.*s", length, path);
    DIR *stream = opendir(length ? directory : ".");
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        if (is_remains(entry->d_name, path + length) &&
            snprintf(found, sizeof found, "%.*s%s", length, path, entry->d_name) < PATH_MAX)
            discard_remains(found);
    if (stream)
        closedir(stream);
}
