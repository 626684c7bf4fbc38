/* Campaigns: their directory, whose it is, and what its journals say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/campaign.h"

#include "base/memory.h"
#include "campaign/atomic_create.h"
#include "campaign/journal.h"
#include "campaign/lock.h"
#include "campaign/plan_extension.h"
#include "campaign/plan_text.h"
#include "campaign/rows.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct lac_campaign {
    lac_text directory;
    const lac_sample_table *samples; /* borrowed; NULL when nobody said */
    lac_lock *lock;                  /* owned; NULL when only looking or joining */
    lac_journal *journal;            /* owned; NULL when only looking */
    size_t *attempts;                /* owned [numbers] that have ended; NULL when only looking */
    lac_rows *rows;                  /* owned; NULL before the first look */
    char host[64];
    char *title;    /* owned */
    size_t members; /* as plan.txt says */
};

const char *lac_member_status_word(lac_member_status member_status)
{
    static const char *const words[] = {[LAC_WAITING] = "waiting",
                                        [LAC_DONE] = "done",
                                        [LAC_FAILED] = "failed",
                                        [LAC_LOST] = "lost",
                                        [LAC_SUSPENDED] = "suspended"};
    return words[member_status];
}

void lac_attempt_record_add(lac_attempt_record *sum, const lac_attempt_record *attempt)
{
    lac_attempt_record joined = *attempt;
    joined.attempts = sum->attempts + 1;
    joined.wall = sum->wall + attempt->wall;
    joined.cpu = sum->cpu + attempt->cpu;
    if (sum->memory > attempt->memory)
        joined.memory = sum->memory;
    *sum = joined;
}

/* --- the directory
 * ------------------------------------------------------------------------------------------- */

static bool is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Makes a directory and those above it; one that is there is fine. */
static lac_status make_directories(const char *path)
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

static lac_status add_path(const lac_campaign *campaign, const char *name, lac_text *path)
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
static lac_status check_plan(lac_campaign *campaign, const lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    const char *directory = campaign->directory.bytes;
    char *text = NULL, print[LAC_FINGERPRINT_BYTES], title[512];
    LAC_TRY(lac_plan_text_read(directory, "plan.txt", &text));
    LAC_REQUIRE(text, LAC_NO_INPUT, "%s is not the directory of a sweep: it has no plan.txt",
                directory);
    LAC_REQUIRE(lac_plan_text_value(text, "# fingerprint: ", print, sizeof print) &&
                    lac_plan_text_value(text, "# title: ", title, sizeof title),
                LAC_NO_INPUT, "%s/plan.txt is damaged: it does not say whose it is", directory);
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
static lac_status claim(lac_campaign *campaign)
{
    lac_status status = LAC_OK;
    const char *directory = campaign->directory.bytes;
    lac_text path = {0};
    bool strangers;
    LAC_REQUIRE(access(directory, F_OK) != 0 || is_directory(directory), LAC_EXISTS,
                "%s is a file, not a directory; choose another with --out", directory);
    LAC_TRY(make_directories(directory));
    LAC_TRY(find_strangers(directory, &strangers));
    LAC_TRY(add_path(campaign, "plan.txt", &path));
    LAC_REQUIRE(!strangers || access(path.bytes, F_OK) == 0, LAC_EXISTS,
                "%s is not empty and not the directory of a sweep; choose another with --out",
                directory);
    if (!strangers)
        LAC_TRY(announce_plan(campaign));
    LAC_TRY(check_plan(campaign, campaign->samples));
out:
    lac_text_free(&path);
    return status;
}

/* A plan that has grown takes the directory over, at once and whole. Others that extend it to the
 * same plan write the same. */
static lac_status take_over(lac_campaign *campaign)
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
    LAC_TRY(add_path(campaign, "plan.txt", &path));
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

/* --- opening and closing
 * ------------------------------------------------------------------------------------------- */

static lac_status begin(const char *directory, const lac_sample_table *samples,
                        lac_campaign **campaign)
{
    lac_status status = LAC_OK;
    lac_campaign *fresh = NULL;
    size_t length = strlen(directory);
    LAC_REQUIRE(length > 0, LAC_USAGE, "the name of the directory is empty");
    while (length > 1 && directory[length - 1] == '/')
        length--;
    LAC_NEW(fresh, 1);
    fresh->samples = samples;
    lac_text_add_bytes(&fresh->directory, directory, length);
    LAC_TRY(fresh->directory.failed);
    *campaign = fresh;
    fresh = NULL;
out:
    lac_campaign_close(fresh);
    return status;
}

static lac_status make_room(const lac_campaign *campaign, const char *name)
{
    lac_text path = {0};
    lac_status status = add_path(campaign, name, &path);
    if (status == LAC_OK)
        status = make_directories(path.bytes);
    lac_text_free(&path);
    return status;
}

static lac_status take_lock(lac_campaign *campaign, lac_share share, lac_message_call say,
                            void *context)
{
    lac_text path = {0};
    lac_status status = add_path(campaign, "locks", &path);
    if (status == LAC_OK)
        status = lac_lock_take(path.bytes, share, campaign->host, say, context, &campaign->lock);
    lac_text_free(&path);
    return status == LAC_EXISTS ? lac_fail_in(status, "%s", campaign->directory.bytes) : status;
}

static lac_status look_at_rows(lac_campaign *campaign, size_t members)
{
    lac_rows *fresh = NULL;
    lac_status status = lac_rows_open(campaign->directory.bytes, members, &fresh);
    if (status != LAC_OK)
        return status;
    lac_rows_close(campaign->rows);
    campaign->rows = fresh;
    return LAC_OK;
}

/* A journal of our own, and how often each member was tried until now. */
static lac_status prepare_journal(lac_campaign *campaign)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_attempt_record *record = NULL;
    size_t members = campaign->samples->members;
    LAC_TRY(add_path(campaign, "journal", &path));
    LAC_TRY(lac_journal_create(path.bytes, campaign->host, &campaign->journal));
    LAC_NEW(record, members);
    LAC_NEW(campaign->attempts, members);
    LAC_TRY(lac_journal_read(path.bytes, members, record));
    LAC_TRY(look_at_rows(campaign, members));
    for (size_t number = 0; number < members; number++) {
        const lac_row_head *head = lac_rows_head(campaign->rows, number);
        bool later = head && head->ordinal > record[number].attempts;
        campaign->attempts[number] = later ? (size_t)head->ordinal : record[number].attempts;
    }
out:
    lac_text_free(&path);
    lac_free(record);
    return status;
}

