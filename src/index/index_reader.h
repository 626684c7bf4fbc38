/* An index: the outcomes of a plan, read from its index, in the order of its design.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_INDEX_READER_H
#define LAC_INDEX_INDEX_READER_H

#include "base/text.h"
#include "plan/plan.h"
#include "store/store.h"

typedef struct lac_index_reader {
    lac_store *store; /* owned */
    char *title;      /* owned */
    lac_design_kind design;
    size_t samples, rows, arms, members, replicates;
    size_t factors, endpoints;
    char **factor, **endpoint;  /* owned: names of what was sampled, and of the numbers */
    double *unit;               /* owned [rows][factors]: where the points lie in the unit cube */
    double *row, *arm, *status; /* owned [members] */
    size_t missing;             /* members that are not done */
} lac_index_reader;

/* Opens an index. LAC_NO_INPUT when the file is none. The plan of a grid has no factors here: its
 * values were listed, not sampled. */
lac_status lac_index_reader_open(const char *path, lac_index_reader **reader);
void lac_index_reader_free(lac_index_reader *reader);
/* LAC_INPUT when the plan samples no factor. */
lac_status lac_index_reader_is_sampled(const lac_index_reader *reader);

/* An endpoint of every member, NaN where it is missing; the caller frees. */
lac_status lac_index_reader_numbers(const lac_index_reader *reader, size_t endpoint,
                                    double **number);
/* A text attribute of an endpoint, "" when there is none; the caller frees. */
lac_status lac_index_reader_words(const lac_index_reader *reader, size_t endpoint,
                                  const char *attribute, char **words);

/* An endpoint in one arm: for every row the mean of its replicates that are done and have the
 * number; NaN for a row without. */
typedef struct lac_outcome {
    double *value;      /* owned [rows] */
    size_t left_out;    /* runs of the arm without the number */
    char *unit, *label; /* owned; "" = none */
} lac_outcome;
lac_status lac_index_reader_outcome(const lac_index_reader *reader, size_t endpoint, size_t arm,
                                    lac_outcome *outcome);
void lac_outcome_free(lac_outcome *outcome);

/* "dose = 3 mg, method = exact": the listed values of an arm; nothing when none were listed. */
lac_status lac_index_reader_describe_arm(const lac_index_reader *reader, size_t arm,
                                         lac_text *text);

#endif
