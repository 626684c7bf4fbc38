/* Discrete molecules that diffuse, in the method `hybrid`, on layers that differ and in several
 * tissues. Seeds are fixed; for fresh ones the false alarm of each statistical test is below 1e-4
 * (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"
#include "moments.h"

/* Two pieces on one bath, of layers from 5 to 40 um and of even ones; what they are like differs.
 */
#define PIECES(BATH, BEGIN, REPRESENTATION)                                                        \
    "lacuna: 1\n"                                                                                  \
    "domains: {left: {kind: tissue}, right: {kind: tissue},\n"                                     \
    "          bath: {kind: well-mixed, volume: " BATH "}}\n"                                      \
    "species:\n"                                                                                   \
    "  L:\n"                                                                                       \
    "    left: {initial: " BEGIN ", diffusivity: 50 um^2/s, partition: 0.8,\n"                     \
    "           representation: " REPRESENTATION "}\n"                                             \
    "    right: {initial: 0 molecule/um^3, diffusivity: 'if(depth < 40 um, 30 um^2/s, 60 um^2/s)"  \
    "',\n"                                                                                         \
    "            representation: " REPRESENTATION "}\n"                                            \
    "    bath: {initial: 0.01 molecule/um^3}\n"                                                    \
    "reactions:\n"                                                                                 \
    "  fade_left: {in: left, equation: L ->, rate: 0.01/s * L}\n"                                  \
    "  fade_right: {in: right, equation: L ->, rate: 0.03/s * L}\n"                                \
    "interfaces:\n"                                                                                \
    "  one: {between: [left.top, bath], exchange: [L], permeability: 2 um/s}\n"                    \
    "  two: {between: [right.top, bath], exchange: [L]}\n"                                         \
    "tissue:\n"                                                                                    \
    "  left: {size: [100 um, 80 um, 75 um],\n"                                                     \
    "         voxel: [20 um, 20 um, {bounds: [0 um, 5 um, 15 um, 35 um, 75 um]}],\n"               \
    "         represents: {area: 0.08 mm^2, feedback: patch}}\n"                                   \
    "  right: {size: [80 um, 40 um, 80 um], voxel: 20 um,\n"                                       \
    "          represents: {area: 0.032 mm^2, feedback: patch}}\n"                                 \
    "run: {until: 60 s}\n"

#define LARGE "1 mL"
#define SMALL "4e-3 uL"
#define NONE "0 molecule/um^3"
#define FULL "0.05 molecule/um^3"

enum { MOST_VOXELS = 128 };

static const lac_grid *grid_of(const method_scene *s, const char *path)
{
    return lac_grid_of_field(s->grid, s->model, method_scene_variable(s, path));
}

static double number_in(const method_scene *s, const char *path, size_t voxel)
{
    return hybrid_scene_values(s, path)[voxel] * lac_grid_volume(grid_of(s, path), voxel);
}

typedef struct tally {
    double sum[MOST_VOXELS], spread;
} tally;

static void count(const method_scene *s, const char *path, const double *expected, tally *of)
{
    for (size_t v = 0; v < grid_of(s, path)->voxels; v++) {
        const double n = number_in(s, path, v);
        assert_near(n, nearbyint(n), 1e-9);
        of->sum[v] += n;
        of->spread += (n - expected[v]) * (n - expected[v]) / expected[v];
    }
}

static void assert_poisson(const tally *of, const double *expected, size_t voxels, double runs)
{
    double inverse = 0, total = 0, all = 0;
    for (size_t v = 0; v < voxels; v++) {
        assert_near(of->sum[v], runs * expected[v], 4.5 * sqrt(runs * expected[v]) + 2);
        inverse += runs / expected[v];
        total += of->sum[v];
        all += runs * expected[v];
    }
    assert_near(total, all, 4 * sqrt(all));
    assert_near(of->spread, runs * (double)voxels, 4 * sqrt(2 * runs * (double)voxels + inverse));
}

