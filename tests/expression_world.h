/* A small world of names, and what the tests of expressions ask of a text in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXPRESSION_WORLD_H
#define LAC_EXPRESSION_WORLD_H

#include "testlib.h"

#include "base/memory.h"
#include "language/expression.h"

#define PM 6.02214076e-4 /* [molecule/um^3] in 1 pM */

/* A small world of names. */
enum { A, B, K, X, FLUID_X, RATE, SYMBOLS };

static const struct {
    const char *name;
    const char *unit;
    lac_symbol_kind kind;
} symbols[SYMBOLS] = {
    [A] = {"a", "1", LAC_SYMBOL_PARAMETER},
    [B] = {"b", "1", LAC_SYMBOL_PARAMETER},
    [K] = {"K", "pM", LAC_SYMBOL_PARAMETER},
    [X] = {"x", "pM", LAC_SYMBOL_VARIABLE},
    [FLUID_X] = {"fluid.x", "pM", LAC_SYMBOL_VARIABLE},
    [RATE] = {"k_on", "1/(pM h)", LAC_SYMBOL_PARAMETER},
};

static const double symbol_value[SYMBOLS] = {2, 3, 10 * PM, 5 * PM, 7 * PM, 0.5};

/* What a test adds to the world. */
typedef struct world {
    const lac_function *function;
    size_t functions;
    const lac_expression *quantity; /* "q" */
    const char *extra;              /* the name of one more pure number */
    char voxel_names[256];          /* names that were looked up per voxel, " " in front of each */
} world;

static inline lac_dimension dimension_of(const char *text)
{
    lac_unit unit;
    size_t at;
    size_t span;
    assert_ok(lac_unit_parse(text, strlen(text), &unit, &at, &span));
    return unit.dimension;
}

static inline lac_meaning lookup(const lac_scope *scope, const char *name)
{
    world *it = (world *)(uintptr_t)scope->context;
    if (scope->per_voxel) {
        strncat(it->voxel_names, " ", sizeof it->voxel_names - strlen(it->voxel_names) - 1);
        strncat(it->voxel_names, name, sizeof it->voxel_names - strlen(it->voxel_names) - 1);
    }
    for (size_t index = 0; index < SYMBOLS; index++) {
        if (strcmp(symbols[index].name, name) == 0)
            return (lac_meaning){.kind = LAC_MEANS_SYMBOL,
                                 .symbol = {symbols[index].kind, index},
                                 .dimension = dimension_of(symbols[index].unit)};
    }
    for (size_t index = 0; index < it->functions; index++) {
        if (strcmp(it->function[index].name, name) == 0)
            return (lac_meaning){.kind = LAC_MEANS_FUNCTION, .function = &it->function[index]};
    }
    if (it->quantity && strcmp(name, "q") == 0)
        return (lac_meaning){.kind = LAC_MEANS_TREE, .tree = it->quantity};
    if (it->extra && strcmp(name, it->extra) == 0)
        return (lac_meaning){.kind = LAC_MEANS_SYMBOL, .symbol = {LAC_SYMBOL_PARAMETER, A}};
    if (strcmp(name, "deep") == 0)
        return (lac_meaning){.kind = LAC_MEANS_REGION, .symbol = {LAC_SYMBOL_REGION, 4}};
    if (strcmp(name, "tissue") == 0)
        return (lac_meaning){.kind = LAC_MEANS_REGION, .symbol = {LAC_SYMBOL_REGION, LAC_NONE}};
    if (strcmp(name, "pool") == 0)
        return (lac_meaning){.kind = LAC_MEANS_MISUSE, .why = "'pool' belongs to another domain"};
    if (strcmp(name, "silent") == 0)
        return (lac_meaning){.kind = LAC_MEANS_MISUSE};
    return (lac_meaning){.kind = LAC_MEANS_NOTHING};
}

