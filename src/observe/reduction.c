/* Reductions: found from the inside out, equal ones once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/reduction.h"

#include "base/memory.h"

#include <string.h>

static bool is_reduction(lac_op op)
{
    return op >= LAC_OP_MEAN && op <= LAC_OP_FIRST;
}

static bool same(const lac_expression *a, const lac_expression *b)
{
    if (a->op != b->op || a->args != b->args)
        return false;
    if (a->op == LAC_OP_NUMBER && memcmp(&a->number, &b->number, sizeof a->number) != 0)
        return false;
    if (a->op == LAC_OP_SYMBOL &&
        (a->symbol.kind != b->symbol.kind || a->symbol.index != b->symbol.index))
        return false;
    for (size_t arg = 0; arg < a->args; arg++)
        if (!same(a->arg[arg], b->arg[arg]))
            return false;
    return true;
}

static bool is_same_reduction(const lac_reduction *have, const lac_expression *node)
{
    if (have->op != node->op || have->region != node->region)
        return false;
    if (lac_reduction_numbers(node) > 0 &&
        memcmp(have->point, node->point, sizeof have->point) != 0)
        return false;
    return same(have->inner, node->arg[0]);
}

typedef struct lookup {
    const lac_reductions *list;
    size_t stage;
} lookup;

static void look(const lac_expression *node, void *context)
{
    lookup *found = context;
    if (node->op != LAC_OP_SYMBOL || node->symbol.kind != LAC_SYMBOL_REDUCED)
        return;
    size_t after = found->list->item[node->symbol.index].stage + 1;
    if (after > found->stage)
        found->stage = after;
}

/* Takes the argument of `node`, which becomes the symbol of its reduction. */
static lac_status extract_one(lac_reductions *list, lac_expression *node)
{
    lac_status status = LAC_OK;
    size_t index = 0;
    while (index < list->count && !is_same_reduction(&list->item[index], node))
        index++;
    if (index == list->count) {
        LAC_GROW(list->item, list->count, list->capacity);
        lookup found = {list, 0};
        lac_expression_walk(node->arg[0], look, &found);
        lac_reduction *fresh = &list->item[list->count++];
        const size_t tissue = lac_model_reduction_tissue(list->model, node, NULL);
        *fresh = (lac_reduction){.tissue = tissue == LAC_NONE ? 0 : tissue,
                                 .op = node->op,
                                 .region = node->region,
                                 .inner = node->arg[0],
                                 .stage = found.stage};
        memcpy(fresh->point, node->point, sizeof fresh->point);
    } else {
        lac_expression_free(node->arg[0]);
    }
    node->op = LAC_OP_SYMBOL;
    node->args = 0;
    node->arg[0] = NULL;
    node->symbol = (lac_symbol){LAC_SYMBOL_REDUCED, index};
out:
    return status;
}

lac_status lac_reductions_extract(lac_reductions *list, lac_expression *tree)
{
    lac_status status = LAC_OK;
    for (size_t arg = 0; arg < tree->args; arg++)
        LAC_TRY(lac_reductions_extract(list, tree->arg[arg]));
    if (is_reduction(tree->op))
        LAC_TRY(extract_one(list, tree));
out:
    return status;
}

void lac_reductions_free(lac_reductions *list)
{
    for (size_t index = 0; index < list->count; index++)
        lac_expression_free(list->item[index].inner);
    lac_free(list->item);
    *list = (lac_reductions){.model = list->model};
}
