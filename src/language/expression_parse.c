/* Expression parser: operators by precedence, names by the scope; trees are bound as they are read.
 * After an unknown name or a clash of dimensions reading goes on, so that one pass reports all of
 * them; a syntax error ends it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "language/units.h"

#include <string.h>

/* Levels share the stack, so nesting is counted over all texts being read in this thread: a name
 * may lead the scope to read its definition meanwhile. */
static _Thread_local size_t nesting;

static lac_status parser_enter(lac_parser *in)
{
    if (nesting >= LAC_EXPRESSION_NESTING) {
        lac_parser_complain(in, lac_token_place(in),
                            "nested more than %d levels deep (with the definitions it uses)",
                            LAC_EXPRESSION_NESTING);
        return LAC_INPUT;
    }
    nesting++;
    return LAC_OK;
}

static void parser_leave(void)
{
    nesting--;
}

lac_status lac_parser_expect(lac_parser *in, int kind, const char *expected)
{
    if (in->token.kind != kind)
        return lac_parser_unexpected(in, expected);
    lac_parser_advance(in);
    return LAC_OK;
}

/* --- names --------------------------------------------------------------------------------------
 */

static void report_unknown(lac_parser *in, const char *name, lac_place place)
{
    const char *nearest = in->scope->nearest ? in->scope->nearest(in->scope, name) : NULL;
    if (lac_builtin_find(name, false))
        lac_parser_complain(in, place, "the function '%s' needs its arguments in brackets", name);
    else if (nearest)
        lac_parser_complain(in, place, "unknown name '%s': did you mean '%s'?", name, nearest);
    else if (lac_unit_known(name, strlen(name)))
        lac_parser_complain(in, place,
                            "unknown name '%s': as a unit it stands behind a number, such as 1 %s",
                            name, name);
    else
        lac_parser_complain(in, place, "unknown name '%s'", name);
}

static lac_status bind_region(lac_parser *in, const char *name, lac_meaning meaning,
                              lac_place place, lac_value *value)
{
    if (!in->scope->per_voxel) {
        lac_parser_complain(
            in, place,
            "the region '%s' is not a value: name it as the last argument of mean(), "
            "total(), min(), max() or fraction()",
            name);
        return lac_build_broken(in, value);
    }
    lac_expression leaf = {.op = LAC_OP_SYMBOL, .region = LAC_NONE, .place = place};
    leaf.symbol = (lac_symbol){LAC_SYMBOL_REGION, meaning.symbol.index};
    if (meaning.symbol.index == LAC_NONE) /* the whole tissue */
        leaf =
            (lac_expression){.op = LAC_OP_NUMBER, .number = 1, .region = LAC_NONE, .place = place};
    return lac_build_leaf(in, leaf, value);
}

static lac_status bind_tree(lac_parser *in, const char *name, const lac_expression *tree,
                            lac_place place, lac_value *value)
{
    if (lac_has_reduction(tree) && in->scope->per_voxel) {
        lac_parser_complain(
            in, place, "'%s' holds a mean, total or the like, which cannot stand inside another",
            name);
        return lac_build_broken(in, value);
    }
    return lac_build_copy(in, tree, place, value);
}

static lac_status bind_name(lac_parser *in, const char *name, lac_place place, lac_value *value)
{
    lac_meaning meaning = in->scope->lookup(in->scope, name);
    if (meaning.kind == LAC_MEANS_NOTHING && strcmp(name, "pi") == 0) /* a model may have its own */
        return lac_build_leaf(in,
                              (lac_expression){.op = LAC_OP_NUMBER,
                                               .number = 3.14159265358979323846,
                                               .region = LAC_NONE,
                                               .place = place},
                              value);
    lac_expression leaf = {.op = LAC_OP_SYMBOL,
                           .symbol = meaning.symbol,
                           .region = LAC_NONE,
                           .dimension = meaning.dimension,
                           .place = place};
    switch (meaning.kind) {
    case LAC_MEANS_SYMBOL:
        return lac_build_leaf(in, leaf, value);
    case LAC_MEANS_TREE:
        return bind_tree(in, name, meaning.tree, place, value);
    case LAC_MEANS_REGION:
        return bind_region(in, name, meaning, place, value);
    case LAC_MEANS_FUNCTION:
        lac_parser_complain(in, place, "the function '%s' needs its arguments in brackets", name);
        break;
    case LAC_MEANS_MISUSE: /* without a reason: what is wrong was said at its definition */
        in->bad = true;
        if (meaning.why)
            lac_parser_complain(in, place, "%s", meaning.why);
        break;
    case LAC_MEANS_NOTHING:
        report_unknown(in, name, place);
        break;
    }
    return lac_build_broken(in, value);
}

