/* The method `exact` against laws that are known: stationary, transient and conserved.
 * Seeds are fixed; for a fresh one the false alarm of each statistical test is below 1e-4 (4
 * standard errors of a mean, 6e-5), so 1e-3 for the file. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "exact_scene.h"

#include "observe/balance.h"

#include <gsl/gsl_cdf.h>

#define WELL "lacuna: 1\ndomains: {flask: {kind: well-mixed, volume: 1000 um^3}}\n"

/* --- one pool ------------------------------------------------------------------------------- */

static void births_and_deaths_are_poisson(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     WELL
                     "species: {A: {unit: molecule, flask: {initial: 0 molecule, total: true}}}\n"
                     "parameters: {b: {value: 20 molecule/s}, d: {value: 1 1/s}}\n"
                     "reactions: {in: {in: flask, equation: '-> A', rate: b},\n"
                     "            out: {in: flask, equation: 'A ->', rate: d * A}}\n"
                     "run: {until: 100000 s}\n",
                     1);
    enum { SAMPLES = 4000 };
    double sum = 0, squares = 0;
    for (int k = 1; k <= SAMPLES; k++) {
        method_scene_to(&s, 8.0 * k); /* correlation e^-8 */
        double n = exact_scene_total(&s, "flask.A");
        sum += n;
        squares += n * n;
    }
    double mean = sum / SAMPLES, variance = squares / SAMPLES - mean * mean;
    assert_near(mean, 20, 4 * sqrt(20.0 / SAMPLES));
    assert_near(variance, 20, 4 * 20 * sqrt(2.05 / SAMPLES));
    method_scene_free(&s);
}

static void two_of_a_kind_meet_in_pairs(void **state)
{
    (void)state;
    method_scene s;
    /* 2 A -> B from 3: one meeting, then a single A is left for ever. */
    exact_scene_make(&s,
                     WELL
                     "species: {A: {unit: molecule, flask: {initial: 3 molecule, total: true}},\n"
                     "          B: {unit: molecule, flask: {initial: 0 molecule, total: true}}}\n"
                     "parameters: {k: {value: 1 1/(molecule s)}}\n"
                     "reactions: {meet: {in: flask, equation: '2 A -> B', rate: k * A^2}}\n"
                     "run: {until: 1000 s}\n",
                     1);
    method_scene_to(&s, 1000);
    assert_near(exact_scene_total(&s, "flask.A"), 1, 0);
    assert_near(exact_scene_total(&s, "flask.B"), 1, 0);
    method_scene_free(&s);
}

/* The n-th moment of a decay whose rate is an input that rises: mean N exp(-integral). */
static void time_dependent_laws_are_thinned_exactly(void **state)
{
    (void)state;
    double sum = 0;
    enum { RUNS = 300, N = 200 };
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        exact_scene_make(
            &s,
            WELL
            "species: {A: {unit: molecule, flask: {initial: 200 molecule, total: true}}}\n"
            "parameters: {k: {value: 1 1/s}}\n"
            "inputs: {ramp: {shape: linear, knots: [[0 s, 0], [1 s, 1], [1.5 s, 3], [2 s, 0]]}}\n"
            "reactions: {out: {in: flask, equation: 'A ->', rate: k * ramp * A}}\n"
            "run: {until: 10 s}\n",
            run);
        method_scene_to(&s, 1.5);
        sum += exact_scene_total(&s, "flask.A");
        method_scene_free(&s);
    }
    double p = exp(-(0.5 + 1.0)); /* integral of the ramp to 1.5 s */
    assert_near(sum / RUNS, N * p, 4 * sqrt(N * p * (1 - p) / RUNS));
}

/* --- tissue --------------------------------------------------------------------------------- */

#define GEL                                                                                        \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1e6 um^3}}\n"

