/* The direct solve: D = I - g (L - k_s) with the diffusivity of every voxel, without the faces of
 * holes, and with the conductance of every boundary face, as one band a field.
 *
 * Rows follow the two shortest axes first, so that the half bandwidth is the product of their
 * lengths. With it the iterations that boundary faces and patches cost the spectral solver
 * (spectral_solver.c), which spreads them over planes, are not there; it costs more memory and, on
 * planes larger than WIDEST voxels, more time than it saves. Fields are independent of each other,
 * one thread each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/direct_solver_internal.h"

#include "base/memory.h"
#include "base/strips.h"

#include <math.h>
#include <omp.h>
#include <string.h>

/* Half bandwidth beyond which the spectral solver with its iterations is the lesser evil, and
 * memory of all bands [doubles]. */
enum { WIDEST = 144 };
static const double MOST_MEMORY = 0x1p26;

/* --- when ------------------------------------------------------------------------------------ */

/* Axes, shortest first. */
static void order_axes(const size_t n[3], int axis[3])
{
    for (int k = 0; k < 3; k++) {
        axis[k] = k;
        for (int i = k; i > 0 && n[axis[i]] < n[axis[i - 1]]; i--) {
            int kept = axis[i];
            axis[i] = axis[i - 1];
            axis[i - 1] = kept;
        }
    }
}

static size_t half_bandwidth(const size_t n[3])
{
    int axis[3];
    order_axes(n, axis);
    return n[axis[0]] * n[axis[1]];
}

/* Does a boundary cover whole planes of equal depth and alike, or a side that is held as a
 * whole (spectral_solver.c)? */
static bool is_regular(const lac_model *model, const lac_boundary *text)
{
    const lac_patch *patch = &model->patch[text->patch];
    bool whole = patch->face != LAC_FACE_WALL && patch->region == LAC_NONE;
    for (int axis = 0; axis < 3; axis++)
        whole = whole && patch->low[axis] == -INFINITY && patch->high[axis] == INFINITY;
    if (!text->type->conducts)
        return true;
    if (patch->face == LAC_FACE_TOP || patch->face == LAC_FACE_BOTTOM)
        return whole && !lac_law_is_lateral(model, text->permeability);
    return whole && text->type->holds && !text->permeability;
}

/* Doubles of all bands; 0 when there is no need of them, or too much. */
static double doubles_of_tissue(const lac_model *model, size_t tissue)
{
    const size_t *n = model->tissue[tissue].voxels;
    double mobile = 0;
    for (size_t field = 0; field < model->fields; field++)
        mobile += lac_model_tissue_of(model, field) == tissue && lac_is_mobile(model, field);
    return (double)n[0] * (double)n[1] * (double)n[2] * (double)half_bandwidth(n) * mobile;
}

/* The same solve takes all tissues: one that is irregular decides for all. */
static double band_doubles(const lac_model *model)
{
    bool regular = true;
    double doubles = 0;
    size_t widest = 0;
    for (size_t region = 0; region < model->regions; region++)
        regular = regular && !model->region[region].inactive;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++)
        regular = regular && is_regular(model, &model->boundary[boundary]);
    for (size_t tissue = 0; tissue < lac_model_grids(model); tissue++) {
        size_t width = half_bandwidth(model->tissue[tissue].voxels);
        doubles += doubles_of_tissue(model, tissue);
        widest = width > widest ? width : widest;
    }
    return regular || widest == 1 || widest > WIDEST || doubles > MOST_MEMORY ? 0 : doubles;
}

bool lac_direct_solver_pays(const lac_model *model)
{
    return model->tissue[0].present && band_doubles(model) > 0;
}

size_t lac_direct_solver_memory(const lac_model *model)
{
    return model->tissue[0].present ? (size_t)band_doubles(model) * sizeof(double) : 0;
}

/* --- creation -------------------------------------------------------------------------------- */

static bool is_held(const lac_model *model, size_t field)
{
    for (size_t boundary = 0; boundary < model->boundaries; boundary++)
        if (model->boundary[boundary].type->holds && model->boundary[boundary].variable == field)
            return true;
    return false;
}

static void order_rows(lac_direct_solver *direct)
{
    size_t step = 1;
    order_axes(direct->grid->n, direct->axis);
    for (int k = 0; k < 3; k++) {
        direct->step[direct->axis[k]] = step;
        step *= direct->grid->n[direct->axis[k]];
    }
    direct->natural = true;
    for (size_t voxel = 0; voxel < direct->grid->voxels; voxel++)
        direct->natural = direct->natural && lac_direct_row(direct, voxel) == voxel;
}

static lac_status make_fields(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    const lac_model *model = direct->model;
    const size_t voxels = direct->grid->voxels;
    const size_t rows =
        direct->natural ? (direct->end - direct->begin) * direct->grid->n[0] * direct->grid->n[1]
                        : voxels;
    LAC_NEW(direct->field, model->fields);
    for (size_t field = 0; field < model->fields; field++) {
        if (!lac_is_mobile(model, field) ||
            lac_model_tissue_of(model, field) != direct->grid->tissue)
            continue;
        lac_direct_field *made = &direct->field[direct->fields++];
        made->field = field;
        LAC_TRY(lac_banded_create(rows, half_bandwidth(direct->grid->n), &made->band));
        if (is_held(model, field))
            LAC_NEW(made->held, voxels);
    }
out:
    return status;
}

