/* lacuna.h: the public interface of liblacuna: reaction and diffusion in tissue, mean-field or
 * stochastic, from a model as text to numbers in memory.
 *
 * The order of a program is the order of this file: load a model, look at what it names, set
 * parameters, create a simulation of it, advance it, read values, change it, copy it, free all.
 *
 * Functions that return `int` return a code (LACUNA_OK = 0); the sentence to a code is
 * lacuna_model_error or lacuna_simulation_error of the handle, and lacuna_error of the thread.
 * After a failure the handle is as it was before the call, unless the comment of a function says
 * otherwise. Nothing is printed, no environment is read, no signal is handled, and the process is
 * never left.
 *
 * Threads: a handle is for one thread at a time; different handles may be used in different threads
 * at once, also simulations of one model. Only lacuna_simulation_cancel may be called meanwhile.
 * A handle in use, one that was freed, and NULL are refused with LACUNA_MISUSE.
 *
 * Units: times are seconds. Values are in the unit that the same entry of a description names
 * ("pM", "um^2/s"); values as text have their own unit ("40 um^2/s") of the right dimension.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LACUNA_H
#define LACUNA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LACUNA_API __attribute__((visibility("default")))
#else
#define LACUNA_API
#endif

/* --- version --------------------------------------------------------------------------------- */

#define LACUNA_VERSION_MAJOR 0
#define LACUNA_VERSION_MINOR 1
#define LACUNA_VERSION_PATCH 0
#define LACUNA_VERSION                                                                             \
    (10000 * LACUNA_VERSION_MAJOR + 100 * LACUNA_VERSION_MINOR + LACUNA_VERSION_PATCH)

/* Of the library that is linked: 10000 * major + 100 * minor + patch, and as text "0.1.0". */
LACUNA_API int lacuna_version(void);
LACUNA_API const char *lacuna_version_text(void);

/* --- codes and sentences --------------------------------------------------------------------- */

/* The numbers are the exit codes of the program `lacuna`. */
typedef enum lacuna_code {
    LACUNA_OK = 0,
    LACUNA_NUMERICS = 1,   /* a value is not finite, is negative, or steps became too short */
    LACUNA_MISUSE = 2,     /* a call that cannot be meant: a freed handle, a time in the past */
    LACUNA_INPUT = 65,     /* a model, name, unit or value is wrong */
    LACUNA_NO_INPUT = 66,  /* a file cannot be read */
    LACUNA_INTERNAL = 70,  /* a fault of the library: please report it */
    LACUNA_MEMORY = 71,    /* out of memory */
    LACUNA_EXISTS = 73,    /* the result is there already */
    LACUNA_FILE = 74,      /* a file cannot be written or read */
    LACUNA_CANCELLED = 75, /* by lacuna_simulation_cancel or a callback */
    LACUNA_LIMIT = 78,     /* larger than this machine, or than is sensible */
    LACUNA_BUDGET = 85     /* a callback said that the time for it is up */
} lacuna_code;

/* A code in words, and the sentence of the last failure in this thread ("" without one). */
LACUNA_API const char *lacuna_code_word(int code);
LACUNA_API const char *lacuna_error(void);

/* seconds of the units that programs count in */
#define LACUNA_MINUTE 60.0
#define LACUNA_HOUR 3600.0
#define LACUNA_DAY 86400.0

/* *value := the quantity `text` ("2 d") in `unit` ("s"). LACUNA_INPUT: no quantity, no unit, or of
 * another dimension. */
LACUNA_API int lacuna_convert(const char *text, const char *unit, double *value);

/* --- models ------------------------------------------------------------------------------------
 */

typedef struct lacuna_model lacuna_model;

/* Loads a scenario or model from a file, or from `text` in memory, which messages call `name`;
 * `directory` is where the paths in the text start. Parts that are not there are looked for among
 * the installed ones. *model is a handle also after a failure (NULL only after LACUNA_MEMORY or
 * LACUNA_MISUSE): it has the list of problems, and is to be freed. */
