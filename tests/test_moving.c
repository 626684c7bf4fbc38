/* Discrete molecules that diffuse, in the method `hybrid`: against known laws, mean-field where the
 * mean obeys it, and itself. Seeds are fixed; for fresh ones the false alarm of each statistical
 * test is below 1e-4 (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"

#include "base/vector.h"

static double total(const method_scene *s, const char *path)
{
    return lac_sum(hybrid_scene_values(s, path), s->grid->voxels) * s->grid->voxel_volume;
}

/* --- what is continuous follows the noise of molecules -----------------------------------------
 */

/* L: births at 3 mu, deaths at mu a molecule; S' = a L - b S. In voxels that hardly exchange L is
 * Poisson of mean 3, S has the variance a^2 3 / (b (b + mu)), and they the covariance
 * a 3 / (b + mu). */
static void noise_of_molecules_drives_what_is_continuous(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n"
        "  L: {unit: molecule, gel: {initial: 3.75e-4 molecule/um^3, diffusivity: 1e-6 um^2/s,\n"
        "    representation: discrete}}\n"
        "  S: {unit: molecule, gel: {initial: 3.75e-2 molecule/um^3}}\n"
        "reactions:\n"
        "  birth: {in: gel, equation: '-> L', rate: 0.02/s * 3.75e-4 molecule/um^3}\n"
        "  death: {in: gel, equation: 'L ->', rate: 0.02/s * L}\n"
        "  make: {in: gel, equation: 'L -> L + S', rate: 1/s * L}\n"
        "  lose: {in: gel, equation: 'S ->', rate: 0.01/s * S}\n"
        "tissue: {size: [1 mm, 20 um, 1 mm], voxel: 20 um}\nrun: {until: 600 s}\n";
    enum { VOXELS = 2500 };
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 3, 0.1);
    method_scene_to(&s, 600);
    const double *l = hybrid_scene_values(&s, "gel.L"), *x = hybrid_scene_values(&s, "gel.S");
    double mean[2] = {0}, square[3] = {0};
    for (size_t v = 0; v < VOXELS; v++) {
        const double n = l[v] * 8000, y = x[v] * 8000;
        assert_near(n, nearbyint(n), 1e-9);
        mean[0] += n / VOXELS;
        mean[1] += y / VOXELS;
        square[0] += n * n / VOXELS;
        square[1] += y * y / VOXELS;
        square[2] += n * y / VOXELS;
    }
    const double error = 4 * sqrt(2.0 / VOXELS);
    assert_near(mean[0], 3, 4 * sqrt(3.0 / VOXELS));
    assert_near(mean[1], 300, 4 * sqrt(10000.0 / VOXELS));
    assert_near(square[0] - mean[0] * mean[0], 3, 3 * error * 1.1);
    assert_near(square[1] - mean[1] * mean[1], 10000, 10000 * error);
    assert_near(square[2] - mean[0] * mean[1], 100, 4 * sqrt((3 * 10000 + 100 * 100.0) / VOXELS));
    method_scene_closes(&s, 1e-12);
    method_scene_free(&s);
}

/* --- one extent on both sides ------------------------------------------------------------------
 */

/* Molecules bind to a continuous partner that they use up: everywhere alike, so that the mean obeys
 * the rates. */
#define BINDING(L, R, K, D, SIZE)                                                                  \
    "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"                                                  \
    "species:\n"                                                                                   \
    "  L: {unit: molecule, gel: {initial: " L " molecule/um^3, diffusivity: " D " um^2/s,\n"       \
    "    representation: discrete}}\n"                                                             \
    "  R: {unit: molecule, gel: {initial: " R " molecule/um^3, diffusivity: " D " um^2/s}}\n"      \
    "  B: {unit: molecule, gel: {initial: 0 molecule/um^3}}\n"                                     \
    "parameters: {k: {value: " K " um^3/(molecule s)}}\n"                                          \
    "reactions:\n"                                                                                 \
    "  bind: {in: gel, equation: 'L + R -> B', rate: k * L * R}\n"                                 \
    "tissue: {size: " SIZE ", voxel: 20 um}\nrun: {until: 100 s}\n"

#define FEW BINDING("7.5e-3", "6e-3", "4", "200", "[100 um, 100 um, 100 um]")
#define MANY BINDING("7.5", "6", "0.004", "20", "[20 um, 20 um, 200 um]")

/* x' = k (l - x) (r - x) / V */
static double bound_at(double l, double r, double k, double volume, double time)
{
    const double e = exp(k / volume * (l - r) * time);
    return l * r * (e - 1) / (l * e - r);
}

