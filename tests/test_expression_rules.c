/* Expressions: dimensions, reductions, functions of the model, limits, failing allocations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "expression_world.h"

/* --- dimensions --------------------------------------------------------------------------------
 */

static void sums_and_comparisons_need_one_dimension(void **state)
{
    (void)state;
    assert_near(value_unit("x + 5 pM", "M"), 10 * PM, 1e-18);
    expect("x + 2 h",
           "e:1:3: error: + needs values of one dimension: here are amount/length^3 (such "
           "as pM) and time (such as h)");
    expect("x - 1",
           "e:1:3: error: - needs values of one dimension: here are amount/length^3 (such as "
           "pM) and a pure number");
    expect("x < 1 h", "e:1:3: error: < needs");
    expect("1 h >= x", "e:1:5: error: >= needs");
    expect("min(x, 2)", "e:1:1: error: min() needs values of one dimension");
    expect("if(a > 1, x, 2)", "e:1:1: error: if() needs values of one dimension");
    expect("if(x, a, b)", "e:1:4: error: the condition of if() must be a pure number, not amount");
    expect("piecewise(1, x, 2)", "the condition of piecewise() must be a pure number");
    expect("x and a", "e:1:1: error: the condition of and must be a pure number");
    expect("not x", "e:1:5: error: the condition of not must be a pure number");
}

static void functions_of_pure_numbers_refuse_dimensions(void **state)
{
    (void)state;
    const char *const names[] = {"exp", "log", "sin", "cos", "tanh"};
    for (size_t index = 0; index < 5; index++) {
        char text[32];
        char message[80];
        snprintf(text, sizeof text, "%s(x)", names[index]);
        snprintf(message, sizeof message, "the argument of %s() must be a pure number, not amount",
                 names[index]);
        expect(text, message);
    }
    assert_near(value("exp(-x / K)"), exp(-0.5), 1e-15);
}

static void powers_of_dimensions_need_numbers(void **state)
{
    (void)state;
    assert_near(value_unit("x^2", "pM^2"), 25 * PM * PM, 1e-18);
    assert_near(value_unit("sqrt(x * K)", "pM"), sqrt(50) * PM, 1e-15);
    assert_near(value_unit("x^(3/2)", "M^(3/2)"), pow(5 * PM, 1.5), 1e-15);
    assert_near(value_unit("abs(-x)", "pM"), 5 * PM, 1e-18);
    assert_near(value_unit("x * K / x", "pM"), 10 * PM, 1e-18);
    assert_near(value_unit("k_on * x", "1/h"), 0.5 * 5 * PM, 1e-18);
    assert_near(value("a^b"), 8, 0);
    expect("x^a",
           "e:1:2: error: a power of amount/length^3 (such as pM) needs a number as exponent: "
           "write (x / K)^n or hill(x, K, n)");
    expect("a^x", "e:1:3: error: the exponent of ^ must be a pure number");
    expect("x^0.123", "has no unit");
    expect("x^7", "has no unit");
    expect("x^6 * x^6", "e:1:5: error: the unit of this product has too high a power");
    expect("hill(x, a, 2)", "hill() needs values of one dimension");
    expect("hill(x, K, x)", "e:1:12: error: the exponent n of hill() must be a pure number");
}

static void a_literal_zero_has_every_dimension(void **state)
{
    (void)state;
    assert_near(value_unit("max(0, x)", "pM"), 5 * PM, 1e-18);
    assert_near(value("x > 0"), 1, 0);
    assert_near(value_unit("if(a > 1, 0, x)", "pM"), 0, 0);
    assert_near(value_unit("x + min(0, -0)", "pM"), 5 * PM, 1e-18);
    assert_near(value_unit("piecewise(0, a > 9, 0, a > 8, x)", "pM"), 5 * PM, 1e-18);
    expect("x + 0 h", "e:1:3: error: + needs");
    expect("x + 0 * a", "e:1:3: error: + needs");
}

