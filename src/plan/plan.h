/* A plan: one scenario run many times: which parameters vary and how, how many replicates, what is
 * kept and which numbers of each run are looked at afterwards.
 *
 * A number of a plan is in the unit in which its parameter is shown (lac_parameter.display), and
 * stays so in sample tables and indexes; a unit is a text that `--set` takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_PLAN_PLAN_H
#define LAC_PLAN_PLAN_H

#include "base/fingerprint.h"
#include "loading/scenario.h"
#include "model/model.h"

/* How the points of a plan are chosen: the word in `design:`, and what it is. */
#define LAC_DESIGN_LIST(X)                                                                         \
    X(GRID, "grid", "every combination of the listed values")                                      \
    X(RANDOM, "random", "independent points")                                                      \
    X(LATIN, "latin-hypercube", "each factor's range cut in as many layers as there are points")   \
    X(SOBOL, "sobol", "the quasi-random sequence of Sobol, up to 40 factors")                      \
    X(MORRIS, "morris", "trajectories that change one factor at a time: screening")                \
    X(TABLE, "table", "the points of a table")                                                     \
    X(SALTELLI, "saltelli", "two Sobol samples and their mixtures: Sobol indices, up to 20 factors")

typedef enum lac_design_kind {
#define LAC_DESIGN_ID(id, word, summary) LAC_DESIGN_##id,
    LAC_DESIGN_LIST(LAC_DESIGN_ID)
#undef LAC_DESIGN_ID
        LAC_DESIGNS
} lac_design_kind;

const char *lac_design_word(lac_design_kind kind);
const char *lac_design_summary(lac_design_kind kind);

typedef enum lac_distribution_kind {
    LAC_DISTRIBUTION_LIST,       /* the levels, crossed with everything else */
    LAC_DISTRIBUTION_TABLE,      /* the levels, one a point */
    LAC_DISTRIBUTION_UNIFORM,    /* a = least, b = greatest */
    LAC_DISTRIBUTION_LOGUNIFORM, /* the same, uniform in the logarithm; a > 0 */
    LAC_DISTRIBUTION_NORMAL,     /* a = mean, b = standard deviation */
    LAC_DISTRIBUTION_LOGNORMAL,  /* a = median, b = standard deviation of the natural logarithm */
    LAC_DISTRIBUTION_TRIANGULAR  /* a = least, b = greatest, c = mode */
} lac_distribution_kind;

typedef struct lac_factor {
    char *name;  /* as in --set: a parameter, or "run.rtol" */
    char *label; /* for a reader; may be NULL */
    char *unit;  /* what --set wants behind the number: "um^2/s"; "" = none */
    char *cf_unit;
    lac_distribution_kind kind;
    size_t levels;
    double *level; /* owned; LIST (a range with steps is one) */
    char **word;   /* owned; LIST of words, such as methods; NULL for numbers; then level[i] = i */
    size_t with;   /* LIST: the factor whose position in its list it shares; itself = its own */
    double a, b, c;
    double low, high; /* truncation; -+infinity = none. Inside the parameter's own range */
    double range[2];  /* declared for the parameter, or bounds of the setting; -+infinity = none */
    lac_place place;
} lac_factor;

/* "50 pg/mL" or a word: what --set takes behind NAME=. Numbers with 12 digits. */
void lac_factor_write(const lac_factor *factor, double value, lac_text *text);
/* What a reader of that text understands: the number rounded to 12 digits. */
double lac_factor_round(double value);
/* The probability below x of a sampled factor, its truncation apart. */
double lac_factor_below(const lac_factor *factor, double x);

typedef enum lac_endpoint_reduction {
    LAC_REDUCE_LAST,
    LAC_REDUCE_LEAST,
    LAC_REDUCE_MOST,
    LAC_REDUCE_MEAN,
    LAC_REDUCE_AUC,
    LAC_REDUCE_TIME_OF_MOST,
    LAC_REDUCE_TIME_OF_LEAST,
    LAC_REDUCE_AT
} lac_endpoint_reduction;
/* "last", ..., but for AT; LAC_REDUCE_AT of them. */
extern const char *const lac_endpoint_reduction_words[];

typedef enum lac_join { LAC_JOIN_NONE, LAC_JOIN_RATIO, LAC_JOIN_DIFFERENCE } lac_join;

/* One number of a run. */
/* An override of this name and that of an endpoint gives the endpoint, as `endpoints:` does. */
#define LAC_PLAN_ENDPOINT "endpoints."

