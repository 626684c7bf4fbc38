/* Transport: the coefficients of all fields, and the operator that they make.
 *
 * docs/methods.md, section 1: finite volumes with harmonic face diffusivities (tissue/operators.h)
 * and boundary faces of conductance 1 / (h / (2 D) + 1 / P). The derivative and its linear part are
 * the same code, so Krylov vectors conserve what the right-hand side conserves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>

/* --- creation ------------------------------------------------------------------------------- */

static lac_status compile_laws(lac_transport *transport)
{
    lac_status status = LAC_OK;
    const lac_model *model = transport->model;
    for (size_t field = 0; field < model->fields; field++) {
        LAC_TRY(lac_law_compile(transport->graph, model, lac_transport_grid(transport, field),
                                model->variable[field].diffusivity,
                                &transport->diffusivity[field]));
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        lac_boundary_laws *laws = &transport->boundary[boundary];
        const lac_grid *grid = lac_transport_grid(transport, text->variable);
        LAC_TRY(lac_law_compile(transport->graph, model, grid, text->value, &laws->value));
        LAC_TRY(lac_law_compile(transport->graph, model, grid, text->partition, &laws->partition));
        LAC_TRY(lac_law_compile(transport->graph, model, grid, text->permeability,
                                &laws->permeability));
        size_t faces = grid->boundary_faces[text->patch];
        if (faces > transport->most_faces)
            transport->most_faces = faces;
    }
out:
    return status;
}

static void find_layer_voxels(const lac_grid *grid, size_t *layer_voxel)
{
    size_t plane = grid->n[0] * grid->n[1];
    for (size_t layer = 0; layer < grid->n[2]; layer++) {
        size_t voxel = layer * plane;
        while (grid->active && grid->active[voxel] == 0 && voxel + 1 < (layer + 1) * plane)
            voxel++;
        layer_voxel[layer] = voxel;
    }
}

enum { VOXELS_PER_TASK = 4096 };

static lac_status list_tasks(lac_transport *transport)
{
    lac_status status = LAC_OK;
    size_t capacity = 0;
    for (size_t field = 0; field < transport->model->fields; field++) {
        const lac_grid *grid = lac_transport_grid(transport, field);
        const size_t rows = lac_diffuse_rows_of(grid);
        const size_t most = rows * VOXELS_PER_TASK / (grid->voxels + 1) + 1;
        if (!transport->diffusivity[field].program)
            continue;
        transport->spread += grid->voxels;
        for (size_t first = 0; first < rows; first += most) {
            size_t count = rows - first < most ? rows - first : most;
            LAC_GROW(transport->task, transport->tasks, capacity);
            transport->task[transport->tasks++] = (lac_transport_task){
                field, lac_layout_at(&transport->layout, field), grid, first, count};
        }
    }
out:
    return status;
}

static void size_scratch(const lac_law *law, size_t *uniform, size_t *block)
{
    size_t law_uniform = lac_law_uniform_size(law), law_block = lac_law_block_size(law);
    *uniform = law_uniform > *uniform ? law_uniform : *uniform;
    *block = law_block > *block ? law_block : *block;
}

static lac_status make_scratch(lac_transport *transport)
{
    lac_status status = LAC_OK;
    size_t uniform = 0, block = 0;
    for (size_t field = 0; field < transport->model->fields; field++)
        size_scratch(&transport->diffusivity[field], &uniform, &block);
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++) {
        const lac_boundary_laws *laws = &transport->boundary[boundary];
        size_scratch(&laws->value, &uniform, &block);
        size_scratch(&laws->partition, &uniform, &block);
        size_scratch(&laws->permeability, &uniform, &block);
    }
    LAC_NEW(transport->uniform, uniform);
    LAC_NEW(transport->block, block);
    LAC_TRY(lac_law_points_create(transport->model, &transport->layout, &transport->points));
    LAC_NEW(transport->joint_flux, transport->model->boundaries);
out:
    return status;
}

