/* Simulations: entered, advanced, cancelled, begun again, and what they did.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/vector.h"
#include "library/library_internal.h"

#include <math.h>
#include <string.h>

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
    if (status != LAC_OK && status != LAC_USAGE && status != LAC_INTERRUPTED &&
        status != LAC_BUDGET)
        simulation->broken = true;
    return status;
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

int lacuna_simulation_counters(const lacuna_simulation *simulation, lacuna_counters *counters)
{
    lac_status status = lac_handle_check(simulation, LAC_SIMULATION);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_need(counters, "counters to fill"));
    const lac_progress now = lac_simulation_progress(simulation->run);
    *counters = (lacuna_counters){.time = now.time,
                                  .end = now.until,
                                  .frames = lac_simulation_frames(simulation->run),
                                  .steps = now.counters.steps,
                                  .rejected = now.counters.rejected,
                                  .reasons = LAC_REFUSALS,
                                  .reason = lac_refusal_name,
                                  .words = lac_refusal_words,
                                  .evaluations = now.counters.evaluations,
                                  .iterations = now.counters.iterations,
                                  .last_step = now.counters.last_step,
                                  .closure = now.closure,
                                  .checkpoint_seconds = now.save_time,
                                  .has_odd_frame =
                                      lac_simulation_has_unplanned_final_frame(simulation->run)};
    _Static_assert(LAC_REFUSALS <= sizeof counters->rejected_by / sizeof(size_t), "room for all");
    memcpy(counters->rejected_by, now.counters.refused, sizeof now.counters.refused);
out:
    return lac_handle_tell(&simulation->handle, status);
}

const char *lacuna_simulation_origin(const lacuna_simulation *simulation)
{
    bool is = lac_handle_check(simulation, LAC_SIMULATION) == LAC_OK;
    return is ? lac_simulation_origin(simulation->run) : "";
}

static lac_status reset(lacuna_simulation *simulation, double seed, double replicate)
{
    lac_status status = LAC_OK;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.seed = seed;
    options.replicate = replicate;
    LAC_REQUIRE(!simulation->result, LAC_USAGE, "a simulation with a result cannot be reset");
    LAC_TRY(lac_simulation_check_options(&options));
    LAC_TRY(lac_simulation_set_options(simulation, &options));
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
    LAC_TRY(lac_simulation_check_options(&options));
    LAC_TRY(lac_simulation_set_options(simulation, &options));
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
