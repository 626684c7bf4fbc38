/* Expressions: infix text -> tree with names bound, dimensions checked, literals in internal units.
 *
 * Grammar (loosest first): or;  and;  not;  < <= > >= == != (they do not chain);  + -;  * /;
 * unary -;  ^ (right associative, its right side may have a sign);  calls, names, numbers, ( ).
 *
 * A number may be followed by a unit: 10 pM, 3 ng/mL, 0.1/h, 0.1 1/h, 2 amol/(cell h), and so
 * 1/(2 h). The unit is the longest chain of unit names, blanks, / , * , brackets and ^ integer
 * after the number in which each name is a unit and no name in scope; a space between number and
 * unit is optional. In square brackets a name is always a unit: 2 [h], also where a parameter is
 * called h.
 *
 * Names: identifiers, domain.species, region names inside reductions.
 *
 * min and max of one value, or of a value and a region, are reductions where the scope allows
 * reductions; else they are the least or greatest of their two or more arguments.
 *
 * Limits: 64 KiB of text, 200 nested brackets, signs and powers, 1000 levels and 100 000 nodes of
 * the tree with quantities and functions put in; 3 000 000 nodes in all trees of a model
 * (loading/).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_EXPRESSION_H
#define LAC_LANGUAGE_EXPRESSION_H

#include "base/names.h"
#include "language/diagnostics.h"
#include "language/operations.h"
#include "language/units.h"

/* The longest name that is read, and what is said about a longer one: its length, and this. */
enum { LAC_NAME_MOST = 127 };
#define LAC_NAME_TOO_LONG "a name of %zu characters: at most %d are read"

/* Comparisons and logic give 0 or 1; min and max of more than two are nested. */
typedef enum lac_op {
    LAC_OP_NUMBER,
    LAC_OP_SYMBOL,
#define LAC_OP_OF_ROW(y, shape, name, ...) LAC_OP_##name,
    LAC_OPERATION_LIST(LAC_OP_OF_ROW, )
#undef LAC_OP_OF_ROW
/* Reductions over the tissue, only in observables, triggers and event values. arg[0] is the
 * expression per voxel (for FIRST: a condition on reduced values, NaN before it has held). */
#define LAC_OP_OF_ROW(name, ...) LAC_OP_##name,
        LAC_REDUCTION_LIST(LAC_OP_OF_ROW)
#undef LAC_OP_OF_ROW
            LAC_OP_COUNT
} lac_op;

typedef enum lac_symbol_kind {
    LAC_SYMBOL_PARAMETER, /* index into lac_model.parameter */
    LAC_SYMBOL_INFUSION,  /* a rate: index into the parameters of a state, behind the model's */
    LAC_SYMBOL_VARIABLE,  /* index into lac_model.variable */
    LAC_SYMBOL_INPUT,     /* index into lac_model.input: a function of time */
    LAC_SYMBOL_TIME,
    LAC_SYMBOL_X, /* voxel centre; x, y lateral */
    LAC_SYMBOL_Y,
    LAC_SYMBOL_DEPTH,  /* z from the surface down */
    LAC_SYMBOL_REGION, /* index into lac_model.region: 1 inside, 0 outside */
    LAC_SYMBOL_RANDOM, /* index into lac_model.random: what was drawn for a voxel */
    LAC_SYMBOL_REDUCED /* index given by an observer that has replaced the reductions */
} lac_symbol_kind;

typedef struct lac_symbol {
    lac_symbol_kind kind;
    size_t index;
} lac_symbol;

/* Does it stand among the parameters of a state, which events alone change? */
static inline bool lac_symbol_is_set(lac_symbol symbol)
{
    return symbol.kind == LAC_SYMBOL_PARAMETER || symbol.kind == LAC_SYMBOL_INFUSION;
}

typedef struct lac_expression lac_expression;
struct lac_expression {
    lac_op op;
    double number; /* NUMBER: internal units */
    lac_symbol symbol;
    size_t region;   /* reductions: index of the region, LAC_NONE = whole tissue */
    double point[3]; /* AT: x, y, depth [um]; QUANTILE: q; CORRELATION: distance [um], NaN, NaN, or
                        along x, y, depth [um] */
    lac_dimension dimension;
    lac_place place;
    size_t args;
    lac_expression *arg[3]; /* owned; a tree: no sharing */
};

/* What a name means here. Filled by the caller of lac_expression_parse. */
typedef enum lac_meaning_kind {
    LAC_MEANS_NOTHING,
    LAC_MEANS_SYMBOL,
    LAC_MEANS_TREE,     /* replace the name by a copy of `tree`: quantities, observables */
    LAC_MEANS_FUNCTION, /* user function: `tree` with SYMBOL PARAMETER-like arguments, see below */
    LAC_MEANS_REGION,   /* symbol.index is the region, LAC_NONE the whole tissue; legal as the last
                           argument of a reduction, and inside one as 1 within, 0 outside */
    LAC_MEANS_MISUSE    /* known, but not allowed here: `why` says why; with `why` NULL it was
                           reported at its definition, and the tree is NULL without a message */
} lac_meaning_kind;

