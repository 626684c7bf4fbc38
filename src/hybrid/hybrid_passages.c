/* Discrete molecules that diffuse and pass boundaries: into a well-mixed domain and out of it, to
 * and from what has a given value, or in by a given flux.
 *
 * In the voxel behind a boundary face a molecule leaves at k = g / h, and molecules enter at k r V,
 * r the partition times the level of the pool, or the given value; by a flux they enter at its rate
 * (model/boundary.h). Both are reactions of the room molecules, so that a window of any length has
 * no step error but what the level of the pool changes in it. One whole extent crosses: what leaves
 * the tissue enters the pool, half of it before and half after the continuous steps of the window.
 * Tests: test_passages.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_molecules.h"

#include "base/memory.h"
#include "model/representation.h"
#include "tissue/boundary_face.h"
#include "tissue/operators.h"

#include <math.h>
#include <string.h>

struct lac_passage {
    size_t boundary, species;
    lac_stack_program value, partition, permeability;
    double *out, *in; /* owned [voxels] [1/s]: of a molecule; in the voxel */
    size_t reaction;  /* that of leaving; the next one is that of entering */
    double before[2]; /* events of both when the window began */
};

/* --- which they are ------------------------------------------------------------------------------
 */

static bool is_passage(const lac_model *model, size_t boundary)
{
    return lac_model_is_moving(model, model->boundary[boundary].variable);
}

static size_t passages_of(const lac_model *model)
{
    size_t count = 0;
    for (size_t b = 0; b < model->boundaries; b++)
        count += is_passage(model, b);
    return count;
}

lac_status lac_hybrid_close_passages(lac_hybrid *h, lac_model *copy)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    if (passages_of(model) == 0)
        return LAC_OK;
    LAC_NEW(h->closed, model->boundaries);
    LAC_TRY(lac_expression_number(0, lac_dimensionless, model->boundary[0].place, &h->no_flux));
    for (size_t b = 0; b < model->boundaries; b++) {
        h->closed[b] = model->boundary[b];
        if (!is_passage(model, b))
            continue;
        h->closed[b].type = &lac_boundary_flux;
        h->closed[b].pool = LAC_NONE;
        h->closed[b].value = h->no_flux;
        h->closed[b].partition = h->closed[b].permeability = NULL;
    }
    copy->boundary = h->closed;
out:
    return status;
}

void lac_hybrid_free_closed(lac_hybrid *h)
{
    lac_free(h->closed);
    lac_expression_free(h->no_flux);
}

/* --- making --------------------------------------------------------------------------------------
 */

static lac_status compile(const lac_hybrid *h, const lac_expression *tree, size_t tissue,
                          lac_stack_program *law)
{
    return tree ? lac_stack_program_compile(h->scene.model, tree, tissue, law) : LAC_OK;
}

static lac_status read_passage(lac_hybrid *h, struct lac_moving *m, size_t boundary,
                               lac_molecule_reaction reaction[2])
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &h->scene.model->boundary[boundary];
    struct lac_passage *it = &m->passage[m->passages];
    it->boundary = boundary;
    it->reaction = m->processes + 2 * m->passages++;
    while (m->variable[it->species] != text->variable)
        it->species++;
    LAC_NEW(it->out, m->grid->voxels);
    LAC_NEW(it->in, m->grid->voxels);
    reaction[0] = (lac_molecule_reaction){.reactants = 1,
                                          .reactant = {it->species},
                                          .changes = 1,
                                          .change = {{it->species, -1}},
                                          .coefficient_at = it->out};
    reaction[1] = (lac_molecule_reaction){
        .changes = 1, .change = {{it->species, 1}}, .coefficient_at = it->in};
    if (text->pool != LAC_NONE && h->place[text->pool] != LAC_NONE)
        reaction[1].coefficient_at = NULL; /* one by one, from a well */
    LAC_TRY(compile(h, text->value, m->grid->tissue, &it->value));
    LAC_TRY(compile(h, text->partition, m->grid->tissue, &it->partition));
    LAC_TRY(compile(h, text->permeability, m->grid->tissue, &it->permeability));