LACUNA_API int lacuna_model_load(const char *path, lacuna_model **model);
LACUNA_API int lacuna_model_read(const char *name, const char *text, const char *directory,
                                 lacuna_model **model);

typedef struct lacuna_set {
    const char *name, *value;
} lacuna_set;
/* Called for a part that is not where the text says: path[bytes] := where it is, and 1; or 0. */
typedef int (*lacuna_finder)(void *context, const char *said, char *path, size_t bytes);
/* How a file is opened. Begin with LACUNA_OPENING_INIT. */
typedef struct lacuna_opening {
    size_t bytes;       /* sizeof(lacuna_opening) */
    const char *data;   /* where installed parts are; NULL = where the library was installed */
    lacuna_finder find; /* in place of `data`; may be NULL. While the model lives, as its context */
    void *context;
    const lacuna_set *set; /* set before the text is read, as by lacuna_model_set_all */
    size_t sets;
    int stream;  /* the file may be a pipe or a terminal: nothing can be set afterwards */
    int for_run; /* what a run cannot do without is an error: the seed of a random start */
    int review;  /* with warnings about what is right but unusual */
} lacuna_opening;
#define LACUNA_OPENING_INIT                                                                        \
    {                                                                                              \
        sizeof(lacuna_opening), NULL, NULL, NULL, NULL, 0, 0, 0, 0                                 \
    }
/* As lacuna_model_load. `opening` may be NULL. */
LACUNA_API int lacuna_model_open(const char *path, const lacuna_opening *opening,
                                 lacuna_model **model);
/* The model that a checkpoint file is of, and the path of its result when it was written (NULL =
 * not wanted; valid until the model is freed). */
LACUNA_API int lacuna_model_of_checkpoint(const char *checkpoint, lacuna_model **model,
                                          const char **result);
/* Simulations of the model may go on. NULL is allowed. */
LACUNA_API int lacuna_model_free(lacuna_model *model);

/* The sentence of the last call on this handle, "" when it succeeded; valid until the next. */
LACUNA_API const char *lacuna_model_error(const lacuna_model *model);

/* What is wrong with the text that was loaded or set last: errors and warnings in order. */
typedef struct lacuna_problem {
    int is_warning;
    const char *file;    /* "" when it is about no file */
    size_t line, column; /* from 1; 0 = not known */
    const char *message;
} lacuna_problem;
LACUNA_API size_t lacuna_model_problems(const lacuna_model *model);
/* Valid until the next call that loads or sets. LACUNA_MISUSE: index too large. */
LACUNA_API int lacuna_model_problem(const lacuna_model *model, size_t index,
                                    lacuna_problem *problem);
/* All of them as the program prints them, with the lines of the text. */
LACUNA_API const char *lacuna_model_problem_text(const lacuna_model *model);

LACUNA_API const char *lacuna_model_title(const lacuna_model *model);

/* A parameter. Texts here and below belong to the model, and are valid until it is set or freed. */
typedef struct lacuna_parameter {
    const char *name;
    const char *label; /* "" when the text has none, as `source` */
    const char *unit;  /* of the next three; "" = a pure number */
    double value;
    double low, high;   /* the range; NaN = not given */
    const char *kind;   /* "measured", "computed", "assumption", "prior", "fitted", "unstated" */
    const char *source; /* where the value comes from */
    int is_derived;     /* follows from others */
    int is_fixed;       /* a volume or a size depends on it: it can be set before a run only */
} lacuna_parameter;
LACUNA_API size_t lacuna_model_parameters(const lacuna_model *model);
LACUNA_API int lacuna_model_parameter(const lacuna_model *model, size_t index,
                                      lacuna_parameter *parameter);

