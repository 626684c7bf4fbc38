/* Sensitivity: against the closed forms of Ishigami's and Sobol's functions, and what must not
 * happen to missing runs. Seeds are fixed, so a test that passes once passes always; for a fresh
 * seed the false alarms of the statistical ones are stated beside them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "analysis/design.h"
#include "analysis/sensitivity.h"
#include "base/memory.h"
#include "base/random.h"

#include <gsl/gsl_math.h>
#include <stdbool.h>

static const lac_bootstrap no_bootstrap = {0, 0.95, 1};

enum { MOST = 8 };

typedef double (*function)(const double *unit);

/* Ishigami & Homma (1990) with a = 7, b = 0.1, on [-pi, pi]^3. */
static double ishigami(const double *unit)
{
    double x[3];
    for (int k = 0; k < 3; k++)
        x[k] = M_PI * (2 * unit[k] - 1);
    double wave = sin(x[1]);
    return sin(x[0]) + 7 * wave * wave + 0.1 * pow(x[2], 4) * sin(x[0]);
}

static void ishigami_indices(double first[3], double total[3])
{
    const double a = 7, b = 0.1;
    double one = 0.5 * pow(1 + b * pow(M_PI, 4) / 5, 2), two = a * a / 8;
    double both = 8 * b * b * pow(M_PI, 8) / 225;
    double all = one + two + both;
    first[0] = one / all, first[1] = two / all, first[2] = 0;
    total[0] = (one + both) / all, total[1] = two / all, total[2] = both / all;
}

/* Sobol's g-function: product of (|4 x - 2| + a) / (1 + a). */
enum { G_FACTORS = 6 };
static const double g_a[G_FACTORS] = {0, 0.5, 3, 9, 99, 99};

static double g_function(const double *unit)
{
    double product = 1;
    for (int k = 0; k < G_FACTORS; k++)
        product *= (fabs(4 * unit[k] - 2) + g_a[k]) / (1 + g_a[k]);
    return product;
}

static void g_indices(double *first, double *total)
{
    double part[G_FACTORS], product = 1;
    for (int k = 0; k < G_FACTORS; k++) {
        part[k] = 1 / (3 * (1 + g_a[k]) * (1 + g_a[k]));
        product *= 1 + part[k];
    }
    for (int k = 0; k < G_FACTORS; k++) {
        first[k] = part[k] / (product - 1);
        total[k] = part[k] * product / (1 + part[k]) / (product - 1);
    }
}

/* Outcomes of a Saltelli design whose A and B are independent random points. */
static void run_saltelli(function f, size_t factors, size_t samples, uint64_t seed, double *outcome)
{
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(seed, 0, LAC_FOR_TESTS), 0);
    for (size_t item = 0; item < samples; item++) {
        double a[MOST], b[MOST];
        for (size_t k = 0; k < factors; k++) {
            a[k] = lac_stream_unit(&stream);
            b[k] = lac_stream_unit(&stream);
        }
        outcome[item] = f(a);
        outcome[samples + item] = f(b);
        for (size_t k = 0; k < factors; k++) {
            double kept = a[k];
            a[k] = b[k];
            outcome[(k + 2) * samples + item] = f(a);
            a[k] = kept;
        }
    }
}

/* Trajectories on a grid of 4 levels, each with its factors in another order. */
static void run_morris(function f, size_t factors, size_t trajectories, uint64_t seed, double *unit,
                       double *outcome)
{
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(seed, 0, LAC_FOR_TESTS), 1);
    for (size_t t = 0; t < trajectories; t++) {
        double point[MOST];
        size_t order[MOST];
        for (size_t k = 0; k < factors; k++) {
            point[k] = (double)(lac_stream_word(&stream) % 4) / 3;
            order[k] = k;
        }
        for (size_t k = factors; k > 1; k--) {
            size_t with = lac_stream_word(&stream) % k, kept = order[k - 1];
            order[k - 1] = order[with];
            order[with] = kept;
        }
        for (size_t step = 0; step <= factors; step++) {
            if (step > 0)
                point[order[step - 1]] += point[order[step - 1]] < 0.5 ? 2.0 / 3 : -2.0 / 3;
            size_t row = t * (factors + 1) + step;
            memcpy(unit + row * factors, point, factors * sizeof *point);
            outcome[row] = f(point);
        }
    }
}

