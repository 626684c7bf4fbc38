/* Starts: states that simulations begin with in place of their initial values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/vector.h"
#include "library/library_internal.h"
#include "run/state_text.h"

#include <string.h>

lac_begun *lac_begun_hold(lac_begun *begun)
{
    if (begun)
        atomic_fetch_add(&begun->holders, 1);
    return begun;
}

void lac_begun_drop(lac_begun *begun)
{
    if (!begun || atomic_fetch_sub(&begun->holders, 1) > 1)
        return;
    begun->start.model = NULL; /* that of the core */
    lac_start_free(&begun->start);
    lac_core_drop(begun->core);
    lac_free(begun);
}

static lac_status find(lac_begun *begun, int threads)
{
    int callers = lac_threads();
    lac_threads_set(threads);
    lac_shared_lock();
    lac_status status = lac_start_of_model(&begun->model, &begun->start);
    lac_shared_unlock();
    lac_threads_set(callers);
    return status;
}

static lac_status begin(const lacuna_model *handle, const char *words, int threads,
                        lac_begun **begun)
{
    lac_status status = LAC_OK;
    lac_begun *made = NULL;
    LAC_NEW(made, 1);
    atomic_init(&made->holders, 1);
    made->core = lac_core_hold(handle->core);
    made->model = handle->model;
    LAC_TRY(find(made, threads));
    made->start.model = &made->model;
    strcpy(made->start.path, "the start");
    if (words)
        lac_text_add(&made->start.told, "%s", words);
    LAC_TRY(made->start.told.failed);
    *begun = made;
    made = NULL;
out:
    lac_begun_drop(made);
    return status;
}

int lacuna_start_of_model(const lacuna_model *handle, const char *words, int threads,
                          lacuna_start **start)
{
    lac_status status = LAC_OK;
    lacuna_start *made = NULL;
    const lac_model *model = NULL;
    LAC_TRY(lac_need(start, "place for the start"));
    *start = NULL;
    LAC_TRY(lac_library_model(handle, &model));
    LAC_REQUIRE(threads >= 0, LAC_INPUT, "%d threads cannot be used", threads);
    LAC_NEW(made, 1);
    LAC_TRY(begin(handle, words, threads, &made->begun));
    lac_handle_enlist(&made->handle, LAC_START);
    *start = made;
    made = NULL;
out:
    lac_free(made);
    return lac_status_exit_code(status);
}

int lacuna_start_free(lacuna_start *start)
{
    if (!start)
        return LACUNA_OK;
    lac_status status = lac_handle_enter(start, LAC_START);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    lac_handle_delist(&start->handle);
    lac_begun_drop(start->begun);
    lac_text_free(&start->text);
    lac_free(start);
    return LACUNA_OK;
}

int lacuna_start_rest(const lacuna_start *start, lacuna_rest *rest)
{
    lac_status status = lac_handle_check(start, LAC_START);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(rest, "numbers to fill"));
    *rest = (lacuna_rest){start->begun->start.rest.steps, start->begun->start.rest.residual};
out:
    return lac_handle_tell(&start->handle, status);
}

/* --- as text -------------------------------------------------------------------------------------
 */

static void put_head(const lac_begun *begun, const char *origin, lac_text *text)
{
    const lac_model *model = &begun->model;
    const lac_steady_state *rest = &begun->start.rest;
    lac_text_add(text, "# %s: %s", model->scenario, rest->steps > 0 ? "steady state" : "state");
    if (origin)
        lac_text_add(text, ", made by\n#   %s", origin);
    if (rest->steps > 0)
        lac_text_add(text, "\n# %zu steps; a further year changes it by %.2g tolerances. Held: %s.",
                     rest->steps, rest->residual, model->settings.held);
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *of = &model->tissue[tissue];
        lac_text_add(text,
                     "\n# %s: %zu x %zu x %zu voxels; profiles are straight between their "
                     "centres, so that another grid begins near rest only.",
                     model->domain[of->domain].id, of->voxels[0], of->voxels[1], of->voxels[2]);
    }
    if (model->clinical)
        lac_text_add(text, "\n# " LACUNA_NOTICE);
    lac_text_add(text, "\nlacuna: 1\n");
}

int lacuna_start_text(lacuna_start *start, const char *origin, const char **text)
{
    lac_status status = lac_handle_enter(start, LAC_START);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need((const void *)text, "place for the text"));
    lac_text_free(&start->text);
    start->text = (lac_text){0};
    put_head(start->begun, origin, &start->text);
    LAC_TRY(lac_state_text(&start->begun->model, start->begun->start.value, &start->text));
    LAC_TRY(start->text.failed);
    *text = lac_text_of(&start->text);
out:
    return lac_handle_leave(&start->handle, status);
}