/* How a run of the model is made. The text belongs to the model, as those above. */
typedef struct lacuna_settings {
    const char *method;       /* "mean-field", "exact", "hybrid" */
    int draws;                /* the method draws random numbers */
    double seed, replicate;   /* below 0: no seed was said */
    double until;             /* [s]; 0 = was not said */
    double save_every;        /* [s] between frames of series */
    double save_fields_every; /* [s] of fields; 0 = with every frame */
} lacuna_settings;
LACUNA_API int lacuna_model_settings(const lacuna_model *model, lacuna_settings *settings);

#define LACUNA_NOTICE "research use only, not medical advice"

/* What else a program that shows a model or its runs may want. Texts as above. */
typedef struct lacuna_outline {
    const char *scenario; /* the name that its results have */
    double unknowns;      /* numbers in its state */
    int is_clinical;      /* its numbers may be taken for advice: show LACUNA_NOTICE with them */
    int starts_at_rest;
    int starts_at_random; /* initial values are drawn */
    const char *from;     /* the result or checkpoint that it starts from; "" = none */
} lacuna_outline;
LACUNA_API int lacuna_model_outline(const lacuna_model *model, lacuna_outline *outline);

/* The texts that a model was read from, in order: the file and those that it includes. What was set
 * is among them, with a name that begins with '-' ("--set"). LACUNA_MISUSE: index too large. */
typedef struct lacuna_source {
    const char *name, *text;
} lacuna_source;
LACUNA_API size_t lacuna_model_sources(const lacuna_model *model);
LACUNA_API int lacuna_model_source(const lacuna_model *model, size_t index, lacuna_source *source);

/* *text := the model with all that was set and included, as one text that lacuna_model_read reads
 * to the same numbers; only files of masks stay apart. Valid until the model is set or freed. */
LACUNA_API int lacuna_model_text(lacuna_model *model, const char **text);

/* A variable: a species in a domain. Fields (in a tissue) come first, then pools. */
typedef struct lacuna_variable {
    const char *name; /* "cartilage_drug", as in results */
    const char *path; /* "cartilage.drug", as in expressions */
    const char *unit;
    int is_field;
    size_t tissue; /* of a field: the index of its tissue; 0 for a pool */
} lacuna_variable;
LACUNA_API size_t lacuna_model_variables(const lacuna_model *model);
LACUNA_API int lacuna_model_variable(const lacuna_model *model, size_t index,
                                     lacuna_variable *variable);

/* Tissues by the names of their domains, in the order of the text; each has a grid of its own.
 * LACUNA_MISUSE: index too large. */
LACUNA_API size_t lacuna_model_tissues(const lacuna_model *model);
LACUNA_API int lacuna_model_tissue(const lacuna_model *model, size_t index, const char **name);

/* A series: an observable, or a pool under the name of its variable. Observables come first. */
typedef struct lacuna_series {
    const char *name;
    const char *label; /* "" when the text has none */
    const char *unit;
} lacuna_series;
LACUNA_API size_t lacuna_model_series_count(const lacuna_model *model);
LACUNA_API int lacuna_model_series(const lacuna_model *model, size_t index, lacuna_series *series);

/* Events and doses, in the order of the text. LACUNA_MISUSE: index too large. */
LACUNA_API size_t lacuna_model_events(const lacuna_model *model);
LACUNA_API int lacuna_model_event(const lacuna_model *model, size_t index, const char **name);

/* The index of a parameter, of a variable (name or path), of a series, of an event.
 * LACUNA_INPUT: there is none, with the nearest name in the sentence. */
LACUNA_API int lacuna_model_find_parameter(const lacuna_model *model, const char *name,
                                           size_t *index);
LACUNA_API int lacuna_model_find_variable(const lacuna_model *model, const char *name,
                                          size_t *index);
LACUNA_API int lacuna_model_find_series(const lacuna_model *model, const char *name, size_t *index);
LACUNA_API int lacuna_model_find_event(const lacuna_model *model, const char *name, size_t *index);