/* Root mean square error of all indices over repetitions with other points. */
static double rms_error(function f, size_t factors, size_t samples, const double *first,
                        const double *total)
{
    enum { REPETITIONS = 60 };
    lac_confidence_interval one[MOST], all[MOST];
    lac_sobol sobol = {.first = one, .total = all};
    double *outcome = lac_alloc((factors + 2) * samples, sizeof *outcome), sum = 0;
    assert_non_null(outcome);
    for (uint64_t seed = 1; seed <= REPETITIONS; seed++) {
        run_saltelli(f, factors, samples, seed, outcome);
        assert_ok(lac_sensitivity_sobol(factors, samples, outcome, &no_bootstrap, &sobol));
        for (size_t k = 0; k < factors; k++)
            sum += pow(one[k].value - first[k], 2) + pow(all[k].value - total[k], 2);
    }
    lac_free(outcome);
    return sqrt(sum / (2 * REPETITIONS * (double)factors));
}

/* Four times the points halve the error. Of 60 repetitions with some 6 indices each an error is
 * known to about 6 %, a ratio to 9 %: 2 +- 0.5 fails for one seed in ten million. */
static void errors_of_sobol_indices_shrink_as_one_over_root_n(void **state)
{
    (void)state;
    double first[MOST], total[MOST];
    ishigami_indices(first, total);
    double coarse = rms_error(ishigami, 3, 256, first, total);
    double fine = rms_error(ishigami, 3, 1024, first, total);
    assert_near(coarse / fine, 2, 0.5);
    assert_true(fine < 0.04);
    g_indices(first, total);
    coarse = rms_error(g_function, G_FACTORS, 256, first, total);
    fine = rms_error(g_function, G_FACTORS, 1024, first, total);
    assert_near(coarse / fine, 2, 0.5);
    assert_true(fine < 0.04);
}

/* The largest error of all indices on the Saltelli design of a plan. */
static double design_error(function f, size_t factors, size_t samples, const double *first,
                           const double *total)
{
    lac_confidence_interval one[MOST], all[MOST];
    lac_sobol sobol = {.first = one, .total = all};
    lac_design design = {LAC_DESIGN_SALTELLI, factors, samples, 4, 1, 0};
    size_t rows = lac_design_rows(&design);
    double *unit = lac_alloc(rows * factors, sizeof *unit), error = 0;
    double *outcome = lac_alloc(rows, sizeof *outcome);
    assert_true(unit && outcome);
    assert_ok(lac_design_fill(&design, unit));
    for (size_t row = 0; row < rows; row++)
        outcome[row] = f(unit + row * factors);
    assert_ok(lac_sensitivity_sobol(factors, samples, outcome, &no_bootstrap, &sobol));
    assert_int_equal(sobol.used, samples);
    for (size_t k = 0; k < factors; k++) {
        error = fmax(error, fabs(one[k].value - first[k]));
        error = fmax(error, fabs(all[k].value - total[k]));
    }
    lac_free(unit);
    lac_free(outcome);
    return error;
}

/* Sixteen times the points of a Sobol sequence: independent ones would make the error a quarter. */
static void the_saltelli_design_of_a_plan_gives_the_indices_faster_than_chance(void **state)
{
    (void)state;
    double first[MOST], total[MOST];
    ishigami_indices(first, total);
    double coarse = design_error(ishigami, 3, 256, first, total);
    double fine = design_error(ishigami, 3, 4096, first, total);
    assert_true(fine < coarse / 6);
    assert_true(fine < 0.005);
    g_indices(first, total);
    coarse = design_error(g_function, G_FACTORS, 256, first, total);
    fine = design_error(g_function, G_FACTORS, 4096, first, total);
    assert_true(fine < coarse / 6);
    assert_true(fine < 0.005);
}

static bool covers(lac_confidence_interval interval, double truth)
{
    return interval.low <= truth && truth <= interval.high;
}

/* Of 200 intervals of 95 %, 190 cover in the mean. The percentile bootstrap of 256 skewed samples
 * is known to fall a few points short; at 93 % fewer than 174 is a matter of 3 in 10 000 for each
 * of the indices. The total index of a factor with none is left out: its estimate is never below 0.
 */
