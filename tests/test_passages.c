/* Discrete molecules that diffuse and pass boundaries, in the method `hybrid`. Molecules that come
 * from a bath that does not notice are independent of each other: their numbers are Poisson with
 * the mean of mean-field. Seeds are fixed; for fresh ones the false alarm of each statistical test
 * is below 1e-4 (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"

#include "base/vector.h"

/* A slab of two layers, empty at first; the partition goes with what the voxels hold of S. */
#define SLAB(BATH, BOUNDARY, REPRESENTS, REPRESENTATION)                                           \
    "lacuna: 1\ndomains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: " BATH "}}\n"      \
    "species:\n"                                                                                   \
    "  L: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 'if(depth < 40 um, 50 "    \
    "um^2/s, 20 um^2/s)',\n"                                                                       \
    "    partition: 'S / (1 molecule/um^3)', representation: " REPRESENTATION "},\n"               \
    "    bath: {initial: 0.01 molecule/um^3}}\n"                                                   \
    "  S: {unit: molecule, gel: {initial: '0.2 molecule/um^3 + x * 0.002 molecule/um^4'}}\n"       \
    "reactions: {fade: {in: gel, equation: L ->, rate: 0.01/s * L}}\n" BOUNDARY "\n"               \
    "tissue: {size: [200 um, 100 um, 100 um], voxel: 20 um" REPRESENTS "}\nrun: {until: 100 s}\n"

#define MEMBRANE                                                                                   \
    "interfaces: {top: {between: [gel.top, bath], exchange: [L], permeability: 2 um/s}}"
#define PATCH ", represents: {area: 0.02 mm^2, feedback: patch}"
#define LARGE "1 mL"
#define SMALL "4e-5 uL"

enum { VOXELS = 250 };

static double count_of(const method_scene *s)
{
    return lac_sum(hybrid_scene_values(s, "gel.L"), VOXELS) * 8000;
}

/* Counts of all voxels against Poisson laws with the mean of mean-field, at two times. */
static void assert_poisson(const char *discrete, const char *continuous)
{
    enum { RUNS = 6 };
    static const double time[2] = {10, 100};
    method_scene mean, s;
    double sum[2][VOXELS] = {{0}}, expected[2][VOXELS], spread[2] = {0};
    hybrid_scene_make(&mean, continuous, "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-6;
    for (int k = 0; k < 2; k++) {
        method_scene_to(&mean, time[k]);
        for (size_t v = 0; v < VOXELS; v++)
            expected[k][v] = hybrid_scene_values(&mean, "gel.L")[v] * 8000;
    }
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, discrete, "hybrid", 20 + run, 0.1);
        for (int k = 0; k < 2; k++) {
            method_scene_to(&s, time[k]);
            for (size_t v = 0; v < VOXELS; v++) {
                const double n = hybrid_scene_values(&s, "gel.L")[v] * 8000;
                assert_near(n, nearbyint(n), 1e-9);
                sum[k][v] += n;
                spread[k] += (n - expected[k][v]) * (n - expected[k][v]) / expected[k][v];
            }
        }
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
    for (int k = 0; k < 2; k++) {
        double inverse = 0;
        for (size_t v = 0; v < VOXELS; v++) {
            inverse += RUNS / expected[k][v];
            assert_near(sum[k][v], RUNS * expected[k][v],
                        4.5 * sqrt(RUNS * expected[k][v]) + 2); /* many voxels */
        }
        double total = 0, of = 0;
        for (size_t v = 0; v < VOXELS; v++) {
            total += sum[k][v];
            of += RUNS * expected[k][v];
        }
        assert_near(total, of, 4 * sqrt(of));
        assert_near(spread[k], RUNS * VOXELS, 4 * sqrt(2.0 * RUNS * VOXELS + inverse));
    }
    method_scene_free(&mean);
}

static void a_slab_fills_from_a_bath_by_the_master_equation(void **state)
{
    (void)state;
    assert_poisson(SLAB(LARGE, MEMBRANE, PATCH, "discrete"),
                   SLAB(LARGE, MEMBRANE, PATCH, "continuous"));
}

static void a_given_value_and_a_flux_feed_by_the_master_equation(void **state)
{
    (void)state;
#define WALLS                                                                                      \
    "boundaries:\n  top: {at: gel.top, species: L, value: 0.02 molecule/um^3}\n"                   \
    "  low: {at: gel.bottom, species: L, flux: 0.01 molecule/(um^2 s)}"
    assert_poisson(SLAB(LARGE, WALLS, PATCH, "discrete"), SLAB(LARGE, WALLS, PATCH, "continuous"));
}

