/* What the files of this room know of a network's inside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_NETWORK_INTERNAL_H
#define LAC_NETWORK_NETWORK_INTERNAL_H

#include "network/network.h"
#include "network/program_internal.h"

/* Some laws of processes: those that are not zero, tissue and pools apart. */
typedef struct lac_laws {
    size_t tissue;               /* laws */
    size_t *tissue_process;      /* owned */
    lac_program *tissue_program; /* owned, streamed */
    size_t pools;
    size_t *pool_process;      /* owned */
    lac_program *pool_program; /* owned */
} lac_laws;

/* d(rate of process)/d(variable), structurally not zero. `at` counts the stored fields when it
 * varies, else the scalars. Slopes of a process limited to a region always vary. */
typedef struct lac_slope {
    size_t process;
    size_t variable;
    int varies;
    size_t at;
} lac_slope;

typedef struct lac_local_factor lac_local_factor;

/* The processes of one tissue, and in the first of a chain those of the pools. */
struct lac_network {
    struct lac_network *next; /* owned: of the next tissue; NULL = the last */
    const lac_model *model;   /* borrowed */
    size_t tissue;
    lac_tract tract;   /* of this tissue */
    size_t begin, end; /* its processes */
    size_t processes;  /* how many these are */
    lac_layout layout;
    double weight;
    double *share;        /* owned [voxels]: their volumes, NULL = all alike */
    const lac_part *part; /* borrowed; NULL = all */
    int threads;          /* most that may work */

    lac_laws rates;
    lac_laws time_rates;

    size_t slopes;
    lac_slope *slope;      /* owned, by process */
    size_t *first_slope;   /* owned [processes + 1] */
    size_t stored;         /* gradient fields */
    size_t *stored_region; /* owned [stored]: LAC_NONE or the region outside of which it is 0 */
    size_t scalars;
    lac_program *stored_program; /* owned */
    lac_program *scalar_program; /* owned */

    size_t blocks;
    size_t width;     /* doubles a block and field takes in the stores: a line more than voxels */
    double *gradient; /* owned [blocks][stored][width] */
    double *scalar;   /* owned [scalars] */
    const double *active; /* borrowed from the frame of the last linearisation */
    const double *const *region;

    double *uniform; /* owned: scratch of uniform parts */
    double *output;  /* owned: scalar outputs */
    size_t scratch_each;
    double *scratch; /* owned [threads][scratch_each] */
    double *partial; /* owned [blocks][processes] */

    lac_local_factor *factor; /* owned; NULL until prepared */
};

/* Where a block's stored field begins. */
double *lac_network_stored(const lac_network *network, size_t block, size_t at);

/* Threads for work over the blocks. */
int lac_network_threads(const lac_network *network);

/* A piece of a block: neighbouring voxels that one strip holds. */
typedef struct lac_strip {
    size_t block;
    size_t voxel; /* first */
    size_t count;
    int all_active;
} lac_strip;

/* What happens to the rates of a process in a strip: masked by activity and region, summed up to
 * its extent, and added to the fields that it changes. `room` holds a strip. */
typedef struct lac_scatter {
    const lac_network *network;
    const double *active;
    const double *const *region;
    double *derivative;
    double *partial; /* NULL = extents are not wanted */
    double *watched; /* NULL = watched rates are not wanted */
} lac_scatter;

/* Where a field of its tissue begins in a vector. */
static inline size_t lac_network_at(const lac_network *network, size_t field)
{
    return network->tract.at + (field - network->tract.first) * network->tract.stride;
}

/* Does this network act on the process? on the variable? */
int lac_network_owns_process(const lac_network *network, size_t process);
int lac_network_owns_variable(const lac_network *network, size_t variable);
/* Where the watched rates stand behind the extents; NULL without. */
double *lac_network_watched(const lac_network *network, double *extent);

lac_strip lac_strip_of(const lac_scatter *scatter, size_t block, size_t voxel, size_t end);
void lac_scatter_rate(const lac_scatter *scatter, const lac_strip *strip, size_t process,
                      const double *rate, double *room);
/* extent[process] = weight * sum of partial sums, blocks in order. */
void lac_scatter_extents(const lac_network *network, double *extent);

/* Builds the gradient's structure and programs from the laws' nodes [processes]. */
lac_status lac_jacobian_build(lac_network *network, lac_graph *graph, const lac_node *law);

void lac_local_factor_free(lac_local_factor *factor);
size_t lac_local_factor_entries(const lac_local_factor *factor);
size_t lac_local_factor_bytes(const lac_local_factor *factor);

#endif
