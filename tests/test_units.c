/* Units: factors, dimensions, the places of errors, what is shown and written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "language/units.h"

#define PM 6.02214076e-4 /* [molecule/um^3] in 1 pM */

static lac_unit parse(const char *text)
{
    lac_unit unit;
    size_t at;
    size_t span;
    assert_ok(lac_unit_parse(text, strlen(text), &unit, &at, &span));
    return unit;
}

static void expect_unit(const char *text, double factor, const char *same_as)
{
    lac_unit unit = parse(text);
    if (fabs(unit.factor - factor) > 1e-15 * factor)
        fail_msg("%s is %.17g, not %.17g", text, unit.factor, factor);
    if (!lac_dimension_same(unit.dimension, parse(same_as).dimension))
        fail_msg("%s has not the dimension of %s", text, same_as);
}

static void units_of_the_field_have_their_factors(void **state)
{
    (void)state;
    expect_unit("um", 1, "m");
    expect_unit("µm^2/s", 1, "m^2/s"); /* U+00B5 */
    expect_unit("μm^2/s", 1, "m^2/s"); /* U+03BC */
    expect_unit("mm", 1000, "m");
    expect_unit("mL", 1e12, "m^3");
    expect_unit("ml", 1e12, "m^3");
    expect_unit("uL", 1e9, "m^3");
    expect_unit("pM", PM, "molecule/um^3");
    expect_unit("nM", 1e3 * PM, "pM");
    expect_unit("M", 6.02214076e8, "pM");
    expect_unit("mol/m^3", 6.02214076e5, "M");
    expect_unit("pg/mL", 6.02214076e-1, "Da/um^3");
    expect_unit("ng/ml", 6.02214076e2, "g/L");
    expect_unit("kDa", 1000, "g");
    expect_unit("g/mol", 1, "Da/molecule");
    expect_unit("min", 60, "s");
    expect_unit("h", 3600, "s");
    expect_unit("d", 86400, "s");
    expect_unit("week", 604800, "s");
    expect_unit("1/(pM h)", 1 / (PM * 3600), "um^3/molecule/s");
    expect_unit("%", 0.01, "1");
    expect_unit("1", 1, "1");
    expect_unit("", 1, "1");
    expect_unit("cell/mm^3", 1e-9, "cell/L");
    expect_unit("amol/(cell h)", 602214.076 / 3600, "molecule/cell/s");
    expect_unit("molecules", 1, "mol");
    expect_unit("kPa", 6.02214076e23, "g/(m s^2)");
    expect_unit("s^(1/2)", 1, "s^(3/6)");
}

static void pico_molar_is_exact(void **state)
{
    (void)state;
    assert_true(parse("pM").factor == 6.02214076e-4);
    assert_true(parse("um^3").factor == 1);
    assert_true(parse("1/um").factor == 1);
}

static void products_quotients_and_brackets_follow_their_grammar(void **state)
{
    (void)state;
    expect_unit("pM um/s", PM, "mol/m^2/s");
    expect_unit(" pM * um / s ", PM, "mol/m^2/s");
    expect_unit("1/pM/h", 1 / (PM * 3600), "1/(M s)");
    expect_unit("1 / ( pM h )", 1 / (PM * 3600), "1/(M s)");
    expect_unit("(um/s)^2", 1, "m^2/s^2");
    expect_unit("mol/(cell h)^1", 6.02214076e23 / 3600, "mol/(cell s)");
    expect_unit("1/(um^2)^(1/2)", 1, "1/m");
    expect_unit("s^-1", 1, "1/s");
    expect_unit("um^2*s^-1", 1, "um^2/s");
    expect_unit("um/(s/um)", 1, "um^2/s");
}

static void expect_error(const char *text, size_t at, size_t span, const char *message)
{
    lac_unit unit;
    size_t error_at = 999;
    size_t error_span = 999;
    if (lac_unit_parse(text, strlen(text), &unit, &error_at, &error_span) != LAC_INPUT)
        fail_msg("'%s' was read", text);
    if (error_at != at || error_span != span)
        fail_msg("'%s': the error stands at %zu+%zu, not %zu+%zu: %s", text, error_at, error_span,
                 at, span, lac_failure());
    assert_text_has(lac_failure(), message);
}

