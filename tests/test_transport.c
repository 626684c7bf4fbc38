/* Transport: media, walls, pools, time, conservation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport_scene.h"

#include "tissue/operators.h"

/* Three fields and two pools: a lesion, exchange through the top, through a strip of a side and
 * through the wall of the lesion, moving and layered D, a patch that stands for a joint. */
static void make_busy_scene(transport_scene *scene, size_t refined)
{
    scene_transport(scene, (size_t[3]){8 * refined, 7 * refined, 9 * refined}, 3, 2);
    tissue_scene *space = &scene->space;
    space->model.tissue[0].represents = 1e5; /* [um^2] */
    size_t lesion = scene_box(space, (size_t[3]){3, 2, 0}, (size_t[3]){5, 4, 3}, true);
    size_t deep = scene_box(space, (size_t[3]){0, 0, 6},
                            (size_t[3]){8 * refined, 7 * refined, 9 * refined}, false);
    space->region[deep].kind = LAC_ZONE;
    size_t top = scene_patch(space, LAC_FACE_TOP, LAC_NONE);
    size_t strip = scene_patch(space, LAC_FACE_X_HIGH, LAC_NONE);
    space->patch[strip].low[2] = 20;
    size_t rim = scene_patch(space, LAC_FACE_WALL, lesion);
    scene->variable[0].diffusivity = linear(scene, 40, 20, LAC_SYMBOL_VARIABLE, 2);
    scene->variable[1].diffusivity = linear(scene, 10, 90, LAC_SYMBOL_REGION, deep);
    scene_exchange(scene, 0, 3, top)->permeability = number(scene, 2);
    scene_exchange(scene, 0, 4, strip)->partition = linear(scene, 0.3, 0.4, LAC_SYMBOL_VARIABLE, 2);
    scene_exchange(scene, 1, 4, rim)->partition = number(scene, 0.8);
    scene_exchange(scene, 1, 4, top);
    scene_build(scene);
    scene_fill(scene, scene->value);
    assert_ok(lac_transport_evaluate(scene->transport, &scene->frame, scene->coefficients));
}

static double sum_of_sizes(const transport_scene *scene, const double *value)
{
    double *size = scene_array(scene);
    for (size_t i = 0; i < scene->layout.length; i++)
        size[i] = fabs(value[i]);
    double sum = scene_content(scene, size);
    lac_free(size);
    return sum;
}

static void what_leaves_the_tissue_enters_the_pools_of_the_joint(void **state)
{
    (void)state;
    transport_scene scene;
    make_busy_scene(&scene, 1);
    double *out = scene_array(&scene), flux[4], expected = 0;
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, flux);
    double turnover = sum_of_sizes(&scene, out);
    assert_true(turnover > 1);
    assert_near(scene_content(&scene, out) / turnover, 0, 1e-13);
    double weight = scene.grid->voxel_volume / lac_model_scale(&scene.space.model);
    expected = weight * lac_grid_sum(scene.grid, out);
    assert_true(fabs(expected) > 1e-3 * turnover / 100);
    assert_near(flux[0] + flux[1], expected, 1e-13 * turnover);
    expected = weight * lac_grid_sum(scene.grid, out + scene.layout.tract[0].stride);
    assert_near(flux[2] + flux[3], expected, 1e-13 * turnover);
    assert_near(out[lac_layout_at(&scene.layout, 3)], -flux[0] / 1e6, 1e-13 * fabs(flux[0]) / 1e6);
    for (size_t voxel = 0; voxel < scene.layout.tract[0].voxels; voxel++)
        assert_true(scene.grid->active[voxel] == 1 || out[voxel] == 0);
    lac_free(out);
    scene_free(&scene);
}

static void times_is_the_linear_part_of_the_derivative(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){4, 3, 5}, 2, 1);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    size_t bottom = scene_patch(&scene.space, LAC_FACE_BOTTOM, LAC_NONE);
    scene.variable[0].diffusivity = number(&scene, 30);
    scene_exchange(&scene, 0, 2, top)->partition = number(&scene, 2);
    scene_boundary(&scene, &lac_boundary_value, 0, bottom)->value = number(&scene, 5);
    scene_boundary(&scene, &lac_boundary_flux, 1, bottom)->value = number(&scene, 3);
    scene_build(&scene);
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    double *zero = scene_array(&scene), *constant = scene_array(&scene);
    double *full = scene_array(&scene), *part = scene_array(&scene), flux[3];
    scene_fill(&scene, scene.value);
    lac_transport_derivative(scene.transport, scene.coefficients, zero, constant, NULL);
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, full, NULL);
    lac_transport_times(scene.transport, scene.coefficients, scene.value, part, flux);
    for (size_t i = 0; i < scene.layout.length; i++)
        assert_near(full[i], constant[i] + part[i], 1e-13);
    assert_true(flux[2] == 0);
    /* A given flux of 3 into voxels 5 um deep. */
    size_t deepest = scene.layout.tract[0].stride + scene.layout.tract[0].voxels - 1;
    assert_near(constant[deepest], 0.6, 1e-16);
    lac_free(zero);
    lac_free(constant);
    lac_free(full);
    lac_free(part);
    scene_free(&scene);
}

