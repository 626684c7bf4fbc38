/* Again: a run in memory goes back to its start, or to a copy of what it was.
 *
 * The start is copied when the first reset asks for it, or when the run begins: before that nothing
 * has changed. What a stepper holds beside its blocks follows from them and the model, or is void
 * after its reset.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "model/random.h"
#include "run/simulation_internal.h"

#include <string.h>

/* A stepper without a way back is made anew; where its blocks are changes then. */
static lac_status renew_stepper(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    if (simulation->type->reset) {
        simulation->type->reset(simulation->stepper);
        return LAC_OK;
    }
    simulation->type->free(simulation->stepper);
    simulation->stepper = NULL;
    LAC_TRY(simulation->type->create(&simulation->scene, simulation->state, &simulation->stepper));
    lac_simulation_take_account(simulation);
    LAC_TRY(lac_simulation_list(simulation));
out:
    return status;
}

/* All blocks but the stepper's, which stand together. */
static void list_rest(const lac_simulation *simulation, lac_block_list *rest)
{
    *rest = (lac_block_list){.count = 0};
    for (size_t k = 0; k < simulation->blocks.count; k++) {
        const lac_block *block = &simulation->blocks.block[k];
        if (strncmp(simulation->blocks.prefix[k], "stepper", strlen("stepper")) != 0)
            lac_block_add(rest, simulation->blocks.prefix[k], block->name, block->type,
                          block->count, block->data);
    }
}

lac_status lac_simulation_mark_start(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_block_list rest;
    if (simulation->store || simulation->start)
        return LAC_OK;
    list_rest(simulation, &rest);
    LAC_TRY(lac_snapshot_create(&rest, &simulation->start));
    lac_snapshot_take(simulation->start);
out:
    return status;
}

/* What was drawn is drawn again: the seed and the replicate may be others. */
static lac_status draw_again(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_state *fresh = NULL, *state = simulation->state;
    const lac_model *model = simulation->model;
    if (simulation->options.start || lac_model_random_start(model) == LAC_NONE)
        return LAC_OK;
    LAC_TRY(lac_simulation_initial(&simulation->scene, &fresh));
    lac_copy(state->value, fresh->value, state->layout.length);
    memcpy(state->initial, fresh->initial, model->variables * sizeof *state->initial);
    LAC_TRY(lac_simulation_begin_from(simulation));
out:
    lac_state_free(fresh);
    return status;
}

/* --- other values of parameters
 * ------------------------------------------------------------------------------ */

/* Parameters that differ from those of the state, of which `tree` has some. */
typedef struct search {
    const double *before, *after;
    bool found;
} search;

static void look_for_changed(const lac_expression *node, void *context)
{
    search *of = context;
    if (node->op == LAC_OP_SYMBOL && node->symbol.kind == LAC_SYMBOL_PARAMETER)
        of->found = of->found || of->before[node->symbol.index] != of->after[node->symbol.index];
}

/* Does any value at the start follow from a parameter that changes? A rest follows from all. */
static bool start_follows(const lac_simulation *simulation)
{
    const lac_model *model = simulation->model;
    search of = {simulation->state->parameter, simulation->varied,
                 strcmp(model->settings.start, "rest") == 0};
    for (size_t variable = 0; !of.found && variable < model->variables; variable++)
        if (model->variable[variable].initial)
            lac_expression_walk(model->variable[variable].initial, look_for_changed, &of);
    return of.found;
}

/* The start gets the values that were asked for. */
static lac_status renew_start(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const size_t bytes = simulation->model->parameters * sizeof(double);
    bool follows;
    if (!simulation->stale)
        return LAC_OK;
    follows = start_follows(simulation);
    memcpy(simulation->state->parameter, simulation->varied, bytes);
    if (follows)
        LAC_TRY(lac_simulation_fill_start(simulation));
    lac_snapshot_take(simulation->start);
    simulation->stale = false;
out:
    return status;
}

/* Those of the model until something else is asked for. */
static lac_status need_varied(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const lac_model *model = simulation->model;
    LAC_REQUIRE(!simulation->store, LAC_INTERNAL, "a run with a result has the model's values");
    if (simulation->varied)
        return LAC_OK;
    LAC_TRY(lac_simulation_mark_start(simulation));
    LAC_NEW(simulation->varied, model->parameters);
    for (size_t k = 0; k < model->parameters; k++)
        simulation->varied[k] = model->parameter[k].value;
out:
    return status;
}

