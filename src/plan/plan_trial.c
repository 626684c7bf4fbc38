/* Plan trial: reads `trial:`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "model/save_times.h"
#include "plan/plan_internal.h"
#include "plan/trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct number_row {
    const char *word, *unit;
    double off, low, high;
} number_row;

static const number_row rows[LAC_TRIAL_NUMBERS] = {
#define ROW(id, word, unit, off, low, high) {word, unit, off, low, high},
    LAC_TRIAL_LIST(ROW)
#undef ROW
};

const char *lac_trial_word(lac_trial_which which)
{
    return rows[which].word;
}

const char *lac_trial_unit(lac_trial_which which)
{
    return rows[which].unit;
}

void lac_trial_free(lac_trial *trial)
{
    if (!trial)
        return;
    for (size_t each = 0; each < LAC_TRIAL_NUMBERS; each++)
        lac_free(trial->number[each].source);
    for (size_t each = 0; trial->rule && each < trial->rules; each++) {
        lac_free(trial->rule[each].name);
        lac_free(trial->rule[each].source);
    }
    lac_free(trial->rule);
    lac_free(trial->outcome);
    lac_free(trial->visit);
    lac_free(trial->injected);
    lac_free(trial->size);
    lac_free(trial);
}

/* --- numbers and where they are from ------------------------------------------------------------
 */

static bool read_number(lac_plan_reader *reader, const lac_yaml *node, const number_row *row,
                        double *value)
{
    bool time = strcmp(row->unit, "h") == 0;
    const lac_subject subject = {.name = row->word,
                                 .unit = row->unit,
                                 .dimension = lac_dimension_of(LAC_TIME, time ? 1 : 0),
                                 .factor = time ? 1 / 3600.0 : 1,
                                 .low = row->low,
                                 .high = row->high};
    return lac_subject_level(&reader->loader, &subject, node, value);
}

/* `kind:` and `source:`, both of which must be said. */
static lac_status read_origin(lac_plan_reader *reader, const lac_yaml *node, const char *what,
                              lac_provenance_kind *kind, char **source)
{
    static const char *const kinds[] = {"measured", "computed", "assumption", "prior", "fitted"};
    lac_status status = LAC_OK;
    lac_loader *loader = &reader->loader;
    const lac_yaml *word = lac_yaml_get(node, "kind");
    LAC_TRY(lac_load_copy(loader, node, "source", source));
    size_t choice = word ? lac_load_choice(loader, word, kinds, 5, "kind") : LAC_NONE;
    *kind = choice == LAC_NONE ? LAC_UNSTATED : (lac_provenance_kind)(choice + LAC_MEASURED);
    if (!*source || !word)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "%s needs kind: and source:, so that a reader sees what it rests on", what);
out:
    return status;
}

static lac_status read_one(lac_plan_reader *reader, const lac_yaml *node, size_t which)
{
    static const char *const keys[] = {"value", "range", "kind", "source"};
    lac_status status = LAC_OK;
    lac_trial_number *number = &reader->plan->trial->number[which];
    const lac_yaml *value, *range;
    if (!lac_is_mapping(&reader->loader, node, node->place, rows[which].word))
        goto out;
    lac_yaml_only(node, keys, 4, "a number of a trial", reader->loader.list);
    value = lac_yaml_get(node, "value");
    range = lac_yaml_get(node, "range");
    if (!value)
        lac_report(reader->loader.list, LAC_ERROR, node->place, "%s has no value",
                   rows[which].word);
    else
        read_number(reader, value, &rows[which], &number->value);
    LAC_TRY(read_origin(reader, node, rows[which].word, &number->kind, &number->source));
    if (range && (range->kind != LAC_YAML_SEQUENCE || range->count != 2))
        lac_report(reader->loader.list, LAC_ERROR, range->place, "a range is [low, high]");
    else if (range && read_number(reader, range->item[0], &rows[which], &number->low) &&
             read_number(reader, range->item[1], &rows[which], &number->high) &&
             !(number->low <= number->value && number->value <= number->high))
        lac_report(reader->loader.list, LAC_ERROR, range->place,
                   "the value of %s lies outside of its range", rows[which].word);
out:
    return status;
}

