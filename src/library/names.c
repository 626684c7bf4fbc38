/* Names: what a model's text calls things, their units, and where they are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "language/units.h"
#include "library/library_internal.h"
#include "observe/readout.h"

#include <math.h>
#include <string.h>

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

static const char *unit_of(const lac_display *display)
{
    return strcmp(display->unit, "1") == 0 ? "" : display->unit;
}

/* --- finding -------------------------------------------------------------------------------------
 */

static const char *parameter_word(const lac_model *model, size_t index)
{
    return model->parameter[index].id;
}

static const char *variable_word(const lac_model *model, size_t index)
{
    return model->variable[index].path;
}

static const char *series_word(const lac_model *model, size_t index)
{
    return index < model->observables
               ? model->observable[index].id
               : model->variable[model->fields + index - model->observables].name;
}

static const char *event_word(const lac_model *model, size_t index)
{
    return model->event[index].id;
}

static size_t parameter_count(const lac_model *model)
{
    return model->parameters;
}

static size_t variable_count(const lac_model *model)
{
    return model->variables;
}

static size_t event_count(const lac_model *model)
{
    return model->events;
}

static size_t series_count(const lac_model *model)
{
    return model->observables + model->variables - model->fields;
}

static lac_status fail_to_find(const lac_model *model, lac_choice choice, const char *name)
{
    lac_status status = LAC_OK;
    const char **words = NULL;
    LAC_NEW(words, choice.count);
    for (size_t k = 0; k < choice.count; k++)
        words[k] = choice.word(model, k);
    const char *nearest = lac_nearest(words, choice.count, name);
    status = nearest ? lac_fail(LAC_INPUT, "there is no %s '%s'; did you mean '%s'?", choice.what,
                                name, nearest)
                     : lac_fail(LAC_INPUT, "there is no %s '%s'", choice.what, name);
out:
    lac_free(words);
    return status;
}

lac_status lac_library_find(const lac_model *model, lac_choice choice, const char *name,
                            size_t *index)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_need(name, "name"));
    LAC_TRY(lac_need(index, "place for the index"));
    for (*index = 0; *index < choice.count; ++*index)
        if (strcmp(choice.word(model, *index), name) == 0)
            return LAC_OK;
    status = fail_to_find(model, choice, name);
out:
    return status;
}

lac_status lac_find_parameter(const lac_model *model, const char *name, size_t *index)
{
    lac_choice choice = {"parameter", parameter_word, model->parameters};
    return lac_library_find(model, choice, name, index);
}

lac_status lac_find_variable(const lac_model *model, const char *name, size_t *index)
{
    lac_choice choice = {"variable", variable_word, model->variables};
    for (size_t k = 0; name && index && k < model->variables; k++)
        if (strcmp(model->variable[k].name, name) == 0) {
            *index = k;
            return LAC_OK;
        }
    return lac_library_find(model, choice, name, index);
}

lac_status lac_find_series(const lac_model *model, const char *name, size_t *index)
{
    lac_choice choice = {"observable or pool", series_word, series_count(model)};
    return lac_library_find(model, choice, name, index);
}

lac_status lac_find_event(const lac_model *model, const char *name, size_t *index)
{
    lac_choice choice = {"event", event_word, model->events};
    return lac_library_find(model, choice, name, index);
}

typedef lac_status (*find_call)(const lac_model *model, const char *name, size_t *index);

static int find(const lacuna_model *handle, find_call look, const char *name, size_t *index)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(look(model, name, index));
out:
    return lac_handle_tell(&handle->handle, status);
}

int lacuna_model_find_parameter(const lacuna_model *model, const char *name, size_t *index)
{
    return find(model, lac_find_parameter, name, index);
}

int lacuna_model_find_variable(const lacuna_model *model, const char *name, size_t *index)
{
    return find(model, lac_find_variable, name, index);
}

int lacuna_model_find_series(const lacuna_model *model, const char *name, size_t *index)
{
    return find(model, lac_find_series, name, index);
}

int lacuna_model_find_event(const lacuna_model *model, const char *name, size_t *index)
{
    return find(model, lac_find_event, name, index);
}

/* --- counting and describing
 * ------------------------------------------------------------------------ */

const char *lacuna_model_title(const lacuna_model *handle)
{
    const lac_model *model = NULL;
    return lac_library_model(handle, &model) == LAC_OK ? or_nothing(model->title) : "";
}

/* The things of one kind that a model has: how many, and one of them described to `to`. */
typedef struct kind {
    const char *what;
    size_t (*count)(const lac_model *model);
    void (*describe)(const lac_model *model, size_t index, void *to);
} kind;

static size_t count(const lacuna_model *handle, kind one)
{
    const lac_model *model = NULL;
    return lac_library_model(handle, &model) == LAC_OK ? one.count(model) : 0;
}

static int describe(const lacuna_model *handle, kind one, size_t index, void *to)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(to, "place for the description"));
    LAC_REQUIRE(index < one.count(model), LAC_USAGE, "there is no %s %zu: the model has %zu",
                one.what, index, one.count(model));
    one.describe(model, index, to);
