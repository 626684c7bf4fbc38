/* The sample table: all members of a plan, in their order, each with its values: who is to be run.
 *
 * member = point * replicates + replicate; point = arm * rows + row: an arm is one combination of
 * the listed values (the last list varies fastest), a row one point of the sampled design, the same
 * rows in every arm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_SAMPLE_TABLE_H
#define LAC_CAMPAIGN_SAMPLE_TABLE_H

#include "analysis/design.h"
#include "base/text.h"

typedef struct lac_sample_table {
    const lac_plan *plan; /* borrowed */
    size_t arms, rows, points, members;
    lac_design design; /* of the sampled factors */
    double *unit;      /* owned [rows, or points with rows of their own][sampled factors], joined by
                          the copula of the plan; NULL of a grid */
    double *value;  /* owned [points][factors], in the factor's unit; exactly what the text of --set
                       says: 12 digits */
    size_t *number; /* owned [members]: of a plan that has grown: names of files and streams;
                       NULL = every member is its own number */
    char grown[LAC_FINGERPRINT_BYTES]; /* the version of the plan whose directory it may take
                                          over; "" = none */
} lac_sample_table;

/* LAC_LIMIT beyond LAC_MEMBERS_MOST members. */
enum { LAC_MEMBERS_MOST = 1000000 };
lac_status lac_sample_table_create(const lac_plan *plan, lac_sample_table **samples);
void lac_sample_table_free(lac_sample_table *samples);

static inline size_t lac_sample_table_point(const lac_sample_table *samples, size_t member)
{
    return member / samples->plan->replicates;
}
static inline size_t lac_sample_table_replicate(const lac_sample_table *samples, size_t member)
{
    return member % samples->plan->replicates;
}

/* The arms of `arms:` begin with one start for each of these: a row with the levels of all other
 * lists. */
static inline size_t lac_sample_table_starts(const lac_sample_table *samples)
{
    return samples->plan->arms > 0 ? samples->points / samples->plan->arms : samples->points;
}
static inline size_t lac_sample_table_start(const lac_sample_table *samples, size_t point)
{
    return samples->plan->own_rows ? point : point % lac_sample_table_starts(samples);
}

/* The start of a member among all of them: members with the same number begin alike. A start that
 * is drawn is that of a replicate. */
size_t lac_sample_table_start_of_member(const lac_sample_table *samples, size_t member);
/* The n-th member to be run: those of a start follow one another. */
size_t lac_sample_table_in_turn(const lac_sample_table *samples, size_t n);

/* Which sample a point has: that of its row, or with rows of its own one that no other arm has. */
static inline size_t lac_sample_table_unit(const lac_sample_table *samples, size_t point)
{
    size_t row = point % samples->rows;
    return samples->plan->own_rows ? row * samples->arms + point / samples->rows : row;
}
/* The number under which a member is known in its directory; those that were there before a plan
 * has grown keep theirs. */
static inline size_t lac_sample_table_number(const lac_sample_table *samples, size_t member)
{
    return samples->number ? samples->number[member] : member;
}

/* "NAME=VALUE UNIT" of a factor at a point, as --set takes it. */
void lac_sample_table_setting(const lac_sample_table *samples, size_t point, size_t factor,
                              lac_text *text);
/* What members differ by, as a sentence begins: parameters, chance, or both and whether they can be
 * told apart. */
const char *lac_sample_table_variation(const lac_sample_table *samples);
/* Tells apart what members are run with: the model that they share (a fingerprint of
 * lac_plan_write_model), the values of the point, and the streams. */
uint64_t lac_sample_table_key(const lac_sample_table *samples, const char *model, size_t member);
/* run.seed and run.replicate of a member: independent streams for all members
 * (their numbers), or with
 * common_streams the same for replicate r of every point. */
void lac_sample_table_streams(const lac_sample_table *samples, size_t member, double *seed,
                              double *replicate);

#endif
