/* Reports of a trial: one patient after the other, one visit after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/trial_report.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define YEAR 8766.0 /* [h] */

void lac_trial_data_free(lac_trial_data *data)
{
    if (!data)
        return;
    lac_free(data->state);
    lac_free(data->measure);
    lac_free(data->verdict);
    lac_free(data->report);
    lac_free(data->function);
    lac_free(data->global);
    lac_free(data->left);
    lac_free(data->rescued);
    lac_free(data);
}

lac_status lac_trial_data_create(const lac_trial *trial, size_t arms, size_t patients, bool own,
                                 lac_trial_data **data)
{
    lac_status status = LAC_OK;
    lac_trial_data *made = NULL;
    size_t people = arms * patients, visits = people * trial->visits;
    LAC_NEW(made, 1);
    *made = (lac_trial_data){.trial = trial, .arms = arms, .patients = patients, .own = own};
    LAC_NEW(made->state, visits);
    LAC_NEW(made->measure, trial->rules * (own ? people : patients));
    LAC_NEW(made->verdict, people);
    LAC_NEW(made->report, visits);
    LAC_NEW(made->function, visits);
    LAC_NEW(made->global, visits);
    LAC_NEW(made->left, people);
    LAC_NEW(made->rescued, people);
    *data = made;
    made = NULL;
out:
    lac_trial_data_free(made);
    return status;
}

/* --- what patients add ---------------------------------------------------------------------------
 */

static double number(const lac_trial *trial, lac_trial_which which)
{
    return trial->number[which].value;
}

/* The contextual response `hours` after an injection, as a share of its size. */
static double trial_context(const lac_trial *trial, double hours)
{
    double onset = number(trial, LAC_TRIAL_CONTEXT_ONSET);
    double comes = onset > 0 ? 1 - exp(-hours / onset) : 1;
    return hours > 0 ? comes * exp2(-hours / number(trial, LAC_TRIAL_CONTEXT_HALF_LIFE)) : 0;
}

/* One draw a normal number, so that nothing depends on what was drawn before. */
static double normal(lac_stream *stream)
{
    return gsl_cdf_ugaussian_Pinv(lac_stream_unit(stream) + 0x1p-54);
}

/* What was not computed is not reported either. */
static double within(double report)
{
    return isnan(report) ? NAN : fmin(fmax(report, 0), 100);
}

typedef struct person {
    const lac_trial_data *data;
    size_t arm, patient, at; /* at: of the first visit in [arms][patients][visits] */
    double offset, context;
} person;

/* Twins share their number in all arms. */
static uint64_t number_of(const lac_trial_data *data, size_t arm, size_t patient)
{
    return data->own ? (uint64_t)patient * data->arms + arm : patient;
}

typedef struct spoken {
    double pain, function, global;
} spoken;

static spoken speak(const lac_trial *trial, double state, lac_stream *stream)
{
    spoken said;
    double noise = normal(stream), function = normal(stream), global = normal(stream);
    said.pain = within(state + number(trial, LAC_TRIAL_NOISE_SD) * noise);
    said.function = within(state + number(trial, LAC_TRIAL_FUNCTION_SD) * function);
    said.global = within(state + number(trial, LAC_TRIAL_GLOBAL_SD) * global);
    return said;
}

static void note(lac_trial_data *data, size_t at, spoken said)
{
    data->report[at] = said.pain;
    data->function[at] = said.function;
    data->global[at] = said.global;
}

/* Before anything is injected: the same for twins. */
static person first_visit(lac_trial_data *data, size_t arm, size_t patient)
{
    const lac_trial *trial = data->trial;
    lac_stream stream;
    person one = {data, arm, patient, lac_trial_at(data, arm, patient) * trial->visits, 0, 0};
    lac_stream_open(&stream, lac_random_key_of(data->seed, 0, LAC_FOR_PATIENTS),
                    number_of(data, arm, patient));
    one.offset = number(trial, LAC_TRIAL_PATIENT_MEAN) +
                 number(trial, LAC_TRIAL_PATIENT_SD) * normal(&stream);
    one.context = number(trial, LAC_TRIAL_CONTEXT_MEAN) +
                  number(trial, LAC_TRIAL_CONTEXT_SD) * normal(&stream);
    note(data, one.at, speak(trial, data->state[one.at] + one.offset, &stream));
    return one;
}

/* --- later visits --------------------------------------------------------------------------------
 */

static bool leaves(const person *one, size_t visit, double draw)
{
    const lac_trial_data *data = one->data;
    const lac_trial *trial = data->trial;
    double years = (trial->visit[visit] - trial->visit[visit - 1]) / YEAR;
    double change = data->report[one->at + visit - 1] - data->report[one->at];
    bool unhelped = visit > 1 && !(change <= -number(trial, LAC_TRIAL_MCID));
    double often = unhelped ? number(trial, LAC_TRIAL_DROPOUT_UNHELPED) : 1;
    return draw < 1 - pow(1 - number(trial, LAC_TRIAL_DROPOUT), years * often);
}