static void expected_dimensions_are_checked_and_zero_takes_them_on(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, false, "if(a > 1, 0, 0)");
    assert_true(lac_expression_expect(it.tree, dimension_of("pM"), "the value", &it.list));
    assert_true(lac_dimension_same(it.tree->arg[2]->dimension, dimension_of("pM")));
    assert_true(lac_dimension_is_none(it.tree->arg[0]->dimension));
    assert_false(lac_expression_expect(it.tree, dimension_of("h"), "the value", &it.list));
    assert_text_has(lac_text_of(&it.list.text), "e:1:1: error: the value must be time (such as h), "
                                                "not amount/length^3 (such as pM)");
    done(&it);
}

/* --- reductions
 * ----------------------------------------------------------------------------------- */

static void expect_reduction(const char *text, lac_op op, size_t region, const char *unit)
{
    world plain = {0};
    reading it;
    read_in(&it, &plain, true, text);
    if (!it.tree)
        fail_msg("%s", lac_text_of(&it.list.text));
    assert_int_equal(it.tree->op, op);
    assert_true(it.tree->region == region);
    assert_true(lac_dimension_same(it.tree->dimension, dimension_of(unit)));
    lac_text written = {0};
    lac_expression_write(it.tree, name_of, NULL, &written);
    reading again;
    read_in(&again, &plain, true, lac_text_of(&written));
    if (!again.tree || again.tree->op != op || again.tree->region != region)
        fail_msg("'%s' was written as '%s'", text, lac_text_of(&written));
    done(&again);
    lac_text_free(&written);
    done(&it);
}

static void reductions_know_their_region_and_dimension(void **state)
{
    (void)state;
    expect_reduction("mean(x)", LAC_OP_MEAN, LAC_NONE, "pM");
    expect_reduction("mean(x, deep)", LAC_OP_MEAN, 4, "pM");
    expect_reduction("mean(x, tissue)", LAC_OP_MEAN, LAC_NONE, "pM");
    expect_reduction("total(x, deep)", LAC_OP_TOTAL, 4, "mol");
    expect_reduction("min(x)", LAC_OP_LEAST, LAC_NONE, "pM");
    expect_reduction("max(x + min(x, K), deep)", LAC_OP_GREATEST, 4, "pM");
    expect_reduction("sd(x)", LAC_OP_SD, LAC_NONE, "pM");
    expect_reduction("sd(x, deep)", LAC_OP_SD, 4, "pM");
    expect_reduction("quantile(x, 0.05)", LAC_OP_QUANTILE, LAC_NONE, "pM");
    expect_reduction("quantile(x, 5 %, deep)", LAC_OP_QUANTILE, 4, "pM");
    expect_reduction("correlation(x, 0.1 mm)", LAC_OP_CORRELATION, LAC_NONE, "1");
    expect_reduction("correlation(x, 0.1 mm, deep)", LAC_OP_CORRELATION, 4, "1");
    expect_reduction("correlation(x, 0.1 mm, 0, -20 um, deep)", LAC_OP_CORRELATION, 4, "1");
    expect_reduction("fraction(x > 3 pM and deep)", LAC_OP_FRACTION, LAC_NONE, "1");
    expect_reduction("first(mean(x) < 0.5 pM)", LAC_OP_FIRST, LAC_NONE, "h");
    expect_reduction("min(mean(x), 3 pM)", LAC_OP_MIN, LAC_NONE, "pM");
    expect_reduction("min(mean(x), mean(x, deep))", LAC_OP_MIN, LAC_NONE, "pM");
}

