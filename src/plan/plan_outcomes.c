/* Plan outcomes: which fields and curves of the members are kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

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
size_t lac_plan_usual_series(const lac_model *model)
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
                       "'%.60s' is not a field of the scenario%s%s%s", name,
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
    if (strcmp(text.bytes, "none") != 0 && reader->plan->model->tissues > 1)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "fields of several tissues cannot be gathered in one index; the members have "
                   "them: write keep: {fields: none}");
    else if (strcmp(text.bytes, "none") != 0 && strcmp(text.bytes, "all") != 0)
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
    size_t count = all                     ? lac_plan_usual_series(plan->model)
                   : is_word(node, "none") ? 0
                                           : lac_items(node);
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

lac_status lac_plan_outcomes(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_names known = {0};
    LAC_TRY(list_series(reader->plan->model, &known));
    LAC_TRY(read_keep(reader, &known));
    LAC_TRY(lac_plan_endpoints(reader, &known));
out:
    lac_names_free(&known);
    return status;
}

lac_status lac_plan_only_endpoints(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_names known = {0};
    LAC_TRY(list_series(reader->plan->model, &known));
    LAC_TRY(lac_plan_endpoints(reader, &known));
out:
    lac_names_free(&known);
    return status;
}
