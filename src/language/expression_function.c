/* Expression functions: those of the language, and those that a model defines.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "base/memory.h"
#include "base/names.h"

#include <string.h>

/* Operations that are called, other ways to write them, and reductions: X of a row of this file. */
#define CALL_PREFIX(X, ...)
#define CALL_INFIX(X, ...)
#define CALL_CALL1(X, name, word, arguments, meaning) X(name, word, arguments, meaning, 1, 1, false)
#define CALL_CALL2(X, name, word, arguments, meaning)                                              \
    X(name, word, arguments, meaning, 2, LAC_EXPRESSION_ARGUMENTS, false)
#define CALL_CALL3(X, name, word, arguments, meaning) X(name, word, arguments, meaning, 3, 3, false)
#define CALL_ROW(X, shape, name, word, arguments, meaning, ...)                                    \
    CALL_##shape(X, name, word, arguments, meaning)
#define ALIAS_LIST(X)                                                                              \
    X(IF, "piecewise", "(a, condition, ..., otherwise)",                                           \
      "the value before the first condition that holds", 3, LAC_EXPRESSION_ARGUMENTS - 1, false)   \
    X(LOG, "ln", "(x)", "natural logarithm of a pure number, as log", 1, 1, false)

#define ROW(name, word, arguments, meaning, least, most, reduction)                                \
    {word, arguments, meaning, reduction},
#define REDUCTION(name, word, arguments, meaning, least, most, dimension)                          \
    {word, arguments, meaning, true},
static const lac_function_row rows[] = {LAC_OPERATION_LIST(CALL_ROW, ROW) ALIAS_LIST(ROW)
                                            LAC_REDUCTION_LIST(REDUCTION)};
#undef ROW
#undef REDUCTION

