/* The model: named things with units, resolved: names bound, dimensions checked, numbers internal.
 * Built by loading/scenario.h from text; read-only for every room above. A sweep works on a copy.
 *
 * Conventions that every room shares:
 *  - A variable is one species in one domain. Tissue variables come first: variable v < fields is
 *    field v; variable fields + p is pool p (well-mixed).
 *  - A tissue variable is a density: molecules or cells per um^3, or dimensionless for a state.
 *  - A pool variable is a density too, or with `total` the amount in the whole joint [molecules or
 *    cells]. Neither changes with `represents`: only the exchange between patch and pool does
 *    (effective pool volume = volume * patch area / joint area), and integer counts of stochastic
 *    methods.
 *  - A process is one direction of one reaction or one added or subtracted term of a rate equation,
 *    with a rate >= 0 in normal use. In the tissue its rate is per um^3 (states: 1/s); among pools
 *    it is extensive (of the whole joint): the loader multiplies an intensive law by the volume.
 *    d(variable)/dt = sum over processes of change.factor * rate, so `factor` holds stoichiometry
 *    and, for pool densities, 1/volume.
 *  - Laws see max(x, 0) of every variable that is not `is_signed` (derivative 1 below 0 too).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_MODEL_H
#define LAC_MODEL_MODEL_H

#include "base/names.h"
#include "base/vector.h"
#include "language/diagnostics.h"
#include "language/expression.h"
#include "model/boundary.h"
#include "model/settings.h"

typedef enum lac_domain_kind { LAC_TISSUE, LAC_WELL_MIXED } lac_domain_kind;

typedef struct lac_domain {
    char *id;
    char *label;
    lac_domain_kind kind;
    double volume; /* [um^3] well-mixed, whole joint; fixed for a run; 0 for the tissue */
    lac_place place;
} lac_domain;

typedef enum lac_species_kind { LAC_MOLECULES, LAC_CELL_COUNT, LAC_STATE } lac_species_kind;

typedef struct lac_species {
    char *id;
    char *label; /* "interleukin-1 beta" */
    lac_species_kind kind;
    double molar_mass; /* [Da], 0 = not given */
    size_t field;      /* its first variable in a tissue, or LAC_NONE; valid with model.indexed */
    size_t fields;     /* in how many tissues it is */
    size_t pool;       /* its first variable in a well-mixed domain; the others follow */
    size_t pools;      /* how many */
    lac_place place;
} lac_species;

/* How the amounts of a variable are kept: as whole numbers that change by events, or as a real
 * number that changes by rates. */
typedef enum lac_representation {
    LAC_BY_METHOD, /* nothing was asked for: representation.h says what follows */
    LAC_DISCRETE,
    LAC_CONTINUOUS,
    LAC_AUTOMATIC /* by copy number, see lac_automatic */
} lac_representation;

/* By copy number in a voxel, or in a well-mixed domain: discrete below one threshold, continuous
 * from another on, and as it was between them. */
typedef struct lac_automatic {
    double below, above; /* whole numbers, below < above */
    bool by_mean;        /* over the voxels of the domain; else the lowest of them */
    bool is_continuous;  /* now; in a model as it is loaded it is not */
} lac_automatic;

/* Initial values that are whole numbers drawn around `initial`. */
typedef enum lac_counting {
    LAC_NOT_DRAWN,
    LAC_POISSON,    /* each place by itself */
    LAC_MULTINOMIAL /* tissue: the whole number next to the total, spread by chance */
} lac_counting;

