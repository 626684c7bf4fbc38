/* Rules of the method `exact`: which rates and lengths are refused and when, what frames show, and
 * which laws are those of pairs.
 * Seeds are fixed; a statistical test allows 4 standard errors, a false alarm of 6e-5 for a fresh
 * seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_scene.h"

#define WELL "lacuna: 1\ndomains: {flask: {kind: well-mixed, volume: 1000 um^3}}\n"
#define GEL "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"

/* --- rates that are negative ---------------------------------------------------------------- */

static void a_negative_rate_is_refused_where_its_reactant_is_absent(void **state)
{
    (void)state;
    method_scene s;
    lac_status status = method_scene_try(
        &s,
        scene_load(WELL
                   "species: {A: {flask: {initial: 0 molecule/um^3}},\n"
                   "          B: {flask: {initial: 0.01 molecule/um^3}}}\n"
                   "reactions: {swap: {in: flask, equation: 'A -> B', rate: 1/h * A - 1/h * B}}\n"
                   "run: {until: 3 h}\n"),
        "exact", 1);
    assert_int_equal(status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "at t = 0 s: the rate of swap is -16.6");
    assert_text_has(lac_failure(), "pM/h; write a reversible process as two");
    method_scene_free(&s);
}

/* One voxel of four has no A: the rate is negative there alone. */
static void a_negative_rate_names_the_empty_voxel(void **state)
{
    (void)state;
    method_scene s;
    lac_status status = method_scene_try(
        &s,
        scene_load(GEL
                   "species: {A: {gel: {initial: 'if(x > 30 um, 0, 3) * 1e-3 [molecule/um^3]'}},\n"
                   "          B: {gel: {initial: 2e-3 molecule/um^3}}}\n"
                   "reactions: {swap: {in: gel, equation: 'A -> B', rate: 1/h * A - 1/h * B}}\n"
                   "tissue: {size: [40 um, 10 um, 10 um], voxel: 10 um}\n"
                   "run: {until: 3 h}\n"),
        "exact", 1);
    assert_int_equal(status, LAC_NUMERICS);
    assert_text_has(lac_failure(), "the rate of swap is -");
    assert_text_has(lac_failure(), "in voxel (x, y, z) = (3, 0, 0)");
    method_scene_free(&s);
}

/* The rate falls from 0 on, and its reactant is absent: no event is ever drawn by it. */
static void a_rate_that_becomes_negative_in_time_is_refused(void **state)
{
    (void)state;
    method_scene s;
    assert_ok(method_scene_try(
        &s,
        scene_load(WELL
                   "species: {A: {unit: molecule, flask: {initial: 5 molecule, total: true}}}\n"
                   "parameters: {k: {value: 10 1/s}}\n"
                   "inputs: {ramp: {shape: linear, knots: [[0 s, 0], [50 s, -1], [100 s, 1]]}}\n"
                   "reactions: {odd: {in: flask, equation: 'A ->', rate: k * ramp * A}}\n"
                   "run: {until: 100 s}\n"),
        "exact", 1));
    assert_int_equal(method_scene_try_to(&s, 100), LAC_NUMERICS);
    assert_text_has(lac_failure(), "the rate of odd is -");
    assert_true(s.state->time < 50);
    method_scene_free(&s);
}

/* --- frames --------------------------------------------------------------------------------- */

typedef struct seen {
    size_t frames, broken;
    double first; /* sum of counts in the first frame */
} seen;

static lac_status look_at_frame(void *context, const lac_simulation *simulation, bool fields)
{
    seen *it = context;
    const lac_state *state = lac_simulation_state(simulation);
    (void)fields;
    for (size_t voxel = 0; voxel < state->layout.tract[0].voxels; voxel++) {
        double count = 1000 * state->value[voxel]; /* voxels of 1000 um^3 */
        it->broken += fabs(count - nearbyint(count)) > 1e-9;
        it->first += it->frames == 0 ? count : 0;
    }
    it->frames++;
    return LAC_OK;
}

