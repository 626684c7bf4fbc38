/* Writing a checkpoint: a file beside the final name, synced, renamed, the directory synced. A kill
 * at any moment leaves the old generation or the new one, whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/checkpoint_file_internal.h"
#include "store/checksum.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t lac_block_bytes(const lac_block *block)
{
    return block->count * (block->type == LAC_BLOCK_BYTES ? 1 : 8);
}

static void write_failed(lac_checkpoint_stream *stream)
{
    if (stream->failed == LAC_OK)
        stream->failed = lac_fail(LAC_FILE, "%s: cannot write the checkpoint: %s", stream->path,
                                  strerror(errno));
}

static void put(lac_checkpoint_stream *stream, const void *bytes, size_t count)
{
    if (stream->failed != LAC_OK || count == 0)
        return;
    stream->sum = lac_checksum(stream->sum, bytes, count);
    if (fwrite(bytes, 1, count, stream->file) != count)
        write_failed(stream);
}

static void put_number(lac_checkpoint_stream *stream, uint64_t number)
{
    put(stream, &number, sizeof number);
}

static void put_text(lac_checkpoint_stream *stream, const char *text)
{
    put_number(stream, strlen(text));
    put(stream, text, strlen(text));
}

static void put_facts(lac_checkpoint_stream *stream, const lac_checkpoint_facts *facts)
{
    put_text(stream, facts->version);
    put_text(stream, facts->build);
    put_text(stream, facts->model_hash);
    put_text(stream, facts->method);
    put_text(stream, facts->result);
    put(stream, &facts->time, sizeof facts->time);
    put_number(stream, facts->frames);
    put_number(stream, facts->field_frames);
}

static void put_block(lac_checkpoint_stream *stream, const char *owner, const lac_block *block)
{
    put_text(stream, owner);
    put_text(stream, block->name);
    put_number(stream, block->type);
    put_number(stream, block->count);
    if (block->type != LAC_BLOCK_SIZE) {
        put(stream, block->data, lac_block_bytes(block));
        return;
    }
    const size_t *size = block->data;
    for (size_t index = 0; index < block->count; index++)
        put_number(stream, size[index]);
}

static lac_status write_all(FILE *file, const char *path, const lac_checkpoint_facts *facts,
                            const lac_block_list *blocks, const char *model_text)
{
    lac_checkpoint_stream stream = {.file = file, .path = path};
    put(&stream, LAC_CHECKPOINT_MAGIC, strlen(LAC_CHECKPOINT_MAGIC));
    put_number(&stream, LAC_CHECKPOINT_ORDER);
    put_number(&stream, LAC_CHECKPOINT_VERSION);
    put_facts(&stream, facts);
    put_text(&stream, model_text);
    put_number(&stream, blocks->count);
    for (size_t index = 0; index < blocks->count; index++)
        put_block(&stream, blocks->prefix[index], &blocks->block[index]);
    put_number(&stream, stream.sum);
    if (stream.failed == LAC_OK && (fflush(file) != 0 || fsync(fileno(file)) != 0))
        write_failed(&stream);
    return stream.failed;
}

/* The start of the names of this machine's temporary files: "PATH.tmp.HOST.". */
static lac_status temporary_prefix(const char *path, lac_text *prefix)
{
    char host[65] = "host";
    gethostname(host, sizeof host - 1);
    for (char *byte = host; *byte; byte++)
        if (!isalnum((unsigned char)*byte))
            *byte = '-';
    lac_text_add(prefix, "%s.tmp.%s.", path, host);
    return prefix->failed;
}

static lac_status directory_of(const char *path, char **directory)
{
    lac_status status = LAC_OK;
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    LAC_OWN(*directory, slash ? lac_copy_bytes(path, length) : lac_copy_text("."));
out:
    return status;
}

/* Is this the temporary file of a process of this machine that is no more? */
static bool is_stale(const char *name, const char *start)
{
    size_t length = strlen(start);
    if (strncmp(name, start, length) != 0 || !isdigit((unsigned char)name[length]))
        return false;
    char *end;
    long process = strtol(name + length, &end, 10);
    return *end == '\0' && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static void remove_stale(const char *directory, const char *prefix)
{
    const char *slash = strrchr(prefix, '/');
    const char *start = slash ? slash + 1 : prefix;
    DIR *entries = opendir(directory);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_stale(entry->d_name, start))
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
}

static lac_status sync_directory(const char *directory)
{
    lac_status status = LAC_OK;
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    LAC_REQUIRE(fd >= 0, LAC_FILE, "%s: %s", directory, strerror(errno));
    /* Some file systems cannot sync a directory and say so. */
    LAC_REQUIRE(fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP, LAC_FILE, "%s: %s",
                directory, strerror(errno));
out:
    if (fd >= 0)
        close(fd);
    return status;
}

