/* Overrides: values that replace those of a scenario.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_OVERRIDE_H
#define LAC_LOADING_OVERRIDE_H

#include "language/place.h"

/* One `--set NAME=VALUE`. */
typedef struct lac_override {
    const char *name;
    const char *value;
} lac_override;

/* Where an override stands when it is in a file, for messages. */
typedef struct lac_override_place {
    lac_place name, value;
} lac_override_place;

#endif