lac_status lac_transport_create(const lac_model *model, const lac_grid *grid,
                                const lac_layout *layout, lac_transport **result)
{
    lac_status status = LAC_OK;
    lac_transport *transport = NULL;
    LAC_NEW(transport, 1);
    transport->model = model;
    transport->grid = grid;
    transport->layout = *layout;
    LAC_TRY(lac_graph_create(model, &transport->graph));
    LAC_NEW(transport->diffusivity, model->fields);
    LAC_NEW(transport->boundary, model->boundaries);
    for (const lac_grid *each = grid; each; each = each->next) {
        LAC_NEW(transport->layer_voxel[each->tissue], each->n[2]);
        find_layer_voxels(each, transport->layer_voxel[each->tissue]);
    }
    LAC_TRY(compile_laws(transport));
    LAC_TRY(list_tasks(transport));
    LAC_TRY(make_scratch(transport));
    *result = transport;
    transport = NULL;
out:
    lac_transport_free(transport);
    return status;
}

void lac_transport_free(lac_transport *transport)
{
    if (!transport)
        return;
    for (size_t field = 0; transport->diffusivity && field < transport->model->fields; field++)
        lac_law_free(&transport->diffusivity[field]);
    for (size_t k = 0; transport->boundary && k < transport->model->boundaries; k++) {
        lac_law_free(&transport->boundary[k].value);
        lac_law_free(&transport->boundary[k].partition);
        lac_law_free(&transport->boundary[k].permeability);
    }
    lac_graph_free(transport->graph);
    lac_free(transport->diffusivity);
    lac_free(transport->task);
    lac_free(transport->boundary);
    for (size_t tissue = 0; tissue < LAC_TISSUES_MOST; tissue++)
        lac_free(transport->layer_voxel[tissue]);
    lac_free(transport->uniform);
    lac_free(transport->block);
    lac_law_points_free(transport->points);
    lac_free(transport->joint_flux);
    lac_free(transport);
}

const lac_grid *lac_transport_grid(const lac_transport *transport, size_t field)
{
    return lac_grid_of_field(transport->grid, transport->model, field);
}

lac_law_place lac_transport_place(const lac_transport *transport, size_t field)
{
    const lac_grid *grid = lac_transport_grid(transport, field);
    return (lac_law_place){grid, transport->layer_voxel[grid->tissue], transport->uniform,
                           transport->block, transport->points};
}

/* --- what depends on what ------------------------------------------------------------------- */

int lac_transport_depends_on_state(const lac_transport *transport)
{
    for (size_t field = 0; field < transport->model->fields; field++)
        if (transport->diffusivity[field].on_state)
            return 1;
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++) {
        const lac_boundary_laws *laws = &transport->boundary[boundary];
        if (laws->value.on_state || laws->partition.on_state || laws->permeability.on_state)
            return 1;
    }
    return 0;
}

int lac_transport_depends_on_time(const lac_transport *transport)
{
    for (size_t field = 0; field < transport->model->fields; field++)
        if (transport->diffusivity[field].on_time)
            return 1;
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++) {
        const lac_boundary_laws *laws = &transport->boundary[boundary];
        if (laws->value.on_time || laws->partition.on_time || laws->permeability.on_time)
            return 1;
    }
    return 0;
}

bool lac_is_mobile(const lac_model *model, size_t field)
{
    bool mobile = model->variable[field].diffusivity != NULL;
    for (size_t boundary = 0; boundary < model->boundaries; boundary++)
        mobile = mobile || model->boundary[boundary].variable == field;
    return mobile;
}

void lac_find_mobile(const lac_model *model, unsigned char *mobile)
{
    for (size_t field = 0; field < model->fields; field++)
        mobile[field] = lac_is_mobile(model, field);
}

bool lac_law_is_stale(const lac_law *law, const lac_coefficients *coefficients, double time)
{
    return law->program &&
           (!coefficients->valid || law->on_state || (law->on_time && time != coefficients->time));
}

/* --- coefficients --------------------------------------------------------------------------- */

