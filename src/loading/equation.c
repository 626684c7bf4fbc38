/* Equation: reads reaction equations: counts, species and the arrow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/equation.h"

#include "language/locator.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct cursor {
    lac_loader *loader;
    const lac_yaml *node;
    const char *at;
    size_t domain;
    bool good;
} cursor;

static void skip_blanks(cursor *c)
{
    while (*c->at == ' ' || *c->at == '\t' || *c->at == '\n')
        c->at++;
}

static lac_place here(const cursor *c, const char *from, size_t width)
{
    const char *text = c->node->scalar;
    return lac_place_within(c->node->place, text, (size_t)(from - text), width);
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

enum { NAME_BYTES = 2 * LAC_NAME_MOST + 2 }; /* of domain.species */

static void report_unknown(cursor *c, const char *from, size_t length, const char *name)
{
    c->good = false;
    lac_report_stranger(c->loader, here(c, from, length), name,
                        1u << LAC_WORD_SPECIES | 1u << LAC_WORD_VARIABLE, "species");
}

/* The variable that a name means in this domain; LAC_NONE after a report. */
static size_t variable_of(cursor *c, const char *from, size_t length)
{
    const lac_loader *loader = c->loader;
    const lac_model *model = loader->model;
    char name[NAME_BYTES] = "";
    if (length >= sizeof name) {
        c->good = false;
        lac_report(loader->list, LAC_ERROR, here(c, from, length), LAC_NAME_TOO_LONG, length,
                   LAC_NAME_MOST);
        return LAC_NONE;
    }
    memcpy(name, from, length);
    size_t index = lac_names_find(&loader->words, name);
    const lac_word *word = index == LAC_NONE ? NULL : &loader->word[index];
    if (word && word->kind == LAC_WORD_VARIABLE)
        return word->index;
    if (!word || word->kind != LAC_WORD_SPECIES) {
        report_unknown(c, from, length, name);
        return LAC_NONE;
    }
    size_t variable = lac_model_variable(model, word->index, c->domain);
    if (variable == LAC_NONE) {
        c->good = false;
        lac_report(loader->list, LAC_ERROR, here(c, from, length), "'%s' is not in the domain '%s'",
                   name, model->domain[c->domain].id);
    }
    return variable;
}

static void add_term(cursor *c, lac_term *terms, size_t *count, lac_term term, const char *from)
{
    for (size_t each = 0; each < *count; each++) {
        if (terms[each].variable == term.variable) {
            terms[each].count += term.count; /* A + A */
            return;
        }
    }
    if (*count == LAC_MOST_TERMS) {
        c->good = false;
        lac_report(c->loader->list, LAC_ERROR, here(c, from, 1), "more than %d species on one side",
                   LAC_MOST_TERMS);
        return;
    }
    terms[(*count)++] = term;
}

/* [count] name */
static void read_term(cursor *c, lac_term *terms, size_t *count)
{
    lac_term term = {LAC_NONE, 1};
    const char *from = c->at;
    if (isdigit((unsigned char)*c->at)) {
        char *end;
        term.count = strtod(c->at, &end);
        c->at = end;
        skip_blanks(c);
    }
    const char *name = c->at;
    while (is_name_byte(*c->at))
        c->at++;
    size_t length = (size_t)(c->at - name);
    if (length == 0 || !(term.count > 0) || term.count > 1000) {
        c->good = false;
        lac_report(c->loader->list, LAC_ERROR, here(c, from, 1),
                   "an equation is written 'A + 2 B -> C', or with <=>; counts are from 0 to 1000");
        return;
    }
    term.variable = variable_of(c, name, length);
    if (term.variable != LAC_NONE)
        add_term(c, terms, count, term, from);
}

static bool at_arrow(const cursor *c)
{
    return strncmp(c->at, "->", 2) == 0 || strncmp(c->at, "<=>", 3) == 0;
}

/* Terms joined by +, or nothing at all. */
static void read_side(cursor *c, lac_term *terms, size_t *count)
{
    skip_blanks(c);
    if (at_arrow(c) || !*c->at)
        return;
    for (;;) {
        const char *before = c->at;
        read_term(c, terms, count);
        skip_blanks(c);
        if (*c->at != '+' || c->at == before)
            return;
        c->at++;
        skip_blanks(c);
    }
}

bool lac_equation_read(lac_loader *loader, const lac_yaml *node, size_t domain,
                       lac_equation *equation)
{
    *equation = (lac_equation){0};
    if (!lac_is_scalar(loader, node, node->place, "an equation"))
        return false;
    cursor c = {loader, node, node->scalar, domain, true};
    read_side(&c, equation->left, &equation->lefts);
    if (!at_arrow(&c)) {
        if (c.good)
            lac_report(loader->list, LAC_ERROR, here(&c, c.at, 1),
                       "expected '->' or '<=>' in the equation");
        return false;
    }
    equation->reversible = *c.at == '<';
    c.at += equation->reversible ? 3 : 2;
    read_side(&c, equation->right, &equation->rights);
    if (c.good && *c.at) {
        lac_report(loader->list, LAC_ERROR, here(&c, c.at, 1),
                   "expected '+' and a species, or the end of the equation");
        c.good = false;
    }
    if (c.good && equation->lefts + equation->rights == 0) {
        lac_report(loader->list, LAC_ERROR, node->place, "the equation holds no species");
        c.good = false;
    }
    return c.good;
}

double lac_equation_net(const lac_equation *equation, size_t variable)
{
    double sum = 0;
    for (size_t term = 0; term < equation->lefts; term++)
        sum -= equation->left[term].variable == variable ? equation->left[term].count : 0;
    for (size_t term = 0; term < equation->rights; term++)
        sum += equation->right[term].variable == variable ? equation->right[term].count : 0;
    return sum;
}
