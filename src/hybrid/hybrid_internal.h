/* What the files of the method `hybrid` know of each other.
 *
 * A site is a voxel, tissue after tissue, or all well-mixed domains together, the last. Its
 * discrete variables are whole numbers n, its continuous ones y. A step of length dt:
 *
 *  1. The continuous part takes one Rosenbrock step with n frozen, which passes its error test. The
 *     method integrates the propensity of every discrete process at every site beside y.
 *  2. Each discrete process at a site is a unit Poisson process in its own integrated propensity
 *     (Anderson 2007, J. Chem. Phys. 127:214107): its next event comes when the integral reaches a
 *     threshold, exponential with mean 1 and addressed by (process, site, how many events it has
 *     had). After an event the site has the propensities of its new n.
 *  3. An event at residual time r before the end of the step changes the rates of continuous
 *     processes by dq. Its effect at the end is a sum of resolvents over nodes g_j that all events
 *     share, sum of du_j with du_j = (I - g_j J)^-1 sum of a_j(r) dq (hybrid_nodes.c). J is taken
 *     at the end of the step with the new n.
 *  4. What the sites felt of each other's events changes the integrals: all is sampled again with
 *     the same thresholds, and solved again. A site feels its own event only after it, and as it
 *     builds up (hybrid_course.c): how it answers to itself comes from one more solve with a random
 *     sign for each site: what others contribute to it has mean 0 (Hutchinson 1990, Commun. Stat.
 *     Simul. 19:433).
 *
 * Limits: within a step few events happen beside the number of cells (settings.accuracy); nothing
 * discrete moves. Tests: test_hybrid.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_HYBRID_INTERNAL_H
#define LAC_HYBRID_HYBRID_INTERNAL_H

#include "base/random.h"
#include "exact/stack_program.h"
#include "hybrid/hybrid.h"
#include "hybrid/hybrid_companion.h"
#include "mean_field/mean_field.h"
#include "tissue/account.h"

#include <stdbool.h>

enum {
    LAC_RESPONSE_NODES = 8,
    LAC_OWN_NODES = 2,
    LAC_PIECES = 8,         /* of a step, at a site with events */
    LAC_JUMPS_MOST = 100000 /* events of one step; more make it shorter */
};

/* What one event adds to a variable: a count, or a value of a continuous one. */
typedef struct lac_addition {
    size_t variable;
    double amount;
} lac_addition;

/* A reactant of which `power` meet, and of which the law is that power. */
typedef struct lac_meeting {
    size_t variable;
    int power;
} lac_meeting;

/* A discrete process: events that switch, make or remove what is counted. */
typedef struct lac_discrete_process {
    size_t process;
    bool in_tissue;
    const lac_grid *grid; /* of its tissue; among pools of the first */
    size_t region;
    lac_stack_program law;
    double per_rate; /* events per time at a site of mean volume for a rate of 1 */
    size_t counts;
    lac_addition *count; /* owned: whole numbers */
    size_t values;
    lac_addition *value; /* owned */
    size_t meetings;
    lac_meeting *meeting; /* owned */
    size_t limits;
    size_t *limit; /* owned: the discrete variables beside whose number events must be few */
    size_t watch;  /* place among the watched rates; of the tissue */
    size_t bound;  /* place among the processes that bounds are named after */
    size_t first;  /* its first place among the integrals */
    size_t begin;  /* its first site */
    size_t sites;
} lac_discrete_process;

/* A continuous process whose law looks at something discrete. */
typedef struct lac_driven {
    size_t process;
    const lac_grid *grid; /* of its tissue */
    size_t begin, sites;  /* those of the process */
    lac_stack_program law;
} lac_driven;

/* An event of the step that is being made. */
typedef struct lac_event_jump {
    size_t site;
    size_t which;                           /* switch */
    double left;                            /* [s] until the end of the step */
    double rate_share[LAC_RESPONSE_NODES];  /* [s] what its changed rates put on each node */
    double value_share[LAC_RESPONSE_NODES]; /* ... and what it has added itself */
} lac_event_jump;

/* A site with events. */
typedef struct lac_visit {
    size_t site;
    size_t first, jumps; /* its events */
} lac_visit;

/* The events of one pass. */
typedef struct lac_pass {
    size_t jumps, jump_room;
    lac_event_jump *jump; /* owned, by site, then time */
    size_t drate_room;
    double *drate; /* owned [jumps][sources]: by how much the event changes each source's rate */
    size_t visits, visit_room;
    lac_visit *visit; /* owned, by site */
    size_t number_room;
    double *number; /* owned [visits][discrete]: counts at the end */
    double *left;   /* owned [visits][switches]: what is left of the thresholds at the end */
} lac_pass;

