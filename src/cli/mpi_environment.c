/* The parallel job: what Open MPI, MPICH and its kin, and Slurm with PMIx say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/mpi_environment.h"

#include <stdlib.h>

static size_t number_of(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    char *end;
    if (!text || *text < '0' || *text > '9')
        return otherwise;
    unsigned long value = strtoul(text, &end, 10);
    return *end == '\0' ? value : otherwise;
}

size_t lac_mpi_environment_size(void)
{
    size_t size = number_of("OMPI_COMM_WORLD_SIZE", number_of("PMI_SIZE", 1));
    /* PMIx says no size; a step of Slurm that was started with it does. */
    if (size == 1 && getenv("PMIX_RANK"))
        size = number_of("SLURM_STEP_NUM_TASKS", 1);
    return size > 0 ? size : 1;
}

size_t lac_mpi_environment_rank(void)
{
    return number_of("OMPI_COMM_WORLD_RANK", number_of("PMI_RANK", number_of("PMIX_RANK", 0)));
}
