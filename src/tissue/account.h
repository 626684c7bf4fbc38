/* The account of a stochastic method: by how much it expects the contents of its discrete variables
 * to be off, and what has bounded its steps. The method keeps it up to date, observers show it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TISSUE_ACCOUNT_H
#define LAC_TISSUE_ACCOUNT_H

#include "base/vector.h"
#include "tissue/grid.h"

/* One row for each discrete variable as a whole, and for each of its regions. */
typedef struct lac_account {
    size_t rows;
    size_t *variable; /* owned [rows] */
    size_t *region;   /* owned [rows]: LAC_NONE = everywhere */
    double *bias; /* owned [rows]: content of the joint beyond its expectation [molecules, cells] */
    double resolution; /* how finely a bias is known: part of the content ... */
    double *least;     /* owned [rows]: ... and what of it does not depend on that */
    size_t bounds;
    char **bound;  /* owned [bounds]: what they are, in words */
    double *ruled; /* owned [bounds]: steps that each has made as short as they were */
    /* Variables that are discrete at times: */
    size_t changing;
    size_t *changes;       /* owned [changing]: which they are */
    double *is_discrete;   /* owned [changing]: now, 0 or 1 */
    double *time_discrete; /* owned [changing] [s] */
    double *to_discrete;   /* owned [changing]: how often they became so */
    double *to_continuous; /* owned [changing]: ... and continuous again */
} lac_account;

/* Rows for the variables that are set in discrete[variables]; all numbers are 0. `bound` is copied.
 */
lac_status lac_account_create(const lac_model *model, const unsigned char *discrete,
                              char *const *bound, size_t bounds, lac_account **account);
void lac_account_free(lac_account *account);
/* These variables are discrete at times. */
lac_status lac_account_follow(lac_account *account, const size_t *variable, size_t count);

/* bias[row] := - sum over its voxels of error[] (laid out as a state is) times what one voxel
 * stands for; of a pool times its volume. */
typedef struct lac_account_source {
    const lac_model *model;
    const lac_grid *grid; /* of the first tissue */
    const lac_layout *layout;
    const double *value;
} lac_account_source;
void lac_account_set(lac_account *account, const lac_account_source *error);

/* The content of a row [molecules or cells of the joint]: of the state's values. */
double lac_account_content(const lac_account *account, const lac_account_source *of, size_t row);

#endif
