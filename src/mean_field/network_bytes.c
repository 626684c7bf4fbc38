/* What the network of a model keeps, and the matrix of columns, found on a small copy of the
 * problem.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/vector.h"
#include "mean_field/mean_field.h"
#include "network/network.h"
#include "transport/transport.h"

/* Exchange is taken to be with the first voxel. */
static size_t columns_bytes(const lac_network *network, const lac_layout *layout)
{
    size_t bordered[LAC_TRACTS_MOST];
    for (size_t tissue = 0; tissue < layout->tracts; tissue++)
        bordered[tissue] =
            lac_network_border(network, tissue) > 0 ? layout->tract[tissue].voxels : 1;
    return lac_columns_bytes(layout, bordered);
}

size_t lac_mean_field_network_bytes(const lac_model *model, const lac_layout *layout)
{
    lac_network *network = NULL;
    lac_layout small = *layout;
    size_t doubles = 0, bytes = 0;
    const bool columns = lac_columns_pay(model, layout);
    unsigned char *mobile = lac_alloc(model->fields, 1);
    for (size_t tissue = 0; tissue < small.tracts; tissue++)
        small.tract[tissue].voxels = 1;
    if (mobile)
        lac_find_mobile(model, mobile);
    if (mobile && lac_network_create(model, &small, 1, &network) == LAC_OK &&
        (columns || lac_network_factor_prepare(network, mobile) == LAC_OK)) {
        for (size_t tissue = 0; tissue < layout->tracts; tissue++)
            doubles += layout->tract[tissue].voxels * lac_network_doubles(network, tissue);
        bytes = columns ? columns_bytes(network, layout) : 0;
    }
    lac_network_free(network);
    lac_free(mobile);
    return doubles * sizeof(double) + bytes;
}
