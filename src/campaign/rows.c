/* Reading rows: heads are looked through once, data are read when they are asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/rows.h"

#include "base/memory.h"
#include "base/names.h"
#include "campaign/rows_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct rows_file {
    char *name; /* owned */
    int file;
    uint64_t timed_at; /* offset of the last record with times, and how many */
    bool timed;
} rows_file;

typedef struct entry {
    size_t file; /* LAC_NONE = no record */
    uint64_t offset, timed_at;
    lac_row_head head;
} entry;

struct lac_rows {
    lac_text directory;
    size_t numbers;
    entry *entry;    /* owned [numbers] */
    rows_file *file; /* owned */
    size_t files, capacity;
    double *time, *value; /* owned */
    size_t times, values;
    size_t time_file; /* whose times are in `time`; LAC_NONE = nobody's */
    uint64_t time_at;
};

/* The multiplication is a bijection of a word, and so is the shift: two data that differ in one
 * word differ in the sum. */
uint64_t lac_row_sum(uint64_t start, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    uint64_t sum = start, word;
    for (size_t done = 0; done + sizeof word <= bytes; done += sizeof word) {
        memcpy(&word, at + done, sizeof word);
        sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 32;
    }
    return sum;
}

void lac_rows_close(lac_rows *rows)
{
    if (!rows)
        return;
    for (size_t each = 0; each < rows->files; each++) {
        close(rows->file[each].file);
        lac_free(rows->file[each].name);
    }
    lac_text_free(&rows->directory);
    lac_free(rows->file);
    lac_free(rows->entry);
    lac_free(rows->time);
    lac_free(rows->value);
    lac_free(rows);
}

double lac_rows_bytes(const lac_row_head *head)
{
    double values = (double)head->frames * ((double)head->series + (head->timed ? 1 : 0));
    return (double)sizeof *head + 8 * values;
}

static lac_status open_file(lac_rows *rows, const char *name, size_t *found)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    for (*found = 0; *found < rows->files; (*found)++)
        if (strcmp(rows->file[*found].name, name) == 0)
            return LAC_OK;
    LAC_GROW(rows->file, rows->files, rows->capacity);
    lac_text_add(&path, "%s/%s", rows->directory.bytes, name);
    LAC_TRY(path.failed);
    rows_file *file = &rows->file[rows->files];
    *file = (rows_file){.file = open(path.bytes, O_RDONLY | O_CLOEXEC)};
    LAC_REQUIRE(file->file >= 0, LAC_NO_INPUT, "cannot read %s: %s", path.bytes, strerror(errno));
    file->name = lac_copy_text(name);
    rows->files++;
    status = file->name ? LAC_OK : LAC_MEMORY;
out:
    lac_text_free(&path);
    return status;
}

static bool read_at(int file, void *bytes, size_t length, uint64_t offset)
{
    unsigned char *to = bytes;
    while (length > 0) {
        ssize_t got = pread(file, to, length, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        offset += (uint64_t)got;
        length -= (size_t)got;
    }
    return true;
}

static bool read_head(const rows_file *file, uint64_t offset, lac_row_head *head)
{
    if (!read_at(file->file, head, sizeof *head, offset) || head->magic != LAC_ROW_MAGIC)
        return false;
    uint64_t sum = head->head_sum;
    head->head_sum = 0;
    bool whole = lac_row_sum(LAC_ROW_MAGIC, head, sizeof *head) == sum;
    head->head_sum = sum;
    return whole && head->ended[sizeof head->ended - 1] == '\0' &&
           head->host[sizeof head->host - 1] == '\0';
}

/* A record of the latest attempt counts; of one attempt the first that is found. */
static void take(lac_rows *rows, size_t at, uint64_t offset, const lac_row_head *head)
{
    rows_file *file = &rows->file[at];
    if (head->timed) {
        file->timed = true;
        file->timed_at = offset;
    }
    if (head->number >= rows->numbers || !file->timed)
        return;
    entry *known = &rows->entry[head->number];
    if (known->file == LAC_NONE || head->ordinal > known->head.ordinal)
        *known = (entry){at, offset, file->timed_at, *head};
}

lac_status lac_rows_take(lac_rows *rows, const char *name, uint64_t offset)
{
    lac_status status = LAC_OK;
    lac_row_head head;
    size_t file;
    LAC_TRY(open_file(rows, name, &file));
    LAC_REQUIRE(read_head(&rows->file[file], offset, &head), LAC_NO_INPUT,
                "%s: the record at %llu is not whole", name, (unsigned long long)offset);
    take(rows, file, offset, &head);
out:
    return status;
}

/* All records up to one that is not whole. */
static lac_status scan(lac_rows *rows, const char *name)
{
    lac_status status = LAC_OK;
    lac_row_head head;
    size_t file;
    LAC_TRY(open_file(rows, name, &file));
    off_t length = lseek(rows->file[file].file, 0, SEEK_END);
    for (uint64_t offset = 0; read_head(&rows->file[file], offset, &head);) {
        uint64_t next = offset + (uint64_t)lac_rows_bytes(&head);
        if (length < 0 || next > (uint64_t)length)
            break;
        take(rows, file, offset, &head);
        offset = next;
    }
out:
    return status;
}

static bool is_rows(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".rows") == 0;
}