/* Molecules of a bath that does not notice are independent: Poisson with the mean of mean-field. */
static void pieces_fill_from_a_bath_by_the_master_equation(void **state)
{
    (void)state;
    enum { RUNS = 8 };
    static const char *const path[2] = {"left.L", "right.L"};
    static double expected[2][MOST_VOXELS];
    static tally of[2];
    size_t voxels[2];
    method_scene mean, s;
    hybrid_scene_make(&mean, PIECES(LARGE, NONE, "continuous"), "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-6;
    method_scene_to(&mean, 60);
    for (int k = 0; k < 2; k++) {
        voxels[k] = grid_of(&mean, path[k])->voxels;
        assert_true(voxels[k] <= MOST_VOXELS);
        for (size_t v = 0; v < voxels[k]; v++)
            expected[k][v] = number_in(&mean, path[k], v);
    }
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, PIECES(LARGE, NONE, "discrete"), "hybrid", 40 + run, 0.1);
        method_scene_to(&s, 60);
        for (int k = 0; k < 2; k++)
            count(&s, path[k], expected[k], &of[k]);
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
    for (int k = 0; k < 2; k++)
        assert_poisson(&of[k], expected[k], voxels[k], RUNS);
    method_scene_free(&mean);
}

/* All is linear: the means of bath and right are those of mean-field, though the left feeds them.
 */
static void what_leaves_one_piece_reaches_the_other(void **state)
{
    (void)state;
    enum { RUNS = 30 };
    method_scene mean, s;
    moments right = {0, 0, 0}, bath = {0, 0, 0};
    hybrid_scene_make(&mean, PIECES(SMALL, FULL, "continuous"), "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-6;
    method_scene_to(&mean, 60);
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, PIECES(SMALL, FULL, "discrete"), "hybrid", 90 + run, 0.1);
        method_scene_to(&s, 60);
        sample(&right, hybrid_scene_content(&s, "right.L"));
        sample(&bath, hybrid_scene_content(&s, "bath.L"));
        method_scene_free(&s);
    }
    assert_near(mean_of(&right), hybrid_scene_content(&mean, "right.L"),
                4 * sqrt(variance_of(&right) / RUNS));
    assert_near(mean_of(&bath), hybrid_scene_content(&mean, "bath.L"),
                4 * sqrt(variance_of(&bath) / RUNS));
    method_scene_free(&mean);
}

#define TWIN(NAME)                                                                                 \
    "  " NAME ": {size: [80 um, 40 um, 80 um], voxel: 20 um, represents: {area: 0.032 mm^2, "      \
    "feedback: patch}}\n"

static void pieces_that_are_alike_have_draws_of_their_own(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(
        &s,
        "lacuna: 1\ndomains: {left: {kind: tissue}, right: {kind: tissue, like: left},\n"
        "  bath: {kind: well-mixed, volume: 1 mL}}\n"
        "species: {L: {left: {initial: 0.01 molecule/um^3, diffusivity: 50 um^2/s,\n"
        "  representation: discrete}, bath: {initial: 0.01 molecule/um^3}}}\n"
        "interfaces: {one: {between: [left.top, bath], exchange: [L]}}\n"
        "tissue:\n" TWIN("left") TWIN("right") "run: {until: 20 s}\n",
        "hybrid", 5, 0.1);
    method_scene_to(&s, 20);
    size_t same = 0;
    for (size_t v = 0; v < 32; v++)
        same += number_in(&s, "left.L", v) == number_in(&s, "right.L", v);
    assert_true(same < 12);
    method_scene_free(&s);
}

/* --- reactions on layers that differ ---------------------------------------------------------- */

