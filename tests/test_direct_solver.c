/* The direct solve: a band, holes, patches, walls and pools with reactions, against the operator.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve_scene.h"

#include "network/dense.h"
#include "transport/banded.h"

static void a_band_is_solved_to_rounding_however_wide_its_entries_spread(void **state)
{
    (void)state;
    enum { ROWS = 61, HALF = 11 };
    lac_banded band = {0};
    assert_ok(lac_banded_create(ROWS, HALF, &band));
    double x[ROWS], b[ROWS + 16] = {0}, link[ROWS][ROWS] = {{0}}, surplus[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = scene_noise(i) - 0.5;
        band.excess[i] = surplus[i] = 1 + scene_noise(i + 500);
        for (size_t k = 0; k < HALF && i + 1 + k < ROWS; k++)
            band.link[i * band.width + k] = link[i][i + 1 + k] = link[i + 1 + k][i] =
                scene_noise(i * HALF + k) < 0.3 ? 0 : pow(10, 9 * scene_noise(i + 7000 * k) - 6);
    }
    double most = 0;
    for (size_t i = 0; i < ROWS; i++) {
        b[i] = surplus[i] * x[i];
        for (size_t j = 0; j < ROWS; j++)
            b[i] += link[i][j] * (x[i] - x[j]);
        most = fmax(most, fabs(b[i]));
    }
    lac_banded_factor(&band);
    assert_int_equal(lac_banded_length(&band), ROWS + 16);
    lac_banded_solve(&band, b);
    for (size_t i = 0; i < ROWS; i++)
        assert_near(b[i], x[i], 1e-13 * (1 + most / 100));
    lac_banded_free(&band);
}

/* --- scenes ----------------------------------------------------------------------------------- */

static void build(solve_scene *solve)
{
    solve_build(solve);
    assert_ok(lac_direct_solver_create(&solve->scene.space.model, solve->scene.grid,
                                       &solve->scene.layout, &solve->direct));
}

/* A hole that exchanges with one pool, a patch of the top with both, a held patch of a side, a
 * membrane of two permeabilities, D by voxel over a factor of 10, a field that only exchanges. */
static void make_rough(solve_scene *solve, const size_t n[3])
{
    transport_scene *scene = &solve->scene;
    scene_transport(scene, n, 3, 2);
    tissue_scene *space = &scene->space;
    space->model.tissue[0].represents = 1e5;
    size_t hole = scene_box(space, (size_t[3]){n[0] / 3, n[1] / 3, 0},
                            (size_t[3]){n[0] / 3 + 2, n[1] / 3 + 3, (n[2] + 1) / 2}, true);
    size_t rim = scene_patch(space, LAC_FACE_WALL, hole);
    size_t spot = scene_patch(space, LAC_FACE_TOP, LAC_NONE);
    space->patch[spot].high[0] = (double)n[0] + 0.5;
    size_t side = scene_patch(space, LAC_FACE_X_HIGH, LAC_NONE);
    space->patch[side].low[2] = 2.5 * (double)n[2];
    scene->variable[0].diffusivity = linear(scene, 10, 90.0 / 24, LAC_SYMBOL_X, 0);
    scene->variable[1].diffusivity = number(scene, 50);
    scene_exchange(scene, 0, 3, rim);
    scene_exchange(scene, 0, 4, spot)->partition = number(scene, 0.5);
    scene_exchange(scene, 0, 3, spot);
    scene_exchange(scene, 1, 4, spot)->permeability = linear(scene, 2, 0.4, LAC_SYMBOL_X, 0);
    scene_boundary(scene, &lac_boundary_value, 1, side)->value = number(scene, 2);
    scene_exchange(scene, 2, 4, side)->permeability = number(scene, 3);
    scene->variable[2].diffusivity = number(scene, 4);
    build(solve);
}

/* A hole deep in the tissue: above and below it whole planes are alike, with layers of D, exchange
 * through all of the top and a value at all of the bottom. */
