/* The index: what came of a campaign: a netCDF-4 file of real data with a row for every member, the
 * curves of the kept series, statistics over members, and views of the members' fields.
 *
 * Written by one process, in the order of the members, so it does not depend on who ran them or who
 * finished first. Only the group /effort (wall time, processor time, memory, host, attempts, dates)
 * and /provenance differ between two sweeps of one plan.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_INDEX_H
#define LAC_INDEX_INDEX_H

#include "campaign/campaign.h"

#include <stdbool.h>

typedef struct lac_index lac_index;

/* Who builds it, for provenance; any may be NULL. */
typedef struct lac_index_origin {
    const char *command, *host, *created, *note;
} lac_index_origin;

/* Begins DIR/index.nc under a temporary name. */
lac_status lac_index_begin(lac_campaign *campaign, const lac_sample_table *samples,
                           const lac_index_origin *origin, lac_index **index);
/* Takes in the next member (they come in order, each once, done or not): reads the series and
 * fields of a done one from its file, checks that the file is whole and was run as the sample table
 * says, and forgets them. A file that is not turns its row into LAC_LOST with a sentence: never a
 * silent NaN. */
lac_status lac_index_add(lac_index *index, const lac_attempt_record *note);
/* How many of the members so far are done, after what add has found. */
size_t lac_index_done(const lac_index *index);
/* Statistics, views of fields, then the final name. Frees the index, also on failure; NULL is
 * allowed in lac_index_drop, which leaves nothing behind. */
lac_status lac_index_finish(lac_index *index);
void lac_index_drop(lac_index *index);

/* All of a campaign in one go: for `lacuna merge`. `done` (may be NULL) receives how many members
 * are. */
lac_status lac_index_build(lac_campaign *campaign, const lac_sample_table *samples,
                           const lac_index_origin *origin, size_t *done);

/* A copy of an index that holds the fields of its members itself and so can be moved and sent.
 * LAC_EXISTS unless `force`; LAC_NO_INPUT when a member that the index calls done is not there. */
lac_status lac_index_copy(const char *index, const char *path, bool force);

/* What an index says of a member that is not done, or what is wrong with one that should be. */
typedef struct lac_index_problem {
    size_t member;        /* LAC_NONE = the index itself */
    const char *status;   /* "failed", ... */
    const char *sentence; /* as the next: valid during the call */
} lac_index_problem;
typedef void (*lac_index_tell)(void *context, const lac_index_problem *problem);

/* Tells all problems of DIRECTORY/index.nc, in the order of members. With `look` the file of every
 * member that the index calls done is opened and compared with what the index holds: is it there,
 * of the same size and date, with as many frames and the same curves, and can its fields be read?
 * And is the index of the plan whose directory this is? `members` and `bad` may be NULL. */
lac_status lac_index_problems(const char *directory, bool look, lac_index_tell tell, void *context,
                              size_t *members, size_t *bad);

#endif
