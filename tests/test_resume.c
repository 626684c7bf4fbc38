/* From which checkpoints a run goes on: older generations, other builds and versions, settings that
 * may differ; and runs whose checkpoints cannot be written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run_scene.h"

#include "base/memory.h"
#include "store/checkpoint_file.h"
#include "store/checksum.h"
#include "store/store.h"

#include <sys/stat.h>

/* Says when to leave, and hears what is said. */
typedef struct boss {
    size_t steps, leave_after; /* 0 = never */
    size_t warnings;
    char warning[2048]; /* the last */
} boss;

static lac_request be_boss(void *context, const lac_progress *progress)
{
    boss *b = context;
    (void)progress;
    return ++b->steps == b->leave_after ? LAC_STOP : LAC_CONTINUE;
}

static void hear(void *context, const char *sentence)
{
    boss *b = context;
    b->warnings++;
    snprintf(b->warning, sizeof b->warning, "%s", sentence);
}

static lac_run_options options_for(boss *b)
{
    return (lac_run_options){.result = in_scratch("run.nc"),
                             .force = true,
                             .progress = be_boss,
                             .warning = hear,
                             .context = b};
}

/* Runs until `leave_after` steps, with a checkpoint after each when `every` says so. */
static lac_status run(lac_model *model, const char *checkpoint, double every, boss *b)
{
    lac_simulation *simulation = NULL;
    lac_run_options options = options_for(b);
    options.checkpoint = checkpoint;
    model->settings.checkpoint_every = every;
    lac_status status = lac_simulation_create(model, &options, &simulation);
    if (status == LAC_OK)
        status = lac_simulation_run(simulation);
    lac_simulation_free(simulation);
    return status;
}

static lac_status resume(lac_model *model, const char *checkpoint, boss *b)
{
    lac_simulation *simulation = NULL;
    lac_run_options options = options_for(b);
    lac_status status = lac_simulation_resume(model, checkpoint, &options, &simulation);
    if (status == LAC_OK)
        status = lac_simulation_run(simulation);
    lac_simulation_free(simulation);
    return status;
}

/* The series of the pool in the result. */
static size_t values_of(double **values)
{
    lac_store *store = NULL;
    size_t rank, length[8];
    assert_ok(lac_store_open(in_scratch("run.nc"), false, &store));
    assert_ok(lac_store_read(store, "/pool_A", values, &rank, length));
    assert_ok(lac_store_close(store));
    return length[0];
}

static double *whole;
static size_t frames;

/* A run of nine steps, each with its checkpoint, that was left; `whole` is what it will be. */
static lac_model *leave_slab(void)
{
    lac_model *model = model_from(SLAB);
    boss calm = {0}, hurried = {.leave_after = 9};
    lac_free(whole);
    assert_ok(run(model, NULL, 0, &calm));
    frames = values_of(&whole);
    assert_int_equal(run(model, NULL, 1e-9, &hurried), LAC_INTERRUPTED);
    assert_int_equal(hurried.warnings, 0);
    return model;
}

static void is_whole(void)
{
    double *values = NULL;
    assert_int_equal(values_of(&values), frames);
    assert_memory_equal(values, whole, frames * sizeof *whole);
    lac_free(values);
}

static size_t load_file(const char *name, unsigned char *bytes, size_t most)
{
    FILE *file = fopen(in_scratch(name), "rb");
    assert_non_null(file);
    size_t count = fread(bytes, 1, most, file);
    assert_true(count < most);
    fclose(file);
    return count;
}

