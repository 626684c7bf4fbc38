/* Process: what reactions and rate equations share when they become processes; private to this
 * room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_PROCESS_H
#define LAC_LOADING_PROCESS_H

#include "loading/equation.h"

/* What a process has apart from its equation and rate; all borrowed. */
typedef struct lac_process_text {
    const char *id;
    const char *law; /* as written */
    size_t domain;
    size_t region; /* LAC_NONE = everywhere */
    bool from_rate_equation;
    lac_place place;
} lac_process_text;

/* The dimension of a law that changes this variable: per volume and time, or (extensive) per time.
 */
lac_dimension lac_process_dimension(const lac_model *model, size_t variable, bool extensive);

/* Takes `rate` over, also on failure. */
lac_status lac_add_process(lac_loader *loader, const lac_process_text *text,
                           const lac_equation *equation, lac_expression *rate);

/* Puts the processes of the tissues first, tissue by tissue; for when all are there. */
lac_status lac_order_processes(lac_model *model);

#endif
