/* Studies: reading.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index/index_reader.h"

#include "analysis/design.h"
#include "base/memory.h"
#include "campaign/campaign.h"

#include <math.h>
#include <string.h>

/* --- what every index has --- */

static lac_status read_count(lac_store *store, const char *attribute, size_t *count)
{
    double number = 0;
    lac_status status = lac_store_read_number(store, LAC_AT_DESIGN, attribute, &number);
    *count = (size_t)number;
    return status;
}

static lac_status read_column(lac_store *store, const char *path, size_t members, double **values)
{
    lac_status status = LAC_OK;
    size_t rank, length[8];
    LAC_TRY(lac_store_read(store, path, values, &rank, length));
    LAC_REQUIRE(rank == 1 && length[0] == members, LAC_NO_INPUT,
                "%s of the index is not a column over its members", path);
out:
    return status;
}

static lac_status read_design(lac_index_reader *reader)
{
    lac_status status = LAC_OK;
    char *word = NULL;
    LAC_TRY(lac_store_read_text(reader->store, LAC_AT_DESIGN, "design", &word));
    while (reader->design < LAC_DESIGNS && strcmp(lac_design_word(reader->design), word) != 0)
        reader->design++;
    LAC_REQUIRE(reader->design < LAC_DESIGNS, LAC_INPUT, "the index is of an unknown design '%s'",
                word);
    LAC_TRY(read_count(reader->store, "samples", &reader->samples));
    LAC_TRY(read_count(reader->store, "replicates", &reader->replicates));
out:
    lac_free(word);
    return status;
}

static lac_status read_unit(lac_index_reader *reader)
{
    lac_status status = LAC_OK;
    size_t rank, length[8];
    reader->rows = 1;
    if (!lac_store_has(reader->store, LAC_AT_DESIGN "/unit"))
        return LAC_OK;
    LAC_TRY(lac_store_read_rows(reader->store, LAC_AT_DESIGN "/factor", &reader->factor,
                                &reader->factors));
    LAC_TRY(lac_store_read(reader->store, LAC_AT_DESIGN "/unit", &reader->unit, &rank, length));
    LAC_REQUIRE(rank == 2 && length[1] == reader->factors && reader->factors > 0, LAC_NO_INPUT,
                LAC_AT_DESIGN "/unit of the index does not fit to its factors");
    reader->rows = length[0];
    lac_design design = {
        .kind = reader->design, .dimensions = reader->factors, .samples = reader->samples};
    LAC_REQUIRE(reader->rows == lac_design_rows(&design), LAC_NO_INPUT,
                "the index has %zu rows, and its design %zu", reader->rows,
                lac_design_rows(&design));
out:
    return status;
}

/* Names in an attribute, with blanks between them. */
static lac_status read_endpoints(lac_index_reader *reader)
{
    lac_status status = LAC_OK;
    char *names = NULL, *rest = NULL;
    LAC_TRY(lac_store_read_text(reader->store, "/", "endpoints", &names));
    LAC_NEW(reader->endpoint, strlen(names) / 2 + 1);
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        LAC_OWN(reader->endpoint[reader->endpoints], lac_copy_text(name));
        reader->endpoints++;
    }
out:
    lac_free(names);
    return status;
}

static lac_status read_members(lac_index_reader *reader)
{
    lac_status status = LAC_OK;
    double most = 0;
    size_t rank, length[8];
    LAC_TRY(lac_store_shape(reader->store, LAC_AT_STATUS, &rank, length));
    reader->members = length[0];
    LAC_TRY(read_column(reader->store, LAC_AT_STATUS, reader->members, &reader->status));
    LAC_TRY(read_column(reader->store, "/row", reader->members, &reader->row));
    LAC_TRY(read_column(reader->store, "/arm", reader->members, &reader->arm));
    for (size_t member = 0; member < reader->members; member++) {
        LAC_REQUIRE(reader->row[member] >= 0 && reader->row[member] < (double)reader->rows,
                    LAC_NO_INPUT, "member %zu of the index is of row %g, and the design has %zu",
                    member, reader->row[member], reader->rows);
        reader->missing += reader->status[member] != LAC_DONE;
        most = fmax(most, reader->arm[member]);
    }
    reader->arms = (size_t)most + 1;
out:
    return status;
}

