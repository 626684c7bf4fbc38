/* The dry run of a sweep, for people and for scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/dry_run.h"

#include "base/duration.h"
#include "base/json.h"
#include "base/memory.h"
#include "cli/cost.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTS_TOLD = 8 };

static double value_of(const lac_sample_table *samples, size_t point, size_t factor)
{
    return samples->value[point * samples->plan->factors + factor];
}

/* [s] of wall clock for all of the share, on the process layout. */
static double seconds_in_all(const lac_sweep_setup *setup, const lac_cost *cost)
{
    double members = (double)setup->samples->members / (double)setup->share.tasks;
    double rounds = ceil(members / (double)setup->process_layout.workers);
    return rounds * cost->seconds / (double)setup->process_layout.threads;
}

static const char *distribution_word(lac_distribution_kind kind)
{
    static const char *const words[] = {[LAC_DISTRIBUTION_LIST] = "list",
                                        [LAC_DISTRIBUTION_TABLE] = "table",
                                        [LAC_DISTRIBUTION_UNIFORM] = "uniform",
                                        [LAC_DISTRIBUTION_NORMAL] = "normal",
                                        [LAC_DISTRIBUTION_LOGUNIFORM] = "loguniform",
                                        [LAC_DISTRIBUTION_LOGNORMAL] = "lognormal",
                                        [LAC_DISTRIBUTION_TRIANGULAR] = "triangular"};
    return words[kind];
}

/* --- as text
 * ------------------------------------------------------------------------------------------- */

static void print_limits(const lac_factor *factor)
{
    if (isfinite(factor->low) || isfinite(factor->high))
        printf(", within %.6g and %.6g", factor->low, factor->high);
}

static void print_factor(const lac_factor *factor)
{
    printf("    %-24s ", factor->name);
    switch (factor->kind) {
    case LAC_DISTRIBUTION_TABLE:
        printf("a column of %zu values", factor->levels);
        break;
    case LAC_DISTRIBUTION_LIST:
        for (size_t level = 0; level < factor->levels; level++)
            if (factor->word)
                printf("%s%s", level ? ", " : "", factor->word[level]);
            else
                printf("%s%.6g", level ? ", " : "", factor->level[level]);
        break;
    case LAC_DISTRIBUTION_UNIFORM:
    case LAC_DISTRIBUTION_LOGUNIFORM:
        printf("%s from %.6g to %.6g", distribution_word(factor->kind), factor->a, factor->b);
        break;
    case LAC_DISTRIBUTION_NORMAL:
        printf("normal, mean %.6g, sd %.6g", factor->a, factor->b);
        break;
    case LAC_DISTRIBUTION_LOGNORMAL:
        printf("lognormal, median %.6g, gsd %.6g", factor->a, exp(factor->b));
        break;
    case LAC_DISTRIBUTION_TRIANGULAR:
        printf("triangular, least %.6g, mode %.6g, greatest %.6g", factor->a, factor->c, factor->b);
        break;
    }
    if (factor->kind == LAC_DISTRIBUTION_NORMAL || factor->kind == LAC_DISTRIBUTION_LOGNORMAL)
        print_limits(factor);
    printf(" %s%s%s\n", factor->unit ? factor->unit : "", factor->label ? "  # " : "",
           factor->label ? factor->label : "");
}