static void a_point_is_three_lengths(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, true, "at(x, 0.5 mm, 0, 1 mm / 4)");
    assert_non_null(it.tree);
    assert_int_equal(it.tree->op, LAC_OP_AT);
    assert_int_equal(it.tree->args, 1);
    assert_near(it.tree->point[0], 500, 0);
    assert_near(it.tree->point[1], 0, 0);
    assert_near(it.tree->point[2], 250, 0);
    done(&it);
    expect_in(&plain, true, "at(x, 1, 0, 0)",
              "e:1:7: error: a coordinate must be length (such as um)");
    expect_in(&plain, true, "at(x, a * 1 mm, 0, 0)", "a coordinate is a length without names");
    expect_in(&plain, true, "at(x, 0, 0)", "expected ',' and three lengths (x, y, depth), not ')'");
}

static void a_share_and_a_distance_are_checked_where_they_stand(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, true, "quantile(x, 1 / 4)");
    assert_non_null(it.tree);
    assert_near(it.tree->point[0], 0.25, 0);
    done(&it);
    read_in(&it, &plain, true, "correlation(x, 0.1 mm)");
    assert_non_null(it.tree);
    assert_int_equal(lac_reduction_numbers(it.tree), 1);
    assert_near(it.tree->point[0], 100, 1e-12);
    done(&it);
    read_in(&it, &plain, true, "correlation(x, 0.1 mm, 0, -20 um)");
    assert_non_null(it.tree);
    assert_int_equal(lac_reduction_numbers(it.tree), 3);
    assert_near(it.tree->point[2], -20, 1e-12);
    done(&it);
    expect_in(&plain, true, "quantile(x, 1.5)",
              "e:1:13: error: the share q of quantile() is a number from 0 to 1, such as 0.05, not "
              "1.5");
    expect_in(&plain, true, "quantile(x, 3 pM)", "e:1:13: error: the share q of quantile() must");
    expect_in(&plain, true, "quantile(x)", "expected ',' and a share from 0 to 1, not ')'");
    expect_in(&plain, true, "quantile(x, a)", "the share q of quantile() is a number");
    expect_in(&plain, true, "correlation(x)",
              "expected ',' and a distance, or three (x, y, depth)");
    expect_in(&plain, true, "correlation(x, -1 um)",
              "e:1:16: error: the distance of correlation() must not be negative");
    expect_in(&plain, true, "correlation(x, 5)", "a distance must be length (such as um)");
    expect_in(&plain, true, "correlation(x, 1 um, 2 um)", "expected ',' and a distance, or three");
}

static void inside_reductions_names_are_looked_up_per_voxel(void **state)
{
    (void)state;
    world around = {0};
    reading it;
    read_in(&it, &around, true, "a + mean(b * x / K) / x * first(mean(k_on) > 2 k_on)");
    assert_null(it.tree);
    assert_text_has(around.voxel_names, " b x K");
    assert_text_has(around.voxel_names, " k_on");
    assert_null(strstr(around.voxel_names, " a"));
    done(&it);
}

static void reductions_are_refused_where_they_make_no_sense(void **state)
{
    (void)state;
    world plain = {0};
    expect("a + mean(x)",
           "e:1:5: error: mean(value, region) works on the whole tissue: it is allowed "
           "only in observables");
    expect("first(a > 1) + wrong", "unknown name 'wrong'");
    expect_in(&plain, true, "mean(mean(x))", "e:1:6: error: mean() cannot stand inside a mean");
    expect_in(&plain, true, "first(first(a > 1) > 1 h)", "first() cannot stand inside first()");
    expect_in(&plain, true, "mean(x, nowhere)", "e:1:9: error: expected a region, not 'nowhere'");
    expect_in(&plain, true, "mean(x, 3)", "e:1:9: error: expected the name of a region, not '3'");
    expect_in(&plain, true, "mean(x, deep, deep)", "expected ')' behind the arguments, not ','");
    expect_in(&plain, true, "deep", "the region 'deep' is not a value");
    expect_in(&plain, true, "fraction(x)", "the condition of fraction() must be a pure number");
    expect_in(&plain, true, "mean()", "expected a value");
}

