/* Tests of plans: what is read, in which units, what is refused and where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "plan_scene.h"

#include "base/names.h"

#include <glob.h>

/* --- what is read --------------------------------------------------------------------------------
 */

static void a_plan_becomes_factors_lists_first_in_shown_units(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan =
        scene_load(&at, SAMPLED "title: A trial\nreplicates: 3\nseed: 12\nstreams: common\n"
                                "set: {run.until: 90 d, share: 0.25}\n"
                                "vary:\n"
                                "  D: {uniform: [2.5e-7 cm^2/s, 80 um^2/s]}\n"
                                "  dose: [0 cell/mL, 2e6 cell/mL, 1e11 cell/L]\n"
                                "  start: {normal: {mean: 50 pg/mL, sd: 250 fM}, truncate: range}\n"
                                "  run.rtol: {from: 1e-6, to: 1e-2, steps: 5, scale: log}\n"
                                "  k: {loguniform: range}\n");
    assert_string_equal(plan->title, "A trial");
    assert_string_equal(plan->name, "trial");
    assert_int_equal(plan->design, LAC_DESIGN_LATIN);
    assert_int_equal(plan->samples, 8);
    assert_int_equal(plan->replicates, 3);
    assert_near(plan->seed, 12, 0);
    assert_true(plan->common_streams);
    assert_int_equal(plan->sets, 2);
    assert_near(plan->model->settings.until, 90 * 86400.0, 0);
    assert_int_equal(plan->factors, 5);
    assert_int_equal(plan->lists, 2);
    const lac_factor *dose = &plan->factor[0], *rtol = &plan->factor[1], *D = &plan->factor[2];
    const lac_factor *start = &plan->factor[3], *k = &plan->factor[4];
    assert_string_equal(dose->name, "dose");
    assert_string_equal(dose->unit, "cell/mL");
    assert_int_equal(dose->levels, 3);
    assert_near(dose->level[2], 1e8, 0);
    assert_string_equal(rtol->unit, "");
    assert_string_equal(rtol->cf_unit, "1");
    assert_int_equal(rtol->levels, 5);
    assert_near(rtol->level[1], 1e-5, 0);
    assert_near(rtol->level[4], 1e-2, 0);
    assert_int_equal(D->kind, LAC_DISTRIBUTION_UNIFORM);
    assert_near(D->a, 25, 0);
    assert_near(D->b, 80, 0);
    assert_string_equal(D->label, "diffusivity of A");
    assert_string_equal(start->unit, "pg/mL");
    assert_near(start->b, 5, 1e-11); /* 250 fM of 20 kDa */
    assert_near(start->low, 10, 0);
    assert_near(start->high, 80, 0);
    assert_near(k->a, 0.5, 0);
    assert_near(k->b, 2, 0);
    assert_string_equal(k->unit, "1/d");
    scene_close(&at);
}

static void a_plan_without_vary_is_one_point_and_words_can_vary(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan = scene_load(&at, PLAN "replicates: 4\n");
    assert_int_equal(plan->design, LAC_DESIGN_GRID);
    assert_int_equal(plan->factors, 0);
    assert_int_equal(plan->samples, 1);
    assert_near(plan->seed, 1, 0);
    plan = scene_load(&at, PLAN "vary: {k: {values: [0 1/d, 9 1/d], outside: allowed}}\n");
    assert_int_equal(plan->factor[0].levels, 2);
    assert_near(plan->factor[0].level[1], 9, 0);
    plan = scene_load(&at, PLAN "vary: {run.integrator: [rodas4, ros2]}\n");
    assert_string_equal(plan->factor[0].word[1], "ros2");
    assert_near(plan->factor[0].level[1], 1, 0);
    scene_close(&at);
}