lac_status lac_coefficients_create(const lac_transport *transport, lac_coefficients **result)
{
    lac_status status = LAC_OK;
    lac_coefficients *coefficients = NULL;
    const lac_model *model = transport->model;
    LAC_NEW(coefficients, 1);
    coefficients->fields = model->fields;
    coefficients->boundaries = model->boundaries;
    LAC_NEW(coefficients->medium, model->fields);
    LAC_NEW(coefficients->boundary, model->boundaries);
    for (size_t field = 0; field < model->fields; field++) {
        const lac_law *law = &transport->diffusivity[field];
        coefficients->medium[field].variation = law->variation;
        if (law->program)
            LAC_NEW(coefficients->medium[field].diffusivity,
                    lac_law_values(law, lac_transport_grid(transport, field)));
    }
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *text = &model->boundary[boundary];
        size_t faces = lac_transport_grid(transport, text->variable)->boundary_faces[text->patch];
        LAC_NEW(coefficients->boundary[boundary].conductance, faces);
        LAC_NEW(coefficients->boundary[boundary].reference, faces);
    }
    LAC_NEW(coefficients->scratch, transport->most_faces);
    *result = coefficients;
    coefficients = NULL;
out:
    lac_coefficients_free(coefficients);
    return status;
}

void lac_coefficients_free(lac_coefficients *coefficients)
{
    if (!coefficients)
        return;
    for (size_t field = 0; coefficients->medium && field < coefficients->fields; field++)
        lac_free((void *)coefficients->medium[field].diffusivity);
    for (size_t k = 0; coefficients->boundary && k < coefficients->boundaries; k++) {
        lac_free(coefficients->boundary[k].conductance);
        lac_free(coefficients->boundary[k].reference);
    }
    lac_free(coefficients->medium);
    lac_free(coefficients->boundary);
    lac_free(coefficients->scratch);
    lac_free(coefficients);
}

double lac_medium_at(const lac_medium *medium, const lac_grid *grid, size_t voxel)
{
    if (!medium->diffusivity)
        return 0;
    size_t layer = voxel / (grid->n[0] * grid->n[1]);
    return medium->diffusivity[medium->variation == LAC_UNIFORM    ? 0
                               : medium->variation == LAC_BY_DEPTH ? layer
                                                                   : voxel];
}

lac_status lac_transport_refuse(const lac_transport *transport, double time, const char *what,
                                size_t variable, double value, size_t voxel)
{
    const lac_model *model = transport->model;
    char where[LAC_VOXEL_WORDS];
    return lac_fail(
        LAC_NUMERICS, "at t = %.6g s: the %s of %s is %g%s", time, what,
        model->variable[variable].name, value,
        lac_voxel_words(&model->tissue[lac_model_tissue_of(model, variable)], voxel, where));
}

static void clean_block(const lac_grid *grid, double *diffusivity, size_t block, int *wrong)
{
    const double *active = grid->active;
    size_t first = block * LAC_BLOCK, end = first + lac_block_size(grid->voxels, block);
    int here = 0;
    for (size_t voxel = first; voxel < end; voxel++) {
        diffusivity[voxel] = active && active[voxel] == 0 ? 0 : diffusivity[voxel];
        here |= !(diffusivity[voxel] >= 0) || isinf(diffusivity[voxel]);
    }
    if (here) {
#pragma omp atomic write
        *wrong = 1;
    }
}

/* Zero in inactive voxels, whatever the law says there; the first senseless voxel, or `voxels`. */
static size_t first_senseless(const lac_grid *grid, double *diffusivity)
{
    int wrong = 0;
    LAC_FOR_EACH(block, lac_blocks(grid->voxels), LAC_TEAM(grid->voxels >= LAC_PARALLEL_FROM),
                 clean_block(grid, diffusivity, block, &wrong));
    size_t voxel = wrong ? 0 : grid->voxels;
    while (voxel < grid->voxels && diffusivity[voxel] >= 0 && !isinf(diffusivity[voxel]))
        voxel++;
    return voxel;
}