static lac_status scan_all(lac_rows *rows)
{
    lac_status status = LAC_OK;
    struct dirent *item;
    DIR *all = opendir(rows->directory.bytes);
    if (!all && errno == ENOENT)
        return LAC_OK;
    LAC_REQUIRE(all, LAC_FILE, "cannot read %s: %s", rows->directory.bytes, strerror(errno));
    while ((item = readdir(all)))
        if (is_rows(item->d_name))
            LAC_TRY(scan(rows, item->d_name));
out:
    if (all)
        closedir(all);
    return status;
}

lac_status lac_rows_open(const char *directory, size_t numbers, lac_rows **rows)
{
    lac_status status = LAC_OK;
    lac_rows *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->numbers = numbers;
    fresh->time_file = LAC_NONE;
    lac_text_add(&fresh->directory, "%s/members", directory);
    LAC_TRY(fresh->directory.failed);
    LAC_NEW(fresh->entry, numbers);
    for (size_t number = 0; number < numbers; number++)
        fresh->entry[number].file = LAC_NONE;
    LAC_TRY(scan_all(fresh));
    *rows = fresh;
    fresh = NULL;
out:
    lac_rows_close(fresh);
    return status;
}

const lac_row_head *lac_rows_head(const lac_rows *rows, size_t number)
{
    bool known = rows && number < rows->numbers && rows->entry[number].file != LAC_NONE;
    return known ? &rows->entry[number].head : NULL;
}

static lac_status make_room(double **values, size_t *has, size_t needs)
{
    lac_status status = LAC_OK;
    if (needs <= *has)
        return LAC_OK;
    lac_free(*values);
    *has = 0;
    LAC_NEW(*values, needs);
    *has = needs;
out:
    return status;
}

/* The times of a record: its own, or those that an earlier one has. */
static lac_status read_times(lac_rows *rows, const entry *of)
{
    lac_status status = LAC_OK;
    const rows_file *file = &rows->file[of->file];
    lac_row_head head;
    if (rows->time_file == of->file && rows->time_at == of->timed_at)
        return LAC_OK;
    rows->time_file = LAC_NONE;
    LAC_REQUIRE(read_head(file, of->timed_at, &head) && head.timed &&
                    head.frames == of->head.frames,
                LAC_NO_INPUT, "%s: the times of its frames are damaged", file->name);
    LAC_TRY(make_room(&rows->time, &rows->times, head.frames));
    LAC_REQUIRE(
        read_at(file->file, rows->time, head.frames * sizeof(double), of->timed_at + sizeof head),
        LAC_NO_INPUT, "%s: the times of its frames are cut off", file->name);
    rows->time_file = of->file;
    rows->time_at = of->timed_at;
out:
    return status;
}

lac_status lac_rows_read(lac_rows *rows, size_t number, lac_row *row)
{
    lac_status status = LAC_OK;
    const lac_row_head *head = lac_rows_head(rows, number);
    LAC_REQUIRE(head, LAC_NO_INPUT, "it has no record");
    const entry *of = &rows->entry[number];
    const rows_file *file = &rows->file[of->file];
    const size_t timed = head->timed ? head->frames : 0;
    const size_t values = (size_t)head->series * head->frames;
    LAC_TRY(read_times(rows, of));
    LAC_TRY(make_room(&rows->value, &rows->values, values));
    LAC_REQUIRE(read_at(file->file, rows->value, values * sizeof(double),
                        of->offset + sizeof *head + timed * sizeof(double)),
                LAC_NO_INPUT, "its record in %s is cut off", file->name);
    LAC_REQUIRE(lac_row_sum(LAC_ROW_MAGIC, rows->time, head->frames * sizeof(double)) ==
                    head->time_sum,
                LAC_NO_INPUT, "%s: the times of its frames are damaged", file->name);
    LAC_REQUIRE(lac_row_sum(LAC_ROW_MAGIC, rows->value, values * sizeof(double)) == head->data_sum,
                LAC_NO_INPUT, "its record in %s is damaged", file->name);
    *row = (lac_row){*head, rows->time, rows->value};
out:
    return status;
}
