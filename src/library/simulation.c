/* Simulations: created, advanced, cancelled, begun again, freed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/random.h"
#include "library/library_internal.h"
#include "methods/methods.h"

#include <math.h>
#include <stdio.h>

/* --- in and out ----------------------------------------------------------------------------------
 */

static lac_status check_whole(const lacuna_simulation *simulation)
{
    if (!simulation->broken)
        return LAC_OK;
    return lac_fail(LAC_USAGE, "the simulation failed at t = %.6g s: %s",
                    lac_simulation_state(simulation->run)->time,
                    simulation->result ? "it can only be freed"
                                       : "reset or restore it, or free it");
}

lac_status lac_simulation_enter_any(lacuna_simulation *simulation, int *threads)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_handle_enter(simulation, LAC_SIMULATION));
    *threads = lac_threads();
    lac_threads_set(simulation->threads);
out:
    return status;
}

int lac_simulation_leave(lacuna_simulation *simulation, int threads, lac_status status)
{
    lac_threads_set(threads);
    return lac_handle_leave(&simulation->handle, status);
}

/* A refused call says so in the handle, too, when it is one. */
lac_status lac_simulation_enter(lacuna_simulation *simulation, int *threads)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_simulation_enter_any(simulation, threads));
    status = check_whole(simulation);
    if (status != LAC_OK)
        lac_simulation_leave(simulation, *threads, status);
out:
    return status;
}

lac_status lac_simulation_judge(lacuna_simulation *simulation, lac_status status)
{
    if (status != LAC_OK && status != LAC_USAGE && status != LAC_INTERRUPTED)
        simulation->broken = true;
    return status;
}

/* --- creating
 * -------------------------------------------------------------------------------------- */

static lac_request ask(void *context, const lac_progress *progress)
{
    lacuna_simulation *simulation = context;
    bool leave = simulation->progress && simulation->progress(simulation->context, progress->time);
    return atomic_exchange(&simulation->cancelled, false) || leave ? LAC_STOP : LAC_CONTINUE;
}

static void keep_warning(void *context, const char *sentence)
{
    lacuna_simulation *simulation = context;
    snprintf(simulation->warning, sizeof simulation->warning, "%s", sentence);
}

static lac_status check_options(const lacuna_options *options)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(options->bytes == sizeof *options, LAC_USAGE,
                "the options are of another version of the library, or were not begun with "
                "LACUNA_OPTIONS_INIT");
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

static lac_status fill_settings(lacuna_simulation *simulation, const lacuna_options *options)
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

static lac_status start(lacuna_simulation *simulation, bool force)
{
    lac_status status = LAC_OK;
    lac_run_options options = {.result = simulation->result,
                               .force = force,
                               .watched = true,
                               .progress = ask,
                               .frame = lac_record_frame,
                               .warning = keep_warning,
                               .context = simulation};
    int threads = lac_threads();
    lac_threads_set(simulation->threads);
    lac_shared_lock();
    status = lac_simulation_create(&simulation->model, &options, &simulation->run);
    lac_shared_unlock();
    lac_threads_set(threads);
    LAC_TRY(status);
    LAC_NEW(simulation->series, lac_simulation_series(simulation->run));
    simulation->record.series = lac_simulation_series(simulation->run);
    simulation->record.on = simulation->ends != NULL;
    LAC_NEW(simulation->end, simulation->ends ? simulation->ends->count : 0);
out:
    return status;
}

static void free_simulation(lacuna_simulation *simulation)
{
    if (!simulation)
        return;
    lac_shared_lock();
    lac_simulation_free(simulation->run);
    lac_shared_unlock();
    lac_core_drop(simulation->core);
    lac_ends_drop(simulation->ends);
    lac_record_free(&simulation->record);
    lac_free(simulation->end);
    lac_free(simulation->result);
    lac_free(simulation->series);
    lac_free(simulation);
}

/* What a simulation is of. */
typedef struct subject {
    lac_core *core;
    lac_ends *ends;
    const lac_settings *settings;
} subject;

static lac_status create(subject of, const lacuna_options *options, lacuna_simulation **simulation)
{
    lac_status status = LAC_OK;
    lacuna_simulation *made = NULL;
    LAC_NEW(made, 1);
    made->core = lac_core_hold(of.core);
    made->ends = lac_ends_hold(of.ends);
    made->model = *of.core->model;
    made->model.settings = *of.settings;
    made->threads = options->threads;
    made->progress = options->progress;
    made->context = options->context;
    if (options->result)
        LAC_OWN(made->result, lac_copy_text(options->result));
    LAC_TRY(fill_settings(made, options));
    LAC_TRY(start(made, options->overwrite != 0));
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
    options.threads = like->threads;
    options.progress = like->progress;
    options.context = like->context;
    return create((subject){like->core, like->ends, &like->model.settings}, &options, simulation);
}

