/* The operations of the language: one row each, from which the parser, the evaluator, the writer,
 * the check of dimensions, interval arithmetic, the graph, its derivatives and the bytecode are
 * made. A function of one number is a row here and nothing else.
 *
 * A row is X(Y, shape, name, word, arguments, meaning, binds, dimension, value, span, slope, kind,
 * kernel); Y is passed on. What a column is where it is used:
 *   shape      PREFIX, INFIX, CALL1, CALL2 (folded over more than two), CALL3
 *   arguments, meaning   of a call, for `lacuna list functions`
 *   binds      how tightly the word binds (expression_write.c)
 *   dimension  the rule of expression_dimension.c
 *   value      of the numbers a, b, c
 *   span       the interval of the intervals a, b, c (interval.c)
 *   slope      CALL1: its derivative by x, in nodes of the graph (derivative.c); else the whole
 * rule, d[k] being the derivatives of the arguments; self is the node, n what it holds kind, kernel
 * LOOP and the value of the elements A, B, C; FUSED: of the families of kernels.h; OWN: a function
 * of program_run.c; NONE: the graph makes others of it
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_OPERATIONS_H
#define LAC_LANGUAGE_OPERATIONS_H

#include <math.h>

/* clang-format off */
#define LAC_OPERATION_LIST(X, Y) \
    X(Y, PREFIX, NEGATE, "-", "", "", SIGN, SAME, \
      -a, lac_span_of(-a.high, -a.low), LAC_NODE_ZERO, NONE, 0) \
    X(Y, PREFIX, NOT, "not ", "", "", NOT, LOGIC, \
      a == 0, truth(may_fail(a), may_hold(a)), LAC_NODE_ZERO, LOOP, A == 0 ? 1.0 : 0.0) \
    X(Y, INFIX, ADD, " + ", "", "", SUM, COMMON, \
      a + b, lac_span_of(a.low + b.low, a.high + b.high), add(g, d[0], d[1]), FUSED, 0) \
    X(Y, INFIX, SUBTRACT, " - ", "", "", SUM, COMMON, \
      a - b, lac_span_of(a.low - b.high, a.high - b.low), subtract(g, d[0], d[1]), FUSED, 0) \
    X(Y, INFIX, MULTIPLY, " * ", "", "", PRODUCT, PRODUCT, \
      a * b, multiplied(a, b), \
      add(g, multiply(g, d[0], n.arg[1]), multiply(g, n.arg[0], d[1])), FUSED, 0) \
    X(Y, INFIX, DIVIDE, " / ", "", "", PRODUCT, QUOTIENT, \
      a / b, divided(a, b), quotient_rule(g, &n, self, d[0], d[1]), FUSED, 0) \
    X(Y, INFIX, POWER, "^", "", "", POWER, POWER, \
      pow(a, b), raised(a, b), power_rule(g, &n, self, d[0], d[1]), LOOP, lac_power(A, B)) \
    X(Y, INFIX, LESS, " < ", "", "", COMPARE, ALIKE, \
      a < b, truth(a.low < b.high, a.high >= b.low), LAC_NODE_ZERO, LOOP, A < B ? 1.0 : 0.0) \
    X(Y, INFIX, LESS_EQUAL, " <= ", "", "", COMPARE, ALIKE, \
      a <= b, truth(a.low <= b.high, a.high > b.low), LAC_NODE_ZERO, LOOP, A <= B ? 1.0 : 0.0) \
    X(Y, INFIX, EQUAL, " == ", "", "", COMPARE, ALIKE, \
      a == b, truth(meet(a, b), !same_point(a, b)), LAC_NODE_ZERO, LOOP, A == B ? 1.0 : 0.0) \
    X(Y, INFIX, NOT_EQUAL, " != ", "", "", COMPARE, ALIKE, \
      a != b, truth(!same_point(a, b), meet(a, b)), LAC_NODE_ZERO, LOOP, A != B ? 1.0 : 0.0) \
    X(Y, INFIX, AND, " and ", "", "", AND, LOGIC, \
      a != 0 && b != 0, truth(may_hold(a) && may_hold(b), may_fail(a) || may_fail(b)), \
      LAC_NODE_ZERO, LOOP, ((A != 0) & (B != 0)) ? 1.0 : 0.0) \
    X(Y, INFIX, OR, " or ", "", "", OR, LOGIC, \
      a != 0 || b != 0, truth(may_hold(a) || may_hold(b), may_fail(a) && may_fail(b)), \
      LAC_NODE_ZERO, LOOP, ((A != 0) | (B != 0)) ? 1.0 : 0.0) \
    X(Y, CALL3, IF, "if", "(condition, a, b)", "a where the condition holds, else b", \
      PRIMARY, CHOICE, a != 0 ? b : c, chosen(a, b, c), choose(g, n.arg[0], d[1], d[2]), OWN, 0) \
    X(Y, CALL2, MIN, "min", "(a, b, ...)", "least of two or more values", PRIMARY, COMMON, \
      a < b ? a : b, lac_span_of(fmin(a.low, b.low), fmin(a.high, b.high)), \
      choose(g, less(g, n.arg[1], n.arg[0]), d[1], d[0]), LOOP, ((A != A) | (A < B)) ? A : B) \
    X(Y, CALL2, MAX, "max", "(a, b, ...)", "greatest of two or more values", PRIMARY, COMMON, \
      a > b ? a : b, lac_span_of(fmax(a.low, b.low), fmax(a.high, b.high)), \
      choose(g, less(g, n.arg[0], n.arg[1]), d[1], d[0]), LOOP, ((A != A) | (A > B)) ? A : B) \
    X(Y, CALL1, EXP, "exp", "(x)", "e^x of a pure number", PRIMARY, PURE, \
      exp(a), lac_span_of(exp(a.low), exp(a.high)), self, LOOP, lac_exp(A)) \
    X(Y, CALL1, LOG, "log", "(x)", "natural logarithm of a pure number", PRIMARY, PURE, \
      log(a), lac_span_of(log(fmax(a.low, 0)), log(fmax(a.high, 0))), \
      divide(g, LAC_NODE_ONE, x), LOOP, lac_log(A)) \
    X(Y, CALL1, LOG10, "log10", "(x)", "decimal logarithm of a pure number", PRIMARY, PURE, \
      log10(a), lac_span_of(log10(fmax(a.low, 0)), log10(fmax(a.high, 0))), \
      divide(g, lac_graph_number(g, 0.43429448190325182765), x), LOOP, lac_log10(A)) \
    X(Y, CALL1, SQRT, "sqrt", "(x)", "square root", PRIMARY, ROOT, \
      sqrt(a), lac_span_of(sqrt(fmax(a.low, 0)), sqrt(fmax(a.high, 0))), \
      lac_graph_two(g, LAC_NODE_POWER_SLOPE, x, lac_graph_number(g, 0.5)), LOOP, sqrt(A)) \
    X(Y, CALL1, ABS, "abs", "(x)", "absolute value", PRIMARY, SAME, \
      fabs(a), magnitude(a), \
      choose(g, less(g, x, LAC_NODE_ZERO), lac_graph_number(g, -1), LAC_NODE_ONE), LOOP, fabs(A)) \
    X(Y, CALL1, SIN, "sin", "(x)", "sine of a pure number (radian)", PRIMARY, PURE, \
      sin(a), sine(a), \
      lac_graph_one(g, LAC_NODE_COS, x), LOOP, lac_sin(A)) \
    X(Y, CALL1, COS, "cos", "(x)", "cosine of a pure number (radian)", PRIMARY, PURE, \
      cos(a), cosine(a), \
      subtract(g, LAC_NODE_ZERO, lac_graph_one(g, LAC_NODE_SIN, x)), LOOP, lac_cos(A)) \
    X(Y, CALL1, TANH, "tanh", "(x)", "hyperbolic tangent of a pure number", PRIMARY, PURE, \
      tanh(a), lac_span_of(tanh(a.low), tanh(a.high)), \
      subtract(g, LAC_NODE_ONE, multiply(g, self, self)), LOOP, lac_tanh(A)) \
    X(Y, CALL3, HILL, "hill", "(x, K, n)", "x^n / (K^n + x^n), 0 for x below 0", PRIMARY, HILL, \
      lac_hill_value(a, b, c), hill(a, b, c), hill_rule(g, &n, self, d), LOOP, lac_hill(A, B, C))

