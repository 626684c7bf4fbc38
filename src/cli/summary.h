/* A summary of a result: its times, its grid, the last values, the last frame of the ledger.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SUMMARY_H
#define LAC_CLI_SUMMARY_H

#include "store/store.h"

/* Times of an unlimited dimension [h]; `there` is false when the file has no such dimension. */
typedef struct lac_summary_times {
    bool there;
    size_t count;
    double first, last; /* NaN without any */
} lac_summary_times;

/* A variable at the last time; NaN where nothing is known. */
typedef struct lac_summary_variable {
    char *name, *label; /* owned, as the next; all but the name may be NULL */
    char *units;        /* as readers of netCDF know it: "pmol L-1" */
    char *unit;         /* as the text of the model has it: "pM" */
    size_t values;
    double mean, least, greatest;
} lac_summary_variable;

#define LAC_LEDGER_TERMS(X)                                                                        \
    X(CONTENT, "content")                                                                          \
    X(MADE, "made")                                                                                \
    X(LOST, "lost")                                                                                \
    X(MOVED_IN, "moved_in")                                                                        \
    X(MOVED_OUT, "moved_out")                                                                      \
    X(ADDED, "added")                                                                              \
    X(CLOSURE, "closure_relative")
enum {
#define LAC_LEDGER_ID(id, name) LAC_TERM_##id,
    LAC_LEDGER_TERMS(LAC_LEDGER_ID)
#undef LAC_LEDGER_ID
        LAC_TERMS
};
extern const char *const lac_ledger_terms[LAC_TERMS];

typedef struct lac_summary {
    lac_summary_times frames, field_frames;
    size_t grid[3]; /* voxels along x, y, z; 0 without a grid */
    size_t variables;
    lac_summary_variable *variable; /* owned */
    size_t rows;                    /* of the ledger */
    char *names;                    /* owned: texts of `row` */
    const char **row;               /* owned: names of the rows */
    double *term[LAC_TERMS];        /* owned [rows] */
} lac_summary;

/* Zero-initialise; free with lac_summary_free, also after a failure. */
lac_status lac_summary_read(lac_store *store, lac_summary *summary);
void lac_summary_free(lac_summary *summary);

/* Attributes of /provenance for a reader, NULL-terminated. */
extern const char *const lac_summary_origin[];

#endif