static lac_status read_numbers(lac_plan_reader *reader, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    const char *words[LAC_TRIAL_NUMBERS];
    for (size_t which = 0; which < LAC_TRIAL_NUMBERS; which++) {
        words[which] = rows[which].word;
        reader->plan->trial->number[which] =
            (lac_trial_number){.value = rows[which].off, .low = NAN, .high = NAN};
    }
    if (!node || !lac_is_mapping(&reader->loader, node, node->place, "parameters"))
        goto out;
    lac_yaml_only(node, words, LAC_TRIAL_NUMBERS, "the parameters of a trial", reader->loader.list);
    for (size_t which = 0; which < LAC_TRIAL_NUMBERS; which++)
        if (lac_yaml_get(node, words[which]))
            LAC_TRY(read_one(reader, lac_yaml_get(node, words[which]), which));
out:
    return status;
}

/* --- visits and arms -----------------------------------------------------------------------------
 */

static bool read_time(lac_plan_reader *reader, const lac_yaml *node, double *hours)
{
    number_row row = {"a visit", "h", 0, 0, reader->plan->model->settings.until / 3600};
    return read_number(reader, node, &row, hours);
}

static lac_status read_visits(lac_plan_reader *reader, const lac_yaml *root)
{
    lac_status status = LAC_OK;
    lac_trial *trial = reader->plan->trial;
    const lac_yaml *node = lac_yaml_get(root, "visits"), *primary = lac_yaml_get(root, "primary");
    lac_diagnostics *list = reader->loader.list;
    double hours = 0;
    if (!node || node->kind != LAC_YAML_SEQUENCE || node->count == 0) {
        lac_report(list, LAC_ERROR, node ? node->place : root->place,
                   "a trial needs visits: times after the first one, such as [6 wk, 180 d]");
        goto out;
    }
    trial->visits = node->count + 1;
    trial->primary = node->count;
    LAC_NEW(trial->visit, trial->visits);
    for (size_t each = 1; each < trial->visits; each++)
        if (read_time(reader, node->item[each - 1], &trial->visit[each]) &&
            !(trial->visit[each] > trial->visit[each - 1]))
            lac_report(list, LAC_ERROR, node->item[each - 1]->place,
                       "visits come one after the other, the first after day 0");
    if (!primary || !read_time(reader, primary, &hours))
        goto out;
    for (trial->primary = 1; trial->primary < trial->visits; trial->primary++)
        if (fabs(trial->visit[trial->primary] - hours) < 1e-6)
            goto out;
    trial->primary = 1;
    lac_report(list, LAC_ERROR, primary->place, "primary: %s is no visit", primary->scalar);
out:
    return status;
}

static size_t find_arm(lac_plan_reader *reader, const lac_yaml *node)
{
    const lac_plan *plan = reader->plan;
    const char *nearest;
    if (!lac_is_scalar(&reader->loader, node, node->place, "an arm"))
        return LAC_NONE;
    for (size_t arm = 0; arm < plan->arms; arm++)
        if (strcmp(plan->arm[arm], node->scalar) == 0)
            return arm;
    nearest = lac_nearest((const char *const *)plan->arm, plan->arms, node->scalar);
    lac_report(reader->loader.list, LAC_ERROR, node->place, "'%.60s' is no arm%s%s%s", node->scalar,
               nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return LAC_NONE;
}

static lac_status read_arms(lac_plan_reader *reader, const lac_yaml *root)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    const lac_yaml *control = lac_yaml_get(root, "control");
    const lac_yaml *without = lac_yaml_get(root, "uninjected");
    LAC_NEW(plan->trial->injected, plan->arms);
    memset(plan->trial->injected, true, plan->arms);
    size_t arm = control ? find_arm(reader, control) : 0;
    plan->trial->control = arm == LAC_NONE ? 0 : arm;
    for (size_t item = 0; without && item < lac_items(without); item++) {
        arm = find_arm(reader, lac_item(without, item));
        if (arm != LAC_NONE)
            plan->trial->injected[arm] = false;
    }
out:
    return status;
}

/* --- analysis ------------------------------------------------------------------------------------
 */

static lac_status read_sizes(lac_plan_reader *reader, const lac_yaml *node)
{
    static const double usual[] = {10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000};
    static const number_row row = {"a size", "", 0, 2, 1e6};
    lac_status status = LAC_OK;
    lac_trial *trial = reader->plan->trial;
    size_t count = node ? lac_items(node) : sizeof usual / sizeof *usual;
    LAC_NEW(trial->size, count);
    trial->sizes = count;
    for (size_t each = 0; each < count; each++) {
        trial->size[each] = node ? 2 : usual[each];
        if (node)
            read_number(reader, lac_item(node, each), &row, &trial->size[each]);
    }
out:
    return status;
}

