/* A copy of an index with the fields of its members inside: the file as it is, then every view
 * replaced by a real variable that is filled member by member.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"
#include "run/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMPRESSION = 4, BUFFER = 1 << 20 };

typedef struct copying {
    lac_store *store; /* the copy */
    char *directory;  /* owned: of the index */
    char **file;      /* owned: of each member */
    double *status;   /* owned [members] */
    size_t members;
    char **field; /* owned: names */
    size_t fields;
    lac_store_series **made; /* owned [fields] */
    double *frame;           /* owned */
} copying;

/* --- the file as it is --- */

static lac_status pour(int from, int to, char *buffer, const char *path)
{
    lac_status status = LAC_OK;
    ssize_t got;
    while ((got = read(from, buffer, BUFFER)) > 0)
        for (ssize_t put = 0, more; put < got; put += more) {
            more = write(to, buffer + put, (size_t)(got - put));
            LAC_REQUIRE(more > 0, LAC_FILE, "%s: cannot write: %s", path, strerror(errno));
        }
    LAC_REQUIRE(got == 0, LAC_FILE, "cannot copy to %s: %s", path, strerror(errno));
out:
    return status;
}

static lac_status copy_file(const char *index, const char *path)
{
    lac_status status = LAC_OK;
    char *buffer = NULL;
    int from = open(index, O_RDONLY), to = -1;
    LAC_REQUIRE(from >= 0, LAC_NO_INPUT, "%s: %s", index, strerror(errno));
    to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    LAC_REQUIRE(to >= 0, LAC_FILE, "%s: cannot create: %s", path, strerror(errno));
    LAC_NEW(buffer, BUFFER);
    LAC_TRY(pour(from, to, buffer, path));
out:
    if (from >= 0)
        close(from);
    if (to >= 0 && close(to) != 0 && status == LAC_OK)
        status = lac_fail(LAC_FILE, "%s: cannot write: %s", path, strerror(errno));
    lac_free(buffer);
    return status;
}

/* --- fields -------------- */

static lac_status read_members(copying *work)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0}, files = 0;
    LAC_TRY(lac_store_read(work->store, LAC_AT_STATUS, &work->status, &rank, length));
    work->members = length[0];
    LAC_TRY(lac_store_read_rows(work->store, "/file", &work->file, &files));
    LAC_REQUIRE(files == work->members, LAC_NO_INPUT, "an index of %zu members names %zu files",
                work->members, files);
out:
    return status;
}

static lac_status settle_fields(copying *work)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    LAC_TRY(lac_store_list(work->store, LAC_AT_FIELDS, &work->field, &work->fields));
    LAC_NEW(work->made, work->fields);
    for (size_t field = 0; field < work->fields; field++) {
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_FIELDS "/%s", work->field[field]);
        LAC_TRY(path.failed);
        LAC_TRY(lac_store_settle(work->store, path.bytes, COMPRESSION, &work->made[field]));
    }
out:
    lac_text_free(&path);
    return status;
}

/* All frames of one field of one member, one at a time. */
static lac_status copy_field(copying *work, lac_store *member, size_t row, size_t field)
{
    lac_status status = LAC_OK;
    size_t rank, n[8] = {0};
    lac_text path = {0};
    lac_text_add(&path, "/%s", work->field[field]);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_shape(member, path.bytes, &rank, n));
    LAC_REQUIRE(rank == 4, LAC_NO_INPUT, "%s is not a field", path.bytes);
    if (!work->frame)
        LAC_NEW(work->frame, n[1] * n[2] * n[3]);
    for (size_t frame = 0; frame < n[0]; frame++) {
        lac_store_box from = {{frame}, {1, n[1], n[2], n[3]}};
        lac_store_box to = {{row, frame}, {1, 1, n[1], n[2], n[3]}};
        LAC_TRY(lac_store_read_box(member, path.bytes, &from, work->frame));
        LAC_TRY(lac_store_put_box(work->made[field], &to, work->frame));
    }
out:
    lac_text_free(&path);
    return status;
}

static lac_status copy_member(copying *work, size_t row)
{
    lac_status status = LAC_OK;
    lac_store *member = NULL;
    lac_text path = {0};
    lac_index_join(work->directory, work->file[row], &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_open(path.bytes, false, &member));
    for (size_t field = 0; field < work->fields; field++)
        LAC_TRY(copy_field(work, member, row, field));
out:
    lac_store_close(member);
    lac_text_free(&path);
    return status;
}

static lac_status copy_fields(copying *work)
{
    lac_status status = LAC_OK;
    if (!lac_store_has(work->store, LAC_AT_FIELDS))
        return status;
    LAC_TRY(read_members(work));
    LAC_TRY(settle_fields(work));
    for (size_t member = 0; member < work->members; member++)
        if ((lac_member_status)work->status[member] == LAC_DONE)
            LAC_TRY(copy_member(work, member));
out:
    return status;
}

static void release(copying *work)
{
    lac_store_close(work->store);
    lac_free(work->directory);
    lac_store_free_list(work->file, work->file ? work->members : 0);
    lac_free(work->status);
    lac_store_free_list(work->field, work->fields);
    lac_free(work->made);
    lac_free(work->frame);
}

/* --- all of it ----------- */

static lac_status check_target(const char *index, const char *path, bool force)
{
    lac_status status = LAC_OK;
    struct stat source, target;
    LAC_REQUIRE(stat(index, &source) == 0, LAC_NO_INPUT, "%s: %s", index, strerror(errno));
    if (stat(path, &target) != 0)
        goto out;
    LAC_REQUIRE(!S_ISDIR(target.st_mode), LAC_FILE, "%s: is a directory, not a file", path);
    LAC_REQUIRE(S_ISREG(target.st_mode), LAC_FILE, "%s: is not a regular file", path);
    LAC_REQUIRE(source.st_dev != target.st_dev || source.st_ino != target.st_ino, LAC_EXISTS,
                "%s: is the index itself; the copy needs another name", path);
    lac_file_kind kind = lac_file_kind_of(path);
    LAC_REQUIRE(kind == LAC_FILE_INDEX || kind == LAC_FILE_EMPTY, LAC_EXISTS,
                "%s: is not an index, which --force does not overwrite either", path);
    LAC_REQUIRE(force, LAC_EXISTS, "%s: exists already; it is only overwritten by force", path);
out:
    return status;
}

static lac_status copy_into(const char *index, const char *temporary)
{
    lac_status status = LAC_OK;
    copying work = {0};
    const char *slash = strrchr(index, '/');
    LAC_OWN(work.directory,
            lac_copy_bytes(slash ? index : ".", slash ? (size_t)(slash - index + 1) : 1));
    LAC_TRY(copy_file(index, temporary));
    LAC_TRY(lac_store_open(temporary, true, &work.store));
    LAC_TRY(copy_fields(&work));
    lac_store *store = work.store;
    work.store = NULL;
    status = lac_store_close(store);
out:
    release(&work);
    return status;
}

lac_status lac_index_copy(const char *index, const char *path, bool force)
{
    lac_status status = LAC_OK;
    lac_text temporary = {0};
    LAC_TRY(check_target(index, path, force));
    lac_store_discard_old(path);
    lac_store_temporary(path, &temporary);
    LAC_TRY(temporary.failed);
    status = copy_into(index, temporary.bytes);
    if (status == LAC_OK)
        status = lac_store_publish(temporary.bytes, path);
    if (status != LAC_OK)
        lac_store_discard(temporary.bytes);
out:
    lac_text_free(&temporary);
    return status;
}