static inline const char *nearest(const lac_scope *scope, const char *name)
{
    const char *words[SYMBOLS];
    (void)scope;
    for (size_t index = 0; index < SYMBOLS; index++)
        words[index] = symbols[index].name;
    return lac_nearest(words, SYMBOLS, name);
}

static inline double value_of(const void *context, lac_symbol symbol)
{
    (void)context;
    return symbol.kind == LAC_SYMBOL_REGION ? 1 : symbol_value[symbol.index];
}

static inline const char *name_of(const void *context, lac_symbol symbol)
{
    (void)context;
    if (symbol.kind == LAC_SYMBOL_REGION)
        return "deep";
    return symbols[symbol.index].name;
}

/* One text, parsed. */
typedef struct reading {
    lac_source source;
    lac_diagnostics list;
    lac_expression *tree;
} reading;

static inline void read_in(reading *it, world *around, bool reductions, const char *text)
{
    lac_scope scope = {
        .lookup = lookup, .nearest = nearest, .context = around, .reductions = reductions};
    memset(it, 0, sizeof *it);
    it->source =
        (lac_source){.path = "e", .bytes = (char *)(uintptr_t)text, .length = strlen(text)};
    lac_place place = {&it->source, 1, 1, 1};
    assert_ok(lac_expression_parse(text, place, &scope, &it->list, &it->tree));
    if (!it->tree && it->list.errors == 0)
        fail_msg("'%s' gave neither a tree nor a message", text);
    if (it->tree && it->list.errors != 0)
        fail_msg("'%s' gave a tree and:\n%s", text, lac_text_of(&it->list.text));
}

static inline void done(reading *it)
{
    lac_expression_free(it->tree);
    lac_diagnostics_free(&it->list);
}

/* The value of a text, which must have the dimension of `unit`; as a text again it has the same. */
static inline double value_in(world *around, const char *text, const char *unit)
{
    reading it;
    read_in(&it, around, false, text);
    if (!it.tree)
        fail_msg("%s:\n%s", text, lac_text_of(&it.list.text));
    if (!lac_dimension_same(it.tree->dimension, dimension_of(unit)))
        fail_msg("%s has not the dimension of %s", text, unit);
    double value = lac_expression_value(it.tree, value_of, NULL);
    lac_text written = {0};
    lac_expression_write(it.tree, name_of, NULL, &written);
    reading again;
    world plain = {0};
    read_in(&again, &plain, false, lac_text_of(&written));
    if (!again.tree)
        fail_msg("%s:\n%s", text, lac_text_of(&again.list.text));
    double repeated = lac_expression_value(again.tree, value_of, NULL);
    if (memcmp(&value, &repeated, sizeof value) != 0 ||
        !lac_dimension_same(again.tree->dimension, it.tree->dimension))
        fail_msg("'%s' was written as '%s': %.17g became %.17g", text, lac_text_of(&written), value,
                 repeated);
    lac_text_free(&written);
    done(&again);
    done(&it);
    return value;
}

static inline double value(const char *text)
{
    world plain = {0};
    return value_in(&plain, text, "1");
}

static inline double value_unit(const char *text, const char *unit)
{
    world plain = {0};
    return value_in(&plain, text, unit);
}

static inline void expect_in(world *around, bool reductions, const char *text, const char *message)
{
    reading it;
    read_in(&it, around, reductions, text);
    if (it.tree)
        fail_msg("'%s' was accepted", text);
    assert_text_has(lac_text_of(&it.list.text), message);
    done(&it);
}

/* One message, no second that follows from the first. */
static inline void expect_only(const char *text, const char *message)
{
    world plain = {0};
    reading it;
    read_in(&it, &plain, true, text);
    assert_text_has(lac_text_of(&it.list.text), message);
    assert_int_equal(it.list.errors, 1);
    done(&it);
}

static inline void expect(const char *text, const char *message)
{
    world plain = {0};
    expect_in(&plain, false, text, message);
}

#endif
