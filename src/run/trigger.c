/* Triggers: edges of conditions, found between steps and located by halving.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/trigger.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>

struct lac_triggers {
    size_t count;
    size_t *event;          /* owned: index in the model */
    unsigned char *once;    /* owned */
    size_t *holds;          /* owned: 0 or 1, when last taken */
    size_t *fired;          /* owned: how many times */
    double rtol;            /* of the run */
    double *now;            /* owned: scratch for the conditions' values */
    lac_measures *measures; /* owned */
};

static void list_events(lac_triggers *triggers, const lac_model *model,
                        const lac_expression **trees)
{
    for (size_t k = 0; k < model->events; k++) {
        const lac_event *event = &model->event[k];
        if (!event->when)
            continue;
        trees[triggers->count] = event->when;
        triggers->once[triggers->count] = event->once;
        triggers->event[triggers->count++] = k;
    }
}

lac_status lac_triggers_create(const lac_view *view, lac_triggers **triggers)
{
    lac_status status = LAC_OK;
    lac_triggers *fresh = NULL;
    const lac_expression **trees = NULL;
    size_t most = view->model->events;
    LAC_NEW(fresh, 1);
    fresh->rtol = view->model->settings.rtol;
    LAC_NEW(fresh->event, most);
    LAC_NEW(fresh->once, most);
    LAC_NEW(fresh->holds, most);
    LAC_NEW(fresh->fired, most);
    LAC_NEW(fresh->now, most);
    LAC_NEW(trees, most);
    list_events(fresh, view->model, trees);
    if (fresh->count > 0)
        LAC_TRY(lac_measures_create(view, trees, fresh->count, &fresh->measures));
    *triggers = fresh;
    fresh = NULL;
out:
    lac_free(trees);
    lac_triggers_free(fresh);
    return status;
}

void lac_triggers_free(lac_triggers *triggers)
{
    if (!triggers)
        return;
    lac_free(triggers->event);
    lac_free(triggers->once);
    lac_free(triggers->holds);
    lac_free(triggers->fired);
    lac_free(triggers->now);
    lac_measures_free(triggers->measures);
    lac_free(triggers);
}

size_t lac_triggers_count(const lac_triggers *triggers)
{
    return triggers->count;
}

static lac_status look(lac_triggers *triggers, const lac_state *state, bool latch)
{
    if (triggers->count == 0)
        return LAC_OK;
    return lac_measures_evaluate(triggers->measures, state, latch, triggers->now);
}

/* A condition that is not a number does not hold. */
static bool holds_now(const lac_triggers *triggers, size_t k)
{
    return !isnan(triggers->now[k]) && triggers->now[k] != 0;
}

static bool fires_now(const lac_triggers *triggers, size_t k)
{
    bool spent = triggers->once[k] && triggers->fired[k] > 0;
    return holds_now(triggers, k) && !triggers->holds[k] && !spent;
}

static void remember(lac_triggers *triggers)
{
    for (size_t k = 0; k < triggers->count; k++)
        triggers->holds[k] = holds_now(triggers, k);
}

lac_status lac_triggers_start(lac_triggers *triggers, const lac_state *state)
{
    lac_status status = LAC_OK;
    LAC_TRY(look(triggers, state, true));
    remember(triggers);
out:
    return status;
}

size_t lac_triggers_next_held(const lac_triggers *triggers, size_t from)
{
    size_t k = from;
    while (k < triggers->count && !triggers->holds[k])
        k++;
    return k;
}

size_t lac_triggers_event(const lac_triggers *triggers, size_t k)
{
    return triggers->event[k];
}

lac_status lac_triggers_peek(lac_triggers *triggers, const lac_state *state, bool *edge)
{
    lac_status status = LAC_OK;
    *edge = false;
    LAC_TRY(look(triggers, state, false));
    for (size_t k = 0; k < triggers->count; k++)
        *edge = *edge || fires_now(triggers, k);
out:
    return status;
}

lac_status lac_triggers_take(lac_triggers *triggers, const lac_state *state, size_t *event,
                             size_t *count)
{
    lac_status status = LAC_OK;
    *count = 0;
    LAC_TRY(look(triggers, state, true));
    for (size_t k = 0; k < triggers->count; k++)
        if (fires_now(triggers, k)) {
            event[(*count)++] = triggers->event[k];
            triggers->fired[k]++;
        }
    remember(triggers);
out:
    return status;
}

/* One step from the snapshot towards `stop`, and whether an edge lies behind it. */
static lac_status retry(lac_triggers *triggers, const lac_replay_context *replay, double stop,
                        bool *edge)
{
    lac_status status = LAC_OK;
    lac_snapshot_restore(replay->before);
    LAC_TRY(replay->type->step(replay->self, replay->state, stop));
    LAC_TRY(lac_triggers_peek(triggers, replay->state, edge));
out:
    return status;
}

/* The bracket (low, high]: no edge at low, where the snapshot stands; the edge was seen at high. A
 * shorter step may end a little elsewhere than the long one, so the last word is the state's. */
lac_status lac_triggers_locate(lac_triggers *triggers, const lac_replay_context *replay)
{
    lac_status status = LAC_OK;
    double low = replay->start, high = replay->state->time;
    double part = fmin(LAC_EDGE_MOST, LAC_EDGE_OF_RTOL * triggers->rtol);
    double tolerance = fmax(part * (high - low), 4 * DBL_EPSILON * fabs(high));
    bool edge = true;
    while (high - low > tolerance) {
        double middle = low + (high - low) / 2;
        LAC_TRY(retry(triggers, replay, middle, &edge));
        if (edge) {
            high = replay->state->time;
        } else {
            low = replay->state->time;
            lac_snapshot_take(replay->before);
        }
    }
    while (!edge && low < high) {
        LAC_TRY(retry(triggers, replay, high, &edge));
        low = replay->state->time;
        lac_snapshot_take(replay->before);
    }
out:
    return status;
}

void lac_triggers_blocks(lac_triggers *triggers, lac_block_list *list)
{
    lac_block_add(list, "triggers", "holds", LAC_BLOCK_SIZE, triggers->count, triggers->holds);
    lac_block_add(list, "triggers", "fired", LAC_BLOCK_SIZE, triggers->count, triggers->fired);
    if (triggers->measures)
        lac_measures_blocks(triggers->measures, "triggers", list);
}