static void intervals_cover_the_true_indices(void **state)
{
    (void)state;
    enum { REPETITIONS = 200, SAMPLES = 256 };
    double truth[2][MOST];
    size_t covered[2][MOST] = {{0}};
    double outcome[5 * SAMPLES];
    ishigami_indices(truth[0], truth[1]);
    for (uint64_t seed = 1; seed <= REPETITIONS; seed++) {
        lac_confidence_interval first[3], total[3];
        lac_sobol sobol = {.first = first, .total = total};
        lac_bootstrap bootstrap = {300, 0.95, seed};
        run_saltelli(ishigami, 3, SAMPLES, 1000 + seed, outcome);
        assert_ok(lac_sensitivity_sobol(3, SAMPLES, outcome, &bootstrap, &sobol));
        for (int k = 0; k < 3; k++) {
            covered[0][k] += (size_t)covers(first[k], truth[0][k]);
            covered[1][k] += (size_t)covers(total[k], truth[1][k]);
        }
    }
    for (int k = 0; k < 3; k++)
        for (int order = 0; order < 2; order++) {
            if (covered[order][k] < 174 || covered[order][k] > 199)
                fail_msg("factor %d, %s: %zu of 200", k, order ? "total" : "first",
                         covered[order][k]);
        }
}

static void a_higher_confidence_gives_a_wider_interval(void **state)
{
    (void)state;
    double outcome[5 * 128];
    lac_confidence_interval first[2][3], total[2][3];
    run_saltelli(ishigami, 3, 128, 5, outcome);
    for (int k = 0; k < 2; k++) {
        lac_bootstrap bootstrap = {500, k ? 0.99 : 0.5, 1};
        lac_sobol sobol = {.first = first[k], .total = total[k]};
        assert_ok(lac_sensitivity_sobol(3, 128, outcome, &bootstrap, &sobol));
        for (int factor = 0; factor < 3; factor++)
            assert_true(total[k][factor].low < total[k][factor].high);
    }
    for (int factor = 0; factor < 3; factor++) {
        assert_true(first[1][factor].low < first[0][factor].low);
        assert_true(first[1][factor].high > first[0][factor].high);
        assert_true(first[0][factor].value == first[1][factor].value);
    }
}

static void the_same_seed_gives_the_same_bits_and_another_other_intervals(void **state)
{
    (void)state;
    double outcome[5 * 64];
    lac_confidence_interval first[3][3], total[3][3];
    run_saltelli(ishigami, 3, 64, 9, outcome);
    for (int k = 0; k < 3; k++) {
        lac_bootstrap bootstrap = {100, 0.95, k == 2 ? 8 : 7};
        lac_sobol sobol = {.first = first[k], .total = total[k]};
        assert_ok(lac_sensitivity_sobol(3, 64, outcome, &bootstrap, &sobol));
    }
    assert_memory_equal(first[0], first[1], sizeof first[0]);
    assert_memory_equal(total[0], total[1], sizeof total[0]);
    assert_true(first[0][0].low != first[2][0].low);
    assert_true(first[0][0].value == first[2][0].value);
}

static void a_sample_with_a_missing_run_is_left_out_as_a_whole(void **state)
{
    (void)state;
    enum { SAMPLES = 40, GONE = 17 };
    double outcome[5 * SAMPLES], without[5 * (SAMPLES - 1)];
    run_saltelli(ishigami, 3, SAMPLES, 3, outcome);
    size_t at = 0;
    for (size_t row = 0; row < 5 * SAMPLES; row++)
        if (row % SAMPLES != GONE)
            without[at++] = outcome[row];
    outcome[3 * SAMPLES + GONE] = NAN;
    lac_confidence_interval first[2][3], total[2][3];
    lac_sobol some = {.first = first[0], .total = total[0]};
    lac_sobol rest = {.first = first[1], .total = total[1]};
    lac_bootstrap bootstrap = {50, 0.9, 1};
    assert_ok(lac_sensitivity_sobol(3, SAMPLES, outcome, &bootstrap, &some));
    assert_ok(lac_sensitivity_sobol(3, SAMPLES - 1, without, &bootstrap, &rest));
    assert_int_equal(some.used, SAMPLES - 1);
    assert_memory_equal(first[0], first[1], sizeof first[0]);
    assert_memory_equal(total[0], total[1], sizeof total[0]);
    assert_true(some.variance == rest.variance && some.mean == rest.mean);
}