/* All is linear, so the bath's mean is that of mean-field though molecules use it up. */
static void what_enters_the_tissue_leaves_the_bath(void **state)
{
    (void)state;
    enum { RUNS = 30 };
    method_scene mean, s;
    double sum = 0, square = 0;
    hybrid_scene_make(&mean, SLAB(SMALL, MEMBRANE, PATCH, "continuous"), "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-6;
    method_scene_to(&mean, 30);
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, SLAB(SMALL, MEMBRANE, PATCH, "discrete"), "hybrid", 60 + run, 0.3);
        method_scene_to(&s, 30);
        const double there = hybrid_scene_content(&s, "bath.L");
        const size_t fade = 0;
        assert_near(400 - there, count_of(&s) + s.state->extent[fade], 1e-9);
        method_scene_closes(&s, 1e-12);
        sum += there;
        square += there * there;
        method_scene_free(&s);
    }
    const double average = sum / RUNS;
    const double error = sqrt((square / RUNS - average * average) / RUNS);
    assert_true(error > 0);
    assert_near(average, hybrid_scene_content(&mean, "bath.L"), 4 * error);
    method_scene_free(&mean);
}

/* Where the patch stands for a joint its pools are those of mean-field, bit for bit. */
static void the_bath_of_a_joint_feels_the_mean(void **state)
{
    (void)state;
#define JOINT ", represents: {area: 100 cm^2}"
    method_scene mean, s;
    hybrid_scene_make(&mean, SLAB(LARGE, MEMBRANE, JOINT, "continuous"), "mean-field", 1, 0.1);
    hybrid_scene_make(&s, SLAB(LARGE, MEMBRANE, JOINT, "discrete"), "hybrid", 3, 0.1);
    method_scene_to(&mean, 100);
    method_scene_to(&s, 100);
    assert_true(*hybrid_scene_values(&mean, "bath.L") == *hybrid_scene_values(&s, "bath.L"));
    const double expected = count_of(&mean);
    assert_near(count_of(&s), expected, 4 * sqrt(expected));
    assert_true(count_of(&s) != expected);
    method_scene_closes(&s, 1e-12);
    method_scene_free(&mean);
    method_scene_free(&s);
}

/* A bath of 8 molecules, which are counted there too and may be cleared. */
#define FEW(REPRESENTATION, CLEARED, PARTITION) FEW_IN(REPRESENTATION, CLEARED, PARTITION, "")
#define FEW_IN(REPRESENTATION, CLEARED, PARTITION, REPRESENTS)                                     \
    "lacuna: 1\ndomains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1e-3 uL}}\n"       \
    "species:\n"                                                                                   \
    "  L: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 'if(depth < 40 um, 50 "    \
    "um^2/s, 20 um^2/s)',\n"                                                                       \
    "    partition: " PARTITION ", representation: " REPRESENTATION "},\n"                         \
    "    bath: {initial: 8e-6 molecule/um^3, representation: " REPRESENTATION "}}\n"               \
    "  S: {unit: molecule, gel: {initial: '0.2 molecule/um^3'}}\n"                                 \
    "reactions:\n  fade: {in: gel, equation: L ->, rate: 0.01/s * L}\n"                            \
    "  clear: {in: bath, equation: L ->, rate: " CLEARED " * L}\n"                                 \
    "interfaces: {top: {between: [gel.top, bath], exchange: [L], permeability: 2 um/s},\n"         \
    "  low: {between: [gel.bottom, bath], exchange: [L], permeability: 1 um/s}}\n"                 \
    "tissue: {size: [200 um, 100 um, 100 um], voxel: 20 um" REPRESENTS "}\nrun: {until: 100 s}\n"

/* Molecules know nothing of each other: those in the bath are binomial, with the mean of
 * mean-field.
 */
