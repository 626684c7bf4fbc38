/* The reactions' part of the matrix of columns (network/columns.h): every slope, secretion, sensing
 * and pools that tissue laws see among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/columns.h"
#include "network/network_internal.h"

size_t lac_network_border(const lac_network *network, size_t tissue)
{
    for (; network; network = network->next) {
        if (network->tissue != tissue)
            continue;
        size_t first = network->first_slope[network->begin];
        for (size_t k = first; k < network->first_slope[network->end]; k++)
            if (network->slope[k].variable >= network->layout.fields)
                return network->tract.voxels;
    }
    return 0;
}

/* What multiplies the slope's variable in the row of a field: entries `step` apart, those of the
 * next part `shift` behind. */
typedef struct entries {
    double *first;
    size_t step, shift;
} entries;

static entries entries_of(const lac_network *network, const lac_columns *columns, size_t variable,
                          size_t row)
{
    const lac_column *c = &columns->column[network->tissue];
    const size_t fields = network->layout.fields, own = network->tract.fields;
    row -= network->tract.first;
    if (variable >= fields)
        return (entries){c->feed + (variable - fields) * c->rows + row,
                         network->layout.pools * c->rows, own};
    return (entries){c->block + (variable - network->tract.first) * c->rows + row,
                     c->tract->fields * c->rows, own * c->rows + own};
}

/* entry -= factor * slope in every voxel. */
static void subtract_slope(const lac_network *network, const lac_column *column,
                           const lac_slope *slope, double factor, entries to)
{
    for (size_t voxel = 0; voxel < network->tract.voxels; voxel++) {
        const lac_column_part of = lac_column_part_of(column, voxel);
        if (of.weight == 0)
            continue; /* its slopes mean nothing */
        const double *value = network->scalar + slope->at;
        if (slope->varies)
            value = lac_network_stored(network, voxel / LAC_BLOCK, slope->at) + voxel % LAC_BLOCK;
        to.first[voxel / column->plane * to.step + of.part * to.shift] -=
            factor * of.weight * *value;
    }
}

void lac_network_fill_columns(const lac_network *network, double g, lac_columns *columns)
{
    lac_network_pool_matrix(network, g, columns->pools);
    for (; network; network = network->next) {
        for (size_t k = network->first_slope[network->begin];
             k < network->first_slope[network->end]; k++) {
            const lac_slope *slope = &network->slope[k];
            const lac_process *process = &network->model->process[slope->process];
            for (size_t c = 0; c < process->changes; c++)
                subtract_slope(
                    network, &columns->column[network->tissue], slope,
                    g * process->change[c].factor,
                    entries_of(network, columns, slope->variable, process->change[c].variable));
        }
    }
}
