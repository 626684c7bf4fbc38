/* States of the method `exact`: dimensionless variables that follow their rate equations between
 * the events, voxel by voxel.
 *
 * Integration: the pair 3(2) of Bogacki & Shampine (1989, Appl. Math. Lett. 2:321) with the run's
 * tolerances. The states of a voxel are brought up to the time of every event that changes what
 * they look at, before it; pools that they look at are held until one has left its bounds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_STATES_H
#define LAC_EXACT_EXACT_STATES_H

#include "exact/exact_internal.h"

typedef struct lac_states lac_states;

/* Of the processes that change states; e->states stays NULL when there are none. LAC_INPUT for a
 * process that changes both states and counts, or a state that moves. */
lac_status lac_exact_states_create(lac_exact *e);
void lac_exact_states_free(lac_states *states);

/* Parameters have changed. */
void lac_exact_states_fold(lac_exact *e);

/* A state is somewhere to be brought up to the present: one site, or all. */
lac_status lac_exact_states_advance_to_now(lac_exact *e, size_t site);
lac_status lac_exact_states_advance_all(lac_exact *e);
/* ... where a law at this voxel looks. */
lac_status lac_exact_states_advance_for(lac_exact *e, const lac_reaction *reaction, size_t voxel);
/* Do the states look at this variable? */
bool lac_exact_states_see(const lac_exact *e, size_t variable);

/* Bounds every state over a window that begins now; returns how long they can be trusted [s], at
 * most `length`. */
double lac_exact_states_bound(lac_exact *e, double length);
/* Recomputes the bounds of the states of a site where they may leave their bounds; true when they
 * changed. */
bool lac_exact_states_rebound(lac_exact *e, size_t site);

/* Adds what processes did since the last call to the ledger. */
void lac_exact_states_book(lac_exact *e, lac_state *state);
void lac_exact_states_blocks(lac_exact *e, lac_block_list *list);
void lac_exact_states_restart(lac_exact *e);

#endif
