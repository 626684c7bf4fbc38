/* Words: one table of all names that a model and its expressions have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <string.h>

static const char *kind_word(lac_word_kind kind)
{
    static const char *const words[] = {
        "the time",       "a coordinate", "a coordinate", "a coordinate", "a species",
        "a variable",     "a parameter",  "a function",   "a quantity",   "an input",
        "a random field", "a region",     "an observable"};
    return words[kind];
}

static lac_status add_word(lac_loader *loader, const char *name, const lac_word *word)
{
    lac_status status = LAC_OK;
    LAC_GROW(loader->word, loader->words.count, loader->word_capacity);
    loader->word[loader->words.count] = *word;
    LAC_TRY(lac_names_add(&loader->words, name));
out:
    return status;
}

static bool is_identifier(const char *name)
{
    for (const char *c = name; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
        bool digit = *c >= '0' && *c <= '9';
        if (!letter && !(digit && c > name))
            return false;
    }
    return *name;
}

lac_status lac_declare(lac_loader *loader, const char *name, lac_word_kind kind, size_t index,
                       lac_place place)
{
    size_t known = lac_names_find(&loader->words, name);
    if (kind != LAC_WORD_VARIABLE && !is_identifier(name)) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%.60s' is not a name: a letter, then letters, digits and _", name);
        return LAC_OK;
    }
    if (kind != LAC_WORD_VARIABLE && strlen(name) > LAC_NAME_MOST) {
        lac_report(loader->list, LAC_ERROR, place, LAC_NAME_TOO_LONG, strlen(name), LAC_NAME_MOST);
        return LAC_OK;
    }
    if (lac_expression_reserved(name)) {
        lac_report(loader->list, LAC_ERROR, place, "the name '%s' is reserved for expressions",
                   name);
        return LAC_OK;
    }
    if (known == LAC_NONE)
        return add_word(loader, name, &(lac_word){kind, index, place});
    const lac_word *first = &loader->word[known];
    if (first->kind <= LAC_WORD_DEPTH)
        lac_report(loader->list, LAC_ERROR, place,
                   "the name '%s' is reserved: it is %s; choose another", name,
                   kind_word(first->kind));
    else
        lac_report(loader->list, LAC_ERROR, place, "the name '%s' is taken: it is %s, at %s:%zu",
                   name, kind_word(first->kind), first->place.source->path, first->place.line);
    return LAC_OK;
}

lac_status lac_declare_builtins(lac_loader *loader)
{
    lac_status status = LAC_OK;
    static const struct {
        const char *name;
        lac_word_kind kind;
    } coordinates[] = {{"t", LAC_WORD_TIME},
                       {"time", LAC_WORD_TIME},
                       {"x", LAC_WORD_X},
                       {"y", LAC_WORD_Y},
                       {"depth", LAC_WORD_DEPTH}};
    for (size_t each = 0; each < sizeof coordinates / sizeof *coordinates; each++)
        LAC_TRY(
            add_word(loader, coordinates[each].name, &(lac_word){.kind = coordinates[each].kind}));
out:
    return status;
}

static bool is_wanted(const lac_loader *loader, size_t word, unsigned kinds)
{
    return kinds & (1u << loader->word[word].kind);
}

/* The nearest name of one of these kinds, or NULL. */
static lac_status nearest_of(const lac_loader *loader, const char *name, unsigned kinds,
                             const char **nearest)
{
    lac_status status = LAC_OK;
    const char **names = NULL;
    size_t count = 0;
    *nearest = NULL;
    LAC_NEW(names, loader->words.count);
    for (size_t word = 0; word < loader->words.count; word++) {
        if (is_wanted(loader, word, kinds))
            names[count++] = loader->words.name[word];
    }
    *nearest = lac_nearest(names, count, name);
out:
    lac_free(names);
    return status;
}

void lac_report_stranger(lac_loader *loader, lac_place place, const char *name, unsigned kinds,
                         const char *wanted)
{
    size_t known = lac_names_find(&loader->words, name);
    const lac_word *word = known == LAC_NONE ? NULL : &loader->word[known];
    const char *nearest;
    if (word && word->kind <= LAC_WORD_DEPTH) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' is a reserved name (%s), not a %s: nothing in a model can have this name",
                   name, kind_word(word->kind), wanted);
    } else if (word) {
        lac_report(loader->list, LAC_ERROR, place, "'%s' is %s (%s:%zu), not a %s", name,
                   kind_word(word->kind), word->place.source->path, word->place.line, wanted);
    } else if (lac_names_find(&loader->domain_names, name) != LAC_NONE) {
        lac_report(loader->list, LAC_ERROR, place, "'%s' is a domain, not a %s", name, wanted);
    } else if (lac_expression_reserved(name)) {
        lac_report(
            loader->list, LAC_ERROR, place,
            "'%s' is a reserved name (of expressions), not a %s: nothing in a model can have "
            "this name",
            name, wanted);
    } else {
        lac_status status = nearest_of(loader, name, kinds, &nearest);
        if (status != LAC_OK)
            loader->fatal = status;
        lac_report(loader->list, LAC_ERROR, place, "'%.60s' is not a %s%s%s%s", name, wanted,
                   nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
}
