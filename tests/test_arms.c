/* Arms of one start: the start is found once for all of them, and what that costs, in counted
 * steps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "campaign/worker.h"
#include "plan/plan.h"
#include "run/start.h"

#include <stdlib.h>

static const char scenario[] = "lacuna: 1\n"
                               "domains: {bath: {kind: well-mixed, volume: 2 mL}}\n"
                               "species: {A: {unit: 1, bath: {initial: 1, atol: 1e-9}}}\n"
                               "parameters:\n"
                               "  make: {value: 1/h, range: [0.1/h, 10/h]}\n"
                               "  lose: {value: 0.5/h, range: [0.1/h, 10/h]}\n"
                               "  dose: {value: 0}\n"
                               "reactions:\n"
                               "  made: {in: bath, equation: -> A, rate: make}\n"
                               "  lost: {in: bath, equation: A ->, rate: lose * A}\n"
                               "events: {dose: {at: 1 h, every: 5 h, into: bath, add: {A: dose}}}\n"
                               "observables: {level: bath.A}\n"
                               "run: {until: 100 h, start: rest, save: {every: 1 h}}\n";

static void put(const char *name, const char *text, char path[128])
{
    snprintf(path, 128, "%s/%s", scratch, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A plan of 4 rows with this many arms that differ in the dose. */
static lac_plan *plan_with(int arms)
{
    char path[128], text[4096], first[128];
    lac_diagnostics list = {0};
    lac_plan *plan = NULL;
    int length = snprintf(text, sizeof text,
                          "lacuna_plan: 1\nscenario: s.yaml\ndesign: random\npoints: 4\n"
                          "vary: {make: {uniform: [0.5/h, 2/h]}}\narms:\n");
    for (int arm = 0; arm < arms; arm++)
        length += snprintf(text + length, sizeof text - (size_t)length, "  arm%d: {dose: %d}\n",
                           arm, arm + 1);
    put("s.yaml", scenario, first);
    put("p.yaml", text, path);
    lac_status status = lac_plan_load(path, (lac_file_finder){0}, NULL, 0, &list, &plan);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return plan;
}

static void all_arms_of_a_row_share_one_start(void **state)
{
    (void)state;
    lac_plan *plan = plan_with(7);
    lac_sample_table *samples = NULL;
    lac_worker *worker = NULL;
    lac_curves curves;
    assert_int_equal(lac_sample_table_create(plan, &samples), LAC_OK);
    assert_int_equal(samples->members, 28);
    assert_int_equal(lac_sample_table_starts(samples), 4);
    assert_int_equal(lac_worker_create(samples, &worker), LAC_OK);
    for (size_t row = 0; row < 4; row++)
        for (size_t arm = 0; arm < 7; arm++) {
            if (lac_worker_run(worker, arm * 4 + row, &curves) != LAC_OK)
                fail_msg("%s", lac_failure());
            double make = samples->value[(arm * 4 + row) * plan->factors + 1];
            assert_true(fabs(curves.value[0] - make / 0.5) < 1e-6);
        }
    assert_int_equal(lac_worker_starts(worker), 4);
    lac_worker_free(worker);
    lac_sample_table_free(samples);
    lac_plan_free(plan);
}

/* Steps of rest against steps of an arm: with many arms the start costs next to nothing. */
static void a_rest_and_many_arms_cost_what_the_arms_cost(void **state)
{
    (void)state;
    lac_model *model = model_from(scenario);
    lac_simulation *simulation = NULL;
    lac_start start = {0};
    assert_int_equal(lac_start_of_model(model, &start), LAC_OK);
    assert_true(start.rest.steps > 0);
    const lac_run_options options = {.start = &start};
    assert_int_equal(lac_simulation_create(model, &options, &simulation), LAC_OK);
    assert_int_equal(lac_simulation_run(simulation), LAC_OK);
    size_t steps = lac_simulation_counters(simulation).steps;
    double arms = 1000,
           cost = (double)(start.rest.steps + start.rest.refused) / (arms * (double)steps);
    print_message("a rest of %zu steps, an arm of %zu: 1000 arms cost 1 + %.2g of the arms alone\n",
                  start.rest.steps, steps, cost);
    assert_true(cost < 0.02);
    lac_simulation_free(simulation);
    lac_start_free(&start);
    lac_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arms_of_a_row_share_one_start),
        cmocka_unit_test(a_rest_and_many_arms_cost_what_the_arms_cost),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
