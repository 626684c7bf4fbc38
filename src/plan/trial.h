/* A trial: what is reported, and by whom, of what a plan's members compute: visits, who is taken
 * in, what patients add (contextual response, noise, leaving, rescue) and how arms are compared.
 *
 * All times are in hours, all else in points of the outcome, of which less is better.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_PLAN_TRIAL_H
#define LAC_PLAN_TRIAL_H

#include "language/yaml.h"
#include "model/model.h"

/* The numbers of a trial: word, unit, value when none is given (which switches the thing off), the
 * least and the greatest that make sense. */
#define LAC_TRIAL_LIST(X)                                                                          \
    /* mean of what a patient reports beyond what the model computes */                            \
    X(PATIENT_MEAN, "patient_mean", "", 0, -100, 100)                                              \
    /* spread of that between patients; it stays */                                                \
    X(PATIENT_SD, "patient_sd", "", 0, 0, 100)                                                     \
    /* spread of one patient's reports of one state */                                             \
    X(NOISE_SD, "noise_sd", "", 0, 0, 100)                                                         \
    /* mean relief after any injection whatever it holds */                                        \
    X(CONTEXT_MEAN, "contextual_mean", "", 0, -100, 100)                                           \
    /* spread of that between patients */                                                          \
    X(CONTEXT_SD, "contextual_sd", "", 0, 0, 100)                                                  \
    /* time constant with which it comes */                                                        \
    X(CONTEXT_ONSET, "contextual_onset", "h", 0, 0, 1e6)                                           \
    /* half-life with which it goes */                                                             \
    X(CONTEXT_HALF_LIFE, "contextual_half_life", "h", 1e9, 1, 1e9)                                 \
    /* share of patients that leaves in a year */                                                  \
    X(DROPOUT, "dropout_per_year", "", 0, 0, 0.99)                                                 \
    /* how many times more often those leave who did not respond at their last visit */            \
    X(DROPOUT_UNHELPED, "dropout_unhelped", "", 1, 0.1, 100)                                       \
    /* a report from which on a patient takes rescue medication */                                 \
    X(RESCUE_ABOVE, "rescue_above", "", 1e9, 0, 1e9)                                               \
    /* relief by it, until the next visit */                                                       \
    X(RESCUE_RELIEF, "rescue_relief", "", 0, 0, 100)                                               \
    /* spread of a report of function about that of pain */                                        \
    X(FUNCTION_SD, "function_sd", "", 0, 0, 100)                                                   \
    /* spread of a patient's global report about it */                                             \
    X(GLOBAL_SD, "global_sd", "", 0, 0, 100)                                                       \
    /* the least change that matters to a patient */                                               \
    X(MCID, "mcid", "", 10, 0.1, 100)

typedef enum lac_trial_which {
#define LAC_TRIAL_ID(id, word, unit, off, low, high) LAC_TRIAL_##id,
    LAC_TRIAL_LIST(LAC_TRIAL_ID)
#undef LAC_TRIAL_ID
        LAC_TRIAL_NUMBERS
} lac_trial_which;

const char *lac_trial_word(lac_trial_which which);
const char *lac_trial_unit(lac_trial_which which);

typedef struct lac_trial_number {
    double value, low, high; /* range: NaN when not given */
    lac_provenance_kind kind;
    char *source; /* owned; NULL: not given, so that the thing is switched off */
} lac_trial_number;

/* Who is taken in: least <= what <= most. */
typedef struct lac_trial_rule {
    char *name;      /* owned */
    size_t endpoint; /* of the plan; LAC_NONE = what the patient reports at the first visit */
    size_t arm;      /* in which arm the endpoint is looked at */
    double least, most;
    lac_provenance_kind kind;
    char *source; /* owned */
} lac_trial_rule;

typedef struct lac_trial {
    char *outcome; /* owned: an observable */
    size_t visits;
    double *visit;   /* owned [visits] [h], the first is 0 */
    size_t endpoint; /* number of the plan's endpoint of visit 0; the others follow */
    size_t primary;  /* visit at which arms are compared first of all */
    size_t control;  /* arm */
    bool *injected;  /* owned [arms]: has a contextual response */
    size_t patients; /* most of an arm that are taken in */
    lac_trial_number number[LAC_TRIAL_NUMBERS];
    size_t rules;
    lac_trial_rule *rule; /* owned */
    double confidence, alpha, power;
    size_t resamples;
    size_t sizes;
    double *size; /* owned: patients an arm of the power curve */
} lac_trial;

void lac_trial_free(lac_trial *trial);

#endif