static void quantities_are_put_in_whole(void **state)
{
    (void)state;
    world plain = {0};
    reading inner;
    reading reduced;
    read_in(&inner, &plain, false, "x / (x + K)");
    read_in(&reduced, &plain, true, "mean(x)");
    world around = {.quantity = inner.tree};
    assert_near(value_in(&around, "2 * q", "1"), 2.0 / 3, 1e-15);
    around.quantity = reduced.tree;
    expect_in(&around, true, "mean(q)", "'q' holds a mean, total or the like");
    done(&inner);
    done(&reduced);
}

/* --- functions of the model
 * ------------------------------------------------------------------------- */

static void define(lac_function *function, const char *signature, const char *body)
{
    lac_diagnostics list = {0};
    assert_ok(
        lac_function_define(signature, (lac_place){0}, body, (lac_place){0}, &list, function));
    assert_int_equal(list.errors, 0);
    assert_non_null(function->name);
}

static void functions_are_expanded_where_they_are_called(void **state)
{
    (void)state;
    lac_function function[3] = {{0}};
    define(&function[0], "up(x, K, n)", "x^n / (K^n + x^n)");
    define(&function[1], "twice(h)", "2 * h + 0 * b");
    define(&function[2], "outer(y)", "twice(up(y, K, 2)) + a");
    world around = {.function = function, .functions = 3};
    assert_near(value_in(&around, "up(x, K, 2)", "1"), 0.2, 1e-15);
    assert_near(value_in(&around, "up(a, 2, b)", "1"), 0.5, 1e-15);
    assert_near(value_in(&around, "twice(a + 1)", "1"), 6, 0);
    assert_near(value_in(&around, "outer(x)", "1"), 2.4, 1e-15);
    expect_in(&around, false, "up(x, K)", "e:1:1: error: up(x, K, n): here are 2 arguments");
    expect_in(&around, false, "twice()", "twice(h): here are 0 arguments");
    expect_in(&around, false, "1 + up(x, a, 2)",
              "e:1:5: error: the arguments of this call do not fit the function 'up'");
    expect_in(&around, false, "up(x, a, 2)",
              "here are a pure number and amount^2/length^6 (such as pM^2) (in the function 'up')");
    expect_in(&around, false, "up", "the function 'up' needs its arguments in brackets");
    expect_in(&around, false, "up(wrong, K, 2)", "e:1:4: error: unknown name 'wrong'");
    for (int index = 0; index < 3; index++)
        lac_function_free(&function[index]);
}

static void recursion_is_refused_and_errors_in_bodies_name_the_function(void **state)
{
    (void)state;
    lac_function function[3] = {{0}};
    define(&function[0], "ping(x)", "pong(x)");
    define(&function[1], "pong(x)", "ping(x) + 1");
    define(&function[2], "broken(y)", "y + missing");
    world around = {.function = function, .functions = 3};
    expect_in(&around, false, "ping(a)", "the function 'ping' calls itself: recursion is refused");
    reading it;
    read_in(&it, &around, false, "broken(a) + broken(b)");
    assert_int_equal(it.list.errors, 1);
    assert_text_has(lac_text_of(&it.list.text),
                    "error: unknown name 'missing' (in the function 'broken')");
    done(&it);
    for (int index = 0; index < 3; index++)
        lac_function_free(&function[index]);
}

static void expect_no_function(const char *signature, const char *message)
{
    lac_source source = {
        .path = "f", .bytes = (char *)(uintptr_t)signature, .length = strlen(signature)};
    lac_diagnostics list = {0};
    lac_function function;
    lac_place place = {&source, 1, 1, 1};
    assert_ok(lac_function_define(signature, place, "1", place, &list, &function));
    assert_null(function.name);
    assert_text_has(lac_text_of(&list.text), message);
    lac_diagnostics_free(&list);
}

