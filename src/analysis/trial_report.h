/* A trial's reports: what patients say at visits, of what a model computes for them.
 *
 * report = state + what a patient adds + contextual response + noise - rescue, within 0 .. 100; who
 * is taken in, who leaves. All draws are functions of seed, patient, arm and visit alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_TRIAL_REPORT_H
#define LAC_ANALYSIS_TRIAL_REPORT_H

#include "plan/trial.h"

#include <stdint.h>

/* What became of a patient of an arm; from LAC_TRIAL_RULED on: refused by rule number - it. */
enum { LAC_TRIAL_IN, LAC_TRIAL_SURPLUS, LAC_TRIAL_NOT_COMPUTED, LAC_TRIAL_RULED };

typedef struct lac_trial_data {
    const lac_trial *trial; /* borrowed */
    size_t arms, patients;  /* of an arm */
    bool own;               /* every arm has patients of its own; else the same are in all */
    uint64_t seed;
    double *state;   /* owned [arms][patients][visits]: of the model; NaN = not computed */
    double *measure; /* owned [rules][patients]: what rules look at, in their arm; with patients of
                        its own [rules][arms][patients] */
    int *verdict;    /* owned [arms][patients] */
    double *report, *function, *global; /* owned [arms][patients][visits]; NaN = missing */
    double *left, *rescued; /* owned [arms][patients] [h]: visit since which; NaN = never */
} lac_trial_data;

lac_status lac_trial_data_create(const lac_trial *trial, size_t arms, size_t patients, bool own,
                                 lac_trial_data **data);
void lac_trial_data_free(lac_trial_data *data);

static inline size_t lac_trial_at(const lac_trial_data *data, size_t arm, size_t patient)
{
    return arm * data->patients + patient;
}

/* Fills what follows from `state` and `measure`. */
void lac_trial_report(lac_trial_data *data);

/* Of twins whose reports are made: marks in wanted[patients] who passes every rule, as many as are
 * to be taken in. Who was marked before and is still not computed has failed; another takes that
 * place. Returns how many of the newly marked are not computed in all arms. */
size_t lac_trial_screen(const lac_trial_data *data, bool *wanted);

/* Did a patient respond at a visit: by the least change that matters; by OMERACT-OARSI (Pham et al.
 * 2004, Osteoarthritis Cartilage 12, 389). Who is missing or has taken rescue medication did not.
 */
bool lac_trial_responds(const lac_trial_data *data, size_t arm, size_t patient, size_t visit);
bool lac_trial_responds_omeract(const lac_trial_data *data, size_t arm, size_t patient,
                                size_t visit);

#endif
