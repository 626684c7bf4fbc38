/* Observers: what reads the state and never changes it. One file and one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_OBSERVER_H
#define LAC_OBSERVE_OBSERVER_H

#include "base/block.h"
#include "network/frame.h"
#include "store/store.h"
#include "tissue/account.h"
#include "tissue/grid.h"
#include "tissue/state.h"

/* Where a run comes from, for provenance; each may be NULL. */
typedef struct lac_origin {
    const char *command; /* command line */
    const char *host;
    const char *created; /* date and time */
    const char *note;    /* a remark of who ran it */
} lac_origin;

/* What every observer may look at; all borrowed. */
typedef struct lac_view {
    const lac_model *model;
    const lac_grid *grid;       /* of the first tissue, and the others behind it */
    double weight;              /* [um^3] the joint's volume for a voxel of the first tissue */
    const lac_origin *origin;   /* may be NULL */
    const lac_account *account; /* of a method that draws; NULL = none */
} lac_view;

typedef struct lac_observer_type {
    const char *name;
    const char *summary;
    /* Creates its variables in a new file, or finds them again when `resumed`. All observers are
     * created, in the order of the list, before the first frame. */
    lac_status (*create)(const lac_view *view, lac_store *store, bool resumed, void **self);
    /* Writes record `frame` of `state`; `field_frame` is LAC_NONE when fields are not due. When
     * fields come with every frame (lac_fields_have_own_times is false) both are the same. */
    lac_status (*record)(void *self, const lac_state *state, size_t frame, size_t field_frame);
    void (*blocks)(void *self, lac_block_list *list);
    void (*free)(void *self);
} lac_observer_type;

/* NULL-terminated. The first makes the dimensions, the last writes the time of a frame: what a file
 * counts as frames is whole in every variable. After a frame the store is flushed by the caller. */
extern const lac_observer_type *const lac_observer_list[];

/* The path of an axis (0 x, 1 y, 2 z) of a tissue: "/z", or "/DOMAIN_z" where there are several. */
enum { LAC_AXIS_PATH_BYTES = 320 };
void lac_axis_path(const lac_model *model, size_t tissue, int axis, char path[LAC_AXIS_PATH_BYTES]);

/* Do fields have an unlimited dimension of their own ("/time_fields" beside "/time"), because they
 * are saved more rarely? */
bool lac_fields_have_own_times(const lac_model *model);

/* Layers that differ: their bounds (CF: cell boundaries) and what a voxel of each holds. */
typedef struct lac_layers_about {
    size_t layers;
    const double *bounds; /* [2 layers]: upper, lower [um] */
    const double *volume; /* [layers] of a voxel [um^3] */
} lac_layers_about;
/* NAME_bounds and NAME_volume beside the axis NAME (a path), which is there. */
lac_status lac_layers_write(lac_store *store, const char *axis, const lac_layers_about *about);

/* The worst relative closure of the ledger now, and the variable that has it (NULL = not wanted):
 * |content - initial - (made - lost + in - out + added)| / throughput; see docs/output-format.md.
 */
lac_status lac_ledger_closure(const lac_view *view, const lac_state *state, double *worst,
                              size_t *variable);

#endif