static void save_file(const char *name, const unsigned char *bytes, size_t count)
{
    FILE *file = fopen(in_scratch(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void damage(const char *name)
{
    static unsigned char bytes[1 << 16];
    size_t count = load_file(name, bytes, sizeof bytes);
    bytes[count / 2] ^= 0x10;
    save_file(name, bytes, count);
}

/* Changes bytes of the checkpoint, and its checksum with them. */
static void forge(size_t offset, const void *change, size_t count)
{
    static unsigned char bytes[1 << 16];
    size_t all = load_file("run.ckpt", bytes, sizeof bytes);
    memcpy(bytes + offset, change, count);
    uint64_t sum = lac_checksum(0, bytes, all - sizeof sum);
    memcpy(bytes + all - sizeof sum, &sum, sizeof sum);
    save_file("run.ckpt", bytes, all);
}

static size_t find_in_checkpoint(const char *text)
{
    static unsigned char bytes[1 << 16];
    size_t all = load_file("run.ckpt", bytes, sizeof bytes), length = strlen(text);
    for (size_t at = 0; at + length < all; at++)
        if (memcmp(bytes + at, text, length) == 0)
            return at;
    fail_msg("no '%s' in the checkpoint", text);
    return 0;
}

static void a_damaged_checkpoint_gives_way_to_the_one_before(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    boss b = {.leave_after = 1}, c = {0};
    damage("run.ckpt");
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_INTERRUPTED);
    assert_int_equal(b.warnings, 1);
    assert_text_has(b.warning, "run.ckpt: the checkpoint is damaged");
    assert_text_has(b.warning, "continuing from the previous checkpoint");
    /* both generations are whole again */
    lac_checkpoint_found found;
    assert_ok(lac_checkpoint_find(in_scratch("run.ckpt.1"), &found));
    lac_checkpoint_found_free(&found);
    assert_ok(resume(model, in_scratch("run.ckpt"), &c));
    assert_int_equal(c.warnings, 0);
    is_whole();
    lac_model_free(model);
}

static void a_missing_checkpoint_gives_way_to_the_one_before(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    boss b = {0};
    unlink(in_scratch("run.ckpt"));
    assert_true(lac_checkpoint_exists(in_scratch("run.ckpt")));
    assert_ok(resume(model, in_scratch("run.ckpt"), &b));
    assert_int_equal(b.warnings, 1);
    is_whole();
    lac_model_free(model);
}

static void two_damaged_checkpoints_are_both_named(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    boss b = {0};
    damage("run.ckpt");
    damage("run.ckpt.1");
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "run.ckpt: the checkpoint is damaged");
    assert_text_has(lac_failure(), "run.ckpt.1: the checkpoint is damaged");
    unlink(in_scratch("run.ckpt.1"));
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_NO_INPUT);
    assert_null(strstr(lac_failure(), "run.ckpt.1"));
    lac_model_free(model);
}

static void another_build_is_accepted_and_told(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    boss b = {0};
    forge(find_in_checkpoint("GSL "), "gsl", 3);
    assert_ok(resume(model, in_scratch("run.ckpt"), &b));
    assert_int_equal(b.warnings, 1);
    assert_text_has(b.warning, "written by another build");
    is_whole();
    lac_model_free(model);
}

/* Whole, but not for this program: the generation before would be no better. */
static void another_version_format_or_byte_order_is_refused(void **state)
{
    (void)state;
    boss b = {0};
    uint64_t format = 1, order = UINT64_C(0x0807060504030201);
    lac_model *model = leave_slab();
    forge(find_in_checkpoint(PACKAGE_VERSION), "9", 1);
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_INPUT);
    assert_text_has(lac_failure(), "was written by lacuna 9");
    lac_model_free(model);
    model = leave_slab();
    forge(16, &format, sizeof format);
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_INPUT);
    assert_text_has(lac_failure(), "checkpoint format 1");
    lac_model_free(model);
    model = leave_slab();
    forge(8, &order, sizeof order);
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_INPUT);
    assert_text_has(lac_failure(), "another byte order");
    lac_model_free(model);
}

static void settings_that_change_no_bit_may_differ(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    lac_settings *settings = &model->settings;
    boss b = {0};
    settings->checkpoint_every = 3600;
    settings->compression = 9;
    settings->closure_tolerance *= 2;
    settings->max_events *= 2;
    assert_ok(resume(model, in_scratch("run.ckpt"), &b));
    is_whole();
    lac_model_free(model);
    model = leave_slab();
    model->settings.rtol *= 2;
    assert_int_equal(resume(model, in_scratch("run.ckpt"), &b), LAC_INPUT);
    assert_text_has(lac_failure(), "not the one");
    assert_int_equal(b.warnings, 0);
    lac_model_free(model);
}