static void an_outcome_that_never_changes_has_no_indices(void **state)
{
    (void)state;
    double outcome[4 * 16];
    for (size_t row = 0; row < 4 * 16; row++)
        outcome[row] = 0.1;
    lac_confidence_interval first[2], total[2];
    lac_sobol sobol = {.first = first, .total = total};
    lac_bootstrap bootstrap = {50, 0.95, 1};
    assert_ok(lac_sensitivity_sobol(2, 16, outcome, &bootstrap, &sobol));
    assert_true(sobol.variance == 0 && sobol.mean == 0.1);
    assert_true(isnan(first[0].value) && isnan(total[1].value) && isnan(total[1].high));
    for (size_t row = 0; row < 16; row++)
        outcome[row] = NAN;
    assert_ok(lac_sensitivity_sobol(2, 16, outcome, &bootstrap, &sobol));
    assert_int_equal(sobol.used, 0);
    assert_true(isnan(sobol.mean) && isnan(first[0].value) && isnan(total[1].low));
}

/* Morris */

typedef struct morris_room {
    lac_confidence_interval mu_star[MOST];
    double mu[MOST], sigma[MOST];
    size_t effects[MOST];
    lac_morris morris;
} morris_room;

static lac_morris *morris_in(morris_room *room)
{
    room->morris = (lac_morris){room->mu_star, room->mu, room->sigma, room->effects};
    return &room->morris;
}

static double linear(const double *unit)
{
    return 4 + 8 * unit[0] - 0.5 * unit[1] + 0 * unit[2];
}

static void effects_of_a_linear_function_are_its_slopes(void **state)
{
    (void)state;
    enum { TRAJECTORIES = 6 };
    static const double slope[] = {8, -0.5, 0};
    double unit[TRAJECTORIES * 4 * 3], outcome[TRAJECTORIES * 4];
    morris_room room;
    lac_bootstrap bootstrap = {100, 0.95, 1};
    run_morris(linear, 3, TRAJECTORIES, 1, unit, outcome);
    assert_ok(lac_sensitivity_morris(3, TRAJECTORIES, unit, outcome, &bootstrap, morris_in(&room)));
    for (int k = 0; k < 3; k++) {
        assert_near(room.mu[k], slope[k], 1e-14);
        assert_near(room.mu_star[k].value, fabs(slope[k]), 1e-14);
        assert_near(room.mu_star[k].low, fabs(slope[k]), 1e-14);
        assert_near(room.mu_star[k].high, fabs(slope[k]), 1e-14);
        assert_near(room.sigma[k], 0, 1e-14);
        assert_int_equal(room.effects[k], TRAJECTORIES);
    }
}

/* On the grid 0, 1/3, 2/3, 1 a step of 2/3 changes |4 x - 2| by 4/3 and the mean of |4 x - 2| is
 * 4/3: the expectation of mu* in closed form. */
static double g_mu_star(int factor)
{
    double expected = 2 / (1 + g_a[factor]);
    for (int k = 0; k < G_FACTORS; k++)
        if (k != factor)
            expected *= (4.0 / 3 + g_a[k]) / (1 + g_a[k]);
    return expected;
}

static void mu_star_ranks_the_factors_of_the_g_function(void **state)
{
    (void)state;
    enum { TRAJECTORIES = 40, ROWS = TRAJECTORIES * (G_FACTORS + 1) };
    double unit[ROWS * G_FACTORS], outcome[ROWS];
    morris_room room;
    run_morris(g_function, G_FACTORS, TRAJECTORIES, 1, unit, outcome);
    assert_ok(lac_sensitivity_morris(G_FACTORS, TRAJECTORIES, unit, outcome, &no_bootstrap,
                                     morris_in(&room)));
    for (int k = 1; k < G_FACTORS; k++) {
        assert_true(room.mu_star[k].value <= room.mu_star[k - 1].value ||
                    g_a[k] == g_a[k - 1]); /* alike */
        assert_true(fabs(room.mu[k]) <= room.mu_star[k].value);
        assert_true(isnan(room.mu_star[k].low));
    }
    /* The function is not additive: its effects differ from place to place. */
    assert_true(room.sigma[0] > 0.1 * room.mu_star[0].value);
}

