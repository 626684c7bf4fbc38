/* Tissues: which one a thing of the model belongs to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model.h"

size_t lac_model_tissue_of(const lac_model *model, size_t field)
{
    size_t tissue = 0;
    while (tissue + 1 < model->tissues && field >= model->tissue[tissue + 1].first)
        tissue++;
    return tissue;
}

size_t lac_model_tissue_of_domain(const lac_model *model, size_t domain)
{
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        if (model->tissue[tissue].domain == domain)
            return tissue;
    return LAC_NONE;
}

size_t lac_process_tissue(const lac_model *model, size_t process)
{
    return model->tissues > 1 ? model->process[process].tissue : 0;
}

size_t lac_model_grids(const lac_model *model)
{
    return model->tissues > 1 ? model->tissues : 1;
}

/* --- of a reduction ------------------------------------------------------------------------------
 */

typedef struct found {
    size_t first, other;
} found;

static void note(found *here, size_t tissue)
{
    if (here->first == LAC_NONE)
        here->first = tissue;
    else if (tissue != here->first && here->other == LAC_NONE)
        here->other = tissue;
}

/* What stands in an inner reduction is one number, of whatever tissue. */
static void look(const lac_model *model, const lac_expression *tree, found *here)
{
    if (tree->op >= LAC_OP_MEAN && tree->op <= LAC_OP_FIRST)
        return;
    if (tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_REGION)
        note(here, model->region[tree->symbol.index].tissue);
    if (tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_VARIABLE &&
        tree->symbol.index < model->fields)
        note(here, lac_model_tissue_of(model, tree->symbol.index));
    for (size_t arg = 0; arg < tree->args; arg++)
        look(model, tree->arg[arg], here);
}

size_t lac_model_reduction_tissue(const lac_model *model, const lac_expression *node, size_t *other)
{
    found here = {LAC_NONE, LAC_NONE};
    if (node->region != LAC_NONE)
        note(&here, model->region[node->region].tissue);
    for (size_t arg = 0; arg < node->args; arg++)
        look(model, node->arg[arg], &here);
    if (other)
        *other = model->tissues > 1 ? here.other : LAC_NONE;
    return model->tissues > 1 ? here.first : 0;
}
