/* The grid: voxels, regions, inactive voxels, walls, refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue_scene.h"

#include "base/memory.h"
#include "store/store.h"

#include <unistd.h>

static void a_model_without_tissue_has_a_grid_of_no_voxels(void **state)
{
    (void)state;
    lac_model model = {0};
    lac_grid *grid = NULL;
    assert_ok(lac_grid_create(&model, &grid));
    assert_int_equal(grid->voxels, 0);
    assert_int_equal(grid->active_voxels, 0);
    lac_grid_free(grid);
}

static void voxels_count_x_first_and_depth_last(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 4, 3, 2);
    lac_grid *grid = scene_grid(&scene);
    size_t voxel = 1 + 4 * (2 + 3 * 1);
    assert_near(grid->position[0][voxel], 3, 0);
    assert_near(grid->position[1][voxel], 7.5, 0);
    assert_near(grid->position[2][voxel], 7.5, 0);
    assert_near(grid->voxel_volume, 30, 0);
    assert_int_equal(lac_grid_at(grid, (double[3]){3, 7.5, 7.5}), voxel);
    assert_int_equal(lac_grid_at(grid, (double[3]){-9, -1, -INFINITY}), 0);
    assert_int_equal(lac_grid_at(grid, (double[3]){1e300, 9, 10}), 23);
    lac_grid_free(grid);
}

static void neighbouring_zones_share_no_voxel_and_leave_none_out(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 2, 1, 7);
    size_t all[3] = {2, 1, 7};
    scene_box(&scene, (size_t[3]){0, 0, 0}, (size_t[3]){2, 1, 7}, false);
    scene_box(&scene, (size_t[3]){0, 0, 0}, all, false);
    scene.region[0].high[2] = scene.region[1].low[2] = 12.5; /* through the centre of layer 2 */
    lac_grid *grid = scene_grid(&scene);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        assert_true(grid->region[0][voxel] + grid->region[1][voxel] == 1);
    assert_int_equal(grid->region_voxels[0], 4);
    assert_int_equal(grid->region_voxels[1], 10);
    lac_grid_free(grid);
}

static void inactive_voxels_leave_other_regions_and_faces(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 4, 4, 4);
    size_t hole = scene_box(&scene, (size_t[3]){1, 1, 0}, (size_t[3]){3, 3, 2}, true);
    size_t upper = scene_box(&scene, (size_t[3]){0, 0, 0}, (size_t[3]){4, 4, 2}, false);
    size_t top = scene_patch(&scene, LAC_FACE_TOP, LAC_NONE);
    size_t rim = scene_patch(&scene, LAC_FACE_WALL, hole);
    lac_grid *grid = scene_grid(&scene);
    assert_int_equal(grid->active_voxels, 64 - 8);
    assert_int_equal(grid->region_voxels[upper], 32 - 8);
    assert_int_equal(grid->boundary_faces[top], 16 - 4);
    assert_int_equal(grid->boundary_faces[rim], 16 + 4); /* four sides of 2 x 2, and the floor */
    for (size_t wall = 0; wall < grid->boundary_faces[rim]; wall++)
        assert_true(grid->active[grid->boundary_face[rim][wall].voxel] == 1);
    for (size_t wall = 1; wall < grid->boundary_faces[rim]; wall++)
        assert_true(grid->boundary_face[rim][wall - 1].voxel <=
                    grid->boundary_face[rim][wall].voxel);
    lac_grid_free(grid);
}

static void a_patch_is_bounded_by_box_and_region(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 4, 4, 2);
    size_t half = scene_box(&scene, (size_t[3]){0, 0, 0}, (size_t[3]){2, 4, 2}, false);
    size_t strip = scene_patch(&scene, LAC_FACE_BOTTOM, half);
    scene.patch[strip].low[1] = 3;
    scene.patch[strip].high[1] = 9;
    size_t side = scene_patch(&scene, LAC_FACE_X_HIGH, LAC_NONE);
    lac_grid *grid = scene_grid(&scene);
    assert_int_equal(grid->boundary_faces[strip], 4);
    assert_int_equal(grid->boundary_face[strip][0].voxel, 16 + 4);
    assert_int_equal(grid->boundary_face[strip][0].axis, 2);
    assert_int_equal(grid->boundary_faces[side], 8);
    assert_int_equal(grid->boundary_face[side][0].voxel, 3);
    assert_int_equal(grid->boundary_face[side][0].axis, 0);
    lac_grid_free(grid);
}

static void expect_refusal(const tissue_scene *scene, lac_status code, const char *part)
{
    lac_grid *grid = NULL;
    size_t alive = lac_memory_alive();
    assert_int_equal(lac_grid_create(&scene->model, &grid), code);
    assert_text_has(lac_failure(), part);
    assert_null(grid);
    assert_int_equal(lac_memory_alive(), alive);
}

