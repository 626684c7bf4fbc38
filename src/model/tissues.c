/* Tissues: which one a thing of the model belongs to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vector.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t lac_model_tissue_of(const lac_model *model, size_t field)
{
    size_t tissue = 0;
    while (tissue + 1 < model->tissues && field >= model->tissue[tissue + 1].first)
        tissue++;
    return tissue;
}

const char *lac_voxel_words(const lac_tissue_text *tissue, size_t voxel,
                            char words[LAC_VOXEL_WORDS])
{
    const size_t *n = tissue->voxels;
    words[0] = '\0';
    if (voxel != LAC_NONE && n[0] > 0 && n[1] > 0)
        snprintf(words, LAC_VOXEL_WORDS, " in voxel (x, y, z) = (%zu, %zu, %zu)", voxel % n[0],
                 voxel / n[0] % n[1], voxel / n[0] / n[1]);
    return words;
}

/* Of the tissue of a field. */
static double voxels_of(const lac_model *model, size_t field)
{
    const size_t tissue = lac_model_tissue_of_domain(model, model->variable[field].domain);
    const size_t *n = model->tissue[tissue == LAC_NONE ? 0 : tissue].voxels;
    return (double)n[0] * (double)n[1] * (double)n[2];
}

double lac_model_unknowns(const lac_model *model)
{
    double unknowns = (double)(model->variables - model->fields);
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *it = &model->tissue[tissue];
        unknowns += (double)it->voxels[0] * (double)it->voxels[1] * (double)it->voxels[2] *
                    (double)it->fields;
    }
    return unknowns;
}

/* Measured on a point source, signalling and the knee, one thread [s]. */
static const double PER_STEP = 2e-4;   /* calls, sums, the linear algebra of pools */
static const double PER_SPREAD = 1e-7; /* an unknown that diffuses: transforms, products, norms */
static const double PER_STILL = 5e-8;  /* one that does not */
static const double PER_PROCESS = 1.6e-7; /* a process in a voxel: rate, slopes, their products */
static const double PER_POOLED = 3e-6;    /* a process among pools */

double lac_model_step_seconds(const lac_model *model)
{
    double seconds = PER_STEP;
    for (size_t field = 0; field < model->fields; field++)
        seconds +=
            voxels_of(model, field) * (model->variable[field].diffusivity ? PER_SPREAD : PER_STILL);
    for (size_t p = 0; p < model->processes; p++)
        seconds += model->process[p].in_tissue && model->process[p].changes > 0
                       ? voxels_of(model, model->process[p].change[0].variable) * PER_PROCESS
                       : PER_POOLED;
    return seconds;
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

/* --- layers --------------------------------------------------------------------------------------
 */

double lac_tissue_layer(const lac_tissue_text *tissue, size_t layer)
{
    const double *bound = tissue->bound;
    return bound ? bound[layer + 1] - bound[layer] : tissue->voxel[2];
}

void lac_tissue_layer_range(const lac_tissue_text *tissue, double range[2])
{
    range[0] = range[1] = lac_tissue_layer(tissue, 0);
    for (size_t layer = 1; layer < tissue->voxels[2]; layer++) {
        range[0] = fmin(range[0], lac_tissue_layer(tissue, layer));
        range[1] = fmax(range[1], lac_tissue_layer(tissue, layer));
    }
}

void lac_tissue_shares(const lac_tissue_text *tissue, double *share, size_t voxels)
{
    const size_t plane = tissue->voxels[0] * tissue->voxels[1];
    for (size_t voxel = 0; voxel < voxels; voxel++)
        share[voxel] = lac_tissue_layer(tissue, voxel / plane) / tissue->voxel[2];
}

double lac_tissue_sum(const lac_tissue_text *tissue, const double *field, size_t voxels)
{
    const size_t plane = tissue->voxels[0] * tissue->voxels[1];
    double sum = 0;
    if (!tissue->bound)
        return lac_sum(field, voxels);
    for (size_t layer = 0; layer < tissue->voxels[2]; layer++)
        sum += lac_tissue_layer(tissue, layer) / tissue->voxel[2] *
               lac_sum(field + layer * plane, plane);
    return sum;
}

bool lac_tissue_same_grid(const lac_tissue_text *one, const lac_tissue_text *other)
{
    bool same = memcmp(one->voxels, other->voxels, sizeof one->voxels) == 0 &&
                memcmp(one->voxel, other->voxel, sizeof one->voxel) == 0 &&
                !one->bound == !other->bound;
    for (size_t layer = 0; same && one->bound && layer <= one->voxels[2]; layer++)
        same = one->bound[layer] == other->bound[layer];
    return same;
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