static void later_visits(lac_trial_data *data, const person *one)
{
    const lac_trial *trial = data->trial;
    size_t place = lac_trial_at(data, one->arm, one->patient);
    lac_stream stream;
    bool gone = false;
    lac_stream_open(&stream, lac_random_key_of(data->seed, 0, LAC_FOR_VISITS),
                    number_of(data, one->arm, one->patient) * data->arms + one->arm);
    for (size_t visit = 1; visit < trial->visits; visit++) {
        size_t at = one->at + visit;
        double draw = lac_stream_unit(&stream), state = data->state[at] + one->offset;
        if (trial->injected[one->arm])
            state -= one->context * trial_context(trial, trial->visit[visit]);
        if (visit > 1 && data->report[at - 1] >= number(trial, LAC_TRIAL_RESCUE_ABOVE))
            state -= number(trial, LAC_TRIAL_RESCUE_RELIEF);
        spoken said = speak(trial, state, &stream);
        if (!gone && leaves(one, visit, draw)) {
            gone = true;
            data->left[place] = trial->visit[visit];
        }
        note(data, at, gone ? (spoken){NAN, NAN, NAN} : said);
        if (!gone && said.pain >= number(trial, LAC_TRIAL_RESCUE_ABOVE) &&
            isnan(data->rescued[place]))
            data->rescued[place] = trial->visit[visit];
    }
}

/* --- inclusion -----------------------------------------------------------------------------------
 */

static bool is_computed(const lac_trial_data *data, size_t arm, size_t patient)
{
    size_t first = data->own ? arm : 0, last = data->own ? arm + 1 : data->arms;
    for (size_t each = first; each < last; each++)
        for (size_t visit = 0; visit < data->trial->visits; visit++)
            if (!isfinite(
                    data->state[lac_trial_at(data, each, patient) * data->trial->visits + visit]))
                return false;
    return true;
}

/* By rules alone. Twins are judged by the control arm: until they are treated they are one person,
 * and who is refused need not be computed in other arms. */
static int judge(const lac_trial_data *data, size_t arm, size_t patient)
{
    const lac_trial *trial = data->trial;
    size_t people = data->own ? data->arms * data->patients : data->patients;
    size_t whom = data->own ? lac_trial_at(data, arm, patient) : patient;
    size_t place = lac_trial_at(data, data->own ? arm : trial->control, patient);
    for (size_t rule = 0; rule < trial->rules; rule++) {
        bool reported = trial->rule[rule].endpoint == LAC_NONE;
        double value =
            reported ? data->report[place * trial->visits] : data->measure[rule * people + whom];
        if (!isfinite(value))
            return LAC_TRIAL_NOT_COMPUTED;
        if (value < trial->rule[rule].least || value > trial->rule[rule].most)
            return LAC_TRIAL_RULED + (int)rule;
    }
    return LAC_TRIAL_IN;
}

static int find_verdict(const lac_trial_data *data, size_t arm, size_t patient, size_t *taken)
{
    int verdict = judge(data, arm, patient);
    if (verdict != LAC_TRIAL_IN)
        return verdict;
    if (*taken == data->trial->patients)
        return LAC_TRIAL_SURPLUS;
    if (!is_computed(data, arm, patient))
        return LAC_TRIAL_NOT_COMPUTED;
    ++*taken;
    return LAC_TRIAL_IN;
}

static void report_first_visits(lac_trial_data *data)
{
    for (size_t arm = 0; arm < data->arms; arm++)
        for (size_t patient = 0; patient < data->patients; patient++)
            (void)first_visit(data, arm, patient);
}

void lac_trial_report(lac_trial_data *data)
{
    report_first_visits(data);
    for (size_t arm = 0; arm < data->arms; arm++) {
        size_t taken = 0;
        for (size_t patient = 0; patient < data->patients; patient++) {
            size_t at = lac_trial_at(data, arm, patient);
            data->left[at] = data->rescued[at] = NAN;
            data->verdict[at] = find_verdict(data, arm, patient, &taken);
            person one = first_visit(data, arm, patient);
            later_visits(data, &one);
        }
    }
}

size_t lac_trial_screen(const lac_trial_data *data, bool *wanted)
{
    size_t taken = 0, fresh = 0;
    for (size_t patient = 0; patient < data->patients; patient++) {
        bool computed = is_computed(data, data->trial->control, patient);
        if (judge(data, data->trial->control, patient) != LAC_TRIAL_IN ||
            (wanted[patient] && !computed))
            continue;
        if (taken++ == data->trial->patients)
            break;
        fresh += !wanted[patient] && !computed;
        wanted[patient] = true;
    }
    return fresh;
}

/* --- responders ----------------------------------------------------------------------------------
 */

static bool is_rescued(const lac_trial_data *data, size_t place, size_t visit)
{
    return data->rescued[place] <= data->trial->visit[visit];
}

bool lac_trial_responds(const lac_trial_data *data, size_t arm, size_t patient, size_t visit)
{
    size_t place = lac_trial_at(data, arm, patient), at = place * data->trial->visits;
    double change = data->report[at + visit] - data->report[at];
    return change <= -number(data->trial, LAC_TRIAL_MCID) && !is_rescued(data, place, visit);
}

/* At least `share` of the start and `points` less. */
static bool falls(const double *report, size_t visit, double share, double points)
{
    double fall = report[0] - report[visit];
    return fall >= points && fall >= share * report[0];
}

bool lac_trial_responds_omeract(const lac_trial_data *data, size_t arm, size_t patient,
                                size_t visit)
{
    size_t place = lac_trial_at(data, arm, patient), at = place * data->trial->visits;
    const double *pain = data->report + at, *function = data->function + at;
    int some = falls(pain, visit, 0.2, 10) + falls(function, visit, 0.2, 10) +
               falls(data->global + at, visit, 0.2, 10);
    bool much = falls(pain, visit, 0.5, 20) || falls(function, visit, 0.5, 20);
    return (much || some >= 2) && !is_rescued(data, place, visit);
}
