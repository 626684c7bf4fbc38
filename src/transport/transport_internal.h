/* Transport in parts: what transport.c, its boundaries, its derivative in time and the transform
 * know of each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_TRANSPORT_INTERNAL_H
#define LAC_TRANSPORT_TRANSPORT_INTERNAL_H

#include "transport/law.h"
#include "transport/transport.h"

/* Unknowns from which on threads are worth their barriers. */
enum { LAC_PARALLEL_FROM = 32 * LAC_BLOCK };

/* The laws of one boundary; absent ones as in lac_boundary. */
typedef struct lac_boundary_laws {
    lac_law value, partition, permeability;
} lac_boundary_laws;

/* Rows of one field that a thread takes at once. */
typedef struct lac_transport_task {
    size_t field, at; /* ... which begins there */
    const lac_grid *grid;
    size_t first, count;
} lac_transport_task;

struct lac_transport {
    const lac_model *model; /* borrowed */
    const lac_grid *grid;   /* borrowed: of the first tissue */
    lac_layout layout;
    lac_graph *graph;
    lac_law *diffusivity;                  /* owned [fields] */
    lac_boundary_laws *boundary;           /* owned [boundaries] */
    size_t tasks;                          /* of all fields with a diffusivity */
    lac_transport_task *task;              /* owned */
    size_t spread;                         /* their unknowns */
    size_t *layer_voxel[LAC_TISSUES_MOST]; /* owned [layers], of every tissue */
    size_t most_faces;                     /* of a boundary */
    double *uniform, *block;               /* owned scratch of the laws */
    lac_law_points *points;                /* owned: the same at boundary faces */
    double *joint_flux;                    /* owned scratch [boundaries] */
};

/* The faces of one boundary: the value of the voxel behind a boundary face changes by
 * conductance * (reference * pool - u) per time (VALUE: without the pool; FLUX: by the reference).
 */
typedef struct lac_boundary_terms {
    double *conductance; /* owned [1/s] g / h */
    double *reference;   /* owned: boundary value, partition, or flux / h */
} lac_boundary_terms;

struct lac_coefficients {
    size_t fields, boundaries;
    bool valid;         /* everything was evaluated once since the parameters changed ... */
    double time;        /* ... at this time at the latest [s] */
    lac_medium *medium; /* owned [fields]; its arrays are owned too, NULL = no diffusivity */
    lac_boundary_terms *boundary; /* owned [boundaries] */
    double *scratch;              /* owned [most faces of a boundary] */
};

/* The grid of a field, and the place in which its laws are taken. */
const lac_grid *lac_transport_grid(const lac_transport *transport, size_t field);
lac_law_place lac_transport_place(const lac_transport *transport, size_t field);

/* Must a law be evaluated again? */
bool lac_law_is_stale(const lac_law *law, const lac_coefficients *coefficients, double time);

/* The diffusivity of a field at a voxel [um^2/s]; 0 without one. */
double lac_medium_at(const lac_medium *medium, const lac_grid *grid, size_t voxel);

/* LAC_NUMERICS for an invalid coefficient at a voxel. */
lac_status lac_transport_refuse(const lac_transport *transport, double time, const char *what,
                                size_t variable, double value, size_t voxel);

/* Evaluates conductances and references of a boundary where they can have changed. */
lac_status lac_boundary_evaluate(const lac_transport *transport, const lac_frame *frame,
                                 size_t boundary, lac_coefficients *coefficients);

/* out of its field += through the faces of a boundary; returns the sum of what was added. Not
 * threaded. `linear`: without what does not multiply u. */
double lac_boundary_add(const lac_transport *transport, size_t boundary,
                        const lac_boundary_terms *terms, const double *u, double *out, bool linear);

/* Gives the pools what the tissue lost: flux[boundary] for the whole joint [1/s]. */
void lac_boundary_feed_pools(const lac_transport *transport, const double *flux, double *out);

#endif
