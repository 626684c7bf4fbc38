/* Tests of designs, spreads and sample tables: who is to be run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "plan_scene.h"

#include "analysis/distribution.h"
#include "campaign/sample_table.h"

#include <gsl/gsl_integration.h>

static double *fill(const lac_design *design)
{
    double *unit = lac_alloc(lac_design_rows(design) * design->dimensions, sizeof *unit);
    assert_non_null(unit);
    assert_ok(lac_design_fill(design, unit));
    return unit;
}

/* --- designs -------------------------------------------------------------------------------------
 */

/* Every factor has one point in each of `samples` layers. */
static void assert_stratified(const lac_design *design, const double *unit)
{
    size_t n = design->samples, k = design->dimensions;
    for (size_t factor = 0; factor < k; factor++) {
        unsigned char *seen = lac_alloc(n, 1);
        assert_non_null(seen);
        for (size_t row = 0; row < n; row++) {
            double x = unit[row * k + factor];
            assert_true(x > 0 && x < 1);
            assert_int_equal(seen[(size_t)(x * (double)n)]++, 0);
        }
        lac_free(seen);
    }
}

static void a_latin_hypercube_has_one_point_in_every_layer_of_every_factor(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 7, 64, 1000};
    for (size_t each = 0; each < 5; each++) {
        lac_design design = {LAC_DESIGN_LATIN, 13, sizes[each], 0, 42, 0};
        double *unit = fill(&design);
        assert_stratified(&design, unit);
        lac_free(unit);
    }
}

static void factors_of_a_latin_hypercube_are_not_in_step(void **state)
{
    (void)state;
    lac_design design = {LAC_DESIGN_LATIN, 6, 2000, 0, 3, 0};
    double *unit = fill(&design);
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < a; b++) {
            double sum = 0;
            for (size_t row = 0; row < 2000; row++)
                sum += (unit[row * 6 + a] - 0.5) * (unit[row * 6 + b] - 0.5);
            assert_near(12 * sum / 2000, 0, 0.1); /* 4.5 standard errors */
        }
    lac_free(unit);
}

static void sobol_points_are_the_known_ones(void **state)
{
    (void)state;
    /* Points 4 to 7 in the order of Antonov & Saleev, whose Gray codes are 110, 111, 101, 100. By
     * hand from the direction numbers of Bratley & Fox (1988) in binary: .1 .01 .001 for factor 1,
     * .1 .11 .101 for 2, .1 .01 .111 for 3. */
    static const double known[4][3] = {
        {0.375, 0.375, 0.625}, {0.875, 0.875, 0.125}, {0.625, 0.125, 0.375}, {0.125, 0.625, 0.875}};
    lac_design design = {LAC_DESIGN_SOBOL, 3, 4, 0, 1, 0};
    double *unit = fill(&design);
    for (size_t row = 0; row < 4; row++)
        for (size_t factor = 0; factor < 3; factor++)
            assert_near(unit[row * 3 + factor], known[row][factor], 0);
    lac_free(unit);
    for (size_t dimensions = 1; dimensions <= 40; dimensions += 13) {
        lac_design block = {LAC_DESIGN_SOBOL, dimensions, 256, 0, 1, 0};
        unit = fill(&block);
        assert_stratified(&block, unit);
        for (size_t each = 0; each < 256 * dimensions; each++) /* at the middle of its layer */
            assert_near(fmod(unit[each] * 512, 2), 1, 0);
        lac_free(unit);
    }
    lac_design many = {LAC_DESIGN_SOBOL, 41, 4, 0, 1, 0};
    double none[4 * 41];
    assert_int_equal(lac_design_fill(&many, none), LAC_LIMIT);
}

