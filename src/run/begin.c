/* Beginning: from initial values, from what another run was, and from rest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/fingerprint.h"
#include "base/memory.h"
#include "model/write.h"
#include "run/simulation_internal.h"

#include <string.h>

/* Puts the values of a start into the state. */
static lac_status take(lac_simulation *simulation, const lac_start *start)
{
    lac_status status = LAC_OK;
    const lac_model *model = simulation->model;
    lac_state *state = simulation->state;
    LAC_TRY(lac_start_put(start, model, state->layout.length, state->value));
    LAC_TRY(lac_state_check(state, model, 1));
    for (size_t v = 0; v < model->variables; v++)
        state->initial[v] = lac_state_content(state, model, v);
out:
    return status;
}

static lac_status begin_from_file(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &simulation->model->settings;
    lac_start *from = &simulation->from;
    lac_text differ = {0};
    LAC_TRY(lac_start_read(settings->from, settings->from_time, from));
    LAC_TRY(take(simulation, from));
    lac_start_compare(from, simulation->model, &differ);
    LAC_TRY(differ.failed);
    lac_text_add(&simulation->from_told, "%s; %s%s", lac_text_of(&from->told),
                 differ.length > 0 ? "parameters that differ: " : "all parameters are the same",
                 lac_text_of(&differ));
    LAC_TRY(simulation->from_told.failed);
    lac_free(from->value);
    from->value = NULL;
out:
    lac_text_free(&differ);
    return status;
}

lac_status lac_simulation_begin_from(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    const lac_start *start = simulation->options.start;
    const lac_settings *settings = &simulation->model->settings;
    if (start) {
        simulation->steady_state = start->rest;
        return take(simulation, start);
    }
    if (strcmp(settings->from, "none") != 0)
        LAC_TRY(begin_from_file(simulation));
    if (strcmp(settings->start, "rest") == 0)
        LAC_TRY(lac_steady_state_find(&simulation->scene, simulation->state,
                                      &simulation->steady_state));
out:
    return status;
}

static lac_status write_steady_state(lac_store *store, const lac_steady_state *rest)
{
    static const char GROUP[] = LAC_AT_PROVENANCE;
    lac_status status = LAC_OK;
    if (rest->steps == 0)
        return LAC_OK;
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_REST_STEPS, (double)rest->steps));
    LAC_TRY(lac_store_number_attribute(store, GROUP, "rest_refused", (double)rest->refused));
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_REST_RESIDUAL, rest->residual));
out:
    return status;
}

lac_status lac_simulation_tell_start(lac_simulation *simulation)
{
    static const char GROUP[] = LAC_AT_PROVENANCE;
    lac_status status = LAC_OK;
    lac_store *store = simulation->store;
    const lac_start *start =
        simulation->options.start ? simulation->options.start : &simulation->from;
    LAC_TRY(write_steady_state(store, &simulation->steady_state));
    if (simulation->from_told.length > 0) {
        LAC_TRY(
            lac_store_number_attribute(store, GROUP, "from_time_h", start->time / LAC_FILE_TIME));
        LAC_TRY(lac_store_text_attribute(store, GROUP, LAC_KEY_FROM_TOLD,
                                         lac_text_of(&simulation->from_told)));
    }
    if (start->fingerprint[0])
        LAC_TRY(lac_store_text_attribute(store, GROUP, "from_model", start->fingerprint));
    if (simulation->options.start)
        LAC_TRY(
            lac_store_text_attribute(store, GROUP, LAC_KEY_FROM_TOLD, lac_text_of(&start->told)));
out:
    return status;
}

const char *lac_simulation_origin(const lac_simulation *simulation)
{
    return simulation->options.start ? lac_text_of(&simulation->options.start->told)
                                     : lac_text_of(&simulation->from_told);
}

lac_status lac_start_of_model(const lac_model *before, lac_start *start)
{
    lac_status status = LAC_OK;
    lac_simulation *simulation = NULL;
    lac_text text = {0};
    *start = (lac_start){0};
    LAC_TRY(lac_simulation_create(before, &(lac_run_options){0}, &simulation));
    start->length = simulation->state->layout.length;
    LAC_NEW(start->value, start->length);
    memcpy(start->value, simulation->state->value, start->length * sizeof *start->value);
    start->rest = simulation->steady_state;
    lac_model_write(before, &text);
    LAC_TRY(text.failed);
    lac_fingerprint(lac_text_of(&text), start->fingerprint);
out:
    lac_text_free(&text);
    lac_simulation_free(simulation);
    if (status != LAC_OK)
        lac_start_free(start);
    return status;
}
