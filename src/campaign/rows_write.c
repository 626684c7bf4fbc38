/* Writing rows: records are gathered and written together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/rows_internal.h"

#include "base/memory.h"
#include "campaign/atomic_create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MOST = 10000 };

struct lac_rows_writer {
    lac_text directory, who, name;
    int file;             /* -1 = not made yet */
    unsigned char *bytes; /* owned: not written yet */
    size_t length, capacity;
    uint64_t written; /* bytes of the file */
    double *time;     /* owned: of the record before */
    size_t frames;
};

lac_status lac_rows_create(const char *directory, const char *host, lac_rows_writer **writer)
{
    lac_status status = LAC_OK;
    lac_rows_writer *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->file = -1;
    lac_text_add(&fresh->directory, "%s/members", directory);
    lac_process_name(host, &fresh->who);
    LAC_TRY(fresh->directory.failed);
    LAC_TRY(fresh->who.failed);
    *writer = fresh;
    fresh = NULL;
out:
    lac_rows_discard(fresh);
    return status;
}

void lac_rows_discard(lac_rows_writer *writer)
{
    if (!writer)
        return;
    if (writer->file >= 0)
        close(writer->file);
    lac_text_free(&writer->directory);
    lac_text_free(&writer->who);
    lac_text_free(&writer->name);
    lac_free(writer->bytes);
    lac_free(writer->time);
    lac_free(writer);
}

const char *lac_rows_name(const lac_rows_writer *writer)
{
    return lac_text_of(&writer->name);
}

/* A file that no process, of whatever time, has written to. */
static lac_status make_file(lac_rows_writer *writer)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    for (int number = 0; writer->file < 0; number++) {
        LAC_REQUIRE(number < NAMES_MOST, LAC_FILE, "no name is free for rows in %s",
                    writer->directory.bytes);
        writer->name.length = 0;
        lac_text_free(&path);
        if (number > 0)
            lac_text_add(&writer->name, "%s.%d.rows", writer->who.bytes, number);
        else
            lac_text_add(&writer->name, "%s.rows", writer->who.bytes);
        lac_text_add(&path, "%s/%s", writer->directory.bytes, lac_text_of(&writer->name));
        LAC_TRY(writer->name.failed);
        LAC_TRY(path.failed);
        writer->file = open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        LAC_REQUIRE(writer->file >= 0 || errno == EEXIST, LAC_FILE, "cannot write %s: %s",
                    path.bytes, strerror(errno));
    }
out:
    lac_text_free(&path);
    return status;
}

lac_status lac_rows_flush(lac_rows_writer *writer)
{
    lac_status status = LAC_OK;
    if (writer->length == 0)
        return LAC_OK;
    for (size_t at = 0; at < writer->length;) {
        errno = ENOSPC;
        ssize_t wrote = write(writer->file, writer->bytes + at, writer->length - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        LAC_REQUIRE(wrote > 0, LAC_FILE, "cannot write %s in %s: %s", lac_rows_name(writer),
                    writer->directory.bytes, strerror(errno));
        at += (size_t)wrote;
    }
    writer->written += writer->length;
    writer->length = 0;
out:
    return status;
}

static lac_status make_room(lac_rows_writer *writer, size_t bytes)
{
    size_t needed = writer->length + bytes, grown = 2 * writer->capacity;
    if (needed <= writer->capacity)
        return LAC_OK;
    grown = grown > needed ? grown : needed;
    unsigned char *moved = lac_regrow(writer->bytes, writer->length, grown, 1);
    if (!moved)
        return LAC_MEMORY;
    writer->bytes = moved;
    writer->capacity = grown;
    return LAC_OK;
}

static void put(lac_rows_writer *writer, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

/* Are these the times of the record before? Keeps them. */
static lac_status compare_times(lac_rows_writer *writer, const double *time, size_t frames,
                                bool *same)
{
    lac_status status = LAC_OK;
    *same = writer->time && frames == writer->frames &&
            memcmp(time, writer->time, frames * sizeof *time) == 0;
    if (*same)
        return LAC_OK;
    lac_free(writer->time);
    LAC_NEW(writer->time, frames);
    memcpy(writer->time, time, frames * sizeof *time);
    writer->frames = frames;
out:
    return status;
}

lac_status lac_rows_append(lac_rows_writer *writer, lac_row_head *head, const double *time,
                           const double *value, uint64_t *offset)
{
    lac_status status = LAC_OK;
    bool same;
    size_t values = (size_t)head->series * head->frames;
    if (writer->file < 0)
        LAC_TRY(make_file(writer));
    LAC_TRY(compare_times(writer, time, head->frames, &same));
    head->magic = LAC_ROW_MAGIC;
    head->timed = !same;
    size_t timed = same ? 0 : head->frames;
    LAC_TRY(make_room(writer, sizeof *head + (timed + values) * sizeof *value));
    head->time_sum = lac_row_sum(LAC_ROW_MAGIC, time, head->frames * sizeof *time);
    head->data_sum = lac_row_sum(LAC_ROW_MAGIC, value, values * sizeof *value);
    head->head_sum = 0;
    head->head_sum = lac_row_sum(LAC_ROW_MAGIC, head, sizeof *head);
    *offset = writer->written + writer->length;
    put(writer, head, sizeof *head);
    put(writer, time, timed * sizeof *time);
    put(writer, value, values * sizeof *value);
out:
    return status;
}
