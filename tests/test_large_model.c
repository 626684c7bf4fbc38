/* Tests of large models: twice the text takes about twice the time, and memory stays small.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model_scene.h"

#include "model/write.h"
#include "network/network.h"

#include <math.h>
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

/* A few sums of so many terms: a tree as deep as the sum is long. */
static void write_sums(lac_text *text, size_t count)
{
    lac_text_add(text, "species: {A: {bath: {initial: 1 nM}}}\nquantities:\n");
    for (size_t quantity = 0; quantity < 100; quantity++) {
        lac_text_add(text, "  q%zu: {in: bath, is: 1", quantity);
        for (size_t term = 1; term < count; term++)
            lac_text_add(text, " + %zu", term);
        lac_text_add(text, "}\n");
    }
}

/* Chains of quantities so deep, and so many of them that their trees have the same number of nodes.
 */
static void write_chains(lac_text *text, size_t deep)
{
    lac_text_add(text, "parameters: {k: {value: 1}}\nquantities:\n");
    for (size_t chain = 0; chain < 640000 / (deep * deep); chain++) {
        lac_text_add(text, "  c%zu_0: {in: bath, is: 1}\n", chain);
        for (size_t each = 1; each < deep; each++)
            lac_text_add(text, "  c%zu_%zu: {in: bath, is: c%zu_%zu + (k + %zu)}\n", chain, each,
                         chain, each - 1, each);
    }
}

/* Rates of which each depends on all species before its own: half of so many derivatives. */
static void write_cascade(lac_text *text, size_t count)
{
    size_t species = (size_t)sqrt((double)count);
    lac_text_add(text, "quantities:\n  q0: {in: bath, is: 1/h}\n");
    for (size_t each = 1; each < species; each++)
        lac_text_add(text, "  q%zu: {in: bath, is: q%zu * A%zu / (A%zu + %zu nM)}\n", each,
                     each - 1, each, each, each);
    lac_text_add(text, "species:\n");
    for (size_t each = 0; each < species; each++)
        lac_text_add(text, "  A%zu: {bath: {initial: 1 nM}}\n", each);
    lac_text_add(text, "reactions:\n");
    for (size_t each = 1; each < species; each++)
        lac_text_add(text, "  r%zu: {in: bath, equation: A%zu -> A%zu, rate: q%zu * A%zu}\n", each,
                     each, each - 1, each, each);
}

/* What is done with a model. */
typedef void user(const lac_model *model);

static void write_back(const lac_model *model)
{
    lac_text back = {0};
    lac_model_write(model, &back);
    assert_ok(back.failed);
    lac_text_free(&back);
}

static void compile(const lac_model *model)
{
    lac_layout layout = lac_layout_of(model->fields, 0, model->variables - model->fields);
    lac_network *network;
    assert_ok(lac_network_create(model, &layout, 1, &network));
    lac_network_free(network);
}

static void find_invariants(const lac_model *model)
{
    lac_invariants invariants;
    assert_ok(lac_network_invariants(model, &invariants));
    assert_int_equal(invariants.count, model->variables);
    lac_invariants_free(&invariants);
}

/* As many species as the root of `count`, which nothing changes: each is a sum of its own. */
static void write_still(lac_text *text, size_t count)
{
    lac_text_add(text, "species:\n");
    for (size_t species = 0; species < (size_t)sqrt((double)count); species++)
        lac_text_add(text, "  A%zu: {bath: {initial: 1 nM}}\n", species);
}

/* CPU seconds of loading a model and using it. */
static double seconds(writer *write, user *use, size_t count)
{
    lac_text text = {0};
    lac_text_add(&text, "%s", SCENE);
    write(&text, count);
    clock_t start = clock();
    lac_model *model = scene_load(lac_text_of(&text));
    use(model);
    double spent = (double)(clock() - start) / CLOCKS_PER_SEC;
    lac_model_free(model);
    lac_text_free(&text);
    return spent;
}

/* Four times the text takes at most `most` times as long. */
static void assert_grows(writer *write, user *use, size_t count, double most)
{
    double ratio = 100;
    for (int attempt = 0; attempt < 3 && ratio > most; attempt++) {
        double small = seconds(write, use, count);
        ratio = seconds(write, use, 4 * count) / small;
    }
    if (ratio > most)
        fail_msg("four times the text takes %g times as long", ratio);
}

/* About four times as long (16 times, were it quadratic). */
static void assert_linear(writer *write, user *use, size_t count)
{
    assert_grows(write, use, count, 8);
}

static void thousands_of_knots_load_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_knots, write_back, 2500);
    assert_linear(write_knots_in_one_line, write_back, 2500);
}

static void thousands_of_reactions_load_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_reactions, write_back, 2000);
}

static void thousands_of_species_load_in_linear_time_and_little_memory(void **state)
{
    (void)state;
    struct rusage usage;
    assert_linear(write_species, write_back, 2000);
    getrusage(RUSAGE_SELF, &usage);
#ifndef __SANITIZE_ADDRESS__ /* which keeps memory for itself */
    assert_true(usage.ru_maxrss < 400 * 1024);
#endif
}

static void long_sums_load_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_sums, write_back, 240);
}

static void a_deep_chain_of_quantities_costs_what_shallow_ones_do(void **state)
{
    (void)state;
    double ratio = 100;
    for (int attempt = 0; attempt < 3 && ratio > 1.6; attempt++)
        ratio = seconds(write_chains, write_back, 800) / seconds(write_chains, write_back, 100);
    if (ratio > 1.6)
        fail_msg("one deep chain takes %g times as long", ratio);
}

static void thousands_of_derivatives_compile_in_linear_time(void **state)
{
    (void)state;
    assert_linear(write_cascade, compile, 200 * 200);
}

static void sums_of_many_species_take_the_square_of_their_number(void **state)
{
    (void)state;
    assert_grows(write_still, find_invariants, 700 * 700, 6); /* 8, were it the cube */
}

/* Each of the quantities has two of the one before it, and at last 65 thousand parts. */
static void a_model_whose_expressions_outgrow_memory_is_refused(void **state)
{
    (void)state;
    lac_text text = {0};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_text_add(&text, "%sspecies: {A: {bath: {}}}\nquantities:\n  q0: {in: bath, is: A + 1 nM}\n",
                 SCENE);
    for (size_t each = 1; each < 200; each++)
        lac_text_add(&text, "  q%zu: {in: bath, is: q%zu + q%zu}\n", each,
                     each < 15 ? each - 1 : 13, each < 15 ? each - 1 : 13);
    const lac_scenario_origin origin = {
        .path = "scene.yaml", .text = lac_text_of(&text), .directory = "."};
    assert_int_equal(lac_scenario_load(&origin, &list, &model), LAC_INPUT);
    assert_text_has(lac_text_of(&list.text), "the model is too large");
    assert_text_has(lac_failure(), "1 error in");
    assert_null(model);
    lac_diagnostics_free(&list);
    lac_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_knots_load_in_linear_time),
        cmocka_unit_test(thousands_of_reactions_load_in_linear_time),
        cmocka_unit_test(thousands_of_species_load_in_linear_time_and_little_memory),
        cmocka_unit_test(long_sums_load_in_linear_time),
        cmocka_unit_test(a_deep_chain_of_quantities_costs_what_shallow_ones_do),
        cmocka_unit_test(thousands_of_derivatives_compile_in_linear_time),
        cmocka_unit_test(sums_of_many_species_take_the_square_of_their_number),
        cmocka_unit_test(a_model_whose_expressions_outgrow_memory_is_refused),
    };
    return cmocka_run_group_tests_name("large_model", tests, NULL, NULL);
}