static void diffusion_spreads_evenly_and_keeps_every_molecule(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        GEL
        "species: {A: {unit: molecule, gel: {initial: 'if(x < 10 um, 8e-3 molecule/um^3, 0 molecule/um^3)', "
        "diffusivity: 50 um^2/s}}}\n"
        "tissue: {size: [80 um, 20 um, 40 um], voxel: 10 um}\n"
        "run: {until: 1000 s}\n",
        3);
    method_scene_to(&s, 0.001);
    double all = exact_scene_total(&s, "gel.A");
    assert_near(all, 64, 0);
    double first = 0;
    enum { SAMPLES = 400 };
    for (int k = 1; k <= SAMPLES; k++) {
        method_scene_to(&s, 100 + 100.0 * k);
        assert_near(exact_scene_total(&s, "gel.A"), all, 0);
        for (size_t voxel = 0; voxel < s.grid->voxels; voxel += 8)
            first += exact_scene_count(&s, "gel.A", voxel);
    }
    /* binomial: 64 molecules, an eighth of the voxels; samples are apart by four relaxation times
     */
    assert_near(first / SAMPLES, 8, 4 * sqrt(64 * 0.125 * 0.875 / SAMPLES * 1.05));
    assert_ok(lac_exact_verify(s.stepper));
    method_scene_free(&s);
}

static void displacement_grows_as_the_diffusivity_says(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     GEL
                     "species: {A: {unit: molecule, gel: {initial: 'if(x > 400 um and x < 410 um, "
                     "2 molecule/um^3, 0 molecule/um^3)', diffusivity: 30 um^2/s}}}\n"
                     "tissue: {size: [810 um, 10 um, 10 um], voxel: 10 um}\n"
                     "run: {until: 1000 s}\n",
                     4);
    method_scene_to(&s, 50);
    double square = 0, all = exact_scene_total(&s, "gel.A");
    for (size_t voxel = 0; voxel < 81; voxel++)
        square += pow(s.grid->position[0][voxel] - 405, 2) * exact_scene_count(&s, "gel.A", voxel);
    /* <x^2> = 2 D t = 3000 um^2; fourth moment 3 of a Gaussian, so variance 2 <x^2>^2 */
    assert_near(all, 2000, 0);
    assert_near(square / all, 3000, 4 * 3000 * sqrt(2.1 / all));
    method_scene_free(&s);
}

static void binding_keeps_its_sums_and_its_equilibrium(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        GEL
        "species:\n"
        "  A: {unit: molecule, gel: {initial: 0.003 molecule/um^3, diffusivity: 50 um^2/s}}\n"
        "  B: {unit: molecule, gel: {initial: 0.003 molecule/um^3, diffusivity: 50 um^2/s}}\n"
        "  C: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 50 um^2/s}}\n"
        "parameters: {kon: {value: 10 um^3/(molecule s)}, koff: {value: 0.03 1/s}}\n"
        "reactions: {bind: {in: gel, equation: 'A + B <=> C', rate: kon * A * B, reverse: koff * C}}\n"
        "tissue: {size: [80 um, 80 um, 80 um], voxel: 10 um}\n"
        "run: {until: 100000 s, paranoid: 20000}\n",
        5);
    method_scene_to(&s, 0.01);
    double a = exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "gel.C"), mean = 0;
    double b = exact_scene_total(&s, "gel.B") + exact_scene_total(&s, "gel.C");
    enum { SAMPLES = 40 };
    for (int k = 1; k <= SAMPLES; k++) {
        method_scene_to(&s, 40 + 10 * k);
        assert_near(exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "gel.C"), a, 0);
        assert_near(exact_scene_total(&s, "gel.B") + exact_scene_total(&s, "gel.C"), b, 0);
        mean += exact_scene_total(&s, "gel.C") / SAMPLES;
    }
    /* c: kon (a - c) (b - c) / V = koff c; a law of canonical kind, its mean within 1 of this */
    double k = 0.03 * 512000 / 10, half = (a + b + k) / 2;
    double c = half - sqrt(half * half - a * b);
    double variance = 1 / (1 / c + 1 / (a - c) + 1 / (b - c));
    assert_near(mean, c, 4 * sqrt(variance * 1.7 / SAMPLES) + 1);
    assert_ok(lac_exact_verify(s.stepper));
    method_scene_free(&s);
}

static const char *const BATH_SCENE =
    GEL "species:\n"
        "  A: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: D, partition: 2},\n"
        "      bath: {initial: 1e-3 molecule/um^3}}\n"
        "parameters: {D: {value: 40 um^2/s}, kd: {value: 0.02 1/s}}\n"
        "interfaces: {face: {between: [gel.top, bath], exchange: [A], permeability: 5 um/s}}\n"
        "reactions: {out: {in: gel, equation: 'A ->', rate: kd * A}}\n"
        "tissue: {size: [20 um, 30 um, 100 um], voxel: 10 um, represents: {area: 1200 um^2}}\n"
        "run: {until: 1000 s, rtol: 1e-6}\n";

