/* The cost of a member.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cost.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* [s] to begin and end, measured on columns and sections of the bundled scenarios. */
static const double PER_RUN = 0.04;
/* Steps: one a frame at least, some to follow the start, some after each event. */
static const double STEPS_LEAST = 100, STEPS_PER_EVENT = 30;
/* [bytes] of a result without frames, and of what each variable adds to it. */
static const double FILE_BYTES = 120000, VARIABLE_BYTES = 10000;

static double frames(double until, double every)
{
    return every > 0 ? 1 + ceil(until / every) : 2;
}

static double events(const lac_model *model)
{
    double until = model->settings.until, count = 0;
    for (size_t each = 0; each < model->events; each++) {
        const lac_event *event = &model->event[each];
        double last = fmin(until, event->until);
        count += !event->when && event->every > 0 && last > event->at
                     ? 1 + floor((last - event->at) / event->every)
                     : 1;
    }
    return count;
}

static double estimate_seconds(const lac_model *model)
{
    if (strcmp(model->settings.method, "mean-field") != 0)
        return NAN;
    double steps = fmax(STEPS_LEAST, frames(model->settings.until, model->settings.save_every)) +
                   STEPS_PER_EVENT * events(model);
    return PER_RUN + steps * lac_model_step_seconds(model);
}

/* Of each variable the ledger keeps nine numbers a frame, of each process one. */
static double estimate_disk(const lac_plan *plan)
{
    const lac_model *model = plan->model;
    const lac_settings *settings = &model->settings;
    double variables = (double)model->variables, pools = variables - (double)model->fields;
    double a_frame = 9 * variables + (double)model->processes + pools + (double)model->observables;
    double bytes = FILE_BYTES + VARIABLE_BYTES * variables +
                   8 * a_frame * frames(settings->until, settings->save_every);
    if (strcmp(plan->fields, "none") != 0) {
        double every =
            settings->save_fields_every > 0 ? settings->save_fields_every : settings->save_every;
        bytes += 8 * (lac_model_unknowns(model) - pools) * frames(settings->until, every);
    }
    return bytes;
}

/* The mean of the members that are done, when there are some. */
static lac_status measure(const lac_sweep_setup *setup, lac_cost *cost)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    lac_attempt_record *record = NULL;
    double sum = 0;
    size_t members = setup->samples->members, done = 0;
    if (lac_campaign_look(lac_text_of(&setup->directory), setup->samples, &campaign) != LAC_OK)
        return LAC_OK; /* nothing has been run */
    LAC_NEW(record, members);
    LAC_TRY(lac_campaign_read(campaign, members, record));
    for (size_t member = 0; member < members; member++)
        if (record[member].status == LAC_DONE && record[member].cpu > 0) {
            sum += record[member].cpu;
            done++;
        }
    if (done > 0) {
        cost->seconds = sum / (double)done;
        cost->measured = done;
    }
out:
    lac_campaign_close(campaign);
    lac_free(record);
    return status;
}

lac_status lac_cost_of(const lac_sweep_setup *setup, lac_cost *cost)
{
    *cost = (lac_cost){estimate_seconds(setup->plan->model), estimate_disk(setup->plan), 0};
    return measure(setup, cost);
}
