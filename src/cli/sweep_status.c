/* The standing of many runs, for people and for scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/sweep_status.h"

#include "base/json.h"
#include "base/memory.h"
#include "cli/sweep_progress.h"

#include <stdio.h>
#include <unistd.h>

enum { STATUSES = LAC_SUSPENDED + 1, MEMBERS_TOLD = 40 };

typedef struct standing {
    const lac_sample_table *samples; /* borrowed; may be NULL */
    lac_campaign *campaign;          /* owned, as the next */
    lac_attempt_record *record;
    size_t members;
    size_t count[STATUSES];
    lac_text index; /* owned: its path; "" when there is none */
} standing;

static lac_status look(const char *directory, standing *found)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_campaign_look(directory, found->samples, &found->campaign));
    found->members = lac_campaign_members(found->campaign);
    LAC_NEW(found->record, found->members);
    LAC_TRY(lac_campaign_read(found->campaign, found->members, found->record));
    for (size_t member = 0; member < found->members; member++)
        found->count[found->record[member].status]++;
    lac_text_add(&found->index, "%s/index.nc", lac_campaign_directory(found->campaign));
    LAC_TRY(found->index.failed);
    if (access(found->index.bytes, F_OK) != 0)
        lac_text_free(&found->index);
out:
    return status;
}

/* --- as text
 * ------------------------------------------------------------------------------------------- */

static void print_presence(void *context, const lac_lock_holder *presence)
{
    size_t *count = context;
    ++*count;
    printf("  %s: process %ld on %s, since %s, on %s\n", presence->lives ? "running" : "stale lock",
           presence->process, presence->host, presence->since, presence->share);
}

static void print_member(const standing *found, const lac_attempt_record *record)
{
    lac_text point = {0};
    if (found->samples)
        lac_sweep_progress_name_point(found->samples, record->member, &point);
    printf("  %06zu %-9s %s%s%s%s\n", record->member, lac_member_status_word(record->status),
           lac_text_of(&point), point.length ? ": " : "",
           record->sentence[0] ? record->sentence : "after a checkpoint",
           record->attempts > 1 ? " (tried before)" : "");
    lac_text_free(&point);
}

static void print_members(const standing *found)
{
    size_t told = 0;
    for (size_t member = 0; member < found->members; member++) {
        lac_member_status member_status = found->record[member].status;
        if (member_status != LAC_FAILED && member_status != LAC_LOST &&
            member_status != LAC_SUSPENDED)
            continue;
        if (told++ < MEMBERS_TOLD)
            print_member(found, &found->record[member]);
    }
    if (told > MEMBERS_TOLD)
        printf("  and %zu more: --json prints all\n", told - MEMBERS_TOLD);
}

static lac_status print_text(const standing *found)
{
    lac_status status = LAC_OK;
    size_t present = 0;
    printf("%s: %s\n  %zu members:", lac_campaign_directory(found->campaign),
           lac_campaign_title(found->campaign), found->members);
    static const lac_member_status order[] = {LAC_DONE, LAC_FAILED, LAC_LOST, LAC_SUSPENDED,
                                              LAC_WAITING};
    for (size_t each = 0; each < STATUSES; each++)
        printf("%s %zu %s", each ? "," : "", found->count[order[each]],
               order[each] == LAC_WAITING ? "waiting or running"
                                          : lac_member_status_word(order[each]));
    printf("\n  index: %s\n", found->index.length ? lac_text_of(&found->index) : "none yet");
    LAC_TRY(lac_campaign_lock_holders(found->campaign, print_presence, &present));
    if (present == 0)
        printf("  no process is running this sweep\n");
    print_members(found);
out:
    return status;
}

/* --- as JSON
 * ------------------------------------------------------------------------------------------- */

static void write_presence(void *context, const lac_lock_holder *presence)
{
    lac_json *json = context;
    lac_json_object(json, NULL);
    lac_json_words(json, "share", presence->share);
    lac_json_words(json, "host", presence->host);
    lac_json_number(json, "process", (double)presence->process);
    lac_json_words(json, "since", presence->since);
    lac_json_flag(json, "lives", presence->lives);
    lac_json_end(json);
}

static void write_note(lac_json *json, const lac_attempt_record *record)
{
    lac_json_object(json, NULL);
    lac_json_count(json, "member", record->member);
    lac_json_words(json, "status", lac_member_status_word(record->status));
    lac_json_count(json, "attempts", record->attempts);
    if (record->attempts > 0) {
        lac_json_number(json, "exit_code", record->exit_code);
        lac_json_number(json, "signal", record->signal);
        lac_json_number(json, "wall_s", record->wall);
        lac_json_number(json, "cpu_s", record->cpu);
        lac_json_number(json, "memory_bytes", record->memory);
        lac_json_words(json, "host", record->host);
        lac_json_words(json, "ended", record->ended);
        lac_json_words(json, "sentence", record->sentence);
    }
    lac_json_end(json);
}

static lac_status print_json(const standing *found)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_json_object(&json, NULL);
    lac_json_words(&json, "directory", lac_campaign_directory(found->campaign));
    lac_json_words(&json, "title", lac_campaign_title(found->campaign));
    lac_json_words(&json, "index", found->index.length ? lac_text_of(&found->index) : NULL);
    lac_json_count(&json, "members", found->members);
    for (int member_status = LAC_WAITING; member_status < STATUSES; member_status++)
        lac_json_count(&json, lac_member_status_word((lac_member_status)member_status),
                       found->count[member_status]);
    lac_json_array(&json, "at_work");
    LAC_TRY(lac_campaign_lock_holders(found->campaign, write_presence, &json));
    lac_json_end(&json);
    lac_json_array(&json, "notes");
    for (size_t member = 0; member < found->members; member++)
        write_note(&json, &found->record[member]);
    lac_json_end(&json);
    lac_json_end(&json);
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_sweep_status_print(const char *directory, const lac_sample_table *samples, bool json)
{
    lac_status status = LAC_OK;
    standing found = {.samples = samples};
    LAC_TRY(look(directory, &found));
    LAC_TRY(json ? print_json(&found) : print_text(&found));
out:
    lac_campaign_close(found.campaign);
    lac_free(found.record);
    lac_text_free(&found.index);
    return status;
}
