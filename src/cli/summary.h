/* A summary of a result: its times, its grid, the last values, the last frame of the ledger.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_SUMMARY_H
#define LAC_CLI_SUMMARY_H

#include "store/layout.h"
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

/* The grid of a tissue. */
typedef struct lac_summary_grid {
    char *before;     /* owned: the name of the domain and `_`, or nothing where it is one */
    size_t voxels[3]; /* along x, y, z */
    double thinnest, thickest; /* layers [um]; 0 where all are alike */
    double *volume;            /* owned [layers]: of a voxel; NULL where all are alike */
} lac_summary_grid;

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
    size_t grids;
    lac_summary_grid *grid; /* owned */
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

/* Grids by the names of a file; the one of a variable, or NULL. */
lac_status lac_summary_read_grids(lac_store *store, char *const *names, size_t count,
                                  lac_summary *summary);
void lac_summary_free_grids(lac_summary *summary);
const lac_summary_grid *lac_summary_grid_of(const lac_summary *summary, const char *name);

/* Does a name belong to an axis? */
bool lac_summary_is_coordinate(lac_store *store, const char *name);

/* Attributes of /provenance for a reader, NULL-terminated. */
extern const char *const lac_summary_origin[];

#endif
