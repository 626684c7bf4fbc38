/* Curves of an index: a row for each member, and for each arm their statistics, summed as the
 * members come.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"
#include "observe/observers.h"
#include "observe/readout.h"

#include <string.h>

/* --- what there is --- */

/* A series is an observable or a pool of the plan's model; its name in a file, and its words. */
static lac_status find_series(const lac_model *model, const char *name, lac_index_curve *curve)
{
    lac_status status = LAC_OK;
    lac_text path = {0}, words = {0};
    for (size_t observable = 0; observable < model->observables; observable++) {
        const lac_observable *about = &model->observable[observable];
        if (path.length || strcmp(about->id, name) != 0)
            continue;
        lac_observable_path(model, observable, &path);
        lac_text_add(&words, "%s", about->label ? about->label : about->id);
        curve->display = &about->display;
    }
    for (size_t variable = model->fields; variable < model->variables; variable++) {
        if (path.length || strcmp(model->variable[variable].name, name) != 0)
            continue;
        lac_variable_path(model, variable, &path);
        lac_variable_words(model, variable, &words);
        curve->display = &model->variable[variable].display;
    }
    LAC_TRY(path.failed);
    LAC_TRY(words.failed);
    LAC_REQUIRE(path.length, LAC_INPUT, "the scenario has no observable and no pool '%s'", name);
    LAC_OWN(curve->path, lac_copy_text(path.bytes));
    LAC_OWN(curve->words, lac_copy_text(lac_text_of(&words)));
out:
    lac_text_free(&path);
    lac_text_free(&words);
    return status;
}

static size_t find_curve(const lac_index *index, const char *name)
{
    for (size_t curve = 0; curve < index->curves; curve++)
        if (strcmp(index->curve[curve].said, name) == 0)
            return curve;
    return LAC_NONE;
}

static lac_status add_curve(lac_index *index, const char *name, bool kept)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    lac_index_curve *curve = &index->curve[index->curves];
    if (find_curve(index, name) != LAC_NONE)
        goto out;
    index->curves++;
    curve->kept = kept;
    LAC_OWN(curve->said, lac_copy_text(name));
    LAC_TRY(find_series(plan->model, name, curve));
    if (kept && index->summarises)
        LAC_TRY(lac_running_create(0, &curve->running));
out:
    return status;
}

lac_status lac_index_create_curves(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    index->time.path = LAC_AT_TIME;
    index->field_time.path = LAC_AT_TIME_FIELDS;
    LAC_NEW(index->curve, plan->series + plan->endpoints);
    LAC_NEW(index->endpoint_curve, plan->endpoints);
    for (size_t serie = 0; serie < plan->series; serie++)
        LAC_TRY(add_curve(index, plan->serie[serie], true));
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++) {
        LAC_TRY(add_curve(index, plan->endpoint[endpoint].series, false));
        index->endpoint_curve[endpoint] = find_curve(index, plan->endpoint[endpoint].series);
    }
out:
    return status;
}

void lac_index_free_curves(lac_index *index)
{
    for (size_t each = 0; index->curve && each < index->curves; each++) {
        lac_free(index->curve[each].said);
        lac_free(index->curve[each].path);
        lac_free(index->curve[each].words);
        lac_running_free(index->curve[each].running);
        lac_free(index->curve[each].rows);
    }
    lac_free(index->curve);
    lac_free(index->endpoint_curve);
    lac_free(index->time.time);
    lac_free(index->field_time.time);
}

/* --- tables ---------- */

static const struct kind {
    const char *suffix, *words;
} kinds[LAC_INDEX_KINDS] = {{"mean", "mean"},
                            {"sd", "standard deviation"},
                            {"sd_chance", "standard deviation by chance (within points)"},
                            {"sd_parameters", "standard deviation by parameters (between points)"},
                            {"count", "number of members"}};
enum { COUNT = LAC_INDEX_KINDS - 1 };

static lac_status make_table(lac_index *index, const char *path, const lac_index_curve *curve,
                             const char *kind, lac_store_series **table)
{
    lac_status status = LAC_OK;
    const char *dimensions[] = {kind ? LAC_AT_ARM : LAC_AT_MEMBER, LAC_AT_TIME};
    bool count = kind == kinds[COUNT].words;
    lac_text words = {0};
    lac_text_add(&words, "%s%s%s", curve->words, kind ? ", " : "", kind ? kind : "");
    LAC_TRY(words.failed);
    LAC_TRY(lac_store_table(index->store,
                            &(lac_store_about){path, count ? LAC_STORE_INT64 : LAC_STORE_DOUBLE,
                                               dimensions, 2, count ? NULL : curve->display->cf,
                                               words.bytes},
                            table));
    if (!count && curve->display->unit[0])
        LAC_TRY(lac_store_text_attribute(index->store, path, "unit_label", curve->display->unit));
out:
    lac_text_free(&words);
    return status;
}

