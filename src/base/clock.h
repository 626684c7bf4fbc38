/* Clocks: seconds that only go forward, and the date as results say it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_CLOCK_H
#define LAC_BASE_CLOCK_H

/* [s] of wall clock since some moment; unlike the date it is never set back. */
double lac_clock_seconds(void);

enum { LAC_CLOCK_DATE = 32 };
/* The date in UTC by ISO 8601, "2026-01-31T23:59:59Z"; "unknown" when there is none. */
void lac_clock_date(char date[LAC_CLOCK_DATE]);

#endif
