/* Expression writing: a tree as text that reads back to the same values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/expression.h"

#include "base/names.h"

typedef struct writer {
    const char *(*name)(const void *context, lac_symbol symbol);
    const void *context;
    lac_text *text;
} writer;

/* How tightly an operator binds; an operand that binds less gets brackets. */
enum { OR = 1, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, PRIMARY };

static const struct {
    const char *sign; /* NULL: a call */
    const char *call;
    int binds;
} spelling[LAC_OP_COUNT] = {
#define SPELL_PREFIX(word, binds)                                                                  \
    {                                                                                              \
        word, NULL, binds                                                                          \
    }
#define SPELL_INFIX(word, binds)                                                                   \
    {                                                                                              \
        word, NULL, binds                                                                          \
    }
#define SPELL_CALL1(word, binds)                                                                   \
    {                                                                                              \
        NULL, word, binds                                                                          \
    }
#define SPELL_CALL2(word, binds)                                                                   \
    {                                                                                              \
        NULL, word, binds                                                                          \
    }
#define SPELL_CALL3(word, binds)                                                                   \
    {                                                                                              \
        NULL, word, binds                                                                          \
    }
#define ROW(y, shape, name, word, arguments, meaning, binds, ...)                                  \
    [LAC_OP_##name] = SPELL_##shape(word, binds),
    LAC_OPERATION_LIST(ROW, )
#undef ROW
#define ROW(name, word, ...) [LAC_OP_##name] = {NULL, word, PRIMARY},
        LAC_REDUCTION_LIST(ROW)
#undef ROW
};

static void write_tree(const writer *out, const lac_expression *tree, int needed);

static void write_quantity(const writer *out, double value, lac_dimension dimension)
{
    lac_quantity_text quantity = lac_quantity_write(value, dimension);
    lac_text_add(out->text, "%s", quantity.number);
    if (quantity.unit[0])
        lac_text_add(out->text, " [%s]", quantity.unit);
}

static void write_call(const writer *out, const lac_expression *tree)
{
    lac_text_add(out->text, "%s(", spelling[tree->op].call);
    for (size_t arg = 0; arg < tree->args; arg++) {
        lac_text_add(out->text, arg ? ", " : "");
        write_tree(out, tree->arg[arg], OR);
    }
    for (int number = 0; number < lac_reduction_numbers(tree); number++) {
        bool share = tree->op == LAC_OP_QUANTILE;
        lac_text_add(out->text, ", ");
        write_quantity(out, tree->point[number],
                       share ? lac_dimensionless : lac_dimension_of(LAC_LENGTH, 1));
    }
    if (tree->op >= LAC_OP_MEAN && tree->region != LAC_NONE) {
        lac_symbol region = {LAC_SYMBOL_REGION, tree->region};
        lac_text_add(out->text, ", %s", out->name(out->context, region));
    }
    lac_text_add(out->text, ")");
}

static void write_operator(const writer *out, const lac_expression *tree)
{
    int binds = spelling[tree->op].binds;
    if (tree->args == 1) {
        lac_text_add(out->text, "%s", spelling[tree->op].sign);
        write_tree(out, tree->arg[0], binds);
        return;
    }
    bool power = tree->op == LAC_OP_POWER; /* right associative, its exponent may have a sign */
    bool chains = !power && binds != COMPARE;
    write_tree(out, tree->arg[0], chains ? binds : binds + 1);
    lac_text_add(out->text, "%s", spelling[tree->op].sign);
    write_tree(out, tree->arg[1], power ? SIGN : binds + 1);
}

static int binding(const lac_expression *tree)
{
    if (tree->op == LAC_OP_NUMBER)
        return tree->number < 0 ? SIGN : PRIMARY;
    return tree->op == LAC_OP_SYMBOL ? PRIMARY : spelling[tree->op].binds;
}

static void write_tree(const writer *out, const lac_expression *tree, int needed)
{
    bool brackets = binding(tree) < needed;
    lac_text_add(out->text, brackets ? "(" : "");
    if (tree->op == LAC_OP_NUMBER)
        write_quantity(out, tree->number, tree->dimension);
    else if (tree->op == LAC_OP_SYMBOL)
        lac_text_add(out->text, "%s", out->name(out->context, tree->symbol));
    else if (spelling[tree->op].call)
        write_call(out, tree);
    else
        write_operator(out, tree);
    lac_text_add(out->text, brackets ? ")" : "");
}

void lac_expression_write(const lac_expression *tree,
                          const char *(*name)(const void *context, lac_symbol symbol),
                          const void *context, lac_text *text)
{
    writer out = {name, context, text};
    write_tree(&out, tree, OR);
}