lac_status lac_campaign_open(const char *directory, const lac_sample_table *samples,
                             lac_share share, const char *host, lac_message_call say, void *context,
                             lac_campaign **campaign)
{
    lac_status status = LAC_OK;
    lac_campaign *fresh = NULL;
    LAC_REQUIRE(share.tasks > 0 && share.task < share.tasks, LAC_USAGE,
                "task %zu of %zu: tasks count from 1 to their number", share.task + 1, share.tasks);
    LAC_TRY(begin(directory, samples, &fresh));
    snprintf(fresh->host, sizeof fresh->host, "%s", host);
    LAC_TRY(claim(fresh));
    LAC_TRY(make_room(fresh, "members"));
    LAC_TRY(make_room(fresh, "journal"));
    LAC_TRY(make_room(fresh, "locks"));
    LAC_TRY(take_lock(fresh, share, say, context));
    LAC_TRY(take_over(fresh));
    LAC_TRY(prepare_journal(fresh));
    *campaign = fresh;
    fresh = NULL;
out:
    lac_campaign_close(fresh);
    return status;
}

lac_status lac_campaign_join(const char *directory, const lac_sample_table *samples,
                             const char *host, lac_campaign **campaign)
{
    lac_status status = LAC_OK;
    lac_campaign *fresh = NULL;
    LAC_TRY(begin(directory, samples, &fresh));
    snprintf(fresh->host, sizeof fresh->host, "%s", host);
    LAC_TRY(check_plan(fresh, samples));
    LAC_TRY(prepare_journal(fresh));
    *campaign = fresh;
    fresh = NULL;
out:
    lac_campaign_close(fresh);
    return status;
}

lac_status lac_campaign_look(const char *directory, const lac_sample_table *samples,
                             lac_campaign **campaign)
{
    lac_status status = LAC_OK;
    lac_campaign *fresh = NULL;
    LAC_TRY(begin(directory, samples, &fresh));
    LAC_TRY(check_plan(fresh, samples));
    *campaign = fresh;
    fresh = NULL;
out:
    lac_campaign_close(fresh);
    return status;
}

void lac_campaign_close(lac_campaign *campaign)
{
    if (!campaign)
        return;
    lac_lock_release(campaign->lock);
    lac_journal_free(campaign->journal);
    lac_rows_close(campaign->rows);
    lac_text_free(&campaign->directory);
    lac_free(campaign->attempts);
    lac_free(campaign->title);
    lac_free(campaign);
}

/* --- at work
 * ------------------------------------------------------------------------------------------- */

/* Without a sample table, members are called by their numbers. */
static size_t number_of(const lac_campaign *campaign, size_t member)
{
    return campaign->samples ? lac_sample_table_number(campaign->samples, member) : member;
}