static void molecules_and_a_continuous_partner_share_one_extent(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, FEW, "hybrid", 4, 0.3);
    method_scene_to(&s, 1e-3);
    const double l = total(&s, "gel.L"), r = total(&s, "gel.R"), b = total(&s, "gel.B");
    method_scene_to(&s, 100);
    const double bound = total(&s, "gel.B") - b;
    assert_near(l - total(&s, "gel.L"), nearbyint(bound), 1e-6);
    assert_near(bound, nearbyint(bound), 1e-6);
    assert_near(r - total(&s, "gel.R"), bound, 1e-6);
    method_scene_closes(&s, 1e-12);
    const double x = bound_at(7500, 6000, 4, 125 * 8000.0, 100);
    assert_near(bound + b, x, 4 * sqrt(x * (1 - x / 6000)));
    method_scene_free(&s);
}

/* Windows in which the partner changes by 30 %. */
static void a_partner_that_changes_is_followed_within_a_window(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, MANY, "hybrid", 4, 1);
    int windows = 0;
    for (; s.state->time < 100; windows++)
        assert_ok(s.type->step(s.stepper, s.state, 100));
    const double x = bound_at(600000, 480000, 0.004, 80000, 100);
    assert_true(windows < 60);
    assert_near(total(&s, "gel.B") / x, 1, 0.01);
    method_scene_free(&s);
}

/* --- sources in one place ----------------------------------------------------------------------
 */

#define SOURCE(REPRESENTATION)                                                                     \
    "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"                                                  \
    "species:\n"                                                                                   \
    "  C: {unit: cell, gel: {initial: 'if(x < 20 um and depth < 40 um, 1.25e-4 cell/um^3, 0 "      \
    "cell/um^3)'}}\n"                                                                              \
    "  L: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 'if(depth < 100 um, 50 "   \
    "um^2/s, 5 um^2/s)',\n    representation: " REPRESENTATION "}}\n"                              \
    "  S: {unit: molecule, gel: {initial: 0 molecule/um^3, representation: continuous}}\n"         \
    "reactions:\n"                                                                                 \
    "  make: {in: gel, equation: '-> L', rate: 'C * 20 molecule/(cell s)'}\n"                      \
    "  lose: {in: gel, equation: 'L ->', rate: '(0.01/s + 0.0001/(um s) * depth) * L'}\n"          \
    "  show: {in: gel, equation: 'L -> L + S', rate: 1/s * L}\n"                                   \
    "tissue: {size: [100 um, 20 um, 200 um], voxel: 20 um}\nrun: {until: 100 s}\n"

static void cells_in_one_place_secrete_with_the_right_mean(void **state)
{
    (void)state;
    enum { RUNS = 8, VOXELS = 50 };
    method_scene mean, s;
    double sum[2][VOXELS] = {{0}};
    hybrid_scene_make(&mean, SOURCE("continuous"), "mean-field", 1, 0.1);
    mean.model->settings.rtol = 1e-5;
    method_scene_to(&mean, 100);
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, SOURCE("discrete"), "hybrid", 10 + run, 0.1);
        method_scene_to(&s, 100);
        for (size_t v = 0; v < VOXELS; v++) {
            sum[0][v] += hybrid_scene_values(&s, "gel.L")[v] * 8000;
            sum[1][v] += hybrid_scene_values(&s, "gel.S")[v] * 8000;
        }
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
    double total_s = 0, total_mean = 0;
    for (size_t v = 0; v < VOXELS; v++) {
        const double l = hybrid_scene_values(&mean, "gel.L")[v] * 8000 * RUNS;
        assert_near(sum[0][v], l, 4 * sqrt(l + 1));
        total_s += sum[1][v];
        total_mean += hybrid_scene_values(&mean, "gel.S")[v] * 8000 * RUNS;
    }
    assert_near(total_s / total_mean, 1, 0.01);
    method_scene_free(&mean);
}

/* --- the same bits -----------------------------------------------------------------------------
 */

static void assert_same_values(const method_scene *a, const method_scene *b)
{
    assert_memory_equal(a->state->value, b->state->value,
                        a->state->layout.length * sizeof *a->state->value);
    assert_memory_equal(a->state->extent, b->state->extent,
                        a->state->processes * sizeof *a->state->extent);
}

static void threads_and_resuming_do_not_change_a_bit(void **state)
{
    (void)state;
    method_scene one, other;
    lac_threads_set(1);
    hybrid_scene_make(&one, FEW, "hybrid", 5, 0.1);
    method_scene_to(&one, 3);
    lac_threads_set(3);
    hybrid_scene_make(&other, FEW, "hybrid", 5, 0.1);
    method_scene_to(&other, 3);
    assert_same_values(&one, &other);
    method_scene_free(&other);
    hybrid_scene_make(&other, FEW, "hybrid", 5, 0.1);
    method_scene_copy(&one, &other);
    method_scene_to(&one, 6);
    method_scene_to(&other, 6);
    assert_same_values(&one, &other);
    method_scene_free(&one);
    method_scene_free(&other);
    lac_threads_set(0);
}

/* --- what it cannot do --------------------------------------------------------------------------
 */

