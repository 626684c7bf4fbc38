/* What is not defined: the first law, on a frame, whose rate or slope is infinite or no number,
 * reported with its place and with the operation in it that has no finite value. Slow, and only
 * asked for after a step has failed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/network_internal.h"

#include "base/memory.h"

#include <math.h>

enum { SYMBOLS_MOST = 6 }; /* whose values are printed */

typedef struct inquiry {
    const lac_model *model;
    const lac_frame *frame;
    double *field; /* owned [voxels]: room */
    size_t voxel;  /* LAC_NONE = a pool */
    lac_status status;
} inquiry;

/* ---- values of parts of a law -----------------------------------------------------------------
 */

/* A number that no evaluation leaves behind by chance. */
static const double UNTOUCHED = 0x1.2345678p-1021;

/* Fills `field` with the values of a tree in every voxel. */
static void evaluate_field(inquiry *it, const lac_expression *tree)
{
    size_t voxels = lac_frame_tract(it->frame)->voxels;
    for (size_t k = 0; k < voxels; k++)
        it->field[k] = UNTOUCHED;
    it->status = lac_evaluate_field(it->model, tree, it->frame, it->field);
    for (size_t k = 1; k < voxels; k++)
        if (it->field[k] == UNTOUCHED)
            it->field[k] = it->field[0];
}

static double value_of(inquiry *it, const lac_expression *tree)
{
    double value = 0;
    if (it->status != LAC_OK)
        return 0;
    if (it->voxel == LAC_NONE) {
        it->status = lac_evaluate_scalar(it->model, tree, it->frame, &value);
        return value;
    }
    evaluate_field(it, tree);
    return it->field[it->voxel];
}

/* The innermost part without a finite value; branches that are not taken are left aside. */
static const lac_expression *culprit(inquiry *it, const lac_expression *tree)
{
    for (size_t arg = 0; arg < tree->args; arg++) {
        bool taken = true;
        if (tree->op == LAC_OP_IF && arg > 0)
            taken = (value_of(it, tree->arg[0]) != 0) == (arg == 1);
        if (taken && !isfinite(value_of(it, tree->arg[arg])))
            return culprit(it, tree->arg[arg]);
    }
    return tree;
}

/* ---- words ------------------------------------------------------------------------------------
 */

static const char *number_words(double value)
{
    return isnan(value) ? "not a number" : value > 0 ? "infinite" : "minus infinity";
}

static void add_value(inquiry *it, const lac_expression *symbol, lac_text *words)
{
    double value = value_of(it, symbol);
    lac_quantity_text quantity = lac_quantity_write(value, symbol->dimension);
    lac_text_add(words, "%s = %s%s%s", lac_model_symbol_name(it->model, symbol->symbol),
                 quantity.number, quantity.unit[0] ? " " : "", quantity.unit);
}

typedef struct symbols {
    const lac_expression *symbol[SYMBOLS_MOST];
    size_t count;
} symbols;

static void collect(const lac_expression *node, void *context)
{
    symbols *found = context;
    if (node->op != LAC_OP_SYMBOL || found->count == SYMBOLS_MOST)
        return;
    for (size_t k = 0; k < found->count; k++)
        if (found->symbol[k]->symbol.kind == node->symbol.kind &&
            found->symbol[k]->symbol.index == node->symbol.index)
            return;
    found->symbol[found->count++] = node;
}

/* ": LAW, where PART is infinite (A = 1 pM, B = 0)". */
static void add_law(inquiry *it, const lac_process *process, lac_text *words)
{
    symbols found = {.count = 0};
    const lac_expression *part = culprit(it, process->rate);
    lac_text_add(words, ": %s", process->law ? process->law : "");
    if (part->op == LAC_OP_NUMBER || it->status != LAC_OK)
        return;
    lac_text_add(words, ", where ");
    lac_expression_write(part, lac_model_symbol_name, it->model, words);
    lac_text_add(words, " is %s", number_words(value_of(it, part)));
    lac_expression_walk(part, collect, &found);
    for (size_t k = 0; k < found.count; k++) {
        lac_text_add(words, "%s", k == 0 ? " (" : ", ");
        add_value(it, found.symbol[k], words);
    }
    lac_text_add(words, "%s", found.count ? ")" : "");
}

