/* A readout: the values of all observables and pools at a state, in the units in which a result
 * shows them: the curves of a run that writes no file. The numbers are those of a file, bit for
 * bit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_READOUT_H
#define LAC_OBSERVE_READOUT_H

#include "observe/observer.h"

typedef struct lac_readout lac_readout;

/* The view's model and grid are borrowed. */
lac_status lac_readout_create(const lac_view *view, lac_readout **readout);
void lac_readout_free(lac_readout *readout);

/* Observables in the order of the model, then pools: variables fields .. variables - 1. */
size_t lac_readout_count(const lac_readout *readout);

/* Evaluates all at a frame; the values are borrowed [count], valid until the next call. */
lac_status lac_readout_take(lac_readout *readout, const lac_state *state);
/* The same at any time, into `value` [count]: what first() remembers stays as it is. */
lac_status lac_readout_look(lac_readout *readout, const lac_state *state, double *value);
const double *lac_readout_values(const lac_readout *readout);

/* Times remembered by first(), as the observer of observables keeps them. */
void lac_readout_blocks(lac_readout *readout, lac_block_list *list);

/* The place of a series in the values: an observable, or a pool by the name of its variable;
 * LAC_NONE when the model has neither. */
size_t lac_readout_find(const lac_model *model, const char *name);

#endif
