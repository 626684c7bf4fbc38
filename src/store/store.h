/* The store: HDF5 files that are also valid netCDF-4. The only room that includes hdf5.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_STORE_H
#define LAC_STORE_STORE_H

#include "base/text.h"
#include "store/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lac_store lac_store;
typedef struct lac_store_series lac_store_series; /* one extensible variable; owned by its store */

typedef enum lac_store_type { LAC_STORE_FLOAT, LAC_STORE_DOUBLE, LAC_STORE_INT64 } lac_store_type;

/* A bit of `compression`, for the bench: a file without checksums. */
enum { LAC_STORE_NO_SUMS = 64 };

/* Creates a result file under its own name, since it must be readable while it grows and after a
 * kill. LAC_EXISTS unless `force`; LAC_FILE while another process is writing it. Missing parent
 * directories are made. */
lac_status lac_store_create(const char *path, bool force, int compression, lac_store **store);
/* After a kill, what was being flushed is finished from the journal: in the file when it is
 * writable, else only for the eyes of this reader. */
lac_status lac_store_open(const char *path, bool writable, lac_store **store);
/* Is all of an open file as it was written? If not, LAC_FILE with the variables that are damaged.
 * What is read is compared with checksums anyway; this reads everything. */
lac_status lac_store_check(lac_store *store);
/* Flushes and closes; NULL is allowed. The status tells a full disk. */
lac_status lac_store_close(lac_store *store);
/* All so far is in the file, or, after a kill or an error, nothing since the flush before. Once per
 * frame. */
lac_status lac_store_flush(lac_store *store);
/* Finishes in the file what a kill has left in its journal; LAC_FILE while another process is
 * writing it. To do before other programs read a result that may have been killed. */
lac_status lac_store_mend(const char *path);
/* A file that was created and killed before its first flush. */
bool lac_store_is_blank(const char *path);
/* A file that Lacuna has written, perhaps a damaged one: by its checksums, or its beginning. */
bool lac_store_is_ours(const char *path);
/* Removes a regular file, or the one that a link leads to; nothing else. */
void lac_store_remove(const char *path);

/* A group ("/ledger"); parents must exist. */
lac_status lac_store_group(lac_store *store, const char *path);

/* A dimension with coordinates; length 0 = unlimited (filled by appending). `units` may be NULL. */
lac_status lac_store_dimension(lac_store *store, const char *path, size_t length,
                               const double *coordinates, const char *units, const char *long_name);

/* A variable over named dimensions. */
typedef struct lac_store_about {
    const char *path;
    lac_store_type type;
    const char *const *dimensions; /* paths, `count` of them */
    size_t count;
    const char *units; /* as readers of netCDF know it; may be NULL */
    const char *long_name;
} lac_store_about;

/* The first of its dimensions may be the unlimited one. Attributes units (CF), long_name. Handle
 * borrowed from the store; `series` may be NULL. */
lac_status lac_store_variable(lac_store *store, const lac_store_about *about,
                              lac_store_series **series);

/* Writes record `index` of a variable whose first dimension is unlimited: values are converted from
 * double to the type stored; or the whole of a fixed variable (index 0). A small record may be held
 * back until the next flush. */
lac_status lac_store_put(lac_store_series *series, size_t index, const double *values);

/* Finds an existing variable again (resume). */
lac_status lac_store_find(lac_store *store, const char *path, lac_store_series **series);
/* Records of an unlimited dimension ("/time") or of a variable over one. */
lac_status lac_store_length(lac_store *store, const char *path, size_t *records);
/* Cuts an unlimited dimension and every variable over it back to `records` (resume). LAC_FILE when
 * one of them holds fewer. */
lac_status lac_store_truncate(lac_store *store, const char *dimension, size_t records);

/* Attributes of a group or variable ("/" = the file). */
lac_status lac_store_text_attribute(lac_store *store, const char *path, const char *name,
                                    const char *value);
lac_status lac_store_number_attribute(lac_store *store, const char *path, const char *name,
                                      double value);

/* A variable of texts: a column over `dimension` (count = its length); or, when
 * `dimension` equals `path`, a new dimension whose coordinates are the texts; or one long text
 * (`dimension` NULL, count 1). */
lac_status lac_store_texts(lac_store *store, const char *path, const char *dimension,
                           const char *const *texts, size_t count);

/* Reading, for masks, `lacuna show`, tests. The caller frees with lac_free. Values of any numeric
 * type come as doubles, the slowest dimension first. */
