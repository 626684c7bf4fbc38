/* lacuna sensitivity: on which factors of a sampled plan its endpoints depend, and how surely.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/names.h"
#include "cli/command.h"
#include "ensemble/sensitivity.h"
#include "ensemble/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what a design can tell --- */

enum { COLUMNS_MOST = 3 };

/* Numbers of one endpoint in one arm. */
typedef struct findings {
    lac_interval *cell[COLUMNS_MOST]; /* owned [factors]; low = NaN: without an interval */
    size_t *order;                    /* owned [factors]: the most influential first */
    size_t used;                      /* trajectories, samples or rows that are whole */
    double mean, sd;                  /* of the outcome */
    lac_outcome outcome;              /* owned */
} findings;

typedef struct method {
    size_t columns, key;             /* the column that orders factors */
    const char *title[COLUMNS_MOST]; /* for people, and for JSON */
    const char *word[COLUMNS_MOST];
    const char *items; /* what is counted in `used` */
    const char *reading;
    lac_status (*analyse)(const lac_study *study, const lac_bootstrap *bootstrap, findings *table);
} method;

static lac_status analyse_saltelli(const lac_study *study, const lac_bootstrap *bootstrap,
                                   findings *table)
{
    lac_sobol sobol = {.first = table->cell[0], .total = table->cell[1]};
    lac_status status = lac_sensitivity_sobol(study->factors, study->samples, table->outcome.value,
                                              bootstrap, &sobol);
    for (size_t factor = 0; factor < study->factors; factor++)
        table->cell[2][factor] =
            (lac_interval){table->cell[1][factor].value - table->cell[0][factor].value, NAN, NAN};
    table->used = sobol.used;
    return status;
}

static lac_status analyse_morris(const lac_study *study, const lac_bootstrap *bootstrap,
                                 findings *table)
{
    lac_status status = LAC_OK;
    lac_morris morris = {.mu_star = table->cell[0]};
    LAC_NEW(morris.mu, study->factors);
    LAC_NEW(morris.sigma, study->factors);
    LAC_NEW(morris.effects, study->factors);
    LAC_TRY(lac_sensitivity_morris(study->factors, study->samples, study->unit,
                                   table->outcome.value, bootstrap, &morris));
    table->used = study->samples;
    for (size_t factor = 0; factor < study->factors; factor++) {
        table->cell[1][factor] = (lac_interval){morris.mu[factor], NAN, NAN};
        table->cell[2][factor] = (lac_interval){morris.sigma[factor], NAN, NAN};
        if (morris.effects[factor] < table->used)
            table->used = morris.effects[factor];
    }
out:
    lac_free(morris.mu);
    lac_free(morris.sigma);
    lac_free(morris.effects);
    return status;
}

static lac_status analyse_sample(const lac_study *study, const lac_bootstrap *bootstrap,
                                 findings *table)
{
    lac_ranks ranks = {.coefficient = table->cell[0]};
    lac_status status = lac_sensitivity_ranks(study->factors, study->rows, study->unit,
                                              table->outcome.value, bootstrap, &ranks);
    table->used = ranks.used;
    return status;
}

static const method saltelli = {
    .columns = 3,
    .key = 1,
    .title = {"first order", "total", "interaction"},
    .word = {"first", "total", "interaction"},
    .items = "samples",
    .reading = "First order is the share of the variance of the outcome that a factor explains by "
               "itself, total\nthe share in which it has any part; their difference is its "
               "interaction with other factors.\n",
    .analyse = analyse_saltelli};
static const method morris = {
    .columns = 3,
    .key = 0,
    .title = {"mu*", "mu", "sigma"},
    .word = {"mu_star", "mu", "sigma"},
    .items = "effects of each factor",
    .reading =
        "mu* is how much the outcome changes in the mean, up or down, over the whole range of a "
        "factor;\nmu the same with its sign; sigma how much that differs from place to place: "
        "beside mu* it\ntells interactions or a curved response.\n",
    .analyse = analyse_morris};
static const method sample = {
    .columns = 1,
    .key = 0,
    .title = {"partial rank correlation"},
    .word = {"partial_rank_correlation"},
    .items = "points",
    .reading =
        "1 or -1: the outcome rises or falls with the factor whatever the others are; near 0: it "
        "does not\ndepend on it, or not in one direction. Shares of variance and interactions need "
        "a plan with\n`design: saltelli`.\n",
    .analyse = analyse_sample};

static const method *method_of(lac_design_kind design)
{
    return design == LAC_DESIGN_SALTELLI ? &saltelli
           : design == LAC_DESIGN_MORRIS ? &morris
                                         : &sample;
}

/* --- tables --- */

static void free_table(findings *table)
{
    for (size_t column = 0; column < COLUMNS_MOST; column++)
        lac_free(table->cell[column]);
    lac_free(table->order);
    lac_outcome_free(&table->outcome);
}