/* Sets a parameter from a text with unit, as `set:` and --set do, or from a number in the
 * parameter's own unit; "run.until", "run.method" and the like are settings. Several at once are
 * checked together. What follows from them (derived parameters, initial values, sizes) follows. The
 * text is read again, its files included, so that all checks are made; simulations that exist keep
 * the values with which they were created. */
LACUNA_API int lacuna_model_set(lacuna_model *model, const char *name, const char *value);
LACUNA_API int lacuna_model_set_number(lacuna_model *model, const char *name, double value);
LACUNA_API int lacuna_model_set_all(lacuna_model *model, size_t count, const char *const *names,
                                    const char *const *values);

/* A setting of the run that changes nothing else, from now on, without reading the text again:
 * "until", "checkpoint.every", "start", "from", "from_time". LACUNA_INPUT: no such value.
 * LACUNA_MISUSE: another setting, which is for lacuna_model_set. */
LACUNA_API int lacuna_model_adjust(lacuna_model *model, const char *name, const char *value);

/* An endpoint: a number of a run, by its curves, as `endpoints:` of a plan has them:
 * "last(drug)", "at(drug, 2 d)", "most(drug, 1 d, 3 d)", "{of: drug, take: auc, change: yes}",
 * "{ratio: [late, early]}" of two that were added before. Simulations that are created from then on
 * keep their curves and have it. LACUNA_INPUT: no such series, word or time. */
LACUNA_API int lacuna_model_endpoint(lacuna_model *model, const char *name, const char *text);
LACUNA_API size_t lacuna_model_endpoints(const lacuna_model *model);
/* The unit of an endpoint that was added: "" = a pure number. An auc has that of its series, times
 * h. */
LACUNA_API int lacuna_model_endpoint_unit(const lacuna_model *model, size_t index,
                                          const char **unit);

/* The scales of a variable at the initial state, NaN where one does not apply. */
typedef struct lacuna_scales {
    double mean;         /* in the unit of the variable */
    double per_voxel;    /* molecules or cells in a voxel */
    double diffusivity;  /* [um^2/s] */
    double hop;          /* [s] mean time in a voxel */
    double diffusion;    /* [s] over the longest side of the tissue */
    double decay_length; /* [um] sqrt(D / k) where the grid is coarsest for it */
    double side;         /* [um] of the voxel there; above half a decay length it is too coarse */
    double depth;        /* [um] of that voxel */
    int is_discrete;     /* whole numbers */
} lacuna_scales;
/* A process: one direction of a reaction, or a term of a rate equation. */
typedef struct lacuna_process {
    const char *name, *law;
    double time;   /* [s] shortest 1 / |d(rate)/du| of what it changes; infinite without */
    double events; /* [1/s] expected, of the method hybrid; else NaN */
} lacuna_process;
/* What `lacuna check` tells of a model before anything is run: its scales at the initial state, and
 * what a run costs. Valid until the model is surveyed again, set or freed. */
typedef struct lacuna_survey {
    size_t variables, processes, conserved;
    const lacuna_scales *variable; /* [variables], in the order of lacuna_model_variable */
    const lacuna_process *process; /* [processes] */
    const double *weight;     /* [conserved][variables]: sums that reactions leave as they are */
    double unknowns, memory;  /* numbers in the state; bytes that a run needs */
    double events;            /* [1/s] of a method whose cost are events; else NaN */
    double event_seconds;     /* of work for one, measured; NaN where it was not */
    double event_step;        /* [s] to which events hold a step of the method hybrid; else NaN */
    const char *step_bound;   /* what is expected to bound its steps most; "" for others */
    const char *warnings;     /* for which the initial state must be known; "" = none */
    const char *whole;        /* all of this as text, with the resolved model */
    const char *brief, *json; /* what a screen has room for; a JSON document */
} lacuna_survey;
/* LACUNA_LIMIT: it needs more memory than there is. LACUNA_NUMERICS: its values are not finite. */
LACUNA_API int lacuna_model_survey(lacuna_model *model, lacuna_survey *survey);

