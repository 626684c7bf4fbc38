/* Blame: an expression has the wrong dimension because a parameter in it has one that no use
 * accepts; then the parameter is reported, where its value is written, and not each of its uses.
 *
 * Which uses accept a parameter is known only when all are read. So a text with such a clash is
 * read twice: the first time to learn, the second time to tell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>

lac_status lac_blame_begin(lac_loader *loader)
{
    lac_status status = LAC_OK;
    size_t count = loader->section[LAC_SECTION_PARAMETERS].count;
    LAC_NEW(loader->learned.fits, count);
    LAC_NEW(loader->learned.misfits, count);
    LAC_NEW(loader->learned.needed, count);
    LAC_NEW(loader->blamed, count);
    loader->learned.count = count;
out:
    return status;
}

void lac_learned_free(lac_learned *learned)
{
    lac_free(learned->fits);
    lac_free(learned->misfits);
    lac_free(learned->needed);
    *learned = (lac_learned){0};
}

/* --- what accepts a parameter ------------ */

static void mark(const lac_expression *node, void *context)
{
    lac_loader *loader = context;
    if (node->op == LAC_OP_SYMBOL && node->symbol.kind == LAC_SYMBOL_PARAMETER)
        loader->learned.fits[node->symbol.index] = true;
}

void lac_blame_accept(lac_loader *loader, const lac_expression *tree)
{
    if (loader->learned.fits)
        lac_expression_walk(tree, mark, loader);
}

/* Products and signs take any dimension; what stands in other operations had to fit there. */
static bool takes_any(lac_op op)
{
    return op == LAC_OP_MULTIPLY || op == LAC_OP_DIVIDE || op == LAC_OP_NEGATE ||
           op == LAC_OP_ABS || op == LAC_OP_SQRT || op == LAC_OP_POWER || op >= LAC_OP_MEAN;
}

/* Once over the tree: a node that had to fit is marked with all that is below it. */
static void mark_parts(const lac_expression *node, lac_loader *loader)
{
    for (size_t arg = 0; arg < node->args; arg++) {
        if (takes_any(node->op))
            mark_parts(node->arg[arg], loader);
        else
            lac_expression_walk(node->arg[arg], mark, loader);
    }
}

void lac_blame_accept_parts(lac_loader *loader, const lac_expression *tree)
{
    if (loader->learned.fits)
        mark_parts(tree, loader);
}

/* --- what a parameter would have to be --- */

/* The power with which a parameter stands in a tree; NaN when it is in no simple product. */
static double power_of(const lac_expression *tree, size_t parameter)
{
    double a = tree->args > 0 ? power_of(tree->arg[0], parameter) : 0;
    double b = tree->args > 1 ? power_of(tree->arg[1], parameter) : 0;
    switch (tree->op) {
    case LAC_OP_SYMBOL:
        return tree->symbol.kind == LAC_SYMBOL_PARAMETER && tree->symbol.index == parameter;
    case LAC_OP_MULTIPLY:
        return a + b;
    case LAC_OP_DIVIDE:
        return a - b;
    case LAC_OP_POWER:
        return tree->arg[1]->op == LAC_OP_NUMBER ? a * tree->arg[1]->number : a == 0 ? 0 : NAN;
    case LAC_OP_SQRT:
        return a / 2;
    case LAC_OP_ADD:
    case LAC_OP_SUBTRACT:
    case LAC_OP_MIN:
    case LAC_OP_MAX:
        return a == b ? a : NAN;
    case LAC_OP_IF: {
        double c = power_of(tree->arg[2], parameter);
        return b == c ? b : NAN;
    }
    case LAC_OP_NEGATE:
    case LAC_OP_ABS:
    case LAC_OP_MEAN:
    case LAC_OP_TOTAL:
    case LAC_OP_LEAST:
    case LAC_OP_GREATEST:
    case LAC_OP_SD:
    case LAC_OP_QUANTILE:
    case LAC_OP_AT:
        return a;
    default: /* a pure number, whatever is in it */
        return 0;
    }
}