typedef struct lac_endpoint {
    char *name;
    char *series; /* an observable, or the name of a pool (lac_variable.name) */
    lac_endpoint_reduction reduction;
    double at;        /* [h] AT: linear between frames */
    bool change;      /* minus the value at the first frame */
    bool windowed;    /* only the part of the curve ... */
    double window[2]; /* [h] ... from .. to */
    lac_join join;    /* of two endpoints before it; then `series` is that of the first */
    size_t part[2];
    lac_place place;
} lac_endpoint;

typedef struct lac_plan {
    char *title;            /* may be NULL */
    lac_source text, said;  /* the plan as it was read, and what --set said: owned texts */
    lac_source table;       /* what `table:` names: owned text */
    lac_source asked;       /* endpoints of the command line: owned text */
    char *name;             /* file name without directories and suffix: names the directory */
    lac_file_finder finder; /* of the scenario and what it includes, for those who load it again */
    char *scenario;         /* path that a member's run is given */
    lac_design_kind design;
    size_t samples;      /* `points:` of sampled designs; trajectories of MORRIS; base sample of
                            SALTELLI; 1 of GRID */
    size_t grid_levels;  /* MORRIS: levels of the grid, even */
    size_t first;        /* SOBOL: number in the sequence of the first point; 0 = by `points` */
    double seed;         /* of the design, and of the runs */
    size_t replicates;   /* runs per point, >= 1 */
    bool common_streams; /* replicate r of every point draws the same random numbers */
    size_t factors;
    lac_factor *factor; /* owned; lists first, in the order of the text, then what is sampled */
    size_t lists;       /* how many of them are lists */
    size_t arms;        /* of `arms:`; 0 = none. All begin with one start for each row */
    char **arm;         /* owned [arms]: names */
    size_t arm_factors; /* the first of the lists: what the arms set */
    double *rank;       /* owned [sampled][sampled]: rank correlations; NULL = independent */
    double *copula;     /* owned, the same: the factor that joins them (analysis/copula.h) */
    bool own_rows;      /* every arm has rows of its own: different points in each */
    struct lac_trial *trial; /* owned; NULL = no trial: plan/trial.h */
    size_t sets;
    lac_override *set;      /* owned with its texts: given to every member (`set:` and --set) */
    size_t endpoints;       /* without `endpoints:` the last value of every observable */
    lac_endpoint *endpoint; /* owned */
    char *fields;           /* "none", "all", or names of fields joined by commas: setting
                               save.fields of members */
    size_t series;          /* observables and pools that the index holds as curves */
    char **serie;           /* owned: observables and pools; by default all observables, and all
                               pools when there are none */
    bool keep_checkpoints;
    lac_model
        *model; /* owned: the scenario with `set`, without any factor: units, size, settings */
    char fingerprint[LAC_FINGERPRINT_BYTES]; /* of all that decides which members there are and what
                                                they compute */
} lac_plan;

/* Reads a plan and its scenario. `finder` knows scenarios and models that are not beside the
 * file that names them. All errors go to `list` with their places; LAC_INPUT then. Among them: a
 * parameter that the scenario does not have (with the nearest), values outside a parameter's range,
 * a distribution that reaches beyond it without `truncate:`, replicates below 1, a factor twice. */
lac_status lac_plan_load(const char *path, lac_file_finder finder, const lac_override *overrides,
                         size_t count, lac_diagnostics *list, lac_plan **plan);

/* The plan of an ensemble: one point, `replicates` members; the seed is that of the scenario or of
 * --set run.seed, else 1. */
lac_status lac_plan_of_scenario(const lac_scenario_origin *origin, size_t replicates,
                                lac_diagnostics *list, lac_plan **plan);

/* Endpoints without a plan: name and text of each, as of --endpoint, in order: one that joins two
 * names two before it. LAC_INPUT with messages in `list`. The caller frees *endpoint. */
lac_status lac_endpoints_read(const lac_model *model, const lac_override *asked, size_t count,
                              lac_diagnostics *list, lac_endpoint **endpoint);
void lac_endpoints_free(lac_endpoint *endpoint, size_t count);

/* Renews the fingerprint after a change of the fields above by the command line. */
lac_status lac_plan_seal(lac_plan *plan);

/* The plan as it was understood, for people and for the fingerprint. */
void lac_plan_write(const lac_plan *plan, lac_text *text);
/* The model that its members share, without what decides nothing, as resolved text. */
void lac_plan_write_model(const lac_plan *plan, lac_text *text);

/* Another number of points, as the command line says; LAC_USAGE for designs without one. */
lac_status lac_plan_resize(lac_plan *plan, size_t points);
/* Do the arms of a row begin with one state, found without what they set? */
bool lac_plan_shares_start(const lac_plan *plan);
/* The value of a parameter as the text of the scenario has it, "4 h". */
const char *lac_plan_written(const lac_plan *plan, const char *parameter);

void lac_plan_free(lac_plan *plan);

#endif
