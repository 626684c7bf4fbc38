/* Boundaries are of second order in the size of voxels, whatever their laws look at: fluxes at the
 * steady state of a slab that consumes, against closed forms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/scene.h"

static const double D = 40, K = 0.004, L = 1200; /* um^2/s, 1/s, um: a decay length of 100 um */

/* One face of a slab of length L; the laws of its wall are in `walls`. */
static const char *const SLAB =
    "lacuna: 1\n"
    "domains: {g: {kind: tissue}, b: {kind: well-mixed, volume: 1 L}}\n"
    "species:\n"
    "  u: {g: {initial: 0, diffusivity: \"%s\", atol: 1e-9 molecule/um^3},\n"
    "      b: {initial: 1 molecule/um^3}}\n"
    "  M: {unit: 1, g: {initial: \"%s\", atol: 1e-9}}\n"
    "reactions: {k: {in: g, equation: u ->, rate: 0.004/s*u}}\n"
    "%s\n"
    "tissue: {size: [%s], voxel: [%s]}\n"
    "run: {until: 20000 s, rtol: 1e-6}\n";

typedef struct slab {
    const char *diffusivity, *medium, *walls;
    double per_u;    /* the exact flux into the slab [molecules/um^2/s] */
    double coarsest; /* voxels from which on the order shows [um] */
} slab;

/* What the slab consumes per area, with voxels of h along the axis of the wall. */
static double uptake(const slab *about, bool sideways, double h)
{
    char text[TEXT], size[64], voxel[64];
    snprintf(size, sizeof size, sideways ? "%g um, 10 um, 10 um" : "10 um, 10 um, %g um", L);
    snprintf(voxel, sizeof voxel, sideways ? "%g um, 10 um, 10 um" : "10 um, 10 um, %g um", h);
    snprintf(text, sizeof text, SLAB, about->diffusivity, about->medium, about->walls, size, voxel);
    scene *s = scene_of(text);
    march_to(s, 10000);
    double sum = 0;
    for (size_t i = 0; i < s->grid->voxels; i++)
        sum += K * h * values_of(s, "g_u")[i];
    scene_free(s);
    return sum;
}

static void expect_order_two(const slab *about, bool sideways)
{
    double last = 0;
    for (double h = about->coarsest; h >= 5; h /= 2) {
        double error = fabs(uptake(about, sideways, h) / about->per_u - 1);
        assert_true(error < 0.04 * h / 40 * h / 40);
        assert_true(h == about->coarsest || last / error > 3.7);
        last = error;
    }
}

static double clamped_flux(double surface)
{
    return surface * sqrt(D * K) * tanh(L * sqrt(K / D));
}

#define EXCHANGE(law) "interfaces: {s: {between: [g." law "}}"

static void a_partition_that_varies_with_place_or_state_is_of_second_order(void **state)
{
    (void)state;
    const char *const laws[] = {
        EXCHANGE("top, b], exchange: all, partition: \"0.2 + 0.8*depth/(100 um)\""),
        EXCHANGE("top, b], exchange: all, partition: \"0.2*exp(depth/(60 um))\""),
        EXCHANGE("top, b], exchange: all, partition: \"0.2*M*M\"")};
    for (size_t k = 0; k < 3; k++)
        expect_order_two(
            &(slab){"40 um^2/s", "exp(-depth/(400 um))", laws[k], clamped_flux(0.2), 40}, false);
}

static void it_is_so_on_the_far_side_of_another_axis(void **state)
{
    (void)state;
    slab about = {"40 um^2/s", "exp((x - 1200 um)/(400 um))",
                  EXCHANGE("x_high, b], exchange: all, partition: \"0.5*M^1.5\""),
                  clamped_flux(0.5), 40};
    expect_order_two(&about, true);
}

static void values_fluxes_and_membranes_are_of_second_order(void **state)
{
    (void)state;
    const double conductance = sqrt(D * K) * tanh(L * sqrt(K / D)), membrane = 0.3;
    const slab cases[] = {{"40 um^2/s", "1",
                           "boundaries: {s: {at: g.top, species: u,"
                           " value: \"(1 + depth/(80 um)) * 1 molecule/um^3\"}}",
                           conductance, 40},
                          {"40 um^2/s", "exp(-depth/(400 um))",
                           EXCHANGE("top, b], exchange: all, permeability: \"0.3 um/s * M^2\""),
                           1 / (1 / conductance + 1 / membrane), 40}};
    for (size_t k = 0; k < 2; k++)
        expect_order_two(&cases[k], false);
}

/* D = D0 m^2 with m = 1 + z / a: u = A m^p + B m^q with p, q the roots of p (p + 1) = K a^2 / D0.
 */
