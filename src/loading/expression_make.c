/* Trees: expressions made by hand, for what the loader adds to what the text says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

static void free_arguments(lac_expression *const arg[3])
{
    for (int each = 0; each < 3; each++)
        lac_expression_free(arg[each]);
}

lac_status lac_tree_make(lac_op op, lac_dimension dimension, lac_expression *const arg[3],
                         lac_expression **tree)
{
    lac_expression *made = lac_alloc(1, sizeof *made);
    if (!made) {
        free_arguments(arg);
        return LAC_MEMORY;
    }
    *made = (lac_expression){.op = op, .region = LAC_NONE, .dimension = dimension};
    while (made->args < 3 && arg[made->args]) {
        made->arg[made->args] = arg[made->args];
        made->args++;
    }
    if (made->args > 0)
        made->place = made->arg[0]->place;
    *tree = made;
    return LAC_OK;
}

lac_status lac_tree_symbol(lac_symbol symbol, lac_dimension dimension, lac_place place,
                           lac_expression **tree)
{
    lac_expression *none[3] = {NULL, NULL, NULL};
    lac_status status = lac_tree_make(LAC_OP_SYMBOL, dimension, none, tree);
    if (status == LAC_OK) {
        (*tree)->symbol = symbol;
        (*tree)->place = place;
    }
    return status;
}

bool lac_tree_is_number(const lac_expression *tree, double number)
{
    return tree->op == LAC_OP_NUMBER && tree->number == number;
}

/* tree := tree * number or tree / number; plain numbers are computed at once. */
lac_status lac_tree_scale(lac_expression **tree, lac_op op, double number, lac_dimension unit)
{
    lac_expression *old = *tree, *factor = NULL;
    bool times = op == LAC_OP_MULTIPLY;
    lac_dimension dimension = times ? lac_dimension_times(old->dimension, unit)
                                    : lac_dimension_over(old->dimension, unit);
    if (old->op == LAC_OP_NUMBER) {
        old->number = times ? old->number * number : old->number / number;
        old->dimension = dimension;
        return LAC_OK;
    }
    *tree = NULL;
    lac_status status = lac_expression_number(number, unit, old->place, &factor);
    if (status != LAC_OK) {
        lac_expression_free(old);
        return status;
    }
    return lac_tree_make(op, dimension, (lac_expression *[3]){old, factor, NULL}, tree);
}

bool lac_tree_has_symbol(const lac_expression *tree)
{
    bool has = tree->op == LAC_OP_SYMBOL;
    for (size_t arg = 0; arg < tree->args && !has; arg++)
        has = lac_tree_has_symbol(tree->arg[arg]);
    return has;
}
