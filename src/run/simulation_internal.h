/* The assembled run: what simulation.c assembles, run_loop.c advances and checkpoint.c keeps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_SIMULATION_INTERNAL_H
#define LAC_RUN_SIMULATION_INTERNAL_H

#include "mean_field/steady_state.h"
#include "observe/readout.h"
#include "run/events.h"
#include "run/schedule.h"
#include "run/simulation.h"
#include "run/start.h"
#include "run/trigger.h"
#include "store/checkpoint_file.h"

enum { LAC_OBSERVERS_MOST = 16 };

struct lac_simulation {
    const lac_model *model; /* borrowed */
    lac_run_options options;
    char *checkpoint; /* owned path */
    lac_grid *grid;   /* owned, as all below */
    lac_scene scene;
    lac_origin origin;
    lac_view view;
    lac_state *state;
    const lac_stepper_type *type;
    void *stepper;
    lac_schedule *schedule;
    lac_triggers *triggers;
    lac_events *events;
    lac_snapshot *before; /* NULL without triggers */
    size_t *edges;        /* [events]: the state events that fire now */
    lac_store *store;     /* NULL in memory */
    lac_readout *readout; /* NULL with a result, unless watched */
    lac_snapshot *start;  /* of a run in memory: as it was created; NULL until it is needed */
    lac_steady_state steady_state; /* of `start: rest`: how it was found */
    lac_start from;                /* of `run.from`, without its values once they are taken */
    lac_text from_told;            /* owned: what it was and what differs */
    double *varied; /* owned [parameters]: values of the start other than the model's, or NULL */
    bool stale;     /* the start does not have them yet */
    bool begun;     /* what is due at the start has been done */
    bool created;   /* the result is ours: without a whole frame it is taken away again */
    void *observer[LAC_OBSERVERS_MOST];
    size_t observers;
    size_t frames, field_frames; /* complete in the result */
    bool unplanned_final_frame;  /* resumed where an earlier run ended at another time */
    double closure;              /* of the ledger at the last frame */
    lac_block_list blocks;       /* all that a checkpoint keeps */
    double saved_at;             /* [s] wall clock of the last checkpoint */
    double flushed_at;           /* [s] wall clock of the last flush; 0 = never */
    bool unflushed;              /* frames since then */
    bool unsaved;                /* the last checkpoint could not be written */
    double save_time;            /* [s] of wall clock that a checkpoint takes */
    size_t saves;                /* checkpoints on the way, by this process */
};

/* [s] of wall clock until the next checkpoint, of which one takes `save_time`. `every` is the
 * setting: as said, never (0), or (below) adapted so that checkpoints cost less than 1 %. */
double lac_checkpoint_interval(double every, double save_time, bool first);

/* begin.c: the state with which it begins, in place of initial values, and how the result tells of
 * it. */
lac_status lac_simulation_begin_from(lac_simulation *simulation);
lac_status lac_simulation_tell_start(lac_simulation *simulation);

/* Lists all that a checkpoint keeps, once everything is there. */
lac_status lac_simulation_list(lac_simulation *simulation);
/* The blocks that say which others there are, with the state; false: the others are always the
 * same. Once these have been restored, the others are made and listed. */
bool lac_simulation_list_shape(const lac_simulation *simulation, lac_block_list *shape);
lac_status lac_simulation_take_shape(lac_simulation *simulation);
/* Shows observers the account of the stepper, which is new. */
void lac_simulation_take_account(lac_simulation *simulation);
/* The values at the start, from the parameters that the state has, at rest when the model says so.
 */
lac_status lac_simulation_fill_start(lac_simulation *simulation);
/* Copies the start of a run in memory, once. */
lac_status lac_simulation_mark_start(lac_simulation *simulation);
/* Creates the observers, or finds what they write again in the result when `resumed`. */
lac_status lac_simulation_observe(lac_simulation *simulation, bool resumed);
/* Puts the assembled run where a checkpoint left it, and the result too. */
lac_status lac_simulation_load_checkpoint(lac_simulation *simulation, const char *checkpoint);

/* Writes a checkpoint of the state as it is. */
lac_status lac_simulation_save(lac_simulation *simulation);
/* The same, but a file that cannot be written is only a warning: the run is worth more. */
lac_status lac_simulation_save_if_possible(lac_simulation *simulation);

/* A sentence for the user. */
void lac_simulation_warn(const lac_simulation *simulation, const char *format, ...)
    LAC_PRINTF(2, 3);

/* The resolved model as text without what may differ on resume, since it changes no bit: `until`,
 * the interval of checkpoints, compression, and when to stop with an error. */
lac_status lac_model_plain(const lac_model *model, lac_text *plain);
/* May a run of this model continue from a checkpoint with these facts? LAC_INPUT with the reason.
 */
lac_status lac_checkpoint_agrees(const lac_model *model, const lac_checkpoint_facts *facts,
                                 const char *path);
/* Warns when another build of this version has written it. */
void lac_checkpoint_compare_build(const lac_simulation *simulation,
                                  const lac_checkpoint_found *found);

#endif
