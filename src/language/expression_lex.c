/* Expression lexer: text to tokens; it never fails, what it does not know is a bad token.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression_parser.h"

#include "language/number.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const keywords[] = {"and", "or", "not"};

bool lac_is_keyword(const char *name)
{
    for (size_t word = 0; word < sizeof keywords / sizeof keywords[0]; word++) {
        if (strcmp(name, keywords[word]) == 0)
            return true;
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* An identifier, or identifiers joined by points. */
static size_t name_bytes(const char *at)
{
    size_t bytes = 0;
    while (is_letter(at[bytes]) || is_digit(at[bytes]) ||
           (at[bytes] == '.' && is_letter(at[bytes + 1])))
        bytes++;
    return bytes;
}

static size_t number_bytes(const char *at, const char *end)
{
    double value;
    size_t bytes = 0;
    lac_number_scan(at, end, &value, &bytes);
    return bytes;
}

static int pair_kind(const char *at)
{
    if (at[1] != '=')
        return LAC_TOKEN_END;
    switch (at[0]) {
    case '<':
        return LAC_TOKEN_LESS_EQUAL;
    case '>':
        return LAC_TOKEN_GREATER_EQUAL;
    case '=':
        return LAC_TOKEN_EQUAL;
    case '!':
        return LAC_TOKEN_NOT_EQUAL;
    default:
        return LAC_TOKEN_END;
    }
}

static lac_token lex(const lac_parser *in, size_t start)
{
    const char *at = in->text + start;
    at += strspn(at, " \t\r\n");
    lac_token token = {.start = (size_t)(at - in->text)};
    if (!*at)
        return token;
    if (is_letter(*at)) {
        token.kind = LAC_TOKEN_NAME;
        token.bytes = name_bytes(at);
    } else if ((token.bytes = number_bytes(at, in->end)) > 0) {
        token.kind = LAC_TOKEN_NUMBER;
    } else if (pair_kind(at)) {
        token.kind = pair_kind(at);
        token.bytes = 2;
    } else {
        token.kind = strchr("+-*/^(),<>[]", *at) ? *at : LAC_TOKEN_BAD;
        token.bytes = lac_character_bytes(at);
    }
    return token;
}

void lac_parser_start(lac_parser *in, const char *text, lac_place place)
{
    in->text = text;
    in->end = text + strlen(text);
    in->locator = lac_locator_of(place, text);
    in->last_end = 0;
    in->token = lex(in, 0);
}

void lac_parser_advance(lac_parser *in)
{
    in->last_end = in->token.start + in->token.bytes;
    in->token = lex(in, in->last_end);
}

bool lac_token_is(const lac_parser *in, const char *word)
{
    return in->token.kind == LAC_TOKEN_NAME && in->token.bytes == strlen(word) &&
           memcmp(in->text + in->token.start, word, in->token.bytes) == 0;
}

bool lac_token_name(lac_parser *in, char name[LAC_NAME_BYTES])
{
    bool path = memchr(in->text + in->token.start, '.', in->token.bytes);
    bool fits = in->token.bytes <= LAC_NAME_MOST || (path && in->token.bytes < LAC_NAME_BYTES);
    snprintf(name, LAC_NAME_BYTES, "%.*s", (int)(fits ? in->token.bytes : LAC_NAME_BYTES - 1),
             in->text + in->token.start);
    if (!fits)
        lac_parser_complain(in, lac_token_place(in), LAC_NAME_TOO_LONG, in->token.bytes,
                            LAC_NAME_MOST);
    return fits;
}

lac_place lac_token_place(const lac_parser *in)
{
    return lac_locate(&in->locator, in->token.start, in->token.bytes);
}

lac_place lac_parser_span(const lac_parser *in, size_t start)
{
    return lac_locate(&in->locator, start, in->last_end > start ? in->last_end - start : 0);
}

void lac_parser_complain(lac_parser *in, lac_place place, const char *format, ...)
{
    char sentence[1024];
    char caller[LAC_NAME_BYTES + 32] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (in->call)
        snprintf(caller, sizeof caller, " (in the function '%s')", in->call->function->name);
    lac_report(in->list, LAC_ERROR, place, "%s%s", sentence, caller);
    in->bad = true;
}

/* What people of other languages write. */
static const char *hint(const char *at)
{
    static const struct {
        const char *written;
        const char *meant;
    } table[] = {{"&&", ": write 'and'"}, {"&", ": write 'and'"},
                 {"||", ": write 'or'"},  {"|", ": write 'or'"},
                 {"!", ": write 'not'"},  {"**", ": write '^' for a power"},
                 {"=", ": write '=='"},   {"{", ": write '('"},
                 {"}", ": write ')'"},    {"[", ": square brackets hold the unit of a number"}};
    for (size_t row = 0; row < sizeof table / sizeof table[0]; row++) {
        if (strncmp(at, table[row].written, strlen(table[row].written)) == 0)
            return table[row].meant;
    }
    return "";
}

lac_status lac_parser_unexpected(lac_parser *in, const char *expected)
{
    size_t start = in->token.start;
    if (in->token.kind == LAC_TOKEN_END) {
        lac_place place = lac_locate(&in->locator, in->last_end, 0);
        lac_parser_complain(in, place, "expected %s, but the text ends here", expected);
        return LAC_INPUT;
    }
    bool doubled = in->token.kind == '*' && start > 0 && in->text[start - 1] == '*';
    size_t shown = in->token.bytes < 60 ? in->token.bytes : 60;
    lac_parser_complain(in, lac_token_place(in), "expected %s, not '%.*s'%s", expected, (int)shown,
                        in->text + start, hint(in->text + start - (doubled ? 1 : 0)));
    return LAC_INPUT;
}