const char *lac_campaign_directory(const lac_campaign *campaign)
{
    return campaign->directory.bytes;
}

const char *lac_campaign_host(const lac_campaign *campaign)
{
    return campaign->host;
}

const char *lac_campaign_title(const lac_campaign *campaign)
{
    return campaign->title;
}

struct lac_rows *lac_campaign_rows(const lac_campaign *campaign)
{
    return campaign->rows;
}

size_t lac_campaign_attempts(const lac_campaign *campaign, size_t member)
{
    return campaign->attempts[number_of(campaign, member)];
}

lac_status lac_campaign_take_row(lac_campaign *campaign, size_t member, const char *file,
                                 unsigned long long offset)
{
    campaign->attempts[number_of(campaign, member)]++;
    return lac_rows_take(campaign->rows, file, offset);
}

size_t lac_campaign_members(const lac_campaign *campaign)
{
    return campaign->members;
}

lac_status lac_campaign_lock_holders(const lac_campaign *campaign, lac_lock_holder_call call,
                                     void *context)
{
    lac_text path = {0};
    lac_status status = add_path(campaign, "locks", &path);
    if (status == LAC_OK)
        status = lac_lock_list(path.bytes, call, context);
    lac_text_free(&path);
    return status;
}

lac_status lac_campaign_touch(lac_campaign *campaign)
{
    return campaign->lock ? lac_lock_touch(campaign->lock, LAC_LOCK_TOUCH) : LAC_OK;
}

void lac_campaign_path(const lac_campaign *campaign, size_t member, const char *suffix,
                       lac_text *path)
{
    lac_member_path(campaign->directory.bytes, number_of(campaign, member), suffix, path);
}

void lac_member_path(const char *directory, size_t number, const char *suffix, lac_text *path)
{
    lac_text_add(path, "%s/members/%06zu.%s", directory, number, suffix);
}

lac_status lac_campaign_write(lac_campaign *campaign, const lac_attempt_record *attempt)
{
    lac_attempt_record line = *attempt;
    line.member = number_of(campaign, attempt->member);
    return lac_journal_append(campaign->journal, &line, ++campaign->attempts[line.member]);
}

/* A member that is called done and has no file is lost. */
static lac_status check_file(const lac_campaign *campaign, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_campaign_path(campaign, record->member, "nc", &path);
    LAC_TRY(path.failed);
    if (access(path.bytes, F_OK) != 0) {
        record->status = LAC_LOST;
        snprintf(record->sentence, sizeof record->sentence, "its result is gone: %.300s: %s",
                 path.bytes, strerror(errno));
    }
out:
    lac_text_free(&path);
    return status;
}

/* From the order of numbers, as journals have them, to that of members. */
static lac_status sort_records(const lac_sample_table *samples, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    lac_attempt_record *numbered = NULL;
    if (!samples || !samples->number)
        return LAC_OK;
    LAC_NEW(numbered, samples->members);
    memcpy(numbered, record, samples->members * sizeof *record);
    for (size_t member = 0; member < samples->members; member++) {
        record[member] = numbered[samples->number[member]];
        record[member].member = member;
    }
out:
    lac_free(numbered);
    return status;
}

/* A record that is later than what the journals say of its member. */
static void take_row(const lac_row_head *head, lac_attempt_record *record)
{
    lac_attempt_record attempt = {.member = record->member, .status = LAC_DONE, .wall = head->wall};
    attempt.cpu = head->cpu;
    attempt.memory = head->memory;
    attempt.in_memory = true;
    snprintf(attempt.host, sizeof attempt.host, "%s", head->host);
    snprintf(attempt.ended, sizeof attempt.ended, "%s", head->ended);
    lac_attempt_record_add(record, &attempt);
}

lac_status lac_campaign_read(lac_campaign *campaign, size_t members, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    for (size_t number = 0; number < members; number++)
        record[number] = (lac_attempt_record){.member = number};
    LAC_TRY(add_path(campaign, "journal", &path));
    LAC_TRY(lac_journal_read(path.bytes, members, record));
    LAC_TRY(look_at_rows(campaign, members));
    for (size_t number = 0; number < members; number++) {
        const lac_row_head *head = lac_rows_head(campaign->rows, number);
        if (head && head->ordinal > record[number].attempts)
            take_row(head, &record[number]);
    }
    LAC_TRY(sort_records(campaign->samples, record));
    for (size_t member = 0; member < members; member++)
        if (record[member].status == LAC_DONE && !record[member].in_memory)
            LAC_TRY(check_file(campaign, &record[member]));
out:
    lac_text_free(&path);
    return status;
}