/* The L2 star discrepancy by Warnock's formula (Warnock 1972). */
static double discrepancy(const double *unit, size_t n, size_t k)
{
    double one = 0, two = 0;
    for (size_t i = 0; i < n; i++) {
        double product = 1;
        for (size_t d = 0; d < k; d++)
            product *= 1 - unit[i * k + d] * unit[i * k + d];
        one += product;
        for (size_t j = 0; j < n; j++) {
            product = 1;
            for (size_t d = 0; d < k; d++)
                product *= 1 - fmax(unit[i * k + d], unit[j * k + d]);
            two += product;
        }
    }
    double N = (double)n;
    return sqrt(pow(3, -(double)k) - pow(2, 1 - (double)k) / N * one + two / (N * N));
}

static void sobol_is_more_even_than_latin_and_latin_than_random(void **state)
{
    (void)state;
    double found[3];
    static const lac_design_kind kinds[] = {LAC_DESIGN_SOBOL, LAC_DESIGN_LATIN, LAC_DESIGN_RANDOM};
    for (size_t each = 0; each < 3; each++) {
        lac_design design = {kinds[each], 4, 512, 0, 9, 0};
        double *unit = fill(&design);
        found[each] = discrepancy(unit, 512, 4);
        lac_free(unit);
    }
    assert_true(found[0] < 0.3 * found[2]);
    assert_true(found[0] < found[1]);
    assert_true(found[1] < found[2]);
    /* of n random points: sqrt((2^-k - 3^-k) / n) */
    assert_near(found[2], sqrt((pow(2, -4) - pow(3, -4)) / 512), 0.6 * found[2]);
}

/* One step of a trajectory: exactly one factor moves, by delta. Returns it. */
static size_t moved_factor(const double *from, const double *to, size_t k, double delta)
{
    size_t moved = LAC_NONE;
    for (size_t factor = 0; factor < k; factor++) {
        if (from[factor] == to[factor])
            continue;
        assert_int_equal(moved, LAC_NONE);
        assert_near(fabs(to[factor] - from[factor]), delta, 1e-15);
        moved = factor;
    }
    assert_int_not_equal(moved, LAC_NONE);
    return moved;
}

static void a_morris_step_moves_one_factor_by_delta_on_the_grid(void **state)
{
    (void)state;
    enum { K = 7, T = 20, P = 6 };
    lac_design design = {LAC_DESIGN_MORRIS, K, T, P, 5, 0};
    assert_int_equal(lac_design_rows(&design), T * (K + 1));
    double *unit = fill(&design);
    size_t up = 0, touched[P] = {0};
    for (size_t trajectory = 0; trajectory < T; trajectory++) {
        size_t times[K] = {0};
        const double *path = unit + trajectory * (K + 1) * K;
        for (size_t step = 0; step < K; step++) {
            const double *from = path + step * K, *to = from + K;
            size_t factor = moved_factor(from, to, K, P / (2.0 * (P - 1)));
            times[factor]++;
            up += to[factor] > from[factor];
        }
        for (size_t factor = 0; factor < K; factor++)
            assert_int_equal(times[factor], 1);
        for (size_t each = 0; each < (K + 1) * K; each++) {
            double level = path[each] * (P - 1);
            assert_near(level, round(level), 1e-12);
            touched[(size_t)round(level)]++;
        }
    }
    assert_true(up > T * K / 4 && up < 3 * T * K / 4);
    for (size_t level = 0; level < P; level++)
        assert_true(touched[level] > 0);
    lac_free(unit);
}

static void morris_trajectories_differ_where_they_can(void **state)
{
    (void)state;
    /* 2 factors of 2 levels: 4 starts x 2 orders = 8 trajectories of 3 points */
    lac_design design = {LAC_DESIGN_MORRIS, 2, 8, 2, 1, 0};
    double *unit = fill(&design);
    for (size_t a = 0; a < 8; a++)
        for (size_t b = 0; b < a; b++)
            assert_memory_not_equal(unit + a * 6, unit + b * 6, 6 * sizeof *unit);
    lac_free(unit);
    design.samples = 10; /* two must come twice: still an answer */
    lac_free(fill(&design));
}

