/* Units against udunits2: factors of every name with every prefix, and every CF spelling.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "language/units.h"

#include <udunits2.h>

/* The stock table as a reader of our files has it, and one with the names that it lacks. */
static ut_system *stock;
static ut_system *extended;
static ut_unit *base[LAC_BASES]; /* um, s, Da, molecule, cell, K in `extended` */

static ut_unit *stock_unit(const char *text)
{
    ut_unit *unit = ut_parse(extended, text, UT_UTF8);
    if (!unit)
        fail_msg("udunits2 does not know %s", text);
    return unit;
}

static void add_name(const char *name, const ut_unit *unit)
{
    assert_int_equal(ut_map_symbol_to_unit(name, UT_ASCII, unit), UT_SUCCESS);
}

/* One part in Avogadro's number of a gram or a mole. */
static ut_unit *single(const char *text)
{
    ut_unit *many = stock_unit(text);
    ut_unit *one = ut_scale(1 / LAC_AVOGADRO, many);
    ut_free(many);
    return one;
}

static int set_up(void **state)
{
    (void)state;
    ut_set_error_message_handler(ut_ignore);
    stock = ut_read_xml(NULL);
    extended = ut_read_xml(NULL);
    if (!stock || !extended)
        return 1;
    base[LAC_LENGTH] = stock_unit("um");
    base[LAC_TIME] = stock_unit("s");
    base[LAC_TEMPERATURE] = stock_unit("K");
    base[LAC_MASS] = single("g");
    base[LAC_AMOUNT] = single("mol");
    base[LAC_CELLS] = ut_new_base_unit(extended);
    add_name("cell", base[LAC_CELLS]);
    add_name("cells", base[LAC_CELLS]);
    add_name("Da", base[LAC_MASS]);
    ut_unit *molar = stock_unit("mol/L");
    add_name("M", molar);
    ut_free(molar);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int which = 0; which < LAC_BASES; which++)
        ut_free(base[which]);
    ut_free_system(stock);
    ut_free_system(extended);
    return 0;
}

/* Our internal unit of a dimension, in udunits. */
static ut_unit *internal_unit(lac_dimension dimension)
{
    ut_unit *unit = ut_get_dimensionless_unit_one(extended);
    for (int which = 0; which < LAC_BASES; which++) {
        assert_int_equal(dimension.sixths[which] % 6, 0);
        ut_unit *power = ut_raise(base[which], dimension.sixths[which] / 6);
        ut_unit *product = ut_multiply(unit, power);
        ut_free(power);
        ut_free(unit);
        unit = product;
    }
    return unit;
}

static void expect_same(const char *text, double tolerance)
{
    lac_unit ours;
    size_t at;
    size_t span;
    assert_ok(lac_unit_parse(text, strlen(text), &ours, &at, &span));
    ut_unit *theirs = stock_unit(text);
    ut_unit *internal = internal_unit(ours.dimension);
    cv_converter *converter = ut_get_converter(theirs, internal);
    if (!converter)
        fail_msg("%s has another dimension in udunits2", text);
    double factor = cv_convert_double(converter, 1);
    if (!(fabs(factor / ours.factor - 1) <= tolerance))
        fail_msg("%s is %.17g here and %.17g in udunits2", text, ours.factor, factor);
    cv_free(converter);
    ut_free(internal);
    ut_free(theirs);
}

static const char *const prefixes[] = {"",  "T", "G", "M", "k", "d", "c", "m",
                                       "u", "µ", "n", "p", "f", "a", "z", "y"};

static void every_name_with_every_prefix_agrees_with_udunits(void **state)
{
    (void)state;
    size_t rows = 0;
    const lac_unit_row *table = lac_unit_table(&rows);
    for (size_t row = 0; row < rows; row++) {
        size_t count = table[row].prefixes ? sizeof prefixes / sizeof prefixes[0] : 1;
        /* The stock molecule is from the Avogadro constant of CODATA 2006. */
        double tolerance = strncmp(table[row].name, "molecule", 8) == 0 ? 1e-6 : 1e-12;
        for (size_t prefix = 0; prefix < count; prefix++) {
            char name[32];
            snprintf(name, sizeof name, "%s%s", prefixes[prefix], table[row].name);
            if (lac_unit_known(name, strlen(name)))
                expect_same(name, tolerance);
        }
    }
}