static void outcomes_default_to_observables_and_can_be_named(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    const lac_plan *plan = scene_load(&at, PLAN "vary: {k: [1 1/d]}\n");
    assert_string_equal(plan->fields, "none");
    assert_int_equal(plan->series, 2);
    assert_string_equal(plan->serie[1], "A_deep");
    assert_int_equal(plan->endpoints, 2);
    assert_string_equal(plan->endpoint[0].name, "A_level");
    assert_int_equal(plan->endpoint[0].reduction, LAC_REDUCE_LAST);
    plan =
        scene_load(&at, PLAN "keep: {fields: [gel_A], series: [bath_B, A_deep], checkpoints: yes}\n"
                             "endpoints:\n"
                             "  late: {of: A_level, at: 8 d, change: yes}\n"
                             "  peak: {of: bath_B, take: most}\n"
                             "  end: A_deep\n");
    assert_string_equal(plan->fields, "gel_A");
    assert_true(plan->keep_checkpoints);
    assert_string_equal(plan->serie[0], "bath_B");
    assert_int_equal(plan->endpoints, 3);
    assert_int_equal(plan->endpoint[0].reduction, LAC_REDUCE_AT);
    assert_near(plan->endpoint[0].at, 192, 0);
    assert_true(plan->endpoint[0].change);
    assert_int_equal(plan->endpoint[1].reduction, LAC_REDUCE_MOST);
    assert_string_equal(plan->endpoint[2].series, "A_deep");
    assert_int_equal(scene_load(&at, PLAN "keep: {series: none}\n")->series, 0);
    plan =
        scene_load(&at, PLAN "set: {run.until: 10 min}\nendpoints: {e: {of: A_deep, at: 600 s}}\n");
    assert_near(plan->endpoint[0].at, 1 / 6.0, 0); /* the end itself, not its rounded text */
    scene_close(&at);
}

static void the_command_line_sets_seed_fields_and_values(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    lac_override said[] = {{"run.seed", "5"}, {"share", "0.1"}, {"run.save.fields", "all"}};
    scene_try(&at, PLAN "seed: 2\nset: {share: 0.9}\nvary: {k: [1 1/d]}\n", said, 3);
    assert_int_equal(at.status, LAC_OK);
    assert_near(at.made->seed, 5, 0);
    assert_string_equal(at.made->fields, "all");
    assert_int_equal(at.made->sets, 2);
    assert_string_equal(at.made->set[1].value, "0.1");
    scene_forget(&at);
    assert_ok(lac_plan_of_scenario(
        &(lac_scenario_origin){.path = at.scenario, .override = said, .overrides = 2}, 9, &at.list,
        &at.made));
    assert_int_equal(at.made->replicates, 9);
    assert_near(at.made->seed, 5, 0);
    assert_string_equal(at.made->name, "two");
    scene_forget(&at);
    assert_ok(
        lac_plan_of_scenario(&(lac_scenario_origin){.path = at.scenario}, 9, &at.list, &at.made));
    assert_near(at.made->seed, 7, 0);
    scene_forget(&at);
    assert_int_equal(
        lac_plan_of_scenario(&(lac_scenario_origin){.path = at.scenario}, 0, &at.list, &at.made),
        LAC_INPUT);
    scene_close(&at);
}

static char *find_two(void *context, const char *said)
{
    const scene *at = context;
    return strcmp(said, "params/two.yaml") == 0 ? lac_copy_text(at->scenario) : NULL;
}

static void a_scenario_that_is_not_beside_the_plan_is_looked_for(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    write_text(at.plan, "lacuna_plan: 1\nscenario: params/two.yaml\n");
    assert_ok(
        lac_plan_load(at.plan, (lac_file_finder){find_two, &at}, NULL, 0, &at.list, &at.made));
    assert_string_equal(at.made->scenario, at.scenario);
    scene_forget(&at);
    write_text(at.plan, "lacuna_plan: 1\nscenario: params/too.yaml\n");
    assert_int_equal(
        lac_plan_load(at.plan, (lac_file_finder){find_two, &at}, NULL, 0, &at.list, &at.made),
        LAC_INPUT);
    assert_text_has(lac_text_of(&at.list.text), "neither beside the plan, nor here, nor installed");
    scene_close(&at);
}

/* --- what is refused -----------------------------------------------------------------------------
 */

typedef struct wrong {
    const char *text;
    const char *place; /* "line:column" */
    const char *says;
} wrong;

static void refuse(scene *at, const wrong *row)
{
    char place[160];
    scene_try(at, row->text, NULL, 0);
    if (at->status != LAC_INPUT)
        fail_msg("not refused: %s", row->text);
    assert_null(at->made);
    snprintf(place, sizeof place, "trial.yaml:%s: error", row->place);
    assert_text_has(lac_text_of(&at->list.text), place);
    assert_text_has(lac_text_of(&at->list.text), row->says);
}

static void refuse_all(const wrong *rows, size_t count)
{
    scene at;
    scene_open(&at);
    for (size_t row = 0; row < count; row++)
        refuse(&at, &rows[row]);
    scene_close(&at);
}
#define REFUSE_ALL(rows) refuse_all(rows, sizeof(rows) / sizeof *(rows))

