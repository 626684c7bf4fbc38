/* A result that is there already: its model, its last frame, and the checkpoint beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/result.h"

#include "base/memory.h"
#include "loading/scenario.h"
#include "run/paths.h"
#include "run/simulation_internal.h"
#include "store/checkpoint_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double SAME_TIME = 1e-12; /* relative: hours in the file, seconds in the model */

/* Puts the last failure into `why`; only the lack of memory stays a failure. */
static lac_status explain(lac_status status, lac_result_state *look)
{
    if (status == LAC_MEMORY)
        return status;
    if (status != LAC_OK)
        lac_text_add(&look->why, "%s", lac_failure());
    return look->why.failed;
}

/* --- files that are no results -------------------------------------------------------------------
 */

static bool has_signature(const char *path)
{
    static const char signature[] = "\211HDF\r\n\032\n";
    char start[8] = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool here = fread(start, 1, 8, file) == 8 && memcmp(start, signature, 8) == 0;
    fclose(file);
    return here;
}

static void judge_unreadable(const char *path, lac_result_state *look)
{
    if (access(path, R_OK | W_OK) != 0)
        return;
    if (lac_store_is_blank(path))
        look->kind = LAC_RESULT_BLANK;
    else if (has_signature(path))
        look->kind = LAC_RESULT_DAMAGED;
}

/* --- the same model? -----------------------------------------------------------------------------
 */

/* The first line in which two texts differ. */
static void add_difference(const char *theirs, const char *ours, lac_text *text)
{
    const char *mine = ours, *other = theirs;
    while (*mine && *other) {
        size_t length = strcspn(mine, "\n"), others = strcspn(other, "\n");
        if (length != others || strncmp(mine, other, length) != 0)
            break;
        mine += length + (mine[length] == '\n');
        other += others + (other[others] == '\n');
    }
    mine += strspn(mine, " ");
    other += strspn(other, " ");
    lac_text_add(text, "it has '%.*s', not '%.*s'", (int)fmin((double)strcspn(other, "\n"), 120),
                 other, (int)fmin((double)strcspn(mine, "\n"), 120), mine);
}

static lac_status load_stored(const char *path, lac_store *store, lac_model **model)
{
    lac_status status = LAC_OK;
    char *text = NULL;
    lac_diagnostics list = {0};
    LAC_REQUIRE(lac_store_has(store, LAC_AT_MODEL), LAC_NO_INPUT, "%s is not a result of lacuna",
                path);
    LAC_TRY(lac_store_read_text(store, LAC_AT_MODEL, NULL, &text));
    LAC_TRY(lac_scenario_load(&(lac_scenario_origin){.path = path, .text = text, .directory = "."},
                              &list, model));
out:
    lac_diagnostics_free(&list);
    lac_free(text);
    return status;
}

static lac_status compare_models(const lac_model *stored, const lac_model *model,
                                 lac_result_state *look)
{
    lac_status status = LAC_OK;
    lac_text theirs = {0}, ours = {0};
    LAC_TRY(lac_model_plain(stored, &theirs));
    LAC_TRY(lac_model_plain(model, &ours));
    if (strcmp(lac_text_of(&theirs), lac_text_of(&ours)) == 0) {
        look->kind = LAC_RESULT_UNFINISHED; /* until more is known */
        goto out;
    }
    lac_text_add(&look->why, "it is the result of another model: ");
    add_difference(lac_text_of(&theirs), lac_text_of(&ours), &look->why);
out:
    lac_text_free(&theirs);
    lac_text_free(&ours);
    return status == LAC_OK ? look->why.failed : status;
}

/* --- how far is it? ------------------------------------------------------------------------------
 */

static lac_status find_last_frame(lac_store *store, lac_result_state *look)
{
    lac_status status = LAC_OK;
    double *time = NULL;
    size_t rank, length[8];
    LAC_TRY(lac_store_read(store, LAC_AT_TIME, &time, &rank, length));
    while (look->frames < length[0] && isfinite(time[look->frames]))
        look->frames++;
    if (look->frames > 0)
        look->time = time[look->frames - 1] * LAC_FILE_TIME;
out:
    lac_free(time);
    return status;
}

