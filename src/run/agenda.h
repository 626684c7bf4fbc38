/* The agenda: what events have put off: actions after a delay, and ends of infusions.
 * Entries are taken in the order of their times, and at one time in the order in which they came.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_AGENDA_H
#define LAC_RUN_AGENDA_H

#include "base/block.h"
#include "model/model.h"

typedef struct lac_agenda lac_agenda;

enum { LAC_AGENDA_MOST = 1024 }; /* entries at a time */

typedef enum lac_agenda_kind { LAC_AGENDA_ACT, LAC_AGENDA_END } lac_agenda_kind;

typedef struct lac_agenda_entry {
    double time; /* [s] */
    lac_agenda_kind kind;
    size_t event;
    const double *value; /* borrowed until the agenda changes: one an action of the event */
} lac_agenda_entry;

/* Without any delay or infusion in the model it has no room. */
lac_status lac_agenda_create(const lac_model *model, lac_agenda **agenda);
void lac_agenda_free(lac_agenda *agenda);

/* Keeps a copy of entry->value. LAC_LIMIT when there is no room. */
lac_status lac_agenda_add(lac_agenda *agenda, const lac_agenda_entry *entry);
size_t lac_agenda_count(const lac_agenda *agenda);
lac_agenda_entry lac_agenda_at(const lac_agenda *agenda, size_t index);
/* The earliest entry; lac_agenda_count when there is none. */
size_t lac_agenda_first(const lac_agenda *agenda);
void lac_agenda_remove(lac_agenda *agenda, size_t index);

/* All entries, owner "agenda". */
void lac_agenda_blocks(lac_agenda *agenda, lac_block_list *list);

#endif
