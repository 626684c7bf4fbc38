/* Plan arms: what is done to one and the same start: a name, and the parameters that it sets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <string.h>

static bool is_name(const char *word)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.";
    size_t length = strlen(word);
    return length > 0 && length < 64 && strspn(word, all) == length;
}

/* The parameters that any arm sets, in the order of the text. */
static lac_status list_parameters(const lac_yaml *arms, lac_names *names)
{
    lac_status status = LAC_OK;
    for (size_t arm = 0; arm < arms->count; arm++)
        for (size_t item = 0; item < arms->item[arm]->count; item++)
            if (lac_names_find(names, arms->item[arm]->key[item]) == LAC_NONE)
                LAC_TRY(lac_names_add(names, arms->item[arm]->key[item]));
out:
    return status;
}

static bool are_sound(lac_plan_reader *reader, const lac_yaml *arms)
{
    lac_loader *loader = &reader->loader;
    if (!lac_is_mapping(loader, arms, arms->place, "arms"))
        return false;
    bool good = true;
    for (size_t arm = 0; arm < arms->count; arm++) {
        if (!is_name(arms->key[arm]))
            lac_report(loader->list, LAC_ERROR, arms->key_place[arm],
                       "'%.60s' is not a name of an arm: letters, digits, _ - and . only",
                       arms->key[arm]);
        good = lac_is_mapping(loader, arms->item[arm], arms->key_place[arm], arms->key[arm]) &&
               is_name(arms->key[arm]) && good;
    }
    if (arms->count < 2)
        lac_report(loader->list, LAC_ERROR, arms->place,
                   "arms: has %s: arms are compared, so that there are at least two",
                   arms->count == 0 ? "none" : "one");
    return good && arms->count > 1;
}

lac_status lac_plan_count_arms(lac_plan_reader *reader, size_t *parameters)
{
    lac_status status = LAC_OK;
    lac_names names = {0};
    const lac_yaml *arms = lac_yaml_get(reader->root, "arms");
    *parameters = 0;
    if (!arms || !are_sound(reader, arms))
        return LAC_OK;
    LAC_TRY(list_parameters(arms, &names));
    *parameters = names.count;
    if (names.count == 0)
        lac_report(reader->loader.list, LAC_ERROR, arms->place,
                   "no arm sets a parameter, so that all are the same");
out:
    lac_names_free(&names);
    return status;
}

/* The value of a parameter in every arm; without a word of it, that of the scenario. */
static lac_status read_levels(lac_plan_reader *reader, const lac_yaml *arms,
                              const lac_parameter *parameter, lac_subject *subject,
                              lac_factor *factor)
{
    lac_status status = LAC_OK;
    factor->kind = LAC_DISTRIBUTION_LIST;
    LAC_NEW(factor->level, arms->count);
    factor->levels = arms->count;
    for (size_t arm = 0; arm < arms->count; arm++) {
        const lac_yaml *node = lac_yaml_get(arms->item[arm], factor->name);
        if (node)
            lac_subject_number(&reader->loader, subject, node, &factor->level[arm]);
        else if (parameter->derived)
            lac_report(reader->loader.list, LAC_ERROR, arms->key_place[arm],
                       "%s is derived from other parameters and another arm sets it: set it in %s "
                       "too",
                       factor->name, arms->key[arm]);
        else
            factor->level[arm] = lac_factor_round(parameter->value * subject->factor);
    }
out:
    return status;
}

static lac_place find_place(const lac_yaml *arms, const char *name)
{
    for (size_t arm = 0; arm < arms->count; arm++)
        for (size_t item = 0; item < arms->item[arm]->count; item++)
            if (strcmp(arms->item[arm]->key[item], name) == 0)
                return arms->item[arm]->key_place[item];
    return arms->place;
}

static lac_status read_parameter(lac_plan_reader *reader, const lac_yaml *arms, const char *name,
                                 lac_factor *factor)
{
    lac_status status = LAC_OK;
    lac_subject subject;
    const lac_yaml *vary = lac_yaml_get(reader->root, "vary");
    const lac_parameter *parameter = lac_plan_parameter(reader->plan->model, name);
    factor->place = find_place(arms, name);
    LAC_OWN(factor->name, lac_copy_text(name));
    if (!parameter) {
        LAC_TRY(strncmp(name, "run.", 4) == 0
                    ? LAC_OK
                    : lac_plan_report_unknown(reader, name, factor->place));
        if (strncmp(name, "run.", 4) == 0)
            lac_report(reader->loader.list, LAC_ERROR, factor->place,
                       "%s: arms set parameters; settings stand under set: or vary:", name);
        goto out;
    }
    if (vary && vary->kind == LAC_YAML_MAPPING && lac_yaml_get(vary, name))
        lac_report(reader->loader.list, LAC_ERROR, factor->place,
                   "%s stands under arms: and under vary:", name);
    LAC_TRY(lac_plan_subject(reader, parameter, parameter->label, factor, &subject));
    LAC_TRY(read_levels(reader, arms, parameter, &subject, factor));
out:
    return status;
}

lac_status lac_plan_arms(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    lac_names names = {0};
    const lac_yaml *arms = lac_yaml_get(reader->root, "arms");
    if (!arms || reader->loader.list->errors > 0)
        return LAC_OK;
    LAC_TRY(list_parameters(arms, &names));
    LAC_NEW(plan->arm, arms->count);
    for (size_t arm = 0; arm < arms->count; arm++) {
        plan->arms = arm + 1;
        LAC_OWN(plan->arm[arm], lac_copy_text(arms->key[arm]));
    }
    for (size_t each = 0; each < names.count; each++) {
        plan->factors = plan->arm_factors = each + 1;
        LAC_TRY(read_parameter(reader, arms, names.name[each], &plan->factor[each]));
    }
out:
    lac_names_free(&names);
    return status;
}

void lac_plan_write_arms(const lac_plan *plan, lac_text *text)
{
    if (plan->arms > 0)
        lac_text_add(text, "arms:\n");
    for (size_t arm = 0; arm < plan->arms; arm++) {
        lac_text_add(text, "  %s: {", plan->arm[arm]);
        for (size_t factor = 0; factor < plan->arm_factors; factor++) {
            lac_text_add(text, "%s%s: ", factor ? ", " : "", plan->factor[factor].name);
            lac_factor_write(&plan->factor[factor], plan->factor[factor].level[arm], text);
        }
        lac_text_add(text, "}\n");
    }
}

bool lac_plan_shares_start(const lac_plan *plan)
{
    return plan->arms > 0 && strcmp(plan->model->settings.start, "rest") == 0;
}

const char *lac_plan_written(const lac_plan *plan, const char *parameter)
{
    const lac_parameter *about = lac_plan_parameter(plan->model, parameter);
    return about && about->written ? about->written : "0";
}
