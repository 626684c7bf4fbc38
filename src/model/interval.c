/* Intervals of what laws look at between two times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/interval.h"

#include <math.h>

lac_interval lac_interval_of_input(const lac_input *input, lac_interval time)
{
    double rate, first = lac_input_value(input, time.low, &rate);
    double last = lac_input_value(input, time.high, &rate);
    lac_interval bounds = {fmin(first, last), fmax(first, last)};
    size_t knot = lac_knots_until(input->time, input->knots, time.low);
    for (; knot < input->knots && input->time[knot] < time.high; knot++) {
        bounds.low = fmin(bounds.low, input->value[knot]);
        bounds.high = fmax(bounds.high, input->value[knot]);
    }
    return bounds;
}

static lac_interval leaf_bounds(const void *context, const lac_expression *tree)
{
    const lac_interval_scene *scene = context;
    const lac_interval any = {-INFINITY, INFINITY};
    if (tree->op != LAC_OP_SYMBOL)
        return any;
    switch (tree->symbol.kind) {
    case LAC_SYMBOL_TIME:
        return scene->time;
    case LAC_SYMBOL_INPUT:
        return lac_interval_of_input(&scene->model->input[tree->symbol.index], scene->time);
    case LAC_SYMBOL_PARAMETER: {
        double value = scene->parameter[tree->symbol.index];
        return (lac_interval){value, value};
    }
    default:
        return any;
    }
}

lac_interval lac_interval_of_tree(const lac_interval_scene *scene, const lac_expression *tree)
{
    return lac_expression_interval(tree, leaf_bounds, scene);
}
