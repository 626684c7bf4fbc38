/* A tolerance means something: on problems that grow, stiffen, switch and move, every integrator is
 * within five tolerances. All eight problems at all tolerances: tests/bench/bench_accuracy.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/tolerance.h"

static const double MOST = 5; /* tolerances */

/* The largest error of an integrator at three tolerances. */
static void within(const char *problem, const char *integrator, const char *reference)
{
    static const double rtol[] = {1e-2, 1e-3, 1e-4};
    const char *source = getenv("LACUNA_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/physics/accuracy/%s.yaml", source ? source : ".",
             problem);
    scene *truth = scene_with(path, reference, 1e-8, true);
    size_t room = truth->state->layout.length * times_of(truth);
    double *right = calloc(room, sizeof *right), *values = calloc(room, sizeof *values);
    assert_true(march(truth, right));
    for (size_t k = 0; k < 3; k++) {
        row it = {0};
        scene *s = scene_with(path, integrator, rtol[k], false);
        assert_true(march(s, values));
        compare(s, values, right, rtol[k], &it);
        print_message("# %s, %s, rtol %g: %.2f tolerances in %zu steps\n", problem, integrator,
                      rtol[k], it.tolerances, counters(s).steps);
        assert_true(it.tolerances < MOST);
        scene_free(s);
    }
    free(right);
    free(values);
    scene_free(truth);
}

static void every_integrator_follows_an_oscillator(void **state)
{
    (void)state;
    within("brusselator", "auto", "rodas4");
    within("brusselator", "rodas4", "rodas4");
    within("brusselator", "ros34pw2", "rodas4");
    within("brusselator", "ros2", "rodas4");
}

static void stiff_switching_and_moving_problems_keep_their_tolerance(void **state)
{
    (void)state;
    within("robertson", "auto", "rodas4");
    within("switching", "auto", "rodas4");
    within("schnakenberg", "auto", "rodas4");
    within("moving", "auto", "ros34pw2");
    within("moving", "ros2", "ros34pw2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_integrator_follows_an_oscillator),
        cmocka_unit_test(stiff_switching_and_moving_problems_keep_their_tolerance),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