/* A linear network: the mean of the counts is the mean-field solution, whatever the grid. */
/* Partition at the surface, diffusivity in the middle of the first half voxel. */
static void laws_of_walls_are_taken_where_mean_field_takes_them(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     "lacuna: 1\n"
                     "domains: {t: {kind: tissue}, f: {kind: well-mixed, volume: 1e6 um^3}}\n"
                     "species: {A: {t: {initial: 0, partition: '0.2 + 0.8 * depth / (100 um)',\n"
                     "    diffusivity: '40 um^2/s * (1 + depth / (100 um))'},\n"
                     "  f: {initial: 1e-3 molecule/um^3}}}\n"
                     "interfaces: {top: {between: [t.top, f], exchange: all}}\n"
                     "tissue: {size: [40 um, 40 um, 400 um], voxel: 40 um}\n"
                     "run: {until: 1 s}\n",
                     1);
    const lac_exact *e = s.stepper;
    double leaving, entering;
    assert_ok(lac_exact_leaving(e, 0, 0, false, &leaving));
    assert_ok(lac_exact_entering(e, 0, 0, false, &entering));
    assert_near(leaving, 2 * 44.0 / (40 * 40), 1e-15);
    assert_near(entering / leaving, 0.2 * e->ground[0].volume / e->boundary_channel[0].volume,
                1e-15);
    method_scene_free(&s);
}

static void the_mean_of_a_linear_network_is_mean_field(void **state)
{
    (void)state;
    enum { RUNS = 100 };
    double sum[3] = {0}, squares[3] = {0}, expected[3];
    method_scene s, limit;
    assert_ok(method_scene_try(&limit, scene_load(BATH_SCENE), "mean-field", 0));
    method_scene_to(&limit, 30);
    expected[0] = 0.5 * lac_state_content(limit.state, limit.model, 0);
    expected[1] = 0.5 * lac_state_content(limit.state, limit.model, 1);
    expected[2] = 0.5 * limit.state->flux[0];
    for (int run = 0; run < RUNS; run++) {
        exact_scene_make(&s, BATH_SCENE, 100 + run);
        method_scene_to(&s, 30);
        double n[3] = {exact_scene_total(&s, "gel.A"), exact_scene_total(&s, "bath.A"),
                       0.5 * s.state->flux[0]};
        for (int k = 0; k < 3; k++) {
            sum[k] += n[k] / RUNS;
            squares[k] += n[k] * n[k] / RUNS;
        }
        double closure = fabs(n[0] + n[1] + 0.5 * s.state->extent[0] - 500);
        assert_near(closure, 0, 1e-6);
        method_scene_free(&s);
    }
    for (int k = 0; k < 3; k++)
        assert_near(sum[k], expected[k],
                    4 * sqrt((squares[k] - sum[k] * sum[k]) / (RUNS - 1)) + 1e-3 * expected[k]);
    method_scene_free(&limit);
}

static void a_mask_stops_hops_and_reactions(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        GEL
        "species: {A: {unit: molecule, gel: {initial: 0.004 molecule/um^3, diffusivity: 50 um^2/s}}}\n"
        "tissue: {size: [80 um, 40 um, 40 um], voxel: 10 um, boxes: {hole: {x: [20 um, 40 um]}},\n"
        "  inactive: [hole]}\n"
        "run: {until: 1000 s, paranoid: 1000}\n",
        6);
    method_scene_to(&s, 0.001);
    double left = 0, after = 0;
    for (size_t voxel = 0; voxel < s.grid->voxels; voxel++)
        left += voxel % 8 < 2 ? exact_scene_count(&s, "gel.A", voxel) : 0;
    method_scene_to(&s, 200);
    for (size_t voxel = 0; voxel < s.grid->voxels; voxel++) {
        double n = exact_scene_count(&s, "gel.A", voxel);
        after += voxel % 8 < 2 ? n : 0;
        if (voxel % 8 == 2 || voxel % 8 == 3)
            assert_near(n, 0, 0);
    }
    assert_near(left, after, 0);
    method_scene_free(&s);
}