static void headings_are_checked(void **state)
{
    (void)state;
    static const wrong rows[] = {
        {"scenario: two.yaml\n", "1:1", "lacuna_plan: 1"},
        {"lacuna: 1\ntitle: x\n", "1:9", "this is a scenario or a model"},
        {"lacuna_plan: 2\nscenario: two.yaml\n", "1:14", "version '2'"},
        {"lacuna_plan: 1\nvary: {}\n", "1:1", "needs a scenario"},
        {"lacuna_plan: 1\nscenario: three.yaml\n", "2:11", "there is no scenario"},
        {"lacuna_plan: 1\nscenario: .\n", "2:11", "cannot read"},
        {PLAN "replicats: 3\n", "3:1", "did you mean 'replicates'?"},
        {PLAN "replicates: 0\n", "3:13", "from 1 to 1000000, not '0'"},
        {PLAN "replicates: -2\n", "3:13", "not '-2'"},
        {PLAN "replicates: 1.5\n", "3:13", "whole number"},
        {PLAN "replicates: 2 h\n", "3:13", "whole number"},
        {PLAN "seed: -1\n", "3:7", "whole number"},
        {PLAN "streams: comon\n", "3:10", "did you mean 'common'?"},
        {PLAN "design: latin-hypercub\npoints: 3\n", "3:9", "did you mean 'latin-hypercube'?"},
        {PLAN "design: sobol\nvary: {k: {uniform: range}}\n", "3:9", "needs points:"},
        {PLAN "points: 3\n", "3:9", "points: is for sampled designs"},
        {SAMPLED "levels: 4\nvary: {k: {uniform: range}}\n", "5:9", "levels: is for"},
        {PLAN "design: morris\npoints: 4\nlevels: 5\nvary: {k: {uniform: range}}\n", "5:9", "even"},
        {PLAN "design: morris\npoints: 1\nvary: {k: {uniform: range}}\n", "4:9", "from 2 to"},
    };
    REFUSE_ALL(rows);
}

static void names_and_values_of_factors_are_checked(void **state)
{
    (void)state;
    static const wrong rows[] = {
        {PLAN "vary: {doze: [1 cell/mL]}\n", "3:8", "did you mean 'dose'?"},
        {PLAN "vary: {run.rtoll: [1e-3]}\n", "3:8", "did you mean 'run.rtol'?"},
        {PLAN "vary: {run.seed: [1, 2]}\n", "3:8", "the plan has a seed of its own"},
        {PLAN "vary: {run.replicate: [1]}\n", "3:8", "numbered by the plan"},
        {PLAN "vary: {run.save.fields: [all]}\n", "3:8", "write keep"},
        {PLAN "vary: {run.until: [1 d]}\n", "3:8", "must end together"},
        {PLAN "vary: {k: 3 1/d}\n", "3:11", "takes a list"},
        {PLAN "vary: {k: []}\n", "3:11", "an empty list"},
        {PLAN "vary: {k: [1 1/d, 24 1/d]}\n", "3:19",
         "24 1/d is outside the range of k, from 0.5 to 2 1/d"},
        {PLAN "vary: {k: {values: [1 1/d, 24 1/d]}}\n", "3:28", "24 1/d is outside"},
        {PLAN "vary: {k: {values: [1 1/d], outside: alowed}}\n", "3:38", "'allowed'"},
        {PLAN "vary: {k: {values: 1 1/d}}\n", "3:20", "must be a list"},
        {PLAN "vary: {k: [1 um]}\n", "3:12", "k takes values such as 1 1/d, not length"},
        {PLAN "vary: {k: [1 1/dx]}\n", "3:16", "did you mean"},
        {PLAN "vary: {k: [much]}\n", "3:12", "expected a number"},
        {PLAN "vary: {share: [0.5 h]}\n", "3:16", "share takes a number without unit"},
        {PLAN "vary: {k: [1 1/d, 24/24 1/d]}\n", "3:22", "numbers belong in front"},
        {PLAN "vary: {k: [1 1/d, 0.001 1/min, 1.0 1/d]}\n", "3:32",
         "k has the value 1.0 1/d twice"},
        {PLAN "vary: {k: [1 1/d], k: [2 1/d]}\n", "3:20", "k"},
        {PLAN "set: {k: 1 1/d}\nvary: {k: [1 1/d]}\n", "4:8", "under set: and under vary:"},
        {PLAN "vary: {run.method: [mean-field, exactly]}\n", "3:33", "must be one of"},
        {PLAN "vary: {run.method: [exact, exact]}\n", "3:28", "twice"},
        {PLAN "vary: {run.rtol: [5]}\n", "3:19", "rtol is 5"},
        {SAMPLED "vary: {run.rtol: {uniform: range}}\n", "5:18", "takes a list or from, to"},
        {PLAN "vary: {run.method: {from: 1, to: 2, steps: 2}}\n", "3:20", "takes a list"},
    };
    REFUSE_ALL(rows);
}

