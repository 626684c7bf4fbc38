/* What an index knows before any member has been run: its attributes, the columns of the sample
 * table, the design, where it comes from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "index/index_internal.h"
#include "observe/observers.h"

#include <string.h>

#define NOTICE "research use only, not medical advice"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- names of columns ------------------------------------------------ */

/* Names that an index has for itself. */
static bool is_reserved(const char *name)
{
    static const char *const names[] = {
        "member", "point",       "number", "replicate", "arm",    "row",        "seed",
        "stream", "status",      "frames", "sentence",  "file",   "time",       "x",
        "y",      "time_fields", "z",      "series",    "fields", "statistics", "effort",
        "design", "provenance",  "done",   "quantile"};
    for (size_t each = 0; each < sizeof names / sizeof names[0]; each++)
        if (strcmp(names[each], name) == 0)
            return true;
    return false;
}

/* Name of the column of a factor (sampled or listed) or of an endpoint. */
static void index_factor_path(const lac_plan *plan, const char *group, size_t factor,
                              lac_text *path)
{
    const char *name = plan->factor[factor].name;
    lac_text_add(path, "%s/%s%s", group, is_reserved(name) ? "factor_" : "", name);
}

void lac_index_endpoint_path(const lac_plan *plan, size_t endpoint, lac_text *path)
{
    const char *name = plan->endpoint[endpoint].name;
    bool taken = is_reserved(name);
    for (size_t factor = 0; factor < plan->factors; factor++)
        taken = taken || strcmp(plan->factor[factor].name, name) == 0;
    lac_text_add(path, "/%s%s", taken ? "endpoint_" : "", name);
}

/* --- attributes ------------------------------------------------------ */

static lac_status write_attributes(const lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    lac_text endpoints = {0}, path = {0};
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++) {
        lac_text_free(&path);
        lac_index_endpoint_path(plan, endpoint, &path);
        LAC_TRY(path.failed);
        lac_text_add(&endpoints, endpoint ? " %s" : "%s", path.bytes + 1);
    }
    LAC_TRY(endpoints.failed);
    const struct {
        const char *name, *value;
    } row[] = {{"Conventions", "CF-1.10"},
               {"title", plan->title ? plan->title : or_empty(plan->model->title)},
               {"scenario", or_empty(plan->model->scenario)},
               {"fingerprint", plan->fingerprint},
               {"source", PACKAGE_NAME " " PACKAGE_VERSION},
               {LAC_KEY_VARIATION, lac_sample_table_variation(index->samples)},
               {"endpoints", lac_text_of(&endpoints)}};
    for (size_t each = 0; each < sizeof row / sizeof row[0]; each++)
        LAC_TRY(lac_store_text_attribute(index->store, "/", row[each].name, row[each].value));
    if (plan->model->clinical)
        LAC_TRY(lac_store_text_attribute(index->store, "/", LAC_KEY_NOTICE, NOTICE));
out:
    lac_text_free(&path);
    lac_text_free(&endpoints);
    return status;
}

/* --- columns of the sample table ------------------------------------- */

typedef double (*of_member)(const lac_sample_table *samples, size_t member);

static double point_of(const lac_sample_table *samples, size_t member)
{
    return (double)lac_sample_table_point(samples, member);
}

static double replicate_of(const lac_sample_table *samples, size_t member)
{
    return (double)lac_sample_table_replicate(samples, member);
}

static double number_of(const lac_sample_table *samples, size_t member)
{
    return (double)lac_sample_table_number(samples, member);
}

static double arm_of(const lac_sample_table *samples, size_t member)
{
    size_t arm = lac_sample_table_point(samples, member) / samples->rows;
    return (double)arm;
}

static double row_of(const lac_sample_table *samples, size_t member)
{
    return (double)(lac_sample_table_point(samples, member) % samples->rows);
}

static double seed_of(const lac_sample_table *samples, size_t member)
{
    double seed, replicate;
    lac_sample_table_streams(samples, member, &seed, &replicate);
    return seed;
}

static double stream_of(const lac_sample_table *samples, size_t member)
{
    double seed, replicate;
    lac_sample_table_streams(samples, member, &seed, &replicate);
    return replicate;
}

static lac_status write_places(lac_index *index)
{
    static const struct {
        const char *path, *long_name;
        of_member of;
    } column[] = {
        {"/point", "point of the plan: members of a point differ by chance", point_of},
        {"/replicate", "number of the member at its point", replicate_of},
        {"/arm", "combination of the listed values", arm_of},
        {"/row", "row of the sampled design", row_of},
        {"/number", "number of the member in its directory: of its file and stream", number_of},
        {"/seed", "setting seed of the member", seed_of},
        {"/stream", "setting replicate of the member", stream_of}};
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    const char *const dimension = LAC_AT_MEMBER;
    double *value = NULL;
    LAC_NEW(value, samples->members);
    LAC_TRY(
        lac_store_numbered(index->store, LAC_AT_MEMBER, samples->members, "member of the plan"));
    for (size_t each = 0; each < sizeof column / sizeof column[0]; each++) {
        for (size_t member = 0; member < samples->members; member++)
            value[member] = column[each].of(samples, member);
        const lac_store_about it = {column[each].path,     LAC_STORE_INT64, &dimension, 1, NULL,
                                    column[each].long_name};
        LAC_TRY(lac_store_column(index->store, &it, value));
    }
out:
    lac_free(value);
    return status;
}

