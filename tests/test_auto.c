/* `representation: auto`: discrete while few, continuous while many. Seeds are fixed; for fresh
 * ones the false alarm of each statistical test is below 1e-4 (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"

#include "base/vector.h"
#include "moments.h"
#include "tissue/account.h"

static void assert_in(double x, double low, double high)
{
    if (!(x >= low && x <= high))
        fail_msg("%g is not from %g to %g", x, low, high);
}

/* --- an outbreak of births that fades ------------------------------------------------------------
 */

/* 60 a minute for ten minutes, each for ten minutes in the mean: n(t) rises to 379 and decays. */
#define BURST(REPRESENTATION)                                                                        \
    "lacuna: 1\ndomains: {dish: {kind: well-mixed, volume: 1 mm^3}}\n"                               \
    "species: {X: {unit: cell, dish: {initial: 0 cell, total: true, representation: " REPRESENTATION \
    "}}}\n"                                                                                          \
    "reactions:\n  birth: {in: dish, equation: -> X, rate: 'if(t < 10 min, 60 cell/min, 0 "          \
    "cell/min)'}\n  death: {in: dish, equation: X ->, rate: 0.1/min * X}\nrun: {until: 60 min}\n"

static double burst_mean(double minutes)
{
    const double peak = 600 * (1 - exp(-fmin(minutes, 10) / 10));
    return peak * exp(-fmax(minutes - 10, 0) / 10);
}

/* Births, and deaths of each alone: the law is Poisson with that mean. What is lost while it is
 * continuous leaves the mean; from 100 on n are binomial, of variance m (1 - m/100). */
static void a_burst_has_the_mean_of_its_law(void **state)
{
    (void)state;
    enum { RUNS = 600, TIMES = 4 };
    static const double at[TIMES] = {3, 10, 30, 45};
    moments found[TIMES] = {{0}};
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        hybrid_scene_make(&s, BURST("auto"), "hybrid", 100 + run, 0.1);
        for (int k = 0; k < TIMES; k++) {
            method_scene_to(&s, at[k] * 60);
            sample(&found[k], hybrid_scene_content(&s, "dish.X"));
        }
        const lac_account *account = s.type->account(s.stepper);
        assert_near(account->to_continuous[0], 1, 0);
        assert_near(account->to_discrete[0], 1, 0);
        assert_near(account->is_discrete[0], 1, 0);
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
    for (int k = 0; k < TIMES; k++) {
        const double m = burst_mean(at[k]);
        assert_near(mean_of(&found[k]), m, 4 * sqrt(m / RUNS));
    }
    const double m = burst_mean(45), least = m * (1 - m / 100);
    assert_in(variance_of(&found[3]), least * (1 - 4 * sqrt(2.0 / RUNS)),
              m * (1 + 4 * sqrt(2.0 / RUNS)));
}

/* --- what is conserved ---------------------------------------------------------------------------
 */

/* 1000 molecules that are here in one half of the time and there in the other. */
#define TIDE(REPRESENTATION, THERE)                                                                     \
    "lacuna: 1\ndomains: {dish: {kind: well-mixed, volume: 1 mm^3}}\nspecies:\n"                        \
    "  A: {unit: cell, dish: {initial: 1000 cell, total: true, representation: " REPRESENTATION         \
    "}}\n  B: {unit: cell, dish: {initial: " THERE                                                      \
    " cell, total: true, representation: " REPRESENTATION "}}\nreactions:\n"                            \
    "  there: {in: dish, equation: A -> B, rate: 'if(sin(t * 0.1/min) > 0, 1, 0.01) * 0.3/min * A'}"    \
    "\n  back: {in: dish, equation: B -> A, rate: 'if(sin(t * 0.1/min) < 0, 1, 0.01) * 0.3/min * B'}\n" \
    "run: {until: 2000 min}\n"

