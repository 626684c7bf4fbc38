/* What the files of the method `exact` know of each other.
 *
 * A trajectory is a sequence of events: reactions in a voxel or among the pools, hops to a
 * neighbour, passages through boundary faces. Counts are whole numbers of the patch that is
 * simulated: a voxel's own, and of a pool the joint's amount times the scale of lac_model_scale,
 * which all tissues share.
 *
 * Events come through channels. The rate of a channel is scale * unit * (total of its sampler),
 * where the weights of the sites bound their true rates from above; an event of a site is kept with
 * probability true rate / bound (thinning: Lewis & Shedler 1979), so that the law of events is
 * exact while bounds are only rounded up, or hold for a while. What looks at time, at states, or
 * from the tissue at a pool is bounded by intervals over a window; when the window ends, or a
 * quantity leaves its interval, the bounds are recomputed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_INTERNAL_H
#define LAC_EXACT_EXACT_INTERNAL_H

#include "base/random.h"
#include "exact/composition_rejection.h"
#include "exact/molecule_list.h"
#include "exact/stack_program.h"
#include "model/discontinuities.h"
#include "stepper/stepper.h"

/* --- where */

/* The voxels of one tissue; an empty one where there is no tissue. A voxel is a number within its
 * tissue; a site is one of all voxels, tissue after tissue, or the last one, of the pools. */
typedef struct lac_exact_ground {
    const lac_grid *grid; /* borrowed */
    double volume;        /* [um^3] of a voxel; where layers differ the mean */
    size_t voxels;
    size_t first_site;
    size_t first_active; /* voxel */
    size_t stride[3];
    double per_area[3];  /* 1 / h^2, 0 along axes of one voxel */
    ptrdiff_t way[6];    /* to the voxel behind face 2 axis + side */
    unsigned char *open; /* owned [voxels]: bit 2 axis + side: there is an active neighbour */
    unsigned char inner; /* of `open`: a voxel with all neighbours that the grid can give */
} lac_exact_ground;

/* --- reactions */

typedef struct lac_count_change {
    size_t variable;
    double amount; /* whole */
} lac_count_change;

/* x^power, or x (x - 1) ... when the law is that of `power` reactants. */
typedef struct lac_mass_factor {
    size_t variable;
    int power;
    bool falling;
} lac_mass_factor;

typedef struct lac_reaction {
    size_t process;
    bool in_tissue;
    const lac_exact_ground *ground; /* of its voxels; among pools the first */
    size_t region;
    lac_stack_program law;
    bool mass_action;   /* law = k * product of factors, k the same everywhere and always */
    bool first_order;   /* first order and everywhere: an event of a molecule, like a hop */
    bool loose_bound;   /* its weights are bounds that hold for some hops */
    bool self_limiting; /* mass action that is 0 where molecules are missing */
    bool of_pairs;      /* may be an event of one molecule that meets another: exact_pairs.c */
    bool time_varying;  /* looks at what moves between the events of its site */
    double k;           /* [1/s] per product of counts; 1 when not mass action */
    size_t factors;
    lac_mass_factor *factor; /* owned; not mass action: of the falling ones alone */
    size_t changes;
    lac_count_change *change; /* owned */
    size_t channel;
    double events; /* since the ledger was written */
} lac_reaction;

/* --- motion */

/* A boundary face through which molecules leave; sorted by voxel. */
typedef struct lac_boundary_face_ref {
    size_t boundary, face;
} lac_boundary_face_ref;

typedef struct lac_motion {
    const lac_exact_ground *ground;
    double *count;         /* borrowed [voxels]: of the field */
    bool moves;            /* hops or leaves through boundary faces */
    bool by_voxel;         /* the diffusivity differs from voxel to voxel, or layers do */
    bool time_varying;     /* it, or a boundary face's law, looks at what moves */
    lac_stack_program law; /* diffusivity */
    double *bound;         /* borrowed [voxels] (or [1]): diffusivity, or its bound [um^2/s] */
    double face[3];        /* [1/s] uniform: D / h^2 */
    double *hop_weight;    /* borrowed [voxels]: bound of a molecule's rate in hop_rate_unit ... */
    bool even;             /* ... or it is 1 everywhere */
    size_t reactions;      /* of single molecules */
    size_t *reaction;      /* owned */
    double reacting;       /* [1/s] their sum */
    double alone;          /* [1/s] a molecule's rate but for pairs; infinite where not even */
    size_t pairs;          /* reactions of pairs that molecules of this field start now */
    size_t *pair;          /* owned [reactions] */
    double met;            /* counts of this field beyond it are above the bound of a pair */
    double way[6]; /* [1/s] uniform D: reactions and faces 0 to k together, all of them open */
    bool plain;    /* uniform D, hops change no propensity and have no dependents */
    uint32_t *first_boundary_face;        /* owned [voxels + 1], NULL = no boundary faces */
    lac_boundary_face_ref *boundary_face; /* owned */
    size_t channel;                       /* LAC_NONE: none */
    lac_molecule_list list; /* instead of the sampler where all molecules are as fast */
} lac_motion;