static void distributions_are_checked(void **state)
{
    (void)state;
    static const wrong rows[] = {
        {PLAN "vary: {k: {uniform: range}}\n", "3:8", "a grid cannot sample"},
        {SAMPLED "vary: {k: [1 1/d]}\n", "3:9", "lists alone make a grid"},
        {SAMPLED "title: x\n", "1:1", "needs factors"},
        {SAMPLED "vary: {k: {unform: range}}\n", "5:12", "did you mean 'uniform'?"},
        {SAMPLED "vary: {k: {uniform: [1 1/d]}}\n", "5:21", "write two ends"},
        {SAMPLED "vary: {k: {uniform: [2 1/d, 1 1/d]}}\n", "5:21", "must be below"},
        {SAMPLED "vary: {deep: {uniform: range}}\n", "5:24", "declares no range"},
        {SAMPLED "vary: {dose: {loguniform: range}}\n", "5:27", "above 0"},
        {SAMPLED "vary: {D: {uniform: [10 um^2/s, 90 um^2/s]}}\n", "5:11",
         "12.5 % of the values of D would lie outside the range that the model declares, from 20 "
         "to 90 um^2/s: write truncate: range"},
        {SAMPLED "vary: {k: {normal: {mean: 1 1/d, sd: 0.25 1/d}}}\n", "5:11", "2.28 % of"},
        {SAMPLED "vary: {k: {normal: {mean: 1 1/d, sd: 0 1/d}, truncate: range}}\n", "5:38",
         "above 0"},
        {SAMPLED "vary: {k: {normal: {mean: 1 1/d}}}\n", "5:20", "'sd:' is missing"},
        {SAMPLED "vary: {k: {normal: {mean: 1 1/d, sd: 1 1/d}, truncate: [0.1 1/d, 1 1/d]}}\n",
         "5:56", "reaches beyond the range"},
        {SAMPLED "vary: {k: {normal: {mean: 1 1/d, sd: 0.01 1/d}, truncate: [1.9 1/d, 2 1/d]}}\n",
         "5:59", "less than a millionth"},
        {SAMPLED "vary: {k: {lognormal: {median: 1 1/d, gsd: 1}, truncate: range}}\n", "5:44",
         "above 1"},
        {SAMPLED "vary: {k: {lognormal: {median: 1 1/d, gsd: 2}}}\n", "5:11", "31.7 %"},
        {SAMPLED "vary: {k: {triangular: [1 1/d, 0.5 1/d, 2 1/d]}}\n", "5:24", "in this order"},
        {SAMPLED "vary: {k: {uniform: range, triangular: [1 1/d, 1 1/d, 2 1/d]}}\n", "5:11",
         "two distributions"},
        {PLAN "vary: {k: {from: 1 1/d, to: 2 1/d}}\n", "3:11", "'steps:' is missing"},
        {PLAN "vary: {k: {from: 1 1/d, to: 2 1/d, steps: 1}}\n", "3:43", "from 2 to"},
        {PLAN "vary: {k: {from: 1 1/d, to: 3 1/d, steps: 3}}\n", "3:29", "outside the range"},
        {PLAN "vary: {dose: {from: 0 cell/mL, to: 1 cell/mL, steps: 2, scale: log}}\n", "3:14",
         "above 0"},
        {PLAN "design: morris\npoints: 4\nvary: {k: [1 1/d], D: {uniform: range}}\n", "5:8",
         "lists have no place"},
        {PLAN "design: saltelli\npoints: 4\nvary: {k: [1 1/d], D: {uniform: range}}\n", "5:8",
         "lists have no place"},
        {PLAN "design: morris\npoints: 4\nvary: {deep: {normal: {mean: 200 um, sd: 10 um}}}\n",
         "5:8", "needs truncate"},
    };
    REFUSE_ALL(rows);
}

