/* Changes of a simulation from outside: parameters, variables, doses and events now, and parameters
 * from the next reset on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "language/units.h"
#include "library/library_internal.h"
#include "methods/methods.h"
#include "model/random.h"

#include <math.h>
#include <string.h>

/* --- now
 * ---------------------------------------------------------------------------------------- */

/* What a value is for. */
typedef struct target {
    bool on_parameter;
    size_t index;
    const char *name; /* of the model */
    lac_dimension dimension;
    const lac_display *display;
    double molar_mass; /* [Da] of what masses are of; 0 = of nothing */
    bool may_be_negative;
} target;

static double molar_mass(const lac_model *model, size_t species)
{
    return species == LAC_NONE ? 0 : model->species[species].molar_mass;
}

static lac_status aim_at_parameter(const lac_model *model, size_t index, target *to)
{
    const lac_parameter *parameter = &model->parameter[index];
    if (parameter->derived)
        return lac_fail(LAC_INPUT, "parameter '%s' follows from others: set those", parameter->id);
    if (parameter->is_fixed)
        return lac_fail(LAC_INPUT,
                        "parameter '%s' cannot change during a run: a volume, a size or another "
                        "number that is fixed from the start depends on it; set it in the model",
                        parameter->id);
    *to = (target){true,
                   index,
                   parameter->id,
                   parameter->dimension,
                   &parameter->display,
                   molar_mass(model, parameter->of),
                   true};
    return LAC_OK;
}

static lac_status aim_at_variable(const lac_model *model, const char *name, target *to)
{
    lac_status status = LAC_OK;
    size_t index = 0;
    LAC_TRY(lac_find_variable(model, name, &index));
    const lac_variable *variable = &model->variable[index];
    *to = (target){false,
                   index,
                   variable->path,
                   variable->dimension,
                   &variable->display,
                   molar_mass(model, variable->species),
                   variable->is_signed};
out:
    return status;
}

/* A parameter by its name, else a variable. */
static lac_status aim(const lac_model *model, const char *name, target *to)
{
    lac_status status = lac_need(name, "name");
    for (size_t k = 0; status == LAC_OK && k < model->parameters; k++)
        if (strcmp(model->parameter[k].id, name) == 0)
            return aim_at_parameter(model, k, to);
    if (status != LAC_OK)
        return status;
    for (size_t k = 0; k < model->variables; k++)
        if (strcmp(model->variable[k].path, name) == 0 ||
            strcmp(model->variable[k].name, name) == 0)
            return aim_at_variable(model, name, to);
    size_t none;
    return lac_find_parameter(model, name, &none);
}

static lac_status check_value(const target *to, double value)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(isfinite(value), LAC_INPUT, "'%s' cannot be %g", to->name, value);
    LAC_REQUIRE(value >= 0 || to->may_be_negative, LAC_INPUT,
                "'%s' cannot be changed by a value below zero (%g %s)", to->name,
                value * to->display->factor, to->display->unit);
out:
    return status;
}

/* Makes an amount of a mass, where the other is wanted. */
static bool weigh(const target *to, lac_dimension wanted, double *value, lac_dimension *dimension)
{
    lac_dimension per_mass =
        lac_dimension_over(lac_dimension_of(LAC_AMOUNT, 1), lac_dimension_of(LAC_MASS, 1));
    if (lac_dimension_same(*dimension, wanted))
        return true;
    if (!(to->molar_mass > 0) ||
        !lac_dimension_same(lac_dimension_times(*dimension, per_mass), wanted))
        return false;
    *value /= to->molar_mass;
    *dimension = wanted;
    return true;
}

static lac_status fail_dimension(const target *to, const char *text)
{
    char words[LAC_DIMENSION_TEXT];
    return lac_fail(LAC_INPUT, "'%s' is %s; '%s' is not", to->name,
                    lac_dimension_describe(to->dimension, words, sizeof words), text);
}

static lac_status read_value(const target *to, const char *text, double *value)
{
    lac_status status = LAC_OK;
    lac_unit unit;
    LAC_TRY(lac_need(text, "value"));
    LAC_TRY(lac_quantity_parse(text, value, &unit));
    if (!weigh(to, to->dimension, value, &unit.dimension))
        return fail_dimension(to, text);
    LAC_TRY(check_value(to, *value));
out:
    return status;
}

