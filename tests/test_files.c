/* The public library and files: results that go on from a checkpoint, starts, what is there
 * already, files that are opened with settings, and what a simulation did.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "library_scene.h"

#include <math.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] =
    "lacuna: 1\n"
    "title: drug\n"
    "domains:\n"
    "  slab: {kind: tissue}\n"
    "  pool: {kind: well-mixed, volume: 1e5 um^3}\n"
    "species:\n"
    "  A: {slab: {initial: 2e-3 molecule/um^3, diffusivity: 40 um^2/s},\n"
    "      pool: {initial: 3e-3 molecule/um^3, display: nM}}\n"
    "parameters:\n"
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"
    "  feed: {value: 1e-3 molecule/(um^3*h), kind: assumption, source: made up for a test}\n"
    "reactions:\n"
    "  loss: {in: slab, equation: \"A ->\", rate: k * A}\n"
    "  make: {in: slab, equation: \"-> A\", rate: feed}\n"
    "interfaces:\n"
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"
    "events:\n"
    "  late: {when: A_mean > 1e-9 uM, set: {pool.A: 1e-3 molecule/um^3}}\n"
    "observables:\n"
    "  A_mean: mean(A)\n"
    "tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um}\n"
    "run: {until: 30 min, seed: 4, save: {every: 3 min}}\n";

static char directory[64], result[96], checkpoint[96], scenario[96];

static int make_directory(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/lacuna-files-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(result, sizeof result, "%s/drug.nc", directory);
    snprintf(checkpoint, sizeof checkpoint, "%s/drug.ckpt", directory);
    snprintf(scenario, sizeof scenario, "%s/drug.yaml", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    remove(result);
    remove(checkpoint);
    remove(scenario);
    return rmdir(directory);
}

static lacuna_model *drug(void)
{
    lacuna_model *model = NULL;
    if (lacuna_model_read("drug.yaml", text, NULL, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    return model;
}

static void write_scenario(const char *whole)
{
    FILE *file = fopen(scenario, "w");
    assert_non_null(file);
    assert_true(fputs(whole, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What a callback does at the eighth step, and what it saw. */
typedef struct watch {
    lacuna_simulation *simulation;
    size_t calls;
    int answer;
    double time;
    char warning[512];
} watch;

static int look(void *context, double time)
{
    watch *it = context;
    lacuna_counters counters;
    assert_fine(lacuna_simulation_counters(it->simulation, &counters));
    assert_true(counters.time == time);
    it->calls++;
    assert_int_equal(counters.steps, it->calls);
    it->time = time;
    return it->calls == 8 ? it->answer : 0;
}

static void hear(void *context, const char *sentence)
{
    watch *it = context;
    snprintf(it->warning, sizeof it->warning, "%s", sentence);
}

static void assert_same_state(const lacuna_model *model, const lacuna_simulation *one,
                              const lacuna_simulation *other)
{
    lacuna_values a, b;
    for (size_t index = 0; index < lacuna_model_variables(model); index++) {
        assert_fine(lacuna_simulation_variable(one, index, &a));
        assert_fine(lacuna_simulation_variable(other, index, &b));
        assert_int_equal(a.count, b.count);
        assert_memory_equal(a.value, b.value, a.count * sizeof *a.value);
    }
}

/* A run that a limit of time stopped is continued, by a model that its checkpoint holds, to the
 * bits of one that went straight on. */
