/* An index, for people and for scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show_index.h"

#include "cli/screen.h"

#include "base/json.h"
#include "base/memory.h"
#include "campaign/campaign.h"
#include "index/comparison.h"

#include <math.h>
#include <stdio.h>

enum { ARMS_SHOWN = 24, STATUSES = LAC_SUSPENDED + 1 };

static void count_statuses(const lac_index_reader *reader, size_t count[STATUSES])
{
    for (size_t member = 0; member < reader->members; member++)
        if (reader->status[member] >= 0 && reader->status[member] < STATUSES)
            count[(size_t)reader->status[member]]++;
}

/* --- for people ---- */

static void add_head(const char *path, const lac_index_reader *reader, lac_text *text)
{
    size_t count[STATUSES] = {0};
    char *notice = NULL, *variation = NULL;
    count_statuses(reader, count);
    lac_text_add(text, "%s\n  %-14s %s\n  %-14s %s: %zu arms x %zu rows x %zu replicates\n", path,
                 "title", reader->title, "design", lac_design_word(reader->design), reader->arms,
                 reader->rows, reader->replicates);
    lac_text_add(text, "  %-14s %zu:", "members", reader->members);
    for (size_t member_status = 0; member_status < STATUSES; member_status++)
        if (count[member_status] > 0)
            lac_text_add(text, " %zu %s", count[member_status],
                         lac_member_status_word((lac_member_status)member_status));
    lac_text_add(text, "\n");
    if (lac_store_read_text(reader->store, "/", LAC_KEY_VARIATION, &variation) == LAC_OK)
        lac_text_add(text, "  %-14s %s\n", "runs differ", variation);
    lac_free(variation);
    if (lac_store_read_text(reader->store, "/", LAC_KEY_NOTICE, &notice) == LAC_OK)
        lac_text_add(text, "  %-14s %s\n", "notice", notice);
    lac_free(notice);
}

/* A standard deviation, or "-" where it is not known. */
static void add_deviation(lac_text *text, double value)
{
    if (isfinite(value))
        lac_text_add(text, " %11.4g", value);
    else
        lac_text_add(text, " %11s", "-");
}

static void add_row(lac_text *text, const char *arm, const lac_comparison *one)
{
    const lac_statistics *own = &one->own;
    lac_text_add(text, "  %-32s %5.0f %11.5g", arm, own->count, own->mean);
    add_deviation(text, own->sd);
    add_deviation(text, own->chance);
    add_deviation(text, own->parameters);
    if (one->pairs == 1)
        lac_text_add(text, "   %.4g", one->difference.middle);
    else if (one->pairs > 1)
        lac_text_add(text, "   %.4g (%.3g to %.3g), below in %.0f %%", one->difference.middle,
                     one->difference.low, one->difference.high, 100 * one->below);
    lac_text_add(text, "\n");
}

static lac_status name_arm(const lac_index_reader *reader, size_t arm, lac_text *name)
{
    lac_status status = lac_index_reader_describe_arm(reader, arm, name);
    if (status == LAC_OK && name->length == 0)
        lac_text_add(name, "all members");
    return status != LAC_OK ? status : name->failed;
}

static void add_columns(lac_text *text, size_t arms)
{
    lac_text_add(text, "  %-32s %5s %11s %11s %11s %11s%s\n", "arm", "runs", "mean", "sd",
                 "by chance", "by param.",
                 arms > 1 ? "   minus the first arm, paired: median (90 %)" : "");
}

static lac_status add_endpoint(const lac_index_reader *reader, size_t endpoint, lac_text *text)
{
    lac_status status = LAC_OK;
    double *number = NULL;
    char *unit = NULL, *label = NULL;
    lac_text name = {0};
    LAC_TRY(lac_index_reader_numbers(reader, endpoint, &number));
    LAC_TRY(lac_index_reader_words(reader, endpoint, "unit_label", &unit));
    LAC_TRY(lac_index_reader_words(reader, endpoint, "long_name", &label));
    lac_text_add(text, unit[0] ? "\n%s [%s]" : "\n%s%s", reader->endpoint[endpoint], unit);
    lac_text_add(text, label[0] ? "  %s\n" : "%s\n", label);
    add_columns(text, reader->arms);
    for (size_t arm = 0; arm < reader->arms && arm < ARMS_SHOWN; arm++) {
        lac_comparison one;
        lac_text_free(&name);
        LAC_TRY(name_arm(reader, arm, &name));
        LAC_TRY(lac_compare(reader, number, arm, 0, &one));
        add_row(text, lac_text_of(&name), &one);
    }
    if (reader->arms > ARMS_SHOWN)
        lac_text_add(text, "  and %zu more arms; --json prints all\n", reader->arms - ARMS_SHOWN);
out:
    lac_free(number);
    lac_free(unit);
    lac_free(label);
    lac_text_free(&name);
    return status;
}

