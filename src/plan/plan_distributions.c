/* Plan spreads: ranges with steps and distributions as a plan writes them, checked against the
 * range of their parameter.
 *
 * Distribution functions (x and bounds in the unit of the factor):
 *   uniform [a, b]       (x - a) / (b - a)
 *   loguniform [a, b]    log(x / a) / log(b / a), a > 0
 *   normal a, b          erfc((a - x) / (b sqrt(2))) / 2
 *   lognormal a, b       the same of log x with mean log a; b = log(gsd)
 *   triangular [a, c, b] (x - a)^2 / ((b - a) (c - a)) up to c, then 1 - (b - x)^2 / ((b - a)
 *                        (b - c))
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A part of a distribution beyond the range that is too small for a sample of 10^6 to meet, and
 * what must be left of a truncated one. */
static const double NEGLIGIBLE = 1e-9, LEAST_LEFT = 1e-6;

static double normal_below(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

static double triangular_below(const lac_factor *factor, double x)
{
    double a = factor->a, b = factor->b, c = factor->c;
    if (x <= a || x >= b)
        return x >= b;
    return x < c ? (x - a) * (x - a) / ((b - a) * (c - a))
                 : 1 - (b - x) * (b - x) / ((b - a) * (b - c));
}

double lac_factor_below(const lac_factor *factor, double x)
{
    double a = factor->a, b = factor->b;
    switch (factor->kind) {
    case LAC_DISTRIBUTION_UNIFORM:
        return fmin(1, fmax(0, (x - a) / (b - a)));
    case LAC_DISTRIBUTION_LOGUNIFORM:
        return x > a ? fmin(1, log(x / a) / log(b / a)) : 0;
    case LAC_DISTRIBUTION_NORMAL:
        return normal_below((x - a) / b);
    case LAC_DISTRIBUTION_LOGNORMAL:
        return x > 0 ? normal_below(log(x / a) / b) : 0;
    case LAC_DISTRIBUTION_TRIANGULAR:
        return triangular_below(factor, x);
    case LAC_DISTRIBUTION_TABLE:
    case LAC_DISTRIBUTION_LIST:
        break;
    }
    return 0;
}

/* --- the shapes ----------------------------------------------------------------------------------
 */

typedef struct reading {
    lac_loader *loader;
    const lac_subject *subject;
    lac_factor *factor;
} reading;

static bool complain(const reading *in, const lac_yaml *node, const char *sentence)
{
    lac_report(in->loader->list, LAC_ERROR, node->place, "%s: %s", in->subject->name, sentence);
    return false;
}

static bool has_range(const reading *in, const lac_yaml *node)
{
    if (isfinite(in->subject->low) && isfinite(in->subject->high))
        return true;
    return complain(in, node, "the model declares no range for it: write the two ends");
}

/* [least, greatest], or the word `range`. */
static bool read_ends(const reading *in, const lac_yaml *node, double *low, double *high)
{
    if (node->kind == LAC_YAML_SCALAR && strcmp(node->scalar, "range") == 0) {
        *low = in->subject->low;
        *high = in->subject->high;
        return has_range(in, node);
    }
    if (node->kind != LAC_YAML_SEQUENCE || node->count != 2)
        return complain(in, node, "write two ends, [least, greatest], or: range");
    if (!lac_subject_number(in->loader, in->subject, node->item[0], low) ||
        !lac_subject_number(in->loader, in->subject, node->item[1], high))
        return false;
    return *low < *high || complain(in, node, "the first end must be below the second");
}

static bool read_uniform(const reading *in, const lac_yaml *node)
{
    return read_ends(in, node, &in->factor->a, &in->factor->b) &&
           (in->factor->a < in->factor->b || complain(in, node, "its range is a single value"));
}

static bool read_loguniform(const reading *in, const lac_yaml *node)
{
    return read_uniform(in, node) &&
           (in->factor->a > 0 ||
            complain(in, node, "a logarithm needs ends above 0: uniform, or another lower end"));
}

/* The item under `key`, which must be there. */
static const lac_yaml *part_of(const reading *in, const lac_yaml *node, const char *key)
{
    const lac_yaml *part = lac_yaml_get(node, key);
    if (!part)
        lac_report(in->loader->list, LAC_ERROR, node->place, "%s: '%s:' is missing",
                   in->subject->name, key);
    return part;
}

static bool read_normal(const reading *in, const lac_yaml *node)
{
    static const char *const keys[] = {"mean", "sd"};
    if (!lac_is_mapping(in->loader, node, node->place, "normal"))
        return false;
    lac_yaml_only(node, keys, 2, "a normal distribution", in->loader->list);
    const lac_yaml *mean = part_of(in, node, "mean"), *sd = part_of(in, node, "sd");
    return mean && sd && lac_subject_number(in->loader, in->subject, mean, &in->factor->a) &&
           lac_subject_number(in->loader, in->subject, sd, &in->factor->b) &&
           (in->factor->b > 0 || complain(in, sd, "the standard deviation must be above 0"));
}

static bool read_gsd(const reading *in, const lac_yaml *node)
{
    lac_subject pure = {.name = "gsd", .unit = "", .factor = 1, .low = -INFINITY, .high = INFINITY};
    double gsd;
    if (!lac_subject_number(in->loader, &pure, node, &gsd))
        return false;
    in->factor->b = log(gsd);
    return gsd > 1 || complain(in, node, "the geometric standard deviation must be above 1");
}

static bool read_lognormal(const reading *in, const lac_yaml *node)
{
    static const char *const keys[] = {"median", "gsd"};
    if (!lac_is_mapping(in->loader, node, node->place, "lognormal"))
        return false;
    lac_yaml_only(node, keys, 2, "a lognormal distribution", in->loader->list);
    const lac_yaml *median = part_of(in, node, "median"), *gsd = part_of(in, node, "gsd");
    return median && gsd && lac_subject_number(in->loader, in->subject, median, &in->factor->a) &&
           (in->factor->a > 0 || complain(in, median, "the median must be above 0")) &&
           read_gsd(in, gsd);
}

static bool read_triangular(const reading *in, const lac_yaml *node)
{
    double corner[3];
    if (node->kind != LAC_YAML_SEQUENCE || node->count != 3)
        return complain(in, node, "write [least, mode, greatest]");
    for (size_t item = 0; item < 3; item++)
        if (!lac_subject_number(in->loader, in->subject, node->item[item], &corner[item]))
            return false;
    in->factor->a = corner[0];
    in->factor->c = corner[1];
    in->factor->b = corner[2];
    return (corner[0] <= corner[1] && corner[1] <= corner[2] && corner[0] < corner[2]) ||
           complain(in, node, "least, mode and greatest must stand in this order");
}

static const struct shape {
    const char *word;
    lac_distribution_kind kind;
    bool (*read)(const reading *in, const lac_yaml *node);
} shapes[] = {
    {"uniform", LAC_DISTRIBUTION_UNIFORM, read_uniform},
    {"loguniform", LAC_DISTRIBUTION_LOGUNIFORM, read_loguniform},
    {"normal", LAC_DISTRIBUTION_NORMAL, read_normal},
    {"lognormal", LAC_DISTRIBUTION_LOGNORMAL, read_lognormal},
    {"triangular", LAC_DISTRIBUTION_TRIANGULAR, read_triangular},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* --- inside the range ----------------------------------------------------------------------------
 */

static bool within_range(const reading *in, const lac_yaml *node, double low, double high)
{
    char range[96];
    const lac_subject *subject = in->subject;
    double margin = 1e-9 * fmax(fabs(low), fabs(high));
    if (low >= subject->low - margin && high <= subject->high + margin)
        return true;
    lac_report(in->loader->list, LAC_ERROR, node->place,
               "%s: this reaches beyond the range that the model declares, %s", subject->name,
               lac_subject_range(subject, range, sizeof range));
    return false;
}

static bool read_truncation(const reading *in, const lac_yaml *node)
{
    lac_factor *factor = in->factor;
    if (!read_ends(in, node, &factor->low, &factor->high) ||
        !within_range(in, node, factor->low, factor->high))
        return false;
    double left = lac_factor_below(factor, factor->high) - lac_factor_below(factor, factor->low);
    return left >= LEAST_LEFT ||
           complain(in, node,
                    "less than a millionth of the distribution is left by this truncation");
}

/* A distribution without truncation must lie within the parameter's range. */
static bool check_outside(const reading *in, const lac_yaml *node)
{
    char range[96];
    const lac_subject *subject = in->subject;
    const lac_factor *factor = in->factor;
    double margin = isfinite(subject->high) ? 1e-9 * fabs(subject->high) : 0;
    double below = isfinite(subject->low) ? lac_factor_below(factor, subject->low - margin) : 0;
    double above =
        isfinite(subject->high) ? 1 - lac_factor_below(factor, subject->high + margin) : 0;
    if (below <= NEGLIGIBLE && above <= NEGLIGIBLE)
        return true;
    lac_report(in->loader->list, LAC_ERROR, node->place,
               "%.3g %% of the values of %s would lie outside the range that the model declares, "
               "%s: write truncate: range, or narrow it",
               100 * (below + above), subject->name,
               lac_subject_range(subject, range, sizeof range));
    return false;
}

static bool read_shape(const reading *in, const lac_yaml *node, const struct shape *shape)
{
    const lac_yaml *truncate = lac_yaml_get(node, "truncate");
    in->factor->kind = shape->kind;
    in->factor->low = -INFINITY;
    in->factor->high = INFINITY;
    if (!shape->read(in, lac_yaml_get(node, shape->word)))
        return false;
    return truncate ? read_truncation(in, truncate) : check_outside(in, node);
}

/* --- ranges with steps ---------------------------------------------------------------------------
 */

enum { MOST_STEPS = 100000 };

static bool read_scale(const reading *in, const lac_yaml *node, bool *logarithmic)
{
    static const char *const scales[] = {"lin", "log"};
    const lac_yaml *scale = lac_yaml_get(node, "scale");
    size_t choice = scale ? lac_load_choice(in->loader, scale, scales, 2, "scale") : 0;
    *logarithmic = choice == 1;
    return choice != LAC_NONE;
}

static lac_status read_steps(const reading *in, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    double from, to, steps;
    bool logarithmic;
    lac_factor *factor = in->factor;
    const lac_yaml *first = part_of(in, node, "from"), *last = part_of(in, node, "to");
    const lac_yaml *count = part_of(in, node, "steps");
    if (!first || !last || !count || !read_scale(in, node, &logarithmic) ||
        !lac_subject_level(in->loader, in->subject, first, &from) ||
        !lac_subject_level(in->loader, in->subject, last, &to) ||
        !lac_plan_count(in->loader, count, "steps", 2, MOST_STEPS, &steps))
        goto out;
    if (from == to || (logarithmic && !(from > 0 && to > 0))) {
        complain(in, node,
                 from == to ? "from and to are the same value" : "scale: log needs ends above 0");
        goto out;
    }
    LAC_NEW(factor->level, (size_t)steps);
    factor->levels = (size_t)steps;
    for (size_t step = 0; step < factor->levels; step++) {
        double share = (double)step / (steps - 1);
        factor->level[step] = lac_factor_round(logarithmic ? from * pow(to / from, share)
                                                           : from + share * (to - from));
    }
    factor->level[factor->levels - 1] = to;
out:
    return status;
}

static bool is_single(const reading *in, const lac_yaml *node, const struct shape **shape)
{
    *shape = NULL;
    for (size_t each = 0; each < SHAPES; each++) {
        if (!lac_yaml_get(node, shapes[each].word))
            continue;
        if (*shape)
            return complain(in, node, "two distributions for one factor");
        *shape = &shapes[each];
    }
    if (*shape && lac_yaml_get(node, "from"))
        return complain(in, node, "a factor has a distribution or steps from .. to, not both");
    return *shape || lac_yaml_get(node, "from") ||
           complain(in, node,
                    "write uniform, loguniform, normal, lognormal, triangular, or from, "
                    "to and steps");
}

lac_status lac_plan_spread(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                           lac_factor *factor)
{
    static const char *const spread_keys[] = {"uniform",    "loguniform", "normal", "lognormal",
                                              "triangular", "truncate",   "label"};
    static const char *const step_keys[] = {"from", "to", "steps", "scale", "label"};
    reading in = {loader, subject, factor};
    const struct shape *shape;
    if (lac_yaml_get(node, "from")) {
        lac_yaml_only(node, step_keys, 5, "a range with steps", loader->list);
        return is_single(&in, node, &shape) ? read_steps(&in, node) : LAC_OK;
    }
    lac_yaml_only(node, spread_keys, 7, "a factor", loader->list);
    if (is_single(&in, node, &shape))
        read_shape(&in, node, shape);
    return LAC_OK;
}