/* PATH.1 becomes the generation that PATH is now; PATH stays in its place meanwhile. */
static lac_status keep_previous(const char *path)
{
    lac_status status = LAC_OK;
    lac_text previous = {0};
    lac_text_add(&previous, "%s.1", path);
    LAC_TRY(previous.failed);
    if (access(path, F_OK) != 0)
        goto out;
    unlink(previous.bytes);
    if (link(path, previous.bytes) != 0) /* no links on this file system */
        LAC_REQUIRE(rename(path, previous.bytes) == 0, LAC_FILE, "%s: cannot keep as %s: %s", path,
                    previous.bytes, strerror(errno));
out:
    lac_text_free(&previous);
    return status;
}

/* Exchanges two names in one step, where the system and the file system can. */
static bool exchange(const char *one, const char *other)
{
#ifdef RENAME_EXCHANGE
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0;
#else
    (void)one, (void)other;
    return false;
#endif
}

/* The new generation takes its place and the last one becomes PATH.1. With an exchange there are
 * two generations, two files, at every moment; without it PATH.1 is missing for a moment. */
static lac_status put_in_place(const char *temporary, const char *path, const char *directory)
{
    lac_status status = LAC_OK;
    lac_text previous = {0};
    const bool exchanged = exchange(temporary, path);
    lac_text_add(&previous, "%s.1", path);
    LAC_TRY(previous.failed);
    if (!exchanged)
        LAC_TRY(keep_previous(path));
    const char *to = exchanged ? previous.bytes : path;
    LAC_REQUIRE(rename(temporary, to) == 0, LAC_FILE, "%s: cannot rename to %s: %s", temporary, to,
                strerror(errno));
    LAC_TRY(sync_directory(directory));
out:
    lac_text_free(&previous);
    return status;
}

/* Is what has this name a checkpoint, whole or not (or is there nothing)? */
static bool is_checkpoint(const char *path)
{
    char start[sizeof LAC_CHECKPOINT_MAGIC] = "";
    struct stat about;
    if (stat(path, &about) != 0)
        return true;
    FILE *file = S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    size_t got = file ? fread(start, 1, sizeof start - 1, file) : 0;
    if (file)
        fclose(file);
    return S_ISREG(about.st_mode) &&
           (about.st_size == 0 || (got > 0 && strcmp(start, LAC_CHECKPOINT_MAGIC) == 0));
}

static lac_status generations(const char *path, lac_text *previous)
{
    lac_status status = LAC_OK;
    lac_text_add(previous, "%s.1", path);
    LAC_TRY(previous->failed);
    const char *each[] = {path, previous->bytes};
    for (size_t k = 0; k < 2; k++)
        LAC_REQUIRE(is_checkpoint(each[k]), LAC_FILE,
                    "%s: cannot write the checkpoint: %s exists and is not a checkpoint", path,
                    each[k]);
out:
    return status;
}

void lac_checkpoint_remove(const char *path)
{
    lac_text previous = {0};
    if (generations(path, &previous) == LAC_OK) {
        unlink(path);
        unlink(previous.bytes);
    }
    lac_text_free(&previous);
}

lac_status lac_checkpoint_tidy(const char *path)
{
    lac_status status = LAC_OK;
    lac_text prefix = {0};
    char *directory = NULL;
    LAC_TRY(directory_of(path, &directory));
    LAC_TRY(temporary_prefix(path, &prefix));
    remove_stale(directory, prefix.bytes);
out:
    lac_text_free(&prefix);
    lac_free(directory);
    return status;
}

lac_status lac_checkpoint_save(const char *path, const lac_checkpoint_facts *facts,
                               const lac_block_list *blocks, const char *model_text)
{
    lac_status status = LAC_OK;
    lac_text temporary = {0}, previous = {0};
    char *directory = NULL;
    FILE *file = NULL;
    bool written = false;
    LAC_TRY(generations(path, &previous));
    LAC_TRY(directory_of(path, &directory));
    LAC_TRY(temporary_prefix(path, &temporary));
    remove_stale(directory, temporary.bytes);
    lac_text_add(&temporary, "%ld", (long)getpid());
    LAC_TRY(temporary.failed);
    file = fopen(temporary.bytes, "wb");
    LAC_REQUIRE(file, LAC_FILE, "%s: cannot write the checkpoint: %s", path, strerror(errno));
    written = true;
    LAC_TRY(write_all(file, path, facts, blocks, model_text));
    int closed = fclose(file);
    file = NULL;
    LAC_REQUIRE(closed == 0, LAC_FILE, "%s: cannot write the checkpoint: %s", path,
                strerror(errno));
    LAC_TRY(put_in_place(temporary.bytes, path, directory));
    written = false;
out:
    if (file)
        fclose(file);
    if (written)
        unlink(temporary.bytes);
    lac_text_free(&previous);
    lac_text_free(&temporary);
    lac_free(directory);
    return status;
}
