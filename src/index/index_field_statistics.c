/* Mean and standard deviation of fields in every voxel, for each arm, in a fixed amount of memory.
 *
 * When the sums of all fields and frames fit in it, members are added as they come. Otherwise, or
 * when members differ in their number of frames, the members' files are gone through at the end,
 * with as many frames at once as fit. The order is that of the members either way, so the bits are
 * the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"
#include "observe/observers.h"

#include <math.h>

/* Slabs: slab s is frame s % frames of field s / frames. */
struct lac_index_sums {
    lac_index *index;          /* borrowed */
    lac_store_series **mean;   /* owned [fields] */
    lac_store_series **sd;     /* owned [fields] */
    size_t frames, voxels;     /* frames of a field */
    size_t first, count, room; /* slabs at hand, and how many fit */
    double *average, *square;  /* owned [room][voxels] */
    double *members;           /* owned [room] */
};

void lac_index_free_sums(lac_index_sums *sums)
{
    if (!sums)
        return;
    lac_free(sums->mean);
    lac_free(sums->sd);
    lac_free(sums->average);
    lac_free(sums->square);
    lac_free(sums->members);
    lac_free(sums);
}

/* --- tables ------------ */

static lac_status make_table(lac_index_sums *sums, size_t field, const char *kind,
                             const char *words, lac_store_series **table)
{
    lac_status status = LAC_OK;
    lac_index *index = sums->index;
    const lac_variable *about = &index->samples->plan->model->variable[index->field[field]];
    const char *dimensions[] = {LAC_AT_ARM, lac_index_field_axis(index)->path, LAC_AT_Z, LAC_AT_Y,
                                LAC_AT_X};
    lac_text path = {0}, name = {0};
    lac_index_field_path(index, field, LAC_AT_STATISTICS, &path);
    lac_text_add(&path, "_%s", kind);
    lac_variable_words(index->samples->plan->model, index->field[field], &name);
    lac_text_add(&name, ", %s", words);
    LAC_TRY(path.failed);
    LAC_TRY(name.failed);
    if (lac_store_has(index->store, path.bytes)) { /* by sums that were given up */
        LAC_TRY(lac_store_find(index->store, path.bytes, table));
        goto out;
    }
    LAC_TRY(lac_store_table(index->store,
                            &(lac_store_about){path.bytes, LAC_STORE_FLOAT, dimensions, 5,
                                               about->display.cf, name.bytes},
                            table));
    if (about->display.unit[0])
        LAC_TRY(
            lac_store_text_attribute(index->store, path.bytes, "unit_label", about->display.unit));
out:
    lac_text_free(&path);
    lac_text_free(&name);
    return status;
}

static lac_status make_tables(lac_index_sums *sums)
{
    lac_status status = LAC_OK;
    LAC_NEW(sums->mean, sums->index->fields);
    LAC_NEW(sums->sd, sums->index->fields);
    for (size_t field = 0; field < sums->index->fields; field++) {
        LAC_TRY(make_table(sums, field, "mean", "mean", &sums->mean[field]));
        LAC_TRY(make_table(sums, field, "sd", "standard deviation", &sums->sd[field]));
    }
out:
    return status;
}

/* --- sums -------------- */

/* How many slabs of sums fit in the memory. */
static size_t room_for(const lac_index *index, size_t voxels)
{
    return index->sum_bytes / (2 * sizeof(double)) / voxels;
}

bool lac_index_holds(const lac_index *index, size_t voxels, size_t frames)
{
    return index->summarises && !index->late && index->fields * frames <= room_for(index, voxels) &&
           (!index->sums || index->sums->frames == frames);
}

static void clear(lac_index_sums *sums)
{
    for (size_t at = 0; at < sums->count; at++)
        sums->members[at] = 0;
    for (size_t at = 0; at < sums->count * sums->voxels; at++)
        sums->average[at] = sums->square[at] = 0;
}

static lac_status create(lac_index *index, size_t frames, lac_index_sums **sums)
{
    lac_status status = LAC_OK;
    lac_index_sums *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->index = index;
    fresh->frames = frames;
    fresh->voxels = index->length[0] * index->length[1] * index->length[2];
    size_t fit = room_for(index, fresh->voxels), all = index->fields * frames;
    fresh->room = fresh->count = fit < 1 ? 1 : fit < all ? fit : all;
    LAC_NEW(fresh->average, fresh->room * fresh->voxels);
    LAC_NEW(fresh->square, fresh->room * fresh->voxels);
    LAC_NEW(fresh->members, fresh->room);
    LAC_TRY(make_tables(fresh));
    *sums = fresh;
    fresh = NULL;
out:
    lac_index_free_sums(fresh);
    return status;
}

