/* Checkpoints of a run: all named blocks, the resolved model, and where the result stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/simulation_internal.h"

#include "base/fingerprint.h"
#include "base/memory.h"
#include "model/write.h"
#include "store/checkpoint_file.h"

#include <fftw3.h>
#include <gsl/gsl_version.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double ROUNDING = 1e-12; /* relative: two times that mean the same */

lac_status lac_model_plain(const lac_model *model, lac_text *plain)
{
    lac_model neutral = *model;
    lac_settings *settings = &neutral.settings;
    settings->until = settings->checkpoint_every = settings->compression = 0;
    settings->closure_tolerance = settings->max_events = settings->paranoid = 0;
    lac_model_write(&neutral, plain);
    return plain->failed;
}

static lac_status find_hash(const lac_model *model, char hex[65])
{
    lac_status status = LAC_OK;
    lac_text plain = {0};
    LAC_TRY(lac_model_plain(model, &plain));
    lac_fingerprint(lac_text_of(&plain), hex);
out:
    lac_text_free(&plain);
    return status;
}

/* What can change bits and is not the model's or the version's. */
static void describe_build(char *text, size_t size)
{
    snprintf(text, size, "%s; %s; %s; GSL %s", LAC_BUILD_COMPILER, LAC_BUILD_OPTIONS, fftw_version,
             gsl_version);
}

static lac_status state_facts(const lac_simulation *simulation, lac_checkpoint_facts *facts)
{
    lac_status status = LAC_OK;
    const char *result = simulation->options.result;
    LAC_REQUIRE(strlen(result) < sizeof facts->result, LAC_FILE,
                "the path of the result is too long for a checkpoint: %s", result);
    snprintf(facts->version, sizeof facts->version, "%s", PACKAGE_VERSION);
    describe_build(facts->build, sizeof facts->build);
    snprintf(facts->method, sizeof facts->method, "%s", simulation->type->name);
    snprintf(facts->result, sizeof facts->result, "%s", result);
    facts->time = simulation->state->time;
    facts->frames = simulation->frames;
    facts->field_frames = simulation->field_frames;
out:
    return status;
}

lac_status lac_simulation_save(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    lac_checkpoint_facts facts = {0};
    lac_text text = {0};
    lac_model_write(simulation->model, &text);
    LAC_TRY(text.failed);
    LAC_TRY(find_hash(simulation->model, facts.model_hash));
    LAC_TRY(state_facts(simulation, &facts));
    LAC_TRY(lac_store_flush(simulation->store));
    LAC_TRY(lac_checkpoint_save(simulation->checkpoint, &facts, &simulation->blocks,
                                lac_text_of(&text)));
    simulation->unsaved = false;
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_simulation_save_if_possible(lac_simulation *simulation)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_store_flush(simulation->store));
    status = lac_simulation_save(simulation);
    if (status != LAC_FILE)
        goto out;
    status = LAC_OK;
    if (!simulation->unsaved) /* say it once, not every time */
        lac_simulation_warn(
            simulation, "at t = %.6g s: %s; the run continues, and the earlier checkpoint is kept",
            simulation->state->time, lac_failure());
    simulation->unsaved = true;
out:
    return status;
}

void lac_simulation_warn(const lac_simulation *simulation, const char *format, ...)
{
    char sentence[2048];
    va_list arguments;
    if (!simulation->options.warning)
        return;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    simulation->options.warning(simulation->options.context, sentence);
}

lac_status lac_checkpoint_agrees(const lac_model *model, const lac_checkpoint_facts *facts,
                                 const char *path)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &model->settings;
    char hash[65];
    LAC_REQUIRE(strcmp(facts->version, PACKAGE_VERSION) == 0, LAC_INPUT,
                "%s was written by lacuna %s; this is %s, whose steps may differ", path,
                facts->version, PACKAGE_VERSION);
    LAC_REQUIRE(strcmp(facts->method, settings->method) == 0, LAC_INPUT,
                "%s was written by the method %s, not %s", path, facts->method, settings->method);
    LAC_TRY(find_hash(model, hash));
    LAC_REQUIRE(strcmp(facts->model_hash, hash) == 0, LAC_INPUT,
                "%s: the model is not the one that the checkpoint was written with", path);
    LAC_REQUIRE(settings->until > facts->time * (1 + ROUNDING), LAC_INPUT,
                "%s is already at %g s: nothing to do until %g s", path, facts->time,
                settings->until);
out:
    return status;
}

void lac_checkpoint_compare_build(const lac_simulation *simulation,
                                  const lac_checkpoint_found *found)
{
    char build[sizeof found->facts.build];
    describe_build(build, sizeof build);
    if (strcmp(build, found->facts.build) != 0)
        lac_simulation_warn(
            simulation,
            "%s was written by another build (%s; this is %s): the run continues, but "
            "its last digits may differ",
            lac_text_of(&found->path), found->facts.build, build);
}