static void sets_outcomes_and_ends_are_checked(void **state)
{
    (void)state;
    static const wrong rows[] = {
        {PLAN "set: {kk: 1 1/d}\n", "3:7", "'kk' is not a parameter"},
        {PLAN "set: {k: 1 um}\n", "3:10", "must be"},
        {PLAN "set: {run.rtol: 7}\n", "3:17", "rtol is 7"},
        {PLAN "set: {run.rtl: 7}\n", "3:7", "did you mean 'rtol'"},
        {PLAN "set: {run.seed: 7}\n", "3:7", "write seed: at its top"},
        {PLAN "keep: {fields: [gel_B]}\n", "3:16", "'gel_B' is not a field of the scenario"},
        {PLAN "keep: {series: [A_leve]}\n", "3:17", "did you mean 'A_level'?"},
        {PLAN "keep: {series: [A_deep, A_deep]}\n", "3:25", "twice"},
        {PLAN "keep: {checkpoints: perhaps}\n", "3:21", "yes or no"},
        {PLAN "endpoints: {e: {of: A_dep}}\n", "3:21", "did you mean 'A_deep'?"},
        {PLAN "endpoints: {e: {of: A_deep, at: 11 d}}\n", "3:33", "goes from 0 to 240 h"},
        {PLAN "endpoints: {e: {of: A_deep, at: 1 d, take: last}}\n", "3:44", "not both"},
        {PLAN "endpoints: {e: {of: A_deep, take: first}}\n", "3:35", "unknown take"},
        {PLAN "endpoints: {e: {at: 1 d}}\n", "3:16", "needs of:"},
        {PLAN "endpoints: {member: A_deep}\n", "3:13", "is taken in an index"},
        {PLAN "endpoints: {k: A_deep}\nvary: {k: [1 1/d]}\n", "3:13", "is taken in an index"},
        {PLAN "endpoints: {a-b: A_deep}\n", "3:13", "is not a name"},
        {PLAN "vary: {deep: [200 um, 205 um]}\n", "3:7",
         "cannot be loaded with every factor at its highest value (deep=205 um)"},
        {PLAN "keep: {fields: all}\nvary: {deep: [200 um, 220 um]}\n", "4:7", "changes the voxels"},
    };
    REFUSE_ALL(rows);
}

static void a_factor_cannot_be_set_and_places_of_the_command_line_are_shown(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    lac_override said[] = {
        {"share", "0.1"}, {"k", "1 1/d"}, {"run.replicate", "3"}, {"idle", "1 m"}};
    scene_try(&at, PLAN "vary: {k: [1 1/d]}\n", said, 4);
    assert_int_equal(at.status, LAC_INPUT);
    const char *text = lac_text_of(&at.list.text);
    assert_text_has(text, "--set:2:1: error: k cannot be set: the plan varies it");
    assert_text_has(text, "--set:3:1: error: run.replicate cannot be set");
    assert_text_has(text, "--set:4:6: error: ");
    assert_int_equal(at.list.errors, 3);
    scene_close(&at);
}

static void what_cannot_matter_is_warned_of(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    scene_load(&at, PLAN "vary: {idle: [1 h, 2 h], twice: [1 1/d, 2 1/d]}\n");
    assert_int_equal(at.list.warnings, 2);
    assert_text_has(lac_text_of(&at.list.text), "nothing in the scenario uses idle");
    assert_text_has(lac_text_of(&at.list.text), "twice is derived from other parameters");
    scene_close(&at);
}

