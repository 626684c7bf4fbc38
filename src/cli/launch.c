/* Launching a run, from its origin to its last words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/launch.h"

#include "base/memory.h"
#include "base/vector.h"
#include "cli/duration.h"
#include "cli/signals.h"
#include "cli/thread_wait.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

lac_status lac_launch_begin(lac_launch *launch, const lac_arguments *arguments, int argc,
                            char *const *argv)
{
    launch->arguments = arguments;
    launch->argv = argv;
    lac_signals_install();
    lac_meter_start(&launch->meter, arguments->progress, arguments->quiet, arguments->wall);
    if (arguments->quiet)
        lac_meter_watch(&launch->meter);
    return lac_invocation_find(argc, argv, &launch->now);
}

/* With fewer unknowns than this, waiting for one another costs threads more than they save. */
static const double UNKNOWNS_PER_THREAD = 10000;

double lac_launch_unknowns(const lac_model *model)
{
    double unknowns = (double)(model->variables - model->fields);
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const lac_tissue_text *it = &model->tissue[tissue];
        unknowns += (double)it->voxels[0] * (double)it->voxels[1] * (double)it->voxels[2] *
                    (double)it->fields;
    }
    return unknowns;
}

int lac_launch_useful_threads(const lac_model *model)
{
    double unknowns = lac_launch_unknowns(model);
    return unknowns < 4096 * UNKNOWNS_PER_THREAD ? 1 + (int)(unknowns / UNKNOWNS_PER_THREAD) : 4096;
}

void lac_launch_threads(const lac_arguments *arguments, const lac_model *model)
{
    if (arguments->threads > 0) {
        lac_threads_set((int)arguments->threads);
    } else if (!getenv("OMP_NUM_THREADS")) {
        lac_threads_set(0);
        if (lac_threads() > lac_launch_useful_threads(model))
            lac_threads_set(lac_launch_useful_threads(model));
    }
}

void lac_launch_set_thread_wait(const lac_launch *launch, const lac_model *model, const char *text)
{
    lac_launch_threads(launch->arguments, model);
    if (lac_threads() > 1)
        lac_thread_wait_begin_again(launch->argv, text);
}

/* On a line of its own. */
static void warn(void *context, const char *sentence)
{
    lac_meter_end(context);
    fprintf(stderr, "lacuna: warning: %s\n", sentence);
}

/* Of a run that is large enough for its preparation to take a while. */
static void say_preparation(lac_launch *launch)
{
    static const double LARGE = 10000;
    double unknowns = lac_launch_unknowns(launch->model);
    char phase[160];
    if (unknowns < LARGE)
        return;
    snprintf(phase, sizeof phase,
             "%.4g unknowns, %d thread%s: grid, memory, initial condition, then to the first step",
             unknowns, lac_threads(), lac_threads() == 1 ? "" : "s");
    lac_meter_say(&launch->meter, phase);
}

void lac_launch_prepare(lac_launch *launch)
{
    lac_launch_threads(launch->arguments, launch->model);
    say_preparation(launch);
    launch->options = (lac_run_options){.result = lac_text_of(&launch->result),
                                        .force = launch->arguments->force,
                                        .command = lac_text_of(&launch->now.command),
                                        .host = launch->now.host,
                                        .created = launch->now.created,
                                        .note = launch->arguments->note,
                                        .progress = lac_meter_call,
                                        .warning = warn,
                                        .context = &launch->meter};
}

const char *lac_launch_data(void)
{
    const char *moved = getenv("LACUNA_DATADIR");
    return moved && *moved ? moved : PKGDATADIR;
}

/* Is there such a file in the directory of installed ones? Appends its path in any case. */
static bool is_installed(const char *said, lac_text *path)
{
    lac_text_add(path, "%s/%s", lac_launch_data(), said);
    return !path->failed && said[0] != '/' && access(lac_text_of(path), F_OK) == 0;
}

static char *find_installed(void *context, const char *said)
{
    (void)context;
    lac_text path = {0};
    char *found = is_installed(said, &path) ? lac_copy_text(lac_text_of(&path)) : NULL;
    lac_text_free(&path);
    return found;
}

const lac_file_finder lac_launch_installed = {.find = find_installed};

/* Says that there is no such file, and what may have been meant. */
static lac_status fail_to_find(lac_catalogue_kind kind, const char *said)
{
    enum { OFFERED = 3 };
    lac_status status = LAC_OK;
    const char *nearest[OFFERED];
    lac_catalogue catalogue = {0};
    lac_text offer = {0};
    LAC_TRY(lac_catalogue_read(kind, lac_launch_data(), &catalogue));
    size_t count = lac_catalogue_nearest(&catalogue, said, nearest, OFFERED);
    for (size_t k = 0; k < count; k++)
        lac_text_add(&offer, "%s%s", k == 0 ? "" : k + 1 < count ? ", " : " or ", nearest[k]);
    LAC_TRY(offer.failed);
    status = count > 0 ? lac_fail(LAC_NO_INPUT, "there is no file %s; did you mean %s?", said,
                                  lac_text_of(&offer))
                       : lac_fail(LAC_NO_INPUT,
                                  "there is no file %s, here or in %s; see 'lacuna list %s'", said,
                                  lac_launch_data(), kind == LAC_PLANS ? "plans" : "scenarios");
out:
    lac_text_free(&offer);
    lac_catalogue_free(&catalogue);
    return status;
}

