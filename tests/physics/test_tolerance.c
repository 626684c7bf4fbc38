/* A tolerance means something: on eight problems that grow, stiffen, switch and move, every
 * integrator is within five tolerances. Down to 1e-8: tests/bench/bench_accuracy.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/tolerance.h"

static const double MOST = 5; /* tolerances */

/* Runs of one problem, and what is right. */
typedef struct problem {
    char path[1024];
    size_t room;
    double *right, *values;
} problem;

static problem problem_of(const char *name, const char *reference)
{
    problem p = {.room = 0};
    const char *source = getenv("LACUNA_SOURCE");
    snprintf(p.path, sizeof p.path, "%s/tests/physics/accuracy/%s.yaml", source ? source : ".",
             name);
    scene *truth = scene_with(p.path, reference, 1e-8, true);
    p.room = truth->state->layout.length * times_of(truth);
    p.right = calloc(p.room, sizeof *p.right);
    p.values = calloc(p.room, sizeof *p.values);
    assert_true(march(truth, p.right));
    scene_free(truth);
    return p;
}

/* The largest error of an integrator down to a tolerance. */
static void within(const problem *p, const char *integrator, double least)
{
    for (double rtol = 1e-2; rtol > 0.5 * least; rtol /= 10) {
        row it = {0};
        scene *s = scene_with(p->path, integrator, rtol, false);
        assert_true(march(s, p->values));
        compare(s, p->values, p->right, rtol, &it);
        print_message("# %s, rtol %g: %.2f tolerances in %zu steps\n", integrator, rtol,
                      it.tolerances, counters(s).steps);
        assert_true(it.tolerances < MOST);
        scene_free(s);
    }
}

/* ros2 is of order 2: tight tolerances take it tens of thousands of steps. */
static void check(const char *name, const char *reference)
{
    problem p = problem_of(name, reference);
    within(&p, "auto", 1e-6);
    within(&p, "ros34pw2", 1e-6);
    within(&p, "ros2", 1e-4);
    free(p.right);
    free(p.values);
}

static void every_integrator_follows_an_oscillator(void **state)
{
    (void)state;
    check("brusselator", "rodas4");
}

static void stiff_and_switching_problems_keep_their_tolerance(void **state)
{
    (void)state;
    check("robertson", "rodas4");
    check("switching", "rodas4");
    check("schnakenberg", "rodas4");
    check("point_source", "rodas4");
    check("front", "rodas4");
}

static void a_moving_diffusivity_and_the_knee_keep_their_tolerance(void **state)
{
    (void)state;
    check("moving", "ros34pw2");
    check("knee", "ros34pw2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_integrator_follows_an_oscillator),
        cmocka_unit_test(stiff_and_switching_problems_keep_their_tolerance),
        cmocka_unit_test(a_moving_diffusivity_and_the_knee_keep_their_tolerance),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
