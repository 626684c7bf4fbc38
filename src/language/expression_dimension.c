/* Expression dimensions: what each operation asks of its arguments and gives.
 * A literal 0 has every dimension, so that max(0, x) and x > 0 need no unit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include <math.h>
#include <stdio.h>

/* A literal 0, or made of literal zeros: it has every dimension. */
static bool is_zero(const lac_expression *tree)
{
    switch (tree->op) {
    case LAC_OP_NUMBER:
        return tree->number == 0 && lac_dimension_is_none(tree->dimension);
    case LAC_OP_NEGATE:
        return is_zero(tree->arg[0]);
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        return is_zero(tree->arg[0]) && is_zero(tree->arg[1]);
    case LAC_OP_IF:
        return is_zero(tree->arg[1]) && is_zero(tree->arg[2]);
    default:
        return false;
    }
}

static void adopt_dimension(lac_expression *tree, lac_dimension dimension)
{
    tree->dimension = dimension;
    for (size_t arg = tree->op == LAC_OP_IF ? 1 : 0; arg < tree->args; arg++)
        adopt_dimension(tree->arg[arg], dimension);
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
    if (is_zero(a))
        adopt_dimension(a, b->dimension);
    else if (is_zero(b))
        adopt_dimension(b, a->dimension);
    else
        return false;
    return true;
}

/* True when a definition is to blame, which was reported there. */
static bool is_blamed(lac_parser *in, const lac_clash *clash, size_t count)
{
    if (!in->scope || !in->scope->blame || !in->scope->blame(in->scope, clash, count))
        return false;
    in->bad = true;
    return true;
}

static bool require_alike(lac_parser *in, const lac_operation *operation, lac_expression *a,
                          lac_expression *b)
{
    char first[LAC_DIMENSION_TEXT];
    char second[LAC_DIMENSION_TEXT];
    if (alike(a, b))
        return true;
    lac_clash clash[2] = {{a, b->dimension, operation->sign}, {b, a->dimension, operation->sign}};
    if (is_blamed(in, clash, 2))
        return false;
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
    if (is_blamed(in, &(lac_clash){a, lac_dimensionless, a->place}, 1))
        return false;
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

static bool rule_POWER(lac_parser *in, lac_expression *node, const lac_operation *operation)
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

static bool rule_ROOT(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    if (lac_dimension_power(node->arg[0]->dimension, 0.5, &node->dimension))
        return true;
    lac_parser_complain(in, operation->sign, "this square root has no unit");
    return false;
}

static bool rule_HILL(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool same = require_alike(in, operation, node->arg[0], node->arg[1]);
    return require_none(in, operation, node->arg[2], "the exponent n") && same;
}

static bool rule_LOGIC(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool good = true;
    for (size_t arg = 0; arg < node->args; arg++)
        good = require_none(in, operation, node->arg[arg], "the condition") && good;
    return good;
}

static bool rule_CHOICE(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool good = require_none(in, operation, node->arg[0], "the condition");
    good = require_alike(in, operation, node->arg[1], node->arg[2]) && good;
    node->dimension = node->arg[1]->dimension;
    return good;
}

/* --- the rules of operations.h, by name --- */

typedef bool rule(lac_parser *in, lac_expression *node, const lac_operation *operation);

static bool rule_COMMON(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    bool same = require_alike(in, operation, node->arg[0], node->arg[1]);
    node->dimension = node->arg[0]->dimension;
    return same;
}

static bool rule_ALIKE(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    return require_alike(in, operation, node->arg[0], node->arg[1]);
}

static bool rule_SAME(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    (void)in;
    (void)operation;
    node->dimension = node->arg[0]->dimension;
    return true;
}

static bool rule_PURE(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    return require_none(in, operation, node->arg[0], "the argument");
}

static bool rule_PRODUCT(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    return set_product(in, node, operation, false);
}

static bool rule_QUOTIENT(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    return set_product(in, node, operation, true);
}

static bool rule_MOMENT(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    node->dimension = lac_dimension_of(LAC_TIME, 1);
    return rule_LOGIC(in, node, operation);
}

static bool rule_NUMBER(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    (void)in;
    (void)operation;
    node->dimension = lac_dimensionless;
    return true;
}

static bool rule_INTEGRAL(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    (void)in;
    (void)operation;
    node->dimension = lac_dimension_times(node->arg[0]->dimension, lac_dimension_of(LAC_LENGTH, 3));
    return true;
}

bool lac_dimension_check(lac_parser *in, lac_expression *node, const lac_operation *operation)
{
    static rule *const rules[LAC_OP_COUNT] = {
#define ROW(y, shape, name, word, arguments, meaning, binds, dimension, ...)                       \
    [LAC_OP_##name] = rule_##dimension,
        LAC_OPERATION_LIST(ROW, )
#undef ROW
#define ROW(name, word, arguments, meaning, least, most, dimension)                                \
    [LAC_OP_##name] = rule_##dimension,
            LAC_REDUCTION_LIST(ROW)
#undef ROW
    };
    return rules[node->op](in, node, operation);
}

bool lac_expression_expect(lac_expression *tree, lac_dimension dimension, const char *what,
                           lac_diagnostics *list)
{
    char wanted[LAC_DIMENSION_TEXT];
    char found[LAC_DIMENSION_TEXT];
    if (lac_dimension_same(tree->dimension, dimension))
        return true;
    if (is_zero(tree)) {
        adopt_dimension(tree, dimension);
        return true;
    }
    lac_report(list, LAC_ERROR, tree->place, "%s must be %s, not %s", what,
               lac_dimension_describe(dimension, wanted, sizeof wanted),
               lac_dimension_describe(tree->dimension, found, sizeof found));
    return false;
}
