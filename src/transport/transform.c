/* The transform: factors and solves D = I - g (L_ref - k_s) for all mobile fields and their pools.
 *
 * Fast Poisson solver by separation of variables (Buzbee, Golub & Nielson 1970, SIAM J. Numer.
 * Anal. 7:627): lateral eigenvectors (sheet.h), a tridiagonal system in depth for each, borders for
 * pools (transform_groups.c). Exact for coefficients that vary with depth only and walls that cover
 * whole layers; else plane means over active voxels stand for them. Work is cut into planes and
 * columns, each done by one thread from its own data, so threads change no bit.
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
    if (axis < 0 || grid->walls[text->patch] != grid->n[1 - axis] * grid->n[2])
        return -1;
    int high = patch->face == LAC_FACE_X_HIGH || patch->face == LAC_FACE_Y_HIGH;
    return 2 * axis + high;
}

/* Ends of a field in x and y; a face that is held twice keeps its second boundary as walls. */
static void find_ends(lac_transform *transform, size_t field, lac_ends ends[2])
{
    const lac_model *model = transform->model;
    bool held[4] = {false};
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        int face = text->variable == field ? held_face(model, transform->grid, text) : -1;
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
    size_t layers = transform->grid->n[2];
    lac_ends ends[2];
    find_ends(transform, field, ends);
    lac_sheet **sheet = &transform->sheet[ends[0]][ends[1]];
    if (!*sheet)
        LAC_TRY(lac_sheet_create(transform->grid, ends, sheet));
    column->sheet = *sheet;
    LAC_NEW(column->diffusivity, layers);
    LAC_NEW(column->held, layers);
    LAC_NEW(column->walls, layers);
    LAC_NEW(column->lateral, layers);
    LAC_NEW(column->along, layers + 1);
    LAC_NEW(column->excess, layers);
    if (transform->grid->active) {
        LAC_NEW(column->before, layers);
        LAC_NEW(column->after, layers);
    }
out:
    return status;
}

static lac_status make_scratch(lac_transform *transform)
{
    lac_status status = LAC_OK;
    size_t size = lac_columns_scratch(transform->grid->n[2]);
    for (size_t x = 0; x < LAC_ENDS_COUNT; x++) {
        for (size_t y = 0; y < LAC_ENDS_COUNT; y++) {
            const lac_sheet *sheet = transform->sheet[x][y];
            size_t own = sheet ? lac_sheet_scratch(sheet) : 0;
            size = own > size ? own : size;
        }
    }
    transform->threads = lac_threads();
    transform->scratch_size = (size + LAC_BLOCK - 1) / LAC_BLOCK * LAC_BLOCK + LAC_CACHE_LINE;
    LAC_NEW(transform->scratch, transform->scratch_size * (size_t)transform->threads);
out:
    return status;
}

static lac_status count_layers(lac_transform *transform)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = transform->grid;
    size_t plane = grid->n[0] * grid->n[1];
    LAC_NEW(transform->layer_active, grid->n[2]);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        transform->layer_active[voxel / plane] += !grid->active || grid->active[voxel] != 0;
out:
    return status;
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
    transform->grid = grid;
    transform->layout = *layout;
    transform->weight = grid->voxels ? grid->voxel_volume / lac_model_scale(model) : 1;
    LAC_NEW(mobile, model->fields);
    LAC_NEW(transform->column, model->fields);
    LAC_NEW(transform->makes_ends, model->boundaries);
    LAC_TRY(count_layers(transform));
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
        lac_free(column->walls);
        lac_free(column->lateral);
        lac_free(column->along);
        lac_free(column->excess);
        lac_free(column->before);
        lac_free(column->after);
    }
    for (size_t x = 0; x < LAC_ENDS_COUNT; x++)
        for (size_t y = 0; y < LAC_ENDS_COUNT; y++)
            lac_sheet_free(transform->sheet[x][y]);
    lac_free(transform->column);
    lac_free(transform->makes_ends);
    lac_free(transform->layer_active);
    lac_free(transform->solved);
    lac_free(transform->scratch);
    lac_free(transform);
}

/* --- factors -------------------------------------------------------------------------------- */

/* Inactive voxels have D = 0 where it is given by voxel. */
static double plane_mean(const lac_transform *transform, const lac_medium *medium, size_t layer)
{
    const lac_grid *grid = transform->grid;
    const size_t plane = grid->n[0] * grid->n[1];
    if (transform->layer_active[layer] == 0)
        return 0;
    if (medium->variation != LAC_BY_VOXEL)
        return lac_medium_at(medium, grid, layer * plane);
    return lac_sum(medium->diffusivity + layer * plane, plane) /
           (double)transform->layer_active[layer];
}

static void average_media(lac_transform *transform, const lac_coefficients *coefficients)
{
    const size_t layers = transform->grid->n[2];
    const size_t tasks = transform->layout.fields * layers;
#pragma omp parallel for schedule(static) if (transform->grid->voxels >= LAC_PARALLEL_FROM)
    for (size_t task = 0; task < tasks; task++) {
        lac_column_factor *column = &transform->column[task / layers];
        const lac_medium *medium = &coefficients->medium[task / layers];
        if (column->sheet)
            column->diffusivity[task % layers] =
                medium->diffusivity ? plane_mean(transform, medium, task % layers) : 0;
    }
}

static void average_walls(lac_transform *transform, const lac_coefficients *coefficients)
{
    const lac_grid *grid = transform->grid;
    const lac_model *model = transform->model;
    const size_t plane = grid->n[0] * grid->n[1], bytes = grid->n[2] * sizeof(double);
    for (size_t field = 0; field < model->fields; field++) {
        if (!transform->column[field].sheet)
            continue;
        memset(transform->column[field].walls, 0, bytes);
        memset(transform->column[field].held, 0, bytes);
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        lac_column_factor *column = &transform->column[text->variable];
        if (!text->type->conducts || transform->makes_ends[boundary])
            continue;
        for (size_t w = 0; w < grid->walls[text->patch]; w++) {
            size_t layer = grid->wall[text->patch][w].voxel / plane;
            double mean = coefficients->walls[boundary].conductance[w] /
                          (double)transform->layer_active[layer];
            column->walls[layer] += mean;
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
        column->excess[z] = 1 + column->loss + g * column->walls[z];
        column->held[z] *= g;
    }
}

void lac_transform_factor(lac_transform *transform, const lac_coefficients *coefficients, double g,
                          const double *shift)
{
    average_media(transform, coefficients);
    average_walls(transform, coefficients);
    for (size_t field = 0; field < transform->model->fields; field++)
        if (transform->column[field].sheet)
            factor_column(transform->grid, g, shift[field], &transform->column[field]);
    for (size_t group = 0; group < transform->groups; group++) {
        lac_group_collect(transform, coefficients, &transform->group[group]);
        lac_group_factor(transform, g, &transform->group[group]);
    }
}