static void a_stopped_result_goes_on_to_the_same_bits(void **state)
{
    (void)state;
    lacuna_model *model = drug(), *stored = NULL;
    lacuna_simulation *straight = simulation_of(model), *first = NULL, *second = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_counters counters, whole;
    lacuna_result there;
    const char *written = NULL;
    const double *values;
    watch it = {.answer = LACUNA_BUDGET};
    assert_fine(lacuna_simulation_finish(straight));
    options.result = result;
    options.progress = look;
    options.warning = hear;
    options.context = &it;
    assert_fine(lacuna_simulation_create(model, &options, &first));
    it.simulation = first;
    assert_refused(lacuna_simulation_finish(first), LACUNA_BUDGET,
                   "the time limit is reached at t = ");
    assert_text_has(lacuna_simulation_error(first), "; the checkpoint is ");
    assert_int_equal(it.calls, 8);
    assert_text_has(it.warning, "late");
    assert_string_equal(lacuna_simulation_warning(first), it.warning);
    assert_fine(lacuna_simulation_free(first));
    assert_fine(lacuna_model_result(model, result, &there));
    assert_int_equal(there.kind, LACUNA_RESULT_RESUMABLE);
    assert_true(there.frames >= 1 && there.time <= it.time && there.seed == 4);

    assert_fine(lacuna_model_of_checkpoint(checkpoint, &stored, &written));
    assert_string_equal(written, result);
    options.progress = NULL;
    assert_fine(lacuna_simulation_resume(stored, NULL, &options, &second));
    assert_true(lacuna_simulation_time(second) == it.time);
    assert_refused(lacuna_simulation_series(second, &values, NULL), LACUNA_MISUSE, "result alone");
    assert_refused(lacuna_simulation_record(second, 1), LACUNA_MISUSE, "resumed");
    assert_fine(lacuna_simulation_finish(second));
    assert_same_state(model, straight, second);
    assert_fine(lacuna_simulation_counters(straight, &whole));
    assert_fine(lacuna_simulation_counters(second, &counters));
    assert_int_equal(counters.steps, whole.steps);
    assert_int_equal(counters.frames, 11);
    assert_int_equal(counters.frames, whole.frames);
    assert_true(counters.time == counters.end && counters.end == 30 * LACUNA_MINUTE);
    assert_string_equal(counters.words[0], "error too large");
    assert_fine(lacuna_model_result(model, result, &there));
    assert_int_equal(there.kind, LACUNA_RESULT_WHOLE);
    assert_int_equal(access(checkpoint, F_OK), -1);
    assert_fine(lacuna_simulation_free(second));
    assert_fine(lacuna_simulation_free(straight));
    assert_fine(lacuna_model_free(stored));
    assert_fine(lacuna_model_free(model));
}

/* Numbers as `lacuna check` prints them; they stay until the model is set. */
static void a_survey_tells_scales_before_anything_is_run(void **state)
{
    (void)state;
    lacuna_model *model = drug();
    lacuna_survey survey;
    size_t index = 0;
    assert_fine(lacuna_model_survey(model, &survey));
    assert_int_equal(survey.variables, lacuna_model_variables(model));
    assert_int_equal(survey.processes, 2);
    assert_int_equal(survey.conserved, 0);
    assert_fine(lacuna_model_find_variable(model, "slab.A", &index));
    const lacuna_scales *field = &survey.variable[index];
    assert_true(fabs(field->hop / 2.5 - 1) < 1e-12); /* h^2 / (4 D): two axes have neighbours */
    assert_true(fabs(field->decay_length / sqrt(40 * 3600 / 0.3) - 1) < 1e-12);
    assert_true(field->side == 20 && field->diffusivity == 40 && !field->is_discrete);
    assert_string_equal(survey.process[0].name, "loss");
    assert_true(fabs(survey.process[0].time / 12000 - 1) < 1e-12);
    assert_true(isnan(survey.process[0].events) && isnan(survey.events));
    assert_string_equal(survey.step_bound, "");
    assert_text_has(survey.warnings, "late");
    assert_text_has(survey.whole, "loss");
    assert_text_has(survey.brief, "unknowns");
    assert_text_has(survey.json, "\"hop_s\": 2.5");
    assert_fine(lacuna_model_set(model, "k", "0.6 1/h"));
    assert_fine(lacuna_model_survey(model, &survey));
    assert_true(fabs(survey.process[0].time / 6000 - 1) < 1e-12);
    assert_refused(lacuna_model_survey(model, NULL), LACUNA_MISUSE, "place for the survey");
    assert_refused(lacuna_model_survey(NULL, &survey), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_model_free(model));
}

