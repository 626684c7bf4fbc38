/* Actions of an event: what load_events.c asks of load_actions.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_ACTIONS_H
#define LAC_LOADING_ACTIONS_H

#include "loading/loader.h"

/* What the targets of an event have in common. */
typedef struct lac_actions {
    lac_event *event;
    size_t domain; /* LAC_NONE = not said */
    size_t region;
    size_t capacity; /* of event->action */
} lac_actions;

/* Reads add, set and scale of an event, in the order of the text. */
lac_status lac_load_actions(lac_loader *loader, lac_actions *at, const lac_yaml *node);

#endif
