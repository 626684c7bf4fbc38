/* The transform: factors and solves D = I - g (L_ref - k_s) for all mobile fields and their pools.
 *
 * Fast Poisson solver by separation of variables (Buzbee, Golub & Nielson 1970, SIAM J. Numer.
 * Anal. 7:627): lateral eigenvectors (sheet.h), a tridiagonal system in depth for each, borders for
 * pools (transform_groups.c). Exact for coefficients that vary with depth only and boundary faces
 * that cover whole layers; else plane means over active voxels stand for them. Work is cut into
 * planes and columns, each done by one thread from its own data, so threads change no bit.
 *
 * Inactive voxels: the box is solved whole. They enter with the mean of their plane, so that little
 * flows between them and the tissue; afterwards they are 0 again, and what they have gained or lost
 * is made good by an even shift of the active voxels. So the sum over active voxels and pools is
 * conserved as without them; where it belongs, the iteration around this factor finds out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transform_internal.h"

#include "base/memory.h"

#include <stdbool.h>
#include <string.h>

/* --- ends ----------------------------------------------------------------------------------- */

/* Which face a boundary holds at a value, as a whole and without a membrane: -1 = none. */
static int held_face(const lac_model *model, const lac_grid *grid, const lac_boundary *text)
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
static void find_ends(lac_transform *transform, size_t field, lac_ends ends[2])
{
    const lac_model *model = transform->model;
    const lac_grid *grid = transform->column[field].slab->grid;
    bool held[4] = {false};
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        int face = text->variable == field ? held_face(model, grid, text) : -1;
        if (face < 0 || held[face])
            continue;
        held[face] = true;
        transform->makes_ends[boundary] = 1;
    }
    for (int axis = 0; axis < 2; axis++) {
        bool low = held[2 * axis], high = held[2 * axis + 1];
        ends[axis] = low && high ? LAC_ENDS_HELD
                     : low       ? LAC_ENDS_HELD_LOW
                     : high      ? LAC_ENDS_HELD_HIGH
                                 : LAC_ENDS_FREE;
    }
}

/* --- creation ------------------------------------------------------------------------------- */

static lac_status make_column(lac_transform *transform, size_t field)
{
    lac_status status = LAC_OK;
    lac_column_factor *column = &transform->column[field];
    lac_slab *slab = &transform->slab[lac_layout_tract(&transform->layout, field)];
    size_t layers = slab->grid->n[2];
    lac_ends ends[2];
    column->slab = slab;
    column->at = lac_layout_at(&transform->layout, field);
    find_ends(transform, field, ends);
    lac_sheet **sheet = &slab->sheet[ends[0]][ends[1]];
    if (!*sheet)
        LAC_TRY(lac_sheet_create(slab->grid, ends, sheet));
    column->sheet = *sheet;
    column->parts[LAC_BATCHES] = lac_sheet_batches(*sheet);
    column->parts[LAC_LOTS] = ((*sheet)->plane + LAC_COLUMNS - 1) / LAC_COLUMNS;
    column->parts[LAC_MASKED_LAYERS] = slab->grid->active ? layers : 0;
    LAC_NEW(column->diffusivity, layers);
    LAC_NEW(column->held, layers);
    LAC_NEW(column->conductance, layers);
    LAC_NEW(column->lateral, layers);
    LAC_NEW(column->along, layers + 1);
    LAC_NEW(column->excess, layers);
    if (slab->grid->active) {
        LAC_NEW(column->before, layers);
        LAC_NEW(column->after, layers);
    }
out:
    return status;
}

static size_t slab_scratch(const lac_slab *slab)
{
    size_t size = lac_columns_scratch(slab->grid->n[2]);
    for (size_t x = 0; x < LAC_ENDS_COUNT; x++) {
        for (size_t y = 0; y < LAC_ENDS_COUNT; y++) {
            const lac_sheet *sheet = slab->sheet[x][y];
            size_t own = sheet ? lac_sheet_scratch(sheet) : 0;
            size = own > size ? own : size;
        }
    }
    return size;
}

static lac_status make_scratch(lac_transform *transform)
{
    lac_status status = LAC_OK;
    size_t size = 0;
    for (size_t slab = 0; slab < transform->slabs; slab++) {
        size_t own = slab_scratch(&transform->slab[slab]);
        size = own > size ? own : size;
    }
    transform->threads = lac_threads();
    transform->scratch_size = (size + LAC_BLOCK - 1) / LAC_BLOCK * LAC_BLOCK + LAC_CACHE_LINE;
    LAC_NEW(transform->scratch, transform->scratch_size * (size_t)transform->threads);
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
            lac_sheet_free(slab->sheet[x][y]);
    lac_free(slab->layer_active);
}

/* The fields of all groups, in their order. */
static lac_status list_solved(lac_transform *transform)
{
    lac_status status = LAC_OK;
    LAC_NEW(transform->solved, transform->model->fields);
    for (size_t group = 0; group < transform->groups; group++)
        for (size_t k = 0; k < transform->group[group].fields; k++)
            transform->solved[transform->solves++] = transform->group[group].field[k];
out:
    return status;
}

