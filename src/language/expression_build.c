/* Expression building: nodes and copies within the limits of one expression.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "base/memory.h"

bool lac_is_broken(const lac_expression *tree)
{
    return tree->op == LAC_OP_COUNT;
}

void lac_values_free(lac_value *value, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        lac_expression_free(value[index].tree);
        value[index].tree = NULL;
    }
}

/* Takes `nodes` from the budget; LAC_INPUT (reported) when it is spent. */
static lac_status spend(lac_parser *in, size_t nodes, lac_place place)
{
    if (nodes > LAC_EXPRESSION_NODES || in->budget->nodes > LAC_EXPRESSION_NODES - nodes) {
        lac_parser_complain(in, place,
                            "the expression is too large: with its quantities and functions put in "
                            "it has more than %d parts",
                            LAC_EXPRESSION_NODES);
        return LAC_INPUT;
    }
    in->budget->nodes += nodes;
    return LAC_OK;
}

static lac_status check_height(lac_parser *in, size_t height, lac_place place)
{
    if (height <= LAC_EXPRESSION_HEIGHT)
        return LAC_OK;
    lac_parser_complain(in, place,
                        "the expression is too deep: with its quantities and functions put in it "
                        "has more than %d levels (a sum has one for each term)",
                        LAC_EXPRESSION_HEIGHT);
    return LAC_INPUT;
}

lac_status lac_build_leaf(lac_parser *in, lac_expression leaf, lac_value *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(spend(in, 1, leaf.place));
    LAC_NEW(value->tree, 1);
    *value->tree = leaf;
    value->height = 1;
out:
    return status;
}

lac_status lac_build_broken(lac_parser *in, lac_value *value)
{
    in->bad = true;
    return lac_build_leaf(in, (lac_expression){.op = LAC_OP_COUNT, .region = LAC_NONE}, value);
}

typedef struct extent {
    size_t nodes;
    size_t height;
} extent;

static extent measure(const lac_expression *tree)
{
    extent whole = {1, 0};
    for (size_t arg = 0; arg < tree->args; arg++) {
        extent part = measure(tree->arg[arg]);
        whole.nodes += part.nodes;
        whole.height = part.height > whole.height ? part.height : whole.height;
    }
    whole.height++;
    return whole;
}

lac_status lac_build_copy(lac_parser *in, const lac_expression *tree, lac_place place,
                          lac_value *value)
{
    lac_status status = LAC_OK;
    extent whole = measure(tree);
    LAC_TRY(spend(in, whole.nodes, place));
    LAC_TRY(lac_expression_copy(tree, &value->tree));
    value->tree->place = place;
    value->height = whole.height;
out:
    return status;
}

/* A constant exponent such as 1/2 becomes a number, so that compilers of laws see half powers. */
static void fold_exponent(lac_expression *node)
{
    lac_expression *exponent = node->arg[1];
    if (node->op != LAC_OP_POWER || exponent->args == 0 || !lac_is_constant(exponent))
        return;
    double number = lac_expression_value(exponent, NULL, NULL);
    for (size_t arg = 0; arg < exponent->args; arg++) {
        lac_expression_free(exponent->arg[arg]);
        exponent->arg[arg] = NULL;
    }
    exponent->op = LAC_OP_NUMBER;
    exponent->number = number;
    exponent->args = 0;
}

static lac_status build_node(lac_parser *in, const lac_operation *operation, lac_value *arg,
                             size_t args, lac_value *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(spend(in, 1, operation->place));
    LAC_NEW(value->tree, 1);
    *value->tree = (lac_expression){
        .op = operation->op, .region = LAC_NONE, .place = operation->place, .args = args};
    for (size_t index = 0; index < args; index++) {
        value->tree->arg[index] = arg[index].tree;
        arg[index].tree = NULL;
        value->height = arg[index].height > value->height ? arg[index].height : value->height;
    }
    value->height++;
    LAC_TRY(check_height(in, value->height, operation->place));
    if (!lac_dimension_check(in, value->tree, operation)) {
        in->clash = true;
        lac_values_free(value, 1);
        LAC_TRY(lac_build_broken(in, value));
    } else {
        fold_exponent(value->tree);
    }
out:
    if (status != LAC_OK)
        lac_values_free(value, 1);
    return status;
}

lac_status lac_build(lac_parser *in, const lac_operation *operation, lac_value *arg, size_t args,
                     lac_value *value)
{
    bool broken = false;
    for (size_t index = 0; index < args; index++)
        broken = broken || lac_is_broken(arg[index].tree);
    lac_status status = LAC_OK;
    lac_value built = {0};
    if (broken) {
        status = lac_build_broken(in, &built);
    } else if (operation->op == LAC_OP_NEGATE && arg[0].tree->op == LAC_OP_NUMBER) {
        built = arg[0];
        arg[0].tree = NULL;
        built.tree->number = -built.tree->number;
        built.tree->place = operation->place;
    } else {
        status = build_node(in, operation, arg, args, &built);
    }
    lac_values_free(arg, args);
    *value = built;
    return status;
}
