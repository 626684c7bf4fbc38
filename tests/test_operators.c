/* Diffusion operators: order, conservation, masks, layers, unequal spacing, threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue_scene.h"

#include "base/memory.h"
#include "base/vector.h"
#include "tissue/operators.h"

static double *array(size_t count)
{
    double *values = lac_alloc(count, sizeof *values);
    assert_non_null(values);
    return values;
}

static double *noise(size_t count)
{
    double *values = array(count);
    for (size_t i = 0; i < count; i++)
        values[i] = scene_noise(i);
    return values;
}

/* A box of 12 x 18 x 30 um in refined voxels; D is smooth, u a product of cosines, so that the flux
 * vanishes on the outer faces: the largest error of div(D grad u). */
static double smooth_error(size_t refined, int variable)
{
    const double size[3] = {12, 18, 30}, pi = acos(-1);
    tissue_scene scene;
    scene_tissue(&scene, 6 * refined, 6 * refined, 6 * refined);
    for (int axis = 0; axis < 3; axis++)
        scene.model.tissue[0].voxel[axis] /= (double)refined;
    lac_grid *grid = scene_grid(&scene);
    double *u = array(grid->voxels), *d = array(grid->voxels), *out = array(grid->voxels);
    double *exact = array(grid->voxels), error = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double c[3], s[3], k[3], slope[3] = {0.2, -0.1, 0.3};
        u[voxel] = d[voxel] = 1;
        for (int axis = 0; axis < 3; axis++) {
            k[axis] = pi * (axis + 1) / size[axis];
            c[axis] = cos(k[axis] * grid->position[axis][voxel]);
            s[axis] = sin(k[axis] * grid->position[axis][voxel]);
            u[voxel] *= c[axis];
            if (variable)
                d[voxel] *= exp(slope[axis] * grid->position[axis][voxel] / 5);
        }
        for (int axis = 0; axis < 3; axis++) {
            double others = c[(axis + 1) % 3] * c[(axis + 2) % 3];
            double gradient = variable ? d[voxel] * slope[axis] / 5 : 0;
            exact[voxel] -=
                others * (d[voxel] * k[axis] * k[axis] * c[axis] + gradient * k[axis] * s[axis]);
        }
    }
    if (variable)
        scene_diffuse(grid, LAC_BY_VOXEL, d, u, out);
    else
        scene_diffuse(grid, LAC_UNIFORM, (double[]){1}, u, out);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        error += pow(out[voxel] - exact[voxel], 2) / (double)grid->voxels;
    lac_free(u);
    lac_free(d);
    lac_free(out);
    lac_free(exact);
    lac_grid_free(grid);
    return sqrt(error);
}

static void the_order_in_space_is_two_with_constant_diffusivity(void **state)
{
    (void)state;
    double order = log2(smooth_error(4, 0) / smooth_error(8, 0));
    assert_near(order, 2, 0.05);
}

static void the_order_in_space_is_two_with_smooth_diffusivity(void **state)
{
    (void)state;
    double order = log2(smooth_error(4, 1) / smooth_error(8, 1));
    assert_near(order, 2, 0.1);
}

/* The slow twin: one face at a time, each flux taken from one voxel and given to the other. */
static void add_faces(const lac_grid *grid, const double *d, const double *u, double *out)
{
    size_t stride = 1;
    for (int axis = 0; axis < 3; axis++) {
        for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
            if (voxel / stride % grid->n[axis] + 1 == grid->n[axis])
                continue;
            double a = d[voxel], b = d[voxel + stride];
            double h = lac_grid_side(grid, axis, voxel);
            double beyond = lac_grid_side(grid, axis, voxel + stride);
            double k = a > 0 && b > 0 ? 2 / (h / a + beyond / b) : 0;
            double flux = k * (u[voxel + stride] - u[voxel]);
            out[voxel] += flux / h;
            out[voxel + stride] -= flux / beyond;
        }
        stride *= grid->n[axis];
    }
}

static void compare(const tissue_scene *scene, lac_variation variation)
{
    lac_grid *grid = scene_grid(scene);
    double *u = noise(grid->voxels), *d = array(grid->voxels);
    double *fast = noise(grid->voxels), *slow = noise(grid->voxels);
    double given[256];
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        size_t layer = voxel / (grid->n[0] * grid->n[1]);
        size_t index = variation == LAC_UNIFORM ? 0 : variation == LAC_BY_DEPTH ? layer : voxel;
        double active = grid->active ? grid->active[voxel] : 1;
        d[voxel] = active * (1 + 10 * scene_noise(index + 77));
        given[layer] = 1 + 10 * scene_noise(layer + 77);
        u[voxel] *= active;
    }
    lac_medium medium = {variation, variation == LAC_BY_VOXEL ? d : given};
    lac_diffuse_rows(grid, &medium, u, fast, 0, lac_diffuse_rows_of(grid));
    add_faces(grid, d, u, slow);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        assert_near(fast[voxel], slow[voxel], 1e-13);
    lac_free(u);
    lac_free(d);
    lac_free(fast);
    lac_free(slow);
    lac_grid_free(grid);
}

static void rows_agree_with_single_faces_in_every_shape_and_medium(void **state)
{
    (void)state;
    const size_t shape[][3] = {{7, 5, 6}, {1, 1, 9}, {9, 1, 1}, {1, 8, 1}, {6, 1, 7}, {1, 6, 7},
                               {5, 6, 1}, {1, 1, 1}, {2, 2, 2}, {1, 2, 1}, {64, 1, 3}};
    for (size_t k = 0; k < sizeof shape / sizeof shape[0]; k++) {
        tissue_scene scene;
        scene_tissue(&scene, shape[k][0], shape[k][1], shape[k][2]);
        for (int variation = LAC_UNIFORM; variation <= LAC_BY_VOXEL; variation++)
            compare(&scene, (lac_variation)variation);
    }
}

