/* Tests of large models: twice the text takes about twice the time, and memory stays small.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model_scene.h"

#include "model/write.h"

#include <sys/resource.h>
#include <time.h>

/* Writes what a model of `count` things says. */
typedef void writer(lac_text *text, size_t count);

static void write_knots(lac_text *text, size_t count)
{
    lac_text_add(text, "inputs:\n  u:\n    shape: linear\n    knots:\n");
    for (size_t knot = 0; knot < count; knot++)
        lac_text_add(text, "      - [%zu min, %zu]\n", knot, knot % 7);
}

static void write_knots_in_one_line(lac_text *text, size_t count)
{
    lac_text_add(text, "inputs: {u: {shape: linear, knots: [");
    for (size_t knot = 0; knot < count; knot++)
        lac_text_add(text, "%s[%zu min, %zu]", knot ? ", " : "", knot, knot % 7);
    lac_text_add(text, "]}}\n");
}

static void write_reactions(lac_text *text, size_t count)
{
    lac_text_add(text, "species: {A: {bath: {initial: 1 nM}}, B: {bath: {}}}\nreactions:\n");
    for (size_t reaction = 0; reaction < count; reaction++)
        lac_text_add(text, "  r%zu: {in: bath, equation: A -> B, rate: 1e-6/h * A}\n", reaction);
}

static void write_species(lac_text *text, size_t count)
{
    lac_text_add(text, "species:\n");
    for (size_t species = 0; species < count; species++)
        lac_text_add(text, "  A%zu: {bath: {initial: 1 nM}, gel: {}}\n", species);
    lac_text_add(text, "rates:\n");
    for (size_t species = 0; species < count; species++)
        lac_text_add(text, "  A%zu: {in: bath, rate: 1/h * (A%zu - A%zu)}\n", species,
                     (species + 1) % count, species);
}

/* CPU seconds of loading and writing the model back. */
static double seconds(writer *write, size_t count)
{
    lac_text text = {0}, back = {0};
    lac_text_add(&text, "%s", SCENE);
    write(&text, count);
    clock_t start = clock();
    lac_model *model = scene_load(lac_text_of(&text));
    lac_model_write(model, &back);
    assert_ok(back.failed);
    double spent = (double)(clock() - start) / CLOCKS_PER_SEC;
    lac_model_free(model);
    lac_text_free(&text);
    lac_text_free(&back);
    return spent;
}

/* Four times the text takes about four times as long (16 times, were it quadratic). */
static void assert_linear(writer *write, size_t count)
{
    double ratio = 100;
    for (int attempt = 0; attempt < 3 && ratio > 8; attempt++) {
        double small = seconds(write, count);
        ratio = seconds(write, 4 * count) / small;
    }
    if (ratio > 8)
        fail_msg("four times the text takes %g times as long", ratio);
}

static void thousands_of_knots_load_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_knots, 2500);
    assert_linear(write_knots_in_one_line, 2500);
}

static void thousands_of_reactions_load_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_reactions, 2000);
}

static void thousands_of_species_load_in_linear_time_and_little_memory(void **state)
{
    (void)state;
    struct rusage usage;
    assert_linear(write_species, 2000);
    getrusage(RUSAGE_SELF, &usage);
#ifndef __SANITIZE_ADDRESS__ /* which keeps memory for itself */
    assert_true(usage.ru_maxrss < 400 * 1024);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_knots_load_in_linear_time),
        cmocka_unit_test(thousands_of_reactions_load_in_linear_time),
        cmocka_unit_test(thousands_of_species_load_in_linear_time_and_little_memory),
    };
    return cmocka_run_group_tests_name("large_model", tests, NULL, NULL);
}
