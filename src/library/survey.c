/* The survey of a model: its scales before anything is run, as numbers and as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "library/library_internal.h"
#include "library/report.h"
#include "library/report_discrete.h"
#include "library/report_json.h"
#include "model/representation.h"

#include <math.h>

void lac_lent_survey_free(lac_lent_survey *lent)
{
    lac_survey_free(lent->survey);
    lac_free(lent->variable);
    lac_free(lent->process);
    lac_text_free(&lent->warnings);
    lac_text_free(&lent->whole);
    lac_text_free(&lent->brief);
    lac_text_free(&lent->json);
    *lent = (lac_lent_survey){0};
}

static lacuna_scales scales_of(const lac_model *model, const lac_survey *survey, size_t index)
{
    const lac_survey_variable *of = &survey->variable[index];
    const bool decays = index < model->fields && isfinite(of->decay.length);
    return (lacuna_scales){.mean = of->mean * model->variable[index].display.factor,
                           .per_voxel = of->per_voxel,
                           .diffusivity = of->diffusivity,
                           .hop = of->hop,
                           .diffusion = of->spread,
                           .decay_length = decays ? of->decay.length : (double)NAN,
                           .side = decays ? of->decay.side : (double)NAN,
                           .depth = decays ? of->decay.depth : (double)NAN,
                           .is_discrete = lac_model_is_discrete(model, index)};
}

static lacuna_process process_of(const lac_model *model, const lac_survey *survey, size_t index)
{
    const double *rate = survey->outlook.rate;
    return (lacuna_process){.name = model->process[index].id,
                            .law = model->process[index].law,
                            .time = survey->reaction[index],
                            .events = rate ? rate[index] : (double)NAN};
}

static lac_status write(const lac_model *model, const char *path, lac_lent_survey *lent)
{
    lac_status status = LAC_OK;
    lac_json json = {.text = &lent->json};
    LAC_TRY(lac_report_warnings(model, lent->survey, &lent->warnings));
    lac_report_whole(model, lent->survey, &lent->whole);
    LAC_TRY(lent->whole.failed);
    lac_report_brief(model, lent->survey, &lent->brief);
    LAC_TRY(lent->brief.failed);
    lac_report_json(path, model, lent->survey, &json);
    LAC_TRY(lent->json.failed);
out:
    return status;
}

static lac_status look(const lac_model *model, const char *path, lac_lent_survey *lent)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_survey_create(model, &lent->survey));
    LAC_NEW(lent->variable, model->variables);
    for (size_t index = 0; index < model->variables; index++)
        lent->variable[index] = scales_of(model, lent->survey, index);
    LAC_NEW(lent->process, model->processes);
    for (size_t index = 0; index < model->processes; index++)
        lent->process[index] = process_of(model, lent->survey, index);
    LAC_TRY(write(model, path, lent));
out:
    return status;
}

static lacuna_survey lend(const lac_model *model, const lac_lent_survey *lent)
{
    const lac_survey *survey = lent->survey;
    const char *bound = lac_report_bound(model, survey);
    return (lacuna_survey){.variables = model->variables,
                           .processes = model->processes,
                           .conserved = survey->invariants.count,
                           .variable = lent->variable,
                           .process = lent->process,
                           .weight = survey->invariants.weight,
                           .unknowns = survey->unknowns,
                           .memory = (double)survey->memory,
                           .events = survey->events.rate,
                           .event_seconds = survey->events.seconds,
                           .event_step = survey->outlook.rate ? survey->outlook.step : (double)NAN,
                           .step_bound = bound ? bound : "",
                           .warnings = lac_text_of(&lent->warnings),
                           .whole = lac_text_of(&lent->whole),
                           .brief = lac_text_of(&lent->brief),
                           .json = lac_text_of(&lent->json)};
}

int lacuna_model_survey(lacuna_model *handle, lacuna_survey *survey)
{
    const lac_model *model = NULL;
    lac_status status = lac_handle_enter(handle, LAC_MODEL);
    if (status != LAC_OK)
        return lac_status_exit_code(status);
    LAC_TRY(lac_library_model(handle, &model));
    LAC_TRY(lac_need(survey, "place for the survey"));
    lac_lent_survey_free(&handle->survey);
    lac_shared_lock();
    status = look(model, handle->path, &handle->survey);
    lac_shared_unlock();
    if (status == LAC_OK)
        *survey = lend(model, &handle->survey);
    else
        lac_lent_survey_free(&handle->survey);
out:
    return lac_handle_leave(&handle->handle, status);
}