/* Of each thread: tails, then the rows of a band. */
static lac_status make_scratch(lac_direct_solver *direct)
{
    lac_status status = LAC_OK;
    size_t rows = direct->fields > 0 ? lac_banded_length(&direct->field[0].band) : 0;
    direct->threads = lac_threads();
    direct->scratch_size =
        (lac_direct_tail_scratch(direct) + rows + LAC_BLOCK - 1) / LAC_BLOCK * LAC_BLOCK +
        LAC_CACHE_LINE;
    LAC_NEW(direct->scratch, direct->scratch_size * (size_t)direct->threads);
out:
    return status;
}

static lac_status create_one(const lac_model *model, const lac_grid *grid, const lac_layout *layout,
                             lac_direct_solver **result)
{
    lac_status status = LAC_OK;
    lac_direct_solver *direct = NULL;
    LAC_NEW(direct, 1);
    direct->model = model;
    direct->grid = grid;
    direct->layout = *layout;
    direct->weight = grid->weight;
    order_rows(direct);
    LAC_TRY(lac_direct_find_tails(direct));
    LAC_TRY(make_fields(direct));
    LAC_TRY(lac_direct_create_tails(direct));
    LAC_TRY(make_scratch(direct));
    LAC_TRY(lac_direct_create_pool_couplings(direct));
    *result = direct;
    direct = NULL;
out:
    lac_direct_solver_free(direct);
    return status;
}

lac_status lac_direct_solver_create(const lac_model *model, const lac_grid *grid,
                                    const lac_layout *layout, lac_direct_solver **result)
{
    lac_status status = LAC_OK;
    lac_direct_solver *first = NULL, **end = &first;
    for (; grid; grid = grid->next) {
        LAC_TRY(create_one(model, grid, layout, end));
        end = &(*end)->next;
    }
    *result = first;
    first = NULL;
out:
    lac_direct_solver_free(first);
    return status;
}

void lac_direct_solver_free(lac_direct_solver *direct)
{
    if (!direct)
        return;
    lac_direct_solver_free(direct->next);
    lac_direct_free_pool_couplings(direct);
    lac_direct_free_tails(direct);
    for (size_t k = 0; direct->field && k < direct->fields; k++) {
        lac_banded_free(&direct->field[k].band);
        lac_free(direct->field[k].held);
    }
    lac_free(direct->field);
    lac_free(direct->scratch);
    lac_free(direct);
}

/* --- factors --------------------------------------------------------------------------------- */

size_t lac_direct_row(const lac_direct_solver *direct, size_t voxel)
{
    const size_t *n = direct->grid->n;
    return voxel % n[0] * direct->step[0] + voxel / n[0] % n[1] * direct->step[1] +
           (voxel / (n[0] * n[1]) - direct->begin) * direct->step[2];
}

/* Voxels of the layers of the band. */
static size_t first_voxel(const lac_direct_solver *direct)
{
    return direct->begin * direct->grid->n[0] * direct->grid->n[1];
}

static size_t end_voxel(const lac_direct_solver *direct)
{
    return direct->end * direct->grid->n[0] * direct->grid->n[1];
}

static bool is_active(const lac_grid *grid, size_t voxel)
{
    return !grid->active || grid->active[voxel] != 0;
}

/* Links along one axis. */
static void add_links(const lac_direct_solver *direct, const lac_medium *medium, double g, int axis,
                      lac_banded *band)
{
    const lac_grid *grid = direct->grid;
    const size_t stride = axis == 0 ? 1 : axis == 1 ? grid->n[0] : grid->n[0] * grid->n[1];
    const double factor = g / (grid->h[axis] * grid->h[axis]);
    const size_t plane = grid->n[0] * grid->n[1];
    for (size_t voxel = first_voxel(direct); voxel + stride < end_voxel(direct); voxel++) {
        if (voxel / stride % grid->n[axis] + 1 == grid->n[axis] || !is_active(grid, voxel) ||
            !is_active(grid, voxel + stride))
            continue;
        size_t row = lac_direct_row(direct, voxel);
        double own = lac_medium_at(medium, grid, voxel);
        double next = lac_medium_at(medium, grid, voxel + stride);
        double *link = &band->link[row * band->width + direct->step[axis] - 1];
        *link = factor * (axis == 2 ? lac_depth_mean(grid, own, next, voxel / plane)
                                    : lac_harmonic_mean(own, next));
        if (axis < 2 && grid->share)
            *link *= grid->share[voxel];
    }
}

