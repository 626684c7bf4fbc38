/* The method `mean-field`: the deterministic limit, everything continuous.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MEAN_FIELD_MEAN_FIELD_H
#define LAC_MEAN_FIELD_MEAN_FIELD_H

#include "stepper/stepper.h"

extern const lac_stepper_type lac_mean_field;

#endif
