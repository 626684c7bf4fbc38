/* Columns of an index: numbers and words of every member.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"

#include <string.h>

typedef struct row {
    const char *path, *units, *long_name;
    lac_store_type type;
} row;

static const row number_rows[LAC_COLUMNS] = {
    [LAC_COLUMN_STATUS] = {LAC_AT_STATUS, NULL, "what became of the member", LAC_STORE_INT64},
    [LAC_COLUMN_FRAMES] = {"/frames", NULL, "frames of the member: beyond them its curves are NaN",
                           LAC_STORE_INT64},
    [LAC_COLUMN_WALL] = {LAC_AT_EFFORT "/wall_time", "s", "wall time of all attempts",
                         LAC_STORE_DOUBLE},
    [LAC_COLUMN_CPU] = {LAC_AT_EFFORT "/cpu_time", "s", "processor time of all attempts",
                        LAC_STORE_DOUBLE},
    [LAC_COLUMN_MEMORY] = {LAC_AT_EFFORT "/memory", "byte", "most memory of any attempt",
                           LAC_STORE_DOUBLE},
    [LAC_COLUMN_ATTEMPTS] = {LAC_AT_EFFORT "/attempts", NULL, "attempts", LAC_STORE_INT64},
    [LAC_COLUMN_BYTES] = {LAC_AT_EFFORT "/bytes", "byte", "size of the member's file",
                          LAC_STORE_INT64},
};

static const row word_rows[LAC_WORDS] = {
    [LAC_WORD_SENTENCE] = {"/sentence", NULL, "what is wrong with the member", 0},
    [LAC_WORD_FILE] = {"/file", NULL, "result of the member, from the directory of the index", 0},
    [LAC_WORD_HOST] = {LAC_AT_EFFORT "/host", NULL, "host of the last attempt", 0},
    [LAC_WORD_ENDED] = {LAC_AT_EFFORT "/ended", NULL, "end of the last attempt", 0},
    [LAC_WORD_CREATED] = {LAC_AT_EFFORT "/created", NULL, "when the member's file was begun", 0},
};

lac_status lac_index_create_columns(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    size_t members = index->samples->members;
    for (size_t which = 0; which < LAC_COLUMNS; which++)
        LAC_NEW(index->column[which], members);
    for (size_t which = 0; which < LAC_WORDS; which++)
        LAC_NEW(index->word[which].at, members);
    LAC_NEW(index->endpoint, plan->endpoints);
    for (size_t endpoint = 0; endpoint < plan->endpoints; endpoint++)
        LAC_NEW(index->endpoint[endpoint], members);
out:
    return status;
}

void lac_index_free_columns(lac_index *index)
{
    for (size_t which = 0; which < LAC_COLUMNS; which++)
        lac_free(index->column[which]);
    for (size_t which = 0; which < LAC_WORDS; which++) {
        lac_text_free(&index->word[which].bytes);
        lac_free(index->word[which].at);
    }
    for (size_t each = 0; index->endpoint && each < index->samples->plan->endpoints; each++)
        lac_free(index->endpoint[each]);
    lac_free(index->endpoint);
}

lac_status lac_index_add_word(lac_index *index, lac_index_word which, const char *text)
{
    lac_index_words *words = &index->word[which];
    words->at[index->next] = words->bytes.length;
    lac_text_add_bytes(&words->bytes, text, strlen(text) + 1);
    return words->bytes.failed;
}

const char *lac_index_word_of(const lac_index *index, lac_index_word which, size_t member)
{
    return index->word[which].bytes.bytes + index->word[which].at[member];
}

/* Efforts have a dimension of their own: nothing outside of /effort refers to what is in it, so
 * that a comparison of two indexes can leave it out. */
static const char *dimension_of(const char *path)
{
    return strncmp(path, LAC_AT_EFFORT "/", 8) == 0 ? LAC_AT_EFFORT_MEMBER : LAC_AT_MEMBER;
}

static lac_status write_words(lac_index *index, lac_index_word which)
{
    lac_status status = LAC_OK;
    const char **rows = NULL;
    size_t members = index->samples->members;
    LAC_NEW(rows, members);
    for (size_t member = 0; member < members; member++)
        rows[member] = lac_index_word_of(index, which, member);
    LAC_TRY(lac_store_texts(index->store, word_rows[which].path,
                            dimension_of(word_rows[which].path), rows, members));
    LAC_TRY(lac_store_text_attribute(index->store, word_rows[which].path, "long_name",
                                     word_rows[which].long_name));
out:
    lac_free(rows);
    return status;
}

/* The unit of an endpoint: of its curve, times hours, hours, or of two others. `cf` for programs,
 * or else as people read it. */
