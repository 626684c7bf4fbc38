/* Checkpoints of a run: all named blocks, the resolved model, and where the result stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "run/assembly.h"

#include "base/fingerprint.h"
#include "base/memory.h"
#include "model/describe.h"
#include "store/checkpoint_file.h"

#include <stdio.h>
#include <string.h>

static const double ROUNDING = 1e-12; /* relative: two times that mean the same */

lac_status lac_model_plain(const lac_model *model, lac_text *plain)
{
    lac_model neutral = *model;
    neutral.settings.until = 0;
    neutral.settings.checkpoint_every = 0;
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

static lac_status state_facts(const lac_simulation *simulation, lac_checkpoint_facts *facts)
{
    lac_status status = LAC_OK;
    const char *result = simulation->options.result;
    LAC_REQUIRE(strlen(result) < sizeof facts->result, LAC_FILE,
                "the path of the result is too long for a checkpoint: %s", result);
    snprintf(facts->version, sizeof facts->version, "%s", PACKAGE_VERSION);
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
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_checkpoint_agrees(const lac_model *model, const lac_checkpoint_facts *facts,
                                 const char *path)
{
    lac_status status = LAC_OK;
    const lac_settings *settings = &model->settings;
    char hash[65];
    LAC_REQUIRE(strcmp(facts->version, PACKAGE_VERSION) == 0, LAC_INPUT,
                "%s was written by lacuna %s; this is %s, which may step otherwise", path,
                facts->version, PACKAGE_VERSION);
    LAC_REQUIRE(strcmp(facts->method, settings->method) == 0, LAC_INPUT,
                "%s was written by the method %s, not %s", path, facts->method, settings->method);
    LAC_TRY(find_hash(model, hash));
    LAC_REQUIRE(strcmp(facts->model_hash, hash) == 0, LAC_INPUT,
                "%s: the model is not the one that the checkpoint was written with", path);
    LAC_REQUIRE(settings->until > facts->time * (1 + ROUNDING), LAC_INPUT,
                "%s stands at %g s: there is nothing to do until %g s", path, facts->time,
                settings->until);
out:
    return status;
}

lac_status lac_simulation_compare(lac_simulation *simulation, const char *path)
{
    lac_status status = LAC_OK;
    lac_checkpoint_facts facts;
    char *stored = NULL;
    LAC_TRY(lac_checkpoint_peek(path, &facts, &stored));
    LAC_TRY(lac_checkpoint_agrees(simulation->model, &facts, path));
    simulation->frames = facts.frames;
    simulation->field_frames = facts.field_frames;
out:
    lac_free(stored);
    return status;
}

lac_status lac_simulation_restore(lac_simulation *simulation, const char *path)
{
    return lac_checkpoint_load(path, &simulation->blocks);
}