static const char LAYERS[] =
    "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
    "tissue: {size: [40 um, 40 um, 75 um],\n"
    "  voxel: [20 um, 20 um, {bounds: [0 um, 5 um, 15 um, 35 um, 75 um]}]}\n"
    "species:\n"
    "  A: {unit: molecule, gel: {initial: 0.01 molecule/um^3, diffusivity: 20 um^2/s,\n"
    "      representation: discrete}}\n"
    "  B: {unit: molecule, gel: {initial: 0.01 molecule/um^3, diffusivity: 30 um^2/s,\n"
    "      representation: discrete}}\n"
    "  C: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 10 um^2/s,\n"
    "      representation: discrete}}\n"
    "  S: {unit: molecule, gel: {initial: 0.02 molecule/um^3}}\n"
    "  T: {unit: molecule, gel: {initial: 0 molecule/um^3}}\n"
    "reactions:\n"
    "  meet: {in: gel, equation: A + B <=> C, rate: 10 um^3/(molecule s) * A * B, reverse: 0.1/s * "
    "C}\n"
    "  take: {in: gel, equation: C + S -> C + T, rate: 0.05/s * C}\n"
    "run: {until: 40 s}\n";

static double in_layer(const method_scene *s, const char *path, size_t layer, double *volume)
{
    double number = 0;
    *volume = 0;
    for (size_t v = 4 * layer; v < 4 * layer + 4; v++) {
        number += number_in(s, path, v);
        *volume += lac_grid_volume(s->grid, v);
    }
    return number;
}

/* In balance a thin layer holds as much in a volume as a thick one, of all that meets and falls
 * apart too; what the events of molecules do to what is continuous is kept to the last one. */
static void layers_are_in_balance(void **state)
{
    (void)state;
    enum { RUNS = 24, LAYERS_ARE = 4 };
    moments of[3][LAYERS_ARE] = {{{0, 0, 0}}};
    static const char *const path[3] = {"gel.A", "gel.B", "gel.C"};
    double volume;
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(&s, LAYERS, "hybrid", 300 + run, 0.1);
        method_scene_to(&s, 40);
        for (int k = 0; k < 3; k++)
            for (size_t layer = 0; layer < LAYERS_ARE; layer++) {
                const double number = in_layer(&s, path[k], layer, &volume);
                sample(&of[k][layer], number / volume);
            }
        assert_near(hybrid_scene_content(&s, "gel.S") + hybrid_scene_content(&s, "gel.T"),
                    0.02 * 120000, 1e-6);
        assert_near(hybrid_scene_content(&s, "gel.T"), s.state->extent[2], 1e-6);
        assert_true(s.state->extent[2] > 100);
        method_scene_closes(&s, 1e-9);
        method_scene_free(&s);
    }
    for (int k = 0; k < 3; k++)
        for (size_t layer = 0; layer + 1 < LAYERS_ARE; layer++) {
            const moments *thin = &of[k][layer], *thick = &of[k][LAYERS_ARE - 1];
            assert_near(mean_of(thin), mean_of(thick),
                        4 * sqrt((variance_of(thin) + variance_of(thick)) / RUNS));
        }
}

static void a_run_goes_on_from_a_checkpoint_to_the_same_numbers(void **state)
{
    (void)state;
    method_scene whole, half, rest;
    hybrid_scene_make(&whole, PIECES(SMALL, FULL, "discrete"), "hybrid", 9, 0.1);
    hybrid_scene_make(&half, PIECES(SMALL, FULL, "discrete"), "hybrid", 9, 0.1);
    hybrid_scene_make(&rest, PIECES(SMALL, FULL, "discrete"), "hybrid", 9, 0.1);
    method_scene_to(&half, 20);
    method_scene_to(&whole, 20);
    assert_ok(rest.type->adopt(rest.stepper, rest.state));
    method_scene_copy(&half, &rest);
    method_scene_to(&rest, 40);
    method_scene_to(&whole, 40);
    assert_true(hybrid_scene_content(&whole, "right.L") > 0);
    method_scene_same(&whole, &rest);
    method_scene_free(&whole);
    method_scene_free(&half);
    method_scene_free(&rest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_fill_from_a_bath_by_the_master_equation),
        cmocka_unit_test(what_leaves_one_piece_reaches_the_other),
        cmocka_unit_test(pieces_that_are_alike_have_draws_of_their_own),
        cmocka_unit_test(layers_are_in_balance),
        cmocka_unit_test(a_run_goes_on_from_a_checkpoint_to_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