typedef struct lac_meaning {
    lac_meaning_kind kind;
    lac_symbol symbol;
    lac_dimension dimension;
    const lac_expression *tree;          /* borrowed */
    const struct lac_function *function; /* borrowed */
    const char *why;                     /* borrowed */
} lac_meaning;

/* A user function: parsed to a template at its definition; bound anew at each call, so that the
 * dimensions of its arguments are checked there. */
typedef struct lac_function {
    char *name;      /* owned */
    char **argument; /* owned names */
    size_t arguments;
    char *body;      /* owned text */
    lac_place place; /* of the body */
} lac_function;

/* A tree whose dimension should be another, and where that was found. */
typedef struct lac_clash {
    const lac_expression *tree;
    lac_dimension expected;
    lac_place place;
} lac_clash;

/* Where names come from. The parser passes copies of the scope to `lookup` and `nearest`: what they
 * need stands behind `context`. */
typedef struct lac_scope lac_scope;
struct lac_scope {
    lac_meaning (*lookup)(const lac_scope *scope, const char *name);
    const char *(*nearest)(const lac_scope *scope, const char *name); /* may be NULL */
    /* One of `count` trees has the wrong dimension: true when the reason was reported elsewhere.
     * May be NULL. */
    bool (*blame)(const lac_scope *scope, const lac_clash *clash, size_t count);
    const void *context;
    bool reductions; /* mean(), total(), ... are allowed */
    bool per_voxel;  /* set by the parser in the scope that it passes to `lookup` while it reads the
                        first argument of a reduction: names mean the tissue's */
};

/* Parses, binds and dimension-checks `text` that stands at `place`. Everything wrong goes to `list`
 * with its own column; then *tree is NULL. LAC_MEMORY only without memory. */
lac_status lac_expression_parse(const char *text, lac_place place, const lac_scope *scope,
                                lac_diagnostics *list, lac_expression **tree);

/* True when the tree has this dimension. A literal 0 has every dimension and takes this one on;
 * else an error is reported: "`what` must be amount/length^3 (such as pM), not time (such as h)".
 */
bool lac_expression_expect(lac_expression *tree, lac_dimension dimension, const char *what,
                           lac_diagnostics *list);

/* Reads a signature "up(x, K, n)" and keeps the body, whose syntax and names are checked at the
 * calls. Everything wrong goes to `list`, and function->name is NULL then. */
lac_status lac_function_define(const char *signature, lac_place place, const char *body,
                               lac_place body_place, lac_diagnostics *list, lac_function *function);
void lac_function_free(lac_function *function); /* what it owns, not itself */

/* True for a name that the grammar keeps for itself (and, or, not, if, exp, mean, ...), so that no
 * species, parameter or function can have it. */
bool lac_expression_reserved(const char *name);

/* One row a function, for `lacuna list functions`. */
typedef struct lac_function_row {
    const char *name;
    const char *arguments; /* "(x, K, n)" */
    const char *meaning;
    bool reduction; /* only in observables, triggers and event values */
} lac_function_row;
const lac_function_row *lac_expression_functions(size_t *rows);

lac_status lac_expression_copy(const lac_expression *tree, lac_expression **copy);
lac_status lac_expression_number(double value, lac_dimension dimension, lac_place place,
                                 lac_expression **tree);
void lac_expression_free(lac_expression *tree);

/* How many of `point` a reduction has: numbers behind its first argument. */
int lac_reduction_numbers(const lac_expression *tree);

/* Calls `visit` on every node, parents first. */
void lac_expression_walk(const lac_expression *tree,
                         void (*visit)(const lac_expression *node, void *context), void *context);

/* The tree as text that parses to the same tree (for the resolved model and messages); `name` names
 * a symbol, a region by its LAC_SYMBOL_REGION. Units are written in square brackets. */
void lac_expression_write(const lac_expression *tree,
                          const char *(*name)(const void *context, lac_symbol symbol),
                          const void *context, lac_text *text);

/* What an operation of one or two numbers gives; NaN for any other operation. */
double lac_op_of_one(lac_op op, double a);
double lac_op_of_two(lac_op op, double a, double b);

/* The value of a tree of numbers, and of symbols that `value` knows. Reductions are not allowed. */
double lac_expression_value(const lac_expression *tree,
                            double (*value)(const void *context, lac_symbol symbol),
                            const void *context);

#endif
