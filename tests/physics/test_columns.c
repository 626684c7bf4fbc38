/* Columns are solved exactly: no iterations, sums kept, and a rest that any grid finds as fast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"
#include "mean_field/steady_state.h"
#include "physics/scene.h"

/* A ligand is secreted by what it excites and what does not move, bound, and exchanged through a
 * partition that depends on the state; a mediator is made of what the pool holds. Formats: the rate
 * of secretion, interfaces, tissue. */
#define FEEDBACK                                                                                   \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 0.02 mm^3}}\n"                \
    "species:\n"                                                                                   \
    "  L: {gel: {initial: 1 nM, diffusivity: 40 um^2/s, partition: 0.5 + 0.3 * S / (1 nM)},"       \
    " bath: {initial: 2 nM}}\n"                                                                    \
    "  R: {gel: {initial: 0.5 nM}}\n"                                                              \
    "  C: {gel: {initial: 0 nM}}\n"                                                                \
    "  S: {gel: {initial: 0.1 nM}}\n"                                                              \
    "  M: {gel: {initial: 0 nM, diffusivity: 20 um^2/s}}\n"                                        \
    "reactions:\n"                                                                                 \
    "  bind: {in: gel, equation: \"L + R <=> C\", rate: 0.01 1/(nM s) * L * R,"                    \
    " reverse: 0.002 1/s * C}\n"                                                                   \
    "  excite: {in: gel, equation: \"-> S\", rate: \"1e-4 nM/s * hill(C, 0.2 nM, 2)\"}\n"          \
    "  calm: {in: gel, equation: \"S ->\", rate: 1e-4 1/s * S}\n"                                  \
    "  secrete: {in: gel, equation: \"-> L\", rate: %g 1/s * S}\n"                                 \
    "  signal: {in: gel, equation: \"-> M\", rate: 1e-4 1/s * bath.L}\n"                           \
    "  fade: {in: gel, equation: \"M ->\", rate: 2e-4 1/s * M}\n"                                  \
    "  clear: {in: bath, equation: \"L ->\", rate: 1e-3 1/s * L}\n"                                \
    "interfaces: {%s}\n"                                                                           \
    "tissue: {%s}\n"                                                                               \
    "run: {until: 1 d}\n"

#define ENDS "a: {between: [gel.top, bath], exchange: [L], permeability: 1 um/s}"
#define GRADED                                                                                     \
    "size: [20 um, 20 um, 200 um], voxel: [20 um, 20 um,"                                          \
    " {bounds: [0 um, 5 um, 12 um, 25 um, 50 um, 90 um, 140 um, 200 um]}]"

static scene *feedback(const char *interfaces, const char *tissue)
{
    char text[TEXT];
    snprintf(text, sizeof text, FEEDBACK, 2e-3, interfaces, tissue);
    return scene_of(text);
}

/* The same with so little secretion that there is one rest, whatever the tissue. */
static scene *calm(const char *interfaces, const char *tissue)
{
    char text[TEXT];
    snprintf(text, sizeof text, FEEDBACK, 1e-4, interfaces, tissue);
    return scene_of(text);
}

/* How far P^-1 (I - g J) v is from v. */
static double worst_solve(const char *interfaces, const char *tissue, double g)
{
    scene *s = feedback(interfaces, tissue);
    lac_equations *equations = NULL;
    const size_t length = s->state->layout.length;
    double *v = lac_alloc(length, sizeof *v), *w = lac_alloc(length, sizeof *w), worst = 0;
    assert_ok(lac_equations_create(&s->view, &s->state->layout, &equations));
    lac_equations_bind_state(equations, s->state);
    const lac_system *system = lac_equations_system(equations);
    assert_true(system->exact);
    assert_ok(system->linearise(system->self, 0, s->state->value));
    for (size_t variable = 0; variable < s->model->variables; variable++)
        for (size_t k = 0; k < lac_layout_size(&s->state->layout, variable); k++)
            v[lac_layout_at(&s->state->layout, variable) + k] = 1 + sin((double)(k + 9 * variable));
    system->times(system->self, v, w, NULL);
    for (size_t k = 0; k < length; k++)
        w[k] = v[k] - g * w[k];
    assert_ok(system->factor(system->self, g));
    system->solve(system->self, w);
    for (size_t k = 0; k < length; k++)
        worst = fmax(worst, fabs(w[k] - v[k]));
    lac_free(v);
    lac_free(w);
    lac_equations_free(equations);
    scene_free(s);
    return worst;
}

static void a_column_is_solved_exactly_along_any_axis_with_any_faces(void **state)
{
    (void)state;
    const char *both = ENDS ", b: {between: [gel.bottom, bath], exchange: [L]}";
    const char *line = "size: [200 um, 20 um, 20 um], voxel: 20 um";
    assert_true(worst_solve(ENDS, GRADED, 10) < 1e-12);
    assert_true(worst_solve(ENDS, GRADED, 1e5) < 1e-9);
    assert_true(worst_solve(both, GRADED, 1e3) < 1e-10);
    assert_true(worst_solve(both, line, 1e3) < 1e-10);
    assert_true(worst_solve(ENDS, "size: [20 um, 200 um, 20 um], voxel: 20 um", 1e3) < 1e-10);
}

