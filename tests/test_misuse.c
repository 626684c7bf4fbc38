/* The public library: numbers, copies, threads, cancelling, and calls that cannot be meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "library_scene.h"

#include <pthread.h>
#include <unistd.h>

static const char text[] =
    "lacuna: 1\n"
    "title: drug\n"
    "domains:\n"
    "  slab: {kind: tissue}\n"
    "  pool: {kind: well-mixed, volume: V}\n"
    "species:\n"
    "  A: {molar_mass: 500 Da, slab: {initial: 2e-3 molecule/um^3, diffusivity: D},\n"
    "      pool: {initial: 3e-3 molecule/um^3, display: nM}}\n"
    "parameters:\n"
    "  V: {value: 1e5 um^3, kind: assumption, source: made up for a test}\n"
    "  D: {value: 40 um^2/s, range: [1 um^2/s, 90 um^2/s], kind: prior, source: made up}\n"
    "  D_twice: {value: 2 * D, kind: computed, source: made up for a test}\n"
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"
    "reactions:\n"
    "  loss: {in: slab, equation: \"A ->\", rate: k * A}\n"
    "interfaces:\n"
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"
    "events:\n"
    "  dose: {at: 5 min, add: {pool.A: 1e-3 molecule/um^3}}\n"
    "observables:\n"
    "  A_mean: mean(A)\n"
    "tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um}\n"
    "run: {until: 30 min, method: METHOD, seed: 4, save: {every: 3 min}}\n";

#define END (30 * LACUNA_MINUTE)

static lacuna_model *model_with(const char *method)
{
    char whole[sizeof text + 32];
    const char *at = strstr(text, "METHOD");
    lacuna_model *model = NULL;
    snprintf(whole, sizeof whole, "%.*s%s%s", (int)(at - text), text, method, at + 6);
    if (lacuna_model_read("drug.yaml", whole, NULL, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    return model;
}

static double mean_of(lacuna_simulation *simulation)
{
    double value = NAN;
    assert_fine(lacuna_simulation_value(simulation, "A_mean", &value));
    return value;
}

static void names_units_and_ranges_are_told(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_parameter parameter;
    lacuna_variable variable;
    size_t index;
    assert_string_equal(lacuna_model_title(model), "drug");
    assert_int_equal(lacuna_model_parameters(model), 4);
    assert_fine(lacuna_model_find_parameter(model, "D", &index));
    assert_fine(lacuna_model_parameter(model, index, &parameter));
    assert_string_equal(parameter.unit, "um^2/s");
    assert_near(parameter.value, 40, 1e-12);
    assert_near(parameter.high, 90, 1e-12);
    assert_string_equal(parameter.kind, "prior");
    assert_fine(lacuna_model_set_number(model, "D", 20));
    assert_fine(lacuna_model_parameter(model, index + 1, &parameter));
    assert_true(parameter.is_derived);
    assert_near(parameter.value, 40, 1e-12);
    assert_fine(lacuna_model_set(model, "D", "1.8e-9 dm^2/s"));
    assert_fine(lacuna_model_parameter(model, index, &parameter));
    assert_near(parameter.value, 18, 1e-12);
    assert_fine(lacuna_model_find_variable(model, "pool.A", &index));
    assert_fine(lacuna_model_variable(model, index, &variable));
    assert_false(variable.is_field);
    assert_string_equal(variable.name, "pool_A");
    assert_fine(lacuna_model_free(model));
}

/* 1 pg of 500 Da in 1e5 um^3. */
static void doses_have_the_right_size(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *simulation = simulation_of(model);
    double before, after;
    assert_fine(lacuna_simulation_advance_to(simulation, 60));
    assert_fine(lacuna_simulation_value(simulation, "pool_A", &before));
    assert_fine(lacuna_simulation_add(simulation, "pool.A", "1 pg", NULL));
    assert_fine(lacuna_simulation_value(simulation, "pool_A", &after));
    assert_near(after - before, 1e-12 / 500 / 1e-10 * 1e9, 1e-6);
    before = after;
    assert_fine(lacuna_simulation_add(simulation, "pool_A", "2 nM", NULL));
    assert_fine(lacuna_simulation_value(simulation, "pool_A", &after));
    assert_near(after - before, 2, 1e-9);
    assert_fine(lacuna_simulation_set_number(simulation, "pool.A", 7));
    assert_fine(lacuna_simulation_value(simulation, "pool_A", &after));
    assert_near(after, 7, 1e-12);
    assert_fine(lacuna_simulation_fire(simulation, "dose"));
    assert_fine(lacuna_simulation_value(simulation, "pool_A", &after));
    assert_near(after - 7, 1e-3 / 0.602214076, 1e-9); /* molecules per um^3 in nM */
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
}