/* How a site answers to itself. */
typedef struct lac_own {
    double *unit;     /* owned [visits][variables]: a load as its events have it */
    double *response; /* owned [visits][own nodes][variables]: to it */
    size_t room;
} lac_own;

/* A part of a step at a site with events. */
typedef struct lac_progress {
    size_t site, piece;
    double from, to; /* [s] since the start of the step */
    size_t begun;    /* the site's first event */
    size_t visit;    /* whose answers these are */
} lac_progress;

/* What is discrete at times (hybrid_auto.c). */
struct lac_changing {
    lac_model model;        /* that of the run, but for what `auto` has made of its variables */
    lac_variable *variable; /* owned: its variables, which share all but that */
    size_t count;
    size_t *which;            /* owned [count]: the variables */
    lac_companion *companion; /* owned while the method is made anew */
    bool passed;              /* a step was tried that ended below a threshold */
    /* What a checkpoint keeps: */
    double *continuous;     /* owned [count]: 0 or 1 */
    double epoch;           /* how often the method was made anew */
    double *carried;        /* owned [count]: what rounding still owes [molecules or cells] */
    lac_step_counters past; /* of the methods before */
    size_t length;
    double *error;        /* owned [length]: see lac_hybrid */
    lac_account *account; /* owned */
};

typedef struct lac_hybrid {
    lac_scene scene;
    lac_layout layout;
    size_t sites;  /* voxels of all tissues; the site of the pools */
    size_t *begin; /* owned [variables]: the first site of its domain */
    double *size;  /* owned [sites + 1]: volume of a voxel beside the mean one of its tissue */
    const lac_stepper_type *whole; /* the method that takes the whole model; NULL = none */
    void *engine;                  /* owned: of `whole`, or of mean-field for the continuous part */
    lac_companion *companion;      /* owned: whom the pools feel; NULL = the patch */
    lac_model baths; /* what the engine gets: the model, with a companion with pools that no patch
                        can move, and with closed boundaries where molecules pass them */
    lac_boundary *closed;    /* owned [boundaries]: of it, or NULL */
    lac_expression *no_flux; /* owned: of it */
    lac_domain *bath;        /* owned [domains]: of it */
    unsigned char *driven;   /* owned [variables], with a companion: its pools */
    lac_part part;
    unsigned char *own_variable, *own_process; /* owned */
    size_t *watch;                             /* owned [processes] */
    lac_step_hooks hooks;
    struct lac_moving *moving;     /* owned; molecules that diffuse (hybrid_molecules.h), or NULL */
    struct lac_changing *changing; /* owned; what is discrete at times, or NULL */
    const lac_system *system;      /* borrowed */
    size_t discrete;
    size_t *variable;  /* owned [discrete] */
    size_t *place;     /* owned [variables]: place among them, or LAC_NONE */
    size_t *count_at;  /* owned [discrete + 1]: where its counts begin */
    double *per_count; /* owned [discrete]: see lac_hybrid_per_count */
    size_t switches;
    lac_discrete_process *process; /* owned; those of the tissue first */
    size_t sources;
    lac_driven *source; /* owned */
    lac_random_key key;
    /* What a checkpoint keeps: */
    double initialised; /* 0 = counts are to be made from the state */
    lac_stream rounding;
    double *count;   /* owned [count_at[discrete]] */
    size_t places;   /* of integrals: switches at sites */
    double *left;    /* owned [places]: of the threshold */
    double *fired;   /* owned [places]: events so far */
    double bound;    /* [s] the longest step by the events of the last one */
    double tightest; /* which bound that is, see hybrid_bounds.c */
    double *error;   /* owned [length]: what is expected to lack in the state, see hybrid_bias.c */
    lac_account *account; /* owned */
    /* Within a step: */
    const lac_state *state;     /* borrowed */
    const lac_attempt *attempt; /* borrowed */
    lac_pass pass[2];
    lac_own own;
    double *integral; /* owned [places]: integrated propensities with counts frozen [events] */
    double *share;    /* owned [places]: of the law's rate, by the counts of the start */
    double *used;     /* owned [places]: what others' events of the first pass add */
    double *missed;   /* owned [places]: by how much more those of the second would */
    double *at_end;   /* owned [length]: the step's end with counts frozen, then with the new */
    double *load;     /* owned [length] */
    double *added;    /* owned [length]: by events, at the end of the step */
    double *mean;     /* owned [length]: by events, mean over the step */
    double *rate;     /* owned [rates] */
    double *ledger;   /* owned [processes + boundaries]: what events add */
    double taken;     /* [s] the last step that was tried; `integral` is of it */
    double ruling;    /* the bound of the step that is being made */
    bool windowed;    /* the window ends before the next stop */
    bool led;         /* the companion has ended its step before the next stop */
    bool shortened;   /* the step was tried longer, and had too many events */
    unsigned char *stirred;     /* owned [sites + 1]: has the site events in one of the passes? */
    double *lacking;            /* owned [length]: what the step lacks */
    double *own_part, *carried; /* owned [length]: scratch of hybrid_bias.c */
    double *input, *input_rate; /* owned [inputs] */
    /* Of one site: */
    double *start;   /* owned [variables]: at the start of the step */
    double *level;   /* owned [variables]: mean over the step, counts frozen */
    double *course;  /* owned [pieces][variables]: mean over each piece, without own events */
    double *shifted; /* owned [variables]: what propensities look at */
    double *last;    /* owned [variables]: at the end of the step */
    double *hold, *own_mean; /* owned [variables]: scratch */
    double *number;          /* owned [discrete] */
    double *hazard;          /* owned [switches] [1/s] */
    double *gain; /* owned [switches]: integrated propensity over that of the mean levels */
    double *now;  /* owned [sources]: rates at the end of the step */
    lac_eval_context context;
    double *no_counts; /* owned [variables]: 0 */
} lac_hybrid;