static void inactive_voxels_take_no_part_in_any_medium(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 7, 5, 6);
    scene_box(&scene, (size_t[3]){2, 1, 0}, (size_t[3]){5, 3, 4}, true);
    compare(&scene, LAC_UNIFORM);
    compare(&scene, LAC_BY_DEPTH);
    compare(&scene, LAC_BY_VOXEL);
    lac_grid *grid = scene_grid(&scene);
    double *u = noise(grid->voxels), *out = array(grid->voxels);
    scene_diffuse(grid, LAC_UNIFORM, (double[]){3}, u, out);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        assert_true(grid->active[voxel] == 1 || out[voxel] == 0);
    lac_free(u);
    lac_free(out);
    lac_grid_free(grid);
}

static void diffusion_conserves_and_leaves_the_flat_state_alone(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 20, 30, 40);
    lac_grid *grid = scene_grid(&scene);
    double *u = noise(grid->voxels), *d = noise(grid->voxels), *out = array(grid->voxels);
    double *size = array(grid->voxels);
    scene_diffuse(grid, LAC_BY_VOXEL, d, u, out);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        size[voxel] = fabs(out[voxel]);
        u[voxel] = 0.1;
    }
    double sum = lac_grid_sum(grid, out), scale = lac_sum(size, grid->voxels);
    assert_true(scale > 1);
    assert_near(sum / scale, 0, 1e-14);
    memset(out, 0, grid->voxels * sizeof *out);
    scene_diffuse(grid, LAC_BY_VOXEL, d, u, out);
    scene_diffuse(grid, LAC_UNIFORM, (double[]){2}, u, out);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        assert_true(out[voxel] == 0);
    lac_free(u);
    lac_free(d);
    lac_free(out);
    lac_free(size);
    lac_grid_free(grid);
}

/* v W L u = u W L v, with W the volumes. */
static void graded_diffusion_times_volumes_is_symmetric(void **state)
{
    scene_grade(state);
    tissue_scene scene;
    scene_tissue(&scene, 4, 3, 9);
    lac_grid *grid = scene_grid(&scene);
    scene_grade_no_more(state);
    assert_non_null(grid->share);
    double *u = noise(grid->voxels), *v = array(grid->voxels), *d = array(grid->voxels);
    double *lu = array(grid->voxels), *lv = array(grid->voxels), left = 0, right = 0;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        v[voxel] = scene_noise(voxel + 999);
        d[voxel] = 1 + 10 * scene_noise(voxel + 77);
    }
    scene_diffuse(grid, LAC_BY_VOXEL, d, u, lu);
    scene_diffuse(grid, LAC_BY_VOXEL, d, v, lv);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        left += v[voxel] * grid->share[voxel] * lu[voxel];
        right += u[voxel] * grid->share[voxel] * lv[voxel];
    }
    assert_true(fabs(left) > 1);
    assert_near(left / right, 1, 1e-12);
    lac_free(u);
    lac_free(v);
    lac_free(d);
    lac_free(lu);
    lac_free(lv);
    lac_grid_free(grid);
}

/* Threads share rows, so this is what makes their number of no matter. */
static void rows_in_pieces_of_any_size_give_identical_bits(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 33, 31, 37);
    lac_grid *grid = scene_grid(&scene);
    const size_t rows = lac_diffuse_rows_of(grid);
    double *u = noise(grid->voxels), *d = noise(grid->voxels), *whole = array(grid->voxels);
    lac_medium medium = {LAC_BY_VOXEL, d};
    scene_diffuse(grid, LAC_BY_VOXEL, d, u, whole);
    for (size_t piece = 1; piece < rows; piece = 3 * piece + 1) {
        double *pieces = array(grid->voxels);
        for (size_t first = 0; first < rows; first += piece)
            lac_diffuse_rows(grid, &medium, u, pieces, first,
                             rows - first < piece ? rows - first : piece);
        assert_memory_equal(whole, pieces, grid->voxels * sizeof *whole);
        lac_free(pieces);
    }
    lac_free(u);
    lac_free(d);
    lac_free(whole);
    lac_grid_free(grid);
}

static void a_wall_conducts_as_half_a_voxel_and_a_membrane_in_series(void **state)
{
    (void)state;
    assert_near(lac_boundary_face_conductance(50, 20, 0), 5, 0);
    assert_near(lac_boundary_face_conductance(50, 20, 5), 2.5, 1e-15);
    assert_near(lac_boundary_face_conductance(0, 20, 5), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_in_space_is_two_with_constant_diffusivity),
        cmocka_unit_test(the_order_in_space_is_two_with_smooth_diffusivity),
        cmocka_unit_test(rows_agree_with_single_faces_in_every_shape_and_medium),
        cmocka_unit_test(inactive_voxels_take_no_part_in_any_medium),
        cmocka_unit_test(diffusion_conserves_and_leaves_the_flat_state_alone),
        cmocka_unit_test(rows_in_pieces_of_any_size_give_identical_bits),
        cmocka_unit_test(graded_diffusion_times_volumes_is_symmetric),
        scene_graded_test(the_order_in_space_is_two_with_constant_diffusivity),
        scene_graded_test(the_order_in_space_is_two_with_smooth_diffusivity),
        scene_graded_test(rows_agree_with_single_faces_in_every_shape_and_medium),
        scene_graded_test(inactive_voxels_take_no_part_in_any_medium),
        scene_graded_test(diffusion_conserves_and_leaves_the_flat_state_alone),
        scene_graded_test(rows_in_pieces_of_any_size_give_identical_bits),
        cmocka_unit_test(a_wall_conducts_as_half_a_voxel_and_a_membrane_in_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