/* Ten times the loss: the mean falls faster. */
static void a_parameter_that_is_set_counts_from_then_on(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *simulation = simulation_of(model), *other = simulation_of(model);
    double value;
    assert_fine(lacuna_simulation_advance_to(simulation, 600));
    assert_fine(lacuna_simulation_advance_to(other, 600));
    assert_true(mean_of(simulation) == mean_of(other));
    assert_fine(lacuna_simulation_set(other, "k", "0.05 1/min"));
    assert_fine(lacuna_simulation_parameter(other, "k", &value));
    assert_near(value, 3, 1e-12);
    assert_fine(lacuna_simulation_finish(simulation));
    assert_fine(lacuna_simulation_finish(other));
    assert_true(mean_of(other) < 0.8 * mean_of(simulation));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_simulation_free(other));
    assert_fine(lacuna_model_free(model));
}

static void a_copy_and_a_checkpoint_go_on_alike(void **state)
{
    (void)state;
    lacuna_model *model = model_with("exact");
    lacuna_simulation *one = simulation_of(model), *two = NULL;
    lacuna_checkpoint *kept = NULL;
    assert_fine(lacuna_simulation_advance_to(one, 500));
    assert_fine(lacuna_simulation_save(one, &kept));
    assert_fine(lacuna_simulation_copy(one, &two));
    assert_true(lacuna_simulation_time(two) == 500);
    assert_fine(lacuna_simulation_finish(one));
    assert_fine(lacuna_simulation_finish(two));
    const double end = mean_of(one);
    assert_true(mean_of(two) == end);
    assert_fine(lacuna_simulation_reset(two, 5, 0));
    assert_fine(lacuna_simulation_finish(two));
    assert_true(mean_of(two) != end);
    assert_fine(lacuna_simulation_restore(two, kept));
    assert_fine(lacuna_model_free(model)); /* what is left goes on without it */
    assert_true(lacuna_simulation_time(two) == 500);
    assert_fine(lacuna_simulation_finish(two));
    assert_true(mean_of(two) == end);
    assert_fine(lacuna_simulation_free(one));
    assert_fine(lacuna_simulation_free(two));
    assert_fine(lacuna_checkpoint_free(kept));
}

static void another_models_checkpoint_is_refused(void **state)
{
    (void)state;
    lacuna_model *model = model_with("exact"), *other = model_with("exact");
    lacuna_simulation *one = simulation_of(model);
    lacuna_checkpoint *kept = NULL;
    assert_fine(lacuna_simulation_advance_to(one, 500));
    assert_fine(lacuna_simulation_save(one, &kept));
    lacuna_simulation *same = simulation_of(other);
    assert_fine(lacuna_simulation_restore(same, kept));
    assert_fine(lacuna_model_set(other, "k", "0.4 1/h"));
    lacuna_simulation *two = simulation_of(other);
    assert_fine(lacuna_simulation_advance_to(two, 100));
    assert_refused(lacuna_simulation_restore(two, kept), LACUNA_INPUT, "another model");
    assert_true(lacuna_simulation_time(two) == 100);
    assert_fine(lacuna_checkpoint_free(kept));
    assert_refused(lacuna_simulation_restore(two, kept), LACUNA_MISUSE, "freed");
    lacuna_simulation_free(one);
    lacuna_simulation_free(two);
    lacuna_simulation_free(same);
    lacuna_model_free(model);
    lacuna_model_free(other);
}