/* In the same order. */
#define ROW(name, word, arguments, meaning, least, most, reduction)                                \
    {word, LAC_OP_##name, least, most, reduction},
#define REDUCTION(name, word, arguments, meaning, least, most, dimension)                          \
    {word, LAC_OP_##name, least, most, true},
static const lac_builtin builtins[] = {LAC_OPERATION_LIST(CALL_ROW, ROW) ALIAS_LIST(ROW)
                                           LAC_REDUCTION_LIST(REDUCTION)};
#undef ROW
#undef REDUCTION

enum { BUILTINS = sizeof builtins / sizeof builtins[0] };

_Static_assert(sizeof rows / sizeof rows[0] == BUILTINS, "one row a function");

const lac_function_row *lac_expression_functions(size_t *count)
{
    *count = BUILTINS;
    return rows;
}

const lac_builtin *lac_builtin_find(const char *name, bool reduction)
{
    const lac_builtin *found = NULL;
    for (size_t row = 0; row < BUILTINS; row++) {
        if (strcmp(builtins[row].name, name) == 0 &&
            (!found || builtins[row].reduction == reduction))
            found = &builtins[row];
    }
    return found;
}

const char *lac_builtin_nearest(const char *name)
{
    const char *names[BUILTINS];
    for (size_t row = 0; row < BUILTINS; row++)
        names[row] = builtins[row].name;
    return lac_nearest(names, BUILTINS, name);
}

const char *lac_builtin_arguments(const lac_builtin *builtin)
{
    return rows[builtin - builtins].arguments;
}

bool lac_expression_reserved(const char *name)
{
    return lac_is_keyword(name) || lac_builtin_find(name, false);
}

/* --- definitions ---------------------------------------------------------------------------------
 */

static lac_status take_name(lac_parser *in, const char *expected, char **name)
{
    lac_status status = LAC_OK;
    char text[LAC_NAME_BYTES];
    if (in->token.kind != LAC_TOKEN_NAME)
        return lac_parser_unexpected(in, expected);
    if (!lac_token_name(in, text))
        return LAC_INPUT;
    if (strchr(text, '.') || lac_expression_reserved(text)) {
        lac_parser_complain(in, lac_token_place(in), "'%s' cannot be used as %s", text, expected);
        return LAC_INPUT;
    }
    LAC_OWN(*name, lac_copy_text(text));
    lac_parser_advance(in);
out:
    return status;
}

static lac_status take_argument(lac_parser *in, lac_function *function)
{
    lac_status status = LAC_OK;
    lac_place place = lac_token_place(in);
    if (function->arguments == LAC_EXPRESSION_ARGUMENTS) {
        lac_parser_complain(in, place, "a function has at most %d arguments",
                            LAC_EXPRESSION_ARGUMENTS);
        return LAC_INPUT;
    }
    char **name = &function->argument[function->arguments];
    LAC_TRY(take_name(in, "the name of an argument", name));
    function->arguments++;
    for (char **other = function->argument; other < name; other++) {
        if (strcmp(*other, *name) == 0)
            lac_parser_complain(in, place, "the argument '%s' is named twice", *name);
    }
out:
    return status;
}

static lac_status take_signature(lac_parser *in, lac_function *function)
{
    lac_status status = LAC_OK;
    LAC_NEW(function->argument, LAC_EXPRESSION_ARGUMENTS);
    LAC_TRY(take_name(in, "the name of a function", &function->name));
    LAC_TRY(lac_parser_expect(in, '(', "'(' and the names of the arguments"));
    LAC_TRY(take_argument(in, function));
    while (in->token.kind == ',') {
        lac_parser_advance(in);
        LAC_TRY(take_argument(in, function));
    }
    LAC_TRY(lac_parser_expect(in, ')', "')' or ','"));
    if (in->token.kind != LAC_TOKEN_END)
        status = lac_parser_unexpected(in, "nothing behind the ')'");
out:
    return status;
}

lac_status lac_function_define(const char *signature, lac_place place, const char *body,
                               lac_place body_place, lac_diagnostics *list, lac_function *function)
{
    lac_parser in = {.list = list};
    lac_function fresh = {.place = body_place};
    lac_parser_start(&in, signature, place);
    lac_status status = take_signature(&in, &fresh);
    if (status == LAC_OK)
        LAC_OWN(fresh.body, lac_copy_text(body));
out:
    if (list->text.failed)
        status = list->text.failed;
    *function = (lac_function){0};
    if (status == LAC_OK && !in.bad)
        *function = fresh;
    else
        lac_function_free(&fresh);
    return status == LAC_INPUT ? LAC_OK : status;
}

void lac_function_free(lac_function *function)
{
    if (!function)
        return;
    for (size_t argument = 0; argument < function->arguments; argument++)
        lac_free(function->argument[argument]);
    lac_free(function->argument);
    lac_free(function->name);
    lac_free(function->body);
    *function = (lac_function){0};
}

/* --- calls
 * ---------------------------------------------------------------------------------------- */

/* The names inside a body: the arguments, then what the caller sees. */
typedef struct body_scope {
    const lac_scope *outer;
    const lac_function *function;
    const lac_value *argument;
} body_scope;

static lac_meaning body_lookup(const lac_scope *scope, const char *name)
{
    const body_scope *body = scope->context;
    for (size_t index = 0; index < body->function->arguments; index++) {
        if (strcmp(body->function->argument[index], name) == 0)
            return (lac_meaning){.kind = LAC_MEANS_TREE,
                                 .tree = body->argument[index].tree,
                                 .dimension = body->argument[index].tree->dimension};
    }
    lac_scope outer = *body->outer;
    outer.per_voxel = scope->per_voxel;
    /* cppcheck-suppress returnDanglingLifetime ; a meaning keeps nothing of the scope */
    return outer.lookup(&outer, name);
}

static const char *body_nearest(const lac_scope *scope, const char *name)
{
    const body_scope *body = scope->context;
    const char *nearest =
        lac_nearest((const char *const *)body->function->argument, body->function->arguments, name);
    if (nearest || !body->outer->nearest)
        return nearest;
    return body->outer->nearest(body->outer, name);
}

static bool body_blame(const lac_scope *scope, const lac_clash *clash, size_t count)
{
    const body_scope *body = scope->context;
    return body->outer->blame && body->outer->blame(body->outer, clash, count);
}

/* Refuses recursion and floods of calls. */
static bool may_call(lac_parser *in, const lac_function *function, lac_place place)
{
    for (const lac_call *call = in->call; call; call = call->up) {
        if (call->function == function) {
            lac_parser_complain(in, place, "the function '%s' calls itself: recursion is refused",
                                function->name);
            return false;
        }
    }
    if (++in->budget->calls > LAC_EXPRESSION_CALLS) {
        lac_parser_complain(in, place, "more than %d calls of functions in one expression",
                            LAC_EXPRESSION_CALLS);
        return false;
    }
    return true;
}

lac_status lac_call_function(lac_parser *in, const lac_function *function, lac_place place,
                             const lac_value *argument, lac_value *value)
{
    if (!may_call(in, function, place))
        return lac_build_broken(in, value);
    body_scope body = {in->scope, function, argument};
    lac_scope scope = {.lookup = body_lookup,
                       .nearest = body_nearest,
                       .blame = body_blame,
                       .context = &body,
                       .reductions = in->scope->reductions,
                       .per_voxel = in->scope->per_voxel};
    lac_call call = {function, in->call};
    lac_parser inner = {.scope = &scope, .list = in->list, .budget = in->budget, .call = &call};
    lac_status status = lac_parse_text(&inner, function->body, function->place, value);
    if (inner.clash) {
        lac_parser_complain(in, place, "the arguments of this call do not fit the function '%s'",
                            function->name);
        in->clash = true;
    }
    in->bad = in->bad || inner.bad;
    if (status == LAC_INPUT)
        return lac_build_broken(in, value);
    if (status == LAC_OK)
        value->tree->place = place;
    return status;
}