/* With D by place and by state the stationary law is even: detailed balance. */
static void any_map_of_diffusivity_leaves_an_even_law(void **state)
{
    (void)state;
    static const char *const law[] = {"if(x < 40 um, 10 um^2/s, 100 um^2/s)",
                                      "50 um^2/s * (0.2 + q)",
                                      "50 um^2/s / (1 + A / 0.002 [molecule/um^3])"};
    for (int k = 0; k < 3; k++) {
        char text[2000];
        method_scene s;
        snprintf(text, sizeof text,
                 GEL
                 "species:\n"
                 "  A: {unit: molecule, gel: {initial: 0.002 molecule/um^3, diffusivity: \"%s\"}}\n"
                 "  q: {unit: 1, gel: {initial: x / 80 um}}\n"
                 "parameters: {k: {value: 0.001 1/s}}\n"
                 "rates: {q: {in: gel, rate: k * (1 - q)}}\n"
                 "tissue: {size: [80 um, 20 um, 20 um], voxel: 10 um}\n"
                 "run: {until: 100000 s, paranoid: 50000}\n",
                 law[k]);
        exact_scene_make(&s, text, 7 + k);
        enum { SAMPLES = 150 };
        double slow = 0;
        for (int sample = 1; sample <= SAMPLES; sample++) {
            method_scene_to(&s, 100.0 * sample);
            for (size_t voxel = 0; voxel < s.grid->voxels; voxel++)
                slow += voxel % 8 < 4 ? exact_scene_count(&s, "gel.A", voxel) : 0;
        }
        assert_near(exact_scene_total(&s, "gel.A"), 64, 0);
        if (k < 2) /* with D of A itself hops are not independent: only the mean is known */
            assert_near(slow / SAMPLES, 32, 4 * sqrt(16.0 / SAMPLES * 1.2));
        else
            assert_near(slow / SAMPLES, 32, 2);
        method_scene_free(&s);
    }
}

/* --- states --------------------------------------------------------------------------------- */

static void states_follow_their_equations_between_events(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     GEL "species:\n"
                         "  q: {unit: 1, gel: {initial: 1}}\n"
                         "  A: {unit: molecule, gel: {initial: 0 molecule/um^3}}\n"
                         "parameters: {k: {value: 0.1 1/s}, b: {value: 2e-3 molecule/(um^3 s)}}\n"
                         "rates: {q: {in: gel, rate: -k * q}}\n"
                         "reactions: {birth: {in: gel, equation: '-> A', rate: b * q}}\n"
                         "tissue: {size: [80 um, 80 um, 80 um], voxel: 10 um}\n"
                         "run: {until: 1000 s, rtol: 1e-6}\n",
                     8);
    method_scene_to(&s, 10);
    assert_near(s.state->value[lac_layout_at(&s.state->layout, 0)], exp(-1), 1e-5);
    /* births: a Poisson process of mean b V (1 - e^-1) / k in each of 512 voxels */
    double mean = 2 * (1 - exp(-1)) / 0.1 * 512;
    assert_near(exact_scene_total(&s, "gel.A"), mean, 4 * sqrt(mean));
    method_scene_free(&s);
}

/* --- bits ----------------------------------------------------------------------------------- */

static void the_same_seed_gives_the_same_bits_wherever_it_is_stopped(void **state)
{
    (void)state;
    method_scene a, b, c;
    exact_scene_make(&a, BATH_SCENE, 9);
    exact_scene_make(&b, BATH_SCENE, 9);
    exact_scene_make(&c, BATH_SCENE, 10);
    method_scene_to(&a, 20);
    for (int k = 1; k <= 77; k++)
        method_scene_to(&b, 20.0 * k / 77);
    method_scene_to(&c, 20);
    size_t bytes = a.state->layout.length * sizeof(double);
    assert_memory_equal(a.state->value, b.state->value, bytes);
    assert_memory_not_equal(a.state->value, c.state->value, bytes);
    method_scene_free(&a);
    method_scene_free(&b);
    method_scene_free(&c);
}

/* All that a checkpoint keeps, copied into a fresh run half-way. */
static void a_run_taken_up_from_its_blocks_gives_the_same_bits(void **state)
{
    (void)state;
    method_scene a, b;
    exact_scene_make(&a, BATH_SCENE, 11);
    exact_scene_make(&b, BATH_SCENE, 11);
    method_scene_to(&a, 7);
    method_scene_copy(&a, &b);
    method_scene_to(&a, 20);
    method_scene_to(&b, 20);
    assert_memory_equal(a.state->value, b.state->value, a.state->layout.length * sizeof(double));
    assert_memory_equal(a.state->extent, b.state->extent, a.state->processes * sizeof(double));
    method_scene_free(&a);
    method_scene_free(&b);
}