static void saltelli_rows_are_two_samples_and_their_mixtures(void **state)
{
    (void)state;
    enum { K = 4, N = 16 };
    lac_design design = {LAC_DESIGN_SALTELLI, K, N, 0, 1, 0};
    lac_design both = {LAC_DESIGN_SOBOL, 2 * K, N, 0, 1, 0};
    assert_int_equal(lac_design_rows(&design), N * (K + 2));
    double *unit = fill(&design), *base = fill(&both);
    for (size_t j = 0; j < N; j++) {
        const double *a = unit + j * K, *b = unit + (N + j) * K;
        assert_memory_equal(a, base + j * 2 * K, K * sizeof *a);
        assert_memory_equal(b, base + j * 2 * K + K, K * sizeof *b);
        for (size_t i = 0; i < K; i++)
            for (size_t factor = 0; factor < K; factor++)
                assert_near(unit[((2 + i) * N + j) * K + factor],
                            factor == i ? b[factor] : a[factor], 0);
    }
    lac_free(unit);
    lac_free(base);
    lac_design many = {LAC_DESIGN_SALTELLI, 21, 2, 0, 1, 0};
    unit = lac_alloc(lac_design_rows(&many) * 21, sizeof *unit);
    assert_int_equal(lac_design_fill(&many, unit), LAC_LIMIT);
    lac_free(unit);
}

static void one_seed_gives_the_same_bits_and_another_others(void **state)
{
    (void)state;
    static const lac_design_kind kinds[] = {LAC_DESIGN_RANDOM, LAC_DESIGN_LATIN, LAC_DESIGN_MORRIS};
    for (size_t each = 0; each < 3; each++) {
        lac_design design = {kinds[each], 5, 12, 4, 77, 0}, other = design;
        other.seed = 78;
        double *a = fill(&design), *b = fill(&design), *c = fill(&other);
        size_t bytes = lac_design_rows(&design) * 5 * sizeof *a;
        assert_memory_equal(a, b, bytes);
        assert_memory_not_equal(a, c, bytes);
        lac_free(a);
        lac_free(b);
        lac_free(c);
    }
    /* A value that must never change: it would give old plans new members. */
    lac_design design = {LAC_DESIGN_RANDOM, 1, 1, 0, 1, 0};
    double *unit = fill(&design);
    assert_near(*unit, 0.42003795770420893, 0);
    lac_free(unit);
}

static void a_longer_design_begins_like_a_shorter_one(void **state)
{
    (void)state;
    static const lac_design_kind kinds[] = {LAC_DESIGN_RANDOM, LAC_DESIGN_MORRIS};
    for (size_t each = 0; each < 2; each++) {
        lac_design few = {kinds[each], 5, 6, 4, 8, 0}, many = {kinds[each], 5, 60, 4, 8, 0};
        double *a = fill(&few), *b = fill(&many);
        assert_memory_equal(a, b, lac_design_rows(&few) * 5 * sizeof *a);
        lac_free(a);
        lac_free(b);
    }
}

/* --- spreads -------------------------------------------------------------------------------------
 */

