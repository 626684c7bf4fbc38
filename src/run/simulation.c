/* A simulation: put together from a model, started or brought back from a checkpoint, and freed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/simulation.h"

#include "base/memory.h"
#include "methods/methods.h"
#include "model/random.h"
#include "run/paths.h"
#include "run/simulation_internal.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const double GIB = 1024.0 * 1024 * 1024;

static lac_status check_model(const lac_model *model)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &model->settings;
    size_t needed = lac_simulation_memory(model), limit = lac_simulation_memory_limit();
    LAC_TRY(lac_stepper_check(model));
    LAC_TRY(lac_model_require_seed(model));
    LAC_REQUIRE(settings->until > 0, LAC_INPUT, "the end of the run is not given: set run.until");
    LAC_REQUIRE(needed <= limit, LAC_LIMIT,
                "the run needs about %.3g GiB of memory; this process may use %.3g GiB",
                (double)needed / GIB, (double)limit / GIB);
out:
    return status;
}

/* All that the checkpoint keeps, in one order; what the edge search goes back to comes first. */
lac_status lac_simulation_list(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_block_list *blocks = &simulation->blocks;
    blocks->count = 0;
    lac_state_blocks(simulation->state, blocks);
    simulation->type->blocks(simulation->stepper, blocks);
    lac_snapshot_free(simulation->before);
    simulation->before = NULL;
    if (lac_triggers_count(simulation->triggers) > 0)
        LAC_TRY(lac_snapshot_create(blocks, &simulation->before));
    lac_triggers_blocks(simulation->triggers, blocks);
    lac_schedule_blocks(simulation->schedule, blocks);
    lac_events_blocks(simulation->events, blocks);
    lac_block_add(blocks, "run", "closure", LAC_BLOCK_DOUBLE, 1, &simulation->closure);
    for (size_t k = 0; k < simulation->observers; k++)
        lac_observer_list[k]->blocks(simulation->observer[k], blocks);
    if (simulation->readout && !simulation->store)
        lac_readout_blocks(simulation->readout, blocks);
out:
    return status;
}

static bool is_of(const char *prefix, const char *owner)
{
    return strcmp(prefix, owner) == 0;
}

bool lac_simulation_list_shape(const lac_simulation *simulation, lac_block_list *shape)
{
    const lac_block_list *all = &simulation->blocks;
    bool any = false;
    *shape = (lac_block_list){.count = 0};
    for (size_t k = 0; k < all->count; k++) {
        const lac_block *block = &all->block[k];
        const bool is_shape = is_of(all->prefix[k], LAC_SHAPE_BLOCKS);
        if (is_shape || is_of(all->prefix[k], "state"))
            lac_block_add(shape, all->prefix[k], block->name, block->type, block->count,
                          block->data);
        any = any || is_shape;
    }
    return any;
}

lac_status lac_simulation_take_shape(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_TRY(simulation->type->take_shape(simulation->stepper, simulation->state));
    LAC_TRY(lac_simulation_list(simulation));
out:
    return status;
}

void lac_simulation_take_account(lac_simulation *simulation)
{
    const lac_stepper_type *type = simulation->type;
    simulation->view.account = type->account ? type->account(simulation->stepper) : NULL;
}

lac_status lac_simulation_fill_start(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_state *state = simulation->state;
    memset(state->value, 0, state->layout.length * sizeof *state->value);
    LAC_TRY(lac_simulation_fill(&simulation->scene, state));
    if (simulation->options.start)
        LAC_TRY(lac_simulation_begin_from(simulation));
    else if (strcmp(simulation->model->settings.start, "rest") == 0)
        LAC_TRY(lac_steady_state_find(&simulation->scene, state, &simulation->steady_state));
out:
    return status;
}

/* Everything but the files. */
static lac_status assemble(lac_simulation *simulation, bool resumed)
{
    lac_status status = LAC_OK;
    const lac_model *model = simulation->model;
    LAC_TRY(lac_grid_create(model, &simulation->grid));
    const double weight = simulation->grid->weight;
    simulation->scene = (lac_scene){.model = model, .grid = simulation->grid, .weight = weight};
    simulation->origin = (lac_origin){simulation->options.command, simulation->options.host,
                                      simulation->options.created, simulation->options.note};
    simulation->view = (lac_view){
        .model = model, .grid = simulation->grid, .weight = weight, .origin = &simulation->origin};
    LAC_TRY(lac_simulation_initial(&simulation->scene, &simulation->state));
    if (!resumed) /* which has left its start behind */
        LAC_TRY(lac_simulation_begin_from(simulation));
    simulation->type = lac_stepper_find(model->settings.method);
    LAC_TRY(simulation->type->create(&simulation->scene, simulation->state, &simulation->stepper));
    lac_simulation_take_account(simulation);
    const char *remark =
        simulation->type->remark ? simulation->type->remark(simulation->stepper) : NULL;
    if (remark)
        lac_simulation_warn(simulation, "%s", remark);
    LAC_TRY(lac_schedule_create(model, simulation->state->parameter, &simulation->schedule));
    LAC_TRY(lac_triggers_create(&simulation->view, &simulation->triggers));
    LAC_TRY(lac_events_create(&simulation->scene, &simulation->events));
    LAC_NEW(simulation->edges, model->events + 1);
out:
    return status;
}