static lac_status write_for_people(const char *path, const lac_index_reader *reader,
                                   const char *note, lac_text *text)
{
    lac_status status = LAC_OK;
    add_head(path, reader, text);
    if (note)
        lac_text_add(text, "  note: %s\n", note);
    for (size_t endpoint = 0; endpoint < reader->endpoints; endpoint++)
        LAC_TRY(add_endpoint(reader, endpoint, text));
    status = text->failed;
out:
    return status;
}

/* --- for scripts --- */

static void begin_document(const char *path, const lac_index_reader *reader, const char *note,
                           lac_json *json)
{
    size_t count[STATUSES] = {0};
    count_statuses(reader, count);
    lac_json_object(json, NULL);
    lac_json_words(json, "file", path);
    lac_json_words(json, "title", reader->title);
    lac_json_words(json, "note", note);
    lac_json_words(json, "design", lac_design_word(reader->design));
    lac_json_count(json, "arms", reader->arms);
    lac_json_count(json, "rows", reader->rows);
    lac_json_count(json, "replicates", reader->replicates);
    lac_json_object(json, "members");
    for (size_t member_status = 0; member_status < STATUSES; member_status++)
        lac_json_count(json, lac_member_status_word((lac_member_status)member_status),
                       count[member_status]);
    lac_json_end(json);
    lac_json_array(json, "endpoints");
}

static void write_spread(lac_json *json, const char *key, const lac_distribution_of *spread)
{
    double values[] = {spread->low, spread->middle, spread->high};
    lac_json_numbers(json, key, values, 3);
}

static void write_arm(lac_json *json, size_t arm, const char *name, const lac_comparison *one)
{
    lac_json_object(json, NULL);
    lac_json_count(json, "arm", arm);
    lac_json_words(json, "name", name);
    lac_json_number(json, "runs", one->own.count);
    lac_json_number(json, "mean", one->own.mean);
    lac_json_number(json, "sd", one->own.sd);
    lac_json_number(json, "sd_chance", one->own.chance);
    lac_json_number(json, "sd_parameters", one->own.parameters);
    write_spread(json, "quantiles_5_50_95", &one->value);
    lac_json_count(json, "pairs", one->pairs);
    write_spread(json, "difference_5_50_95", &one->difference);
    lac_json_number(json, "share_below", one->below);
    lac_json_end(json);
}

static lac_status write_endpoint(const lac_index_reader *reader, size_t endpoint, lac_json *json)
{
    lac_status status = LAC_OK;
    double *number = NULL;
    char *unit = NULL;
    lac_text name = {0};
    LAC_TRY(lac_index_reader_numbers(reader, endpoint, &number));
    LAC_TRY(lac_index_reader_words(reader, endpoint, "unit_label", &unit));
    lac_json_object(json, NULL);
    lac_json_words(json, "name", reader->endpoint[endpoint]);
    lac_json_words(json, "unit", unit);
    lac_json_array(json, "arms");
    for (size_t arm = 0; arm < reader->arms; arm++) {
        lac_comparison one;
        lac_text_free(&name);
        LAC_TRY(name_arm(reader, arm, &name));
        LAC_TRY(lac_compare(reader, number, arm, 0, &one));
        write_arm(json, arm, lac_text_of(&name), &one);
    }
    lac_json_end(json);
    lac_json_end(json);
out:
    lac_free(number);
    lac_free(unit);
    lac_text_free(&name);
    return status;
}

static lac_status write_for_scripts(const char *path, const lac_index_reader *reader,
                                    const char *note, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_json json = {.text = text};
    begin_document(path, reader, note, &json);
    for (size_t endpoint = 0; endpoint < reader->endpoints; endpoint++)
        LAC_TRY(write_endpoint(reader, endpoint, &json));
    lac_json_end(&json);
    lac_json_end(&json);
    status = text->failed;
out:
    return status;
}

lac_status lac_show_index(const lac_arguments *arguments, lac_store *store)
{
    lac_status status = LAC_OK;
    const char *path = arguments->operand[0];
    lac_index_reader *reader = NULL;
    char *note = NULL;
    lac_text text = {0};
    if (lac_store_read_text(store, LAC_AT_PROVENANCE, LAC_KEY_NOTE, &note) == LAC_MEMORY)
        return LAC_MEMORY;
    LAC_TRY(lac_index_reader_open(path, &reader));
    if (arguments->json) {
        LAC_TRY(write_for_scripts(path, reader, note, &text));
        fputs(lac_text_of(&text), stdout);
    } else {
        LAC_TRY(write_for_people(path, reader, note, &text));
        LAC_TRY(lac_screen_print(arguments, &text, NULL));
    }
out:
    lac_free(note);
    lac_index_reader_free(reader);
    lac_text_free(&text);
    return status;
}
