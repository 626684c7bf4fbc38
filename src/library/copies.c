/* Copies of a simulation: checkpoints in memory, and other simulations that stand where it does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"
#include "model/write.h"
#include "run/schedule.h"

#include <string.h>

static lac_status keep(const lacuna_simulation *simulation, lacuna_checkpoint **checkpoint)
{
    lac_status status = LAC_OK;
    lacuna_checkpoint *made = NULL;
    LAC_REQUIRE(!simulation->result, LAC_USAGE,
                "a simulation with a result cannot be copied or saved in memory");
    LAC_NEW(made, 1);
    made->time = lac_simulation_state(simulation->run)->time;
    made->seed = simulation->model.settings.seed;
    made->replicate = simulation->model.settings.replicate;
    LAC_TRY(lac_simulation_copy(simulation->run, &made->kept));
    made->core = lac_core_hold(simulation->core);
    lac_handle_enlist(&made->handle, LAC_CHECKPOINT);
    *checkpoint = made;
    made = NULL;
out:
    lac_free(made);
    return status;
}

static void free_checkpoint(lacuna_checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    lac_handle_delist(&checkpoint->handle);
    lac_memory_checkpoint_free(checkpoint->kept);
    lac_core_drop(checkpoint->core);
    lac_free(checkpoint);
}

static lac_status recall(lacuna_simulation *simulation, const lacuna_checkpoint *checkpoint)
{
    lac_status status = LAC_OK;
    simulation->model.settings.seed = checkpoint->seed;
    simulation->model.settings.replicate = checkpoint->replicate;
    simulation->record.frames = 0;
    lac_shared_lock();
    status = lac_simulation_restore(simulation->run, checkpoint->kept);
    lac_shared_unlock();
    simulation->broken = status != LAC_OK;
    return status;
}

int lacuna_simulation_save(lacuna_simulation *simulation, lacuna_checkpoint **checkpoint)
{
    int threads;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(checkpoint, "place for the checkpoint"));
    *checkpoint = NULL;
    LAC_TRY(keep(simulation, checkpoint));
out:
    return lac_simulation_leave(simulation, threads, status);
}

/* The text of a model without what may differ. */
static lac_status write_plain(const lac_model *model, lac_text *text)
{
    lac_model plain = *model;
    plain.settings.seed = plain.settings.replicate = 0;
    plain.settings.until = 1;
    lac_model_write(&plain, text);
    return text->failed;
}

static lac_status compare(const lacuna_simulation *simulation, const lacuna_checkpoint *checkpoint)
{
    lac_status status = LAC_OK;
    lac_text here = {0}, there = {0};
    if (simulation->core == checkpoint->core)
        return LAC_OK;
    LAC_TRY(write_plain(simulation->core->model, &here));
    LAC_TRY(write_plain(checkpoint->core->model, &there));
    LAC_REQUIRE(strcmp(lac_text_of(&here), lac_text_of(&there)) == 0, LAC_INPUT,
                "the checkpoint is of another model, or of other values of its parameters");
out:
    lac_text_free(&here);
    lac_text_free(&there);
    return status;
}

static lac_status check_end(const lacuna_simulation *simulation,
                            const lacuna_checkpoint *checkpoint)
{
    double end = simulation->model.settings.until;
    if (lac_has_come(checkpoint->time, end))
        return LAC_OK;
    return lac_fail(LAC_INPUT,
                    "the checkpoint is of t = %.10g s; the simulation ends at %.10g s (`until`)",
                    checkpoint->time, end);
}

int lacuna_simulation_restore(lacuna_simulation *simulation, const lacuna_checkpoint *checkpoint)
{
    int threads;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_handle_check(checkpoint, LAC_CHECKPOINT));
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be restored");
    LAC_TRY(compare(simulation, checkpoint));
    LAC_TRY(check_end(simulation, checkpoint));
    LAC_TRY(recall(simulation, checkpoint));
out:
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_checkpoint_free(lacuna_checkpoint *checkpoint)
{
    lac_status status = LAC_OK;
    if (!checkpoint)
        return LACUNA_OK;
    status = lac_handle_check(checkpoint, LAC_CHECKPOINT);
    if (status == LAC_OK)
        free_checkpoint(checkpoint);
    return lac_status_exit_code(status);
}

int lacuna_simulation_copy(lacuna_simulation *simulation, lacuna_simulation **copy)
{
    int threads;
    lacuna_checkpoint *kept = NULL;
    lacuna_simulation *made = NULL;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(copy, "place for the copy"));
    *copy = NULL;
    LAC_TRY(keep(simulation, &kept));
    LAC_TRY(lac_simulation_again(simulation, &made));
    LAC_TRY(lac_simulation_vary_like(made->run, simulation->run));
    LAC_TRY(recall(made, kept));
    LAC_TRY(lac_record_copy(&simulation->record, &made->record));
    *copy = made;
    made = NULL;
out:
    free_checkpoint(kept);
    lacuna_simulation_free(made);
    return lac_simulation_leave(simulation, threads, status);
}
