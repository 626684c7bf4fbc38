/* Expressions: grammar, numbers with units, names, and what the messages say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "expression_world.h"

/* --- grammar ---------------------------------------------------------------------------------- */

static void operators_bind_as_in_mathematics(void **state)
{
    (void)state;
    assert_near(value("1 + 2 * 3"), 7, 0);
    assert_near(value("(1 + 2) * 3"), 9, 0);
    assert_near(value("8 - 4 - 2"), 2, 0);
    assert_near(value("8 - (4 - 2)"), 6, 0);
    assert_near(value("8 / 4 / 2"), 1, 0);
    assert_near(value("8 / (4 / 2)"), 4, 0);
    assert_near(value("2^3^2"), 512, 0);
    assert_near(value("(2^3)^2"), 64, 0);
    assert_near(value("-2^2"), -4, 0);
    assert_near(value("(-2)^2"), 4, 0);
    assert_near(value("2^-1"), 0.5, 0);
    assert_near(value("2^-a"), 0.25, 0);
    assert_near(value("-a^b"), -8, 0);
    assert_near(value("- -3"), 3, 0);
    assert_near(value("+3 - +a"), 1, 0);
    assert_near(value("a*-b"), -6, 0);
    assert_near(value("a - -b"), 5, 0);
    assert_near(value("\t1\n+\r\n2 "), 3, 0);
    assert_near(value(".5e1 + 5.E-1"), 5.5, 0);
}

static void comparisons_and_logic_give_zero_or_one(void **state)
{
    (void)state;
    assert_near(value("a < b"), 1, 0);
    assert_near(value("a > b"), 0, 0);
    assert_near(value("a <= 2 and b >= 3"), 1, 0);
    assert_near(value("a == 3 or b != 3"), 0, 0);
    assert_near(value("not a == 3 and not b == 2"), 1, 0);
    assert_near(value("not (a == 2 and b == 3)"), 0, 0);
    assert_near(value("1 or 0 and 0"), 1, 0);
    assert_near(value("(1 or 0) and 0"), 0, 0);
    assert_near(value("1 + 1 == 2"), 1, 0);
    assert_near(value("(a < b) + (b > a)"), 2, 0);
    assert_near(value("x > 4 pM and x > 0"), 1, 0);
    expect("a < b < 3", "e:1:7: error: comparisons do not chain");
}

static void functions_of_the_language_compute_what_they_say(void **state)
{
    (void)state;
    assert_near(value("if(a < b, 10, 20)"), 10, 0);
    assert_near(value("if(a > b, 10, 20)"), 20, 0);
    assert_near(value("min(a, b) + max(a, b, 9, 4)"), 11, 0);
    assert_near(value("min(5, 4, 3, 2, 1)"), 1, 0);
    assert_near(value("piecewise(1, a > 5, 2, a > 1, 3)"), 2, 0);
    assert_near(value("piecewise(1, a > 5, 2, a > 4, 3)"), 3, 0);
    assert_near(value("piecewise(1, a > 1, 2)"), 1, 0);
    assert_near(value("exp(log(a)) + sqrt(16) + abs(-3)"), 9, 1e-14);
    assert_near(value("sin(0) + cos(0) + tanh(0)"), 1, 0);
    assert_near(value("hill(a, 4, 2)"), 0.2, 1e-15);
    assert_near(value("hill(x, K, 2)"), 0.2, 1e-15);
    assert_near(value("hill(-1, 4, 2)"), 0, 0);
    expect("hill(a, b)", "e:1:1: error: hill(x, K, n): here are 2 arguments");
    expect("exp()", "exp(x): here are 0 arguments");
    expect("exp(1, 2)", "exp(x): here are 2 arguments");
    expect("if(a, b)", "if(condition, a, b): here are 2 arguments");
    expect("piecewise(1, a, 2, 3)",
           "piecewise(a, condition, ..., otherwise): here are 4 arguments");
    expect("min(a)", "min(a, b, ...): here is 1 argument");
    expect("exp", "the function 'exp' needs its arguments in brackets");
    expect("hil(1, 2, 3)", "unknown function 'hil': did you mean 'hill'?");
    expect("qqqqqqqq(1)", "unknown function 'qqqqqqqq'");
    expect("a(1)", "'a' is not a function");
}

static void trees_are_what_the_header_says(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, false, "b > a");
    assert_int_equal(it.tree->op, LAC_OP_LESS);
    assert_int_equal(it.tree->arg[0]->symbol.index, A);
    done(&it);
    read_in(&it, &plain, false, "-2");
    assert_int_equal(it.tree->op, LAC_OP_NUMBER);
    assert_near(it.tree->number, -2, 0);
    done(&it);
    read_in(&it, &plain, false, "x^(1/2)");
    assert_int_equal(it.tree->arg[1]->op, LAC_OP_NUMBER);
    assert_near(it.tree->arg[1]->number, 0.5, 0);
    assert_int_equal(it.tree->place.column, 1);
    assert_int_equal(it.tree->place.width, 7);
    done(&it);
    read_in(&it, &plain, false, "fluid.x + x");
    assert_int_equal(it.tree->arg[0]->symbol.index, FLUID_X);
    assert_int_equal(it.tree->arg[1]->place.column, 11);
    done(&it);
}

