/* Degrees of laws.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/degree.h"

#include <math.h>

/* --- in one variable -----------------------------------------------------------------------------
 */

static bool is_zero(const lac_expression *tree)
{
    return tree->op == LAC_OP_NUMBER && tree->number == 0;
}

/* Of two trees one of which is the value: 0 is any power. */
static int common_degree(const lac_expression *a, const lac_expression *b, size_t variable)
{
    int of_a = lac_degree_in(a, variable), of_b = lac_degree_in(b, variable);
    if (is_zero(a) || is_zero(b))
        return is_zero(a) ? of_b : of_a;
    return of_a == of_b ? of_a : LAC_NO_DEGREE;
}

static int degree_of_power(const lac_expression *tree, size_t variable)
{
    const lac_expression *exponent = tree->arg[1];
    int base = lac_degree_in(tree->arg[0], variable);
    if (base == LAC_NO_DEGREE || lac_degree_in(exponent, variable) != 0)
        return LAC_NO_DEGREE;
    if (base == 0)
        return 0;
    bool whole = exponent->op == LAC_OP_NUMBER && exponent->number >= 1 &&
                 exponent->number <= LAC_DEGREE_MOST && exponent->number == floor(exponent->number);
    return whole ? base * (int)exponent->number : LAC_NO_DEGREE;
}

int lac_degree_in(const lac_expression *tree, size_t variable)
{
    int first, second;
    switch (tree->op) {
    case LAC_OP_SYMBOL:
        return tree->symbol.kind == LAC_SYMBOL_VARIABLE && tree->symbol.index == variable;
    case LAC_OP_NEGATE:
        return lac_degree_in(tree->arg[0], variable);
    case LAC_OP_MULTIPLY:
        first = lac_degree_in(tree->arg[0], variable);
        second = lac_degree_in(tree->arg[1], variable);
        return first == LAC_NO_DEGREE || second == LAC_NO_DEGREE ? LAC_NO_DEGREE : first + second;
    case LAC_OP_DIVIDE:
        return lac_degree_in(tree->arg[1], variable) == 0 ? lac_degree_in(tree->arg[0], variable)
                                                          : LAC_NO_DEGREE;
    case LAC_OP_POWER:
        return degree_of_power(tree, variable);
    case LAC_OP_IF:
        return lac_degree_in(tree->arg[0], variable) == 0
                   ? common_degree(tree->arg[1], tree->arg[2], variable)
                   : LAC_NO_DEGREE;
    case LAC_OP_ADD:
    case LAC_OP_SUBTRACT:
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        return common_degree(tree->arg[0], tree->arg[1], variable);
    default:
        for (size_t k = 0; k < tree->args; k++)
            if (lac_degree_in(tree->arg[k], variable) != 0)
                return LAC_NO_DEGREE;
        return 0;
    }
}

/* --- in the discrete variables that diffuse ------------------------------------------------------
 */

static int most_of(const lac_model *model, const lac_expression *tree)
{
    int most = 0;
    for (size_t k = 0; k < tree->args; k++) {
        const int degree = lac_degree_in_moving(model, tree->arg[k]);
        most = degree > most ? degree : most;
    }
    return most;
}

int lac_degree_in_moving(const lac_model *model, const lac_expression *tree)
{
    int first, second;
    switch (tree->op) {
    case LAC_OP_SYMBOL:
        return tree->symbol.kind == LAC_SYMBOL_VARIABLE &&
               lac_model_is_moving(model, tree->symbol.index);
    case LAC_OP_NEGATE:
    case LAC_OP_ADD:
    case LAC_OP_SUBTRACT:
        return most_of(model, tree);
    case LAC_OP_MULTIPLY:
        first = lac_degree_in_moving(model, tree->arg[0]);
        second = lac_degree_in_moving(model, tree->arg[1]);
        return first + second > 2 ? 2 : first + second;
    case LAC_OP_DIVIDE:
        first = lac_degree_in_moving(model, tree->arg[0]);
        return lac_degree_in_moving(model, tree->arg[1]) ? 2 : first;
    default:
        return most_of(model, tree) ? 2 : 0;
    }
}