static void a_checkpoint_after_the_end_is_refused(void **state)
{
    (void)state;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *one = simulation_of(model), *two = NULL;
    lacuna_checkpoint *last = NULL;
    assert_fine(lacuna_simulation_finish(one));
    assert_fine(lacuna_simulation_save(one, &last));
    assert_fine(lacuna_simulation_restore(one, last)); /* at the end is not after it */
    options.until = END / 2;
    assert_fine(lacuna_simulation_create(model, &options, &two));
    assert_fine(lacuna_simulation_advance_to(two, 100));
    assert_refused(lacuna_simulation_restore(two, last), LACUNA_INPUT, "ends at 900 s");
    assert_true(lacuna_simulation_time(two) == 100);
    assert_fine(lacuna_simulation_finish(two));
    assert_fine(lacuna_simulation_free(one));
    assert_fine(lacuna_simulation_free(two));
    assert_fine(lacuna_checkpoint_free(last));
    assert_fine(lacuna_model_free(model));
}

static void handles_that_are_none_are_refused(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *simulation = simulation_of(model);
    size_t index;
    assert_refused(lacuna_simulation_advance_to(NULL, 1), LACUNA_MISUSE, "NULL");
    assert_refused(lacuna_simulation_advance_to((lacuna_simulation *)(void *)model, 1),
                   LACUNA_MISUSE, "no simulation");
    assert_fine(lacuna_simulation_free(simulation));
    assert_refused(lacuna_simulation_advance_to(simulation, 1), LACUNA_MISUSE, "freed");
    assert_int_equal(lacuna_simulation_free(simulation), LACUNA_MISUSE);
    assert_int_equal(lacuna_simulation_cancel(simulation), LACUNA_MISUSE);
    assert_true(isnan(lacuna_simulation_time(simulation)));
    assert_fine(lacuna_model_free(model));
    assert_refused(lacuna_model_set(model, "k", "1 1/h"), LACUNA_MISUSE, "freed");
    assert_int_equal(lacuna_model_find_parameter(model, "k", &index), LACUNA_MISUSE);
    assert_int_equal(lacuna_model_free(model), LACUNA_MISUSE);
    assert_int_equal(lacuna_model_parameters(NULL), 0);
    assert_fine(lacuna_model_free(NULL));
    assert_int_equal(lacuna_model_load(NULL, &model), LACUNA_MISUSE);
    assert_null(model);
}

static void bad_calls_are_refused_and_change_nothing(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *one = simulation_of(model), *same = simulation_of(model), *none;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    size_t index;
    assert_refused(lacuna_model_find_parameter(model, "D_twise", &index), LACUNA_INPUT,
                   "did you mean 'D_twice'");
    assert_refused(lacuna_model_set(model, "k", "1 nM"), LACUNA_INPUT, "k");
    assert_int_equal(lacuna_model_problems(model), 1);
    assert_fine(lacuna_simulation_advance_to(one, 100));
    assert_fine(lacuna_simulation_advance_to(same, 100));
    assert_refused(lacuna_simulation_advance_to(one, 99), LACUNA_MISUSE, "back");
    assert_string_equal(lacuna_simulation_error(one), lacuna_error());
    assert_refused(lacuna_simulation_advance_to(one, NAN), LACUNA_MISUSE, "not a number");
    assert_refused(lacuna_simulation_advance_to(one, 2 * END), LACUNA_MISUSE, "ends at");
    assert_refused(lacuna_simulation_set(one, "k", "3 nM"), LACUNA_INPUT, "'k' is");
    assert_refused(lacuna_simulation_set(one, "V", "3 mL"), LACUNA_INPUT, "fixed");
    assert_refused(lacuna_simulation_set(one, "D_twice", "3 um^2/s"), LACUNA_INPUT, "follows");
    assert_refused(lacuna_simulation_set(one, "kk", "3 1/h"), LACUNA_INPUT, "'kk'");
    assert_refused(lacuna_simulation_set_number(one, "k", NAN), LACUNA_INPUT, "nan");
    assert_refused(lacuna_simulation_set(one, "pool.A", "-3 nM"), LACUNA_INPUT, "below zero");
    assert_refused(lacuna_simulation_add(one, "pool.A", "3 s", NULL), LACUNA_INPUT, "'3 s'");
    assert_refused(lacuna_simulation_add(one, "pool.B", "3 nM", NULL), LACUNA_INPUT, "pool.A");
    assert_refused(lacuna_simulation_add(one, "pool.A", "3 nM", "top"), LACUNA_INPUT, "regions");
    assert_refused(lacuna_simulation_fire(one, "dos"), LACUNA_INPUT, "did you mean 'dose'");
    options.seed = 1.5;
    assert_refused(lacuna_simulation_create(model, &options, &none), LACUNA_INPUT, "seed");
    options = (lacuna_options){.threads = 1};
    assert_refused(lacuna_simulation_create(model, &options, &none), LACUNA_MISUSE, "options");
    assert_null(none);
    assert_fine(lacuna_simulation_finish(one));
    assert_fine(lacuna_simulation_finish(same));
    assert_true(mean_of(one) == mean_of(same));
    assert_fine(lacuna_simulation_free(one));
    assert_fine(lacuna_simulation_free(same));
    assert_fine(lacuna_model_free(model));
}

