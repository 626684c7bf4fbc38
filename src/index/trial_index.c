/* The index of a trial, written from what it is made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index/trial_index.h"

#include "base/memory.h"
#include "store/layout.h"
#include "store/store.h"

#include <math.h>
#include <string.h>

#define DAY 24.0 /* [h] */

/* --- writing -------------------------------------------------------------------------------------
 */

typedef struct writer {
    lac_store *store;
    const lac_trial_result *result;
} writer;

static lac_status write_axes(const writer *to)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = to->result->plan;
    const lac_trial *trial = plan->trial;
    double *days = NULL;
    LAC_NEW(days, trial->visits);
    for (size_t visit = 0; visit < trial->visits; visit++)
        days[visit] = trial->visit[visit] / DAY;
    LAC_TRY(lac_store_texts(to->store, "/arm", "/arm", (const char *const *)plan->arm, plan->arms));
    LAC_TRY(lac_store_numbered(to->store, "/patient", to->result->data->patients, "patient"));
    LAC_TRY(lac_store_dimension(to->store, "/visit", trial->visits, days, "day",
                                "time since the first visit"));
    LAC_TRY(lac_store_dimension(to->store, "/size", trial->sizes, trial->size, NULL,
                                "patients an arm"));
out:
    lac_free(days);
    return status;
}

typedef struct series_row {
    const char *path, *units, *words;
    const double *value;
    size_t dimensions;
} series_row;

static lac_status write_column(const writer *to, const series_row *it)
{
    static const char *const dimensions[] = {"/arm", "/patient", "/visit"};
    lac_status status = LAC_OK;
    lac_store_series *series = NULL;
    LAC_TRY(lac_store_variable(to->store,
                               &(lac_store_about){it->path, LAC_STORE_DOUBLE, dimensions,
                                                  it->dimensions, it->units, it->words},
                               &series));
    LAC_TRY(lac_store_put(series, 0, it->value));
out:
    return status;
}

static lac_status write_verdicts(const writer *to)
{
    static const char *const dimensions[] = {"/arm", "/patient"};
    lac_status status = LAC_OK;
    const lac_trial *trial = to->result->plan->trial;
    const lac_trial_data *data = to->result->data;
    size_t people = data->arms * data->patients, words = LAC_TRIAL_RULED + trial->rules;
    const char **meaning = NULL;
    double *number = NULL, *count = NULL;
    lac_store_series *series = NULL;
    LAC_NEW(meaning, words);
    LAC_NEW(number, people);
    LAC_NEW(count, words);
    meaning[LAC_TRIAL_IN] = "taken_in";
    meaning[LAC_TRIAL_SURPLUS] = "surplus";
    meaning[LAC_TRIAL_NOT_COMPUTED] = "not_computed";
    for (size_t rule = 0; rule < trial->rules; rule++)
        meaning[LAC_TRIAL_RULED + rule] = trial->rule[rule].name;
    for (size_t each = 0; each < people; each++)
        number[each] = data->verdict[each];
    for (size_t each = 0; each < words; each++)
        count[each] = (double)to->result->estimate->refused[each];
    LAC_TRY(lac_store_variable(
        to->store,
        &(lac_store_about){"/verdict", LAC_STORE_INT64, dimensions, 2, NULL,
                           "who was taken in, and which rule refused the others"},
        &series));
    LAC_TRY(lac_store_put(series, 0, number));
    LAC_TRY(lac_store_flags(to->store, "/verdict", meaning, words));
    LAC_TRY(lac_store_texts(to->store, "/counted", "/counted", meaning, words));
    LAC_TRY(lac_store_column(to->store,
                             &(lac_store_about){"/counts", LAC_STORE_INT64,
                                                (const char *const[]){"/counted"}, 1, NULL,
                                                "patients by verdict, twins once"},
                             count));
out:
    lac_free(meaning);
    lac_free(number);
    lac_free(count);
    return status;
}

