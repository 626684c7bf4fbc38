/* Random starts: covariance of an ensemble, marginal distributions, whole numbers, and what a seed
 * settles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "model/write.h"
#include "run/simulation.h"
#include "testlib.h"
#include "tissue/random_field.h"

#include <math.h>

/* Sides that differ. */
#define PLAIN                                                                                      \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"                     \
    "tissue: {size: [%d um, %d um, %d um], voxel: [20 um, 10 um, 40 um]}\n"

static lac_model *load(const char *text, int nx, int ny, int nz)
{
    char whole[4096];
    lac_model *model = NULL;
    lac_diagnostics list = {0};
    snprintf(whole, sizeof whole, PLAIN "%s", 20 * nx, 10 * ny, 40 * nz, text);
    if (lac_scenario_load(
            &(lac_scenario_origin){.path = "start.yaml", .text = whole, .directory = "."}, &list,
            &model) != LAC_OK)
        fail_msg("%s", lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return model;
}

static lac_simulation *start(const lac_model *model)
{
    lac_simulation *made = NULL;
    const lac_run_options options = {0};
    assert_ok(lac_simulation_create(model, &options, &made));
    return made;
}

static const double *field_of(const lac_simulation *made, const lac_model *model, const char *path)
{
    const lac_state *state = lac_simulation_state(made);
    for (size_t variable = 0; variable < model->variables; variable++)
        if (strcmp(model->variable[variable].path, path) == 0)
            return state->value + lac_layout_at(&state->layout, variable);
    fail_msg("no variable %s", path);
    return NULL;
}

/* --- covariance ------------------------------------------------------------------------------- */

static double expected(const lac_grid *grid, const lac_random_field *field, size_t a, size_t b)
{
    double product = 1;
    for (int axis = 0; axis < 3; axis++) {
        double r = fabs(grid->position[axis][a] - grid->position[axis][b]) / field->length[axis];
        product *= field->covariance == LAC_COVARIANCE_GAUSSIAN ? exp(-r * r) : exp(-r);
    }
    return product;
}

/* Products of two normals with correlation c have the standard error sqrt((1 + c^2) / draws). */
static void expect_covariance(lac_covariance kind)
{
    enum { DRAWS = 4000 };
    char id[] = "patchy";
    lac_model *model = load("run: {until: 1 d}\n", 7, 6, 5);
    lac_grid *grid = NULL;
    const lac_random_field field = {.id = id, .length = {50, 25, 60}, .covariance = kind};
    assert_ok(lac_grid_create(model, &grid));
    double *value = lac_alloc(grid->voxels, sizeof *value);
    double *product = lac_alloc(grid->voxels, sizeof *product);
    size_t reference = 3 + 7 * (2 + 6 * 2), beyond = 0;
    assert_true(value && product);
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        assert_ok(
            lac_random_field_draw(grid, &field, lac_random_key_of(5, draw, LAC_FOR_FIELDS), value));
        for (size_t voxel = 0; voxel < grid->voxels; voxel++)
            product[voxel] += value[reference] * value[voxel] / DRAWS;
    }
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double c = expected(grid, &field, reference, voxel);
        double z = (product[voxel] - c) / sqrt((1 + c * c) / DRAWS);
        beyond += fabs(z) > 2;
        if (fabs(z) > 4)
            fail_msg("voxel %zu: covariance %.4f, not %.4f", voxel, product[voxel], c);
    }
    assert_true(beyond < grid->voxels / 5);
    lac_free(value);
    lac_free(product);
    lac_grid_free(grid);
    lac_model_free(model);
}

static void an_ensemble_has_the_gaussian_covariance_on_voxels_with_unequal_sides(void **state)
{
    (void)state;
    expect_covariance(LAC_COVARIANCE_GAUSSIAN);
}

static void an_ensemble_has_the_exponential_covariance_on_voxels_with_unequal_sides(void **state)
{
    (void)state;
    expect_covariance(LAC_COVARIANCE_EXPONENTIAL);
}

/* A length of many voxels: the smooth covariance is singular to rounding there. */
static void a_long_correlation_gives_smooth_fields_of_variance_one(void **state)
{
    (void)state;
    char id[] = "smooth";
    double sum = 0;
    lac_model *model = load("run: {until: 1 d}\n", 200, 1, 1);
    lac_grid *grid = NULL;
    const lac_random_field field = {.id = id, .length = {1000, 0, 0}};
    assert_ok(lac_grid_create(model, &grid));
    double *value = lac_alloc(grid->voxels, sizeof *value);
    assert_non_null(value);
    for (uint64_t draw = 0; draw < 400; draw++) {
        assert_ok(
            lac_random_field_draw(grid, &field, lac_random_key_of(6, draw, LAC_FOR_FIELDS), value));
        for (size_t voxel = 0; voxel < 200; voxel++)
            sum += value[voxel] * value[voxel] / 80000;
        for (size_t voxel = 1; voxel < 200; voxel++)
            assert_true(fabs(value[voxel] - value[voxel - 1]) < 6 * 20 * sqrt(2) / 1000);
    }
    assert_near(sum, 1, 0.25);
    lac_free(value);
    lac_grid_free(grid);
    lac_model_free(model);
}