/* Layers of D 10 and 100 between values 7 and 1: resistances in series give the exact profile. */
static void a_steady_flux_through_layers_and_a_membrane_is_exact(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){2, 2, 6}, 1, 0);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    size_t bottom = scene_patch(&scene.space, LAC_FACE_BOTTOM, LAC_NONE);
    size_t deep = scene_box(&scene.space, (size_t[3]){0, 0, 2}, (size_t[3]){2, 2, 6}, false);
    scene.space.region[deep].kind = LAC_ZONE;
    scene.variable[0].diffusivity = linear(&scene, 10, 90, LAC_SYMBOL_REGION, deep);
    lac_boundary *upper = scene_boundary(&scene, &lac_boundary_value, 0, top);
    upper->value = number(&scene, 7);
    upper->permeability = number(&scene, 4);
    scene_boundary(&scene, &lac_boundary_value, 0, bottom)->value = number(&scene, 1);
    scene_build(&scene);
    double flux = (7 - 1) / (1.0 / 4 + 10.0 / 10 + 20.0 / 100), boundary_flux[2];
    for (size_t voxel = 0; voxel < scene.grid->voxels; voxel++) {
        double depth = scene.grid->position[2][voxel];
        double resistance = 1.0 / 4 + (depth < 10 ? depth / 10 : 1 + (depth - 10) / 100);
        scene.value[voxel] = 7 - flux * resistance;
    }
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    double *out = scene_array(&scene);
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, boundary_flux);
    for (size_t voxel = 0; voxel < scene.grid->voxels; voxel++)
        assert_near(out[voxel], 0, 1e-13);
    double area = 4 * 6; /* four voxels of 2 x 3 um */
    assert_near(boundary_flux[0], flux * area, 1e-11);
    assert_near(boundary_flux[1], -flux * area, 1e-11);
    lac_free(out);
    scene_free(&scene);
}

/* The same D as a number, by depth, by position and by state must move the same. */
static void every_way_to_give_a_diffusivity_gives_its_operator(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){5, 6, 7}, 4, 0);
    scene.variable[0].diffusivity = number(&scene, 3);
    scene.variable[1].diffusivity = linear(&scene, 1, 0.5, LAC_SYMBOL_DEPTH, 0);
    scene.variable[2].diffusivity = linear(&scene, 1, 0.5, LAC_SYMBOL_X, 0);
    scene.variable[3].diffusivity = linear(&scene, 1, 2, LAC_SYMBOL_VARIABLE, 0);
    scene_build(&scene);
    assert_true(lac_transport_depends_on_state(scene.transport));
    assert_false(lac_transport_depends_on_time(scene.transport));
    scene_fill(&scene, scene.value);
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    double *out = scene_array(&scene), *twin = scene_array(&scene), *d = scene_array(&scene);
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, NULL);
    for (size_t field = 0; field < 4; field++) {
        for (size_t voxel = 0; voxel < scene.grid->voxels; voxel++)
            d[voxel] = field == 0   ? 3
                       : field == 1 ? 1 + 0.5 * scene.grid->position[2][voxel]
                       : field == 2 ? 1 + 0.5 * scene.grid->position[0][voxel]
                                    : 1 + 2 * scene.value[voxel];
        size_t at = field * scene.layout.tract[0].stride;
        scene_diffuse(scene.grid, LAC_BY_VOXEL, d, scene.value + at, twin + at);
    }
    for (size_t i = 0; i < scene.layout.length; i++)
        assert_near(out[i], twin[i], 1e-12);
    lac_free(out);
    lac_free(twin);
    lac_free(d);
    scene_free(&scene);
}

static void coefficients_follow_state_and_time_and_parameters_once_told(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){1, 1, 1}, 3, 0);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    for (size_t field = 0; field < 3; field++)
        scene_boundary(&scene, &lac_boundary_flux, field, top);
    scene.boundary[0].value = symbol(&scene, LAC_SYMBOL_PARAMETER, 1);
    scene.boundary[1].value = symbol(&scene, LAC_SYMBOL_TIME, 0);
    scene.boundary[2].value = symbol(&scene, LAC_SYMBOL_VARIABLE, 0);
    scene_build(&scene);
    double flux[3], *out = scene_array(&scene);
    const double area = 6;
    scene.frame.time = 2;
    scene.value[0] = 3;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    scene.parameter_value[1] = 9;
    scene.frame.time = 4;
    scene.value[0] = 5;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, flux);
    assert_near(flux[0], 1 * area, 1e-14);
    assert_near(flux[1], 4 * area, 1e-14);
    assert_near(flux[2], 5 * area, 1e-14);
    lac_transport_forget(scene.coefficients);
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, flux);
    assert_near(flux[0], 9 * area, 1e-14);
    lac_free(out);
    scene_free(&scene);
}

