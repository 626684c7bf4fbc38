/* What became of a run, for the script that started it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/run_json.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/vector.h"
#include "methods/methods.h"
#include "model/random.h"
#include "run/paths.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static void add_steps(const lac_launch *launch, lac_json *json)
{
    lac_step_counters counters = lac_simulation_counters(launch->simulation);
    lac_json_count(json, "frames", lac_simulation_frames(launch->simulation));
    lac_json_number(json, "time_s", lac_simulation_state(launch->simulation)->time);
    lac_json_count(json, "steps", counters.steps);
    lac_json_count(json, "rejected", counters.rejected);
    lac_json_object(json, "rejected_by");
    for (size_t k = 0; k < LAC_REFUSALS; k++)
        lac_json_count(json, lac_refusal_name[k], counters.refused[k]);
    lac_json_end(json);
}

static void add_nothing(lac_json *json)
{
    static const char *const keys[] = {"frames", "time_s", "steps", "rejected", "rejected_by"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        lac_json_null(json, keys[k]);
}

static void add_exit(lac_status status, const char *message, lac_json *json)
{
    lac_json_object(json, "exit");
    lac_json_number(json, "code", lac_status_exit_code(status));
    lac_json_words(json, "reason", lac_status_word(status));
    lac_json_words(json, "message", status == LAC_OK ? NULL : message);
    lac_json_end(json);
}

static void add_run(const lac_launch *launch, const char *checkpoint, lac_json *json)
{
    const lac_settings *settings = &launch->model->settings;
    const lac_stepper_type *type = lac_stepper_find(settings->method);
    bool draws = settings->seed >= 0 &&
                 ((type && type->draws) || lac_model_random_start(launch->model) != LAC_NONE);
    lac_json_words(json, "result",
                   access(launch->options.result, F_OK) == 0 ? launch->options.result : NULL);
    lac_json_words(json, "checkpoint", access(checkpoint, F_OK) == 0 ? checkpoint : NULL);
    lac_json_words(json, "scenario", launch->model->scenario);
    lac_json_words(json, "method", settings->method);
    lac_json_number(json, "until_s", settings->until);
    lac_json_number(json, "seed", draws ? settings->seed : (double)NAN);
    lac_json_words(json, "note", launch->arguments->note);
    lac_json_count(json, "threads", (size_t)lac_threads());
    lac_json_number(json, "wall_s", lac_meter_elapsed(&launch->meter));
    lac_json_flag(json, "begun", launch->simulation != NULL);
    if (launch->simulation)
        add_steps(launch, json);
    else
        add_nothing(json);
}

lac_status lac_run_json_print(const lac_launch *launch, lac_status ended)
{
    lac_status status = LAC_OK;
    char *checkpoint = NULL;
    lac_text text = {0}, message = {0};
    lac_json json = {.text = &text};
    lac_text_add(&message, "%s", lac_failure());
    LAC_OWN(checkpoint, launch->options.checkpoint ? lac_copy_text(launch->options.checkpoint)
                                                   : lac_checkpoint_beside(launch->options.result));
    lac_json_object(&json, NULL);
    add_run(launch, checkpoint, &json);
    add_exit(ended, lac_text_of(&message), &json);
    lac_json_end(&json);
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
    if (ended != LAC_OK)
        status = lac_fail(ended, "%s", lac_text_of(&message));
out:
    lac_free(checkpoint);
    lac_text_free(&text);
    lac_text_free(&message);
    return status;
}
