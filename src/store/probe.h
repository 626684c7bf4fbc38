/* A probe: looks at a file that may be damaged in a child process, since the HDF5 library can crash
 * on one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_PROBE_H
#define LAC_STORE_PROBE_H

#include <stddef.h>

/* Runs in the child; what it writes to `out` is the answer. */
typedef void (*lac_probe_call)(void *context, int out);

/* The answer, cut to fit in `bytes`, and the signal that ended the child (0 = none; without a child
 * nothing is known: "" and 0). */
int lac_probe(lac_probe_call call, void *context, char *answer, size_t bytes);

#endif