/* 95 % of 200 intervals, a few less for 30 skewed trajectories: fewer than 172 happens at 93 % in
 * 1 of 10 000 repetitions for each of the factors. */
static void intervals_cover_the_expected_mu_star(void **state)
{
    (void)state;
    enum { REPETITIONS = 200, TRAJECTORIES = 30, ROWS = TRAJECTORIES * (G_FACTORS + 1) };
    double unit[ROWS * G_FACTORS], outcome[ROWS];
    size_t covered[G_FACTORS] = {0};
    for (uint64_t seed = 1; seed <= REPETITIONS; seed++) {
        morris_room room;
        lac_bootstrap bootstrap = {300, 0.95, seed};
        run_morris(g_function, G_FACTORS, TRAJECTORIES, seed, unit, outcome);
        assert_ok(lac_sensitivity_morris(G_FACTORS, TRAJECTORIES, unit, outcome, &bootstrap,
                                         morris_in(&room)));
        for (int k = 0; k < G_FACTORS; k++)
            covered[k] += (size_t)covers(room.mu_star[k], g_mu_star(k));
    }
    for (int k = 0; k < G_FACTORS; k++)
        if (covered[k] < 172 || covered[k] == REPETITIONS)
            fail_msg("factor %d: %zu of 200", k, covered[k]);
}

static void the_morris_design_of_a_plan_gives_the_expected_mu_star(void **state)
{
    (void)state;
    enum { TRAJECTORIES = 4000, ROWS = TRAJECTORIES * (G_FACTORS + 1) };
    lac_design design = {LAC_DESIGN_MORRIS, G_FACTORS, TRAJECTORIES, 4, 1, 0};
    double *unit = lac_alloc(ROWS * G_FACTORS, sizeof *unit);
    double *outcome = lac_alloc(ROWS, sizeof *outcome);
    morris_room room;
    assert_true(unit && outcome);
    assert_int_equal(lac_design_rows(&design), ROWS);
    assert_ok(lac_design_fill(&design, unit));
    for (size_t row = 0; row < ROWS; row++)
        outcome[row] = g_function(unit + row * G_FACTORS);
    assert_ok(lac_sensitivity_morris(G_FACTORS, TRAJECTORIES, unit, outcome, &no_bootstrap,
                                     morris_in(&room)));
    /* Within five standard errors; |effect| scatters no more than the effect. */
    for (int k = 0; k < G_FACTORS; k++)
        assert_near(room.mu_star[k].value, g_mu_star(k),
                    5 * room.sigma[k] / sqrt((double)TRAJECTORIES));
    lac_free(unit);
    lac_free(outcome);
}

static void a_missing_run_takes_its_steps_along_and_no_others(void **state)
{
    (void)state;
    enum { TRAJECTORIES = 5 };
    double unit[TRAJECTORIES * 4 * 3], outcome[TRAJECTORIES * 4];
    morris_room room;
    lac_bootstrap bootstrap = {20, 0.95, 1};
    run_morris(linear, 3, TRAJECTORIES, 2, unit, outcome);
    outcome[2 * 4 + 1] = NAN; /* the end of the first step and the beginning of the second */
    assert_ok(lac_sensitivity_morris(3, TRAJECTORIES, unit, outcome, &bootstrap, morris_in(&room)));
    assert_int_equal(room.effects[0] + room.effects[1] + room.effects[2], 3 * TRAJECTORIES - 2);
    assert_near(room.mu_star[0].value, 8, 1e-14);
    for (size_t row = 0; row < TRAJECTORIES * 4; row++)
        outcome[row] = NAN;
    assert_ok(lac_sensitivity_morris(3, TRAJECTORIES, unit, outcome, &bootstrap, morris_in(&room)));
    assert_int_equal(room.effects[1], 0);
    assert_true(isnan(room.mu_star[1].value) && isnan(room.mu_star[1].low) && isnan(room.mu[1]));
}