static const lac_factor spreads[] = {
    {.kind = LAC_DISTRIBUTION_UNIFORM, .a = 2, .b = 5, .low = -INFINITY, .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_UNIFORM, .a = 2, .b = 5, .low = 2.5, .high = 4},
    {.kind = LAC_DISTRIBUTION_LOGUNIFORM, .a = 1e-3, .b = 10, .low = -INFINITY, .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_LOGUNIFORM, .a = 1e-3, .b = 10, .low = 0.1, .high = 1},
    {.kind = LAC_DISTRIBUTION_NORMAL, .a = 3, .b = 2, .low = -INFINITY, .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_NORMAL, .a = 3, .b = 2, .low = 0, .high = 4},
    {.kind = LAC_DISTRIBUTION_NORMAL, .a = 3, .b = 2, .low = 8, .high = 9},
    {.kind = LAC_DISTRIBUTION_NORMAL, .a = 3, .b = 2, .low = 1, .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_LOGNORMAL, .a = 2, .b = 0.5, .low = -INFINITY, .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_LOGNORMAL, .a = 2, .b = 0.5, .low = 1, .high = 3},
    {.kind = LAC_DISTRIBUTION_TRIANGULAR,
     .a = 1,
     .b = 4,
     .c = 2,
     .low = -INFINITY,
     .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_TRIANGULAR,
     .a = 1,
     .b = 4,
     .c = 4,
     .low = -INFINITY,
     .high = INFINITY},
    {.kind = LAC_DISTRIBUTION_TRIANGULAR, .a = 1, .b = 4, .c = 1, .low = 1.5, .high = 3},
};
enum { SPREADS = sizeof spreads / sizeof *spreads };

static void quantiles_are_finite_monotone_and_within_their_ends(void **state)
{
    (void)state;
    for (size_t each = 0; each < SPREADS; each++) {
        const lac_factor *factor = &spreads[each];
        double last = -INFINITY;
        for (int step = 0; step <= 1000; step++) {
            double value = lac_distribution_quantile(factor, step / 1000.0);
            assert_true(isfinite(value) && value > last);
            assert_true(value >= factor->low && value <= factor->high);
            last = value;
        }
        if (isfinite(factor->low))
            assert_near(lac_distribution_quantile(factor, 0), factor->low, 1e-12);
        if (isfinite(factor->high))
            assert_near(lac_distribution_quantile(factor, 1), factor->high, 1e-12);
    }
}

static void quantiles_undo_the_distribution_function(void **state)
{
    (void)state;
    for (size_t each = 0; each < SPREADS; each++) {
        const lac_factor *factor = &spreads[each];
        double below = lac_factor_below(factor, factor->low);
        double upto = lac_factor_below(factor, factor->high);
        if (!isfinite(factor->low))
            below = 0;
        if (!isfinite(factor->high))
            upto = 1;
        for (int step = 1; step < 100; step++) {
            double u = step / 100.0;
            double p = lac_factor_below(factor, lac_distribution_quantile(factor, u));
            assert_near((p - below) / (upto - below), u, 1e-11);
        }
    }
}

static double power_of_value(double unit, void *context)
{
    const lac_factor *factor = *(const lac_factor **)context;
    double power = (double)*(size_t *)((void **)context)[1];
    return pow(lac_distribution_quantile(factor, unit), power);
}

/* The n-th moment: the integral of the quantile function's power. */
static double moment(const lac_factor *factor, size_t n)
{
    double value, error;
    const void *context[2] = {factor, &n};
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(4000);
    gsl_function function = {power_of_value, context};
    assert_int_equal(gsl_integration_qags(&function, 0, 1, 0, 1e-8, 4000, work, &value, &error), 0);
    gsl_integration_workspace_free(work);
    return value;
}

static double density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * 3.14159265358979323846);
}

static void moments_are_those_of_the_closed_forms(void **state)
{
    (void)state;
    assert_near(moment(&spreads[0], 1), 3.5, 1e-7);
    assert_near(moment(&spreads[0], 2), 3.5 * 3.5 + 9 / 12.0, 1e-6);
    assert_near(moment(&spreads[1], 1), 3.25, 1e-7);
    assert_near(moment(&spreads[2], 1), (10 - 1e-3) / log(1e4), 1e-7);
    assert_near(moment(&spreads[3], 1), 0.9 / log(10), 1e-7);
    assert_near(moment(&spreads[4], 1), 3, 1e-6);
    assert_near(moment(&spreads[4], 2), 9 + 4, 1e-5);
    /* Truncated normal: mean + sd (phi(alpha) - phi(beta)) / (Phi(beta) - Phi(alpha)). */
    for (size_t each = 5; each < 8; each++) {
        const lac_factor *f = &spreads[each];
        double alpha = (f->low - 3) / 2, beta = (f->high - 3) / 2;
        double upper = isfinite(beta) ? density(beta) : 0;
        double part = lac_factor_below(f, f->high) - lac_factor_below(f, f->low);
        assert_near(moment(f, 1), 3 + 2 * (density(alpha) - upper) / part, 1e-6);
    }
    assert_near(moment(&spreads[8], 1), 2 * exp(0.125), 1e-6);
    assert_near(moment(&spreads[8], 2), 4 * exp(0.5), 1e-5);
    assert_near(moment(&spreads[10], 1), 7 / 3.0, 1e-7);
    assert_near(moment(&spreads[10], 2), 49 / 9.0 + (1 + 16 + 4 - 4 - 2 - 8) / 18.0, 1e-6);
    assert_near(moment(&spreads[11], 1), 3, 1e-7);
}

