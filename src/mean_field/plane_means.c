/* With R the mean over the active voxels of each plane, or part of one (and the pools as they are),
 * and E what makes a field of such means, the matrix is R (I - g J) E, block tridiagonal with a
 * border of pools (network/columns.h): all of J for what does not vary within planes or their
 * parts. Sums that J conserves are of plane means, so a correction of what is right already adds
 * nothing to them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/plane_means.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <string.h>

/* Beyond these the matrix is large, or its factor slow. */
enum { FIELDS_MOST = 64, BYTES_MOST = 1 << 26 };

struct lac_plane_means {
    lac_layout fine, coarse;
    size_t plane[LAC_TRACTS_MOST];          /* voxels of one */
    size_t parts[LAC_TRACTS_MOST];          /* of one */
    lac_column_part *part[LAC_TRACTS_MOST]; /* owned [voxels] */
    lac_columns *columns;
    double *value; /* owned [coarse.length] */
};

/* Planes are cut into cut[0] x cut[1] parts. */
static size_t part_at(const lac_grid *grid, const size_t cut[2], size_t voxel)
{
    const size_t x = voxel % grid->n[0], y = voxel / grid->n[0] % grid->n[1];
    return x * cut[0] / grid->n[0] + cut[0] * (y * cut[1] / grid->n[1]);
}

/* Which part of its plane a voxel is of, and 1 / the active voxels of that. */
static lac_status weigh(lac_plane_means *m, const lac_grid *grid, const size_t cut[2])
{
    lac_status status = LAC_OK;
    const size_t plane = m->plane[grid->tissue], parts = m->parts[grid->tissue];
    lac_column_part *part = NULL;
    double *active = NULL;
    LAC_NEW(active, parts);
    LAC_NEW(part, grid->voxels);
    for (size_t first = 0; first < grid->voxels; first += plane) {
        memset(active, 0, parts * sizeof *active);
        for (size_t k = first; k < first + plane; k++) {
            part[k].part = part_at(grid, cut, k);
            active[part[k].part] += grid->active ? grid->active[k] : 1;
        }
        for (size_t k = first; k < first + plane; k++)
            part[k].weight = !grid->active || grid->active[k] > 0 ? 1 / active[part[k].part] : 0;
    }
    m->part[grid->tissue] = part;
    part = NULL;
out:
    lac_free(active);
    lac_free(part);
    return status;
}

static size_t planes(const lac_plane_means *m, size_t tissue, size_t voxels)
{
    return (voxels + m->plane[tissue] - 1) / m->plane[tissue];
}

static void choose_cut(const lac_grid *grid, size_t parts, size_t cut[2])
{
    cut[0] = grid->n[0] < parts ? grid->n[0] : parts;
    cut[1] = grid->n[1] < parts / cut[0] ? grid->n[1] : parts / cut[0];
}

static lac_status divide(lac_plane_means *m, const lac_grid *grid, size_t parts)
{
    lac_status status = LAC_OK;
    lac_tract_size size[LAC_TRACTS_MOST];
    for (; grid; grid = grid->next) {
        size_t cut[2];
        choose_cut(grid, parts, cut);
        m->plane[grid->tissue] = grid->n[0] * grid->n[1];
        m->parts[grid->tissue] = cut[0] * cut[1];
        size[grid->tissue] =
            (lac_tract_size){m->fine.tract[grid->tissue].fields * cut[0] * cut[1], grid->n[2]};
        LAC_TRY(weigh(m, grid, cut));
    }
    m->coarse = lac_layout_of_tracts(size, m->fine.tracts, m->fine.pools);
out:
    return status;
}

static lac_status make_columns(lac_plane_means *m, const lac_plane_means_of *of)
{
    lac_status status = LAC_OK;
    size_t bordered[LAC_TRACTS_MOST];
    for (size_t tissue = 0; tissue < m->fine.tracts; tissue++) {
        size_t laws = lac_network_border(of->network, tissue);
        size_t faces = lac_transport_border(of->transport, tissue);
        bordered[tissue] = planes(m, tissue, laws > faces ? laws : faces);
    }
    if (lac_columns_bytes(&m->coarse, bordered) > BYTES_MOST)
        goto out;
    LAC_TRY(lac_columns_create(&m->coarse, bordered, &m->columns));
    for (size_t tissue = 0; tissue < m->fine.tracts; tissue++) {
        m->columns->column[tissue].plane = m->plane[tissue];
        m->columns->column[tissue].part = m->part[tissue];
    }
out:
    return status;
}

