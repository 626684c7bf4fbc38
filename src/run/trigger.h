/* Triggers: events that fire when a condition on the state becomes true.
 * A condition is looked at after every accepted step. One that holds at the start has not become
 * true: it fires only after it has been false. When an edge lies inside a step, the step is taken
 * again from its beginning, halved until the edge is known to LAC_EDGE_OF_RTOL rtol of the step's
 * length, and LAC_EDGE_MOST of it at most; the state then stands just behind the edge.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_TRIGGER_H
#define LAC_RUN_TRIGGER_H

#include "observe/measure.h"
#include "run/snapshot.h"
#include "stepper/stepper.h"

#define LAC_EDGE_OF_RTOL 1e-3
#define LAC_EDGE_MOST 1e-6

/* A warning about the event %s. */
#define LAC_HELD_AT_START                                                                              \
    "the trigger of '%s' holds at t = 0: the event fires only after it has been false; to act at the " \
    "start, use 'at: 0 s'"

typedef struct lac_triggers lac_triggers;

/* The state events of the view's model; the view's model and grid are borrowed. */
lac_status lac_triggers_create(const lac_view *view, lac_triggers **triggers);
void lac_triggers_free(lac_triggers *triggers);

/* How many state events there are. */
size_t lac_triggers_count(const lac_triggers *triggers);

/* Looks at the start of a run: what holds is remembered, nothing fires. */
lac_status lac_triggers_start(lac_triggers *triggers, const lac_state *state);

/* The first trigger k >= `from` that held when last looked at, or lac_triggers_count; and the event
 * of trigger k. */
size_t lac_triggers_next_held(const lac_triggers *triggers, size_t from);
size_t lac_triggers_event(const lac_triggers *triggers, size_t k);

/* Would an event fire at this state? Remembers nothing. */
lac_status lac_triggers_peek(lac_triggers *triggers, const lac_state *state, bool *edge);

/* Remembers the conditions at this state; event[0 .. *count - 1] (room for all) are those that fire
 * now, in the order of the text. */
lac_status lac_triggers_take(lac_triggers *triggers, const lac_state *state, size_t *event,
                             size_t *count);

/* What moves, for the search of an edge: all borrowed. */
typedef struct lac_replay_context {
    const lac_stepper_type *type;
    void *self;
    lac_state *state;
    lac_snapshot *before; /* of state and stepper, taken at `start` */
    double start;         /* [s] where the step began */
} lac_replay_context;

/* `state` has an edge behind it, taken since `start`: goes back and leaves the state just behind
 * the first edge found by halving, or where the repeated steps end when these show none. */
lac_status lac_triggers_locate(lac_triggers *triggers, const lac_replay_context *replay);

/* Conditions, counts of firings and first() times; owner "triggers". */
void lac_triggers_blocks(lac_triggers *triggers, lac_block_list *list);

#endif