static void what_cannot_be_is_refused_with_its_name_or_number(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, (size_t)1 << 40, (size_t)1 << 40, (size_t)1 << 40);
    scene.model.fields = 10;
    expect_refusal(&scene, LAC_LIMIT, "1.329e+36 voxels with 10 species");
    scene_tissue(&scene, 4, 0, 4);
    expect_refusal(&scene, LAC_INPUT, "0 voxels");
    scene_tissue(&scene, 4, 4, 4);
    scene_box(&scene, (size_t[3]){5, 0, 0}, (size_t[3]){9, 4, 4}, false);
    expect_refusal(&scene, LAC_INPUT, "region 'box' holds no voxel centre");
    scene_tissue(&scene, 4, 4, 4);
    scene_box(&scene, (size_t[3]){0, 0, 0}, (size_t[3]){4, 4, 4}, true);
    expect_refusal(&scene, LAC_INPUT, "every voxel of the tissue is inactive");
    scene_tissue(&scene, 4, 4, 4);
    scene_patch(&scene, LAC_FACE_TOP, LAC_NONE);
    scene.patch[0].low[0] = 100;
    lac_source source = {.path = (char *)"joint.yaml"};
    scene.patch[0].place = (lac_place){&source, 3, 5, 4};
    expect_refusal(&scene, LAC_INPUT, "patch 'patch' holds no voxel face (joint.yaml:3:5)");
}

/* A mask file of 2 x 3 x 4 voxels (z, y, x), nonzero where x is odd. */
static void write_mask(const char *path, double odd_value)
{
    lac_store *store = NULL;
    lac_store_series *series = NULL;
    double axis[4] = {0, 1, 2, 3}, values[24];
    for (size_t i = 0; i < 24; i++)
        values[i] = (double)(i % 2);
    values[7] = odd_value;
    assert_ok(lac_store_create(path, true, 0, &store));
    assert_ok(lac_store_dimension(store, "/z", 2, axis, NULL, "z"));
    assert_ok(lac_store_dimension(store, "/y", 3, axis, NULL, "y"));
    assert_ok(lac_store_dimension(store, "/x", 4, axis, NULL, "x"));
    assert_ok(lac_store_variable(store,
                                 &(lac_store_about){"/scar", LAC_STORE_DOUBLE,
                                                    (const char *const[]){"/z", "/y", "/x"}, 3,
                                                    NULL, "scar"},
                                 &series));
    assert_ok(lac_store_put(series, 0, values));
    assert_ok(lac_store_close(store));
}

static void a_mask_is_read_and_must_have_the_shape_of_the_tissue(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "test_grid_mask_%d.h5", (int)getpid());
    write_mask(path, NAN);
    tissue_scene scene;
    scene_tissue(&scene, 4, 3, 2);
    scene.model.regions = 1;
    scene.region[0] = (lac_region){
        .id = (char *)"scar", .kind = LAC_MASK, .file = path, .dataset = (char *)"/scar"};
    expect_refusal(&scene, LAC_INPUT, "holds NaN, which is neither inside nor outside");
    write_mask(path, 1);
    lac_grid *grid = scene_grid(&scene);
    assert_int_equal(grid->region_voxels[0], 12);
    for (size_t voxel = 0; voxel < 24; voxel++)
        assert_true(grid->region[0][voxel] == (double)(voxel % 2));
    lac_grid_free(grid);
    scene.model.tissue[0].voxels[0] = 3;
    scene.model.tissue[0].voxels[1] = 4;
    lac_source source = {.path = (char *)"joint.yaml"};
    scene.region[0].place = (lac_place){&source, 7, 12, 4};
    expect_refusal(&scene, LAC_INPUT, "(2, 4, 3) voxels (joint.yaml:7:12)");
    expect_refusal(&scene, LAC_INPUT, "(2, 3, 4), the tissue has (z, y, x) = (2, 4, 3)");
    scene.region[0].dataset = (char *)"/other";
    lac_grid *none = NULL;
    assert_true(lac_grid_create(&scene.model, &none) != LAC_OK);
    remove(path);
    assert_true(lac_grid_create(&scene.model, &none) != LAC_OK);
}

static void every_failing_allocation_comes_out_as_no_memory(void **state)
{
    (void)state;
    tissue_scene scene;
    scene_tissue(&scene, 4, 4, 4);
    size_t hole = scene_box(&scene, (size_t[3]){1, 1, 0}, (size_t[3]){3, 3, 2}, true);
    scene_patch(&scene, LAC_FACE_WALL, hole);
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    size_t n = 0;
    while (status != LAC_OK && n < 100) {
        lac_grid *grid = NULL;
        lac_memory_fail_at(++n);
        status = lac_grid_create(&scene.model, &grid);
        lac_memory_fail_at(0);
        assert_true(status == LAC_OK || status == LAC_MEMORY);
        assert_true((grid != NULL) == (status == LAC_OK));
        lac_grid_free(grid);
        assert_int_equal(lac_memory_alive(), alive);
    }
    assert_in_range(n, 8, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_without_tissue_has_a_grid_of_no_voxels),
        cmocka_unit_test(voxels_count_x_first_and_depth_last),
        cmocka_unit_test(neighbouring_zones_share_no_voxel_and_leave_none_out),
        cmocka_unit_test(inactive_voxels_leave_other_regions_and_faces),
        cmocka_unit_test(a_patch_is_bounded_by_box_and_region),
        cmocka_unit_test(what_cannot_be_is_refused_with_its_name_or_number),
        cmocka_unit_test(a_mask_is_read_and_must_have_the_shape_of_the_tissue),
        cmocka_unit_test(every_failing_allocation_comes_out_as_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
