/* What is to be expected of the discrete processes, before a run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "model/representation.h"

#include <math.h>

/* Of now, summed over the sites; h->rate holds the rates of now. */
static void sum_rates(lac_hybrid *h, double *rate)
{
    lac_hybrid_take_integrals(h, h->rate);
    for (size_t k = 0; k < h->switches; k++) {
        const lac_discrete_process *it = &h->process[k];
        rate[it->process] = 0;
        for (size_t site = 0; site < it->sites; site++)
            rate[it->process] += h->integral[it->first + site];
    }
}

static lac_status look_at(lac_hybrid *h, lac_state *state, lac_hybrid_outlook *outlook)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_hybrid_initialise_counts(h, state));
    lac_mean_field_bind_state(h->engine, state);
    LAC_TRY(h->system->linearise(h->system->self, state->time, state->value));
    LAC_TRY(h->system->derivative(h->system->self, state->time, state->value, h->load, h->rate));
    sum_rates(h, outlook->rate);
    double tightest;
    const double excess = lac_hybrid_excess(h, &tightest);
    outlook->step = excess > 0 ? 1 / excess : INFINITY;
    if (excess > 0)
        LAC_OWN(outlook->bound, lac_copy_text(h->account->bound[(size_t)tightest]));
out:
    return status;
}

/* Windows of molecules begin short: the longest of the first ones. */
static lac_status look_at_windows(lac_hybrid *h, lac_state *state, lac_hybrid_outlook *outlook)
{
    enum { TRIED = 20 };
    lac_status status = LAC_OK;
    const double until = h->scene.model->settings.until;
    double window = 0;
    for (int k = 0; h->moving && k < TRIED && state->time < until; k++) {
        const double began = state->time;
        LAC_TRY(lac_hybrid_method.step(h, state, until));
        window = fmax(window, state->time - began);
    }
    if (window > 0 && window < outlook->step) {
        outlook->step = window;
        outlook->windows = true;
        lac_free(outlook->bound);
        outlook->bound = NULL;
        LAC_OWN(outlook->bound, lac_copy_text("windows of molecules"));
    }
out:
    return status;
}

lac_status lac_hybrid_look_ahead(const lac_scene *scene, const lac_state *state,
                                 lac_hybrid_outlook *outlook)
{
    lac_status status = LAC_OK;
    const lac_model *model = scene->model;
    lac_state *copy = NULL;
    lac_hybrid *h = NULL;
    void *self = NULL;
    *outlook = (lac_hybrid_outlook){.step = INFINITY};
    LAC_NEW(outlook->rate, model->processes);
    for (size_t process = 0; process < model->processes; process++)
        outlook->rate[process] = NAN;
    if (lac_hybrid_whole_of(model) && !lac_model_has_automatic(model)) {
        outlook->whole = lac_hybrid_whole_of(model)->name;
        return LAC_OK;
    }
    LAC_TRY(lac_state_copy(state, &copy));
    LAC_TRY(lac_hybrid_method.create(scene, copy, &self));
    h = self;
    if (h->whole) {
        outlook->whole = h->whole->name;
        goto out;
    }
    LAC_TRY(look_at(h, copy, outlook));
    LAC_TRY(look_at_windows(h, copy, outlook));
out:
    lac_hybrid_method.free(self);
    lac_state_free(copy);
    return status;
}

void lac_hybrid_outlook_free(lac_hybrid_outlook *outlook)
{
    lac_free(outlook->rate);
    lac_free(outlook->bound);
    *outlook = (lac_hybrid_outlook){.step = INFINITY};
}
