/* Estimates of a trial: means over resampled patients.
 *
 * Patients are drawn with replacement; twins stay together, so that what they share cancels in a
 * difference of arms. In a parallel trial the draws of the arms meet as they stand in the table,
 * which leaves them independent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/trial_estimate.h"

#include "analysis/power.h"
#include "analysis/statistics.h"
#include "base/memory.h"

#include <math.h>

const char *const lac_trial_quantity_word[LAC_TRIAL_QUANTITIES] = {
#define WORD(id, word, help) word,
    LAC_TRIAL_ESTIMATES(WORD)
#undef WORD
};
const char *const lac_trial_quantity_help[LAC_TRIAL_QUANTITIES] = {
#define HELP(id, word, help) help,
    LAC_TRIAL_ESTIMATES(HELP)
#undef HELP
};

enum { OWN = LAC_TRIAL_QUANTITIES / 2 }; /* each with its difference to the control */

void lac_trial_estimate_free(lac_trial_estimate *estimate)
{
    if (!estimate)
        return;
    for (size_t arm = 0; estimate->arm && arm < estimate->arms; arm++)
        lac_free(estimate->arm[arm].power);
    lac_free(estimate->arm);
    lac_free(estimate->cell);
    lac_free(estimate->refused);
    lac_free(estimate);
}

/* --- one patient ---------------------------------------------------------------------------------
 */

/* Mean of the change over time until a visit, by the trapezoidal rule. */
static double mean_change(const lac_trial *trial, const double *report, size_t visit)
{
    double area = 0;
    for (size_t each = 1; each <= visit; each++)
        area += (trial->visit[each] - trial->visit[each - 1]) *
                ((report[each] + report[each - 1]) / 2 - report[0]);
    return visit > 0 ? area / trial->visit[visit] : 0;
}

/* value[OWN] of a patient; all NaN who is not in the trial. */
static void look_at(const lac_trial_data *data, size_t arm, size_t patient, size_t visit,
                    double *value)
{
    size_t place = lac_trial_at(data, arm, patient), at = place * data->trial->visits;
    for (size_t k = 0; k < OWN; k++)
        value[k] = NAN;
    if (data->verdict[place] != LAC_TRIAL_IN)
        return;
    value[LAC_TRIAL_CHANGE / 2] = data->report[at + visit] - data->report[at];
    value[LAC_TRIAL_RESPONDERS / 2] = lac_trial_responds(data, arm, patient, visit);
    value[LAC_TRIAL_OMERACT / 2] = lac_trial_responds_omeract(data, arm, patient, visit);
    value[LAC_TRIAL_BIOLOGY / 2] = data->state[at + visit] - data->state[at];
    value[LAC_TRIAL_AREA / 2] = mean_change(data->trial, data->report + at, visit);
}

/* --- many ----------------------------------------------------------------------------------------
 */

typedef struct pair_of_arms {
    size_t patients;
    double *own, *control; /* owned [patients][OWN] */
} pair_of_arms;

static void add_up(const double *value, const size_t *chosen, size_t patients, double *mean)
{
    double sum[OWN] = {0}, known[OWN] = {0};
    for (size_t each = 0; each < patients; each++)
        for (size_t k = 0; k < OWN; k++) {
            double one = value[chosen[each] * OWN + k];
            sum[k] += isnan(one) ? 0 : one;
            known[k] += !isnan(one);
        }
    for (size_t k = 0; k < OWN; k++)
        mean[k] = known[k] > 0 ? sum[k] / known[k] : NAN;
}

static void estimate(const void *data, const size_t *chosen, double *values)
{
    const pair_of_arms *pair = data;
    double own[OWN], control[OWN];
    add_up(pair->own, chosen, pair->patients, own);
    add_up(pair->control, chosen, pair->patients, control);
    for (size_t k = 0; k < OWN; k++) {
        values[2 * k] = own[k];
        values[2 * k + 1] = own[k] - control[k];
    }
}

static void describe(const lac_trial_data *data, const pair_of_arms *pair, lac_trial_cell *cell)
{
    double mean = cell->of[LAC_TRIAL_CHANGE].value, square = 0;
    cell->seen = 0;
    for (size_t patient = 0; patient < data->patients; patient++) {
        double change = pair->own[patient * OWN + LAC_TRIAL_CHANGE / 2];
        if (isnan(change))
            continue;
        cell->seen++;
        square += (change - mean) * (change - mean);
    }
    cell->sd = cell->seen > 1 ? sqrt(square / (double)(cell->seen - 1)) : NAN;
}

