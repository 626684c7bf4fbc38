/* Expression calls: functions of the language, reductions over the tissue, functions of the model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "base/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool lac_has_reduction(const lac_expression *tree)
{
    bool found = tree->op >= LAC_OP_MEAN && tree->op <= LAC_OP_FIRST;
    for (size_t arg = 0; arg < tree->args && !found; arg++)
        found = lac_has_reduction(tree->arg[arg]);
    return found;
}

static bool has_first(const lac_expression *tree)
{
    bool found = tree->op == LAC_OP_FIRST;
    for (size_t arg = 0; arg < tree->args && !found; arg++)
        found = has_first(tree->arg[arg]);
    return found;
}

/* A list of arguments in brackets. */
typedef struct list {
    size_t count;
    lac_value value[LAC_EXPRESSION_ARGUMENTS];
} list;

static lac_status parse_list(lac_parser *in, list *args)
{
    lac_status status = LAC_OK;
    lac_parser_advance(in);
    while (in->token.kind != ')') {
        if (args->count == LAC_EXPRESSION_ARGUMENTS) {
            lac_parser_complain(in, lac_token_place(in), "a call has at most %d arguments",
                                LAC_EXPRESSION_ARGUMENTS);
            return LAC_INPUT;
        }
        LAC_TRY(lac_parse_expression(in, &args->value[args->count]));
        args->count++;
        if (in->token.kind == ',')
            lac_parser_advance(in);
        else if (in->token.kind != ')')
            return lac_parser_unexpected(in, "')', ',' or an operator such as '*'");
    }
    lac_parser_advance(in);
out:
    return status;
}

/* --- functions of the language
 * --------------------------------------------------------------------- */

/* min(min(a, b), c) */
static lac_status fold(lac_parser *in, const lac_operation *operation, list *args, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_value left = args->value[0];
    args->value[0].tree = NULL;
    for (size_t next = 1; next < args->count && status == LAC_OK; next++) {
        lac_value pair[2] = {left, args->value[next]};
        left.tree = args->value[next].tree = NULL;
        status = lac_build(in, operation, pair, 2, &left);
    }
    *value = left;
    return status;
}

/* piecewise(a, c, b, d, e) is if(c, a, if(d, b, e)) */
static lac_status nest(lac_parser *in, const lac_operation *operation, list *args, lac_value *value)
{
    lac_status status = LAC_OK;
    lac_value rest = args->value[args->count - 1];
    args->value[args->count - 1].tree = NULL;
    for (size_t left = args->count - 1; left > 0 && status == LAC_OK; left -= 2) {
        lac_value triple[3] = {args->value[left - 1], args->value[left - 2], rest};
        args->value[left - 1].tree = args->value[left - 2].tree = rest.tree = NULL;
        status = lac_build(in, operation, triple, 3, &rest);
    }
    *value = rest;
    return status;
}

static bool count_fits(lac_parser *in, const lac_builtin *builtin, const list *args,
                       lac_place place)
{
    bool odd = args->count % 2 == 1 || strcmp(builtin->name, "piecewise") != 0;
    if (args->count >= builtin->least && args->count <= builtin->most && odd)
        return true;
    lac_parser_complain(in, place, "%s%s: here %s %zu argument%s", builtin->name,
                        lac_builtin_arguments(builtin), args->count == 1 ? "is" : "are",
                        args->count, args->count == 1 ? "" : "s");
    return false;
}

static lac_status parse_builtin(lac_parser *in, const lac_builtin *builtin, size_t start,
                                lac_value *value)
{
    lac_status status = LAC_OK;
    list args = {0};
    char name[LAC_NAME_BYTES + 2];
    lac_place sign = lac_parser_span(in, start);
    snprintf(name, sizeof name, "%s()", builtin->name);
    LAC_TRY(parse_list(in, &args));
    lac_operation operation = {builtin->op, lac_parser_span(in, start), sign, name};
    if (!count_fits(in, builtin, &args, sign))
        status = lac_build_broken(in, value);
    else if (strcmp(builtin->name, "piecewise") == 0)
        status = nest(in, &operation, &args, value);
    else if (builtin->most == LAC_EXPRESSION_ARGUMENTS)
        status = fold(in, &operation, &args, value);
    else
        status = lac_build(in, &operation, args.value, args.count, value);
out:
    lac_values_free(args.value,
                    args.count < LAC_EXPRESSION_ARGUMENTS ? args.count + 1 : args.count);
    return status;
}

