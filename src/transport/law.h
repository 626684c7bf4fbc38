/* A law of transport: one coefficient of diffusion or of a boundary as a compiled expression, with
 * what it may depend on, so that it is evaluated no more often and no more widely than needed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_LAW_H
#define LAC_TRANSPORT_LAW_H

#include "network/frame.h"
#include "network/graph.h"
#include "network/program.h"
#include "tissue/operators.h"

#include <stdbool.h>

/* Zero-initialised = absent. */
typedef struct lac_law {
    size_t symbols;
    lac_symbol *symbol;   /* owned: fields, coordinates and regions that it looks at, each once */
    lac_program *program; /* owned; NULL = absent */
    lac_program *rate;    /* owned: the partial derivative in time; NULL = 0 */
    lac_variation variation;
    bool on_state, on_time;
} lac_law;

/* Scratch for laws at boundary faces: the points at which they are taken as a small grid of their
 * own. */
typedef struct lac_law_points lac_law_points;

/* Some boundary faces in order of voxel, and how far behind them a law is taken
 * (tissue/boundary_face.h). */
typedef struct lac_boundary_face_set {
    const lac_boundary_face *face;
    size_t count;
    double share;
} lac_boundary_face_set;

/* Where laws are evaluated and the scratch for it; all borrowed. */
typedef struct lac_law_place {
    const lac_grid *grid;
    const size_t *layer_voxel; /* an active voxel of each layer, where there is one */
    double *uniform;           /* lac_law_uniform_size of the largest law */
    double *block;             /* lac_law_block_size of the largest law */
    lac_law_points *points;
} lac_law_place;

/* `tree` may be NULL: an absent law. */
/* `grid` is that of the tissue in which it is taken. */
lac_status lac_law_compile(lac_graph *graph, const lac_model *model, const lac_grid *grid,
                           const lac_expression *tree, lac_law *law);
void lac_law_free(lac_law *law);

/* May its value differ between places of equal depth? NULL does not. */
bool lac_law_is_lateral(const lac_model *model, const lac_expression *tree);

size_t lac_law_uniform_size(const lac_law *law);
size_t lac_law_block_size(const lac_law *law);

/* How many values the law has on a grid: 1, the layers, or the voxels; 0 when absent. */
size_t lac_law_values(const lac_law *law, const lac_grid *grid);

/* `program` is law->program or law->rate. All its values; LAC_MEMORY possible. */
lac_status lac_law_evaluate(const lac_law *law, const lac_program *program, lac_law_place place,
                            const lac_frame *frame, double *values);

lac_status lac_law_points_create(const lac_model *model, const lac_layout *layout,
                                 lac_law_points **points);
void lac_law_points_free(lac_law_points *points);

/* The values at boundary faces and, when they are wanted, their partial derivatives in time. */
void lac_law_at_boundary_faces(const lac_law *law, lac_law_place place, const lac_frame *frame,
                               const lac_boundary_face_set *faces, double *values, double *rates);

#endif
