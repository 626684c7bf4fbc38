/* The index from its beginning to its name: members are taken in one by one, in their order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/endpoint.h"
#include "base/memory.h"
#include "index/index_internal.h"
#include "run/paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COMPRESSION = 4, SUM_BYTES = 128 << 20 };

/* Under another name until it is finished; the process is in it, since two may build at once. */
static lac_status know_paths(const char *directory, lac_index *index)
{
    lac_status status = LAC_OK;
    lac_text path = {0}, temporary = {0};
    lac_index_join(directory, "index.nc", &path);
    LAC_TRY(path.failed);
    lac_store_temporary(path.bytes, &temporary);
    LAC_TRY(temporary.failed);
    LAC_OWN(index->directory, lac_copy_text(directory));
    LAC_OWN(index->path, lac_copy_text(path.bytes));
    LAC_OWN(index->temporary, lac_copy_text(temporary.bytes));
out:
    lac_text_free(&path);
    lac_text_free(&temporary);
    return status;
}

static void release(lac_index *index)
{
    lac_store_close(index->store);
    lac_index_free_columns(index);
    lac_index_free_curves(index);
    lac_index_free_reference(index);
    lac_free(index->field);
    lac_free(index->field_frames);
    lac_free(index->scratch);
    lac_index_free_sums(index->sums);
    lac_free(index->directory);
    lac_free(index->path);
    lac_free(index->temporary);
    lac_free(index);
}

void lac_index_drop(lac_index *index)
{
    if (!index)
        return;
    bool created = index->store;
    lac_store_close(index->store);
    index->store = NULL;
    if (created)
        lac_store_discard(index->temporary);
    release(index);
}

lac_status lac_index_begin_in(const char *directory, const lac_sample_table *samples,
                              const lac_index_origin *origin, lac_index **index)
{
    lac_status status = LAC_OK;
    lac_index *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->samples = samples;
    fresh->sum_bytes = SUM_BYTES;
    fresh->summarises = samples->members > samples->arms;
    LAC_TRY(know_paths(directory, fresh));
    LAC_REQUIRE(lac_file_kind_of(fresh->path) != LAC_FILE_FOREIGN, LAC_EXISTS,
                "%s exists and is not an index, so it is not replaced; move it away", fresh->path);
    LAC_TRY(lac_index_create_columns(fresh));
    LAC_TRY(lac_index_create_reference(fresh));
    LAC_TRY(lac_index_create_curves(fresh));
    LAC_TRY(lac_index_create_fields(fresh));
    lac_store_discard_old(fresh->path);
    LAC_TRY(lac_store_create(fresh->temporary, true, COMPRESSION, &fresh->store));
    LAC_TRY(lac_index_write_metadata(fresh, origin));
    *index = fresh;
    fresh = NULL;
out:
    lac_index_drop(fresh);
    return status;
}

/* --- members --- */

static double endpoint_of(const lac_index *index, size_t member, size_t endpoint,
                          const lac_index_content *content)
{
    const lac_endpoint *about = &index->samples->plan->endpoint[endpoint];
    if (about->join != LAC_JOIN_NONE)
        return lac_endpoint_join(about, index->endpoint[about->part[0]][member],
                                 index->endpoint[about->part[1]][member]);
    return lac_endpoint_value(about, content->time, content->curve[index->endpoint_curve[endpoint]],
                              content->frames);
}

static void take_endpoints(lac_index *index, size_t member, const lac_index_content *content)
{
    const lac_plan *plan = index->samples->plan;
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++)
        index->endpoint[endpoint][member] = endpoint_of(index, member, endpoint, content);
}

static lac_status take_member(lac_index *index, size_t member, const lac_index_content *content)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_index_take_curves(index, member, content));
    LAC_TRY(lac_index_take_fields(index, member, content));
    take_endpoints(index, member, content);
    index->column[LAC_COLUMN_FRAMES][member] = (double)content->frames;
    index->column[LAC_COLUMN_BYTES][member] = content->bytes;
    index->done++;
out:
    return status;
}

/* As journals keep it, so that an index that is made again is the same. */
static double to_microseconds(double seconds)
{
    return round(seconds * 1e6) / 1e6;
}