/* --- primaries and powers ------------------------------------------------------------------------
 */

static lac_status parse_named(lac_parser *in, lac_value *value)
{
    char name[LAC_NAME_BYTES];
    size_t start = in->token.start;
    lac_place place = lac_token_place(in);
    bool fits = lac_token_name(in, name);
    if (lac_is_keyword(name))
        return lac_parser_unexpected(in, "a value");
    lac_parser_advance(in);
    if (in->token.kind == '(')
        return lac_parse_call(in, name, start, value);
    return fits ? bind_name(in, name, place, value) : lac_build_broken(in, value);
}

static lac_status parse_group(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_parser_advance(in);
    LAC_TRY(lac_parse_expression(in, value));
    LAC_TRY(lac_parser_expect(in, ')', "')' or an operator such as '*'"));
out:
    return status;
}

static lac_status parse_primary(lac_parser *in, lac_value *value)
{
    if (in->token.kind == LAC_TOKEN_NUMBER)
        return lac_parse_number(in, value);
    if (in->token.kind == LAC_TOKEN_NAME)
        return parse_named(in, value);
    if (in->token.kind == '(')
        return parse_group(in, value);
    return lac_parser_unexpected(in, "a value (a number, a name or a bracket)");
}

static lac_status parse_unary(lac_parser *in, lac_value *value);

static lac_status parse_power(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_value arg[2] = {{0}};
    size_t start = in->token.start;
    LAC_TRY(parse_primary(in, &arg[0]));
    lac_operation operation = {LAC_OP_POWER, {0}, lac_token_place(in), "^"};
    if (in->token.kind == '^') {
        lac_parser_advance(in);
        LAC_TRY(parse_unary(in, &arg[1]));
        operation.place = lac_parser_span(in, start);
        status = lac_build(in, &operation, arg, 2, value);
        arg[0].tree = arg[1].tree = NULL;
    } else {
        *value = arg[0];
        arg[0].tree = NULL;
    }
out:
    lac_values_free(arg, 2);
    return status;
}

/* '-' and 'not' in front of what `operand` reads. */
static lac_status parse_prefix(lac_parser *in, lac_op op,
                               lac_status (*operand)(lac_parser *, lac_value *), lac_value *value)
{
    lac_value arg = {0};
    size_t start = in->token.start;
    lac_operation operation = {op, {0}, lac_token_place(in), op == LAC_OP_NOT ? "not" : "-"};
    lac_parser_advance(in);
    lac_status status = operand(in, &arg);
    operation.place = lac_parser_span(in, start);
    if (status == LAC_OK)
        status = lac_build(in, &operation, &arg, 1, value);
    else
        lac_values_free(&arg, 1);
    return status;
}

/* Signs and powers nest without brackets (2^2^2, --x): they count as levels too. */
static lac_status parse_unary(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(parser_enter(in));
    if (in->token.kind == '-') {
        status = parse_prefix(in, LAC_OP_NEGATE, parse_unary, value);
    } else if (in->token.kind == '+') {
        lac_parser_advance(in);
        status = parse_unary(in, value);
    } else {
        status = parse_power(in, value);
    }
    parser_leave();
out:
    return status;
}

/* --- binary operators
 * ----------------------------------------------------------------------------- */

/* Loosest first. 'not' stands between AND and COMPARE. */
enum { LEVEL_OR, LEVEL_AND, LEVEL_COMPARE, LEVEL_ADD, LEVEL_MULTIPLY, LEVEL_UNARY };

typedef struct binary {
    int kind;         /* of the token; a name for `word` */
    const char *word; /* "and", "or"; else NULL */
    int level;
    lac_op op;
    bool swapped; /* a > b is b < a */
    const char *name;
} binary;

static const binary binaries[] = {
    {LAC_TOKEN_NAME, "or", LEVEL_OR, LAC_OP_OR, false, "or"},
    {LAC_TOKEN_NAME, "and", LEVEL_AND, LAC_OP_AND, false, "and"},
    {'<', NULL, LEVEL_COMPARE, LAC_OP_LESS, false, "<"},
    {LAC_TOKEN_LESS_EQUAL, NULL, LEVEL_COMPARE, LAC_OP_LESS_EQUAL, false, "<="},
    {'>', NULL, LEVEL_COMPARE, LAC_OP_LESS, true, ">"},
    {LAC_TOKEN_GREATER_EQUAL, NULL, LEVEL_COMPARE, LAC_OP_LESS_EQUAL, true, ">="},
    {LAC_TOKEN_EQUAL, NULL, LEVEL_COMPARE, LAC_OP_EQUAL, false, "=="},
    {LAC_TOKEN_NOT_EQUAL, NULL, LEVEL_COMPARE, LAC_OP_NOT_EQUAL, false, "!="},
    {'+', NULL, LEVEL_ADD, LAC_OP_ADD, false, "+"},
    {'-', NULL, LEVEL_ADD, LAC_OP_SUBTRACT, false, "-"},
    {'*', NULL, LEVEL_MULTIPLY, LAC_OP_MULTIPLY, false, "*"},
    {'/', NULL, LEVEL_MULTIPLY, LAC_OP_DIVIDE, false, "/"},
};