static lac_status put_words(lac_index *index, const char *path, const char *dimension,
                            char *const *word, const double *value, size_t count)
{
    lac_status status = LAC_OK;
    const char **rows = NULL;
    LAC_NEW(rows, count);
    for (size_t row = 0; row < count; row++)
        rows[row] = word[(size_t)value[row]];
    LAC_TRY(lac_store_texts(index->store, path, dimension, rows, count));
out:
    lac_free(rows);
    return status;
}

/* A column of a factor over `dimension`: `value` in its unit, or the levels of its words. */
static lac_status index_put_factor(lac_index *index, const char *path, const char *dimension,
                                   size_t factor, const double *value, size_t count)
{
    lac_status status = LAC_OK;
    const lac_factor *about = &index->samples->plan->factor[factor];
    const char *label = about->label ? about->label : about->name;
    const lac_store_about it = {path, LAC_STORE_DOUBLE, &dimension, 1, about->cf_unit, label};
    if (about->word) {
        LAC_TRY(put_words(index, path, dimension, about->word, value, count));
        LAC_TRY(lac_store_text_attribute(index->store, path, "long_name", label));
    } else {
        LAC_TRY(lac_store_column(index->store, &it, value));
    }
    if (!about->word && about->unit && about->unit[0])
        LAC_TRY(lac_store_text_attribute(index->store, path, "unit_label", about->unit));
    LAC_TRY(lac_store_text_attribute(index->store, path, "factor", about->name));
out:
    return status;
}

static lac_status write_factors(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    double *value = NULL;
    lac_text path = {0};
    LAC_NEW(value, samples->members);
    for (size_t factor = 0; factor < samples->plan->factors; factor++) {
        for (size_t member = 0; member < samples->members; member++)
            value[member] =
                samples->value[lac_sample_table_point(samples, member) * samples->plan->factors +
                               factor];
        lac_text_free(&path);
        index_factor_path(samples->plan, "", factor, &path);
        LAC_TRY(path.failed);
        LAC_TRY(
            index_put_factor(index, path.bytes, LAC_AT_MEMBER, factor, value, samples->members));
    }
out:
    lac_free(value);
    lac_text_free(&path);
    return status;
}

/* --- arms: the dimension of the statistics, with the listed values --- */

/* "adsc, k = 2 1/h": the name of an arm, and what is listed beside. */
static lac_status name_arm(const lac_sample_table *samples, size_t arm, lac_text *name)
{
    const lac_plan *plan = samples->plan;
    lac_text_add(name, "%s", plan->arm[arm / (samples->arms / plan->arms)]);
    for (size_t factor = plan->arm_factors; factor < plan->lists; factor++) {
        lac_text_add(name, ", %s = ", plan->factor[factor].name);
        lac_factor_write(&plan->factor[factor],
                         samples->value[arm * samples->rows * plan->factors + factor], name);
    }
    return name->failed;
}

static lac_status write_names(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    lac_text *name = NULL;
    const char **words = NULL;
    if (samples->plan->arms == 0)
        return LAC_OK;
    LAC_NEW(name, samples->arms);
    LAC_NEW(words, samples->arms);
    for (size_t arm = 0; arm < samples->arms; arm++) {
        LAC_TRY(name_arm(samples, arm, &name[arm]));
        words[arm] = lac_text_of(&name[arm]);
    }
    LAC_TRY(lac_store_texts(index->store, LAC_AT_STATISTICS "/arm_name", LAC_AT_ARM, words,
                            samples->arms));
out:
    for (size_t arm = 0; name && arm < samples->arms; arm++)
        lac_text_free(&name[arm]);
    lac_free(name);
    lac_free(words);
    return status;
}

static lac_status write_arms(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    const lac_plan *plan = samples->plan;
    double *value = NULL;
    lac_text path = {0};
    LAC_NEW(value, samples->arms);
    LAC_TRY(lac_store_group(index->store, LAC_AT_STATISTICS));
    LAC_TRY(lac_store_numbered(index->store, LAC_AT_ARM, samples->arms,
                               "combination of the listed values"));
    for (size_t factor = 0; factor < plan->lists; factor++) {
        for (size_t arm = 0; arm < samples->arms; arm++)
            value[arm] = samples->value[arm * samples->rows * plan->factors + factor];
        lac_text_free(&path);
        index_factor_path(plan, LAC_AT_STATISTICS, factor, &path);
        LAC_TRY(path.failed);
        LAC_TRY(index_put_factor(index, path.bytes, LAC_AT_ARM, factor, value, samples->arms));
    }
    LAC_TRY(write_names(index));
out:
    lac_free(value);
    lac_text_free(&path);
    return status;
}

/* --- design ---------------------------------------------------------- */

