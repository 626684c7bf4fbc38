/* Expression trees: copy, walk, evaluate, free.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression.h"

#include "base/memory.h"
#include "base/names.h"

#include <math.h>

lac_status lac_expression_copy(const lac_expression *tree, lac_expression **copy)
{
    lac_status status = LAC_OK;
    lac_expression *fresh = NULL;
    LAC_NEW(fresh, 1);
    *fresh = *tree;
    for (size_t arg = 0; arg < tree->args; arg++)
        fresh->arg[arg] = NULL;
    for (size_t arg = 0; arg < tree->args; arg++)
        LAC_TRY(lac_expression_copy(tree->arg[arg], &fresh->arg[arg]));
    *copy = fresh;
    fresh = NULL;
out:
    lac_expression_free(fresh);
    return status;
}

lac_status lac_expression_number(double value, lac_dimension dimension, lac_place place,
                                 lac_expression **tree)
{
    lac_status status = LAC_OK;
    LAC_NEW(*tree, 1);
    **tree = (lac_expression){.op = LAC_OP_NUMBER,
                              .number = value,
                              .region = LAC_NONE,
                              .dimension = dimension,
                              .place = place};
out:
    return status;
}

void lac_expression_free(lac_expression *tree)
{
    if (!tree)
        return;
    for (size_t arg = 0; arg < tree->args; arg++)
        lac_expression_free(tree->arg[arg]);
    lac_free(tree);
}

int lac_reduction_numbers(const lac_expression *tree)
{
    switch (tree->op) {
    case LAC_OP_AT:
        return 3;
    case LAC_OP_QUANTILE:
        return 1;
    case LAC_OP_CORRELATION:
        return isnan(tree->point[1]) ? 1 : 3;
    default:
        return 0;
    }
}

void lac_expression_walk(const lac_expression *tree,
                         void (*visit)(const lac_expression *node, void *context), void *context)
{
    visit(tree, context);
    for (size_t arg = 0; arg < tree->args; arg++)
        lac_expression_walk(tree->arg[arg], visit, context);
}

double lac_op_of_two(lac_op op, double a, double b)
{
    switch (op) {
#define VALUE_PREFIX(name, value)
#define VALUE_CALL1(name, value)
#define VALUE_CALL3(name, value)
#define VALUE_INFIX(name, value)                                                                   \
    case LAC_OP_##name:                                                                            \
        return value;
#define VALUE_CALL2 VALUE_INFIX
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, value, ...)                \
    VALUE_##shape(name, value)
        LAC_OPERATION_LIST(ROW, )
#undef VALUE_PREFIX
#undef VALUE_CALL1
#undef VALUE_INFIX
#undef VALUE_CALL2
    default:
        return NAN;
    }
}

double lac_op_of_one(lac_op op, double a)
{
    switch (op) {
#define VALUE_INFIX(name, value)
#define VALUE_CALL2(name, value)
#define VALUE_PREFIX(name, value)                                                                  \
    case LAC_OP_##name:                                                                            \
        return value;
#define VALUE_CALL1 VALUE_PREFIX
        LAC_OPERATION_LIST(ROW, )
#undef ROW
#undef VALUE_PREFIX
#undef VALUE_CALL1
#undef VALUE_CALL3
#undef VALUE_INFIX
#undef VALUE_CALL2
    default:
        return NAN;
    }
}

double lac_expression_value(const lac_expression *tree,
                            double (*value)(const void *context, lac_symbol symbol),
                            const void *context)
{
    if (tree->op == LAC_OP_NUMBER)
        return tree->number;
    if (tree->op == LAC_OP_SYMBOL)
        return value ? value(context, tree->symbol) : NAN;
    if (tree->op == LAC_OP_IF) {
        bool holds = lac_expression_value(tree->arg[0], value, context) != 0;
        return lac_expression_value(tree->arg[holds ? 1 : 2], value, context);
    }
    double arg[3] = {0};
    for (size_t index = 0; index < tree->args; index++)
        arg[index] = lac_expression_value(tree->arg[index], value, context);
    if (tree->op == LAC_OP_HILL)
        return lac_hill_value(arg[0], arg[1], arg[2]);
    return tree->args == 2 ? lac_op_of_two(tree->op, arg[0], arg[1])
                           : lac_op_of_one(tree->op, arg[0]);
}
