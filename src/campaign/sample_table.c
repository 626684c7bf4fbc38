/* The sample table: the members of a plan and their values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/sample_table.h"

#include "analysis/copula.h"
#include "analysis/distribution.h"

#include "base/memory.h"
#include "methods/methods.h"
#include "model/random.h"
#include <math.h>
#include <string.h>

void lac_sample_table_free(lac_sample_table *samples)
{
    if (!samples)
        return;
    lac_free(samples->unit);
    lac_free(samples->value);
    lac_free(samples->number);
    lac_free(samples);
}

/* total *= factor while that stays within LAC_MEMBERS_MOST. */
static lac_status multiply(size_t *total, size_t factor)
{
    if (factor > LAC_MEMBERS_MOST / *total)
        return lac_fail(LAC_LIMIT, "this plan has more than %d members", LAC_MEMBERS_MOST);
    *total *= factor;
    return LAC_OK;
}

static lac_status count_members(lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = samples->plan;
    samples->arms = samples->points = samples->members = 1;
    samples->rows = plan->design == LAC_DESIGN_GRID ? 1 : lac_design_rows(&samples->design);
    for (size_t list = 0; list < plan->lists; list++)
        if (plan->factor[list].with == list)
            LAC_TRY(multiply(&samples->arms, plan->factor[list].levels));
    LAC_TRY(multiply(&samples->points, samples->arms));
    LAC_TRY(multiply(&samples->points, samples->rows));
    LAC_TRY(multiply(&samples->members, samples->points));
    LAC_TRY(multiply(&samples->members, plan->replicates));
out:
    return status;
}

/* The values of an arm: its digits in the mixed base of the lists, the last list first. */
static void put_levels(const lac_plan *plan, size_t arm, double *value)
{
    for (size_t list = plan->lists; list-- > 0;) {
        const lac_factor *factor = &plan->factor[list];
        if (factor->with != list)
            continue;
        size_t level = arm % factor->levels;
        arm /= factor->levels;
        for (size_t other = 0; other < plan->lists; other++)
            if (plan->factor[other].with == list)
                value[other] = plan->factor[other].level[level];
    }
}

static void put_sampled(const lac_plan *plan, const double *unit, double *value)
{
    for (size_t factor = plan->lists; factor < plan->factors; factor++)
        value[factor] = lac_factor_round(
            lac_distribution_quantile(&plan->factor[factor], unit[factor - plan->lists]));
}

/* Where the values of a column lie between the least and the greatest of it. */
static void put_shares(const lac_factor *factor, double *unit, size_t stride)
{
    double low = factor->level[0], high = low;
    for (size_t row = 1; row < factor->levels; row++) {
        low = fmin(low, factor->level[row]);
        high = fmax(high, factor->level[row]);
    }
    for (size_t row = 0; row < factor->levels; row++)
        unit[row * stride] = high > low ? (factor->level[row] - low) / (high - low) : 0.5;
}

static void put_row(const lac_plan *plan, size_t row, double *value)
{
    for (size_t factor = plan->lists; factor < plan->factors; factor++)
        value[factor] = plan->factor[factor].level[row];
}

static void put_values(lac_sample_table *samples)
{
    const lac_plan *plan = samples->plan;
    size_t sampled = plan->factors - plan->lists;
    for (size_t point = 0; point < samples->points; point++) {
        double *value = samples->value + point * plan->factors;
        put_levels(plan, point / samples->rows, value);
        if (plan->design == LAC_DESIGN_TABLE)
            put_row(plan, point % samples->rows, value);
        else if (sampled > 0)
            put_sampled(plan, samples->unit + lac_sample_table_unit(samples, point) * sampled,
                        value);
    }
}

/* The points of all rows; with rows of their own the arms share them out in turn, so that each has
 * a sample of the whole. */
static lac_status sample(lac_sample_table *samples, size_t sampled)
{
    lac_status status = LAC_OK;
    lac_design design = samples->design;
    size_t rows = samples->plan->own_rows ? samples->points : samples->rows;
    if (samples->plan->own_rows)
        design.samples = rows;
    LAC_NEW(samples->unit, rows * sampled);
    LAC_TRY(lac_design_fill(&design, samples->unit));
    for (size_t row = 0; samples->plan->copula && row < rows; row++)
        lac_copula_apply(sampled, samples->plan->copula, samples->unit + row * sampled);
out:
    return status;
}

