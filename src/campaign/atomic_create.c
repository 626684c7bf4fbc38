/* Announcements: written under a name of one's own, then linked to the name that all look at.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/atomic_create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void lac_process_name(const char *host, lac_text *who)
{
    for (const char *at = host; *at; at++) {
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
                     (*at >= 'A' && *at <= 'Z') || *at == '.' || *at == '_' || *at == '-';
        lac_text_add_bytes(who, plain ? at : "_", 1);
    }
    lac_text_add(who, "-%ld", (long)getpid());
}

/* The whole text into a file that was not there; false with errno otherwise. */
static bool write_new(const char *path, const char *text, double *now)
{
    struct stat about;
    size_t length = strlen(text);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return false;
    errno = ENOSPC; /* when the write is short */
    bool whole = write(file, text, length) == (ssize_t)length && fstat(file, &about) == 0;
    int reason = errno;
    if (close(file) != 0 && whole) {
        reason = errno;
        whole = false;
    }
    if (!whole)
        unlink(path);
    else
        *now = (double)about.st_mtim.tv_sec + 1e-9 * (double)about.st_mtim.tv_nsec;
    errno = reason;
    return whole;
}

static bool has_no_links(int reason)
{
    return reason == EPERM || reason == EOPNOTSUPP || reason == ENOSYS || reason == EMLINK;
}

lac_status lac_atomic_create(const char *directory, const char *name, const char *who,
                             const char *text, bool *mine, double *now)
{
    lac_status status = LAC_OK;
    lac_text path = {0}, own = {0};
    lac_text_add(&path, "%s/%s", directory, name);
    lac_text_add(&own, "%s/.%s.%s", directory, name, who);
    LAC_TRY(path.failed);
    LAC_TRY(own.failed);
    unlink(own.bytes); /* of an earlier process with our number */
    LAC_REQUIRE(write_new(own.bytes, text, now), LAC_FILE, "cannot write %s: %s", own.bytes,
                strerror(errno));
    *mine = link(own.bytes, path.bytes) == 0;
    if (!*mine && has_no_links(errno))
        *mine = write_new(path.bytes, text, now);
    int reason = errno;
    unlink(own.bytes);
    LAC_REQUIRE(*mine || reason == EEXIST, LAC_FILE, "cannot write %s: %s", path.bytes,
                strerror(reason));
out:
    lac_text_free(&path);
    lac_text_free(&own);
    return status;
}

lac_status lac_atomic_replace(const char *path, const char *own, const char *text)
{
    lac_status status = LAC_OK;
    double now;
    unlink(own);
    LAC_REQUIRE(write_new(own, text, &now), LAC_FILE, "cannot write %s: %s", own, strerror(errno));
    if (rename(own, path) != 0) {
        status = lac_fail(LAC_FILE, "cannot write %s: %s", path, strerror(errno));
        unlink(own);
    }
out:
    return status;
}