/* A run that stopped at a ledger which did not close has that frame too. */
static lac_status look_at_ledger(lac_store *store, double allowed, bool *closes)
{
    lac_status status = LAC_OK;
    double *closure = NULL;
    size_t rank, length[8];
    *closes = true;
    if (!lac_store_has(store, LAC_AT_CLOSURE))
        return LAC_OK;
    LAC_TRY(lac_store_read_last(store, LAC_AT_CLOSURE, &closure, &rank, length));
    for (size_t k = 0; rank > 0 && k < length[0]; k++)
        *closes = *closes && !(closure[k] > allowed);
out:
    lac_free(closure);
    return status;
}

static lac_status look_inside(lac_store *store, const lac_model *model, lac_result_state *look)
{
    lac_status status = LAC_OK;
    bool closes;
    LAC_TRY(find_last_frame(store, look));
    if (look->frames == 0 || look->time < model->settings.until * (1 - SAME_TIME))
        goto out;
    LAC_TRY(look_at_ledger(store, model->settings.closure_tolerance, &closes));
    if (closes)
        look->kind = LAC_RESULT_WHOLE;
    else
        lac_text_add(&look->why, "its ledger does not close");
out:
    return status;
}

/* --- the checkpoint ------------------------------------------------------------------------------
 */

static lac_status check_checkpoint(const char *path, const lac_model *model,
                                   const lac_result_state *look)
{
    lac_status status = LAC_OK;
    lac_checkpoint_found found = {0};
    LAC_TRY(lac_checkpoint_find(path, &found));
    LAC_TRY(lac_checkpoint_agrees(model, &found.facts, lac_text_of(&found.path)));
    LAC_REQUIRE(found.facts.frames <= look->frames, LAC_INPUT,
                "%s speaks of %zu frames, but the result has %zu", lac_text_of(&found.path),
                found.facts.frames, look->frames);
out:
    lac_checkpoint_found_free(&found);
    return status;
}

static lac_status look_beside(const char *path, const lac_model *model, lac_result_state *look)
{
    lac_status status = LAC_OK;
    char *checkpoint = NULL;
    LAC_OWN(checkpoint, lac_checkpoint_beside(path));
    if (!lac_checkpoint_exists(checkpoint))
        goto out;
    lac_status checked = check_checkpoint(checkpoint, model, look);
    if (checked == LAC_OK)
        look->kind = LAC_RESULT_RESUMABLE;
    status = explain(checked, look);
out:
    lac_free(checkpoint);
    return status;
}

static lac_status examine(lac_store *store, const char *path, lac_model *model,
                          lac_result_state *look)
{
    lac_status status = LAC_OK;
    lac_model *stored = NULL;
    double said = model->settings.seed;
    LAC_TRY(load_stored(path, store, &stored));
    if (said < 0)
        model->settings.seed = stored->settings.seed;
    LAC_TRY(compare_models(stored, model, look));
    if (look->kind == LAC_RESULT_OTHER)
        model->settings.seed = said;
    if (look->kind == LAC_RESULT_UNFINISHED)
        LAC_TRY(look_inside(store, model, look));
    if (look->kind == LAC_RESULT_UNFINISHED && look->why.length == 0)
        LAC_TRY(look_beside(path, model, look));
out:
    lac_model_free(stored);
    return status;
}

lac_status lac_result_examine(const char *path, lac_model *model, lac_result_state *look)
{
    lac_status status = LAC_OK;
    lac_store *store = NULL;
    *look = (lac_result_state){.kind = LAC_RESULT_NONE};
    if (access(path, F_OK) != 0)
        return LAC_OK;
    look->kind = LAC_RESULT_OTHER;
    status = lac_store_open(path, false, &store);
    if (status == LAC_OK)
        status = examine(store, path, model, look);
    else if (status != LAC_MEMORY)
        judge_unreadable(path, look);
    if (status != LAC_OK && status != LAC_MEMORY && look->kind == LAC_RESULT_UNFINISHED)
        look->kind = LAC_RESULT_DAMAGED;
    status = explain(status, look);
    lac_store_close(store);
    return status;
}

lac_status lac_result_repair(const char *path)
{
    lac_status status = LAC_OK;
    char *checkpoint = NULL;
    if (access(path, F_OK) != 0)
        return LAC_OK;
    LAC_OWN(checkpoint, lac_checkpoint_beside(path));
    LAC_TRY(lac_store_mend(path));
    LAC_TRY(lac_checkpoint_tidy(checkpoint));
out:
    lac_free(checkpoint);
    return status;
}