lac_status lac_index_reader_open(const char *path, lac_index_reader **reader)
{
    lac_status status = LAC_OK;
    lac_index_reader *fresh;
    LAC_NEW(fresh, 1);
    LAC_TRY(lac_store_open(path, false, &fresh->store));
    LAC_REQUIRE(lac_store_has(fresh->store, LAC_AT_DESIGN) &&
                    lac_store_has(fresh->store, LAC_AT_STATUS),
                LAC_NO_INPUT, "%s is not the index of a sweep", path);
    LAC_TRY(lac_store_read_text(fresh->store, "/", "title", &fresh->title));
    LAC_TRY(read_design(fresh));
    LAC_TRY(read_unit(fresh));
    LAC_TRY(read_endpoints(fresh));
    LAC_TRY(read_members(fresh));
    *reader = fresh;
    fresh = NULL;
out:
    lac_index_reader_free(fresh);
    return status;
}

void lac_index_reader_free(lac_index_reader *reader)
{
    if (!reader)
        return;
    lac_store_close(reader->store);
    lac_free(reader->title);
    lac_store_free_list(reader->factor, reader->factors);
    for (size_t endpoint = 0; reader->endpoint && endpoint < reader->endpoints; endpoint++)
        lac_free(reader->endpoint[endpoint]);
    lac_free(reader->endpoint);
    lac_free(reader->unit);
    lac_free(reader->row);
    lac_free(reader->arm);
    lac_free(reader->status);
    lac_free(reader);
}

lac_status lac_index_reader_is_sampled(const lac_index_reader *reader)
{
    char *rows = NULL;
    bool own = lac_store_read_text(reader->store, LAC_AT_DESIGN, "rows", &rows) == LAC_OK;
    lac_free(rows);
    if (own)
        return lac_fail(LAC_INPUT, "every arm of the plan has points of its own (rows: own); "
                                   "sensitivity needs the same in all");
    if (reader->unit)
        return LAC_OK;
    return lac_fail(LAC_INPUT,
                    "the plan of the index is a %s: its values were listed, not sampled; "
                    "sensitivity needs `design: morris` (screening) or `design: saltelli` (Sobol "
                    "indices) and factors with a distribution",
                    lac_design_word(reader->design));
}

/* --- one endpoint ----------- */

/* value[rows]: means of what is known. */
static lac_status average(const lac_index_reader *reader, size_t arm, const double *number,
                          lac_outcome *outcome)
{
    lac_status status = LAC_OK;
    size_t *known = NULL;
    LAC_NEW(known, reader->rows);
    for (size_t member = 0; member < reader->members; member++) {
        if (reader->arm[member] != (double)arm)
            continue;
        size_t row = (size_t)reader->row[member];
        if (reader->status[member] == LAC_DONE && isfinite(number[member])) {
            outcome->value[row] += number[member];
            known[row]++;
        } else {
            outcome->left_out++;
        }
    }
    for (size_t row = 0; row < reader->rows; row++)
        outcome->value[row] = known[row] > 0 ? outcome->value[row] / (double)known[row] : NAN;
out:
    lac_free(known);
    return status;
}

lac_status lac_index_reader_numbers(const lac_index_reader *reader, size_t endpoint,
                                    double **number)
{
    lac_text path = {0};
    lac_text_add(&path, "/%s", reader->endpoint[endpoint]);
    lac_status status = path.failed;
    if (status == LAC_OK)
        status = read_column(reader->store, path.bytes, reader->members, number);
    lac_text_free(&path);
    return status;
}

/* The text attribute, "" when there is none. */
static lac_status read_words(const lac_index_reader *reader, const char *path,
                             const char *attribute, char **words)
{
    lac_status status = lac_store_read_text(reader->store, path, attribute, words);
    if (status == LAC_OK || status == LAC_MEMORY)
        return status;
    *words = lac_copy_text("");
    return *words ? LAC_OK : LAC_MEMORY;
}

