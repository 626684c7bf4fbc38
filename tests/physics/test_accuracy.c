/* The engine against solutions that are known: order in time and space, uptake, steady states.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"
#include "physics/networks.h"
#include "physics/scene.h"

static const double PI = 3.14159265358979323846;

/* --- a manufactured solution ----------------------------------------------------------------- */

/* u = 2 + sin(w t) cos(pi x / X) cos(pi y / Y) cos(pi z / Z) solves
 * u' = D lap u - r u^2 + forcing on a box without fluxes, with dx, dy, dz all different. */
static const char *const MANUFACTURED =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}}\n"
    "species:\n"
    "  A: {unit: 1, tissue: {initial: 2, diffusivity: D, atol: %s}}\n"
    "parameters:\n"
    "  D: {value: 150 um^2/s}\n"
    "  r: {value: 0.4 1/s}\n"
    "  w: {value: 3 1/s}\n"
    "  X: {value: 60 um}\n"
    "  Y: {value: 40 um}\n"
    "  Z: {value: 90 um}\n"
    "  k2: {value: 9.869604401089358 * (1 / X^2 + 1 / Y^2 + 1 / Z^2)}\n"
    "quantities:\n"
    "  shape: {in: tissue, is: \"cos(3.141592653589793 * x / X) * cos(3.141592653589793 * y / Y)"
    " * cos(3.141592653589793 * depth / Z)\"}\n"
    "  forcing: {in: tissue, is: \"(w * cos(w * t) + D * k2 * sin(w * t)) * shape"
    " + r * (2 + sin(w * t) * shape)^2\"}\n"
    "rates:\n"
    "  A: {in: tissue, rate: forcing - r * A^2}\n"
    "tissue: {size: [60 um, 40 um, 90 um], voxel: [%g um, %g um, %g um]}\n"
    "run: {until: 1 s, rtol: %g, integrator: %s, linear_tolerance: %g, first_step: %.17g s,"
    " longest_step: %.17g s}\n";

typedef struct manufactured {
    double h[3]; /* [um] */
    const char *integrator;
    double rtol;
    const char *atol;
    double step; /* [s] first and longest */
} manufactured;

static scene *manufactured_at_end(manufactured m)
{
    char text[TEXT];
    snprintf(text, sizeof text, MANUFACTURED, m.atol, m.h[0], m.h[1], m.h[2], m.rtol, m.integrator,
             1e-10, m.step, m.step);
    scene *s = scene_of(text);
    march_to(s, 1);
    return s;
}

static double distance_to_formula(const scene *s)
{
    const double *u = values_of(s, "tissue_A");
    double sum = 0;
    for (size_t i = 0; i < s->grid->voxels; i++) {
        double shape = cos(PI * s->grid->position[0][i] / 60) *
                       cos(PI * s->grid->position[1][i] / 40) *
                       cos(PI * s->grid->position[2][i] / 90);
        double error = u[i] - 2 - sin(3.0) * shape;
        sum += error * error;
    }
    return sqrt(sum / (double)s->grid->voxels);
}

static double distance_between(const scene *a, const scene *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->state->layout.length; i++)
        sum += pow(a->state->value[i] - b->state->value[i], 2);
    return sqrt(sum);
}

static double error_in_space(double shrink)
{
    manufactured m = {{10 / shrink, 5 / shrink, 7.5 / shrink}, "rodas4", 1e-7, "1e-9", 0.02};
    scene *s = manufactured_at_end(m);
    double error = distance_to_formula(s);
    scene_free(s);
    return error;
}

static void order_in_space_is_two_with_unequal_sides(void **state)
{
    (void)state;
    double coarse = error_in_space(1), fine = error_in_space(2);
    assert_near(log2(coarse / fine), 2, 0.1);
}

static double order_in_time(const char *integrator, double step)
{
    manufactured m = {{10, 10, 10}, "rodas4", 1e-10, "1e-12", 0.01};
    scene *truth = manufactured_at_end(m);
    m = (manufactured){{10, 10, 10}, integrator, 0.1, "1", step};
    scene *coarse = manufactured_at_end(m);
    m.step = step / 2;
    scene *fine = manufactured_at_end(m);
    assert_int_equal(counters(fine).steps, 2 * counters(coarse).steps);
    double order = log2(distance_between(coarse, truth) / distance_between(fine, truth));
    scene_free(truth);
    scene_free(coarse);
    scene_free(fine);
    return order;
}

