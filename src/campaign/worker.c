/* Workers: the model of the point at hand, and a simulation of it that begins again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/worker.h"

#include "base/memory.h"
#include "campaign/worker_sources.h"
#include "language/diagnostics.h"
#include "library/lacuna.h"
#include "store/layout.h"

#include <stdio.h>
#include <string.h>

/* Factors stand in the text of a model, or are varied in a simulation of it: what arms set comes
 * first, then what the rows have. */
struct lac_worker {
    const lac_sample_table *samples;
    bool decided, *in_text;        /* owned [factors] */
    size_t varied;                 /* how many are not in the text */
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
    lac_free(worker->in_text);
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

/* --- the model of a point
 * ------------------------------------------------------------------------------------------- */

/* The values of a point as the words of a member's command: of the factors from `first` on that
 * stand in the text, or of those that do not. */
typedef struct choice {
    size_t point, first;
    bool in_text;
    const lacuna_set *more; /* than the plan sets */
    size_t mores;
} choice;

static lac_status gather(const lac_worker *worker, choice of, lacuna_set *set, lac_text *words,
                         size_t *count)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = worker->samples;
    *count = 0;
    for (size_t factor = of.first; factor < samples->plan->factors; factor++) {
        lac_text *word = &words[factor];
        if (worker->in_text[factor] != of.in_text)
            continue;
        lac_sample_table_setting(samples, of.point, factor, word);
        LAC_TRY(word->failed);
        char *equals = strchr(word->bytes, '=');
        *equals = '\0';
        set[(*count)++] = (lacuna_set){word->bytes, equals + 1};
    }
out:
    return status;
}

static void free_words(lac_text *words, size_t count)
{
    for (size_t each = 0; words && each < count; each++)
        lac_text_free(&words[each]);
    lac_free(words);
}

/* What all members are given. */
static size_t gather_sets(const lac_plan *plan, lacuna_set *set)
{
    for (size_t each = 0; each < plan->sets; each++)
        set[each] = (lacuna_set){plan->set[each].name, plan->set[each].value};
    if (plan->trial)
        set[plan->sets] = (lacuna_set){"run.save.at", plan->model->settings.save_at};
    return plan->sets + (plan->trial != NULL);
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

static lac_status load_model(const lac_worker *worker, choice of, lacuna_model **model)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = worker->samples->plan;
    lacuna_set *set = NULL;
    lac_text *words = NULL;
    size_t count;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    LAC_NEW(set, plan->sets + 1 + plan->factors + of.mores);
    LAC_NEW(words, plan->factors);
    opening.sets = gather_sets(plan, set);
    LAC_TRY(gather(worker, of, set + opening.sets, words, &count));
    opening.sets += count;
    for (size_t each = 0; each < of.mores; each++)
        set[opening.sets++] = of.more[each];
    opening.find = find;
    opening.context = (void *)plan;
    opening.set = set;
    status = lac_status_of_exit_code(lacuna_model_open(plan->scenario, &opening, model));
    LAC_TRY(first_error(*model, status));
    LAC_TRY(lac_worker_compare_sources(plan->model, *model));
out:
    free_words(words, plan->factors);
    lac_free(set);
    return status;
}

/* Settings, and what is of effect only when the text is read, cannot be varied; and what a start
 * follows from stands in the text that it is found of. */
static void choose(lac_worker *worker, const lacuna_model *model)
{
    const lac_plan *plan = worker->samples->plan;
    bool rows = lac_plan_shares_start(plan);
    for (size_t factor = 0; factor < plan->factors; factor++) {
        bool varies = lacuna_model_can_vary(model, plan->factor[factor].name) == LACUNA_OK;
        worker->in_text[factor] = !varies;
        rows = rows || !varies;
    }
    for (size_t factor = plan->arm_factors; factor < plan->factors; factor++)
        worker->in_text[factor] = rows;
    for (size_t factor = 0; factor < plan->factors; factor++)
        worker->varied += !worker->in_text[factor];
}

static lac_status decide(lac_worker *worker)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = worker->samples->plan;
    lacuna_model *plain = NULL;
    if (worker->decided)
        return LAC_OK;
    LAC_NEW(worker->in_text, plan->factors);
    if (plan->factors > 0) {
        LAC_TRY(load_model(worker, (choice){.first = plan->factors}, &plain));
        choose(worker, plain);
    }
    worker->decided = true;
out:
    lacuna_model_free(plain);
    return status;
}