lac_status lac_transform_create(const lac_model *model, const lac_grid *grid,
                                const lac_layout *layout, lac_transform **result)
{
    lac_status status = LAC_OK;
    lac_transform *transform = NULL;
    unsigned char *mobile = NULL;
    LAC_NEW(transform, 1);
    transform->model = model;
    transform->layout = *layout;
    LAC_NEW(transform->slab, layout->tracts);
    for (; grid; grid = grid->next) {
        transform->largest = grid->voxels > transform->largest ? grid->voxels : transform->largest;
        LAC_TRY(make_slab(grid, &transform->slab[transform->slabs++]));
    }
    LAC_NEW(mobile, model->fields);
    LAC_NEW(transform->column, model->fields);
    LAC_NEW(transform->makes_ends, model->boundaries);
    lac_note_mobile(model, mobile);
    for (size_t field = 0; field < model->fields; field++)
        if (mobile[field])
            LAC_TRY(make_column(transform, field));
    LAC_TRY(lac_groups_create(transform, mobile));
    LAC_TRY(list_solved(transform));
    LAC_TRY(make_scratch(transform));
    *result = transform;
    transform = NULL;
out:
    lac_free(mobile);
    lac_transform_free(transform);
    return status;
}

void lac_transform_free(lac_transform *transform)
{
    if (!transform)
        return;
    lac_groups_free(transform);
    for (size_t field = 0; transform->column && field < transform->model->fields; field++) {
        lac_column_factor *column = &transform->column[field];
        lac_free(column->diffusivity);
        lac_free(column->held);
        lac_free(column->conductance);
        lac_free(column->lateral);
        lac_free(column->along);
        lac_free(column->excess);
        lac_free(column->before);
        lac_free(column->after);
    }
    for (size_t slab = 0; transform->slab && slab < transform->slabs; slab++)
        free_slab(&transform->slab[slab]);
    lac_free(transform->slab);
    lac_free(transform->column);
    lac_free(transform->makes_ends);
    lac_free(transform->solved);
    lac_free(transform->scratch);
    lac_free(transform);
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

static void average_media(lac_transform *transform, const lac_slab *slab,
                          const lac_coefficients *coefficients)
{
    const lac_tract *tract = &transform->layout.tract[slab->grid->tissue];
    const size_t layers = slab->grid->n[2], tasks = tract->fields * layers;
#pragma omp parallel for schedule(static) if (slab->grid->voxels >= LAC_PARALLEL_FROM)
    for (size_t task = 0; task < tasks; task++) {
        size_t field = tract->first + task / layers;
        lac_column_factor *column = &transform->column[field];
        if (column->sheet)
            column->diffusivity[task % layers] =
                plane_mean(slab, &coefficients->medium[field], task % layers);
    }
}

static void average_boundary_faces(lac_transform *transform, const lac_coefficients *coefficients)
{
    const lac_model *model = transform->model;
    for (size_t field = 0; field < model->fields; field++) {
        const lac_column_factor *column = &transform->column[field];
        if (!column->sheet)
            continue;
        memset(column->conductance, 0, column->sheet->layers * sizeof(double));
        memset(column->held, 0, column->sheet->layers * sizeof(double));
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        lac_column_factor *column = &transform->column[text->variable];
        if (!text->type->conducts || transform->makes_ends[boundary])
            continue;
        const lac_grid *grid = column->slab->grid;
        const size_t plane = grid->n[0] * grid->n[1];
        for (size_t w = 0; w < grid->boundary_faces[text->patch]; w++) {
            size_t layer = grid->boundary_face[text->patch][w].voxel / plane;
            double mean = coefficients->boundary[boundary].conductance[w] /
                          (double)column->slab->layer_active[layer];
            column->conductance[layer] += mean;
            if (text->type->holds)
                column->held[layer] += mean;
        }
    }
}

static void factor_column(const lac_grid *grid, double g, double shift, lac_column_factor *column)
{
    const size_t layers = grid->n[2];
    const double *d = column->diffusivity;
    column->loss = g * shift;
    column->along[0] = column->along[layers] = 0;
    for (size_t z = 1; z < layers; z++)
        column->along[z] = g * lac_harmonic_mean(d[z - 1], d[z]) / (grid->h[2] * grid->h[2]);
    for (size_t z = 0; z < layers; z++) {
        column->lateral[z] = g * d[z];
        column->excess[z] = 1 + column->loss + g * column->conductance[z];
        column->held[z] *= g;
    }
}

void lac_transform_factor(lac_transform *transform, const lac_coefficients *coefficients, double g,
                          const double *shift)
{
    for (size_t slab = 0; slab < transform->slabs; slab++)
        average_media(transform, &transform->slab[slab], coefficients);
    average_boundary_faces(transform, coefficients);
    for (size_t field = 0; field < transform->model->fields; field++)
        if (transform->column[field].sheet)
            factor_column(transform->column[field].slab->grid, g, shift[field],
                          &transform->column[field]);
    for (size_t group = 0; group < transform->groups; group++) {
        lac_group_collect(transform, coefficients, &transform->group[group]);
        lac_group_factor(transform, g, &transform->group[group]);
    }
}