/* --- distributions ---------------------------------------------------------------------------- */

static const char several[] =
    "parameters: {middle: {value: 3, kind: assumption, source: none}}\n"
    "random:\n"
    "  rough: {normal: {mean: 0, sd: 1}}\n"
    "  wide: {uniform: [0.2, 0.6]}\n"
    "species:\n"
    "  P: {unit: 1, gel: {initial: {random: {lognormal: {median: middle, gsd: 1.5}}}}}\n"
    "  U: {unit: 1, gel: {initial: wide}}\n"
    "  L: {unit: 1, gel: {initial: {random: {loguniform: [0.1, 10]}}}}\n"
    "  N: {unit: 1, gel: {initial: '2 + 0.5 * rough', signed: true}}\n"
    "  Z: {gel: {initial: {random: {normal: {mean: 100 pM, sd: 10 pM}}}}}\n"
    "  C: {unit: cell, gel: {initial: {poisson: '1e6 cell/mm^3 * (1 + depth / 1 mm)'}}}\n"
    "  M: {unit: cell, gel: {initial: {multinomial: {random: {lognormal: {median: 1e5 cell/mm^3, "
    "gsd: 3}}}}}}\n"
    "  B: {unit: cell, bath: {initial: {poisson: 5e7 cell}, total: true}}\n"
    "run: {until: 1 d, seed: 11}\n";

/* Mean and sd of f over n values. */
static void moments(const double *value, size_t n, double (*f)(double), double *mean, double *sd)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        sum += f(value[i]);
    *mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        square += pow(f(value[i]) - *mean, 2);
    *sd = sqrt(square / (double)n);
}

static double same(double x)
{
    return x;
}

static const lac_model *model_of_moments;

static void expect_moments(const lac_simulation *made, const char *path, double (*f)(double),
                           double mean, double sd)
{
    enum { VOXELS = 40 * 20 * 10 };
    double found, spread;
    moments(field_of(made, model_of_moments, path), VOXELS, f, &found, &spread);
    assert_near(found, mean, 4 * sd / sqrt(VOXELS));
    assert_near(spread, sd, 5 * sd / sqrt(2.0 * VOXELS));
}

static void values_have_the_distributions_that_were_asked_for(void **state)
{
    (void)state;
    lac_model *model = load(several, 40, 20, 10);
    lac_simulation *made = start(model);
    model_of_moments = model;
    const double pM = 1e-12 * 6.02214076e23 / 1e15;
    expect_moments(made, "gel.P", log, log(3), log(1.5));
    expect_moments(made, "gel.U", same, 0.4, 0.4 / sqrt(12));
    expect_moments(made, "gel.L", log, 0, log(100) / sqrt(12));
    expect_moments(made, "gel.N", same, 2, 0.5);
    expect_moments(made, "gel.Z", same, 100 * pM, 10 * pM);
    lac_simulation_free(made);
    lac_model_free(model);
}

static void whole_numbers_are_whole_and_have_their_mean(void **state)
{
    (void)state;
    lac_model *model = load(several, 40, 20, 10);
    lac_simulation *made = start(model);
    const lac_grid *grid = lac_simulation_grid(made);
    const double *poisson = field_of(made, model, "gel.C"),
                 *shared = field_of(made, model, "gel.M");
    double chi = 0, total = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double mean = 1e-3 * (1 + grid->position[2][voxel] / 1000) * grid->voxel_volume;
        double count = poisson[voxel] * grid->voxel_volume;
        assert_near(count, round(count), 1e-9);
        chi += pow(count - mean, 2) / mean;
        total += shared[voxel] * grid->voxel_volume;
    }
    double freedom = (double)grid->voxels;
    assert_near(chi, freedom, 5 * sqrt(2 * freedom));
    assert_near(total, round(total), 1e-6);
    double pool = *field_of(made, model, "bath.B");
    assert_near(pool, round(pool), 0);
    assert_near(pool, 5e7, 5 * sqrt(5e7));
    assert_true(pool != 5e7);
    lac_simulation_free(made);
    lac_model_free(model);
}

static void a_multinomial_keeps_the_total(void **state)
{
    (void)state;
    lac_model *model = load("species: {C: {unit: cell, gel: {initial: {multinomial: 1e5 cell/mm^3 "
                            "* (1 + depth / 1 mm)}}}}\nrun: {until: 1 d, seed: 3}\n",
                            10, 10, 10);
    double first = 0, spread = 0;
    for (int replicate = 0; replicate < 20; replicate++) {
        double sum = 0;
        model->settings.replicate = replicate;
        lac_simulation *made = start(model);
        const double *value = field_of(made, model, "gel.C");
        for (size_t voxel = 0; voxel < 1000; voxel++)
            sum += value[voxel] * 8000;
        assert_near(sum, 960, 1e-9); /* 1e-4 * 8000 * 1000 voxels * (1 + 0.2) */
        spread += fabs(value[17] - first);
        first = value[17];
        lac_simulation_free(made);
    }
    assert_true(spread > 0);
    lac_model_free(model);
}

