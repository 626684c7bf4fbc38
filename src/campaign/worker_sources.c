/* Worker sources: are the files of a scenario still those that the plan was read with?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/worker_sources.h"

#include <string.h>

/* Texts that were in no file have a name such as "--set". */
static size_t next_of_plan(const lac_model *model, size_t source)
{
    while (source < model->sources && model->source[source]->path[0] == '-')
        source++;
    return source;
}

static bool next_of_model(const lacuna_model *model, size_t *index, lacuna_source *source)
{
    while (*index < lacuna_model_sources(model))
        if (lacuna_model_source(model, (*index)++, source) == LACUNA_OK && source->name[0] != '-')
            return true;
    return false;
}

lac_status lac_worker_compare_sources(const lac_model *plan, const lacuna_model *model)
{
    lacuna_source source;
    size_t index = 0, one = next_of_plan(plan, 0);
    for (; next_of_model(model, &index, &source); one = next_of_plan(plan, one + 1)) {
        if (one == plan->sources)
            break;
        if (strcmp(plan->source[one]->bytes, source.text) != 0)
            return lac_fail(LAC_NO_INPUT, "%s has changed while the sweep was running",
                            source.name);
    }
    return one == plan->sources && !next_of_model(model, &index, &source)
               ? LAC_OK
               : lac_fail(LAC_NO_INPUT,
                          "the files of the scenario have changed while the sweep was running");
}