static lacuna_model *two_tissues(void)
{
    static const char two[] = "lacuna: 1\n"
                              "domains: {left: {kind: tissue}, right: {kind: tissue}}\n"
                              "species: {A: {left: {initial: 1 pM}, right: {initial: 2 pM}}}\n"
                              "tissue:\n"
                              "  left: {size: [20 um, 20 um, 100 um], voxel: 20 um}\n"
                              "  right: {size: [40 um, 20 um, 60 um],\n"
                              "          voxel: [20 um, 20 um, {bounds: [0 um, 20 um, 60 um]}]}\n"
                              "run: {until: 1 h}\n";
    lacuna_model *model = NULL;
    if (lacuna_model_read("two.yaml", two, NULL, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    return model;
}

static void each_of_two_tissues_has_its_grid(void **state)
{
    (void)state;
    lacuna_model *model = two_tissues();
    lacuna_simulation *simulation = simulation_of(model);
    static const char *const names[] = {"left", "right"};
    static const size_t voxels[2][3] = {{1, 1, 5}, {2, 1, 2}};
    static const double depths[] = {0, 20, 60}, thickness[] = {20, 30};
    assert_int_equal(lacuna_model_tissues(model), 2);
    for (size_t tissue = 0; tissue < 2; tissue++) {
        const char *name;
        lacuna_variable variable;
        lacuna_values values;
        lacuna_grid grid;
        const double *bounds;
        size_t layers;
        assert_fine(lacuna_model_tissue(model, tissue, &name));
        assert_string_equal(name, names[tissue]);
        assert_fine(lacuna_model_variable(model, tissue, &variable));
        assert_int_equal(variable.tissue, tissue);
        assert_fine(lacuna_simulation_variable(simulation, tissue, &values));
        assert_int_equal(values.count, tissue == 0 ? 5 : 4);
        assert_near(values.value[2] * values.factor, (double)tissue + 1, 1e-12);
        assert_fine(lacuna_simulation_grid_of(simulation, tissue, &grid));
        assert_memory_equal(grid.voxels, voxels[tissue], sizeof grid.voxels);
        assert_near(grid.size[2], thickness[tissue], 1e-12);
        assert_fine(lacuna_simulation_layers_of(simulation, tissue, &bounds, &layers));
        assert_int_equal(layers, tissue == 0 ? 0 : 2);
        for (size_t k = 0; k < 3 && layers; k++)
            assert_near(bounds[k], depths[k], 1e-12);
    }
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
}

static void a_tissue_that_is_not_named_is_refused(void **state)
{
    (void)state;
    lacuna_model *model = two_tissues();
    lacuna_simulation *simulation = simulation_of(model);
    const char *name;
    lacuna_grid grid;
    const double *bounds;
    size_t layers;
    assert_refused(lacuna_simulation_grid(simulation, &grid), LACUNA_MISUSE, "2 tissues");
    assert_refused(lacuna_simulation_layers(simulation, &bounds, &layers), LACUNA_MISUSE,
                   "lacuna_simulation_layers_of");
    assert_refused(lacuna_simulation_grid_of(simulation, 2, &grid), LACUNA_MISUSE, "tissue 2");
    assert_refused(lacuna_simulation_layers_of(simulation, 2, &bounds, &layers), LACUNA_MISUSE,
                   "tissue 2");
    assert_refused(lacuna_simulation_grid_of(simulation, 0, NULL), LACUNA_MISUSE, "grid");
    assert_refused(lacuna_model_tissue(model, 2, &name), LACUNA_MISUSE, "tissue 2");
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
}

/* Those of a grid whose layers are alike are told by its size. */
static void layers_that_differ_have_bounds(void **state)
{
    (void)state;
    static const char graded[] =
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}}\n"
        "species: {A: {gel: {initial: 1 pM * depth / (10 um)}}}\n"
        "tissue: {size: [20 um, 20 um, 70 um], voxel: [20 um, 20 um, LAYERS]}\n"
        "run: {until: 1 h}\n";
    static const char *const layers[2] = {"{bounds: [0 um, 10 um, 30 um, 70 um]}", "35 um"};
    static const double expected[] = {0, 10, 30, 70};
    for (int even = 0; even < 2; even++) {
        char yaml[400];
        const char *mark = strstr(graded, "LAYERS");
        snprintf(yaml, sizeof yaml, "%.*s%s%s", (int)(mark - graded), graded, layers[even],
                 mark + 6);
        lacuna_model *model = NULL;
        lacuna_grid grid;
        const double *bounds = expected;
        size_t count = 9;
        lacuna_values values;
        assert_fine(lacuna_model_read("graded.yaml", yaml, NULL, &model));
        lacuna_simulation *simulation = simulation_of(model);
        assert_fine(lacuna_simulation_grid(simulation, &grid));
        assert_int_equal(grid.voxels[2], even ? 2 : 3);
        assert_near(grid.size[2], 70.0 / (even ? 2 : 3), 1e-12);
        assert_fine(lacuna_simulation_layers(simulation, &bounds, &count));
        assert_int_equal(count, even ? 0 : 3);
        if (even)
            assert_null(bounds);
        assert_fine(lacuna_simulation_variable(simulation, 0, &values));
        for (size_t k = 0; k < count; k++) {
            assert_near(bounds[k], expected[k], 1e-12);
            assert_near(values.value[k] * values.factor, (bounds[k] + bounds[k + 1]) / 20, 1e-9);
        }
        assert_refused(lacuna_simulation_layers(simulation, NULL, &count), LACUNA_MISUSE, "bounds");
        lacuna_simulation_free(simulation);
        lacuna_model_free(model);
    }
}

