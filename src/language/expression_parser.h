/* Expression parser: what the files that read expressions share; private to them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_EXPRESSION_PARSER_H
#define LAC_LANGUAGE_EXPRESSION_PARSER_H

#include "language/expression.h"
#include "language/locator.h"

enum {
    LAC_EXPRESSION_BYTES = 65536,
    LAC_EXPRESSION_NESTING = 200,
    LAC_EXPRESSION_HEIGHT = 1000,
    LAC_EXPRESSION_NODES = 100000,
    LAC_EXPRESSION_CALLS = 10000,
    LAC_EXPRESSION_ARGUMENTS = 64,
    LAC_NAME_BYTES = 2 * LAC_NAME_MOST + 2 /* of domain.species */
};

/* One-character tokens are their character. */
typedef enum lac_token_kind {
    LAC_TOKEN_END = 0,
    LAC_TOKEN_NUMBER = 256,
    LAC_TOKEN_NAME,
    LAC_TOKEN_LESS_EQUAL,
    LAC_TOKEN_GREATER_EQUAL,
    LAC_TOKEN_EQUAL,
    LAC_TOKEN_NOT_EQUAL,
    LAC_TOKEN_BAD
} lac_token_kind;

typedef struct lac_token {
    int kind;
    size_t start; /* bytes into the text */
    size_t bytes;
} lac_token;

/* What one expression may use up, shared with the functions that it calls. */
typedef struct lac_budget {
    size_t nodes;
    size_t calls;
} lac_budget;

/* The functions being expanded, innermost first. */
typedef struct lac_call {
    const lac_function *function;
    const struct lac_call *up;
} lac_call;

typedef struct lac_parser {
    const char *text;
    const char *end;
    lac_locator locator;
    const lac_scope *scope;
    lac_diagnostics *list;
    lac_budget *budget;
    const lac_call *call; /* NULL outside of functions */
    lac_token token;      /* the current one */
    size_t last_end;      /* where the one before it ended */
    bool bad;             /* something was reported, here or where a name is defined */
    bool clash;           /* dimensions clashed: the arguments of a function may be the reason */
} lac_parser;

/* A tree under construction. A tree whose op is LAC_OP_COUNT is broken: its error is reported, and
 * what is built on it is broken too, silently. */
typedef struct lac_value {
    lac_expression *tree; /* owned */
    size_t height;
} lac_value;

/* --- expression_lex.c ----------------------------------------------------------------- */
void lac_parser_start(lac_parser *in, const char *text, lac_place place);
void lac_parser_advance(lac_parser *in);
bool lac_token_is(const lac_parser *in, const char *word);
/* Copies the current name; false (reported) when it is too long. */
bool lac_token_name(lac_parser *in, char name[LAC_NAME_BYTES]);
lac_place lac_token_place(const lac_parser *in);
/* The place of the bytes from `start` to the end of the last token. */
lac_place lac_parser_span(const lac_parser *in, size_t start);
/* Reports that the current token is not what was expected; LAC_INPUT. */
lac_status lac_parser_unexpected(lac_parser *in, const char *expected);
/* Reports at a place and marks the text as bad. */
void lac_parser_complain(lac_parser *in, lac_place place, const char *format, ...) LAC_PRINTF(3, 4);
bool lac_is_keyword(const char *name);

/* --- expression_number.c: the current token is a number; its unit is taken with it. --- */
lac_status lac_parse_number(lac_parser *in, lac_value *value);

/* --- expression_parse.c --------------------------------------------------------------- */
lac_status lac_parse_expression(lac_parser *in, lac_value *value);
lac_status lac_parser_expect(lac_parser *in, int kind, const char *expected);
lac_status lac_parse_text(lac_parser *in, const char *text, lac_place place, lac_value *value);

/* --- expression_build.c: nodes within the budget, their dimensions checked ------------ */
lac_status lac_build_leaf(lac_parser *in, lac_expression leaf, lac_value *value);
lac_status lac_build_broken(lac_parser *in, lac_value *value);
lac_status lac_build_copy(lac_parser *in, const lac_expression *tree, lac_place place,
                          lac_value *value);
/* Takes over the trees of `args` values, also on failure. */
typedef struct lac_operation {
    lac_op op;
    lac_place place;  /* of the whole */
    lac_place sign;   /* where a clash of dimensions is reported */
    const char *name; /* "+", "hill()" */
} lac_operation;
lac_status lac_build(lac_parser *in, const lac_operation *operation, lac_value *arg, size_t args,
                     lac_value *value);
bool lac_is_broken(const lac_expression *tree);
void lac_values_free(lac_value *value, size_t count);

/* --- expression_dimension.c ----------------------------------------------------------- */
/* Sets the dimension of a node from those of its arguments; false when they clash (reported). */
bool lac_dimension_check(lac_parser *in, lac_expression *node, const lac_operation *operation);
bool lac_is_constant(const lac_expression *tree);

/* --- expression_call.c: the current token is the '(' behind a name -------------------- */
lac_status lac_parse_call(lac_parser *in, const char *name, size_t start, lac_value *value);
bool lac_has_reduction(const lac_expression *tree);

/* --- expression_function.c ------------------------------------------------------------ */
typedef struct lac_builtin {
    const char *name;
    lac_op op;
    size_t least;
    size_t most;
    bool reduction;
} lac_builtin;
/* The function of the language, or NULL; min and max are given as a reduction when asked for. */
const lac_builtin *lac_builtin_find(const char *name, bool reduction);
const char *lac_builtin_arguments(const lac_builtin *builtin);
const char *lac_builtin_nearest(const char *name);
/* Calls a user function with bound arguments, which are borrowed. */
lac_status lac_call_function(lac_parser *in, const lac_function *function, lac_place place,
                             const lac_value *argument, lac_value *value);

#endif
