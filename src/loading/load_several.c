/* Several tissues: every reduction is of one of them, and shares of the joint add up.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"

static const char *name_of(const lac_model *model, size_t tissue)
{
    return model->domain[model->tissue[tissue].domain].id;
}

static void check_reduction(const lac_expression *node, void *context)
{
    lac_loader *loader = context;
    const lac_model *model = loader->model;
    size_t other, tissue;
    if (node->op < LAC_OP_MEAN || node->op >= LAC_OP_FIRST)
        return;
    tissue = lac_model_reduction_tissue(model, node, &other);
    if (other != LAC_NONE)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "a mean, total or the like is of one tissue: this one looks at '%s' and '%s'",
                   name_of(model, tissue), name_of(model, other));
    else if (tissue == LAC_NONE)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "nothing says of which tissue this is: name it as the region, such as "
                   "mean(depth, %s)",
                   name_of(model, 0));
}

static void check(lac_loader *loader, const lac_expression *tree)
{
    if (tree)
        lac_expression_walk(tree, check_reduction, loader);
}

lac_status lac_define_reductions(lac_loader *loader)
{
    const lac_model *model = loader->model;
    if (model->tissues < 2)
        return LAC_OK;
    for (size_t observable = 0; observable < model->observables; observable++)
        check(loader, model->observable[observable].value);
    for (size_t event = 0; event < model->events; event++) {
        check(loader, model->event[event].when);
        for (size_t action = 0; action < model->event[event].actions; action++)
            check(loader, model->event[event].action[action].value);
    }
    return LAC_OK;
}
