/* Paths: is there a file, and may one be written?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/paths.h"

#include "base/memory.h"
#include "store/store.h"

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

/* "a device" */
static const char *word_for(mode_t mode)
{
    return S_ISDIR(mode)    ? "a directory"
           : S_ISFIFO(mode) ? "a FIFO"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

lac_file_kind lac_file_kind_of(const char *path)
{
    lac_store *store = NULL;
    struct stat about;
    lac_file_kind kind = LAC_FILE_FOREIGN;
    if (stat(path, &about) != 0)
        return LAC_FILE_NONE;
    if (!S_ISREG(about.st_mode))
        return LAC_FILE_FOREIGN;
    if (about.st_size == 0 || lac_store_is_blank(path))
        return LAC_FILE_EMPTY;
    if (lac_store_open(path, false, &store) != LAC_OK)
        return lac_store_is_ours(path) ? LAC_FILE_RESULT : LAC_FILE_FOREIGN;
    if (lac_store_has(store, LAC_AT_DESIGN) && lac_store_has(store, LAC_AT_PROVENANCE))
        kind = LAC_FILE_INDEX;
    else if (lac_store_has(store, LAC_AT_MODEL))
        kind = LAC_FILE_RESULT;
    lac_store_close(store);
    return kind;
}

static bool is_file(const struct stat *file, const char *path)
{
    struct stat about;
    return path && stat(path, &about) == 0 && about.st_dev == file->st_dev &&
           about.st_ino == file->st_ino;
}

/* What the run reads, NULL when it is not `file`. */
static const char *find_input(const lac_model *model, const struct stat *file)
{
    for (size_t source = 0; source < model->sources; source++)
        if (is_file(file, model->source[source]->path))
            return model->source[source]->path;
    for (size_t region = 0; region < model->regions; region++)
        if (is_file(file, model->region[region].file))
            return model->region[region].file;
    return NULL;
}

static lac_status check_existing(const char *path, const struct stat *info, const lac_model *model,
                                 bool force)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(S_ISREG(info->st_mode), LAC_FILE, "cannot write %s: it is %s", path,
                word_for(info->st_mode));
    const char *input = find_input(model, info);
    LAC_REQUIRE(!input, LAC_EXISTS, "cannot write %s: the run reads it", path);
    lac_file_kind kind = lac_file_kind_of(path);
    LAC_REQUIRE(kind != LAC_FILE_INDEX, LAC_EXISTS, "%s is the index of a sweep, not of a run",
                path);
    LAC_REQUIRE(kind != LAC_FILE_FOREIGN, LAC_EXISTS,
                "%s exists and is not a result of Lacuna: nothing overwrites it", path);
    LAC_REQUIRE(force, LAC_EXISTS, "%s exists", path);
    LAC_REQUIRE(access(path, W_OK) == 0, LAC_FILE, "cannot write %s: %s", path, strerror(errno));
out:
    return status;
}

/* A name that ends in .ckpt is that of its own checkpoint. */
static lac_status check_name(const char *path)
{
    lac_status status = LAC_OK;
    char *checkpoint = NULL;
    const size_t length = strlen(path);
    LAC_REQUIRE(length > 0, LAC_FILE, "the path of the result is empty");
    LAC_REQUIRE(path[length - 1] != '/', LAC_FILE, "cannot write %s: it is a directory", path);
    LAC_OWN(checkpoint, lac_checkpoint_beside(path));
    LAC_REQUIRE(strcmp(path, checkpoint) != 0, LAC_EXISTS,
                "cannot write %s: that is the name of a checkpoint; choose one that ends in "
                ".nc",
                path);
out:
    lac_free(checkpoint);
    return status;
}

lac_status lac_check_output(const char *path, const lac_model *model, bool force)
{
    lac_status status = LAC_OK;
    struct stat info;
    char *directory = NULL;
    LAC_TRY(check_name(path));
    if (stat(path, &info) == 0) {
        LAC_TRY(check_existing(path, &info, model, force));
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