static void order_in_time_is_that_of_the_method(void **state)
{
    (void)state;
    assert_near(order_in_time("ros2", 0.025), 2, 0.25);
    assert_near(order_in_time("ros34pw2", 0.05), 3, 0.35);
    assert_true(order_in_time("rodas4", 0.05) > 3.5);
}

/* The tolerance is what the user gets: the error is below a few times rtol, and falls with it. */
static void error_follows_the_tolerance(void **state)
{
    (void)state;
    manufactured m = {{10, 10, 10}, "rodas4", 1e-10, "1e-12", 0.01};
    scene *truth = manufactured_at_end(m);
    double norm = 2 * sqrt((double)truth->grid->voxels), before = INFINITY;
    for (double rtol = 1e-2; rtol > 1e-7; rtol /= 10) {
        scene *s = manufactured_at_end((manufactured){{10, 10, 10}, "auto", rtol, "1e-9", 1});
        double error = distance_between(s, truth) / norm;
        assert_true(error < rtol && error < before);
        before = error;
        scene_free(s);
    }
    scene_free(truth);
}

/* --- the Jacobian ---------------------------------------------------------------------------- */

/* J v, dF/dt and what they say to the ledger, against centred differences of F. */
static void assert_linear_part(const char *text)
{
    scene *s = scene_of(text);
    lac_equations *equations = NULL;
    assert_ok(lac_equations_create(&s->view, &s->state->layout, &equations));
    lac_equations_bind_state(equations, s->state);
    const lac_system *system = lac_equations_system(equations);
    size_t n = system->length, m = system->rates;
    double *u = lac_alloc(4 * n, sizeof *u), *v = u + n, *exact = v + n, *at = exact + n;
    double *low = lac_alloc(2 * n, sizeof *low), *high = low + n, h = 1e-6;
    double *rate = lac_alloc(3 * m, sizeof *rate), *rate_low = rate + m, *rate_high = rate + 2 * m;
    for (size_t i = 0; i < n; i++) {
        u[i] = s->state->value[i] * (1 + 0.1 * sin((double)i));
        v[i] = u[i] * cos(3 * (double)i);
    }
    for (int in_time = 0; in_time < (system->time_derivative ? 2 : 1); in_time++) {
        double side = in_time ? 0 : h, later = in_time ? h : 0;
        assert_ok(system->linearise(system->self, 0.3, u));
        if (in_time)
            assert_ok(system->time_derivative(system->self, 0.3, u, exact, rate));
        else
            system->times(system->self, v, exact, rate);
        for (size_t i = 0; i < n; i++)
            at[i] = u[i] - side * v[i];
        assert_ok(system->derivative(system->self, 0.3 - later, at, low, rate_low));
        for (size_t i = 0; i < n; i++)
            at[i] = u[i] + side * v[i];
        assert_ok(system->derivative(system->self, 0.3 + later, at, high, rate_high));
        for (size_t i = 0; i < n; i++)
            assert_near(exact[i], (high[i] - low[i]) / (2 * h),
                        1e-6 * (fabs(exact[i]) + fabs(high[i]) + 1e-6));
        for (size_t k = 0; k < m; k++)
            assert_near(rate[k], (rate_high[k] - rate_low[k]) / (2 * h),
                        1e-6 * (fabs(rate[k]) + fabs(rate_high[k]) + 1));
    }
    lac_free(u);
    lac_free(low);
    lac_free(rate);
    lac_equations_free(equations);
    scene_free(s);
}

static void the_jacobian_and_its_ledger_agree_with_differences(void **state)
{
    (void)state;
    char text[TEXT];
    snprintf(text, sizeof text, FAST_BINDING, 1e-3);
    assert_linear_part(text);
    snprintf(text, sizeof text, INHIBITORS, 1e-3, 0.005);
    assert_linear_part(text);
    snprintf(text, sizeof text, MANUFACTURED, "1e-9", 10.0, 10.0, 10.0, 1e-3, "auto", 0.005, 1.0,
             1.0);
    assert_linear_part(text);
}

