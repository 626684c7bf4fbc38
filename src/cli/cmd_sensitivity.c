/* lacuna sensitivity: on which factors of a sampled plan its endpoints depend, and how surely.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/names.h"
#include "cli/command.h"
#include "index/sensitivity_result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- for people ----- */

static void add_cell(lac_text *text, lac_confidence_interval interval)
{
    char words[64];
    if (isnan(interval.low))
        snprintf(words, sizeof words, "%.4g", interval.value);
    else
        snprintf(words, sizeof words, "%.4g (%.3g to %.3g)", interval.value, interval.low,
                 interval.high);
    lac_text_add(text, "  %-28s", words);
}

/* Ends a line without the blanks before. */
static void end_line(lac_text *text)
{
    while (text->length > 0 && text->bytes[text->length - 1] == ' ')
        text->bytes[--text->length] = '\0';
    lac_text_add(text, "\n");
}

static void add_table(const lac_index_reader *reader, const lac_sensitivity_result *result,
                      lac_text *text)
{
    const lac_sensitivity_method *how = lac_sensitivity_method_of(reader->design);
    size_t width = strlen("factor");
    for (size_t factor = 0; factor < reader->factors; factor++)
        if (strlen(reader->factor[factor]) > width)
            width = strlen(reader->factor[factor]);
    lac_text_add(text, "  %-*s", (int)width, "factor");
    for (size_t column = 0; column < how->columns; column++)
        lac_text_add(text, "  %-28s", how->title[column]);
    end_line(text);
    for (size_t place = 0; place < reader->factors; place++) {
        size_t factor = result->order[place];
        lac_text_add(text, "  %-*s", (int)width, reader->factor[factor]);
        for (size_t column = 0; column < how->columns; column++)
            add_cell(text, result->cell[column][factor]);
        end_line(text);
    }
}

static lac_status describe_table(const lac_index_reader *reader, size_t endpoint, size_t arm,
                                 const lac_sensitivity_result *result, lac_text *text)
{
    lac_status status = LAC_OK;
    const lac_sensitivity_method *how = lac_sensitivity_method_of(reader->design);
    lac_text listed = {0};
    LAC_TRY(lac_index_reader_describe_arm(reader, arm, &listed));
    lac_text_add(text, "\n%s", reader->endpoint[endpoint]);
    if (result->outcome.unit[0] && strcmp(result->outcome.unit, "1") != 0)
        lac_text_add(text, " [%s]", result->outcome.unit);
    if (listed.length > 0)
        lac_text_add(text, ", %s", listed.bytes);
    lac_text_add(text, ": mean %.4g, standard deviation %.3g, %zu %s", result->mean, result->sd,
                 result->used, how->items);
    if (result->outcome.left_out > 0)
        lac_text_add(text, "; %zu runs have no such number", result->outcome.left_out);
    lac_text_add(text, "\n");
    if (result->sd == 0)
        lac_text_add(text, "  It is the same in all runs: nothing of it depends on the factors.\n");
    else
        add_table(reader, result, text);
out:
    lac_text_free(&listed);
    return status;
}

static void describe_study(const char *path, const lac_index_reader *reader, lac_text *text)
{
    lac_text_add(text, "%s: %s\n%s: %zu rows of %zu factors, %zu members", path, reader->title,
                 lac_design_word(reader->design), reader->rows, reader->factors, reader->members);
    if (reader->replicates > 1)
        lac_text_add(text, " (means of %zu replicates)", reader->replicates);
    if (reader->missing > 0)
        lac_text_add(text, ", of which %zu are not done", reader->missing);
    lac_text_add(text, "\n");
}

static void describe_reading(const lac_index_reader *reader, const lac_bootstrap *bootstrap,
                             lac_text *text)
{
    lac_text_add(text,
                 "\n%sIn brackets: intervals of %g %% (bootstrap, %zu resamples). Factors whose "
                 "intervals overlap are\nnot surely in this order: four times the `points:` make "
                 "the intervals half as wide.\n",
                 lac_sensitivity_method_of(reader->design)->reading, 100 * bootstrap->confidence,
                 bootstrap->resamples);
}

/* --- for programs --- */

static void write_interval(lac_json *json, const char *key, lac_confidence_interval interval)
{
    lac_json_object(json, key);
    lac_json_number(json, "value", interval.value);
    if (!isnan(interval.low)) {
        lac_json_number(json, "low", interval.low);
        lac_json_number(json, "high", interval.high);
    }
    lac_json_end(json);
}

static lac_status write_table(const lac_index_reader *reader, size_t endpoint, size_t arm,
                              const lac_sensitivity_result *result, lac_json *json)
{
    lac_status status = LAC_OK;
    const lac_sensitivity_method *how = lac_sensitivity_method_of(reader->design);
    lac_text listed = {0};
    LAC_TRY(lac_index_reader_describe_arm(reader, arm, &listed));
    lac_json_object(json, NULL);
    lac_json_words(json, "endpoint", reader->endpoint[endpoint]);
    lac_json_words(json, "unit", result->outcome.unit);
    lac_json_count(json, "arm", arm);
    lac_json_words(json, "listed", lac_text_of(&listed));
    lac_json_number(json, "mean", result->mean);
    lac_json_number(json, "sd", result->sd);
    lac_json_count(json, "used", result->used);
    lac_json_count(json, "left_out", result->outcome.left_out);
    lac_json_array(json, "factors");
    for (size_t place = 0; place < reader->factors; place++) {
        size_t factor = result->order[place];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", reader->factor[factor]);
        for (size_t column = 0; column < how->columns; column++)
            write_interval(json, how->word[column], result->cell[column][factor]);
        lac_json_end(json);
    }
    lac_json_end(json);
    lac_json_end(json);
out:
    lac_text_free(&listed);
    return status;
}

