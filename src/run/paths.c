/* Paths: is there a file, and may one be written?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/paths.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The nearest directory above `path` that exists; the caller frees. */
static char *nearest_directory(const char *path)
{
    struct stat info;
    char *directory = lac_copy_text(path);
    if (!directory)
        return NULL;
    for (;;) {
        char *slash = strrchr(directory, '/');
        if (!slash) {
            strcpy(directory, "."); /* the path is not empty */
            return directory;
        }
        if (slash == directory) {
            directory[1] = '\0';
            return directory;
        }
        *slash = '\0';
        if (stat(directory, &info) == 0)
            return directory;
    }
}

lac_status lac_check_output(const char *path, bool force)
{
    lac_status status = LAC_OK;
    struct stat info;
    char *directory = NULL;
    LAC_REQUIRE(path[0] != '\0', LAC_FILE, "the path of the result is empty");
    if (stat(path, &info) == 0) {
        LAC_REQUIRE(!S_ISDIR(info.st_mode), LAC_FILE, "cannot write %s: it is a directory", path);
        LAC_REQUIRE(force, LAC_EXISTS, "%s exists; --force overwrites it", path);
        LAC_REQUIRE(access(path, W_OK) == 0, LAC_FILE, "cannot write %s: %s", path,
                    strerror(errno));
        goto out;
    }
    LAC_REQUIRE(errno == ENOENT, LAC_FILE, "cannot write %s: %s", path, strerror(errno));
    LAC_OWN(directory, nearest_directory(path));
    LAC_REQUIRE(stat(directory, &info) == 0 && S_ISDIR(info.st_mode), LAC_FILE,
                "cannot write %s: %s is not a directory", path, directory);
    LAC_REQUIRE(access(directory, W_OK | X_OK) == 0, LAC_FILE, "cannot write %s: %s: %s", path,
                directory, strerror(errno));
out:
    lac_free(directory);
    return status;
}

char *lac_checkpoint_beside(const char *result)
{
    size_t length = strlen(result);
    const char *dot = strrchr(result, '.'), *slash = strrchr(result, '/');
    if (dot && dot != result && (!slash || dot > slash + 1))
        length = (size_t)(dot - result);
    char *path = lac_alloc(length + sizeof ".ckpt", 1);
    if (!path)
        return NULL;
    memcpy(path, result, length);
    strcpy(path + length, ".ckpt");
    return path;
}