/* --- reductions
 * -------------------------------------------------------------------------------------- */

static bool is_region(const lac_meaning *meaning)
{
    return meaning->kind == LAC_MEANS_REGION ||
           (meaning->kind == LAC_MEANS_SYMBOL && meaning->symbol.kind == LAC_SYMBOL_REGION);
}

/* Looks ahead from the '(' of min or max: one argument, or two of which the second is a region? */
static bool reduces(const lac_parser *in)
{
    lac_parser ahead = *in;
    size_t depth = 0;
    size_t commas = 0;
    lac_token last[2] = {{0}}; /* the last two tokens */
    char name[LAC_NAME_BYTES];
    do {
        last[0] = last[1];
        last[1] = ahead.token;
        depth += ahead.token.kind == '(';
        commas += ahead.token.kind == ',' && depth == 1;
        lac_parser_advance(&ahead);
    } while (ahead.token.kind != LAC_TOKEN_END && !(ahead.token.kind == ')' && --depth == 0));
    if (commas != 1 || last[0].kind != ',' || last[1].kind != LAC_TOKEN_NAME ||
        last[1].bytes >= sizeof name)
        return commas == 0;
    snprintf(name, sizeof name, "%.*s", (int)last[1].bytes, in->text + last[1].start);
    lac_meaning meaning = in->scope->lookup(in->scope, name);
    return is_region(&meaning);
}

/* Passes over a call that is refused, so that only the refusal is reported. */
static lac_status skip_call(lac_parser *in, lac_value *value)
{
    size_t depth = 0;
    do {
        depth += in->token.kind == '(';
        depth -= in->token.kind == ')';
        lac_parser_advance(in);
    } while (depth > 0 && in->token.kind != LAC_TOKEN_END);
    return lac_build_broken(in, value);
}

static lac_status parse_region(lac_parser *in, size_t *region)
{
    char name[LAC_NAME_BYTES];
    if (in->token.kind != LAC_TOKEN_NAME)
        return lac_parser_unexpected(in, "the name of a region");
    if (!lac_token_name(in, name))
        return LAC_INPUT;
    lac_meaning meaning = in->scope->lookup(in->scope, name);
    const char *nearest = NULL;
    if (meaning.kind == LAC_MEANS_NOTHING && in->scope->nearest)
        nearest = in->scope->nearest(in->scope, name);
    if (is_region(&meaning))
        *region = meaning.symbol.index;
    else if (nearest)
        lac_parser_complain(in, lac_token_place(in),
                            "expected a region, not '%s': did you mean '%s'?", name, nearest);
    else if (meaning.kind != LAC_MEANS_MISUSE || meaning.why)
        lac_parser_complain(in, lac_token_place(in), "expected a region, not '%s'", name);
    in->bad = in->bad || !is_region(&meaning);
    lac_parser_advance(in);
    return LAC_OK;
}

/* What a number behind the first argument of a reduction is. */
typedef struct kind_of_number {
    const char *expected; /* "',' and ..." */
    const char *what;
    const char *example;
    bool is_length;
    double least, most;
} kind_of_number;

static const kind_of_number coordinate = {"',' and three lengths (x, y, depth)",
                                          "a coordinate",
                                          "a length without names, such as 0.5 mm",
                                          true,
                                          -INFINITY,
                                          INFINITY};
static const kind_of_number share = {"',' and a share from 0 to 1",
                                     "the share q of quantile()",
                                     "a number from 0 to 1, such as 0.05",
                                     false,
                                     0,
                                     1};
static const kind_of_number lag = {"',' and a distance, or three (x, y, depth)",
                                   "a distance",
                                   "a length without names, such as 0.1 mm",
                                   true,
                                   -INFINITY,
                                   INFINITY};

