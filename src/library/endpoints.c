/* Endpoints: numbers of a run by its curves, as a plan has them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "analysis/endpoint.h"
#include "base/memory.h"
#include "library/library_internal.h"
#include "observe/readout.h"
#include "plan/plan.h"

#include <string.h>

static const double HOUR = 3600; /* [s] */

/* --- the list of a model -------------------------------------------------------------------------
 */

lac_ends *lac_ends_hold(lac_ends *ends)
{
    if (ends)
        atomic_fetch_add(&ends->holders, 1);
    return ends;
}

void lac_ends_drop(lac_ends *ends)
{
    if (!ends || atomic_fetch_sub(&ends->holders, 1) > 1)
        return;
    for (size_t k = 0; ends->asked && k < ends->count; k++) {
        lac_free((char *)ends->asked[k].name);
        lac_free((char *)ends->asked[k].value);
        lac_free(ends->unit ? ends->unit[k] : NULL);
    }
    lac_free(ends->asked);
    lac_free(ends->unit);
    lac_endpoints_free(ends->endpoint, ends->count);
    lac_free(ends->series);
    lac_free(ends);
}

/* The texts of another list, and one more. */
static lac_status copy_asked(const lac_ends *from, const char *name, const char *text, lac_ends *to)
{
    lac_status status = LAC_OK;
    size_t before = from ? from->count : 0;
    LAC_NEW(to->asked, before + 1);
    to->count = before + 1;
    for (size_t k = 0; k < to->count; k++) {
        LAC_OWN(to->asked[k].name, lac_copy_text(k < before ? from->asked[k].name : name));
        LAC_OWN(to->asked[k].value, lac_copy_text(k < before ? from->asked[k].value : text));
        LAC_REQUIRE(k == before || strcmp(to->asked[k].name, name) != 0, LAC_INPUT,
                    "there is an endpoint '%s' already", name);
    }
out:
    return status;
}

static bool is_time(const lac_endpoint *endpoint)
{
    return endpoint->reduction == LAC_REDUCE_TIME_OF_LEAST ||
           endpoint->reduction == LAC_REDUCE_TIME_OF_MOST;
}

static const char *series_unit(const lac_model *model, size_t series)
{
    const lac_display *display =
        series < model->observables
            ? &model->observable[series].display
            : &model->variable[model->fields + series - model->observables].display;
    return strcmp(display->unit, "1") == 0 ? "" : display->unit;
}

/* An integral over hours is in the unit of its curve times h; a ratio is of like things. */
static lac_status tell_unit(const lac_model *model, const lac_ends *ends, size_t index,
                            lac_text *text)
{
    const lac_endpoint *it = &ends->endpoint[index];
    if (it->join == LAC_JOIN_DIFFERENCE)
        lac_text_add(text, "%s", ends->unit[it->part[0]]);
    else if (it->join == LAC_JOIN_RATIO) {
        if (strcmp(ends->unit[it->part[0]], ends->unit[it->part[1]]) != 0)
            lac_text_add(text, "%s/(%s)", ends->unit[it->part[0]], ends->unit[it->part[1]]);
    } else if (is_time(it))
        lac_text_add(text, "h");
    else {
        const char *unit = series_unit(model, ends->series[index]);
        bool integral = it->reduction == LAC_REDUCE_AUC;
        lac_text_add(text, "%s%s%s", unit, integral && *unit ? " " : "", integral ? "h" : "");
    }
    return text->failed;
}

static lac_status resolve(const lac_model *model, lac_ends *ends)
{
    lac_status status = LAC_OK;
    lac_text unit = {0};
    LAC_NEW(ends->series, ends->count);
    LAC_NEW(ends->unit, ends->count);
    for (size_t k = 0; k < ends->count; k++) {
        const lac_endpoint *it = &ends->endpoint[k];
        ends->series[k] =
            it->join == LAC_JOIN_NONE ? lac_readout_find(model, it->series) : LAC_NONE;
        LAC_TRY(tell_unit(model, ends, k, &unit));
        LAC_OWN(ends->unit[k], lac_copy_text(lac_text_of(&unit)));
        lac_text_free(&unit);
        unit = (lac_text){0};
    }
out:
    lac_text_free(&unit);
    return status;
}