static void print_plan(const lac_sweep_setup *setup)
{
    const lac_plan *plan = setup->plan;
    const lac_sample_table *samples = setup->samples;
    char time[32];
    printf("%s\n  scenario    %s, %s, until %s\n  directory   %s\n  design      %s: %s\n",
           plan->title ? plan->title : plan->name, plan->scenario, plan->model->settings.method,
           lac_duration(plan->model->settings.until, time, sizeof time),
           lac_text_of(&setup->directory), lac_design_word(plan->design),
           lac_design_summary(plan->design));
    printf("  members     %zu: %zu points (%zu arms x %zu rows) x %zu replicates\n",
           samples->members, samples->points, samples->arms, samples->rows, plan->replicates);
    printf("  they differ %s\n", lac_sample_table_variation(samples));
    if (plan->factors > 0)
        printf("  factors\n");
    for (size_t factor = 0; factor < plan->factors; factor++)
        print_factor(&plan->factor[factor]);
    printf("  kept        fields: %s; series:", plan->fields);
    for (size_t serie = 0; serie < plan->series; serie++)
        printf(" %s", plan->serie[serie]);
    printf("\n  endpoints  ");
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++)
        printf(" %s", plan->endpoint[endpoint].name);
    printf("\n");
}

static void print_cost(const lac_sweep_setup *setup, const lac_cost *cost)
{
    char each[32], all[32];
    double members = (double)setup->samples->members;
    printf("  layout      %zu workers with %zu threads on %zu processors%s\n",
           setup->process_layout.workers, setup->process_layout.threads, setup->processors,
           setup->share.tasks > 1 ? ", of one task" : "");
    printf("  memory      about %.3g MB a member, %.3g MB at a time\n",
           1e-6 * (double)setup->member_bytes,
           1e-6 * (double)setup->member_bytes * (double)setup->process_layout.workers);
    printf("  disk        about %.3g MB a member, %.3g MB in all\n", 1e-6 * cost->disk,
           1e-6 * cost->disk * members);
    if (isnan(cost->seconds))
        printf("  time        unknown for this method until members have been run\n");
    else if (cost->measured > 0)
        printf("  time        %s a member (mean of %zu), about %s in all\n",
               lac_duration(cost->seconds, each, sizeof each), cost->measured,
               lac_duration(seconds_in_all(setup, cost), all, sizeof all));
    else
        printf("  time        about %s a member, %s in all (a rough estimate)\n",
               lac_duration(cost->seconds, each, sizeof each),
               lac_duration(seconds_in_all(setup, cost), all, sizeof all));
}

static void print_point(const lac_sample_table *samples, size_t point)
{
    const lac_plan *plan = samples->plan;
    printf("  %6zu", point);
    for (size_t factor = 0; factor < plan->factors; factor++) {
        double value = value_of(samples, point, factor);
        int width = (int)strlen(plan->factor[factor].name);
        width = width > 12 ? width : 12;
        if (plan->factor[factor].word)
            printf("  %*s", width, plan->factor[factor].word[(size_t)value]);
        else
            printf("  %*.6g", width, value);
    }
    printf("\n");
}

static void print_points(const lac_sample_table *samples)
{
    const lac_plan *plan = samples->plan;
    if (plan->factors == 0)
        return;
    printf("\nFirst points\n  %6s", "point");
    for (size_t factor = 0; factor < plan->factors; factor++)
        printf("  %12s", plan->factor[factor].name);
    printf("\n");
    for (size_t point = 0; point < samples->points && point < POINTS_TOLD; point++)
        print_point(samples, point);
    if (samples->points > POINTS_TOLD)
        printf("  and %zu more\n", samples->points - POINTS_TOLD);
}

static lac_status print_text(const lac_sweep_setup *setup, const lac_cost *cost)
{
    lac_status status = LAC_OK;
    lac_text command = {0};
    LAC_TRY(lac_sweep_setup_command(setup, setup->share.task, &command));
    print_plan(setup);
    print_cost(setup, cost);
    print_points(setup->samples);
    printf("\nThe first member's command\n  %s\n", lac_text_of(&command));
out:
    lac_text_free(&command);
    return status;
}

/* --- as JSON
 * ------------------------------------------------------------------------------------------- */

