/* Studies: reading.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index/study.h"

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

static lac_status read_design(lac_study *study)
{
    lac_status status = LAC_OK;
    char *word = NULL;
    LAC_TRY(lac_store_read_text(study->store, LAC_AT_DESIGN, "design", &word));
    while (study->design < LAC_DESIGNS && strcmp(lac_design_word(study->design), word) != 0)
        study->design++;
    LAC_REQUIRE(study->design < LAC_DESIGNS, LAC_INPUT, "the index is of an unknown design '%s'",
                word);
    LAC_TRY(read_count(study->store, "samples", &study->samples));
    LAC_TRY(read_count(study->store, "replicates", &study->replicates));
out:
    lac_free(word);
    return status;
}

static lac_status read_unit(lac_study *study)
{
    lac_status status = LAC_OK;
    size_t rank, length[8];
    study->rows = 1;
    if (!lac_store_has(study->store, LAC_AT_DESIGN "/unit"))
        return LAC_OK;
    LAC_TRY(lac_store_read_rows(study->store, LAC_AT_DESIGN "/factor", &study->factor,
                                &study->factors));
    LAC_TRY(lac_store_read(study->store, LAC_AT_DESIGN "/unit", &study->unit, &rank, length));
    LAC_REQUIRE(rank == 2 && length[1] == study->factors && study->factors > 0, LAC_NO_INPUT,
                LAC_AT_DESIGN "/unit of the index does not fit to its factors");
    study->rows = length[0];
    lac_design design = {
        .kind = study->design, .dimensions = study->factors, .samples = study->samples};
    LAC_REQUIRE(study->rows == lac_design_rows(&design), LAC_NO_INPUT,
                "the index has %zu rows, and its design %zu", study->rows,
                lac_design_rows(&design));
out:
    return status;
}

/* Names in an attribute, with blanks between them. */
static lac_status read_endpoints(lac_study *study)
{
    lac_status status = LAC_OK;
    char *names = NULL, *rest = NULL;
    LAC_TRY(lac_store_read_text(study->store, "/", "endpoints", &names));
    LAC_NEW(study->endpoint, strlen(names) / 2 + 1);
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        LAC_OWN(study->endpoint[study->endpoints], lac_copy_text(name));
        study->endpoints++;
    }
out:
    lac_free(names);
    return status;
}

static lac_status read_members(lac_study *study)
{
    lac_status status = LAC_OK;
    double most = 0;
    size_t rank, length[8];
    LAC_TRY(lac_store_shape(study->store, LAC_AT_STATUS, &rank, length));
    study->members = length[0];
    LAC_TRY(read_column(study->store, LAC_AT_STATUS, study->members, &study->status));
    LAC_TRY(read_column(study->store, "/row", study->members, &study->row));
    LAC_TRY(read_column(study->store, "/arm", study->members, &study->arm));
    for (size_t member = 0; member < study->members; member++) {
        LAC_REQUIRE(study->row[member] >= 0 && study->row[member] < (double)study->rows,
                    LAC_NO_INPUT, "member %zu of the index is of row %g, and the design has %zu",
                    member, study->row[member], study->rows);
        study->missing += study->status[member] != LAC_DONE;
        most = fmax(most, study->arm[member]);
    }
    study->arms = (size_t)most + 1;
out:
    return status;
}

lac_status lac_study_open(const char *path, lac_study **study)
{
    lac_status status = LAC_OK;
    lac_study *fresh;
    LAC_NEW(fresh, 1);
    LAC_TRY(lac_store_open(path, false, &fresh->store));
    LAC_REQUIRE(lac_store_has(fresh->store, LAC_AT_DESIGN) &&
                    lac_store_has(fresh->store, LAC_AT_STATUS),
                LAC_NO_INPUT, "%s is no index of a sweep", path);
    LAC_TRY(lac_store_read_text(fresh->store, "/", "title", &fresh->title));
    LAC_TRY(read_design(fresh));
    LAC_TRY(read_unit(fresh));
    LAC_TRY(read_endpoints(fresh));
    LAC_TRY(read_members(fresh));
    *study = fresh;
    fresh = NULL;
out:
    lac_study_free(fresh);
    return status;
}

void lac_study_free(lac_study *study)
{
    if (!study)
        return;
    lac_store_close(study->store);
    lac_free(study->title);
    lac_store_free_list(study->factor, study->factors);
    for (size_t endpoint = 0; study->endpoint && endpoint < study->endpoints; endpoint++)
        lac_free(study->endpoint[endpoint]);
    lac_free(study->endpoint);
    lac_free(study->unit);
    lac_free(study->row);
    lac_free(study->arm);
    lac_free(study->status);
    lac_free(study);
}

lac_status lac_study_is_sampled(const lac_study *study)
{
    char *rows = NULL;
    bool own = lac_store_read_text(study->store, LAC_AT_DESIGN, "rows", &rows) == LAC_OK;
    lac_free(rows);
    if (own)
        return lac_fail(LAC_INPUT, "every arm of the plan has points of its own (rows: own); "
                                   "sensitivity needs the same in all");
    if (study->unit)
        return LAC_OK;
    return lac_fail(LAC_INPUT,
                    "the plan of the index is a %s: its values were listed, not sampled; "
                    "sensitivity needs `design: morris` (screening) or `design: saltelli` (Sobol "
                    "indices) and factors with a distribution",
                    lac_design_word(study->design));
}

