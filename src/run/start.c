/* Starts: reads the state of another run, and fits it to this one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/start.h"

#include "base/fingerprint.h"
#include "base/memory.h"
#include "base/vector.h"
#include "loading/scenario.h"
#include "observe/observers.h"
#include "run/paths.h"
#include "store/checkpoint_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SAME_TIME = 1e-9; /* relative: hours in the file, what a user says */

void lac_start_free(lac_start *start)
{
    lac_model_free(start->model);
    lac_free(start->value);
    lac_text_free(&start->told);
    *start = (lac_start){0};
}

static bool same_time(double one, double other)
{
    return fabs(one - other) <= SAME_TIME * fmax(fabs(one), fabs(other));
}

/* --- the other run -------------------------------------------------------------------------------
 */

static lac_status take_model(const char *text, lac_start *start)
{
    lac_status status = LAC_OK;
    lac_diagnostics list = {0};
    lac_fingerprint(text, start->fingerprint);
    LAC_TRY(lac_scenario_load(
        &(lac_scenario_origin){.path = start->path, .text = text, .directory = "."}, &list,
        &start->model));
    start->length = lac_model_layout(start->model).length;
    LAC_NEW(start->value, start->length);
out:
    lac_diagnostics_free(&list);
    return status;
}

static lac_status read_checkpoint(const char *path, double time, lac_start *start)
{
    lac_status status = LAC_OK;
    lac_checkpoint_found found = {0};
    lac_block_list blocks = {.count = 0};
    LAC_TRY(lac_checkpoint_find(path, &found));
    start->time = found.facts.time;
    LAC_REQUIRE(time < 0 || same_time(time, start->time), LAC_INPUT,
                "%s is of t = %.10g h, not %.10g h", path, start->time / LAC_FILE_TIME,
                time / LAC_FILE_TIME);
    LAC_TRY(take_model(found.model_text, start));
    lac_block_add(&blocks, "state", "value", LAC_BLOCK_DOUBLE, start->length, start->value);
    LAC_TRY(lac_checkpoint_pick(lac_text_of(&found.path), &blocks));
out:
    lac_checkpoint_found_free(&found);
    return status;
}

/* --- results
 * --------------------------------------------------------------------------------------------- */

typedef struct axis {
    double *time; /* owned [h] */
    size_t frames;
} axis;

static lac_status read_axis(lac_store *store, const char *path, axis *times)
{
    lac_status status = LAC_OK;
    size_t rank, length[8], written = 0;
    LAC_TRY(lac_store_read(store, path, &times->time, &rank, length));
    while (written < length[0] && isfinite(times->time[written]))
        written++;
    times->frames = written;
out:
    return status;
}

static size_t find_frame(const axis *times, double hours)
{
    for (size_t frame = 0; frame < times->frames; frame++)
        if (same_time(times->time[frame], hours))
            return frame;
    return LAC_NONE;
}

static lac_status not_stored(const char *path, const axis *times, double hours)
{
    size_t after = 0;
    while (after < times->frames && times->time[after] < hours)
        after++;
    if (after == 0 || after == times->frames)
        return lac_fail(LAC_INPUT,
                        "%s holds no state of t = %.10g h; its states go from %.10g h to %.10g h",
                        path, hours, times->time[0], times->time[times->frames - 1]);
    return lac_fail(LAC_INPUT,
                    "%s holds no state of t = %.10g h; the nearest are of %.10g h and %.10g h",
                    path, hours, times->time[after - 1], times->time[after]);
}

static lac_status read_variable(lac_store *store, size_t variable, const size_t frame[2],
                                lac_start *start)
{
    lac_status status = LAC_OK;
    const lac_model *model = start->model;
    const lac_variable *about = &model->variable[variable];
    bool field = variable < model->fields;
    static const size_t one[3] = {1, 1, 1};
    const size_t *n = field ? model->tissue[lac_model_tissue_of(model, variable)].voxels : one;
    lac_layout layout = lac_model_layout(model);
    double *value = start->value + lac_layout_at(&layout, variable);
    size_t count = lac_layout_size(&layout, variable);
    lac_store_box box = {.first = {frame[!field]}, .count = {1, n[2], n[1], n[0]}};
    lac_text path = {0};
    lac_variable_path(model, variable, &path);
    LAC_TRY(path.failed);
    LAC_REQUIRE(!field || lac_model_saves_field(model, variable), LAC_INPUT,
                "%s does not hold the field %s: run it with save: {fields: all}, or start from its "
                "checkpoint",
                start->path, about->path);
    LAC_TRY(lac_store_read_box(store, lac_text_of(&path), &box, value));
    for (size_t k = 0; k < count; k++)
        value[k] = isnan(value[k]) ? 0 : value[k] / about->display.factor;
out:
    lac_text_free(&path);
    return status;
}

