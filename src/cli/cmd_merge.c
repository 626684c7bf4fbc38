/* lacuna merge: the index of a sweep from what its directory has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/problems.h"
#include "cli/sweep_setup.h"
#include "index/index.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The plan that a directory keeps, or the one that was given. */
static lac_status find_plan(const lac_arguments *arguments, lac_text *path, lac_arguments *of_plan)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    const char *said = arguments->operand[0];
    *of_plan = *arguments;
    if (!is_directory(said))
        goto out;
    LAC_REQUIRE(!arguments->out, LAC_USAGE, "merge: %s is a directory already; --out is for a plan",
                said);
    LAC_TRY(lac_campaign_look(said, NULL, &campaign));
    lac_text_add(path, "%s/plan.txt", said);
    LAC_TRY(path->failed);
    of_plan->operand[0] = path->bytes;
    of_plan->out = said;
out:
    lac_campaign_close(campaign);
    return status;
}

static lac_status build(const lac_sweep_setup *setup, size_t *done)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    const lac_index_origin origin = {lac_text_of(&setup->now.command), setup->now.host,
                                     setup->now.created, setup->arguments->note};
    LAC_TRY(lac_campaign_look(lac_text_of(&setup->directory), setup->samples, &campaign));
    LAC_TRY(lac_index_build(campaign, setup->samples, &origin, done));
out:
    lac_campaign_close(campaign);
    return status;
}

static lac_status report_json(const lac_arguments *arguments, const char *directory,
                              const char *index, size_t done, size_t *bad)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_json json = {.text = &text};
    size_t members;
    lac_json_object(&json, NULL);
    lac_json_words(&json, "index", index);
    lac_json_words(&json, "copy", arguments->copy);
    lac_json_count(&json, "done", done);
    LAC_TRY(lac_problems_print(directory, false, false, &json, &members, bad));
    lac_json_count(&json, "members", members);
    lac_json_end(&json);
    LAC_TRY(lac_json_print(&json));
out:
    lac_text_free(&text);
    return status;
}

static lac_status report(const lac_arguments *arguments, const char *directory, const char *index,
                         size_t done)
{
    lac_status status = LAC_OK;
    size_t members = 0, bad = 0;
    if (arguments->json) {
        LAC_TRY(report_json(arguments, directory, index, done, &bad));
        members = done + bad;
    } else {
        LAC_TRY(lac_problems_print(directory, false, arguments->quiet, NULL, &members, &bad));
        if (!arguments->quiet)
            printf("%s: %zu of %zu members\n", index, done, members);
    }
    if (arguments->copy && !arguments->quiet && !arguments->json)
        printf("%s: a copy with all that it shows\n", arguments->copy);
    LAC_REQUIRE(bad == 0, LAC_MEMBERS, "%zu of %zu members are missing in %s", bad, members, index);
out:
    return status;
}

static lac_status merge(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_sweep_setup setup = {0};
    lac_arguments of_plan;
    lac_text path = {0}, index = {0};
    size_t done = 0;
    LAC_TRY(find_plan(arguments, &path, &of_plan));
    LAC_TRY(lac_sweep_setup_begin(&setup, &of_plan, argc, argv));
    status = lac_sweep_setup_load_plan(&setup);
    if (status == LAC_INPUT && path.bytes)
        lac_fail_in(
            status,
            "run merge in the directory where the sweep was started, or give the plan and --out=%s",
            of_plan.out);
    LAC_TRY(status);
    lac_text_add(&index, "%s/index.nc", lac_text_of(&setup.directory));
    LAC_TRY(index.failed);
    LAC_TRY(build(&setup, &done));
    if (arguments->copy)
        LAC_TRY(lac_index_copy(index.bytes, arguments->copy, arguments->force));
    LAC_TRY(report(arguments, lac_text_of(&setup.directory), index.bytes, done));
out:
    lac_sweep_setup_free(&setup);
    lac_text_free(&path);
    lac_text_free(&index);
    return status;
}

const lac_command lac_command_merge = {
    .name = "merge",
    .operands = "DIR|PLAN",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_MERGE,
    .summary = "Makes the index of a sweep from the members that are done",
    .details = "DIR is the directory of a sweep; with a PLAN it is --out or results/PLAN. Members\n"
               "that are missing, damaged or differ from the plan are named, and the exit code is\n"
               "then 3; the index is written nevertheless.\n",
    .run = merge};