/* The operator of this level that the current token is, or NULL. */
static const binary *current_binary(const lac_parser *in, int level)
{
    for (size_t row = 0; row < sizeof binaries / sizeof binaries[0]; row++) {
        const binary *it = &binaries[row];
        if (it->level == level && it->kind == in->token.kind &&
            (!it->word || lac_token_is(in, it->word)))
            return it;
    }
    return NULL;
}

static lac_status parse_level(lac_parser *in, int level, lac_value *value);

static lac_status parse_not(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    if (!lac_token_is(in, "not"))
        return parse_level(in, LEVEL_COMPARE, value);
    LAC_TRY(parser_enter(in));
    status = parse_prefix(in, LAC_OP_NOT, parse_not, value);
    parser_leave();
out:
    return status;
}

static lac_status parse_operand(lac_parser *in, int level, lac_value *value)
{
    if (level == LEVEL_AND)
        return parse_not(in, value);
    if (level == LEVEL_MULTIPLY)
        return parse_unary(in, value);
    return parse_level(in, level + 1, value);
}

/* left = left op operand; takes over left's tree. */
static lac_status parse_right(lac_parser *in, const binary *it, size_t start, lac_value *left)
{
    lac_value arg[2] = {*left, {0}};
    lac_operation operation = {it->op, {0}, lac_token_place(in), it->name};
    left->tree = NULL;
    lac_parser_advance(in);
    lac_status status = parse_operand(in, it->level, &arg[1]);
    operation.place = lac_parser_span(in, start);
    if (status != LAC_OK) {
        lac_values_free(arg, 2);
        return status;
    }
    if (it->swapped) {
        lac_value first = arg[0];
        arg[0] = arg[1];
        arg[1] = first;
    }
    return lac_build(in, &operation, arg, 2, left);
}

static lac_status parse_level(lac_parser *in, int level, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_value left = {0};
    size_t start = in->token.start;
    LAC_TRY(parse_operand(in, level, &left));
    const binary *it;
    while ((it = current_binary(in, level)) != NULL) {
        LAC_TRY(parse_right(in, it, start, &left));
        if (level == LEVEL_COMPARE && current_binary(in, level)) {
            lac_parser_complain(in, lac_token_place(in),
                                "comparisons do not chain: write a < b and b < c");
            status = LAC_INPUT;
            goto out;
        }
    }
    *value = left;
    left.tree = NULL;
out:
    lac_values_free(&left, 1);
    return status;
}

lac_status lac_parse_expression(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    LAC_TRY(parser_enter(in));
    status = parse_level(in, LEVEL_OR, value);
    parser_leave();
out:
    return status;
}

/* --- whole texts
 * ---------------------------------------------------------------------------------- */

lac_status lac_parse_text(lac_parser *in, const char *text, lac_place place, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_value whole = {0};
    lac_parser_start(in, text, place);
    if (strlen(text) > LAC_EXPRESSION_BYTES) {
        lac_parser_complain(in, place, "an expression of %zu bytes: at most %d are read",
                            strlen(text), LAC_EXPRESSION_BYTES);
        return LAC_INPUT;
    }
    if (in->token.kind == LAC_TOKEN_END) {
        lac_parser_complain(in, place, "expected an expression, such as k * x, but there is none");
        return LAC_INPUT;
    }
    LAC_TRY(lac_parse_expression(in, &whole));
    if (in->token.kind != LAC_TOKEN_END) {
        status = lac_parser_unexpected(in, "an operator such as '*'");
        goto out;
    }
    *value = whole;
    whole.tree = NULL;
out:
    lac_values_free(&whole, 1);
    return status;
}

lac_status lac_expression_parse(const char *text, lac_place place, const lac_scope *scope,
                                lac_diagnostics *list, lac_expression **tree)
{
    lac_budget budget = {0};
    lac_parser in = {.scope = scope, .list = list, .budget = &budget};
    lac_value value = {0};
    *tree = NULL;
    lac_status status = lac_parse_text(&in, text, place, &value);
    if (list->text.failed)
        status = list->text.failed;
    if (status == LAC_OK && !in.bad)
        *tree = value.tree;
    else
        lac_values_free(&value, 1);
    return status == LAC_INPUT ? LAC_OK : status;
}