lac_status lac_launch_find(lac_catalogue_kind kind, const char *said, lac_text *path)
{
    lac_text installed = {0};
    bool here = access(said, F_OK) == 0 || errno != ENOENT;
    bool there = !here && is_installed(said, &installed);
    lac_text_add(path, "%s", there ? lac_text_of(&installed) : said);
    lac_status status = installed.failed ? installed.failed : path->failed;
    lac_text_free(&installed);
    return status == LAC_OK && !here && !there ? fail_to_find(kind, said) : status;
}

/* The directories of a path below the last one that is called params; "" when there are none. */
static const char *below_params(const char *path, size_t *bytes)
{
    static const char name[] = "params/";
    const char *below = NULL;
    for (const char *at = strstr(path, name); at; at = strstr(at + 1, name))
        if (at == path || at[-1] == '/')
            below = at + sizeof name - 1;
    const char *end = below ? strrchr(below, '/') : NULL;
    *bytes = end ? (size_t)(end + 1 - below) : 0;
    return below ? below : path;
}

lac_status lac_launch_result(const lac_arguments *arguments, const lac_model *model,
                             lac_text *result)
{
    size_t bytes;
    const char *directories = below_params(arguments->operand[0], &bytes);
    if (arguments->out)
        lac_text_add(result, "%s", arguments->out);
    else
        lac_text_add(result, "results/%.*s%s.nc", (int)bytes, directories, model->scenario);
    return result->failed;
}

lac_status lac_launch_settings(const lac_arguments *arguments, lac_model *model)
{
    if (arguments->until && lac_settings_set(&model->settings, "until", arguments->until) != LAC_OK)
        return lac_fail_in(LAC_USAGE, "--until");
    if (arguments->checkpoint_every && lac_settings_set(&model->settings, "checkpoint.every",
                                                        arguments->checkpoint_every) != LAC_OK)
        return lac_fail_in(LAC_USAGE, "--checkpoint-every");
    if (arguments->from && lac_settings_set(&model->settings, "from", arguments->from) != LAC_OK)
        return lac_fail_in(LAC_USAGE, "--from");
    if (arguments->from_time &&
        lac_settings_set(&model->settings, "from_time", arguments->from_time) != LAC_OK)
        return lac_fail_in(LAC_USAGE, "--from-time");
    if (arguments->from_time && strcmp(model->settings.from, "none") == 0)
        return lac_fail(LAC_USAGE, "--from-time needs --from");
    return LAC_OK;
}

void lac_launch_diagnostics(const lac_diagnostics *list, bool quiet)
{
    if (list->errors > 0 || (list->warnings > 0 && !quiet))
        fputs(lac_text_of(&list->text), stderr);
}

static void print_end(const lac_launch *launch)
{
    char time[32], wall[32];
    const lac_simulation *simulation = launch->simulation;
    lac_step_counters counters = lac_simulation_counters(simulation);
    printf("%s: %s in %zu steps (%zu rejected), %s\n", launch->options.result,
           lac_duration(lac_simulation_state(simulation)->time, time, sizeof time), counters.steps,
           counters.rejected, lac_duration(lac_meter_elapsed(&launch->meter), wall, sizeof wall));
}

static void say_odd_end(const lac_launch *launch)
{
    char time[32];
    fprintf(stderr,
            "lacuna: %s ended at %s, for which a longer run has no frame: that frame stays, and "
            "the steps from there are not those of a straight run\n",
            launch->options.result,
            lac_duration(lac_simulation_state(launch->simulation)->time, time, sizeof time));
}

lac_status lac_launch_run(lac_launch *launch)
{
    const char *origin = lac_simulation_origin(launch->simulation);
    if (*origin && !launch->arguments->quiet)
        fprintf(stderr, "lacuna: starts from %s\n", origin);
    if (lac_simulation_has_unplanned_final_frame(launch->simulation))
        say_odd_end(launch);
    lac_meter_begin_steps(&launch->meter);
    lac_status status = lac_simulation_run(launch->simulation);
    lac_meter_end(&launch->meter);
    if (status == LAC_OK && !launch->arguments->quiet && !launch->arguments->json)
        print_end(launch);
    else if (status != LAC_OK && status != LAC_INTERRUPTED && status != LAC_BUDGET &&
             lac_simulation_frames(launch->simulation) > 0)
        fprintf(stderr, "lacuna: %s holds all that was saved until then\n", launch->options.result);
    return status;
}

void lac_launch_free(lac_launch *launch)
{
    lac_meter_stop(&launch->meter);
    lac_simulation_free(launch->simulation);
    lac_start_free(&launch->start);
    lac_model_free(launch->model);
    lac_text_free(&launch->result);
    lac_invocation_free(&launch->now);
}
