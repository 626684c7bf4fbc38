/* What observers share: their list, and how a variable of a result is named and described.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_OBSERVERS_H
#define LAC_OBSERVE_OBSERVERS_H

#include "base/text.h"
#include "observe/observer.h"

/* The observers, in the order in which they are created and record. */
/* clang-format off */
#define LAC_OBSERVER_LIST(X) \
    X(axes) \
    X(provenance) \
    X(fields) \
    X(pools) \
    X(observables) \
    X(bands) \
    X(parameters) \
    X(ledger) \
    X(bias) \
    X(representation) \
    X(clock)
/* clang-format on */
#define LAC_OBSERVER_OF_ROW(name) extern const lac_observer_type lac_observe_##name;
LAC_OBSERVER_LIST(LAC_OBSERVER_OF_ROW)
#undef LAC_OBSERVER_OF_ROW

/* For observers that keep nothing, and for those that write nothing per frame. */
void lac_observe_no_blocks(void *self, lac_block_list *list);
lac_status lac_observe_no_record(void *self, const lac_state *state, size_t frame,
                                 size_t field_frame);

/* What a file was made from: the resolved model and every text that was read, in the group
 * /provenance, which is there. */
lac_status lac_provenance_texts(const lac_model *model, lac_store *store);

/* One variable of the result, to be created or found again. */
typedef struct lac_series_about {
    const char *path;
    lac_store_type type;
    const char *const *dimensions;
    size_t count;
    const lac_display *display; /* NULL = no unit */
    const char *long_name;
} lac_series_about;

lac_status lac_observe_series(lac_store *store, bool resumed, const lac_series_about *about,
                              lac_store_series **series);

/* Numbers over time of rows that another dimension names. */
typedef struct lac_rows_about {
    const char *path, *rows, *long_name;
} lac_rows_about;

lac_status lac_observe_rows(lac_store *store, bool resumed, const lac_rows_about *about,
                            lac_store_series **series);

/* A quantity over time: what is put is multiplied by the factor of its display unit. */
typedef struct lac_curve {
    lac_store_series *series; /* borrowed from the store */
    double factor;
    size_t source; /* index of the pool, parameter, observable */
} lac_curve;

lac_status lac_curve_open(lac_store *store, bool resumed, const char *path,
                          const lac_display *display, const char *long_name, lac_curve *curve);
lac_status lac_curve_put(const lac_curve *curve, size_t frame, double value);

/* "/cartilage_IL1b", "interleukin-1 beta in articular cartilage" appended to a text. */
void lac_variable_path(const lac_model *model, size_t variable, lac_text *path);
void lac_observable_path(const lac_model *model, size_t observable, lac_text *path);
void lac_variable_words(const lac_model *model, size_t variable, lac_text *words);

#endif
