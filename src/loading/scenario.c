/* Scenario: the order in which a model is declared and defined, and who owns it meanwhile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/scenario.h"

#include "base/memory.h"
#include "loading/loader.h"

#include <string.h>

static void free_loader(lac_loader *loader)
{
    for (size_t function = 0; loader->function && function < loader->functions; function++)
        lac_function_free(&loader->function[function]);
    lac_free(loader->function);
    for (size_t quantity = 0; loader->quantity && quantity < loader->quantities; quantity++) {
        lac_quantity *slots = loader->quantity[quantity];
        for (size_t slot = 0; slots && slot <= loader->model->domains; slot++)
            lac_expression_free(slots[slot].tree);
        lac_free(slots);
    }
    lac_free(loader->quantity);
    lac_random_free(loader);
    for (size_t override = 0; override < loader->overrides; override++)
        lac_free(loader->override[override].scalar);
    lac_free(loader->override);
    lac_names_free(&loader->words);
    lac_free(loader->word);
    lac_free(loader->like);
    for (size_t each = 0; each < loader->replacements; each++)
        lac_expression_free(loader->replacement[each].tree);
    lac_free(loader->replacement);
    lac_names_free(&loader->domain_names);
    lac_names_free(&loader->patch_names);
    lac_names_free(&loader->process_names);
    lac_learned_free(&loader->learned);
    lac_free(loader->blamed);
    lac_free(loader->parameter_progress);
    lac_free(loader->parameter_override);
    lac_free(loader->parameter_constant);
    lac_free(loader->parameter_changed);
    lac_free(loader->observable_progress);
    lac_layers_free(loader);
}

static lac_status declare_all(lac_loader *loader)
{
    static lac_status (*const declare[])(lac_loader *) = {
        lac_layers_gather,   lac_declare_builtins,  lac_declare_domains,    lac_declare_parameters,
        lac_declare_species, lac_declare_functions, lac_declare_quantities, lac_declare_inputs,
        lac_declare_random,  lac_declare_regions,   lac_declare_observables};
    lac_status status = LAC_OK;
    for (size_t each = 0; each < sizeof declare / sizeof *declare; each++)
        LAC_TRY(declare[each](loader));
out:
    return status;
}

static lac_status define_all(lac_loader *loader)
{
    static lac_status (*const define[])(lac_loader *) = {
        lac_define_species,      lac_define_parameters,    lac_define_tissue,
        lac_define_regions,      lac_define_patches,       lac_define_domains,
        lac_define_inputs,       lac_define_random,        lac_define_replacements,
        lac_define_variables,    lac_define_interfaces,    lac_define_boundaries,
        lac_define_likenesses,   lac_define_reactions,     lac_define_rates,
        lac_define_quantities,   lac_define_observables,   lac_define_bands,
        lac_define_events,       lac_define_infusions,     lac_define_conditions,
        lac_define_saved_fields, lac_check_held,           lac_define_stored_names,
        lac_define_signs,        lac_define_reductions,    lac_define_points,
        lac_check_gradings,      lac_define_representation};
    lac_status status = LAC_OK;
    for (size_t each = 0; each < sizeof define / sizeof *define; each++) {
        LAC_TRY(define[each](loader));
        LAC_TRY(loader->fatal);
    }
out:
    return status;
}

char *lac_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *from = slash ? slash + 1 : path;
    const char *dot = strrchr(from, '.');
    return lac_copy_bytes(from, dot && dot > from ? (size_t)(dot - from) : strlen(from));
}

/* Title and notes: those of the last file that has them; one clinical file makes all clinical. */
static lac_status define_heading(lac_loader *loader, const char *path)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    LAC_OWN(model->scenario, lac_path_name(path));
    for (size_t each = loader->layers; each-- > 0;) {
        const lac_yaml *root = loader->layer[each].root;
        if (!model->title)
            LAC_TRY(lac_load_copy(loader, root, "title", &model->title));
        if (!model->notes)
            LAC_TRY(lac_load_copy(loader, root, "notes", &model->notes));
        if (lac_load_flag(loader, root, "clinical", false))
            model->clinical = true;
    }
    if (!model->title)
        LAC_OWN(model->title, lac_copy_text(model->scenario));
out:
    return status;
}

static lac_status load(const lac_scenario_origin *origin, lac_loader *loader)
{
    lac_status status = LAC_OK;
    LAC_NEW(loader->model, 1);
    LAC_TRY(lac_layers_read(loader, origin));
    if (loader->layers == 0 || loader->list->errors > 0)
        goto out; /* broken YAML: what follows would be noise */
    LAC_TRY(define_heading(loader, origin->path));
    LAC_TRY(declare_all(loader));
    LAC_TRY(lac_apply_overrides(loader, origin->override, origin->overrides));
    LAC_TRY(lac_define_settings(loader, origin->override, origin->overrides));
    LAC_TRY(define_all(loader));
out:
    return status == LAC_OK ? loader->fatal : status;
}

/* One reading. What it learned about parameters is handed over, and the bytes of the first file,
 * for a second reading (a pipe gives them once). */
static lac_status read_once(const lac_scenario_origin *origin, const lac_learned *before,
                            lac_diagnostics *list, lac_learned *learned, char **bytes,
                            lac_model **model)
{
    lac_status status = LAC_OK;
    lac_loader loader = {.list = list,
                         .override_places = origin->place,
                         .finder = origin->finder,
                         .before = before,
                         .copied = LAC_NONE};
    *model = NULL;
    LAC_TRY(load(origin, &loader));
    LAC_TRY(list->text.failed);
    if (list->errors > 0 && loader.learned.any) {
        LAC_OWN(*bytes, lac_copy_text(loader.model->source[0]->bytes));
        *learned = loader.learned;
        loader.learned = (lac_learned){0};
    }
    LAC_TRY(lac_diagnostics_status(list, origin->path));
out:
    free_loader(&loader);
    if (status == LAC_OK)
        *model = loader.model;
    else
        lac_model_free(loader.model);
    return status;
}

lac_status lac_scenario_load(const lac_scenario_origin *origin, lac_diagnostics *list,
                             lac_model **model)
{
    lac_diagnostics first = {0};
    lac_learned learned = {0}, nothing = {0};
    char *bytes = NULL, *directory = NULL, *again = NULL;
    lac_scenario_origin same = *origin;
    lac_status status = read_once(origin, NULL, &first, &learned, &bytes, model);
    if (status != LAC_INPUT || !learned.any) {
        lac_diagnostics_append(list, &first);
        goto out;
    }
    LAC_OWN(directory, origin->text ? lac_copy_text(origin->directory ? origin->directory : ".")
                                    : lac_path_directory(origin->path));
    same.text = bytes;
    same.directory = directory;
    status = read_once(&same, &learned, list, &nothing, &again, model);
out:
    lac_learned_free(&learned);
    lac_learned_free(&nothing);
    lac_diagnostics_free(&first);
    lac_free(bytes);
    lac_free(again);
    lac_free(directory);
    return status;
}