/* --- numbers and units --------------------------------------------------------------------------
 */

static void units_stand_behind_numbers(void **state)
{
    (void)state;
    assert_near(value_unit("10 pM", "M"), 10 * PM, 1e-18);
    assert_near(value_unit("10pM", "M"), 10 * PM, 1e-18);
    assert_near(value_unit("3 µm + 3 um", "m"), 6, 0);
    assert_near(value_unit("2 h", "s"), 7200, 0);
    assert_near(value_unit("1/(2 h)", "1/s"), 1 / 7200.0, 0);
    assert_near(value_unit("0.1/h", "1/s"), 0.1 / 3600, 1e-20);
    assert_near(value_unit("0.1 1/h", "1/s"), 0.1 / 3600, 1e-20);
    assert_near(value_unit("3.6e-3 1/(pM h)", "1/(M s)"), 1e-6 / PM, 1e-18);
    assert_near(value("15 %"), 0.15, 1e-17);
    assert_near(value("15% * 2"), 0.3, 1e-17);
    assert_near(value_unit("2 h^-1", "1/s"), 2 / 3600.0, 0);
    assert_near(value_unit("-3 mm", "m"), -3000, 0);
    assert_near(value_unit("(2 h)^0.5", "s^(1/2)"), sqrt(7200), 1e-12);
}

static void a_unit_is_the_longest_chain_of_units(void **state)
{
    (void)state;
    assert_near(value_unit("10 pM * k_on", "1/s"), 10 * PM * 0.5, 1e-18);
    assert_near(value_unit("3 um^2/s * a", "m^2/s"), 6, 0);
    assert_near(value_unit("3 um^2 / s / a", "m^2/s"), 1.5, 0);
    assert_near(value_unit("2 amol/(cell h) * a", "mol/(cell s)"), 4 * 602214.076 / 3600, 1e-9);
    assert_near(value_unit("2 amol / ( cell*h )", "mol/(cell s)"), 2 * 602214.076 / 3600, 1e-9);
    assert_near(value("x / 10 pM"), 0.5, 1e-15);
    assert_near(value_unit("x / 10 pM h * a", "1/s"), 0.5 / 3600 * 2, 1e-15);
    assert_near(value_unit("2 pM (h)", "M s"), 2 * PM * 3600, 1e-12);
    assert_near(value_unit("2 pM/(a + 1)", "M"), 2 * PM / 3, 1e-18);
}

static void names_in_scope_win_over_units(void **state)
{
    (void)state;
    world with_h = {.extra = "h"};
    world with_m = {.extra = "m"};
    assert_near(value_in(&with_h, "10 / h", "1"), 5, 0);
    assert_near(value_in(&with_m, "10 * m", "1"), 20, 0);
    assert_near(value_in(&with_m, "10 um/m", "um"), 5, 0);
    assert_near(value_in(&with_h, "3 [h]", "s"), 10800, 0);
    assert_near(value_in(&with_h, "h * 3 [1/h]", "1/s"), 6.0 / 3600, 1e-18);
    assert_near(value_in(&with_h, "3 [um]^2", "um^2"), 9, 0);
    expect_in(&with_h, false, "2 h", "e:1:3: error: 'h' is a name of the model here: write '[h]'");
    expect_in(&with_h, false, "2 [x]", "e:1:4: error: unknown unit 'x'");
    expect("2 a", "e:1:3: error: expected an operator such as '*' in front of 'a'");
}

static void doubtful_units_are_refused(void **state)
{
    (void)state;
    expect("x / 2/h", "e:1:5: error: ambiguous unit behind '/'");
    expect("10 um/s pM", "a product after '/' is ambiguous");
    expect("2 h^0.5", "e:1:4: error: the power of a unit is a whole number");
    expect("2 h^a", "e:1:4: error: the power of a unit is a whole number");
    expect("2 pm_", "e:1:3: error: unknown unit 'pm_': did you mean 'pm'?");
    expect("2 hoors", "unknown unit 'hoors': did you mean 'hours'");
    expect_only("2 cel/mL * a", "e:1:3: error: unknown unit 'cel': did you mean 'cell'?");
    expect_only("2 cel * (h mL)^-1", "e:1:3: error: unknown unit 'cel': did you mean 'cell'?");
    expect("2 qqqq", "expected a unit or an operator such as '*', not 'qqqq'");
    expect("a * h", "unknown name 'h': as a unit it stands behind a number, such as 1 h");
    expect("2 [pM", "e:1:3: error: this '[' is not closed");
    expect("a [pM]", "e:1:3: error: expected an operator such as '*', not '[': square brackets");
}