static void begin_document(const char *path, const lac_index_reader *reader,
                           const lac_bootstrap *bootstrap, lac_json *json)
{
    lac_json_object(json, NULL);
    lac_json_words(json, "index", path);
    lac_json_words(json, "title", reader->title);
    lac_json_words(json, "design", lac_design_word(reader->design));
    lac_json_count(json, "samples", reader->samples);
    lac_json_count(json, "rows", reader->rows);
    lac_json_count(json, "members", reader->members);
    lac_json_count(json, "not_done", reader->missing);
    lac_json_number(json, "confidence", bootstrap->confidence);
    lac_json_count(json, "resamples", bootstrap->resamples);
    lac_json_array(json, "tables");
}

/* --- the command ---- */

/* "95%", "95 %" or "0.95". */
static lac_status read_confidence(const char *said, double *confidence)
{
    char *end;
    double value = strtod(said, &end);
    while (*end == ' ')
        end++;
    if (*end == '%') {
        value /= 100;
        end++;
    }
    if (end == said || *end != '\0' || !(value > 0 && value < 1))
        return lac_fail(LAC_USAGE, "--confidence: '%s' is not a share between 0 and 100 %%", said);
    *confidence = value;
    return LAC_OK;
}

static lac_status find_endpoint(const lac_index_reader *reader, const char *name, size_t *found)
{
    for (size_t endpoint = 0; endpoint < reader->endpoints; endpoint++)
        if (strcmp(reader->endpoint[endpoint], name) == 0) {
            *found = endpoint;
            return LAC_OK;
        }
    const char *nearest =
        lac_nearest((const char *const *)reader->endpoint, reader->endpoints, name);
    if (nearest)
        return lac_fail(LAC_USAGE, "the index has no endpoint '%s'; did you mean '%s'?", name,
                        nearest);
    return lac_fail(LAC_USAGE, "the index has no endpoint '%s'; its first is '%s'", name,
                    reader->endpoints > 0 ? reader->endpoint[0] : "");
}

/* Tables of the endpoints first .. last - 1 in all arms. */
static lac_status write_tables(const lac_index_reader *reader, size_t first, size_t last,
                               const lac_bootstrap *bootstrap, lac_json *json, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_sensitivity_result one = {0};
    for (size_t endpoint = first; endpoint < last; endpoint++)
        for (size_t arm = 0; arm < reader->arms; arm++) {
            lac_sensitivity_result_free(&one);
            LAC_TRY(lac_sensitivity_result_make(reader, endpoint, arm, bootstrap, &one));
            LAC_TRY(json ? write_table(reader, endpoint, arm, &one, json)
                         : describe_table(reader, endpoint, arm, &one, text));
        }
out:
    lac_sensitivity_result_free(&one);
    return status;
}

static lac_status sensitivity(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *path = arguments->operand[0];
    lac_index_reader *reader = NULL;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_bootstrap bootstrap = {arguments->resamples ? arguments->resamples : 1000, 0.95, 1};
    size_t first = 0, last;
    (void)argc;
    (void)argv;
    if (arguments->confidence)
        LAC_TRY(read_confidence(arguments->confidence, &bootstrap.confidence));
    LAC_TRY(lac_index_reader_open(path, &reader));
    LAC_TRY(lac_index_reader_is_sampled(reader));
    last = reader->endpoints;
    if (arguments->endpoint) {
        LAC_TRY(find_endpoint(reader, arguments->endpoint, &first));
        last = first + 1;
    }
    if (arguments->json)
        begin_document(path, reader, &bootstrap, &json);
    else
        describe_study(path, reader, &text);
    LAC_TRY(write_tables(reader, first, last, &bootstrap, arguments->json ? &json : NULL, &text));
    if (arguments->json) {
        lac_json_end(&json);
        lac_json_end(&json);
    } else {
        describe_reading(reader, &bootstrap, &text);
    }
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_index_reader_free(reader);
    lac_text_free(&text);
    return status;
}

const lac_command lac_command_sensitivity = {
    .name = "sensitivity",
    .operands = "INDEX",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SENSITIVITY,
    .summary = "Global sensitivity of the endpoints of a sweep",
    .details =
        "INDEX is the index.nc of a sweep whose plan sampled parameters. Designs: morris gives\n"
        "elementary effects, saltelli first-order and total Sobol indices, random,\n"
        "latin-hypercube and sobol partial rank correlations; all with bootstrap intervals.\n"
        "Replicates of a point are averaged first; failed members are excluded and counted.\n",
    .run = sensitivity};
