/* What a run of the method `exact` costs: its events, foreseen and counted, and its limit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include <math.h>
#include <stdio.h>

/* "10 min": a whole number of the largest unit that has one, rounded down. */
static const char *time_in_words(double seconds, char text[32])
{
    static const struct unit {
        double seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        if (seconds >= units[k].seconds) {
            snprintf(text, 32, "%.0f %s", floor(seconds / units[k].seconds), units[k].name);
            return text;
        }
    snprintf(text, 32, "%.2g s", seconds);
    return text;
}

lac_status lac_exact_check_cost(const lac_exact *e, double time, double rate)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &e->scene.model->settings;
    const double events = rate * fmax(settings->until - time, 0);
    char possible[32];
    LAC_REQUIRE(
        events <= settings->max_events, LAC_LIMIT,
        "at the propensities of t = %.4g s the run has about %.3g events, more than max_events = "
        "%.3g. Shorten the run to %s (until), take a smaller patch (tissue: size), or increase "
        "max_events; lacuna check estimates the time",
        time, events, settings->max_events, time_in_words(settings->max_events / rate, possible));
out:
    return status;
}

lac_status lac_exact_check_limit(const lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &e->scene.model->settings;
    const double rate = lac_exact_total_propensity(e);
    LAC_REQUIRE(e->clock.events < settings->max_events, LAC_LIMIT,
                "at t = %.9g s: the run has reached max_events = %.4g; at the present propensities "
                "the remaining %.4g s have about %.3g more events. Increase max_events to "
                "continue",
                e->context.time, e->clock.events, settings->until - e->context.time,
                rate * fmax(settings->until - e->context.time, 0));
out:
    return status;
}