static lac_status read_analysis(lac_plan_reader *reader, const lac_yaml *node)
{
    static const char *const keys[] = {"confidence", "alpha", "power", "resamples", "sizes"};
    static const number_row share = {"a share", "", 0, 0.001, 0.999};
    lac_status status = LAC_OK;
    lac_trial *trial = reader->plan->trial;
    double resamples = 2000;
    double *const field[] = {&trial->confidence, &trial->alpha, &trial->power};
    trial->confidence = 0.95;
    trial->alpha = 0.05;
    trial->power = 0.8;
    bool said = node && lac_is_mapping(&reader->loader, node, node->place, "analysis");
    if (said)
        lac_yaml_only(node, keys, 5, "an analysis", reader->loader.list);
    for (size_t each = 0; said && each < 3; each++)
        if (lac_yaml_get(node, keys[each]))
            read_number(reader, lac_yaml_get(node, keys[each]), &share, field[each]);
    if (said && lac_yaml_get(node, "resamples"))
        lac_plan_count(&reader->loader, lac_yaml_get(node, "resamples"), "resamples", 0, 100000,
                       &resamples);
    trial->resamples = (size_t)resamples;
    LAC_TRY(read_sizes(reader, said ? lac_yaml_get(node, "sizes") : NULL));
out:
    return status;
}

/* --- all of it -----------------------------------------------------------------------------------
 */

static void read_allocation(lac_plan_reader *reader, const lac_yaml *root)
{
    static const char *const words[] = {"paired", "parallel"};
    lac_plan *plan = reader->plan;
    const lac_yaml *node = lac_yaml_get(root, "allocation");
    const lac_yaml *patients = lac_yaml_get(root, "patients");
    double most = 1e6;
    if (node && lac_load_choice(&reader->loader, node, words, 2, "allocation") == 1) {
        plan->own_rows = true;
        if (plan->design != LAC_DESIGN_RANDOM && plan->design != LAC_DESIGN_LATIN)
            lac_report(reader->loader.list, LAC_ERROR, node->place,
                       "a parallel trial draws other patients for every arm: design: random or "
                       "latin-hypercube");
    }
    if (patients)
        lac_plan_count(&reader->loader, patients, "patients", 2, 1e6, &most);
    plan->trial->patients = (size_t)most;
}

lac_status lac_plan_trial(lac_plan_reader *reader)
{
    static const char *const keys[] = {"outcome",    "control",  "uninjected", "visits",
                                       "primary",    "patients", "allocation", "include",
                                       "parameters", "analysis"};
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    const lac_yaml *node = lac_yaml_get(reader->root, "trial");
    if (!node || !lac_is_mapping(&reader->loader, node, node->place, "trial"))
        return LAC_OK;
    if (plan->arms == 0) {
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   "a trial compares arms: the plan needs arms: {NAME: {...}, ...}");
        return LAC_OK;
    }
    lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "a trial", reader->loader.list);
    if (plan->lists > plan->arm_factors)
        lac_report(reader->loader.list, LAC_ERROR, plan->factor[plan->arm_factors].place,
                   "%s is a list: in a trial arms alone are crossed with patients",
                   plan->factor[plan->arm_factors].name);
    LAC_NEW(plan->trial, 1);
    LAC_TRY(read_visits(reader, node));
    LAC_TRY(read_arms(reader, node));
    read_allocation(reader, node);
    LAC_TRY(read_numbers(reader, lac_yaml_get(node, "parameters")));
    LAC_TRY(read_analysis(reader, lac_yaml_get(node, "analysis")));
out:
    return status;
}

/* --- endpoints -----------------------------------------------------------------------------------
 */

/* Members save their values at visits, so that no visit lies between two of them. */
static lac_status save_at_visits(lac_plan *plan)
{
    lac_status status = LAC_OK;
    for (size_t visit = 0; visit < plan->trial->visits; visit++)
        LAC_TRY(lac_save_also_at(&plan->model->settings, plan->trial->visit[visit] * 3600));
out:
    return status;
}