static void what_cannot_be_resumed_is_refused(void **state)
{
    (void)state;
    lacuna_model *model = drug(), *other = drug();
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_result there;
    watch it = {.answer = 1};
    char path[8];
    assert_refused(lacuna_simulation_resume(model, checkpoint, NULL, &simulation), LACUNA_MISUSE,
                   "has a result");
    options.result = result;
    assert_refused(lacuna_simulation_resume(model, NULL, &options, &simulation), LACUNA_NO_INPUT,
                   checkpoint);
    assert_refused(lacuna_model_of_checkpoint(checkpoint, &other, NULL), LACUNA_NO_INPUT,
                   checkpoint);
    assert_null(other);
    assert_fine(lacuna_model_result(model, result, &there));
    assert_int_equal(there.kind, LACUNA_RESULT_NONE);
    options.progress = look;
    options.context = &it;
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    it.simulation = simulation;
    assert_refused(lacuna_simulation_finish(simulation), LACUNA_CANCELLED, "cancelled at t = ");
    assert_fine(lacuna_simulation_free(simulation));
    other = drug();
    assert_fine(lacuna_model_set(other, "k", "0.4 1/h"));
    assert_refused(lacuna_simulation_resume(other, NULL, &options, &simulation), LACUNA_INPUT,
                   checkpoint);
    assert_null(simulation);
    assert_fine(lacuna_model_result(other, result, &there));
    assert_int_equal(there.kind, LACUNA_RESULT_OTHER);
    assert_text_has(there.why, "0.4");
    write_scenario(text);
    assert_fine(lacuna_model_result(other, scenario, &there));
    assert_int_equal(there.kind, LACUNA_RESULT_FOREIGN);
    assert_refused(lacuna_model_result(other, NULL, &there), LACUNA_MISUSE, "NULL");
    assert_refused(lacuna_checkpoint_beside(result, path, sizeof path), LACUNA_MISUSE, "8 bytes");
    assert_fine(lacuna_model_free(other));
    assert_fine(lacuna_model_free(model));
}

/* Each of a simulation's options that is a text is in its result. */
static void a_result_keeps_what_it_was_told(void **state)
{
    (void)state;
    lacuna_model *model = drug();
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    const double *values;
    char elsewhere[128], words[] = "by hand";
    struct stat about;
    snprintf(elsewhere, sizeof elsewhere, "%s/kept.ckpt", directory);
    options.result = result;
    options.checkpoint = elsewhere;
    options.note = words;
    options.unread = 1;
    assert_fine(lacuna_model_adjust(model, "checkpoint.every", "1 us"));
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    memset(words, '#', sizeof words - 1); /* it was copied */
    assert_refused(lacuna_simulation_series(simulation, &values, NULL), LACUNA_MISUSE, "unread");
    assert_fine(lacuna_simulation_finish(simulation));
    assert_fine(lacuna_simulation_free(simulation));
    assert_int_equal(stat(elsewhere, &about), 0);
    remove(elsewhere);
    snprintf(elsewhere, sizeof elsewhere, "%s/kept.ckpt.1", directory);
    remove(elsewhere);
    assert_fine(lacuna_model_free(model));
}