static void what_is_wrong_is_pointed_at(void **state)
{
    (void)state;
    expect_error("pg/xx", 3, 2, "unknown unit 'xx'");
    expect_error("PM/h", 0, 2, "unknown unit 'PM': did you mean 'pM'?");
    expect_error("ng/(mL hoors)", 7, 5, "unknown unit 'hoors': did you mean 'hours'");
    expect_error("um2/s", 0, 3, "write a power as 'um^2'");
    expect_error("um^2.5", 2, 3, "the power of a unit is a whole number");
    expect_error("um^x", 2, 1, "the power of a unit is a whole number");
    expect_error("um^(1/4)", 2, 6, "a multiple of 1/6");
    expect_error("um^(1/0)", 2, 6, "a multiple of 1/6");
    expect_error("um^2^2", 2, 3, "whole number");
    expect_error("um^21", 2, 3, "at most 20");
    expect_error("um^99999999999", 2, 5, "at most 20");
    expect_error("(um^20)^20", 0, 10, "at most 20");
    expect_error("um^20 um^20", 0, 11, "too high");
    expect_error("1/pM h", 5, 1, "ambiguous: write 1/(a b)");
    expect_error("pM/s um", 5, 1, "ambiguous");
    expect_error("10 pM", 0, 1, "numbers belong in front");
    expect_error("pM 10", 3, 1, "numbers belong in front");
    expect_error("(um/s", 0, 1, "this '(' is not closed");
    expect_error("um)", 2, 1, "unexpected ')'");
    expect_error("um/", 2, 1, "the unit ends where a unit name is expected");
    expect_error("um//s", 3, 1, "unexpected '/'");
    expect_error("/s", 0, 1, "unexpected '/'");
    expect_error("s-1", 1, 1, "write 1/s or s^-1");
    expect_error("um²", 2, 2, "unexpected '²'");
    expect_error("kh", 0, 2, "unknown unit 'kh'");
    expect_error("cs", 0, 2, "unknown unit 'cs'"); /* deci and centi are for metres and litres */
    expect_error("((((((((( s )))))))))", 8, 1, "more than 8 brackets");
    expect_error("s s s s s s s s s s s s s", 24, 1, "more than 12 units");
}

static void quantities_are_numbers_with_units(void **state)
{
    (void)state;
    double value = 0;
    lac_unit unit;
    assert_ok(lac_quantity_parse("1.1 pg/mL", &value, &unit));
    assert_near(value, 1.1 * 0.602214076, 1e-15);
    assert_ok(lac_quantity_parse("  -2.5e1um^2/s ", &value, &unit));
    assert_near(value, -25, 0);
    assert_ok(lac_quantity_parse("3.6e-3 1/(pM h)", &value, &unit));
    assert_near(value, 1e-6 / PM, 1e-17);
    assert_ok(lac_quantity_parse("0.1/h", &value, &unit));
    assert_near(value, 0.1 / 3600, 1e-20);
    assert_ok(lac_quantity_parse("1/h", &value, &unit));
    assert_near(value, 1 / 3600.0, 1e-20);
    assert_ok(lac_quantity_parse("15 %", &value, &unit));
    assert_near(value, 0.15, 1e-17);
    assert_ok(lac_quantity_parse("7", &value, &unit));
    assert_true(value == 7 && lac_dimension_is_none(unit.dimension));
}

static void quantities_that_are_none_are_refused(void **state)
{
    (void)state;
    const char *const bad[] = {"",       "pM",      "1e999",       "0x10",         "inf", "nan",
                               "1..2",   "1,5 pM",  "1.2.3",       "--1",          "1e",  "- 1",
                               "1 pM 2", "1e-9999", "1e300 g/fL ", "1 pM trailing"};
    for (size_t index = 0; index < sizeof bad / sizeof bad[0]; index++) {
        double value = 123;
        lac_unit unit;
        if (lac_quantity_parse(bad[index], &value, &unit) != LAC_INPUT)
            fail_msg("'%s' was read as %g", bad[index], value);
        assert_true(value == 123);
    }
    double value;
    lac_unit unit;
    size_t at;
    size_t span;
    assert_int_equal(lac_quantity_parse_at("1.1 pg/mLL", &value, &unit, &at, &span), LAC_INPUT);
    assert_int_equal(at, 7);
    assert_int_equal(span, 3);
}