/* Also those at the time of a dose of half a molecule a voxel. */
static void every_frame_shows_whole_numbers(void **state)
{
    (void)state;
    seen it = {0};
    lac_simulation *simulation = NULL;
    lac_model *model =
        scene_load(GEL "species: {A: {gel: {initial: 0.3e-3 molecule/um^3}}}\n"
                       "events: {dose: {at: 1 h, add: {gel.A: 50 molecule}}}\n"
                       "tissue: {size: [100 um, 100 um, 10 um], voxel: 10 um}\n"
                       "run: {until: 2 h, save: {every: 1 h}, method: exact, seed: 1}\n");
    lac_run_options options = {.frame = look_at_frame, .context = &it};
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_ok(lac_simulation_run(simulation));
    assert_int_equal(it.frames, 3);
    assert_int_equal(it.broken, 0);
    assert_near(it.first, 30, 4 * sqrt(100 * 0.3 * 0.7));
    lac_simulation_free(simulation);
    lac_model_free(model);
}

/* --- limits --------------------------------------------------------------------------------- */

static void a_run_that_explodes_stops_at_its_limit(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     WELL
                     "species: {A: {unit: molecule, flask: {initial: 100 molecule, total: true}}}\n"
                     "reactions: {p: {in: flask, equation: 'A -> 2 A', rate: 1/s * A}}\n"
                     "run: {until: 20 s, max_events: 1e5}\n",
                     1);
    assert_int_equal(method_scene_try_to(&s, 20), LAC_LIMIT);
    assert_text_has(lac_failure(), "the run has reached max_events = 1e+05");
    assert_text_has(lac_failure(), "max_events");
    assert_int_equal(s.type->counters(s.stepper).evaluations, 100000);
    method_scene_free(&s);
}

static void a_run_too_long_is_told_how_long_it_may_be(void **state)
{
    (void)state;
    method_scene s;
    lac_event_cost cost = {0, 0};
    lac_status status = method_scene_try(
        &s,
        scene_load(WELL
                   "species: {A: {unit: molecule, flask: {initial: 1000 molecule, total: true}}}\n"
                   "reactions: {p: {in: flask, equation: 'A ->', rate: 1/s * A}}\n"
                   "run: {until: 1 h, max_events: 600000}\n"),
        "exact", 1);
    assert_int_equal(status, LAC_LIMIT);
    assert_text_has(lac_failure(), "about 3.6e+06 events");
    assert_text_has(lac_failure(), "Shorten the run to 10 min");
    assert_ok(s.type->events(&s.scene, s.state, &cost));
    assert_near(cost.rate, 1000, 1e-9);
    assert_true(cost.seconds > 0 && cost.seconds < 1e-2);
    method_scene_free(&s);
}

/* --- pairs ---------------------------------------------------------------------------------- */

/* Two molecules in each of 4096 voxels meet with the propensity k n (n - 1) c / V, c the part of
 * the law that does not look at them: those left after t are binomial with p = exp(-2 k c t / V).
 */
static void pairs_meet_as_pairs_whatever_else_is_in_the_law(void **state)
{
    (void)state;
    static const char *const law[] = {"k * P^2",
                                      "k * P^2 * input",
                                      "k * input * P * P",
                                      "(0.25 + 0.25 * input + 0.5 * E / (E + 0 [pM])) * k * P^2",
                                      "if(t < 1 h, k * P^2, 2 * k * P^2)",
                                      "k * P^2 + input * k * P^2 - k * P^2",
                                      "k * P^2 / max(E, E)* E",
                                      "k * P^2 * hill(E, E, 1) * 2"};
    for (size_t k = 0; k < sizeof law / sizeof *law; k++) {
        char text[1200];
        method_scene s;
        snprintf(text, sizeof text,
                 GEL "species: {P: {gel: {initial: 2e-3 molecule/um^3}},\n"
                     "          E: {gel: {initial: 5e-3 molecule/um^3}},\n"
                     "          Q: {gel: {initial: 0 molecule/um^3}}}\n"
                     "parameters: {k: {value: 1000 um^3/(molecule s)}}\n"
                     "inputs: {input: {shape: steps, knots: [[0 s, 1]]}}\n"
                     "reactions: {meet: {in: gel, equation: '2 P -> Q', rate: '%s'}}\n"
                     "tissue: {size: [160 um, 160 um, 160 um], voxel: 10 um}\n"
                     "run: {until: 10 s}\n",
                 law[k]);
        exact_scene_make(&s, text, 20 + (double)k);
        method_scene_to(&s, 0.3);
        double p = exp(-2 * 0.3), left = exact_scene_total(&s, "gel.P") / 2;
        assert_near(left, 4096 * p, 4 * sqrt(4096 * p * (1 - p)));
        assert_ok(lac_exact_verify(s.stepper));
        method_scene_free(&s);
    }
}

