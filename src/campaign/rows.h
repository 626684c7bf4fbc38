/* Rows: results of members that were run in memory: curves of all observables and pools.
 *
 *   DIR/members/HOST-PID.rows   records one after the other, appended by one process
 *
 * A record is whole or, after a kill, not there: head and data have sums of their own. A member may
 * have several records; the one of the latest attempt counts. Numbers stand as the processor has
 * them; rows are an intermediate of this machine's kind, the index is what lasts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_ROWS_H
#define LAC_CAMPAIGN_ROWS_H

#include "base/text.h"
#include "campaign/attempt_record.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of a record before its data. */
typedef struct lac_row_head {
    uint32_t magic, frames, series;
    uint32_t timed;   /* 1: the times of the frames come before the curves; 0: those of the record
                         before it hold */
    uint64_t number;  /* of the member in its directory */
    uint64_t key;     /* of the model and values that it was run with */
    uint64_t ordinal; /* of the attempt */
    double wall, cpu; /* [s] */
    double memory;    /* [bytes] */
    char host[64], ended[32];
    uint64_t time_sum, data_sum, head_sum;
} lac_row_head;

/* A record as it was read; arrays are borrowed until the next read. */
typedef struct lac_row {
    lac_row_head head;
    const double *time;  /* [frames] [h] */
    const double *value; /* [series][frames] */
} lac_row;

/* --- reading --- */

typedef struct lac_rows lac_rows;

/* Knows all records of DIR/members of members with numbers below `numbers`. */
lac_status lac_rows_open(const char *directory, size_t numbers, lac_rows **rows);
void lac_rows_close(lac_rows *rows);
/* Takes in a record that was just written at `offset` of a file (without directories). */
lac_status lac_rows_take(lac_rows *rows, const char *file, uint64_t offset);
/* The head of a member's record; NULL when there is none. Borrowed until the next take. */
const lac_row_head *lac_rows_head(const lac_rows *rows, size_t number);
/* Bytes of the record. */
double lac_rows_bytes(const lac_row_head *head);
/* LAC_NO_INPUT when it is not whole. */
lac_status lac_rows_read(lac_rows *rows, size_t number, lac_row *row);

/* --- writing --- */

typedef struct lac_rows_writer lac_rows_writer;

/* A file that no process has written to; made with the first record. */
lac_status lac_rows_create(const char *directory, const char *host, lac_rows_writer **writer);
void lac_rows_discard(lac_rows_writer *writer); /* NULL is allowed */
/* Appends a record; *offset is where it will be. The sums, magic and `timed` are filled in. Nothing
 * is in the file before the next flush. */
lac_status lac_rows_append(lac_rows_writer *writer, lac_row_head *head, const double *time,
                           const double *value, uint64_t *offset);
lac_status lac_rows_flush(lac_rows_writer *writer);
/* The name without directories; "" before the first record. */
const char *lac_rows_name(const lac_rows_writer *writer);

#endif