static void add_boundary_faces(const lac_direct_solver *direct,
                               const lac_coefficients *coefficients, lac_direct_field *field,
                               double g)
{
    const lac_model *model = direct->model;
    for (size_t voxel = 0; field->held && voxel < direct->grid->voxels; voxel++)
        field->held[voxel] = 0;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        const lac_boundary_face *face = direct->grid->boundary_face[text->patch];
        if (text->variable != field->field || !text->type->conducts)
            continue;
        for (size_t w = 0; w < direct->grid->boundary_faces[text->patch]; w++) {
            double conductance = g * coefficients->boundary[boundary].conductance[w];
            if (direct->grid->share)
                conductance *= direct->grid->share[face[w].voxel];
            if (face[w].voxel >= first_voxel(direct) && face[w].voxel < end_voxel(direct))
                field->band.excess[lac_direct_row(direct, face[w].voxel)] += conductance;
            if (text->type->holds)
                field->held[face[w].voxel] += conductance;
        }
    }
}

static void factor_field(const lac_direct_solver *direct, const lac_coefficients *coefficients,
                         const lac_direct_solver_terms *terms, lac_direct_field *field,
                         double *scratch)
{
    const lac_medium *medium = &coefficients->medium[field->field];
    lac_banded *band = &field->band;
    field->loss = terms->g * terms->shift[field->field];
    lac_banded_clear(band);
    for (size_t voxel = first_voxel(direct); voxel < end_voxel(direct); voxel++)
        band->excess[lac_direct_row(direct, voxel)] =
            (1 + (is_active(direct->grid, voxel) ? field->loss : 0)) *
            (direct->grid->share ? direct->grid->share[voxel] : 1);
    for (int axis = 0; medium->diffusivity && axis < 3; axis++)
        if (direct->grid->n[axis] > 1)
            add_links(direct, medium, terms->g, axis, band);
    add_boundary_faces(direct, coefficients, field, terms->g);
    lac_direct_factor_tails(direct, coefficients, terms, field, scratch);
    lac_banded_factor(band);
}

double *lac_direct_scratch(const lac_direct_solver *direct)
{
    return direct->scratch + direct->scratch_size * (size_t)omp_get_thread_num();
}

int lac_direct_team(const lac_direct_solver *direct)
{
    int threads = lac_threads() < direct->threads ? lac_threads() : direct->threads;
    return direct->grid->voxels * direct->fields < LAC_PARALLEL_FROM ? 1 : threads;
}

lac_status lac_direct_solver_factor(lac_direct_solver *direct, const lac_coefficients *coefficients,
                                    const lac_direct_solver_terms *terms)
{
    for (lac_direct_solver *each = direct; each; each = each->next) {
        int team = lac_direct_team(each);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
        for (size_t k = 0; k < each->fields; k++)
            factor_field(each, coefficients, terms, &each->field[k], lac_direct_scratch(each));
    }
    return lac_direct_factor_pool_couplings(direct, coefficients, terms);
}

/* --- solving --------------------------------------------------------------------------------- */

/* Rows of the band from voxels, or back. */
static void place_rows(const lac_direct_solver *direct, const double *x, double *rows)
{
    const size_t first = first_voxel(direct), end = end_voxel(direct);
    if (direct->natural)
        memcpy(rows, x + first, (end - first) * sizeof *x);
    else
        for (size_t voxel = first; voxel < end; voxel++)
            rows[lac_direct_row(direct, voxel)] = x[voxel];
}

static void take_rows(const lac_direct_solver *direct, const double *rows, double *x)
{
    const size_t first = first_voxel(direct), end = end_voxel(direct);
    if (direct->natural)
        memcpy(x + first, rows, (end - first) * sizeof *x);
    else
        for (size_t voxel = first; voxel < end; voxel++)
            x[voxel] = rows[lac_direct_row(direct, voxel)];
}

void lac_direct_solve_field(const lac_direct_solver *direct, const lac_direct_field *field,
                            double *x, double *scratch)
{
    double *rows = scratch + lac_direct_tail_scratch(direct);
    place_rows(direct, x, rows);
    memset(rows + field->band.rows, 0, field->band.width * sizeof *x);
    lac_direct_tails_forward(direct, field, x, rows, scratch);
    lac_banded_solve(&field->band, rows);
    take_rows(direct, rows, x);
    lac_direct_tails_backward(direct, field, x, scratch);
}

static void solve_tissue(lac_direct_solver *direct, double *v)
{
    int team = lac_direct_team(direct);
#pragma omp parallel for schedule(static, 1) num_threads(team) if (team > 1)
    for (size_t k = 0; k < direct->fields; k++) {
        lac_direct_field *field = &direct->field[k];
        double *x = v + lac_layout_at(&direct->layout, field->field);
        field->sum = lac_grid_sum(direct->grid, x);
        if (direct->grid->share)
            lac_strip_multiply(x, x, direct->grid->share, direct->grid->voxels);
        lac_direct_solve_field(direct, field, x, lac_direct_scratch(direct));
    }
}

void lac_direct_solver_solve(lac_direct_solver *direct, double *v)
{
    for (lac_direct_solver *each = direct; each; each = each->next)
        solve_tissue(each, v);
    lac_direct_solve_pools(direct, v);
}