lac_status lac_sample_table_create(const lac_plan *plan, lac_sample_table **samples)
{
    lac_status status = LAC_OK;
    lac_sample_table *made = NULL;
    size_t sampled = plan->factors - plan->lists;
    *samples = NULL;
    LAC_NEW(made, 1);
    made->plan = plan;
    made->design = (lac_design){.kind = plan->design,
                                .dimensions = sampled,
                                .samples = plan->samples,
                                .grid_levels = plan->grid_levels,
                                .first = plan->first,
                                .seed = (uint64_t)plan->seed};
    LAC_TRY(count_members(made));
    if (sampled > 0 && plan->design == LAC_DESIGN_TABLE) {
        LAC_NEW(made->unit, made->rows * sampled);
        for (size_t factor = 0; factor < sampled; factor++)
            put_shares(&plan->factor[plan->lists + factor], made->unit + factor, sampled);
    } else if (sampled > 0) {
        LAC_TRY(sample(made, sampled));
    }
    LAC_NEW(made->value, made->points * plan->factors);
    put_values(made);
    *samples = made;
    made = NULL;
out:
    lac_sample_table_free(made);
    return status;
}

void lac_sample_table_setting(const lac_sample_table *samples, size_t point, size_t factor,
                              lac_text *text)
{
    const lac_factor *about = &samples->plan->factor[factor];
    lac_text_add(text, "%s=", about->name);
    lac_factor_write(about, samples->value[point * samples->plan->factors + factor], text);
}

void lac_sample_table_streams(const lac_sample_table *samples, size_t member, double *seed,
                              double *replicate)
{
    *seed = samples->plan->seed;
    *replicate =
        (double)(samples->plan->common_streams ? lac_sample_table_replicate(samples, member)
                                               : lac_sample_table_number(samples, member));
}

static bool is_start_drawn(const lac_sample_table *samples)
{
    return lac_model_random_start(samples->plan->model) != LAC_NONE;
}

size_t lac_sample_table_start_of_member(const lac_sample_table *samples, size_t member)
{
    const lac_plan *plan = samples->plan;
    size_t start = lac_sample_table_start(samples, lac_sample_table_point(samples, member));
    if (!is_start_drawn(samples))
        return start;
    return plan->common_streams
               ? start * plan->replicates + lac_sample_table_replicate(samples, member)
               : member;
}

/* A point has one model, so its replicates stay together unless each has a start of its own. */
size_t lac_sample_table_in_turn(const lac_sample_table *samples, size_t n)
{
    size_t replicates = samples->plan->replicates, arms = samples->plan->arms;
    if (!lac_plan_shares_start(samples->plan))
        return n;
    size_t start = n / (arms * replicates), within = n % (arms * replicates);
    bool drawn = is_start_drawn(samples) && samples->plan->common_streams;
    size_t arm = drawn ? within % arms : within / replicates;
    size_t replicate = drawn ? within / arms : within % replicates;
    return (arm * lac_sample_table_starts(samples) + start) * replicates + replicate;
}

static uint64_t add_text(uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return sum;
}

static uint64_t add_number(uint64_t sum, double number)
{
    uint64_t word;
    memcpy(&word, &number, sizeof word);
    sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return sum ^ (sum >> 32);
}

uint64_t lac_sample_table_key(const lac_sample_table *samples, const char *model, size_t member)
{
    const lac_plan *plan = samples->plan;
    const double *value = samples->value + lac_sample_table_point(samples, member) * plan->factors;
    uint64_t key = add_text(UINT64_C(0xcbf29ce484222325), model);
    double seed, replicate;
    for (size_t factor = 0; factor < plan->factors; factor++) {
        const lac_factor *about = &plan->factor[factor];
        key = add_text(key, about->name);
        key = about->word ? add_text(key, about->word[(size_t)value[factor]])
                          : add_number(key, value[factor] + 0.0);
    }
    lac_sample_table_streams(samples, member, &seed, &replicate);
    return add_number(add_number(key, seed), replicate);
}

/* Does any member draw random numbers? */
static bool draws(const lac_plan *plan)
{
    const lac_stepper_type *type = lac_stepper_find(plan->model->settings.method);
    bool any = (type && type->draws) || lac_model_random_start(plan->model) != LAC_NONE;
    for (size_t factor = 0; factor < plan->lists; factor++) {
        const lac_factor *about = &plan->factor[factor];
        for (size_t level = 0; about->word && level < about->levels; level++) {
            type = strcmp(about->name, "run.method") == 0 ? lac_stepper_find(about->word[level])
                                                          : NULL;
            any = any || (type && type->draws);
        }
    }
    return any;
}

const char *lac_sample_table_variation(const lac_sample_table *samples)
{
    bool chance = draws(samples->plan), many = samples->plan->replicates > 1;
    if (samples->members == 1)
        return "one run: nothing differs";
    if (!chance)
        return samples->points > 1 ? "by parameters only: the method draws no random numbers"
                                   : "not at all: the method draws no random numbers";
    if (samples->points == 1)
        return "by chance only: all have the same parameters";
    return many ? "by parameters (between points) and by chance (within points)"
                : "by parameters and by chance together: one run a point cannot separate them";
}