static void nothing_is_lost_however_often_it_changes(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, TIDE("auto", "0"), "hybrid", 7, 0.1);
    const lac_account *account = s.type->account(s.stepper);
    for (int k = 1; k <= 1000; k++) {
        method_scene_to(&s, k * 120.0);
        const double a = hybrid_scene_content(&s, "dish.A"), b = hybrid_scene_content(&s, "dish.B");
        /* Each owes less than one; where both are whole the sum is. */
        assert_near(a + b, 1000, 2);
        for (int v = 0; v < 2; v++)
            assert_near(s.state->added[v], 0, 1);
        for (int v = 0; v < 2; v++)
            if (account->is_discrete[v] != 0)
                assert_near(v ? b : a, nearbyint(v ? b : a), 1e-9);
    }
    for (int v = 0; v < 2; v++) {
        assert_in(account->to_discrete[v], 30, 33);
        assert_in(account->to_continuous[v], 30, 33);
        assert_in(account->time_discrete[v] / s.state->time, 0.2, 0.7);
    }
    method_scene_closes(&s, 1e-12);
    method_scene_free(&s);
}

/* --- hysteresis ----------------------------------------------------------------------------------
 */

static void between_the_thresholds_it_stays_what_it_was(void **state)
{
    (void)state;
    static const char *const text =
        "lacuna: 1\ndomains: {dish: {kind: well-mixed, volume: 1 mm^3}}\n"
        "species: {X: {unit: cell, dish: {initial: %g cell, total: true, representation: "
        "{discrete_below: 100, continuous_above: 300}}},\n"
        "  Y: {unit: cell, dish: {initial: 1 cell, total: true}}}\n"
        "reactions:\n  in: {in: dish, equation: -> X, rate: '(150 + 60 * sin(t * 1/min)) * 1 "
        "cell/min'}\n  out: {in: dish, equation: X ->, rate: 1/min * X}\n"
        "  aside: {in: dish, equation: Y ->, rate: 0.001/min * Y}\nrun: {until: 100 min}\n";
    for (int many = 0; many < 2; many++) {
        char scene[1024];
        method_scene s;
        snprintf(scene, sizeof scene, text, many ? 400.0 : 20.0);
        hybrid_scene_make(&s, scene, "hybrid", 3, 0.1);
        method_scene_to(&s, 6000);
        const lac_account *account = s.type->account(s.stepper);
        assert_near(account->to_continuous[0] + account->to_discrete[0], 0, 0);
        assert_near(account->time_discrete[0], many ? 0 : 6000, 1e-6);
        method_scene_free(&s);
    }
}

/* --- when and with what it becomes discrete ------------------------------------------------------
 */

#define DECAY                                                                                      \
    "lacuna: 1\ndomains: {dish: {kind: well-mixed, volume: 1 mm^3}}\n"                             \
    "species: {X: {unit: cell, dish: {initial: 50 cell, total: true, representation: auto}}}\n"    \
    "reactions: {death: {in: dish, equation: X ->, rate: 0.1/min * X}}\nrun: {until: 1 d, rtol: 0.05, first_step: 1 min}\n"

static void begin_from(method_scene *s, double number)
{
    s->state->value[0] = number;
    s->type->restart(s->stepper);
    assert_ok(s->type->adopt(s->stepper, s->state));
}

/* However long the steps of mean-field are. */
static void what_falls_becomes_discrete_near_its_threshold(void **state)
{
    (void)state;
    method_scene s;
    bool changed;
    hybrid_scene_make(&s, DECAY, "hybrid", 3, 0.1);
    begin_from(&s, 1e6);
    assert_ok(s.type->reshape(s.stepper, s.state, &changed));
    assert_true(changed);
    do {
        assert_ok(s.type->step(s.stepper, s.state, 1e5));
        assert_ok(s.type->reshape(s.stepper, s.state, &changed));
    } while (!changed);
    assert_in(hybrid_scene_content(&s, "dish.X"), 90, 100);
    method_scene_free(&s);
}

