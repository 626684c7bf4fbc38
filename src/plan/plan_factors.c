/* Plan factors: all that varies in a plan, and whether its design fits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* --- all of them ---------------------------------------------------------------------------------
 */

/* Lists before what is sampled, each in the order of the text. */
static void sort(lac_plan *plan, lac_factor *scratch)
{
    size_t count = 0;
    for (int sampled = 0; sampled < 2; sampled++) {
        for (size_t each = 0; each < plan->factors; each++)
            if ((plan->factor[each].kind != LAC_DISTRIBUTION_LIST) == sampled)
                scratch[count++] = plan->factor[each];
        if (!sampled)
            plan->lists = count;
    }
    memcpy(plan->factor, scratch, count * sizeof *scratch);
}

/* `with: NAME`: values of two lists are taken together, position by position. */
static void pair_lists(lac_plan_reader *reader, const lac_yaml *vary)
{
    lac_plan *plan = reader->plan;
    for (size_t each = 0; each < plan->factors; each++)
        plan->factor[each].with = each;
    for (size_t each = 0; each < plan->factors; each++) {
        lac_factor *factor = &plan->factor[each];
        const lac_yaml *node = vary ? lac_yaml_get(vary, factor->name) : NULL;
        const lac_yaml *with =
            node && node->kind == LAC_YAML_MAPPING ? lac_yaml_get(node, "with") : NULL;
        size_t leader = 0;
        if (!with || !lac_is_scalar(&reader->loader, with, with->place, "with"))
            continue;
        while (leader < plan->lists && strcmp(plan->factor[leader].name, with->scalar) != 0)
            leader++;
        const lac_yaml *other = leader < plan->lists ? lac_yaml_get(vary, with->scalar) : NULL;
        bool chained = other && other->kind == LAC_YAML_MAPPING && lac_yaml_get(other, "with");
        if (leader == plan->lists || leader == each || chained)
            lac_report(reader->loader.list, LAC_ERROR, with->place,
                       "with: names another list of vary: that has no with: of its own");
        else if (plan->factor[leader].levels != factor->levels)
            lac_report(reader->loader.list, LAC_ERROR, with->place,
                       "%s has %zu values and %s %zu: lists that vary together are equally long",
                       factor->name, factor->levels, with->scalar, plan->factor[leader].levels);
        else
            factor->with = leader;
    }
}

/* Columns and distributions do not mix; all columns are equally long. */
static void check_table(lac_plan_reader *reader)
{
    lac_plan *plan = reader->plan;
    for (size_t each = plan->lists; each < plan->factors; each++) {
        const lac_factor *factor = &plan->factor[each], *first = &plan->factor[plan->lists];
        bool column = factor->kind == LAC_DISTRIBUTION_TABLE;
        if (column != (plan->design == LAC_DESIGN_TABLE))
            lac_report(reader->loader.list, LAC_ERROR, factor->place,
                       column ? "%s has a value for every point: write design: table"
                              : "%s has a distribution, but the points come from a table",
                       factor->name);
        else if (column && factor->levels != first->levels)
            lac_report(reader->loader.list, LAC_ERROR, factor->place,
                       "%s has %zu values and %s %zu", factor->name, factor->levels, first->name,
                       first->levels);
        if (column)
            plan->samples = factor->levels;
    }
}