typedef struct lac_variable {
    size_t species;
    size_t domain;
    char *name;   /* "cartilage_IL1b": its name in tables */
    char *stored; /* its name in the result: `name`, with a prefix where the file has that name for
                     itself; NULL in a model made by hand = `name` */
    char *path;   /* "cartilage.IL1b": its name in expressions */
    bool total;   /* pool measured as the amount in the joint */
    bool is_signed;           /* may be negative: laws see it unclamped */
    lac_representation asked; /* what the text says; see representation.h */
    lac_automatic automatic;  /* of LAC_AUTOMATIC */
    lac_dimension dimension;
    double atol;             /* [internal] absolute tolerance, > 0 */
    bool atol_follows;       /* from the initial value, when the text does not say it */
    char *written;           /* owned: the initial value as the text has it; NULL = none */
    lac_expression *initial; /* owned; of x, y, depth, regions, parameters; pools: parameters */
    lac_counting counting;
    lac_expression *diffusivity; /* owned [um^2/s]; NULL = immobile or pool; may depend on t,
                                    parameters, position and tissue variables */
    lac_display display;         /* unit in files and on screens */
    lac_place place;
} lac_variable;

/* How values at two places of a random field are alike; r is the distance, L the length. */
typedef enum lac_covariance {
    LAC_COVARIANCE_GAUSSIAN,   /* exp(-(r / L)^2) */
    LAC_COVARIANCE_EXPONENTIAL /* exp(-(|dx| + |dy| + |dz|) / L) */
} lac_covariance;

/* A standard random field: normal with mean 0 and sd 1, or uniform in 0 to 1, at the centre of each
 * voxel. Initial values make of it what they want. */
typedef struct lac_random_field {
    char *id;
    bool uniform;
    double length[3]; /* [um] of correlation along x, y, depth; 0 = none */
    lac_covariance covariance;
    lac_place place;
} lac_random_field;

typedef enum lac_provenance_kind {
    LAC_UNSTATED,
    LAC_MEASURED,
    LAC_COMPUTED,
    LAC_ASSUMPTION,
    LAC_PRIOR,
    LAC_FITTED
} lac_provenance_kind;

typedef struct lac_parameter {
    char *id;
    char *label;      /* may be NULL */
    double value;     /* internal; of a derived parameter: its value at the start */
    double low, high; /* range, internal; NaN when not given */
    size_t of;        /* species whose molar mass makes amounts of masses; LAC_NONE */
    lac_dimension dimension;
    lac_display display;
    lac_provenance_kind kind;
    char *source;            /* what a reader can look up; NULL */
    char *calibrated_to;     /* NULL */
    lac_expression *derived; /* owned; NULL for a plain number. Uses of a derived parameter are
                                replaced by this tree, so events on its parts act through it */
    bool used;
    bool changes;  /* some event sets it */
    bool is_fixed; /* a size, a time or the like was evaluated with it: it cannot change in a run */
    lac_place place;
    lac_place value_place; /* of the value that counts: in the model, `set:` or --set */
    char *written;         /* owned: that value as the text has it, "4 h" */
} lac_parameter;

typedef enum lac_input_shape { LAC_STEPS, LAC_LINEAR, LAC_SMOOTH } lac_input_shape;

/* A function of time given by knots: constant before the first and after the last. STEPS holds the
 * value of the last knot passed; SMOOTH is a monotone cubic (Fritsch & Carlson 1980). */
typedef struct lac_input {
    char *id;
    lac_input_shape shape;
    size_t knots;
    double *time;  /* owned [s], increasing */
    double *value; /* owned, internal */
    double *slope; /* owned, SMOOTH: derivative at the knots */
    lac_dimension dimension;
    lac_place place;
} lac_input;

/* A region of the tissue: union of zones is not needed; one kind each. */
typedef enum lac_region_kind { LAC_ZONE, LAC_BOX, LAC_MASK } lac_region_kind;

typedef struct lac_region {
    char *id;
    lac_region_kind kind;
    double low[3],
        high[3];   /* ZONE and BOX [um]: x, y, depth; a voxel belongs when its centre does */
    char *file;    /* MASK: owned path, resolved against the file that names it */
    char *dataset; /* MASK: owned; (z, y, x), nonzero = inside */
    bool inactive; /* these voxels take no part at all */
    bool whole;    /* all of its tissue, where there are several; has the name of the domain */
    size_t tissue; /* in which it lies */
    lac_place place;
} lac_region;

