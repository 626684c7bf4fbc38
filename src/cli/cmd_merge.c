/* lacuna merge: the index of a sweep from what its directory has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/many.h"
#include "cli/problems.h"
#include "index/index.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The plan that a directory keeps, or the one that was said. */
static lac_status find_plan(const lac_words *words, lac_text *path, lac_words *of_plan)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    const char *said = words->operand[0];
    *of_plan = *words;
    if (!is_directory(said))
        goto out;
    LAC_REQUIRE(!words->out, LAC_USAGE, "merge: %s is a directory already; --out is for a plan",
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

static lac_status build(const lac_many *many, size_t *done)
{
    lac_status status = LAC_OK;
    lac_campaign *campaign = NULL;
    const lac_index_origin origin = {lac_text_of(&many->now.command), many->now.host,
                                     many->now.created, many->words->note};
    LAC_TRY(lac_campaign_look(lac_text_of(&many->directory), many->samples, &campaign));
    LAC_TRY(lac_index_build(campaign, many->samples, &origin, done));
out:
    lac_campaign_close(campaign);
    return status;
}

static lac_status report_json(const lac_words *words, const char *directory, const char *index,
                              size_t done, size_t *bad)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_json json = {.text = &text};
    size_t members;
    lac_json_object(&json, NULL);
    lac_json_words(&json, "index", index);
    lac_json_words(&json, "copy", words->copy);
    lac_json_count(&json, "done", done);
    LAC_TRY(lac_problems_print(directory, false, false, &json, &members, bad));
    lac_json_count(&json, "members", members);
    lac_json_end(&json);
    LAC_TRY(lac_json_print(&json));
out:
    lac_text_free(&text);
    return status;
}

static lac_status report(const lac_words *words, const char *directory, const char *index,
                         size_t done)
{
    lac_status status = LAC_OK;
    size_t members = 0, bad = 0;
    if (words->json) {
        LAC_TRY(report_json(words, directory, index, done, &bad));
        members = done + bad;
    } else {
        LAC_TRY(lac_problems_print(directory, false, words->quiet, NULL, &members, &bad));
        if (!words->quiet)
            printf("%s: %zu of %zu members\n", index, done, members);
    }
    if (words->copy && !words->quiet && !words->json)
        printf("%s: a copy with all that it shows\n", words->copy);
    LAC_REQUIRE(bad == 0, LAC_MEMBERS, "%zu of %zu members are missing in %s", bad, members, index);
out:
    return status;
}

static lac_status merge(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_many many = {0};
    lac_words of_plan;
    lac_text path = {0}, index = {0};
    size_t done = 0;
    LAC_TRY(find_plan(words, &path, &of_plan));
    LAC_TRY(lac_many_begin(&many, &of_plan, argc, argv));
    status = lac_many_load_plan(&many);
    if (status == LAC_INPUT && path.bytes)
        lac_fail_in(status, "say it where the sweep was begun, or name the plan with --out=%s",
                    of_plan.out);
    LAC_TRY(status);
    lac_text_add(&index, "%s/index.nc", lac_text_of(&many.directory));
    LAC_TRY(index.failed);
    LAC_TRY(build(&many, &done));
    if (words->copy)
        LAC_TRY(lac_index_copy(index.bytes, words->copy, words->force));
    LAC_TRY(report(words, lac_text_of(&many.directory), index.bytes, done));
out:
    lac_many_free(&many);
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
    .summary = "Makes the index of a sweep from what is there",
    .details = "DIR is the directory of a sweep; with a PLAN it is --out or results/PLAN. Members\n"
               "that are missing, damaged or run otherwise than the plan says are named, and the\n"
               "exit code is 3 then; the index is written all the same.\n",
    .run = merge};