typedef struct lac_boundary_channel {
    lac_stack_program value, partition, permeability;
    bool time_varying;     /* what enters looks at what moves between the events of its voxels */
    bool membrane_varying; /* the permeability does, or looks at counts */
    double volume;         /* [um^3] of the pool in the patch (with `total`: 1 / scale of it) */
    size_t channel;        /* of what enters */
    double events;         /* net entries since the ledger was written */
} lac_boundary_channel;

/* --- channels */

typedef enum lac_channel_kind {
    LAC_CHANNEL_OF_MOLECULES,
    LAC_CHANNEL_OF_VOXELS,
    LAC_CHANNEL_OF_POOLS,
    LAC_CHANNEL_OF_BOUNDARY
} lac_channel_kind;

typedef struct lac_channel {
    lac_channel_kind kind;
    size_t index;           /* of the field, reaction or boundary */
    lac_cr_sampler sampler; /* not among pools */
    double scale;           /* [1/s] */
} lac_channel;

/* A list of numbers for each variable. */
typedef struct lac_dependents {
    size_t *first; /* owned [variables + 1] */
    size_t *item;  /* owned */
} lac_dependents;

/* How a reaction of pairs is drawn now: by a voxel's propensity (driver == NONE), or by molecules
 * of a field that meet up to `most` partners in their voxel. */
typedef struct lac_pair {
    double driver; /* field, or LAC_PAIR_NONE */
    double most;
} lac_pair;

#define LAC_PAIR_NONE (-1.0)

/* Single numbers that a checkpoint keeps. */
typedef struct lac_clock {
    double next;                     /* [s] time of the next event, if it is drawn */
    double compensation;             /* of the Kahan sum of time */
    double window_start, window_end; /* [s] */
    double window;                   /* [s] its length */
    double drawn;                    /* 1: `next` is drawn */
    double initialised;              /* 1: counts and bounds belong to the state */
    double checked;                  /* event of the last check */
    double reviewed;                 /* event at which pairs were looked at */
    double rejected;                 /* draws in this window */
    double events, kept, refreshes, steps;
} lac_clock;

enum { LAC_PREFETCHED_DRAWS = 8 }; /* a power of two */

typedef struct lac_exact {
    lac_scene scene;
    lac_layout layout;
    double scale; /* patch / joint */
    size_t grounds;
    lac_exact_ground ground[LAC_TISSUES_MOST];
    size_t sites;      /* voxels of all; the site of the pools */
    double *per_count; /* owned [variables]: see lac_exact_per_count */
    size_t reactions;
    lac_reaction *reaction;                 /* owned */
    lac_motion *motion;                     /* owned [fields] */
    lac_boundary_channel *boundary_channel; /* owned [boundaries] */
    size_t channels;
    lac_channel *channel;         /* owned */
    lac_dependents reactions_of;  /* reactions that look at a variable */
    lac_dependents motions_of;    /* fields whose diffusivity looks at it */
    lac_dependents boundaries_of; /* boundaries with a law that looks at it in the tissue */
    bool *looked_at;              /* owned [variables]: something follows its count now */
    bool *seen;                   /* owned [variables]: ... states or motion, whatever pairs do */
    bool *pool_seen;              /* owned [pools]: from the tissue */
    bool time_varying;            /* something is bounded over windows */
    bool any_pairs;               /* a reaction may be of pairs */
    double *scratch;              /* owned: a number a site of the largest sampler */
    bool prepared;                /* coefficients belong to the parameters */
    struct lac_states *states;    /* owned; NULL without states */
    /* What laws look at: */
    lac_discontinuities *discontinuities; /* owned */
    lac_account *account;                 /* owned: no bias, no bounds */
    lac_eval_context context;
    double *input, *input_rate; /* owned [inputs] */
    double due;                 /* number of the event before which something is to be done */
    /* What a checkpoint keeps: */
    lac_clock clock;
    lac_stream stream, rounding;
    double *count;              /* owned [length] */
    lac_pair *pair;             /* owned [reactions] */
    uint64_t *prefetched_draws; /* owned [fields][LAC_PREFETCHED_DRAWS]: bits drawn ahead for
                                   molecules of lists */
    uint64_t *oldest_draw;      /* owned [fields]: the oldest of them */
    uint64_t *list_length;      /* owned [fields]: of the molecule lists */
    uint32_t *list_words; /* owned: entries of the molecule lists; made with the first counts */
    size_t list_words_count;
    double *unit;          /* owned [channels] */
    double *hop_rate_unit; /* owned [fields] [1/s] */
    double *tree;          /* owned [2 * leaves]: sums of rates */
    size_t leaves;
    lac_cr_groups *groups; /* owned [channels] */
    uint32_t *words;       /* owned: of the samplers */
    size_t words_count;
    double *space; /* owned: bounds and weights of hops */
    size_t space_count;
    lac_interval *inputs;         /* owned [inputs] */
    lac_interval *pool;           /* owned [pools] */
    double *state;                /* borrowed: values of the state, where states are kept */
    lac_interval *state_interval; /* owned [length], with states */
} lac_exact;

