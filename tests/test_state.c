/* The state: layout, contents, copies, blocks, and the check that it makes sense.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue_scene.h"

#include "base/memory.h"
#include "tissue/state.h"

/* Two fields and two pools, the second a total. */
typedef struct bare_model {
    tissue_scene scene;
    lac_domain domain[2];
    lac_variable variable[4];
    lac_parameter parameter[2];
} bare_model;

static const lac_model *make(bare_model *bare)
{
    *bare = (bare_model){0};
    scene_tissue(&bare->scene, 10, 20, 30);
    lac_model *model = &bare->scene.model;
    bare->domain[1].volume = 50;
    for (size_t v = 0; v < 4; v++)
        bare->variable[v] = (lac_variable){.name = (char *)(v == 1 ? "tissue_B" : "other"),
                                           .domain = v >= 2,
                                           .atol = 1e-3,
                                           .display = {.unit = "pM", .factor = 100}};
    bare->variable[3].total = true;
    bare->parameter[1].value = 7;
    model->domain = bare->domain;
    model->variable = bare->variable;
    model->parameter = bare->parameter;
    model->domains = 2;
    model->parameters = 2;
    model->fields = 2;
    model->variables = 4;
    model->processes = 3;
    model->boundaries = 1;
    model->tissue[0] =
        (lac_tissue_text){.present = true, .voxels = {10, 20, 30}, .voxel = {1, 1, 0.5}}; /* [um] */
    return model;
}

static lac_state *make_state(const lac_model *model)
{
    lac_state *state = NULL;
    assert_ok(lac_state_create(model, &state));
    return state;
}

static void parameters_begin_at_the_values_of_the_model(void **context)
{
    (void)context;
    bare_model bare;
    lac_state *state = make_state(make(&bare));
    assert_near(state->parameter[1], 7, 0);
    assert_near(state->value[state->layout.length - 1], 0, 0);
    lac_state_free(state);
}

static void contents_count_the_whole_joint(void **context)
{
    (void)context;
    bare_model bare;
    const lac_model *model = make(&bare);
    lac_state *state = make_state(model);
    for (size_t voxel = 0; voxel < 6000; voxel++)
        state->value[state->layout.tract[0].stride + voxel] = 2;
    state->value[lac_layout_at(&state->layout, 2)] = 3;
    state->value[lac_layout_at(&state->layout, 3)] = 11;
    assert_near(lac_state_content(state, model, 1), 6000, 1e-9);
    assert_near(lac_state_content(state, model, 0), 0, 0);
    assert_near(lac_state_content(state, model, 2), 150, 1e-12);
    assert_near(lac_state_content(state, model, 3), 11, 0);
    lac_state_free(state);
}

static void a_copy_is_equal_and_apart(void **context)
{
    (void)context;
    bare_model bare;
    lac_state *state = make_state(make(&bare));
    lac_block_list blocks = {0}, copied = {0};
    lac_state_blocks(state, &blocks);
    assert_int_equal(blocks.count, 7);
    for (size_t block = 0; block < blocks.count; block++)
        for (size_t i = 0; i < blocks.block[block].count; i++)
            ((double *)blocks.block[block].data)[i] = scene_noise(i + 100 * block);
    lac_state *copy = NULL;
    assert_ok(lac_state_copy(state, &copy));
    lac_state_blocks(copy, &copied);
    for (size_t block = 0; block < blocks.count; block++) {
        assert_string_equal(copied.prefix[block], "state");
        assert_string_equal(copied.block[block].name, blocks.block[block].name);
        assert_int_equal(copied.block[block].count, blocks.block[block].count);
        assert_ptr_not_equal(copied.block[block].data, blocks.block[block].data);
        assert_memory_equal(copied.block[block].data, blocks.block[block].data,
                            blocks.block[block].count * sizeof(double));
    }
    lac_state_free(copy);
    lac_state_free(state);
}

static void a_value_that_makes_no_sense_is_named_with_time_and_voxel(void **context)
{
    (void)context;
    bare_model bare;
    const lac_model *model = make(&bare);
    lac_state *state = make_state(model);
    double *b = state->value + state->layout.tract[0].stride;
    state->time = 60;
    b[4321] = -0.9e-3;
    assert_ok(lac_state_check(state, model, 1));
    b[4321] = -2e-3;
    assert_ok(lac_state_check(state, model, 3));
    assert_int_equal(lac_state_check(state, model, 1), LAC_NUMERICS);
    assert_text_has(lac_failure(), "at t = 60 s: tissue_B is -0.2 pM in voxel (x, y, z) = "
                                   "(1, 12, 21), below its floor of -0.1 pM");
    bare.variable[1].is_signed = true;
    assert_ok(lac_state_check(state, model, 1));
    b[5999] = INFINITY;
    assert_int_equal(lac_state_check(state, model, 1), LAC_NUMERICS);
    assert_text_has(lac_failure(), "tissue_B is inf in voxel (x, y, z) = (9, 19, 29)");
    b[5999] = 0;
    state->value[lac_layout_at(&state->layout, 3)] = NAN;
    assert_int_equal(lac_state_check(state, model, 1), LAC_NUMERICS);
    assert_text_has(lac_failure(), "other is ");
    lac_state_free(state);
}

static void every_failing_allocation_comes_out_as_no_memory(void **context)
{
    (void)context;
    bare_model bare;
    const lac_model *model = make(&bare);
    lac_state *state = make_state(model);
    size_t alive = lac_memory_alive();
    for (size_t n = 1; n <= 7; n++) {
        lac_state *none = NULL;
        lac_memory_fail_at(n);
        assert_int_equal(lac_state_create(model, &none), LAC_MEMORY);
        lac_memory_fail_at(n);
        assert_int_equal(lac_state_copy(state, &none), LAC_MEMORY);
        assert_null(none);
    }
    lac_memory_fail_at(0);
    assert_int_equal(lac_memory_alive(), alive);
    lac_state_free(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_begin_at_the_values_of_the_model),
        cmocka_unit_test(contents_count_the_whole_joint),
        cmocka_unit_test(a_copy_is_equal_and_apart),
        cmocka_unit_test(a_value_that_makes_no_sense_is_named_with_time_and_voxel),
        cmocka_unit_test(every_failing_allocation_comes_out_as_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
