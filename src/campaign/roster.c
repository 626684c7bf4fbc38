/* Roster: the members of a plan and their values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/roster.h"

#include "analysis/copula.h"
#include "analysis/spread.h"

#include "base/memory.h"
#include "methods/methods.h"
#include <math.h>
#include <string.h>

void lac_roster_free(lac_roster *roster)
{
    if (!roster)
        return;
    lac_free(roster->unit);
    lac_free(roster->value);
    lac_free(roster->number);
    lac_free(roster);
}

/* total *= factor while that stays within LAC_MEMBERS_MOST. */
static lac_status multiply(size_t *total, size_t factor)
{
    if (factor > LAC_MEMBERS_MOST / *total)
        return lac_fail(LAC_LIMIT, "this plan has more than %d members", LAC_MEMBERS_MOST);
    *total *= factor;
    return LAC_OK;
}

static lac_status count_members(lac_roster *roster)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = roster->plan;
    roster->arms = roster->points = roster->members = 1;
    roster->rows = plan->design == LAC_DESIGN_GRID ? 1 : lac_design_rows(&roster->design);
    for (size_t list = 0; list < plan->lists; list++)
        if (plan->factor[list].with == list)
            LAC_TRY(multiply(&roster->arms, plan->factor[list].levels));
    LAC_TRY(multiply(&roster->points, roster->arms));
    LAC_TRY(multiply(&roster->points, roster->rows));
    LAC_TRY(multiply(&roster->members, roster->points));
    LAC_TRY(multiply(&roster->members, plan->replicates));
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
        value[factor] =
            lac_factor_round(lac_spread_value(&plan->factor[factor], unit[factor - plan->lists]));
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

static void put_values(lac_roster *roster)
{
    const lac_plan *plan = roster->plan;
    size_t sampled = plan->factors - plan->lists;
    for (size_t point = 0; point < roster->points; point++) {
        double *value = roster->value + point * plan->factors;
        put_levels(plan, point / roster->rows, value);
        if (plan->design == LAC_DESIGN_TABLE)
            put_row(plan, point % roster->rows, value);
        else if (sampled > 0)
            put_sampled(plan, roster->unit + lac_roster_unit(roster, point) * sampled, value);
    }
}

/* The points of all rows; with rows of their own the arms share them out in turn, so that each has
 * a sample of the whole. */
static lac_status sample(lac_roster *roster, size_t sampled)
{
    lac_status status = LAC_OK;
    lac_design design = roster->design;
    size_t rows = roster->plan->own_rows ? roster->points : roster->rows;
    if (roster->plan->own_rows)
        design.samples = rows;
    LAC_NEW(roster->unit, rows * sampled);
    LAC_TRY(lac_design_fill(&design, roster->unit));
    for (size_t row = 0; roster->plan->copula && row < rows; row++)
        lac_copula_apply(sampled, roster->plan->copula, roster->unit + row * sampled);
out:
    return status;
}

lac_status lac_roster_create(const lac_plan *plan, lac_roster **roster)
{
    lac_status status = LAC_OK;
    lac_roster *made = NULL;
    size_t sampled = plan->factors - plan->lists;
    *roster = NULL;
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
    *roster = made;
    made = NULL;
out:
    lac_roster_free(made);
    return status;
}

void lac_roster_setting(const lac_roster *roster, size_t point, size_t factor, lac_text *text)
{
    const lac_factor *about = &roster->plan->factor[factor];
    lac_text_add(text, "%s=", about->name);
    lac_factor_write(about, roster->value[point * roster->plan->factors + factor], text);
}

void lac_roster_streams(const lac_roster *roster, size_t member, double *seed, double *replicate)
{
    *seed = roster->plan->seed;
    *replicate = (double)(roster->plan->common_streams ? lac_roster_replicate(roster, member)
                                                       : lac_roster_number(roster, member));
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

uint64_t lac_roster_key(const lac_roster *roster, const char *model, size_t member)
{
    const lac_plan *plan = roster->plan;
    const double *value = roster->value + lac_roster_point(roster, member) * plan->factors;
    uint64_t key = add_text(UINT64_C(0xcbf29ce484222325), model);
    double seed, replicate;
    for (size_t factor = 0; factor < plan->factors; factor++) {
        const lac_factor *about = &plan->factor[factor];
        key = add_text(key, about->name);
        key = about->word ? add_text(key, about->word[(size_t)value[factor]])
                          : add_number(key, value[factor] + 0.0);
    }
    lac_roster_streams(roster, member, &seed, &replicate);
    return add_number(add_number(key, seed), replicate);
}

/* Does any member draw random numbers? */
static bool draws(const lac_plan *plan)
{
    const lac_stepper_type *type = lac_stepper_find(plan->model->settings.method);
    bool any = type && type->draws;
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

const char *lac_roster_variation(const lac_roster *roster)
{
    bool chance = draws(roster->plan), many = roster->plan->replicates > 1;
    if (roster->members == 1)
        return "one run: nothing differs";
    if (!chance)
        return roster->points > 1 ? "by parameters only: the method draws no random numbers"
                                  : "not at all: the method draws no random numbers";
    if (roster->points == 1)
        return "by chance only: all have the same parameters";
    return many ? "by parameters (between points) and by chance (within points)"
                : "by parameters and by chance together: one run a point does not tell them apart";
}
