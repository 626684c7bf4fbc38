/* The equations of a scene: F = reactions + transport, J, dF/dt, and the preconditioner: in columns
 * I - g J itself, else P = R D.
 *
 * R (network/network.h) is applied first: v := D^-1 R^-1 v. Its pointwise blocks and the diffusion
 * of each species share the smallest pure loss k_s of a species, which D takes and R gives back.
 * Transport coefficients that depend on the state are frozen in J at the start of a step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"

#include "base/memory.h"
#include "mean_field/plane_means.h"
#include "network/network.h"
#include "transport/direct_solver.h"
#include "transport/spectral_solver.h"

#include <stdbool.h>
#include <string.h>

struct lac_equations {
    const lac_scene *scene; /* borrowed */
    lac_layout layout;
    const lac_part *part; /* borrowed; NULL = all */
    lac_network *network;
    lac_transport *transport;
    lac_columns *columns; /* of the three, one is there: all of I - g J, or diffusion */
    lac_spectral_solver *spectral;
    lac_direct_solver *direct;
    double *pools;            /* owned [pools][pools], with `direct` */
    lac_plane_means *means;   /* NULL = steps are not long, or these would be large */
    double g;                 /* [s] of the factor, with `means` */
    double *kept, *product;   /* owned [length]: scratch, with `means` */
    lac_coefficients *frozen; /* at the start of the step */
    lac_coefficients *stage;  /* at a stage; NULL = they never change */
    unsigned char *mobile;    /* owned [fields] */
    double *shift;            /* owned [fields]: k_s [1/s] */
    double *input;            /* owned [inputs] */
    double *input_rate;       /* owned [inputs] */
    const lac_state *state;   /* borrowed: parameters */
    lac_system system;
};

/* --- the calls of the system ----------------------------------------------------------------- */

static lac_frame frame_at(const lac_equations *e, double time, const double *u)
{
    lac_frame frame;
    lac_scene_frame(e->scene, e->state, u, e->input, e->input_rate, &frame);
    lac_frame_at(&frame, e->scene->model, time);
    return frame;
}

static void clear(const lac_equations *e, double *out, double *rate)
{
    lac_clear(out, e->layout.length);
    if (rate)
        memset(rate, 0, e->system.rates * sizeof *rate);
}

/* Where the fluxes of the boundaries stand among the rates. */
static double *fluxes(const lac_equations *e, double *rate)
{
    return rate ? rate + e->scene->model->processes : NULL;
}

static bool is_foreign(const lac_part *part, size_t variable)
{
    return part && !part->variable[variable];
}

static bool is_driven(const lac_part *part, size_t variable)
{
    return part && part->driven && part->driven[variable];
}

/* What is another's does not change: v of its variables := 0; of driven ones unless they are kept.
 */
static void hold_foreign(const lac_equations *e, bool keep_driven, double *v)
{
    for (size_t variable = 0; e->part && variable < e->scene->model->variables; variable++) {
        if (is_foreign(e->part, variable) && !(keep_driven && is_driven(e->part, variable)))
            memset(v + lac_layout_at(&e->layout, variable), 0,
                   lac_layout_size(&e->layout, variable) * sizeof *v);
    }
}

/* Driven pools: the derivative that they are given, the first or second. */
static void drive(const lac_equations *e, double time, int order, double *v)
{
    const lac_part *part = e->part;
    for (size_t variable = e->layout.fields; variable < e->scene->model->variables; variable++)
        if (is_driven(part, variable))
            v[lac_layout_at(&e->layout, variable)] =
                part->drive(part->driver, variable, time, order);
}

static lac_status derivative(void *self, double time, const double *u, double *out, double *rate)
{
    lac_status status = LAC_OK;
    lac_equations *e = self;
    lac_frame frame = frame_at(e, time, u);
    clear(e, out, rate);
    if (e->stage)
        LAC_TRY(lac_transport_evaluate(e->transport, &frame, e->stage));
    lac_transport_derivative(e->transport, e->stage ? e->stage : e->frozen, u, out,
                             fluxes(e, rate));
    lac_network_derivative(e->network, &frame, out, rate);
    hold_foreign(e, false, out);
    drive(e, time, 1, out);
out:
    return status;
}

static lac_status linearise(void *self, double time, const double *u)
{
    lac_status status = LAC_OK;
    lac_equations *e = self;
    lac_frame frame = frame_at(e, time, u);
    LAC_TRY(lac_transport_evaluate(e->transport, &frame, e->frozen));
    lac_network_linearise(e->network, &frame);
    for (size_t field = 0; !e->columns && field < e->layout.fields; field++)
        e->shift[field] = e->mobile[field] ? lac_network_own_loss(e->network, field) : 0;
out:
    return status;
}