static bool same_text(const lac_worker *worker, size_t point)
{
    const lac_sample_table *samples = worker->samples;
    const size_t factors = samples->plan->factors;
    bool same = worker->model != NULL;
    for (size_t factor = 0; same && factor < factors; factor++)
        same = !worker->in_text[factor] || samples->value[worker->point * factors + factor] ==
                                               samples->value[point * factors + factor];
    return same;
}

static lac_status find_model(lac_worker *worker, size_t point)
{
    lac_status status = LAC_OK;
    LAC_TRY(decide(worker));
    if (same_text(worker, point))
        return LAC_OK;
    forget_model(worker);
    LAC_TRY(load_model(worker, (choice){.point = point, .in_text = true}, &worker->model));
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
    const choice of = {lac_sample_table_point(worker->samples, member),
                       worker->samples->plan->arm_factors, true, streams, 2};
    return load_model(worker, of, before);
}

static bool arms_are_in_text(const lac_worker *worker)
{
    bool any = false;
    for (size_t factor = 0; factor < worker->samples->plan->arm_factors; factor++)
        any = any || worker->in_text[factor];
    return any;
}

/* Of the model at hand when no arm changes its text: then its start is not drawn either. */
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
    if (arms_are_in_text(worker))
        LAC_TRY(load_before(worker, member, &before));
    LAC_TRY(lac_status_of_exit_code(
        lacuna_start_of_model(before ? before : worker->model, NULL, 1, &worker->start)));
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

static lac_status create(lac_worker *worker, const lacuna_options *options)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_status_of_exit_code(
        lacuna_simulation_create(worker->model, options, &worker->simulation)));
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_record(worker->simulation, 1)));
out:
    return status;
}

/* What does not stand in the text. */
static lac_status vary(lac_worker *worker, size_t member)
{
    lac_status status = LAC_OK;
    const size_t factors = worker->samples->plan->factors;
    const choice of = {.point = lac_sample_table_point(worker->samples, member)};
    lacuna_set *set = NULL;
    lac_text *words = NULL;
    size_t count;
    LAC_NEW(set, factors);
    LAC_NEW(words, factors);
    LAC_TRY(gather(worker, of, set, words, &count));
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_vary_texts(worker->simulation, set, count)));
out:
    free_words(words, factors);
    lac_free(set);
    return status;
}

/* A simulation at the start of the member: of a model alone, or that of another member. */
static lac_status begin(lac_worker *worker, size_t member)
{
    lac_status status = LAC_OK;
    const bool fresh = !worker->simulation;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lac_sample_table_streams(worker->samples, member, &options.seed, &options.replicate);
    options.start = worker->start;
    if (fresh)
        LAC_TRY(create(worker, &options));
    if (worker->varied > 0)
        LAC_TRY(vary(worker, member));
    if (worker->varied > 0 || !fresh)
        LAC_TRY(lac_status_of_exit_code(
            lacuna_simulation_reset(worker->simulation, options.seed, options.replicate)));
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

static lac_status run(lac_worker *worker, size_t member)
{
    lac_status status = LAC_OK;
    LAC_TRY(find_model(worker, lac_sample_table_point(worker->samples, member)));
    LAC_TRY(find_start(worker, member));
    LAC_TRY(begin(worker, member));
    LAC_TRY(lac_status_of_exit_code(lacuna_simulation_finish(worker->simulation)));
    LAC_TRY(turn(worker));
out:
    if (status != LAC_OK)
        forget_model(worker);
    return status;
}

/* Wrong values of a member are reported by its text, with their place. */
static lac_status run_text(lac_worker *worker, size_t member)
{
    const size_t factors = worker->samples->plan->factors, varied = worker->varied;
    lac_status status = LAC_OK;
    bool *in_text = worker->in_text;
    worker->in_text = NULL;
    LAC_NEW(worker->in_text, factors);
    memset(worker->in_text, true, factors * sizeof *in_text);
    worker->varied = 0;
    status = run(worker, member);
    forget_model(worker);
out:
    lac_free(worker->in_text);
    worker->in_text = in_text;
    worker->varied = varied;
    return status;
}

lac_status lac_worker_run(lac_worker *worker, size_t member, lac_curves *curves)
{
    lac_status status = run(worker, member);
    if (status != LAC_OK && status != LAC_MEMORY && worker->varied > 0)
        status = run_text(worker, member);
    if (status == LAC_OK)
        *curves = (lac_curves){worker->frames, worker->series, worker->time, worker->value};
    return status;
}