out:
    return status;
}

/* Windows are short beside changes of what they look at and of pools that they change. */
static void follow(const lac_hybrid *h, struct lac_moving *m, const struct lac_passage *it)
{
    const lac_stack_program *const law[] = {&it->value, &it->partition, &it->permeability};
    const size_t pool = h->scene.model->boundary[it->boundary].pool;
    for (size_t v = 0; v < h->scene.model->variables; v++)
        for (int k = 0; k < 3; k++)
            if (law[k]->steps > 0 && law[k]->uses[v] && h->own_variable[v])
                m->followed[v] = 1;
    if (pool != LAC_NONE && h->own_variable[pool])
        m->followed[pool] = 1;
}

lac_status lac_hybrid_create_passages(lac_hybrid *h, struct lac_moving *m,
                                      lac_molecule_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(m->passage, passages_of(model));
    for (size_t b = 0; b < model->boundaries; b++)
        if (is_passage(model, b) && lac_hybrid_grid_of(h, model->boundary[b].variable) == m->grid) {
            LAC_TRY(read_passage(h, m, b, reaction + 2 * m->passages));
            follow(h, m, &m->passage[m->passages - 1]);
        }
out:
    return status;
}

/* A pool whose molecules are counted, with all its passages. */
static lac_status create_well(lac_hybrid *h, struct lac_moving *m, size_t pool)
{
    lac_status status = LAC_OK;
    lac_molecule_gate *gate = NULL;
    size_t gates = 0, species = 0;
    LAC_NEW(gate, m->passages);
    for (size_t k = 0; k < m->passages; k++) {
        const struct lac_passage *it = &m->passage[k];
        if (h->scene.model->boundary[it->boundary].pool != pool)
            continue;
        gate[gates++] = (lac_molecule_gate){it->reaction, it->reaction + 1, it->in};
        species = it->species;
    }
    if (gates > 0)
        LAC_TRY(lac_molecules_add_well(m->molecules, species, gates, gate,
                                       &m->well[pool - h->layout.fields]));
out:
    lac_free(gate);
    return status;
}

lac_status lac_hybrid_create_wells(lac_hybrid *h, struct lac_moving *m)
{
    lac_status status = LAC_OK;
    LAC_NEW(m->well, h->layout.pools);
    for (size_t pool = h->layout.fields; pool < h->scene.model->variables; pool++)
        if (h->place[pool] != LAC_NONE)
            LAC_TRY(create_well(h, m, pool));
out:
    return status;
}

void lac_hybrid_fill_wells(lac_hybrid *h, struct lac_moving *m)
{
    for (size_t k = 0; k < h->layout.pools; k++)
        if (m->well[k])
            *m->well[k] = h->count[h->count_at[h->place[h->layout.fields + k]]];
}

void lac_hybrid_show_wells(lac_hybrid *h, const struct lac_moving *m, lac_state *state)
{
    for (size_t k = 0; k < h->layout.pools; k++) {
        if (!m->well[k])
            continue;
        const size_t pool = h->layout.fields + k, d = h->place[pool];
        h->count[h->count_at[d]] = *m->well[k];
        state->value[lac_layout_at(&h->layout, pool)] = *m->well[k] * h->per_count[d];
    }
}

void lac_hybrid_free_passages(struct lac_moving *m)
{
    for (size_t k = 0; k < m->passages; k++) {
        struct lac_passage *it = &m->passage[k];
        lac_stack_program_free(&it->value);
        lac_stack_program_free(&it->partition);
        lac_stack_program_free(&it->permeability);
        lac_free(it->out);
        lac_free(it->in);
    }
    lac_free(m->passage);
}

/* --- rates ---------------------------------------------------------------------------------------
 */

/* A face at which laws are asked for. */
typedef struct face_view {
    lac_hybrid *h;
    struct lac_moving *m;
    const lac_state *state;
    double ahead; /* [s] */
    const lac_boundary *text;
    const lac_boundary_face *face;
} face_view;