/* Every plan in params/plans, and how many members it has. */
static void bundled_plans_have_the_members_that_they_speak_of(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t factors, lists, samples;
    } plans[] = {{"decay", 2, 2, 1},
                 {"binding", 2, 0, 12},
                 {"ishigami", 3, 0, 256},
                 {"sobol_g", 6, 0, 256},
                 {"knee_dose", 14, 1, 64},
                 {"knee_screening", 193, 0, 10},
                 {"knee_cohort", 4, 0, 12},
                 {"knee_knockouts_calibrated", 25, 25, 1},
                 {"knee_knockouts_literature", 25, 25, 1},
                 {"section_cells", 0, 0, 1},
                 {"section_random", 1, 1, 1},
                 {"baker_2017_chance", 1, 1, 1},
                 {"baker_2017_treatments", 15, 0, 19},
                 {"proctor_2014_interventions", 9, 0, 23}};
    const char *source = getenv("LACUNA_SOURCE");
    char all[512];
    glob_t found;
    if (!source)
        skip();
    snprintf(all, sizeof all, "%s/params/plans/*.yaml", source);
    assert_int_equal(glob(all, 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, sizeof plans / sizeof *plans);
    globfree(&found);
    for (size_t each = 0; each < sizeof plans / sizeof *plans; each++) {
        char path[512];
        lac_diagnostics list = {0};
        lac_plan *plan;
        snprintf(path, sizeof path, "%s/params/plans/%s.yaml", source, plans[each].name);
        if (lac_plan_load(path, (lac_file_finder){0}, NULL, 0, &list, &plan) != LAC_OK)
            fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
        assert_int_equal(list.warnings, 0);
        assert_int_equal(plan->factors, plans[each].factors);
        assert_int_equal(plan->lists, plans[each].lists);
        assert_int_equal(plan->samples, plans[each].samples);
        lac_plan_free(plan);
        lac_diagnostics_free(&list);
    }
}

static void a_plan_is_no_scenario(void **state)
{
    (void)state;
    scene at;
    lac_model *model;
    scene_open(&at);
    scene_load(&at, PLAN "title: x\n");
    assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = at.plan}, &at.list, &model),
                     LAC_INPUT);
    assert_text_has(lac_text_of(&at.list.text), "this is a plan");
    assert_int_equal(at.list.errors, 1);
    scene_close(&at);
}

/* --- fingerprint and memory ----------------------------------------------------------------------
 */

static void the_fingerprint_tells_what_members_compute(void **state)
{
    (void)state;
    static const char *const same[] = {
        SAMPLED "vary: {k: {uniform: range}}\n",
        SAMPLED "title: other\nvary: {k: {uniform: [0.5 1/d, 2 1/d]}}\n",
        SAMPLED "seed: 1\nset: {share: 0.5}\nvary: {k: {uniform: [500e-3 1/d, 2 1/d]}}\n",
    };
    static const char *const others[] = {
        SAMPLED "vary: {k: {uniform: [0.5 1/d, 1.9 1/d]}}\n",
        SAMPLED "vary: {k: {loguniform: range}}\n",
        SAMPLED "seed: 2\nvary: {k: {uniform: range}}\n",
        SAMPLED "replicates: 2\nvary: {k: {uniform: range}}\n",
        SAMPLED "streams: common\nvary: {k: {uniform: range}}\n",
        SAMPLED "set: {share: 0.6}\nvary: {k: {uniform: range}}\n",
        SAMPLED "keep: {fields: all}\nvary: {k: {uniform: range}}\n",
        SAMPLED "endpoints: {e: {of: A_deep, at: 1 d}}\nvary: {k: {uniform: range}}\n",
        PLAN "design: random\npoints: 8\nvary: {k: {uniform: range}}\n",
    };
    scene at;
    lac_names seen = {0};
    scene_open(&at);
    char first[LAC_FINGERPRINT_BYTES];
    strcpy(first, scene_load(&at, same[0])->fingerprint);
    for (size_t each = 1; each < sizeof same / sizeof *same; each++)
        assert_string_equal(scene_load(&at, same[each])->fingerprint, first);
    assert_ok(lac_names_add(&seen, first));
    for (size_t each = 0; each < sizeof others / sizeof *others; each++)
        assert_ok(lac_names_add(&seen, scene_load(&at, others[each])->fingerprint));
    char before[LAC_FINGERPRINT_BYTES];
    strcpy(before, at.made->fingerprint);
    at.made->replicates++; /* as the command line does */
    assert_ok(lac_plan_seal(at.made));
    assert_string_not_equal(at.made->fingerprint, before);
    lac_names_free(&seen);
    scene_close(&at);
}

