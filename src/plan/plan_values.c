/* Plan values: numbers of a plan, in the units in which their parameters are shown.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan_internal.h"

#include "language/locator.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double lac_factor_round(double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

void lac_factor_write(const lac_factor *factor, double value, lac_text *text)
{
    if (factor->word)
        lac_text_add(text, "%s", factor->word[(size_t)value]);
    else
        lac_text_add(text, "%.12g%s%s", value, *factor->unit ? " " : "", factor->unit);
}

/* Masses become amounts by the molar mass, as in the model. */
static bool to_dimension(const lac_subject *subject, lac_unit *unit, double *value)
{
    lac_dimension amount;
    if (*value == 0 && lac_dimension_is_none(unit->dimension))
        return true;
    if (subject->mass > 0 && lac_amount_dimension(unit->dimension, &amount) &&
        lac_dimension_same(amount, subject->dimension)) {
        *value /= pow(subject->mass, unit->dimension.sixths[LAC_MASS] / 6.0);
        return true;
    }
    return lac_dimension_same(unit->dimension, subject->dimension);
}

bool lac_subject_exact(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                       double *shown)
{
    double value;
    lac_unit unit;
    size_t at, span;
    char found[LAC_DIMENSION_TEXT];
    if (!lac_is_scalar(loader, node, node->place, subject->name))
        return false;
    if (lac_quantity_parse_at(node->scalar, &value, &unit, &at, &span) != LAC_OK) {
        lac_report(loader->list, LAC_ERROR, lac_place_within(node->place, node->scalar, at, span),
                   "%s", lac_failure());
        return false;
    }
    if (!to_dimension(subject, &unit, &value)) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s takes %s%s, not %s", subject->name,
                   *subject->unit ? "values such as 1 " : "a number without unit", subject->unit,
                   lac_dimension_describe(unit.dimension, found, sizeof found));
        return false;
    }
    *shown = value * subject->factor;
    return true;
}

bool lac_subject_number(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                        double *shown)
{
    bool read = lac_subject_exact(loader, subject, node, shown);
    if (read)
        *shown = lac_factor_round(*shown);
    return read;
}

const char *lac_subject_range(const lac_subject *subject, char *text, size_t bytes)
{
    snprintf(text, bytes, "from %.6g to %.6g%s%s", subject->low, subject->high,
             *subject->unit ? " " : "", subject->unit);
    return text;
}

bool lac_subject_level(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                       double *shown)
{
    static const double ROUNDING = 1e-9;
    char range[96];
    if (!lac_subject_number(loader, subject, node, shown))
        return false;
    double margin = isfinite(subject->low) ? ROUNDING * fabs(subject->low) : 0;
    double above = isfinite(subject->high) ? ROUNDING * fabs(subject->high) : 0;
    if (*shown >= subject->low - margin && *shown <= subject->high + above)
        return true;
    lac_report(loader->list, LAC_ERROR, node->place, "%s is outside the range of %s, %s",
               node->scalar, subject->name, lac_subject_range(subject, range, sizeof range));
    return false;
}

bool lac_plan_count(lac_loader *loader, const lac_yaml *node, const char *what, double least,
                    double most, double *count)
{
    double value;
    lac_unit unit;
    if (!lac_is_scalar(loader, node, node->place, what))
        return false;
    bool read = lac_quantity_parse(node->scalar, &value, &unit) == LAC_OK &&
                lac_dimension_is_none(unit.dimension);
    if (read && value >= least && value <= most && value == floor(value)) {
        *count = value;
        return true;
    }
    lac_report(loader->list, LAC_ERROR, node->place,
               "%s must be a whole number from %.0f to %.0f, not '%.40s'", what, least, most,
               node->scalar);
    return false;
}

bool lac_plan_flag(lac_loader *loader, const lac_yaml *mapping, const char *key, bool fallback)
{
    const lac_yaml *node = lac_yaml_get(mapping, key);
    if (!node || !lac_is_scalar(loader, node, node->place, key))
        return fallback;
    bool yes = strcmp(node->scalar, "yes") == 0 || strcmp(node->scalar, "true") == 0;
    if (!yes && strcmp(node->scalar, "no") != 0 && strcmp(node->scalar, "false") != 0)
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be yes or no", key);
    return yes;
}