/* The message behind "--endpoint:1:6: error: ". */
static const char *first_sentence(const lac_diagnostics *list, size_t *bytes)
{
    for (size_t k = 0; k < list->items; k++)
        if (list->item[k].severity == LAC_ERROR) {
            *bytes = list->item[k].sentence_bytes;
            return lac_text_of(&list->text) + list->item[k].sentence;
        }
    return NULL;
}

static lac_status read_all(const lac_model *model, lac_ends *ends)
{
    lac_diagnostics list = {0};
    lac_status status = lac_endpoints_read(model, ends->asked, ends->count, &list, &ends->endpoint);
    size_t bytes = 0;
    const char *sentence = first_sentence(&list, &bytes);
    if (status == LAC_INPUT && sentence)
        lac_fail(LAC_INPUT, "endpoint '%s': %.*s", ends->asked[ends->count - 1].name, (int)bytes,
                 sentence);
    lac_diagnostics_free(&list);
    return status;
}

static lac_status add(lacuna_model *handle, const char *name, const char *text)
{
    lac_status status = LAC_OK;
    const lac_model *model = NULL;
    lac_ends *made = NULL;
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(name, "name of the endpoint"));
    LAC_TRY(lac_need(text, "text of the endpoint"));
    LAC_NEW(made, 1);
    atomic_init(&made->holders, 1);
    LAC_TRY(copy_asked(handle->ends, name, text, made));
    LAC_TRY(read_all(model, made));
    LAC_TRY(resolve(model, made));
    lac_ends_drop(handle->ends);
    handle->ends = made;
    made = NULL;
out:
    lac_ends_drop(made);
    return status;
}

int lacuna_model_endpoint(lacuna_model *model, const char *name, const char *text)
{
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    return lac_handle_leave(&model->handle, add(model, name, text));
}

size_t lacuna_model_endpoints(const lacuna_model *model)
{
    bool is = lac_handle_check(model, LAC_MODEL) == LAC_OK;
    return is && model->ends ? model->ends->count : 0;
}

int lacuna_model_endpoint_unit(const lacuna_model *model, size_t index, const char **unit)
{
    lac_status status = lac_handle_check(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    size_t count = model->ends ? model->ends->count : 0;
    LAC_TRY(lac_need((const void *)unit, "place for the unit"));
    LAC_REQUIRE(index < count, LAC_USAGE, "there is no endpoint %zu: the model has %zu", index,
                count);
    *unit = model->ends->unit[index];
out:
    return lac_handle_tell(&model->handle, status);
}

/* --- of a simulation -----------------------------------------------------------------------------
 */

/* The curve of a series, in one piece, into the scratch. */
static void gather(const lac_record *record, size_t series, double *curve)
{
    for (size_t frame = 0; frame < record->frames; frame++)
        curve[frame] = record->value[frame * record->series + series];
}

static lac_status evaluate(lacuna_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_record *record = &simulation->record;
    const lac_ends *ends = simulation->ends;
    if (!record->scratch)
        LAC_NEW(record->scratch, 2 * record->capacity + 1);
    double *time = record->scratch, *curve = time + record->capacity;
    for (size_t frame = 0; frame < record->frames; frame++)
        time[frame] = record->time[frame] / HOUR;
    for (size_t k = 0; k < ends->count; k++) {
        const lac_endpoint *it = &ends->endpoint[k];
        if (it->join != LAC_JOIN_NONE) {
            simulation->end[k] =
                lac_endpoint_join(it, simulation->end[it->part[0]], simulation->end[it->part[1]]);
            continue;
        }
        if (k == 0 || ends->series[k] != ends->series[k - 1])
            gather(record, ends->series[k], curve);
        simulation->end[k] = lac_endpoint_value(it, time, curve, record->frames);
    }
out:
    return status;
}

int lacuna_simulation_endpoints(lacuna_simulation *simulation, const double **values, size_t *count)
{
    int threads;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_simulation_need_series(simulation));
    LAC_TRY(lac_need((const void *)values, "place for the values"));
    LAC_REQUIRE(simulation->ends, LAC_USAGE,
                "the model had no endpoints when the simulation was created");
    LAC_TRY(evaluate(simulation));
    *values = simulation->end;
    if (count)
        *count = simulation->ends->count;
out:
    return lac_simulation_leave(simulation, threads, status);
}