static void a_list_is_cut_in_equal_shares(void **state)
{
    (void)state;
    double level[] = {3, 1, 2};
    lac_factor factor = {.kind = LAC_DISTRIBUTION_LIST, .levels = 3, .level = level};
    assert_near(lac_distribution_quantile(&factor, 0), 3, 0);
    assert_near(lac_distribution_quantile(&factor, 0.34), 1, 0);
    assert_near(lac_distribution_quantile(&factor, 0.99), 2, 0);
    assert_near(lac_distribution_quantile(&factor, 1), 2, 0);
}

/* --- sample tables
 * -------------------------------------------------------------------------------------
 */

static void members_stand_in_order_of_arm_row_and_replicate(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan =
        scene_load(&at, SAMPLED "replicates: 3\nseed: 4\n"
                                "vary: {k: {uniform: range}, run.method: [mean-field, exact],\n"
                                "  dose: [0 cell/mL, 1e6 cell/mL, 1e7 cell/mL]}\n");
    static const double doses[] = {0, 1e6, 1e7};
    lac_sample_table *samples;
    assert_ok(lac_sample_table_create(plan, &samples));
    assert_int_equal(samples->arms, 6);
    assert_int_equal(samples->rows, 8);
    assert_int_equal(samples->points, 48);
    assert_int_equal(samples->members, 144);
    for (size_t point = 0; point < 48; point++) {
        const double *value = samples->value + point * 3;
        assert_near(value[0], (double)(point / 24), 0); /* method: slowest */
        assert_near(value[1], doses[point / 8 % 3], 0);
        assert_near(value[2], samples->value[point % 8 * 3 + 2], 0); /* the same rows */
        assert_near(value[2], 0.5 + 1.5 * samples->unit[point % 8], 1e-11);
    }
    lac_text text = {0};
    lac_sample_table_setting(samples, 25, 0, &text);
    lac_text_add(&text, " ");
    lac_sample_table_setting(samples, 9, 1, &text);
    assert_string_equal(lac_text_of(&text), "run.method=exact dose=1000000 cell/mL");
    double seed, replicate;
    lac_sample_table_streams(samples, 143, &seed, &replicate);
    assert_near(seed, 4, 0);
    assert_near(replicate, 143, 0);
    at.made->common_streams = true;
    lac_sample_table_streams(samples, 143, &seed, &replicate);
    assert_near(replicate, 2, 0);
    lac_text_free(&text);
    lac_sample_table_free(samples);
    scene_close(&at);
}