/* A sixth of the loss: at rest there is three times as much. */
static void a_start_is_found_once_and_outlives_its_handle(void **state)
{
    (void)state;
    lacuna_model *model = drug(), *before = drug();
    lacuna_simulation *simulation = NULL, *copy = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_start *start = NULL;
    lacuna_rest rest;
    const char *part;
    double mean, again;
    assert_fine(lacuna_model_set(before, "k", "0.1 1/h"));
    assert_fine(lacuna_model_adjust(before, "start", "rest"));
    assert_fine(lacuna_start_of_model(before, "the rest with k=0.1", 1, &start));
    assert_fine(lacuna_start_rest(start, &rest));
    assert_true(rest.steps > 0 && rest.residual < 1);
    assert_fine(lacuna_start_text(start, "a test", &part));
    assert_text_has(part, "# drug: steady state, made by\n#   a test\n");
    assert_text_has(part, "lacuna: 1\ninitial:");
    options.start = start;
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    assert_fine(lacuna_start_free(start));
    assert_fine(lacuna_model_free(before));
    assert_refused(lacuna_start_rest(start, &rest), LACUNA_MISUSE, "no start");
    assert_text_has(lacuna_simulation_origin(simulation), "the rest with k=0.1");
    assert_fine(lacuna_simulation_value(simulation, "A_mean", &mean));
    assert_near(mean, 10 / 0.602214076, 1e-5); /* feed / k in nM */
    assert_fine(lacuna_simulation_advance_to(simulation, 60));
    assert_fine(lacuna_simulation_copy(simulation, &copy));
    assert_fine(lacuna_simulation_free(simulation));
    assert_fine(lacuna_simulation_reset(copy, -1, -1));
    assert_fine(lacuna_simulation_value(copy, "A_mean", &again));
    assert_true(mean == again);
    assert_fine(lacuna_simulation_free(copy));
    assert_fine(lacuna_model_free(model));
}

static void a_start_of_another_grid_is_refused(void **state)
{
    (void)state;
    lacuna_model *model = drug(), *coarse = NULL;
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_start *start = NULL;
    char other[sizeof text];
    strcpy(other, text);
    memcpy(strstr(other, "voxel: 20"), "voxel: 10", 9);
    assert_fine(lacuna_model_read("coarse.yaml", other, NULL, &coarse));
    assert_refused(lacuna_start_of_model(coarse, NULL, -1, &start), LACUNA_INPUT, "-1 threads");
    assert_refused(lacuna_start_of_model(NULL, NULL, 1, &start), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_start_of_model(coarse, NULL, 1, &start));
    options.start = start;
    assert_refused(lacuna_simulation_create(model, &options, &simulation), LACUNA_INPUT,
                   "the start cannot be started from: its grid");
    options.start = (lacuna_start *)model;
    assert_refused(lacuna_simulation_create(model, &options, &simulation), LACUNA_MISUSE,
                   "no start");
    options.start = start;
    options.result = result;
    assert_refused(lacuna_simulation_resume(model, NULL, &options, &simulation), LACUNA_MISUSE,
                   "begin anew");
    assert_fine(lacuna_start_free(start));
    assert_fine(lacuna_model_free(coarse));
    assert_fine(lacuna_model_free(model));
}

/* --- opening */

static void a_file_is_opened_with_settings(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    const lacuna_set set[] = {{"k", "0.5 1/h"}, {"run.until", "7 min"}, {"k", "0.6 1/h"}};
    lacuna_settings settings;
    lacuna_outline outline;
    lacuna_parameter parameter;
    write_scenario(text);
    opening.set = set;
    opening.sets = 3;
    opening.stream = 1;
    assert_fine(lacuna_model_open(scenario, &opening, &model));
    assert_fine(lacuna_model_parameter(model, 0, &parameter));
    assert_near(parameter.value, 0.6, 1e-12); /* the last one counts */
    assert_fine(lacuna_model_settings(model, &settings));
    assert_near(settings.until, 420, 1e-9);
    assert_fine(lacuna_model_outline(model, &outline));
    assert_string_equal(outline.scenario, "drug");
    assert_true(outline.unknowns == 11 && !outline.is_clinical && !outline.starts_at_rest &&
                !outline.starts_at_random);
    assert_refused(lacuna_model_set(model, "k", "1 1/h"), LACUNA_MISUSE, "stream");
    assert_fine(lacuna_model_adjust(model, "until", "8 min"));
    assert_fine(lacuna_model_settings(model, &settings));
    assert_near(settings.until, 480, 1e-9);
    assert_refused(lacuna_model_adjust(model, "until", "8 mg"), LACUNA_INPUT, "8 mg");
    assert_refused(lacuna_model_adjust(model, "seed", "8"), LACUNA_MISUSE, "set run.seed");
    assert_refused(lacuna_model_adjust(model, "until", NULL), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_model_free(model));
    opening.bytes--;
    assert_refused(lacuna_model_open(scenario, &opening, &model), LACUNA_MISUSE,
                   "LACUNA_OPENING_INIT");
    opening = (lacuna_opening)LACUNA_OPENING_INIT;
    opening.sets = 1;
    assert_refused(lacuna_model_open(scenario, &opening, &model), LACUNA_MISUSE, "NULL");
    assert_null(model);
}