/* A constant; what it must be is said where it is not. */
static lac_status parse_number(lac_parser *in, const kind_of_number *kind, double *number)
{
    lac_status status = LAC_OK;
    lac_value value = {0};
    lac_dimension length = lac_dimension_of(LAC_LENGTH, 1);
    size_t start;
    LAC_TRY(lac_parser_expect(in, ',', kind->expected));
    start = in->token.start;
    LAC_TRY(lac_parse_expression(in, &value));
    if (lac_is_broken(value.tree))
        goto out;
    if (!lac_is_constant(value.tree)) {
        lac_parser_complain(in, lac_parser_span(in, start), "%s is %s", kind->what, kind->example);
    } else if (!lac_expression_expect(value.tree, kind->is_length ? length : lac_dimensionless,
                                      kind->what, in->list)) {
        in->bad = true;
    } else {
        *number = lac_expression_value(value.tree, NULL, NULL);
        if (!(*number >= kind->least && *number <= kind->most))
            lac_parser_complain(in, lac_parser_span(in, start), "%s is %s, not %g%s", kind->what,
                                kind->example, *number, kind->is_length ? " um" : "");
    }
out:
    lac_values_free(&value, 1);
    return status;
}

/* What stands in the brackets of a reduction. */
typedef struct reduction {
    lac_value arg;
    size_t region;
    double point[3];
} reduction;

/* Is there a ',' and behind it something else than a name, that is, than a region? */
static bool has_another_number(const lac_parser *in)
{
    lac_parser ahead = *in;
    if (in->token.kind != ',')
        return false;
    lac_parser_advance(&ahead);
    return ahead.token.kind != LAC_TOKEN_NAME;
}

/* One distance, or three lengths along the axes. */
static lac_status parse_distance(lac_parser *in, double point[3])
{
    lac_status status = LAC_OK;
    lac_parser ahead = *in;
    lac_parser_advance(&ahead);
    size_t start = ahead.token.start;
    LAC_TRY(parse_number(in, &lag, &point[0]));
    point[1] = point[2] = (double)NAN;
    if (has_another_number(in)) {
        LAC_TRY(parse_number(in, &lag, &point[1]));
        LAC_TRY(parse_number(in, &lag, &point[2]));
    } else if (point[0] < 0) {
        lac_parser_complain(in, lac_parser_span(in, start),
                            "the distance of correlation() must not be negative");
    }
out:
    return status;
}

/* The numbers between the first argument and the region. */
static lac_status parse_numbers(lac_parser *in, lac_op op, double point[3])
{
    lac_status status = LAC_OK;
    if (op == LAC_OP_QUANTILE)
        return parse_number(in, &share, &point[0]);
    if (op == LAC_OP_CORRELATION)
        return parse_distance(in, point);
    for (int axis = 0; axis < 3 && op == LAC_OP_AT; axis++)
        LAC_TRY(parse_number(in, &coordinate, &point[axis]));
out:
    return status;
}

static lac_status parse_reduction_list(lac_parser *in, const lac_builtin *builtin, reduction *it)
{
    lac_status status = LAC_OK;
    const lac_scope *outer = in->scope;
    lac_scope inner = *outer;
    inner.per_voxel = builtin->op != LAC_OP_FIRST;
    in->scope = &inner;
    lac_parser_advance(in);
    LAC_TRY(lac_parse_expression(in, &it->arg));
    in->scope = outer;
    LAC_TRY(parse_numbers(in, builtin->op, it->point));
    if (builtin->op != LAC_OP_AT && builtin->op != LAC_OP_FIRST && in->token.kind == ',') {
        lac_parser_advance(in);
        LAC_TRY(parse_region(in, &it->region));
    }
    LAC_TRY(lac_parser_expect(in, ')', "')' behind the arguments"));
out:
    in->scope = outer;
    return status;
}

static lac_status parse_reduction(lac_parser *in, const lac_builtin *builtin, size_t start,
                                  lac_value *value)
{
    lac_status status = LAC_OK;
    reduction it = {.region = LAC_NONE};
    char name[LAC_NAME_BYTES + 2];
    lac_place sign = lac_parser_span(in, start);
    snprintf(name, sizeof name, "%s()", builtin->name);
    LAC_TRY(parse_reduction_list(in, builtin, &it));
    if (builtin->op == LAC_OP_FIRST && has_first(it.arg.tree))
        lac_parser_complain(in, sign, "first() cannot stand inside first()");
    lac_operation operation = {builtin->op, lac_parser_span(in, start), sign, name};
    LAC_TRY(lac_build(in, &operation, &it.arg, 1, value));
    value->tree->region = it.region;
    for (int axis = 0; axis < 3; axis++)
        value->tree->point[axis] = it.point[axis];
out:
    lac_values_free(&it.arg, 1);
    return status;
}