lac_status lac_simulation_vary(lac_simulation *simulation, size_t count, const size_t *parameter,
                               const double *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(need_varied(simulation));
    for (size_t k = 0; k < count; k++)
        simulation->varied[parameter[k]] = value[k];
    simulation->stale = true;
out:
    return status;
}

lac_status lac_simulation_vary_like(lac_simulation *simulation, const lac_simulation *other)
{
    lac_status status = LAC_OK;
    if (!other->varied)
        return LAC_OK;
    LAC_TRY(need_varied(simulation));
    memcpy(simulation->varied, other->varied, other->model->parameters * sizeof(double));
    simulation->stale = true;
out:
    return status;
}

lac_status lac_simulation_reset(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(!simulation->store, LAC_INTERNAL, "a run with a result cannot begin again");
    LAC_TRY(lac_simulation_mark_start(simulation));
    lac_snapshot_restore(simulation->start);
    LAC_TRY(renew_start(simulation));
    LAC_TRY(draw_again(simulation));
    LAC_TRY(renew_stepper(simulation));
    simulation->frames = simulation->field_frames = 0;
    simulation->begun = false;
out:
    return status;
}

lac_status lac_simulation_reseed(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(!simulation->store, LAC_INTERNAL, "a run with a result keeps its seed");
    if (!simulation->type->draws)
        return LAC_OK;
    LAC_TRY(renew_stepper(simulation));
    if (simulation->begun && simulation->type->adopt)
        LAC_TRY(simulation->type->adopt(simulation->stepper, simulation->state));
out:
    return status;
}

struct lac_memory_checkpoint {
    lac_snapshot *snapshot; /* owned */
    size_t frames, field_frames;
    bool begun;
};

void lac_memory_checkpoint_free(lac_memory_checkpoint *kept)
{
    if (!kept)
        return;
    lac_snapshot_free(kept->snapshot);
    lac_free(kept);
}

lac_status lac_simulation_copy(const lac_simulation *simulation, lac_memory_checkpoint **kept)
{
    lac_status status = LAC_OK;
    lac_memory_checkpoint *made = NULL;
    LAC_NEW(made, 1);
    made->frames = simulation->frames;
    made->field_frames = simulation->field_frames;
    made->begun = simulation->begun;
    LAC_TRY(lac_snapshot_create(&simulation->blocks, &made->snapshot));
    lac_snapshot_take(made->snapshot);
    *kept = made;
    made = NULL;
out:
    lac_memory_checkpoint_free(made);
    return status;
}

/* The stepper may have had other blocks when it was copied than it begins with. */
static lac_status fit_shape(lac_simulation *simulation, const lac_memory_checkpoint *kept)
{
    lac_status status = LAC_OK;
    lac_block_list shape;
    if (!lac_simulation_list_shape(simulation, &shape))
        return LAC_OK;
    LAC_REQUIRE(lac_snapshot_pick(kept->snapshot, &shape), LAC_INPUT,
                "a copy of a run of another model or method cannot be restored");
    LAC_TRY(lac_simulation_take_shape(simulation));
out:
    return status;
}

lac_status lac_simulation_restore(lac_simulation *simulation, const lac_memory_checkpoint *kept)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_simulation_reset(simulation));
    LAC_TRY(fit_shape(simulation, kept));
    LAC_REQUIRE(lac_snapshot_restore_to(kept->snapshot, &simulation->blocks), LAC_INPUT,
                "a copy of a run of another model or method cannot be restored");
    simulation->frames = kept->frames;
    simulation->field_frames = kept->field_frames;
    simulation->begun = kept->begun;
out:
    return status;
}

size_t lac_simulation_series(const lac_simulation *simulation)
{
    return simulation->readout ? lac_readout_count(simulation->readout) : 0;
}

lac_status lac_simulation_evaluate(const lac_simulation *simulation, double *value)
{
    return lac_readout_look(simulation->readout, simulation->state, value);
}

const double *lac_simulation_values(const lac_simulation *simulation, size_t *count)
{
    *count = simulation->readout ? lac_readout_count(simulation->readout) : 0;
    return simulation->readout ? lac_readout_values(simulation->readout) : NULL;
}
