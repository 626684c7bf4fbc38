/* What the files of the store share: its handles, and HDF5 failures told as sentences.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_STORE_INTERNAL_H
#define LAC_STORE_STORE_INTERNAL_H

#include "store/driver.h"
#include "store/store.h"

#include <hdf5.h>

enum { LAC_STORE_RANK = 8, LAC_STORE_PATH = 512 };

struct lac_store_series {
    lac_store *store; /* borrowed */
    char *path;       /* owned */
    hid_t dataset;
    size_t rank;
    bool unlimited;                 /* the first dimension grows */
    hsize_t length[LAC_STORE_RANK]; /* held records included */
    double *held;                   /* [held_most records], owned: put, not yet in the dataset */
    size_t held_first, held_count, held_most;
};

struct lac_store {
    char *path;         /* owned */
    hid_t file;         /* 0 = not open */
    lac_driver *driver; /* of the file */
    bool writable;
    bool flushed; /* at least once: the file can be read */
    bool broken;  /* the disk refused a write: what is on it must not be touched again */
    int compression;
    bool sums;                 /* it carries checksums */
    lac_store_series **series; /* owned */
    size_t series_count, series_capacity;
};

/* The sentence "FILE: cannot <what>: <reason>", the reason taken from the error stack of the HDF5
 * call that has just failed. */
lac_status lac_hdf5_failed(lac_store *store, const char *format, ...) LAC_PRINTF(2, 3);

/* A negative result of an HDF5 call leaves through `out:`. */
#define LAC_HDF5(call, store, ...)                                                                 \
    do {                                                                                           \
        if ((call) < 0) {                                                                          \
            status = lac_hdf5_failed((store), __VA_ARGS__);                                        \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

/* HDF5 prints nothing in this thread, and does not close files behind our back at exit. */
void lac_hdf5_quiet(void);

/* Takes over `dataset` (closed on failure too) as a series of the store. */
lac_status lac_store_adopt(lac_store *store, const char *path, hid_t dataset,
                           lac_store_series **series);

/* A dataset creation list that keeps attributes in order, with the fill value NaN. */
hid_t lac_store_dataset_list(hid_t type);

/* Cuts a dataset in chunks that carry a checksum, deflated at `compression` when that is not 0. */
void lac_store_chunks(const lac_store *store, hid_t creation, int rank, const hsize_t *chunk,
                      int compression);
/* A dataset of one dimension and fixed length, in one chunk. */
void lac_store_one_chunk(const lac_store *store, hid_t creation, hsize_t length);

/* Of a file that is being opened: is it as it was written? A large one that is only read is looked
 * at where it is read. */
lac_status lac_store_check_small(lac_store *store);
/* Does HDF5 survive to read the file? For one without checksums, which may be anybody's. */
lac_status lac_store_probe(const char *path);

/* Makes `dataset` a dimension named by the last part of `path`. */
lac_status lac_store_make_scale(lac_store *store, hid_t dataset, const char *path);

/* Attaches the dimension scale `dimension` to axis `axis` of a dataset. */
lac_status lac_store_attach(lac_store *store, hid_t dataset, const char *dimension, size_t axis);

/* units and long_name; NULL leaves one out. */
lac_status lac_store_describe(lac_store *store, hid_t object, const char *units,
                              const char *long_name);

/* Writes a part of the dataset, which is large enough. */
lac_status lac_store_write(lac_store_series *series, const hsize_t *first, const hsize_t *count,
                           const double *values);

/* The lengths of a space, of a variable called `path`; and does a dataset hold numbers? */
lac_status lac_store_measure(lac_store *store, const char *path, hid_t space, size_t *dimensions,
                             size_t length[8]);
bool lac_store_is_numeric(hid_t dataset);

/* Puts into the dataset what the series holds back, and the same of all series. */
lac_status lac_store_drain(lac_store_series *series);
lac_status lac_store_drain_all(lac_store *store);

/* Numbers in the file, and the attribute _FillValue that marks what is missing. */
hid_t lac_store_file_type(lac_store_type type);
lac_status lac_store_mark_missing(lac_store *store, hid_t dataset, hid_t type);

/* The handle of a variable for reading. LAC_NO_INPUT when there is none. */
lac_status lac_store_open_dataset(lac_store *store, const char *path, hid_t *dataset);

/* The type of texts of any length. */
hid_t lac_store_string_type(void);

#endif
