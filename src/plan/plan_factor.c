/* One factor of a plan: a parameter or setting that varies, and over what.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- what may vary -------------------------------------------------------------------------------
 */

const char *lac_plan_reserved(const char *name, bool vary)
{
    static const struct {
        const char *name, *why;
        bool set; /* `set:` may have it */
    } table[] = {
        {"run.seed", "the plan has a seed of its own: write seed: at its top", false},
        {"run.replicate", "replicates are numbered by the plan: write replicates: at its top",
         false},
        {"run.save.fields", "write keep: {fields: ...}", false},
        {"run.checkpoint.every", "lacuna sweep --checkpoint-every says it", false},
        {"run.until", "all members must end together: put it under set:", true},
        {"run.save.every", "all members must be saved at the same times: put it under set:", true},
        {"run.save.fields_every",
         "all members must be saved at the same times: put it under set:", true},
    };
    for (size_t row = 0; row < sizeof table / sizeof *table; row++)
        if (strcmp(table[row].name, name) == 0)
            return vary || !table[row].set ? table[row].why : NULL;
    return NULL;
}

const lac_parameter *lac_plan_parameter(const lac_model *model, const char *name)
{
    for (size_t index = 0; index < model->parameters; index++)
        if (strcmp(model->parameter[index].id, name) == 0)
            return &model->parameter[index];
    return NULL;
}

static const lac_setting *find_setting(const char *name)
{
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    for (size_t row = 0; strncmp(name, "run.", 4) == 0 && row < rows; row++)
        if (strcmp(table[row].key, name + 4) == 0)
            return &table[row];
    return NULL;
}

lac_status lac_plan_report_unknown(lac_plan_reader *reader, const char *name, lac_place place)
{
    lac_status status = LAC_OK;
    const lac_model *model = reader->plan->model;
    const char **names = NULL;
    char(*setting)[64] = NULL;
    size_t rows, count = 0;
    const lac_setting *table = lac_setting_table(&rows);
    LAC_NEW(names, model->parameters + rows);
    LAC_NEW(setting, rows);
    for (size_t index = 0; index < model->parameters; index++)
        names[count++] = model->parameter[index].id;
    for (size_t row = 0; row < rows; row++) {
        snprintf(setting[row], sizeof setting[row], "run.%s", table[row].key);
        names[count++] = setting[row];
    }
    const char *nearest = lac_nearest(names, count, name);
    lac_report(reader->loader.list, LAC_ERROR, place,
               "'%.60s' is not a parameter of the scenario and no setting%s%s%s", name,
               nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
out:
    lac_free(names);
    lac_free(setting);
    return status;
}

/* --- one factor ----------------------------------------------------------------------------------
 */

/* A value of a setting, checked as --set would check it. */
static bool setting_takes(lac_loader *loader, const lac_setting *setting, const lac_yaml *node)
{
    lac_settings scratch;
    lac_settings_default(&scratch);
    if (!lac_is_scalar(loader, node, node->place, setting->key))
        return false;
    if (lac_settings_set(&scratch, setting->key, node->scalar) == LAC_OK)
        return true;
    lac_report(loader->list, LAC_ERROR, node->place, "%s", lac_failure());
    return false;
}

static void report_twice(lac_loader *loader, const lac_yaml *node, const lac_factor *factor,
                         size_t level)
{
    for (size_t other = 0; other < level; other++)
        if (factor->level[other] == factor->level[level])
            lac_report(loader->list, LAC_ERROR, node->place, "%s has the value %s twice",
                       factor->name, node->scalar);
}

static lac_status read_numbers(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                               lac_factor *factor)
{
    lac_status status = LAC_OK;
    LAC_NEW(factor->level, node->count);
    factor->levels = node->count;
    for (size_t item = 0; item < node->count; item++) {
        factor->level[item] = NAN;
        if (lac_subject_level(loader, subject, node->item[item], &factor->level[item]))
            report_twice(loader, node->item[item], factor, item);
    }
out:
    return status;
}

static lac_status read_words(lac_loader *loader, const lac_setting *setting, const lac_yaml *node,
                             lac_factor *factor)
{
    lac_status status = LAC_OK;
    LAC_NEW(factor->level, node->count);
    LAC_NEW(factor->word, node->count);
    for (size_t item = 0; item < node->count; item++) {
        const char *word =
            node->item[item]->kind == LAC_YAML_SCALAR ? node->item[item]->scalar : "";
        setting_takes(loader, setting, node->item[item]);
        for (size_t other = 0; other < item; other++)
            if (*word && strcmp(factor->word[other], word) == 0)
                lac_report(loader->list, LAC_ERROR, node->item[item]->place,
                           "%s has the value %s twice", factor->name, word);
        factor->level[item] = (double)item;
        LAC_OWN(factor->word[item], lac_copy_text(word));
        factor->levels = item + 1;
    }
out:
    return status;
}

/* Levels of a list; of a setting each must be one that the setting takes. */
static lac_status read_list(lac_loader *loader, const lac_subject *subject,
                            const lac_setting *setting, const lac_yaml *node, lac_factor *factor)
{
    if (node->count == 0) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s: an empty list", factor->name);
        return LAC_OK;
    }
    if (setting && setting->type == LAC_SETTING_WORD)
        return read_words(loader, setting, node, factor);
    bool good = true;
    for (size_t item = 0; setting && item < node->count; item++)
        good = setting_takes(loader, setting, node->item[item]) && good;
    return good ? read_numbers(loader, subject, node, factor) : LAC_OK;
}

