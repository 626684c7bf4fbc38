/* Expression numbers: a number, and the unit that stands behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "language/number.h"
#include "language/units_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static bool in_scope(const lac_parser *in, const char *name, size_t bytes)
{
    char copy[LAC_NAME_BYTES];
    if (bytes >= sizeof copy)
        return false;
    snprintf(copy, sizeof copy, "%.*s", (int)bytes, name);
    return lac_is_keyword(copy) || in->scope->lookup(in->scope, copy).kind != LAC_MEANS_NOTHING;
}

/* "^2" or "^-1", when it ends there: "^2.5" and "^n" belong to the number, not to its unit. */
static const char *scan_power(const char *at)
{
    if (*at != '^')
        return at;
    const char *digits = at + 1 + (at[1] == '-');
    size_t count = strspn(digits, "0123456789");
    const char *after = digits + count;
    return count && *after != '.' && *after != 'e' && *after != 'E' ? after : at;
}

static const char *scan_product(const lac_parser *in, const char *at, int depth);

/* The end of a unit name or a group of them at `at`, or `at`. */
static const char *scan_factor(const lac_parser *in, const char *at, int depth)
{
    if (*at == '(' && depth < 4) {
        const char *inside = skip_blanks(at + 1);
        const char *after = scan_product(in, inside, depth + 1);
        if (after == inside || *skip_blanks(after) != ')')
            return at;
        return scan_power(skip_blanks(after) + 1);
    }
    size_t bytes = lac_unit_name_length(at, in->end);
    if (!bytes || !lac_unit_known(at, bytes) || in_scope(in, at, bytes))
        return at;
    if (at[bytes] == '.' || at[bytes] == '(') /* domain.species, a call */
        return at;
    return scan_power(at + bytes);
}

/* The end of the longest chain of units at `at`, or `at`; the outermost may start with '/'. */
static const char *scan_product(const lac_parser *in, const char *at, int depth)
{
    const char *done = at;
    for (bool first = true;; first = false) {
        const char *next = skip_blanks(done);
        if ((*next == '/' && (!first || depth == 0)) || (*next == '*' && !first))
            next = skip_blanks(next + 1);
        const char *after = scan_factor(in, next, depth);
        if (after == next)
            return done;
        done = after;
    }
}

/* The '/' or '^' in front of the number, which would make 1/h behind it ambiguous; else 0. */
static char divider_before(const lac_parser *in)
{
    const char *at = in->text + in->token.start;
    while (at > in->text && strchr(" \t\r\n", at[-1]))
        at--;
    return at > in->text && (at[-1] == '/' || at[-1] == '^') ? at[-1] : '\0';
}

/* Moves the parser behind the unit that ends at `end`. */
static void consume(lac_parser *in, const char *end)
{
    in->token.bytes = (size_t)(end - in->text) - in->token.start;
    lac_parser_advance(in);
}

static void read_unit(lac_parser *in, const char *from, const char *to, lac_unit *unit)
{
    lac_unit_chain chain;
    size_t at;
    size_t span;
    lac_status status = lac_unit_chain_parse(from, (size_t)(to - from), true, &chain, &at, &span);
    if (status != LAC_OK) {
        size_t offset = (size_t)(from - in->text) + at;
        lac_parser_complain(in, lac_locate(&in->locator, offset, span), "%s", lac_failure());
    } else if (lac_unit_chain_value(&chain, unit) != LAC_OK) {
        size_t offset = (size_t)(from - in->text);
        lac_parser_complain(in, lac_locate(&in->locator, offset, (size_t)(to - from)), "%s",
                            lac_failure());
    }
}

/* The end of what follows a misspelt unit in the same unit: "/mL" in "1 cel/mL". */
static const char *scan_rest(const lac_parser *in, const char *at)
{
    const char *end = scan_power(at);
    const char *next = skip_blanks(end);
    if (*next == '/' || *next == '*')
        next = skip_blanks(next + 1);
    const char *after = scan_product(in, next, 0);
    return after == next ? end : after;
}