/* --- what settles a draw ---------------------------------------------------------------------- */

static void expect_same(const lac_simulation *a, const lac_simulation *b, bool same_bits)
{
    const lac_state *left = lac_simulation_state(a), *right = lac_simulation_state(b);
    assert_int_equal(left->layout.length, right->layout.length);
    assert_true((memcmp(left->value, right->value, left->layout.length * sizeof *left->value) ==
                 0) == same_bits);
}

static void the_seed_the_replicate_and_the_name_settle_what_is_drawn(void **state)
{
    (void)state;
    lac_model *model = load(several, 40, 20, 10);
    lac_text text = {0};
    lac_model *again = NULL;
    lac_diagnostics list = {0};
    lac_threads_set(1);
    lac_simulation *one = start(model);
    lac_threads_set(3);
    lac_simulation *three = start(model);
    lac_threads_set(0);
    expect_same(one, three, true);
    model->settings.replicate = 1;
    lac_simulation *other = start(model);
    expect_same(one, other, false);
    assert_ok(lac_simulation_reset(one)); /* draws the new replicate */
    expect_same(one, other, true);
    lac_model_write(model, &text);
    assert_ok(lac_scenario_load(
        &(lac_scenario_origin){.path = "again.yaml", .text = lac_text_of(&text), .directory = "."},
        &list, &again));
    lac_simulation *written = start(again);
    expect_same(other, written, true);
    model->settings.seed = 12;
    lac_simulation *seeded = start(model);
    expect_same(other, seeded, false);
    lac_simulation_free(one);
    lac_simulation_free(three);
    lac_simulation_free(other);
    lac_simulation_free(written);
    lac_simulation_free(seeded);
    lac_text_free(&text);
    lac_diagnostics_free(&list);
    lac_model_free(again);
    lac_model_free(model);
}

static void all_methods_start_from_the_same_draw(void **state)
{
    (void)state;
    static const char *const methods[] = {"mean-field", "exact", "hybrid"};
    double first[1000];
    for (int method = 0; method < 3; method++) {
        lac_model *model = load("species: {C: {unit: cell, gel: {initial: {poisson: 1e5 "
                                "cell/mm^3}}}}\nrun: {until: 1 d, seed: 3}\n",
                                10, 10, 10);
        snprintf(model->settings.method, sizeof model->settings.method, "%s", methods[method]);
        lac_simulation *made = start(model);
        const double *value = field_of(made, model, "gel.C");
        if (method == 0)
            memcpy(first, value, sizeof first);
        assert_memory_equal(first, value, sizeof first);
        lac_simulation_free(made);
        lac_model_free(model);
    }
}

static void without_a_seed_nothing_is_drawn(void **state)
{
    (void)state;
    lac_model *model = load(several, 4, 2, 2);
    lac_simulation *made = NULL;
    const lac_run_options options = {0};
    model->settings.seed = -1;
    assert_int_equal(lac_simulation_create(model, &options, &made), LAC_INPUT);
    assert_text_has(lac_failure(), "gel.P needs a seed");
    lac_model_free(model);
}

static void what_falls_below_zero_is_told(void **state)
{
    (void)state;
    lac_model *model = load("species: {A: {unit: 1, gel: {initial: {random: {normal: {mean: 1, sd: "
                            "1}}}}}}\nrun: {until: 1 d, seed: 3}\n",
                            10, 10, 1);
    lac_simulation *made = NULL;
    const lac_run_options options = {0};
    assert_int_equal(lac_simulation_create(model, &options, &made), LAC_INPUT);
    assert_text_has(lac_failure(), "the random initial value of gel.A is -");
    lac_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ensemble_has_the_gaussian_covariance_on_voxels_with_unequal_sides),
        cmocka_unit_test(an_ensemble_has_the_exponential_covariance_on_voxels_with_unequal_sides),
        cmocka_unit_test(a_long_correlation_gives_smooth_fields_of_variance_one),
        cmocka_unit_test(values_have_the_distributions_that_were_asked_for),
        cmocka_unit_test(whole_numbers_are_whole_and_have_their_mean),
        cmocka_unit_test(a_multinomial_keeps_the_total),
        cmocka_unit_test(the_seed_the_replicate_and_the_name_settle_what_is_drawn),
        cmocka_unit_test(all_methods_start_from_the_same_draw),
        cmocka_unit_test(without_a_seed_nothing_is_drawn),
        cmocka_unit_test(what_falls_below_zero_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