lac_status lac_store_read(lac_store *store, const char *path, double **values, size_t *dimensions,
                          size_t length[8]);
/* The same of the last record along the first dimension, which is then left out of `length`. */
lac_status lac_store_read_last(lac_store *store, const char *path, double **values,
                               size_t *dimensions, size_t length[8]);
/* A text attribute, or (`attribute` NULL) a text variable, its rows joined by line ends. */
lac_status lac_store_read_text(lac_store *store, const char *path, const char *attribute,
                               char **value);
/* Names of the variables in a group, in order of creation; free with lac_store_free_list. */
lac_status lac_store_list(lac_store *store, const char *group, char ***names, size_t *count);
void lac_store_free_list(char **names, size_t count);
/* Also when damage hides whether there is: reading it then says so. */
bool lac_store_has(lac_store *store, const char *path);

/* --- parts: tables that are written and read by the row or the column --- */

/* What of a variable is meant: `count` along each dimension, from `first` on. */
typedef struct lac_store_box {
    size_t first[8], count[8];
} lac_store_box;

/* A variable that is written by boxes. Any of its dimensions may be unlimited: it grows along them
 * as boxes need it (the dimension itself grows by lac_store_put). What no box has written is
 * missing (NaN); integers count something, and are 0 there. */
lac_status lac_store_table(lac_store *store, const lac_store_about *about,
                           lac_store_series **series);
lac_status lac_store_put_box(lac_store_series *series, const lac_store_box *box,
                             const double *values);

/* A whole column: one dimension. Integers have no value for what is missing, so that no reader
 * makes fractions of them. */
lac_status lac_store_column(lac_store *store, const lac_store_about *about, const double *values);

/* A dimension whose coordinates are 0, 1, 2, ... */
lac_status lac_store_numbered(lac_store *store, const char *path, size_t length,
                              const char *long_name);

/* The lengths of a variable. */
lac_status lac_store_shape(lac_store *store, const char *path, size_t *dimensions,
                           size_t length[8]);
/* The values of a box into the caller's memory. LAC_NO_INPUT when the variable has no such box. */
lac_status lac_store_read_box(lac_store *store, const char *path, const lac_store_box *box,
                              double *values);
/* A number attribute: its first element. */
lac_status lac_store_read_number(lac_store *store, const char *path, const char *attribute,
                                 double *value);
/* A text variable row by row; free with lac_store_free_list. */
lac_status lac_store_read_rows(lac_store *store, const char *path, char ***rows, size_t *count);

/* The CF attributes flag_values (0, 1, 2, ...) and flag_meanings of a variable of codes. */
lac_status lac_store_flags(lac_store *store, const char *path, const char *const *meanings,
                           size_t count);

/* --- views: variables whose values are in other files ------------------- */

/* `records` records of `path` in `file` (as said from the directory of the view's own file) are
 * row `row` of the view. */
typedef struct lac_store_source {
    const char *file; /* borrowed */
    size_t row, records;
} lac_store_source;

typedef struct lac_store_view_about {
    const char *const *dimensions; /* rows, records, and those of a record */
    size_t count;
    const char *units, *long_name; /* may be NULL */
    const char *source_path;       /* the variable in each of the files */
    const lac_store_source *source;
    size_t sources;
} lac_store_view_about;

/* A view in single precision (H5Pset_virtual). Rows and records without a source are NaN, and so,
 * silently, are those whose file is gone. */
lac_status lac_store_view(lac_store *store, const char *path, const lac_store_view_about *about);
/* A real variable, still empty, in place of a view, with its dimensions and attributes; deflated
 * frame by frame at level `compression`. */
lac_status lac_store_settle(lac_store *store, const char *path, int compression,
                            lac_store_series **series);

/* --- names -------------------------------------------------------------- */

/* Gives a finished file its name: its bytes are on the disk before the name is. */
lac_status lac_store_publish(const char *temporary, const char *path);
/* The name under which this process makes the file `path`. */
void lac_store_temporary(const char *path, lac_text *temporary);
/* Takes away a file that was not finished, and what the store kept beside it. */
void lac_store_discard(const char *temporary);
/* The same for what processes that were killed have left of `path`: nobody writes it, and it is
 * older than a day. */
void lac_store_discard_old(const char *path);

/* "1.10.8" */
const char *lac_store_library(void);

#endif
