/* Workers: the model of the point at hand, and a simulation of it that begins again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/worker.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "run/simulation.h"
#include "run/start.h"

#include <string.h>

struct lac_worker {
    const lac_sample_table *samples;
    size_t point;               /* whose model it is; LAC_NONE = none */
    lac_model *model;           /* owned, unless the plan's own */
    lac_simulation *simulation; /* owned; NULL = to be made */
    lac_start start;            /* owned: what the arms of `begun` begin with */
    size_t begun, starts;       /* LAC_NONE = none; how many were found */
    size_t frames, series, capacity;
    double *time, *frame, *value; /* owned: [capacity], [capacity][series], [series][capacity] */
};

static void forget_model(lac_worker *worker)
{
    lac_simulation_free(worker->simulation);
    worker->simulation = NULL;
    if (worker->model != worker->samples->plan->model)
        lac_model_free(worker->model);
    worker->model = NULL;
    worker->point = LAC_NONE;
}

void lac_worker_free(lac_worker *worker)
{
    if (!worker)
        return;
    forget_model(worker);
    lac_start_free(&worker->start);
    lac_free(worker->time);
    lac_free(worker->frame);
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

/* --- the model of a point
 * ------------------------------------------------------------------------------------------- */

/* Texts that were in no file have a name such as "--set". */
static size_t next_file(const lac_model *model, size_t source)
{
    while (source < model->sources && model->source[source]->path[0] == '-')
        source++;
    return source;
}

/* A scenario that was edited since the plan was read would make members of another model. */
static lac_status compare_sources(const lac_model *plan, const lac_model *model)
{
    size_t one = next_file(plan, 0), other = next_file(model, 0);
    while (one < plan->sources && other < model->sources) {
        if (strcmp(plan->source[one]->bytes, model->source[other]->bytes) != 0)
            return lac_fail(LAC_NO_INPUT, "%s has changed while the sweep was running",
                            model->source[other]->path);
        one = next_file(plan, one + 1);
        other = next_file(model, other + 1);
    }
    return one == plan->sources && other == model->sources
               ? LAC_OK
               : lac_fail(LAC_NO_INPUT,
                          "the files of the scenario have changed while the sweep was running");
}

/* The sets of the plan, then the values of the point from factor `first` on, as the words of a
 * member's command. */
static lac_status gather(const lac_sample_table *samples, size_t point, size_t first,
                         lac_override *set, lac_text *words)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = samples->plan;
    for (size_t each = 0; each < plan->sets; each++)
        set[each] = plan->set[each];
    for (size_t factor = first; factor < plan->factors; factor++) {
        lac_sample_table_setting(samples, point, factor, &words[factor]);
        LAC_TRY(words[factor].failed);
        char *equals = strchr(words[factor].bytes, '=');
        *equals = '\0';
        set[plan->sets + factor - first] = (lac_override){words[factor].bytes, equals + 1};
    }
out:
    return status;
}

static lac_status first_error(const lac_diagnostics *list, lac_status status)
{
    const char *line = lac_diagnostics_first_error(lac_text_of(&list->text));
    if (status != LAC_INPUT || !line)
        return status;
    return lac_fail(status, "%.*s", (int)strcspn(line, "\n"), line);
}

static lac_status load_model(const lac_worker *worker, size_t point, size_t first,
                             lac_model **model)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = worker->samples->plan;
    lac_override *set = NULL;
    lac_text *words = NULL;
    lac_diagnostics list = {0};
    LAC_NEW(set, plan->sets + plan->factors);
    LAC_NEW(words, plan->factors);
    LAC_TRY(gather(worker->samples, point, first, set, words));
    const lac_scenario_origin origin = {.path = plan->scenario,
                                        .override = set,
                                        .overrides = plan->sets + plan->factors - first,
                                        .finder = plan->finder};
    status = lac_scenario_load_from(&origin, &list, model);
    LAC_TRY(first_error(&list, status));
    LAC_TRY(compare_sources(plan->model, *model));
out:
    for (size_t factor = 0; words && factor < plan->factors; factor++)
        lac_text_free(&words[factor]);
    lac_free(words);
    lac_free(set);
    lac_diagnostics_free(&list);
    return status;
}

