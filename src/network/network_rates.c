/* Rates: the laws over all voxels, scattered to what they change, with their extents.
 *
 * The streamed program hands over one rate after another while it is in the cache. A block's sums
 * are stored and added in order, so that no number of threads changes a bit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/network_internal.h"

#include "base/parallel.h"
#include "base/strips.h"

#include <omp.h>
#include <string.h>

/* ---- scatter ----------------------------------------------------------------------------------
 */

int lac_network_owns_process(const lac_network *network, size_t process)
{
    return !network->part || network->part->process[process];
}

int lac_network_owns_variable(const lac_network *network, size_t variable)
{
    return !network->part || network->part->variable[variable];
}

double *lac_network_watched(const lac_network *network, double *extent)
{
    return network->part && extent ? extent + network->part->at : NULL;
}

/* The rate of another's process, kept by voxel where it is watched. */
static void keep_rate(const lac_scatter *scatter, const lac_strip *strip, size_t process,
                      const double *rate)
{
    const lac_network *network = scatter->network;
    size_t place = network->part->watch[process];
    if (scatter->watched && place != LAC_NONE)
        memcpy(scatter->watched + place * network->layout.widest + strip->voxel, rate,
               strip->count * sizeof *rate);
}

lac_strip lac_strip_of(const lac_scatter *scatter, size_t block, size_t voxel, size_t end)
{
    size_t count = end - voxel < LAC_STRIP ? end - voxel : LAC_STRIP;
    const double *active = scatter->active;
    return (lac_strip){block, voxel, count, !active || lac_strip_all(active + voxel, count)};
}

void lac_scatter_rate(const lac_scatter *scatter, const lac_strip *strip, size_t process,
                      const double *rate, double *room)
{
    const lac_network *network = scatter->network;
    const lac_process *p = &network->model->process[process];
    if (!strip->all_active) {
        lac_strip_select(room, rate, scatter->active + strip->voxel, strip->count);
        rate = room;
    }
    if (p->region != LAC_NONE) {
        lac_strip_select(room, rate, scatter->region[p->region] + strip->voxel, strip->count);
        rate = room;
    }
    if (scatter->partial)
        scatter->partial[strip->block * network->processes + process - network->begin] +=
            network->share ? lac_strip_dot(network->share + strip->voxel, rate, strip->count)
                           : lac_strip_sum(rate, strip->count);
    if (!lac_network_owns_process(network, process)) {
        keep_rate(scatter, strip, process, rate);
        return;
    }
    double *to = scatter->derivative + strip->voxel;
    size_t k = 0;
    for (; k + 1 < p->changes; k += 2)
        lac_strip_add_two(to + lac_network_at(network, p->change[k].variable), p->change[k].factor,
                          to + lac_network_at(network, p->change[k + 1].variable),
                          p->change[k + 1].factor, rate, strip->count);
    if (k < p->changes)
        lac_strip_add_scaled(to + lac_network_at(network, p->change[k].variable),
                             p->change[k].factor, rate, strip->count);
}

void lac_scatter_extents(const lac_network *network, double *extent)
{
    size_t processes = network->processes;
    double *own = extent + network->begin;
    for (size_t process = 0; process < processes; process++)
        own[process] = 0;
    for (size_t block = 0; block < network->blocks; block++)
        for (size_t process = 0; process < processes; process++)
            own[process] += network->partial[block * processes + process];
    for (size_t process = 0; process < processes; process++)
        own[process] *= network->weight;
}

/* ---- laws -------------------------------------------------------------------------------------
 */

static void tissue_strip(const lac_laws *laws, const lac_frame *frame, const lac_scatter *scatter,
                         const lac_strip *strip, double *scratch)
{
    const lac_program *program = laws->tissue_program;
    double *room = scratch + lac_program_block_size(program);
    lac_operand_view view =
        lac_program_view(frame, scatter->network->uniform, strip->voxel, scratch);
    size_t done = 0;
    for (size_t law = 0; law < laws->tissue; law++) {
        int is_uniform;
        if (done < program->ready[law]) /* a program may have no instruction at all */
            lac_instructions_run(program->instruction + done,
                                 program->instruction + program->ready[law], &view, strip->count);
        done = program->ready[law];
        const double *rate = lac_program_output(program, &view, law, &is_uniform);
        if (is_uniform) {
            lac_strip_fill(room, *rate, strip->count);
            rate = room;
        }
        lac_scatter_rate(scatter, strip, laws->tissue_process[law], rate, room);
    }
}