/* Mean and standard deviation of all outcomes that are known. */
static void describe_outcome(size_t rows, findings *table)
{
    double sum = 0, squares = 0;
    size_t known = 0;
    for (size_t row = 0; row < rows; row++)
        if (!isnan(table->outcome.value[row])) {
            sum += table->outcome.value[row];
            known++;
        }
    table->mean = known > 0 ? sum / (double)known : (double)NAN;
    for (size_t row = 0; row < rows; row++)
        if (!isnan(table->outcome.value[row]))
            squares += pow(table->outcome.value[row] - table->mean, 2);
    table->sd = known > 1 ? sqrt(squares / (double)(known - 1)) : (double)NAN;
}

/* Falling by size; what is not known comes last, equals in the order of the plan. */
static void sort_factors(size_t factors, const lac_interval *key, size_t *order)
{
    for (size_t factor = 0; factor < factors; factor++) {
        size_t place = factor;
        double size = isnan(key[factor].value) ? -1 : fabs(key[factor].value);
        for (; place > 0; place--) {
            double before = fabs(key[order[place - 1]].value);
            if (before >= size)
                break;
            order[place] = order[place - 1];
        }
        order[place] = factor;
    }
}

static lac_status make_table(const lac_study *study, size_t endpoint, size_t arm,
                             const lac_bootstrap *bootstrap, findings *table)
{
    lac_status status = LAC_OK;
    const method *how = method_of(study->design);
    for (size_t column = 0; column < how->columns; column++)
        LAC_NEW(table->cell[column], study->factors);
    LAC_NEW(table->order, study->factors);
    LAC_TRY(lac_study_outcome(study, endpoint, arm, &table->outcome));
    describe_outcome(study->rows, table);
    LAC_TRY(how->analyse(study, bootstrap, table));
    sort_factors(study->factors, table->cell[how->key], table->order);
out:
    return status;
}

/* --- for people --- */

static void add_cell(lac_text *text, lac_interval interval)
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

static void add_table(const lac_study *study, const findings *table, lac_text *text)
{
    const method *how = method_of(study->design);
    size_t width = strlen("factor");
    for (size_t factor = 0; factor < study->factors; factor++)
        if (strlen(study->factor[factor]) > width)
            width = strlen(study->factor[factor]);
    lac_text_add(text, "  %-*s", (int)width, "factor");
    for (size_t column = 0; column < how->columns; column++)
        lac_text_add(text, "  %-28s", how->title[column]);
    end_line(text);
    for (size_t place = 0; place < study->factors; place++) {
        size_t factor = table->order[place];
        lac_text_add(text, "  %-*s", (int)width, study->factor[factor]);
        for (size_t column = 0; column < how->columns; column++)
            add_cell(text, table->cell[column][factor]);
        end_line(text);
    }
}

static lac_status describe_table(const lac_study *study, size_t endpoint, size_t arm,
                                 const findings *table, lac_text *text)
{
    lac_status status = LAC_OK;
    const method *how = method_of(study->design);
    lac_text listed = {0};
    LAC_TRY(lac_study_describe_arm(study, arm, &listed));
    lac_text_add(text, "\n%s", study->endpoint[endpoint]);
    if (table->outcome.unit[0] && strcmp(table->outcome.unit, "1") != 0)
        lac_text_add(text, " [%s]", table->outcome.unit);
    if (listed.length > 0)
        lac_text_add(text, ", %s", listed.bytes);
    lac_text_add(text, ": mean %.4g, standard deviation %.3g, %zu %s", table->mean, table->sd,
                 table->used, how->items);
    if (table->outcome.left_out > 0)
        lac_text_add(text, "; %zu runs have no such number", table->outcome.left_out);
    lac_text_add(text, "\n");
    if (table->sd == 0)
        lac_text_add(text, "  It is the same in all runs: nothing of it depends on the factors.\n");
    else
        add_table(study, table, text);
out:
    lac_text_free(&listed);
    return status;
}

static void describe_study(const char *path, const lac_study *study, lac_text *text)
{
    lac_text_add(text, "%s: %s\n%s: %zu rows of %zu factors, %zu members", path, study->title,
                 lac_design_word(study->design), study->rows, study->factors, study->members);
    if (study->replicates > 1)
        lac_text_add(text, " (means of %zu replicates)", study->replicates);
    if (study->missing > 0)
        lac_text_add(text, ", of which %zu are not done", study->missing);
    lac_text_add(text, "\n");
}

static void describe_reading(const lac_study *study, const lac_bootstrap *bootstrap, lac_text *text)
{
    lac_text_add(text,
                 "\n%sIn brackets: intervals of %g %% (bootstrap, %zu resamples). Factors whose "
                 "intervals overlap are\nnot surely in this order: four times the `points:` make "
                 "the intervals half as wide.\n",
                 method_of(study->design)->reading, 100 * bootstrap->confidence,
                 bootstrap->resamples);
}

/* --- for programs --- */

static void write_interval(lac_json *json, const char *key, lac_interval interval)
{
    lac_json_object(json, key);
    lac_json_number(json, "value", interval.value);
    if (!isnan(interval.low)) {
        lac_json_number(json, "low", interval.low);
        lac_json_number(json, "high", interval.high);
    }
    lac_json_end(json);
}