int lacuna_simulation_create(const lacuna_model *handle, const lacuna_options *options,
                             lacuna_simulation **simulation)
{
    static const lacuna_options usual = LACUNA_OPTIONS_INIT;
    lac_status status = LAC_OK;
    const lac_model *model = NULL;
    LAC_TRY(lac_need(simulation, "place for the simulation"));
    *simulation = NULL;
    LAC_TRY(lac_library_model(handle, &model));
    if (!options)
        options = &usual;
    LAC_TRY(check_options(options));
    LAC_TRY(create((subject){handle->core, handle->ends, &model->settings}, options, simulation));
out:
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

/* --- advancing
 * -------------------------------------------------------------------------------------- */

static lac_status check_time(const lacuna_simulation *simulation, double time)
{
    lac_status status = LAC_OK;
    double now = lac_simulation_state(simulation->run)->time;
    double end = simulation->model.settings.until;
    LAC_REQUIRE(!isnan(time), LAC_USAGE, "the time to advance to is not a number");
    LAC_REQUIRE(time >= now, LAC_USAGE, "cannot advance back to %.10g s: it is %.10g s", time, now);
    LAC_REQUIRE(time <= end, LAC_USAGE,
                "cannot advance to %.10g s: the simulation ends at %.10g s (`until`)", time, end);
out:
    return status;
}

/* The library of the files is for one thread at a time. */
static lac_status run_steps(lacuna_simulation *simulation, double time)
{
    lac_status status;
    if (simulation->result)
        lac_shared_lock();
    status = isinf(time) ? lac_simulation_run(simulation->run)
                         : lac_simulation_advance(simulation->run, time);
    if (simulation->result)
        lac_shared_unlock();
    return lac_simulation_judge(simulation, status);
}

int lacuna_simulation_advance_to(lacuna_simulation *simulation, double time)
{
    int threads;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(check_time(simulation, time));
    LAC_TRY(run_steps(simulation, time));
out:
    return lac_simulation_leave(simulation, threads, status);
}

int lacuna_simulation_finish(lacuna_simulation *simulation)
{
    int threads;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    return lac_simulation_leave(simulation, threads, run_steps(simulation, INFINITY));
}

int lacuna_simulation_cancel(lacuna_simulation *simulation)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status == LAC_OK)
        atomic_store(&simulation->cancelled, true);
    return lac_status_exit_code(status);
}

double lacuna_simulation_time(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? lac_simulation_state(simulation->run)->time : NAN;
}

double lacuna_simulation_end(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? simulation->model.settings.until : NAN;
}

double lacuna_simulation_seed(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? simulation->model.settings.seed : NAN;
}

static lac_status reset(lacuna_simulation *simulation, double seed, double replicate)
{
    lac_status status = LAC_OK;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.seed = seed;
    options.replicate = replicate;
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be reset");
    LAC_TRY(check_options(&options));
    LAC_TRY(fill_settings(simulation, &options));
    simulation->broken = true;
    simulation->record.frames = 0;
    lac_shared_lock();
    status = lac_simulation_reset(simulation->run);
    lac_shared_unlock();
    simulation->broken = status != LAC_OK;
out:
    return status;
}

static lac_status reseed(lacuna_simulation *simulation, double seed, double replicate)
{
    lac_status status = LAC_OK;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.seed = seed;
    options.replicate = replicate;
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be reseeded");
    LAC_TRY(check_options(&options));
    LAC_TRY(fill_settings(simulation, &options));
    lac_shared_lock();
    status = lac_simulation_judge(simulation, lac_simulation_reseed(simulation->run));
    lac_shared_unlock();
out:
    return status;
}

int lacuna_simulation_reseed(lacuna_simulation *simulation, double seed, double replicate)
{
    int threads;
    lac_status status = lac_simulation_enter(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    return lac_simulation_leave(simulation, threads, reseed(simulation, seed, replicate));
}

int lacuna_simulation_reset(lacuna_simulation *simulation, double seed, double replicate)
{
    int threads;
    lac_status status = lac_simulation_enter_any(simulation, &threads);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    return lac_simulation_leave(simulation, threads, reset(simulation, seed, replicate));
}