/* True when `ratio` is a power of `dimension`: then a factor may be missing or too many. */
static bool is_power(lac_dimension ratio, lac_dimension dimension)
{
    static const double powers[] = {1, -1, 2, -2};
    lac_dimension power;
    for (size_t each = 0; each < 4 && !lac_dimension_is_none(dimension); each++) {
        if (lac_dimension_power(dimension, powers[each], &power) &&
            lac_dimension_same(power, ratio))
            return true;
    }
    return false;
}

typedef struct search {
    lac_loader *loader;
    const lac_clash *clash;
    lac_dimension ratio; /* expected / found */
    bool doubtful;       /* the law may be wrong, not a parameter */
    size_t suspects, suspect;
    lac_dimension needed;
} search;

static void look(const lac_expression *node, void *context)
{
    search *it = context;
    if (node->op != LAC_OP_SYMBOL)
        return;
    if (node->symbol.kind != LAC_SYMBOL_PARAMETER) {
        it->doubtful = it->doubtful || is_power(it->ratio, node->dimension);
        return;
    }
    size_t index = node->symbol.index;
    double power = power_of(it->clash->tree, index);
    lac_dimension factor;
    const lac_learned *before = it->loader->before;
    if (!(power != 0) || isnan(power) || (it->suspects > 0 && it->suspect == index) ||
        (before && before->fits[index]) || !lac_dimension_power(it->ratio, 1 / power, &factor))
        return;
    it->suspects++;
    it->suspect = index;
    it->needed = lac_dimension_times(it->loader->model->parameter[index].dimension, factor);
}

static void learn(lac_loader *loader, const search *it)
{
    lac_learned *learned = &loader->learned;
    size_t index = it->suspect;
    bool same =
        learned->misfits[index] == 0 || lac_dimension_same(learned->needed[index], it->needed);
    learned->needed[index] = it->needed;
    learned->misfits[index] = same ? learned->misfits[index] + 1 : 0;
    learned->any = true;
}

static void tell(lac_loader *loader, const search *it)
{
    const lac_parameter *parameter = &loader->model->parameter[it->suspect];
    char found[LAC_DIMENSION_TEXT], needed[LAC_DIMENSION_TEXT];
    lac_place use = it->clash->place;
    if (!loader->blamed[it->suspect])
        lac_report(loader->list, LAC_ERROR, parameter->value_place,
                   "'%s' must be %s, not %s: no use accepts that (%s:%zu:%zu)", parameter->id,
                   lac_dimension_describe(it->needed, needed, sizeof needed),
                   lac_dimension_describe(parameter->dimension, found, sizeof found),
                   use.source ? use.source->path : "", use.line, use.column);
    loader->blamed[it->suspect] = true;
}

bool lac_blame(lac_loader *loader, const lac_clash *clash, size_t count)
{
    search whole = {.loader = loader};
    lac_dimension none = lac_dimensionless;
    if (!loader->learned.fits)
        return false;
    for (size_t each = 0; each < count; each++) {
        search it = {.loader = loader, .clash = &clash[each]};
        it.ratio = lac_dimension_over(clash[each].expected, clash[each].tree->dimension);
        it.doubtful = is_power(it.ratio, lac_dimension_of(LAC_TIME, 1)) ||
                      is_power(it.ratio, lac_dimension_of(LAC_LENGTH, 3)) ||
                      it.ratio.sixths[LAC_MASS] != none.sixths[LAC_MASS];
        lac_expression_walk(clash[each].tree, look, &it);
        bool doubtful = whole.doubtful || it.doubtful;
        size_t suspects = whole.suspects + it.suspects;
        if (it.suspects > 0)
            whole = it;
        whole.suspects = suspects;
        whole.doubtful = doubtful;
    }
    if (whole.suspects != 1)
        return false;
    const lac_learned *before = loader->before;
    bool often = before && before->misfits[whole.suspect] > 1;
    learn(loader, &whole);
    if (!before || (whole.doubtful && !often))
        return false;
    tell(loader, &whole);
    return true;
}
