/* Times at which values are saved beside those of `save: {every}`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_SAVE_TIMES_H
#define LAC_MODEL_SAVE_TIMES_H

#include "model/settings.h"

/* *time := owned by the caller [*count] [s], the times of `save_at` in their order; NULL of none.
 * LAC_INPUT for what is no time from 0 on. */
lac_status lac_save_times(const lac_settings *settings, double **time, size_t *count);
/* Is `time` [s] one at which values are saved, but for rounding? */
lac_status lac_saves_at(const lac_settings *settings, double time, bool *saved);
/* Adds `time` [s] to `save_at` unless it is one already. */
lac_status lac_save_also_at(lac_settings *settings, double time);

#endif
