/* What the network of a model keeps, found on a small copy of the problem.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/vector.h"
#include "mean_field/mean_field.h"
#include "network/network.h"
#include "transport/transport.h"

size_t lac_mean_field_network_bytes(const lac_model *model, const lac_layout *layout)
{
    lac_network *network = NULL;
    lac_layout small = *layout;
    size_t doubles = 0;
    unsigned char *mobile = lac_alloc(model->fields, 1);
    for (size_t tissue = 0; tissue < small.tracts; tissue++)
        small.tract[tissue].voxels = 1;
    if (mobile)
        lac_find_mobile(model, mobile);
    if (mobile && lac_network_create(model, &small, 1, &network) == LAC_OK &&
        lac_network_factor_prepare(network, mobile) == LAC_OK)
        for (size_t tissue = 0; tissue < layout->tracts; tissue++)
            doubles += layout->tract[tissue].voxels * lac_network_doubles(network, tissue);
    lac_network_free(network);
    lac_free(mobile);
    return doubles * sizeof(double);
}