static void make_deep_hole(solve_scene *solve, const size_t n[3])
{
    transport_scene *scene = &solve->scene;
    scene_transport(scene, n, 3, 2);
    tissue_scene *space = &scene->space;
    space->model.tissue[0].represents = 1e5;
    size_t hole = scene_box(space, (size_t[3]){n[0] / 3, n[1] / 3, n[2] / 2},
                            (size_t[3]){n[0] / 3 + 2, n[1] / 3 + 3, n[2] / 2 + 3}, true);
    size_t rim = scene_patch(space, LAC_FACE_WALL, hole);
    size_t top = scene_patch(space, LAC_FACE_TOP, LAC_NONE);
    size_t bottom = scene_patch(space, LAC_FACE_BOTTOM, LAC_NONE);
    for (size_t field = 0; field < 3; field++)
        scene->variable[field].diffusivity = linear(scene, 10, 3, LAC_SYMBOL_DEPTH, 0);
    scene_exchange(scene, 0, 3, rim);
    scene_exchange(scene, 0, 4, top)->partition = number(scene, 0.5);
    scene_exchange(scene, 1, 3, top)->permeability = number(scene, 2);
    scene_exchange(scene, 2, 4, bottom);
    scene_boundary(scene, &lac_boundary_value, 1, bottom)->value = number(scene, 2);
    build(solve);
}