static lac_status read_frames(lac_store *store, double time, lac_start *start)
{
    lac_status status = LAC_OK;
    axis frames = {0}, fields = {0};
    const lac_model *model = start->model;
    bool own = lac_fields_have_own_times(model) && model->fields > 0;
    LAC_TRY(read_axis(store, LAC_AT_TIME, &frames));
    LAC_TRY(read_axis(store, own ? LAC_AT_TIME_FIELDS : LAC_AT_TIME, &fields));
    LAC_REQUIRE(fields.frames > 0, LAC_INPUT, "%s holds no state: it has no complete frame",
                start->path);
    double hours = time < 0 ? fields.time[fields.frames - 1] : time / LAC_FILE_TIME;
    const size_t frame[2] = {find_frame(&fields, hours), find_frame(&frames, hours)};
    if (frame[0] == LAC_NONE || frame[1] == LAC_NONE)
        LAC_TRY(not_stored(start->path, &fields, hours));
    start->time = hours * LAC_FILE_TIME;
    for (size_t variable = 0; variable < model->variables; variable++)
        LAC_TRY(read_variable(store, variable, frame, start));
out:
    lac_free(frames.time);
    lac_free(fields.time);
    return status;
}

/* The checkpoint beside a result has all digits; at the same time it is the better start. */
static bool is_beside(const char *path, double time, lac_start *start)
{
    char *beside = lac_checkpoint_beside(path);
    bool taken =
        beside && lac_checkpoint_exists(beside) && read_checkpoint(beside, time, start) == LAC_OK;
    if (!taken) {
        lac_model_free(start->model);
        lac_free(start->value);
        start->model = NULL;
        start->value = NULL;
    }
    lac_free(beside);
    return taken;
}

static lac_status last_time(lac_store *store, double *time)
{
    lac_status status = LAC_OK;
    axis frames = {0};
    LAC_TRY(read_axis(store, LAC_AT_TIME, &frames));
    *time = frames.frames > 0 ? frames.time[frames.frames - 1] * LAC_FILE_TIME : -1;
out:
    lac_free(frames.time);
    return status;
}

static lac_status read_result(const char *path, double time, lac_start *start)
{
    lac_status status = LAC_OK;
    lac_store *store = NULL;
    char *text = NULL;
    double end;
    LAC_TRY(lac_store_open(path, false, &store));
    LAC_REQUIRE(lac_store_has(store, LAC_AT_MODEL) && lac_store_has(store, LAC_AT_TIME), LAC_INPUT,
                "%s is not a result of one run", path);
    LAC_TRY(last_time(store, &end));
    if (is_beside(path, time < 0 ? end : time, start))
        goto out;
    LAC_TRY(lac_store_read_text(store, LAC_AT_MODEL, NULL, &text));
    LAC_TRY(take_model(text, start));
    LAC_TRY(read_frames(store, time, start));
out:
    lac_free(text);
    lac_store_close(store);
    return status;
}

lac_status lac_start_read(const char *path, double time, lac_start *start)
{
    lac_status status = LAC_OK;
    *start = (lac_start){0};
    LAC_REQUIRE(strlen(path) < sizeof start->path, LAC_INPUT, "the path %.60s... is too long",
                path);
    strcpy(start->path, path);
    switch (lac_file_kind_of(path)) {
    case LAC_FILE_NONE:
        LAC_TRY(lac_fail(LAC_NO_INPUT, "there is no file %s", path));
        break;
    case LAC_FILE_RESULT:
        LAC_TRY(read_result(path, time, start));
        break;
    case LAC_FILE_INDEX:
        LAC_TRY(lac_fail(
            LAC_INPUT, "%s is the index of many runs: start from the result of one of them", path));
        break;
    case LAC_FILE_EMPTY:
    case LAC_FILE_FOREIGN:
        LAC_TRY(read_checkpoint(path, time, start));
        break;
    }
    lac_text_add(&start->told, "%s at t = %.10g h", path, start->time / LAC_FILE_TIME);
    status = start->told.failed;
out:
    if (status != LAC_OK)
        lac_start_free(start);
    return status;
}

/* --- fitting
 * --------------------------------------------------------------------------------------------- */

static size_t find_variable(const lac_model *model, const char *path)
{
    for (size_t variable = 0; variable < model->variables; variable++)
        if (strcmp(model->variable[variable].path, path) == 0)
            return variable;
    return LAC_NONE;
}