/* In a pool too, with a rate that moves: mean of a death of pairs from 40, by its master equation,
 * dp_n/dt = c(t) [(n + 2)(n + 1) p_(n + 2) - n (n - 1) p_n]. */
static void pairs_of_a_pool_follow_their_master_equation(void **state)
{
    (void)state;
    enum { N = 40, RUNS = 400, STEPS = 20000 };
    const double c = 0.02, end = 1; /* [1/s]; the input rises from 0 to 1 */
    double p[N + 3] = {0}, mean = 0, square = 0, sum = 0;
    p[N] = 1;
    for (int step = 0; step < STEPS; step++) {
        double rate = c * (step + 0.5) / STEPS * end / STEPS;
        for (int n = 0; n <= N; n++)
            p[n] += rate * ((n + 2) * (n + 1) * p[n + 2] - n * (n - 1) * p[n]);
    }
    for (int n = 0; n <= N; n++) {
        mean += n * p[n];
        square += n * n * p[n];
    }
    for (int run = 0; run < RUNS; run++) {
        method_scene s;
        exact_scene_make(
            &s,
            WELL "species: {P: {unit: molecule, flask: {initial: 40 molecule, total: true}}}\n"
                 "parameters: {k: {value: 0.02 1/(molecule s)}}\n"
                 "inputs: {ramp: {shape: linear, knots: [[0 s, 0], [1 s, 1]]}}\n"
                 "reactions: {meet: {in: flask, equation: '2 P ->', rate: k * P^2 * ramp}}\n"
                 "run: {until: 1 s}\n",
            run);
        method_scene_to(&s, 1);
        sum += exact_scene_total(&s, "flask.P");
        method_scene_free(&s);
    }
    assert_near(sum / RUNS, mean, 4 * sqrt((square - mean * mean) / RUNS));
}

/* --- walls ---------------------------------------------------------------------------------- */

#define TANK                                                                                       \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1e6 um^3}}\n"

/* Means of `runs` replicates of a content against the mean-field solution of the same text. */
static void means_are_mean_field(const char *text, const char *path, double end, int runs)
{
    double sum = 0, squares = 0, expected;
    method_scene s, limit;
    assert_ok(method_scene_try(&limit, scene_load(text), "mean-field", 0));
    method_scene_to(&limit, end);
    expected = lac_state_content(limit.state, limit.model, method_scene_variable(&limit, path));
    method_scene_free(&limit);
    for (int run = 0; run < runs; run++) {
        exact_scene_make(&s, text, 500 + run);
        method_scene_to(&s, end);
        double n = exact_scene_total(&s, path);
        sum += n / runs;
        squares += n * n / runs;
        assert_ok(lac_exact_verify(s.stepper));
        method_scene_free(&s);
    }
    assert_near(sum, expected, 4 * sqrt((squares - sum * sum) / (runs - 1)) + 1e-3 * expected);
}

/* The partition follows a state that falls in time, and by depth: a linear network. */
static void a_partition_by_a_state_of_the_tissue_has_the_mean_of_mean_field(void **state)
{
    (void)state;
    means_are_mean_field(
        TANK "species:\n"
             "  q: {unit: 1, gel: {initial: 1 + depth / 100 um}}\n"
             "  A: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 40 um^2/s,\n"
             "      partition: 0.5 + 2 * exp(-q)}, bath: {initial: 1e-3 molecule/um^3}}\n"
             "parameters: {k: {value: 0.05 1/s}}\n"
             "rates: {q: {in: gel, rate: -k * q}}\n"
             "interfaces: {face: {between: [gel.top, bath], exchange: [A], permeability: 5 um/s}}\n"
             "tissue: {size: [20 um, 30 um, 50 um], voxel: 10 um}\n"
             "run: {until: 1000 s, rtol: 1e-6}\n",
        "gel.A", 20, 60);
}