static size_t asked;
static int find_part(void *context, const char *said, char *path, size_t bytes)
{
    asked++;
    assert_string_equal(said, "parts-of-a-test.yaml");
    return *(const int *)context && snprintf(path, bytes, "%s/%s", directory, said) < (int)bytes;
}

/* A model and the part that it names, which a callback finds. */
static void assert_found_by_a_callback(const char *path, const char *part)
{
    lacuna_model *model = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    const lacuna_set set = {"k", "0.5 1/h"};
    lacuna_source source;
    int willing = 0;
    opening.find = find_part;
    opening.context = &willing;
    opening.set = &set;
    opening.sets = 1;
    assert_int_equal(lacuna_model_open(path, &opening, &model), LACUNA_INPUT);
    assert_int_equal(lacuna_model_sources(model), 0);
    assert_fine(lacuna_model_free(model));
    willing = 1;
    assert_fine(lacuna_model_open(path, &opening, &model));
    assert_true(asked > 0);
    bool file = false, included = false;
    for (size_t k = 0; k < lacuna_model_sources(model); k++) {
        assert_fine(lacuna_model_source(model, k, &source));
        file = file || strcmp(source.name, path) == 0;
        included = included || (strcmp(source.name, part) == 0 && strcmp(source.text, text) == 0);
    }
    assert_true(file && included && lacuna_model_sources(model) >= 3); /* and what was set */
    assert_refused(lacuna_model_source(model, lacuna_model_sources(model), &source), LACUNA_MISUSE,
                   "no source");
    assert_refused(lacuna_model_source(model, 0, NULL), LACUNA_MISUSE, "NULL");
    assert_fine(lacuna_model_free(model));
}

