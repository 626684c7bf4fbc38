/* The limits of a model's text, at the public boundary: names, nesting, numbers, sizes, and
 * whatever stands where another thing is expected. Each is read, or refused with a place and a
 * sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "library_scene.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 1 << 20 };

/* A line each, so that places are known: names in line 3, the rate in 5, the grid in 6. */
static const char model_text[] =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 2 mL}}\n"
    "species: {A: {gel: {initial: 1 nM, diffusivity: 10 um^2/s}, bath: {initial: 0 nM}}, C: {gel: {initial: 1 nM}}}\n"
    "parameters: {k: {value: 0.1 1/h, range: [0.05 1/h, 0.2 1/h], kind: prior, source: a test}}\n"
    "reactions: {decay: {in: gel, equation: \"A ->\", rate: k * A * f}}\n"
    "tissue: {size: [100 um, 20 um, 200 um], voxel: 20 um, zones: {upper: 40 %, lower: 60 %}}\n"
    "interfaces: {top: {between: [gel.top, bath], exchange: all}}\n"
    "inputs: {f: {shape: linear, knots: [[0 h, 1], [1 h, 2]]}}\n"
    "observables: {mean_a: {value: \"mean(gel.A, upper)\", unit: nM}}\n"
    "events: {dose: {at: [1 h, 2 h], into: bath, add: {A: 1 nM}}}\n"
    "bands: {b: {observable: mean_a, at: [1 h, 2 h], low: 0 nM, kind: held_out, source: a test}}\n"
    "run: {until: 4 h, save: {every: 1 h, fields: [A]}, held: [C]}\n";

/* In a row of the table, '#' stands for `times` copies of `piece`. */
typedef struct limit {
    const char *from, *to;
    const char *piece;
    size_t times;
    int code;
    const char *place, *sentence; /* "" = it is read */
} limit;

#define NAME "a name of 128 characters: at most 127 are read"

static const limit limits[] = {
    {"{upper:", "{#:", "u", 128, LACUNA_INPUT, "model:6:63", NAME},
    {"bath: {kind", "#: {kind", "u", 128, LACUNA_INPUT, "model:2:32", NAME},
    {"{dose:", "{#:", "u", 127, LACUNA_OK, "", ""},
    {"{dose:", "{#:", "u", 128, LACUNA_INPUT, "model:10:10", NAME},
    {"{mean_a:", "{#:", "u", 128, LACUNA_INPUT, "model:9:15", NAME},
    {"{decay:", "{#:", "u", 127, LACUNA_OK, "", ""},
    {"{decay:", "{#:", "u", 128, LACUNA_INPUT, "model:5:13", NAME},
    {"{A: {gel", "{#: {gel", "u", 128, LACUNA_INPUT, "model:3:11", NAME},
    {"{k: {", "{#: {", "u", 1000, LACUNA_INPUT, "model:4:14", "a name of 1000 characters"},
    {"\"A ->\"", "\"# ->\"", "u", 300, LACUNA_INPUT, "model:5:41", "a name of 300 characters"},
    {"\"A ->\"", "\"# ->\"", "u", 255, LACUNA_INPUT, "model:5:41", "is not a species"},
    {"k * A", "#k * A", "-", 199, LACUNA_INPUT, "model:5", "nested more than 200 levels"},
    {"k * A", "k * A#", " * 1", 900, LACUNA_OK, "", ""},
    {"k * A", "k * A#", " * 1", 1000, LACUNA_INPUT, "model:5", "more than 1000 levels"},
    {"k * A", "k * A#", " * 1", 20000, LACUNA_INPUT, "model:5", "at most 65536 are read"},
    {"[A]", "#", "[", 70, LACUNA_INPUT, "model:12", "nested more than 64 levels"},
    {"lacuna: 1\n", "lacuna: 1\n#\n", "# a line", 60000, LACUNA_OK, "", ""},
    {"lacuna: 1\n", "lacuna: 1\n#", "\n", 100000, LACUNA_OK, "", ""},
    {"0.1 1/h", "1e999 1/h", NULL, 0, LACUNA_INPUT, "model:4:25", "1e999 is too large"},
    {"0.1 1/h", "1e-320 1/h", NULL, 0, LACUNA_INPUT, "model:4:25", "too small"},
    {"0.1 1/h", "1e308 1/ps", NULL, 0, LACUNA_INPUT, "model:4:25", "too large for a number"},
    {"0.1 1/h", "nan 1/h", NULL, 0, LACUNA_INPUT, "model:4:25", "unknown name 'nan'"},
    {"0.1 1/h", "0x10 1/h", NULL, 0, LACUNA_INPUT, "model:4:25", "no hexadecimal"},
    {"0.1 1/h", "+0.1 1/h", NULL, 0, LACUNA_OK, "", ""},
    {"0.1 1/h", "0.1 h^-99", NULL, 0, LACUNA_INPUT, "model:4:30", "at most 20"},
    {"2 mL", "1e308 L", NULL, 0, LACUNA_INPUT, "model:2", "too large for a number"},
    {"[100 um, 20 um, 200 um]", "[]", NULL, 0, LACUNA_INPUT, "model:6:16", "must be [x, y, depth]"},
    {"[100 um, 20 um, 200 um]", "[1 um]", NULL, 0, LACUNA_INPUT, "model:6:16", "[x, y, depth]"},
    {"[100 um, 20 um, 200 um]", "[4294967296 um, 4294967296 um, 20 um]", NULL, 0, LACUNA_INPUT,
     "model:6:16", "more than the limit of 2147483648"},
    {"voxel: 20 um", "voxel: 1e-300 um", NULL, 0, LACUNA_INPUT, "model:6:16", "inf voxels"},
    {"until: 4 h", "until: 4 h, seed: 9007199254740993", NULL, 0, LACUNA_INPUT, "model:12:25",
     "but must be from -1 to"},
    {"[1 h, 2 h], into", "[], into", NULL, 0, LACUNA_INPUT, "model:10:21", "has no time"},
    {"at: [1 h, 2 h]", "at: 0 h, every: 1 us, until: 9 d", NULL, 0, LACUNA_INPUT, "model:10",
     "more than 1000000 times"},
};

