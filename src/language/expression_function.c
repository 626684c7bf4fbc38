/* Expression functions: those of the language, and those that a model defines.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "base/memory.h"
#include "base/names.h"

#include <string.h>

/* The same order as `builtins`. */
static const lac_function_row rows[] = {
    {"if", "(condition, a, b)", "a where the condition holds, else b", false},
    {"piecewise", "(a, condition, ..., otherwise)",
     "the value before the first condition that holds", false},
    {"min", "(a, b, ...)", "least of two or more values", false},
    {"max", "(a, b, ...)", "greatest of two or more values", false},
    {"exp", "(x)", "e^x of a pure number", false},
    {"log", "(x)", "natural logarithm of a pure number", false},
    {"sqrt", "(x)", "square root", false},
    {"abs", "(x)", "absolute value", false},
    {"sin", "(x)", "sine of a pure number (radian)", false},
    {"cos", "(x)", "cosine of a pure number (radian)", false},
    {"tanh", "(x)", "hyperbolic tangent of a pure number", false},
    {"hill", "(x, K, n)", "x^n / (K^n + x^n), 0 for x below 0", false},
    {"mean", "(value, region)", "volume mean over a region or the whole tissue", true},
    {"total", "(value, region)", "integral over the volume, of the whole joint", true},
    {"min", "(value, region)", "least value over the voxels", true},
    {"max", "(value, region)", "greatest value over the voxels", true},
    {"fraction", "(condition, region)", "share of the volume in which the condition holds", true},
    {"at", "(value, x, y, depth)", "value in the voxel that holds a point", true},
    {"first", "(condition)", "first time at which the condition holds", true},
};

static const lac_builtin builtins[] = {
    {"if", LAC_OP_IF, 3, 3, false},
    {"piecewise", LAC_OP_IF, 3, LAC_EXPRESSION_ARGUMENTS - 1, false},
    {"min", LAC_OP_MIN, 2, LAC_EXPRESSION_ARGUMENTS, false},
    {"max", LAC_OP_MAX, 2, LAC_EXPRESSION_ARGUMENTS, false},
    {"exp", LAC_OP_EXP, 1, 1, false},
    {"log", LAC_OP_LOG, 1, 1, false},
    {"sqrt", LAC_OP_SQRT, 1, 1, false},
    {"abs", LAC_OP_ABS, 1, 1, false},
    {"sin", LAC_OP_SIN, 1, 1, false},
    {"cos", LAC_OP_COS, 1, 1, false},
    {"tanh", LAC_OP_TANH, 1, 1, false},
    {"hill", LAC_OP_HILL, 3, 3, false},
    {"mean", LAC_OP_MEAN, 1, 2, true},
    {"total", LAC_OP_TOTAL, 1, 2, true},
    {"min", LAC_OP_LEAST, 1, 2, true},
    {"max", LAC_OP_GREATEST, 1, 2, true},
    {"fraction", LAC_OP_FRACTION, 1, 2, true},
    {"at", LAC_OP_AT, 4, 4, true},
    {"first", LAC_OP_FIRST, 1, 1, true},
};

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