static lac_status write_note(lac_index *index, const lac_attempt_record *record,
                             lac_member_status member_status, const char *sentence,
                             const char *created)
{
    lac_status status = LAC_OK;
    size_t member = index->next;
    lac_text file = {0};
    index->column[LAC_COLUMN_STATUS][member] = (double)member_status;
    index->column[LAC_COLUMN_WALL][member] = to_microseconds(record->wall);
    index->column[LAC_COLUMN_CPU][member] = to_microseconds(record->cpu);
    index->column[LAC_COLUMN_MEMORY][member] = record->memory;
    index->column[LAC_COLUMN_ATTEMPTS][member] = (double)record->attempts;
    if (!record->in_memory)
        lac_index_member_file(lac_sample_table_number(index->samples, member), &file);
    LAC_TRY(file.failed);
    LAC_TRY(lac_index_add_word(index, LAC_WORD_SENTENCE, sentence));
    LAC_TRY(lac_index_add_word(index, LAC_WORD_FILE, lac_text_of(&file)));
    LAC_TRY(lac_index_add_word(index, LAC_WORD_HOST, record->host));
    LAC_TRY(lac_index_add_word(index, LAC_WORD_ENDED, record->ended));
    LAC_TRY(lac_index_add_word(index, LAC_WORD_CREATED, created));
out:
    lac_text_free(&file);
    return status;
}

/* The last member of a point, of an arm. */
static lac_status end_groups(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_sample_table *samples = index->samples;
    size_t next = index->next + 1;
    if (next % samples->plan->replicates != 0)
        goto out;
    for (size_t curve = 0; curve < index->curves; curve++)
        if (index->curve[curve].running)
            lac_running_next(index->curve[curve].running);
    size_t point = next / samples->plan->replicates;
    if (point % samples->rows == 0) {
        LAC_TRY(lac_index_end_arm(index, point / samples->rows - 1));
        LAC_TRY(lac_index_end_arm_fields(index, point / samples->rows - 1));
    }
out:
    return status;
}

lac_status lac_index_add(lac_index *index, const lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    size_t member = index->next;
    lac_member_status member_status = record->status;
    char sentence[sizeof record->sentence];
    lac_index_content content = {0};
    LAC_REQUIRE(record->member == member && member < index->samples->members, LAC_INTERNAL,
                "member %zu comes to an index that waits for member %zu", record->member, member);
    snprintf(sentence, sizeof sentence, "%s", record->sentence);
    for (size_t endpoint = 0; endpoint < index->samples->plan->endpoints; endpoint++)
        index->endpoint[endpoint][member] = NAN;
    if (member_status == LAC_DONE) {
        status = record->in_memory ? lac_index_read_row(index, member, &content)
                                   : lac_index_read_member(index, member, &content);
        if (status == LAC_OK) {
            LAC_TRY(take_member(index, member, &content));
        } else if (status != LAC_MEMORY) {
            member_status = LAC_LOST;
            snprintf(sentence, sizeof sentence, "%s", lac_failure());
            status = LAC_OK;
        }
        LAC_TRY(status);
    }
    LAC_TRY(write_note(index, record, member_status, sentence,
                       member_status == LAC_DONE && content.created ? content.created : ""));
    LAC_TRY(end_groups(index));
    index->next++;
out:
    lac_index_free_content(index, &content);
    return status;
}

size_t lac_index_done(const lac_index *index)
{
    return index->done;
}

/* --- the end --- */

static lac_status complete(lac_index *index)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(index->next == index->samples->members, LAC_INTERNAL,
                "an index of %zu members ends after %zu", index->samples->members, index->next);
    LAC_TRY(lac_index_put_curves(index));
    LAC_TRY(lac_index_write_columns(index));
    if (index->time.frames > 0 && index->summarises)
        LAC_TRY(lac_index_write_quantiles(index));
    LAC_TRY(lac_index_write_views(index));
    LAC_TRY(lac_index_write_late_statistics(index));
    lac_store *store = index->store;
    index->store = NULL;
    status = lac_store_close(store);
    if (status == LAC_OK)
        status = lac_store_publish(index->temporary, index->path);
    if (status != LAC_OK)
        lac_store_discard(index->temporary);
out:
    return status;
}

lac_status lac_index_finish(lac_index *index)
{
    lac_status status = complete(index);
    lac_index_drop(index);
    return status;
}
