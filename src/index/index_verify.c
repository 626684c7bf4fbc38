/* Is every member that an index speaks of there and whole?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "campaign/plan_text.h"
#include "campaign/rows.h"
#include "index/index_internal.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* What the index says. */
typedef struct looking {
    const char *directory; /* borrowed */
    lac_store *store;
    size_t members;
    double *status, *frames, *bytes;    /* owned [members] */
    double *number;                     /* owned [members] */
    lac_rows *rows;                     /* owned: of members that were run in memory; NULL = none */
    char **file, **sentence, **created; /* owned [members] */
    char **series, **field;             /* owned: names */
    size_t series_count, fields, times; /* times: of /series */
    double *row, *own;                  /* owned [times] */
    double *frame;                      /* owned: of a field */
} looking;

static lac_status read_column(looking *work, const char *path, double **values)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    LAC_TRY(lac_store_read(work->store, path, values, &rank, length));
    LAC_REQUIRE(rank == 1 && length[0] == work->members, LAC_NO_INPUT,
                "%s of the index does not have a value for each member", path);
out:
    return status;
}

static lac_status read_words(looking *work, const char *path, char ***rows)
{
    lac_status status = LAC_OK;
    size_t count = 0;
    char **read = NULL;
    LAC_TRY(lac_store_read_rows(work->store, path, &read, &count));
    LAC_REQUIRE(count == work->members, LAC_NO_INPUT,
                "%s of the index does not have a text for each member", path);
    *rows = read;
    read = NULL;
out:
    lac_store_free_list(read, read ? count : 0);
    return status;
}

static lac_status read_names(looking *work)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    LAC_TRY(lac_store_list(work->store, LAC_AT_SERIES, &work->series, &work->series_count));
    if (lac_store_has(work->store, LAC_AT_FIELDS))
        LAC_TRY(lac_store_list(work->store, LAC_AT_FIELDS, &work->field, &work->fields));
    if (lac_store_has(work->store, LAC_AT_TIME)) {
        LAC_TRY(lac_store_shape(work->store, LAC_AT_TIME, &rank, length));
        work->times = length[0];
    }
    LAC_NEW(work->row, work->times);
    LAC_NEW(work->own, work->times);
out:
    return status;
}

static lac_status open_index(const char *directory, looking *work)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    lac_text path = {0};
    work->directory = directory;
    lac_index_join(directory, "index.nc", &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_open(path.bytes, false, &work->store));
    LAC_REQUIRE(lac_store_has(work->store, LAC_AT_MEMBER) &&
                    lac_store_has(work->store, LAC_AT_STATUS),
                LAC_NO_INPUT, "%s is not an index of members", path.bytes);
    LAC_TRY(lac_store_shape(work->store, LAC_AT_MEMBER, &rank, length));
    work->members = length[0];
    LAC_TRY(read_column(work, LAC_AT_STATUS, &work->status));
    LAC_TRY(read_column(work, "/frames", &work->frames));
    LAC_TRY(read_column(work, LAC_AT_EFFORT "/bytes", &work->bytes));
    if (lac_store_has(work->store, "/number"))
        LAC_TRY(read_column(work, "/number", &work->number));
    LAC_TRY(read_words(work, "/file", &work->file));
    LAC_TRY(read_words(work, "/sentence", &work->sentence));
    LAC_TRY(read_words(work, LAC_AT_EFFORT "/created", &work->created));
    LAC_TRY(read_names(work));
out:
    lac_text_free(&path);
    return status;
}

static void release(looking *work)
{
    lac_store_close(work->store);
    lac_free(work->status);
    lac_free(work->frames);
    lac_free(work->bytes);
    lac_free(work->number);
    lac_rows_close(work->rows);
    lac_store_free_list(work->file, work->file ? work->members : 0);
    lac_store_free_list(work->sentence, work->sentence ? work->members : 0);
    lac_store_free_list(work->created, work->created ? work->members : 0);
    lac_store_free_list(work->series, work->series_count);
    lac_store_free_list(work->field, work->fields);
    lac_free(work->row);
    lac_free(work->own);
    lac_free(work->frame);
}