static void values_are_what_their_text_says_and_the_scenario_takes_them(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan =
        scene_load(&at, PLAN "design: random\npoints: 20\n"
                             "vary: {k: {loguniform: range}, D: {uniform: range},\n"
                             "  start: {normal: {mean: 50 pg/mL, sd: 20 pg/mL}, truncate: range},\n"
                             "  dose: {uniform: range}, share: {triangular: [0, 0.3, 1]}}\n");
    lac_sample_table *samples;
    assert_ok(lac_sample_table_create(plan, &samples));
    for (size_t point = 0; point < 20; point++) {
        lac_text text[5] = {0};
        lac_override set[5];
        for (size_t factor = 0; factor < 5; factor++) {
            lac_sample_table_setting(samples, point, factor, &text[factor]);
            char *equals = strchr(text[factor].bytes, '=');
            *equals = '\0';
            set[factor] = (lac_override){text[factor].bytes, equals + 1};
            assert_near(strtod(equals + 1, NULL), samples->value[point * 5 + factor], 0);
        }
        lac_diagnostics list = {0};
        lac_model *model;
        assert_ok(lac_scenario_load(
            &(lac_scenario_origin){.path = at.scenario, .override = set, .overrides = 5}, &list,
            &model));
        for (size_t factor = 0; factor < 5; factor++) {
            size_t index = 0;
            while (strcmp(model->parameter[index].id, set[factor].name) != 0)
                index++;
            double shown = model->parameter[index].value * model->parameter[index].display.factor;
            assert_near(shown / samples->value[point * 5 + factor], 1, 1e-14);
        }
        lac_model_free(model);
        lac_diagnostics_free(&list);
        for (size_t factor = 0; factor < 5; factor++)
            lac_text_free(&text[factor]);
    }
    lac_sample_table_free(samples);
    scene_close(&at);
}

static void too_many_members_are_refused(void **state)
{
    (void)state;
    scene at;
    lac_sample_table *samples;
    scene_open(&at);
    const lac_plan *plan = scene_load(&at, PLAN "replicates: 1000000\nvary: {k: [1 1/d, 2 1/d]}\n");
    assert_int_equal(lac_sample_table_create(plan, &samples), LAC_LIMIT);
    assert_null(samples);
    plan = scene_load(&at, PLAN "replicates: 1000000\n");
    assert_ok(lac_sample_table_create(plan, &samples));
    assert_int_equal(samples->members, 1000000);
    assert_int_equal(samples->points, 1);
    lac_sample_table_free(samples);
    scene_close(&at);
}

/* Spearman's coefficient of two columns of values, by counting. */
static double rank_correlation(const lac_sample_table *samples, size_t one, size_t other)
{
    size_t factors = samples->plan->factors, n = samples->rows;
    double product = 0;
    for (size_t row = 0; row < n; row++) {
        double rank[2] = {0, 0};
        for (size_t each = 0; each < n; each++) {
            rank[0] += samples->value[each * factors + one] < samples->value[row * factors + one];
            rank[1] +=
                samples->value[each * factors + other] < samples->value[row * factors + other];
        }
        product += (rank[0] - (double)(n - 1) / 2) * (rank[1] - (double)(n - 1) / 2);
    }
    return 12 * product / ((double)n * ((double)n * (double)n - 1));
}

static void correlated_factors_have_the_rank_correlation_that_is_asked_for(void **state)
{
    (void)state;
    static const double asked[] = {0.8, -0.5, 0.3};
    scene at;
    scene_open(&at);
    for (size_t each = 0; each < 3; each++) {
        char text[512];
        snprintf(text, sizeof text,
                 PLAN "design: random\npoints: 4000\nvary:\n  k: {uniform: range}\n"
                      "  run.rtol: [1e-3]\n  start: {loguniform: [10 pg/mL, 80 pg/mL]}\n"
                      "correlation: {k: {start: %g}}\n",
                 asked[each]);
        const lac_plan *plan = scene_load(&at, text);
        lac_sample_table *samples = NULL;
        assert_int_equal(lac_sample_table_create(plan, &samples), LAC_OK);
        double found = rank_correlation(samples, 1, 2), least = INFINITY, most = -INFINITY,
               mean = 0;
        /* the standard error of Spearman's coefficient is at most 1/sqrt(n - 1) = 0.016 */
        if (!(fabs(found - asked[each]) < 0.05))
            fail_msg("asked for %g, found %g", asked[each], found);
        for (size_t row = 0; row < samples->rows; row++) {
            double unit = samples->unit[2 * row + 1];
            mean += unit / (double)samples->rows;
            least = fmin(least, unit);
            most = fmax(most, unit);
        }
        assert_true(least > 0 && least < 0.01 && most > 0.99 && most < 1);
        assert_true(fabs(mean - 0.5) < 0.02); /* each stays uniform: sd of the mean 0.005 */
        lac_sample_table_free(samples);
    }
    scene_close(&at);
}