static void compound_units_agree_with_udunits(void **state)
{
    (void)state;
    const char *const units[] = {
        "pg/mL",    "ng/ml",         "um^2/s",    "µm^2/s",        "nM/s",      "1/(pM h)",
        "1/(nM d)", "amol/(cell h)", "cell/mm^3", "g/mol",         "kDa/um^3",  "um/s",
        "pM um/s",  "mm^3/cell",     "1/h",       "cell/(mm^3 h)", "fmol/h",    "pM^2",
        "(um/s)^2", "1/(pM^2 h)",    "kPa",       "%/h",           "um^3/cell",
    };
    for (size_t index = 0; index < sizeof units / sizeof units[0]; index++)
        expect_same(units[index], 1e-12);
}

/* The stock table reads the CF spelling, and counts apart it is the same unit. */
static void check_cf(const lac_display *display, lac_dimension dimension)
{
    ut_unit *cf = ut_parse(stock, display->cf, UT_ASCII);
    if (!cf)
        fail_msg("udunits2 cannot read '%s', the CF spelling of %s", display->cf, display->unit);
    bool counts = dimension.sixths[LAC_CELLS] != 0 || dimension.sixths[LAC_AMOUNT] != 0;
    ut_unit *same = counts ? NULL : ut_parse(extended, display->cf, UT_ASCII);
    ut_unit *internal = counts ? NULL : internal_unit(dimension);
    if (same) {
        cv_converter *converter = ut_get_converter(internal, same);
        if (!converter)
            fail_msg("'%s' has not the dimension of %s", display->cf, display->unit);
        double factor = cv_convert_double(converter, 1);
        cv_free(converter);
        /* amu is the atomic mass constant of CODATA 1986: 7e-7 above. */
        if (!(fabs(factor / display->factor - 1) < 3e-6))
            fail_msg("'%s' is %.17g, %s is %.17g", display->cf, factor, display->unit,
                     display->factor);
    }
    ut_free(same);
    ut_free(internal);
    ut_free(cf);
}

static void the_cf_spelling_of_every_unit_is_read_by_udunits(void **state)
{
    (void)state;
    size_t rows = 0;
    const lac_unit_row *table = lac_unit_table(&rows);
    for (size_t row = 0; row < rows; row++) {
        size_t count = table[row].prefixes ? sizeof prefixes / sizeof prefixes[0] : 1;
        for (size_t prefix = 0; prefix < count; prefix++) {
            char name[48];
            lac_display display;
            snprintf(name, sizeof name, "%s%s", prefixes[prefix], table[row].name);
            if (!lac_unit_known(name, strlen(name)))
                continue;
            assert_ok(lac_display_as(name, table[row].unit.dimension, &display));
            check_cf(&display, table[row].unit.dimension);
            lac_dimension inverse =
                lac_dimension_over(lac_dimensionless, table[row].unit.dimension);
            snprintf(name, sizeof name, "1/%s%s", prefixes[prefix], table[row].name);
            assert_ok(lac_display_as(name, inverse, &display));
            check_cf(&display, inverse);
        }
    }
}

static void the_display_of_any_dimension_is_read_by_udunits(void **state)
{
    (void)state;
    for (int code = 0; code < 5 * 5 * 5 * 5 * 5; code++) {
        lac_dimension dimension = lac_dimensionless;
        int rest = code;
        for (int which = 0; which < LAC_TEMPERATURE; which++, rest /= 5)
            dimension.sixths[which] = (signed char)(6 * (rest % 5 - 2));
        dimension.sixths[LAC_TEMPERATURE] = (signed char)(6 * (code % 3 - 1));
        lac_display display;
        assert_ok(lac_display_of(dimension, &display));
        check_cf(&display, dimension);
        lac_unit back;
        size_t at;
        size_t span;
        assert_ok(lac_unit_parse(display.unit, strlen(display.unit), &back, &at, &span));
        assert_true(lac_dimension_same(back.dimension, dimension));
        assert_near(back.factor * display.factor, 1, 1e-15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_with_every_prefix_agrees_with_udunits),
        cmocka_unit_test(compound_units_agree_with_udunits),
        cmocka_unit_test(the_cf_spelling_of_every_unit_is_read_by_udunits),
        cmocka_unit_test(the_display_of_any_dimension_is_read_by_udunits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
