/* Results in files: what is there already, and where its checkpoint is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"
#include "run/paths.h"
#include "run/result.h"

#include <stdio.h>
#include <string.h>

static lacuna_result_kind kind_of(const lac_result_state *look, const char *path)
{
    static const lacuna_result_kind public_kind[] = {
        [LAC_RESULT_NONE] = LACUNA_RESULT_NONE,
        [LAC_RESULT_WHOLE] = LACUNA_RESULT_WHOLE,
        [LAC_RESULT_RESUMABLE] = LACUNA_RESULT_RESUMABLE,
        [LAC_RESULT_UNFINISHED] = LACUNA_RESULT_UNFINISHED,
        [LAC_RESULT_DAMAGED] = LACUNA_RESULT_DAMAGED,
        [LAC_RESULT_BLANK] = LACUNA_RESULT_BLANK,
        [LAC_RESULT_OTHER] = LACUNA_RESULT_OTHER};
    if (look->kind == LAC_RESULT_OTHER && lac_file_kind_of(path) != LAC_FILE_RESULT)
        return LACUNA_RESULT_FOREIGN;
    return public_kind[look->kind];
}

static lac_status look_at(lacuna_model *model, const char *path, lacuna_result *result)
{
    lac_status status = LAC_OK;
    lac_result_state look = {.kind = LAC_RESULT_NONE};
    char *why = NULL;
    LAC_TRY(lac_result_repair(path));
    LAC_TRY(lac_result_examine(path, &model->model, &look));
    LAC_OWN(why, lac_copy_text(lac_text_of(&look.why)));
    lac_free(model->why);
    model->why = why;
    *result = (lacuna_result){.kind = kind_of(&look, path),
                              .frames = look.frames,
                              .time = look.time,
                              .seed = model->model.settings.seed,
                              .why = why};
out:
    lac_text_free(&look.why);
    return status;
}

int lacuna_model_result(lacuna_model *model, const char *path, lacuna_result *result)
{
    lac_status status = lac_handle_enter(model, LAC_MODEL);
    const lac_model *now = NULL;
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(model, &now));
    LAC_TRY(lac_need(path, "path of the result"));
    LAC_TRY(lac_need(result, "result to fill"));
    double seed = now->settings.seed;
    lac_shared_lock();
    status = look_at(model, path, result);
    lac_shared_unlock();
    model->model.settings.seed = seed;
out:
    return lac_handle_leave(&model->handle, status);
}

int lacuna_checkpoint_beside(const char *result, char *path, size_t bytes)
{
    lac_status status = LAC_OK;
    char *beside = NULL;
    LAC_TRY(lac_need(result, "path of the result"));
    LAC_TRY(lac_need(path, "place for the path"));
    LAC_OWN(beside, lac_checkpoint_beside(result));
    LAC_REQUIRE(strlen(beside) < bytes, LAC_USAGE, "%s needs more than %zu bytes", beside, bytes);
    strcpy(path, beside);
out:
    lac_free(beside);
    return lac_status_exit_code(status);
}
