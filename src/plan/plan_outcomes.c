/* Plan outcomes: which fields and curves of the members are kept, and which numbers of each member
 * are looked at.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- names of a result ---------------------------------------------------------------------------
 */

/* Observables, then pools: what has a curve in a result. */
static lac_status list_series(const lac_model *model, lac_names *names)
{
    lac_status status = LAC_OK;
    for (size_t index = 0; index < model->observables; index++)
        LAC_TRY(lac_names_add(names, model->observable[index].id));
    for (size_t pool = model->fields; pool < model->variables; pool++)
        if (lac_names_find(names, model->variable[pool].name) == LAC_NONE)
            LAC_TRY(lac_names_add(names, model->variable[pool].name));
out:
    return status;
}

static lac_status list_fields(const lac_model *model, lac_names *names)
{
    lac_status status = LAC_OK;
    for (size_t field = 0; field < model->fields; field++)
        LAC_TRY(lac_names_add(names, model->variable[field].name));
out:
    return status;
}

/* How many series there are when the plan names none. */
static size_t usual_series(const lac_model *model)
{
    return model->observables > 0 ? model->observables : model->variables - model->fields;
}

/* --- keep ----------------------------------------------------------------------------------------
 */

static lac_status check_fields(lac_plan_reader *reader, const lac_names *known, const char *text,
                               lac_place place)
{
    lac_status status = LAC_OK;
    for (const char *word = text; word;) {
        const char *comma = strchr(word, ',');
        size_t bytes = comma ? (size_t)(comma - word) : strlen(word);
        char *name = lac_copy_bytes(word, bytes);
        if (!name)
            return LAC_MEMORY;
        if (lac_names_find(known, name) == LAC_NONE) {
            const char *nearest = lac_names_nearest(known, name);
            lac_report(reader->loader.list, LAC_ERROR, place,
                       "'%.60s' is no field of the scenario%s%s%s", name,
                       nearest ? ": did you mean '" : "", nearest ? nearest : "",
                       nearest ? "'?" : "");
        }
        lac_free(name);
        word = comma ? comma + 1 : NULL;
    }
    return status;
}

/* "none", "all", or names joined by commas. */
static lac_status join_fields(lac_plan_reader *reader, const lac_yaml *node, lac_text *text)
{
    for (size_t item = 0; node && item < lac_items(node); item++) {
        const lac_yaml *word = lac_item(node, item);
        if (lac_is_scalar(&reader->loader, word, word->place, "fields"))
            lac_text_add(text, "%s%s", text->length ? "," : "", word->scalar);
    }
    if (text->length == 0)
        lac_text_add(text, "none");
    return text->failed;
}

static lac_status read_fields(lac_plan_reader *reader, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_names known = {0};
    lac_place place = reader->fields ? reader->fields_place : node ? node->place : (lac_place){0};
    if (reader->fields)
        lac_text_add(&text, "%s", reader->fields);
    else
        LAC_TRY(join_fields(reader, node, &text));
    LAC_TRY(text.failed);
    LAC_OWN(reader->plan->fields, lac_copy_text(lac_text_of(&text)));
    LAC_TRY(list_fields(reader->plan->model, &known));
    if (strcmp(text.bytes, "none") != 0 && strcmp(text.bytes, "all") != 0)
        LAC_TRY(check_fields(reader, &known, text.bytes, place));
out:
    lac_text_free(&text);
    lac_names_free(&known);
    return status;
}

static lac_status add_serie(lac_plan *plan, const char *name)
{
    lac_status status = LAC_OK;
    LAC_OWN(plan->serie[plan->series], lac_copy_text(name));
    plan->series++;
out:
    return status;
}

static bool is_word(const lac_yaml *node, const char *word)
{
    return node->kind == LAC_YAML_SCALAR && strcmp(node->scalar, word) == 0;
}

static lac_status read_series(lac_plan_reader *reader, const lac_yaml *node, const lac_names *known)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    bool all = !node || is_word(node, "all");
    size_t count = all ? usual_series(plan->model) : is_word(node, "none") ? 0 : lac_items(node);
    LAC_NEW(plan->serie, count);
    for (size_t item = 0; item < count; item++) {
        size_t index =
            all ? item : lac_load_name(&reader->loader, lac_item(node, item), known, "observable");
        if (index == LAC_NONE)
            continue;
        for (size_t other = 0; other < plan->series; other++)
            if (strcmp(plan->serie[other], known->name[index]) == 0)
                lac_report(reader->loader.list, LAC_ERROR, lac_item(node, item)->place,
                           "%s is named twice", known->name[index]);
        LAC_TRY(add_serie(plan, known->name[index]));
    }
out:
    return status;
}

static lac_status read_keep(lac_plan_reader *reader, const lac_names *known)
{
    static const char *const keys[] = {"fields", "series", "checkpoints"};
    lac_status status = LAC_OK;
    const lac_yaml *keep = reader->root ? lac_yaml_get(reader->root, "keep") : NULL;
    if (keep && !lac_is_mapping(&reader->loader, keep, keep->place, "keep"))
        goto out;
    if (keep) {
        lac_yaml_only(keep, keys, 3, "keep", reader->loader.list);
        reader->plan->keep_checkpoints = lac_plan_flag(&reader->loader, keep, "checkpoints", false);
    }
    LAC_TRY(read_fields(reader, keep ? lac_yaml_get(keep, "fields") : NULL));
    LAC_TRY(read_series(reader, keep ? lac_yaml_get(keep, "series") : NULL, known));
out:
    return status;
}

/* --- endpoints -----------------------------------------------------------------------------------
 */

