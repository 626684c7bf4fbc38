/* Gradings: layers of unequal thickness, thin where gradients are.
 *
 * With `from` at the surface each layer is as many times as thick as the one above, such that they
 * fill the depth; `to` or `voxels` says how many there are. `bounds` lists the depths between
 * layers instead.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>

/* Layers that differ more from their neighbours lose the second order. */
static const double LARGEST_RATIO = 2;
enum { MOST_LAYERS = 100000 };

typedef struct grading {
    lac_loader *loader;
    const lac_yaml *node;
    double depth, from, to; /* [um]; NaN = not given */
    double layers;          /* NaN = not given */
} grading;

static lac_status read_length(const grading *g, const char *key, double *length)
{
    const lac_yaml *node = lac_yaml_get(g->node, key);
    lac_reading reading = {
        .loader = g->loader, .domain = LAC_NONE, .species = LAC_NONE, .what = "the grading"};
    *length = NAN;
    if (!node)
        return LAC_OK;
    lac_status status = lac_load_constant(&reading, node, lac_dimension_of(LAC_LENGTH, 1), length);
    if (*length <= 0 || *length >= g->depth) {
        lac_report(g->loader->list, LAC_ERROR, node->place,
                   "a layer must be thicker than 0 and thinner than the tissue (%g um)", g->depth);
        *length = NAN;
    }
    return status;
}

static lac_status read_count(grading *g)
{
    const lac_yaml *node = lac_yaml_get(g->node, "voxels");
    lac_reading reading = {
        .loader = g->loader, .domain = LAC_NONE, .species = LAC_NONE, .what = "voxels"};
    g->layers = NAN;
    if (!node)
        return LAC_OK;
    lac_status status = lac_load_constant(&reading, node, (lac_dimension){{0}}, &g->layers);
    if (isnan(g->layers))
        return status;
    if (g->layers < 2 || g->layers > MOST_LAYERS || g->layers != floor(g->layers)) {
        lac_report(g->loader->list, LAC_ERROR, node->place,
                   "a grading has a whole number of voxels from 2 to %d", MOST_LAYERS);
        g->layers = NAN;
    }
    return status;
}

/* --- geometric layers ----------------------------------------------------------------------------
 */

/* Depth that `layers` layers reach. */
static double reach(double from, double ratio, double layers)
{
    if (fabs(ratio - 1) < 1e-9)
        return from * layers;
    return from * expm1(layers * log(ratio)) / (ratio - 1);
}

/* The ratio with which they fill the depth. */
static double find_ratio(const grading *g)
{
    double low = 1e-6, high = 1e6;
    for (int halving = 0; halving < 200; halving++) {
        double middle = sqrt(low * high);
        if (reach(g->from, middle, g->layers) < g->depth)
            low = middle;
        else
            high = middle;
    }
    double ratio = sqrt(low * high);
    return fabs(ratio - 1) < 1e-9 ? 1 : ratio;
}

/* How many layers lead from the first to the last thickness. */
static double count_layers(const grading *g)
{
    double ratio = (g->depth - g->from) / (g->depth - g->to);
    if (fabs(ratio - 1) < 1e-9)
        return round(g->depth / g->from);
    return round(1 + log(g->to / g->from) / log(ratio));
}

/* With all three given they must agree. */
static bool fills(const grading *g)
{
    if (isnan(g->to) || isnan(g->layers))
        return true;
    double ratio = pow(g->to / g->from, 1 / (g->layers - 1));
    double reached = reach(g->from, ratio, g->layers);
    if (fabs(reached - g->depth) <= 1e-6 * g->depth)
        return true;
    lac_report(g->loader->list, LAC_ERROR, g->node->place,
               "%g layers from %g um to %g um reach a depth of %.6g um, and the tissue is %g um "
               "deep: leave out `to` or `voxels`",
               g->layers, g->from, g->to, reached, g->depth);
    return false;
}

static bool is_smooth(const grading *g, double ratio)
{
    if (g->layers >= 2 && ratio <= LARGEST_RATIO && ratio >= 1 / LARGEST_RATIO)
        return true;
    if (g->layers < 2)
        lac_report(g->loader->list, LAC_ERROR, g->node->place,
                   "too few voxels: layers from %g um to %g um fill %g um with less than 2",
                   g->from, g->to, g->depth);
    else
        lac_report(g->loader->list, LAC_ERROR, g->node->place,
                   "too few voxels: with %g layers from %g um on, each is %.3g times as thick as "
                   "the one above; neighbours may differ by a factor of %g",
                   g->layers, g->from, ratio, LARGEST_RATIO);
    return false;
}

static lac_status make_geometric(grading *g, lac_tissue_text *tissue)
{
    lac_status status = LAC_OK;
    if (!fills(g))
        return LAC_OK;
    if (isnan(g->layers))
        g->layers = fmin(count_layers(g), MOST_LAYERS);
    double ratio = g->layers >= 2 ? find_ratio(g) : 1;
    if (!is_smooth(g, ratio))
        return LAC_OK;
    size_t layers = (size_t)g->layers;
    LAC_NEW(tissue->bound, layers + 1);
    for (size_t layer = 1; layer < layers; layer++)
        tissue->bound[layer] = reach(g->from, ratio, (double)layer);
    tissue->bound[layers] = g->depth;
    tissue->voxels[2] = layers;
out:
    return status;
}

