/* Profiles: values given by depth.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "loading/scenario.h"

static const char text[] = "lacuna: 1\n"
                           "domains: {gel: {kind: tissue}}\n"
                           "species:\n"
                           "  A: {gel: {initial: {profile: %s}, display: pM}}\n"
                           "tissue: {size: [10 um, 10 um, 100 um], voxel: 10 um}\n"
                           "run: {until: 1 h}\n";

static lac_model *load(const char *profile, lac_diagnostics *list)
{
    char whole[1024];
    lac_model *model = NULL;
    snprintf(whole, sizeof whole, text, profile);
    (void)lac_scenario_load(
        &(lac_scenario_origin){.path = "profile.yaml", .text = whole, .directory = "."}, list,
        &model);
    return model;
}

static double at_depth(const void *context, lac_symbol symbol)
{
    return symbol.kind == LAC_SYMBOL_DEPTH ? *(const double *)context : 0;
}

static void a_profile_is_straight_between_its_knots_and_constant_beyond_them(void **state)
{
    (void)state;
    const double pM = 6.02214076e-4;
    lac_diagnostics list = {0};
    lac_model *model = load("[[20 um, 1 pM], [40 um, 3 pM], [0.08 mm, 0.002 nM]]", &list);
    assert_non_null(model);
    const struct {
        double depth, value;
    } row[] = {{0, 1}, {20, 1}, {30, 2}, {40, 3}, {60, 2.5}, {80, 2}, {95, 2}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        assert_near(lac_expression_value(model->variable[0].initial, at_depth, &row[k].depth),
                    row[k].value * pM, 1e-12);
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static void a_profile_whose_depths_do_not_grow_is_refused_with_its_place(void **state)
{
    (void)state;
    lac_diagnostics list = {0};
    assert_null(load("[[20 um, 1 pM], [20 um, 3 pM]]", &list));
    assert_text_has(lac_text_of(&list.text), "profile.yaml:4:");
    assert_text_has(lac_text_of(&list.text), "must grow");
    lac_diagnostics_free(&list);
    assert_null(load("[[1 h, 1 pM]]", &list));
    assert_text_has(lac_text_of(&list.text), "depth of a knot");
    lac_diagnostics_free(&list);
}

static void every_failing_allocation_is_reported_and_leaves_nothing(void **state)
{
    (void)state;
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        lac_diagnostics list = {0};
        lac_memory_fail_at(n);
        lac_model *model = load("[[20 um, 1 pM], [40 um, 3 pM]]", &list);
        size_t requests = lac_memory_requests();
        lac_memory_fail_at(0);
        lac_model_free(model);
        lac_diagnostics_free(&list);
        assert_int_equal(lac_memory_alive(), alive);
        if (requests < n)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_straight_between_its_knots_and_constant_beyond_them),
        cmocka_unit_test(a_profile_whose_depths_do_not_grow_is_refused_with_its_place),
        cmocka_unit_test(every_failing_allocation_is_reported_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