static lac_status time_derivative(void *self, double time, const double *u, double *out,
                                  double *rate)
{
    lac_status status = LAC_OK;
    lac_equations *e = self;
    lac_frame frame = frame_at(e, time, u);
    clear(e, out, rate);
    lac_network_time_derivative(e->network, &frame, out, rate);
    if (lac_transport_depends_on_time(e->transport))
        status = lac_transport_time_derivative(e->transport, &frame, out, fluxes(e, rate));
    hold_foreign(e, false, out);
    drive(e, time, 2, out);
    return status;
}

static void times(void *self, const double *v, double *out, double *rate)
{
    lac_equations *e = self;
    clear(e, out, rate);
    lac_transport_times(e->transport, e->frozen, v, out, fluxes(e, rate));
    lac_network_times(e->network, v, out, rate);
    hold_foreign(e, false, out);
}

static lac_status factor_columns(lac_equations *e, double g)
{
    lac_status status = LAC_OK;
    lac_columns_clear(e->columns);
    lac_network_fill_columns(e->network, g, e->columns);
    lac_transport_fill_columns(e->transport, e->frozen, g, e->columns);
    LAC_REQUIRE(lac_columns_factor(e->columns), LAC_NUMERICS,
                "the linear system of a step is singular at %s",
                e->scene->model->variable[e->columns->failed].name);
out:
    return status;
}

static lac_plane_means_of parts_of(const lac_equations *e)
{
    return (lac_plane_means_of){e->scene, &e->layout, e->network, e->transport};
}

static lac_status factor_means(lac_equations *e, double g)
{
    lac_status status = LAC_OK;
    const lac_plane_means_of of = parts_of(e);
    e->g = g;
    LAC_REQUIRE(lac_plane_means_factor(e->means, &of, e->frozen, g), LAC_NUMERICS,
                "the linear system of a step is singular for plane means");
out:
    return status;
}

static lac_status factor(void *self, double g)
{
    lac_status status = LAC_OK;
    lac_equations *e = self;
    if (e->columns)
        return factor_columns(e, g);
    if (e->means)
        LAC_TRY(factor_means(e, g));
    LAC_TRY(lac_network_factor(e->network, g, e->shift));
    if (!e->direct) {
        lac_spectral_solver_factor(e->spectral, e->frozen, g, e->shift);
        return LAC_OK;
    }
    lac_network_pool_matrix(e->network, g, e->pools);
    LAC_TRY(lac_direct_solver_factor(e->direct, e->frozen,
                                     &(lac_direct_solver_terms){g, e->shift, e->pools}));
out:
    return status;
}

static void solve_split(lac_equations *e, double *v)
{
    if (e->direct) {
        lac_network_factor_solve_fields(e->network, v);
        lac_direct_solver_solve(e->direct, v);
        lac_network_factor_solve_pools(e->network, v);
    } else {
        lac_network_factor_solve(e->network, v);
        lac_spectral_solver_solve(e->spectral, v);
    }
    hold_foreign(e, true, v);
}

/* v := P^-1 v, and what is left of the residual is solved for once more, by plane means. */
static void solve_twice(lac_equations *e, double *v)
{
    lac_copy(e->kept, v, e->layout.length);
    solve_split(e, v);
    times(e, v, e->product, NULL);
    lac_add_scaled(e->kept, -1, v, e->layout.length);
    lac_add_scaled(e->kept, e->g, e->product, e->layout.length);
    lac_plane_means_correct(e->means, e->kept, v);
}

static void solve(void *self, double *v)
{
    lac_equations *e = self;
    if (e->columns)
        lac_columns_solve(e->columns, v);
    else if (e->means)
        solve_twice(e, v);
    else
        solve_split(e, v);
}

/* --- making and looking ---------------------------------------------------------------------- */

static lac_system system_of(lac_equations *e)
{
    const lac_model *model = e->scene->model;
    int depends_on_time = (e->part && e->part->driven) || lac_network_depends_on_time(e->network) ||
                          lac_transport_depends_on_time(e->transport);
    return (lac_system){.self = e,
                        .length = e->layout.length,
                        .rates = model->processes + model->boundaries +
                                 (e->part ? e->part->watched * e->layout.widest : 0),
                        .derivative = derivative,
                        .linearise = linearise,
                        .time_derivative = depends_on_time ? time_derivative : NULL,
                        .times = times,
                        .factor = factor,
                        .solve = solve,
                        .exact = e->columns != NULL};
}