/* Names that an index has for itself: an endpoint would hide them. */
static bool is_reserved(const lac_plan *plan, const char *name)
{
    static const char *const reserved[] = {
        "member", "number",      "point",     "replicate",  "arm",    "row",
        "seed",   "stream",      "status",    "sentence",   "file",   "frames",
        "time",   "time_fields", "quantile",  "variable",   "factor", "x",
        "y",      "z",           "series",    "statistics", "fields", "field_statistics",
        "effort", "design",      "provenance"};
    for (size_t index = 0; index < sizeof reserved / sizeof *reserved; index++)
        if (strcmp(reserved[index], name) == 0)
            return true;
    for (size_t factor = 0; factor < plan->factors; factor++)
        if (strcmp(plan->factor[factor].name, name) == 0)
            return true;
    return false;
}

static bool is_name(const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t length = strlen(word);
    return length > 0 && length < 128 && strchr(letters, word[0]) && strspn(word, all) == length;
}

static bool read_at(lac_plan_reader *reader, const lac_yaml *node, lac_endpoint *endpoint)
{
    static const double ROUNDING = 1e-11;
    double until = reader->plan->model->settings.until / 3600;
    lac_subject time = {.name = "at",
                        .unit = "h",
                        .dimension = lac_dimension_of(LAC_TIME, 1),
                        .factor = 1 / 3600.0,
                        .low = 0,
                        .high = until};
    endpoint->take = LAC_TAKE_AT;
    if (!lac_subject_exact(&reader->loader, &time, node, &endpoint->at))
        return false;
    if (endpoint->at >= 0 && endpoint->at <= until * (1 + ROUNDING)) {
        endpoint->at = fmin(endpoint->at, until);
        return true;
    }
    lac_report(reader->loader.list, LAC_ERROR, node->place,
               "%s is not within the run, which goes from 0 to %.10g h", node->scalar, until);
    return false;
}

static void read_take(lac_plan_reader *reader, const lac_yaml *node, lac_endpoint *endpoint)
{
    static const char *const takes[] = {"last", "least", "most", "mean"};
    const lac_yaml *at = lac_yaml_get(node, "at"), *take = lac_yaml_get(node, "take");
    if (at && take)
        lac_report(reader->loader.list, LAC_ERROR, take->place,
                   "an endpoint has at: or take:, not both");
    else if (at)
        read_at(reader, at, endpoint);
    else if (take) {
        size_t choice = lac_load_choice(&reader->loader, take, takes, 4, "take");
        endpoint->take = choice == LAC_NONE ? LAC_TAKE_LAST : (lac_take)choice;
    }
}

static lac_status read_endpoint(lac_plan_reader *reader, const lac_names *known,
                                const lac_yaml *node, lac_endpoint *endpoint)
{
    static const char *const keys[] = {"of", "at", "take", "change"};
    lac_status status = LAC_OK;
    const lac_yaml *of = node;
    if (node->kind == LAC_YAML_MAPPING) {
        lac_yaml_only(node, keys, 4, "an endpoint", reader->loader.list);
        of = lac_yaml_get(node, "of");
        read_take(reader, node, endpoint);
        endpoint->change = lac_plan_flag(&reader->loader, node, "change", false);
    }
    if (!of) {
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "an endpoint needs of: an observable or a pool");
        goto out;
    }
    size_t index = lac_load_name(&reader->loader, of, known, "observable");
    if (index != LAC_NONE)
        LAC_OWN(endpoint->series, lac_copy_text(known->name[index]));
out:
    return status;
}

static lac_status read_endpoints(lac_plan_reader *reader, const lac_yaml *node,
                                 const lac_names *known)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    if (!lac_is_mapping(&reader->loader, node, node->place, "endpoints"))
        goto out;
    LAC_NEW(plan->endpoint, node->count);
    for (size_t item = 0; item < node->count; item++) {
        lac_endpoint *endpoint = &plan->endpoint[item];
        plan->endpoints = item + 1;
        endpoint->place = node->key_place[item];
        LAC_OWN(endpoint->name, lac_copy_text(node->key[item]));
        if (!is_name(endpoint->name) || is_reserved(plan, endpoint->name))
            lac_report(reader->loader.list, LAC_ERROR, endpoint->place,
                       is_name(endpoint->name)
                           ? "'%.60s' is taken in an index: give the endpoint another name"
                           : "'%.60s' is no name: letters, digits and _, not a digit first",
                       endpoint->name);
        LAC_TRY(read_endpoint(reader, known, node->item[item], endpoint));
    }
out:
    return status;
}

/* The last value of every observable. */
static lac_status usual_endpoints(lac_plan *plan, const lac_names *known)
{
    lac_status status = LAC_OK;
    lac_text name = {0};
    size_t count = usual_series(plan->model);
    LAC_NEW(plan->endpoint, count);
    for (size_t each = 0; each < count; each++) {
        plan->endpoints = each + 1;
        name.length = 0;
        lac_text_add(&name, "%s%s", known->name[each],
                     is_reserved(plan, known->name[each]) ? "_last" : "");
        LAC_TRY(name.failed);
        LAC_OWN(plan->endpoint[each].name, lac_copy_text(lac_text_of(&name)));
        LAC_OWN(plan->endpoint[each].series, lac_copy_text(known->name[each]));
    }
out:
    lac_text_free(&name);
    return status;
}

lac_status lac_plan_outcomes(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_names known = {0};
    const lac_yaml *endpoints = reader->root ? lac_yaml_get(reader->root, "endpoints") : NULL;
    LAC_TRY(list_series(reader->plan->model, &known));
    LAC_TRY(read_keep(reader, &known));
    if (endpoints)
        LAC_TRY(read_endpoints(reader, endpoints, &known));
    else
        LAC_TRY(usual_endpoints(reader->plan, &known));
out:
    lac_names_free(&known);
    return status;
}
