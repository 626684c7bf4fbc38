/* Plan ends: a scenario must load at the ends of a plan too, so that what is wrong there is said
 * once, before the first member starts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <math.h>
#include <string.h>

/* The lowest or highest value that a factor takes; an unbounded distribution ends at six standard
 * deviations (10^-9 of the values lie beyond). */
static double end_of(const lac_factor *factor, bool high)
{
    static const double SIX = 6;
    double end = factor->levels > 0 ? factor->level[0] : high ? factor->b : factor->a;
    double sign = high ? 1 : -1;
    for (size_t level = 1; level < factor->levels; level++)
        end = high ? fmax(end, factor->level[level]) : fmin(end, factor->level[level]);
    if (factor->kind == LAC_DISTRIBUTION_NORMAL)
        end = factor->a + sign * SIX * factor->b;
    if (factor->kind == LAC_DISTRIBUTION_LOGNORMAL)
        end = factor->a * exp(sign * SIX * factor->b);
    if (factor->levels == 0)
        end = fmin(fmax(end, factor->low), factor->high);
    return lac_factor_round(end);
}

/* Members whose fields are gathered must have the same voxels. */
static void compare_grids(lac_plan_reader *reader, const lac_model *end, lac_place place)
{
    const lac_plan *plan = reader->plan;
    bool differ = plan->model->tissues != end->tissues;
    for (size_t tissue = 0; tissue < end->tissues; tissue++) {
        const lac_tissue_text *base = &plan->model->tissue[tissue], *other = &end->tissue[tissue];
        differ = differ || !lac_tissue_same_grid(base, other);
    }
    if (strcmp(plan->fields, "none") != 0 && differ)
        lac_report(reader->loader.list, LAC_ERROR, place,
                   "what varies changes the voxels of the tissue, so fields of the members cannot "
                   "be gathered: write keep: {fields: none}");
}

/* Messages of the end are added after a sentence that tells which end it is. */
static void tell(lac_plan_reader *reader, const lac_diagnostics *found, const lac_text *values,
                 bool high, lac_place place)
{
    lac_diagnostics *list = reader->loader.list;
    lac_report(list, LAC_ERROR, place,
               "the scenario cannot be loaded with every factor at its %s "
               "value (%s):",
               high ? "highest" : "lowest", lac_text_of(values));
    lac_text_add_bytes(&list->text, lac_text_of(&found->text), found->text.length);
    list->errors += found->errors;
    list->reported += found->errors;
}

/* The sets of the plan, then one override a factor. */
static lac_status gather(lac_plan_reader *reader, bool high, lac_override *set,
                         lac_override_place *place, lac_text *values)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = reader->plan;
    lac_text value = {0};
    for (size_t each = 0; each < plan->sets; each++) {
        set[each] = plan->set[each];
        place[each] = reader->place[each];
    }
    for (size_t each = 0; each < plan->factors; each++) {
        const lac_factor *factor = &plan->factor[each];
        value.length = 0;
        lac_factor_write(factor, end_of(factor, high), &value);
        lac_text_add(values, "%s%s=%s", each ? ", " : "", factor->name, lac_text_of(&value));
        LAC_TRY(value.failed);
        set[plan->sets + each].name = factor->name;
        LAC_OWN(set[plan->sets + each].value, lac_copy_text(lac_text_of(&value)));
        place[plan->sets + each] = (lac_override_place){factor->place, factor->place};
    }
    LAC_TRY(values->failed);
out:
    lac_text_free(&value);
    return status;
}

static lac_status load_end(lac_plan_reader *reader, bool high)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    size_t count = plan->sets + plan->factors;
    lac_override *set = NULL;
    lac_override_place *place = NULL;
    lac_diagnostics found = {0};
    lac_model *model = NULL;
    lac_text values = {0};
    const lac_yaml *said = lac_yaml_get(reader->root, "vary");
    said = said ? said : lac_yaml_get(reader->root, "table");
    lac_place vary = said ? said->place : plan->factor[0].place;
    LAC_NEW(set, count);
    LAC_NEW(place, count);
    LAC_TRY(gather(reader, high, set, place, &values));
    lac_scenario_origin origin = {.path = plan->scenario,
                                  .override = set,
                                  .overrides = count,
                                  .place = place,
                                  .finder = reader->finder};
    status = lac_scenario_load(&origin, &found, &model);
    if (status == LAC_INPUT) {
        tell(reader, &found, &values, high, vary);
        status = LAC_OK;
    } else if (status == LAC_OK) {
        compare_grids(reader, model, vary);
    }
out:
    for (size_t each = plan->sets; set && each < count; each++)
        lac_free((char *)set[each].value);
    lac_free(set);
    lac_free(place);
    lac_text_free(&values);
    lac_diagnostics_free(&found);
    lac_model_free(model);
    return status;
}

lac_status lac_plan_ends(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    if (reader->plan->factors == 0)
        return LAC_OK;
    LAC_TRY(load_end(reader, false));
    LAC_TRY(load_end(reader, true));
out:
    return status;
}
