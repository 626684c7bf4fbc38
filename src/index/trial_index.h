/* The index of a trial: trial.nc, one netCDF-4 file of patients, reports and estimates, made from
 * the index of its members.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_TRIAL_INDEX_H
#define LAC_INDEX_TRIAL_INDEX_H

#include "analysis/trial_estimate.h"
#include "index/index.h"

/* What the members of `plan` computed, from their index. */
lac_status lac_trial_gather(const char *index, const lac_plan *plan, lac_trial_data **data);

typedef struct lac_trial_result {
    const lac_plan *plan; /* all borrowed */
    const lac_trial_data *data;
    const lac_trial_estimate *estimate;
} lac_trial_result;

/* Under a temporary name first; what was there is replaced. */
lac_status lac_trial_write(const char *path, const lac_trial_result *result,
                           const lac_index_origin *origin);

#endif
