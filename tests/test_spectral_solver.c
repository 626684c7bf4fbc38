/* The transform: exact inverse for layers, conservation, held ends, inactive voxels, threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "solve_scene.h"

#include "mean_field/krylov.h"
#include "transport/plane_transform.h"

#include <dlfcn.h>
#include <pthread.h>

/* --- spectral transforms ---------------------------------------------------------------------- */

/* Basis function k of an axis, in the order of the coefficients. */
static double basis(lac_axis_ends ends, size_t n, size_t k, size_t j)
{
    const double pi = acos(-1), at = pi * ((double)j + 0.5) / (double)n;
    double wave = (double)k + 0.5;
    return ends == LAC_ENDS_NEUMANN         ? cos(at * (double)k)
           : ends == LAC_ENDS_DIRICHLET     ? sin(at * (double)(n - k))
           : ends == LAC_ENDS_DIRICHLET_LOW ? sin(at * wave)
                                            : cos(at * wave);
}

static void check_spectral(lac_axis_ends ends, size_t n, size_t columns)
{
    lac_dct *spectral = NULL;
    assert_ok(lac_dct_create(ends, n, columns, &spectral));
    size_t size = lac_dct_size(spectral), width = spectral->width;
    double *matrix = lac_alloc(size, sizeof *matrix), *scratch = lac_alloc(size, sizeof *scratch);
    assert_true(matrix && scratch);
    for (size_t j = 0; j < n; j++)
        for (size_t m = 0; m < columns; m++)
            matrix[spectral->row[j] * width + m] = spectral->sign[j] * scene_noise(j * columns + m);
    lac_dct_forward(spectral, matrix, scratch);
    for (size_t k = 0; k < n; k++) {
        for (size_t m = 0; m < columns; m++) {
            double sum = 0;
            for (size_t j = 0; n > 1 && j < n; j++)
                sum += basis(ends, n, k, j) * scene_noise(j * columns + m);
            if (n > 1)
                assert_near(matrix[k * width + m], sum, 1e-13 * (double)n);
        }
    }
    lac_dct_backward(spectral, matrix, scratch);
    for (size_t j = 0; j < n; j++)
        for (size_t m = 0; m < columns; m++)
            assert_near(spectral->sign[j] * matrix[spectral->row[j] * width + m],
                        scene_noise(j * columns + m), 1e-14 * (double)n);
    lac_free(matrix);
    lac_free(scratch);
    lac_dct_free(spectral);
}

static void spectral_transforms_are_their_sums_and_come_back(void **state)
{
    (void)state;
    const size_t length[] = {1, 2, 3, 4, 5, 7, 8, 12, 25, 30};
    for (int ends = LAC_ENDS_NEUMANN; ends < LAC_ENDS_COUNT; ends++)
        for (size_t k = 0; k < sizeof length / sizeof length[0]; k++)
            for (size_t columns = 1; columns < 12; columns += 3)
                check_spectral((lac_axis_ends)ends, length[k], columns);
}

/* --- solves ----------------------------------------------------------------------------------- */

static void build(solve_scene *solve)
{
    solve_build(solve);
    assert_ok(lac_spectral_solver_create(&solve->scene.space.model, solve->scene.grid,
                                         &solve->scene.layout, &solve->transform));
}

static void factor(solve_scene *solve, double g, const double *shift)
{
    lac_spectral_solver_factor(solve->transform, solve->scene.coefficients, g, shift);
}

static void run(void *self, double *value)
{
    solve_scene *solve = self;
    lac_spectral_solver_solve(solve->transform, value);
}

/* Three fields in layers, two pools: one through the top for two fields, one through the bottom;
 * the third field is on its own. */
static void make_layers(solve_scene *solve, size_t nx, size_t ny, size_t nz)
{
    transport_scene *scene = &solve->scene;
    scene_transport(scene, (size_t[3]){nx, ny, nz}, 3, 2);
    scene->space.model.tissue[0].represents = 300 * (double)(nx * ny); /* [um^2] */
    size_t top = scene_patch(&scene->space, LAC_FACE_TOP, LAC_NONE);
    size_t bottom = scene_patch(&scene->space, LAC_FACE_BOTTOM, LAC_NONE);
    scene->variable[0].diffusivity = linear(scene, 10, 3, LAC_SYMBOL_DEPTH, 0);
    scene->variable[1].diffusivity = number(scene, 60);
    scene->variable[2].diffusivity = number(scene, 7);
    lac_boundary *exchange = scene_exchange(scene, 0, 3, top);
    exchange->permeability = number(scene, 1.5);
    exchange->partition = number(scene, 0.7);
    scene_exchange(scene, 0, 4, bottom);
    scene_exchange(scene, 1, 3, top)->partition = number(scene, 1.3);
    build(solve);
}