/* The value of a count of 1; the volume [um^3] of a voxel. */
static inline double lac_exact_volume(const lac_exact_ground *ground, size_t voxel)
{
    return ground->grid->share ? ground->volume * ground->grid->share[voxel] : ground->volume;
}
static inline double lac_exact_per_count(const lac_exact *e, size_t variable, size_t voxel)
{
    const double *share =
        variable < e->layout.fields ? e->motion[variable].ground->grid->share : NULL;
    return share ? e->per_count[variable] / share[voxel] : e->per_count[variable];
}

/* The site of a voxel where a variable or a reaction is; of the pools, whatever the voxel. */
static inline size_t lac_exact_site(const lac_exact *e, size_t variable, size_t voxel)
{
    return variable < e->layout.fields ? e->motion[variable].ground->first_site + voxel : e->sites;
}
static inline size_t lac_exact_site_of(const lac_exact *e, const lac_reaction *reaction,
                                       size_t voxel)
{
    return reaction->in_tissue ? reaction->ground->first_site + voxel : e->sites;
}

/* Is the site one of these voxels? */
static inline bool lac_exact_is_in(const lac_exact_ground *ground, size_t site)
{
    return site >= ground->first_site && site - ground->first_site < ground->voxels;
}

/* exact_create.c: everything that follows from the model and grid alone. */
lac_status lac_exact_build(lac_exact *e);
/* exact_read.c: reactions, boundary faces and motion; states have no molecules. */
lac_status lac_exact_read(lac_exact *e);
bool lac_exact_is_state(const lac_exact *e, size_t variable);
/* exact_dependents.c: once all reactions, motion and boundary faces are known. */
lac_status lac_exact_find_dependents(lac_exact *e);
void lac_exact_free_parts(lac_exact *e);

/* exact_mass_action.c: is the law k * product of whole powers, k without place and time? */
lac_status lac_exact_read_law(const lac_exact *e, lac_reaction *reaction);
double lac_exact_coefficient(const lac_exact *e, const lac_reaction *reaction);

/* exact_propensity.c */
lac_status lac_exact_propensity(const lac_exact *e, const lac_reaction *reaction, size_t voxel,
                                bool bound, double *rate);
lac_status lac_exact_diffusivity(const lac_exact *e, size_t field, size_t voxel, bool bound,
                                 double *diffusivity);
/* [1/s] of a molecule's hops through a face of its voxel, diffusivities as they are on both sides.
 */
double lac_exact_face(const lac_exact_ground *ground, size_t voxel, int face, double here,
                      double there);
/* [1/s] of a molecule of the tissue; of the pool's (VALUE, FLUX: of all). */
lac_status lac_exact_leaving(const lac_exact *e, size_t boundary, size_t face, bool bound,
                             double *rate);
/* ... with a given flux: negative where it takes molecules; a bound is that of its size. */
lac_status lac_exact_entering(const lac_exact *e, size_t boundary, size_t face, bool bound,
                              double *rate);
lac_status lac_exact_refuse(const lac_exact *e, const char *what, const char *name, double value,
                            size_t site);