/* The faces of the box, and those towards inactive voxels of a region. */
typedef enum lac_face {
    LAC_FACE_TOP,    /* depth 0 */
    LAC_FACE_BOTTOM, /* largest depth */
    LAC_FACE_X_LOW,
    LAC_FACE_X_HIGH,
    LAC_FACE_Y_LOW,
    LAC_FACE_Y_HIGH,
    LAC_FACE_WALL /* voxel faces between active voxels and the inactive voxels of `region` */
} lac_face;

typedef struct lac_patch {
    char *id;
    lac_face face;
    size_t region; /* WALL: the inactive region; else a region that limits it, or LAC_NONE */
    double low[3], high[3]; /* part of the face [um]; +-infinity = all of it */
    size_t tissue;          /* whose face it is */
    lac_place place;
} lac_patch;

/* d(variable)/dt += factor * rate. */
typedef struct lac_change {
    size_t variable;
    double factor;
    double stoichiometry; /* factor without the volume */
} lac_change;

typedef struct lac_process {
    char *id;           /* "IL1b_uptake", "binding", "binding.reverse", "aggrecan.loss" */
    bool in_tissue;     /* else among pools */
    size_t tissue;      /* in_tissue: which */
    size_t region;      /* tissue: only there; LAC_NONE = everywhere */
    size_t changes;     /* net changes only; a catalyst does not appear */
    lac_change *change; /* owned */
    size_t reactants;   /* with multiplicity kept apart: for stochastic methods and conservation */
    size_t *reactant;   /* owned variable indices, catalysts included */
    double *reactant_count; /* owned */
    lac_expression *rate;   /* owned */
    char *law;              /* owned: rate as the user wrote it, with its unit */
    bool from_rate_equation;
    bool is_infusion; /* made for an event with `over`, not in the text */
    lac_place place;
} lac_process;

typedef enum lac_action_kind { LAC_ACTION_ADD, LAC_ACTION_SET, LAC_ACTION_SCALE } lac_action_kind;

typedef struct lac_action {
    lac_action_kind kind;
    bool on_parameter;
    size_t target;         /* parameter or variable index */
    size_t region;         /* tissue variables; LAC_NONE = everywhere */
    bool amount;           /* ADD: the value is an amount of the whole joint, spread evenly over the
                              region's volume (or the pool's); else in the variable's own dimension */
    lac_expression *value; /* owned; internal */
    char *written;         /* owned: the value as the text has it; NULL = none */
} lac_action;

typedef struct lac_event {
    char *id;
    lac_expression *when; /* owned; NULL for a timed event; fires when it becomes true */
    bool once;            /* state events: only at the first edge */
    double at;            /* [s] timed: first time */
    size_t times;         /* a list of times, or 0 */
    double *time;         /* owned [s], increasing; the first is `at` */
    double delay;         /* [s] from becoming due, or true, to acting */
    bool at_execution;    /* values are those after the delay, not before it */
    double over;          /* [s] an infusion lasts so long; 0 = at once */
    size_t infusion;      /* where the rates of its actions stand behind the parameters */
    double every;         /* [s] 0 = once */
    double until;         /* [s] last possible time (inclusive) of a repeated event */
    size_t actions;
    lac_action *action; /* owned */
    lac_place place;
} lac_event;

typedef struct lac_observable {
    char *id;
    char *stored;          /* its name in the result, as for variables; NULL = `id` */
    char *label;           /* may be NULL */
    lac_expression *value; /* owned; may hold reductions and pool variables */
    size_t species;        /* the only one it is about, or that of `of:`; LAC_NONE */
    lac_dimension dimension;
    lac_display display;
    lac_place place;
} lac_observable;

typedef enum lac_band_kind {
    LAC_BAND_CALIBRATED,     /* parameters were chosen so that it holds */
    LAC_BAND_HELD_OUT,       /* nothing was */
    LAC_BAND_BY_CONSTRUCTION /* it cannot fail: the equations or an input contain it */
} lac_band_kind;

