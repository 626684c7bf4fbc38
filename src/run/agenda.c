/* The agenda: a list of rows of numbers, so that a checkpoint keeps it as it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/agenda.h"

#include "base/memory.h"

#include <string.h>

enum { TIME, KIND, EVENT, VALUES }; /* columns of a row; then one an action */

struct lac_agenda {
    const lac_model *model; /* borrowed */
    size_t rows;            /* room */
    size_t width;
    size_t count;
    double *row; /* owned [rows][width] */
};

lac_status lac_agenda_create(const lac_model *model, lac_agenda **agenda)
{
    lac_status status = LAC_OK;
    lac_agenda *fresh = NULL;
    size_t most = 0;
    bool wanted = false;
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        most = it->actions > most ? it->actions : most;
        wanted = wanted || it->delay > 0 || it->over > 0;
    }
    LAC_NEW(fresh, 1);
    fresh->model = model;
    fresh->rows = wanted ? LAC_AGENDA_MOST : 0;
    fresh->width = VALUES + most;
    LAC_NEW(fresh->row, fresh->rows * fresh->width);
    *agenda = fresh;
    fresh = NULL;
out:
    lac_agenda_free(fresh);
    return status;
}

void lac_agenda_free(lac_agenda *agenda)
{
    if (!agenda)
        return;
    lac_free(agenda->row);
    lac_free(agenda);
}

lac_status lac_agenda_add(lac_agenda *agenda, const lac_agenda_entry *entry)
{
    lac_status status = LAC_OK;
    const lac_event *event = &agenda->model->event[entry->event];
    LAC_REQUIRE(agenda->count < agenda->rows, LAC_LIMIT,
                "event %s: more than %d delayed actions and running infusions at a time", event->id,
                LAC_AGENDA_MOST);
    double *row = agenda->row + agenda->count++ * agenda->width;
    row[TIME] = entry->time;
    row[KIND] = entry->kind;
    row[EVENT] = (double)entry->event;
    memcpy(row + VALUES, entry->value, event->actions * sizeof *row);
out:
    return status;
}

size_t lac_agenda_count(const lac_agenda *agenda)
{
    return agenda->count;
}

lac_agenda_entry lac_agenda_at(const lac_agenda *agenda, size_t index)
{
    const double *row = agenda->row + index * agenda->width;
    return (lac_agenda_entry){row[TIME], (lac_agenda_kind)row[KIND], (size_t)row[EVENT],
                              row + VALUES};
}

size_t lac_agenda_first(const lac_agenda *agenda)
{
    size_t first = 0;
    for (size_t index = 1; index < agenda->count; index++)
        if (lac_agenda_at(agenda, index).time < lac_agenda_at(agenda, first).time)
            first = index;
    return first;
}

void lac_agenda_remove(lac_agenda *agenda, size_t index)
{
    double *row = agenda->row + index * agenda->width;
    agenda->count--;
    memmove(row, row + agenda->width, (agenda->count - index) * agenda->width * sizeof *row);
}

void lac_agenda_blocks(lac_agenda *agenda, lac_block_list *list)
{
    if (agenda->rows == 0)
        return;
    lac_block_add(list, "agenda", "count", LAC_BLOCK_SIZE, 1, &agenda->count);
    lac_block_add(list, "agenda", "rows", LAC_BLOCK_DOUBLE, agenda->rows * agenda->width,
                  agenda->row);
}
