/* The event queue: what is due later: actions after a delay, and ends of infusions.
 * Entries are taken in the order of their times, and at one time in the order in which they came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_EVENT_QUEUE_H
#define LAC_RUN_EVENT_QUEUE_H

#include "base/block.h"
#include "model/model.h"

typedef struct lac_event_queue lac_event_queue;

enum { LAC_EVENT_QUEUE_MOST = 1024 }; /* entries at a time */

typedef enum lac_event_queue_kind { LAC_EVENT_QUEUE_ACT, LAC_EVENT_QUEUE_END } lac_event_queue_kind;

typedef struct lac_event_queue_entry {
    double time; /* [s] */
    lac_event_queue_kind kind;
    size_t event;
    const double *value; /* borrowed until the event queue changes: one an action of the event */
} lac_event_queue_entry;

/* Without any delay or infusion in the model it has no room. */
lac_status lac_event_queue_create(const lac_model *model, lac_event_queue **queue);
void lac_event_queue_free(lac_event_queue *queue);

/* Keeps a copy of entry->value. LAC_LIMIT when there is no room. */
lac_status lac_event_queue_add(lac_event_queue *queue, const lac_event_queue_entry *entry);
size_t lac_event_queue_count(const lac_event_queue *queue);
lac_event_queue_entry lac_event_queue_at(const lac_event_queue *queue, size_t index);
/* The earliest entry; lac_event_queue_count when there is none. */
size_t lac_event_queue_first(const lac_event_queue *queue);
void lac_event_queue_remove(lac_event_queue *queue, size_t index);

/* All entries, owner "agenda". */
void lac_event_queue_blocks(lac_event_queue *queue, lac_block_list *list);

#endif
