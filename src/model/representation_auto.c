/* `representation: auto`: what the method hybrid cannot do with it. A run may come to any choice of
 * which of these variables are discrete, so each choice is reviewed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/representation.h"

#include <string.h>

enum { MOST = 8 }; /* variables: 2^8 choices */

static size_t list_automatic(const lac_model *model, size_t variable[MOST], lac_diagnostics *list)
{
    size_t count = 0;
    for (size_t v = 0; v < model->variables; v++) {
        if (!lac_model_is_automatic(model, v))
            continue;
        if (count == MOST) {
            lac_report(list, LAC_ERROR, model->variable[v].place,
                       "'%s' is one of more than %d variables with representation: auto; write "
                       "discrete or continuous for those that need not change",
                       model->variable[v].path, MOST);
            return 0;
        }
        variable[count++] = v;
    }
    return count;
}

/* One choice: bit k set makes variable k continuous. */
static void choose(lac_model *model, const size_t *variable, size_t count, unsigned choice)
{
    for (size_t k = 0; k < count; k++)
        model->variable[variable[k]].automatic.is_continuous = choice >> k & 1;
}

/* Counts of a well-mixed domain are those of the joint with hybrid, and of the patch with exact,
 * which takes the model where everything is discrete; and a companion has all pools or none. */
static void review_patch(const lac_model *model, lac_diagnostics *list)
{
    bool represents = false;
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        represents = represents || model->tissue[tissue].represents > 0;
    for (size_t v = model->fields; represents && v < model->variables; v++)
        if (lac_model_is_automatic(model, v))
            lac_report(list, LAC_ERROR, model->variable[v].place,
                       "'%s' is well-mixed beside a tissue that represents a larger one: there "
                       "representation: auto is for species of the tissue; write continuous",
                       model->variable[v].path);
    for (size_t v = 0; represents && lac_model_all_discrete(model) && v < model->fields; v++)
        if (lac_model_is_automatic(model, v))
            lac_report(list, LAC_ERROR, model->variable[v].place,
                       "'%s' has representation: auto in a tissue that represents a larger one, "
                       "and everything else is discrete; write discrete, or something continuous",
                       model->variable[v].path);
}

void lac_review_automatic(lac_model *model, lac_diagnostics *list)
{
    size_t variable[MOST];
    const size_t count = list_automatic(model, variable, list);
    if (count == 0)
        return;
    review_patch(model, list);
    for (unsigned choice = (1U << count) - 1; choice > 0 && list->errors == 0; choice--) {
        choose(model, variable, count, choice);
        lac_review_representation(model, list);
    }
    choose(model, variable, count, 0);
}