static void dimensions_form_a_group_with_exact_roots(void **state)
{
    (void)state;
    lac_dimension molar = parse("M").dimension;
    lac_dimension root;
    lac_dimension result;
    assert_true(lac_dimension_power(molar, 0.5, &root));
    assert_true(lac_dimension_same(lac_dimension_times(root, root), molar));
    assert_true(lac_dimension_power(molar, 1.0 / 3, &root));
    assert_true(lac_dimension_power(root, 3, &result));
    assert_true(lac_dimension_same(result, molar));
    assert_false(lac_dimension_power(molar, 0.3, &result));
    assert_false(lac_dimension_power(molar, 21, &result));
    assert_false(lac_dimension_power(molar, NAN, &result));
    assert_true(lac_dimension_is_none(lac_dimension_over(molar, molar)));
    assert_true(lac_dimension_same(lac_dimension_of(LAC_LENGTH, 2), parse("um^2").dimension));
    lac_dimension huge = lac_dimension_of(LAC_TIME, 20);
    huge = lac_dimension_times(huge, huge); /* stays in range */
    assert_int_equal(huge.sixths[LAC_TIME], 120);
}

static void dimensions_are_described_with_an_example(void **state)
{
    (void)state;
    char text[LAC_DIMENSION_TEXT];
    assert_string_equal(lac_dimension_describe(parse("nM/s").dimension, text, sizeof text),
                        "amount/length^3/time (such as pM/h)");
    assert_string_equal(lac_dimension_describe(parse("h").dimension, text, sizeof text),
                        "time (such as h)");
    assert_string_equal(lac_dimension_describe(parse("1/h").dimension, text, sizeof text),
                        "1/time (such as 1/h)");
    assert_string_equal(lac_dimension_describe(lac_dimensionless, text, sizeof text),
                        "a pure number");
    assert_string_equal(lac_dimension_describe(parse("s^(1/2)").dimension, text, sizeof text),
                        "time^(1/2) (such as s^(1/2))");
    char tight[8];
    assert_int_equal(strlen(lac_dimension_describe(parse("nM").dimension, tight, sizeof tight)), 7);
}

static void display_units_are_read_back_and_undo_their_factor(void **state)
{
    (void)state;
    const struct {
        const char *unit;
        const char *shown;
        const char *cf;
    } table[] = {
        {"mol/L", "pM", "pmol L-1"},
        {"1/s", "1/h", "h-1"},
        {"1/(M s)", "1/(pM h)", "pmol-1 L h-1"},
        {"cell/um^3", "cell/mm^3", "mm-3"},
        {"m^2/s", "um^2/s", "um2 s-1"},
        {"cell", "cell", "1"},
        {"1", "1", "1"},
        {"g/mol", "g/mol", "g mol-1"},
        {"M^2", "pM^2", "pmol2 L-2"},
        {"g cell/(m s)", "cell Da/(um s)", "amu um-1 s-1"},
        {"s^(1/2)", "s^(1/2)", "1"},
    };
    for (size_t row = 0; row < sizeof table / sizeof table[0]; row++) {
        lac_display display;
        lac_unit unit = parse(table[row].unit);
        assert_ok(lac_display_of(unit.dimension, &display));
        assert_string_equal(display.unit, table[row].shown);
        assert_string_equal(display.cf, table[row].cf);
        lac_unit back = parse(display.unit);
        assert_true(lac_dimension_same(back.dimension, unit.dimension));
        assert_near(back.factor * display.factor, 1, 1e-15);
    }
}

/* The table of what is shown has dimensions of its own; here each is held against its unit. */
static void what_is_shown_has_the_dimension_of_its_unit(void **state)
{
    (void)state;
    static const char *const shown[] = {"1",
                                        "um",
                                        "mm^2",
                                        "mL",
                                        "h",
                                        "1/h",
                                        "pg",
                                        "fmol",
                                        "cell",
                                        "pM",
                                        "pg/mL",
                                        "cell/mm^3",
                                        "g/mol",
                                        "um/s",
                                        "um^2/s",
                                        "pM/h",
                                        "1/(pM h)",
                                        "1/pM",
                                        "amol/cell",
                                        "fmol/h",
                                        "cell/h",
                                        "amol/(cell h)",
                                        "cell/(mm^3 h)",
                                        "mL/h",
                                        "pM um/s",
                                        "pM^2",
                                        "1/pM^2",
                                        "1/(pM^2 h)",
                                        "um^3/cell",
                                        "um^3/(cell h)",
                                        "pg/(cell h)",
                                        "pg/h",
                                        "1/(cell h)",
                                        "kPa",
                                        "1/um",
                                        "K"};
    for (size_t row = 0; row < sizeof shown / sizeof shown[0]; row++) {
        lac_display display;
        assert_ok(lac_display_of(parse(shown[row]).dimension, &display));
        assert_string_equal(display.unit, shown[row]);
    }
}