/* --- listed layers -------------------------------------------------------------------------------
 */

static lac_status read_bounds(const grading *g, const lac_yaml *list, double *bound)
{
    lac_status status = LAC_OK;
    lac_reading reading = {
        .loader = g->loader, .domain = LAC_NONE, .species = LAC_NONE, .what = "a bound"};
    for (size_t k = 0; k < list->count; k++)
        LAC_TRY(
            lac_load_constant(&reading, list->item[k], lac_dimension_of(LAC_LENGTH, 1), &bound[k]));
out:
    return status;
}

/* Reports the first bound that will not do. */
static bool bounds_hold(const grading *g, const lac_yaml *list, const double *bound)
{
    lac_diagnostics *to = g->loader->list;
    const size_t last = list->count - 1;
    for (size_t k = 0; k < last; k++) {
        double here = bound[k + 1] - bound[k], above = k ? bound[k] - bound[k - 1] : here;
        if (isnan(here))
            return false;
        if (!(here > 0)) {
            lac_report(to, LAC_ERROR, list->item[k + 1]->place,
                       "bounds must increase from the surface down");
            return false;
        }
        if (here > LARGEST_RATIO * (1 + 1e-9) * above ||
            above > LARGEST_RATIO * (1 + 1e-9) * here) {
            lac_report(to, LAC_ERROR, list->item[k + 1]->place,
                       "a layer of %g um follows one of %g um: neighbours may differ by a factor "
                       "of %g",
                       here, above, LARGEST_RATIO);
            return false;
        }
    }
    if (bound[0] != 0)
        lac_report(to, LAC_ERROR, list->item[0]->place, "bounds begin at the surface, with 0 um");
    if (fabs(bound[last] - g->depth) > 1e-6 * g->depth)
        lac_report(to, LAC_ERROR, list->item[last]->place,
                   "the layers end at a depth of %g um, and the tissue is %g um deep", bound[last],
                   g->depth);
    return bound[0] == 0 && fabs(bound[last] - g->depth) <= 1e-6 * g->depth;
}

static lac_status make_listed(const grading *g, const lac_yaml *list, lac_tissue_text *tissue)
{
    lac_status status = LAC_OK;
    double *bound = NULL;
    if (list->kind != LAC_YAML_SEQUENCE || list->count < 3) {
        lac_report(g->loader->list, LAC_ERROR, list->place,
                   "bounds are a list of depths, from 0 to the bone: at least 3");
        return LAC_OK;
    }
    LAC_NEW(bound, list->count);
    LAC_TRY(read_bounds(g, list, bound));
    if (!bounds_hold(g, list, bound))
        goto out;
    tissue->voxels[2] = list->count - 1;
    tissue->bound = bound;
    bound = NULL;
out:
    lac_free(bound);
    return status;
}

/* --- all -----------------------------------------------------------------------------------------
 */

lac_status lac_load_grading(lac_loader *loader, const lac_yaml *node, double depth,
                            lac_tissue_text *tissue)
{
    static const char *const keys[] = {"from", "to", "voxels", "bounds"};
    lac_status status = LAC_OK;
    grading g = {loader, node, depth, NAN, NAN, NAN};
    const lac_yaml *bounds = lac_yaml_get(node, "bounds");
    tissue->bound_place = node->place;
    lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "a grading", loader->list);
    if (isnan(depth))
        return LAC_OK;
    if (bounds) {
        LAC_TRY(make_listed(&g, bounds, tissue));
    } else {
        LAC_TRY(read_length(&g, "from", &g.from));
        LAC_TRY(read_length(&g, "to", &g.to));
        LAC_TRY(read_count(&g));
        if (!isnan(g.from) && !(isnan(g.to) && isnan(g.layers)))
            LAC_TRY(make_geometric(&g, tissue));
        else if (loader->list->errors == 0)
            lac_report(loader->list, LAC_ERROR, node->place,
                       "a grading needs `from` and `to`, `from` and `voxels`, or `bounds`");
    }
    if (tissue->bound)
        tissue->voxel[2] = tissue->bound[tissue->voxels[2]] / (double)tissue->voxels[2];
out:
    return status;
}

/* What a grading cannot be together with. */

static void check_correlation(const lac_expression *node, void *context)
{
    lac_loader *loader = context;
    const lac_model *model = loader->model;
    if (node->op != LAC_OP_CORRELATION)
        return;
    size_t tissue = lac_model_reduction_tissue(model, node, NULL);
    bool flat = lac_reduction_numbers(node) == 3 && node->point[2] == 0;
    if (tissue != LAC_NONE && model->tissue[tissue].bound && !flat)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "the layers differ in thickness, so correlation() goes along x and y only: "
                   "correlation(e, dx, dy, 0 um)");
}

lac_status lac_check_gradings(lac_loader *loader)
{
    const lac_model *model = loader->model;
    for (size_t observable = 0; observable < model->observables; observable++)
        if (model->observable[observable].value)
            lac_expression_walk(model->observable[observable].value, check_correlation, loader);
    return LAC_OK;
}