static bool looks_at_tissue(const lac_hybrid *h, const lac_stack_program *law)
{
    for (size_t field = 0; field < h->layout.fields; field++)
        if (law->uses[field])
            return true;
    return false;
}

static double value_with(const face_view *view, const lac_stack_program *law, double share,
                         size_t voxel)
{
    double point[3];
    lac_hybrid_show_levels(view->h, view->m, view->state, voxel, view->ahead);
    lac_eval_context context = view->h->context;
    lac_boundary_face_point(view->m->grid, view->face, share, point);
    context.point = point;
    context.place = view->face->voxel;
    return lac_stack_program_value(law, &context, voxel);
}

/* As in the transport (tissue/boundary_face.h); 0 or more. */
static lac_status value_at(const face_view *view, const lac_stack_program *law, double share,
                           const char *what, double *value)
{
    lac_status status = LAC_OK;
    char where[LAC_VOXEL_WORDS], place[256];
    *value = value_with(view, law, share, view->face->voxel);
    if (share == LAC_AT_THE_FACE && looks_at_tissue(view->h, law))
        *value = lac_boundary_face_extrapolate(
            *value, value_with(view, law, share, view->face->inward), share);
    LAC_REQUIRE(isfinite(*value) && *value >= 0, LAC_NUMERICS,
                "at t = %.6g s: the %s of %s is %.6g%s, and molecules that pass a boundary one by "
                "one need one that is not negative%s",
                view->h->context.time, what,
                view->h->scene.model->variable[view->text->variable].path, *value,
                lac_hybrid_site_words(view->h, view->m->first + view->face->voxel, where),
                lac_place_words(view->text->place, place, sizeof place));
out:
    return status;
}

/* k [1/s] */
static lac_status leaving(const face_view *view, const struct lac_passage *it, double *rate)
{
    lac_status status = LAC_OK;
    const lac_stack_program *law = &view->m->diffusivity[it->species];
    double diffusivity = 0, membrane = 0;
    *rate = 0;
    LAC_TRY(value_at(view, law, LAC_IN_THE_HALF_VOXEL, "diffusivity at a boundary", &diffusivity));
    if (it->permeability.steps > 0)
        LAC_TRY(value_at(view, &it->permeability, LAC_AT_THE_FACE, "permeability at a boundary",
                         &membrane));
    const double side = lac_grid_side(view->m->grid, view->face->axis, view->face->voxel);
    if (it->permeability.steps == 0 || membrane > 0)
        *rate = lac_boundary_face_conductance(diffusivity, side, membrane) / side;
out:
    return status;
}

static lac_status face_rates(const face_view *view, const struct lac_passage *it, double rate[2])
{
    lac_status status = LAC_OK;
    const lac_boundary_type *type = view->text->type;
    const lac_stack_program *law = type->with_pool ? &it->partition : &it->value;
    const double side = lac_grid_side(view->m->grid, view->face->axis, view->face->voxel);
    double reference = 1;
    rate[0] = 0;
    if (law->steps > 0)
        LAC_TRY(value_at(view, law, LAC_AT_THE_FACE, type->law, &reference));
    if (type->conducts)
        LAC_TRY(leaving(view, it, &rate[0]));
    if (type->with_pool && view->h->place[view->text->pool] != LAC_NONE)
        reference *= view->h->per_count[view->h->place[view->text->pool]];
    else if (type->with_pool)
        reference *= fmax(view->m->level[view->text->pool], 0);
    rate[1] =
        lac_grid_volume(view->m->grid, view->face->voxel) *
        (type->conducts ? rate[0] * reference : lac_boundary_reference(type, reference, side));
out:
    return status;
}

