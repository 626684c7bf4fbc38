/* The spectral diffusion solver: factors and solves D = I - g (L_ref - k_s) for all mobile fields
 * and their pools.
 *
 * Fast Poisson solver by separation of variables (Buzbee, Golub & Nielson 1970, SIAM J. Numer.
 * Anal. 7:627): lateral eigenvectors (plane_transform.h), a tridiagonal system in depth for each,
 * couplings to pools (spectral_solver_pools.c). Exact for coefficients that vary with depth only
 * and boundary faces that cover whole layers; else plane means over active voxels stand for them.
 * Work is cut into planes and columns, each done by one thread from its own data, so threads change
 * no bit.
 *
 * Inactive voxels: the box is solved whole. They enter with the mean of their plane, so that little
 * flows between them and the tissue; afterwards they are 0 again, and what they have gained or lost
 * is made good by an even shift of the active voxels. So the sum over active voxels and pools is
 * conserved as without them; where it belongs, the iteration around this factor finds out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/spectral_solver_internal.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <stdbool.h>
#include <string.h>

/* --- ends ----------------------------------------------------------------------------------- */

/* Which face a boundary holds at a value, as a whole and without a membrane: -1 = none. */
static int dirichlet_face(const lac_model *model, const lac_grid *grid, const lac_boundary *text)
{
    const lac_patch *patch = &model->patch[text->patch];
    if (!text->type->holds || text->permeability)
        return -1;
    int axis = patch->face == LAC_FACE_X_LOW || patch->face == LAC_FACE_X_HIGH   ? 0
               : patch->face == LAC_FACE_Y_LOW || patch->face == LAC_FACE_Y_HIGH ? 1
                                                                                 : -1;
    if (axis < 0 || grid->boundary_faces[text->patch] != grid->n[1 - axis] * grid->n[2])
        return -1;
    int high = patch->face == LAC_FACE_X_HIGH || patch->face == LAC_FACE_Y_HIGH;
    return 2 * axis + high;
}

/* Ends of a field in x and y; a face that is held twice keeps its second boundary as ordinary
 * faces. */
static void find_ends(lac_spectral_solver *solver, size_t field, lac_axis_ends ends[2])
{
    const lac_model *model = solver->model;
    const lac_grid *grid = solver->tridiagonal[field].slab->grid;
    bool held[4] = {false};
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        int face = text->variable == field ? dirichlet_face(model, grid, text) : -1;
        if (face < 0 || held[face])
            continue;
        held[face] = true;
        solver->makes_ends[boundary] = 1;
    }
    for (int axis = 0; axis < 2; axis++) {
        bool low = held[2 * axis], high = held[2 * axis + 1];
        ends[axis] = low && high ? LAC_ENDS_DIRICHLET
                     : low       ? LAC_ENDS_DIRICHLET_LOW
                     : high      ? LAC_ENDS_DIRICHLET_HIGH
                                 : LAC_ENDS_NEUMANN;
    }
}

/* --- creation ------------------------------------------------------------------------------- */

static lac_status make_tridiagonal(lac_spectral_solver *solver, size_t field)
{
    lac_status status = LAC_OK;
    lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[field];
    lac_slab *slab = &solver->slab[lac_layout_tract(&solver->layout, field)];
    size_t layers = slab->grid->n[2];
    lac_axis_ends ends[2];
    tridiagonal->slab = slab;
    tridiagonal->at = lac_layout_at(&solver->layout, field);
    find_ends(solver, field, ends);
    lac_plane_transform **transform = &slab->transform[ends[0]][ends[1]];
    if (!*transform)
        LAC_TRY(lac_plane_transform_create(slab->grid, ends, transform));
    tridiagonal->transform = *transform;
    tridiagonal->parts[LAC_BATCHES] = lac_plane_transform_batches(*transform);
    tridiagonal->parts[LAC_LOTS] = ((*transform)->plane + LAC_COLUMNS - 1) / LAC_COLUMNS;
    tridiagonal->parts[LAC_MASKED_LAYERS] = slab->grid->active ? layers : 0;
    LAC_NEW(tridiagonal->diffusivity, layers);
    LAC_NEW(tridiagonal->held, layers);
    LAC_NEW(tridiagonal->conductance, layers);
    LAC_NEW(tridiagonal->lateral, layers);
    LAC_NEW(tridiagonal->along, layers + 1);
    LAC_NEW(tridiagonal->excess, layers);
    if (slab->grid->active) {
        LAC_NEW(tridiagonal->before, layers);
        LAC_NEW(tridiagonal->after, layers);
    }
out:
    return status;
}