static lac_status make_cell(const lac_trial_data *data, size_t arm, size_t visit,
                            pair_of_arms *pair, lac_trial_cell *cell)
{
    lac_status status = LAC_OK;
    const lac_trial *trial = data->trial;
    const lac_bootstrap bootstrap = {trial->resamples, trial->confidence, data->seed};
    const lac_resampled whole = {estimate, pair, data->patients, LAC_TRIAL_QUANTITIES};
    for (size_t patient = 0; patient < data->patients; patient++) {
        look_at(data, arm, patient, visit, pair->own + patient * OWN);
        look_at(data, trial->control, patient, visit, pair->control + patient * OWN);
    }
    LAC_TRY(lac_bootstrap_estimate(&whole, &bootstrap, cell->of));
    describe(data, pair, cell);
out:
    return status;
}

static lac_status make_cells(const lac_trial_data *data, lac_trial_estimate *made)
{
    lac_status status = LAC_OK;
    pair_of_arms pair = {.patients = data->patients};
    LAC_NEW(pair.own, data->patients * OWN);
    LAC_NEW(pair.control, data->patients * OWN);
    for (size_t arm = 0; arm < data->arms; arm++)
        for (size_t visit = 0; visit < made->visits; visit++)
            LAC_TRY(make_cell(data, arm, visit, &pair, &made->cell[arm * made->visits + visit]));
out:
    lac_free(pair.own);
    lac_free(pair.control);
    return status;
}

/* --- arms ----------------------------------------------------------------------------------------
 */

static double first_response(const lac_trial_data *data, size_t arm, size_t patient)
{
    for (size_t visit = 1; visit < data->trial->visits; visit++)
        if (lac_trial_responds(data, arm, patient, visit))
            return data->trial->visit[visit];
    return INFINITY;
}

static lac_status count_people(const lac_trial_data *data, size_t number, lac_trial_arm *arm)
{
    lac_status status = LAC_OK;
    double *time = NULL;
    LAC_NEW(time, data->patients);
    for (size_t patient = 0; patient < data->patients; patient++) {
        size_t place = lac_trial_at(data, number, patient);
        if (data->verdict[place] != LAC_TRIAL_IN)
            continue;
        time[arm->taken_in++] = first_response(data, number, patient);
        arm->left += isnan(data->left[place]) ? 0 : 1;
        arm->rescued += isnan(data->rescued[place]) ? 0 : 1;
    }
    lac_sort(time, arm->taken_in);
    arm->response_time = arm->taken_in > 0 ? time[(arm->taken_in - 1) / 2] : NAN;
    if (isinf(arm->response_time))
        arm->response_time = NAN;
out:
    lac_free(time);
    return status;
}

static lac_status find_power(const lac_trial *trial, const lac_trial_estimate *made, size_t number)
{
    lac_status status = LAC_OK;
    lac_trial_arm *arm = &made->arm[number];
    const lac_trial_cell *own = &made->cell[number * made->visits + trial->primary];
    const lac_trial_cell *control = &made->cell[trial->control * made->visits + trial->primary];
    double sd = sqrt((own->sd * own->sd + control->sd * control->sd) / 2);
    arm->effect = own->of[LAC_TRIAL_CHANGE_AGAINST].value / sd;
    arm->size =
        number == trial->control ? NAN : lac_sample_size(arm->effect, trial->alpha, trial->power);
    LAC_NEW(arm->power, trial->sizes);
    for (size_t each = 0; each < trial->sizes; each++)
        arm->power[each] = number == trial->control
                               ? NAN
                               : lac_power_t(arm->effect, trial->size[each], trial->alpha);
out:
    return status;
}

lac_status lac_trial_estimate_make(const lac_trial_data *data, lac_trial_estimate **result)
{
    lac_status status = LAC_OK;
    const lac_trial *trial = data->trial;
    lac_trial_estimate *made = NULL;
    LAC_NEW(made, 1);
    *made = (lac_trial_estimate){.arms = data->arms, .visits = trial->visits};
    LAC_NEW(made->cell, data->arms * trial->visits);
    LAC_NEW(made->arm, data->arms);
    LAC_NEW(made->refused, LAC_TRIAL_RULED + trial->rules);
    for (size_t arm = 0; arm < (data->own ? data->arms : 1); arm++)
        for (size_t patient = 0; patient < data->patients; patient++)
            made->refused[data->verdict[lac_trial_at(data, arm, patient)]]++;
    LAC_TRY(make_cells(data, made));
    for (size_t arm = 0; arm < data->arms; arm++) {
        LAC_TRY(count_people(data, arm, &made->arm[arm]));
        LAC_TRY(find_power(trial, made, arm));
    }
    *result = made;
    made = NULL;
out:
    lac_trial_estimate_free(made);
    return status;
}
