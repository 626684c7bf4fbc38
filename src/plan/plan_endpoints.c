/* Plan endpoints: numbers of each run: of a curve, or of two such numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"
#include "store/layout.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const lac_endpoint_reduction_words[] = {[LAC_REDUCE_LAST] = "last",
                                                    [LAC_REDUCE_LEAST] = "least",
                                                    [LAC_REDUCE_MOST] = "most",
                                                    [LAC_REDUCE_MEAN] = "mean",
                                                    [LAC_REDUCE_AUC] = "auc",
                                                    [LAC_REDUCE_TIME_OF_MOST] = "time_of_most",
                                                    [LAC_REDUCE_TIME_OF_LEAST] = "time_of_least"};

/* Names that an index has for itself: an endpoint would hide them. */
static bool is_reserved(const lac_plan *plan, const char *name)
{
    static const char *const reserved[] = {LAC_INDEX_NAMES};
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

bool lac_plan_time(lac_plan_reader *reader, const lac_yaml *node, const char *name, double *hours)
{
    static const double ROUNDING = 1e-11;
    double until = reader->plan->model->settings.until / LAC_FILE_TIME;
    lac_subject time = {.name = name,
                        .unit = LAC_FILE_TIME_UNIT,
                        .dimension = lac_dimension_of(LAC_TIME, 1),
                        .factor = 1 / LAC_FILE_TIME,
                        .low = 0,
                        .high = until};
    if (!lac_subject_exact(&reader->loader, &time, node, hours))
        return false;
    if (*hours >= 0 && *hours <= until * (1 + ROUNDING)) {
        *hours = fmin(*hours, until);
        return true;
    }
    lac_report(reader->loader.list, LAC_ERROR, node->place,
               "%s is not within the run, which goes from 0 to %.10g h", node->scalar, until);
    return false;
}

void lac_plan_window(lac_plan_reader *reader, const lac_yaml *node, lac_endpoint *endpoint)
{
    if (node->kind != LAC_YAML_SEQUENCE || node->count != 2) {
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "a window has two times, such as [10 d, 20 d]");
        return;
    }
    endpoint->windowed = true;
    for (size_t end = 0; end < 2; end++)
        if (!lac_plan_time(reader, node->item[end], "window", &endpoint->window[end]))
            return;
    if (!(endpoint->window[0] < endpoint->window[1]))
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "a window ends after it begins: the first time must be below the second");
}

static void read_take(lac_plan_reader *reader, const lac_yaml *node, lac_endpoint *endpoint)
{
    const lac_yaml *at = lac_yaml_get(node, "at"), *take = lac_yaml_get(node, "take");
    const lac_yaml *window = lac_yaml_get(node, "window");
    if (at && take)
        lac_report(reader->loader.list, LAC_ERROR, take->place,
                   "an endpoint has at: or take:, not both");
    else if (at && window)
        lac_report(reader->loader.list, LAC_ERROR, window->place,
                   "an endpoint has at: or window:, not both");
    if (at) {
        endpoint->reduction = LAC_REDUCE_AT;
        lac_plan_time(reader, at, "at", &endpoint->at);
    } else if (take) {
        size_t choice = lac_load_choice(&reader->loader, take, lac_endpoint_reduction_words,
                                        LAC_REDUCE_AT, "take");
        endpoint->reduction = choice == LAC_NONE ? LAC_REDUCE_LAST : (lac_endpoint_reduction)choice;
    }
    if (window)
        lac_plan_window(reader, window, endpoint);
}

static bool is_time(const lac_endpoint *endpoint)
{
    return endpoint->reduction == LAC_REDUCE_TIME_OF_MOST ||
           endpoint->reduction == LAC_REDUCE_TIME_OF_LEAST;
}

static lac_status read_curve(lac_plan_reader *reader, const lac_names *known, const lac_yaml *node,
                             lac_endpoint *endpoint)
{
    static const char *const keys[] = {"of", "at", "take", "change", "window"};
    lac_status status = LAC_OK;
    const lac_yaml *of = node;
    if (node->kind == LAC_YAML_MAPPING) {
        lac_yaml_only(node, keys, 5, "an endpoint", reader->loader.list);
        of = lac_yaml_get(node, "of");
        read_take(reader, node, endpoint);
        endpoint->change = lac_plan_flag(&reader->loader, node, "change", false);
    }
    if (endpoint->change && is_time(endpoint))
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "change: is of values, not of the time of one");
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

/* One of the endpoints before this one. */
static size_t find_part(lac_plan_reader *reader, const lac_yaml *node, size_t before)
{
    const lac_plan *plan = reader->plan;
    bool scalar = node->kind == LAC_YAML_SCALAR;
    for (size_t each = 0; scalar && each < before; each++)
        if (strcmp(plan->endpoint[each].name, node->scalar) == 0)
            return each;
    lac_report(reader->loader.list, LAC_ERROR, node->place,
               "'%.60s' is not an endpoint before this one", scalar ? node->scalar : "...");
    return LAC_NONE;
}

