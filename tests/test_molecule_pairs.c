/* Molecules that meet, at the default accuracy, against the master equation of two voxels: many
 * such pairs of voxels side by side, apart from each other. Seeds are fixed; for fresh ones a right
 * law fails with a probability below 1e-3: limits are a bias of 0.4 % and 4 standard errors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "molecules/molecules.h"

/* At first 6 of A are left and 5 of B right; each hops to the other side, and A + B -> 0. */
enum { A0 = 6, B0 = 5, STATES = (A0 + 1) * (A0 + 1) * (B0 + 1) * (B0 + 1), PLACES = 4 };
static const double HOP_A = 0.5, HOP_B = 0.25, MEET = 0.25; /* [1/s] */

/* --- the master equation ---------------------------------------------------------------------- */

/* n: A left, A right, B left, B right */
static int place_of(const int n[PLACES])
{
    return ((n[0] * (A0 + 1) + n[1]) * (B0 + 1) + n[2]) * (B0 + 1) + n[3];
}

static void numbers_at(int place, int n[PLACES])
{
    n[3] = place % (B0 + 1);
    n[2] = place / (B0 + 1) % (B0 + 1);
    n[1] = place / (B0 + 1) / (B0 + 1) % (A0 + 1);
    n[0] = place / (B0 + 1) / (B0 + 1) / (A0 + 1);
}

static void flow(const double *p, double *out, int from, double rate, const int by[PLACES])
{
    int n[PLACES];
    numbers_at(from, n);
    for (int k = 0; k < PLACES; k++)
        n[k] += by[k];
    if (rate == 0 || p[from] == 0)
        return;
    out[from] -= rate * p[from];
    out[place_of(n)] += rate * p[from];
}

static void derivative(const double *p, double *out)
{
    memset(out, 0, STATES * sizeof *out);
    for (int s = 0; s < STATES; s++) {
        int n[PLACES];
        numbers_at(s, n);
        if (n[0] + n[1] > A0 || n[2] + n[3] > B0)
            continue;
        flow(p, out, s, HOP_A * n[0], (int[]){-1, 1, 0, 0});
        flow(p, out, s, HOP_A * n[1], (int[]){1, -1, 0, 0});
        flow(p, out, s, HOP_B * n[2], (int[]){0, 0, -1, 1});
        flow(p, out, s, HOP_B * n[3], (int[]){0, 0, 1, -1});
        flow(p, out, s, MEET * n[0] * n[2], (int[]){-1, 0, -1, 0});
        flow(p, out, s, MEET * n[1] * n[3], (int[]){0, -1, 0, -1});
    }
}

/* Classical Runge-Kutta. */
static void evolve(double *p, double time)
{
    static double at[STATES], slope[4][STATES];
    const int steps = (int)(time * 40) + 1;
    const double h = time / steps;
    for (int step = 0; step < steps; step++) {
        for (int stage = 0; stage < 4; stage++) {
            const double c = stage == 3 ? h : h / 2;
            for (int s = 0; s < STATES; s++)
                at[s] = p[s] + (stage ? c * slope[stage - 1][s] : 0);
            derivative(at, slope[stage]);
        }
        for (int s = 0; s < STATES; s++)
            p[s] += h / 6 * (slope[0][s] + 2 * (slope[1][s] + slope[2][s]) + slope[3][s]);
    }
}

/* --- the molecules ---------------------------------------------------------------------------- */

typedef struct moments {
    double mean[PLACES], square[PLACES];
} moments;

static moments expected(const double *p)
{
    moments of = {{0}, {0}};
    for (int s = 0; s < STATES; s++) {
        int n[PLACES];
        numbers_at(s, n);
        for (int k = 0; k < PLACES; k++) {
            of.mean[k] += p[s] * n[k];
            of.square[k] += p[s] * n[k] * n[k];
        }
    }
    return of;
}

static moments found(lac_molecules *m, size_t rows)
{
    moments of = {{0}, {0}};
    for (int k = 0; k < PLACES; k++)
        for (size_t row = 0; row < rows; row++) {
            const double n = lac_molecules_count(m, (size_t)k / 2)[2 * row + (size_t)k % 2];
            of.mean[k] += n / (double)rows;
            of.square[k] += n * n / (double)rows;
        }
    return of;
}