static const size_t shapes[][3] = {{1, 1, 24}, {10, 1, 12}, {1, 9, 16}, {8, 6, 10},
                                   {7, 5, 9},  {16, 15, 1}, {1, 1, 1},  {12, 1, 70}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void the_solve_inverts_layered_diffusion_with_pools_in_any_dimension(void **state)
{
    (void)state;
    for (size_t shape = 0; shape < SHAPES; shape++) {
        for (double g = 1e-2; g < 1e5; g *= 100) {
            solve_scene solve;
            const double shift[3] = {0, 0.01, 0};
            make_layers(&solve, shapes[shape][0], shapes[shape][1], shapes[shape][2]);
            factor(&solve, g, shift);
            solve_apply(&solve, g, shift, solve.x, solve.b);
            double most = solve_most(&solve);
            lac_spectral_solver_solve(solve.transform, solve.b);
            solve_expect_x(&solve, most);
            solve_free(&solve);
        }
    }
}

static void a_lossless_solve_conserves_tissue_and_pools_together(void **state)
{
    (void)state;
    for (size_t shape = 0; shape < SHAPES; shape++) {
        for (double g = 1; g < 1e7; g *= 100) {
            solve_scene solve;
            const double shift[3] = {0, 0, 0};
            make_layers(&solve, shapes[shape][0], shapes[shape][1], shapes[shape][2]);
            factor(&solve, g, shift);
            solve_expect_conserved(&solve, run);
            solve_free(&solve);
        }
    }
}

static void make_held(solve_scene *solve, const int held[4], const size_t n[3])
{
    const lac_face face[] = {LAC_FACE_X_LOW, LAC_FACE_X_HIGH, LAC_FACE_Y_LOW, LAC_FACE_Y_HIGH};
    transport_scene *scene = &solve->scene;
    scene_transport(scene, n, 1, 0);
    scene->variable[0].diffusivity = linear(scene, 10, 3, LAC_SYMBOL_DEPTH, 0);
    for (int k = 0; k < 4; k++)
        if (held[k])
            scene_boundary(scene, &lac_boundary_value, 0,
                           scene_patch(&scene->space, face[k], LAC_NONE))
                ->value = number(scene, 2);
    build(solve);
}

static void values_on_whole_side_faces_are_inverted_exactly(void **state)
{
    (void)state;
    const size_t boxes[][3] = {{6, 5, 7}, {9, 1, 8}, {1, 4, 5}, {1, 1, 6}};
    for (size_t box = 0; box < 4; box++) {
        for (int which = 0; which < 16; which++) {
            solve_scene solve;
            const double shift[1] = {0.1}, g = 3;
            make_held(&solve, (int[4]){which & 1, which & 2, which & 4, which & 8}, boxes[box]);
            factor(&solve, g, shift);
            solve_apply(&solve, g, shift, solve.x, solve.b);
            lac_spectral_solver_solve(solve.transform, solve.b);
            solve_expect_x(&solve, 0);
            solve_free(&solve);
        }
    }
}

/* A lesion with an exchange through its wall, a patch of the top, D by voxel over a factor of 10.
 */
static void make_rough(solve_scene *solve)
{
    transport_scene *scene = &solve->scene;
    scene_transport(scene, (size_t[3]){12, 10, 14}, 2, 2);
    tissue_scene *space = &scene->space;
    space->model.tissue[0].represents = 1e5;
    size_t lesion = scene_box(space, (size_t[3]){4, 3, 0}, (size_t[3]){8, 6, 5}, true);
    size_t rim = scene_patch(space, LAC_FACE_WALL, lesion);
    size_t spot = scene_patch(space, LAC_FACE_TOP, LAC_NONE);
    space->patch[spot].high[0] = 10;
    scene->variable[0].diffusivity = linear(scene, 10, 90.0 / 24, LAC_SYMBOL_X, 0);
    scene->variable[1].diffusivity = number(scene, 50);
    scene_exchange(scene, 0, 2, rim);
    scene_exchange(scene, 0, 3, spot)->partition = number(scene, 0.5);
    scene_exchange(scene, 1, 3, spot)->permeability = number(scene, 2);
    build(solve);
}

static void inactive_voxels_stay_empty_and_cost_no_mass(void **state)
{
    (void)state;
    for (double g = 1e-2; g < 1e5; g *= 10) {
        solve_scene solve;
        const double shift[2] = {0, 0};
        make_rough(&solve);
        factor(&solve, g, shift);
        assert_non_null(solve.scene.grid->active);
        solve_expect_conserved(&solve, run);
        solve_free(&solve);
    }
}

/* --- as a preconditioner ---------------------------------------------------------------------- */

static void times(void *self, const double *v, double *out, double *rate)
{
    (void)rate;
    const solve_scene *solve = self;
    const double no_loss[2] = {0, 0};
    solve_apply(solve, -1, no_loss, v, out);
    for (size_t i = 0; i < solve->scene.layout.length; i++)
        out[i] -= v[i];
}

static lac_status prepare(void *self, double g)
{
    const double no_loss[2] = {0, 0};
    factor(self, g, no_loss);
    return LAC_OK;
}

/* Iterations until the preconditioned residual has fallen to 1e-6 of the solution's size; the
 * content is conserved by whatever the iterations leave. */
static size_t iterations(solve_scene *solve, double g)
{
    const size_t length = solve->scene.layout.length;
    const lac_system system = {
        .self = solve, .length = length, .times = times, .factor = prepare, .solve = run};
    lac_krylov *krylov = NULL;
    double *weight = scene_array(&solve->scene), rate = 0, size = 0;
    bool converged = false;
    for (size_t i = 0; i < length; i++)
        size += solve->x[i] * solve->x[i];
    for (size_t i = 0; i < length; i++)
        weight[i] = 1 / size;
    assert_ok(lac_krylov_create(&system, 60, &krylov));
    assert_ok(prepare(solve, g));
    double before = scene_content(&solve->scene, solve->x);
    lac_krylov_problem problem = {.g = g, .weight = weight, .tolerance = 1e-6};
    assert_ok(lac_krylov_solve(krylov, &problem, solve->x, &rate, &converged));
    assert_true(converged);
    assert_near(scene_content(&solve->scene, solve->x) / before, 1, 1e-12);
    size_t count = lac_krylov_iterations(krylov);
    lac_krylov_free(krylov);
    lac_free(weight);
    return count;
}

static void iterations_with_patches_lesion_and_rough_diffusivity_are_few(void **state)
{
    (void)state;
    size_t most = 0;
    for (double g = 0.01; g < 1e5; g *= 10) {
        solve_scene solve;
        make_rough(&solve);
        size_t count = iterations(&solve, g);
        most = count > most ? count : most;
        solve_free(&solve);
    }
    assert_in_range(most, 2, 25);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void solve_with(int threads, const size_t n[3], double *bits)
{
    solve_scene solve;
    const double shift[3] = {0, 0.01, 0};
    lac_threads_set(threads);
    make_layers(&solve, n[0], n[1], n[2]);
    factor(&solve, 10, shift);
    lac_spectral_solver_solve(solve.transform, solve.x);
    memcpy(bits, solve.x, solve.scene.layout.length * sizeof *bits);
    solve_free(&solve);
    lac_threads_set(0);
}

/* In a box threads share each stage; in a section each takes fields of its own, if there are enough
 * for all of them. */
static void one_thread_two_three_and_seven_give_identical_bits(void **state)
{
    (void)state;
    const size_t sizes[][3] = {{34, 33, 31}, {70, 1, 90}};
    for (size_t k = 0; k < 2; k++) {
        size_t length = lac_layout_of(3, sizes[k][0] * sizes[k][1] * sizes[k][2], 2).length;
        double *one = lac_alloc(length, sizeof *one), *more = lac_alloc(length, sizeof *more);
        assert_true(one && more);
        solve_with(1, sizes[k], one);
        const int threads[] = {2, 3, 7};
        for (size_t t = 0; t < 3; t++) {
            solve_with(threads[t], sizes[k], more);
            assert_memory_equal(one, more, length * sizeof *one);
        }
        lac_free(one);
        lac_free(more);
    }
}

/* libgomp makes a thread by this name; the real one is the next in the order of libraries. */
static int threads_made;

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread,
                                                          const pthread_attr_t *attributes,
                                                          void *(*start)(void *), void *argument)
{
    int (*make)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    memcpy(&make, &found, sizeof make);
    threads_made++;
    return make(thread, attributes, start, argument);
}

static void a_team_is_kept_from_solve_to_solve(void **state)
{
    (void)state;
    solve_scene solve;
    const double shift[3] = {0, 0.01, 0};
    lac_threads_set(2);
    make_layers(&solve, 34, 33, 31);
    factor(&solve, 10, shift);
    lac_spectral_solver_solve(solve.transform, solve.x);
    int before = threads_made;
    for (int again = 0; again < 20; again++)
        lac_spectral_solver_solve(solve.transform, solve.x);
    assert_int_equal(threads_made, before);
    assert_true(threads_made > 0);
    solve_free(&solve);
    lac_threads_set(0);
}

static void a_model_without_tissue_has_nothing_to_solve(void **state)
{
    (void)state;
    lac_model model = {0};
    lac_grid *grid = NULL;
    lac_spectral_solver *transform = NULL;
    lac_layout layout = lac_layout_of(0, 0, 0);
    double untouched = 3;
    assert_ok(lac_grid_create(&model, &grid));
    assert_ok(lac_spectral_solver_create(&model, grid, &layout, &transform));
    lac_spectral_solver_solve(transform, &untouched);
    assert_true(untouched == 3);
    lac_spectral_solver_free(transform);
    lac_grid_free(grid);
}

static lac_status create(const solve_scene *solve)
{
    lac_spectral_solver *transform = NULL;
    lac_status status = lac_spectral_solver_create(&solve->scene.space.model, solve->scene.grid,
                                                   &solve->scene.layout, &transform);
    lac_spectral_solver_free(transform);
    return status;
}

static void every_failing_allocation_comes_out_as_no_memory(void **state)
{
    (void)state;
    solve_scene solve;
    make_rough(&solve);
    solve_expect_memory_told(&solve, create);
    solve_free(&solve);
}

/* FFTW's planner is one for all: several simulations may be made at the same time. */
static void transforms_are_made_by_many_threads_at_once(void **state)
{
    (void)state;
    int failures = 0;
#pragma omp parallel for num_threads(4) reduction(+ : failures)
    for (size_t k = 0; k < 4000; k++) {
        lac_dct *spectral = NULL;
        failures += lac_dct_create(LAC_ENDS_NEUMANN, 2 + k % 13, 1 + k % 3, &spectral) != LAC_OK;
        lac_dct_free(spectral);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectral_transforms_are_their_sums_and_come_back),
        cmocka_unit_test(the_solve_inverts_layered_diffusion_with_pools_in_any_dimension),
        cmocka_unit_test(a_lossless_solve_conserves_tissue_and_pools_together),
        cmocka_unit_test(values_on_whole_side_faces_are_inverted_exactly),
        cmocka_unit_test(inactive_voxels_stay_empty_and_cost_no_mass),
        cmocka_unit_test(iterations_with_patches_lesion_and_rough_diffusivity_are_few),
        cmocka_unit_test(one_thread_two_three_and_seven_give_identical_bits),
        cmocka_unit_test(a_team_is_kept_from_solve_to_solve),
        cmocka_unit_test(a_model_without_tissue_has_nothing_to_solve),
        cmocka_unit_test(every_failing_allocation_comes_out_as_no_memory),
        scene_graded_test(the_solve_inverts_layered_diffusion_with_pools_in_any_dimension),
        scene_graded_test(a_lossless_solve_conserves_tissue_and_pools_together),
        scene_graded_test(values_on_whole_side_faces_are_inverted_exactly),
        scene_graded_test(inactive_voxels_stay_empty_and_cost_no_mass),
        scene_graded_test(iterations_with_patches_lesion_and_rough_diffusivity_are_few),
        scene_graded_test(one_thread_two_three_and_seven_give_identical_bits),
        cmocka_unit_test(transforms_are_made_by_many_threads_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