static void a_senseless_coefficient_is_named_with_its_voxel(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){4, 4, 4}, 2, 1);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    scene.variable[0].diffusivity = linear(&scene, 1, -2, LAC_SYMBOL_VARIABLE, 1);
    scene_exchange(&scene, 0, 2, top)->partition = linear(&scene, 1, -4, LAC_SYMBOL_VARIABLE, 1);
    scene_build(&scene);
    scene.frame.time = 30;
    scene.value[scene.layout.tract[0].stride + 27] = 1;
    assert_int_equal(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients),
                     LAC_NUMERICS);
    assert_text_has(lac_failure(), "at t = 30 s: the diffusivity of tissue_A is -1 in voxel (x, y, "
                                   "z) = (3, 2, 1)");
    scene.value[scene.layout.tract[0].stride + 27] = 0;
    /* 1 - 4 * 0.375 in the first voxel, 1 below it: at the face at most half of the first. */
    scene.value[scene.layout.tract[0].stride + 5] = 0.375;
    assert_int_equal(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients),
                     LAC_NUMERICS);
    assert_text_has(lac_failure(), "the partition of tissue_A is -1 in voxel (x, y, z) = (1, 1, "
                                   "0)");
    scene.value[scene.layout.tract[0].stride + 5] = 0;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    scene_free(&scene);
}

static void a_membrane_without_permeability_is_closed(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){2, 2, 2}, 1, 1);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    scene.variable[0].diffusivity = number(&scene, 30);
    scene_exchange(&scene, 0, 1, top)->permeability = number(&scene, 0);
    scene_build(&scene);
    scene.value[lac_layout_at(&scene.layout, 1)] = 1;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    double *out = scene_array(&scene), flux = 1;
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, out, &flux);
    assert_true(flux == 0);
    assert_true(out[0] == 0);
    lac_free(out);
    scene_free(&scene);
}

/* All coefficients move in time; against a centred difference of the derivative itself. */
static void the_time_derivative_is_that_of_the_derivative(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){3, 4, 5}, 4, 1);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    size_t bottom = scene_patch(&scene.space, LAC_FACE_BOTTOM, LAC_NONE);
    lac_expression *wavy = binary(&scene, LAC_OP_MULTIPLY, linear(&scene, 1, 2, LAC_SYMBOL_TIME, 0),
                                  linear(&scene, 3, 0.1, LAC_SYMBOL_X, 0));
    scene.variable[0].diffusivity = wavy;
    scene.variable[1].diffusivity = linear(&scene, 5, 1, LAC_SYMBOL_TIME, 0);
    scene.variable[2].diffusivity = number(&scene, 4);
    lac_boundary *exchange = scene_exchange(&scene, 0, 4, top);
    exchange->permeability = linear(&scene, 2, -0.3, LAC_SYMBOL_TIME, 0);
    exchange->partition = linear(&scene, 0.5, 0.2, LAC_SYMBOL_TIME, 0);
    scene_exchange(&scene, 1, 4, bottom);
    scene_boundary(&scene, &lac_boundary_value, 2, top)->value = wavy;
    scene_boundary(&scene, &lac_boundary_flux, 3, bottom)->value = wavy;
    scene_build(&scene);
    assert_true(lac_transport_depends_on_time(scene.transport));
    scene_fill(&scene, scene.value);
    double *rate = scene_array(&scene), *later = scene_array(&scene);
    double *earlier = scene_array(&scene), flux[4], flux_later[4], flux_earlier[4];
    const double e = 1e-4;
    scene.frame.time = 1;
    assert_ok(lac_transport_time_derivative(scene.transport, &scene.frame, rate, flux));
    scene.frame.time = 1 + e;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, later, flux_later);
    scene.frame.time = 1 - e;
    assert_ok(lac_transport_evaluate(scene.transport, &scene.frame, scene.coefficients));
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, earlier,
                             flux_earlier);
    for (size_t i = 0; i < scene.layout.length; i++)
        assert_near(rate[i], (later[i] - earlier[i]) / (2 * e), 1e-7);
    for (size_t boundary = 0; boundary < 4; boundary++)
        assert_near(flux[boundary], (flux_later[boundary] - flux_earlier[boundary]) / (2 * e),
                    1e-5);
    assert_true(fabs(rate[0]) > 1e-3 && fabs(rate[lac_layout_at(&scene.layout, 4)]) > 1e-9);
    lac_free(rate);
    lac_free(later);
    lac_free(earlier);
    scene_free(&scene);
}