static void what_is_wrong_with_a_text_is_a_list(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    lacuna_problem problem;
    assert_int_equal(lacuna_model_read("bad.yaml",
                                       "lacuna: 1\ntitle: bad\nspecies:\n  A: {nowhere: {}}\n",
                                       NULL, &model),
                     LACUNA_INPUT);
    assert_non_null(model);
    assert_true(lacuna_model_problems(model) > 0);
    assert_fine(lacuna_model_problem(model, 0, &problem));
    assert_string_equal(problem.file, "bad.yaml");
    assert_true(problem.line > 0 && problem.column > 0 && *problem.message);
    assert_int_equal(lacuna_model_problem(model, 1000, &problem), LACUNA_MISUSE);
    lacuna_parameter parameter;
    assert_int_equal(lacuna_model_parameter(model, 0, &parameter), LACUNA_MISUSE);
    assert_text_has(lacuna_model_error(model), "could not be loaded");
    assert_int_equal(lacuna_model_set(model, "k", "1"), LACUNA_MISUSE);
    assert_fine(lacuna_model_free(model));
    assert_int_equal(lacuna_model_load("/no/such/file.yaml", &model), LACUNA_NO_INPUT);
    assert_text_has(lacuna_model_error(model), "/no/such/file.yaml");
    assert_fine(lacuna_model_free(model));
}