out:
    return lac_handle_tell(&handle->handle, status);
}

static void describe_parameter(const lac_model *model, size_t index, void *to)
{
    const lac_parameter *it = &model->parameter[index];
    double factor = it->display.factor;
    *(lacuna_parameter *)to = (lacuna_parameter){.name = it->id,
                                                 .label = or_nothing(it->label),
                                                 .unit = unit_of(&it->display),
                                                 .value = it->value * factor,
                                                 .low = it->low * factor,
                                                 .high = it->high * factor,
                                                 .kind = lac_provenance_word(it->kind),
                                                 .source = or_nothing(it->source),
                                                 .is_derived = it->derived != NULL,
                                                 .is_fixed = it->is_fixed};
}

static const kind PARAMETER = {"parameter", parameter_count, describe_parameter};

size_t lacuna_model_parameters(const lacuna_model *model)
{
    return count(model, PARAMETER);
}

int lacuna_model_parameter(const lacuna_model *model, size_t index, lacuna_parameter *parameter)
{
    return describe(model, PARAMETER, index, parameter);
}

static void describe_variable(const lac_model *model, size_t index, void *to)
{
    const lac_variable *it = &model->variable[index];
    *(lacuna_variable *)to =
        (lacuna_variable){.name = it->name,
                          .path = it->path,
                          .unit = unit_of(&it->display),
                          .is_field = index < model->fields,
                          .tissue = index < model->fields ? lac_model_tissue_of(model, index) : 0};
}

static const kind VARIABLE = {"variable", variable_count, describe_variable};

size_t lacuna_model_variables(const lacuna_model *model)
{
    return count(model, VARIABLE);
}

int lacuna_model_variable(const lacuna_model *model, size_t index, lacuna_variable *variable)
{
    return describe(model, VARIABLE, index, variable);
}

static size_t tissue_count(const lac_model *model)
{
    return model->tissues;
}

static void describe_tissue(const lac_model *model, size_t index, void *to)
{
    *(const char **)to = model->domain[model->tissue[index].domain].id;
}

static const kind TISSUE = {"tissue", tissue_count, describe_tissue};

size_t lacuna_model_tissues(const lacuna_model *model)
{
    return count(model, TISSUE);
}

int lacuna_model_tissue(const lacuna_model *model, size_t index, const char **name)
{
    return describe(model, TISSUE, index, (void *)name);
}

static void describe_series(const lac_model *model, size_t index, void *to)
{
    bool observable = index < model->observables;
    size_t variable = model->fields + index - model->observables;
    const lac_display *display =
        observable ? &model->observable[index].display : &model->variable[variable].display;
    *(lacuna_series *)to = (lacuna_series){
        .name = series_word(model, index),
        .label = observable ? or_nothing(model->observable[index].label)
                            : or_nothing(model->species[model->variable[variable].species].label),
        .unit = unit_of(display)};
}

static const kind SERIES = {"observable or pool", series_count, describe_series};

size_t lacuna_model_series_count(const lacuna_model *model)
{
    return count(model, SERIES);
}

int lacuna_model_series(const lacuna_model *model, size_t index, lacuna_series *series)
{
    return describe(model, SERIES, index, series);
}

static void describe_event(const lac_model *model, size_t index, void *to)
{
    *(const char **)to = event_word(model, index);
}

static const kind EVENT = {"event", event_count, describe_event};

size_t lacuna_model_events(const lacuna_model *model)
{
    return count(model, EVENT);
}

int lacuna_model_event(const lacuna_model *model, size_t index, const char **name)
{
    return describe(model, EVENT, index, (void *)name);
}

/* --- quantities
 * --------------------------------------------------------------------------------------- */

lac_status lac_library_number(double value, const lac_display *display, lac_text *text)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(isfinite(value), LAC_INPUT, "%g is not a finite number", value);
    const char *unit = unit_of(display);
    lac_text_add(text, "%.17g%s%s", value, *unit ? " " : "", unit);
    status = text->failed;
out:
    return status;
}

double lac_library_internal(double value, const lac_display *display, lac_dimension dimension)
{
    lac_unit unit;
    size_t at, span;
    const char *text = unit_of(display);
    if (lac_unit_parse(text, strlen(text), &unit, &at, &span) == LAC_OK &&
        lac_dimension_same(unit.dimension, dimension))
        return value * unit.factor;
    return value / display->factor;
}

int lacuna_convert(const char *text, const char *unit, double *value)
{
    lac_status status = LAC_OK;
    lac_unit from, to;
    size_t at, span;
    double number;
    LAC_TRY(lac_need(text, "text"));
    LAC_TRY(lac_need(unit, "unit"));
    LAC_TRY(lac_need(value, "place for the value"));
    LAC_TRY(lac_quantity_parse(text, &number, &from));
    LAC_TRY(lac_unit_parse(unit, strlen(unit), &to, &at, &span));
    LAC_REQUIRE(lac_dimension_same(from.dimension, to.dimension), LAC_INPUT,
                "'%s' cannot be converted to %s", text, unit);
    *value = number / to.factor;
out:
    return lac_status_exit_code(status);
}
