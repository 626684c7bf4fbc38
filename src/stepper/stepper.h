/* Steppers: what every method promises that changes the state. A new method is one file with one
 * `const lac_stepper_type` at its end and one row in methods/methods.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STEPPER_STEPPER_H
#define LAC_STEPPER_STEPPER_H

#include "base/block.h"
#include "base/random.h"
#include "network/frame.h"
#include "tissue/account.h"
#include "tissue/grid.h"
#include "tissue/state.h"

#include <stdbool.h>

/* The scene of a run; all borrowed, and outlives the stepper. */
typedef struct lac_scene {
    const lac_model *model;
    const lac_grid *grid; /* of the first tissue, and the others behind it */
    double weight; /* [um^3] volume of the joint that one voxel of the first tissue stands for
                      (1 without tissue) */
    /* Of a method within another one, which it is made anew for in the middle of a run: */
    uint64_t epoch;     /* how often; draws are others each time */
    size_t events_most; /* of one step, for a method of events; 0: as many as it likes */
} lac_scene;

/* The key of draws on this scene. */
lac_random_key lac_scene_key(const lac_scene *scene, lac_purpose purpose);

/* Owner of the blocks that say which others a stepper has. */
#define LAC_SHAPE_BLOCKS "stepper.shape"

/* Why a step was refused: word in files, words on screens. */
#define LAC_REFUSAL_LIST(X)                                                                        \
    X(ERROR, "error", "error too large")                                                           \
    X(NEGATIVE, "negative", "negative value")                                                      \
    X(LINEAR, "linear_solver", "linear solver")                                                    \
    X(EVENTS, "events", "too many events")                                                         \
    X(LAW, "law", "law not finite")                                                                \
    X(THRESHOLD, "threshold", "threshold of auto passed")
typedef enum lac_refusal {
#define LAC_REFUSAL_ID(id, name, words) LAC_REFUSAL_##id,
    LAC_REFUSAL_LIST(LAC_REFUSAL_ID)
#undef LAC_REFUSAL_ID
        LAC_REFUSALS
} lac_refusal;
extern const char *const lac_refusal_name[LAC_REFUSALS];
extern const char *const lac_refusal_words[LAC_REFUSALS];

typedef struct lac_step_counters {
    size_t steps;
    size_t rejected;
    size_t refused[LAC_REFUSALS]; /* of these, where the method tells; else 0 */
    size_t evaluations;           /* right-hand sides */
    size_t iterations;            /* of the linear solver */
    double last_step;             /* [s] */
} lac_step_counters;

/* Of a method whose cost are events. */
typedef struct lac_event_cost {
    double rate;    /* [1/s] events at the state */
    double seconds; /* of work for one, measured on the first of them; NaN without any */
} lac_event_cost;

typedef struct lac_stepper_type {
    const char *name;
    const char *summary;
    const char *reference;
    bool draws;           /* random numbers: needs a seed */
    bool several_tissues; /* may there be more than one? */
    bool uneven_layers;   /* may layers be of unequal thickness? */
    bool no_error;        /* whatever the tolerances are, the numbers are the same */
    lac_status (*create)(const lac_scene *scene, const lac_state *state, void **self);
    /* What a run from this state costs, for methods whose cost are events; NULL: for others. */
    lac_status (*events)(const lac_scene *scene, const lac_state *state, lac_event_cost *cost);
    /* After the start, or a change from outside: makes the state one that the method can step
     * from (whole numbers, ...), before anybody looks at it. NULL: any state is. */
    lac_status (*adopt)(void *self, lac_state *state);
    /* A second state that what happens from outside happens to as well, brought to `time`
     * (borrowed); NULL: there is none. May be NULL itself. */
    lac_status (*companion)(void *self, double time, lac_state **companion);
    /* One accepted step of `state`, never past `stop` [s], ledger sums included. When it returns
     * LAC_OK, time has advanced; it equals `stop` exactly when the stop was reached. On
     * LAC_NUMERICS the state is the last good one. */
    lac_status (*step)(void *self, lac_state *state, double stop);
    /* Between steps: takes up the representation that the state asks for now. *changed: has it, so
     * that blocks are others? NULL: it never does. */
    lac_status (*reshape)(void *self, lac_state *state, bool *changed);
    /* Blocks of the owner LAC_SHAPE_BLOCKS have been restored: makes the others as they need. NULL
     * where reshape is. */
    lac_status (*take_shape)(void *self, const lac_state *state);
    /* The state or parameters were changed from outside (an event): history is void. */
    void (*restart)(void *self);
    /* Begins again, as if it had just been created for the initial state, with the seed and the
     * replicate that the settings of the model have now; NULL: it is to be created anew. */
    void (*reset)(void *self);
    void (*blocks)(void *self, lac_block_list *list); /* owner "stepper" */
    lac_step_counters (*counters)(const void *self);
    /* What a method that draws expects to be off by (borrowed, kept up to date); NULL: nothing to
     * tell. May be NULL itself. */
    const lac_account *(*account)(const void *self);
    /* A sentence that the user should see though the run goes on, or NULL; may be NULL itself. */
    const char *(*remark)(const void *self);
    /* Bytes that create would take; voxels of all tissues. */
    size_t (*memory)(const lac_model *model, size_t voxels);
    void (*free)(void *self);
} lac_stepper_type;

/* Fills a frame that looks at `value` and `state->parameter` on this scene's first grid; input
 * arrays are the caller's ([model->inputs] each). */
void lac_scene_frame(const lac_scene *scene, const lac_state *state, const double *value,
                     double *input, double *input_rate, lac_frame *frame);

#endif
