/* Boundaries: what each kind is. A kind that is added here needs no line elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/boundary.h"

static double over_voxel(double flux, double h)
{
    return flux / h;
}

const lac_boundary_type lac_boundary_value = {
    .word = "value",
    .summary = "a fixed value at the face",
    .told = "value ",
    .law = "value at a boundary",
    .conducts = true,
    .holds = true,
};

const lac_boundary_type lac_boundary_flux = {
    .word = "flux",
    .summary = "into the tissue, per area and time",
    .told = "flux into the tissue ",
    .law = "flux at a boundary",
    .per_length = -1, /* a density times um/s */
    .per_time = 1,
    .reference = over_voxel,
};

const lac_boundary_type lac_boundary_exchange = {
    .word = "exchange",
    .summary = "with a well-mixed domain: g (partition * pool - tissue), "
               "through a membrane when there is a permeability",
    .told = "exchange with ",
    .law = "partition",
    .with_pool = true,
    .conducts = true,
};

const lac_boundary_type *const lac_boundary_list[] = {
    &lac_boundary_value,
    &lac_boundary_flux,
    &lac_boundary_exchange,
    NULL,
};

double lac_boundary_reference(const lac_boundary_type *type, double law, double h)
{
    return type->reference ? type->reference(law, h) : law;
}