static void add_unit(const lac_index *index, size_t endpoint, bool cf, lac_text *text)
{
    const lac_endpoint *about = &index->samples->plan->endpoint[endpoint];
    const lac_display *display = index->curve[index->endpoint_curve[endpoint]].display;
    const char *own = cf ? display->cf : display->unit;
    bool bare = !own || !*own || strcmp(own, "1") == 0;
    lac_text other = {0};
    if (about->join == LAC_JOIN_DIFFERENCE) {
        add_unit(index, about->part[0], cf, text);
    } else if (about->join == LAC_JOIN_RATIO) {
        size_t before = text->length;
        add_unit(index, about->part[0], cf, text);
        add_unit(index, about->part[1], cf, &other);
        bool same = strcmp(lac_text_of(text) + before, lac_text_of(&other)) == 0;
        if (same)
            text->length = before;
        if (same)
            lac_text_add(text, "1");
        else
            lac_text_add(text, "/(%s)", other.length ? lac_text_of(&other) : "1");
    } else if (about->reduction == LAC_REDUCE_TIME_OF_MOST ||
               about->reduction == LAC_REDUCE_TIME_OF_LEAST) {
        lac_text_add(text, LAC_FILE_TIME_UNIT);
    } else if (about->reduction == LAC_REDUCE_AUC) {
        lac_text_add(text, "%s%sh", bare ? "" : own, bare ? "" : " ");
    } else {
        lac_text_add(text, "%s", own ? own : "");
    }
    lac_text_free(&other);
}

static lac_status write_join(const lac_index *index, size_t endpoint, const char *path)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    const lac_endpoint *about = &plan->endpoint[endpoint];
    lac_text parts = {0};
    lac_text_add(&parts, "%s %s", plan->endpoint[about->part[0]].name,
                 plan->endpoint[about->part[1]].name);
    LAC_TRY(parts.failed);
    LAC_TRY(lac_store_text_attribute(index->store, path, "take",
                                     about->join == LAC_JOIN_RATIO ? "ratio" : "difference"));
    LAC_TRY(lac_store_text_attribute(index->store, path, "parts", parts.bytes));
out:
    lac_text_free(&parts);
    return status;
}

static lac_status write_take(const lac_index *index, size_t endpoint, const char *path)
{
    lac_status status = LAC_OK;
    const lac_endpoint *about = &index->samples->plan->endpoint[endpoint];
    const char *word =
        about->reduction == LAC_REDUCE_AT ? "at" : lac_endpoint_reduction_words[about->reduction];
    if (about->join != LAC_JOIN_NONE)
        return write_join(index, endpoint, path);
    LAC_TRY(lac_store_text_attribute(index->store, path, "series",
                                     index->curve[index->endpoint_curve[endpoint]].path + 1));
    LAC_TRY(lac_store_text_attribute(index->store, path, "take", word));
    if (about->reduction == LAC_REDUCE_AT)
        LAC_TRY(lac_store_number_attribute(index->store, path, "at_hours", about->at));
    if (about->windowed) {
        LAC_TRY(lac_store_number_attribute(index->store, path, "from_hours", about->window[0]));
        LAC_TRY(lac_store_number_attribute(index->store, path, "to_hours", about->window[1]));
    }
    LAC_TRY(lac_store_number_attribute(index->store, path, "change", about->change ? 1 : 0));
out:
    return status;
}

static lac_status write_endpoint(lac_index *index, size_t endpoint)
{
    lac_status status = LAC_OK;
    const lac_index_curve *curve = &index->curve[index->endpoint_curve[endpoint]];
    lac_text path = {0}, cf = {0}, unit = {0};
    lac_index_endpoint_path(index->samples->plan, endpoint, &path);
    add_unit(index, endpoint, true, &cf);
    add_unit(index, endpoint, false, &unit);
    LAC_TRY(path.failed);
    LAC_TRY(cf.failed);
    LAC_TRY(unit.failed);
    LAC_TRY(lac_store_column(index->store,
                             &(lac_store_about){path.bytes, LAC_STORE_DOUBLE,
                                                (const char *const[]){LAC_AT_MEMBER}, 1,
                                                lac_text_of(&cf), curve->words},
                             index->endpoint[endpoint]));
    if (unit.length > 0)
        LAC_TRY(lac_store_text_attribute(index->store, path.bytes, "unit_label", unit.bytes));
    LAC_TRY(write_take(index, endpoint, path.bytes));
out:
    lac_text_free(&path);
    lac_text_free(&cf);
    lac_text_free(&unit);
    return status;
}

lac_status lac_index_write_columns(lac_index *index)
{
    lac_status status = LAC_OK;
    const char *statuses[LAC_SUSPENDED + 1];
    for (size_t member_status = 0; member_status <= LAC_SUSPENDED; member_status++)
        statuses[member_status] = lac_member_status_word((lac_member_status)member_status);
    LAC_TRY(lac_store_group(index->store, LAC_AT_EFFORT));
    LAC_TRY(lac_store_numbered(index->store, LAC_AT_EFFORT_MEMBER, index->samples->members,
                               "member of the plan"));
    for (size_t which = 0; which < LAC_COLUMNS; which++)
        LAC_TRY(lac_store_column(
            index->store,
            &(lac_store_about){number_rows[which].path, number_rows[which].type,
                               (const char *const[]){dimension_of(number_rows[which].path)}, 1,
                               number_rows[which].units, number_rows[which].long_name},
            index->column[which]));
    LAC_TRY(lac_store_flags(index->store, LAC_AT_STATUS, statuses, LAC_SUSPENDED + 1));
    for (size_t which = 0; which < LAC_WORDS; which++)
        LAC_TRY(write_words(index, (lac_index_word)which));
    for (size_t endpoint = 0; endpoint < index->samples->plan->endpoints; endpoint++)
        LAC_TRY(write_endpoint(index, endpoint));
out:
    return status;
}