static lac_status make_tables(lac_index *index, lac_index_curve *curve)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_text_add(&path, LAC_AT_SERIES "%s", curve->path);
    LAC_TRY(path.failed);
    LAC_TRY(make_table(index, path.bytes, curve, NULL, &curve->table));
    size_t place = lac_readout_find(index->samples->plan->model, curve->said);
    LAC_TRY(lac_store_number_attribute(index->store, path.bytes, LAC_INDEX_PLACE, (double)place));
    for (size_t kind = 0; index->summarises && kind < LAC_INDEX_KINDS; kind++) {
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_STATISTICS "%s_%s", curve->path, kinds[kind].suffix);
        LAC_TRY(path.failed);
        LAC_TRY(make_table(index, path.bytes, curve, kinds[kind].words, &curve->statistics[kind]));
    }
out:
    lac_text_free(&path);
    return status;
}

/* --- members --------- */

/* Rows of members that follow one another, with as many frames each, reach the file together. */
static lac_status put_held(lac_index_curve *curve)
{
    lac_status status = LAC_OK;
    lac_store_box box = {{curve->held_first, 0}, {curve->held, curve->held_frames}};
    if (curve->held > 0)
        LAC_TRY(lac_store_put_box(curve->table, &box, curve->rows));
    curve->held = 0;
out:
    return status;
}

static lac_status hold(lac_index_curve *curve, size_t member, const double *values, size_t frames)
{
    lac_status status = LAC_OK;
    if (curve->held == LAC_INDEX_HELD || frames != curve->held_frames ||
        member != curve->held_first + curve->held)
        LAC_TRY(put_held(curve));
    if (curve->held == 0) {
        if (frames != curve->held_frames) {
            lac_free(curve->rows);
            LAC_NEW(curve->rows, LAC_INDEX_HELD * frames);
        }
        curve->held_frames = frames;
        curve->held_first = member;
    }
    memcpy(curve->rows + curve->held++ * frames, values, frames * sizeof *values);
out:
    return status;
}

static lac_status take_curve(lac_index *index, size_t member, lac_index_curve *curve,
                             const double *values, size_t frames)
{
    lac_status status = LAC_OK;
    if (!curve->table)
        LAC_TRY(make_tables(index, curve));
    LAC_TRY(hold(curve, member, values, frames));
    if (curve->running) {
        LAC_TRY(lac_running_grow(curve->running, index->time.frames));
        lac_running_add(curve->running, values, frames);
    }
out:
    return status;
}

lac_status lac_index_take_curves(lac_index *index, size_t member, const lac_index_content *content)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_index_extend_axis(index, &index->time, member, content->time, content->frames));
    for (size_t curve = 0; curve < index->curves; curve++)
        if (index->curve[curve].kept)
            LAC_TRY(take_curve(index, member, &index->curve[curve], content->curve[curve],
                               content->frames));
out:
    return status;
}

lac_status lac_index_put_curves(lac_index *index)
{
    lac_status status = LAC_OK;
    for (size_t curve = 0; curve < index->curves; curve++)
        if (index->curve[curve].table)
            LAC_TRY(put_held(&index->curve[curve]));
out:
    return status;
}

/* --- arms ------------ */

static double pick(const lac_statistics *told, size_t kind)
{
    const double values[LAC_INDEX_KINDS] = {told->mean, told->sd, told->chance, told->parameters,
                                            told->count};
    return values[kind];
}

static lac_status write_arm(lac_index_curve *curve, size_t arm)
{
    lac_status status = LAC_OK;
    size_t frames = lac_running_length(curve->running);
    lac_store_box box = {{arm, 0}, {1, frames}};
    double *row = NULL;
    LAC_NEW(row, frames);
    for (size_t kind = 0; kind < LAC_INDEX_KINDS && frames > 0; kind++) {
        for (size_t frame = 0; frame < frames; frame++) {
            lac_statistics told = lac_running_tell(curve->running, frame);
            row[frame] = pick(&told, kind);
        }
        LAC_TRY(lac_store_put_box(curve->statistics[kind], &box, row));
    }
    lac_running_clear(curve->running);
out:
    lac_free(row);
    return status;
}

lac_status lac_index_end_arm(lac_index *index, size_t arm)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < index->curves; each++) {
        lac_index_curve *curve = &index->curve[each];
        if (!curve->table || !curve->running)
            continue;
        LAC_TRY(write_arm(curve, arm));
    }
out:
    return status;
}
