/* Models: loaded from text, loaded again when something is set, and what is wrong with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"

#include <string.h>

lac_core *lac_core_hold(lac_core *core)
{
    atomic_fetch_add(&core->holders, 1);
    return core;
}

void lac_core_drop(lac_core *core)
{
    if (!core || atomic_fetch_sub(&core->holders, 1) > 1)
        return;
    lac_model_free(core->model);
    lac_free(core);
}

lac_status lac_library_model(const lacuna_model *handle, const lac_model **model)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_handle_check(handle, LAC_MODEL));
    LAC_REQUIRE(handle->core, LAC_USAGE, "the model could not be loaded: see its problems");
    *model = &handle->model;
out:
    return status;
}

/* --- problems ----------------------------------------------------------------------------------
 */

void lac_library_forget_problems(lacuna_model *model)
{
    for (size_t k = 0; k < model->problems; k++) {
        lac_free((char *)model->problem[k].file);
        lac_free((char *)model->problem[k].message);
    }
    lac_free(model->problem);
    model->problem = NULL;
    model->problems = 0;
    lac_diagnostics_free(&model->list);
}

lac_status lac_library_list_problems(lacuna_model *model)
{
    lac_status status = LAC_OK;
    const char *text = lac_text_of(&model->list.text);
    LAC_NEW(model->problem, model->list.items);
    for (size_t k = 0; k < model->list.items; k++) {
        const lac_diagnostic *item = &model->list.item[k];
        lacuna_problem *problem = &model->problem[model->problems++];
        *problem = (lacuna_problem){.is_warning = item->severity == LAC_WARNING,
                                    .line = item->line,
                                    .column = item->column};
        LAC_OWN(problem->file, lac_copy_bytes(text + item->path, item->path_bytes));
        LAC_OWN(problem->message, lac_copy_bytes(text + item->sentence, item->sentence_bytes));
    }
out:
    return status;
}

size_t lacuna_model_problems(const lacuna_model *model)
{
    return lac_handle_check(model, LAC_MODEL) == LAC_OK ? model->problems : 0;
}

int lacuna_model_problem(const lacuna_model *model, size_t index, lacuna_problem *problem)
{
    lac_status status = lac_handle_check(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(problem, "problem to fill"));
    LAC_REQUIRE(index < model->problems, LAC_USAGE, "there is no problem %zu: the model has %zu",
                index, model->problems);
    *problem = model->problem[index];
out:
    return lac_handle_tell(&model->handle, status);
}

const char *lacuna_model_problem_text(const lacuna_model *model)
{
    bool is = lac_handle_check(model, LAC_MODEL) == LAC_OK;
    return is ? lac_text_of(&model->list.text) : "";
}

const char *lacuna_model_error(const lacuna_model *model)
{
    bool is = lac_handle_check(model, LAC_MODEL) == LAC_OK;
    return is ? model->handle.sentence : lac_failure();
}

static void library_free_sets(lac_override *set, size_t sets)
{
    for (size_t k = 0; k < sets; k++) {
        lac_free((char *)set[k].name);
        lac_free((char *)set[k].value);
    }
    lac_free(set);
}

void lac_library_free_model(lacuna_model *model)
{
    if (!model)
        return;
    lac_library_forget_problems(model);
    library_free_sets(model->set, model->sets);
    lac_core_drop(model->core);
    lac_ends_drop(model->ends);
    lac_text_free(&model->whole);
    lac_lent_survey_free(&model->survey);
    lac_free(model->path);
    lac_free(model->text);
    lac_free(model->directory);
    lac_free(model->data);
    lac_free(model->result);
    lac_free(model->why);
    lac_free(model);
}

int lacuna_model_free(lacuna_model *model)
{
    if (!model)
        return LACUNA_OK;
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    lac_handle_delist(&model->handle);
    lac_library_free_model(model);
    return LACUNA_OK;
}

/* --- setting
 * --------------------------------------------------------------------------------------- */

static size_t place_of(const lac_override *set, size_t sets, const char *name)
{
    size_t at = 0;
    while (at < sets && strcmp(set[at].name, name) != 0)
        at++;
    return at;
}