static size_t slab_scratch(const lac_slab *slab)
{
    size_t size = lac_tridiagonal_scratch(slab->grid->n[2]);
    for (size_t x = 0; x < LAC_ENDS_COUNT; x++) {
        for (size_t y = 0; y < LAC_ENDS_COUNT; y++) {
            const lac_plane_transform *transform = slab->transform[x][y];
            size_t own = transform ? lac_plane_transform_scratch(transform) : 0;
            size = own > size ? own : size;
        }
    }
    return size;
}

static lac_status make_scratch(lac_spectral_solver *solver)
{
    lac_status status = LAC_OK;
    size_t size = 0;
    for (size_t slab = 0; slab < solver->slabs; slab++) {
        size_t own = slab_scratch(&solver->slab[slab]);
        size = own > size ? own : size;
    }
    solver->threads = lac_threads();
    solver->scratch_size = (size + LAC_BLOCK - 1) / LAC_BLOCK * LAC_BLOCK + LAC_CACHE_LINE;
    LAC_NEW(solver->scratch, solver->scratch_size * (size_t)solver->threads);
out:
    return status;
}

static lac_status make_slab(const lac_grid *grid, lac_slab *slab)
{
    lac_status status = LAC_OK;
    size_t plane = grid->n[0] * grid->n[1];
    slab->grid = grid;
    LAC_NEW(slab->layer_active, grid->n[2]);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        slab->layer_active[voxel / plane] += !grid->active || grid->active[voxel] != 0;
out:
    return status;
}

static void free_slab(lac_slab *slab)
{
    for (size_t x = 0; x < LAC_ENDS_COUNT; x++)
        for (size_t y = 0; y < LAC_ENDS_COUNT; y++)
            lac_plane_transform_free(slab->transform[x][y]);
    lac_free(slab->layer_active);
}

/* The fields of all groups, in their order. */
static lac_status list_solved(lac_spectral_solver *solver)
{
    lac_status status = LAC_OK;
    LAC_NEW(solver->solved, solver->model->fields);
    for (size_t group = 0; group < solver->groups; group++)
        for (size_t k = 0; k < solver->group[group].fields; k++)
            solver->solved[solver->solves++] = solver->group[group].field[k];
out:
    return status;
}

lac_status lac_spectral_solver_create(const lac_model *model, const lac_grid *grid,
                                      const lac_layout *layout, lac_spectral_solver **result)
{
    lac_status status = LAC_OK;
    lac_spectral_solver *solver = NULL;
    unsigned char *mobile = NULL;
    LAC_NEW(solver, 1);
    solver->model = model;
    solver->layout = *layout;
    LAC_NEW(solver->slab, layout->tracts);
    for (; grid; grid = grid->next) {
        solver->largest = grid->voxels > solver->largest ? grid->voxels : solver->largest;
        LAC_TRY(make_slab(grid, &solver->slab[solver->slabs++]));
    }
    LAC_NEW(mobile, model->fields);
    LAC_NEW(solver->tridiagonal, model->fields);
    LAC_NEW(solver->makes_ends, model->boundaries);
    lac_find_mobile(model, mobile);
    for (size_t field = 0; field < model->fields; field++)
        if (mobile[field])
            LAC_TRY(make_tridiagonal(solver, field));
    LAC_TRY(lac_coupled_fields_create(solver, mobile));
    LAC_TRY(list_solved(solver));
    LAC_TRY(make_scratch(solver));
    *result = solver;
    solver = NULL;
out:
    lac_free(mobile);
    lac_spectral_solver_free(solver);
    return status;
}

void lac_spectral_solver_free(lac_spectral_solver *solver)
{
    if (!solver)
        return;
    lac_coupled_fields_free(solver);
    for (size_t field = 0; solver->tridiagonal && field < solver->model->fields; field++) {
        lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[field];
        lac_free(tridiagonal->diffusivity);
        lac_free(tridiagonal->held);
        lac_free(tridiagonal->conductance);
        lac_free(tridiagonal->lateral);
        lac_free(tridiagonal->along);
        lac_free(tridiagonal->excess);
        lac_free(tridiagonal->before);
        lac_free(tridiagonal->after);
    }
    for (size_t slab = 0; solver->slab && slab < solver->slabs; slab++)
        free_slab(&solver->slab[slab]);
    lac_free(solver->slab);
    lac_free(solver->tridiagonal);
    lac_free(solver->makes_ends);
    lac_free(solver->solved);
    lac_free(solver->scratch);
    lac_free(solver);
}

