/* Runs in memory: the numbers of a run with a result, back to the start and again, copies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "base/memory.h"
#include "store/store.h"

#include <string.h>

/* Events of all kinds change values and parameters on the way; first() remembers. */
#define BUSY BUSY_OF("discrete")
#define BUSY_OF(REPRESENTATION)                                                                    \
    "lacuna: 1\n"                                                                                  \
    "title: busy\n"                                                                                \
    "domains:\n"                                                                                   \
    "  slab: {kind: tissue}\n"                                                                     \
    "  pool: {kind: well-mixed, volume: 1e5 um^3}\n"                                               \
    "species:\n"                                                                                   \
    "  A: {unit: molecule, slab: {initial: 2e-3 molecule/um^3, diffusivity: 40 um^2/s},\n"         \
    "      pool: {initial: 3e-3 molecule/um^3}}\n"                                                 \
    "  B: {unit: molecule, slab: {initial: 0 nM, representation: " REPRESENTATION "}}\n"           \
    "parameters:\n"                                                                                \
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"                        \
    "reactions:\n"                                                                                 \
    "  change: {in: slab, equation: \"A -> B\", rate: k * A}\n"                                    \
    "interfaces:\n"                                                                                \
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"                                      \
    "events:\n"                                                                                    \
    "  dose: {at: 5 min, add: {pool.A: 1e-3 molecule/um^3}}\n"                                     \
    "  faster: {when: mean(B) > 1e-4 molecule/um^3, set: {k: 0.9 1/h}}\n"                          \
    "observables:\n"                                                                               \
    "  A_mean: mean(A)\n"                                                                          \
    "  reached: first(mean(B) > 2e-4 molecule/um^3)\n"                                             \
    "tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um}\n"                                       \
    "run: {until: 30 min, method: exact, seed: 4, save: {every: 3 min}}\n"

enum { FRAMES = 16, SERIES = 8 };

typedef struct film {
    size_t frames, count;
    double time[FRAMES], value[FRAMES][SERIES];
} film;

static lac_status keep_frame(void *context, const lac_simulation *simulation, bool fields)
{
    film *made = context;
    const double *value = lac_simulation_values(simulation, &made->count);
    (void)fields;
    assert_true(made->frames < FRAMES && made->count <= SERIES);
    made->time[made->frames] = lac_simulation_state(simulation)->time;
    memcpy(made->value[made->frames++], value, made->count * sizeof *value);
    return LAC_OK;
}

static lac_simulation *simulation_of(const lac_model *model, film *made)
{
    lac_simulation *simulation = NULL;
    lac_run_options options = {.frame = keep_frame, .context = made};
    assert_ok(lac_simulation_create(model, &options, &simulation));
    return simulation;
}

static film film_of(lac_model *model, double replicate)
{
    film made = {0};
    model->settings.replicate = replicate;
    lac_simulation *simulation = simulation_of(model, &made);
    assert_ok(lac_simulation_run(simulation));
    lac_simulation_free(simulation);
    return made;
}

static void assert_same_film(const film *a, const film *b)
{
    assert_int_equal(a->frames, b->frames);
    assert_true(a->frames > 8);
    assert_memory_equal(a->time, b->time, a->frames * sizeof *a->time);
    assert_memory_equal(a->value, b->value, a->frames * sizeof *a->value);
}

static void a_run_in_memory_has_the_numbers_of_a_result(void **state)
{
    (void)state;
    static const char *const path[] = {"/A_mean", "/reached", "/pool_A"};
    lac_model *model = model_from(BUSY);
    lac_store *store = NULL;
    lac_simulation *simulation = NULL;
    film made = film_of(model, 2);
    lac_run_options options = {.result = in_scratch("busy.nc"), .force = true};
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_ok(lac_simulation_run(simulation));
    lac_simulation_free(simulation);
    assert_ok(lac_store_open(in_scratch("busy.nc"), false, &store));
    assert_int_equal(made.count, 3);
    for (size_t series = 0; series < 3; series++) {
        double *value = NULL;
        size_t rank, length[8];
        assert_ok(lac_store_read(store, path[series], &value, &rank, length));
        assert_int_equal(length[0], made.frames);
        for (size_t frame = 0; frame < made.frames; frame++)
            assert_memory_equal(&value[frame], &made.value[frame][series], sizeof *value);
        lac_free(value);
    }
    lac_store_close(store);
    lac_model_free(model);
}

/* Replicates one after the other in one simulation, in any order, each as if alone. */
static void a_reset_gives_the_bits_of_a_new_simulation(const char *method)
{
    lac_model *model = model_from(BUSY);
    snprintf(model->settings.method, sizeof model->settings.method, "%s", method);
    film again = {0}, first = film_of(model, 0), second = film_of(model, 7);
    bool chance = strcmp(method, "mean-field") != 0;
    assert_true((memcmp(first.value, second.value, sizeof first.value) != 0) == chance);
    model->settings.replicate = 0;
    lac_simulation *simulation = simulation_of(model, &again);
    assert_ok(lac_simulation_run(simulation));
    for (int turn = 0; turn < 4; turn++) {
        again = (film){0};
        model->settings.replicate = turn % 2 ? 0 : 7;
        assert_ok(lac_simulation_reset(simulation));
        if (turn == 2) { /* left half way */
            assert_ok(lac_simulation_advance(simulation, 500));
            continue;
        }
        assert_ok(lac_simulation_run(simulation));
        assert_same_film(&again, turn % 2 ? &first : &second);
    }
    lac_simulation_free(simulation);
    lac_model_free(model);
}

