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

/* Half of the cells that were drawn are in A at rest. */
static const char drawn[] =
    "lacuna: 1\n"
    "domains: {bath: {kind: well-mixed, volume: 2 mL}}\n"
    "species:\n"
    "  A: {unit: cell, bath: {initial: {poisson: 1000 cell}, total: true}}\n"
    "  B: {unit: cell, bath: {initial: 0 cell, total: true}}\n"
    "parameters: {k: {value: 0.5/h}, dose: {value: 0}}\n"
    "reactions:\n"
    "  turn: {in: bath, equation: A -> B, rate: k * A}\n"
    "  back: {in: bath, equation: B -> A, rate: k * B}\n"
    "events: {dose: {at: 1 h, into: bath, add: {A: dose * 1 cell}}}\n"
    "observables: {level: {unit: cell, value: bath.A}}\n"
    "run: {until: 2 h, start: rest, seed: 3, save: {every: 1 h}}\n";

static void put(const char *name, const char *text, char path[128])
{
    snprintf(path, 128, "%s/%s", scratch, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static lac_plan *load(const char *scenario_text, const char *plan_text)
{
    char path[128], first[128];
    lac_diagnostics list = {0};
    lac_plan *plan = NULL;
    put("s.yaml", scenario_text, first);
    put("p.yaml", plan_text, path);
    lac_status status = lac_plan_load(path, (lac_file_finder){0}, NULL, 0, &list, &plan);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return plan;
}

/* A plan of 4 rows with this many arms that differ in the dose. */
static lac_plan *plan_with(int arms)
{
    char text[4096];
    int length = snprintf(text, sizeof text,
                          "lacuna_plan: 1\nscenario: s.yaml\ndesign: random\npoints: 4\n"
                          "vary: {make: {uniform: [0.5/h, 2/h]}}\narms:\n");
    for (int arm = 0; arm < arms; arm++)
        length += snprintf(text + length, sizeof text - (size_t)length, "  arm%d: {dose: %d}\n",
                           arm, arm + 1);
    return load(scenario, text);
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

/* The first values of 3 replicates in 2 arms, run in turn; how many starts were found. */
static size_t starts_of_drawn(const char *streams, double level[2][3])
{
    char text[256];
    lac_sample_table *samples = NULL;
    lac_worker *worker = NULL;
    lac_curves curves;
    snprintf(text, sizeof text,
             "lacuna_plan: 1\nscenario: s.yaml\nreplicates: 3\nstreams: %s\n"
             "arms: {none: {}, much: {dose: 50}}\n",
             streams);
    lac_plan *plan = load(drawn, text);
    assert_int_equal(lac_sample_table_create(plan, &samples), LAC_OK);
    assert_int_equal(samples->members, 6);
    assert_int_equal(lac_worker_create(samples, &worker), LAC_OK);
    for (size_t n = 0; n < samples->members; n++) {
        size_t member = lac_sample_table_in_turn(samples, n);
        if (lac_worker_run(worker, member, &curves) != LAC_OK)
            fail_msg("%s", lac_failure());
        level[member / 3][member % 3] = curves.value[0];
        assert_true(member < 3 || curves.value[2] > curves.value[0] + 1);
    }
    size_t starts = lac_worker_starts(worker);
    lac_worker_free(worker);
    lac_sample_table_free(samples);
    lac_plan_free(plan);
    return starts;
}

static void a_start_that_is_drawn_is_that_of_its_replicate(void **state)
{
    (void)state;
    double level[2][3];
    assert_int_equal(starts_of_drawn("common", level), 3);
    for (size_t replicate = 0; replicate < 3; replicate++) {
        assert_true(level[0][replicate] == level[1][replicate]);
        assert_true(fabs(2 * level[0][replicate] - round(2 * level[0][replicate])) < 1e-3);
        assert_true(level[0][replicate] != level[0][(replicate + 1) % 3]);
    }
    assert_int_equal(starts_of_drawn("independent", level), 6);
    for (size_t replicate = 0; replicate < 3; replicate++)
        assert_true(level[0][replicate] != level[1][replicate]);
}

static void every_member_has_its_turn(void **state)
{
    (void)state;
    lac_sample_table *samples = NULL;
    lac_plan *plan = plan_with(7);
    assert_int_equal(lac_sample_table_create(plan, &samples), LAC_OK);
    bool met[28] = {false};
    for (size_t n = 0; n < 28; n++)
        met[lac_sample_table_in_turn(samples, n)] = true;
    for (size_t member = 0; member < 28; member++)
        assert_true(met[member]);
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
        cmocka_unit_test(a_start_that_is_drawn_is_that_of_its_replicate),
        cmocka_unit_test(every_member_has_its_turn),
        cmocka_unit_test(a_rest_and_many_arms_cost_what_the_arms_cost),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