static lac_status design_attributes(const lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    lac_text names = {0};
    for (size_t factor = 0; factor < plan->factors; factor++)
        lac_text_add(&names, factor ? " %s" : "%s", plan->factor[factor].name);
    LAC_TRY(names.failed);
    LAC_TRY(lac_store_text_attribute(index->store, LAC_AT_DESIGN, "design",
                                     lac_design_word(plan->design)));
    LAC_TRY(lac_store_text_attribute(index->store, LAC_AT_DESIGN, "factors", lac_text_of(&names)));
    const struct {
        const char *name;
        double value;
    } row[] = {{"samples", (double)plan->samples},
               {"seed", plan->seed},
               {"grid_levels", (double)plan->grid_levels},
               {"replicates", (double)plan->replicates},
               {"lists", (double)plan->lists},
               {"first", (double)index->samples->design.first},
               {"common_streams", plan->common_streams ? 1 : 0}};
    for (size_t each = 0; each < sizeof row / sizeof row[0]; each++)
        LAC_TRY(lac_store_number_attribute(index->store, LAC_AT_DESIGN, row[each].name,
                                           row[each].value));
    LAC_TRY(
        lac_store_text_attribute(index->store, LAC_AT_DESIGN, "fingerprint", plan->fingerprint));
out:
    lac_text_free(&names);
    return status;
}

/* Where the points of the sampled factors lie in the unit cube. */
static lac_status write_unit(const lac_index *index)
{
    static const char *const dimensions[] = {LAC_AT_DESIGN "/row", LAC_AT_DESIGN "/factor"};
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    size_t sampled = plan->factors - plan->lists;
    const char **names = NULL;
    double *first = NULL;
    lac_store_series *unit = NULL;
    LAC_NEW(names, sampled);
    LAC_NEW(first, index->samples->rows * sampled);
    for (size_t factor = 0; factor < sampled; factor++)
        names[factor] = plan->factor[plan->lists + factor].name;
    LAC_TRY(lac_store_numbered(index->store, LAC_AT_DESIGN "/row", index->samples->rows,
                               "row of the sampled design"));
    LAC_TRY(lac_store_texts(index->store, LAC_AT_DESIGN "/factor", LAC_AT_DESIGN "/factor", names,
                            sampled));
    LAC_TRY(lac_store_variable(index->store,
                               &(lac_store_about){LAC_AT_DESIGN "/unit", LAC_STORE_DOUBLE,
                                                  dimensions, 2, "1", "place in the unit cube"},
                               &unit));
    for (size_t row = 0; row < index->samples->rows;
         row++) /* of the first arm, if each has its own */
        memcpy(first + row * sampled,
               index->samples->unit + lac_sample_table_unit(index->samples, row) * sampled,
               sampled * sizeof *first);
    LAC_TRY(lac_store_put(unit, 0, first));
    if (plan->own_rows)
        LAC_TRY(lac_store_text_attribute(index->store, LAC_AT_DESIGN, "rows", "own"));
out:
    lac_free(names);
    lac_free(first);
    return status;
}

static lac_status write_design(const lac_index *index)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_store_group(index->store, LAC_AT_DESIGN));
    LAC_TRY(design_attributes(index));
    if (index->samples->unit)
        LAC_TRY(write_unit(index));
out:
    return status;
}

/* --- provenance ------------------------------------------------------ */

static lac_status write_provenance(const lac_index *index, const lac_index_origin *origin)
{
    lac_status status = LAC_OK;
    const struct {
        const char *name, *value;
    } row[] = {{"version", PACKAGE_VERSION},
               {"build_options", LAC_BUILD_OPTIONS},
               {"compiler", LAC_BUILD_COMPILER},
               {"hdf5_version", lac_store_library()},
               {"host", origin ? or_empty(origin->host) : ""},
               {"command_line", origin ? or_empty(origin->command) : ""},
               {LAC_KEY_CREATED, origin ? or_empty(origin->created) : ""},
               {"scenario", or_empty(index->samples->plan->scenario)}};
    LAC_TRY(lac_store_group(index->store, LAC_AT_PROVENANCE));
    for (size_t each = 0; each < sizeof row / sizeof row[0]; each++)
        LAC_TRY(lac_store_text_attribute(index->store, LAC_AT_PROVENANCE, row[each].name,
                                         row[each].value));
    if (origin && origin->note)
        LAC_TRY(
            lac_store_text_attribute(index->store, LAC_AT_PROVENANCE, LAC_KEY_NOTE, origin->note));
    LAC_TRY(lac_provenance_texts(index->samples->plan->model, index->store));
out:
    return status;
}

lac_status lac_index_write_metadata(lac_index *index, const lac_index_origin *origin)
{
    lac_status status = LAC_OK;
    LAC_TRY(write_attributes(index));
    LAC_TRY(write_places(index));
    LAC_TRY(write_factors(index));
    LAC_TRY(write_arms(index));
    LAC_TRY(lac_store_group(index->store, LAC_AT_SERIES));
    LAC_TRY(write_design(index));
    LAC_TRY(write_provenance(index, origin));
out:
    return status;
}