static const size_t shapes[][3] = {{12, 1, 30}, {9, 8, 10}, {30, 9, 4}, {1, 20, 6}, {7, 1, 1}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void factor(solve_scene *solve, double g, const double *shift)
{
    assert_ok(lac_direct_solver_factor(solve->direct, solve->scene.coefficients,
                                       &(lac_direct_solver_terms){g, shift, solve->pools}));
}

static void run(void *self, double *value)
{
    solve_scene *solve = self;
    lac_direct_solver_solve(solve->direct, value);
}

/* b = x - g (L - k_s) x, with the reactions of the pools. */
static void apply(const solve_scene *solve, double g, const double *shift)
{
    const double *x = solve->x;
    double *b = solve->b;
    size_t first = solve->scene.layout.fields * solve->scene.layout.tract[0].stride;
    solve_apply(solve, g, shift, x, b);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            b[first + i] += (solve->pools[2 * i + j] - (i == j)) * x[first + j];
}

static void finish_pools(const solve_scene *solve, double *v)
{
    double matrix[4];
    size_t pivot[2];
    memcpy(matrix, solve->pools, sizeof matrix);
    assert_int_equal(lac_dense_factor(matrix, pivot, 2), 2);
    lac_dense_solve(matrix, pivot, 2,
                    v + solve->scene.layout.fields * solve->scene.layout.tract[0].stride);
}

static void expect_inverse(void (*make)(solve_scene *, const size_t *), const size_t n[3])
{
    for (double g = 1e-2; g < 1e5; g *= 100) {
        solve_scene solve;
        const double shift[3] = {0, 0.01, 0};
        make(&solve, n);
        memcpy(solve.pools, (double[4]){1 + g, -0.5 * g, -0.1 * g, 1 + 0.7 * g},
               sizeof solve.pools);
        factor(&solve, g, shift);
        apply(&solve, g, shift);
        double most = solve_most(&solve);
        lac_direct_solver_solve(solve.direct, solve.b);
        finish_pools(&solve, solve.b);
        solve_expect_x(&solve, most);
        solve_free(&solve);
    }
}

static void any_holes_walls_and_pools_are_solved_to_rounding(void **state)
{
    (void)state;
    for (size_t shape = 0; shape < SHAPES; shape++)
        expect_inverse(make_rough, shapes[shape]);
}

static void layers_beyond_holes_are_solved_to_rounding_by_their_modes(void **state)
{
    (void)state;
    expect_inverse(make_deep_hole, (size_t[3]){12, 1, 60});
    expect_inverse(make_deep_hole, (size_t[3]){1, 9, 33});
    expect_inverse(make_deep_hole, (size_t[3]){7, 6, 40});
}

static void layers_beyond_holes_cost_no_mass(void **state)
{
    (void)state;
    for (double g = 1e-2; g < 1e7; g *= 100) {
        solve_scene solve;
        const double shift[3] = {0, 0, 0};
        make_deep_hole(&solve, (size_t[3]){7, 6, 40});
        solve.scene.space.model.boundary[4].type = &lac_boundary_flux; /* nothing is held */
        factor(&solve, g, shift);
        solve_expect_conserved(&solve, run);
        solve_free(&solve);
    }
}

static void tissue_and_pools_are_conserved_together(void **state)
{
    (void)state;
    for (double g = 1e-2; g < 1e7; g *= 100) {
        solve_scene solve;
        const double shift[3] = {0, 0, 0};
        make_rough(&solve, shapes[1]);
        solve.scene.space.model.boundary[4].type = &lac_boundary_flux; /* nothing is held */
        factor(&solve, g, shift);
        assert_non_null(solve.scene.grid->active);
        solve_expect_conserved(&solve, run);
        solve_free(&solve);
    }
}

static void it_agrees_with_the_transform_where_both_are_exact(void **state)
{
    (void)state;
    const double shift[2] = {0.02, 0}, g = 40;
    solve_scene solve;
    transport_scene *scene = &solve.scene;
    scene_transport(scene, (size_t[3]){9, 4, 12}, 2, 2);
    size_t top = scene_patch(&scene->space, LAC_FACE_TOP, LAC_NONE);
    scene->variable[0].diffusivity = linear(scene, 10, 3, LAC_SYMBOL_DEPTH, 0);
    scene->variable[1].diffusivity = number(scene, 60);
    scene_exchange(scene, 0, 2, top)->partition = number(scene, 0.7);
    scene_exchange(scene, 1, 3, top);
    build(&solve);
    assert_false(lac_direct_solver_pays(&scene->space.model));
    lac_spectral_solver *transform = NULL;
    assert_ok(
        lac_spectral_solver_create(&scene->space.model, scene->grid, &scene->layout, &transform));
    lac_spectral_solver_factor(transform, scene->coefficients, g, shift);
    factor(&solve, g, shift);
    memcpy(solve.b, solve.x, scene->layout.length * sizeof *solve.x);
    lac_direct_solver_solve(solve.direct, solve.x);
    lac_spectral_solver_solve(transform, solve.b);
    for (size_t i = 0; i < scene->layout.length; i++)
        assert_near(solve.x[i], solve.b[i], 1e-13);
    lac_spectral_solver_free(transform);
    solve_free(&solve);
}

static void it_pays_for_walls_that_the_transform_spreads_over_planes(void **state)
{
    (void)state;
    solve_scene solve;
    make_rough(&solve, shapes[0]);
    assert_true(lac_direct_solver_pays(&solve.scene.space.model));
    assert_true(lac_direct_solver_memory(&solve.scene.space.model) >=
                12 * 30 * 12 * 3 * sizeof(double));
    solve_free(&solve);
    make_rough(&solve, (size_t[3]){20, 21, 22});
    assert_int_equal(lac_direct_solver_memory(&solve.scene.space.model), 0);
    assert_false(lac_direct_solver_pays(&solve.scene.space.model));
    solve_free(&solve);
}

static void one_thread_two_and_four_give_identical_bits(void **state)
{
    (void)state;
    double *bits[3];
    const double shift[3] = {0, 0.01, 0};
    for (int k = 0; k < 3; k++) {
        solve_scene solve;
        lac_threads_set(1 << k);
        make_deep_hole(&solve, (size_t[3]){12, 9, 90});
        factor(&solve, 10, shift);
        lac_direct_solver_solve(solve.direct, solve.x);
        bits[k] = solve.x;
        solve.x = NULL;
        size_t size = solve.scene.layout.length * sizeof(double);
        if (k > 0)
            assert_memory_equal(bits[k], bits[0], size);
        solve_free(&solve);
    }
    lac_threads_set(0);
    for (int k = 0; k < 3; k++)
        lac_free(bits[k]);
}

static lac_status create(const solve_scene *solve)
{
    lac_direct_solver *direct = NULL;
    lac_status status = lac_direct_solver_create(&solve->scene.space.model, solve->scene.grid,
                                                 &solve->scene.layout, &direct);
    lac_direct_solver_free(direct);
    return status;
}

static void every_failing_allocation_comes_out_as_no_memory(void **state)
{
    (void)state;
    solve_scene solve;
    make_deep_hole(&solve, (size_t[3]){5, 4, 30});
    solve_expect_memory_told(&solve, create);
    solve_free(&solve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_band_is_solved_to_rounding_however_wide_its_entries_spread),
        cmocka_unit_test(any_holes_walls_and_pools_are_solved_to_rounding),
        cmocka_unit_test(layers_beyond_holes_are_solved_to_rounding_by_their_modes),
        cmocka_unit_test(layers_beyond_holes_cost_no_mass),
        cmocka_unit_test(tissue_and_pools_are_conserved_together),
        cmocka_unit_test(it_agrees_with_the_transform_where_both_are_exact),
        cmocka_unit_test(it_pays_for_walls_that_the_transform_spreads_over_planes),
        cmocka_unit_test(one_thread_two_and_four_give_identical_bits),
        cmocka_unit_test(every_failing_allocation_comes_out_as_no_memory),
        scene_graded_test(any_holes_walls_and_pools_are_solved_to_rounding),
        scene_graded_test(layers_beyond_holes_are_solved_to_rounding_by_their_modes),
        scene_graded_test(layers_beyond_holes_cost_no_mass),
        scene_graded_test(tissue_and_pools_are_conserved_together),
        scene_graded_test(it_agrees_with_the_transform_where_both_are_exact),
        scene_graded_test(one_thread_two_and_four_give_identical_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