/* {values: [...], outside: allowed}: a list that may leave the range, such as a dose of nothing. */
static lac_status read_values(lac_loader *loader, const lac_subject *subject,
                              const lac_setting *setting, const lac_yaml *node, lac_factor *factor)
{
    static const char *const keys[] = {"values", "outside", "label", "with"}, *const words[] = {
                                                                                  "allowed"};
    const lac_yaml *values = lac_yaml_get(node, "values"), *outside = lac_yaml_get(node, "outside");
    lac_subject wide = *subject;
    lac_yaml_only(node, keys, 4, "a list of values", loader->list);
    if (outside && lac_load_choice(loader, outside, words, 1, "outside") == 0 && !setting) {
        wide.low = -INFINITY;
        wide.high = INFINITY;
    }
    if (values->kind == LAC_YAML_SEQUENCE)
        return read_list(loader, &wide, setting, values, factor);
    lac_report(loader->list, LAC_ERROR, values->place, "values must be a list, such as [1, 2, 4]");
    return LAC_OK;
}

/* {table: [...]}: a value for every point. */
static lac_status read_column(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                              lac_factor *factor)
{
    static const char *const keys[] = {"table", "label", "outside"}, *const words[] = {"allowed"};
    lac_status status = LAC_OK;
    const lac_yaml *values = lac_yaml_get(node, "table"), *outside = lac_yaml_get(node, "outside");
    lac_subject wide = *subject;
    lac_yaml_only(node, keys, 3, "a column of a table", loader->list);
    factor->kind = LAC_DISTRIBUTION_TABLE;
    if (outside && lac_load_choice(loader, outside, words, 1, "outside") == 0) {
        wide.low = -INFINITY;
        wide.high = INFINITY;
    }
    if (values->kind != LAC_YAML_SEQUENCE || values->count == 0) {
        lac_report(loader->list, LAC_ERROR, values->place, "%s: a table without values",
                   factor->name);
        goto out;
    }
    LAC_NEW(factor->level, values->count);
    factor->levels = values->count;
    for (size_t item = 0; item < values->count; item++)
        lac_subject_level(loader, &wide, values->item[item], &factor->level[item]);
out:
    return status;
}

static lac_status read_factor(lac_loader *loader, const lac_subject *subject,
                              const lac_setting *setting, const lac_yaml *node, lac_factor *factor)
{
    if (node->kind == LAC_YAML_SEQUENCE)
        return read_list(loader, subject, setting, node, factor);
    if (node->kind == LAC_YAML_MAPPING && lac_yaml_get(node, "table"))
        return read_column(loader, subject, node, factor);
    if (node->kind == LAC_YAML_MAPPING && lac_yaml_get(node, "values"))
        return read_values(loader, subject, setting, node, factor);
    if (node->kind == LAC_YAML_MAPPING && (!setting || setting->type == LAC_SETTING_NUMBER)) {
        if (!setting || lac_yaml_get(node, "from"))
            return lac_plan_spread(loader, subject, node, factor);
        lac_report(loader->list, LAC_ERROR, node->place,
                   "%s is a setting: it takes a list or from, to and steps", factor->name);
        return LAC_OK;
    }
    lac_report(loader->list, LAC_ERROR, node->place,
               "%s takes a list such as [1, 2, 4]%s; what all members share stands under set:",
               factor->name, setting ? "" : ", a range or a distribution");
    return LAC_OK;
}

/* "1" behind a number would be noise. */
static const char *shown_unit(const char *unit)
{
    return strcmp(unit, "1") == 0 ? "" : unit;
}