static lac_status compare_variables(const lac_start *start, const lac_model *model)
{
    lac_status status = LAC_OK;
    for (size_t v = 0; v < model->variables; v++)
        LAC_REQUIRE(find_variable(start->model, model->variable[v].path) != LAC_NONE, LAC_INPUT,
                    "%s cannot be started from: it has no %s, which this scenario has", start->path,
                    model->variable[v].path);
    for (size_t v = 0; v < start->model->variables; v++)
        LAC_REQUIRE(find_variable(model, start->model->variable[v].path) != LAC_NONE, LAC_INPUT,
                    "%s cannot be started from: it has %s, which this scenario has not",
                    start->path, start->model->variable[v].path);
out:
    return status;
}

static lac_status compare_grid(const lac_start *start, const lac_model *model, size_t tissue)
{
    const lac_tissue_text *ours = &model->tissue[tissue], *theirs = &start->model->tissue[tissue];
    const bool several = model->tissues > 1;
    if (lac_tissue_same_grid(theirs, ours))
        return LAC_OK;
    if (memcmp(theirs->voxels, ours->voxels, sizeof ours->voxels) == 0 &&
        (theirs->bound || ours->bound))
        return lac_fail(LAC_INPUT,
                        "%s cannot be started from: its layers%s%s lie at other depths than those "
                        "of this scenario",
                        start->path, several ? " of " : "",
                        several ? model->domain[ours->domain].id : "");
    return lac_fail(
        LAC_INPUT,
        "%s cannot be started from: its grid%s%s has %zu x %zu x %zu voxels of %g x %g x %g "
        "um, that of this scenario %zu x %zu x %zu of %g x %g x %g um",
        start->path, several ? " of " : "", several ? model->domain[ours->domain].id : "",
        theirs->voxels[0], theirs->voxels[1], theirs->voxels[2], theirs->voxel[0], theirs->voxel[1],
        theirs->voxel[2], ours->voxels[0], ours->voxels[1], ours->voxels[2], ours->voxel[0],
        ours->voxel[1], ours->voxel[2]);
}

/* Tissues of equal names stand in equal order when all variables have the same paths. */
static lac_status compare_grids(const lac_start *start, const lac_model *model)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(start->model->tissues == model->tissues, LAC_INPUT,
                "%s cannot be started from: it has %zu tissues, this scenario %zu", start->path,
                start->model->tissues, model->tissues);
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        LAC_REQUIRE(strcmp(start->model->domain[start->model->tissue[tissue].domain].id,
                           model->domain[model->tissue[tissue].domain].id) == 0,
                    LAC_INPUT, "%s cannot be started from: its tissues stand in another order",
                    start->path);
        LAC_TRY(compare_grid(start, model, tissue));
    }
out:
    return status;
}

lac_status lac_start_put(const lac_start *start, const lac_model *model, size_t length,
                         double *value)
{
    lac_status status = LAC_OK;
    if (start->model) {
        LAC_TRY(compare_variables(start, model));
        LAC_TRY(compare_grids(start, model));
    }
    LAC_REQUIRE(start->length == length, LAC_INPUT,
                "a start with %zu values is not one of this scenario, which has %zu", start->length,
                length);
    if (!start->model) {
        memcpy(value, start->value, length * sizeof *value);
        goto out;
    }
    lac_layout layout = lac_model_layout(model);
    for (size_t v = 0; v < model->variables; v++) {
        size_t other = find_variable(start->model, model->variable[v].path);
        size_t count = lac_layout_size(&layout, v);
        memcpy(value + lac_layout_at(&layout, v), start->value + lac_layout_at(&layout, other),
               count * sizeof *value);
    }
out:
    return status;
}

static const lac_parameter *find_parameter(const lac_model *model, const char *name)
{
    for (size_t p = 0; p < model->parameters; p++)
        if (strcmp(model->parameter[p].id, name) == 0)
            return &model->parameter[p];
    return NULL;
}

void lac_start_compare(const lac_start *start, const lac_model *model, lac_text *text)
{
    enum { TOLD = 12 };
    size_t differ = 0;
    for (size_t p = 0; start->model && p < model->parameters; p++) {
        const lac_parameter *ours = &model->parameter[p];
        const lac_parameter *theirs = find_parameter(start->model, ours->id);
        double factor = ours->display.factor > 0 ? ours->display.factor : 1;
        if (theirs && theirs->value == ours->value)
            continue;
        if (++differ > TOLD)
            continue;
        lac_text_add(text, "%s%s: ", differ > 1 ? ", " : "", ours->id);
        if (theirs)
            lac_text_add(text, "%.6g -> ", theirs->value * factor);
        else
            lac_text_add(text, "new, ");
        lac_text_add(text, "%.6g %s", ours->value * factor, ours->display.unit);
    }
    if (differ > TOLD)
        lac_text_add(text, " and %zu more", differ - TOLD);
}