/* Looks at the values of the run that called, which nothing else may touch. */
static int stop_at_half(void *context, double time)
{
    lacuna_simulation *simulation = *(lacuna_simulation **)context;
    double value;
    assert_fine(lacuna_simulation_value(simulation, "A_mean", &value));
    assert_int_equal(lacuna_simulation_advance_to(simulation, END), LACUNA_MISUSE);
    assert_int_equal(lacuna_simulation_free(simulation), LACUNA_MISUSE);
    return time > END / 2;
}

static void a_callback_cancels(void **state)
{
    (void)state;
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *simulation = NULL, *other = simulation_of(model);
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.progress = stop_at_half;
    options.context = &simulation;
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    assert_int_equal(lacuna_simulation_finish(simulation), LACUNA_CANCELLED);
    double time = lacuna_simulation_time(simulation);
    assert_true(time > END / 2 && time < END);
    assert_fine(lacuna_simulation_cancel(other));
    assert_int_equal(lacuna_simulation_finish(other), LACUNA_CANCELLED);
    assert_text_has(lacuna_simulation_error(other), "cancelled at t = ");
    assert_fine(lacuna_simulation_finish(other));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_simulation_free(other));
    assert_fine(lacuna_model_free(model));
}

/* The library knows of no signal, no command and no option. */
static void a_cancelled_result_says_where_its_checkpoint_is(void **state)
{
    (void)state;
    char path[] = "/tmp/lacuna-library-XXXXXX", checkpoint[64], sentence[128];
    lacuna_model *model = model_with("mean-field");
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    close(mkstemp(path));
    options.result = path;
    assert_int_equal(lacuna_simulation_create(model, &options, &simulation), LACUNA_EXISTS);
    snprintf(sentence, sizeof sentence, "%s exists", path);
    assert_string_equal(lacuna_error(), sentence);
    options.overwrite = 1;
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    assert_fine(lacuna_simulation_cancel(simulation));
    assert_int_equal(lacuna_simulation_finish(simulation), LACUNA_CANCELLED);
    assert_fine(lacuna_checkpoint_beside(path, checkpoint, sizeof checkpoint));
    snprintf(sentence, sizeof sentence, "s; the checkpoint is %s", checkpoint);
    assert_text_has(lacuna_simulation_error(simulation), sentence);
    assert_null(strstr(lacuna_simulation_error(simulation), "lacuna resume"));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_model_free(model));
    assert_int_equal(remove(checkpoint), 0);
    assert_int_equal(remove(path), 0);
}

/* The same numbers with a file, which is whole at the end; it cannot be copied or reset. */
static void a_result_is_written_on_the_way(void **state)
{
    (void)state;
    char path[] = "/tmp/lacuna-library-XXXXXX";
    lacuna_model *model = model_with("exact");
    lacuna_simulation *plain = simulation_of(model), *filed = NULL, *copy;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    close(mkstemp(path));
    options.result = path;
    assert_refused(lacuna_simulation_create(model, &options, &filed), LACUNA_EXISTS, path);
    options.overwrite = 1;
    remove(path);
    assert_fine(lacuna_simulation_create(model, &options, &filed));
    for (int step = 0; step < 2; step++) {
        lacuna_simulation *each = step ? plain : filed;
        assert_fine(lacuna_simulation_advance_to(each, 500));
        assert_fine(lacuna_simulation_add(each, "pool.A", "5 pM", NULL));
        assert_fine(lacuna_simulation_finish(each));
    }
    assert_true(mean_of(plain) == mean_of(filed));
    assert_refused(lacuna_simulation_reset(filed, 1, 1), LACUNA_MISUSE, "result");
    assert_refused(lacuna_simulation_copy(filed, &copy), LACUNA_MISUSE, "result");
    assert_fine(lacuna_simulation_free(filed));
    assert_fine(lacuna_simulation_free(plain));
    assert_fine(lacuna_model_free(model));
    assert_int_equal(remove(path), 0);
}

/* --- several at once */

enum { THREADS = 4, TURNS = 3 };

typedef struct job {
    const lacuna_model *model;
    int index;
    double mean;
    int code;
} job;

