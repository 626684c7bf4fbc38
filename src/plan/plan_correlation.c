/* Plan correlation: which sampled factors go together, as rank correlations.
 *
 * A rank correlation r (Spearman) of two factors that are joined by a Gaussian copula is one of
 * 2 sin(pi r / 6) between their normal scores (Kruskal 1958, J. Am. Stat. Assoc. 53, 814).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

static size_t find_sampled(const lac_plan *plan, const char *name)
{
    for (size_t each = plan->lists; each < plan->factors; each++)
        if (strcmp(plan->factor[each].name, name) == 0)
            return each - plan->lists;
    return LAC_NONE;
}

static size_t read_factor(lac_plan_reader *reader, const char *name, lac_place place)
{
    size_t found = find_sampled(reader->plan, name);
    if (found == LAC_NONE)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "'%.60s' is not a factor with a distribution, so that nothing can go with it",
                   name);
    return found;
}

static void read_pair(lac_plan_reader *reader, size_t one, const lac_yaml *pairs, size_t item)
{
    lac_plan *plan = reader->plan;
    size_t count = plan->factors - plan->lists;
    const lac_yaml *node = pairs->item[item];
    const lac_subject share = {
        .name = "a rank correlation", .unit = "", .factor = 1, .low = -1, .high = 1};
    double rank;
    size_t other = read_factor(reader, pairs->key[item], pairs->key_place[item]);
    if (other == LAC_NONE || !lac_subject_number(&reader->loader, &share, node, &rank))
        return;
    if (!(rank > -1 && rank < 1))
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "a rank correlation lies between -1 and 1, not at %g", rank);
    else if (one == other)
        lac_report(reader->loader.list, LAC_ERROR, pairs->key_place[item],
                   "%s goes with itself anyway", pairs->key[item]);
    else if (plan->rank[one * count + other] != 0)
        lac_report(reader->loader.list, LAC_ERROR, pairs->key_place[item],
                   "the correlation of these two is given twice");
    else
        plan->rank[one * count + other] = plan->rank[other * count + one] = rank;
}

/* Cholesky's factor of the correlations of normal scores; false when there is none. */
static bool factorise(size_t count, const double *rank, double *lower)
{
    for (size_t row = 0; row < count; row++)
        for (size_t column = 0; column <= row; column++) {
            double sum = row == column ? 1 : 2 * sin(PI / 6 * rank[row * count + column]);
            for (size_t k = 0; k < column; k++)
                sum -= lower[row * count + k] * lower[column * count + k];
            if (row == column && !(sum > 1e-12))
                return false;
            lower[row * count + column] =
                row == column ? sqrt(sum) : sum / lower[column * count + column];
        }
    return true;
}

static bool is_for(lac_plan_reader *reader, const lac_yaml *node)
{
    lac_design_kind design = reader->plan->design;
    bool fits =
        design == LAC_DESIGN_RANDOM || design == LAC_DESIGN_LATIN || design == LAC_DESIGN_SOBOL;
    if (!fits)
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "correlation: is for design: random, latin-hypercube or sobol; a %s design has "
                   "points of its own",
                   lac_design_word(design));
    return fits && lac_is_mapping(&reader->loader, node, node->place, "correlation");
}

lac_status lac_plan_correlation(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    size_t count = plan->factors - plan->lists;
    const lac_yaml *node = lac_yaml_get(reader->root, "correlation");
    if (!node || reader->loader.list->errors > 0 || !is_for(reader, node))
        return LAC_OK;
    LAC_NEW(plan->rank, count * count);
    LAC_NEW(plan->copula, count * count);
    for (size_t item = 0; item < node->count; item++) {
        size_t one = read_factor(reader, node->key[item], node->key_place[item]);
        const lac_yaml *pairs = node->item[item];
        if (one == LAC_NONE ||
            !lac_is_mapping(&reader->loader, pairs, node->key_place[item], node->key[item]))
            continue;
        for (size_t pair = 0; pair < pairs->count; pair++)
            read_pair(reader, one, pairs, pair);
    }
    if (!factorise(count, plan->rank, plan->copula))
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "these correlations contradict one another: no factors have all of them (their "
                   "matrix is not positive definite)");
out:
    return status;
}

void lac_plan_write_correlation(const lac_plan *plan, lac_text *text)
{
    size_t count = plan->factors - plan->lists;
    if (plan->rank)
        lac_text_add(text, "correlation:\n");
    for (size_t one = 0; plan->rank && one < count; one++) {
        size_t written = 0;
        for (size_t other = one + 1; other < count; other++) {
            if (plan->rank[one * count + other] == 0)
                continue;
            if (written++ == 0)
                lac_text_add(text, "  %s: {", plan->factor[plan->lists + one].name);
            lac_text_add(text, "%s%s: %.12g", written > 1 ? ", " : "",
                         plan->factor[plan->lists + other].name, plan->rank[one * count + other]);
        }
        if (written > 0)
            lac_text_add(text, "}\n");
    }
}