static void numbers_are_decimal_and_finite(void **state)
{
    (void)state;
    expect("1e999", "e:1:1: error: 1e999 is too large");
    expect("1e-999", "e:1:1: error: 1e-999 is too small");
    expect("0x10", "e:1:1: error: numbers are decimal");
    expect("inf", "unknown name 'inf'");
    expect("nan", "unknown name 'nan'");
    expect("1e300 mol", "too large for a number");
    expect("1.2.3", "e:1:4: error: expected an operator");
    char digits[100];
    memset(digits, '1', sizeof digits);
    digits[99] = '\0';
    expect(digits, "a number of 99 characters");
    assert_near(value("1e308"), 1e308, 0);
    assert_near(value("0e999"), 0, 0);
}

/* --- messages
 * ------------------------------------------------------------------------------------- */

static void unknown_names_are_all_reported_with_the_nearest(void **state)
{
    (void)state;
    world plain = {0};
    reading it;
    read_in(&it, &plain, false, "k_in * x + foo_bar * (1 + fluid.y) - exp(zzzz) + silent");
    assert_null(it.tree);
    assert_int_equal(it.list.errors, 4);
    const char *messages = lac_text_of(&it.list.text);
    assert_text_has(messages, "e:1:1: error: unknown name 'k_in': did you mean 'k_on'?\n");
    assert_text_has(messages, "e:1:12: error: unknown name 'foo_bar'\n");
    assert_text_has(messages, "e:1:27: error: unknown name 'fluid.y': did you mean 'fluid.x'?\n");
    assert_text_has(messages, "e:1:42: error: unknown name 'zzzz'\n");
    done(&it);
    expect("a + pool", "e:1:5: error: 'pool' belongs to another domain\n");
    expect("a + deep", "e:1:5: error: the region 'deep' is not a value");
}

static void a_name_that_failed_elsewhere_is_silent(void **state)
{
    (void)state;
    world plain = {0};
    lac_scope scope = {.lookup = lookup, .context = &plain};
    lac_diagnostics list = {0};
    lac_expression *tree = NULL;
    assert_ok(lac_expression_parse("1 + silent * x", (lac_place){0}, &scope, &list, &tree));
    assert_null(tree);
    assert_int_equal(list.errors, 0);
}

static void syntax_errors_name_what_was_expected(void **state)
{
    (void)state;
    expect("", "expected an expression");
    expect("  ", "expected an expression");
    expect("a +",
           "e:1:4: error: expected a value (a number, a name or a bracket), but the text ends");
    expect("(a + b", "e:1:7: error: expected ')' or an operator such as '*', but the text ends");
    expect("a + b)", "e:1:6: error: expected an operator such as '*', not ')'");
    expect("a b", "e:1:3: error: expected an operator such as '*', not 'b'");
    expect("a ** b",
           "e:1:4: error: expected a value (a number, a name or a bracket), not '*': write '^'");
    expect("a && b", "e:1:3: error: expected an operator such as '*', not '&': write 'and'");
    expect("a = b", "not '=': write '=='");
    expect("!a",
           "e:1:1: error: expected a value (a number, a name or a bracket), not '!': write 'not'");
    expect("min(a, b", "e:1:9: error: expected ')', ','");
    expect("min(a; b)", "e:1:6: error: expected ')', ',' or an operator such as '*', not ';'");
    expect("a + µ", "e:1:5: error: expected a value (a number, a name or a bracket), not 'µ'");
    expect("a and", "but the text ends here");
    expect("and a", "e:1:1: error: expected a value, not 'and'");
    expect("a * \xff", "expected a value (a number, a name or a bracket), not '?'");
}

static void messages_point_into_folded_text(void **state)
{
    (void)state;
    char file[] = "law: >-\n  a +\n  wrong *\n  b\n";
    lac_source source = {.path = "f.yaml", .bytes = file, .length = strlen(file)};
    world plain = {0};
    lac_scope scope = {.lookup = lookup, .context = &plain};
    lac_diagnostics list = {0};
    lac_expression *tree = NULL;
    lac_place place = {&source, 2, 3, 3};
    assert_ok(lac_expression_parse("a + wrong * b", place, &scope, &list, &tree));
    assert_string_equal(lac_text_of(&list.text), "f.yaml:3:3: error: unknown name 'wrong'\n"
                                                 "    3 |   wrong *\n"
                                                 "      |   ^~~~~\n");
    lac_diagnostics_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_mathematics),
        cmocka_unit_test(comparisons_and_logic_give_zero_or_one),
        cmocka_unit_test(functions_of_the_language_compute_what_they_say),
        cmocka_unit_test(trees_are_what_the_header_says),
        cmocka_unit_test(units_stand_behind_numbers),
        cmocka_unit_test(a_unit_is_the_longest_chain_of_units),
        cmocka_unit_test(names_in_scope_win_over_units),
        cmocka_unit_test(doubtful_units_are_refused),
        cmocka_unit_test(numbers_are_decimal_and_finite),
        cmocka_unit_test(unknown_names_are_all_reported_with_the_nearest),
        cmocka_unit_test(a_name_that_failed_elsewhere_is_silent),
        cmocka_unit_test(syntax_errors_name_what_was_expected),
        cmocka_unit_test(messages_point_into_folded_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