/* exact_bounds.c */
lac_status lac_exact_prepare(lac_exact *e);
lac_status lac_exact_bound_all(lac_exact *e);
lac_status lac_exact_bound_time_varying(lac_exact *e);
lac_status lac_exact_bound_site(lac_exact *e, size_t site);
lac_status lac_exact_set_propensity_bound(lac_exact *e, size_t reaction, size_t voxel);
lac_status lac_exact_bound_reaction(lac_exact *e, size_t reaction);
void lac_exact_set_bound(lac_exact *e, size_t channel, size_t site, double bound);
void lac_exact_set_all_bounds(lac_exact *e, size_t channel, double unit, const double *bound);
void lac_exact_update(lac_exact *e, size_t channel);
double lac_exact_channel_propensity(const lac_exact *e, size_t channel);

static inline double lac_exact_total_propensity(const lac_exact *e)
{
    return e->tree[1];
}

/* exact_cost.c: refuses a run of more events than max_events allows, as foreseen from their rate
 * [1/s], or as counted. */
lac_status lac_exact_check_cost(const lac_exact *e, double time, double rate);
lac_status lac_exact_check_limit(const lac_exact *e);

/* exact_motion.c */
lac_status lac_exact_prepare_motion(lac_exact *e, size_t field);
lac_status lac_exact_bound_motion(lac_exact *e, size_t field);
lac_status lac_exact_bound_motion_at(lac_exact *e, size_t field, size_t voxel);
/* Boundary faces of a boundary whose laws look at this voxel. */
lac_status lac_exact_bound_boundary_faces_at(lac_exact *e, size_t boundary, size_t voxel);
lac_status lac_exact_make_molecule_lists(lac_exact *e);
void lac_exact_list_molecules(lac_exact *e, size_t field);
/* After a change of the count there by `amount`. */
void lac_exact_set_molecule_weight(lac_exact *e, size_t field, size_t voxel, double amount);

/* exact_pairs.c */
bool lac_exact_can_pair(const lac_reaction *reaction);
/* Chooses how each reaction of pairs is drawn, by the counts of now. */
lac_status lac_exact_review_pairs(lac_exact *e);
double lac_exact_next_review(const lac_exact *e); /* number of an event */
/* From lac_exact.pair: what a molecule's rate and the dependents are. */
void lac_exact_apply_pairs(lac_exact *e);
/* A count of the field is beyond what a pair was bounded by. */
void lac_exact_raise_pairs(lac_exact *e, size_t field, double count);
/* The molecules that a driver may meet in its voxel. */
double lac_exact_partners(const lac_exact *e, size_t reaction, size_t voxel);

/* exact_window.c */
void lac_exact_new_window(lac_exact *e);
lac_status lac_exact_pool_changed(lac_exact *e, size_t variable);

/* A molecule that acts: of a field, in a voxel; its entry in the list, or LAC_NONE. */
typedef struct lac_molecule_ref {
    size_t field, place, voxel;
} lac_molecule_ref;

/* exact_changes.c: changes counts at a voxel (of pools: any) ... */
lac_status lac_exact_change(lac_exact *e, size_t variable, size_t voxel, double amount);
/* ... in two parts: the count alone, since what depends on it comes after all counts of an event.
 */
lac_status lac_exact_put_count(lac_exact *e, size_t variable, size_t voxel, double amount);
lac_status lac_exact_follow_count(lac_exact *e, size_t variable, size_t voxel);
/* A reaction happens, to this molecule when it is of a field. */
lac_status lac_exact_react(lac_exact *e, size_t index, lac_molecule_ref who);

/* exact_events.c: draws a channel and lets it act. */
lac_status lac_exact_event(lac_exact *e);
/* LAC_INTERNAL where a rate is above the bound by which it was drawn. */
lac_status lac_exact_check_bound(const lac_exact *e, double rate, double bound, const char *name,
                                 size_t site);

/* exact_molecules.c, exact_passages.c: an event of a channel of theirs. */
lac_status lac_exact_molecule_event(lac_exact *e, size_t channel);
lac_status lac_exact_boundary_event(lac_exact *e, size_t channel);
/* A molecule leaves through one of its voxel's boundary faces, by where `left` [1/s] falls among
 * their rates. */
lac_status lac_exact_leave(lac_exact *e, size_t field, size_t voxel, double left);

/* Takes `part` [1/s] off the rate that is left; true when it ends here. */
static inline bool lac_ends_in(double *left, double part)
{
    *left -= part;
    return *left < 0;
}

/* exact_counts.c: whole numbers from a state, and back. */
lac_status lac_exact_round(lac_exact *e, lac_state *state);
void lac_exact_write(lac_exact *e, lac_state *state);

/* exact_verify.c: LAC_INTERNAL when a sum, bound or dependency is not what it should be. */
lac_status lac_exact_verify(const lac_exact *e);

#endif
