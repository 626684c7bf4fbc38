/* The network: building it from a model, and what it takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/graph_internal.h"
#include "network/network_internal.h"

#include "base/memory.h"

#include <math.h>
#include <omp.h>

/* Rates (voxels times processes) from which on threads are worth their barriers: some 50 us. */
enum { RATES_PARALLEL_FROM = 65536 };

/* ---- laws -------------------------------------------------------------------------------------
 */

static lac_status check_process(const lac_model *model, const lac_graph *graph, size_t process,
                                lac_node law)
{
    lac_status status = LAC_OK;
    const lac_process *p = &model->process[process];
    LAC_REQUIRE(p->in_tissue == (process < model->tissue_processes), LAC_INTERNAL,
                "process %s: tissue processes must come first", p->id);
    LAC_REQUIRE(p->in_tissue || !lac_graph_varies(graph, law), LAC_INTERNAL,
                "process %s among pools looks at the tissue", p->id);
    for (size_t k = 0; k < p->changes; k++)
        LAC_REQUIRE((p->change[k].variable < model->fields) == p->in_tissue, LAC_INTERNAL,
                    "process %s changes a variable of another domain", p->id);
out:
    return status;
}

/* Keeps the laws that are not zero, in the order of processes, and compiles them. */
static lac_status build_laws(const lac_model *model, const lac_graph *graph, const lac_node *law,
                             lac_laws *laws)
{
    lac_status status = LAC_OK;
    lac_node *kept = NULL;
    LAC_NEW(kept, model->processes);
    LAC_NEW(laws->tissue_process, model->tissue_processes);
    LAC_NEW(laws->pool_process, model->processes - model->tissue_processes);
    for (size_t process = 0; process < model->processes; process++) {
        if (lac_graph_is_zero(law[process]))
            continue;
        kept[laws->tissue + laws->pools] = law[process];
        if (model->process[process].in_tissue)
            laws->tissue_process[laws->tissue++] = process;
        else
            laws->pool_process[laws->pools++] = process;
    }
    LAC_TRY(lac_program_compile_as(graph, kept, laws->tissue, LAC_STREAMED, &laws->tissue_program));
    LAC_TRY(lac_program_compile(graph, kept + laws->tissue, laws->pools, &laws->pool_program));
out:
    lac_free(kept);
    return status;
}

static void free_laws(lac_laws *laws)
{
    lac_free(laws->tissue_process);
    lac_free(laws->pool_process);
    lac_program_free(laws->tissue_program);
    lac_program_free(laws->pool_program);
}

/* Of thresholds: as wide as the tolerance. Narrower ones are left by steps whose error is accepted,
 * and chatter comes back (5 of 80 trials with 0.1; with 1, none of 256). */
static const double BAND = 1, NARROWEST = 1e-10;

/* Pools are with the first tissue. */
static bool holds_process(const lac_network *network, size_t process)
{
    return process >= network->model->tissue_processes
               ? network->tissue == 0
               : process >= network->begin && process < network->end;
}

static lac_status build_programs(lac_network *network)
{
    lac_status status = LAC_OK;
    const lac_model *model = network->model;
    lac_graph *graph = NULL;
    lac_node *law = NULL, *slope = NULL;
    LAC_NEW(law, model->processes);
    LAC_NEW(slope, model->processes);
    LAC_TRY(lac_graph_create(model, &graph));
    lac_graph_soften(graph, fmax(BAND * model->settings.rtol, NARROWEST));
    for (size_t process = 0; process < model->processes; process++) {
        law[process] = slope[process] = LAC_NODE_ZERO;
        if (!holds_process(network, process))
            continue;
        LAC_TRY(lac_graph_add(graph, model->process[process].rate, &law[process]));
        LAC_TRY(check_process(model, graph, process, law[process]));
        LAC_TRY(lac_graph_derivative(graph, law[process], (lac_symbol){LAC_SYMBOL_TIME, 0},
                                     &slope[process]));
    }
    LAC_TRY(build_laws(model, graph, law, &network->rates));
    LAC_TRY(build_laws(model, graph, slope, &network->time_rates));
    LAC_TRY(lac_jacobian_build(network, graph, law));
out:
    lac_graph_free(graph);
    lac_free(law);
    lac_free(slope);
    return status;
}

/* ---- room -------------------------------------------------------------------------------------
 */

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t uniform_room(const lac_network *network)
{
    size_t room = lac_program_uniform_size(network->rates.tissue_program);
    room = larger(room, lac_program_uniform_size(network->rates.pool_program));
    room = larger(room, lac_program_uniform_size(network->time_rates.tissue_program));
    room = larger(room, lac_program_uniform_size(network->time_rates.pool_program));
    room = larger(room, lac_program_uniform_size(network->stored_program));
    return larger(room, lac_program_uniform_size(network->scalar_program));
}

/* Registers of the largest program, pointers of a block's stored fields, and one strip. */
static size_t scratch_room(const lac_network *network)
{
    size_t room = lac_program_block_size(network->rates.tissue_program);
    room = larger(room, lac_program_block_size(network->time_rates.tissue_program));
    room = larger(room, lac_program_block_size(network->stored_program));
    size_t whole = room + LAC_REGISTER + network->stored;
    return (whole / LAC_CACHE_LINE + 1) * LAC_CACHE_LINE;
}

