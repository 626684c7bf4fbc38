/* About a model: how it is run, and all of it as one text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "library/library_internal.h"
#include "methods/methods.h"
#include "model/random.h"
#include "model/write.h"

#include <string.h>

int lacuna_model_settings(const lacuna_model *handle, lacuna_settings *settings)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(settings, "settings to fill"));
    const lac_settings *from = &model->settings;
    const lac_stepper_type *type = lac_stepper_find(from->method);
    *settings = (lacuna_settings){.method = from->method,
                                  .draws = type && type->draws,
                                  .seed = from->seed,
                                  .replicate = from->replicate,
                                  .until = from->until,
                                  .save_every = from->save_every,
                                  .save_fields_every = from->save_fields_every};
out:
    return lac_handle_tell(&handle->handle, status);
}

int lacuna_model_outline(const lacuna_model *handle, lacuna_outline *outline)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(outline, "outline to fill"));
    const char *from = model->settings.from;
    *outline = (lacuna_outline){.scenario = model->scenario,
                                .unknowns = lac_model_unknowns(model),
                                .is_clinical = model->clinical,
                                .starts_at_rest = strcmp(model->settings.start, "rest") == 0,
                                .starts_at_random = lac_model_random_start(model) != LAC_NONE,
                                .from = strcmp(from, "none") == 0 ? "" : from};
out:
    return lac_handle_tell(&handle->handle, status);
}

size_t lacuna_model_sources(const lacuna_model *handle)
{
    const lac_model *model = NULL;
    return lac_library_model(handle, &model) == LAC_OK ? model->sources : 0;
}

int lacuna_model_source(const lacuna_model *handle, size_t index, lacuna_source *source)
{
    lac_status status = lac_handle_check(handle, LAC_MODEL);
    const lac_model *model = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(source, "source to fill"));
    LAC_REQUIRE(index < model->sources, LAC_USAGE, "there is no source %zu: the model has %zu",
                index, model->sources);
    *source = (lacuna_source){model->source[index]->path, model->source[index]->bytes};
out:
    return lac_handle_tell(&handle->handle, status);
}

int lacuna_model_text(lacuna_model *handle, const char **text)
{
    const lac_model *model = NULL;
    lac_status status = lac_handle_enter(handle, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need((const void *)text, "place for the text"));
    if (handle->whole.length == 0)
        lac_model_write(model, &handle->whole);
    LAC_TRY(handle->whole.failed);
    *text = lac_text_of(&handle->whole);
out:
    return lac_handle_leave(&handle->handle, status);
}
