/* Replicates of a model by the program's own parts, without files of results.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "statistics/engine.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "methods/methods.h"
#include "observe/measure.h"
#include "run/events.h"
#include "run/schedule.h"
#include "run/simulation.h"
#include "run/trigger.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "verify: %s: %s\n", what, why);
    exit(2);
}

/* What a thread keeps from one replicate to the next. */
typedef struct lane {
    lac_model *model;
    lac_grid *grid;
    lac_scene scene;
    lac_view view;
    const lac_stepper_type *type;
} lane;

/* One trajectory. */
typedef struct flight {
    lac_state *state;
    void *stepper;
    lac_schedule *schedule;
    lac_triggers *triggers;
    lac_events *events;
    lac_measures *measures;
    lac_snapshot *before;
    size_t *edges;
} flight;

static void load(const engine *e, const problem *p, lane *l)
{
    char path[512], seed[32];
    snprintf(path, sizeof path, "%s/%s.yaml", e->cases, p->model);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)(e->seed >> 11));
    lac_override overrides[2 + ENGINE_SETS] = {{"run.method", e->method}, {"run.seed", seed}};
    memcpy(overrides + 2, e->set, e->sets * sizeof *e->set);
    lac_diagnostics list = {0};
    if (lac_scenario_load(
            &(lac_scenario_origin){.path = path, .override = overrides, .overrides = 2 + e->sets},
            &list, &l->model) != LAC_OK)
        give_up(lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    if (lac_grid_create(l->model, &l->grid) != LAC_OK)
        give_up(path, lac_failure());
    double weight = l->grid->voxels > 0 ? l->grid->voxel_volume / lac_model_scale(l->model) : 1;
    l->scene = (lac_scene){.model = l->model, .grid = l->grid, .weight = weight};
    l->view = (lac_view){.model = l->model, .grid = l->grid, .weight = weight};
    l->type = lac_stepper_find(e->method);
}

static void unload(lane *l)
{
    lac_grid_free(l->grid);
    lac_model_free(l->model);
}

/* Where there are triggers, what their search goes back to. */
static lac_status list_blocks(const lane *l, flight *f)
{
    lac_block_list blocks = {0};
    if (lac_triggers_count(f->triggers) == 0)
        return LAC_OK;
    lac_snapshot_free(f->before);
    f->before = NULL;
    lac_state_blocks(f->state, &blocks);
    l->type->blocks(f->stepper, &blocks);
    return lac_snapshot_create(&blocks, &f->before);
}

static lac_status begin(const lane *l, flight *f)
{
    lac_status status = LAC_OK;
    const lac_expression **tree = NULL;
    LAC_TRY(lac_simulation_initial(&l->scene, &f->state));
    LAC_TRY(l->type->create(&l->scene, f->state, &f->stepper));
    LAC_TRY(lac_schedule_create(l->model, f->state->parameter, &f->schedule));
    LAC_TRY(lac_triggers_create(&l->view, &f->triggers));
    LAC_TRY(lac_events_create(&l->scene, &f->events));
    LAC_NEW(f->edges, l->model->events + 1);
    LAC_NEW(tree, l->model->observables + 1);
    for (size_t k = 0; k < l->model->observables; k++)
        tree[k] = l->model->observable[k].value;
    LAC_TRY(lac_measures_create(&l->view, tree, l->model->observables, &f->measures));
    LAC_TRY(list_blocks(l, f));
    LAC_TRY(lac_triggers_start(f->triggers, f->state));
out:
    lac_free(tree);
    return status;
}

static void end(const lane *l, flight *f)
{
    lac_free(f->edges);
    lac_snapshot_free(f->before);
    lac_measures_free(f->measures);
    lac_events_free(f->events);
    lac_triggers_free(f->triggers);
    lac_schedule_free(f->schedule);
    if (f->stepper)
        l->type->free(f->stepper);
    lac_state_free(f->state);
}

static size_t columns_of(const lane *l)
{
    return l->model->fields * l->grid->voxels + l->model->variables - l->model->fields +
           l->model->observables;
}

/* Counts and observables at this moment. */
static lac_status record(const lane *l, const flight *f, double *out)
{
    const lac_layout *layout = &f->state->layout;
    for (size_t v = 0; v < l->model->variables; v++) {
        const lac_variable *variable = &l->model->variable[v];
        const lac_domain *domain = &l->model->domain[variable->domain];
        bool field = v < layout->fields;
        double volume = field ? l->grid->voxel_volume : variable->total ? 1 : domain->volume;
        if (l->model->species[variable->species].kind == LAC_STATE)
            volume = 1;
        const double *value = f->state->value + lac_layout_at(layout, v);
        for (size_t voxel = 0; voxel < (field ? layout->tract[0].voxels : 1); voxel++)
            *out++ = value[voxel] * volume;
    }
    return lac_measures_evaluate(f->measures, f->state, true, out);
}