static void a_named_display_unit_must_have_the_dimension(void **state)
{
    (void)state;
    lac_display display;
    assert_ok(lac_display_as("pg/mL", parse("g/L").dimension, &display));
    assert_string_equal(display.cf, "pg mL-1");
    assert_ok(lac_display_as("µm", parse("m").dimension, &display));
    assert_string_equal(display.cf, "um");
    assert_int_equal(lac_display_as("pg/mL", parse("pM").dimension, &display), LAC_INPUT);
    assert_string_equal(lac_failure(),
                        "the unit 'pg/mL' is mass/length^3 (such as pg/mL), but this "
                        "is amount/length^3 (such as pM)");
    assert_int_equal(lac_display_as("bogus", lac_dimensionless, &display), LAC_INPUT);
    assert_int_equal(
        lac_display_as("um um um um um um um um um um um um/um                          ",
                       parse("um^11").dimension, &display),
        LAC_INPUT);
}

static void written_quantities_read_back_to_the_same_bits(void **state)
{
    (void)state;
    const char *const units[] = {"pM",          "1/(pM h)",  "um^2/s", "h",
                                 "1",           "cell/mm^3", "pg/mL",  "g/mol",
                                 "molecule um", "um^3/s",    "s^(1/2)"};
    double seed = 0.1234567;
    for (int round = 0; round < 2000; round++) {
        seed = fmod(seed * 9301.7 + 0.49297, 1);
        const char *name = units[round % 11];
        double value = (seed - 0.3) * pow(10, (int)(seed * 1e4) % 40 - 20);
        lac_quantity_text text = lac_quantity_write(value, parse(name).dimension);
        char joined[160];
        snprintf(joined, sizeof joined, "%s %s", text.number, text.unit);
        double back = 0;
        lac_unit unit;
        assert_ok(lac_quantity_parse(joined, &back, &unit));
        if (back != value || !lac_dimension_same(unit.dimension, parse(name).dimension))
            fail_msg("%.17g became '%s' and then %.17g", value, joined, back);
    }
    lac_quantity_text ten = lac_quantity_write(10 * PM, parse("pM").dimension);
    assert_string_equal(ten.number, "10");
    assert_string_equal(ten.unit, "pM");
}

static void every_row_of_the_table_is_known_by_its_name(void **state)
{
    (void)state;
    size_t rows = 0;
    const lac_unit_row *table = lac_unit_table(&rows);
    assert_true(rows >= 20);
    for (size_t row = 0; row < rows; row++) {
        lac_unit unit = parse(table[row].name);
        assert_true(unit.factor == table[row].unit.factor);
        assert_true(lac_dimension_same(unit.dimension, table[row].unit.dimension));
        assert_true(lac_unit_known(table[row].name, strlen(table[row].name)));
        assert_non_null(table[row].meaning);
        char milli[32];
        snprintf(milli, sizeof milli, "m%s", table[row].name);
        assert_true(lac_unit_known(milli, strlen(milli)) == table[row].prefixes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_the_field_have_their_factors),
        cmocka_unit_test(pico_molar_is_exact),
        cmocka_unit_test(products_quotients_and_brackets_follow_their_grammar),
        cmocka_unit_test(what_is_wrong_is_pointed_at),
        cmocka_unit_test(quantities_are_numbers_with_units),
        cmocka_unit_test(quantities_that_are_none_are_refused),
        cmocka_unit_test(dimensions_form_a_group_with_exact_roots),
        cmocka_unit_test(dimensions_are_described_with_an_example),
        cmocka_unit_test(display_units_are_read_back_and_undo_their_factor),
        cmocka_unit_test(what_is_shown_has_the_dimension_of_its_unit),
        cmocka_unit_test(a_named_display_unit_must_have_the_dimension),
        cmocka_unit_test(written_quantities_read_back_to_the_same_bits),
        cmocka_unit_test(every_row_of_the_table_is_known_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