static void signatures_are_names_in_brackets(void **state)
{
    (void)state;
    expect_no_function("up", "f:1:3: error: expected '(' and the names of the arguments, but the");
    expect_no_function("up()", "f:1:4: error: expected the name of an argument, not ')'");
    expect_no_function("up(x, x)", "f:1:7: error: the argument 'x' is named twice");
    expect_no_function("up(x y)", "f:1:6: error: expected ')' or ',', not 'y'");
    expect_no_function("up(1)", "expected the name of an argument, not '1'");
    expect_no_function("exp(x)", "f:1:1: error: 'exp' cannot be used as the name of a function");
    expect_no_function("a.b(x)", "'a.b' cannot be used");
    expect_no_function("up(x) + 1", "expected nothing behind the ')', not '+'");
    expect_no_function("", "expected the name of a function");
    assert_true(lac_expression_reserved("mean") && lac_expression_reserved("and"));
    assert_false(lac_expression_reserved("up"));
}

/* --- limits
 * ------------------------------------------------------------------------------------------ */

static char *repeated(const char *part, size_t count, const char *middle, const char *after)
{
    lac_text text = {0};
    for (size_t i = 0; i < count; i++)
        lac_text_add(&text, "%s", part);
    lac_text_add(&text, "%s", middle);
    for (size_t i = 0; i < count; i++)
        lac_text_add(&text, "%s", after);
    return text.bytes;
}

static void nesting_length_and_size_are_capped(void **state)
{
    (void)state;
    const struct {
        const char *part;
        size_t good, bad;
        const char *middle, *after, *message;
    } table[] = {
        {"(", 90, 200, "a", ")", "nested more than 200 levels deep"},
        {"exp(", 60, 30000 / 8, "a", ")", "nested more than 200 levels deep"},
        {"-", 190, 60000, "a", "", "nested more than 200 levels deep"},
        {"not ", 190, 15000, "a", "", "nested more than 200 levels deep"},
        {"a^", 90, 30000, "a", "", "nested more than 200 levels deep"},
        {"a + ", 990, 1001, "a", "", "more than 1000 levels"},
        {"a+", 990, 33000, "a", "", "an expression of 66001 bytes: at most 65536 are read"},
    };
    for (size_t row = 0; row < sizeof table / sizeof table[0]; row++) {
        char *good =
            repeated(table[row].part, table[row].good, table[row].middle, table[row].after);
        char *bad = repeated(table[row].part, table[row].bad, table[row].middle, table[row].after);
        value(good);
        expect(bad, table[row].message);
        lac_free(good);
        lac_free(bad);
    }
    expect("min(1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,"
           "1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6)",
           "a call has at most 64 arguments");
    char *long_name = repeated("n", 200, "", "");
    expect(long_name, "a name of 200 characters: at most 127 are read");
    lac_free(long_name);
}

static void floods_of_calls_and_copies_are_stopped(void **state)
{
    (void)state;
    lac_function function[24] = {{0}};
    char signature[32];
    char body[64];
    define(&function[0], "f0(x)", "x + x");
    for (int level = 1; level < 24; level++) {
        snprintf(signature, sizeof signature, "f%d(x)", level);
        snprintf(body, sizeof body, "f%d(x) + f%d(x)", level - 1, level - 1);
        define(&function[level], signature, body);
    }
    world around = {.function = function, .functions = 24};
    assert_near(value_in(&around, "f5(a)", "1"), 128, 0);
    expect_in(&around, false, "f23(a)", "more than 10000 calls of functions");
    for (int level = 0; level < 24; level++)
        lac_function_free(&function[level]);

    world plain = {0};
    reading sum;
    char *text = repeated("a + ", 900, "a", "");
    read_in(&sum, &plain, false, text);
    around = (world){.quantity = sum.tree};
    char *product = repeated("q * ", 100, "q", "");
    expect_in(&around, false, product, "the expression is too large");
    lac_free(product);
    lac_free(text);
    done(&sum);
}

/* --- memory
 * ------------------------------------------------------------------------------------------- */