static void a_diffusivity_that_varies_at_the_wall_is_of_second_order(void **state)
{
    (void)state;
    const double a = 200, p = -0.5 - sqrt(0.25 + K * a * a / D), q = -1 - p;
    const double share = -p / q * pow(1 + L / a, p - q); /* B / A: no flux at the far end */
    const double flux = -0.5 * D / a * (p + share * q) / (1 + share);
    const char *const wall = EXCHANGE("top, b], exchange: all, partition: 0.5");
    const slab cases[] = {{"40 um^2/s * (1 + depth/(200 um))^2", "1", wall, flux, 20},
                          {"40 um^2/s * M^2", "1 + depth/(200 um)", wall, flux, 20}};
    for (size_t k = 0; k < 2; k++)
        expect_order_two(&cases[k], false);
}

/* A zone of one voxel at the surface keeps its own coefficients: nothing is taken from the next. */
static void zones_of_one_voxel_are_exact(void **state)
{
    (void)state;
    scene *s = scene_of(
        "lacuna: 1\n"
        "domains: {g: {kind: tissue}, b: {kind: well-mixed, volume: 1 L}}\n"
        "species:\n"
        "  u: {unit: 1, g: {diffusivity: {upper: 40 um^2/s, default: 4 um^2/s}, atol: 1e-9}}\n"
        "boundaries:\n"
        "  top: {at: g.top, species: u, value: 1}\n"
        "  bottom: {at: g.bottom, species: u, value: 0}\n"
        "tissue: {size: [10 um, 10 um, 100 um], voxel: [10 um, 10 um, 10 um],"
        " zones: {upper: 10 %, lower: 90 %}}\n"
        "run: {until: 1 d, rtol: 1e-4}\n");
    march_to(s, 86400);
    double flux = 1 / (10.0 / 40 + 90.0 / 4);
    assert_near(value_of(s, "g_u", 0), 1 - flux * 5 / 40, 1e-9);
    scene_free(s);
}

/* Layers that grow with the depth, refined by halving: from h at the surface, 400 / h of them. */
static double uptake_of_layers(const slab *about, double h)
{
    char text[TEXT], voxel[128];
    snprintf(voxel, sizeof voxel, "10 um, 10 um, {from: %g um, voxels: %g}", h, 400 / h);
    snprintf(text, sizeof text, SLAB, about->diffusivity, about->medium, about->walls,
             "10 um, 10 um, 1.2 mm", voxel);
    scene *s = scene_of(text);
    march_to(s, 20000);
    double sum = 0;
    assert_true(lac_grid_side(s->grid, 2, s->grid->voxels - 1) > 4 * h);
    for (size_t i = 0; i < s->grid->voxels; i++)
        sum += K * lac_grid_side(s->grid, 2, i) * values_of(s, "g_u")[i];
    scene_free(s);
    return sum;
}

static void layers_that_grow_with_the_depth_are_of_second_order(void **state)
{
    (void)state;
    const double conductance = sqrt(D * K) * tanh(L * sqrt(K / D)), membrane = 0.3;
    const slab cases[] = {{"40 um^2/s", "1", EXCHANGE("top, b], exchange: all"), conductance, 20},
                          {"40 um^2/s", "exp(-depth/(400 um))",
                           EXCHANGE("top, b], exchange: all, partition: \"0.2*M*M\""),
                           0.2 * conductance, 20},
                          {"40 um^2/s", "1",
                           "boundaries: {s: {at: g.top, species: u,"
                           " value: \"(1 + depth/(80 um)) * 1 molecule/um^3\"}}",
                           conductance, 20},
                          {"40 um^2/s", "exp(-depth/(400 um))",
                           EXCHANGE("top, b], exchange: all, permeability: \"0.3 um/s * M^2\""),
                           1 / (1 / conductance + 1 / membrane), 20}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double last = 0;
        for (double h = cases[k].coarsest; h >= 5; h /= 2) {
            double error = fabs(uptake_of_layers(&cases[k], h) / cases[k].per_u - 1);
            assert_true(error < 0.04 * h / 20 * h / 20);
            assert_true(h == cases[k].coarsest || last / error > 3.5);
            last = error;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partition_that_varies_with_place_or_state_is_of_second_order),
        cmocka_unit_test(it_is_so_on_the_far_side_of_another_axis),
        cmocka_unit_test(values_fluxes_and_membranes_are_of_second_order),
        cmocka_unit_test(a_diffusivity_that_varies_at_the_wall_is_of_second_order),
        cmocka_unit_test(zones_of_one_voxel_are_exact),
        cmocka_unit_test(layers_that_grow_with_the_depth_are_of_second_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