/* --- simulations ---------------------------------------------------------------------------------
 */

typedef struct lacuna_simulation lacuna_simulation;

/* Called after every step with the time [s]; anything but 0 cancels. After LACUNA_BUDGET the call
 * that advances returns this in place of LACUNA_CANCELLED. Values and counters of the simulation
 * can be read in it; every other call on it is refused. */
typedef int (*lacuna_progress)(void *context, double time);

/* Called with a sentence that the user should see, though the simulation goes on. */
typedef void (*lacuna_warning)(void *context, const char *sentence);

typedef struct lacuna_start lacuna_start;

/* Begin with LACUNA_OPTIONS_INIT. */
typedef struct lacuna_options {
    size_t bytes;       /* sizeof(lacuna_options): tells the library which fields there are */
    double seed;        /* whole, >= 0; below 0: the model's, else one is drawn */
    double replicate;   /* whole, >= 0; below 0: the model's */
    int threads;        /* of this simulation; 0 = all cores. The numbers do not depend on it */
    double until;       /* [s] the end; 0 = the model's */
    const char *result; /* path of a result file; NULL = in memory alone. Copied */
    int overwrite;      /* a result that is there */
    lacuna_progress progress;  /* may be NULL */
    void *context;             /* of both callbacks */
    lacuna_warning warning;    /* may be NULL: see lacuna_simulation_warning */
    const lacuna_start *start; /* in place of initial values; NULL = none */
    /* Of a simulation with a result. Texts are copied, and may be NULL. */
    const char *checkpoint; /* path of its checkpoint; NULL = beside the result */
    const char *note;       /* this and the next three are stored with the result */
    const char *command, *host;
    const char *created; /* date and time */
    int unread; /* its series are not asked for: without endpoints, they are in the file alone */
} lacuna_options;
#define LACUNA_OPTIONS_INIT                                                                        \
    {                                                                                              \
        sizeof(lacuna_options), -1, -1, 1, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,   \
            NULL, NULL, 0                                                                          \
    }

/* A simulation at time 0. `options` may be NULL. Simulations with a result file take turns when
 * they are advanced in several threads, since the library of the files is for one thread at a time.
 */
LACUNA_API int lacuna_simulation_create(const lacuna_model *model, const lacuna_options *options,
                                        lacuna_simulation **simulation);
/* A simulation with a result, from where a checkpoint file left it: the result goes on to the same
 * bits as if it had never been interrupted. `options` name the result; a checkpoint of NULL is the
 * one beside it. Its series and endpoints are in the file alone. LACUNA_NO_INPUT: there is none, or
 * it is damaged. LACUNA_INPUT: it is of another model. Simulations with a result write checkpoints
 * as `checkpoint.every` of the model says, and when lacuna_simulation_advance_to or _finish is
 * cancelled. */
LACUNA_API int lacuna_simulation_resume(const lacuna_model *model, const char *checkpoint,
                                        const lacuna_options *options,
                                        lacuna_simulation **simulation);
/* NULL is allowed. A result that was not finished stays with the frames that it has. */
LACUNA_API int lacuna_simulation_free(lacuna_simulation *simulation);
LACUNA_API const char *lacuna_simulation_error(const lacuna_simulation *simulation);
/* The last warning: something that the user should see, though it goes on; "" without one. */
LACUNA_API const char *lacuna_simulation_warning(const lacuna_simulation *simulation);

/* Advances to exactly `time` [s], with all events and frames on the way; the first call also does
 * what is due at time 0. LACUNA_MISUSE: a time in the past or after the end. LACUNA_CANCELLED: it
 * stands at the end of a step, and can be advanced again. LACUNA_NUMERICS, LACUNA_MEMORY,
 * LACUNA_FILE: it must be reset, restored or freed. */