static lac_status write_people(const writer *to)
{
    lac_status status = LAC_OK;
    const lac_trial_data *data = to->result->data;
    const series_row columns[] = {
        {"/biology", "1", "what the model computes", data->state, 3},
        {"/report", "1", "what the patient reports; NaN = missing", data->report, 3},
        {"/function", "1", "report of function", data->function, 3},
        {"/global", "1", "patient's global report", data->global, 3},
        {"/left", "h", "visit since which the patient is missing", data->left, 2},
        {"/rescued", "h", "first visit with rescue medication", data->rescued, 2},
    };
    for (size_t each = 0; each < sizeof columns / sizeof *columns; each++)
        LAC_TRY(write_column(to, &columns[each]));
    LAC_TRY(write_verdicts(to));
out:
    return status;
}

/* One quantity and the ends of its interval over (arm, visit). */
static lac_status write_quantity(const writer *to, size_t quantity, double *scratch)
{
    static const char *const dimensions[] = {"/arm", "/visit"}, *const end[] = {"", "_low",
                                                                                "_high"};
    lac_status status = LAC_OK;
    const lac_trial_estimate *estimate = to->result->estimate;
    lac_text path = {0};
    for (size_t which = 0; which < 3; which++) {
        lac_store_series *series = NULL;
        lac_text_free(&path);
        lac_text_add(&path, "/estimates/%s%s", lac_trial_quantity_word[quantity], end[which]);
        LAC_TRY(path.failed);
        for (size_t each = 0; each < estimate->arms * estimate->visits; each++) {
            const lac_confidence_interval *of = &estimate->cell[each].of[quantity];
            scratch[each] = which == 0 ? of->value : which == 1 ? of->low : of->high;
        }
        LAC_TRY(lac_store_variable(to->store,
                                   &(lac_store_about){path.bytes, LAC_STORE_DOUBLE, dimensions, 2,
                                                      "1", lac_trial_quantity_help[quantity]},
                                   &series));
        LAC_TRY(lac_store_put(series, 0, scratch));
    }
out:
    lac_text_free(&path);
    return status;
}

static lac_status write_seen(const writer *to, double *scratch)
{
    static const char *const dimensions[] = {"/arm", "/visit"};
    lac_status status = LAC_OK;
    const lac_trial_estimate *estimate = to->result->estimate;
    lac_store_series *seen = NULL, *sd = NULL;
    LAC_TRY(lac_store_variable(to->store,
                               &(lac_store_about){"/estimates/seen", LAC_STORE_INT64, dimensions, 2,
                                                  NULL, "patients with a report"},
                               &seen));
    LAC_TRY(
        lac_store_variable(to->store,
                           &(lac_store_about){"/estimates/change_sd", LAC_STORE_DOUBLE, dimensions,
                                              2, "1", "standard deviation of the change"},
                           &sd));
    for (size_t each = 0; each < estimate->arms * estimate->visits; each++)
        scratch[each] = (double)estimate->cell[each].seen;
    LAC_TRY(lac_store_put(seen, 0, scratch));
    for (size_t each = 0; each < estimate->arms * estimate->visits; each++)
        scratch[each] = estimate->cell[each].sd;
    LAC_TRY(lac_store_put(sd, 0, scratch));
out:
    return status;
}

static double arm_number(const lac_trial_arm *arm, size_t which)
{
    const double number[] = {(double)arm->taken_in, (double)arm->left, (double)arm->rescued,
                             arm->response_time,    arm->effect,       arm->size};
    return number[which];
}