static lac_status evaluate_medium(const lac_transport *transport, const lac_frame *frame,
                                  size_t field, lac_coefficients *coefficients)
{
    lac_status status = LAC_OK;
    const lac_law *law = &transport->diffusivity[field];
    double *values = (double *)coefficients->medium[field].diffusivity;
    if (!lac_law_is_stale(law, coefficients, frame->time))
        return LAC_OK;
    lac_law_place place = lac_transport_place(transport, field);
    LAC_TRY(lac_law_evaluate(law, law->program, place, frame, values));
    size_t count = lac_law_values(law, place.grid), wrong = 0;
    if (law->variation == LAC_BY_VOXEL)
        wrong = first_senseless(place.grid, values);
    else
        while (wrong < count && values[wrong] >= 0 && !isinf(values[wrong]))
            wrong++;
    if (wrong < count)
        status =
            lac_transport_refuse(transport, frame->time, "diffusivity", field, values[wrong],
                                 law->variation == LAC_BY_DEPTH ? place.layer_voxel[wrong] : wrong);
out:
    return status;
}

lac_status lac_transport_evaluate(lac_transport *transport, const lac_frame *frame,
                                  lac_coefficients *coefficients)
{
    lac_status status = LAC_OK;
    for (const lac_grid *grid = transport->grid; grid; grid = grid->next) {
        const lac_tract *tract = &transport->layout.tract[grid->tissue];
        lac_frame there = *frame;
        lac_frame_enter(&there, grid->tissue);
        for (size_t field = tract->first; field < tract->first + tract->fields; field++)
            LAC_TRY(evaluate_medium(transport, &there, field, coefficients));
        for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++)
            if (lac_layout_tract(&transport->layout,
                                 transport->model->boundary[boundary].variable) == grid->tissue)
                LAC_TRY(lac_boundary_evaluate(transport, &there, boundary, coefficients));
    }
    coefficients->valid = true;
    coefficients->time = frame->time;
out:
    if (status != LAC_OK)
        coefficients->valid = false;
    return status;
}

void lac_transport_forget(lac_coefficients *coefficients)
{
    coefficients->valid = false;
}

/* --- the operator --------------------------------------------------------------------------- */

/* The part of one field's boundaries; a field belongs to one thread, so that boundary faces of one
 * voxel are added in order. */
static void add_boundaries(const lac_transport *transport, const lac_coefficients *coefficients,
                           size_t field, const double *u, double *out, bool linear)
{
    for (size_t boundary = 0; boundary < transport->model->boundaries; boundary++)
        if (transport->model->boundary[boundary].variable == field)
            transport->joint_flux[boundary] =
                lac_transport_grid(transport, field)->weight *
                lac_boundary_add(transport, boundary, &coefficients->boundary[boundary], u, out,
                                 linear);
}

static void diffuse(const lac_transport_task *task, const lac_coefficients *coefficients,
                    const double *u, double *out)
{
    lac_diffuse_rows(task->grid, &coefficients->medium[task->field], u + task->at, out + task->at,
                     task->first, task->count);
}

static void apply(const lac_transport *transport, const lac_coefficients *coefficients,
                  const double *u, double *out, double *flux, bool linear)
{
    const int team = LAC_TEAM(transport->spread >= LAC_PARALLEL_FROM);
    LAC_FOR_EACH(each, transport->tasks, team,
                 diffuse(&transport->task[each], coefficients, u, out));
    LAC_FOR_EACH(field, transport->layout.fields, team,
                 add_boundaries(transport, coefficients, field, u, out, linear));
    lac_boundary_feed_pools(transport, transport->joint_flux, out);
    for (size_t boundary = 0; flux && boundary < transport->model->boundaries; boundary++)
        flux[boundary] = transport->joint_flux[boundary];
}

void lac_transport_derivative(const lac_transport *transport, const lac_coefficients *coefficients,
                              const double *u, double *out, double *flux)
{
    apply(transport, coefficients, u, out, flux, false);
}

void lac_transport_times(const lac_transport *transport, const lac_coefficients *coefficients,
                         const double *v, double *out, double *flux)
{
    apply(transport, coefficients, v, out, flux, true);
}