lac_status lac_library_add_set(lac_override *set, size_t *sets, const char *name, const char *value)
{
    lac_status status = LAC_OK;
    char *copy = NULL;
    LAC_TRY(lac_need(name, "name"));
    LAC_TRY(lac_need(value, "value"));
    size_t at = place_of(set, *sets, name);
    LAC_OWN(copy, lac_copy_text(value));
    if (at == *sets) {
        LAC_OWN(set[at].name, lac_copy_text(name));
        ++*sets;
    }
    lac_free((char *)set[at].value);
    set[at].value = copy;
    copy = NULL;
out:
    lac_free(copy);
    return status;
}

/* The sentence says what is wrong, not only how many things are. */
static void tell_first_error(const lacuna_model *model)
{
    for (size_t k = 0; k < model->problems; k++)
        if (!model->problem[k].is_warning) {
            lac_fail(LAC_INPUT, "%s", model->problem[k].message);
            return;
        }
}

static lac_status set_all(lacuna_model *model, size_t count, const char *const *names,
                          const char *const *values)
{
    lac_status status = LAC_OK;
    lac_override *set = NULL;
    size_t sets = 0;
    LAC_REQUIRE(model->core, LAC_USAGE, "the model could not be loaded: see its problems");
    LAC_REQUIRE(!model->stream, LAC_USAGE,
                "%s was opened as a stream, which cannot be read again to set something",
                model->path);
    LAC_NEW(set, model->sets + count);
    for (size_t k = 0; k < model->sets; k++)
        LAC_TRY(lac_library_add_set(set, &sets, model->set[k].name, model->set[k].value));
    for (size_t k = 0; k < count; k++)
        LAC_TRY(lac_library_add_set(set, &sets, names[k], values[k]));
    lac_shared_lock();
    status = lac_library_load(model, set, sets);
    lac_shared_unlock();
    if (status == LAC_INPUT)
        tell_first_error(model);
    LAC_TRY(status);
    library_free_sets(model->set, model->sets);
    model->set = set;
    model->sets = sets;
    set = NULL;
    sets = 0;
out:
    library_free_sets(set, sets);
    return status;
}

int lacuna_model_set_all(lacuna_model *model, size_t count, const char *const *names,
                         const char *const *values)
{
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(count > 0 ? lac_need(names, "list of names") : LAC_OK);
    LAC_TRY(count > 0 ? lac_need(values, "list of values") : LAC_OK);
    LAC_TRY(set_all(model, count, names, values));
out:
    return lac_handle_leave(&model->handle, status);
}

/* --- settings of the run that nothing else follows from
 * ---------------------------------------------------- */

static lac_status adjust(lacuna_model *model, const char *name, const char *value)
{
    static const char *const free_ones[] = {"until", "checkpoint.every", "start", "from",
                                            "from_time"};
    lac_status status = LAC_OK;
    const lac_model *now = NULL;
    bool is_free = false;
    LAC_TRY(lac_library_model(model, &now));
    LAC_TRY(lac_need(name, "name"));
    LAC_TRY(lac_need(value, "value"));
    for (size_t k = 0; k < sizeof free_ones / sizeof free_ones[0]; k++)
        is_free = is_free || strcmp(name, free_ones[k]) == 0;
    LAC_REQUIRE(
        is_free, LAC_USAGE,
        "%s cannot be adjusted, only until, checkpoint.every, start, from and from_time can: "
        "set run.%s",
        name, name);
    LAC_TRY(lac_settings_set(&model->model.settings, name, value));
    lac_text_free(&model->whole);
    lac_lent_survey_free(&model->survey);
    model->whole = (lac_text){0};
out:
    return status;
}

int lacuna_model_adjust(lacuna_model *model, const char *name, const char *value)
{
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    return lac_handle_leave(&model->handle, adjust(model, name, value));
}

int lacuna_model_set(lacuna_model *model, const char *name, const char *value)
{
    return lacuna_model_set_all(model, 1, &name, &value);
}

int lacuna_model_set_number(lacuna_model *model, const char *name, double value)
{
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    const lac_model *now = NULL;
    lac_text text = {0};
    size_t index = 0;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(model, &now));
    LAC_TRY(lac_find_parameter(now, name, &index));
    LAC_TRY(lac_library_number(value, &now->parameter[index].display, &text));
    const char *words = lac_text_of(&text);
    LAC_TRY(set_all(model, 1, &name, &words));
out:
    lac_text_free(&text);
    return lac_handle_leave(&model->handle, status);
}