static void parts_are_found_in_the_directory_that_is_said(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    char part[128], whole[sizeof text + 64];
    snprintf(part, sizeof part, "%s/parts-of-a-test.yaml", directory);
    snprintf(whole, sizeof whole, "lacuna: 1\nmodel: parts-of-a-test.yaml\nrun: {until: 9 min}\n");
    FILE *file = fopen(part, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(mkdir(strcat(strcpy(scenario, directory), "/below"), 0700), 0);
    char below[128];
    snprintf(below, sizeof below, "%s/own.yaml", scenario);
    file = fopen(below, "w");
    assert_non_null(file);
    assert_true(fputs(whole, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(lacuna_model_open(below, &opening, &model), LACUNA_INPUT);
    assert_fine(lacuna_model_free(model));
    opening.data = directory;
    if (lacuna_model_open(below, &opening, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    assert_fine(lacuna_model_free(model));
    assert_found_by_a_callback(below, part);
    remove(below);
    remove(part);
    assert_int_equal(rmdir(scenario), 0);
}

/* For a run a random start needs its seed; without one the model is right otherwise. */
static void a_random_start_without_a_seed_is_an_error_for_a_run(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    lacuna_opening opening = LACUNA_OPENING_INIT;
    lacuna_outline outline;
    char whole[sizeof text + 64];
    const char *at = strstr(text, "2e-3 molecule/um^3"), *seed = strstr(text, "seed: 4, ");
    snprintf(whole, sizeof whole, "%.*s{poisson: 2e-3 molecule/um^3}%.*s%s", (int)(at - text), text,
             (int)(seed - at - 18), at + 18, seed + 9);
    write_scenario(whole);
    if (lacuna_model_open(scenario, &opening, &model) != LACUNA_OK)
        fail_msg("%s", lacuna_model_problem_text(model));
    assert_fine(lacuna_model_outline(model, &outline));
    assert_true(outline.starts_at_random);
    assert_fine(lacuna_model_free(model));
    opening.for_run = 1;
    assert_int_equal(lacuna_model_open(scenario, &opening, &model), LACUNA_INPUT);
    assert_text_has(lacuna_model_problem_text(model), "needs a seed");
    assert_refused(lacuna_model_outline(model, &outline), LACUNA_MISUSE, "could not be loaded");
    assert_fine(lacuna_model_free(model));
}

/* Options as the first header had them end before the warning. */
static void options_of_the_first_header_are_understood(void **state)
{
    (void)state;
    lacuna_model *model = drug();
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.bytes = offsetof(lacuna_options, warning);
    memset((char *)&options + options.bytes, 0x5a, sizeof options - options.bytes);
    assert_fine(lacuna_simulation_create(model, &options, &simulation));
    assert_fine(lacuna_simulation_free(simulation));
    options.bytes--;
    assert_refused(lacuna_simulation_create(model, &options, &simulation), LACUNA_MISUSE,
                   "LACUNA_OPTIONS_INIT");
    assert_fine(lacuna_model_free(model));
}

/* --- without memory */

static int stop(void *context, double time)
{
    (void)context;
    return time > 100 ? LACUNA_BUDGET : 0;
}

static int stopped_run(const lacuna_model *model, lacuna_options *options)
{
    lacuna_simulation *simulation = NULL;
    lacuna_model *stored = NULL;
    lacuna_result there;
    options->result = result;
    options->note = "a note";
    options->overwrite = 1;
    options->progress = stop;
    int code = lacuna_simulation_create(model, options, &simulation);
    if (!code)
        code = lacuna_simulation_finish(simulation);
    code = code == LACUNA_BUDGET ? LACUNA_OK : code;
    lacuna_simulation_free(simulation);
    options->start = NULL;
    options->progress = NULL;
    if (!code)
        code = lacuna_model_of_checkpoint(checkpoint, &stored, NULL);
    if (!code)
        code = lacuna_model_result(stored, result, &there);
    if (!code)
        code = lacuna_simulation_resume(stored, checkpoint, options, &simulation);
    if (!code)
        code = lacuna_simulation_finish(simulation);
    if (!code)
        lacuna_simulation_free(simulation);
    lacuna_model_free(stored);
    return code;
}

static int whole_program(const char *path)
{
    const lacuna_set set = {"k", "0.2 1/h"};
    lacuna_opening opening = LACUNA_OPENING_INIT;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    lacuna_model *model = NULL;
    lacuna_start *start = NULL;
    lacuna_survey survey;
    const char *part;
    opening.set = &set;
    opening.sets = 1;
    opening.data = directory;
    int code = lacuna_model_open(path, &opening, &model);
    if (!code)
        code = lacuna_model_adjust(model, "start", "rest");
    if (!code)
        code = lacuna_model_survey(model, &survey);
    if (!code)
        code = lacuna_start_of_model(model, "rest", 1, &start);
    if (!code)
        code = lacuna_start_text(start, "a test", &part);
    options.start = start;
    if (!code)
        code = stopped_run(model, &options);
    lacuna_start_free(start);
    lacuna_model_free(model);
    return code;
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    write_scenario(text);
    any_allocation_of(whole_program, scenario);
}

#define in_a_directory(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_directory(a_stopped_result_goes_on_to_the_same_bits),
        in_a_directory(a_survey_tells_scales_before_anything_is_run),
        in_a_directory(what_cannot_be_resumed_is_refused),
        in_a_directory(a_result_keeps_what_it_was_told),
        in_a_directory(a_start_is_found_once_and_outlives_its_handle),
        in_a_directory(a_start_of_another_grid_is_refused),
        in_a_directory(a_file_is_opened_with_settings),
        in_a_directory(parts_are_found_in_the_directory_that_is_said),
        in_a_directory(a_random_start_without_a_seed_is_an_error_for_a_run),
        in_a_directory(options_of_the_first_header_are_understood),
        in_a_directory(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