static lac_status try_reduction(lac_parser *in, const lac_builtin *builtin, size_t start,
                                lac_value *value)
{
    lac_place place = lac_parser_span(in, start);
    if (!in->scope->reductions) {
        lac_parser_complain(in, place,
                            "%s%s works on the whole tissue: it is allowed only in observables, "
                            "triggers and the values of events",
                            builtin->name, lac_builtin_arguments(builtin));
        return skip_call(in, value);
    }
    if (in->scope->per_voxel) {
        lac_parser_complain(in, place, "%s() cannot stand inside a mean, total or the like",
                            builtin->name);
        return skip_call(in, value);
    }
    return parse_reduction(in, builtin, start, value);
}

/* --- functions of the model
 * --------------------------------------------------------------------------- */

static lac_status apply(lac_parser *in, const lac_function *function, lac_place place,
                        const list *args, lac_value *value)
{
    if (args->count == function->arguments)
        return lac_call_function(in, function, place, args->value, value);
    lac_text names = {0};
    for (size_t index = 0; index < function->arguments; index++)
        lac_text_add(&names, "%s%s", index ? ", " : "", function->argument[index]);
    lac_parser_complain(in, place, "%s(%s): here %s %zu argument%s", function->name,
                        lac_text_of(&names), args->count == 1 ? "is" : "are", args->count,
                        args->count == 1 ? "" : "s");
    lac_status failed = names.failed;
    lac_text_free(&names);
    return failed ? failed : lac_build_broken(in, value);
}

static void refuse_function(lac_parser *in, const char *name, const lac_meaning *meaning,
                            lac_place place)
{
    const char *nearest = lac_builtin_nearest(name);
    if (!nearest && in->scope->nearest)
        nearest = in->scope->nearest(in->scope, name);
    in->bad = true;
    if (meaning->kind == LAC_MEANS_MISUSE && meaning->why)
        lac_parser_complain(in, place, "%s", meaning->why);
    else if (meaning->kind == LAC_MEANS_NOTHING && nearest)
        lac_parser_complain(in, place, "unknown function '%s': did you mean '%s'?", name, nearest);
    else if (meaning->kind == LAC_MEANS_NOTHING)
        lac_parser_complain(in, place, "unknown function '%s'", name);
    else if (meaning->kind != LAC_MEANS_MISUSE)
        lac_parser_complain(
            in, place, "'%s' is not a function: an operator such as '*' is missing here", name);
}

static lac_status parse_model_function(lac_parser *in, const char *name, size_t start,
                                       lac_value *value)
{
    lac_status status = LAC_OK;
    list args = {0};
    lac_place sign = lac_parser_span(in, start);
    lac_meaning meaning = in->scope->lookup(in->scope, name);
    if (meaning.kind != LAC_MEANS_FUNCTION)
        refuse_function(in, name, &meaning, sign);
    LAC_TRY(parse_list(in, &args));
    if (meaning.kind == LAC_MEANS_FUNCTION)
        status = apply(in, meaning.function, lac_parser_span(in, start), &args, value);
    else
        status = lac_build_broken(in, value);
out:
    lac_values_free(args.value,
                    args.count < LAC_EXPRESSION_ARGUMENTS ? args.count + 1 : args.count);
    return status;
}

lac_status lac_parse_call(lac_parser *in, const char *name, size_t start, lac_value *value)
{
    bool reducing = in->scope->reductions && !in->scope->per_voxel && reduces(in);
    const lac_builtin *builtin = lac_builtin_find(name, reducing);
    if (!builtin)
        return parse_model_function(in, name, start, value);
    return builtin->reduction ? try_reduction(in, builtin, start, value)
                              : parse_builtin(in, builtin, start, value);
}