static void tissue_block(const lac_laws *laws, const lac_frame *frame, const lac_scatter *scatter,
                         size_t block)
{
    const lac_network *network = scatter->network;
    double *scratch = network->scratch + (size_t)omp_get_thread_num() * network->scratch_each;
    size_t processes = network->processes, first = block * LAC_BLOCK;
    size_t end = first + lac_block_size(network->tract.voxels, block);
    memset(network->partial + block * processes, 0, processes * sizeof(double));
    for (size_t voxel = first; voxel < end; voxel += LAC_STRIP) {
        lac_strip strip = lac_strip_of(scatter, block, voxel, end);
        tissue_strip(laws, frame, scatter, &strip, scratch);
    }
}

static void tissue_laws(lac_network *network, const lac_laws *laws, const lac_frame *frame,
                        double *derivative, double *extent)
{
    const lac_scatter scatter = {network,
                                 frame->active,
                                 frame->region,
                                 derivative,
                                 extent ? network->partial : NULL,
                                 lac_network_watched(network, extent)};
    lac_program_uniform(laws->tissue_program, frame, network->uniform);
    LAC_FOR_EACH(block, network->blocks, lac_network_threads(network),
                 tissue_block(laws, frame, &scatter, block));
}

static void pool_laws(lac_network *network, const lac_laws *laws, const lac_frame *frame,
                      double *derivative, double *extent)
{
    lac_program_scalars(laws->pool_program, frame, network->uniform, network->output);
    for (size_t law = 0; law < laws->pools; law++) {
        const lac_process *p = &network->model->process[laws->pool_process[law]];
        double rate = network->output[law];
        if (extent)
            extent[laws->pool_process[law]] = rate;
        for (size_t k = 0;
             lac_network_owns_process(network, laws->pool_process[law]) && k < p->changes; k++)
            derivative[lac_layout_at(&network->layout, p->change[k].variable)] +=
                p->change[k].factor * rate;
    }
}

/* Which of the two sets of laws. */
typedef enum law_set { RATES, TIME_RATES } law_set;

static void add_laws(lac_network *network, law_set which, const lac_frame *frame,
                     double *derivative, double *extent)
{
    const lac_laws *laws = which == RATES ? &network->rates : &network->time_rates;
    if (laws->tissue) {
        tissue_laws(network, laws, frame, derivative, extent);
        if (extent)
            lac_scatter_extents(network, extent);
    }
    if (laws->pools)
        pool_laws(network, laws, frame, derivative, extent);
}

static void add_all_laws(lac_network *network, law_set which, const lac_frame *frame,
                         double *derivative, double *extent)
{
    if (extent)
        memset(extent, 0, network->model->processes * sizeof *extent);
    add_laws(network, which, frame, derivative, extent);
    for (network = network->next; network; network = network->next) {
        lac_frame there = *frame;
        lac_frame_enter(&there, network->tissue);
        add_laws(network, which, &there, derivative, extent);
    }
}

/* ---- public -----------------------------------------------------------------------------------
 */

void lac_network_derivative(lac_network *network, const lac_frame *frame, double *derivative,
                            double *extent)
{
    add_all_laws(network, RATES, frame, derivative, extent);
}

int lac_network_depends_on_time(const lac_network *network)
{
    for (; network; network = network->next)
        if (network->time_rates.tissue + network->time_rates.pools > 0)
            return 1;
    return 0;
}

void lac_network_time_derivative(lac_network *network, const lac_frame *frame, double *derivative,
                                 double *extent)
{
    add_all_laws(network, TIME_RATES, frame, derivative, extent);
}
