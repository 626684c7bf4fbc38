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

/* One field of a tissue in the matrix of its column. */
typedef struct place {
    const lac_grid *grid;
    lac_column *column;
    size_t fields, f; /* of the tissue, and which of them */
} place;

static place place_of(const lac_transport *transport, const lac_columns *columns, size_t field)
{
    const lac_tract *tract = &transport->layout.tract[lac_layout_tract(&transport->layout, field)];
    return (place){lac_transport_grid(transport, field),
                   &columns->column[tract - transport->layout.tract], tract->fields,
                   field - tract->first};
}

static size_t row_of(const place *p, lac_column_part of)
{
    return of.part * p->fields + p->f;
}

/* What multiplies the field of part `of` in the row of part `row`, in the block of a voxel. */
static double *entry_of(const place *p, size_t voxel, lac_column_part row, lac_column_part of)
{
    const lac_column *c = p->column;
    return c->block + (voxel / c->plane * c->tract->fields + row_of(p, of)) * c->rows +
           row_of(p, row);
}

/* The axis along which voxels follow each other; z when there is but one, and for planes. */
static int line_of(const place *p)
{
    if (p->column->plane > 1)
        return 2;
    return p->grid->n[0] > 1 ? 0 : p->grid->n[1] > 1 ? 1 : 2;
}

static double volume_share(const lac_grid *grid, size_t voxel)
{
    return grid->share ? grid->share[voxel] : 1;
}

static void link_layers(const place *p, const lac_medium *medium, double g)
{
    const lac_grid *grid = p->grid;
    lac_column *c = p->column;
    const int axis = line_of(p);
    const double factor = g / (grid->h[axis] * grid->h[axis]);
    for (size_t voxel = 0; voxel + c->plane < grid->voxels; voxel++) {
        const size_t after = voxel + c->plane, z = voxel / c->plane;
        const lac_column_part here = lac_column_part_of(c, voxel),
                              there = lac_column_part_of(c, after);
        if (here.weight == 0 || there.weight == 0)
            continue;
        double own = lac_medium_at(medium, grid, voxel);
        double next = lac_medium_at(medium, grid, after);
        double link = factor * (axis == 2 ? lac_depth_mean(grid, own, next, z)
                                          : lac_harmonic_mean(own, next));
        double down = here.weight * (link / volume_share(grid, voxel));
        double up = there.weight * (link / volume_share(grid, after));
        *entry_of(p, voxel, here, here) += down;
        c->below[z * c->rows + row_of(p, here)] -= down;
        *entry_of(p, after, there, there) += up;
        c->above[(z + 1) * c->rows + row_of(p, there)] -= up;
    }
}

/* Links within a layer between voxels of different parts. */
static void link_parts(const place *p, const lac_medium *medium, double g, int axis)
{
    const lac_grid *grid = p->grid;
    const lac_column *c = p->column;
    const size_t step = axis == 0 ? 1 : grid->n[0];
    const double factor = g / (grid->h[axis] * grid->h[axis]);
    for (size_t voxel = 0; voxel + step < grid->voxels; voxel++) {
        const size_t after = voxel + step, at = axis == 0 ? voxel : voxel / grid->n[0];
        const lac_column_part here = c->part[voxel], there = c->part[after];
        if ((at + 1) % grid->n[axis] == 0 || here.part == there.part || here.weight == 0 ||
            there.weight == 0)
            continue;
        double link = factor * lac_harmonic_mean(lac_medium_at(medium, grid, voxel),
                                                 lac_medium_at(medium, grid, after));
        *entry_of(p, voxel, here, here) += here.weight * link;
        *entry_of(p, voxel, here, there) -= here.weight * link;
        *entry_of(p, voxel, there, there) += there.weight * link;
        *entry_of(p, voxel, there, here) -= there.weight * link;
    }
}

/* What a boundary lets pass: conductance * (reference * pool - u), and the pool loses it. */
static void add_boundary(const lac_transport *transport, size_t boundary,
                         const lac_boundary_terms *terms, double g, lac_columns *columns)
{
    const lac_boundary *text = &transport->model->boundary[boundary];
    const place p = place_of(transport, columns, text->variable);
    const lac_column *c = p.column;
    const size_t pools = columns->layout.pools;
    const size_t pool = text->type->with_pool ? text->pool - transport->layout.fields : 0;
    for (size_t w = 0; w < p.grid->boundary_faces[text->patch]; w++) {
        const size_t voxel = p.grid->boundary_face[text->patch][w].voxel;
        const lac_column_part of = lac_column_part_of(c, voxel);
        const double out = text->type->conducts ? g * terms->conductance[w] : 0;
        const double in = (text->type->conducts ? out : g) * terms->reference[w];
        *entry_of(&p, voxel, of, of) += of.weight * out;
        if (!text->type->with_pool)
            continue;
        const double to_pool = p.grid->weight * volume_share(p.grid, voxel) /
                               lac_model_pool_volume(transport->model, text->pool);
        const size_t at = (voxel / c->plane * pools + pool) * c->rows + row_of(&p, of);
        c->feed[at] -= of.weight * in;
        c->take[at] -= to_pool * out;
        columns->pools[pool * (pools + 1)] += to_pool * in;
    }
}

void lac_transport_fill_columns(const lac_transport *transport,
                                const lac_coefficients *coefficients, double g,
                                lac_columns *columns)
{
    for (size_t field = 0; field < transport->layout.fields; field++) {
        const place p = place_of(transport, columns, field);
        if (!transport->diffusivity[field].program)
            continue;
        link_layers(&p, &coefficients->medium[field], g);
        for (int axis = 0; p.column->part && axis < 2; axis++)
            link_parts(&p, &coefficients->medium[field], g, axis);
    }
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++)
        add_boundary(transport, boundary, &coefficients->boundary[boundary], g, columns);
}