/* --- a member's file --- */

static lac_status compare_facts(looking *work, lac_store *store, size_t member)
{
    lac_status status = LAC_OK;
    char *created = NULL;
    size_t rank, length[8] = {0};
    LAC_TRY(lac_store_read_text(store, LAC_AT_PROVENANCE, LAC_KEY_CREATED, &created));
    LAC_REQUIRE(strcmp(created, work->created[member]) == 0, LAC_NO_INPUT,
                "was begun at %s, but the one that the index has read at %s", created,
                work->created[member]);
    LAC_TRY(lac_store_shape(store, LAC_AT_TIME, &rank, length));
    LAC_REQUIRE((double)length[0] == work->frames[member], LAC_NO_INPUT,
                "has %zu frames, but had %.0f", length[0], work->frames[member]);
out:
    lac_free(created);
    return status;
}

static bool is_same(const double *one, const double *other, size_t count)
{
    for (size_t at = 0; at < count; at++)
        if (one[at] != other[at] && !(isnan(one[at]) && isnan(other[at])))
            return false;
    return true;
}

static lac_status compare_curves(looking *work, lac_store *store, size_t member)
{
    lac_status status = LAC_OK;
    size_t frames = (size_t)work->frames[member];
    lac_text path = {0};
    LAC_REQUIRE(frames <= work->times, LAC_NO_INPUT, "has more frames than the index has times");
    for (size_t series = 0; series < work->series_count; series++) {
        lac_store_box row = {{member, 0}, {1, frames}}, own = {{0}, {frames}};
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_SERIES "/%s", work->series[series]);
        LAC_TRY(path.failed);
        LAC_TRY(lac_store_read_box(work->store, path.bytes, &row, work->row));
        LAC_TRY(lac_store_read_box(store, path.bytes + strlen(LAC_AT_SERIES), &own, work->own));
        LAC_REQUIRE(is_same(work->row, work->own, frames), LAC_NO_INPUT,
                    "has other values of %s than the index", work->series[series]);
    }
out:
    lac_text_free(&path);
    return status;
}

static lac_status read_field(looking *work, lac_store *store, const char *path)
{
    lac_status status = LAC_OK;
    size_t rank, n[8] = {0};
    LAC_TRY(lac_store_shape(store, path, &rank, n));
    LAC_REQUIRE(rank == 4, LAC_NO_INPUT, "has no field %s", path + 1);
    lac_free(work->frame);
    LAC_NEW(work->frame, n[1] * n[2] * n[3]);
    for (size_t frame = 0; frame < n[0]; frame++) {
        lac_store_box box = {{frame}, {1, n[1], n[2], n[3]}};
        LAC_TRY(lac_store_read_box(store, path, &box, work->frame));
    }
out:
    return status;
}

static lac_status read_fields(looking *work, lac_store *store)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    for (size_t field = 0; field < work->fields; field++) {
        lac_text_free(&path);
        lac_text_add(&path, "/%s", work->field[field]);
        LAC_TRY(path.failed);
        LAC_TRY(read_field(work, store, path.bytes));
    }
out:
    lac_text_free(&path);
    return status;
}

static lac_status check_file(looking *work, size_t member)
{
    lac_status status = LAC_OK;
    struct stat about;
    lac_store *store = NULL;
    lac_text path = {0};
    lac_index_join(work->directory, work->file[member], &path);
    LAC_TRY(path.failed);
    LAC_REQUIRE(stat(path.bytes, &about) == 0, LAC_NO_INPUT, "%s", strerror(errno));
    LAC_REQUIRE((double)about.st_size == work->bytes[member], LAC_NO_INPUT,
                "has %lld bytes, but had %.0f", (long long)about.st_size, work->bytes[member]);
    LAC_TRY(lac_store_open(path.bytes, false, &store));
    LAC_TRY(lac_store_check(store));
    LAC_TRY(compare_facts(work, store, member));
    LAC_TRY(compare_curves(work, store, member));
    LAC_TRY(read_fields(work, store));
out:
    lac_store_close(store);
    if (status != LAC_OK && status != LAC_MEMORY)
        lac_fail_in(status, "%s", work->file[member]);
    lac_text_free(&path);
    return status;
}

