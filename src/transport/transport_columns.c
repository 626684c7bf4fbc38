/* The transport's part of the matrix of columns (network/columns.h): links along the line, and the
 * faces of boundaries with the pools behind them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

/* Beyond these the iteration is faster, or the matrix large. */
enum { FIELDS_MOST = 64, BYTES_MOST = 1 << 26 };

static bool is_line(const size_t n[3])
{
    return (n[0] == 1) + (n[1] == 1) + (n[2] == 1) >= 2;
}

bool lac_columns_pay(const lac_model *model, const lac_layout *layout)
{
    size_t bordered[LAC_TRACTS_MOST];
    if (!model->tissue[0].present)
        return false;
    for (size_t region = 0; region < model->regions; region++)
        if (model->region[region].inactive)
            return false;
    for (size_t tissue = 0; tissue < layout->tracts; tissue++) {
        bordered[tissue] = layout->tract[tissue].voxels;
        if (!is_line(model->tissue[tissue].voxels) || layout->tract[tissue].fields > FIELDS_MOST)
            return false;
    }
    return lac_columns_bytes(layout, bordered) <= BYTES_MOST;
}

static bool is_in(const lac_transport *transport, size_t boundary, size_t tissue)
{
    return lac_layout_tract(&transport->layout, transport->model->boundary[boundary].variable) ==
           tissue;
}

size_t lac_transport_border(const lac_transport *transport, size_t tissue)
{
    size_t border = 0;
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++) {
        const lac_boundary *text = &transport->model->boundary[boundary];
        if (!text->type->with_pool || !is_in(transport, boundary, tissue))
            continue;
        const lac_grid *grid = lac_transport_grid(transport, text->variable);
        for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++)
            if (grid->boundary_face[text->patch][w].voxel >= border)
                border = grid->boundary_face[text->patch][w].voxel + 1;
    }
    return border;
}

static double *diagonal_of(const lac_column *c, size_t f, size_t voxel)
{
    return c->block + (voxel * c->tract->fields + f) * c->rows + f;
}

/* The axis along which voxels follow each other; z when there is but one. */
static int line_of(const lac_grid *grid)
{
    return grid->n[0] > 1 ? 0 : grid->n[1] > 1 ? 1 : 2;
}

static void link_voxels(const lac_grid *grid, const lac_medium *medium, double g, lac_column *c,
                        size_t f)
{
    const int axis = line_of(grid);
    const double factor = g / (grid->h[axis] * grid->h[axis]);
    for (size_t voxel = 0; voxel + 1 < grid->voxels; voxel++) {
        double own = lac_medium_at(medium, grid, voxel);
        double next = lac_medium_at(medium, grid, voxel + 1);
        double link = factor * (axis == 2 ? lac_depth_mean(grid, own, next, voxel)
                                          : lac_harmonic_mean(own, next));
        double down = grid->share ? link / grid->share[voxel] : link;
        double up = grid->share ? link / grid->share[voxel + 1] : link;
        *diagonal_of(c, f, voxel) += down;
        c->below[voxel * c->rows + f] -= down;
        *diagonal_of(c, f, voxel + 1) += up;
        c->above[(voxel + 1) * c->rows + f] -= up;
    }
}

/* What a boundary lets pass: conductance * (reference * pool - u), and the pool loses it. */
static void add_boundary(const lac_transport *transport, size_t boundary,
                         const lac_boundary_terms *terms, double g, lac_columns *columns)
{
    const lac_boundary *text = &transport->model->boundary[boundary];
    const lac_grid *grid = lac_transport_grid(transport, text->variable);
    const lac_column *c = &columns->column[grid->tissue];
    const size_t f = text->variable - c->tract->first, pools = columns->layout.pools;
    const size_t pool = text->type->with_pool ? text->pool - columns->layout.fields : 0;
    for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
        const size_t voxel = grid->boundary_face[text->patch][w].voxel;
        const double out = text->type->conducts ? g * terms->conductance[w] : 0;
        const double in = (text->type->conducts ? out : g) * terms->reference[w];
        *diagonal_of(c, f, voxel) += out;
        if (!text->type->with_pool)
            continue;
        const double to_pool = grid->weight * (grid->share ? grid->share[voxel] : 1) /
                               lac_model_pool_volume(transport->model, text->pool);
        c->feed[(voxel * pools + pool) * c->rows + f] -= in;
        c->take[(voxel * pools + pool) * c->rows + f] -= to_pool * out;
        columns->pools[pool * (pools + 1)] += to_pool * in;
    }
}

void lac_transport_fill_columns(const lac_transport *transport,
                                const lac_coefficients *coefficients, double g,
                                lac_columns *columns)
{
    for (size_t field = 0; field < transport->layout.fields; field++) {
        lac_column *c = &columns->column[lac_layout_tract(&transport->layout, field)];
        if (transport->diffusivity[field].program)
            link_voxels(lac_transport_grid(transport, field), &coefficients->medium[field], g, c,
                        field - c->tract->first);
    }
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++)
        add_boundary(transport, boundary, &coefficients->boundary[boundary], g, columns);
}