static void points_that_are_no_trajectories_are_refused(void **state)
{
    (void)state;
    double unit[] = {0, 0, 1, 1, 1, 0}, outcome[] = {1, 2, 3};
    morris_room room;
    assert_int_equal(lac_sensitivity_morris(2, 1, unit, outcome, &no_bootstrap, morris_in(&room)),
                     LAC_INPUT);
    assert_text_has(lac_failure(), "row 1 changes 2 factors");
    lac_bootstrap wild = {10, 1.5, 1};
    unit[3] = 0, unit[5] = 1;
    assert_int_equal(lac_sensitivity_morris(2, 1, unit, outcome, &wild, morris_in(&room)),
                     LAC_USAGE);
    assert_text_has(lac_failure(), "1.5");
}

/* Ranks */

static double spearman(size_t rows, const double *one, const double *other)
{
    double squares = 0;
    for (size_t a = 0; a < rows; a++) {
        double difference = 0;
        for (size_t b = 0; b < rows; b++)
            difference += (double)(one[b] < one[a]) - (double)(other[b] < other[a]);
        squares += difference * difference;
    }
    double n = (double)rows;
    return 1 - 6 * squares / (n * (n * n - 1));
}

/* With two factors r_1y.2 = (r_1y - r_12 r_2y) / sqrt((1 - r_12^2) (1 - r_2y^2)), and without equal
 * values Spearman's r = 1 - 6 sum d^2 / (n (n^2 - 1)). */
static void partial_rank_correlation_of_two_factors_is_the_closed_form(void **state)
{
    (void)state;
    enum { ROWS = 50 };
    double unit[2 * ROWS], outcome[ROWS], one[ROWS], two[ROWS];
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(4, 0, LAC_FOR_TESTS), 0);
    for (size_t row = 0; row < ROWS; row++) {
        one[row] = unit[2 * row] = lac_stream_unit(&stream);
        two[row] = unit[2 * row + 1] = 0.3 * one[row] + lac_stream_unit(&stream);
        outcome[row] = exp(3 * one[row]) - 5 * two[row] + 4 * lac_stream_unit(&stream);
    }
    lac_confidence_interval coefficient[2];
    lac_ranks ranks = {.coefficient = coefficient};
    lac_bootstrap bootstrap = {200, 0.95, 1};
    assert_ok(lac_sensitivity_ranks(2, ROWS, unit, outcome, &bootstrap, &ranks));
    double r12 = spearman(ROWS, one, two);
    double r1y = spearman(ROWS, one, outcome), r2y = spearman(ROWS, two, outcome);
    assert_int_equal(ranks.used, ROWS);
    assert_near(coefficient[0].value, (r1y - r12 * r2y) / sqrt((1 - r12 * r12) * (1 - r2y * r2y)),
                1e-13);
    assert_near(coefficient[1].value, (r2y - r12 * r1y) / sqrt((1 - r12 * r12) * (1 - r1y * r1y)),
                1e-13);
    for (int k = 0; k < 2; k++)
        assert_true(coefficient[k].low < coefficient[k].value &&
                    coefficient[k].value < coefficient[k].high);
}

static void an_outcome_that_rises_with_one_factor_alone_has_its_rank(void **state)
{
    (void)state;
    enum { ROWS = 30, FACTORS = 3 };
    double unit[FACTORS * ROWS], outcome[ROWS];
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(5, 0, LAC_FOR_TESTS), 0);
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t k = 0; k < FACTORS; k++)
            unit[row * FACTORS + k] = lac_stream_unit(&stream);
        outcome[row] = -exp(20 * unit[row * FACTORS + 1]);
    }
    outcome[7] = NAN;
    lac_confidence_interval coefficient[FACTORS];
    lac_ranks ranks = {.coefficient = coefficient};
    assert_ok(lac_sensitivity_ranks(FACTORS, ROWS, unit, outcome, &no_bootstrap, &ranks));
    assert_int_equal(ranks.used, ROWS - 1);
    assert_near(coefficient[1].value, -1, 1e-12);
    assert_near(coefficient[0].value, 0, 1e-12);
    assert_near(coefficient[2].value, 0, 1e-12);
    /* A factor that never changes, and too few rows. */
    for (size_t row = 0; row < ROWS; row++)
        unit[row * FACTORS] = 0.5;
    assert_ok(lac_sensitivity_ranks(FACTORS, ROWS, unit, outcome, &no_bootstrap, &ranks));
    assert_true(isnan(coefficient[0].value));
    assert_near(coefficient[1].value, -1, 1e-12);
    assert_ok(lac_sensitivity_ranks(FACTORS, 5, unit, outcome, &no_bootstrap, &ranks));
    assert_true(isnan(coefficient[1].value));
}