/* Bound and free ligand are lost in the bath alone, receptors nowhere: with steps of hours, a
 * thousand times longer than what is fast. */
static void a_run_needs_no_iterations_and_keeps_its_sums(void **state)
{
    (void)state;
    scene *s = feedback(ENDS, GRADED);
    const double receptors = value_of(s, "gel_R", 0);
    march_to(s, 30 * 86400.0);
    assert_int_equal(counters(s).iterations, 0);
    for (size_t v = 0; v < s->model->variables; v++)
        assert_true(fabs(imbalance(s, v)) < 1e-12 * throughput(s, v));
    for (size_t voxel = 0; voxel < s->grid->voxels; voxel++)
        assert_near(value_of(s, "gel_R", voxel) + value_of(s, "gel_C", voxel), receptors,
                    1e-12 * receptors);
    scene_free(s);
}

/* Pseudo-steps to rest, with layers of 10 um and of 1 um. */
static void fine_layers_come_to_rest_in_as_many_steps_as_thick_ones(void **state)
{
    (void)state;
    const char *tissue[] = {"size: [20 um, 20 um, 200 um], voxel: [20 um, 20 um, 10 um]",
                            "size: [20 um, 20 um, 200 um], voxel: [20 um, 20 um, 1 um]"};
    lac_steady_state rest[2];
    for (int fine = 0; fine < 2; fine++) {
        scene *s = feedback(ENDS, tissue[fine]);
        assert_ok(lac_steady_state_find(&s->view, s->state, &rest[fine]));
        scene_free(s);
    }
    assert_true(rest[0].steps < 80);
    assert_true(rest[1].steps <= rest[0].steps + 2);
    assert_int_equal(rest[1].refused, 0);
    assert_int_equal(rest[1].iterations, 0);
}

/* The rest of a section, and how it was found. */
static scene *at_rest(const char *tissue, lac_steady_state *rest)
{
    scene *s = feedback(ENDS, tissue);
    assert_ok(lac_steady_state_find(&s->view, s->state, rest));
    return s;
}

/* Plane means are then all of J that matters: the search is that of a column. */
static void an_even_section_and_block_come_to_rest_without_iterations(void **state)
{
    (void)state;
    const char *wider[] = {"size: [200 um, 20 um, 200 um], voxel: 20 um",
                           "size: [60 um, 80 um, 200 um], voxel: 20 um"};
    lac_steady_state alone, rest;
    scene *column = at_rest("size: [20 um, 20 um, 200 um], voxel: 20 um", &alone);
    for (int each = 0; each < 2; each++) {
        scene *s = at_rest(wider[each], &rest);
        /* The bath is as large as before, so it is another rest: that of a column with a small
         * bath. */
        assert_int_equal(rest.refused, 0);
        assert_true(rest.iterations <= 2);
        assert_true(rest.steps <= alone.steps + 10);
        march_to(s, 1e7);
        scene *again = at_rest(wider[each], &rest);
        for (size_t k = 0; k < s->state->layout.length; k++)
            assert_near(again->state->value[k], s->state->value[k],
                        2e-3 * fabs(s->state->value[k]) + 1e-9);
        scene_free(again);
        scene_free(s);
    }
    scene_free(column);
}

/* With a hole, a wall and a side that exchanges: few iterations, no refusal, the state that time
 * leads to, and closed sums kept in every voxel. */
static void a_section_with_a_hole_comes_to_rest_too(void **state)
{
    (void)state;
    const char *hole =
        "size: [400 um, 20 um, 200 um], voxel: 20 um, boxes: {hole: {x: [0 um, 160 um],"
        " depth: [0 um, 100 um]}}, inactive: [hole], patches: {wall: {wall_of: hole}}";
    const char *faces = ENDS ", w: {between: [gel.wall, bath], exchange: [L]}";
    lac_steady_state rest;
    scene *s = calm(faces, hole), *late = calm(faces, hole);
    assert_ok(lac_steady_state_find(&s->view, s->state, &rest));
    assert_int_equal(rest.refused, 0);
    assert_true(rest.iterations <= 6 * rest.steps);
    march_to(late, 1e7);
    for (size_t k = 0; k < s->state->layout.length; k++)
        assert_near(s->state->value[k], late->state->value[k],
                    2e-3 * fabs(late->state->value[k]) + 1e-9);
    const double receptors = value_of(late, "gel_R", 9) + value_of(late, "gel_C", 9);
    assert_near(value_of(s, "gel_R", 9) + value_of(s, "gel_C", 9), receptors, 1e-9 * receptors);
    scene_free(s);
    scene_free(late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_solved_exactly_along_any_axis_with_any_faces),
        cmocka_unit_test(a_run_needs_no_iterations_and_keeps_its_sums),
        cmocka_unit_test(fine_layers_come_to_rest_in_as_many_steps_as_thick_ones),
        cmocka_unit_test(an_even_section_and_block_come_to_rest_without_iterations),
        cmocka_unit_test(a_section_with_a_hole_comes_to_rest_too),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
