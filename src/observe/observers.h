/* What observers share: the list's members and how a variable of a result is named and described.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_OBSERVERS_H
#define LAC_OBSERVE_OBSERVERS_H

#include "base/text.h"
#include "observe/observer.h"

extern const lac_observer_type lac_observe_axes;
extern const lac_observer_type lac_observe_fields;
extern const lac_observer_type lac_observe_pools;
extern const lac_observer_type lac_observe_observables;
extern const lac_observer_type lac_observe_bands;
extern const lac_observer_type lac_observe_parameters;
extern const lac_observer_type lac_observe_ledger;
extern const lac_observer_type lac_observe_provenance;
extern const lac_observer_type lac_observe_clock;

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