/* A file in place of the directory: nothing can be written there, not even by root. */
static void a_checkpoint_that_cannot_be_written_is_told_once_and_the_run_goes_on(void **state)
{
    (void)state;
    lac_model *model = leave_slab();
    boss b = {0}, c = {.leave_after = 3};
    char nowhere[160];
    save_file("file", (const unsigned char *)"x", 1);
    snprintf(nowhere, sizeof nowhere, "%s/file/run.ckpt", scratch);
    assert_ok(run(model, nowhere, 1e-9, &b));
    assert_int_equal(b.warnings, 1);
    assert_text_has(b.warning, "cannot write the checkpoint: Not a directory");
    assert_text_has(b.warning, "the run continues");
    is_whole();
    /* who asked for a checkpoint is not told that there is one */
    assert_int_equal(run(model, nowhere, 0, &c), LAC_FILE);
    assert_text_has(lac_failure(), "cannot write the checkpoint");
    lac_model_free(model);
}

/* The directory of a run is renamed under its hands, and back. */
static lac_request move_away(void *context, const lac_progress *progress)
{
    boss *b = context;
    (void)progress;
    if (++b->steps == 4)
        assert_int_equal(rename(in_scratch("here"), in_scratch("there")), 0);
    return LAC_CONTINUE;
}

static lac_status run_in_directory(lac_progress_call progress, boss *b)
{
    lac_model *model = model_from(SLAB);
    lac_simulation *simulation = NULL;
    lac_run_options options = options_for(b);
    char result[160];
    snprintf(result, sizeof result, "%s/here/run.nc", scratch);
    options.result = result;
    options.progress = progress;
    model->settings.checkpoint_every = 1e-9;
    lac_status status = lac_simulation_create(model, &options, &simulation);
    if (status == LAC_OK)
        status = lac_simulation_run(simulation);
    lac_simulation_free(simulation);
    lac_model_free(model);
    return status;
}

static void a_run_whose_directory_is_renamed_ends_whole_in_its_new_place(void **state)
{
    (void)state;
    boss b = {0};
    lac_model_free(leave_slab());
    assert_ok(run_in_directory(move_away, &b));
    assert_int_equal(b.warnings, 1);
    assert_text_has(b.warning, "No such file");
    assert_int_equal(rename(in_scratch("there/run.nc"), in_scratch("run.nc")), 0);
    is_whole();
}

static lac_request remove_all(void *context, const lac_progress *progress)
{
    boss *b = context;
    (void)progress;
    if (++b->steps == 4) {
        char command[160];
        snprintf(command, sizeof command, "rm -r '%s/here'", scratch);
        assert_int_equal(system(command), 0);
    }
    return LAC_CONTINUE;
}

static void a_run_whose_directory_is_deleted_ends_with_an_error(void **state)
{
    (void)state;
    boss b = {0};
    assert_int_equal(run_in_directory(remove_all, &b), LAC_FILE);
    assert_text_has(lac_failure(), "run.nc: was deleted while it was written");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_checkpoint_gives_way_to_the_one_before),
        cmocka_unit_test(a_missing_checkpoint_gives_way_to_the_one_before),
        cmocka_unit_test(two_damaged_checkpoints_are_both_named),
        cmocka_unit_test(another_build_is_accepted_and_told),
        cmocka_unit_test(another_version_format_or_byte_order_is_refused),
        cmocka_unit_test(settings_that_change_no_bit_may_differ),
        cmocka_unit_test(a_checkpoint_that_cannot_be_written_is_told_once_and_the_run_goes_on),
        cmocka_unit_test(a_run_whose_directory_is_renamed_ends_whole_in_its_new_place),
        cmocka_unit_test(a_run_whose_directory_is_deleted_ends_with_an_error),
    };
    int failed = cmocka_run_group_tests(tests, make_scratch, remove_scratch);
    lac_free(whole);
    return failed;
}
