/* Where a member's file comes from: was it run with the plan's model, the values of the sample
 * table and their settings? What /provenance of the file says is compared with the plan:
 *
 *  - the texts of the model's files, byte by byte;
 *  - every setting that decides what is computed;
 *  - every parameter: its value in the resolved model, and for factors the number of the sample
 * table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"
#include "model/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char settings_prefix[] = "run.";

static size_t find_parameter(const lac_model *model, const char *name)
{
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        if (strcmp(model->parameter[parameter].id, name) == 0)
            return parameter;
    return LAC_NONE;
}

static lac_status know_factors(const lac_plan *plan, lac_index_reference *reference)
{
    lac_status status = LAC_OK;
    const lac_model *model = plan->model;
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        reference->factor_of[parameter] = LAC_NONE;
    for (size_t factor = 0; factor < plan->factors; factor++) {
        const char *name = plan->factor[factor].name;
        size_t parameter = find_parameter(model, name);
        reference->factor_scale[factor] = NAN;
        if (strncmp(name, settings_prefix, strlen(settings_prefix)) == 0)
            continue;
        LAC_REQUIRE(parameter != LAC_NONE, LAC_INPUT, "the scenario has no parameter '%s'", name);
        reference->factor_of[parameter] = factor;
        reference->factor_scale[factor] = model->parameter[parameter].display.factor;
    }
out:
    return status;
}

/* The first line of the section of parameters of a resolved model; NULL = none. */
static const char *parameters_of(const char *model)
{
    static const char heading[] = "\nparameters:\n";
    const char *section = strstr(model, heading);
    return section ? section + strlen(heading) : NULL;
}

static bool begins(const char *line, const char *id, const char **value)
{
    static const char middle[] = ": {value: ";
    size_t length = strlen(id);
    if (strncmp(line, "  ", 2) != 0 || strncmp(line + 2, id, length) != 0 ||
        strncmp(line + 2 + length, middle, strlen(middle)) != 0)
        return false;
    *value = line + 2 + length + strlen(middle);
    return true;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : NULL;
}

/* Keeps the values of all parameters of the plan's model. */
static lac_status know_lines(const lac_model *model, lac_index_reference *reference)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_model_write(model, &text);
    LAC_TRY(text.failed);
    LAC_OWN(reference->model, lac_copy_text(lac_text_of(&text)));
    const char *line = parameters_of(reference->model);
    for (size_t parameter = 0; parameter < model->parameters; parameter++) {
        const lac_parameter *about = &model->parameter[parameter];
        const char *value = NULL;
        LAC_REQUIRE(line && begins(line, about->id, &value), LAC_INTERNAL,
                    "the resolved model has no line for %s", about->id);
        reference->line[parameter] = value;
        line = next_line(line);
    }
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_index_create_reference(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    lac_index_reference *reference = &index->reference;
    lac_text text = {0};
    LAC_NEW(reference->line, plan->model->parameters);
    LAC_NEW(reference->factor_of, plan->model->parameters);
    LAC_NEW(reference->factor_scale, plan->factors);
    lac_plan_write_model(plan, &text);
    LAC_TRY(text.failed);
    lac_fingerprint(lac_text_of(&text), reference->print);
    LAC_TRY(know_factors(plan, reference));
    LAC_TRY(know_lines(plan->model, reference));
out:
    lac_text_free(&text);
    return status;
}

void lac_index_free_reference(lac_index *index)
{
    lac_free(index->reference.model);
    lac_free(index->reference.line);
    lac_free(index->reference.factor_of);
    lac_free(index->reference.factor_scale);
}

/* --- a member --- */

/* Texts that were in no file have a name such as "--set". */
static bool is_file(const char *path)
{
    return path[0] != '-';
}