lac_status lac_simulation_observe(lac_simulation *simulation, bool resumed)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; lac_observer_list[k]; k++) {
        LAC_REQUIRE(k < LAC_OBSERVERS_MOST, LAC_INTERNAL, "more than %d observers",
                    LAC_OBSERVERS_MOST);
        LAC_TRY(lac_observer_list[k]->create(&simulation->view, simulation->store, resumed,
                                             &simulation->observer[k]));
        simulation->observers++;
    }
    LAC_TRY(lac_simulation_list(simulation));
out:
    return status;
}

/* A simulation without anything but its paths. */
static lac_status allocate(const lac_model *model, const lac_run_options *options,
                           lac_simulation **simulation)
{
    lac_status status = LAC_OK;
    lac_simulation *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->model = model;
    fresh->options = *options;
    if (options->checkpoint)
        LAC_OWN(fresh->checkpoint, lac_copy_text(options->checkpoint));
    else if (options->result)
        LAC_OWN(fresh->checkpoint, lac_checkpoint_beside(options->result));
    *simulation = fresh;
    fresh = NULL;
out:
    lac_simulation_free(fresh);
    return status;
}

static lac_status create_result(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const lac_run_options *options = &simulation->options;
    LAC_TRY(lac_store_create(options->result, options->force,
                             (int)simulation->model->settings.compression, &simulation->store));
    simulation->created = true;
    if (options->watched)
        LAC_TRY(lac_readout_create(&simulation->view, &simulation->readout));
    LAC_TRY(lac_simulation_observe(simulation, false));
    LAC_TRY(lac_simulation_tell_start(simulation));
out:
    return status;
}

static lac_status create_readout(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_readout_create(&simulation->view, &simulation->readout));
    LAC_TRY(lac_simulation_list(simulation));
out:
    return status;
}

lac_status lac_simulation_create(const lac_model *model, const lac_run_options *options,
                                 lac_simulation **simulation)
{
    lac_status status = LAC_OK;
    lac_simulation *fresh = NULL;
    LAC_TRY(check_model(model));
    if (options->result)
        LAC_TRY(lac_check_output(options->result, model, options->force));
    LAC_TRY(allocate(model, options, &fresh));
    LAC_TRY(assemble(fresh, false));
    LAC_TRY(options->result ? create_result(fresh) : create_readout(fresh));
    *simulation = fresh;
    fresh = NULL;
out:
    lac_simulation_free(fresh);
    return status;
}

lac_status lac_simulation_resume(const lac_model *model, const char *checkpoint,
                                 const lac_run_options *options, lac_simulation **simulation)
{
    lac_status status = LAC_OK;
    lac_simulation *fresh = NULL;
    LAC_TRY(check_model(model));
    LAC_TRY(allocate(model, options, &fresh));
    LAC_TRY(assemble(fresh, true));
    LAC_TRY(lac_simulation_load_checkpoint(fresh, checkpoint));
    *simulation = fresh;
    fresh = NULL;
out:
    lac_simulation_free(fresh);
    return status;
}

static void free_observers(lac_simulation *simulation)
{
    for (size_t k = 0; k < simulation->observers; k++)
        lac_observer_list[k]->free(simulation->observer[k]);
}

void lac_simulation_free(lac_simulation *simulation)
{
    if (!simulation)
        return;
    free_observers(simulation);
    lac_store_close(simulation->store);
    if (simulation->created && simulation->frames == 0)
        lac_store_remove(simulation->options.result);
    lac_readout_free(simulation->readout);
    lac_start_free(&simulation->from);
    lac_text_free(&simulation->from_told);
    lac_snapshot_free(simulation->start);
    lac_free(simulation->varied);
    lac_snapshot_free(simulation->before);
    lac_free(simulation->edges);
    lac_events_free(simulation->events);
    lac_triggers_free(simulation->triggers);
    lac_schedule_free(simulation->schedule);
    if (simulation->stepper)
        simulation->type->free(simulation->stepper);
    lac_state_free(simulation->state);
    lac_grid_free(simulation->grid);
    lac_free(simulation->checkpoint);
    lac_free(simulation);
}

const lac_grid *lac_simulation_grid(const lac_simulation *simulation)
{
    return simulation->grid;
}

const lac_state *lac_simulation_state(const lac_simulation *simulation)
{
    return simulation->state;
}

lac_step_counters lac_simulation_counters(const lac_simulation *simulation)
{
    return simulation->type->counters(simulation->stepper);
}

size_t lac_simulation_frames(const lac_simulation *simulation)
{
    return simulation->frames;
}
