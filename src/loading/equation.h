/* Equation: "A + 2 B -> C" as species with counts; private to this room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_EQUATION_H
#define LAC_LOADING_EQUATION_H

#include "loading/loader.h"

enum { LAC_MOST_TERMS = 32 };

typedef struct lac_term {
    size_t variable;
    double count;
} lac_term;

typedef struct lac_equation {
    lac_term left[LAC_MOST_TERMS], right[LAC_MOST_TERMS];
    size_t lefts, rights;
    bool reversible; /* <=> */
} lac_equation;

/* Bare names are species of `domain`. False after a report. */
bool lac_equation_read(lac_loader *loader, const lac_yaml *node, size_t domain,
                       lac_equation *equation);

/* The net change of a variable by one event of the reaction. */
double lac_equation_net(const lac_equation *equation, size_t variable);

#endif
