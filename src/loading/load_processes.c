/* Processes: how a law and what it changes become one process of the model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/process.h"

#include <math.h>
#include <stdio.h>

lac_dimension lac_process_dimension(const lac_model *model, size_t variable, bool extensive)
{
    lac_species_kind kind = model->species[model->variable[variable].species].kind;
    lac_dimension count = lac_count_dimension(kind);
    if (kind == LAC_STATE)
        return lac_per(count, 0, 1); /* in the joint as a whole: value x volume, see the factor */
    return lac_per(count, extensive ? 0 : 3, 1);
}

/* "k * A [pM/s]"; owned by the caller. */
static lac_status law_text(const lac_expression *rate, const char *text, char **law)
{
    lac_text line = {0};
    lac_display display;
    lac_status status = lac_display_of(rate->dimension, &display);
    if (status != LAC_OK)
        return status;
    for (const char *c = text; *c; c++)
        lac_text_add_bytes(&line, *c == '\n' ? " " : c, 1);
    lac_text_add(&line, " [%s]", display.unit);
    *law = line.failed ? NULL : lac_copy_text(lac_text_of(&line));
    lac_text_free(&line);
    return *law ? LAC_OK : LAC_MEMORY;
}

static void add_change(const lac_model *model, lac_process *process, size_t variable, double count)
{
    double volume = process->in_tissue ? 1 : lac_model_pool_volume(model, variable);
    for (size_t each = 0; each < process->changes; each++) {
        if (process->change[each].variable == variable)
            return;
    }
    if (count == 0)
        return;
    process->change[process->changes++] = (lac_change){variable, count / volume, count};
}

static lac_status fill_changes(const lac_model *model, const lac_equation *equation,
                               lac_process *process)
{
    lac_status status = LAC_OK;
    LAC_NEW(process->change, equation->lefts + equation->rights);
    for (size_t term = 0; term < equation->lefts; term++)
        add_change(model, process, equation->left[term].variable,
                   lac_equation_net(equation, equation->left[term].variable));
    for (size_t term = 0; term < equation->rights; term++)
        add_change(model, process, equation->right[term].variable,
                   lac_equation_net(equation, equation->right[term].variable));
    LAC_NEW(process->reactant, equation->lefts);
    LAC_NEW(process->reactant_count, equation->lefts);
    for (size_t term = 0; term < equation->lefts; term++) {
        process->reactant[term] = equation->left[term].variable;
        process->reactant_count[term] = equation->left[term].count;
    }
    process->reactants = equation->lefts;
out:
    return status;
}

static void free_process(lac_process *process)
{
    lac_free(process->id);
    lac_free(process->change);
    lac_free(process->reactant);
    lac_free(process->reactant_count);
    lac_expression_free(process->rate);
    lac_free(process->law);
}

/* Among pools rates are of the whole joint: a law per volume is multiplied by the volume, and so
 * is that of a state. */
static lac_status make_extensive(const lac_model *model, size_t domain, lac_process *process)
{
    lac_dimension cubic = lac_dimension_of(LAC_LENGTH, 3);
    bool counts = process->rate->dimension.sixths[LAC_LENGTH] != 0;
    for (size_t each = 0; each < process->changes; each++) {
        const lac_variable *variable = &model->variable[process->change[each].variable];
        counts = counts || (!variable->total && lac_dimension_is_none(variable->dimension));
    }
    if (process->in_tissue || !counts)
        return LAC_OK;
    lac_expression *volume = NULL, *rate = process->rate;
    lac_status status =
        lac_expression_number(model->domain[domain].volume, cubic, rate->place, &volume);
    if (status != LAC_OK)
        return status;
    process->rate = NULL;
    return lac_tree_make(LAC_OP_MULTIPLY, lac_dimension_times(rate->dimension, cubic),
                         (lac_expression *[3]){rate, volume, NULL}, &process->rate);
}

lac_status lac_add_process(lac_loader *loader, const lac_process_text *text,
                           const lac_equation *equation, lac_expression *rate)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    lac_process process = {.region = text->region,
                           .from_rate_equation = text->from_rate_equation,
                           .place = text->place,
                           .rate = rate};
    process.in_tissue = model->domain[text->domain].kind == LAC_TISSUE;
    if (process.in_tissue)
        process.tissue = lac_model_tissue_of_domain(model, text->domain);
    if (lac_names_find(&loader->process_names, text->id) != LAC_NONE) {
        lac_report(loader->list, LAC_ERROR, text->place, "there is a process '%s' already",
                   text->id);
        goto out;
    }
    LAC_TRY(lac_names_add(&loader->process_names, text->id));
    LAC_OWN(process.id, lac_copy_text(text->id));
    LAC_TRY(law_text(rate, text->law, &process.law));
    LAC_TRY(fill_changes(model, equation, &process));
    LAC_TRY(make_extensive(model, text->domain, &process));
    LAC_GROW(model->process, model->processes, loader->process_capacity);
    model->tissue_processes += process.in_tissue;
    model->process[model->processes++] = process;
    return LAC_OK;
out:
    free_process(&process);
    return status;
}

lac_status lac_order_processes(lac_model *model)
{
    lac_status status = LAC_OK;
    lac_process *ordered = NULL;
    size_t done = 0;
    if (model->processes == 0)
        return LAC_OK;
    LAC_NEW(ordered, model->processes);
    for (size_t tissue = 0; tissue < lac_model_grids(model); tissue++)
        for (size_t each = 0; each < model->processes; each++)
            if (model->process[each].in_tissue && lac_process_tissue(model, each) == tissue)
                ordered[done++] = model->process[each];
    for (size_t each = 0; each < model->processes; each++)
        if (!model->process[each].in_tissue)
            ordered[done++] = model->process[each];
    for (size_t each = 0; each < model->processes; each++) /* more may be added to the old array */
        model->process[each] = ordered[each];
out:
    lac_free(ordered);
    return status;
}
