/* A simulation: one run from model to result: assemble, step from stop to stop, fire events,
 * record, checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SIMULATION_H
#define LAC_RUN_SIMULATION_H

#include "base/block.h"
#include "model/model.h"
#include "observe/observer.h"
#include "stepper/stepper.h"

typedef struct lac_simulation lac_simulation;
struct lac_start; /* run/start.h */

typedef enum lac_request {
    LAC_CONTINUE,
    LAC_STOP,       /* a signal asked for it */
    LAC_STOP_BUDGET /* the time that there was has run out */
} lac_request;

/* Called after every accepted step; tells the simulation what the outside wants (signals). */
typedef struct lac_progress {
    double time, until; /* [s] */
    lac_step_counters counters;
    double closure;   /* worst relative closure of the ledger at the last frame */
    double save_time; /* [s] of wall clock for a checkpoint: the last one's, else an estimate */
} lac_progress;
typedef lac_request (*lac_progress_call)(void *context, const lac_progress *progress);

/* Called with a sentence that the user should see, though the run goes on. */
typedef void (*lac_warning_call)(void *context, const char *sentence);

/* Called at every frame of a run in memory, or one that is watched: lac_simulation_values are those
 * of the frame, and `fields` tells whether a frame of fields is due. A failure ends the run. */
typedef lac_status (*lac_frame_call)(void *context, const lac_simulation *simulation, bool fields);

/* Everything is borrowed and outlives the simulation. */
typedef struct lac_run_options {
    const char *result;     /* path of the result file; NULL = none: the run is in memory */
    const char *checkpoint; /* path of the checkpoint; NULL = beside the result */
    bool force;             /* overwrite an existing result */
    bool watched;           /* with a result too, lac_simulation_evaluate can be asked */
    const char *command;    /* command line, for provenance; may be NULL, as the next two */
    const char *host;
    const char *created;           /* date and time */
    const struct lac_start *start; /* in place of initial values, run.from and a search for rest;
                                      may be NULL */
    const char *note;              /* a remark, for provenance; may be NULL */
    lac_progress_call progress;    /* may be NULL */
    lac_warning_call warning;      /* may be NULL */
    lac_frame_call frame;          /* of a run in memory, or watched; may be NULL */
    void *context;                 /* of all three */
} lac_run_options;

/* `model` is borrowed and must outlive the simulation. Nothing is written before everything that
 * can be checked has been checked, and what was written before the first whole frame is taken away
 * again. LAC_EXISTS, LAC_FILE for the paths; LAC_LIMIT when it does not fit in memory. */
lac_status lac_simulation_create(const lac_model *model, const lac_run_options *options,
                                 lac_simulation **simulation);

/* Continues from a checkpoint: the model is the one stored in it (loaded by the caller with
 * lac_scenario_load); only settings that change no bit may have been changed
 * (simulation_internal.h, lac_model_plain). A damaged checkpoint gives way to the generation
 * before, and another build is accepted, both with a warning. `options->result` says where the
 * result is now. */
lac_status lac_simulation_resume(const lac_model *model, const char *checkpoint,
                                 const lac_run_options *options, lac_simulation **simulation);

/* What it started from, and which parameters differ, as a sentence; "" for initial values. */
const char *lac_simulation_origin(const lac_simulation *simulation);

/* After a resumption: was this the end of a run, at a time for which this one plans no frame? Its
 * frame stays; a run that never ended there has none, and other steps from there on. */
bool lac_simulation_has_unplanned_final_frame(const lac_simulation *simulation);

/* Runs to the end. LAC_INTERRUPTED or LAC_BUDGET after a checkpoint when the progress call
 * said LAC_STOP or LAC_STOP_BUDGET.
 * On any failure the result file keeps all complete frames. */
lac_status lac_simulation_run(lac_simulation *simulation);

/* Runs until `time` [s] or the end, whichever comes first, and stops exactly there. The first
 * call handles what is due at the start. Returns as lac_simulation_run does, but that nothing is
 * closed and no checkpoint is written at the end. */
lac_status lac_simulation_advance(lac_simulation *simulation, double time);

/* Back to time 0, as if just created, with the seed and the replicate that the settings of the
 * model have now: the same bits as a new simulation, without making one. Only of runs in memory,
 * also after a failure. */
lac_status lac_simulation_reset(lac_simulation *simulation);
/* The random numbers from now on are those of the seed and the replicate that the settings of the
 * model have now; nothing else changes. Of runs in memory. */
lac_status lac_simulation_reseed(lac_simulation *simulation);
/* From the next reset on, these parameters have other values [internal], as if the model had them:
 * initial values and all else that follows from them does too. None of them is derived or fixed. */
lac_status lac_simulation_vary(lac_simulation *simulation, size_t count, const size_t *parameter,
                               const double *value);
/* The same values as those of another simulation of the same model. */
lac_status lac_simulation_vary_like(lac_simulation *simulation, const lac_simulation *other);
/* A checkpoint in memory: a copy of all that a run is now, and back to it, in this or in another
 * simulation in memory of the same model: the run goes on to the same bits. LAC_INPUT when the copy
 * is of another model or method. */
typedef struct lac_memory_checkpoint lac_memory_checkpoint;
lac_status lac_simulation_copy(const lac_simulation *simulation, lac_memory_checkpoint **kept);
lac_status lac_simulation_restore(lac_simulation *simulation, const lac_memory_checkpoint *kept);
void lac_memory_checkpoint_free(lac_memory_checkpoint *kept);

/* Of a run in memory: the observables, then the pools, at the last frame, in display units
 * (observe/readout.h); borrowed. */
const double *lac_simulation_values(const lac_simulation *simulation, size_t *count);

/* The same at the state as it is now, into `value`: asking changes nothing. Of a run in memory, or
 * one that is watched. */
size_t lac_simulation_series(const lac_simulation *simulation);
lac_status lac_simulation_evaluate(const lac_simulation *simulation, double *value);

/* Changes from outside, at the state's time, after what is due at the start. LAC_NUMERICS when they
 * make no sense, or what follows from them does not; the state is then of no further use.
 * An event of the model, as if it were due: */
lac_status lac_simulation_fire(lac_simulation *simulation, size_t event);
/* An action with its value [internal], booked in the ledger like that of an event: */
lac_status lac_simulation_apply(lac_simulation *simulation, const lac_action *action, double value);

/* The state of things; borrowed. */
const lac_grid *lac_simulation_grid(const lac_simulation *simulation);
const lac_state *lac_simulation_state(const lac_simulation *simulation);
lac_step_counters lac_simulation_counters(const lac_simulation *simulation);
/* The same with the times and the ledger, as a progress call gets them. */
lac_progress lac_simulation_progress(const lac_simulation *simulation);
/* Complete frames in the result. */
size_t lac_simulation_frames(const lac_simulation *simulation);
void lac_simulation_free(lac_simulation *simulation);

/* Bytes of memory that a run of this model needs (SIZE_MAX when they cannot be counted), and what
 * this process may use. */
size_t lac_simulation_memory(const lac_model *model);
size_t lac_simulation_memory_limit(void);

/* Initial values of all variables, parameters, and contents, into a fresh state at time 0. */
lac_status lac_simulation_initial(const lac_scene *scene, lac_state **state);
/* The same values, by the parameters that a state at time 0 has, into a state that is zero. */
lac_status lac_simulation_fill(const lac_scene *scene, lac_state *state);

#endif
