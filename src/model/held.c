/* Held variables: what stays constant while a run searches its steady state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/model.h"

#include "base/memory.h"
#include "base/names.h"

#include <string.h>

/* A species in all its domains, or one variable. */
static bool is_meant(const lac_model *model, size_t variable, const char *name)
{
    const lac_variable *it = &model->variable[variable];
    return strcmp(model->species[it->species].id, name) == 0 || strcmp(it->path, name) == 0 ||
           strcmp(it->name, name) == 0;
}

static bool is_moved(const lac_model *model, size_t variable)
{
    if (model->variable[variable].diffusivity)
        return true;
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].variable == variable || model->boundary[b].pool == variable)
            return true;
    return false;
}

/* Keeps the nearest species to a name that is none: one edit (two halves) or a third of it. */
static void nearer(const lac_model *model, size_t variable, const char *name, size_t *edits,
                   const char **nearest)
{
    const char *species = model->species[model->variable[variable].species].id;
    size_t away = lac_edit_distance(name, species);
    if (away < *edits && (away <= 2 || 3 * away <= 2 * strlen(name))) {
        *edits = away;
        *nearest = species;
    }
}

static lac_status unknown(const lac_model *model, const char *name)
{
    const char *nearest = NULL;
    size_t edits = (size_t)-1;
    for (size_t v = 0; v < model->variables; v++)
        nearer(model, v, name, &edits, &nearest);
    return lac_fail(LAC_INPUT, "held: '%.60s' is not a species%s%s%s", name,
                    nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static lac_status hold(const lac_model *model, const char *name, bool *held)
{
    lac_status status = LAC_OK;
    bool found = false;
    for (size_t v = 0; v < model->variables; v++) {
        if (!is_meant(model, v, name))
            continue;
        LAC_REQUIRE(!is_moved(model, v), LAC_INPUT,
                    "held: %s diffuses or is exchanged, so that it cannot be held",
                    model->variable[v].path);
        found = held[v] = true;
    }
    if (!found)
        status = unknown(model, name);
out:
    return status;
}

lac_status lac_model_held(const lac_model *model, bool *held)
{
    lac_status status = LAC_OK;
    char *words = NULL, *rest = NULL;
    memset(held, 0, model->variables * sizeof *held);
    if (strcmp(model->settings.held, "none") == 0)
        return LAC_OK;
    LAC_OWN(words, lac_copy_text(model->settings.held));
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        LAC_TRY(hold(model, word, held));
out:
    lac_free(words);
    return status;
}
