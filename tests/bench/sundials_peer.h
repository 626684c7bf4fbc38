/* Solvers of SUNDIALS on the equations of a scene, with a limit of processor time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_BENCH_SUNDIALS_PEER_H
#define LAC_TESTS_BENCH_SUNDIALS_PEER_H

#include "physics/scene.h"

/* What a solver is given. OURS: products with the analytic Jacobian and the engine's
 * preconditioner; NONE: products by differences and no preconditioner, as one gets it without
 * writing either. */
typedef enum sundials_help { SUNDIALS_OURS, SUNDIALS_NONE } sundials_help;

typedef struct sundials_peer {
    const char *name;
    bool arkode;      /* else CVODE */
    bool is_explicit; /* a Runge-Kutta method without linear systems */
    sundials_help help;
} sundials_peer;

/* All that this build has; NULL when there is none. */
const sundials_peer *sundials_peers(size_t *count);

typedef struct sundials_run {
    const double *time; /* [times], at which `value` [times][length] is filled */
    size_t times;
    double rtol;
    double budget; /* [s] of processor time */
    double *value;
    double seconds; /* taken */
    size_t steps, evaluations;
} sundials_run;

/* False when the solver gave up or its budget was used up. */
bool sundials_march(const sundials_peer *peer, scene *s, sundials_run *run);

#endif