static void write_factor(lac_json *json, const lac_factor *factor)
{
    lac_json_object(json, NULL);
    lac_json_words(json, "name", factor->name);
    lac_json_words(json, "label", factor->label);
    lac_json_words(json, "unit", factor->unit);
    lac_json_words(json, "spread", distribution_word(factor->kind));
    if (factor->kind == LAC_DISTRIBUTION_LIST && factor->word) {
        lac_json_array(json, "levels");
        for (size_t level = 0; level < factor->levels; level++)
            lac_json_words(json, NULL, factor->word[level]);
        lac_json_end(json);
    } else if (factor->levels > 0) {
        lac_json_numbers(json, "levels", factor->level, factor->levels);
    } else {
        lac_json_number(json, "a", factor->a);
        lac_json_number(json, "b", factor->b);
        lac_json_number(json, "c", factor->c);
        lac_json_number(json, "low", factor->low);
        lac_json_number(json, "high", factor->high);
    }
    lac_json_end(json);
}

static void write_plan(lac_json *json, const lac_sweep_setup *setup)
{
    const lac_plan *plan = setup->plan;
    const lac_sample_table *samples = setup->samples;
    lac_json_words(json, "title", plan->title);
    lac_json_words(json, "scenario", plan->scenario);
    lac_json_words(json, "directory", lac_text_of(&setup->directory));
    lac_json_words(json, "fingerprint", plan->fingerprint);
    lac_json_words(json, "design", lac_design_word(plan->design));
    lac_json_number(json, "seed", plan->seed);
    lac_json_count(json, "members", samples->members);
    lac_json_count(json, "points", samples->points);
    lac_json_count(json, "arms", samples->arms);
    lac_json_count(json, "rows", samples->rows);
    lac_json_count(json, "replicates", plan->replicates);
    lac_json_words(json, "fields", plan->fields);
    lac_json_array(json, "series");
    for (size_t serie = 0; serie < plan->series; serie++)
        lac_json_words(json, NULL, plan->serie[serie]);
    lac_json_end(json);
    lac_json_array(json, "endpoints");
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++)
        lac_json_words(json, NULL, plan->endpoint[endpoint].name);
    lac_json_end(json);
    lac_json_array(json, "factors");
    for (size_t factor = 0; factor < plan->factors; factor++)
        write_factor(json, &plan->factor[factor]);
    lac_json_end(json);
}

static void write_cost(lac_json *json, const lac_sweep_setup *setup, const lac_cost *cost)
{
    lac_json_count(json, "workers", setup->process_layout.workers);
    lac_json_count(json, "threads", setup->process_layout.threads);
    lac_json_count(json, "processors", setup->processors);
    lac_json_count(json, "member_memory_bytes", setup->member_bytes);
    lac_json_number(json, "member_disk_bytes", cost->disk);
    lac_json_number(json, "member_cpu_s", cost->seconds);
    lac_json_count(json, "member_cpu_measured_on", cost->measured);
    lac_json_number(json, "wall_s", seconds_in_all(setup, cost));
}

static lac_status print_json(const lac_sweep_setup *setup, const lac_cost *cost)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = setup->samples;
    lac_text text = {0}, command = {0};
    lac_json json = {.text = &text};
    LAC_TRY(lac_sweep_setup_command(setup, setup->share.task, &command));
    lac_json_object(&json, NULL);
    write_plan(&json, setup);
    write_cost(&json, setup, cost);
    lac_json_words(&json, "first_command", lac_text_of(&command));
    lac_json_array(&json, "points");
    for (size_t point = 0; point < samples->points; point++)
        lac_json_numbers(&json, NULL, samples->value + point * samples->plan->factors,
                         samples->plan->factors);
    lac_json_end(&json);
    lac_json_end(&json);
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_text_free(&text);
    lac_text_free(&command);
    return status;
}

lac_status lac_dry_run_print(const lac_sweep_setup *setup, bool json)
{
    lac_cost cost;
    lac_status status = lac_cost_of(setup, &cost);
    if (status == LAC_OK)
        status = json ? print_json(setup, &cost) : print_text(setup, &cost);
    return status;
}