/* A word behind a number that is no unit here: says why, and takes it. */
static void refuse_word(lac_parser *in, const char *word, size_t bytes)
{
    char name[LAC_NAME_BYTES];
    char near[64];
    snprintf(name, sizeof name, "%.*s", (int)(bytes < 100 ? bytes : 100), word);
    lac_place place = lac_locate(&in->locator, (size_t)(word - in->text), bytes);
    lac_unit_nearest(name, near, sizeof near);
    if (in_scope(in, word, bytes) && lac_unit_known(word, bytes))
        lac_parser_complain(in, place,
                            "'%s' is a name of the model here: write '[%s]' for the unit, or an "
                            "operator such as '*'",
                            name, name);
    else if (in_scope(in, word, bytes))
        lac_parser_complain(in, place, "expected an operator such as '*' in front of '%s'", name);
    else if (near[0])
        lac_parser_complain(in, place, "unknown unit '%s': did you mean %s?", name, near);
    else
        lac_parser_complain(in, place, "expected a unit or an operator such as '*', not '%s'",
                            name);
    consume(in, near[0] ? scan_rest(in, word + bytes) : word + bytes);
}

/* "[pM]": what stands in the brackets is a unit, whatever names are in scope. */
static lac_status read_bracketed(lac_parser *in, const char *open, lac_unit *unit)
{
    const char *close = strchr(open, ']');
    if (!close) {
        lac_parser_complain(in, lac_locate(&in->locator, (size_t)(open - in->text), 1),
                            "this '[' is not closed: expected a unit and ']'");
        return LAC_INPUT;
    }
    read_unit(in, open + 1, close, unit);
    consume(in, close + 1);
    return LAC_OK;
}

static lac_status read_chain(lac_parser *in, const char *from, const char *to, lac_unit *unit)
{
    const char *start = skip_blanks(from);
    char divider = *start == '/' ? divider_before(in) : '\0';
    size_t offset = in->token.start;
    lac_place place = lac_locate(&in->locator, offset, (size_t)(to - in->text) - offset);
    read_unit(in, from, to, unit);
    consume(in, to);
    if (divider) {
        lac_parser_complain(in, place,
                            "ambiguous unit behind '%c': put the number and its unit in brackets",
                            divider);
    } else if (in->token.kind == '^') {
        lac_parser_complain(in, lac_token_place(in),
                            "the power of a unit is a whole number: put the number and its unit in "
                            "brackets");
        return LAC_INPUT;
    }
    return LAC_OK;
}

/* Takes the number token and the unit behind it. */
static lac_status read_unit_behind(lac_parser *in, lac_unit *unit)
{
    const char *from = in->text + in->token.start + in->token.bytes;
    const char *start = skip_blanks(from);
    if (*start == '[')
        return read_bracketed(in, start, unit);
    if (start > from && *start == '1' && *skip_blanks(start + 1) == '/') {
        const char *to = scan_product(in, start + 1, 0); /* 0.1 1/h */
        if (to != start + 1)
            return read_chain(in, start, to, unit);
    }
    const char *to = scan_product(in, from, 0);
    if (to != from)
        return read_chain(in, from, to, unit);
    size_t bytes = lac_unit_name_length(start, in->end);
    char word[LAC_NAME_BYTES];
    snprintf(word, sizeof word, "%.*s", (int)(bytes < 100 ? bytes : 100), start);
    if (bytes && !lac_is_keyword(word))
        refuse_word(in, start, bytes);
    else
        lac_parser_advance(in);
    return LAC_OK;
}

/* The letters and digits that stick to a number that is none, such as 0x10. */
static size_t word_bytes(const char *at)
{
    return strspn(at, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
}

lac_status lac_parse_number(lac_parser *in, lac_value *value)
{
    lac_status status = LAC_OK;
    size_t start = in->token.start;
    size_t bytes = 0;
    double number = 0;
    lac_unit unit = {.factor = 1};
    bool bad = in->bad;
    in->bad = false;
    if (lac_number_scan(in->text + start, in->end, &number, &bytes) != LAC_OK) {
        in->token.bytes += word_bytes(in->text + start + in->token.bytes);
        lac_parser_complain(in, lac_token_place(in), "%s", lac_failure());
    }
    status = read_unit_behind(in, &unit);
    bool good = !in->bad;
    in->bad = in->bad || bad;
    LAC_TRY(status);
    lac_expression leaf = {.op = LAC_OP_NUMBER,
                           .number = number * unit.factor,
                           .region = LAC_NONE,
                           .dimension = unit.dimension,
                           .place = lac_parser_span(in, start)};
    if (good && !isfinite(leaf.number)) {
        lac_parser_complain(in, leaf.place, "this is too large for a number");
        good = false;
    }
    if (good)
        LAC_TRY(lac_build_leaf(in, leaf, value));
    else
        LAC_TRY(lac_build_broken(in, value));
out:
    return status;
}
