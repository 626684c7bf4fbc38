/* Creating simulations: from their options, at time 0 or from a checkpoint file; and freeing them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/vector.h"
#include "library/library_internal.h"
#include "methods/methods.h"
#include "run/paths.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static lac_request ask(void *context, const lac_progress *progress)
{
    lacuna_simulation *simulation = context;
    int said = simulation->progress ? simulation->progress(simulation->context, progress->time) : 0;
    if (atomic_exchange(&simulation->cancelled, false))
        return LAC_STOP;
    return said == 0 ? LAC_CONTINUE : said == LACUNA_BUDGET ? LAC_STOP_BUDGET : LAC_STOP;
}

static void keep_warning(void *context, const char *sentence)
{
    lacuna_simulation *simulation = context;
    snprintf(simulation->warning, sizeof simulation->warning, "%s", sentence);
    if (simulation->warn)
        simulation->warn(simulation->context, sentence);
}

/* All options, of what a program said that was built with this header or with the first one. */
static lac_status read_options(const lacuna_options *said, lacuna_options *options)
{
    static const size_t FIRST = offsetof(lacuna_options, warning);
    lac_status status = LAC_OK;
    *options = (lacuna_options)LACUNA_OPTIONS_INIT;
    if (!said)
        return LAC_OK;
    LAC_REQUIRE(said->bytes == sizeof *options || said->bytes == FIRST, LAC_USAGE,
                "the options are of another version of the library, or were not begun with "
                "LACUNA_OPTIONS_INIT");
    memcpy(options, said, said->bytes);
    options->bytes = sizeof *options;
    status = lac_simulation_check_options(options);
out:
    return status;
}

lac_status lac_simulation_check_options(const lacuna_options *options)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(options->seed < 0x1p53 && options->seed == floor(options->seed), LAC_INPUT,
                "the seed is a whole number below 2^53, not %g", options->seed);
    LAC_REQUIRE(options->replicate < 0x1p53 && options->replicate == floor(options->replicate),
                LAC_INPUT, "the replicate is a whole number below 2^53, not %g",
                options->replicate);
    LAC_REQUIRE(options->threads >= 0, LAC_INPUT, "%d threads cannot be used", options->threads);
    LAC_REQUIRE(options->until >= 0 && isfinite(options->until), LAC_INPUT,
                "a simulation lasts a finite time from 0 on, not until %g s", options->until);
out:
    return status;
}

lac_status lac_simulation_set_options(lacuna_simulation *simulation, const lacuna_options *options)
{
    lac_status status = LAC_OK;
    lac_settings *settings = &simulation->model.settings;
    const lac_stepper_type *type = lac_stepper_find(settings->method);
    if (options->until > 0)
        settings->until = options->until;
    if (options->seed >= 0)
        settings->seed = options->seed;
    if (options->replicate >= 0)
        settings->replicate = options->replicate;
    if (type && type->draws && settings->seed < 0)
        LAC_TRY(lac_random_seed(&settings->seed));
out:
    return status;
}

static lac_run_options run_options(lacuna_simulation *simulation, bool force)
{
    const lac_given *given = &simulation->given;
    return (lac_run_options){.result = simulation->result,
                             .checkpoint = given->checkpoint,
                             .force = force,
                             .watched = !simulation->unread,
                             .command = given->command,
                             .host = given->host,
                             .created = given->created,
                             .start = simulation->begun ? &simulation->begun->start : NULL,
                             .note = given->note,
                             .progress = ask,
                             .frame = lac_record_frame,
                             .warning = keep_warning,
                             .context = simulation};
}

/* At time 0, or where the checkpoint in a file left it. */
static lac_status assemble(lacuna_simulation *simulation, const char *checkpoint, bool force)
{
    lac_status status = LAC_OK;
    const lac_run_options options = run_options(simulation, force);
    int threads = lac_threads();
    lac_threads_set(simulation->threads);
    lac_shared_lock();
    status = checkpoint
                 ? lac_simulation_resume(&simulation->model, checkpoint, &options, &simulation->run)
                 : lac_simulation_create(&simulation->model, &options, &simulation->run);
    lac_shared_unlock();
    lac_threads_set(threads);
    LAC_TRY(status);
    if (!simulation->unread) {
        LAC_NEW(simulation->series, lac_simulation_series(simulation->run));
        simulation->record.series = lac_simulation_series(simulation->run);
    }
    simulation->record.on = simulation->ends != NULL;
    LAC_NEW(simulation->end, simulation->ends ? simulation->ends->count : 0);
out:
    return status;
}

static void free_given(lac_given *given)
{
    lac_free(given->checkpoint);
    lac_free(given->note);
    lac_free(given->command);
    lac_free(given->host);
    lac_free(given->created);
}

static void free_simulation(lacuna_simulation *simulation)
{
    if (!simulation)
        return;
    lac_shared_lock();
    lac_simulation_free(simulation->run);
    lac_shared_unlock();
    lac_begun_drop(simulation->begun);
    free_given(&simulation->given);
    lac_core_drop(simulation->core);
    lac_ends_drop(simulation->ends);
    lac_record_free(&simulation->record);
    lac_free(simulation->end);
    lac_free(simulation->result);
    lac_free(simulation->series);
    lac_free(simulation);
}