static lac_status write_arms(const writer *to)
{
    static const char *const rows[][3] = {
        {"/arms/taken_in", NULL, "patients taken in"},
        {"/arms/left", NULL, "of them, who left before the end"},
        {"/arms/rescued", NULL, "of them, who took rescue medication"},
        {"/arms/response_time", "h", "visit by which half of them had responded; NaN = never"},
        {"/arms/effect", "1", "difference to the control at the primary visit over the deviation"},
        {"/arms/sample_size", NULL, "patients an arm for the power that is asked for"}};
    static const char *const dimensions[] = {"/arm", "/size"};
    lac_status status = LAC_OK;
    const lac_trial_estimate *estimate = to->result->estimate;
    size_t sizes = to->result->plan->trial->sizes;
    double *value = NULL;
    lac_store_series *series = NULL;
    LAC_NEW(value, estimate->arms * (sizes + 1));
    LAC_TRY(lac_store_group(to->store, "/arms"));
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        for (size_t arm = 0; arm < estimate->arms; arm++)
            value[arm] = arm_number(&estimate->arm[arm], row);
        LAC_TRY(lac_store_column(to->store,
                                 &(lac_store_about){rows[row][0], LAC_STORE_DOUBLE,
                                                    (const char *const[]){"/arm"}, 1, rows[row][1],
                                                    rows[row][2]},
                                 value));
    }
    for (size_t arm = 0; arm < estimate->arms; arm++)
        for (size_t each = 0; each < sizes; each++)
            value[arm * sizes + each] = estimate->arm[arm].power[each];
    LAC_TRY(lac_store_variable(to->store,
                               &(lac_store_about){"/arms/power", LAC_STORE_DOUBLE, dimensions, 2,
                                                  "1", "power of a t test against the control"},
                               &series));
    LAC_TRY(lac_store_put(series, 0, value));
out:
    lac_free(value);
    return status;
}

static lac_status write_estimates(const writer *to)
{
    lac_status status = LAC_OK;
    const lac_trial_estimate *estimate = to->result->estimate;
    double *scratch = NULL;
    LAC_NEW(scratch, estimate->arms * estimate->visits);
    LAC_TRY(lac_store_group(to->store, "/estimates"));
    for (size_t quantity = 0; quantity < LAC_TRIAL_QUANTITIES; quantity++)
        LAC_TRY(write_quantity(to, quantity, scratch));
    LAC_TRY(write_seen(to, scratch));
out:
    lac_free(scratch);
    return status;
}

/* --- where its numbers are from ------------------------------------------------------------------
 */

/* value, low, high in the unit of the number; rules have two rows. */
typedef struct origin_row {
    lac_text name, unit, kind, source;
    double value, low, high;
} origin_row;

static void describe_number(const lac_trial *trial, size_t which, origin_row *row)
{
    const lac_trial_number *it = &trial->number[which];
    lac_text_add(&row->name, "%s", lac_trial_word((lac_trial_which)which));
    lac_text_add(&row->unit, "%s", lac_trial_unit((lac_trial_which)which));
    lac_text_add(&row->kind, "%s", it->source ? lac_provenance_word(it->kind) : "off");
    lac_text_add(&row->source, "%s",
                 it->source ? it->source : "not given: switched off, or the usual value");
    row->value = it->value;
    row->low = it->low;
    row->high = it->high;
}

static void describe_rule(const lac_trial_rule *rule, origin_row *row)
{
    lac_text_add(&row->name, "include %s", rule->name);
    lac_text_add(&row->kind, "%s", lac_provenance_word(rule->kind));
    lac_text_add(&row->source, "%s", rule->source);
    row->value = NAN;
    row->low = rule->least;
    row->high = rule->most;
}

static lac_status write_origin_columns(const writer *to, const origin_row *row, size_t count)
{
    static const char *const path[] = {LAC_AT_PARAMETERS "/name", LAC_AT_PARAMETERS "/unit",
                                       LAC_AT_PARAMETERS "/kind", LAC_AT_PARAMETERS "/source"};
    static const char *const numbers[][2] = {
        {LAC_AT_PARAMETERS "/value", "value"},
        {LAC_AT_PARAMETERS "/low", "least of its range, or of a rule"},
        {LAC_AT_PARAMETERS "/high", "greatest of its range"}};
    lac_status status = LAC_OK;
    const char **words = NULL;
    double *value = NULL;
    LAC_NEW(words, count);
    LAC_NEW(value, count);
    for (size_t column = 0; column < 4; column++) {
        for (size_t each = 0; each < count; each++)
            words[each] = lac_text_of(column == 0   ? &row[each].name
                                      : column == 1 ? &row[each].unit
                                      : column == 2 ? &row[each].kind
                                                    : &row[each].source);
        LAC_TRY(lac_store_texts(to->store, path[column], path[0], words, count));
    }
    for (size_t column = 0; column < 3; column++) {
        for (size_t each = 0; each < count; each++)
            value[each] = column == 0   ? row[each].value
                          : column == 1 ? row[each].low
                                        : row[each].high;
        LAC_TRY(lac_store_column(to->store,
                                 &(lac_store_about){numbers[column][0], LAC_STORE_DOUBLE, &path[0],
                                                    1, NULL, numbers[column][1]},
                                 value));
    }
out:
    lac_free(words);
    lac_free(value);
    return status;
}

