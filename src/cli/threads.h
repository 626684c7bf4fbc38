/* Threads: how many a run has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_THREADS_H
#define LAC_CLI_THREADS_H

#include "cli/options.h"

/* --threads, else OMP_NUM_THREADS, else the processors that this process may use, but no more than
 * a state of so many numbers keeps busy. */
void lac_threads_choose(const lac_arguments *arguments, double unknowns);
int lac_threads_useful(double unknowns);

#endif
