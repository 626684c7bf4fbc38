/* Plan sets: what every member is given, by the plan's `set:` and by --set.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <string.h>

static lac_status add(lac_plan_reader *reader, const char *name, const char *value,
                      lac_override_place place)
{
    lac_status status = LAC_OK;
    lac_plan *plan = reader->plan;
    char *own_name = NULL, *own_value = NULL;
    LAC_GROW(plan->set, plan->sets, reader->set_capacity);
    LAC_GROW(reader->place, plan->sets, reader->place_capacity);
    LAC_OWN(own_name, lac_copy_text(name));
    LAC_OWN(own_value, lac_copy_text(value));
    reader->place[plan->sets] = place;
    plan->set[plan->sets++] = (lac_override){own_name, own_value};
    own_name = own_value = NULL;
out:
    lac_free(own_name);
    lac_free(own_value);
    return status;
}

static lac_status add_written(lac_plan_reader *reader)
{
    lac_status status = LAC_OK;
    const lac_yaml *set = lac_yaml_get(reader->root, "set");
    if (!set || !lac_is_mapping(&reader->loader, set, set->place, "set"))
        goto out;
    for (size_t item = 0; item < set->count; item++) {
        const lac_yaml *value = set->item[item];
        lac_override_place place = {set->key_place[item], value->place};
        const char *why = lac_plan_reserved(set->key[item], false);
        if (why)
            lac_report(reader->loader.list, LAC_ERROR, place.name, "%s: %s", set->key[item], why);
        else if (lac_is_scalar(&reader->loader, value, value->place, set->key[item]))
            LAC_TRY(add(reader, set->key[item], value->scalar, place));
    }
out:
    return status;
}

/* The text in which places of --set are shown: one line for each. */
static lac_status keep_said(lac_plan *plan, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    for (size_t each = 0; each < count; each++)
        lac_text_add(&text, "%s=%s\n", overrides[each].name, overrides[each].value);
    LAC_TRY(text.failed);
    LAC_OWN(plan->said.path, lac_copy_text("--set"));
    LAC_OWN(plan->said.bytes, lac_copy_text(lac_text_of(&text)));
    plan->said.length = text.length;
out:
    lac_text_free(&text);
    return status;
}

const char *lac_plan_endpoint_of(const char *override)
{
    return strncmp(override, LAC_PLAN_ENDPOINT, strlen(LAC_PLAN_ENDPOINT)) == 0
               ? override + strlen(LAC_PLAN_ENDPOINT)
               : NULL;
}

/* The plan's own affairs; false when this is none of them. */
static bool takes_over(lac_plan_reader *reader, const lac_override *said, lac_override_place place)
{
    lac_plan *plan = reader->plan;
    lac_settings scratch;
    if (strcmp(said->name, "run.seed") == 0) {
        lac_settings_default(&scratch);
        bool good = lac_settings_set(&scratch, "seed", said->value) == LAC_OK && scratch.seed >= 0;
        if (!good)
            lac_report(reader->loader.list, LAC_ERROR, place.value,
                       "a plan needs a seed that is a whole number from 0 on");
        plan->seed = good ? scratch.seed : plan->seed;
        return true;
    }
    if (strcmp(said->name, "run.save.fields") == 0) {
        reader->fields = said->value;
        reader->fields_place = place.value;
        return true;
    }
    if (lac_plan_endpoint_of(said->name))
        return true; /* plan_endpoints.c takes it */
    const char *why = lac_plan_reserved(said->name, false);
    const lac_yaml *vary = reader->root ? lac_yaml_get(reader->root, "vary") : NULL;
    if (vary && vary->kind == LAC_YAML_MAPPING && lac_yaml_get(vary, said->name))
        why = "the plan varies it";
    if (why)
        lac_report(reader->loader.list, LAC_ERROR, place.name, "%s cannot be set: %s", said->name,
                   why);
    return why;
}

lac_status lac_plan_sets(lac_plan_reader *reader, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    if (reader->root)
        LAC_TRY(add_written(reader));
    reader->override = overrides;
    reader->overrides = count;
    LAC_TRY(keep_said(reader->plan, overrides, count));
    for (size_t each = 0; each < count; each++) {
        const lac_override *said = &overrides[each];
        size_t length = strlen(said->name);
        const lac_source *source = &reader->plan->said;
        lac_override_place place = {{source, each + 1, 1, length},
                                    {source, each + 1, length + 2, 1}};
        if (!takes_over(reader, said, place))
            LAC_TRY(add(reader, said->name, said->value, place));
    }
out:
    return status;
}