static void mobile_fields_diffuse_or_have_a_boundary(void **state)
{
    (void)state;
    transport_scene scene;
    scene_transport(&scene, (size_t[3]){2, 2, 2}, 3, 0);
    size_t top = scene_patch(&scene.space, LAC_FACE_TOP, LAC_NONE);
    scene.variable[1].diffusivity = number(&scene, 1);
    scene_boundary(&scene, &lac_boundary_flux, 2, top)->value = number(&scene, 1);
    scene_build(&scene);
    unsigned char mobile[3];
    lac_find_mobile(&scene.space.model, mobile);
    assert_true(!mobile[0] && mobile[1] && mobile[2]);
    scene_free(&scene);
}

static void one_thread_and_four_give_identical_bits(void **state)
{
    (void)state;
    transport_scene scene;
    make_busy_scene(&scene, 3);
    double *one = scene_array(&scene), *four = scene_array(&scene), flux_one[4], flux_four[4];
    lac_threads_set(1);
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, one, flux_one);
    lac_threads_set(4);
    lac_transport_derivative(scene.transport, scene.coefficients, scene.value, four, flux_four);
    lac_threads_set(0);
    assert_memory_equal(one, four, scene.layout.length * sizeof *one);
    assert_memory_equal(flux_one, flux_four, sizeof flux_one);
    lac_free(one);
    lac_free(four);
    scene_free(&scene);
}

static void a_model_without_tissue_has_nothing_to_transport(void **state)
{
    (void)state;
    lac_model model = {0};
    lac_grid *grid = NULL;
    lac_transport *transport = NULL;
    lac_coefficients *coefficients = NULL;
    lac_layout layout = lac_layout_of(0, 0, 0);
    double none = 0;
    assert_ok(lac_grid_create(&model, &grid));
    assert_ok(lac_transport_create(&model, grid, &layout, &transport));
    assert_ok(lac_coefficients_create(transport, &coefficients));
    assert_ok(lac_transport_evaluate(transport, &(lac_frame){.layout = &layout}, coefficients));
    lac_transport_derivative(transport, coefficients, &none, &none, NULL);
    assert_true(none == 0);
    lac_coefficients_free(coefficients);
    lac_transport_free(transport);
    lac_grid_free(grid);
}

static void every_failing_allocation_comes_out_as_no_memory(void **state)
{
    (void)state;
    transport_scene scene;
    make_busy_scene(&scene, 1);
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    size_t n = 0;
    while (status != LAC_OK && n < 10000) {
        lac_transport *transport = NULL;
        lac_coefficients *coefficients = NULL;
        lac_memory_fail_at(++n);
        status = lac_transport_create(&scene.space.model, scene.grid, &scene.layout, &transport);
        if (status == LAC_OK)
            status = lac_coefficients_create(transport, &coefficients);
        if (status == LAC_OK)
            status = lac_transport_evaluate(transport, &scene.frame, coefficients);
        lac_memory_fail_at(0);
        assert_true(status == LAC_OK || status == LAC_MEMORY);
        lac_coefficients_free(coefficients);
        lac_transport_free(transport);
        assert_int_equal(lac_memory_alive(), alive);
    }
    assert_in_range(n, 10, 9999);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_leaves_the_tissue_enters_the_pools_of_the_joint),
        cmocka_unit_test(times_is_the_linear_part_of_the_derivative),
        cmocka_unit_test(a_steady_flux_through_layers_and_a_membrane_is_exact),
        cmocka_unit_test(every_way_to_give_a_diffusivity_gives_its_operator),
        cmocka_unit_test(coefficients_follow_state_and_time_and_parameters_once_told),
        cmocka_unit_test(a_senseless_coefficient_is_named_with_its_voxel),
        cmocka_unit_test(a_membrane_without_permeability_is_closed),
        cmocka_unit_test(the_time_derivative_is_that_of_the_derivative),
        cmocka_unit_test(mobile_fields_diffuse_or_have_a_boundary),
        cmocka_unit_test(one_thread_and_four_give_identical_bits),
        scene_graded_test(what_leaves_the_tissue_enters_the_pools_of_the_joint),
        scene_graded_test(every_way_to_give_a_diffusivity_gives_its_operator),
        scene_graded_test(the_time_derivative_is_that_of_the_derivative),
        scene_graded_test(one_thread_and_four_give_identical_bits),
        cmocka_unit_test(a_model_without_tissue_has_nothing_to_transport),
        cmocka_unit_test(every_failing_allocation_comes_out_as_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