/* Events at the state's time, as in run/run_loop.c. */
static lac_status settle(const lane *l, flight *f, bool *frame)
{
    lac_status status = LAC_OK;
    lac_due due;
    lac_schedule_take(f->schedule, f->state->time, &due);
    size_t count, fired = due.events;
    for (size_t k = 0; k < due.events; k++)
        LAC_TRY(lac_events_fire(f->events, due.event[k], f->state));
    do {
        LAC_TRY(lac_triggers_take(f->triggers, f->state, f->edges, &count));
        for (size_t k = 0; k < count; k++)
            LAC_TRY(lac_events_fire(f->events, f->edges[k], f->state));
        fired += count;
    } while (count > 0);
    if (fired > 0)
        l->type->restart(f->stepper);
    *frame = due.frame;
out:
    return status;
}

static lac_status advance(const lane *l, flight *f)
{
    lac_status status = LAC_OK;
    bool edge = false, changed = false;
    if (l->type->reshape)
        LAC_TRY(l->type->reshape(f->stepper, f->state, &changed));
    if (changed)
        LAC_TRY(list_blocks(l, f));
    lac_replay_context replay = {l->type, f->stepper, f->state, f->before, f->state->time};
    if (f->before)
        lac_snapshot_take(f->before);
    LAC_TRY(l->type->step(f->stepper, f->state, lac_schedule_next(f->schedule)));
    if (f->before)
        LAC_TRY(lac_triggers_peek(f->triggers, f->state, &edge));
    if (edge)
        LAC_TRY(lac_triggers_locate(f->triggers, &replay));
out:
    return status;
}

static void keep_statements(const lane *l, const flight *f, double *bias)
{
    const lac_account *account = l->type->account ? l->type->account(f->stepper) : NULL;
    for (size_t row = 0; account && row < account->rows; row++)
        if (account->region[row] == LAC_NONE)
            bias[account->variable[row]] = account->bias[row];
}

/* The first columns of what is recorded. */
static lac_status fly(const lane *l, const sample *s, size_t replicate)
{
    double *out = s->value + replicate * s->frames * s->columns;
    lac_status status = LAC_OK;
    flight f = {0};
    double *all = NULL;
    bool due;
    LAC_NEW(all, columns_of(l));
    LAC_TRY(begin(l, &f));
    for (size_t frame = 0; frame < s->frames;) {
        LAC_TRY(settle(l, &f, &due));
        if (due) {
            LAC_TRY(record(l, &f, all));
            memcpy(out + s->columns * frame++, all, s->columns * sizeof *out);
        }
        if (frame < s->frames)
            LAC_TRY(advance(l, &f));
    }
    keep_statements(l, &f, s->bias + replicate * s->variables);
out:
    lac_free(all);
    end(l, &f);
    return status;
}

static void draw_exact(const engine *e, const problem *p, sample *s)
{
    int threads = omp_get_max_threads();
    lane *lanes = calloc((size_t)threads, sizeof *lanes);
    for (int k = 0; k < threads; k++)
        load(e, p, &lanes[k]);
    /* A hybrid model has continuous variables behind those of the net. */
    const size_t columns = columns_of(&lanes[0]);
    if (strcmp(e->method, "hybrid") == 0 ? columns < s->columns : columns != s->columns)
        give_up(p->model, "the net and the model do not have the same variables");
    s->variables = lanes[0].model->variables;
    s->bias = calloc(s->replicates * s->variables, sizeof *s->bias);
    if (!s->bias)
        give_up(p->model, "no memory for the samples");
#pragma omp parallel for schedule(dynamic, 16)
    for (size_t r = 0; r < s->replicates; r++) {
        lane *l = &lanes[omp_get_thread_num()];
        char text[32];
        snprintf(text, sizeof text, "%zu", r);
        if (lac_settings_set(&l->model->settings, "replicate", text) != LAC_OK ||
            fly(l, s, r) != LAC_OK)
            give_up(p->model, lac_failure());
    }
    for (int k = 0; k < threads; k++)
        unload(&lanes[k]);
    free(lanes);
}

static void draw_twin(const engine *e, const problem *p, sample *s)
{
#pragma omp parallel for schedule(dynamic, 16)
    for (size_t r = 0; r < s->replicates; r++) {
        lac_stream stream;
        uint64_t number = e->planted == PLANT_STREAM ? r / 2 : r;
        lac_stream_open(&stream, lac_random_key_of(e->seed, number, LAC_FOR_TESTS), 0);
        net_trajectory(p->net, &stream, e->planted, p->every, s->frames,
                       s->value + r * s->frames * s->columns);
    }
}

sample sample_draw(const engine *e, const problem *p, size_t replicates)
{
    sample s = {.replicates = replicates, .frames = p->frames, .columns = (size_t)p->net->species};
    s.value = malloc(replicates * s.frames * s.columns * sizeof *s.value);
    if (!s.value)
        give_up(p->model, "no memory for the samples");
    if (strcmp(e->method, "twin") == 0)
        draw_twin(e, p, &s);
    else
        draw_exact(e, p, &s);
    return s;
}

void sample_free(sample *s)
{
    free(s->value);
    free(s->bias);
}