static lac_status write_table(const lac_study *study, size_t endpoint, size_t arm,
                              const findings *table, lac_json *json)
{
    lac_status status = LAC_OK;
    const method *how = method_of(study->design);
    lac_text listed = {0};
    LAC_TRY(lac_study_describe_arm(study, arm, &listed));
    lac_json_object(json, NULL);
    lac_json_words(json, "endpoint", study->endpoint[endpoint]);
    lac_json_words(json, "unit", table->outcome.unit);
    lac_json_count(json, "arm", arm);
    lac_json_words(json, "listed", lac_text_of(&listed));
    lac_json_number(json, "mean", table->mean);
    lac_json_number(json, "sd", table->sd);
    lac_json_count(json, "used", table->used);
    lac_json_count(json, "left_out", table->outcome.left_out);
    lac_json_array(json, "factors");
    for (size_t place = 0; place < study->factors; place++) {
        size_t factor = table->order[place];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", study->factor[factor]);
        for (size_t column = 0; column < how->columns; column++)
            write_interval(json, how->word[column], table->cell[column][factor]);
        lac_json_end(json);
    }
    lac_json_end(json);
    lac_json_end(json);
out:
    lac_text_free(&listed);
    return status;
}

static void begin_document(const char *path, const lac_study *study, const lac_bootstrap *bootstrap,
                           lac_json *json)
{
    lac_json_object(json, NULL);
    lac_json_words(json, "index", path);
    lac_json_words(json, "title", study->title);
    lac_json_words(json, "design", lac_design_word(study->design));
    lac_json_count(json, "samples", study->samples);
    lac_json_count(json, "rows", study->rows);
    lac_json_count(json, "members", study->members);
    lac_json_count(json, "not_done", study->missing);
    lac_json_number(json, "confidence", bootstrap->confidence);
    lac_json_count(json, "resamples", bootstrap->resamples);
    lac_json_array(json, "tables");
}

/* --- the command --- */

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

static lac_status find_endpoint(const lac_study *study, const char *name, size_t *found)
{
    for (size_t endpoint = 0; endpoint < study->endpoints; endpoint++)
        if (strcmp(study->endpoint[endpoint], name) == 0) {
            *found = endpoint;
            return LAC_OK;
        }
    const char *nearest = lac_nearest((const char *const *)study->endpoint, study->endpoints, name);
    if (nearest)
        return lac_fail(LAC_USAGE, "the index has no endpoint '%s'; did you mean '%s'?", name,
                        nearest);
    return lac_fail(LAC_USAGE, "the index has no endpoint '%s'; its first is '%s'", name,
                    study->endpoints > 0 ? study->endpoint[0] : "");
}

/* Tables of the endpoints first .. last - 1 in all arms. */
static lac_status write_tables(const lac_study *study, size_t first, size_t last,
                               const lac_bootstrap *bootstrap, lac_json *json, lac_text *text)
{
    lac_status status = LAC_OK;
    findings one = {0};
    for (size_t endpoint = first; endpoint < last; endpoint++)
        for (size_t arm = 0; arm < study->arms; arm++) {
            free_table(&one);
            one = (findings){0};
            LAC_TRY(make_table(study, endpoint, arm, bootstrap, &one));
            LAC_TRY(json ? write_table(study, endpoint, arm, &one, json)
                         : describe_table(study, endpoint, arm, &one, text));
        }
out:
    free_table(&one);
    return status;
}

static lac_status sensitivity(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *path = words->operand[0];
    lac_study *study = NULL;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_bootstrap bootstrap = {words->resamples ? words->resamples : 1000, 0.95, 1};
    size_t first = 0, last;
    (void)argc;
    (void)argv;
    if (words->confidence)
        LAC_TRY(read_confidence(words->confidence, &bootstrap.confidence));
    LAC_TRY(lac_study_open(path, &study));
    LAC_TRY(lac_study_is_sampled(study));
    last = study->endpoints;
    if (words->endpoint) {
        LAC_TRY(find_endpoint(study, words->endpoint, &first));
        last = first + 1;
    }
    if (words->json)
        begin_document(path, study, &bootstrap, &json);
    else
        describe_study(path, study, &text);
    LAC_TRY(write_tables(study, first, last, &bootstrap, words->json ? &json : NULL, &text));
    if (words->json) {
        lac_json_end(&json);
        lac_json_end(&json);
    } else {
        describe_reading(study, &bootstrap, &text);
    }
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_study_free(study);
    lac_text_free(&text);
    return status;
}

const lac_command lac_command_sensitivity = {
    .name = "sensitivity",
    .operands = "INDEX",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SENSITIVITY,
    .summary = "Tells on which parameters the endpoints of a sweep depend",
    .details =
        "INDEX is the index.nc of a sweep whose plan sampled parameters. Designs: morris gives\n"
        "elementary effects, saltelli first-order and total Sobol indices, random,\n"
        "latin-hypercube and sobol partial rank correlations; all with bootstrap intervals.\n"
        "Replicates of a point are averaged first; members that failed are left out and counted.\n",
    .run = sensitivity};