static lac_status read_join(lac_plan_reader *reader, const lac_yaml *node, size_t at)
{
    static const char *const keys[] = {"ratio", "difference"};
    lac_status status = LAC_OK;
    lac_endpoint *endpoint = &reader->plan->endpoint[at];
    const lac_yaml *ratio = lac_yaml_get(node, "ratio");
    const lac_yaml *parts = ratio ? ratio : lac_yaml_get(node, "difference");
    lac_yaml_only(node, keys, 2, "an endpoint of two others", reader->loader.list);
    endpoint->join = ratio ? LAC_JOIN_RATIO : LAC_JOIN_DIFFERENCE;
    if (parts->kind != LAC_YAML_SEQUENCE || parts->count != 2) {
        lac_report(reader->loader.list, LAC_ERROR, parts->place,
                   "a %s is of two endpoints, such as [late, early]", keys[ratio ? 0 : 1]);
        goto out;
    }
    for (size_t part = 0; part < 2; part++) {
        size_t found = find_part(reader, parts->item[part], at);
        if (found == LAC_NONE)
            goto out;
        endpoint->part[part] = found;
    }
    const char *series = reader->plan->endpoint[endpoint->part[0]].series;
    if (series)
        LAC_OWN(endpoint->series, lac_copy_text(series));
out:
    return status;
}

static bool is_join(const lac_yaml *node)
{
    return node->kind == LAC_YAML_MAPPING &&
           (lac_yaml_get(node, "ratio") || lac_yaml_get(node, "difference"));
}

static lac_status read_endpoint(lac_plan_reader *reader, const lac_names *known,
                                const lac_yaml *all, size_t item)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    size_t at = plan->endpoints++;
    lac_endpoint *endpoint = &plan->endpoint[at];
    endpoint->place = all->key_place[item];
    LAC_OWN(endpoint->name, lac_copy_text(all->key[item]));
    if (!is_name(endpoint->name) || is_reserved(plan, endpoint->name))
        lac_report(reader->loader.list, LAC_ERROR, endpoint->place,
                   is_name(endpoint->name)
                       ? "'%.60s' is taken in an index: give the endpoint another name"
                       : "'%.60s' is not a name: letters, digits and _, not a digit first",
                   endpoint->name);
    if (is_join(all->item[item]))
        LAC_TRY(read_join(reader, all->item[item], at));
    else if (lac_plan_is_call(all->item[item]))
        LAC_TRY(lac_plan_call(reader, known, all->item[item], endpoint));
    else
        LAC_TRY(read_curve(reader, known, all->item[item], endpoint));
out:
    return status;
}

/* The last value of every observable. */
static lac_status usual_endpoints(lac_plan *plan, const lac_names *known)
{
    lac_status status = LAC_OK;
    lac_text name = {0};
    size_t count = lac_plan_usual_series(plan->model);
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

/* What --endpoint said, as a tree of its own. */
static lac_status read_asked(lac_plan_reader *reader, lac_yaml **tree)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    lac_text text = {0};
    for (size_t each = 0; each < reader->overrides; each++) {
        const char *name = lac_plan_endpoint_of(reader->override[each].name);
        if (name)
            lac_text_add(&text, "%s: %s\n", name, reader->override[each].value);
    }
    LAC_TRY(text.failed);
    if (text.length == 0)
        goto out;
    LAC_OWN(plan->asked.path, lac_copy_text("--endpoint"));
    LAC_OWN(plan->asked.bytes, lac_copy_text(text.bytes));
    plan->asked.length = text.length;
    LAC_TRY(lac_yaml_parse(&plan->asked, reader->loader.list, tree));
out:
    lac_text_free(&text);
    return status;
}

/* The command line counts over the plan. */
static lac_status read_all(lac_plan_reader *reader, const lac_names *known, const lac_yaml *written,
                           const lac_yaml *asked)
{
    lac_status status = LAC_OK;
    size_t count = (written ? written->count : 0) + (asked ? asked->count : 0);
    LAC_NEW(reader->plan->endpoint, count);
    for (size_t item = 0; written && item < written->count; item++)
        if (!asked || !lac_yaml_get(asked, written->key[item]))
            LAC_TRY(read_endpoint(reader, known, written, item));
    for (size_t item = 0; asked && item < asked->count; item++)
        LAC_TRY(read_endpoint(reader, known, asked, item));
out:
    return status;
}

static bool is_map(lac_plan_reader *reader, const lac_yaml *node, const char *name)
{
    return !node || lac_is_mapping(&reader->loader, node, node->place, name);
}

lac_status lac_plan_endpoints(lac_plan_reader *reader, const lac_names *known)
{
    lac_status status = LAC_OK;
    const lac_yaml *written = reader->root ? lac_yaml_get(reader->root, "endpoints") : NULL;
    lac_yaml *asked = NULL;
    LAC_TRY(read_asked(reader, &asked));
    if (!is_map(reader, written, "endpoints") || !is_map(reader, asked, "--endpoint"))
        goto out;
    if (written || asked)
        LAC_TRY(read_all(reader, known, written, asked));
    else if (!reader->plan->trial)
        LAC_TRY(usual_endpoints(reader->plan, known));
    LAC_TRY(lac_plan_trial_endpoints(reader, known));
out:
    lac_yaml_free(asked);
    return status;
}
