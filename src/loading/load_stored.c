/* Stored names: what variables and observables are called in a result. A name that the file has for
 * itself, and an observable that is called like a variable, get a prefix; what is one name all the
 * same is an error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"
#include "store/layout.h"

#include <string.h>

/* DOMAIN_x, DOMAIN_y or DOMAIN_z, the axes of one of several tissues? */
static bool is_axis(const lac_model *model, const char *name)
{
    size_t length = strlen(name);
    if (model->tissues < 2 || length < 3 || !strchr("xyz", name[length - 1]) ||
        name[length - 2] != '_')
        return false;
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const char *id = model->domain[model->tissue[tissue].domain].id;
        if (strlen(id) == length - 2 && strncmp(id, name, length - 2) == 0)
            return true;
    }
    return false;
}

/* z_bounds, z_end or z_volume of layers that differ, with the domain before it where there are
 * several tissues? */
static bool is_of_layers(const lac_model *model, const char *name)
{
    static const char *const own[] = {"z_bounds", "z_end", "z_volume"};
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const char *id = model->domain[model->tissue[tissue].domain].id, *rest = name;
        size_t length = strlen(id);
        if (model->tissues > 1 && strncmp(id, name, length) == 0 && name[length] == '_')
            rest = name + length + 1;
        for (size_t k = 0; model->tissue[tissue].bound && k < sizeof own / sizeof *own; k++)
            if (strcmp(rest, own[k]) == 0)
                return true;
    }
    return false;
}

/* Axes and groups at the root of a result (docs/output-format.md). */
static bool is_of_the_file(const lac_model *model, const char *name)
{
    static const char *const own[] = {LAC_RESULT_NAMES};
    for (size_t each = 0; each < sizeof own / sizeof *own; each++) {
        if (strcmp(name, own[each]) == 0)
            return true;
    }
    return is_axis(model, name) || is_of_layers(model, name);
}

/* The names so far, each with how the text calls its owner. */
typedef struct claims {
    lac_names names;
    const char **owner; /* owned array, borrowed words */
} claims;

static lac_status claim(lac_loader *loader, claims *claimed, const char *owner, const char *name,
                        lac_place place)
{
    lac_status status = LAC_OK;
    size_t other = lac_names_find(&claimed->names, name);
    if (other != LAC_NONE) {
        lac_report(loader->list, LAC_ERROR, place,
                   "'%s' and '%s' would both be '%s' in the result: rename one",
                   claimed->owner[other], owner, name);
        return LAC_OK;
    }
    claimed->owner[claimed->names.count] = owner;
    LAC_TRY(lac_names_add(&claimed->names, name));
out:
    return status;
}

static lac_status store_as(const char *prefix, const char *name, char **stored)
{
    lac_text text = {0};
    lac_text_add(&text, "%s%s", prefix, name);
    *stored = text.failed ? NULL : lac_copy_text(lac_text_of(&text));
    lac_text_free(&text);
    return *stored ? LAC_OK : LAC_MEMORY;
}

static lac_status store_variables(lac_loader *loader, claims *claimed)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->variables; each++) {
        lac_variable *it = &loader->model->variable[each];
        LAC_TRY(store_as(is_of_the_file(loader->model, it->name) ? LAC_PREFIX_VARIABLE : "",
                         it->name, &it->stored));
        LAC_TRY(claim(loader, claimed, it->path, it->stored, it->place));
    }
out:
    return status;
}

/* Ids of observables differ, but one with a prefix can meet another. */
static lac_status store_observables(lac_loader *loader, claims *claimed)
{
    lac_status status = LAC_OK;
    size_t variables = claimed->names.count;
    for (size_t each = 0; each < loader->model->observables; each++) {
        lac_observable *it = &loader->model->observable[each];
        size_t other = lac_names_find(&claimed->names, it->id);
        bool taken =
            is_of_the_file(loader->model, it->id) || (other != LAC_NONE && other < variables);
        LAC_TRY(store_as(taken ? LAC_PREFIX_OBSERVABLE : "", it->id, &it->stored));
        LAC_TRY(claim(loader, claimed, it->id, it->stored, it->place));
    }
out:
    return status;
}

lac_status lac_define_stored_names(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    claims claimed = {{0}, NULL};
    LAC_NEW(claimed.owner, model->variables + model->observables);
    LAC_TRY(store_variables(loader, &claimed));
    LAC_TRY(store_observables(loader, &claimed));
out:
    lac_names_free(&claimed.names);
    lac_free(claimed.owner);
    return status;
}