static void each_time_has_draws_of_its_own(void **state)
{
    (void)state;
    enum { TIMES = 3, LOOKS = 20 };
    double found[TIMES][LOOKS];
    method_scene s;
    hybrid_scene_make(&s, DECAY, "hybrid", 3, 0.1);
    for (int k = 0; k < TIMES; k++) {
        begin_from(&s, 1000);
        method_scene_to(&s, s.state->time + 1);
        begin_from(&s, 50);
        for (int look = 0; look < LOOKS; look++) {
            method_scene_to(&s, s.state->time + 30);
            found[k][look] = hybrid_scene_content(&s, "dish.X");
        }
    }
    for (int k = 0; k < TIMES; k++)
        assert_true(memcmp(found[k], found[(k + 1) % TIMES], sizeof found[k]) != 0);
    method_scene_free(&s);
}

/* --- the same as what never changes --------------------------------------------------------------
 */

static void assert_same_bits(const char *text, const char *other, const char *method, double time)
{
    method_scene a, b;
    hybrid_scene_make(&a, text, "hybrid", 5, 0.1);
    hybrid_scene_make(&b, other, method, 5, 0.1);
    for (int k = 1; k <= 4; k++) {
        method_scene_to(&a, k * time / 4);
        method_scene_to(&b, k * time / 4);
        method_scene_same(&a, &b);
    }
    method_scene_free(&a);
    method_scene_free(&b);
}

#define NEVER "{discrete_below: 1, continuous_above: 2}"
#define ALWAYS "{discrete_below: 100000, continuous_above: 200000}"

/* A ligand that diffuses beside cells, so that neither exact nor mean-field takes it all. */
#define GEL(L)                                                                                     \
    "lacuna: 1\ndomains: {gel: {kind: tissue}}\nspecies:\n"                                        \
    "  C: {unit: cell, gel: {initial: '0.000125 cell/um^3'}}\n"                                    \
    "  D: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"                                             \
    "  L: {unit: molecule, gel: {initial: 0.01 molecule/um^3, diffusivity: 10 um^2/s" L "}}\n"     \
    "reactions:\n  up: {in: gel, equation: C -> D, rate: '0.01/s * L / (0.01 molecule/um^3) * C'}" \
    "\n  send: {in: gel, equation: -> L, rate: 1 molecule/(cell s) * D}\n"                         \
    "  fade: {in: gel, equation: L ->, rate: 0.02/s * L}\n"                                        \
    "tissue: {size: [80 um, 20 um, 60 um], voxel: 20 um}\nrun: {until: 100 s}\n"

static void what_never_changes_has_the_bits_of_what_cannot(void **state)
{
    (void)state;
    assert_same_bits(TIDE(NEVER, "500"), TIDE("continuous", "500"), "hybrid", 60);
    assert_same_bits(TIDE(NEVER, "500"), TIDE("continuous", "500"), "mean-field", 60);
    assert_same_bits(TIDE(ALWAYS, "0"), TIDE("discrete", "0"), "hybrid", 24000);
    assert_same_bits(TIDE(ALWAYS, "0"), TIDE("discrete", "0"), "exact", 24000);
    assert_same_bits(GEL(", representation: " ALWAYS), GEL(", representation: discrete"), "hybrid",
                     100);
    assert_same_bits(GEL(", representation: " NEVER), GEL(""), "hybrid", 40);
}

/* --- molecules that diffuse ----------------------------------------------------------------------
 */

