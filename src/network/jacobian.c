/* The Jacobian: slopes of every law, kept per process, so that J v = S (G v) passes through the
 * processes as the rates do: what S conserves, J v conserves, and extents come along.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/network_internal.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/strips.h"

#include <math.h>
#include <omp.h>
#include <string.h>

/* ---- structure --------------------------------------------------------------------------------
 */

/* A node that is computed for a region. */
typedef struct place {
    lac_node node;
    size_t region;
    size_t older; /* 1 + the place of the same node for another region; 0 = none */
} place;

/* Equal slopes are kept once, and found by their node. */
typedef struct places {
    place *place; /* owned */
    size_t count, room;
    size_t *newest; /* owned, by node: 1 + its newest place; 0 = none */
    size_t nodes;
} places;

typedef struct builder {
    lac_network *network;
    lac_graph *graph;
    places stored, scalar;
    size_t slope_room;
} builder;

static void free_places(places *in)
{
    lac_free(in->place);
    lac_free(in->newest);
}

static lac_status know_node(places *in, lac_node node)
{
    lac_status status = LAC_OK;
    if (node >= in->nodes) {
        size_t nodes = 2 * (node + 1), *newest;
        LAC_OWN(newest, lac_regrow(in->newest, in->nodes, nodes, sizeof *newest));
        in->newest = newest;
        in->nodes = nodes;
    }
out:
    return status;
}

static lac_status find_place(places *in, lac_node node, size_t region, size_t *at)
{
    lac_status status = LAC_OK;
    LAC_TRY(know_node(in, node));
    for (size_t each = in->newest[node]; each > 0; each = in->place[each - 1].older)
        if (in->place[each - 1].region == region) {
            *at = each - 1;
            return LAC_OK;
        }
    LAC_GROW(in->place, in->count, in->room);
    *at = in->count++;
    in->place[*at] = (place){node, region, in->newest[node]};
    in->newest[node] = in->count;
out:
    return status;
}

static lac_status compile(const lac_graph *graph, const places *of, lac_program **program)
{
    lac_status status = LAC_OK;
    lac_node *node = NULL;
    LAC_NEW(node, of->count);
    for (size_t at = 0; at < of->count; at++)
        node[at] = of->place[at].node;
    status = lac_program_compile(graph, node, of->count, program);
out:
    lac_free(node);
    return status;
}

static lac_status add_slopes(builder *b, size_t process, lac_node law)
{
    lac_status status = LAC_OK;
    lac_network *network = b->network;
    const lac_process *p = &network->model->process[process];
    for (size_t variable = 0; variable < network->model->variables; variable++) {
        lac_node node;
        lac_symbol symbol = {LAC_SYMBOL_VARIABLE, variable};
        LAC_TRY(lac_graph_derivative(b->graph, law, symbol, &node));
        if (lac_graph_is_zero(node) || !lac_network_owns_variable(network, variable))
            continue;
        lac_slope slope = {.process = process, .variable = variable};
        slope.varies = p->in_tissue && (p->region != LAC_NONE || lac_graph_varies(b->graph, node));
        if (slope.varies)
            LAC_TRY(find_place(&b->stored, node, p->region, &slope.at));
        else
            LAC_TRY(find_place(&b->scalar, node, LAC_NONE, &slope.at));
        LAC_GROW(network->slope, network->slopes, b->slope_room);
        network->slope[network->slopes++] = slope;
    }
out:
    return status;
}

lac_status lac_jacobian_build(lac_network *network, lac_graph *graph, const lac_node *law)
{
    lac_status status = LAC_OK;
    builder b = {.network = network, .graph = graph};
    size_t processes = network->model->processes;
    LAC_NEW(network->first_slope, processes + 1);
    for (size_t process = 0; process < processes; process++) {
        LAC_TRY(add_slopes(&b, process, law[process]));
        network->first_slope[process + 1] = network->slopes;
    }
    network->stored = b.stored.count;
    network->scalars = b.scalar.count;
    LAC_NEW(network->stored_region, network->stored);
    for (size_t at = 0; at < network->stored; at++)
        network->stored_region[at] = b.stored.place[at].region;
    LAC_TRY(compile(graph, &b.stored, &network->stored_program));
    LAC_TRY(compile(graph, &b.scalar, &network->scalar_program));
out:
    free_places(&b.stored);
    free_places(&b.scalar);
    return status;
}