static void assert_binomial(const char *discrete, const char *continuous)
{
    enum { RUNS = 250, TIMES = 2, ALL = 8 };
    static const double time[TIMES] = {10, 60};
    double sum[TIMES] = {0}, square[TIMES] = {0};
    method_scene mean, s;
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, discrete, "hybrid", 200 + run, 0.1);
        for (int k = 0; k < TIMES; k++) {
            method_scene_to(&s, time[k]);
            const double there = hybrid_scene_content(&s, "bath.L");
            const double lost = s.state->extent[0] + s.state->extent[1];
            assert_near(there + count_of(&s) + lost, ALL, 1e-9);
            assert_near(there, nearbyint(there), 1e-9);
            sum[k] += there;
            square[k] += there * there;
        }
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
    hybrid_scene_make(&mean, continuous, "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-6;
    for (int k = 0; k < TIMES; k++) {
        method_scene_to(&mean, time[k]);
        const double m = hybrid_scene_content(&mean, "bath.L"), variance = m * (1 - m / ALL);
        const double found = sum[k] / RUNS, spread = square[k] / RUNS - found * found;
        assert_near(found, m, 4 * sqrt(variance / RUNS));
        assert_near(spread, variance, 4 * variance * sqrt(3.0 / RUNS));
    }
    method_scene_free(&mean);
}

static void the_last_molecules_of_a_bath_pass_one_by_one(void **state)
{
    (void)state;
    assert_binomial(FEW("discrete", "0/s", "1.5"), FEW("continuous", "0/s", "1.5"));
}

static void what_is_counted_in_a_bath_is_cleared_and_passes(void **state)
{
    (void)state;
    assert_binomial(FEW("discrete", "0.01/s", "0.4"), FEW("continuous", "0.01/s", "0.4"));
}

static void a_molecule_that_is_many_elsewhere_is_refused(void **state)
{
    (void)state;
    static const char *const text =
        FEW_IN("discrete", "0/s", "1.5", ", represents: {area: 1 mm^2, feedback: patch}");
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    const lac_override overrides[] = {{"run.method", "hybrid"}};
    const lac_scenario_origin origin = {.path = "scene.yaml",
                                        .text = text,
                                        .directory = ".",
                                        .override = overrides,
                                        .overrides = 1};
    assert_int_equal(lac_scenario_load(&origin, &list, &model), LAC_INPUT);
    assert_text_has(lac_text_of(&list.text),
                    "error: 'bath.L' is discrete and the tissue represents a larger one");
    lac_diagnostics_free(&list);
}

static void a_flux_outward_is_refused_with_its_place(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s,
                      SLAB(LARGE,
                           "boundaries:\n  low: {at: gel.bottom, species: L, flux: -0.01 "
                           "molecule/(um^2 s)}",
                           PATCH, "discrete"),
                      "hybrid", 3, 0.1);
    assert_int_equal(method_scene_try_to(&s, 10), LAC_NUMERICS);
    assert_non_null(strstr(lac_failure(), "of gel.L is -0.01 in voxel (x, y, z) = (0, 0, 4)"));
    assert_non_null(strstr(lac_failure(), "scene.yaml:"));
    method_scene_free(&s);
}

static void assert_resumed(const char *text)
{
    method_scene a, b;
    hybrid_scene_make(&a, text, "hybrid", 5, 0.1);
    hybrid_scene_make(&b, text, "hybrid", 5, 0.1);
    method_scene_to(&a, 2);
    method_scene_copy(&a, &b);
    method_scene_to(&a, 5);
    method_scene_to(&b, 5);
    assert_memory_equal(a.state->value, b.state->value,
                        a.state->layout.length * sizeof *a.state->value);
    assert_memory_equal(a.state->flux, b.state->flux, a.state->boundaries * sizeof *a.state->flux);
    method_scene_free(&a);
    method_scene_free(&b);
}

static void a_resumed_run_has_the_same_bits(void **state)
{
    (void)state;
    assert_resumed(SLAB(SMALL, MEMBRANE, PATCH, "discrete"));
    assert_resumed(FEW("discrete", "0.01/s", "0.4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slab_fills_from_a_bath_by_the_master_equation),
        cmocka_unit_test(a_given_value_and_a_flux_feed_by_the_master_equation),
        cmocka_unit_test(what_enters_the_tissue_leaves_the_bath),
        cmocka_unit_test(the_last_molecules_of_a_bath_pass_one_by_one),
        cmocka_unit_test(what_is_counted_in_a_bath_is_cleared_and_passes),
        cmocka_unit_test(the_bath_of_a_joint_feels_the_mean),
        cmocka_unit_test(a_molecule_that_is_many_elsewhere_is_refused),
        cmocka_unit_test(a_flux_outward_is_refused_with_its_place),
        cmocka_unit_test(a_resumed_run_has_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
