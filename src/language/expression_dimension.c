/* Expression dimensions: what each operation asks of its arguments and gives.
 * A literal 0 has every dimension, so that max(0, x) and x > 0 need no unit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include <math.h>
#include <stdio.h>

bool lac_is_zero(const lac_expression *tree)
{
    switch (tree->op) {
    case LAC_OP_NUMBER:
        return tree->number == 0 && lac_dimension_is_none(tree->dimension);
    case LAC_OP_NEGATE:
        return lac_is_zero(tree->arg[0]);
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        return lac_is_zero(tree->arg[0]) && lac_is_zero(tree->arg[1]);
    case LAC_OP_IF:
        return lac_is_zero(tree->arg[1]) && lac_is_zero(tree->arg[2]);
    default:
        return false;
    }
}

void lac_adopt_dimension(lac_expression *tree, lac_dimension dimension)
{
    tree->dimension = dimension;
    for (size_t arg = tree->op == LAC_OP_IF ? 1 : 0; arg < tree->args; arg++)
        lac_adopt_dimension(tree->arg[arg], dimension);
}

bool lac_is_constant(const lac_expression *tree)
{
    bool constant = tree->op != LAC_OP_SYMBOL && tree->op < LAC_OP_MEAN;
    for (size_t arg = 0; arg < tree->args; arg++)
        constant = constant && lac_is_constant(tree->arg[arg]);
    return constant;
}

/* Makes two arguments alike if a literal 0 allows it. */
static bool alike(lac_expression *a, lac_expression *b)
{
    if (lac_dimension_same(a->dimension, b->dimension))
        return true;
    if (lac_is_zero(a))
        lac_adopt_dimension(a, b->dimension);
    else if (lac_is_zero(b))
        lac_adopt_dimension(b, a->dimension);
    else
        return false;
    return true;
}

static bool require_alike(lac_parser *in, const lac_operation *operation, lac_expression *a,
                          lac_expression *b)
{
    char first[LAC_DIMENSION_TEXT];
    char second[LAC_DIMENSION_TEXT];
    if (alike(a, b))
        return true;
    lac_parser_complain(in, operation->sign, "%s needs values of one dimension: here are %s and %s",
                        operation->name, lac_dimension_describe(a->dimension, first, sizeof first),
                        lac_dimension_describe(b->dimension, second, sizeof second));
    return false;
}

static bool require_none(lac_parser *in, const lac_operation *operation, const lac_expression *a,
                         const char *what)
{
    char found[LAC_DIMENSION_TEXT];
    if (lac_dimension_is_none(a->dimension))
        return true;
    lac_parser_complain(in, a->place, "%s of %s must be a pure number, not %s", what,
                        operation->name, lac_dimension_describe(a->dimension, found, sizeof found));
    return false;
}

/* Dimensions saturate at the 20th power: a product that does not come back has left the range. */
static bool set_product(lac_parser *in, lac_expression *node, const lac_operation *operation,
                        bool divide)
{
    lac_dimension a = node->arg[0]->dimension;
    lac_dimension b = node->arg[1]->dimension;
    node->dimension = divide ? lac_dimension_over(a, b) : lac_dimension_times(a, b);
    lac_dimension back =
        divide ? lac_dimension_times(node->dimension, b) : lac_dimension_over(node->dimension, b);
    if (lac_dimension_same(back, a))
        return true;
    lac_parser_complain(in, operation->sign, "the unit of this product has too high a power");
    return false;
}

static bool set_power(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    lac_expression *base = node->arg[0];
    lac_expression *exponent = node->arg[1];
    char found[LAC_DIMENSION_TEXT];
    if (!require_none(in, operation, exponent, "the exponent"))
        return false;
    if (lac_dimension_is_none(base->dimension))
        return true;
    lac_dimension_describe(base->dimension, found, sizeof found);
    if (!lac_is_constant(exponent)) {
        lac_parser_complain(in, operation->sign,
                            "a power of %s needs a number as exponent: write (x / K)^n or "
                            "hill(x, K, n)",
                            found);
        return false;
    }
    double power = lac_expression_value(exponent, NULL, NULL);
    if (lac_dimension_power(base->dimension, power, &node->dimension))
        return true;
    lac_parser_complain(in, operation->sign,
                        "the power %g of %s has no unit: multiples of 1/6 up to 20 have", power,
                        found);
    return false;
}

static bool set_root(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    if (lac_dimension_power(node->arg[0]->dimension, 0.5, &node->dimension))
        return true;
    lac_parser_complain(in, operation->sign, "this square root has no unit");
    return false;
}

static bool check_hill(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool same = require_alike(in, operation, node->arg[0], node->arg[1]);
    return require_none(in, operation, node->arg[2], "the exponent n") && same;
}

static bool check_logic(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool good = true;
    for (size_t arg = 0; arg < node->args; arg++)
        good = require_none(in, operation, node->arg[arg], "the condition") && good;
    return good;
}

static bool check_if(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool good = require_none(in, operation, node->arg[0], "the condition");
    good = require_alike(in, operation, node->arg[1], node->arg[2]) && good;
    node->dimension = node->arg[1]->dimension;
    return good;
}

bool lac_dimension_check(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    lac_expression **arg = node->arg;
    bool same;
    switch (node->op) {
    case LAC_OP_ADD:
    case LAC_OP_SUBTRACT:
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        same = require_alike(in, operation, arg[0], arg[1]);
        node->dimension = arg[0]->dimension;
        return same;
    case LAC_OP_LESS:
    case LAC_OP_LESS_EQUAL:
    case LAC_OP_EQUAL:
    case LAC_OP_NOT_EQUAL:
        return require_alike(in, operation, arg[0], arg[1]);
    case LAC_OP_AND:
    case LAC_OP_OR:
    case LAC_OP_NOT:
    case LAC_OP_FRACTION:
        return check_logic(in, node, operation);
    case LAC_OP_FIRST:
        node->dimension = lac_dimension_of(LAC_TIME, 1);
        return check_logic(in, node, operation);
    case LAC_OP_IF:
        return check_if(in, node, operation);
    case LAC_OP_EXP:
    case LAC_OP_LOG:
    case LAC_OP_SIN:
    case LAC_OP_COS:
    case LAC_OP_TANH:
        return require_none(in, operation, arg[0], "the argument");
    case LAC_OP_MULTIPLY:
        return set_product(in, node, operation, false);
    case LAC_OP_DIVIDE:
        return set_product(in, node, operation, true);
    case LAC_OP_POWER:
        return set_power(in, node, operation);
    case LAC_OP_SQRT:
        return set_root(in, node, operation);
    case LAC_OP_HILL:
        return check_hill(in, node, operation);
    case LAC_OP_TOTAL:
        node->dimension = lac_dimension_times(arg[0]->dimension, lac_dimension_of(LAC_LENGTH, 3));
        return true;
    default: /* negation, absolute value, means: as their argument */
        node->dimension = arg[0]->dimension;
        return true;
    }
}

bool lac_expression_expect(lac_expression *tree, lac_dimension dimension, const char *what,
                           lac_diagnostics *list)
{
    char wanted[LAC_DIMENSION_TEXT];
    char found[LAC_DIMENSION_TEXT];
    if (lac_dimension_same(tree->dimension, dimension))
        return true;
    if (lac_is_zero(tree)) {
        lac_adopt_dimension(tree, dimension);
        return true;
    }
    lac_report(list, LAC_ERROR, tree->place, "%s must be %s, not %s", what,
               lac_dimension_describe(dimension, wanted, sizeof wanted),
               lac_dimension_describe(tree->dimension, found, sizeof found));
    return false;
}