/* --- one endpoint ----------- */

/* value[rows]: means of what is known. */
static lac_status average(const lac_study *study, size_t arm, const double *number,
                          lac_outcome *outcome)
{
    lac_status status = LAC_OK;
    size_t *known = NULL;
    LAC_NEW(known, study->rows);
    for (size_t member = 0; member < study->members; member++) {
        if (study->arm[member] != (double)arm)
            continue;
        size_t row = (size_t)study->row[member];
        if (study->status[member] == LAC_DONE && isfinite(number[member])) {
            outcome->value[row] += number[member];
            known[row]++;
        } else {
            outcome->left_out++;
        }
    }
    for (size_t row = 0; row < study->rows; row++)
        outcome->value[row] = known[row] > 0 ? outcome->value[row] / (double)known[row] : NAN;
out:
    lac_free(known);
    return status;
}

lac_status lac_study_numbers(const lac_study *study, size_t endpoint, double **number)
{
    lac_text path = {0};
    lac_text_add(&path, "/%s", study->endpoint[endpoint]);
    lac_status status = path.failed;
    if (status == LAC_OK)
        status = read_column(study->store, path.bytes, study->members, number);
    lac_text_free(&path);
    return status;
}

/* The text attribute, "" when there is none. */
static lac_status read_words(const lac_study *study, const char *path, const char *attribute,
                             char **words)
{
    lac_status status = lac_store_read_text(study->store, path, attribute, words);
    if (status == LAC_OK || status == LAC_MEMORY)
        return status;
    *words = lac_copy_text("");
    return *words ? LAC_OK : LAC_MEMORY;
}

lac_status lac_study_words(const lac_study *study, size_t endpoint, const char *attribute,
                           char **words)
{
    lac_text path = {0};
    lac_text_add(&path, "/%s", study->endpoint[endpoint]);
    lac_status status = path.failed;
    if (status == LAC_OK)
        status = read_words(study, path.bytes, attribute, words);
    lac_text_free(&path);
    return status;
}

lac_status lac_study_outcome(const lac_study *study, size_t endpoint, size_t arm,
                             lac_outcome *outcome)
{
    lac_status status = LAC_OK;
    double *number = NULL;
    *outcome = (lac_outcome){0};
    LAC_TRY(lac_study_numbers(study, endpoint, &number));
    LAC_NEW(outcome->value, study->rows);
    LAC_TRY(lac_study_words(study, endpoint, "unit_label", &outcome->unit));
    LAC_TRY(lac_study_words(study, endpoint, "long_name", &outcome->label));
    LAC_TRY(average(study, arm, number, outcome));
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
static lac_status describe_column(const lac_study *study, const char *path, const char *name,
                                  size_t arm, lac_text *text)
{
    lac_status status = LAC_OK;
    char **rows = NULL, *unit = NULL;
    double *values = NULL;
    size_t count = 0, rank, length[8];
    lac_text_add(text, text->length > 0 ? ", %s = " : "%s = ", name);
    LAC_TRY(read_words(study, path, "unit_label", &unit));
    status = lac_store_read(study->store, path, &values, &rank, length);
    if (status == LAC_MEMORY)
        goto out;
    if (status == LAC_OK) {
        LAC_REQUIRE(rank == 1 && arm < length[0], LAC_NO_INPUT, "%s has no arm %zu", path, arm);
        lac_text_add(text, unit[0] ? "%.12g %s" : "%.12g%s", values[arm], unit);
    } else {
        LAC_TRY(lac_store_read_rows(study->store, path, &rows, &count));
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
lac_status lac_study_describe_arm(const lac_study *study, size_t arm, lac_text *text)
{
    lac_status status = LAC_OK;
    char **names = NULL, *factor = NULL;
    size_t count = 0;
    lac_text path = {0};
    if (lac_store_has(study->store, LAC_AT_STATISTICS "/arm_name")) {
        LAC_TRY(lac_store_read_rows(study->store, LAC_AT_STATISTICS "/arm_name", &names, &count));
        LAC_REQUIRE(arm < count, LAC_NO_INPUT, "the index names no arm %zu", arm);
        lac_text_add(text, "%s", names[arm]);
        status = text->failed;
        goto out;
    }
    LAC_TRY(lac_store_list(study->store, LAC_AT_STATISTICS, &names, &count));
    for (size_t each = 0; each < count; each++) {
        lac_free(factor);
        factor = NULL;
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_STATISTICS "/%s", names[each]);
        LAC_TRY(path.failed);
        LAC_TRY(read_words(study, path.bytes, "factor", &factor));
        if (factor[0])
            LAC_TRY(describe_column(study, path.bytes, factor, arm, text));
    }
    status = text->failed;
out:
    lac_store_free_list(names, count);
    lac_free(factor);
    lac_text_free(&path);
    return status;
}
