/* Campaigns: their directory, and whose it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/campaign_internal.h"

#include "base/memory.h"
#include "campaign/atomic_create.h"
#include "campaign/plan_extension.h"
#include "campaign/plan_text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the directory
 * ------------------------------------------------------------------------------------------- */

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Makes a directory and those above it; one that is there is fine. */
lac_status lac_campaign_make_directories(const char *path)
{
    lac_status status = LAC_OK;
    char *copy = NULL;
    LAC_OWN(copy, lac_copy_text(path));
    for (char *slash = copy + 1;; slash++) {
        char end = *slash;
        if (end != '/' && end != '\0')
            continue;
        *slash = '\0';
        LAC_REQUIRE(mkdir(copy, 0777) == 0 || is_directory(copy), LAC_FILE,
                    "cannot make the directory %s: %s", copy, strerror(errno));
        *slash = end;
        if (end == '\0')
            break;
    }
out:
    lac_free(copy);
    return status;
}

/* Job files, and what another process of this plan may be about to make. */
static bool is_expected(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "jobs") == 0 ||
           strcmp(name, "model.txt") == 0 || strncmp(name, ".plan.txt.", 10) == 0 ||
           strncmp(name, ".model.txt.", 11) == 0;
}

static lac_status find_strangers(const char *directory, bool *found)
{
    struct dirent *entry;
    DIR *all = opendir(directory);
    *found = false;
    if (!all)
        return lac_fail(LAC_FILE, "cannot read %s: %s", directory, strerror(errno));
    while ((entry = readdir(all)))
        *found = *found || !is_expected(entry->d_name);
    closedir(all);
    return LAC_OK;
}

lac_status lac_campaign_add_path(const lac_campaign *campaign, const char *name, lac_text *path)
{
    lac_text_add(path, "%s/%s", campaign->directory.bytes, name);
    return path->failed;
}

/* --- plan.txt
 * ------------------------------------------------------------------------------------------- */

/* Does the directory belong to the plan of `sample table`? One that may take it over is no
 * stranger. */
static lac_status compare_plan(const lac_campaign *campaign, const lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    lac_plan_extension extension = {0};
    LAC_TRY(lac_plan_extension_compare(campaign->directory.bytes, samples, &extension));
    if (extension.kind != LAC_EXTENSION_SAME && strcmp(extension.before, samples->grown) != 0)
        status = lac_plan_extension_refuse(campaign->directory.bytes, &extension);
out:
    lac_plan_extension_free(&extension);
    return status;
}

/* Whose directory is it, and does it belong to the plan of `sample table` (NULL: is it a campaign
 * at all)? */
lac_status lac_campaign_check_plan(lac_campaign *campaign, const lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    const char *directory = campaign->directory.bytes;
    char *text = NULL, print[LAC_FINGERPRINT_BYTES], title[512];
    LAC_TRY(lac_plan_text_read(directory, "plan.txt", &text));
    LAC_REQUIRE(text, LAC_NO_INPUT, "%s is not the directory of a sweep: it has no plan.txt",
                directory);
    LAC_REQUIRE(lac_plan_text_value(text, "# fingerprint: ", print, sizeof print) &&
                    lac_plan_text_value(text, "# title: ", title, sizeof title),
                LAC_NO_INPUT, "%s/plan.txt is damaged: it has no fingerprint or no title",
                directory);
    for (char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (sscanf(line, "# %zu members:", &campaign->members) == 1)
            break;
    if (samples)
        LAC_TRY(compare_plan(campaign, samples));
    LAC_OWN(campaign->title, lac_copy_text(title));
out:
    lac_free(text);
    return status;
}

static lac_status announce(const lac_campaign *campaign, const char *name, const lac_text *text)
{
    lac_status status = LAC_OK;
    lac_text who = {0};
    bool mine;
    double now;
    lac_process_name(campaign->host, &who);
    LAC_TRY(text->failed);
    LAC_TRY(who.failed);
    LAC_TRY(lac_atomic_create(campaign->directory.bytes, name, who.bytes, lac_text_of(text), &mine,
                              &now));
out:
    lac_text_free(&who);
    return status;
}

/* The model first: a directory with a plan has it. */
static lac_status announce_plan(const lac_campaign *campaign)
{
    lac_status status = LAC_OK;
    lac_text plan = {0}, model = {0};
    lac_plan_text_write(campaign->samples, &plan);
    lac_plan_write_model(campaign->samples->plan, &model);
    LAC_TRY(announce(campaign, "model.txt", &model));
    LAC_TRY(announce(campaign, "plan.txt", &plan));
out:
    lac_text_free(&plan);
    lac_text_free(&model);
    return status;
}

/* Makes the directory ours, or finds that it is. */
lac_status lac_campaign_claim(lac_campaign *campaign)
{
    lac_status status = LAC_OK;
    const char *directory = campaign->directory.bytes;
    lac_text path = {0};
    bool strangers;
    LAC_REQUIRE(access(directory, F_OK) != 0 || is_directory(directory), LAC_EXISTS,
                "%s is a file, not a directory; choose another with --out", directory);
    LAC_TRY(lac_campaign_make_directories(directory));
    LAC_TRY(find_strangers(directory, &strangers));
    LAC_TRY(lac_campaign_add_path(campaign, "plan.txt", &path));
    LAC_REQUIRE(!strangers || access(path.bytes, F_OK) == 0, LAC_EXISTS,
                "%s is not empty and not the directory of a sweep; choose another with --out",
                directory);
    if (!strangers)
        LAC_TRY(announce_plan(campaign));
    LAC_TRY(lac_campaign_check_plan(campaign, campaign->samples));
out:
    lac_text_free(&path);
    return status;
}

/* A plan that has grown takes the directory over, at once and whole. Others that extend it to the
 * same plan write the same. */
lac_status lac_campaign_take_over(lac_campaign *campaign)
{
    lac_status status = LAC_OK;
    lac_text plan = {0}, path = {0}, own = {0}, who = {0};
    lac_plan_extension extension = {0};
    LAC_TRY(lac_plan_extension_compare(campaign->directory.bytes, campaign->samples, &extension));
    if (extension.kind == LAC_EXTENSION_SAME)
        goto out;
    LAC_TRY(compare_plan(campaign, campaign->samples));
    lac_plan_text_write(campaign->samples, &plan);
    lac_process_name(campaign->host, &who);
    LAC_TRY(plan.failed);
    LAC_TRY(who.failed);
    LAC_TRY(lac_campaign_add_path(campaign, "plan.txt", &path));
    lac_text_add(&own, "%s/.plan.txt.%s", campaign->directory.bytes, who.bytes);
    LAC_TRY(own.failed);
    LAC_TRY(lac_atomic_replace(path.bytes, own.bytes, lac_text_of(&plan)));
    campaign->members = campaign->samples->members;
out:
    lac_plan_extension_free(&extension);
    lac_text_free(&plan);
    lac_text_free(&path);
    lac_text_free(&own);
    lac_text_free(&who);
    return status;
}