/* Does the design fit the factors? */
static void check_design(lac_plan_reader *reader, const lac_yaml *vary)
{
    const lac_plan *plan = reader->plan;
    size_t sampled = plan->factors - plan->lists;
    lac_design_kind design = plan->design;
    const lac_yaml *word = lac_yaml_get(reader->root, "design");
    lac_place place = word ? word->place : vary->place;
    bool screening = design == LAC_DESIGN_MORRIS || design == LAC_DESIGN_SALTELLI;
    size_t most = design == LAC_DESIGN_SOBOL ? 40 : design == LAC_DESIGN_SALTELLI ? 20 : SIZE_MAX;
    if (design == LAC_DESIGN_GRID && sampled > 0)
        lac_report(reader->loader.list, LAC_ERROR, plan->factor[plan->lists].place,
                   "%s has a distribution, which a grid cannot sample: write design: "
                   "latin-hypercube (or random, sobol) and points:, or give a list",
                   plan->factor[plan->lists].name);
    else if (screening && plan->lists > 0)
        lac_report(reader->loader.list, LAC_ERROR, plan->factor[0].place,
                   "%s is a list: a %s design moves factors within ranges, so that lists have no "
                   "place in it; give it a distribution, or one value under set:",
                   plan->factor[0].name, lac_design_word(design));
    else if (design != LAC_DESIGN_GRID && sampled == 0)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "a %s design needs factors with distributions; lists alone make a grid",
                   lac_design_word(design));
    if (plan->own_rows && design != LAC_DESIGN_RANDOM && design != LAC_DESIGN_LATIN)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "rows: own is for design: random or latin-hypercube");
    if (sampled > most)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "a %s design takes up to %zu factors, not %zu", lac_design_word(design), most,
                   sampled);
}

/* The ends of an unbounded distribution are no place to start a trajectory from. */
static void check_bounds(lac_plan_reader *reader)
{
    const lac_plan *plan = reader->plan;
    for (size_t each = plan->lists; plan->design == LAC_DESIGN_MORRIS && each < plan->factors;
         each++) {
        const lac_factor *factor = &plan->factor[each];
        bool unbounded =
            factor->kind == LAC_DISTRIBUTION_NORMAL || factor->kind == LAC_DISTRIBUTION_LOGNORMAL;
        if (unbounded && !(isfinite(factor->low) && isfinite(factor->high)))
            lac_report(
                reader->loader.list, LAC_ERROR, factor->place,
                "a morris design goes to the ends of every factor: %s needs truncate: [least, "
                "greatest]",
                factor->name);
    }
}

lac_status lac_plan_factors(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    lac_factor *scratch = NULL;
    const lac_yaml *vary = lac_yaml_get(reader->root, "vary");
    size_t listed = vary ? vary->count : 0, columns = reader->table ? reader->table->count : 0;
    size_t armed = 0;
    LAC_TRY(lac_plan_count_arms(reader, &armed));
    if (!vary && columns == 0 && armed == 0) {
        if (plan->design != LAC_DESIGN_GRID)
            lac_report(reader->loader.list, LAC_ERROR, reader->root->place,
                       "a %s design needs factors: vary: {NAME: ...}",
                       lac_design_word(plan->design));
        goto out;
    }
    if (vary && !lac_is_mapping(&reader->loader, vary, vary->place, "vary"))
        goto out;
    size_t before = reader->loader.list->reported;
    LAC_NEW(plan->factor, armed + listed + columns);
    LAC_NEW(scratch, armed + listed + columns);
    LAC_TRY(lac_plan_arms(reader));
    if (plan->arm_factors < armed)
        goto out; /* which was reported */
    for (size_t item = 0; item < listed; item++) {
        plan->factors = armed + item + 1;
        LAC_TRY(lac_plan_vary_one(reader, vary, item, &plan->factor[armed + item]));
    }
    for (size_t item = 0; item < columns; item++) {
        if (vary && lac_yaml_get(vary, reader->table->key[item]))
            lac_report(reader->loader.list, LAC_ERROR, reader->table->key_place[item],
                       "%s stands under vary: and in the table", reader->table->key[item]);
        plan->factors = armed + listed + item + 1;
        LAC_TRY(
            lac_plan_vary_one(reader, reader->table, item, &plan->factor[armed + listed + item]));
    }
    sort(plan, scratch);
    pair_lists(reader, vary);
    for (size_t each = 0; each < plan->arm_factors; each++)
        plan->factor[each].with = 0;
    if (reader->loader.list->reported == before) {
        check_table(reader);
        check_design(reader, vary          ? vary
                             : columns > 0 ? reader->table
                                           : lac_yaml_get(reader->root, "arms"));
        check_bounds(reader);
    }
out:
    lac_free(scratch);
    return status;
}
