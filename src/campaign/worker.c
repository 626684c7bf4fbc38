/* Workers: the model of the point at hand, and a simulation of it that begins again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/worker.h"

#include "base/memory.h"
#include "language/diagnostics.h"
#include "library/lacuna.h"
#include "store/layout.h"

#include <stdio.h>
#include <string.h>

struct lac_worker {
    const lac_sample_table *samples;
    size_t point;                  /* whose model it is; LAC_NONE = none */
    lacuna_model *model;           /* owned, as the next two */
    lacuna_simulation *simulation; /* NULL = to be made */
    lacuna_start *start;           /* what the arms of `begun` begin with; NULL = initial values */
    size_t begun, starts;          /* LAC_NONE = none; how many were found */
    size_t frames, series, capacity;
    double *time, *value; /* owned: [capacity], [series][capacity] */
};

static void forget_model(lac_worker *worker)
{
    lacuna_simulation_free(worker->simulation);
    lacuna_model_free(worker->model);
    worker->simulation = NULL;
    worker->model = NULL;
    worker->point = LAC_NONE;
}

void lac_worker_free(lac_worker *worker)
{
    if (!worker)
        return;
    forget_model(worker);
    lacuna_start_free(worker->start);
    lac_free(worker->time);
    lac_free(worker->value);
    lac_free(worker);
}

lac_status lac_worker_create(const lac_sample_table *samples, lac_worker **worker)
{
    lac_status status = LAC_OK;
    LAC_NEW(*worker, 1);
    (*worker)->samples = samples;
    (*worker)->point = (*worker)->begun = LAC_NONE;
out:
    return status;
}

/* The model of a point, or of a part of what it sets. */
typedef struct part_of_point {
    size_t point, first;   /* from this factor on */
    const lacuna_set *set; /* more than the plan sets */
    size_t sets;
} part_of_point;

/* --- the model of a point
 * ------------------------------------------------------------------------------------------- */

/* Texts that were in no file have a name such as "--set". */
static size_t next_of_plan(const lac_model *model, size_t source)
{
    while (source < model->sources && model->source[source]->path[0] == '-')
        source++;
    return source;
}

static bool next_of_model(const lacuna_model *model, size_t *index, lacuna_source *source)
{
    while (*index < lacuna_model_sources(model))
        if (lacuna_model_source(model, (*index)++, source) == LACUNA_OK && source->name[0] != '-')
            return true;
    return false;
}

/* A scenario that was edited since the plan was read would make members of another model. */
static lac_status compare_sources(const lac_model *plan, const lacuna_model *model)
{
    lacuna_source source;
    size_t index = 0, one = next_of_plan(plan, 0);
    for (; next_of_model(model, &index, &source); one = next_of_plan(plan, one + 1)) {
        if (one == plan->sources)
            break;
        if (strcmp(plan->source[one]->bytes, source.text) != 0)
            return lac_fail(LAC_NO_INPUT, "%s has changed while the sweep was running",
                            source.name);
    }
    return one == plan->sources && !next_of_model(model, &index, &source)
               ? LAC_OK
               : lac_fail(LAC_NO_INPUT,
                          "the files of the scenario have changed while the sweep was running");
}

/* The sets of the plan, then the values of the point from factor `first` on, as the words of a
 * member's command, then the sets `more`. */
static lac_status gather(const lac_worker *worker, const part_of_point *part, lacuna_set *set,
                         lac_text *words)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = worker->samples->plan;
    for (size_t each = 0; each < plan->sets; each++)
        *set++ = (lacuna_set){plan->set[each].name, plan->set[each].value};
    for (size_t factor = part->first; factor < plan->factors; factor++) {
        lac_sample_table_setting(worker->samples, part->point, factor, &words[factor]);
        LAC_TRY(words[factor].failed);
        char *equals = strchr(words[factor].bytes, '=');
        *equals = '\0';
        *set++ = (lacuna_set){words[factor].bytes, equals + 1};
    }
    for (size_t each = 0; each < part->sets; each++)
        *set++ = part->set[each];
out:
    return status;
}

static int find(void *context, const char *said, char *path, size_t bytes)
{
    const lac_plan *plan = context;
    char *found = plan->finder.find ? plan->finder.find(plan->finder.context, said) : NULL;
    bool is = found && strlen(found) < bytes;
    if (is)
        strcpy(path, found);
    lac_free(found);
    return is;
}

/* The sentence of a text that is wrong is its first error. */
static lac_status first_error(const lacuna_model *model, lac_status status)
{
    const char *line = model ? lac_diagnostics_first_error(lacuna_model_problem_text(model)) : NULL;
    if (status != LAC_INPUT || !line)
        return status;
    return lac_fail(status, "%.*s", (int)strcspn(line, "\n"), line);
}