static lac_status own_texts(lac_factor *factor, const lac_subject *subject, const char *cf,
                            const char *label)
{
    lac_status status = LAC_OK;
    LAC_OWN(factor->unit, lac_copy_text(subject->unit));
    LAC_OWN(factor->cf_unit, lac_copy_text(cf));
    if (label)
        LAC_OWN(factor->label, lac_copy_text(label));
    factor->range[0] = subject->low;
    factor->range[1] = subject->high;
out:
    return status;
}

static const char *own_label(lac_loader *loader, const lac_yaml *node, const char *label)
{
    const char *own = node->kind == LAC_YAML_MAPPING ? lac_load_word(loader, node, "label") : NULL;
    return own ? own : label;
}

lac_status lac_plan_subject(lac_plan_reader *reader, const lac_parameter *parameter,
                            const char *label, lac_factor *factor, lac_subject *subject)
{
    const lac_model *model = reader->plan->model;
    bool ranged = isfinite(parameter->low) && isfinite(parameter->high);
    double scale = parameter->display.factor;
    *subject = (lac_subject){
        .name = factor->name,
        .unit = shown_unit(parameter->display.unit),
        .dimension = parameter->dimension,
        .factor = scale,
        .mass = parameter->of == LAC_NONE ? 0 : model->species[parameter->of].molar_mass,
        .low = ranged ? lac_factor_round(parameter->low * scale) : -INFINITY,
        .high = ranged ? lac_factor_round(parameter->high * scale) : INFINITY};
    return own_texts(factor, subject, parameter->display.cf, label);
}

static lac_status vary_parameter(lac_plan_reader *reader, const lac_parameter *parameter,
                                 const lac_yaml *node, lac_factor *factor)
{
    lac_status status = LAC_OK;
    lac_loader *loader = &reader->loader;
    lac_subject subject;
    LAC_TRY(lac_plan_subject(reader, parameter, own_label(loader, node, parameter->label), factor,
                             &subject));
    if (parameter->derived)
        lac_report(loader->list, LAC_WARNING, factor->place,
                   "%s is derived from other parameters; its values here take the place of that "
                   "expression",
                   factor->name);
    else if (!parameter->used)
        lac_report(loader->list, LAC_WARNING, factor->place,
                   "nothing in the scenario uses %s: varying it changes nothing", factor->name);
    LAC_TRY(read_factor(loader, &subject, NULL, node, factor));
out:
    return status;
}

static lac_status vary_setting(lac_plan_reader *reader, const lac_setting *setting,
                               const lac_yaml *node, lac_factor *factor)
{
    lac_status status = LAC_OK;
    lac_unit unit;
    size_t at, span;
    LAC_TRY(lac_unit_parse(setting->unit, strlen(setting->unit), &unit, &at, &span));
    lac_subject subject = {.name = factor->name,
                           .unit = setting->unit,
                           .dimension = unit.dimension,
                           .factor = 1 / unit.factor,
                           .low = setting->low,
                           .high = setting->high};
    if (setting->type == LAC_SETTING_WORD)
        subject.low = subject.high = NAN;
    LAC_TRY(own_texts(factor, &subject, *setting->unit ? setting->unit : "1",
                      own_label(&reader->loader, node, setting->help)));
    LAC_TRY(read_factor(&reader->loader, &subject, setting, node, factor));
out:
    return status;
}

lac_status lac_plan_vary_one(lac_plan_reader *reader, const lac_yaml *vary, size_t item,
                             lac_factor *factor)
{
    lac_status status = LAC_OK;
    const char *name = vary->key[item];
    const lac_yaml *set = lac_yaml_get(reader->root, "set");
    const char *why = lac_plan_reserved(name, true);
    factor->place = vary->key_place[item];
    LAC_OWN(factor->name, lac_copy_text(name));
    const lac_parameter *parameter = lac_plan_parameter(reader->plan->model, name);
    const lac_setting *setting = find_setting(name);
    if (why)
        lac_report(reader->loader.list, LAC_ERROR, factor->place, "%s cannot vary: %s", name, why);
    else if (set && set->kind == LAC_YAML_MAPPING && lac_yaml_get(set, name))
        lac_report(reader->loader.list, LAC_ERROR, factor->place,
                   "%s stands under set: and under vary:", name);
    else if (parameter)
        status = vary_parameter(reader, parameter, vary->item[item], factor);
    else if (setting)
        status = vary_setting(reader, setting, vary->item[item], factor);
    else
        status = lac_plan_report_unknown(reader, name, factor->place);
out:
    return status;
}
