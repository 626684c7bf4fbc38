/* A patch that stands for a joint: its pools feel the mean-field companion, or the patch itself.
 * Seeds are fixed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hybrid_scene.h"

#include "observe/observer.h"

#define DAY 86400.0

/* One cell in each voxel; they set each other off, near by through the gel and far through the
 * bath.
 */
#define PATCH(WIDTH, FEEDBACK, REST)                                                               \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 0.1 mL}}\n"                   \
    "species:\n"                                                                                   \
    "  off: {unit: cell, gel: {initial: 125000 cell/mm^3}}\n"                                      \
    "  on: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"                                            \
    "  A: {gel: {initial: 0 pM, diffusivity: 50 um^2/s}, bath: {initial: 0 pM}}\n"                 \
    "reactions:\n"                                                                                 \
    "  up: {in: gel, equation: off -> on, rate: '0.1/d * (0.3 + 3 * hill(A, 10 nM, 2)) * off'}\n"  \
    "  down: {in: gel, equation: on -> off, rate: 0.1/d * on}\n"                                   \
    "  make: {in: gel, equation: -> A, rate: '3 amol/(cell h) * (off + 10 * on)'}\n"               \
    "  lose: {in: gel, equation: A ->, rate: 1e-4/s * A}\n"                                        \
    "  clear: {in: bath, equation: A ->, rate: 1/d * A}\n"                                         \
    "interfaces: {top: {between: [gel.top, bath], exchange: [A]}}\n"                               \
    "tissue: {size: [" WIDTH ", 20 um, 200 um], voxel: 20 um,\n"                                   \
    "  represents: {area: 1 cm^2" FEEDBACK "}}\n" REST

#define RUN "run: {until: 20 d, closure_tolerance: 1e-4, save: {every: 2 d}}\n"
#define BY_PATCH ", feedback: patch"

static double bath(const method_scene *s)
{
    return hybrid_scene_values(s, "bath.A")[0];
}