/* A density of the variable, or an amount of what it is of in the joint. */
static lac_status read_dose(const lac_model *model, const target *to, const char *text,
                            lac_action *action, double *value)
{
    lac_status status = LAC_OK;
    lac_unit unit;
    LAC_TRY(lac_need(text, "value"));
    LAC_TRY(lac_quantity_parse(text, value, &unit));
    const lac_variable *variable = &model->variable[to->index];
    lac_species_kind kind = model->species[variable->species].kind;
    lac_dimension amount = lac_dimension_of(kind == LAC_CELL_COUNT ? LAC_CELLS : LAC_AMOUNT, 1);
    action->amount = kind != LAC_STATE && weigh(to, amount, value, &unit.dimension);
    if (!action->amount && !weigh(to, to->dimension, value, &unit.dimension))
        return fail_dimension(to, text);
    LAC_TRY(check_value(to, *value));
out:
    return status;
}

static lac_status change(lacuna_simulation *simulation, const lac_action *action, double value)
{
    lac_status status;
    if (simulation->result)
        lac_shared_lock();
    status = lac_simulation_apply(simulation->run, action, value);
    if (simulation->result)
        lac_shared_unlock();
    return lac_simulation_judge(simulation, status);
}

static lac_action action_on(const target *to, lac_action_kind kind)
{
    return (lac_action){
        .kind = kind, .on_parameter = to->on_parameter, .target = to->index, .region = LAC_NONE};
}

int lacuna_simulation_set(lacuna_simulation *simulation, const char *name, const char *value)
{
    int threads;
    target to;
    double number;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(aim(&simulation->model, name, &to));
    LAC_TRY(read_value(&to, value, &number));
    lac_action action = action_on(&to, LAC_ACTION_SET);
    LAC_TRY(change(simulation, &action, number));
out:
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_simulation_set_number(lacuna_simulation *simulation, const char *name, double value)
{
    int threads;
    target to;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(aim(&simulation->model, name, &to));
    value = lac_library_internal(value, to.display, to.dimension);
    LAC_TRY(check_value(&to, value));
    lac_action action = action_on(&to, LAC_ACTION_SET);
    LAC_TRY(change(simulation, &action, value));
out:
    return lac_simulation_leave(simulation, threads, status);
}

static const char *region_word(const lac_model *model, size_t index)
{
    return model->region[index].id;
}

static lac_status find_region(const lac_model *model, const target *to, const char *name,
                              size_t *region)
{
    lac_status status = LAC_OK;
    lac_choice choice = {"region", region_word, model->regions};
    *region = LAC_NONE;
    if (!name)
        return LAC_OK;
    LAC_REQUIRE(to->index < model->fields, LAC_INPUT,
                "'%s' is well-mixed: it has no regions, such as '%s'", to->name, name);
    LAC_TRY(lac_library_find(model, choice, name, region));
    LAC_REQUIRE(!model->region[*region].inactive, LAC_INPUT, "region '%s' is inactive", name);
out:
    return status;
}

int lacuna_simulation_add(lacuna_simulation *simulation, const char *variable, const char *value,
                          const char *region)
{
    int threads;
    target to;
    double number;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    const lac_model *model = &simulation->model;
    LAC_TRY(aim_at_variable(model, variable, &to));
    lac_action action = action_on(&to, LAC_ACTION_ADD);
    LAC_TRY(read_dose(model, &to, value, &action, &number));
    LAC_TRY(find_region(model, &to, region, &action.region));
    LAC_TRY(change(simulation, &action, number));
out:
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_simulation_fire(lacuna_simulation *simulation, const char *event)
{
    int threads;
    size_t index = 0;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_find_event(&simulation->model, event, &index));
    if (simulation->result)
        lac_shared_lock();
    status = lac_simulation_judge(simulation, lac_simulation_fire(simulation->run, index));
    if (simulation->result)
        lac_shared_unlock();
out:
    return lac_simulation_leave(simulation, threads, status);
}

/* --- values of the start
 * ----------------------------------------------------------------------------------- */

/* A parameter that an expression has. */
typedef struct mention {
    size_t parameter;
    bool found;
} mention;

static void look_for(const lac_expression *node, void *context)
{
    mention *of = context;
    of->found =
        of->found || (node->op == LAC_OP_SYMBOL && node->symbol.kind == LAC_SYMBOL_PARAMETER &&
                      node->symbol.index == of->parameter);
}

/* A tolerance that the text does not give is found when the model is read. */
static lac_status check_tolerances(const lac_model *model, size_t parameter)
{
    lac_status status = LAC_OK;
    const lac_stepper_type *type = lac_stepper_find(model->settings.method);
    for (size_t v = 0; !(type && type->no_error) && v < model->variables; v++) {
        const lac_variable *variable = &model->variable[v];
        mention of = {parameter, false};
        if (!variable->atol_follows)
            continue;
        lac_expression_walk(variable->initial, look_for, &of);
        LAC_REQUIRE(!of.found, LAC_INPUT,
                    "the initial value of %s follows from parameter '%s', and its tolerance with "
                    "it: set the parameter in the model, or give %s an atol",
                    variable->path, model->parameter[parameter].id, variable->path);
    }
out:
    return status;
}

/* Can the parameter have another value from a start on, without the text being read again? */
static lac_status check_start(const lac_model *model, size_t index, target *to)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(index < model->parameters, LAC_USAGE,
                "there is no parameter %zu: the model has %zu", index, model->parameters);
    LAC_TRY(aim_at_parameter(model, index, to));
    LAC_TRY(check_tolerances(model, index));
    LAC_REQUIRE(lac_model_random_start(model) == LAC_NONE, LAC_INPUT,
                "the start of the model is drawn: set '%s' in the model", to->name);
    LAC_REQUIRE(strcmp(model->settings.from, "none") == 0, LAC_INPUT,
                "the model starts from another run (`from`): set '%s' in the model", to->name);
out:
    return status;
}