static void assert_refused(const char *reactions, const char *sentence)
{
    char text[2048];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    snprintf(text, sizeof text,
             "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
             "species:\n"
             "  L: {gel: {initial: 1 pM, diffusivity: 50 um^2/s, representation: discrete}}\n"
             "  R: {gel: {initial: 1 pM}}\n"
             "  C: {unit: cell, gel: {initial: 1000 cell/mm^3}}\n"
             "reactions:\n  one: {in: gel, %s}\n"
             "tissue: {size: [20 um, 20 um, 200 um], voxel: 20 um}\n"
             "run: {until: 1 d, method: hybrid}\n",
             reactions);
    assert_int_equal(
        lac_scenario_load(
            &(lac_scenario_origin){.path = "scene.yaml", .text = text, .directory = "."}, &list,
            &model),
        LAC_INPUT);
    assert_text_has(lac_text_of(&list.text), "scene.yaml:8:");
    assert_text_has(lac_text_of(&list.text), sentence);
    lac_diagnostics_free(&list);
}

static void what_it_cannot_do_with_molecules_is_told_with_its_place(void **state)
{
    (void)state;
    assert_refused("equation: 'L ->', rate: 1/s * L / (1 + L / (1 pM))",
                   "the rate of 'one' is no multiple of 'gel.L'");
    assert_refused("equation: 'L ->', rate: 1 pM/s", "the rate of 'one' is no multiple of 'gel.L'");
    assert_refused("equation: 'R ->', rate: '1/s * R * hill(L, 1 pM, 2)'",
                   "the rate of 'one' is not linear in 'gel.L'");
    assert_refused("equation: 'L + C -> C + C', rate: 1/(pM s) * L * C / (1 cell/mm^3) * 1 pM",
                   "'one' changes 'gel.C' and what is discrete and diffuses");
}

/* --- what windows leave where molecules meet -----------------------------------------------------
 */

static double stated(const method_scene *s, const char *path, size_t region)
{
    const lac_account *account = s->type->account(s->stepper);
    for (size_t row = 0; row < account->rows; row++)
        if (account->variable[row] == method_scene_variable(s, path) &&
            account->region[row] == region)
            return account->bias[row];
    fail_msg("%s has no account", path);
    return 0;
}

static double ruled_by(const method_scene *s, const char *bound)
{
    const lac_account *account = s->type->account(s->stepper);
    for (size_t k = 0; k < account->bounds; k++)
        if (strcmp(account->bound[k], bound) == 0)
            return account->ruled[k];
    return 0;
}

/* A front: C lacks what A and B have too much of, in all and in each half; when windows are cut
 * into steps, what cut them is counted. The size of it: test_molecule_pairs.c. */
static void what_long_windows_leave_of_a_front_is_stated(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"
        "species:\n"
        "  A: {unit: molecule, gel: {representation: discrete, diffusivity: 4 um^2/s,\n"
        "    initial: {left: 1 molecule/um^3, default: 0 molecule/um^3}}}\n"
        "  B: {unit: molecule, gel: {representation: discrete, diffusivity: 4 um^2/s,\n"
        "    initial: {left: 0 molecule/um^3, default: 2 molecule/um^3}}}\n"
        "  C: {unit: molecule, gel: {representation: discrete, diffusivity: 1 um^2/s,\n"
        "    initial: 0 molecule/um^3}}\n"
        "  W: {bath: {initial: 1 pM}}\n"
        "reactions:\n"
        "  meet: {in: gel, equation: A + B -> C, rate: 1 um^3/(molecule s) * A * B}\n"
        "tissue: {size: [16 um, 32 um, 32 um], voxel: 2 um,\n"
        "  boxes: {left: {x: [0 um, 8 um]}, right: {x: [8 um, 16 um]}}}\n"
        "run: {until: 2 s}\n";
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 5, 0.1);
    method_scene_to(&s, 2);
    const double of_c = stated(&s, "gel.C", LAC_NONE);
    assert_true(of_c < 0);
    assert_near(stated(&s, "gel.C", 0) + stated(&s, "gel.C", 1), of_c, 1e-9);
    assert_true(ruled_by(&s, "within windows: meetings") > ruled_by(&s, "windows of molecules"));
    assert_near(stated(&s, "gel.A", LAC_NONE), -of_c, 1e-6 * fabs(of_c));
    assert_near(stated(&s, "gel.B", LAC_NONE), -of_c, 1e-6 * fabs(of_c));
    method_scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_molecules_drives_what_is_continuous),
        cmocka_unit_test(molecules_and_a_continuous_partner_share_one_extent),
        cmocka_unit_test(a_partner_that_changes_is_followed_within_a_window),
        cmocka_unit_test(cells_in_one_place_secrete_with_the_right_mean),
        cmocka_unit_test(what_long_windows_leave_of_a_front_is_stated),
        cmocka_unit_test(threads_and_resuming_do_not_change_a_bit),
        cmocka_unit_test(what_it_cannot_do_with_molecules_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
