/* A member's file: is it whole and the one that the sample table means? Its curves are read; its
 * fields are looked through.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

void lac_index_member_file(size_t number, lac_text *path)
{
    lac_text_add(path, "members/%06zu.nc", number);
}

void lac_index_join(const char *directory, const char *file, lac_text *path)
{
    lac_text_add(path, "%s/%s", directory, file);
}

void lac_index_free_content(const lac_index *index, lac_index_content *content)
{
    lac_free(content->time);
    lac_free(content->field_time);
    for (size_t curve = 0; content->curve && curve < index->curves; curve++)
        lac_free(content->curve[curve]);
    lac_free(content->curve);
    for (size_t axis = 0; axis < 3; axis++)
        lac_free(content->place[axis]);
    lac_free(content->bounds);
    lac_free(content->volume);
    lac_free(content->created);
    *content = (lac_index_content){0};
}

static lac_status read_axis(lac_store *store, const lac_index_axis *axis, double **time,
                            size_t *frames)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    LAC_TRY(lac_store_read(store, axis->path, time, &rank, length));
    LAC_REQUIRE(rank == 1 && length[0] > 0, LAC_NO_INPUT, "it has no frames");
    *frames = length[0];
    LAC_TRY(lac_index_check_axis(axis, *time, *frames));
out:
    return status;
}

/* A run that was left unfinished ends before its own end. */
static lac_status check_end(lac_store *store, const lac_index_content *content)
{
    lac_status status = LAC_OK;
    double until = 0, last = content->time[content->frames - 1];
    LAC_TRY(lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_UNTIL, &until));
    until /= LAC_FILE_TIME;
    LAC_REQUIRE(fabs(last - until) <= 1e-9 * (1 + until), LAC_NO_INPUT,
                "its last frame is at %.10g h, but it was to run until %.10g h", last, until);
out:
    return status;
}

static lac_status read_curve(lac_store *store, const char *path, size_t frames, double **values)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    lac_store_box box = {{0}, {frames}};
    LAC_TRY(lac_store_shape(store, path, &rank, length));
    LAC_REQUIRE(rank == 1 && length[0] >= frames, LAC_NO_INPUT, "%s is shorter than its %zu frames",
                path + 1, frames);
    LAC_NEW(*values, frames);
    LAC_TRY(lac_store_read_box(store, path, &box, *values));
out:
    return status;
}

static lac_status read_curves(const lac_index *index, lac_store *store, lac_index_content *content)
{
    lac_status status = LAC_OK;
    LAC_NEW(content->curve, index->curves);
    for (size_t curve = 0; curve < index->curves; curve++)
        LAC_TRY(
            read_curve(store, index->curve[curve].path, content->frames, &content->curve[curve]));
out:
    return status;
}

static lac_status read_file(lac_index *index, size_t member, lac_store *store,
                            lac_index_content *content)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_index_check_provenance(index, member, store));
    LAC_TRY(lac_store_read_text(store, LAC_AT_PROVENANCE, LAC_KEY_CREATED, &content->created));
    LAC_TRY(read_axis(store, &index->time, &content->time, &content->frames));
    LAC_TRY(check_end(store, content));
    if (index->fields && index->own_times)
        LAC_TRY(read_axis(store, &index->field_time, &content->field_time, &content->field_frames));
    else
        content->field_frames = content->frames;
    LAC_TRY(read_curves(index, store, content));
    LAC_TRY(lac_index_check_fields(index, store, content));
out:
    return status;
}

lac_status lac_index_read_member(lac_index *index, size_t member, lac_index_content *content)
{
    lac_status status = LAC_OK;
    lac_text file = {0}, path = {0};
    lac_store *store = NULL;
    struct stat about;
    lac_index_member_file(lac_sample_table_number(index->samples, member), &file);
    lac_index_join(index->directory, lac_text_of(&file), &path);
    LAC_TRY(file.failed);
    LAC_TRY(path.failed);
    LAC_REQUIRE(stat(path.bytes, &about) == 0, LAC_NO_INPUT, "%s", strerror(errno));
    content->bytes = (double)about.st_size;
    LAC_TRY(lac_store_open(path.bytes, false, &store));
    LAC_TRY(lac_store_check(store));
    LAC_TRY(read_file(index, member, store, content));
out:
    lac_store_close(store);
    if (status != LAC_OK && status != LAC_MEMORY && file.bytes)
        lac_fail_in(status, "%s", file.bytes);
    lac_text_free(&file);
    lac_text_free(&path);
    return status;
}
