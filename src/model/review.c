/* Review: what is legal in a model but deserves a second look.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/describe.h"
#include "model/discontinuities.h"
#include "model/write.h"

#include <math.h>
#include <string.h>

/* --- parameters
 * -------------------------------------------------------------------------------------- */

static void review_parameter(const lac_parameter *parameter, lac_diagnostics *list)
{
    double slack = 1e-9 * fabs(parameter->value);
    lac_place place = parameter->place;
    if (!parameter->used)
        lac_report(list, LAC_WARNING, place, "nothing uses the parameter '%s'", parameter->id);
    if (parameter->derived)
        return;
    if (!parameter->source || parameter->kind == LAC_UNSTATED)
        lac_report(list, LAC_WARNING, place, "the parameter '%s' has no %s%s%s", parameter->id,
                   parameter->source ? "" : "source",
                   parameter->source || parameter->kind != LAC_UNSTATED ? "" : " and no ",
                   parameter->kind == LAC_UNSTATED
                       ? "kind (measured, computed, assumption, prior, fitted)"
                       : "");
    if (parameter->value < parameter->low - slack || parameter->value > parameter->high + slack)
        lac_report(list, LAC_WARNING, place,
                   "the parameter '%s' is %.6g %s, outside its range %.6g .. %.6g", parameter->id,
                   parameter->value * parameter->display.factor, parameter->display.unit,
                   parameter->low * parameter->display.factor,
                   parameter->high * parameter->display.factor);
}

/* A name that is a unit too is read as the name in expressions: 2 h is then no two hours. */
static void review_name(const char *name, lac_place place, lac_diagnostics *list)
{
    if (lac_unit_known(name, strlen(name)) && strcmp(name, "K") != 0) /* as in hill(x, K, n) */
        lac_report(list, LAC_WARNING, place,
                   "'%s' is a unit too: in expressions write the unit as [%s]", name, name);
}

/* --- species
 * ----------------------------------------------------------------------------------------- */

typedef struct search {
    size_t variable;
    bool found;
} search;

static void look_for(const lac_expression *node, void *context)
{
    search *it = context;
    if (node->op == LAC_OP_SYMBOL && node->symbol.kind == LAC_SYMBOL_VARIABLE &&
        node->symbol.index == it->variable)
        it->found = true;
}

static bool depends_on(const lac_expression *tree, size_t variable)
{
    search it = {variable, false};
    lac_expression_walk(tree, look_for, &it);
    return it.found;
}

static bool is_made(const lac_model *model, size_t variable)
{
    for (size_t process = 0; process < model->processes; process++) {
        for (size_t change = 0; change < model->process[process].changes; change++) {
            if (model->process[process].change[change].variable == variable &&
                model->process[process].change[change].factor > 0)
                return true;
        }
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        if (model->boundary[boundary].variable == variable ||
            model->boundary[boundary].pool == variable)
            return true;
    }
    for (size_t event = 0; event < model->events; event++) {
        for (size_t action = 0; action < model->event[event].actions; action++) {
            const lac_action *it = &model->event[event].action[action];
            if (!it->on_parameter && it->target == variable && it->kind != LAC_ACTION_SCALE)
                return true;
        }
    }
    return false;
}

/* Is it made in another tissue, or does it start there? Tissues that are alike share their species.
 */
static bool is_in_another_tissue(const lac_model *model, size_t variable)
{
    if (variable >= model->fields)
        return false;
    for (size_t other = 0; other < model->fields; other++)
        if (other != variable &&
            model->variable[other].species == model->variable[variable].species &&
            (!lac_tree_is_number(model->variable[other].initial, 0) || is_made(model, other)))
            return true;
    return false;
}

static void review_variable(const lac_model *model, size_t variable, lac_diagnostics *list)
{
    const lac_variable *it = &model->variable[variable];
    if (lac_tree_is_number(it->initial, 0) && !is_made(model, variable) &&
        !is_in_another_tissue(model, variable))
        lac_report(list, LAC_WARNING, it->place, "nothing makes '%s', and it starts at 0",
                   it->path);
}