static lac_status compare_texts(const lac_model *model, char *const *path, char *const *text,
                                size_t count)
{
    size_t source = 0;
    for (size_t row = 0; row < count; row++) {
        if (!is_file(path[row]))
            continue;
        while (source < model->sources && !is_file(model->source[source]->path))
            source++;
        if (source == model->sources)
            return lac_fail(LAC_NO_INPUT,
                            "it was run with a file that the plan's model has not: "
                            "%s",
                            path[row]);
        if (strcmp(model->source[source]->bytes, text[row]) != 0)
            return lac_fail(LAC_NO_INPUT, "it was run with another text of %s", path[row]);
        source++;
    }
    while (source < model->sources && !is_file(model->source[source]->path))
        source++;
    if (source < model->sources)
        return lac_fail(LAC_NO_INPUT, "it was run without %s", model->source[source]->path);
    return LAC_OK;
}

static lac_status check_sources(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    char **path = NULL, **text = NULL;
    size_t paths = 0, texts = 0;
    LAC_TRY(lac_store_read_rows(store, LAC_AT_PROVENANCE "/source", &path, &paths));
    LAC_TRY(lac_store_read_rows(store, LAC_AT_PROVENANCE "/source_text", &text, &texts));
    LAC_REQUIRE(paths == texts, LAC_NO_INPUT, "%zu files with %zu texts", paths, texts);
    LAC_TRY(compare_texts(model, path, text, paths));
out:
    lac_store_free_list(path, path ? paths : 0);
    lac_store_free_list(text, text ? texts : 0);
    return status;
}

/* The settings that a member must have been run with. */
static lac_status expected_settings(const lac_sample_table *samples, size_t member,
                                    lac_settings *settings)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = samples->plan;
    size_t point = lac_sample_table_point(samples, member);
    lac_text said = {0};
    *settings = plan->model->settings;
    for (size_t factor = 0; factor < plan->factors; factor++) {
        if (strncmp(plan->factor[factor].name, settings_prefix, strlen(settings_prefix)) != 0)
            continue;
        lac_text_free(&said);
        lac_sample_table_setting(samples, point, factor, &said);
        LAC_TRY(said.failed);
        LAC_TRY(lac_settings_set(settings, plan->factor[factor].name + strlen(settings_prefix),
                                 strchr(said.bytes, '=') + 1));
    }
    lac_sample_table_streams(samples, member, &settings->seed, &settings->replicate);
out:
    lac_text_free(&said);
    return status;
}

/* Settings that do not change what is computed, or are the plan's to give. */
static bool is_free(const char *key)
{
    static const char *const keys[] = {"save.fields", "save.compression", "checkpoint.every",
                                       "paranoid"};
    for (size_t each = 0; each < sizeof keys / sizeof keys[0]; each++)
        if (strcmp(keys[each], key) == 0)
            return true;
    return false;
}

static lac_status compare_setting(lac_store *store, const lac_setting *row,
                                  const lac_settings *settings)
{
    lac_status status = LAC_OK;
    const char *field = (const char *)settings + row->offset;
    char name[64] = "setting_", *word = NULL;
    double number = 0, expected = 0;
    strncat(name, row->key, sizeof name - strlen(name) - 1);
    for (char *byte = name; *byte; byte++)
        if (*byte == '.')
            *byte = '_';
    if (row->type == LAC_SETTING_NUMBER) {
        memcpy(&expected, field, sizeof expected);
        LAC_TRY(lac_store_read_number(store, LAC_AT_PROVENANCE, name, &number));
        LAC_REQUIRE(fabs(number - expected) <= 1e-12 * fabs(expected), LAC_NO_INPUT,
                    "it was run with %s %.12g%s%s, not %.12g", row->key, number,
                    *row->unit ? " " : "", row->unit, expected);
    } else {
        LAC_TRY(lac_store_read_text(store, LAC_AT_PROVENANCE, name, &word));
        LAC_REQUIRE(strcmp(word, field) == 0, LAC_NO_INPUT, "it was run with %s %s, not %s",
                    row->key, word, field);
    }
out:
    lac_free(word);
    return status;
}

