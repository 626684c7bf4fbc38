/* lacuna trial: from a plan with patients and arms to what a trial would have seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "cli/mpi_environment.h"
#include "cli/sweep_driver.h"
#include "cli/trial_table.h"

#include <stdio.h>

static lac_status need_trial(const lac_sweep_setup *setup)
{
    if (setup->plan->trial)
        return LAC_OK;
    return lac_fail(LAC_INPUT, "%s has no trial: of its own; lacuna sweep runs it",
                    setup->arguments->operand[0]);
}

/* What the members computed, and what patients report of it. */
static lac_status gather(const lac_sweep_setup *setup, lac_trial_data **data)
{
    lac_status status = LAC_OK;
    lac_text index = {0};
    lac_text_add(&index, "%s/index.nc", lac_text_of(&setup->directory));
    LAC_TRY(index.failed);
    LAC_TRY(lac_trial_gather(index.bytes, setup->plan, data));
    lac_trial_report(*data);
out:
    lac_text_free(&index);
    return status;
}

/* From the index of the members to trial.nc and the table. */
static lac_status evaluate(const lac_sweep_setup *setup, bool quiet, bool json)
{
    lac_status status = LAC_OK;
    lac_trial_data *data = NULL;
    lac_trial_estimate *estimate = NULL;
    lac_text path = {0}, text = {0};
    lac_text_add(&path, "%s/trial.nc", lac_text_of(&setup->directory));
    LAC_TRY(path.failed);
    LAC_TRY(gather(setup, &data));
    LAC_TRY(lac_trial_estimate_make(data, &estimate));
    const lac_trial_result result = {setup->plan, data, estimate};
    const lac_index_origin origin = {lac_text_of(&setup->now.command), setup->now.host,
                                     setup->now.created, setup->arguments->note};
    LAC_TRY(lac_trial_write(path.bytes, &result, &origin));
    if (json)
        lac_trial_json(&result, path.bytes, &text);
    else if (!quiet)
        lac_trial_table(&result, path.bytes, &text);
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_trial_estimate_free(estimate);
    lac_trial_data_free(data);
    lac_text_free(&path);
    lac_text_free(&text);
    return status;
}

/* --- screening
 * ------------------------------------------------------------------------------------------- */

/* Who is refused by what happens in one arm need not be run in the others. Patients of one arm
 * each have nothing to be refused by; shares of a job do not know what the others found. */
static bool can_screen(const lac_sweep_setup *setup)
{
    const lac_plan *plan = setup->plan;
    return plan->trial->rules > 0 && !plan->own_rows && plan->arms > 1 && setup->share.tasks == 1 &&
           !setup->arguments->mpi && lac_mpi_environment_size() <= 1;
}

static bool screens(const lac_trial *trial, size_t arm)
{
    bool looked_at = arm == trial->control;
    for (size_t rule = 0; rule < trial->rules; rule++)
        looked_at |= trial->rule[rule].endpoint != LAC_NONE && trial->rule[rule].arm == arm;
    return looked_at;
}

/* First the arms that rules look at, of all; then all arms of those who are wanted. */
static void choose_members(const lac_sweep_setup *setup, const bool *wanted, bool *skip)
{
    const lac_sample_table *samples = setup->samples;
    size_t patients = lac_sample_table_starts(samples);
    for (size_t member = 0; member < samples->members; member++) {
        size_t point = lac_sample_table_point(samples, member);
        skip[member] =
            wanted ? !wanted[point % patients] : !screens(setup->plan->trial, point / patients);
    }
}

static lac_status look_at_patients(const lac_sweep_setup *setup, bool *wanted, size_t *fresh)
{
    lac_status status = LAC_OK;
    lac_trial_data *data = NULL;
    LAC_TRY(gather(setup, &data));
    *fresh = lac_trial_screen(data, wanted);
    if (*fresh > 0 && !setup->arguments->quiet)
        fprintf(stderr, "lacuna: %zu patients pass and are run in the other arms\n", *fresh);
out:
    lac_trial_data_free(data);
    return status;
}

/* Again when members failed and other patients take their places. */
static lac_status run_screened(lac_sweep_setup *setup)
{
    lac_status status = LAC_OK;
    bool *skip = NULL, *wanted = NULL, some_failed;
    size_t fresh;
    LAC_NEW(skip, setup->samples->members);
    LAC_NEW(wanted, lac_sample_table_starts(setup->samples));
    setup->skip = skip;
    setup->more = true;
    choose_members(setup, NULL, skip);
    status = lac_sweep_drive(setup);
    setup->more = false;
    some_failed = status == LAC_MEMBERS;
    LAC_TRY(status == LAC_MEMBERS ? LAC_OK : status);
    LAC_TRY(look_at_patients(setup, wanted, &fresh));
    do {
        choose_members(setup, wanted, skip);
        status = lac_sweep_drive(setup);
        some_failed |= status == LAC_MEMBERS;
        LAC_TRY(status == LAC_MEMBERS ? LAC_OK : status);
        LAC_TRY(look_at_patients(setup, wanted, &fresh));
    } while (fresh > 0);
    status = some_failed ? LAC_MEMBERS : LAC_OK;
out:
    setup->skip = NULL;
    lac_free(skip);
    lac_free(wanted);
    return status;
}

/* The members first, in memory unless said otherwise; some that fail do not stop the rest. */
static lac_status trial(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK, members;
    lac_sweep_setup setup = {0};
    lac_arguments own = *arguments;
    bool runs = !arguments->dry_run && !arguments->status;
    if (!own.members)
        own.members = "memory";
    if (runs && own.json) {
        own.json = false;
        own.quiet = true;
    }
    LAC_TRY(lac_sweep_setup_begin(&setup, &own, argc, argv));
    LAC_TRY(lac_sweep_setup_load_plan(&setup));
    LAC_TRY(need_trial(&setup));
    members = runs && can_screen(&setup) ? run_screened(&setup) : lac_sweep_drive(&setup);
    if (members != LAC_OK && members != LAC_MEMBERS)
        status = members;
    if (!runs || status != LAC_OK || setup.share.tasks > 1 || lac_mpi_environment_rank() > 0)
        goto out;
    LAC_TRY(evaluate(&setup, arguments->quiet, arguments->json));
    if (members == LAC_MEMBERS)
        status = lac_fail(LAC_MEMBERS, "some members failed; their patients are not in the trial");
out:
    lac_sweep_setup_free(&setup);
    return status;
}

const lac_command lac_command_trial = {
    .name = "trial",
    .operands = "PLAN",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_TRIAL,
    .summary = "Runs a virtual trial: patients, arms, visits, and what would be seen",
    .details =
        "PLAN is a plan with arms: and trial:. Its members are run as those of a sweep; then what\n"
        "patients report is drawn (contextual response, noise, leaving, rescue), arms are compared\n"
        "with the control, and all of it goes to DIR/trial.nc; scripts/trial.py draws it. The\n"
        "numbers depend on the plan and its seed alone. Run it again to continue.\n"
        "Screening: all candidates run in the control arm first (and in arms that rules name);\n"
        "who is refused, or is more than are wanted, runs in no other arm. With one arm, no rules,\n"
        "a patient of its own for every arm, --task or MPI, all members run.\n",
    .run = trial};
