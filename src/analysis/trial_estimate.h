/* A trial's estimates: each arm by itself and against the control, with bootstrap intervals over
 * patients, and what a real trial would need to see the difference.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_ANALYSIS_TRIAL_ESTIMATE_H
#define LAC_ANALYSIS_TRIAL_ESTIMATE_H

#include "analysis/bootstrap.h"
#include "analysis/trial_report.h"

/* Of an arm at a visit, of the patients that were taken in. `..._against`: minus the control. */
#define LAC_TRIAL_ESTIMATES(X)                                                                     \
    X(CHANGE, "change", "reported change from the first visit, mean of those seen")                \
    X(CHANGE_AGAINST, "change_against", "the same minus the control")                              \
    X(RESPONDERS, "responders", "share that changed by what matters; missing or rescued: no")      \
    X(RESPONDERS_AGAINST, "responders_against", "the same minus the control")                      \
    X(OMERACT, "omeract", "OMERACT-OARSI responders; missing or rescued: no")                      \
    X(OMERACT_AGAINST, "omeract_against", "the same minus the control")                            \
    X(BIOLOGY, "biology", "change that the model computes, without what patients add")             \
    X(BIOLOGY_AGAINST, "biology_against", "the same minus the control")                            \
    X(AREA, "area", "mean change over time until this visit, of those seen at all visits")         \
    X(AREA_AGAINST, "area_against", "the same minus the control")

typedef enum lac_trial_quantity {
#define LAC_TRIAL_QUANTITY(id, word, help) LAC_TRIAL_##id,
    LAC_TRIAL_ESTIMATES(LAC_TRIAL_QUANTITY)
#undef LAC_TRIAL_QUANTITY
        LAC_TRIAL_QUANTITIES
} lac_trial_quantity;

typedef struct lac_trial_cell {
    lac_confidence_interval of[LAC_TRIAL_QUANTITIES];
    size_t seen; /* patients with a report */
    double sd;   /* of their change */
} lac_trial_cell;

typedef struct lac_trial_arm {
    size_t taken_in, left, rescued;
    double response_time; /* [h] by which half of them have responded at a visit; NaN = never */
    double effect;        /* at the primary visit: difference over the pooled deviation */
    double size;          /* patients an arm for `power` by a t test; infinite = none */
    double *power;        /* owned [sizes] */
} lac_trial_arm;

typedef struct lac_trial_estimate {
    size_t arms, visits;
    lac_trial_cell *cell; /* owned [arms][visits] */
    lac_trial_arm *arm;   /* owned [arms] */
    size_t *refused;      /* owned [LAC_TRIAL_RULED + rules]: patients by verdict; of twins once */
} lac_trial_estimate;

lac_status lac_trial_estimate_make(const lac_trial_data *data, lac_trial_estimate **estimate);
void lac_trial_estimate_free(lac_trial_estimate *estimate);

extern const char *const lac_trial_quantity_word[LAC_TRIAL_QUANTITIES];
extern const char *const lac_trial_quantity_help[LAC_TRIAL_QUANTITIES];

#endif