static lac_status evaluate_passage(lac_hybrid *h, struct lac_moving *m, const lac_state *state,
                                   struct lac_passage *it, double ahead)
{
    lac_status status = LAC_OK;
    const lac_boundary *text = &h->scene.model->boundary[it->boundary];
    memset(it->out, 0, m->grid->voxels * sizeof *it->out);
    memset(it->in, 0, m->grid->voxels * sizeof *it->in);
    lac_stack_program_fold(&it->value, &h->context);
    lac_stack_program_fold(&it->partition, &h->context);
    lac_stack_program_fold(&it->permeability, &h->context);
    for (size_t face = 0; face < m->grid->boundary_faces[text->patch]; face++) {
        const lac_boundary_face *at = &m->grid->boundary_face[text->patch][face];
        const face_view view = {h, m, state, ahead, text, at};
        double rate[2];
        LAC_TRY(face_rates(&view, it, rate));
        it->out[at->voxel] += rate[0];
        it->in[at->voxel] += rate[1];
    }
out:
    return status;
}

lac_status lac_hybrid_evaluate_passages(lac_hybrid *h, struct lac_moving *m, const lac_state *state,
                                        double ahead)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < m->passages; k++)
        LAC_TRY(evaluate_passage(h, m, state, &m->passage[k], ahead));
out:
    return status;
}

double lac_hybrid_fastest_passage(const struct lac_moving *m)
{
    double rate = 0;
    for (size_t k = 0; k < m->passages; k++)
        for (size_t v = 0; v < m->grid->voxels; v++)
            rate = fmax(rate, m->passage[k].out[v]);
    return rate;
}

static bool is_of_a_well(const lac_hybrid *h, const struct lac_moving *first, size_t variable)
{
    bool is = false;
    for (size_t k = 0; k < first->tissues; k++)
        is = is || first[k].well[variable - h->layout.fields];
    return is;
}

void lac_hybrid_take_well_events(const lac_hybrid *h, struct lac_moving *first)
{
    double most = 0;
    bool empty = false;
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        for (size_t c = 0; !it->in_tissue && c < it->counts; c++) {
            const size_t variable = it->count[c].variable;
            if (!is_of_a_well(h, first, variable))
                continue;
            const double count = h->count[h->count_at[h->place[variable]]];
            most = fmax(most, h->integral[it->first] / fmax(count, 1) / h->taken);
            empty = empty || count == 0;
        }
    }
    first->own = empty ? fmax(most, first->own) : most;
}

/* --- what has passed -----------------------------------------------------------------------------
 */

/* Into the tissue, since the window began. */
static double net(const struct lac_moving *m, const struct lac_passage *it)
{
    const double *events = lac_molecules_events(m->molecules) + it->reaction;
    return events[1] - it->before[1] - (events[0] - it->before[0]);
}

void lac_hybrid_begin_passages(struct lac_moving *m)
{
    const double *events = lac_molecules_events(m->molecules);
    for (size_t k = 0; k < m->passages; k++)
        memcpy(m->passage[k].before, events + m->passage[k].reaction, sizeof m->passage[k].before);
}

/* What would fall below zero is raised to it, and booked as added. A pool that is driven does not
 * feel it. */
void lac_hybrid_add_passages(lac_hybrid *h, struct lac_moving *m, lac_state *state)
{
    const lac_model *model = h->scene.model;
    for (size_t k = 0; k < m->passages; k++) {
        const size_t pool = model->boundary[m->passage[k].boundary].pool;
        if (pool == LAC_NONE || !h->own_variable[pool])
            continue;
        const double volume = lac_model_pool_volume(model, pool);
        double *value = &state->value[lac_layout_at(&h->layout, pool)];
        *value -= net(m, &m->passage[k]) * lac_hybrid_patches(h, m->grid) / (2 * volume);
        if (*value < 0) {
            state->added[pool] -= *value * volume;
            *value = 0;
        }
    }
}

void lac_hybrid_book_passages(lac_hybrid *h, struct lac_moving *m, lac_state *state)
{
    for (size_t k = 0; k < m->passages; k++)
        state->flux[m->passage[k].boundary] +=
            net(m, &m->passage[k]) * lac_hybrid_patches(h, m->grid);
}