/* Where an observable is expected: a band accepts the values between its limits, ends included, at
 * one time or throughout a span. */
typedef struct lac_band {
    char *id;
    char *label; /* may be NULL */
    size_t observable;
    double from, until; /* [s] equal for one time */
    double low, high;   /* internal; -+infinity = open */
    bool change;        /* the change since the start, not the value */
    char *against;      /* scenario whose value at the same time is subtracted; NULL = none */
    lac_band_kind kind;
    char *source; /* what a reader can look up; NULL */
    char *note;   /* what of it holds by construction, ...; NULL */
    lac_place place;
} lac_band;

/* A comparison in a law or trigger that time, or an input, can turn over: a < b or a <= b. The
 * times are found by model/discontinuities.h. */
typedef struct lac_condition {
    const char *what;        /* borrowed: the process, variable or event that it belongs to */
    const lac_expression *a; /* borrowed */
    const lac_expression *b; /* borrowed; NULL = 0 */
    bool or_equal;
    bool is_kink;  /* of min, max or abs: what holds it is continuous there */
    bool of_event; /* of a trigger */
    bool of_time;  /* a and b are of time, inputs and parameters alone */
    lac_place place;
} lac_condition;

/* Which tissue the well-mixed domains feel where a patch that is advanced by chance stands for a
 * joint: the patch, or its mean-field companion; see representation.h. */
typedef enum lac_feedback {
    LAC_FEEDBACK_BY_METHOD,
    LAC_FEEDBACK_MEAN,
    LAC_FEEDBACK_PATCH
} lac_feedback;

/* The grid of one tissue as the scenario says it; tissue/grid.h makes voxels of it. */
typedef struct lac_tissue_text {
    bool present;
    size_t domain;
    size_t first, fields; /* its variables */
    size_t voxels[3];     /* x, y, z */
    double voxel[3];      /* [um]; of uneven layers the mean */
    double *bound;        /* owned [voxels[2] + 1]: depths between layers [um]; NULL = all alike */
    lac_place bound_place;
    double represents; /* [um^2] area of the joint; 0 = the patch stands for itself */
    double joint;      /* [um^2] of which it is a share; 0 = not said */
    lac_place joint_place;
    lac_feedback feedback; /* what the text asks for */
    lac_place feedback_place;
    lac_place place;
} lac_tissue_text;

enum { LAC_TISSUES_MOST = LAC_TRACTS_MOST };

typedef struct lac_model {
    char *title;
    char *notes;    /* may be NULL */
    char *scenario; /* file name without directories and suffix: names the result */
    bool clinical;  /* print the notice "research use only, not medical advice" */

    size_t domains;
    lac_domain *domain;
    size_t species_count;
    lac_species *species;
    size_t variables, fields; /* variables = fields + pools */
    bool indexed;             /* species know their variables; not in a model made by hand */
    lac_variable *variable;
    size_t parameters;
    lac_parameter *parameter;
    size_t infusions; /* rates that stand behind the parameters of a state, 0 while none runs */
    size_t inputs;
    lac_input *input;
    size_t randoms;
    lac_random_field *random;
    size_t regions;
    lac_region *region;
    size_t patches;
    lac_patch *patch;
    size_t boundaries;
    lac_boundary *boundary;
    size_t processes; /* tissue processes first */
    size_t tissue_processes;
    lac_process *process;
    size_t events; /* doses included, in the order of the text */
    lac_event *event;
    size_t observables;
    lac_observable *observable;
    size_t bands;
    lac_band *band;
    size_t conditions;
    lac_condition *condition; /* owned */

    size_t tissues; /* in the order of their domains; their variables follow each other */
    lac_tissue_text tissue[LAC_TISSUES_MOST];
    lac_settings settings;

    size_t sources; /* every text that was read, in order: stored in /provenance */
    lac_source **source;
} lac_model;

