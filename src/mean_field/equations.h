/* The equations of a scene: reactions and transport as one system for the integrators, with the
 * preconditioner P = R D.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_EQUATIONS_H
#define LAC_MEAN_FIELD_EQUATIONS_H

#include "mean_field/system.h"
#include "network/network.h"
#include "stepper/stepper.h"

typedef struct lac_equations lac_equations;

/* `scene` is borrowed. The rates of the ledger are those of the processes, then the fluxes of the
 * boundaries, both for the whole joint. */
lac_status lac_equations_create(const lac_scene *scene, const lac_layout *layout,
                                lac_equations **equations);
/* The equations of a part of the model (borrowed; NULL = all). What is another's stays as it is;
 * behind the fluxes the rates hold those that the part watches, [watched][widest stride]: part->at
 * is processes + boundaries. */
lac_status lac_equations_create_part(const lac_scene *scene, const lac_layout *layout,
                                     const lac_part *part, lac_equations **equations);
void lac_equations_free(lac_equations *equations);
/* For steps of days and years: the preconditioner takes in all of J for means of planes, each cut
 * into as many as `parts`. Before a factor. */
lac_status lac_equations_prepare_long(lac_equations *equations, size_t parts);

/* The system; valid as long as the equations. */
const lac_system *lac_equations_system(const lac_equations *equations);

/* Looks at this state's parameters from now on (borrowed). */
void lac_equations_bind_state(lac_equations *equations, const lac_state *state);
/* Parameters were changed: nothing derived from them is kept. */
void lac_equations_forget(lac_equations *equations);

/* Adds to `words` which law is not finite at (time, u), see lac_network_undefined; with
 * `derivatives` the last linearisation is looked at too. */
lac_status lac_equations_undefined(lac_equations *equations, double time, const double *u,
                                   bool derivatives, lac_text *words);

const unsigned char *lac_equations_mobile(const lac_equations *equations);
/* Do transport coefficients change with the state, so that J holds them frozen? */
bool lac_equations_inexact(const lac_equations *equations);

#endif