lac_status lac_plane_means_create(const lac_plane_means_of *of, size_t parts,
                                  lac_plane_means **means)
{
    lac_status status = LAC_OK;
    lac_plane_means *m = NULL;
    *means = NULL;
    if (!of->scene->model->tissue[0].present)
        return LAC_OK;
    for (size_t tissue = 0; tissue < of->layout->tracts; tissue++)
        if (of->layout->tract[tissue].fields > FIELDS_MOST)
            return LAC_OK;
    LAC_NEW(m, 1);
    m->fine = *of->layout;
    LAC_TRY(divide(m, of->scene->grid, parts));
    LAC_TRY(make_columns(m, of));
    LAC_NEW(m->value, m->coarse.length);
    if (m->columns) {
        *means = m;
        m = NULL;
    }
out:
    lac_plane_means_free(m);
    return status;
}

void lac_plane_means_free(lac_plane_means *means)
{
    if (!means)
        return;
    lac_columns_free(means->columns);
    for (size_t tissue = 0; tissue < LAC_TRACTS_MOST; tissue++)
        lac_free(means->part[tissue]);
    lac_free(means->value);
    lac_free(means);
}

bool lac_plane_means_factor(lac_plane_means *means, const lac_plane_means_of *of,
                            const lac_coefficients *coefficients, double g)
{
    lac_columns_clear(means->columns);
    lac_network_fill_columns(of->network, g, means->columns);
    lac_transport_fill_columns(of->transport, coefficients, g, means->columns);
    return lac_columns_factor(means->columns);
}

/* --- means and back -------------------------------------------------------------------------- */

/* Where the means of a field stand, those of the first part. */
static double *means_of(const lac_plane_means *m, size_t tissue, size_t field)
{
    const lac_tract *tract = &m->coarse.tract[tissue];
    return m->value + tract->at + field * tract->stride;
}

static void take_means(const lac_plane_means *m, size_t tissue, size_t field, const double *r)
{
    const lac_tract *tract = &m->fine.tract[tissue];
    const double *from = r + tract->at + field * tract->stride;
    const lac_column_part *part = m->part[tissue];
    for (size_t p = 0; p < m->parts[tissue]; p++)
        memset(means_of(m, tissue, field + p * tract->fields), 0,
               m->coarse.tract[tissue].voxels * sizeof *m->value);
    for (size_t k = 0; k < tract->voxels; k++)
        means_of(m, tissue, field + part[k].part * tract->fields)[k / m->plane[tissue]] +=
            part[k].weight * from[k];
}

static void add_means(const lac_plane_means *m, size_t tissue, size_t field, double *v)
{
    const lac_tract *tract = &m->fine.tract[tissue];
    double *to = v + tract->at + field * tract->stride;
    const lac_column_part *part = m->part[tissue];
    for (size_t k = 0; k < tract->voxels; k++)
        if (part[k].weight > 0)
            to[k] +=
                means_of(m, tissue, field + part[k].part * tract->fields)[k / m->plane[tissue]];
}

void lac_plane_means_correct(lac_plane_means *means, const double *r, double *v)
{
    const lac_layout *fine = &means->fine;
    const size_t pools = fine->pools;
    double *pool = means->value + means->coarse.pools_at;
    for (size_t t = 0; t < fine->tracts; t++)
        LAC_FOR_EACH(field, fine->tract[t].fields, LAC_TEAM(fine->length > 64 * LAC_BLOCK),
                     take_means(means, t, field, r));
    memcpy(pool, r + fine->pools_at, pools * sizeof *pool);
    lac_columns_solve(means->columns, means->value);
    for (size_t t = 0; t < fine->tracts; t++)
        LAC_FOR_EACH(field, fine->tract[t].fields, LAC_TEAM(fine->length > 64 * LAC_BLOCK),
                     add_means(means, t, field, v));
    for (size_t p = 0; p < pools; p++)
        v[fine->pools_at + p] += pool[p];
}