/* 400 in each voxel at first, that fade; in one corner there are three times as many. */
static void molecules_that_diffuse_become_discrete_and_are_conserved(void **state)
{
    (void)state;
    enum { VOXELS = 60, RUNS = 60 };
    static const char *const text =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\nspecies:\n"
        "  L: {unit: molecule, gel: {initial: 'if(x < 20 um, 0.1537 molecule/um^3, 0.05123 "
        "molecule/um^3)', diffusivity: 2 um^2/s, representation: auto}}\n"
        "  W: {unit: molecule, gel: {initial: 0.1 molecule/um^3}}\n"
        "reactions:\n  fade: {in: gel, equation: L ->, rate: 0.02/s * L}\n"
        "  see: {in: gel, equation: -> W, rate: 0.001/s * L}\n"
        "tissue: {size: [100 um, 80 um, 60 um], voxel: 20 um}\nrun: {until: 100 s}\n";
    moments total = {0}, corner = {0};
    method_scene s, mean;
    hybrid_scene_make(&mean, text, "mean-field", 1, 0.1);
    method_scene_to(&mean, 100);
    for (int run = 0; run < RUNS; run++) {
        hybrid_scene_make(&s, text, "hybrid", 30 + run, 0.1);
        const lac_account *account = s.type->account(s.stepper);
        method_scene_to(&s, 50);
        assert_near(account->is_discrete[0], 0, 0);
        method_scene_to(&s, 100);
        assert_near(account->is_discrete[0], 1, 0);
        assert_near(account->to_discrete[0], 1, 0);
        assert_near(s.state->added[method_scene_variable(&s, "gel.L")], 0, 1);
        method_scene_closes(&s, 1e-5);
        for (size_t v = 0; v < VOXELS; v++) {
            const double n = hybrid_scene_values(&s, "gel.L")[v] * 8000;
            assert_near(n, nearbyint(n), 1e-9);
        }
        sample(&total, hybrid_scene_content(&s, "gel.L"));
        sample(&corner, hybrid_scene_values(&s, "gel.L")[0] * 8000);
        method_scene_free(&s);
    }
    const double all = hybrid_scene_content(&mean, "gel.L");
    const double one = hybrid_scene_values(&mean, "gel.L")[0] * 8000;
    assert_near(mean_of(&total), all, 4 * sqrt(all / RUNS));
    assert_near(mean_of(&corner), one, 4 * sqrt(one / RUNS));
    method_scene_free(&mean);
}

/* --- the measure ---------------------------------------------------------------------------------
 */

static void the_lowest_voxel_or_their_mean_decides(void **state)
{
    (void)state;
    static const char *const text =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\nspecies:\n"
        "  L: {unit: molecule, gel: {initial: 'if(x < 20 um, 0, 0.1 molecule/um^3)', "
        "representation: {discrete_below: 100, continuous_above: 200%s}}}\n"
        "  W: {unit: molecule, gel: {initial: 0.1 molecule/um^3}}\n"
        "reactions: {fade: {in: gel, equation: L ->, rate: 0.001/s * L}}\n"
        "tissue: {size: [100 um, 20 um, 60 um], voxel: 20 um}\nrun: {until: 10 s}\n";
    for (int mean = 0; mean < 2; mean++) {
        char scene[1024];
        method_scene s;
        snprintf(scene, sizeof scene, text, mean ? ", by: mean" : "");
        hybrid_scene_make(&s, scene, "hybrid", 3, 0.1);
        method_scene_to(&s, 10);
        assert_near(s.type->account(s.stepper)->is_discrete[0], !mean, 0);
        method_scene_free(&s);
    }
}

/* --- a run that is cut and goes on ---------------------------------------------------------------
 */

static void a_copy_in_any_representation_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    method_scene a, b;
    for (int k = 1; k < 10; k++) {
        hybrid_scene_make(&a, TIDE("auto", "0"), "hybrid", 7, 0.1);
        hybrid_scene_make(&b, TIDE("auto", "0"), "hybrid", 7, 0.1);
        method_scene_to(&a, k * 420.0);
        method_scene_copy(&a, &b);
        method_scene_to(&a, 6000);
        method_scene_to(&b, 6000);
        method_scene_same(&a, &b);
        method_scene_free(&a);
        method_scene_free(&b);
    }
}

/* --- what cannot be done -------------------------------------------------------------------------
 */