/* ... and a permeability too, which counts of the same voxel make. */
static void a_law_of_a_wall_may_look_at_what_changes_by_events(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        TANK
        "species:\n"
        "  G: {unit: molecule, gel: {initial: 'if(depth < 10 um, 1e-3, 0) * 1 [molecule/um^3]', "
        "diffusivity: 100 um^2/s}}\n"
        "  A: {unit: molecule, gel: {initial: 2e-2 molecule/um^3, diffusivity: 10 um^2/s,\n"
        "      partition: '1 + G / 1e-3 [molecule/um^3]'}, bath: {initial: 1e-5 molecule/um^3}}\n"
        "interfaces: {face: {between: [gel.top, bath], exchange: [A],\n"
        "  permeability: 'if(G > 0.5e-3 [molecule/um^3], 5 um/s, 0 um/s)'}}\n"
        "tissue: {size: [10 um, 10 um, 50 um], voxel: 10 um}\n"
        "run: {until: 1000 s, paranoid: 1}\n",
        4);
    double before = exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "bath.A");
    method_scene_to(&s, 20);
    assert_near(exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "bath.A"), before, 0);
    assert_true(exact_scene_total(&s, "bath.A") > 20);
    method_scene_free(&s);
}

/* A flux that changes its sign in time: a linear network while there are molecules to take. */
static void a_flux_may_turn_outward(void **state)
{
    (void)state;
    means_are_mean_field(
        TANK "species:\n"
             "  A: {unit: molecule, gel: {initial: 0.02 molecule/um^3, diffusivity: 100 um^2/s}}\n"
             "parameters: {J: {value: 0.02 molecule/(um^2 s)}}\n"
             "inputs: {turn: {shape: linear, knots: [[0 s, 1], [2 s, 1], [3 s, -1]]}}\n"
             "boundaries: {out: {at: gel.top, species: A, flux: J * turn}}\n"
             "tissue: {size: [30 um, 30 um, 20 um], voxel: 10 um}\n"
             "run: {until: 1000 s, rtol: 1e-6}\n",
        "gel.A", 7, 60);
}

/* It stops when nothing is left: each of 64 voxels loses 2/s until its 10 molecules are gone. */
static void a_given_outward_flux_ends_with_the_molecules(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(&s,
                     TANK "species: {A: {unit: molecule, gel: {initial: 0.01 molecule/um^3}}}\n"
                          "parameters: {J: {value: 0.02 molecule/(um^2 s)}}\n"
                          "boundaries: {out: {at: gel.top, species: A, flux: -J}}\n"
                          "tissue: {size: [80 um, 80 um, 10 um], voxel: 10 um}\n"
                          "run: {until: 1000 s}\n",
                     5);
    method_scene_to(&s, 2);
    assert_near(exact_scene_total(&s, "gel.A"), 640 - 64 * 4, 4 * sqrt(64 * 4.0));
    assert_near(s.state->flux[0], exact_scene_total(&s, "gel.A") - 640, 1e-6);
    method_scene_to(&s, 100);
    assert_near(exact_scene_total(&s, "gel.A"), 0, 0);
    method_scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_negative_rate_is_refused_where_its_reactant_is_absent),
        cmocka_unit_test(a_negative_rate_names_the_empty_voxel),
        cmocka_unit_test(a_rate_that_becomes_negative_in_time_is_refused),
        cmocka_unit_test(every_frame_shows_whole_numbers),
        cmocka_unit_test(a_run_that_explodes_stops_at_its_limit),
        cmocka_unit_test(a_run_too_long_is_told_how_long_it_may_be),
        cmocka_unit_test(pairs_meet_as_pairs_whatever_else_is_in_the_law),
        cmocka_unit_test(pairs_of_a_pool_follow_their_master_equation),
        cmocka_unit_test(a_partition_by_a_state_of_the_tissue_has_the_mean_of_mean_field),
        cmocka_unit_test(a_law_of_a_wall_may_look_at_what_changes_by_events),
        cmocka_unit_test(a_flux_may_turn_outward),
        cmocka_unit_test(a_given_outward_flux_ends_with_the_molecules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
