/* The plane means of a tissue as one column with the pools: a second factor of the preconditioner
 * for steps so long that what the first leaves out (secretion, sensing, pools) rules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_PLANE_MEANS_H
#define LAC_MEAN_FIELD_PLANE_MEANS_H

#include "network/network.h"
#include "stepper/stepper.h"
#include "transport/transport.h"

typedef struct lac_plane_means lac_plane_means;

/* What it is made of; all borrowed while it is made. */
typedef struct lac_plane_means_of {
    const lac_scene *scene;
    const lac_layout *layout;
    const lac_network *network;
    const lac_transport *transport;
} lac_plane_means_of;

/* Planes are cut into as many as `parts` with a mean each, which follows what varies within planes.
 * *means is NULL where the matrix would be large. */
lac_status lac_plane_means_create(const lac_plane_means_of *of, size_t parts,
                                  lac_plane_means **means);
void lac_plane_means_free(lac_plane_means *means);

/* Of I - g J as network and transport were linearised. False when it is singular. */
bool lac_plane_means_factor(lac_plane_means *means, const lac_plane_means_of *of,
                            const lac_coefficients *coefficients, double g);

/* v += the plane means of r, solved for; pools too. r is overwritten. */
void lac_plane_means_correct(lac_plane_means *means, const double *r, double *v);

#endif