/* hybrid.c: the method that takes the whole model, if one can. */
const lac_stepper_type *lac_hybrid_whole_of(const lac_model *model);

/* hybrid_create.c: what follows from the model and the grid alone. */
lac_status lac_hybrid_build(lac_hybrid *h);
/* Once the engine is there. */
lac_status lac_hybrid_prepare(lac_hybrid *h);
void lac_hybrid_free_parts(lac_hybrid *h);

/* hybrid_counts.c: whole numbers from a state, and back. */
lac_status lac_hybrid_initialise_counts(lac_hybrid *h, lac_state *state);
double lac_hybrid_threshold(const lac_hybrid *h, size_t which, size_t site, double fired);
void lac_hybrid_accept(void *self, lac_state *state, const lac_attempt *attempt);

/* hybrid_step.c: what is done within a step of the continuous part. */
lac_status lac_hybrid_complete(void *self, const lac_state *state, const lac_attempt *attempt,
                               lac_reason *reason, double *factor);

/* hybrid_bounds.c: the number at a site beside which the events of a process must be few; by how
 * much a step is too long for its events (1 = just right), and which bound says so; what the bounds
 * are called; and the one that has ruled an accepted step is counted. */
double lac_hybrid_number_at(const lac_hybrid *h, const lac_discrete_process *it, size_t site);
double lac_hybrid_excess(const lac_hybrid *h, double *tightest);
lac_status lac_hybrid_name_bounds(const lac_hybrid *h, lac_account **account);
/* Place of a process among those that bounds are named after; of `processes`, how many. */
size_t lac_hybrid_bound_of(const lac_hybrid *h, size_t process);
void lac_hybrid_count_bound(lac_hybrid *h);

/* hybrid_bias.c: what the events of the step that is being made lack, carried on with what earlier
 * steps lacked. */
lac_status lac_hybrid_estimate(lac_hybrid *h, lac_reason *reason);
/* The account as it is now; lacks += what molecules that diffuse lack, as of the last stop. */
void lac_hybrid_tell_bias(lac_hybrid *h);
void lac_hybrid_add_molecules_lacking(const lac_hybrid *h, double *lacks);
/* hybrid_bounds.c: steps of molecules by what has bounded them. */
void lac_hybrid_count_molecule_bounds(lac_hybrid *h, int sign, const double *by);

/* hybrid_site.c: levels and propensities at one site. */
size_t lac_hybrid_at(const lac_hybrid *h, size_t variable, size_t site);
size_t lac_hybrid_site_of_pools(const lac_hybrid *h);

/* A rate that cannot be one of events: its value as words, its voxel, and where the text has it. */
lac_status lac_hybrid_refuse_rate(const lac_hybrid *h, size_t process, size_t site,
                                  const char *value);
/* LAC_NUMERICS where a rate is negative or not finite. */
lac_status lac_hybrid_check_rate(const lac_hybrid *h, size_t process, size_t site, double rate);

/* Those of a voxel for a site of the tissue, nothing for the pools. */
const char *lac_hybrid_site_words(const lac_hybrid *h, size_t site, char words[LAC_VOXEL_WORDS]);
/* Does the engine advance it, as its own, or is it driven? */
bool lac_hybrid_moves(const lac_hybrid *h, size_t variable);
bool lac_hybrid_is_at(const lac_hybrid *h, size_t variable, size_t site);
/* Is it one of those that laws at a site may look at: the site's own, or a pool? */
bool lac_hybrid_sees(const lac_hybrid *h, size_t site, size_t variable);
bool lac_hybrid_happens_at(const lac_discrete_process *it, size_t site);
/* The grid of a field, or the first one. */
const lac_grid *lac_hybrid_grid_of(const lac_hybrid *h, size_t variable);
/* The value of a count of 1 at a site; the events per time there of a process for a rate of 1. */
double lac_hybrid_per_count(const lac_hybrid *h, size_t discrete, size_t site);
double lac_hybrid_per_rate(const lac_hybrid *h, const lac_discrete_process *it, size_t site);
/* How many patches there are in what a tissue stands for. */
double lac_hybrid_patches(const lac_hybrid *h, const lac_grid *grid);
/* Where a process happens: the first and how many. */
size_t lac_hybrid_first_site(const lac_hybrid *h, size_t process, size_t *sites);
/* Where the rates of a switch at its sites stand among the rates of the engine, or their integrals;
 * and h->integral from those of all switches, in events. */