static lac_status write_parameters(const writer *to)
{
    lac_status status = LAC_OK;
    const lac_trial *trial = to->result->plan->trial;
    size_t count = LAC_TRIAL_NUMBERS + trial->rules;
    origin_row *row = NULL;
    LAC_NEW(row, count);
    for (size_t which = 0; which < LAC_TRIAL_NUMBERS; which++)
        describe_number(trial, which, &row[which]);
    for (size_t rule = 0; rule < trial->rules; rule++)
        describe_rule(&trial->rule[rule], &row[LAC_TRIAL_NUMBERS + rule]);
    LAC_TRY(lac_store_group(to->store, LAC_AT_PARAMETERS));
    LAC_TRY(write_origin_columns(to, row, count));
out:
    for (size_t each = 0; row && each < count; each++) {
        lac_text_free(&row[each].name);
        lac_text_free(&row[each].unit);
        lac_text_free(&row[each].kind);
        lac_text_free(&row[each].source);
    }
    lac_free(row);
    return status;
}

static lac_status write_attributes(const writer *to, const lac_index_origin *origin)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = to->result->plan;
    const lac_trial *trial = plan->trial;
    const struct {
        const char *name, *value;
    } word[] = {
        {"Conventions", "CF-1.8"},
        {"title", plan->title ? plan->title : plan->name},
        {"notice", "research use only, not medical advice"},
        {"outcome", trial->outcome},
        {"control", plan->arm[trial->control]},
        {"allocation", plan->own_rows ? "parallel" : "paired"},
        {"scenario", plan->scenario},
        {"plan_fingerprint", plan->fingerprint},
        {"plan", plan->text.bytes},
        {"lacuna_version", PACKAGE_VERSION},
        {"command_line", origin->command},
        {"host", origin->host},
        {"created", origin->created},
    };
    const struct {
        const char *name;
        double value;
    } number[] = {{"primary_day", trial->visit[trial->primary] / DAY},
                  {"confidence", trial->confidence},
                  {"alpha", trial->alpha},
                  {"power", trial->power},
                  {"resamples", (double)trial->resamples},
                  {"seed", plan->seed}};
    for (size_t each = 0; each < sizeof word / sizeof *word; each++)
        if (word[each].value)
            LAC_TRY(lac_store_text_attribute(to->store, "/", word[each].name, word[each].value));
    for (size_t each = 0; each < sizeof number / sizeof *number; each++)
        LAC_TRY(lac_store_number_attribute(to->store, "/", number[each].name, number[each].value));
out:
    return status;
}

lac_status lac_trial_write(const char *path, const lac_trial_result *result,
                           const lac_index_origin *origin)
{
    lac_status status = LAC_OK;
    writer to = {NULL, result};
    lac_text temporary = {0};
    lac_store_temporary(path, &temporary);
    LAC_TRY(temporary.failed);
    LAC_TRY(lac_store_create(lac_text_of(&temporary), true, 4, &to.store));
    LAC_TRY(write_attributes(&to, origin));
    LAC_TRY(write_axes(&to));
    LAC_TRY(write_people(&to));
    LAC_TRY(write_estimates(&to));
    LAC_TRY(write_arms(&to));
    LAC_TRY(write_parameters(&to));
    status = lac_store_close(to.store);
    to.store = NULL;
    LAC_TRY(status);
    LAC_TRY(lac_store_publish(lac_text_of(&temporary), path));
out:
    if (to.store)
        lac_store_close(to.store);
    if (status != LAC_OK && temporary.length > 0)
        lac_store_discard(lac_text_of(&temporary));
    lac_text_free(&temporary);
    return status;
}
