/* What became of a run, for the script that started it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/run_json.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add_steps(const lac_launch *launch, lac_json *json)
{
    lacuna_counters counters = {0};
    lacuna_simulation_counters(launch->simulation, &counters);
    lac_json_count(json, "frames", counters.frames);
    lac_json_number(json, "time_s", lacuna_simulation_time(launch->simulation));
    lac_json_count(json, "steps", counters.steps);
    lac_json_count(json, "rejected", counters.rejected);
    lac_json_object(json, "rejected_by");
    for (size_t k = 0; k < counters.reasons; k++)
        lac_json_count(json, counters.reason[k], counters.rejected_by[k]);
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
    const char *result = launch->options.result;
    lacuna_settings settings = {0};
    lacuna_model_settings(launch->model, &settings);
    bool draws = launch->seed >= 0 && (settings.draws || launch->outline.starts_at_random);
    lac_json_words(json, "result", access(result, F_OK) == 0 ? result : NULL);
    lac_json_words(json, "checkpoint", access(checkpoint, F_OK) == 0 ? checkpoint : NULL);
    lac_json_words(json, "scenario", launch->outline.scenario);
    lac_json_words(json, "method", settings.method);
    lac_json_number(json, "until_s", settings.until);
    lac_json_number(json, "seed", draws ? launch->seed : (double)NAN);
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
    lac_text text = {0}, message = {0}, checkpoint = {0};
    lac_json json = {.text = &text};
    lac_text_add(&message, "%s", lac_failure());
    LAC_TRY(lac_launch_checkpoint(launch, &checkpoint));
    lac_json_object(&json, NULL);
    add_run(launch, lac_text_of(&checkpoint), &json);
    add_exit(ended, lac_text_of(&message), &json);
    lac_json_end(&json);
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
    if (ended != LAC_OK)
        status = lac_fail(ended, "%s", lac_text_of(&message));
out:
    lac_text_free(&checkpoint);
    lac_text_free(&text);
    lac_text_free(&message);
    return status;
}