static lac_status make_room(lac_network *network)
{
    lac_status status = LAC_OK;
    const size_t voxels = network->tract.voxels;
    int processors = omp_get_num_procs();
    network->threads = lac_threads() > processors ? lac_threads() : processors;
    network->blocks = lac_blocks(voxels);
    network->width = voxels < LAC_BLOCK ? voxels : LAC_BLOCK;
    network->width = (network->width + 7) / 8 * 8 + 8;
    network->scratch_each = scratch_room(network);
    LAC_NEW(network->gradient, network->blocks * network->stored * network->width);
    LAC_NEW(network->scalar, network->scalars);
    LAC_NEW(network->uniform, uniform_room(network));
    LAC_NEW(network->output, larger(network->model->processes, network->scalars));
    LAC_NEW(network->scratch, (size_t)network->threads * network->scratch_each);
    LAC_NEW(network->partial, network->blocks * larger(network->processes, 1));
    if (network->model->tissue[network->tissue].bound) {
        LAC_NEW(network->share, voxels);
        lac_tissue_shares(&network->model->tissue[network->tissue], network->share, voxels);
    }
out:
    return status;
}

/* ---- public -----------------------------------------------------------------------------------
 */

lac_status lac_network_create(const lac_model *model, const lac_layout *layout, double weight,
                              lac_network **result)
{
    return lac_network_create_part(model, layout, weight, NULL, result);
}

/* Which processes are those of the tissue: they follow each other. */
static void find_processes(lac_network *network)
{
    const lac_model *model = network->model;
    network->end = model->tissue_processes;
    while (model->tissues > 1 && network->begin < network->end &&
           lac_process_tissue(model, network->begin) != network->tissue)
        network->begin++;
    while (model->tissues > 1 && network->end > network->begin &&
           lac_process_tissue(model, network->end - 1) != network->tissue)
        network->end--;
    network->processes = network->end - network->begin;
}

static lac_status create_one(const lac_model *model, const lac_layout *layout, size_t tissue,
                             const lac_part *part, lac_network **result)
{
    lac_status status = LAC_OK;
    lac_network *network = NULL;
    LAC_NEW(network, 1);
    network->model = model;
    network->layout = *layout;
    network->tissue = tissue;
    network->tract = layout->tract[tissue];
    network->part = part;
    find_processes(network);
    LAC_TRY(build_programs(network));
    LAC_TRY(make_room(network));
    *result = network;
    network = NULL;
out:
    lac_network_free(network);
    return status;
}

lac_status lac_network_create_part(const lac_model *model, const lac_layout *layout, double weight,
                                   const lac_part *part, lac_network **result)
{
    lac_status status = LAC_OK;
    lac_network *first = NULL, **end = &first;
    for (size_t tissue = 0; tissue < layout->tracts; tissue++) {
        LAC_TRY(create_one(model, layout, tissue, part, end));
        (*end)->weight = layout->tracts > 1 ? lac_tissue_weight(&model->tissue[tissue]) : weight;
        end = &(*end)->next;
    }
    *result = first;
    first = NULL;
out:
    lac_network_free(first);
    return status;
}

void lac_network_free(lac_network *network)
{
    if (!network)
        return;
    lac_network_free(network->next);
    free_laws(&network->rates);
    free_laws(&network->time_rates);
    lac_program_free(network->stored_program);
    lac_program_free(network->scalar_program);
    lac_free(network->slope);
    lac_free(network->first_slope);
    lac_free(network->stored_region);
    lac_free(network->gradient);
    lac_free(network->scalar);
    lac_free(network->uniform);
    lac_free(network->output);
    lac_free(network->scratch);
    lac_free(network->partial);
    lac_free(network->share);
    lac_local_factor_free(network->factor);
    lac_free(network);
}

double *lac_network_stored(const lac_network *network, size_t block, size_t at)
{
    return network->gradient + (block * network->stored + at) * network->width;
}

int lac_network_threads(const lac_network *network)
{
    if (network->tract.voxels * network->processes < RATES_PARALLEL_FROM)
        return 1;
    int team = lac_threads() < network->threads ? lac_threads() : network->threads;
    if (network->blocks < (size_t)team)
        team = (int)network->blocks;
    return team > 1 ? team : 1;
}

lac_network_facts lac_network_about(const lac_network *network)
{
    lac_network_facts facts = {0};
    for (; network; network = network->next) {
        const lac_local_factor *factor = network->factor;
        size_t doubles = network->blocks * network->stored * network->width +
                         (size_t)network->threads * network->scratch_each +
                         network->blocks * network->processes;
        facts.instructions += lac_program_instructions(network->rates.tissue_program);
        facts.gradient_entries += network->stored;
        facts.factor_entries += factor ? lac_local_factor_entries(factor) : 0;
        facts.bytes += doubles * sizeof(double) + (factor ? lac_local_factor_bytes(factor) : 0);
    }
    return facts;
}

size_t lac_network_doubles(const lac_network *network, size_t tissue)
{
    while (network->tissue != tissue)
        network = network->next;
    return network->stored + (network->factor ? lac_local_factor_entries(network->factor) : 0);
}
