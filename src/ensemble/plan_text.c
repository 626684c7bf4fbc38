/* The text of a plan: what plan.txt of a campaign says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble/plan_text.h"

const char *lac_plan_text_title(const lac_plan *plan)
{
    return plan->title ? plan->title : plan->name;
}

static void describe_factor(const lac_factor *factor, lac_text *text)
{
    static const char *const words[] = {
        [LAC_SPREAD_LIST] = "list",
        [LAC_SPREAD_UNIFORM] = "uniform, least and greatest",
        [LAC_SPREAD_LOGUNIFORM] = "uniform in the logarithm, least and greatest",
        [LAC_SPREAD_NORMAL] = "normal, mean and standard deviation",
        [LAC_SPREAD_LOGNORMAL] = "lognormal, median and standard deviation of the logarithm",
        [LAC_SPREAD_TRIANGULAR] = "triangular, least, greatest and mode"};
    lac_text_add(text, "factor: %s, %s:", factor->name, words[factor->kind]);
    if (factor->kind == LAC_SPREAD_LIST) {
        for (size_t level = 0; level < factor->levels; level++)
            if (factor->word)
                lac_text_add(text, " %s", factor->word[level]);
            else
                lac_text_add(text, " %.12g", factor->level[level]);
    } else {
        lac_text_add(text, " %.12g %.12g", factor->a, factor->b);
        if (factor->kind == LAC_SPREAD_TRIANGULAR)
            lac_text_add(text, " %.12g", factor->c);
        lac_text_add(text, ", within %.12g and %.12g", factor->low, factor->high);
    }
    lac_text_add(text, " %s\n", factor->unit ? factor->unit : "");
}

void lac_plan_text_write(const lac_roster *roster, lac_text *text)
{
    const lac_plan *plan = roster->plan;
    lac_text_add(text, "lacuna campaign\nfingerprint: %s\ntitle: ", plan->fingerprint);
    for (const char *at = lac_plan_text_title(plan); at && *at; at++)
        lac_text_add_bytes(text, *at == '\n' ? " " : at, 1);
    lac_text_add(text, "\nname: %s\nscenario: %s\n", plan->name ? plan->name : "", plan->scenario);
    lac_text_add(text, "members: %zu, of %zu points with %zu replicates, in %zu arms of %zu rows\n",
                 roster->members, roster->points, plan->replicates, roster->arms, roster->rows);
    lac_text_add(text, "seed: %.0f%s\n", plan->seed,
                 plan->common_streams ? ", common streams of random numbers" : "");
    for (size_t set = 0; set < plan->sets; set++)
        lac_text_add(text, "set: %s=%s\n", plan->set[set].name, plan->set[set].value);
    for (size_t factor = 0; factor < plan->factors; factor++)
        describe_factor(&plan->factor[factor], text);
}
