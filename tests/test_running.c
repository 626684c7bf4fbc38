/* Running statistics: against the definitions computed with all samples at hand, with large
 * offsets, missing values and unequal groups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/statistics.h"
#include "base/memory.h"
#include "testlib.h"

/* Numbers that look random, in (-1, 1). */
static double noise(size_t at)
{
    uint64_t x = (at + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x ^= x >> 29;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 32;
    return (double)(x >> 11) * 0x1p-52 - 1;
}

/* What the running sums must give, by the book, in two passes. */
static lac_statistics by_the_book(const double *values, const size_t *group, size_t samples,
                                  size_t groups)
{
    lac_statistics told = {0, NAN, NAN, NAN, NAN};
    double count[64] = {0}, mean[64] = {0}, all = 0, n = 0, a = 0;
    for (size_t k = 0; k < samples; k++) {
        count[group[k]]++;
        mean[group[k]] += values[k];
        all += values[k];
        n++;
    }
    all /= n;
    double ssb = 0, ssw = 0, total = 0, squares = 0;
    for (size_t g = 0; g < groups; g++) {
        if (count[g] == 0)
            continue;
        a++;
        mean[g] /= count[g];
        ssb += count[g] * (mean[g] - all) * (mean[g] - all);
        squares += count[g] * count[g];
    }
    for (size_t k = 0; k < samples; k++) {
        ssw += (values[k] - mean[group[k]]) * (values[k] - mean[group[k]]);
        total += (values[k] - all) * (values[k] - all);
    }
    double within = ssw / (n - a), n0 = (n - squares / n) / (a - 1);
    told.count = n;
    told.mean = all;
    told.sd = sqrt(total / (n - 1));
    told.chance = sqrt(within);
    told.parameters = sqrt(fmax(0, (ssb / (a - 1) - within) / n0));
    return told;
}

enum { GROUPS = 9, SAMPLES = 60 };

/* Groups of unequal sizes. */
static void make_groups(size_t group[SAMPLES])
{
    for (size_t k = 0, g = 0, left = 2; k < SAMPLES; k++, left--) {
        if (left == 0 && g + 1 < GROUPS) {
            g++;
            left = 1 + (g * 5) % 9;
        }
        group[k] = g;
    }
}

static lac_statistics run(const double *values, const size_t *group)
{
    lac_running *running = NULL;
    assert_ok(lac_running_create(1, &running));
    for (size_t k = 0; k < SAMPLES; k++) {
        if (k > 0 && group[k] != group[k - 1])
            lac_running_next(running);
        lac_running_add(running, &values[k], 1);
    }
    lac_statistics told = lac_running_tell(running, 0);
    lac_running_free(running);
    return told;
}

static void running_sums_give_what_the_definitions_give(void **state)
{
    (void)state;
    size_t group[SAMPLES];
    double values[SAMPLES];
    make_groups(group);
    assert_int_equal(group[SAMPLES - 1], GROUPS - 1);
    for (size_t k = 0; k < SAMPLES; k++)
        values[k] = 3 + 0.7 * noise(1000 + group[k]) + 0.4 * noise(k);
    lac_statistics told = run(values, group);
    lac_statistics book = by_the_book(values, group, SAMPLES, GROUPS);
    assert_true(book.parameters > 0.1);
    assert_near(told.count, SAMPLES, 0);
    assert_near(told.mean, book.mean, 1e-14);
    assert_near(told.sd, book.sd, 1e-14);
    assert_near(told.chance, book.chance, 1e-14);
    assert_near(told.parameters, book.parameters, 1e-14);
}

/* Balanced by hand: groups {1, 3} and {7, 9}: MSW = 2, MSB = 36, n0 = 2. */
static void a_small_case_by_hand(void **state)
{
    (void)state;
    static const double values[] = {1, 3, 7, 9};
    lac_running *running = NULL;
    assert_ok(lac_running_create(1, &running));
    for (size_t k = 0; k < 4; k++) {
        if (k == 2)
            lac_running_next(running);
        lac_running_add(running, &values[k], 1);
    }
    lac_statistics told = lac_running_tell(running, 0);
    assert_near(told.mean, 5, 0);
    assert_near(told.sd * told.sd, 40.0 / 3, 1e-14);
    assert_near(told.chance * told.chance, 2, 1e-15);
    assert_near(told.parameters * told.parameters, 17, 1e-14);
    lac_running_free(running);
}

/* mean 1e9, sd of the order of 1: the sum of squares of the values would leave no digit. */
static void a_large_offset_costs_only_the_digits_that_the_data_lack(void **state)
{
    (void)state;
    size_t group[SAMPLES];
    double near_zero[SAMPLES], far[SAMPLES];
    make_groups(group);
    for (size_t k = 0; k < SAMPLES; k++) {
        near_zero[k] = 1.1 * noise(500 + group[k]) + 1.3 * noise(k);
        far[k] = 1e9 + near_zero[k];
    }
    lac_statistics near_told = run(near_zero, group), told = run(far, group);
    assert_near(told.mean - 1e9, near_told.mean, 3e-7);
    assert_near(told.sd, near_told.sd, 1e-6 * near_told.sd);
    assert_near(told.chance, near_told.chance, 1e-6 * near_told.chance);
    assert_near(told.parameters, near_told.parameters, 1e-5 * near_told.parameters);
}

static void what_is_missing_is_not_counted(void **state)
{
    (void)state;
    static const double rows[][3] = {{1, NAN, 5}, {2, NAN, NAN}, {6, 4, 7}};
    lac_running *running = NULL;
    assert_ok(lac_running_create(2, &running));
    lac_running_add(running, rows[0], 2);
    lac_running_add(running, rows[1], 2);
    lac_running_next(running);
    assert_ok(lac_running_grow(running, 3)); /* a longer run */
    assert_int_equal(lac_running_length(running), 3);
    lac_running_add(running, rows[2], 3);
    assert_near(lac_running_tell(running, 0).count, 3, 0);
    assert_near(lac_running_tell(running, 0).mean, 3, 1e-15);
    assert_near(lac_running_tell(running, 1).count, 1, 0);
    assert_near(lac_running_tell(running, 1).mean, 4, 0);
    assert_true(isnan(lac_running_tell(running, 1).sd));
    assert_near(lac_running_tell(running, 2).count, 1, 0);
    lac_running_clear(running);
    assert_near(lac_running_tell(running, 0).count, 0, 0);
    assert_true(isnan(lac_running_tell(running, 0).mean));
    lac_running_free(running);
}

/* One sample in each group: no replicates, nothing tells chance from parameters. One group: there
 * are no parameters. */
static void what_cannot_be_known_is_missing(void **state)
{
    (void)state;
    lac_running *running = NULL;
    assert_ok(lac_running_create(1, &running));
    for (size_t k = 0; k < 3; k++) {
        double value = (double)(k * k);
        lac_running_add(running, &value, 1);
        lac_running_next(running);
    }
    lac_statistics told = lac_running_tell(running, 0);
    assert_near(told.sd * told.sd, 13.0 / 3, 1e-14);
    assert_true(isnan(told.chance) && isnan(told.parameters));
    lac_running_clear(running);
    for (size_t k = 0; k < 3; k++) {
        double value = (double)(k * k);
        lac_running_add(running, &value, 1);
    }
    told = lac_running_tell(running, 0);
    assert_near(told.chance, told.sd, 1e-15);
    assert_true(isnan(told.parameters));
    lac_running_free(running);
}

/* Groups that differ less than chance makes them differ: the estimate would be negative. */
static void a_negative_estimate_is_nought(void **state)
{
    (void)state;
    static const double values[] = {1, 9, 2, 8.5, 1.5, 8};
    lac_running *running = NULL;
    assert_ok(lac_running_create(1, &running));
    for (size_t k = 0; k < 6; k++) {
        if (k > 0 && k % 2 == 0)
            lac_running_next(running);
        lac_running_add(running, &values[k], 1);
    }
    assert_near(lac_running_tell(running, 0).parameters, 0, 0);
    assert_true(lac_running_tell(running, 0).chance > 4);
    lac_running_free(running);
}

/* Known components come back: between 2, within 0.5, many groups of unequal sizes. */
static void known_components_are_found(void **state)
{
    (void)state;
    lac_running *running = NULL;
    assert_ok(lac_running_create(1, &running));
    size_t draw = 0;
    for (size_t group = 0; group < 4000; group++) {
        double centre = 2 * sqrt(3.0) * noise(1000000 + group); /* uniform, sd 2 */
        for (size_t k = 0; k < 1 + group % 4; k++) {
            double value = 10 + centre + 0.5 * sqrt(3.0) * noise(draw++);
            lac_running_add(running, &value, 1);
        }
        lac_running_next(running);
    }
    assert_near(lac_running_tell(running, 0).chance, 0.5, 0.02);
    assert_near(lac_running_tell(running, 0).parameters, 2, 0.06);
    lac_running_free(running);
}

static void vectors_that_are_always_whole_have_a_shorter_way(void **state)
{
    (void)state;
    double mean[2] = {0}, square[2] = {0};
    lac_running *running = NULL;
    assert_ok(lac_running_create(2, &running));
    for (size_t k = 0; k < 20; k++) {
        double values[] = {1e6 + noise(k), k == 7 ? NAN : noise(100 + k)};
        lac_welford_add(mean, square, (double)(k + 1), values, 2);
        lac_running_add(running, values, 2);
    }
    assert_near(mean[0], lac_running_tell(running, 0).mean, 0);
    assert_near(sqrt(square[0] / 19), lac_running_tell(running, 0).sd, 0);
    assert_true(isnan(mean[1]) && isnan(square[1]));
    lac_running_free(running);
}

static void quantiles_are_linear_between_the_values(void **state)
{
    (void)state;
    static const double sorted[] = {1, 2, 4, 8, 16};
    assert_near(lac_quantile(sorted, 5, 0.5), 4, 0);
    assert_near(lac_quantile(sorted, 5, 0), 1, 0);
    assert_near(lac_quantile(sorted, 5, 1), 16, 0);
    assert_near(lac_quantile(sorted, 5, 0.95), 8 + 0.8 * 8, 1e-14);
    assert_near(lac_quantile(sorted, 4, 0.5), 3, 1e-15);
    assert_near(lac_quantile(sorted, 1, 0.25), 1, 0);
    assert_true(isnan(lac_quantile(sorted, 0, 0.5)));
}

static void failing_allocations_are_told(void **state)
{
    (void)state;
    lac_running *running = NULL;
    for (size_t n = 1; n <= 2; n++) {
        lac_memory_fail_at(n);
        assert_int_equal(lac_running_create(5, &running), LAC_MEMORY);
    }
    lac_memory_fail_at(0);
    assert_null(running);
    assert_ok(lac_running_create(1, &running));
    lac_memory_fail_at(1);
    assert_int_equal(lac_running_grow(running, 9), LAC_MEMORY);
    lac_memory_fail_at(0);
    assert_int_equal(lac_running_length(running), 1);
    lac_running_free(running);
    assert_int_equal(lac_memory_alive(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_sums_give_what_the_definitions_give),
        cmocka_unit_test(a_small_case_by_hand),
        cmocka_unit_test(a_large_offset_costs_only_the_digits_that_the_data_lack),
        cmocka_unit_test(what_is_missing_is_not_counted),
        cmocka_unit_test(what_cannot_be_known_is_missing),
        cmocka_unit_test(a_negative_estimate_is_nought),
        cmocka_unit_test(known_components_are_found),
        cmocka_unit_test(vectors_that_are_always_whole_have_a_shorter_way),
        cmocka_unit_test(quantiles_are_linear_between_the_values),
        cmocka_unit_test(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
