/* Measures: expressions with reductions (mean, total, min, max, sd, quantile, at, first and so on)
 * evaluated on a state: observables, triggers and values of event actions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_MEASURE_H
#define LAC_OBSERVE_MEASURE_H

#include "observe/observer.h"

typedef struct lac_measures lac_measures;

/* Compiles `count` expressions together, so that common reductions are done once. */
lac_status lac_measures_create(const lac_view *view, const lac_expression *const *trees,
                               size_t count, lac_measures **measures);
void lac_measures_free(lac_measures *measures);

/* value[k] of every expression at this state. Same bits for any number of threads. `latch` false:
 * first() conditions are looked at but not remembered (trigger location). */
lac_status lac_measures_evaluate(lac_measures *measures, const lac_state *state, bool latch,
                                 double *value);

/* Times remembered by first(); owner as given. */
void lac_measures_blocks(lac_measures *measures, const char *owner, lac_block_list *list);

#endif
