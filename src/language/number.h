/* Number: the one spelling of numbers in models: decimal digits, a point, an exponent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_NUMBER_H
#define LAC_LANGUAGE_NUMBER_H

#include "base/status.h"

#include <stddef.h>

/* Reads the number that starts at `text` (without sign); *length is how many bytes belong to it, 0
 * when there is none. LAC_INPUT with a sentence for one that a double cannot hold, for hexadecimal
 * digits and for a number of more than 64 characters. `end` bounds the text. */
lac_status lac_number_scan(const char *text, const char *end, double *value, size_t *length);

#endif