static void assert_said(const char *representation, const char *method, const char *sentence)
{
    char text[2048];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    snprintf(text, sizeof text,
             "lacuna: 1\ndomains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"
             "species:\n"
             "  A: {unit: molecule, gel: {initial: 1 pM, diffusivity: 1 um^2/s},\n"
             "    bath: {initial: 1 pM}}\n"
             "  S: {unit: 1, gel: {initial: 1}}\n"
             "  B: {unit: molecule, bath: {initial: 1 pM}}\n"
             "  C: {unit: cell, gel: {initial: 1 cell/mm^3}}\n"
             "%s\n"
             "tissue: {size: [20 um, 20 um, 20 um], voxel: 20 um}\nrun: {until: 1 d, method: %s}\n",
             representation, method);
    lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml", .text = text, .directory = "."},
                      &list, &model);
    if (!strstr(lac_text_of(&list.text), sentence))
        fail_msg("no '%s' in: %s", sentence, lac_text_of(&list.text));
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static void what_it_cannot_do_is_told_with_its_place(void **state)
{
    (void)state;
#define D(IN) "  E: {unit: cell, gel: {initial: 1 cell/mm^3, representation: " IN "}}"
    assert_said(D("{discrete_below: 200, continuous_above: 100}"), "hybrid",
                "scene.yaml:9:103: error: 'gel.E' would be discrete below 200 and continuous above "
                "100");
    assert_said(D("{discrete_below: -5}"), "hybrid",
                "scene.yaml:9:80: error: a threshold of representation is -5");
    assert_said(D("{continuous_above: 200.5}"), "hybrid",
                "scene.yaml:9:82: error: a threshold of representation is 200.5");
    assert_said(D("{discrete_below: 3 um}"), "hybrid", "scene.yaml:9:80: error:");
    assert_said(D("{below: 3}"), "hybrid", "scene.yaml:9:64: error: unknown key 'below'");
    assert_said(D("{by: total}"), "hybrid", "unknown by 'total'");
    assert_said("  E: {unit: cell, bath: {initial: 1 cell/mL, representation: {by: mean}}}",
                "hybrid", "scene.yaml:9:67: error: 'bath.E' is well-mixed");
    assert_said("  E: {unit: 1, gel: {initial: 1, representation: auto}}", "hybrid",
                "scene.yaml:9:50: error: 'gel.E' is a state without dimension");
    assert_said(D("auto"), "exact",
                "scene.yaml:9:63: warning: 'gel.E': representation: auto is for the method hybrid");
    assert_said("  E: {gel: {diffusivity: 1 um^2/s}, bath: {representation: auto}}\n"
                "interfaces: {top: {between: [gel.top, bath], exchange: [E]}}",
                "hybrid", "'bath.E' is discrete and passes a boundary");
    assert_said("  E: {unit: molecule, gel: {diffusivity: 1 um^2/s, representation: auto}}\n"
                "  F: {unit: molecule, gel: {}}\n"
                "reactions: {r: {in: gel, equation: F -> F + C, rate: 1/s * E * E * F / "
                "(1 molecule/um^3)^2}}",
                "hybrid", "scene.yaml:");
#undef D
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_has_the_mean_of_its_law),
        cmocka_unit_test(nothing_is_lost_however_often_it_changes),
        cmocka_unit_test(between_the_thresholds_it_stays_what_it_was),
        cmocka_unit_test(what_falls_becomes_discrete_near_its_threshold),
        cmocka_unit_test(each_time_has_draws_of_its_own),
        cmocka_unit_test(what_never_changes_has_the_bits_of_what_cannot),
        cmocka_unit_test(molecules_that_diffuse_become_discrete_and_are_conserved),
        cmocka_unit_test(the_lowest_voxel_or_their_mean_decides),
        cmocka_unit_test(a_copy_in_any_representation_goes_on_with_the_same_bits),
        cmocka_unit_test(what_it_cannot_do_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