static lac_status create_columns(lac_equations *e)
{
    size_t bordered[LAC_TRACTS_MOST] = {0};
    for (size_t tissue = 0; tissue < e->layout.tracts; tissue++) {
        size_t laws = lac_network_border(e->network, tissue);
        size_t faces = lac_transport_border(e->transport, tissue);
        bordered[tissue] = laws > faces ? laws : faces;
    }
    return lac_columns_create(&e->layout, bordered, &e->columns);
}

static lac_status create_solver(lac_equations *e)
{
    lac_status status = LAC_OK;
    const lac_scene *scene = e->scene;
    if (!e->part && lac_columns_pay(scene->model, &e->layout))
        return create_columns(e);
    LAC_TRY(lac_network_factor_prepare(e->network, e->mobile));
    if (!lac_direct_solver_pays(scene->model))
        return lac_spectral_solver_create(scene->model, scene->grid, &e->layout, &e->spectral);
    LAC_NEW(e->pools, e->layout.pools * e->layout.pools);
    LAC_TRY(lac_direct_solver_create(scene->model, scene->grid, &e->layout, &e->direct));
out:
    return status;
}

lac_status lac_equations_create(const lac_scene *scene, const lac_layout *layout,
                                lac_equations **equations)
{
    return lac_equations_create_part(scene, layout, NULL, equations);
}

lac_status lac_equations_prepare_long(lac_equations *equations, size_t parts)
{
    lac_status status = LAC_OK;
    lac_equations *e = equations;
    lac_plane_means *means = NULL;
    if (e->columns || e->part)
        return LAC_OK;
    const lac_plane_means_of of = parts_of(e);
    LAC_TRY(lac_plane_means_create(&of, parts, &means));
    if (!means)
        return LAC_OK;
    lac_plane_means_free(e->means);
    e->means = means;
    if (!e->kept)
        LAC_NEW(e->kept, e->layout.length);
    if (!e->product)
        LAC_NEW(e->product, e->layout.length);
out:
    return status;
}

lac_status lac_equations_create_part(const lac_scene *scene, const lac_layout *layout,
                                     const lac_part *part, lac_equations **equations)
{
    lac_status status = LAC_OK;
    const lac_model *model = scene->model;
    lac_equations *e = NULL;
    LAC_NEW(e, 1);
    e->scene = scene;
    e->layout = *layout;
    e->part = part;
    LAC_NEW(e->mobile, layout->fields);
    LAC_NEW(e->shift, layout->fields);
    LAC_NEW(e->input, model->inputs);
    LAC_NEW(e->input_rate, model->inputs);
    LAC_TRY(lac_transport_create(model, scene->grid, layout, &e->transport));
    lac_find_mobile(model, e->mobile);
    LAC_TRY(lac_coefficients_create(e->transport, &e->frozen));
    if (lac_transport_depends_on_state(e->transport) || lac_transport_depends_on_time(e->transport))
        LAC_TRY(lac_coefficients_create(e->transport, &e->stage));
    LAC_TRY(lac_network_create_part(model, layout, scene->weight, part, &e->network));
    LAC_TRY(create_solver(e));
    e->system = system_of(e);
    *equations = e;
    e = NULL;
out:
    lac_equations_free(e);
    return status;
}

void lac_equations_free(lac_equations *equations)
{
    if (!equations)
        return;
    lac_network_free(equations->network);
    lac_coefficients_free(equations->frozen);
    lac_coefficients_free(equations->stage);
    lac_columns_free(equations->columns);
    lac_spectral_solver_free(equations->spectral);
    lac_direct_solver_free(equations->direct);
    lac_plane_means_free(equations->means);
    lac_free(equations->kept);
    lac_free(equations->product);
    lac_free(equations->pools);
    lac_transport_free(equations->transport);
    lac_free(equations->mobile);
    lac_free(equations->shift);
    lac_free(equations->input);
    lac_free(equations->input_rate);
    lac_free(equations);
}

const lac_system *lac_equations_system(const lac_equations *equations)
{
    return &equations->system;
}

void lac_equations_bind_state(lac_equations *equations, const lac_state *state)
{
    equations->state = state;
}

void lac_equations_forget(lac_equations *equations)
{
    lac_transport_forget(equations->frozen);
    if (equations->stage)
        lac_transport_forget(equations->stage);
}

lac_status lac_equations_undefined(lac_equations *equations, double time, const double *u,
                                   bool derivatives, lac_text *words)
{
    lac_frame frame = frame_at(equations, time, u);
    return lac_network_undefined(equations->network, &frame, derivatives, words);
}

const unsigned char *lac_equations_mobile(const lac_equations *equations)
{
    return equations->mobile;
}

bool lac_equations_inexact(const lac_equations *equations)
{
    return lac_transport_depends_on_state(equations->transport) != 0;
}