static void assert_follow(lac_molecules *m, size_t rows, const double *p)
{
    const moments are = found(m, rows), law = expected(p);
    for (int k = 0; k < PLACES; k++) {
        const double variance = law.square[k] - law.mean[k] * law.mean[k];
        const double seen = are.square[k] - are.mean[k] * are.mean[k];
        const double error = sqrt(variance / (double)rows);
        assert_near(are.mean[k], law.mean[k], 0.004 * law.mean[k] + 4 * error);
        assert_near(seen, variance, 0.004 * variance + 4 * variance * sqrt(3 / (double)rows));
    }
}

enum { ROWS = 100000 };

/* p := certain that all are where they begin. */
static lac_molecules *begin(uint64_t seed, double *p)
{
    lac_lattice rows = {{2, ROWS, 1}, {1, 0, 0}, NULL, NULL};
    lac_molecule_species s[2] = {{HOP_A, NULL}, {HOP_B, NULL}};
    lac_molecule_reaction r = {.reactants = 2,
                               .reactant = {0, 1},
                               .changes = 2,
                               .change = {{0, -1}, {1, -1}},
                               .coefficient = MEET};
    lac_molecules *m;
    assert_ok(
        lac_molecules_create(&rows, 2, s, 1, &r, lac_random_key_of(31, seed, LAC_FOR_TESTS), &m));
    for (size_t row = 0; row < ROWS; row++) {
        lac_molecules_count(m, 0)[2 * row] = A0;
        lac_molecules_count(m, 1)[2 * row + 1] = B0;
    }
    memset(p, 0, STATES * sizeof *p);
    p[place_of((int[]){A0, 0, 0, B0})] = 1;
    return m;
}

/* In windows of a length: those of hybrid may hold one step or many. */
static void meet_in_windows_of(double window)
{
    static double p[STATES];
    lac_molecules *m = begin(33, p);
    for (int half = 0; half < 4; half++) {
        for (double done = 0; done < 0.5; done += window)
            assert_ok(lac_molecules_advance(m, window, 0.1));
        evolve(p, 0.5);
        assert_follow(m, ROWS, p);
    }
    assert_true(lac_molecules_report(m).steps <= 33);
    lac_molecules_free(m);
}

static void pairs_follow_the_master_equation(void **state)
{
    (void)state;
    meet_in_windows_of(0.5);
    meet_in_windows_of(0.0625);
}

/* --- what long steps leave -------------------------------------------------------------------- */

/* Within a factor of 3, and four standard errors. */
static void assert_stated(lac_molecules *m, const double *p)
{
    const double *excess = lac_molecules_bias(m);
    const moments are = found(m, ROWS), law = expected(p);
    for (size_t k = 0; k < PLACES; k++) {
        const double variance = law.square[k] - law.mean[k] * law.mean[k];
        const double is = are.mean[k] - law.mean[k], error = sqrt(variance / ROWS);
        double stated = 0;
        for (size_t row = 0; row < ROWS; row++)
            stated += excess[k / 2 * 2 * ROWS + 2 * row + k % 2] / ROWS;
        assert_true(is - 4 * error <= 3 * stated && stated <= 3 * (is + 4 * error));
    }
}

static void what_long_steps_leave_is_stated(void **state)
{
    (void)state;
    static const double accuracy[] = {0.3, 1, 3};
    static double p[STATES];
    for (int k = 0; k < 3; k++) {
        lac_molecules *m = begin(40 + (uint64_t)k, p);
        for (int second = 0; second < 3; second++) {
            assert_ok(lac_molecules_advance(m, 1, accuracy[k]));
            evolve(p, 1);
            assert_stated(m, p);
        }
        lac_molecules_free(m);
    }
}

/* Sources and losses of each by itself: nothing is left, and nothing stated. */
static void what_meets_nobody_leaves_nothing(void **state)
{
    (void)state;
    lac_lattice rows = {{2, 4, 1}, {1, 0, 0}, NULL, NULL};
    lac_molecule_species s = {HOP_A, NULL};
    lac_molecule_reaction r = {
        .reactants = 1, .changes = 1, .change = {{0, -1}}, .coefficient = 0.1};
    lac_molecules *m;
    assert_ok(
        lac_molecules_create(&rows, 1, &s, 1, &r, lac_random_key_of(31, 0, LAC_FOR_TESTS), &m));
    assert_null(lac_molecules_bias(m));
    lac_molecules_free(m);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(pairs_follow_the_master_equation),
                                              cmocka_unit_test(what_long_steps_leave_is_stated),
                                              cmocka_unit_test(what_meets_nobody_leaves_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
