/* The event queue: a list of rows of numbers, so that a checkpoint keeps it as it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/event_queue.h"

#include "base/memory.h"

#include <string.h>

enum { TIME, KIND, EVENT, VALUES }; /* columns of a row; then one an action */

struct lac_event_queue {
    const lac_model *model; /* borrowed */
    size_t rows;            /* room */
    size_t width;
    size_t count;
    double *row; /* owned [rows][width] */
};

lac_status lac_event_queue_create(const lac_model *model, lac_event_queue **queue)
{
    lac_status status = LAC_OK;
    lac_event_queue *fresh = NULL;
    size_t most = 0;
    bool wanted = false;
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        most = it->actions > most ? it->actions : most;
        wanted = wanted || it->delay > 0 || it->over > 0;
    }
    LAC_NEW(fresh, 1);
    fresh->model = model;
    fresh->rows = wanted ? LAC_EVENT_QUEUE_MOST : 0;
    fresh->width = VALUES + most;
    LAC_NEW(fresh->row, fresh->rows * fresh->width);
    *queue = fresh;
    fresh = NULL;
out:
    lac_event_queue_free(fresh);
    return status;
}

void lac_event_queue_free(lac_event_queue *queue)
{
    if (!queue)
        return;
    lac_free(queue->row);
    lac_free(queue);
}

lac_status lac_event_queue_add(lac_event_queue *queue, const lac_event_queue_entry *entry)
{
    lac_status status = LAC_OK;
    const lac_event *event = &queue->model->event[entry->event];
    LAC_REQUIRE(queue->count < queue->rows, LAC_LIMIT,
                "event %s: more than %d delayed actions and running infusions at a time", event->id,
                LAC_EVENT_QUEUE_MOST);
    double *row = queue->row + queue->count++ * queue->width;
    row[TIME] = entry->time;
    row[KIND] = entry->kind;
    row[EVENT] = (double)entry->event;
    memcpy(row + VALUES, entry->value, event->actions * sizeof *row);
out:
    return status;
}

size_t lac_event_queue_count(const lac_event_queue *queue)
{
    return queue->count;
}

lac_event_queue_entry lac_event_queue_at(const lac_event_queue *queue, size_t index)
{
    const double *row = queue->row + index * queue->width;
    return (lac_event_queue_entry){row[TIME], (lac_event_queue_kind)row[KIND], (size_t)row[EVENT],
                                   row + VALUES};
}

size_t lac_event_queue_first(const lac_event_queue *queue)
{
    size_t first = 0;
    for (size_t index = 1; index < queue->count; index++)
        if (lac_event_queue_at(queue, index).time < lac_event_queue_at(queue, first).time)
            first = index;
    return first;
}

void lac_event_queue_remove(lac_event_queue *queue, size_t index)
{
    double *row = queue->row + index * queue->width;
    queue->count--;
    memmove(row, row + queue->width, (queue->count - index) * queue->width * sizeof *row);
}

void lac_event_queue_blocks(lac_event_queue *queue, lac_block_list *list)
{
    if (queue->rows == 0)
        return;
    lac_block_add(list, "agenda", "count", LAC_BLOCK_SIZE, 1, &queue->count);
    lac_block_add(list, "agenda", "rows", LAC_BLOCK_DOUBLE, queue->rows * queue->width, queue->row);
}