static void add_place(const inquiry *it, const lac_process *process, lac_text *words)
{
    const lac_tissue_text *tissue = &it->model->tissue[it->frame->tissue];
    char voxel[LAC_VOXEL_WORDS];
    if (it->voxel != LAC_NONE)
        lac_text_add(words, "%s", lac_voxel_words(tissue, it->voxel, voxel));
    else if (process->changes > 0)
        lac_text_add(words, " in %s",
                     it->model->domain[it->model->variable[process->change[0].variable].domain].id);
    char place[512];
    lac_text_add(words, "%s", lac_place_words(process->place, place, sizeof place));
}

/* ---- rates ------------------------------------------------------------------------------------
 */

/* The first voxel in which a process works and its rate, in `field`, is not finite. */
static size_t bad_voxel(const inquiry *it, const lac_process *process)
{
    const lac_frame *frame = it->frame;
    const double *region = process->region == LAC_NONE ? NULL : frame->region[process->region];
    for (size_t k = 0; k < lac_frame_tract(frame)->voxels; k++)
        if (!isfinite(it->field[k]) && (!frame->active || frame->active[k] != 0) &&
            (!region || region[k] != 0))
            return k;
    return LAC_NONE;
}

static bool rate_is_bad(inquiry *it, const lac_process *process, double *value)
{
    it->voxel = LAC_NONE;
    if (!process->in_tissue) {
        *value = value_of(it, process->rate);
        return !isfinite(*value);
    }
    evaluate_field(it, process->rate);
    it->voxel = it->status == LAC_OK ? bad_voxel(it, process) : LAC_NONE;
    if (it->voxel == LAC_NONE)
        return false;
    *value = it->field[it->voxel];
    return true;
}

static bool add_bad_rate(inquiry *it, const lac_network *network, lac_text *words)
{
    for (size_t p = 0; p < it->model->processes && it->status == LAC_OK; p++) {
        const lac_process *process = &it->model->process[p];
        double value = 0;
        if (process->in_tissue ? p < network->begin || p >= network->end : network->tissue > 0)
            continue;
        if (!rate_is_bad(it, process, &value))
            continue;
        lac_text_add(words, "the rate of %s", process->id);
        add_place(it, process, words);
        lac_text_add(words, " is %s", number_words(value));
        add_law(it, process, words);
        return true;
    }
    return false;
}

/* ---- slopes -----------------------------------------------------------------------------------
 */

/* Where a slope of the last linearisation is not finite: a voxel, LAC_NONE for one that is the same
 * everywhere. */
static bool slope_is_bad(const lac_network *network, const lac_slope *slope, size_t *voxel)
{
    *voxel = LAC_NONE;
    if (!slope->varies)
        return !isfinite(network->scalar[slope->at]);
    for (size_t k = 0; k < network->tract.voxels; k++)
        if (!isfinite(lac_network_stored(network, k / LAC_BLOCK, slope->at)[k % LAC_BLOCK])) {
            *voxel = k;
            return true;
        }
    return false;
}

static bool add_bad_slope(inquiry *it, const lac_network *network, lac_text *words)
{
    for (size_t s = 0; s < network->slopes; s++) {
        const lac_slope *slope = &network->slope[s];
        const lac_process *process = &it->model->process[slope->process];
        if (!slope_is_bad(network, slope, &it->voxel))
            continue;
        lac_text_add(words, "the rate of %s", process->id);
        add_place(it, process, words);
        lac_text_add(words, " has no finite derivative with respect to %s: %s",
                     it->model->variable[slope->variable].path, process->law ? process->law : "");
        return true;
    }
    return false;
}

/* *found: was there one? */
static lac_status search(const lac_network *network, const lac_frame *frame, bool slopes,
                         lac_text *words, bool *found)
{
    lac_status status = LAC_OK;
    inquiry it = {.model = network->model, .frame = frame, .voxel = LAC_NONE};
    LAC_NEW(it.field, network->tract.voxels + 1);
    *found = slopes ? add_bad_slope(&it, network, words) : add_bad_rate(&it, network, words);
    LAC_TRY(it.status);
    LAC_TRY(words->failed);
out:
    lac_free(it.field);
    return status;
}

lac_status lac_network_undefined(const lac_network *network, const lac_frame *frame, bool slopes,
                                 lac_text *words)
{
    lac_status status = LAC_OK;
    bool found = false;
    for (int about = 0; about < (slopes ? 2 : 1) && !found; about++) {
        for (const lac_network *each = network; each && !found; each = each->next) {
            lac_frame there = *frame;
            lac_frame_enter(&there, each->tissue);
            LAC_TRY(search(each, &there, about > 0, words, &found));
        }
    }
out:
    return status;
}
