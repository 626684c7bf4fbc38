/* Durations on the command line and on the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_DURATION_H
#define LAC_BASE_DURATION_H

#include "base/status.h"

#include <stddef.h>

/* A span of wall-clock time: "3h50m", "3 h 50 min", "13800 s", or as batch systems say it,
 * "3:50:00" (hours, minutes, seconds), "50:00" (minutes, seconds), "1-12" (days, hours),
 * "1-12:30", "1-12:30:00". LAC_USAGE with a sentence for anything else, and unless it is longer
 * than nothing. */
lac_status lac_duration_read(const char *text, double *seconds);

/* Seconds as "3 d 04 h", "2 h 05 min", "7.2 s" in `text`; returns `text`. */
const char *lac_duration(double seconds, char *text, size_t bytes);

#endif
