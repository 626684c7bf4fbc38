/* The parallel job that this process may be a rank of, as its environment tells before MPI is
 * asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_MPI_ENVIRONMENT_H
#define LAC_CLI_MPI_ENVIRONMENT_H

#include <stddef.h>

/* 1 when there is no such job. */
size_t lac_mpi_environment_size(void);
/* 0 for the first. */
size_t lac_mpi_environment_rank(void);

#endif
