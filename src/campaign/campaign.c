/* Campaigns: opening and closing, and what their journals say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/campaign_internal.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
    lac_status status = lac_campaign_add_path(campaign, name, &path);
    if (status == LAC_OK)
        status = lac_campaign_make_directories(path.bytes);
    lac_text_free(&path);
    return status;
}

static lac_status take_lock(lac_campaign *campaign, lac_share share, lac_message_call say,
                            void *context)
{
    lac_text path = {0};
    lac_status status = lac_campaign_add_path(campaign, "locks", &path);
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
    LAC_TRY(lac_campaign_add_path(campaign, "journal", &path));
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
    LAC_TRY(lac_campaign_claim(fresh));
    LAC_TRY(make_room(fresh, "members"));
    LAC_TRY(make_room(fresh, "journal"));
    LAC_TRY(make_room(fresh, "locks"));
    LAC_TRY(take_lock(fresh, share, say, context));
    LAC_TRY(lac_campaign_take_over(fresh));
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
    LAC_TRY(lac_campaign_check_plan(fresh, samples));
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
    LAC_TRY(lac_campaign_check_plan(fresh, samples));
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

/* --- while it runs
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
    lac_status status = lac_campaign_add_path(campaign, "locks", &path);
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
    LAC_TRY(lac_campaign_add_path(campaign, "journal", &path));
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