/* The same of a member that has a record and no file. */
static lac_status check_row(looking *work, size_t member)
{
    lac_status status = LAC_OK;
    lac_row row;
    size_t frames = (size_t)work->frames[member];
    lac_text path = {0};
    LAC_REQUIRE(work->number, LAC_NO_INPUT, "has neither a file nor a number");
    if (!work->rows)
        LAC_TRY(lac_rows_open(work->directory, work->members, &work->rows));
    LAC_TRY(lac_rows_read(work->rows, (size_t)work->number[member], &row));
    LAC_REQUIRE(row.head.frames == frames && frames <= work->times, LAC_NO_INPUT,
                "has %u frames, but had %zu", (unsigned)row.head.frames, frames);
    for (size_t series = 0; series < work->series_count; series++) {
        lac_store_box box = {{member, 0}, {1, frames}};
        double place;
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_SERIES "/%s", work->series[series]);
        LAC_TRY(path.failed);
        LAC_TRY(lac_store_read_number(work->store, path.bytes, LAC_INDEX_PLACE, &place));
        LAC_TRY(lac_store_read_box(work->store, path.bytes, &box, work->row));
        LAC_REQUIRE(place < row.head.series &&
                        is_same(work->row, row.value + (size_t)place * frames, frames),
                    LAC_NO_INPUT, "has other values of %s than the index", work->series[series]);
    }
out:
    lac_text_free(&path);
    return status;
}

static lac_status check_member(looking *work, size_t member)
{
    if (work->file[member][0] == '\0')
        return check_row(work, member);
    return check_file(work, member);
}

/* --- all of them ------- */

/* The text that stands in the directory says whose it is. */
static lac_status check_plan(looking *work)
{
    lac_status status = LAC_OK;
    char *print = NULL, *plan = NULL;
    LAC_TRY(lac_store_read_text(work->store, "/", "fingerprint", &print));
    LAC_TRY(lac_plan_text_read(work->directory, "plan.txt", &plan));
    LAC_REQUIRE(plan, LAC_NO_INPUT, "%s has no plan.txt", work->directory);
    LAC_REQUIRE(strstr(plan, print), LAC_NO_INPUT,
                "the index is of another plan than the one in %s/plan.txt", work->directory);
out:
    lac_free(print);
    lac_free(plan);
    return status;
}

typedef struct telling {
    lac_index_tell tell;
    void *context;
    size_t bad;
} telling;

static void tell(telling *to, size_t member, lac_member_status member_status, const char *sentence)
{
    lac_index_problem problem = {member, lac_member_status_word(member_status), sentence};
    to->bad++;
    to->tell(to->context, &problem);
}

/* A failed check is reported; only memory ends the search. */
static lac_status take(telling *to, size_t member, lac_status checked)
{
    if (checked != LAC_OK && checked != LAC_MEMORY)
        tell(to, member, LAC_LOST, lac_failure());
    return checked == LAC_MEMORY ? LAC_MEMORY : LAC_OK;
}

lac_status lac_index_problems(const char *directory, bool look, lac_index_tell call, void *context,
                              size_t *members, size_t *bad)
{
    lac_status status = LAC_OK;
    looking work = {0};
    telling to = {call, context, 0};
    LAC_TRY(open_index(directory, &work));
    if (look) {
        LAC_TRY(take(&to, LAC_NONE, lac_store_check(work.store)));
        LAC_TRY(take(&to, LAC_NONE, check_plan(&work)));
    }
    for (size_t member = 0; member < work.members; member++) {
        lac_member_status member_status = (lac_member_status)work.status[member];
        if (member_status != LAC_DONE)
            tell(&to, member, member_status <= LAC_SUSPENDED ? member_status : LAC_LOST,
                 work.sentence[member]);
        else if (look)
            LAC_TRY(take(&to, member, check_member(&work, member)));
    }
    if (members)
        *members = work.members;
    if (bad)
        *bad = to.bad;
out:
    release(&work);
    return status;
}