/* A law independent of a consumed reactant continues at zero. */
static void review_process(const lac_model *model, const lac_process *process,
                           lac_diagnostics *list)
{
    for (size_t change = 0; change < process->changes; change++) {
        size_t variable = process->change[change].variable;
        const lac_variable *it = &model->variable[variable];
        if (process->change[change].factor < 0 && !it->is_signed &&
            !depends_on(process->rate, variable))
            lac_report(list, LAC_WARNING, process->place,
                       "'%s' uses up '%s', but its rate does not depend on it: it can become "
                       "negative",
                       process->id, it->path);
    }
}

static void review_band(const lac_model *model, const lac_band *band, lac_diagnostics *list)
{
    if (!band->source)
        lac_report(list, LAC_WARNING, band->place, "the band '%s' has no source", band->id);
    if (band->from > model->settings.until)
        lac_report(list, LAC_WARNING, band->place,
                   "the band '%s' begins after the end of the run: it will not be reached",
                   band->id);
}

/* [cm^2] */
static double own_area(const lac_tissue_text *tissue)
{
    return tissue->voxel[0] * (double)tissue->voxels[0] * tissue->voxel[1] *
           (double)tissue->voxels[1] * 1e-8;
}

/* What the tissues stand for is the joint that they say they are shares of. */
static void review_shares(const lac_model *model, double sum, lac_diagnostics *list)
{
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *it = &model->tissue[tissue];
        if (it->joint > 0 && fabs(sum - it->joint) > 1e-6 * it->joint) {
            lac_report(list, LAC_WARNING, it->joint_place,
                       "the tissues represent %.6g cm^2 in all, not the %.6g cm^2 of the joint",
                       sum * 1e-8, it->joint * 1e-8);
            return;
        }
    }
}

static void review_tissue(const lac_model *model, lac_diagnostics *list)
{
    double joint = 0;
    size_t shares = 0;
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *it = &model->tissue[tissue];
        if (lac_tissue_scale(it) > 1)
            lac_report(list, LAC_WARNING, it->place,
                       "the patch is larger than the area that it represents");
        joint += it->represents;
        shares += it->represents > 0;
    }
    review_shares(model, joint, list);
    if (shares == 0 || shares == model->tissues)
        return;
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        if (!(model->tissue[tissue].represents > 0))
            lac_report(list, LAC_WARNING, model->tissue[tissue].place,
                       "the tissue '%s' does not say what it represents and stands for its own "
                       "%.3g cm^2, beside the %.4g cm^2 of the others",
                       model->domain[model->tissue[tissue].domain].id,
                       own_area(&model->tissue[tissue]), joint * 1e-8);
}

static lac_status review_conditions(const lac_model *model, lac_diagnostics *list)
{
    lac_status status = LAC_OK;
    lac_discontinuities *all = NULL;
    const double end = model->settings.until;
    const char *last = NULL;
    LAC_TRY(lac_discontinuities_create(model, &all));
    for (size_t index = 0; index < model->conditions; index++) {
        const lac_condition *it = &model->condition[index];
        bool found = it->of_time && lac_discontinuities_found(all, index, end);
        if (found || it->is_kink || it->of_event || it->what == last ||
            model->settings.longest_step > 0)
            continue;
        last = it->what;
        lac_report(list, LAC_WARNING, it->place,
                   "the times at which a condition of '%s' turns over cannot be found beforehand "
                   "(it compares the time with %s): a short while may be stepped over; set "
                   "run.longest_step below the shortest",
                   it->what, it->of_time ? "what meets it too often" : "the state or the place");
    }
out:
    lac_discontinuities_free(all);
    return status;
}

void lac_model_review(const lac_model *model, lac_diagnostics *list)
{
    for (size_t parameter = 0; parameter < model->parameters; parameter++) {
        review_parameter(&model->parameter[parameter], list);
        review_name(model->parameter[parameter].id, model->parameter[parameter].place, list);
    }
    for (size_t species = 0; species < model->species_count; species++)
        review_name(model->species[species].id, model->species[species].place, list);
    for (size_t input = 0; input < model->inputs; input++)
        review_name(model->input[input].id, model->input[input].place, list);
    for (size_t variable = 0; variable < model->variables; variable++)
        review_variable(model, variable, list);
    for (size_t process = 0; process < model->processes; process++)
        review_process(model, &model->process[process], list);
    for (size_t band = 0; band < model->bands; band++)
        review_band(model, &model->band[band], list);
    review_tissue(model, list);
    if (review_conditions(model, list) != LAC_OK)
        list->text.failed = LAC_MEMORY;
}
