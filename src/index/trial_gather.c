/* What the members of a trial computed, from their index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "index/index_reader.h"
#include "index/trial_index.h"

#include <math.h>
#include <string.h>

static lac_status find_endpoint(const lac_index_reader *reader, const char *name, size_t *found)
{
    for (*found = 0; *found < reader->endpoints; ++*found)
        if (strcmp(reader->endpoint[*found], name) == 0)
            return LAC_OK;
    return lac_fail(LAC_NO_INPUT,
                    "the index of the members has no endpoint %s: it is of another "
                    "version of the plan",
                    name);
}

/* An endpoint of one arm into value[patient * stride]. */
static lac_status take(const lac_index_reader *reader, const char *name, size_t arm, double *value,
                       size_t stride)
{
    lac_status status = LAC_OK;
    lac_outcome outcome = {0};
    size_t endpoint;
    LAC_TRY(find_endpoint(reader, name, &endpoint));
    LAC_TRY(lac_index_reader_outcome(reader, endpoint, arm, &outcome));
    for (size_t row = 0; row < reader->rows; row++)
        value[row * stride] = outcome.value[row];
out:
    lac_outcome_free(&outcome);
    return status;
}

static lac_status take_rules(const lac_index_reader *reader, const lac_plan *plan,
                             lac_trial_data *data)
{
    lac_status status = LAC_OK;
    const lac_trial *trial = plan->trial;
    for (size_t rule = 0; rule < trial->rules; rule++) {
        const lac_trial_rule *it = &trial->rule[rule];
        if (it->endpoint == LAC_NONE)
            continue;
        const char *name = plan->endpoint[it->endpoint].name;
        if (!data->own)
            LAC_TRY(take(reader, name, it->arm, data->measure + rule * data->patients, 1));
        for (size_t arm = 0; data->own && arm < data->arms; arm++)
            LAC_TRY(take(reader, name, arm,
                         data->measure + (rule * data->arms + arm) * data->patients, 1));
    }
out:
    return status;
}

/* Twins are one person until they are treated: what acts at once at day 0 would be in the reports
 * of the first visit, by which patients are taken in. */
static lac_status compare_twins(const lac_plan *plan, const lac_trial_data *data)
{
    static const double SAME = 1e-3; /* points */
    const lac_trial *trial = plan->trial;
    for (size_t arm = 0; !data->own && arm < data->arms; arm++)
        for (size_t patient = 0; patient < data->patients; patient++) {
            double one = data->state[lac_trial_at(data, arm, patient) * trial->visits];
            double other = data->state[lac_trial_at(data, trial->control, patient) * trial->visits];
            if (fabs(one - other) > SAME)
                return lac_fail(
                    LAC_INPUT,
                    "at the first visit %s of patient %zu is %.6g in arm %s and %.6g in "
                    "%s: what is given at day 0 acts at once; give it a little later, "
                    "so that the first visit is before it",
                    trial->outcome, patient, one, plan->arm[arm], other, plan->arm[trial->control]);
        }
    return LAC_OK;
}

lac_status lac_trial_gather(const char *index, const lac_plan *plan, lac_trial_data **data)
{
    lac_status status = LAC_OK;
    const lac_trial *trial = plan->trial;
    lac_index_reader *reader = NULL;
    lac_trial_data *made = NULL;
    LAC_TRY(lac_index_reader_open(index, &reader));
    LAC_REQUIRE(reader->arms == plan->arms, LAC_NO_INPUT, "%s has %zu arms, the plan %zu", index,
                reader->arms, plan->arms);
    LAC_TRY(lac_trial_data_create(trial, plan->arms, reader->rows, plan->own_rows, &made));
    made->seed = (uint64_t)plan->seed;
    for (size_t arm = 0; arm < plan->arms; arm++)
        for (size_t visit = 0; visit < trial->visits; visit++)
            LAC_TRY(take(reader, plan->endpoint[trial->endpoint + visit].name, arm,
                         made->state + lac_trial_at(made, arm, 0) * trial->visits + visit,
                         trial->visits));
    LAC_TRY(take_rules(reader, plan, made));
    LAC_TRY(compare_twins(plan, made));
    *data = made;
    made = NULL;
out:
    lac_trial_data_free(made);
    lac_index_reader_free(reader);
    return status;
}
