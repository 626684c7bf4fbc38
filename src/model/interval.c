/* Intervals of what laws look at, between two times or in a whole run.
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

/* --- in a whole run ------------------------------------------------------------------------------
 */

/* At any time. */
static lac_interval input_interval(const lac_input *input)
{
    lac_interval all = {INFINITY, -INFINITY};
    for (size_t knot = 0; knot < input->knots; knot++) {
        all.low = fmin(all.low, input->value[knot]);
        all.high = fmax(all.high, input->value[knot]);
    }
    return all;
}

lac_interval lac_interval_of_symbol(const void *of, const lac_expression *tree)
{
    const lac_model *model = of;
    const lac_interval any = {-INFINITY, INFINITY};
    size_t index = tree->symbol.index;
    if (tree->op != LAC_OP_SYMBOL)
        return any;
    switch (tree->symbol.kind) {
    case LAC_SYMBOL_PARAMETER: {
        double value = model->parameter[index].value;
        return model->parameter[index].changes ? any : (lac_interval){value, value};
    }
    case LAC_SYMBOL_VARIABLE:
        return model->variable[index].is_signed ? any : (lac_interval){0, INFINITY};
    case LAC_SYMBOL_INPUT:
        return input_interval(&model->input[index]);
    case LAC_SYMBOL_TIME:
        return (lac_interval){0, model->settings.until};
    case LAC_SYMBOL_X:
    case LAC_SYMBOL_Y:
    case LAC_SYMBOL_DEPTH: {
        size_t axis = (size_t)tree->symbol.kind - LAC_SYMBOL_X;
        double longest = 0;
        for (size_t tissue = 0; tissue < lac_model_grids(model); tissue++)
            longest = fmax(longest, (double)model->tissue[tissue].voxels[axis] *
                                        model->tissue[tissue].voxel[axis]);
        return (lac_interval){0, longest};
    }
    case LAC_SYMBOL_REGION:
        return (lac_interval){0, 1};
    case LAC_SYMBOL_RANDOM:
        return model->random[index].uniform ? (lac_interval){0, 1} : any;
    case LAC_SYMBOL_INFUSION:
    case LAC_SYMBOL_REDUCED:
        break;
    }
    return any;
}
