/* A catalogue of the scenarios or plans that can be run: those here and the installed ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_CATALOGUE_H
#define LAC_CLI_CATALOGUE_H

#include "base/json.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum lac_catalogue_kind { LAC_SCENARIOS, LAC_PLANS } lac_catalogue_kind;

typedef struct lac_catalogue_entry {
    char *path;     /* owned: as the command line takes it */
    char *title;    /* owned: its title, else the first comment of the text, else "" */
    bool installed; /* not here: found below the directory of installed files */
} lac_catalogue_entry;

/* Sorted by folder, then name. Zero-initialise; free with lac_catalogue_free. */
typedef struct lac_catalogue {
    lac_catalogue_kind kind;
    size_t count, capacity;
    lac_catalogue_entry *entry; /* owned */
} lac_catalogue;

/* Looks into the current directory, params/ in it and params/ below `installed`. Files that cannot
 * be read, or are parts of scenarios, are left out. */
lac_status lac_catalogue_read(lac_catalogue_kind kind, const char *installed,
                              lac_catalogue *catalogue);
void lac_catalogue_free(lac_catalogue *catalogue);

/* Prints a heading for each folder, and a line for each file in it. */
void lac_catalogue_print(const lac_catalogue *catalogue, const char *installed);
/* Items of an array that is open. */
void lac_catalogue_json(const lac_catalogue *catalogue, lac_json *json);

/* The best matches for a mistyped path, nearest first; returns how many (at most `most`). Borrowed
 * from the catalogue. */
size_t lac_catalogue_nearest(const lac_catalogue *catalogue, const char *said, const char **found,
                             size_t most);

#endif