/* Every beginning of a plan, and the plan with each byte in turn made another. */
static void no_text_breaks_the_reader(void **state)
{
    (void)state;
    static const char text[] =
        SAMPLED "set: {share: 0.25}\nkeep: {fields: [gel_A], series: [bath_B]}\n"
                "endpoints: {e: {of: A_deep, at: 1 d, change: no}}\n"
                "vary:\n  k: {normal: {mean: 1 1/d, sd: 1 1/d}, truncate: range}\n"
                "  D: [30 um^2/s]\n  dose: {from: 1 cell/mL, to: 2 cell/mL, steps: 3}\n";
    static const char others[] = "{[:,#-x0\n ";
    scene at;
    char broken[sizeof text];
    scene_open(&at);
    size_t read = 0, refused = 0;
    for (size_t byte = 0; byte < sizeof text; byte++) {
        strcpy(broken, text);
        broken[byte] = '\0';
        scene_try(&at, broken, NULL, 0);
        assert_true(at.status == LAC_OK || at.status == LAC_INPUT);
        strcpy(broken, text);
        broken[byte] = others[byte % (sizeof others - 1)];
        broken[sizeof text - 1] = '\0';
        scene_try(&at, broken, NULL, 0);
        assert_true(at.status == LAC_OK || at.status == LAC_INPUT);
        assert_true((at.status == LAC_OK) == (at.made != NULL));
        assert_true((at.status == LAC_OK) == (at.list.errors == 0));
        *(at.status == LAC_OK ? &read : &refused) += 1;
    }
    assert_true(read > 0 && refused > 100);
    scene_close(&at);
}

/* Tries a plan with the n-th allocation failing, for n = 1, 2, ...; how many there were. */
static size_t fail_each_allocation(const char *text)
{
    scene at;
    scene_open(&at);
    lac_override said = {"run.rtol", "1e-4"};
    size_t alive = lac_memory_alive(), n = 0;
    do {
        lac_memory_fail_at(++n);
        scene_try(&at, text, &said, 1);
        lac_memory_fail_at(0);
        if (at.status != LAC_OK)
            assert_int_equal(at.status, LAC_MEMORY);
        else
            assert_non_null(at.made);
        if (at.status != LAC_OK) {
            scene_forget(&at);
            assert_int_equal(lac_memory_alive(), alive);
        }
    } while (at.status != LAC_OK);
    scene_close(&at);
    return n;
}

static void failing_allocations_come_out_as_such(void **state)
{
    (void)state;
    static const char text[] =
        SAMPLED "title: x\nset: {share: 0.25}\n"
                "keep: {fields: [gel_A], series: [bath_B]}\nendpoints: {e: {of: A_deep, at: 1 d}}\n"
                "vary: {k: {normal: {mean: 1 1/d, sd: 1 1/d}, truncate: range}, D: [30 um^2/s],\n"
                "  run.method: [mean-field], dose: {from: 1 cell/mL, to: 2 cell/mL, steps: 3}}\n";
    static const char trial[] = SAMPLED
        "arms: {none: {dose: 0 cell/mL}, some: {dose: 5 cell/mL, share: 0.1}}\n"
        "vary: {k: {normal: {mean: 1 1/d, sd: 0.1 1/d}, truncate: range}, D: {uniform: range}}\n"
        "correlation: {k: {D: 0.5}}\nendpoints: {e: {of: A_deep, at: 1 d}}\n"
        "trial:\n  outcome: A_level\n  control: none\n  uninjected: [some]\n  visits: [1 d, 5 d]\n"
        "  include: {r: {of: e, most: 3, kind: prior, source: x}}\n"
        "  parameters: {noise_sd: {value: 3, range: [2, 4], kind: prior, source: x}}\n";
    assert_true(fail_each_allocation(text) > 500);
    assert_true(fail_each_allocation(trial) > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_becomes_factors_lists_first_in_shown_units),
        cmocka_unit_test(a_plan_without_vary_is_one_point_and_words_can_vary),
        cmocka_unit_test(outcomes_default_to_observables_and_can_be_named),
        cmocka_unit_test(the_command_line_sets_seed_fields_and_values),
        cmocka_unit_test(a_scenario_that_is_not_beside_the_plan_is_looked_for),
        cmocka_unit_test(headings_are_checked),
        cmocka_unit_test(names_and_values_of_factors_are_checked),
        cmocka_unit_test(distributions_are_checked),
        cmocka_unit_test(sets_outcomes_and_ends_are_checked),
        cmocka_unit_test(a_factor_cannot_be_set_and_places_of_the_command_line_are_shown),
        cmocka_unit_test(what_cannot_matter_is_warned_of),
        cmocka_unit_test(bundled_plans_have_the_members_that_they_speak_of),
        cmocka_unit_test(a_plan_is_no_scenario),
        cmocka_unit_test(the_fingerprint_tells_what_members_compute),
        cmocka_unit_test(no_text_breaks_the_reader),
        cmocka_unit_test(failing_allocations_come_out_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