lac_status lac_index_reader_words(const lac_index_reader *reader, size_t endpoint,
                                  const char *attribute, char **words)
{
    lac_text path = {0};
    lac_text_add(&path, "/%s", reader->endpoint[endpoint]);
    lac_status status = path.failed;
    if (status == LAC_OK)
        status = read_words(reader, path.bytes, attribute, words);
    lac_text_free(&path);
    return status;
}

lac_status lac_index_reader_outcome(const lac_index_reader *reader, size_t endpoint, size_t arm,
                                    lac_outcome *outcome)
{
    lac_status status = LAC_OK;
    double *number = NULL;
    *outcome = (lac_outcome){0};
    LAC_TRY(lac_index_reader_numbers(reader, endpoint, &number));
    LAC_NEW(outcome->value, reader->rows);
    LAC_TRY(lac_index_reader_words(reader, endpoint, "unit_label", &outcome->unit));
    LAC_TRY(lac_index_reader_words(reader, endpoint, "long_name", &outcome->label));
    LAC_TRY(average(reader, arm, number, outcome));
out:
    lac_free(number);
    return status;
}

void lac_outcome_free(lac_outcome *outcome)
{
    lac_free(outcome->value);
    lac_free(outcome->unit);
    lac_free(outcome->label);
    *outcome = (lac_outcome){0};
}

/* --- arms ------------------- */

/* Adds "NAME = VALUE UNIT" of one column over the arms. */
static lac_status describe_column(const lac_index_reader *reader, const char *path,
                                  const char *name, size_t arm, lac_text *text)
{
    lac_status status = LAC_OK;
    char **rows = NULL, *unit = NULL;
    double *values = NULL;
    size_t count = 0, rank, length[8];
    lac_text_add(text, text->length > 0 ? ", %s = " : "%s = ", name);
    LAC_TRY(read_words(reader, path, "unit_label", &unit));
    status = lac_store_read(reader->store, path, &values, &rank, length);
    if (status == LAC_MEMORY)
        goto out;
    if (status == LAC_OK) {
        LAC_REQUIRE(rank == 1 && arm < length[0], LAC_NO_INPUT, "%s has no arm %zu", path, arm);
        lac_text_add(text, unit[0] ? "%.12g %s" : "%.12g%s", values[arm], unit);
    } else {
        LAC_TRY(lac_store_read_rows(reader->store, path, &rows, &count));
        LAC_REQUIRE(arm < count, LAC_NO_INPUT, "%s has no arm %zu", path, arm);
        lac_text_add(text, "%s", rows[arm]);
    }
out:
    lac_store_free_list(rows, count);
    lac_free(unit);
    lac_free(values);
    return status;
}

/* The listed factors are the columns of /statistics that say which factor they are. */
lac_status lac_index_reader_describe_arm(const lac_index_reader *reader, size_t arm, lac_text *text)
{
    lac_status status = LAC_OK;
    char **names = NULL, *factor = NULL;
    size_t count = 0;
    lac_text path = {0};
    if (lac_store_has(reader->store, LAC_AT_STATISTICS "/arm_name")) {
        LAC_TRY(lac_store_read_rows(reader->store, LAC_AT_STATISTICS "/arm_name", &names, &count));
        LAC_REQUIRE(arm < count, LAC_NO_INPUT, "the index names no arm %zu", arm);
        lac_text_add(text, "%s", names[arm]);
        status = text->failed;
        goto out;
    }
    LAC_TRY(lac_store_list(reader->store, LAC_AT_STATISTICS, &names, &count));
    for (size_t each = 0; each < count; each++) {
        lac_free(factor);
        factor = NULL;
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_STATISTICS "/%s", names[each]);
        LAC_TRY(path.failed);
        LAC_TRY(read_words(reader, path.bytes, "factor", &factor));
        if (factor[0])
            LAC_TRY(describe_column(reader, path.bytes, factor, arm, text));
    }
    status = text->failed;
out:
    lac_store_free_list(names, count);
    lac_free(factor);
    lac_text_free(&path);
    return status;
}