/* "measured", "prior", ...; the word that a model's text has */
const char *lac_provenance_word(lac_provenance_kind kind);

/* "calibrated", "held_out", "by_construction" */
const char *lac_band_word(lac_band_kind kind);

/* Patch area / joint area (1 when the patch stands for itself or there is no tissue): the effective
 * volume of a pool is volume * scale. Of one tissue; of the first. */
double lac_tissue_scale(const lac_tissue_text *tissue);
double lac_model_scale(const lac_model *model);
/* [um^3] The volume of the joint that one voxel of a tissue stands for; 1 without a tissue. */
double lac_tissue_weight(const lac_tissue_text *tissue);
/* Thickness of a layer [um]; of the thinnest and of the thickest. */
double lac_tissue_layer(const lac_tissue_text *tissue, size_t layer);
void lac_tissue_layer_range(const lac_tissue_text *tissue, double range[2]);
/* The volumes of the first voxels as multiples of the mean; the sum of a field in such multiples.
 */
void lac_tissue_shares(const lac_tissue_text *tissue, double *share, size_t voxels);
double lac_tissue_sum(const lac_tissue_text *tissue, const double *field, size_t voxels);
/* Have two tissues the same voxels? */
bool lac_tissue_same_grid(const lac_tissue_text *one, const lac_tissue_text *other);
/* Which tissue a field belongs to (0 in a model of one); the tissue of a domain, or LAC_NONE. */
size_t lac_model_tissue_of(const lac_model *model, size_t field);

/* " in voxel (x, y, z) = (0, 0, 0)" of a tissue, for sentences; "" for LAC_NONE. */
enum { LAC_VOXEL_WORDS = 96 };
const char *lac_voxel_words(const lac_tissue_text *tissue, size_t voxel,
                            char words[LAC_VOXEL_WORDS]);
/* Numbers in the state of a run: fields times voxels, and pools. */
double lac_model_unknowns(const lac_model *model);
/* [s] About what a step of mean-field takes on one thread, without holes. */
double lac_model_step_seconds(const lac_model *model);
size_t lac_model_tissue_of_domain(const lac_model *model, size_t domain);
/* In which tissue a process of the tissues works. */
size_t lac_process_tissue(const lac_model *model, size_t process);
/* Of which tissue a reduction is: that of the fields and regions that it looks at; LAC_NONE when it
 * looks at none (0 in a model of one tissue). *other: a second one, or LAC_NONE; may be NULL. */
size_t lac_model_reduction_tissue(const lac_model *model, const lac_expression *node,
                                  size_t *other);
/* How many grids a run has: one for each tissue, and an empty one when there is none. */
size_t lac_model_grids(const lac_model *model);
/* [um^3] The volume that the value of a pool times it is an amount in; 1 for a total. */
double lac_model_pool_volume(const lac_model *model, size_t pool);

/* The variable of a species in a domain, or LAC_NONE. */
size_t lac_model_variable(const lac_model *model, size_t species, size_t domain);

/* The last variable of a species (LAC_NONE without one) and how many it has; of a model that was
 * read from text. */
size_t lac_model_only_variable(const lac_model *model, size_t species, size_t *count);

/* Does the result hold this variable of the tissue (`save.fields`)? */
bool lac_model_saves_field(const lac_model *model, size_t field);

/* held[variable] := does it stand still while a run looks for its rest (`held`)? LAC_INPUT for a
 * name that is no species, or one that diffuses or is exchanged. */
lac_status lac_model_held(const lac_model *model, bool *held);

/* How many of `count` increasing times are not after `time`. */
size_t lac_knots_until(const double *times, size_t count, double time);

/* The value of an input and its derivative at time t [s]; the right-hand limit at a jump. */
double lac_input_value(const lac_input *input, double time, double *rate);

/* What a symbol is called, for lac_expression_write (context is the model). */
const char *lac_model_symbol_name(const void *model, lac_symbol symbol);

void lac_model_free(lac_model *model);

#endif