static lac_status load_model(const lac_worker *worker, const part_of_point *part,
                             lacuna_model **model)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = worker->samples->plan;
    lacuna_set *set = NULL;
    lac_text *words = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    opening.sets = plan->sets + plan->factors - part->first + part->sets;
    LAC_NEW(set, opening.sets);
    LAC_NEW(words, plan->factors);
    LAC_TRY(gather(worker, part, set, words));
    opening.find = find;
    opening.context = (void *)plan;
    opening.set = set;
    status = lac_status_of_exit_code(lacuna_model_open(plan->scenario, &opening, model));
    LAC_TRY(first_error(*model, status));
    LAC_TRY(compare_sources(plan->model, *model));
out:
    for (size_t factor = 0; words && factor < plan->factors; factor++)
        lac_text_free(&words[factor]);
    lac_free(words);
    lac_free(set);
    return status;
}

static lac_status find_model(lac_worker *worker, size_t point)
{
    lac_status status = LAC_OK;
    bool same = worker->point == point || worker->samples->plan->factors == 0;
    if (same && worker->model)
        return LAC_OK;
    forget_model(worker);
    LAC_TRY(load_model(worker, &(part_of_point){.point = point}, &worker->model));
    worker->point = point;
out:
    return status;
}

/* --- the start of a member, found without what its arm sets: once for all arms that follow
 * ------------------------------------------------------------------------------------------- */

/* The model without what the arm sets, with the random numbers of the member. */
static lac_status load_before(const lac_worker *worker, size_t member, lacuna_model **before)
{
    char text[2][32];
    double seed, replicate;
    lac_sample_table_streams(worker->samples, member, &seed, &replicate);
    snprintf(text[0], sizeof text[0], "%.0f", seed);
    snprintf(text[1], sizeof text[1], "%.0f", replicate);
    const lacuna_set streams[] = {{"run.seed", text[0]}, {"run.replicate", text[1]}};
    const part_of_point part = {lac_sample_table_point(worker->samples, member),
                                worker->samples->plan->arm_factors, streams, 2};
    return load_model(worker, &part, before);
}

static lac_status find_start(lac_worker *worker, size_t member)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = worker->samples;
    lacuna_model *before = NULL;
    if (!lac_plan_shares_start(samples->plan) ||
        worker->begun == lac_sample_table_start_of_member(samples, member))
        return LAC_OK;
    lacuna_simulation_free(worker->simulation); /* it begins with another start */
    lacuna_start_free(worker->start);
    worker->simulation = NULL;
    worker->start = NULL;
    worker->begun = LAC_NONE;
    LAC_TRY(load_before(worker, member, &before));
    LAC_TRY(lac_status_of_exit_code(lacuna_start_of_model(before, NULL, 1, &worker->start)));
    worker->begun = lac_sample_table_start_of_member(samples, member);
    worker->starts++;
out:
    lacuna_model_free(before);
    return status;
}

size_t lac_worker_starts(const lac_worker *worker)
{
    return worker->starts;
}

/* --- a member
 * ------------------------------------------------------------------------------------------- */

static lac_status create(lac_worker *worker, size_t member)
{
    lac_status status = LAC_OK;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lac_sample_table_streams(worker->samples, member, &options.seed, &options.replicate);
    options.start = worker->start;
    if (worker->simulation) {
        LAC_TRY(lac_status_of_exit_code(
            lacuna_simulation_reset(worker->simulation, options.seed, options.replicate)));
        goto out;
    }
    LAC_TRY(lac_status_of_exit_code(
        lacuna_simulation_create(worker->model, &options, &worker->simulation)));
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_record(worker->simulation, 1)));
out:
    return status;
}

static lac_status make_room(lac_worker *worker, const lacuna_curves *curves)
{
    lac_status status = LAC_OK;
    if (curves->frames <= worker->capacity && curves->series == worker->series)
        return LAC_OK;
    lac_free(worker->time);
    lac_free(worker->value);
    worker->time = worker->value = NULL;
    worker->capacity = 0;
    LAC_NEW(worker->time, 2 * curves->frames);
    LAC_NEW(worker->value, 2 * curves->frames * curves->series);
    worker->capacity = 2 * curves->frames;
    worker->series = curves->series;
out:
    return status;
}

/* Frame by frame becomes series by series, in hours. */
static lac_status turn(lac_worker *worker)
{
    lac_status status = LAC_OK;
    lacuna_curves curves;
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_curves(worker->simulation, &curves)));
    LAC_TRY(make_room(worker, &curves));
    worker->frames = curves.frames;
    for (size_t frame = 0; frame < curves.frames; frame++) {
        worker->time[frame] = curves.time[frame] / LAC_FILE_TIME;
        for (size_t series = 0; series < curves.series; series++)
            worker->value[series * curves.frames + frame] =
                curves.value[frame * curves.series + series];
    }
out:
    return status;
}

lac_status lac_worker_run(lac_worker *worker, size_t member, lac_curves *curves)
{
    lac_status status = LAC_OK;
    LAC_TRY(find_model(worker, lac_sample_table_point(worker->samples, member)));
    LAC_TRY(find_start(worker, member));
    LAC_TRY(create(worker, member));
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_finish(worker->simulation)));
    LAC_TRY(turn(worker));
    *curves = (lac_curves){worker->frames, worker->series, worker->time, worker->value};
out:
    if (status != LAC_OK)
        forget_model(worker);
    return status;
}