static void add(lac_index_sums *sums, size_t slab, const double *values)
{
    size_t at = slab - sums->first;
    sums->members[at]++;
    lac_welford_add(sums->average + at * sums->voxels, sums->square + at * sums->voxels,
                    sums->members[at], values, sums->voxels);
}

static lac_status write_slabs(lac_index_sums *sums, size_t arm)
{
    lac_status status = LAC_OK;
    const size_t *length = sums->index->length;
    for (size_t at = 0; at < sums->count; at++) {
        size_t slab = sums->first + at, field = slab / sums->frames;
        lac_store_box box = {{arm, slab % sums->frames}, {1, 1, length[0], length[1], length[2]}};
        double *average = sums->average + at * sums->voxels;
        double *square = sums->square + at * sums->voxels, n = sums->members[at];
        if (n == 0)
            continue;
        for (size_t voxel = 0; voxel < sums->voxels; voxel++)
            square[voxel] = n > 1 ? sqrt(square[voxel] / (n - 1)) : (double)NAN;
        LAC_TRY(lac_store_put_box(sums->mean[field], &box, average));
        LAC_TRY(lac_store_put_box(sums->sd[field], &box, square));
    }
out:
    return status;
}

/* --- as members come --- */

lac_status lac_index_sum_fields(lac_index *index, const lac_index_content *content)
{
    lac_status status = LAC_OK;
    if (!index->summarises)
        goto out;
    if (!content->held) {
        lac_index_free_sums(index->sums);
        index->sums = NULL;
        index->late = true;
        goto out;
    }
    if (!index->sums)
        LAC_TRY(create(index, content->field_frames, &index->sums));
    for (size_t slab = 0; slab < index->sums->count; slab++)
        add(index->sums, slab, index->scratch + slab * index->sums->voxels);
out:
    return status;
}

lac_status lac_index_end_arm_fields(lac_index *index, size_t arm)
{
    lac_status status = LAC_OK;
    if (index->sums) {
        LAC_TRY(write_slabs(index->sums, arm));
        clear(index->sums);
    }
out:
    return status;
}

/* --- at the end -------- */

/* One slab of a member's file. */
static lac_status read_slab(lac_index_sums *sums, lac_store *store, size_t slab)
{
    lac_status status = LAC_OK;
    const lac_index *index = sums->index;
    const size_t *length = index->length;
    lac_store_box box = {{slab % sums->frames}, {1, length[0], length[1], length[2]}};
    lac_text path = {0};
    lac_index_field_path(index, slab / sums->frames, "", &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_read_box(store, path.bytes, &box, index->scratch));
    add(sums, slab, index->scratch);
out:
    lac_text_free(&path);
    return status;
}

static lac_status add_member(lac_index_sums *sums, size_t member)
{
    lac_status status = LAC_OK;
    const lac_index *index = sums->index;
    lac_store *store = NULL;
    lac_text path = {0};
    lac_index_join(index->directory, lac_index_word_of(index, LAC_WORD_FILE, member), &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_open(path.bytes, false, &store));
    for (size_t slab = sums->first; slab < sums->first + sums->count; slab++)
        if (slab % sums->frames < index->field_frames[member])
            LAC_TRY(read_slab(sums, store, slab));
out:
    lac_store_close(store);
    if (status != LAC_OK && status != LAC_MEMORY)
        status = lac_fail_in(LAC_FILE, "member %zu has changed meanwhile", member);
    lac_text_free(&path);
    return status;
}

static lac_status go_through_arm(lac_index_sums *sums, size_t arm)
{
    lac_status status = LAC_OK;
    const lac_index *index = sums->index;
    size_t all = index->fields * sums->frames;
    size_t members = index->samples->members / index->samples->arms;
    for (sums->first = 0; sums->first < all; sums->first += sums->count) {
        sums->count = all - sums->first < sums->room ? all - sums->first : sums->room;
        clear(sums);
        for (size_t member = arm * members; member < (arm + 1) * members; member++)
            if ((lac_member_status)index->column[LAC_COLUMN_STATUS][member] == LAC_DONE)
                LAC_TRY(add_member(sums, member));
        LAC_TRY(write_slabs(sums, arm));
    }
out:
    return status;
}

lac_status lac_index_write_late_statistics(lac_index *index)
{
    lac_status status = LAC_OK;
    lac_index_sums *sums = NULL;
    if (!index->late)
        return status;
    LAC_TRY(create(index, lac_index_field_axis(index)->frames, &sums));
    for (size_t arm = 0; arm < index->samples->arms; arm++)
        LAC_TRY(go_through_arm(sums, arm));
out:
    lac_index_free_sums(sums);
    return status;
}
