/* The method `exact`: every reaction and every hop an event.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_EXACT_EXACT_H
#define LAC_EXACT_EXACT_H

#include "stepper/stepper.h"

extern const lac_stepper_type lac_exact_method;

#endif
