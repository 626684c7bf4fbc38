/* Columns are solved exactly: no iterations, sums kept, and a rest that any grid finds as fast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "mean_field/equations.h"
#include "mean_field/steady_state.h"
#include "physics/scene.h"

/* A ligand is secreted by what it excites and what does not move, bound, and exchanged through a
 * partition that depends on the state; a mediator is made of what the pool holds. Formats: patches,
 * tissue. */
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
    "  secrete: {in: gel, equation: \"-> L\", rate: 2e-3 1/s * S}\n"                               \
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
    snprintf(text, sizeof text, FEEDBACK, interfaces, tissue);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_solved_exactly_along_any_axis_with_any_faces),
        cmocka_unit_test(a_run_needs_no_iterations_and_keeps_its_sums),
        cmocka_unit_test(fine_layers_come_to_rest_in_as_many_steps_as_thick_ones),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