static void the_pools_are_those_of_mean_field_to_the_bit(void **state)
{
    (void)state;
    method_scene a, b;
    hybrid_scene_make(&a, PATCH("100 um", "", RUN), "hybrid", 3, 0.1);
    hybrid_scene_make(&b, PATCH("100 um", "", RUN), "mean-field", 3, 0.1);
    for (int frame = 1; frame <= 5; frame++) {
        method_scene_to(&a, frame * 2 * DAY);
        method_scene_to(&b, frame * 2 * DAY);
        assert_true(bath(&a) > 0 && bath(&a) == bath(&b));
    }
    const double on = hybrid_scene_content(&a, "gel.on") * 2e-5;
    assert_near(on, nearbyint(on), 1e-6);
    method_scene_closes(&a, 1e-4);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* With all that is discrete frozen, the patch is the companion: it follows the bath that is told to
 * it as the one that is solved with it, within the tolerances of a step. */
static void a_patch_without_events_follows_its_companion(void **state)
{
    (void)state;
    method_scene a, b;
    const char *text = PATCH("100 um", "", RUN);
    hybrid_scene_make(&a, text, "hybrid", 3, 0.1);
    hybrid_scene_make(&b, text, "mean-field", 3, 0.1);
    method_scene_to(&a, 0.02 * DAY); /* 50 cells at 0.03/d */
    method_scene_to(&b, 0.02 * DAY);
    assert_near(hybrid_scene_content(&a, "gel.on"), 0, 0);
    for (size_t voxel = 0; voxel < a.grid->voxels; voxel++)
        assert_near(hybrid_scene_values(&a, "gel.A")[voxel] /
                        hybrid_scene_values(&b, "gel.A")[voxel],
                    1, 0.05);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* Mean square of the relative difference of the bath between a run and mean-field. */
static double spread(const char *text, int replicates)
{
    double sum = 0;
    for (int r = 0; r < replicates; r++) {
        method_scene a, b;
        hybrid_scene_make(&a, text, "hybrid", 40 + r, 0.2);
        hybrid_scene_make(&b, text, "mean-field", 40 + r, 0.2);
        for (int frame = 2; frame <= 5; frame++) {
            method_scene_to(&a, frame * 2 * DAY);
            method_scene_to(&b, frame * 2 * DAY);
            const double off = bath(&a) / bath(&b) - 1;
            sum += off * off / (4 * replicates);
        }
        method_scene_free(&a);
        method_scene_free(&b);
    }
    return sum;
}

/* What the chance of a patch does to the bath fades as the patch grows: sixteen times the cells, a
 * fourth of the deviation. */
static void both_feedbacks_meet_as_the_patch_grows(void **state)
{
    (void)state;
    const double small = sqrt(spread(PATCH("100 um", BY_PATCH, RUN), 12));
    const double large = sqrt(spread(PATCH("1600 um", BY_PATCH, RUN), 4));
    assert_true(small > 0.02);
    assert_true(small / large > 2 && small / large < 8);
    assert_near(spread(PATCH("100 um", "", RUN), 2), 0, 0);
}

static void a_resumed_run_has_the_same_bits(void **state)
{
    (void)state;
    method_scene a, b;
    hybrid_scene_make(&a, PATCH("100 um", "", RUN), "hybrid", 5, 0.1);
    hybrid_scene_make(&b, PATCH("100 um", "", RUN), "hybrid", 5, 0.1);
    method_scene_to(&a, 3 * DAY);
    method_scene_copy(&a, &b);
    method_scene_to(&a, 9 * DAY);
    method_scene_to(&b, 9 * DAY);
    assert_memory_equal(a.state->value, b.state->value,
                        a.state->layout.length * sizeof *a.state->value);
    assert_memory_equal(a.state->added, b.state->added, 4 * sizeof *a.state->added);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* --- what happens from outside ------------------------------------------------------------------
 */

static double bath_after(const char *text, const char *method)
{
    const lac_override overrides[] = {{"run.method", method}, {"run.seed", "3"}};
    lac_model *model = scene_load_with(text, overrides, 2);
    lac_simulation *simulation = NULL;
    const lac_run_options options = {0};
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_ok(lac_simulation_run(simulation)); /* which looks at the ledger */
    const lac_state *state = lac_simulation_state(simulation);
    const double value = state->value[state->layout.length - 1];
    lac_simulation_free(simulation);
    lac_model_free(model);
    return value;
}

/* Doses, changes of the tissue and of parameters reach the companion too. */
static void events_of_the_text_act_on_both(void **state)
{
    (void)state;
    const char *text = PATCH("100 um", "",
                             "parameters: {more: 1}\n"
                             "events:\n"
                             "  dose: {at: 3 d, add: {bath.A: 5 nM}}\n"
                             "  wash: {at: 6 d, delay: 1 d, scale: {gel.A: 0.1, bath.A: 0.5}}\n"
                             "  kill: {at: 8 d, scale: {gel.off: 0.5}}\n" RUN);
    assert_true(bath_after(text, "hybrid") == bath_after(text, "mean-field"));
}

/* Where an edge lies inside a step of the companion, that goes back to it. */
static void triggers_act_on_both(void **state)
{
    (void)state;
    const char *text = PATCH("100 um", "",
                             "events:\n"
                             "  drain: {when: 'bath.A > 2 nM', once: true, scale: {bath.A: 0.2}}\n"
                             "  heal: {when: 'bath.A > 4 nM', once: true, scale: {gel.A: "
                             "0.5}}\n" RUN);
    assert_near(bath_after(text, "hybrid") / bath_after(text, "mean-field"), 1, 0.01);
}

/* --- bad input -----------------------------------------------------------------------------------
 */

static void assert_told(const char *text, const char *method, const char *sentence)
{
    const lac_override overrides[] = {{"run.method", method}};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                              .text = text,
                                                              .directory = ".",
                                                              .override = overrides,
                                                              .overrides = 1},
                                       &list, &model),
                     LAC_INPUT);
    if (!strstr(lac_text_of(&list.text), sentence))
        fail_msg("no '%s' in: %s", sentence, lac_text_of(&list.text));
    lac_diagnostics_free(&list);
}

static void what_cannot_be_is_told_with_its_place(void **state)
{
    (void)state;
    assert_told(PATCH("100 um", ", feedback: both", RUN), "hybrid",
                "scene.yaml:15:40: error: feedback is 'mean'");
    assert_told(PATCH("100 um", ", feedback: mean", RUN), "exact",
                "scene.yaml:15:40: error: every molecule and cell is discrete");
    static const char discrete[] =
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"
        "species:\n"
        "  C: {unit: cell, gel: {initial: 125000 cell/mm^3}}\n"
        "  D: {unit: cell, bath: {initial: 10 cell, total: true, representation: discrete}}\n"
        "  A: {gel: {initial: 0 pM, diffusivity: 50 um^2/s}, bath: {initial: 0 pM}}\n"
        "reactions: {die: {in: gel, equation: C ->, rate: 0.1/d * C}}\n"
        "interfaces: {top: {between: [gel.top, bath], exchange: [A]}}\n"
        "tissue: {size: [100 um, 20 um, 200 um], voxel: 20 um, represents: {area: 1 cm^2}}\n" RUN;
    assert_told(discrete, "hybrid", "'bath.D' is discrete, but well-mixed domains feel");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pools_are_those_of_mean_field_to_the_bit),
        cmocka_unit_test(a_patch_without_events_follows_its_companion),
        cmocka_unit_test(both_feedbacks_meet_as_the_patch_grows),
        cmocka_unit_test(a_resumed_run_has_the_same_bits),
        cmocka_unit_test(events_of_the_text_act_on_both),
        cmocka_unit_test(triggers_act_on_both),
        cmocka_unit_test(what_cannot_be_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