static void equal_values_share_a_rank(void **state)
{
    (void)state;
    /* Ranks of the factor 1.5 1.5 3 4 5.5 5.5, of the outcome 1 2 3.5 3.5 5 6; Pearson's by hand:
     * products 16, squares 16.5 and 17. */
    double unit[] = {0, 0, 0.2, 0.4, 0.9, 0.9}, outcome[] = {1, 2, 3, 3, 4, 5};
    lac_confidence_interval coefficient;
    lac_ranks ranks = {.coefficient = &coefficient};
    assert_ok(lac_sensitivity_ranks(1, 6, unit, outcome, &no_bootstrap, &ranks));
    assert_near(coefficient.value, 16 / sqrt(16.5 * 17), 1e-13);
}

static void every_failed_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    double outcome[5 * 8], unit[5 * 4 * 3];
    lac_confidence_interval first[3], total[3];
    lac_sobol sobol = {.first = first, .total = total};
    lac_bootstrap bootstrap = {5, 0.95, 1};
    morris_room room;
    size_t alive = lac_memory_alive();
    run_saltelli(ishigami, 3, 8, 1, outcome);
    for (size_t n = 1;; n++) {
        lac_memory_fail_at(n);
        lac_status status = lac_sensitivity_sobol(3, 8, outcome, &bootstrap, &sobol);
        lac_memory_fail_at(0);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK)
            break;
        assert_int_equal(status, LAC_MEMORY);
        assert_true(n < 100);
    }
    lac_ranks ranks = {.coefficient = first};
    for (size_t n = 1;; n++) {
        lac_memory_fail_at(n);
        lac_status status = lac_sensitivity_ranks(1, 20, outcome, outcome + 20, &bootstrap, &ranks);
        lac_memory_fail_at(0);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK)
            break;
        assert_int_equal(status, LAC_MEMORY);
        assert_true(n < 100);
    }
    run_morris(linear, 3, 5, 1, unit, outcome);
    for (size_t n = 1;; n++) {
        lac_memory_fail_at(n);
        lac_status status =
            lac_sensitivity_morris(3, 5, unit, outcome, &bootstrap, morris_in(&room));
        lac_memory_fail_at(0);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK)
            break;
        assert_int_equal(status, LAC_MEMORY);
        assert_true(n < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_sobol_indices_shrink_as_one_over_root_n),
        cmocka_unit_test(the_saltelli_design_of_a_plan_gives_the_indices_faster_than_chance),
        cmocka_unit_test(intervals_cover_the_true_indices),
        cmocka_unit_test(a_higher_confidence_gives_a_wider_interval),
        cmocka_unit_test(the_same_seed_gives_the_same_bits_and_another_other_intervals),
        cmocka_unit_test(a_sample_with_a_missing_run_is_left_out_as_a_whole),
        cmocka_unit_test(an_outcome_that_never_changes_has_no_indices),
        cmocka_unit_test(effects_of_a_linear_function_are_its_slopes),
        cmocka_unit_test(mu_star_ranks_the_factors_of_the_g_function),
        cmocka_unit_test(intervals_cover_the_expected_mu_star),
        cmocka_unit_test(the_morris_design_of_a_plan_gives_the_expected_mu_star),
        cmocka_unit_test(a_missing_run_takes_its_steps_along_and_no_others),
        cmocka_unit_test(points_that_are_no_trajectories_are_refused),
        cmocka_unit_test(partial_rank_correlation_of_two_factors_is_the_closed_form),
        cmocka_unit_test(an_outcome_that_rises_with_one_factor_alone_has_its_rank),
        cmocka_unit_test(equal_values_share_a_rank),
        cmocka_unit_test(every_failed_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
