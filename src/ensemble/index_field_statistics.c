/* Mean and standard deviation of fields in every voxel, for each arm: the members' files are gone
 * through with as many frames at once as a fixed amount of memory holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "ensemble/index_parts.h"
#include "observe/observers.h"

#include <math.h>

enum { BYTES = 128 << 20 }; /* memory of the sums at hand */

/* Slabs: slab s is frame s % frames of field s / frames. */
typedef struct slabs {
    lac_index *index;        /* borrowed */
    lac_store_series **mean; /* owned [fields] */
    lac_store_series **sd;   /* owned [fields] */
    size_t frames, voxels;
    size_t first, count, room;
    double *average, *square; /* owned [room][voxels] */
    double *members;          /* owned [room] */
} slabs;

static lac_status make_table(slabs *work, size_t field, const char *kind, const char *words,
                             lac_store_series **table)
{
    lac_status status = LAC_OK;
    lac_index *index = work->index;
    const lac_variable *about = &index->roster->plan->model->variable[index->field[field]];
    const char *dimensions[] = {LAC_INDEX_STATISTICS "/arm", lac_index_field_axis(index)->path,
                                "/z", "/y", "/x"};
    lac_text path = {0}, name = {0};
    lac_index_field_path(index, field, LAC_INDEX_STATISTICS, &path);
    lac_text_add(&path, "_%s", kind);
    lac_variable_words(index->roster->plan->model, index->field[field], &name);
    lac_text_add(&name, ", %s", words);
    LAC_TRY(path.failed);
    LAC_TRY(name.failed);
    LAC_TRY(lac_store_table(index->store, path.bytes, LAC_STORE_FLOAT, dimensions, 5,
                            about->display.cf, name.bytes, table));
    if (about->display.unit[0])
        LAC_TRY(
            lac_store_text_attribute(index->store, path.bytes, "unit_label", about->display.unit));
out:
    lac_text_free(&path);
    lac_text_free(&name);
    return status;
}

static lac_status make_tables(slabs *work)
{
    lac_status status = LAC_OK;
    LAC_NEW(work->mean, work->index->fields);
    LAC_NEW(work->sd, work->index->fields);
    for (size_t field = 0; field < work->index->fields; field++) {
        LAC_TRY(make_table(work, field, "mean", "mean", &work->mean[field]));
        LAC_TRY(make_table(work, field, "sd", "standard deviation", &work->sd[field]));
    }
out:
    return status;
}

static lac_store_box slab_box(const slabs *work, size_t row, size_t slab)
{
    const size_t *n = work->index->length;
    return (lac_store_box){{row, slab % work->frames}, {1, 1, n[0], n[1], n[2]}};
}

/* One slab of a member's file. */
static lac_status add_slab(slabs *work, lac_store *store, size_t slab)
{
    lac_status status = LAC_OK;
    const lac_index *index = work->index;
    size_t at = slab - work->first;
    lac_store_box box = {{slab % work->frames},
                         {1, index->length[0], index->length[1], index->length[2]}};
    lac_text path = {0};
    lac_index_field_path(index, slab / work->frames, "", &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_read_box(store, path.bytes, &box, index->scratch));
    work->members[at]++;
    lac_welford_add(work->average + at * work->voxels, work->square + at * work->voxels,
                    work->members[at], index->scratch, work->voxels);
out:
    lac_text_free(&path);
    return status;
}

static lac_status add_member(slabs *work, size_t member)
{
    lac_status status = LAC_OK;
    const lac_index *index = work->index;
    lac_store *store = NULL;
    lac_text path = {0};
    lac_index_join(index->directory, lac_index_word_of(index, LAC_WORD_FILE, member), &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_open(path.bytes, false, &store));
    for (size_t slab = work->first; slab < work->first + work->count; slab++)
        if (slab % work->frames < index->field_frames[member])
            LAC_TRY(add_slab(work, store, slab));
out:
    lac_store_close(store);
    if (status != LAC_OK && status != LAC_MEMORY)
        status = lac_fail_in(LAC_FILE, "member %zu has changed meanwhile", member);
    lac_text_free(&path);
    return status;
}

static lac_status write_slabs(slabs *work, size_t arm)
{
    lac_status status = LAC_OK;
    for (size_t at = 0; at < work->count; at++) {
        size_t slab = work->first + at, field = slab / work->frames;
        lac_store_box box = slab_box(work, arm, slab);
        double *average = work->average + at * work->voxels;
        double *square = work->square + at * work->voxels, n = work->members[at];
        for (size_t voxel = 0; voxel < work->voxels; voxel++)
            square[voxel] = n > 1 ? sqrt(square[voxel] / (n - 1)) : (double)NAN;
        if (n == 0)
            continue;
        LAC_TRY(lac_store_put_box(work->mean[field], &box, average));
        LAC_TRY(lac_store_put_box(work->sd[field], &box, square));
    }
out:
    return status;
}

static void clear_slabs(slabs *work)
{
    for (size_t at = 0; at < work->count; at++)
        work->members[at] = 0;
    for (size_t at = 0; at < work->count * work->voxels; at++)
        work->average[at] = work->square[at] = 0;
}

static lac_status write_arm(slabs *work, size_t arm)
{
    lac_status status = LAC_OK;
    const lac_index *index = work->index;
    size_t all = index->fields * work->frames;
    size_t members = index->roster->members / index->roster->arms;
    for (work->first = 0; work->first < all; work->first += work->count) {
        work->count = all - work->first < work->room ? all - work->first : work->room;
        clear_slabs(work);
        for (size_t member = arm * members; member < (arm + 1) * members; member++)
            if ((lac_fate)index->column[LAC_COLUMN_STATUS][member] == LAC_DONE)
                LAC_TRY(add_member(work, member));
        LAC_TRY(write_slabs(work, arm));
    }
out:
    return status;
}

lac_status lac_index_write_field_statistics(lac_index *index)
{
    lac_status status = LAC_OK;
    slabs work = {.index = index, .frames = lac_index_field_axis(index)->frames};
    if (!index->length[0])
        return status;
    work.voxels = index->length[0] * index->length[1] * index->length[2];
    size_t fit = BYTES / (2 * sizeof(double)) / work.voxels, all = index->fields * work.frames;
    work.room = fit < 1 ? 1 : fit < all ? fit : all;
    LAC_NEW(work.average, work.room * work.voxels);
    LAC_NEW(work.square, work.room * work.voxels);
    LAC_NEW(work.members, work.room);
    LAC_TRY(make_tables(&work));
    for (size_t arm = 0; arm < index->roster->arms; arm++)
        LAC_TRY(write_arm(&work, arm));
out:
    lac_free(work.mean);
    lac_free(work.sd);
    lac_free(work.average);
    lac_free(work.square);
    lac_free(work.members);
    return status;
}