/* --- closed forms -------------------------------------------------------------------------------
 */

/* A slab of thickness L, closed below, whose surface is held at 1 from t = 0:
 * M(t)/M(inf) = 1 - sum 8 / ((2n+1)^2 pi^2) exp(-D (2n+1)^2 pi^2 t / (4 L^2))
 * (Crank, The Mathematics of Diffusion, 1975, eq. 4.18). */
static double uptake(double time)
{
    double rest = 0;
    for (int n = 0; n < 200; n++) {
        double k = (2 * n + 1) * PI;
        rest += 8 / (k * k) * exp(-50 * k * k * time / (4 * 400.0 * 400.0));
    }
    return 1 - rest;
}

static void uptake_by_a_slab_follows_the_series(void **state)
{
    (void)state;
    scene *s = scene_of("lacuna: 1\n"
                        "domains: {tissue: {kind: tissue}}\n"
                        "species: {A: {unit: 1, tissue: {diffusivity: 50 um^2/s, atol: 1e-7}}}\n"
                        "boundaries: {top: {at: tissue.top, species: A, value: 1}}\n"
                        "tissue: {size: [20 um, 10 um, 400 um], voxel: [20 um, 10 um, 2 um]}\n"
                        "run: {until: 1 h, rtol: 1e-5}\n");
    const double times[] = {20, 100, 400, 1600, 6400};
    for (size_t i = 0; i < 5; i++) {
        march_to(s, times[i]);
        assert_near(mean_of(s, "tissue_A"), uptake(times[i]), 2e-4);
        double content = s->view.weight * lac_sum(values_of(s, "tissue_A"), s->grid->voxels);
        assert_near(s->state->flux[0] / content, 1, 1e-6);
    }
    scene_free(s);
}

/* D u'' - k u + q = 0 in the upper half; the semi-discrete steady state is reached exactly: the
 * derivative vanishes to the tolerance of the solver, whatever the last step. */
static void steady_state_of_source_and_decay_is_reached_exactly(void **state)
{
    (void)state;
    scene *s = scene_of("lacuna: 1\n"
                        "domains: {tissue: {kind: tissue}}\n"
                        "species: {A: {unit: 1, tissue: {diffusivity: 50 um^2/s, atol: 1e-6}}}\n"
                        "parameters: {k: {value: 0.002 1/s}, q: {value: 0.01 1/s}}\n"
                        "rates: {A: {in: tissue, rate: \"if(depth < 200 um, q, 0 * q) - k * A\"}}\n"
                        "tissue: {size: [20 um, 20 um, 400 um], voxel: [20 um, 20 um, 4 um]}\n"
                        "run: {until: 1 d, rtol: 1e-3}\n");
    march_to(s, 10 * 86400);
    /* u = q/k - B cosh(z/l) above, B' cosh((L - z)/l) below, symmetric about the middle. */
    double length = sqrt(50 / 0.002), worst = 0, total = 0;
    const double *u = values_of(s, "tissue_A");
    for (size_t i = 0; i < s->grid->voxels; i++) {
        double z = s->grid->position[2][i];
        double half = 5 * cosh(fmin(z, 400 - z) / length) / (2 * cosh(200 / length));
        worst = fmax(worst, fabs(u[i] - (z < 200 ? 5 - half : half)));
        total += u[i];
    }
    assert_near(worst, 0, 1e-3);
    assert_near(total / (double)s->grid->voxels, 2.5, 1e-9);
    const double before = u[0];
    march_to(s, 20 * 86400);
    assert_near(u[0], before, 1e-9);
    scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_in_space_is_two_with_unequal_sides),
        cmocka_unit_test(order_in_time_is_that_of_the_method),
        cmocka_unit_test(error_follows_the_tolerance),
        cmocka_unit_test(the_jacobian_and_its_ledger_agree_with_differences),
        cmocka_unit_test(uptake_by_a_slab_follows_the_series),
        cmocka_unit_test(steady_state_of_source_and_decay_is_reached_exactly),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