LACUNA_API int lacuna_simulation_advance_to(lacuna_simulation *simulation, double time);
/* Advances to the end and closes the result. */
LACUNA_API int lacuna_simulation_finish(lacuna_simulation *simulation);
/* From another thread or a callback: the call that is advancing leaves after its step; without one,
 * the next does. */
LACUNA_API int lacuna_simulation_cancel(lacuna_simulation *simulation);

/* [s]; NaN for a handle that is none. */
LACUNA_API double lacuna_simulation_time(const lacuna_simulation *simulation);
LACUNA_API double lacuna_simulation_end(const lacuna_simulation *simulation);
LACUNA_API double lacuna_simulation_seed(const lacuna_simulation *simulation);

/* What was done so far. */
typedef struct lacuna_counters {
    double time, end;          /* [s] */
    size_t frames;             /* complete ones */
    size_t steps, rejected;    /* steps that were rejected are not among the steps */
    size_t reasons;            /* for which steps are rejected */
    size_t rejected_by[8];     /* [reasons], where the method tells; else 0 */
    const char *const *reason; /* [reasons] "linear_solver", as in results */
    const char *const *words;  /* [reasons] "linear solver" */
    size_t evaluations;        /* of right-hand sides */
    size_t iterations;         /* of the linear solver */
    double last_step;          /* [s] */
    double closure;            /* worst relative closure of the ledger at the last frame */
    double checkpoint_seconds; /* of wall clock that a checkpoint takes */
    int has_odd_frame;         /* resumed at the end of a run for which this one has no frame */
} lacuna_counters;
LACUNA_API int lacuna_simulation_counters(const lacuna_simulation *simulation,
                                          lacuna_counters *counters);
/* What it started from, and which parameters differ, as a sentence; "" for initial values. */
LACUNA_API const char *lacuna_simulation_origin(const lacuna_simulation *simulation);

/* Back to time 0 with another seed and replicate (below 0: as they are): the same numbers as a new
 * simulation, without making one. In memory only; changed parameters go back too. */
LACUNA_API int lacuna_simulation_reset(lacuna_simulation *simulation, double seed,
                                       double replicate);

/* From the next reset on, these parameters (indices as of lacuna_model_parameter) have these
 * values, in their units, as if the model had been set so: derived parameters, initial values and
 * all else follows. They stay until they are changed again, also in copies. LACUNA_INPUT: not
 * finite, derived, or of effect only when the text is read: what is_fixed, and what an initial
 * value without `atol` depends on (but for the method exact). */
LACUNA_API int lacuna_simulation_vary(lacuna_simulation *simulation, size_t count,
                                      const size_t *parameters, const double *values);
/* The same by names and texts such as "5e7 cell", with the bits of a model that is opened with them
 * as `set`. */
LACUNA_API int lacuna_simulation_vary_texts(lacuna_simulation *simulation, const lacuna_set *set,
                                            size_t sets);
/* Can a parameter be varied so in simulations of the model? LACUNA_INPUT: no, and why. */
LACUNA_API int lacuna_model_can_vary(const lacuna_model *model, const char *name);

/* --- values
 * ---------------------------------------------------------------------------------------- */

/* The grid of a tissue. A field in it has voxels[0] * voxels[1] * voxels[2] values; that of voxel
 * (x, y, z) is value[x + voxels[0] * (y + voxels[1] * z)], z from the surface down. */
typedef struct lacuna_grid {
    size_t voxels[3];     /* along x, y, z; 0 without tissue */
    double size[3];       /* [um] of a voxel; along z the mean, see lacuna_simulation_layers */
    const double *active; /* 1 = takes part, per voxel; NULL = all do. Borrowed */
} lacuna_grid;
/* By the index of the tissue. LACUNA_MISUSE: there is no such tissue. */
LACUNA_API int lacuna_simulation_grid_of(const lacuna_simulation *simulation, size_t tissue,
                                         lacuna_grid *grid);
