/* Transport: diffusion of every mobile field and the boundaries, as one operator on the state.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_TRANSPORT_H
#define LAC_TRANSPORT_TRANSPORT_H

#include "network/columns.h"
#include "network/frame.h"
#include "tissue/grid.h"

#include <stdbool.h>

typedef struct lac_transport lac_transport;

/* Coefficients at one state and time: diffusivities, conductances, partitions, boundary values. */
typedef struct lac_coefficients lac_coefficients;

lac_status lac_transport_create(const lac_model *model, const lac_grid *grid,
                                const lac_layout *layout, lac_transport **transport);
void lac_transport_free(lac_transport *transport);

lac_status lac_coefficients_create(const lac_transport *transport, lac_coefficients **coefficients);
void lac_coefficients_free(lac_coefficients *coefficients);

/* Do coefficients change with the state (moving D, partition)? with time alone? */
int lac_transport_depends_on_state(const lac_transport *transport);
int lac_transport_depends_on_time(const lac_transport *transport);

/* Evaluates all coefficients at the frame. What cannot have changed is not computed again.
 * LAC_NUMERICS with time, species, voxel for a negative or NaN diffusivity. */
lac_status lac_transport_evaluate(lac_transport *transport, const lac_frame *frame,
                                  lac_coefficients *coefficients);
/* Forces the next evaluation to compute everything (parameters were changed by an event). */
void lac_transport_forget(lac_coefficients *coefficients);

/* out += transport of u (all pools' exchange included); flux[boundary] = what enters the tissue
 * through it, for the whole joint [1/s] (NULL = not wanted). Threads inside, fixed bits. */
void lac_transport_derivative(const lac_transport *transport, const lac_coefficients *coefficients,
                              const double *u, double *out, double *flux);

/* The same for the linear part: coefficients frozen, boundary values and given fluxes left out. */
void lac_transport_times(const lac_transport *transport, const lac_coefficients *coefficients,
                         const double *v, double *out, double *flux);

/* out += partial derivative with respect to time at fixed state (boundary values, fluxes,
 * coefficients that depend on time), from the analytic rates of the laws, so that at a kink of an
 * input the rate to the right counts. */
lac_status lac_transport_time_derivative(lac_transport *transport, const lac_frame *frame,
                                         double *out, double *flux);

/* Columns (network/columns.h): are all tissues lines of active voxels, of few enough unknowns to be
 * solved for exactly? */
bool lac_columns_pay(const lac_model *model, const lac_layout *layout);
/* Voxels from the first up to the last that exchanges with a pool. */
size_t lac_transport_border(const lac_transport *transport, size_t tissue);
/* Subtracts g times the transport's part of J. */
void lac_transport_fill_columns(const lac_transport *transport,
                                const lac_coefficients *coefficients, double g,
                                lac_columns *columns);

/* A field is mobile when it has a diffusivity or a boundary. */
bool lac_is_mobile(const lac_model *model, size_t field);
void lac_find_mobile(const lac_model *model, unsigned char *mobile); /* [fields] */

#endif