static lac_status keep_options(lacuna_simulation *simulation, const lacuna_options *options)
{
    lac_status status = LAC_OK;
    lac_given *given = &simulation->given;
    simulation->threads = options->threads;
    simulation->progress = options->progress;
    simulation->warn = options->warning;
    simulation->context = options->context;
    simulation->unread = options->result && options->unread && !simulation->ends;
    LAC_TRY(lac_library_keep(options->result, &simulation->result));
    LAC_TRY(lac_library_keep(options->checkpoint, &given->checkpoint));
    LAC_TRY(lac_library_keep(options->note, &given->note));
    LAC_TRY(lac_library_keep(options->command, &given->command));
    LAC_TRY(lac_library_keep(options->host, &given->host));
    LAC_TRY(lac_library_keep(options->created, &given->created));
out:
    return status;
}

/* What a simulation is of. */
typedef struct subject {
    lac_core *core;
    lac_ends *ends;
    lac_begun *begun; /* NULL = initial values */
    const lac_settings *settings;
    const char *checkpoint; /* path of the file from which it goes on; NULL = time 0 */
} subject;

static lac_status create(subject of, const lacuna_options *options, lacuna_simulation **simulation)
{
    lac_status status = LAC_OK;
    lacuna_simulation *made = NULL;
    LAC_NEW(made, 1);
    made->core = lac_core_hold(of.core);
    made->ends = lac_ends_hold(of.ends);
    made->begun = lac_begun_hold(of.begun);
    made->model = *of.core->model;
    made->model.settings = *of.settings;
    LAC_TRY(keep_options(made, options));
    LAC_TRY(lac_simulation_set_options(made, options));
    made->unread = made->unread || of.checkpoint;
    LAC_TRY(assemble(made, of.checkpoint, options->overwrite != 0));
    lac_handle_enlist(&made->handle, LAC_SIMULATION);
    *simulation = made;
    made = NULL;
out:
    free_simulation(made);
    return status;
}

lac_status lac_simulation_again(const lacuna_simulation *like, lacuna_simulation **simulation)
{
    lacuna_options options = LACUNA_OPTIONS_INIT;
    const subject of = {.core = like->core,
                        .ends = like->ends,
                        .begun = like->begun,
                        .settings = &like->model.settings};
    options.threads = like->threads;
    options.progress = like->progress;
    options.warning = like->warn;
    options.context = like->context;
    return create(of, &options, simulation);
}

static lac_status create_of(const lacuna_model *handle, const char *checkpoint,
                            const lacuna_options *options, lacuna_simulation **simulation)
{
    lac_status status = LAC_OK;
    const lac_model *model = NULL;
    lac_begun *begun = NULL;
    LAC_TRY(lac_library_model(handle, &model));
    if (options->start) {
        LAC_TRY(lac_handle_check(options->start, LAC_START));
        begun = options->start->begun;
    }
    const subject of = {handle->core, handle->ends, begun, &model->settings, checkpoint};
    LAC_TRY(create(of, options, simulation));
out:
    return status;
}

int lacuna_simulation_create(const lacuna_model *handle, const lacuna_options *said,
                             lacuna_simulation **simulation)
{
    lac_status status = LAC_OK;
    lacuna_options options;
    LAC_TRY(lac_need(simulation, "place for the simulation"));
    *simulation = NULL;
    LAC_TRY(read_options(said, &options));
    LAC_TRY(create_of(handle, NULL, &options, simulation));
out:
    return lac_status_exit_code(status);
}

int lacuna_simulation_resume(const lacuna_model *handle, const char *checkpoint,
                             const lacuna_options *said, lacuna_simulation **simulation)
{
    lac_status status = LAC_OK;
    lacuna_options options;
    char *beside = NULL;
    LAC_TRY(lac_need(simulation, "place for the simulation"));
    *simulation = NULL;
    LAC_TRY(read_options(said, &options));
    LAC_REQUIRE(options.result, LAC_USAGE,
                "a simulation that is resumed has a result: `result` of the options is NULL");
    LAC_REQUIRE(!options.start, LAC_USAGE,
                "a simulation that is resumed cannot begin anew: "
                "`start` of the options is not NULL");
    if (!checkpoint)
        LAC_OWN(beside, lac_checkpoint_beside(options.result));
    LAC_TRY(create_of(handle, checkpoint ? checkpoint : beside, &options, simulation));
out:
    lac_free(beside);
    return lac_status_exit_code(status);
}

int lacuna_simulation_free(lacuna_simulation *simulation)
{
    if (!simulation)
        return LACUNA_OK;
    lac_status status = lac_handle_enter(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    lac_handle_delist(&simulation->handle);
    free_simulation(simulation);
    return LACUNA_OK;
}

const char *lacuna_simulation_error(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? simulation->handle.sentence : lac_failure();
}

const char *lacuna_simulation_warning(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? simulation->warning : "";
}