static void arms_with_rows_of_their_own_share_out_one_design(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan = scene_load(
        &at, PLAN "design: latin-hypercube\npoints: 8\nrows: own\nvary:\n  k: {uniform: range}\n"
                  "  run.rtol: [1e-3, 1e-4, 1e-5]\n");
    lac_sample_table *samples = NULL;
    assert_int_equal(lac_sample_table_create(plan, &samples), LAC_OK);
    bool taken[24] = {false};
    for (size_t point = 0; point < 24; point++) {
        size_t layer = (size_t)(samples->unit[lac_sample_table_unit(samples, point)] * 24);
        assert_false(taken[layer]); /* 24 points in 24 layers, none in two arms */
        taken[layer] = true;
    }
    lac_sample_table_free(samples);
    scene_close(&at);
}

static void failing_allocations_come_out_as_such(void **state)
{
    (void)state;
    static const char *const designs[] = {"random", "latin-hypercube", "sobol", "morris",
                                          "saltelli"};
    scene at;
    scene_open(&at);
    for (size_t each = 0; each < 5; each++) {
        char text[256];
        snprintf(text, sizeof text, PLAN "design: %s\npoints: 4\nvary: {k: {uniform: range}}\n",
                 designs[each]);
        const lac_plan *plan = scene_load(&at, text);
        lac_sample_table *samples = NULL;
        size_t alive = lac_memory_alive(), n = 0;
        lac_status status;
        do {
            lac_memory_fail_at(++n);
            status = lac_sample_table_create(plan, &samples);
            lac_memory_fail_at(0);
            assert_true(status == LAC_OK || status == LAC_MEMORY);
            if (status != LAC_OK)
                assert_int_equal(lac_memory_alive(), alive);
        } while (status != LAC_OK);
        assert_true(n >= 4);
        lac_sample_table_free(samples);
        assert_int_equal(lac_memory_alive(), alive);
    }
    scene_close(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_latin_hypercube_has_one_point_in_every_layer_of_every_factor),
        cmocka_unit_test(factors_of_a_latin_hypercube_are_not_in_step),
        cmocka_unit_test(sobol_points_are_the_known_ones),
        cmocka_unit_test(sobol_is_more_even_than_latin_and_latin_than_random),
        cmocka_unit_test(a_morris_step_moves_one_factor_by_delta_on_the_grid),
        cmocka_unit_test(morris_trajectories_differ_where_they_can),
        cmocka_unit_test(saltelli_rows_are_two_samples_and_their_mixtures),
        cmocka_unit_test(one_seed_gives_the_same_bits_and_another_others),
        cmocka_unit_test(a_longer_design_begins_like_a_shorter_one),
        cmocka_unit_test(quantiles_are_finite_monotone_and_within_their_ends),
        cmocka_unit_test(quantiles_undo_the_distribution_function),
        cmocka_unit_test(moments_are_those_of_the_closed_forms),
        cmocka_unit_test(a_list_is_cut_in_equal_shares),
        cmocka_unit_test(members_stand_in_order_of_arm_row_and_replicate),
        cmocka_unit_test(values_are_what_their_text_says_and_the_scenario_takes_them),
        cmocka_unit_test(too_many_members_are_refused),
        cmocka_unit_test(correlated_factors_have_the_rank_correlation_that_is_asked_for),
        cmocka_unit_test(arms_with_rows_of_their_own_share_out_one_design),
        cmocka_unit_test(failing_allocations_come_out_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
