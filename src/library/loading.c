/* Loading: from a file, a text in memory, or the text in a checkpoint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"
#include "loading/scenario.h"
#include "model/describe.h"
#include "model/random.h"
#include "store/checkpoint_file.h"

#include <string.h>
#include <unistd.h>

lac_status lac_library_keep(const char *text, char **kept)
{
    lac_status status = LAC_OK;
    *kept = NULL;
    if (text)
        LAC_OWN(*kept, lac_copy_text(text));
out:
    return status;
}

/* What the program finds. */
static char *find_by_program(const lacuna_model *model, const char *said)
{
    enum { MOST = 4096 };
    char path[MOST] = "";
    return model->find(model->context, said, path, sizeof path) ? lac_copy_text(path) : NULL;
}

/* What is not there may be installed. */
static char *find_elsewhere(void *context, const char *said)
{
    const lacuna_model *model = context;
    if (model->find)
        return find_by_program(model, said);
    lac_text path = {0};
    char *found = NULL;
    lac_text_add(&path, "%s/%s", model->data ? model->data : PKGDATADIR, said);
    if (!path.failed && said[0] != '/' && access(lac_text_of(&path), F_OK) == 0)
        found = lac_copy_text(lac_text_of(&path));
    lac_text_free(&path);
    return found;
}

static lac_status read_text(lacuna_model *model, const lac_override *set, size_t sets,
                            lac_model **read)
{
    lac_status status = LAC_OK;
    const lac_scenario_origin origin = {.path = model->path,
                                        .text = model->text,
                                        .directory = model->directory,
                                        .override = set,
                                        .overrides = sets,
                                        .finder = {find_elsewhere, model},
                                        .stream = model->stream};
    LAC_TRY(lac_scenario_load(&origin, &model->list, read));
    if (model->review)
        lac_model_review(*read, &model->list);
    if (model->for_run)
        lac_model_seed_check(*read, &model->list);
    status = lac_diagnostics_status(&model->list, model->path);
out:
    return status;
}

lac_status lac_library_load(lacuna_model *model, const lac_override *set, size_t sets)
{
    lac_status status = LAC_OK;
    lac_core *core = NULL;
    lac_library_forget_problems(model);
    LAC_NEW(core, 1);
    atomic_init(&core->holders, 1);
    status = read_text(model, set, sets, &core->model);
    if (status != LAC_MEMORY && lac_library_list_problems(model) != LAC_OK)
        status = LAC_MEMORY;
    LAC_TRY(status);
    lac_core_drop(model->core);
    lac_text_free(&model->whole);
    lac_lent_survey_free(&model->survey);
    model->whole = (lac_text){0};
    model->core = core;
    model->model = *core->model;
    core = NULL;
out:
    lac_core_drop(core);
    return status;
}

/* Takes over `made`, which is freed when there is no model in the end. */
static int finish(lacuna_model *made, lacuna_model **model)
{
    lac_shared_lock();
    lac_status status = lac_library_load(made, made->set, made->sets);
    lac_shared_unlock();
    if (status == LAC_MEMORY) {
        lac_library_free_model(made);
        return lac_status_exit_code(status);
    }
    *model = made;
    lac_handle_enlist(&made->handle, LAC_MODEL);
    return lac_handle_tell(&made->handle, status);
}

static int make(const char *path, const char *text, const char *directory, lacuna_model **model)
{
    lac_status status = LAC_OK;
    lacuna_model *made = NULL;
    LAC_TRY(lac_need(model, "place for the model"));
    *model = NULL;
    LAC_TRY(lac_need(path, "name of the model"));
    LAC_NEW(made, 1);
    LAC_TRY(lac_library_keep(path, &made->path));
    LAC_TRY(lac_library_keep(text, &made->text));
    LAC_TRY(lac_library_keep(directory, &made->directory));
    return finish(made, model);
out:
    lac_library_free_model(made);
    return lac_status_exit_code(status);
}

int lacuna_model_load(const char *path, lacuna_model **model)
{
    return make(path, NULL, NULL, model);
}

int lacuna_model_read(const char *name, const char *text, const char *directory,
                      lacuna_model **model)
{
    lac_status status = lac_need(text, "text");
    if (status != LAC_OK) {
        if (model)
            *model = NULL;
        return lac_status_exit_code(status);
    }
    return make(name, text, directory ? directory : ".", model);
}

static lac_status keep_opening(const lacuna_opening *opening, lacuna_model *made)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(opening->bytes == sizeof *opening, LAC_USAGE,
                "the opening is of another version of the library, or was not begun with "
                "LACUNA_OPENING_INIT");
    LAC_TRY(lac_library_keep(opening->data, &made->data));
    made->find = opening->find;
    made->context = opening->context;
    made->stream = opening->stream != 0;
    made->for_run = opening->for_run != 0;
    made->review = opening->review != 0;
    if (opening->sets > 0)
        LAC_TRY(lac_need(opening->set, "list of what is set"));
    LAC_NEW(made->set, opening->sets);
    for (size_t k = 0; k < opening->sets; k++)
        LAC_TRY(lac_library_add_set(made->set, &made->sets, opening->set[k].name,
                                    opening->set[k].value));
out:
    return status;
}

int lacuna_model_open(const char *path, const lacuna_opening *opening, lacuna_model **model)
{
    static const lacuna_opening usual = LACUNA_OPENING_INIT;
    lac_status status = LAC_OK;
    lacuna_model *made = NULL;
    LAC_TRY(lac_need(model, "place for the model"));
    *model = NULL;
    LAC_TRY(lac_need(path, "path of the model"));
    LAC_NEW(made, 1);
    LAC_TRY(lac_library_keep(path, &made->path));
    LAC_TRY(keep_opening(opening ? opening : &usual, made));
    return finish(made, model);
out:
    lac_library_free_model(made);
    return lac_status_exit_code(status);
}

int lacuna_model_of_checkpoint(const char *checkpoint, lacuna_model **model, const char **result)
{
    lac_status status = LAC_OK;
    lac_checkpoint_found found = {0};
    lacuna_model *made = NULL;
    LAC_TRY(lac_need(model, "place for the model"));
    *model = NULL;
    LAC_TRY(lac_need(checkpoint, "path of the checkpoint"));
    LAC_TRY(lac_checkpoint_find(checkpoint, &found));
    LAC_NEW(made, 1);
    LAC_TRY(lac_library_keep(checkpoint, &made->path));
    LAC_TRY(lac_library_keep(found.model_text, &made->text));
    LAC_TRY(lac_library_keep(".", &made->directory));
    LAC_TRY(lac_library_keep(found.facts.result, &made->result));
    lac_checkpoint_found_free(&found);
    if (result)
        *result = made->result;
    return finish(made, model);
out:
    lac_checkpoint_found_free(&found);
    lac_library_free_model(made);
    return lac_status_exit_code(status);
}