/* Reductions over the tissue: X(name, word, arguments, meaning, least, most, dimension) */
#define LAC_REDUCTION_LIST(X) \
    X(MEAN, "mean", "(value, region)", "volume mean over a region or the whole tissue", 1, 2, SAME) \
    X(TOTAL, "total", "(value, region)", "integral over the volume, of the whole joint", 1, 2, \
      INTEGRAL) \
    X(LEAST, "min", "(value, region)", "least value over the voxels", 1, 2, SAME) \
    X(GREATEST, "max", "(value, region)", "greatest value over the voxels", 1, 2, SAME) \
    X(FRACTION, "fraction", "(condition, region)", \
      "share of the volume in which the condition holds", 1, 2, LOGIC) \
    X(SD, "sd", "(value, region)", "standard deviation over the volume", 1, 2, SAME) \
    X(QUANTILE, "quantile", "(value, q, region)", \
      "value below which the share q of the volume lies", 2, 3, SAME) \
    X(CORRELATION, "correlation", "(value, distance, region)", \
      "correlation of values a distance apart; (value, dx, dy, ddepth, region) by axis", 2, 5, \
      NUMBER) \
    X(AT, "at", "(value, x, y, depth)", "value in the voxel that holds a point", 4, 4, SAME) \
    X(FIRST, "first", "(condition)", "first time at which the condition holds", 1, 1, MOMENT)
/* clang-format on */

/* x^n / (K^n + x^n), written so that it cannot overflow; 0 for x <= 0. */
static inline double lac_hill_value(double x, double half, double n)
{
    return x > 0 ? 1 / (1 + pow(half / x, n)) : 0;
}

#endif
