/* Rosenbrock methods: coefficient tables, one attempt at a step, and how long the next may be.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_ROSENBROCK_H
#define LAC_MEAN_FIELD_ROSENBROCK_H

#include "mean_field/krylov.h"

enum { LAC_STAGES_MOST = 6 };

/* A method in the form that needs no product with the Jacobian (Hairer & Wanner 1996, IV.7.25):
 *   (I/(gamma dt) - J) U_i = F(t + alpha_i dt, y + sum a_ij U_j) + sum (c_ij/dt) U_j
 *                            + gamma_i dt dF/dt,
 *   y_new = y + sum m_i U_i,  error = sum e_i U_i. */
typedef struct lac_rosenbrock_table {
    const char *name;
    const char *reference;
    size_t stages;
    int order;
    int estimate_order; /* of the embedded solution */
    int rough_stage;    /* the stage that is also the error of a solution of one order less than the
                           embedded one; 0 = none */
    int any_jacobian;   /* the order holds for an inexact J (a W-method) */
    double gamma;
    double alpha[LAC_STAGES_MOST];
    double gamma_sum[LAC_STAGES_MOST]; /* gamma_i */
    double a[LAC_STAGES_MOST][LAC_STAGES_MOST];
    double c[LAC_STAGES_MOST][LAC_STAGES_MOST];
    double m[LAC_STAGES_MOST];
    double e[LAC_STAGES_MOST];
    double caution; /* what the embedded error is multiplied by: where a method's own error comes
                       near its estimate, many small steps add up to far more than the tolerance;
                       measured, docs/methods.md, section 5 */
} lac_rosenbrock_table;

extern const lac_rosenbrock_table lac_rodas4;   /* order 4(3), stiffly accurate */
extern const lac_rosenbrock_table lac_ros34pw2; /* order 3(2), any Jacobian, stiffly accurate */
extern const lac_rosenbrock_table lac_ros2;     /* order 2(1) */

/* By name ("rodas4", ...); NULL when unknown. */
const lac_rosenbrock_table *lac_rosenbrock_find(const char *name);

typedef struct lac_rosenbrock lac_rosenbrock;

/* Both borrowed. `most` iterations of the linear solver. */
lac_status lac_rosenbrock_create(const lac_rosenbrock_table *table, const lac_system *system,
                                 size_t most, lac_rosenbrock **rosenbrock);
void lac_rosenbrock_free(lac_rosenbrock *rosenbrock);

typedef struct lac_attempt {
    double time;     /* [s] */
    double step;     /* [s] */
    double earliest; /* [s] no stage looks earlier than this (the right side of a jump) */
    double latest; /* [s] no stage looks at the system later than this (the left side of a jump) */
    const double *y;      /* [length] */
    const double *weight; /* [length] of the norm of linear residuals, see krylov.h */
    double tolerance;     /* of linear residuals */
} lac_attempt;

typedef enum lac_attempt_end {
    LAC_ATTEMPT_DONE,
    LAC_ATTEMPT_LINEAR,    /* the linear solver did not converge */
    LAC_ATTEMPT_SINGULAR,  /* the preconditioner has no inverse; lac_failure() says where */
    LAC_ATTEMPT_UNDEFINED, /* F was not defined at a stage; lac_failure() says why */
    LAC_ATTEMPT_NOT_FINITE /* F or the solution of a stage is infinite or no number */
} lac_attempt_end;

/* Once per step, before its first attempt: the Jacobian and dF/dt at (time, y). */
lac_status lac_rosenbrock_prepare(lac_rosenbrock *rosenbrock, double time, const double *y);

/* Tries the step; y is left alone. An error only for what is not the fault of the step's size. */
lac_status lac_rosenbrock_try(lac_rosenbrock *rosenbrock, const lac_attempt *attempt,
                              lac_attempt_end *end);

/* After LAC_ATTEMPT_DONE, until the next try: the new y and the error estimate [length], and the
 * integrals of the rates over the step [rates]. */
const double *lac_rosenbrock_value(const lac_rosenbrock *rosenbrock);
const double *lac_rosenbrock_error(const lac_rosenbrock *rosenbrock);
/* The same of a solution of one order less, NULL for methods without one. */
const double *lac_rosenbrock_rough(const lac_rosenbrock *rosenbrock);
const double *lac_rosenbrock_integral(const lac_rosenbrock *rosenbrock);

/* Where the last attempt looked at F last. The value is valid until the next try; after
 * LAC_ATTEMPT_DONE it is the new y. */
typedef struct lac_rosenbrock_stage {
    double time; /* [s] */
    const double *value;
} lac_rosenbrock_stage;
lac_rosenbrock_stage lac_rosenbrock_last_stage(const lac_rosenbrock *rosenbrock);
/* The mean over the step of unknown `at`, by the method itself: for what is linear it is what the
 * ledger has used. `attempt` is that of the try. */
double lac_rosenbrock_mean(const lac_rosenbrock *rosenbrock, const lac_attempt *attempt, size_t at);
/* The solver of the stages, for other systems (I - g J) x = b of the same J. */
lac_krylov *lac_rosenbrock_krylov(lac_rosenbrock *rosenbrock);

size_t lac_rosenbrock_evaluations(const lac_rosenbrock *rosenbrock);
size_t lac_rosenbrock_iterations(const lac_rosenbrock *rosenbrock);

/* Vectors of [length] that a method holds at most in ordinary work, for estimates of memory. */
size_t lac_rosenbrock_vectors(const lac_rosenbrock_table *table);

/* By what to multiply the step after an error of `error` tolerances. */
double lac_step_factor(const lac_rosenbrock_table *table, double error);

/* The step to take when `wanted` is wanted and `left` remains until a stop: all that is left, an
 * even half, or what is wanted, so that no sliver remains. */
double lac_step_towards(double wanted, double left);

#endif