/* Without factors the plan's model is that of every member. */
static lac_status find_model(lac_worker *worker, size_t point)
{
    lac_status status = LAC_OK;
    if (worker->point == point && worker->model)
        return LAC_OK;
    forget_model(worker);
    if (worker->samples->plan->factors == 0)
        worker->model = worker->samples->plan->model;
    else
        LAC_TRY(load_model(worker, point, 0, &worker->model));
    worker->point = point;
out:
    return status;
}

/* The start of the point, found without what its arm sets: once for all arms that follow. */
static lac_status find_start(lac_worker *worker, size_t point)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = worker->samples;
    lac_model *before = NULL;
    size_t start = lac_sample_table_start(samples, point);
    if (!lac_plan_shares_start(samples->plan) || worker->begun == start)
        return LAC_OK;
    lac_start_free(&worker->start);
    worker->begun = LAC_NONE;
    LAC_TRY(load_model(worker, point, samples->plan->arm_factors, &before));
    LAC_TRY(lac_start_of_model(before, &worker->start));
    worker->begun = start;
    worker->starts++;
out:
    lac_model_free(before);
    return status;
}

size_t lac_worker_starts(const lac_worker *worker)
{
    return worker->starts;
}

/* --- frames
 * ------------------------------------------------------------------------------------------- */

static lac_status make_room(lac_worker *worker, size_t series)
{
    lac_status status = LAC_OK;
    size_t more = worker->capacity ? 2 * worker->capacity : 128;
    double *time = NULL, *frame = NULL;
    if (worker->frames < worker->capacity && series == worker->series)
        return LAC_OK;
    LAC_NEW(time, more);
    LAC_NEW(frame, more * series);
    if (worker->frames > 0) {
        memcpy(time, worker->time, worker->frames * sizeof *time);
        memcpy(frame, worker->frame, worker->frames * series * sizeof *frame);
    }
    lac_free(worker->time);
    lac_free(worker->frame);
    lac_free(worker->value);
    worker->time = time;
    worker->frame = frame;
    time = frame = worker->value = NULL;
    worker->capacity = more;
    worker->series = series;
    LAC_NEW(worker->value, more * series);
out:
    lac_free(time);
    lac_free(frame);
    return status;
}

static lac_status take_frame(void *context, const lac_simulation *simulation, bool fields)
{
    lac_status status = LAC_OK;
    lac_worker *worker = context;
    size_t series;
    const double *value = lac_simulation_values(simulation, &series);
    (void)fields;
    LAC_TRY(make_room(worker, series));
    worker->time[worker->frames] = lac_simulation_state(simulation)->time / LAC_FILE_TIME;
    memcpy(worker->frame + worker->frames * series, value, series * sizeof *value);
    worker->frames++;
out:
    return status;
}

static void turn(lac_worker *worker)
{
    for (size_t frame = 0; frame < worker->frames; frame++)
        for (size_t series = 0; series < worker->series; series++)
            worker->value[series * worker->frames + frame] =
                worker->frame[frame * worker->series + series];
}

/* --- a member
 * ------------------------------------------------------------------------------------------- */

static lac_status run_steps(lac_worker *worker)
{
    lac_status status = LAC_OK;
    const lac_run_options options = {.frame = take_frame,
                                     .context = worker,
                                     .start = worker->begun == LAC_NONE ? NULL : &worker->start};
    worker->frames = 0;
    if (worker->simulation)
        LAC_TRY(lac_simulation_reset(worker->simulation));
    else
        LAC_TRY(lac_simulation_create(worker->model, &options, &worker->simulation));
    LAC_TRY(lac_simulation_run(worker->simulation));
    turn(worker);
out:
    return status;
}

lac_status lac_worker_run(lac_worker *worker, size_t member, lac_curves *curves)
{
    lac_status status = LAC_OK;
    LAC_TRY(find_model(worker, lac_sample_table_point(worker->samples, member)));
    LAC_TRY(find_start(worker, lac_sample_table_point(worker->samples, member)));
    lac_settings *settings = &worker->model->settings;
    lac_sample_table_streams(worker->samples, member, &settings->seed, &settings->replicate);
    LAC_TRY(run_steps(worker));
    *curves = (lac_curves){worker->frames, worker->series, worker->time, worker->value};
out:
    if (status != LAC_OK)
        forget_model(worker);
    return status;
}
