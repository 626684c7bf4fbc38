/* The bound of a step by its events: those of a discrete process may be few only beside what they
 * change, in the tissue as a whole and in each of its regions.
 *
 *   sum over sites of integrated propensity <= accuracy * max(number, 1)
 *
 * What feedback of others and of a site's own events leaves is of the order of accuracy^2.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_internal.h"

#include "base/memory.h"
#include "base/text.h"
#include "exact/exact.h"
#include "model/representation.h"
#include "molecules/molecules.h"

#include <math.h>

/* Sums over the sites of a region (NULL = everywhere). */
typedef struct lac_event_sums {
    double events, number;
} lac_event_sums;

double lac_hybrid_number_at(const lac_hybrid *h, const lac_discrete_process *it, size_t site)
{
    double least = INFINITY;
    for (size_t k = 0; k < it->limits; k++) {
        const size_t variable = it->limit[k], d = h->place[variable];
        const size_t at = variable < h->layout.fields ? site : 0;
        least = fmin(least, h->count[h->count_at[d] + at]);
    }
    return least;
}

static lac_event_sums sums_over(const lac_hybrid *h, const lac_discrete_process *it,
                                const double *region)
{
    lac_event_sums sums = {0, 0};
    for (size_t site = 0; site < it->sites; site++) {
        if (region && region[site] == 0)
            continue;
        sums.events += fmax(h->integral[it->first + site], 0);
        sums.number += lac_hybrid_number_at(h, it, site);
    }
    return sums;
}

/* --- which bound it is ---------------------------------------------------------------------------
 */

enum {
    OF_ERROR,
    OF_STOPS,
    OF_LONGEST,
    OF_COMPANION,
    OF_WINDOWS,
    OF_MEETINGS,
    OF_HOPS,
    OF_MEANS,
    OF_EVENTS
};

/* With `auto` two more, before those of events. */
enum { OF_THRESHOLDS = OF_EVENTS, OF_EXACT, OF_EVENTS_OR_AUTO };

static size_t first_of_events(const lac_hybrid *h)
{
    return h->changing ? OF_EVENTS_OR_AUTO : OF_EVENTS;
}

/* Of the k-th process that is one of events at any time, as a whole (r = 0), or in region r - 1. */
static size_t bound_of(const lac_hybrid *h, size_t k, size_t r)
{
    return first_of_events(h) + k * (h->scene.grid->regions + 1) + r;
}

/* Can its events bound a step? Those of molecules that diffuse cannot. */
static bool has_bounds(const lac_model *model, size_t process)
{
    const lac_process *it = &model->process[process];
    for (size_t k = 0; k < it->changes; k++)
        if (lac_model_is_moving(model, it->change[k].variable) &&
            !lac_model_is_automatic(model, it->change[k].variable))
            return false;
    return lac_model_may_be_event(model, process);
}

size_t lac_hybrid_bound_of(const lac_hybrid *h, size_t process)
{
    size_t place = 0;
    for (size_t p = 0; p < process; p++)
        place += has_bounds(h->scene.model, p);
    return place;
}

double lac_hybrid_excess(const lac_hybrid *h, double *tightest)
{
    double worst = 0;
    *tightest = OF_ERROR;
    for (size_t k = 0; k < h->switches; k++)
        for (size_t r = 0; r <= (h->process[k].in_tissue ? h->scene.grid->regions : 0); r++) {
            const lac_grid *grid = h->process[k].grid;
            const lac_region *region = r > 0 ? &h->scene.model->region[r - 1] : NULL;
            if (region && (region->whole || region->tissue != grid->tissue))
                continue;
            lac_event_sums sums = sums_over(h, &h->process[k], r == 0 ? NULL : grid->region[r - 1]);
            double excess = sums.events / fmax(sums.number, 1);
            if (excess > worst)
                *tightest = (double)bound_of(h, h->process[k].bound, r);
            worst = fmax(worst, excess);
        }
    return worst / h->scene.model->settings.accuracy;
}

static lac_status name_events(const lac_hybrid *h, char **name)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    const lac_model *model = h->scene.model;
    size_t k = 0;
    for (size_t p = 0; p < model->processes; p++) {
        for (size_t r = 0; has_bounds(model, p) && r <= h->scene.grid->regions; r++) {
            lac_text_free(&text);
            lac_text_add(&text, "events of %s", model->process[p].id);
            if (r > 0)
                lac_text_add(&text, " in %s", model->region[r - 1].id);
            LAC_TRY(text.failed);
            LAC_OWN(name[bound_of(h, k, r)], lac_copy_text(lac_text_of(&text)));
        }
        k += has_bounds(model, p);
    }
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_hybrid_name_bounds(const lac_hybrid *h, lac_account **account)
{
    static const char *const first[OF_EVENTS_OR_AUTO] = {
        [OF_ERROR] = "error test",
        [OF_STOPS] = "outputs and events of the text",
        [OF_LONGEST] = "run.longest_step",
        [OF_COMPANION] = "steps of the companion",
        [OF_WINDOWS] = "windows of molecules",
        [OF_MEETINGS] = "within windows: meetings",
        [OF_HOPS] = "within windows: hops before meetings",
        [OF_MEANS] = "within windows: means over time",
        [OF_THRESHOLDS] = "thresholds of auto",
        [OF_EXACT] = "all is discrete: events, one by one"};
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    const size_t bounds = bound_of(h, lac_hybrid_bound_of(h, model->processes), 0);
    char **name = NULL;
    LAC_NEW(name, bounds);
    for (size_t k = 0; k < first_of_events(h); k++)
        LAC_OWN(name[k], lac_copy_text(first[k]));
    LAC_TRY(name_events(h, name));
    unsigned char *discrete = NULL;
    LAC_NEW(discrete, model->variables);
    for (size_t v = 0; v < model->variables; v++)
        discrete[v] = lac_model_may_be_discrete(model, v);
    status = lac_account_create(model, discrete, name, bounds, account);
    lac_free(discrete);
out:
    for (size_t k = 0; name && k < bounds; k++)
        lac_free(name[k]);
    lac_free(name);
    return status;
}

void lac_hybrid_count_molecule_bounds(lac_hybrid *h, int sign, const double *by)
{
    h->account->ruled[OF_MEETINGS] += sign * by[LAC_MOLECULES_LOSS];
    h->account->ruled[OF_HOPS] += sign * by[LAC_MOLECULES_HOPS];
    h->account->ruled[OF_MEANS] += sign * by[LAC_MOLECULES_MEAN];
}

void lac_hybrid_count_bound(lac_hybrid *h)
{
    static const size_t of[] = {[LAC_LIMIT_ERROR] = OF_ERROR,
                                [LAC_LIMIT_HOOKS] = OF_EVENTS,
                                [LAC_LIMIT_LONGEST] = OF_LONGEST,
                                [LAC_LIMIT_STOP] = OF_STOPS};
    if (h->whole == &lac_exact_method) {
        h->account->ruled[OF_EXACT] += 1;
        return;
    }
    size_t bound = h->shortened ? OF_EVENTS : of[lac_mean_field_limit(h->engine)];
    if (bound == OF_STOPS && h->windowed)
        bound = OF_WINDOWS;
    else if (bound == OF_STOPS && h->led)
        bound = OF_COMPANION;
    if (bound == OF_EVENTS)
        bound = (size_t)h->ruling;
    if (h->changing && h->changing->passed)
        bound = OF_THRESHOLDS;
    if (h->changing)
        h->changing->passed = false;
    h->account->ruled[bound] += 1;
    h->shortened = false;
}