/* --- refusals ------------------------------------------------------------------------------- */

static void a_run_without_end_is_refused_with_its_estimate(void **state)
{
    (void)state;
    method_scene s;
    lac_status status = method_scene_try(
        &s,
        scene_load(
            GEL
            "species: {A: {unit: molecule, gel: {initial: 1 molecule/um^3, diffusivity: 100 um^2/s}}}\n"
            "tissue: {size: [80 um, 80 um, 80 um], voxel: 10 um}\n"
            "run: {until: 180 d, max_events: 1e9}\n"),
        "exact", 1);
    assert_int_equal(status, LAC_LIMIT);
    assert_text_has(lac_failure(), "events");
    assert_text_has(lac_failure(), "max_events");
    method_scene_free(&s);
}

static void a_negative_rate_is_refused_with_its_place(void **state)
{
    (void)state;
    method_scene s;
    assert_ok(method_scene_try(
        &s,
        scene_load(GEL "species: {A: {unit: molecule, gel: {initial: 0.01 molecule/um^3}}}\n"
                       "parameters: {k: {value: 1 1/s}, c: {value: 0.0055 molecule/um^3}}\n"
                       "reactions: {odd: {in: gel, equation: 'A ->', rate: k * (A - c)}}\n"
                       "tissue: {size: [20 um, 20 um, 20 um], voxel: 10 um}\n"
                       "run: {until: 1000 s}\n"),
        "exact", 1));
    lac_status status = method_scene_try_to(&s, 1000);
    assert_int_equal(status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "odd");
    assert_text_has(lac_failure(), "voxel");
    method_scene_free(&s);
}

static void fractional_counts_are_rounded_without_bias(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     GEL "species: {A: {unit: molecule, gel: {initial: 0.0003 molecule/um^3}}}\n"
                         "tissue: {size: [200 um, 200 um, 200 um], voxel: 10 um}\n"
                         "run: {until: 1000 s}\n",
                     12);
    method_scene_to(&s, 1);
    double n = exact_scene_total(&s, "gel.A");
    assert_near(n, 2400, 4 * sqrt(8000 * 0.3 * 0.7));
    assert_near(s.state->added[0], n - 2400, 1e-6);
    method_scene_free(&s);
}

/* --- memory --------------------------------------------------------------------------------- */

static void failing_allocations_come_out_as_memory(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s, BATH_SCENE, 1);
    s.type->free(s.stepper);
    s.stepper = NULL;
    size_t alive = lac_memory_alive(), failed = 0;
    for (size_t n = 1;; n++) {
        lac_memory_fail_at(n);
        lac_status status = s.type->create(&s.scene, s.state, &s.stepper);
        lac_memory_fail_at(0);
        if (status == LAC_OK)
            break;
        failed++;
        assert_int_equal(status, LAC_MEMORY);
        assert_null(s.stepper);
        assert_int_equal(lac_memory_alive(), alive);
    }
    assert_true(failed > 30);
    method_scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(births_and_deaths_are_poisson),
        cmocka_unit_test(two_of_a_kind_meet_in_pairs),
        cmocka_unit_test(time_dependent_laws_are_thinned_exactly),
        cmocka_unit_test(diffusion_spreads_evenly_and_keeps_every_molecule),
        cmocka_unit_test(displacement_grows_as_the_diffusivity_says),
        cmocka_unit_test(binding_keeps_its_sums_and_its_equilibrium),
        cmocka_unit_test(laws_of_walls_are_taken_where_mean_field_takes_them),
        cmocka_unit_test(the_mean_of_a_linear_network_is_mean_field),
        cmocka_unit_test(a_mask_stops_hops_and_reactions),
        cmocka_unit_test(any_map_of_diffusivity_leaves_an_even_law),
        cmocka_unit_test(states_follow_their_equations_between_events),
        cmocka_unit_test(the_same_seed_gives_the_same_bits_wherever_it_is_stopped),
        cmocka_unit_test(a_run_taken_up_from_its_blocks_gives_the_same_bits),
        cmocka_unit_test(a_run_without_end_is_refused_with_its_estimate),
        cmocka_unit_test(a_negative_rate_is_refused_with_its_place),
        cmocka_unit_test(fractional_counts_are_rounded_without_bias),
        cmocka_unit_test(failing_allocations_come_out_as_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