static lac_status aim_at_start(const lac_model *model, size_t index, double value, double *internal)
{
    lac_status status = LAC_OK;
    target to;
    LAC_TRY(check_start(model, index, &to));
    LAC_REQUIRE(isfinite(value), LAC_INPUT, "'%s' cannot be %g", to.name, value);
    *internal = lac_library_internal(value, to.display, to.dimension);
out:
    return status;
}

int lacuna_model_can_vary(const lacuna_model *handle, const char *name)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    size_t index;
    target to;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(name, "name"));
    LAC_TRY(lac_find_parameter(model, name, &index));
    LAC_TRY(check_start(model, index, &to));
out:
    return lac_handle_tell(&handle->handle, status);
}

int lacuna_simulation_vary_texts(lacuna_simulation *simulation, const lacuna_set *set, size_t sets)
{
    int threads;
    target to;
    double *internal = NULL;
    size_t *parameter = NULL;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be reset");
    LAC_TRY(sets > 0 ? lac_need(set, "list of settings") : LAC_OK);
    LAC_NEW(internal, sets);
    LAC_NEW(parameter, sets);
    for (size_t k = 0; k < sets; k++) {
        LAC_TRY(lac_need(set[k].name, "name"));
        LAC_TRY(lac_find_parameter(&simulation->model, set[k].name, &parameter[k]));
        LAC_TRY(check_start(&simulation->model, parameter[k], &to));
        LAC_TRY(read_value(&to, set[k].value, &internal[k]));
    }
    LAC_TRY(lac_simulation_vary(simulation->run, sets, parameter, internal));
out:
    lac_free(parameter);
    lac_free(internal);
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_simulation_vary(lacuna_simulation *simulation, size_t count, const size_t *parameters,
                           const double *values)
{
    int threads;
    double *internal = NULL;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be reset");
    LAC_TRY(count > 0 ? lac_need(parameters, "list of parameters") : LAC_OK);
    LAC_TRY(count > 0 ? lac_need(values, "list of values") : LAC_OK);
    LAC_NEW(internal, count);
    for (size_t k = 0; k < count; k++)
        LAC_TRY(aim_at_start(&simulation->model, parameters[k], values[k], &internal[k]));
    LAC_TRY(lac_simulation_vary(simulation->run, count, parameters, internal));
out:
    lac_free(internal);
    return lac_simulation_leave(simulation, threads, status);
}