const double *lac_hybrid_rate_of(const lac_hybrid *h, const lac_discrete_process *it,
                                 const double *rate);
void lac_hybrid_take_integrals(lac_hybrid *h, const double *rate);
void lac_hybrid_look(lac_hybrid *h);
void lac_hybrid_enter(lac_hybrid *h, size_t site);
lac_status lac_hybrid_propensity(lac_hybrid *h, size_t which, size_t site, const double *level,
                                 double *propensity);
void lac_hybrid_show_numbers(lac_hybrid *h, size_t site, double *level);
double lac_hybrid_source_rate(lac_hybrid *h, size_t source, size_t site);

/* hybrid_sample.c: the events of a step; pass 0 before, pass 1 after others' events are felt. */
lac_status lac_hybrid_sample(lac_hybrid *h, int pass);

/* hybrid_course.c: the pieces of a step at a site, as counts frozen leave them; what others' events
 * of the first pass add, without those of the site's own visit (or LAC_NONE); shifted += what the
 * site's events add there; and which nodes say how a site answers to itself. */
void lac_hybrid_set_course(lac_hybrid *h);
void lac_hybrid_add_others(lac_hybrid *h, size_t site, size_t visit);
void lac_hybrid_add_own(lac_hybrid *h, const lac_pass *pass, const lac_progress *progress);
size_t lac_hybrid_own_node(size_t k);

/* hybrid_nodes.c: the time constant of node j; the shares of an event, on few nodes in pass 0. */
double lac_hybrid_node(const lac_hybrid *h, size_t j);
void lac_hybrid_set_shares(const lac_hybrid *h, int pass, lac_event_jump *jump);

/* hybrid_response.c: what the events of a pass do to the continuous part. */
lac_status lac_hybrid_respond(lac_hybrid *h, int pass, lac_reason *reason);
/* Sites have the sign +1 or -1 by a hash of their number, anew in every step. */
double lac_hybrid_sign(const lac_hybrid *h, size_t site);
/* Adds what a jump, which changes rates by drate[sources], puts on node j to a vector indexed by
 * variable. */
void lac_hybrid_load_of(const lac_hybrid *h, const lac_event_jump *jump, const double *drate,
                        size_t j, double *load);

/* hybrid_molecules.c: NULL in h->moving where nothing discrete diffuses. */
lac_status lac_hybrid_create_moving(lac_hybrid *h);
void lac_hybrid_free_moving(lac_hybrid *h);
void lac_hybrid_restart_moving(lac_hybrid *h);
void lac_hybrid_moving_blocks(lac_hybrid *h, lac_block_list *list);

/* hybrid_passages.c: `copy`, a model that shares all with that of the scene, gets boundaries of its
 * own, those of molecules closed: it is what the continuous part knows. */
lac_status lac_hybrid_close_passages(lac_hybrid *h, lac_model *copy);
void lac_hybrid_free_closed(lac_hybrid *h);

/* hybrid_windows.c: one window of molecules and what is continuous, never past the stop. */
lac_status lac_hybrid_window(lac_hybrid *h, lac_state *state, double stop);

/* hybrid_auto.c: NULL in h->changing where the model has none. The model of the scene is another
 * one from then on.
 */
lac_status lac_hybrid_create_changing(lac_hybrid *h, const lac_state *state);
void lac_hybrid_free_changing(lac_hybrid *h);
void lac_hybrid_changing_blocks(struct lac_changing *c, lac_block_list *list);

/* What is to be discrete at this state: has it changed? Then numbers of the state become whole. */
bool lac_hybrid_choose(lac_hybrid *h, lac_state *state);
/* The model of the scene := what `continuous` says. */
void lac_hybrid_show_choice(struct lac_changing *c);

/* Time has gone on by so much. */
void lac_hybrid_count_time(struct lac_changing *c, double step);

/* Does the step of this attempt end too far below a threshold? Then it is to be multiplied. */
bool lac_hybrid_passes(lac_hybrid *h, const lac_attempt *attempt, double *factor);

/* The hooks of mean-field where it takes the whole model. */
lac_step_hooks lac_hybrid_hooks_of_whole(lac_hybrid *h);

#endif