static lac_status add_visits(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    lac_trial *trial = plan->trial;
    lac_endpoint *more = NULL;
    char name[32];
    LAC_NEW(more, plan->endpoints + trial->visits);
    if (plan->endpoints > 0)
        memcpy(more, plan->endpoint, plan->endpoints * sizeof *more);
    lac_free(plan->endpoint);
    plan->endpoint = more;
    trial->endpoint = plan->endpoints;
    for (size_t visit = 0; visit < trial->visits; visit++) {
        lac_endpoint *it = &plan->endpoint[plan->endpoints++];
        snprintf(name, sizeof name, "visit_%zu", visit);
        *it = (lac_endpoint){.reduction = LAC_REDUCE_AT, .at = trial->visit[visit]};
        LAC_OWN(it->name, lac_copy_text(name));
        LAC_OWN(it->series, lac_copy_text(trial->outcome));
    }
out:
    return status;
}

static void find_what(lac_plan_reader *reader, const lac_yaml *node, lac_trial_rule *rule)
{
    const lac_plan *plan = reader->plan;
    const lac_yaml *of = lac_yaml_get(node, "of"), *arm = lac_yaml_get(node, "arm");
    rule->endpoint = LAC_NONE;
    rule->arm = plan->trial->control;
    if (arm) {
        size_t found = find_arm(reader, arm);
        rule->arm = found == LAC_NONE ? rule->arm : found;
    }
    if (!of || !lac_is_scalar(&reader->loader, of, of->place, "of") ||
        strcmp(of->scalar, "reported") == 0)
        return;
    for (size_t each = 0; each < plan->trial->endpoint; each++)
        if (strcmp(plan->endpoint[each].name, of->scalar) == 0)
            rule->endpoint = each;
    if (rule->endpoint == LAC_NONE)
        lac_report(reader->loader.list, LAC_ERROR, of->place,
                   "'%.60s' is not an endpoint of the plan, and not `reported`", of->scalar);
    if (plan->own_rows && arm && rule->arm != plan->trial->control)
        lac_report(reader->loader.list, LAC_ERROR, arm->place,
                   "in a parallel trial a patient is in one arm only: a rule looks at that one");
}

static lac_status read_rule(lac_plan_reader *reader, const lac_yaml *all, size_t item)
{
    static const char *const keys[] = {"of", "arm", "least", "most", "kind", "source"};
    static const number_row any = {"a bound", "", 0, -1e300, 1e300};
    lac_status status = LAC_OK;
    const lac_yaml *node = all->item[item];
    lac_trial_rule *rule = &reader->plan->trial->rule[item];
    LAC_OWN(rule->name, lac_copy_text(all->key[item]));
    rule->least = -INFINITY;
    rule->most = INFINITY;
    if (!lac_is_mapping(&reader->loader, node, all->key_place[item], rule->name))
        goto out;
    lac_yaml_only(node, keys, 6, "a rule of inclusion", reader->loader.list);
    find_what(reader, node, rule);
    if (lac_yaml_get(node, "least"))
        read_number(reader, lac_yaml_get(node, "least"), &any, &rule->least);
    if (lac_yaml_get(node, "most"))
        read_number(reader, lac_yaml_get(node, "most"), &any, &rule->most);
    if (!(rule->least < rule->most))
        lac_report(reader->loader.list, LAC_ERROR, node->place, "the rule %s takes nobody in",
                   rule->name);
    LAC_TRY(read_origin(reader, node, rule->name, &rule->kind, &rule->source));
out:
    return status;
}

lac_status lac_plan_trial_endpoints(lac_plan_reader *reader, const lac_names *known)
{
    lac_status status = LAC_OK;
    lac_trial *trial = reader->plan->trial;
    const lac_yaml *root = reader->root ? lac_yaml_get(reader->root, "trial") : NULL;
    if (!trial || !root || reader->loader.list->errors > 0)
        return LAC_OK;
    const lac_yaml *outcome = lac_yaml_get(root, "outcome"), *rules = lac_yaml_get(root, "include");
    if (!outcome) {
        lac_report(reader->loader.list, LAC_ERROR, root->place,
                   "a trial needs outcome: an observable, of which less is better");
        return LAC_OK;
    }
    size_t index = lac_load_name(&reader->loader, outcome, known, "observable");
    if (index == LAC_NONE)
        return LAC_OK;
    LAC_OWN(trial->outcome, lac_copy_text(known->name[index]));
    LAC_TRY(add_visits(reader));
    LAC_TRY(save_at_visits(reader->plan));
    if (!rules || !lac_is_mapping(&reader->loader, rules, rules->place, "include"))
        goto out;
    LAC_NEW(trial->rule, rules->count);
    trial->rules = rules->count;
    for (size_t item = 0; item < rules->count; item++)
        LAC_TRY(read_rule(reader, rules, item));
out:
    return status;
}