static lac_status check_settings(const lac_index *index, size_t member, lac_store *store)
{
    lac_status status = LAC_OK;
    lac_settings settings;
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    LAC_TRY(expected_settings(index->samples, member, &settings));
    for (size_t row = 0; row < rows; row++)
        if (!is_free(table[row].key))
            LAC_TRY(compare_setting(store, &table[row], &settings));
out:
    return status;
}

/* The internal value of "NUMBER [UNIT]" or NUMBER: a resolved model writes the usual unit of a
 * dimension or base units, whichever gives the bits of the value. NaN for what it does not write.
 */
static double read_value(const char *value)
{
    char *end;
    lac_unit unit = {.factor = 1};
    size_t at, span;
    double number = strtod(value + (*value == '"'), &end);
    if (strncmp(end, " [", 2) == 0 &&
        lac_unit_parse(end + 2, strcspn(end + 2, "]"), &unit, &at, &span) != LAC_OK)
        return NAN;
    return number * unit.factor;
}

static lac_status compare_factor(const lac_index *index, size_t member, size_t factor,
                                 const char *value)
{
    const lac_sample_table *samples = index->samples;
    const lac_factor *about = &samples->plan->factor[factor];
    double expected =
        samples->value[lac_sample_table_point(samples, member) * samples->plan->factors + factor];
    double found = read_value(value) * index->reference.factor_scale[factor];
    if (fabs(found - expected) <= 1e-10 * fabs(expected))
        return LAC_OK;
    return lac_fail(LAC_NO_INPUT, "it was run with %s = %.12g %s, not %.12g", about->name, found,
                    about->unit ? about->unit : "", expected);
}

/* Bytes of a value: a text in quotation marks, or a bare number. */
static int length_of(const char *value)
{
    const char *end = *value == '"' ? strchr(value + 1, '"') : NULL;
    return (int)(end ? (size_t)(end - value) + 1 : strcspn(value, "\n,}"));
}

static lac_status compare_value(const char *id, const char *expected, const char *found)
{
    int length = length_of(expected), own = length_of(found);
    if (length == own && strncmp(expected, found, (size_t)length) == 0)
        return LAC_OK;
    return lac_fail(LAC_NO_INPUT, "it was run with %s = %.*s, not %.*s", id, own, found, length,
                    expected);
}

static lac_status compare_parameters(const lac_index *index, size_t member, const char *line)
{
    lac_status status = LAC_OK;
    const lac_model *model = index->samples->plan->model;
    const lac_index_reference *reference = &index->reference;
    for (size_t parameter = 0; parameter < model->parameters; parameter++) {
        const char *value = NULL, *id = model->parameter[parameter].id;
        LAC_REQUIRE(line && begins(line, id, &value), LAC_NO_INPUT,
                    "it was run with a model that has no parameter %s where the plan's has it", id);
        if (reference->factor_of[parameter] != LAC_NONE)
            LAC_TRY(compare_factor(index, member, reference->factor_of[parameter], value));
        else
            LAC_TRY(compare_value(id, reference->line[parameter], value));
        line = next_line(line);
    }
out:
    return status;
}

static lac_status check_parameters(const lac_index *index, size_t member, lac_store *store)
{
    lac_status status = LAC_OK;
    char *text = NULL;
    LAC_TRY(lac_store_read_text(store, LAC_AT_MODEL, NULL, &text));
    LAC_TRY(compare_parameters(index, member, parameters_of(text)));
out:
    lac_free(text);
    return status;
}

lac_status lac_index_check_provenance(const lac_index *index, size_t member, lac_store *store)
{
    lac_status status = LAC_OK;
    LAC_TRY(check_sources(index->samples->plan->model, store));
    LAC_TRY(check_settings(index, member, store));
    LAC_TRY(check_parameters(index, member, store));
out:
    return status;
}