/* ---- values -----------------------------------------------------------------------------------
 */

static void mask_stored(const lac_network *network, size_t block, size_t first, size_t count)
{
    int all_active = !network->active || lac_strip_all(network->active + first, count);
    for (size_t at = 0; at < network->stored; at++) {
        double *stored = lac_network_stored(network, block, at);
        size_t region = network->stored_region[at];
        if (!all_active)
            lac_strip_select(stored, stored, network->active + first, count);
        if (region != LAC_NONE)
            lac_strip_select(stored, stored, network->region[region] + first, count);
    }
}

static void linearise_block(lac_network *network, const lac_frame *frame, size_t block)
{
    const lac_program *program = network->stored_program;
    double *scratch = network->scratch + (size_t)omp_get_thread_num() * network->scratch_each;
    double **out = (double **)(void *)(scratch + lac_program_block_size(program));
    size_t first = block * LAC_BLOCK, count = lac_block_size(network->tract.voxels, block);
    for (size_t at = 0; at < network->stored; at++)
        out[at] = lac_network_stored(network, block, at);
    lac_program_block(program, frame, network->uniform, first, count, scratch, out);
    mask_stored(network, block, first, count);
}

static void linearise(lac_network *network, const lac_frame *frame)
{
    const lac_program *program = network->stored_program;
    int team = lac_network_threads(network);
    network->active = frame->active;
    network->region = frame->region;
    lac_program_scalars(network->scalar_program, frame, network->uniform, network->scalar);
    lac_program_uniform(program, frame, network->uniform);
    LAC_FOR_EACH(block, network->stored ? network->blocks : 0, team,
                 linearise_block(network, frame, block));
}

void lac_network_linearise(lac_network *network, const lac_frame *frame)
{
    linearise(network, frame);
    for (network = network->next; network; network = network->next) {
        lac_frame there = *frame;
        lac_frame_enter(&there, network->tissue);
        linearise(network, &there);
    }
}

/* ---- products ---------------------------------------------------------------------------------
 */

/* to = slope * v over a strip, or to += when it is not the first. */
static void add_slope(const lac_network *network, const lac_slope *slope, const double *v,
                      const lac_strip *strip, double *to, int first)
{
    const double *part = v + lac_layout_at(&network->layout, slope->variable);
    const double *g = network->scalar + slope->at;
    int in_pool = slope->variable >= network->layout.fields;
    if (slope->varies)
        g = lac_network_stored(network, strip->block, slope->at) + strip->voxel % LAC_BLOCK;
    if (slope->varies && !in_pool)
        (first ? lac_strip_multiply : lac_strip_add_product)(to, g, part + strip->voxel,
                                                             strip->count);
    else if (slope->varies)
        (first ? lac_strip_scale : lac_strip_add_scaled)(to, *part, g, strip->count);
    else if (!in_pool)
        (first ? lac_strip_scale : lac_strip_add_scaled)(to, *g, part + strip->voxel, strip->count);
    else
        (first ? lac_strip_fill : lac_strip_add)(to, *g * *part, strip->count);
}

static void product_strip(const lac_network *network, const double *v, const lac_scatter *scatter,
                          const lac_strip *strip, double *to)
{
    for (size_t process = network->begin; process < network->end; process++) {
        size_t first = network->first_slope[process], end = network->first_slope[process + 1];
        if (first == end)
            continue;
        for (size_t slope = first; slope < end; slope++)
            add_slope(network, &network->slope[slope], v, strip, to, slope == first);
        lac_scatter_rate(scatter, strip, process, to, to);
    }
}

