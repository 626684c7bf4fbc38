/* Clocks of the system.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"

#include <string.h>
#include <time.h>

double lac_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void lac_clock_date(char date[LAC_CLOCK_DATE])
{
    time_t now = time(NULL);
    struct tm utc;
    if (!gmtime_r(&now, &utc) || strftime(date, LAC_CLOCK_DATE, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        strcpy(date, "unknown");
}