/* Of the only tissue, or an empty grid where there is none. LACUNA_MISUSE: there are several. */
LACUNA_API int lacuna_simulation_grid(const lacuna_simulation *simulation, lacuna_grid *grid);

/* Where layers are of several thicknesses: the depths between them [um], count + 1 of them for
 * count layers, from the surface down; size[2] of the grid is then the mean. NULL and 0 where all
 * layers are alike. Borrowed. LACUNA_MISUSE as there. */
LACUNA_API int lacuna_simulation_layers_of(const lacuna_simulation *simulation, size_t tissue,
                                           const double **bounds, size_t *count);
LACUNA_API int lacuna_simulation_layers(const lacuna_simulation *simulation, const double **bounds,
                                        size_t *count);

/* The values of a variable as they are now, borrowed: the array follows the simulation, and is
 * valid until it is advanced, changed, reset, restored or freed. `factor` times a value is in the
 * unit of the variable. count = 1 for a pool. */
typedef struct lacuna_values {
    const double *value;
    size_t count;
    double factor;
} lacuna_values;
LACUNA_API int lacuna_simulation_variable(const lacuna_simulation *simulation, size_t index,
                                          lacuna_values *values);

/* All series now, in their units, in the order of lacuna_model_series; borrowed until the next
 * call. Looking changes nothing: first() remembers what was so at frames (`save: every`). */
LACUNA_API int lacuna_simulation_series(lacuna_simulation *simulation, const double **values,
                                        size_t *count);
/* Keeps all series at every frame from now on (`save: every`), or no longer. */
LACUNA_API int lacuna_simulation_record(lacuna_simulation *simulation, int on);
/* What was kept since time 0, a restore, or the last record: borrowed until the simulation is
 * advanced, reset, restored or freed. */
typedef struct lacuna_curves {
    size_t frames, series;
    const double *time;  /* [frames] [s] */
    const double *value; /* [frames][series], in the order and units of lacuna_model_series */
} lacuna_curves;
LACUNA_API int lacuna_simulation_curves(const lacuna_simulation *simulation, lacuna_curves *curves);
/* The endpoints of what was kept, in the order in which they were added; NaN where there is no such
 * number. Borrowed until the next call. */
LACUNA_API int lacuna_simulation_endpoints(lacuna_simulation *simulation, const double **values,
                                           size_t *count);
/* One of them by name. */
LACUNA_API int lacuna_simulation_value(lacuna_simulation *simulation, const char *name,
                                       double *value);
/* A parameter now, in its unit. */
LACUNA_API int lacuna_simulation_parameter(const lacuna_simulation *simulation, const char *name,
                                           double *value);

/* --- changes on the way
 * ------------------------------------------------------------------------------ */

/* Sets a parameter, or a variable everywhere, from now on: from a text with unit, or a number in
 * its own unit. LACUNA_INPUT: unknown, derived or fixed, another dimension, not finite, or negative
 * where it must not be. */
LACUNA_API int lacuna_simulation_set(lacuna_simulation *simulation, const char *name,
                                     const char *value);
LACUNA_API int lacuna_simulation_set_number(lacuna_simulation *simulation, const char *name,
                                            double value);
/* A dose: adds to a variable, in `region` of the tissue or everywhere (NULL). The text is a density
 * ("2 nM"), or an amount in the joint ("10 mg", "5e7 cell") that is spread evenly; masses need the
 * species' molar mass. */
LACUNA_API int lacuna_simulation_add(lacuna_simulation *simulation, const char *variable,
                                     const char *value, const char *region);
/* An event or dose of the model by name, as if it were due now. */
LACUNA_API int lacuna_simulation_fire(lacuna_simulation *simulation, const char *event);

/* --- copies
 * -------------------------------------------------------------------------------------------- */

/* Another simulation in memory that stands where this one does and goes on to the same numbers,
 * with the same options. LACUNA_MISUSE: a simulation with a result cannot be copied or saved. */