static void block_products(lac_network *network, const double *v, const lac_scatter *scatter,
                           size_t block)
{
    double *scratch = network->scratch + (size_t)omp_get_thread_num() * network->scratch_each;
    size_t processes = network->processes, first = block * LAC_BLOCK;
    size_t end = first + lac_block_size(network->tract.voxels, block);
    memset(network->partial + block * processes, 0, processes * sizeof(double));
    for (size_t voxel = first; voxel < end; voxel += LAC_STRIP) {
        lac_strip strip = lac_strip_of(scatter, block, voxel, end);
        product_strip(network, v, scatter, &strip, scratch);
    }
}

static void tissue_products(lac_network *network, const double *v, double *out, double *extent)
{
    const lac_scatter scatter = {network,
                                 network->active,
                                 network->region,
                                 out,
                                 extent ? network->partial : NULL,
                                 lac_network_watched(network, extent)};
    LAC_FOR_EACH(block, network->blocks, lac_network_threads(network),
                 block_products(network, v, &scatter, block));
}

static void pool_products(const lac_network *network, const double *v, double *out, double *extent)
{
    const lac_model *model = network->model;
    for (size_t process = model->tissue_processes; process < model->processes; process++) {
        const lac_process *p = &model->process[process];
        double rate = 0;
        for (size_t k = network->first_slope[process]; k < network->first_slope[process + 1]; k++)
            rate += network->scalar[network->slope[k].at] *
                    v[lac_layout_at(&network->layout, network->slope[k].variable)];
        if (extent)
            extent[process] = rate;
        for (size_t k = 0; lac_network_owns_process(network, process) && k < p->changes; k++)
            out[lac_layout_at(&network->layout, p->change[k].variable)] +=
                p->change[k].factor * rate;
    }
}

void lac_network_times(lac_network *network, const double *v, double *out, double *extent)
{
    if (extent)
        memset(extent, 0, network->model->processes * sizeof *extent);
    for (lac_network *each = network; each; each = each->next) {
        if (each->first_slope[each->end] == each->first_slope[each->begin])
            continue;
        tissue_products(each, v, out, extent);
        if (extent)
            lac_scatter_extents(each, extent);
    }
    pool_products(network, v, out, extent);
}

/* ---- own loss ---------------------------------------------------------------------------------
 */

/* The slope that makes a pure own loss of the field, or NULL. */
static const lac_slope *own_slope(const lac_network *network, size_t process, size_t field)
{
    const lac_process *p = &network->model->process[process];
    if (!lac_network_owns_process(network, process) || p->changes != 1 ||
        p->change[0].variable != field || p->change[0].factor >= 0)
        return NULL;
    for (size_t k = network->first_slope[process]; k < network->first_slope[process + 1]; k++)
        if (network->slope[k].variable == field)
            return &network->slope[k];
    return NULL;
}

/* The smallest loss in one block's active voxels. */
static double block_loss(const lac_network *network, size_t field, size_t block)
{
    double loss[LAC_BLOCK] = {0}, least = INFINITY;
    size_t first = block * LAC_BLOCK, voxels = network->tract.voxels;
    size_t count = voxels - first < LAC_BLOCK ? voxels - first : LAC_BLOCK;
    for (size_t process = network->begin; process < network->end; process++) {
        const lac_slope *slope = own_slope(network, process, field);
        if (!slope)
            continue;
        double factor = -network->model->process[process].change[0].factor;
        if (slope->varies)
            lac_strip_add_scaled(loss, factor, lac_network_stored(network, block, slope->at),
                                 count);
        else
            lac_strip_add(loss, factor * network->scalar[slope->at], count);
    }
    for (size_t k = 0; k < count; k++)
        if (loss[k] < least && (!network->active || network->active[first + k] != 0))
            least = loss[k];
    return least;
}

double lac_network_own_loss(const lac_network *network, size_t field)
{
    double least = INFINITY;
    for (size_t tissue = lac_layout_tract(&network->layout, field); tissue > 0; tissue--)
        network = network->next;
    for (size_t block = 0; block < network->blocks && least > 0; block++) {
        double loss = block_loss(network, field, block);
        least = loss < least ? loss : least;
    }
    return least > 0 && least < INFINITY ? least : 0;
}