static void every_failing_allocation_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    lac_function function = {0};
    define(&function, "up(x, K, n)", "x^n / (K^n + x^n)");
    const char *const texts[] = {
        "if(x > 3 pM and not a == 2, max(0, x, K), -piecewise(x, a > 1, 2 * K)) * up(x, K, 2)",
        "mean(x, deep) / at(x, 1 mm, 0, 0) + min(mean(hill(x, K, a)), 2)",
        "wrong + x * (a + 1 h) + up(x, a, 1) + up(x)",
        "a + (b",
    };
    size_t alive = lac_memory_alive();
    for (size_t which = 0; which < sizeof texts / sizeof texts[0]; which++) {
        world around = {.function = &function, .functions = 1};
        lac_scope scope = {.lookup = lookup, .context = &around, .reductions = which == 1};
        lac_status status = LAC_MEMORY;
        size_t failures = 0;
        for (size_t n = 1; status == LAC_MEMORY; n++) {
            lac_diagnostics list = {0};
            lac_expression *tree = NULL;
            lac_memory_fail_at(n);
            status = lac_expression_parse(texts[which], (lac_place){0}, &scope, &list, &tree);
            lac_memory_fail_at(0);
            failures += status == LAC_MEMORY;
            assert_true(status == LAC_OK || (status == LAC_MEMORY && !tree));
            lac_expression_free(tree);
            lac_diagnostics_free(&list);
            assert_int_equal(lac_memory_alive(), alive);
        }
        assert_int_equal(status, LAC_OK);
        assert_true(failures >= 3);
    }
    lac_function_free(&function);
    for (size_t n = 1; n < 6; n++) {
        lac_diagnostics list = {0};
        lac_memory_fail_at(n);
        assert_int_equal(
            lac_function_define("f(x, y)", (lac_place){0}, "x", (lac_place){0}, &list, &function),
            LAC_MEMORY);
        lac_memory_fail_at(0);
        assert_null(function.name);
        lac_diagnostics_free(&list);
    }
}

static void copies_are_trees_of_their_own(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, false, "if(a > 1, x, K) / hill(x, K, 2)");
    lac_expression *copy = NULL;
    assert_ok(lac_expression_copy(it.tree, &copy));
    double before = lac_expression_value(it.tree, value_of, NULL);
    done(&it);
    assert_true(lac_expression_value(copy, value_of, NULL) == before);
    lac_expression_free(copy);
    assert_ok(lac_expression_number(3, dimension_of("h"), (lac_place){0}, &copy));
    assert_true(lac_expression_value(copy, NULL, NULL) == 3);
    lac_expression_free(copy);
    lac_expression_free(NULL);
    size_t rows = 0;
    assert_non_null(lac_expression_functions(&rows));
    assert_true(rows > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_comparisons_need_one_dimension),
        cmocka_unit_test(functions_of_pure_numbers_refuse_dimensions),
        cmocka_unit_test(powers_of_dimensions_need_numbers),
        cmocka_unit_test(a_literal_zero_has_every_dimension),
        cmocka_unit_test(expected_dimensions_are_checked_and_zero_takes_them_on),
        cmocka_unit_test(reductions_know_their_region_and_dimension),
        cmocka_unit_test(a_point_is_three_lengths),
        cmocka_unit_test(a_share_and_a_distance_are_checked_where_they_stand),
        cmocka_unit_test(inside_reductions_names_are_looked_up_per_voxel),
        cmocka_unit_test(reductions_are_refused_where_they_make_no_sense),
        cmocka_unit_test(quantities_are_put_in_whole),
        cmocka_unit_test(functions_are_expanded_where_they_are_called),
        cmocka_unit_test(recursion_is_refused_and_errors_in_bodies_name_the_function),
        cmocka_unit_test(signatures_are_names_in_brackets),
        cmocka_unit_test(nesting_length_and_size_are_capped),
        cmocka_unit_test(floods_of_calls_and_copies_are_stopped),
        cmocka_unit_test(every_failing_allocation_is_reported_and_nothing_leaks),
        cmocka_unit_test(copies_are_trees_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