LACUNA_API int lacuna_simulation_copy(lacuna_simulation *simulation, lacuna_simulation **copy);

/* Other random numbers from now on, so that copies part: those of this seed and replicate (below 0:
 * as they are). Nothing else changes. LACUNA_MISUSE: a simulation with a result keeps its own. */
LACUNA_API int lacuna_simulation_reseed(lacuna_simulation *simulation, double seed,
                                        double replicate);

/* A checkpoint in memory; it may outlive the simulation, and be restored in any other of the same
 * model with the same values. LACUNA_INPUT: it is of another, or of a time after the end of the
 * simulation, which is as it was. */
typedef struct lacuna_checkpoint lacuna_checkpoint;
LACUNA_API int lacuna_simulation_save(lacuna_simulation *simulation,
                                      lacuna_checkpoint **checkpoint);
LACUNA_API int lacuna_simulation_restore(lacuna_simulation *simulation,
                                         const lacuna_checkpoint *checkpoint);
LACUNA_API int lacuna_checkpoint_free(lacuna_checkpoint *checkpoint);

/* --- starts
 * -------------------------------------------------------------------------------------------- */

/* A state that simulations begin with, of this model or of another one with the same variables and
 * grid: the one that a simulation of `model` begins with, which with `start: rest` is its steady
 * state. `words` say what it is, in results too ("the rest with k=2"); NULL = nothing. `threads` as
 * in the options. Simulations that use it may outlive it. */
LACUNA_API int lacuna_start_of_model(const lacuna_model *model, const char *words, int threads,
                                     lacuna_start **start);
LACUNA_API int lacuna_start_free(lacuna_start *start);
/* How its steady state was found. */
typedef struct lacuna_rest {
    size_t steps;    /* 0: it is no steady state */
    double residual; /* tolerances by which a further year changes it */
} lacuna_rest;
LACUNA_API int lacuna_start_rest(const lacuna_start *start, lacuna_rest *rest);
/* *text := it as a part that scenarios include: `initial:` with all variables. `origin` is said in
 * the comment at its head (a command); NULL = nothing. Valid until the next call, or it is freed.
 * LACUNA_INPUT: a field varies within a layer. */
LACUNA_API int lacuna_start_text(lacuna_start *start, const char *origin, const char **text);

/* --- results in files
 * ---------------------------------------------------------------------------------- */

typedef enum lacuna_result_kind {
    LACUNA_RESULT_NONE,       /* there is no file */
    LACUNA_RESULT_WHOLE,      /* of this model, up to its end or beyond */
    LACUNA_RESULT_RESUMABLE,  /* of this model; lacuna_simulation_resume continues it */
    LACUNA_RESULT_UNFINISHED, /* of this model, without a usable checkpoint */
    LACUNA_RESULT_DAMAGED,    /* a result that cannot be read */
    LACUNA_RESULT_BLANK,      /* left by a run that was killed before its first frame */
    LACUNA_RESULT_OTHER,      /* a result of another model */
    LACUNA_RESULT_FOREIGN     /* no result */
} lacuna_result_kind;
typedef struct lacuna_result {
    lacuna_result_kind kind;
    size_t frames;   /* complete ones */
    double time;     /* [s] of the last; 0 without one */
    double seed;     /* of a result of this model; below 0: none */
    const char *why; /* a sentence where it is of no use, else "". Until the next call of this */
} lacuna_result;
/* Finishes what a kill has interrupted in the file `path`, and says what is there. A seed that the
 * model does not have is the one of the result: create with it. LACUNA_FILE while another process
 * is writing it. */
LACUNA_API int lacuna_model_result(lacuna_model *model, const char *path, lacuna_result *result);
/* The path of the checkpoint beside a result, into path[bytes]. LACUNA_MISUSE: too few bytes. */
LACUNA_API int lacuna_checkpoint_beside(const char *result, char *path, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
