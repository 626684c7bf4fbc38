/* Reactions of pairs that are drawn as events of one molecule that meets another
 * (exact_pairs.c): their law, their bounds, the choice, and bits after a copy of the blocks.
 * Seeds are fixed; a statistical test allows 4 standard errors, a false alarm of 6e-5 for a fresh
 * seed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_scene.h"

enum { N = 24, SIDE_VOXELS = 8, RUNS = 400 };

/* Eight voxels through which molecules hop 150 times a second, far faster than they meet: the
 * number n of A left follows dp_n/dt = w_(n + step) p_(n + step) - w_n p_n, w_n = c n m / voxels.
 */
typedef struct meeting {
    const char *equation, *law;
    int step;      /* molecules of A that one meeting takes */
    double offset; /* partners: n - offset */
} meeting;

static void moments_of(const meeting *it, double c, double end, double *mean, double *variance)
{
    enum { STEPS = 20000 };
    double p[N + 3] = {0}, square = 0;
    p[N] = 1;
    *mean = 0;
    for (int step = 0; step < STEPS; step++)
        for (int n = 0; n <= N; n++) {
            double in = (n + it->step) * (n + it->step - it->offset), out = n * (n - it->offset);
            p[n] += c / SIDE_VOXELS * end / STEPS * (in * p[n + it->step] - fmax(out, 0) * p[n]);
        }
    for (int n = 0; n <= N; n++) {
        *mean += n * p[n];
        square += n * n * p[n];
    }
    *variance = square - *mean * *mean;
}

static void write_meeting(char text[1500], const meeting *it)
{
    snprintf(
        text, 1500,
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}}\n"
        "species:\n"
        "  A: {unit: molecule, gel: {initial: 0.003 molecule/um^3, diffusivity: 5000 um^2/s}}\n"
        "  B: {unit: molecule, gel: {initial: 0.003 molecule/um^3, diffusivity: 5000 um^2/s}}\n"
        "parameters: {k: {value: 200 um^3/(molecule s)}}\n"
        "reactions: {meet: {in: gel, equation: '%s', rate: %s}}\n"
        "tissue: {size: [20 um, 20 um, 20 um], voxel: 10 um}\n"
        "run: {until: 100 s}\n",
        it->equation, it->law);
}

static void pairs_follow_their_master_equation(void **state)
{
    (void)state;
    static const meeting meetings[] = {{"A + B ->", "k * A * B", 1, 0},
                                       {"2 A ->", "k * A^2", 2, 1}};
    for (size_t k = 0; k < sizeof meetings / sizeof *meetings; k++) {
        char text[1500];
        double sum = 0, squares = 0, mean, variance;
        method_scene s;
        write_meeting(text, &meetings[k]);
        for (int run = 0; run < RUNS; run++) {
            exact_scene_make(&s, text, 1000 * (double)k + run);
            const lac_exact *e = s.stepper;
            method_scene_to(&s, 0.2);
            assert_true(e->pair[0].driver >= 0);
            double n = exact_scene_total(&s, "gel.A");
            sum += n / RUNS;
            squares += n * n / RUNS;
            method_scene_free(&s);
        }
        moments_of(&meetings[k], 0.2, 0.2, &mean, &variance);
        assert_near(sum, mean, 4 * sqrt(variance / RUNS));
        assert_near(squares - sum * sum, variance, 4 * variance * sqrt(2.2 / RUNS));
    }
}

/* All in one voxel: a bound by the most partners would waste nearly every draw, and voxels are
 * weighed instead; once spread, molecules meet. */
static void the_choice_follows_the_counts(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}}\n"
        "species:\n"
        "  A: {unit: molecule, gel: {initial: 'if(x < 10 um, 0.5, 0) * 1 [molecule/um^3]', "
        "diffusivity: 300 um^2/s}}\n"
        "  B: {unit: molecule, gel: {initial: 'if(x < 10 um, 0.5, 0) * 1 [molecule/um^3]', "
        "diffusivity: 300 um^2/s}}\n"
        "  C: {unit: molecule, gel: {initial: 0 molecule/um^3, diffusivity: 10 um^2/s}}\n"
        "parameters: {kon: {value: 40 um^3/(molecule s)}, koff: {value: 1 1/s}}\n"
        "reactions: {bind: {in: gel, equation: 'A + B <=> C', rate: kon * A * B, reverse: koff * C}}\n"
        "tissue: {size: [640 um, 10 um, 10 um], voxel: 10 um}\n"
        "run: {until: 1000 s, paranoid: 5000}\n",
        1);
    const lac_exact *e = s.stepper;
    method_scene_to(&s, 1e-4);
    assert_true(e->pair[0].driver < 0);
    method_scene_to(&s, 200);
    assert_true(e->pair[0].driver >= 0);
    assert_near(exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "gel.C"), 500, 0);
    assert_near(exact_scene_total(&s, "gel.B") + exact_scene_total(&s, "gel.C"), 500, 0);
    assert_ok(lac_exact_verify(s.stepper));
    method_scene_free(&s);
}

/* An autocatalytic pair: the most partners of a voxel grow, and the bound with them. */
static void a_bound_is_raised_when_a_voxel_passes_it(void **state)
{
    (void)state;
    method_scene s;
    exact_scene_make(
        &s,
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}}\n"
        "species:\n"
        "  A: {unit: molecule, gel: {initial: 0.02 molecule/um^3, diffusivity: 100 um^2/s}}\n"
        "  B: {unit: molecule, gel: {initial: 0.001 molecule/um^3}}\n"
        "parameters: {k: {value: 20 um^3/(molecule s)}}\n"
        "reactions: {grow: {in: gel, equation: 'A + B -> 2 B', rate: k * A * B}}\n"
        "tissue: {size: [60 um, 60 um, 60 um], voxel: 10 um}\n"
        "run: {until: 1000 s, paranoid: 100}\n",
        2);
    const lac_exact *e = s.stepper;
    method_scene_to(&s, 1e-6);
    const double before = e->pair[0].most;
    method_scene_to(&s, 10);
    assert_true(e->pair[0].most > before);
    assert_near(exact_scene_total(&s, "gel.A") + exact_scene_total(&s, "gel.B"), 216 * 21, 0);
    assert_true(exact_scene_total(&s, "gel.A") < 216 * 10);
    method_scene_free(&s);
}

static void a_run_taken_up_from_its_blocks_gives_the_same_bits(void **state)
{
    (void)state;
    static const meeting it = {"A + B ->", "k * A * B", 1, 0};
    char text[1500];
    method_scene a, b;
    write_meeting(text, &it);
    exact_scene_make(&a, text, 3);
    exact_scene_make(&b, text, 3);
    method_scene_to(&a, 0.05);
    method_scene_copy(&a, &b);
    method_scene_to(&a, 0.2);
    method_scene_to(&b, 0.2);
    assert_memory_equal(a.state->value, b.state->value, a.state->layout.length * sizeof(double));
    method_scene_free(&a);
    method_scene_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_follow_their_master_equation),
        cmocka_unit_test(the_choice_follows_the_counts),
        cmocka_unit_test(a_bound_is_raised_when_a_voxel_passes_it),
        cmocka_unit_test(a_run_taken_up_from_its_blocks_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