static void a_reset_is_as_new_exact(void **state)
{
    (void)state;
    a_reset_gives_the_bits_of_a_new_simulation("exact");
}

static void a_reset_is_as_new_mean_field(void **state)
{
    (void)state;
    a_reset_gives_the_bits_of_a_new_simulation("mean-field");
}

static void a_reset_is_as_new_hybrid(void **state)
{
    (void)state;
    a_reset_gives_the_bits_of_a_new_simulation("hybrid");
}

/* A copy goes on in the same and in another simulation as the run that it was taken from. */
static void a_copy_goes_on_to_the_same_bits(const char *method, const char *text)
{
    lac_model *model = model_from(text);
    snprintf(model->settings.method, sizeof model->settings.method, "%s", method);
    film whole = {0}, rest = {0};
    lac_memory_checkpoint *kept = NULL;
    lac_simulation *one = simulation_of(model, &whole), *other = simulation_of(model, &rest);
    assert_ok(lac_simulation_advance(one, 1000));
    assert_true(lac_simulation_state(one)->time == 1000);
    assert_ok(lac_simulation_copy(one, &kept));
    const size_t before = whole.frames;
    assert_int_equal(before, 6);
    assert_ok(lac_simulation_run(one));
    const film all = whole;
    lac_simulation *const taker[] = {other, one};
    film *const made[] = {&rest, &whole};
    for (int turn = 0; turn < 2; turn++) {
        *made[turn] = all;
        made[turn]->frames = before;
        memset(made[turn]->value[before], 0, (FRAMES - before) * sizeof *all.value);
        assert_ok(lac_simulation_restore(taker[turn], kept));
        assert_ok(lac_simulation_run(taker[turn]));
        assert_same_film(made[turn], &all);
    }
    lac_memory_checkpoint_free(kept);
    lac_simulation_free(one);
    lac_simulation_free(other);
    lac_model_free(model);
}

static void a_copy_goes_on_exact(void **state)
{
    (void)state;
    a_copy_goes_on_to_the_same_bits("exact", BUSY);
}

static void a_copy_goes_on_mean_field(void **state)
{
    (void)state;
    a_copy_goes_on_to_the_same_bits("mean-field", BUSY);
}

static void a_copy_goes_on_hybrid(void **state)
{
    (void)state;
    a_copy_goes_on_to_the_same_bits("hybrid", BUSY);
}

/* What is discrete at the start is continuous when the copy is taken. */
static void a_copy_goes_on_in_another_representation(void **state)
{
    (void)state;
    a_copy_goes_on_to_the_same_bits("hybrid", BUSY_OF("{discrete_below: 1, continuous_above: 2}"));
}

static void a_copy_of_another_model_is_refused(void **state)
{
    (void)state;
    lac_model *busy = model_from(BUSY), *decay = model_from(DECAY);
    film made = {0};
    lac_memory_checkpoint *kept = NULL;
    lac_simulation *one = simulation_of(busy, &made), *other = simulation_of(decay, &made);
    assert_ok(lac_simulation_copy(one, &kept));
    assert_int_equal(lac_simulation_restore(other, kept), LAC_INPUT);
    assert_ok(lac_simulation_run(other)); /* it stands at its own start */
    lac_memory_checkpoint_free(kept);
    lac_simulation_free(one);
    lac_simulation_free(other);
    lac_model_free(busy);
    lac_model_free(decay);
}

static lac_request ask_to_leave(void *context, const lac_progress *progress)
{
    (void)context;
    return progress->time > 700 ? LAC_STOP : LAC_CONTINUE;
}

static void a_run_in_memory_that_is_asked_leaves_without_a_file(void **state)
{
    (void)state;
    lac_model *model = model_from(BUSY);
    lac_simulation *simulation = NULL;
    lac_run_options options = {.progress = ask_to_leave};
    assert_ok(lac_simulation_create(model, &options, &simulation));
    assert_int_equal(lac_simulation_run(simulation), LAC_INTERRUPTED);
    assert_true(lac_simulation_state(simulation)->time < 1800);
    lac_simulation_free(simulation);
    lac_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_in_memory_has_the_numbers_of_a_result),
        cmocka_unit_test(a_reset_is_as_new_exact),
        cmocka_unit_test(a_reset_is_as_new_mean_field),
        cmocka_unit_test(a_reset_is_as_new_hybrid),
        cmocka_unit_test(a_copy_goes_on_exact),
        cmocka_unit_test(a_copy_goes_on_mean_field),
        cmocka_unit_test(a_copy_goes_on_hybrid),
        cmocka_unit_test(a_copy_goes_on_in_another_representation),
        cmocka_unit_test(a_copy_of_another_model_is_refused),
        cmocka_unit_test(a_run_in_memory_that_is_asked_leaves_without_a_file),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