/* text := model_text with the first `from` replaced. */
static void change(const limit *row, char *text)
{
    const char *at = strstr(model_text, row->from);
    assert_non_null(at);
    size_t length = (size_t)(at - model_text);
    memcpy(text, model_text, length);
    for (const char *c = row->to; *c; c++) {
        if (*c != '#' || !row->piece) {
            text[length++] = *c;
            continue;
        }
        for (size_t k = 0; k < row->times; k++) {
            memcpy(text + length, row->piece, strlen(row->piece));
            length += strlen(row->piece);
        }
    }
    strcpy(text + length, at + strlen(row->from));
}

static int print_wrong(const limit *row, int code, const char *said)
{
    print_error("%s -> %s (%zu): code %d, %.200s\n", row->from, row->to, row->times, code, said);
    return 1;
}

static void every_limit_is_said_at_its_place(void **state)
{
    (void)state;
    int wrong = 0;
    char *text = malloc(TEXT_BYTES);
    for (size_t each = 0; each < sizeof limits / sizeof *limits; each++) {
        const limit *row = &limits[each];
        lacuna_model *model = NULL;
        change(row, text);
        int code = lacuna_model_read("model", text, ".", &model);
        const char *said = lacuna_model_problem_text(model);
        if (code != row->code || !strstr(said, row->place) || !strstr(said, row->sentence))
            wrong += print_wrong(row, code, said);
        lacuna_model_free(model);
    }
    free(text);
    assert_int_equal(wrong, 0);
}

/* --- other things in the place of every value --- */

/* The end of the value that begins at `at`, in one line of flow. */
static const char *end_of(const char *at)
{
    int depth = 0;
    bool quoted = false;
    for (; *at != '\n'; at++) {
        quoted = *at == '"' ? !quoted : quoted;
        if (quoted)
            continue;
        if (depth == 0 && strchr(",]}", *at))
            return at;
        depth += strchr("[{", *at) ? 1 : strchr("]}", *at) ? -1 : 0;
    }
    return at;
}

static void read_with(const char *at, const char *instead, char *text)
{
    lacuna_model *model = NULL;
    size_t length = (size_t)(at - model_text);
    memcpy(text, model_text, length);
    strcpy(text + length, instead);
    strcat(text, end_of(at));
    int code = lacuna_model_read("model", text, ".", &model);
    if (code != LACUNA_OK && (code != LACUNA_INPUT || lacuna_model_problems(model) == 0))
        fail_msg("%s at %.30s: code %d, %s", instead, at, code, lacuna_error());
    lacuna_model_free(model);
}

static void whatever_stands_in_the_place_of_a_value_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const instead[] = {"[]", "{}",      "\"\"",  "[[]]",   "[{}]",      "[~, ~]",
                                          "~",  "{a: []}", "1e999", "\"((\"", "[1, 2, 3]", "[1 h]"};
    char *text = malloc(TEXT_BYTES);
    lacuna_model *whole = NULL;
    assert_fine(lacuna_model_read("model", model_text, ".", &whole));
    assert_fine(lacuna_model_free(whole));
    for (const char *at = model_text + 1; *at; at++) {
        bool begins = at[-1] == '[' || (at[-1] == ' ' && strchr(":,", at[-2]));
        for (size_t each = 0; begins && each < sizeof instead / sizeof *instead; each++)
            read_with(at, instead[each], text);
    }
    free(text);
}

static void an_empty_text_and_a_directory_are_no_models(void **state)
{
    (void)state;
    lacuna_model *model = NULL;
    assert_int_equal(lacuna_model_read("model", "", ".", &model), LACUNA_INPUT);
    assert_text_has(lacuna_model_problem_text(model), "model:1:1: error: the file is empty");
    lacuna_model_free(model);
    assert_int_equal(lacuna_model_load("/", &model), LACUNA_NO_INPUT);
    assert_text_has(lacuna_model_error(model), "is a directory");
    lacuna_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_limit_is_said_at_its_place),
        cmocka_unit_test(whatever_stands_in_the_place_of_a_value_is_read_or_refused),
        cmocka_unit_test(an_empty_text_and_a_directory_are_no_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