/* --- factors -------------------------------------------------------------------------------- */

/* Inactive voxels have D = 0 where it is given by voxel. */
static double plane_mean(const lac_slab *slab, const lac_medium *medium, size_t layer)
{
    const lac_grid *grid = slab->grid;
    const size_t plane = grid->n[0] * grid->n[1];
    if (!medium->diffusivity || slab->layer_active[layer] == 0)
        return 0;
    if (medium->variation != LAC_BY_VOXEL)
        return lac_medium_at(medium, grid, layer * plane);
    return lac_sum(medium->diffusivity + layer * plane, plane) / (double)slab->layer_active[layer];
}

static void average_layer(lac_spectral_solver *solver, const lac_slab *slab,
                          const lac_coefficients *coefficients, size_t field, size_t layer)
{
    lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[field];
    if (tridiagonal->transform)
        tridiagonal->diffusivity[layer] = plane_mean(slab, &coefficients->medium[field], layer);
}

static void average_diffusivities(lac_spectral_solver *solver, const lac_slab *slab,
                                  const lac_coefficients *coefficients)
{
    const lac_tract *tract = &solver->layout.tract[slab->grid->tissue];
    const size_t layers = slab->grid->n[2], tasks = tract->fields * layers;
    LAC_FOR_EACH(
        task, tasks, LAC_TEAM(slab->grid->voxels >= LAC_PARALLEL_FROM),
        average_layer(solver, slab, coefficients, tract->first + task / layers, task % layers));
}

static void average_boundary_faces(lac_spectral_solver *solver,
                                   const lac_coefficients *coefficients)
{
    const lac_model *model = solver->model;
    for (size_t field = 0; field < model->fields; field++) {
        const lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[field];
        if (!tridiagonal->transform)
            continue;
        memset(tridiagonal->conductance, 0, tridiagonal->transform->layers * sizeof(double));
        memset(tridiagonal->held, 0, tridiagonal->transform->layers * sizeof(double));
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        lac_tridiagonal_factor *tridiagonal = &solver->tridiagonal[text->variable];
        if (!text->type->conducts || solver->makes_ends[boundary])
            continue;
        const lac_grid *grid = tridiagonal->slab->grid;
        const size_t plane = grid->n[0] * grid->n[1];
        for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
            size_t layer = grid->boundary_face[text->patch][w].voxel / plane;
            double mean = coefficients->boundary[boundary].conductance[w] /
                          (double)tridiagonal->slab->layer_active[layer];
            tridiagonal->conductance[layer] += mean;
            if (text->type->holds)
                tridiagonal->held[layer] += mean;
        }
    }
}

static void factor_tridiagonal(const lac_grid *grid, double g, double shift,
                               lac_tridiagonal_factor *tridiagonal)
{
    const size_t layers = grid->n[2];
    const double *d = tridiagonal->diffusivity;
    tridiagonal->loss = g * shift;
    tridiagonal->along[0] = tridiagonal->along[layers] = 0;
    for (size_t z = 1; z < layers; z++)
        tridiagonal->along[z] =
            g * lac_depth_mean(grid, d[z - 1], d[z], z - 1) / (grid->h[2] * grid->h[2]);
    for (size_t z = 0; z < layers; z++) {
        double width = grid->width ? grid->width[z] : 1;
        tridiagonal->lateral[z] = width * (g * d[z]);
        tridiagonal->excess[z] = width * (1 + tridiagonal->loss + g * tridiagonal->conductance[z]);
        tridiagonal->held[z] *= width * g;
    }
}

void lac_spectral_solver_factor(lac_spectral_solver *solver, const lac_coefficients *coefficients,
                                double g, const double *shift)
{
    for (size_t slab = 0; slab < solver->slabs; slab++)
        average_diffusivities(solver, &solver->slab[slab], coefficients);
    average_boundary_faces(solver, coefficients);
    for (size_t field = 0; field < solver->model->fields; field++)
        if (solver->tridiagonal[field].transform)
            factor_tridiagonal(solver->tridiagonal[field].slab->grid, g, shift[field],
                               &solver->tridiagonal[field]);
    for (size_t group = 0; group < solver->groups; group++) {
        lac_coupled_fields_collect(solver, coefficients, &solver->group[group]);
        lac_coupled_fields_factor(solver, g, &solver->group[group]);
    }
}
