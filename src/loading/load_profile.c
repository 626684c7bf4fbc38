/* Profiles: a value given at some depths, straight between them and constant beyond the ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>

typedef struct knot {
    double depth; /* [um] */
    double value; /* internal */
} knot;

/* offset + slope * depth */
static lac_status straight(const knot *a, const knot *b, lac_dimension dimension, lac_place place,
                           lac_expression **tree)
{
    lac_status status = LAC_OK;
    lac_expression *offset = NULL, *slope = NULL, *depth = NULL;
    lac_dimension length = lac_dimension_of(LAC_LENGTH, 1);
    double rise = (b->value - a->value) / (b->depth - a->depth);
    LAC_TRY(lac_expression_number(a->value - rise * a->depth, dimension, place, &offset));
    LAC_TRY(lac_expression_number(rise, lac_dimension_over(dimension, length), place, &slope));
    LAC_TRY(lac_tree_symbol((lac_symbol){LAC_SYMBOL_DEPTH, 0}, length, place, &depth));
    status = lac_tree_make(LAC_OP_MULTIPLY, dimension, (lac_expression *[3]){slope, depth, NULL},
                           &slope);
    depth = NULL;
    if (status != LAC_OK)
        slope = NULL;
    LAC_TRY(status);
    status = lac_tree_make(LAC_OP_ADD, dimension, (lac_expression *[3]){offset, slope, NULL}, tree);
    offset = slope = NULL;
out:
    lac_expression_free(offset);
    lac_expression_free(slope);
    lac_expression_free(depth);
    return status;
}

/* chain := if(depth < limit, value, chain); takes both over. */
static lac_status put_above(double limit, lac_expression *value, lac_expression **chain)
{
    lac_status status = LAC_OK;
    lac_expression *depth = NULL, *number = NULL, *above = NULL, *rest = *chain;
    lac_dimension length = lac_dimension_of(LAC_LENGTH, 1), dimension = value->dimension;
    lac_place place = value->place;
    *chain = NULL;
    LAC_TRY(lac_tree_symbol((lac_symbol){LAC_SYMBOL_DEPTH, 0}, length, place, &depth));
    LAC_TRY(lac_expression_number(limit, length, place, &number));
    status = lac_tree_make(LAC_OP_LESS, lac_dimensionless,
                           (lac_expression *[3]){depth, number, NULL}, &above);
    depth = number = NULL;
    LAC_TRY(status);
    status = lac_tree_make(LAC_OP_IF, dimension, (lac_expression *[3]){above, value, rest}, chain);
    above = value = rest = NULL;
out:
    lac_expression_free(depth);
    lac_expression_free(number);
    lac_expression_free(above);
    lac_expression_free(value);
    lac_expression_free(rest);
    return status;
}

/* if(depth < d0, v0, if(depth < d1, straight, ... v_last)) */
static lac_status join(const knot *knots, size_t count, lac_dimension dimension, lac_place place,
                       lac_expression **tree)
{
    lac_status status = LAC_OK;
    lac_expression *chain = NULL, *piece = NULL;
    LAC_TRY(lac_expression_number(knots[count - 1].value, dimension, place, &chain));
    for (size_t end = count; end-- > 0;) {
        if (end > 0)
            LAC_TRY(straight(&knots[end - 1], &knots[end], dimension, place, &piece));
        else
            LAC_TRY(lac_expression_number(knots[0].value, dimension, place, &piece));
        status = put_above(knots[end].depth, piece, &chain);
        piece = NULL;
        LAC_TRY(status);
    }
    *tree = chain;
    chain = NULL;
out:
    lac_expression_free(chain);
    return status;
}

static lac_status read_knot(const lac_reading *reading, const lac_yaml *pair,
                            lac_dimension dimension, knot *made)
{
    lac_status status = LAC_OK;
    lac_reading at = *reading;
    *made = (knot){NAN, NAN};
    if (pair->kind != LAC_YAML_SEQUENCE || pair->count != 2) {
        lac_report(reading->loader->list, LAC_ERROR, pair->place,
                   "a knot of a profile must be [depth, value]");
        return LAC_OK;
    }
    at.what = "the depth of a knot";
    LAC_TRY(lac_load_constant(&at, pair->item[0], lac_dimension_of(LAC_LENGTH, 1), &made->depth));
    LAC_TRY(lac_load_constant(reading, pair->item[1], dimension, &made->value));
out:
    return status;
}

lac_status lac_load_profile(const lac_reading *reading, const lac_yaml *node,
                            lac_dimension dimension, lac_expression **tree)
{
    lac_status status = LAC_OK;
    lac_diagnostics *list = reading->loader->list;
    knot *knots = NULL;
    size_t errors = list->errors;
    if (node->kind != LAC_YAML_SEQUENCE || node->count == 0) {
        lac_report(list, LAC_ERROR, node->place,
                   "%s: a profile is [[depth, value], ...] with growing depths", reading->what);
        return LAC_OK;
    }
    LAC_NEW(knots, node->count);
    for (size_t each = 0; each < node->count; each++) {
        LAC_TRY(read_knot(reading, node->item[each], dimension, &knots[each]));
        if (each > 0 && knots[each].depth <= knots[each - 1].depth)
            lac_report(list, LAC_ERROR, node->item[each]->place,
                       "%s: the depths of a profile must grow", reading->what);
    }
    if (list->errors == errors)
        LAC_TRY(join(knots, node->count, dimension, node->place, tree));
out:
    lac_free(knots);
    return status;
}
