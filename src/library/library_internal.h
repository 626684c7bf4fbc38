/* What the handles of the public interface hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LIBRARY_LIBRARY_INTERNAL_H
#define LAC_LIBRARY_LIBRARY_INTERNAL_H

#include "library/handle_internal.h"
#include "library/lacuna.h"
#include "loading/override.h"
#include "plan/plan.h"
#include "run/simulation.h"
#include "run/start.h"
#include "run/survey.h"

/* A resolved model that handles share; it is never changed. */
typedef struct lac_core {
    atomic_size_t holders;
    lac_model *model; /* owned */
} lac_core;

lac_core *lac_core_hold(lac_core *core);
void lac_core_drop(lac_core *core); /* NULL is allowed */

/* A state that simulations begin with, which handles share; it is never changed. */
typedef struct lac_begun {
    atomic_size_t holders;
    lac_core *core;
    lac_model model; /* the core's, with settings of its own: nothing in it is owned */
    lac_start start; /* owned, but for its model */
} lac_begun;

lac_begun *lac_begun_hold(lac_begun *begun); /* NULL is allowed, as below */
void lac_begun_drop(lac_begun *begun);

/* Endpoints of a model; what handles share is never changed. */
typedef struct lac_ends {
    atomic_size_t holders;
    size_t count;
    lac_override *asked;    /* owned, with its texts */
    lac_endpoint *endpoint; /* owned */
    size_t *series;         /* owned: of lacuna_model_series; LAC_NONE of those that join two */
    char **unit;            /* owned, with its texts */
} lac_ends;

lac_ends *lac_ends_hold(lac_ends *ends); /* NULL is allowed, as below */
void lac_ends_drop(lac_ends *ends);

/* The frames of a simulation so far. */
typedef struct lac_record {
    bool on;
    size_t frames, series, capacity;
    double *time;    /* owned [capacity] [s] */
    double *value;   /* owned [capacity][series] */
    double *scratch; /* owned [2][capacity]: a curve with its times [h] */
} lac_record;

void lac_record_free(lac_record *record);
lac_status lac_record_copy(const lac_record *from, lac_record *to);

/* What lacuna_model_survey lends. */
typedef struct lac_lent_survey {
    lac_survey *survey;      /* owned, as all of this */
    lacuna_scales *variable; /* [variables] */
    lacuna_process *process; /* [processes] */
    lac_text warnings, whole, brief, json;
} lac_lent_survey;

void lac_lent_survey_free(lac_lent_survey *lent);

struct lacuna_model {
    lac_handle handle;
    char *path, *text, *directory; /* owned; text NULL = of a file */
    size_t sets, capacity;
    lac_override *set;  /* owned, with its texts */
    char *data;         /* owned: where installed parts are; NULL = as built */
    char *result;       /* owned: of the checkpoint that it is of; NULL = of none */
    lacuna_finder find; /* in place of `data`; NULL = none */
    void *context;
    bool stream, for_run, review;
    lac_core *core;  /* NULL when nothing right was loaded */
    lac_model model; /* the core's, with settings of its own: nothing in it is owned */
    char *why;       /* owned: of lacuna_model_result */
    lac_ends *ends;  /* NULL without endpoints */
    lac_text whole;  /* of lacuna_model_text */
    lac_lent_survey survey;
    lac_diagnostics list;
    size_t problems;
    lacuna_problem *problem; /* owned, with its texts */
};

/* Texts that a simulation with a result was given: owned, each may be NULL. */
typedef struct lac_given {
    char *checkpoint, *note, *command, *host, *created;
} lac_given;

struct lacuna_simulation {
    lac_handle handle;
    lac_core *core;
    lac_model model; /* the core's, with settings of its own: nothing in it is owned */
    lac_simulation *run;
    int threads;
    char *result;     /* owned; NULL = in memory */
    lac_begun *begun; /* NULL = initial values */
    lac_given given;
    bool unread;
    lacuna_progress progress;
    lacuna_warning warn;
    void *context;
    atomic_bool cancelled;
    bool broken;    /* what it holds is of no further use */
    double *series; /* owned [lac_simulation_series] */
    lac_ends *ends;
    lac_record record;
    double *end; /* owned [ends->count] */
    char warning[1024];
};

struct lacuna_checkpoint {
    lac_handle handle;
    lac_core *core;
    lac_memory_checkpoint *kept;
    double time, seed, replicate;
};

struct lacuna_start {
    lac_handle handle;
    lac_begun *begun;
    lac_text text; /* of lacuna_start_text */
};

/* Reads the text of a model with all that was set; on failure the model is as it was, with other
 * problems. */
lac_status lac_library_load(lacuna_model *model, const lac_override *set, size_t sets);
/* Of one that is not enlisted. NULL is allowed. */
void lac_library_free_model(lacuna_model *model);
/* Adds to set[*sets], which has room, or replaces what it has of that name. */
lac_status lac_library_add_set(lac_override *set, size_t *sets, const char *name,
                               const char *value);
void lac_library_forget_problems(lacuna_model *model);
lac_status lac_library_list_problems(lacuna_model *model);
/* *kept := a copy, owned; NULL of NULL. */
lac_status lac_library_keep(const char *text, char **kept);

/* The model of a handle, or NULL with a status. */
lac_status lac_library_model(const lacuna_model *handle, const lac_model **model);

/* The index of a name among `count`, whose names `word` tells; LAC_INPUT with the nearest. */
typedef const char *(*lac_word_call)(const lac_model *model, size_t index);
typedef struct lac_choice {
    const char *what; /* "parameter" */
    lac_word_call word;
    size_t count;
} lac_choice;
lac_status lac_library_find(const lac_model *model, lac_choice choice, const char *name,
                            size_t *index);
lac_status lac_find_parameter(const lac_model *model, const char *name, size_t *index);
lac_status lac_find_variable(const lac_model *model, const char *name, size_t *index);
lac_status lac_find_series(const lac_model *model, const char *name, size_t *index);
lac_status lac_find_event(const lac_model *model, const char *name, size_t *index);

/* A number in a unit of display, as a text that is read back. */
lac_status lac_library_number(double value, const lac_display *display, lac_text *text);

/* A number in the unit of a parameter or the like as the text of it would be read [internal]. */
double lac_library_internal(double value, const lac_display *display, lac_dimension dimension);

/* A frame of a simulation, into its record. */
lac_status lac_record_frame(void *context, const lac_simulation *run, bool fields);

/* Enters a simulation that can go on, with its number of threads; *threads are those of the caller,
 * for leaving. */
lac_status lac_simulation_enter(lacuna_simulation *simulation, int *threads);
/* The same of one that may have failed, for what makes it whole again. */
lac_status lac_simulation_enter_any(lacuna_simulation *simulation, int *threads);
int lac_simulation_leave(lacuna_simulation *simulation, int threads, lac_status status);
/* LAC_USAGE when its series are not computed. */
lac_status lac_simulation_need_series(const lacuna_simulation *simulation);
/* A failure in the middle of something makes it useless. */
lac_status lac_simulation_judge(lacuna_simulation *simulation, lac_status status);
/* Seed, replicate and end of the options; a seed where one is wanted and none was said. */
lac_status lac_simulation_set_options(lacuna_simulation *simulation, const lacuna_options *options);
lac_status lac_simulation_check_options(const lacuna_options *options);
/* A new one of the same model; `like` gives all options but the result. */
lac_status lac_simulation_again(const lacuna_simulation *like, lacuna_simulation **simulation);

#endif