static int run_job(job *it)
{
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.seed = it->index;
    options.threads = 1 + it->index % 2;
    int code = lacuna_simulation_create(it->model, &options, &simulation);
    for (int step = 1; step <= 10 && code == LACUNA_OK; step++)
        code = lacuna_simulation_advance_to(simulation, END / 10 * step);
    if (code == LACUNA_OK)
        code = lacuna_simulation_value(simulation, "A_mean", &it->mean);
    lacuna_simulation_free(simulation);
    return code;
}

static void *work(void *context)
{
    job *it = context;
    for (int turn = 0; turn < TURNS && it->code == LACUNA_OK; turn++)
        it->code = run_job(it);
    return NULL;
}

static void simulations_in_four_threads_are_as_if_alone(void **state)
{
    (void)state;
    lacuna_model *model[2] = {model_with("exact"), model_with("mean-field")};
    pthread_t thread[THREADS];
    job jobs[THREADS], alone;
    for (int k = 0; k < THREADS; k++) {
        jobs[k] = (job){.model = model[k % 2], .index = k};
        assert_int_equal(pthread_create(&thread[k], NULL, work, &jobs[k]), 0);
    }
    for (int k = 0; k < THREADS; k++)
        assert_int_equal(pthread_join(thread[k], NULL), 0);
    for (int k = 0; k < THREADS; k++) {
        assert_fine(jobs[k].code);
        alone = (job){.model = model[k % 2], .index = k};
        assert_fine(run_job(&alone));
        assert_true(alone.mean == jobs[k].mean);
    }
    assert_true(jobs[0].mean != jobs[2].mean);
    assert_fine(lacuna_model_free(model[0]));
    assert_fine(lacuna_model_free(model[1]));
}

/* --- without memory */

/* All that a program does. */
static int whole_program(const char *whole)
{
    lacuna_model *model = NULL;
    lacuna_simulation *one = NULL, *two = NULL;
    lacuna_checkpoint *kept = NULL;
    double value;
    int code = lacuna_model_read("drug.yaml", whole, NULL, &model);
    if (!code)
        code = lacuna_model_set(model, "k", "0.2 1/h");
    if (!code)
        code = lacuna_simulation_create(model, NULL, &one);
    if (!code)
        code = lacuna_simulation_advance_to(one, 400);
    if (!code)
        code = lacuna_simulation_add(one, "pool.A", "2 nM", NULL);
    if (!code)
        code = lacuna_simulation_save(one, &kept);
    if (!code)
        code = lacuna_simulation_copy(one, &two);
    if (!code)
        code = lacuna_simulation_restore(two, kept);
    if (!code)
        code = lacuna_simulation_value(two, "A_mean", &value);
    if (!code)
        code = lacuna_simulation_reset(two, 1, 1);
    lacuna_simulation_free(one);
    lacuna_simulation_free(two);
    lacuna_checkpoint_free(kept);
    lacuna_model_free(model);
    return code;
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    char whole[sizeof text + 32];
    const char *at = strstr(text, "METHOD");
    snprintf(whole, sizeof whole, "%.*smean-field%s", (int)(at - text), text, at + 6);
    any_allocation_of(whole_program, whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_units_and_ranges_are_told),
        cmocka_unit_test(each_of_two_tissues_has_its_grid),
        cmocka_unit_test(a_tissue_that_is_not_named_is_refused),
        cmocka_unit_test(layers_that_differ_have_bounds),
        cmocka_unit_test(doses_have_the_right_size),
        cmocka_unit_test(a_parameter_that_is_set_counts_from_then_on),
        cmocka_unit_test(a_copy_and_a_checkpoint_go_on_alike),
        cmocka_unit_test(another_models_checkpoint_is_refused),
        cmocka_unit_test(a_checkpoint_after_the_end_is_refused),
        cmocka_unit_test(handles_that_are_none_are_refused),
        cmocka_unit_test(bad_calls_are_refused_and_change_nothing),
        cmocka_unit_test(what_is_wrong_with_a_text_is_a_list),
        cmocka_unit_test(a_callback_cancels),
        cmocka_unit_test(a_cancelled_result_says_where_its_checkpoint_is),
        cmocka_unit_test(a_result_is_written_on_the_way),
        cmocka_unit_test(simulations_in_four_threads_are_as_if_alone),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
