/* The state of one run: all unknowns, the current parameters, and what the ledger has summed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_STATE_H
#define LAC_TISSUE_STATE_H

#include "base/block.h"
#include "base/vector.h"
#include "model/model.h"

typedef struct lac_state {
    lac_layout layout;
    double time;   /* [s] */
    double *value; /* owned [layout.length] */
    size_t parameters;
    double *parameter; /* owned: current values */
    /* The ledger, all for the whole joint [molecules, cells, or um^3 * value for states]: */
    size_t processes;
    double *extent; /* owned: integral of each process's rate */
    size_t boundaries;
    double *flux;    /* owned: integral of what entered the tissue through each boundary */
    double *added;   /* owned [variables]: by events */
    double *initial; /* owned [variables]: content at the start */
} lac_state;

/* The layout of a model, with the voxels that its tissues say. */
lac_layout lac_model_layout(const lac_model *model);

lac_status lac_state_create(const lac_model *model, lac_state **state);
void lac_state_free(lac_state *state);
lac_status lac_state_copy(const lac_state *state, lac_state **copy);

/* What the joint holds of a variable now [molecules, cells, or um^3 * value]: fields: sum * weight
 * of its tissue (lac_tissue_weight); pools: density * volume, or the total. */
double lac_state_content(const lac_state *state, const lac_model *model, size_t variable);

/* All arrays and the time, owner "state". */
void lac_state_blocks(lac_state *state, lac_block_list *list);

/* LAC_NUMERICS with time, species and voxel at the first value that is not finite, or is below
 * -atol * allowance where the variable is not signed. */
lac_status lac_state_check(const lac_state *state, const lac_model *model, double allowance);

#endif
