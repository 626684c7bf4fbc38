/* Elimination: the order, the fill and the list of operations of one group, and the small dense LU.
 *
 * Minimum degree on the symmetrised pattern (Tinney & Walker 1967), no pivoting: I - g J with the
 * losses and conversions of mass-action kinetics has growing diagonals; a pivot that vanishes is
 * reported by the numeric phase.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/factor_internal.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* ---- order ------------------------------------------------------------------------------------
 */

/* Neighbours of a among those not yet eliminated. */
static size_t degree(const unsigned char *near, const unsigned char *gone, size_t n, size_t a)
{
    size_t count = 0;
    for (size_t b = 0; b < n; b++)
        count += b != a && !gone[b] && near[a * n + b];
    return count;
}

static size_t least_degree(const unsigned char *near, const unsigned char *gone, size_t n)
{
    size_t best = LAC_NONE, least = LAC_NONE;
    for (size_t a = 0; a < n; a++) {
        if (gone[a])
            continue;
        size_t here = degree(near, gone, n, a);
        if (here < least) {
            least = here;
            best = a;
        }
    }
    return best;
}

static void join_neighbours(unsigned char *near, const unsigned char *gone, size_t n, size_t a)
{
    for (size_t b = 0; b < n; b++)
        for (size_t c = 0; c < n; c++)
            if (!gone[b] && !gone[c] && near[a * n + b] && near[a * n + c])
                near[b * n + c] = 1;
}

static lac_status find_order(const unsigned char *pattern, size_t n, size_t *order)
{
    lac_status status = LAC_OK;
    unsigned char *near = NULL, *gone = NULL;
    LAC_NEW(near, n * n);
    LAC_NEW(gone, n);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            near[a * n + b] = pattern[a * n + b] | pattern[b * n + a];
    for (size_t step = 0; step < n; step++) {
        order[step] = least_degree(near, gone, n);
        join_neighbours(near, gone, n, order[step]);
        gone[order[step]] = 1;
    }
out:
    lac_free(near);
    lac_free(gone);
    return status;
}

/* ---- fill -------------------------------------------------------------------------------------
 */

/* Puts the group and its pattern into the order. */
static lac_status rearrange(lac_group *group, unsigned char *pattern, const size_t *order)
{
    lac_status status = LAC_OK;
    size_t n = group->fields;
    unsigned char *old = NULL;
    size_t *field = NULL;
    LAC_NEW(old, n * n);
    LAC_NEW(field, n);
    memcpy(old, pattern, n * n);
    memcpy(field, group->field, n * sizeof *field);
    for (size_t a = 0; a < n; a++) {
        group->field[a] = field[order[a]];
        for (size_t b = 0; b < n; b++)
            pattern[a * n + b] = old[order[a] * n + order[b]];
    }
out:
    lac_free(old);
    lac_free(field);
    return status;
}

/* Adds the fill and returns the number of operations that elimination takes. */
static size_t fill_in(unsigned char *pattern, size_t n)
{
    size_t operations = n;
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i < n; i++) {
            if (!pattern[i * n + k])
                continue;
            operations++;
            for (size_t j = k + 1; j < n; j++)
                if (pattern[k * n + j]) {
                    pattern[i * n + j] = 1;
                    operations++;
                }
        }
    return operations;
}

static void list_entries(lac_group *group, const unsigned char *pattern, size_t *entry)
{
    size_t n = group->fields;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            if (pattern[a * n + b]) {
                group->row[group->entries] = group->field[a];
                group->column[group->entries] = group->field[b];
                entry[a * n + b] = group->entries++;
            }
}

static void list_eliminations(lac_group *group, const unsigned char *pattern, const size_t *entry)
{
    size_t n = group->fields;
    lac_elimination *at = group->elimination;
    for (size_t k = 0; k < n; k++) {
        *at++ = (lac_elimination){LAC_INVERT, entry[k * n + k], 0, 0};
        for (size_t i = k + 1; i < n; i++) {
            if (!pattern[i * n + k])
                continue;
            *at++ = (lac_elimination){LAC_SCALE, entry[i * n + k], entry[k * n + k], 0};
            for (size_t j = k + 1; j < n; j++)
                if (pattern[k * n + j])
                    *at++ = (lac_elimination){LAC_REDUCE, entry[i * n + j], entry[i * n + k],
                                              entry[k * n + j]};
        }
    }
    group->eliminations = (size_t)(at - group->elimination);
}

static void list_substitutions(lac_group *group, const unsigned char *pattern, const size_t *entry)
{
    size_t n = group->fields;
    lac_substitution *at = group->substitution;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (pattern[i * n + k])
                *at++ = (lac_substitution){entry[i * n + k], group->field[i], group->field[k]};
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            if (pattern[k * n + j])
                *at++ = (lac_substitution){entry[k * n + j], group->field[k], group->field[j]};
        *at++ = (lac_substitution){entry[k * n + k], group->field[k], group->field[k]};
    }
    group->substitutions = (size_t)(at - group->substitution);
}

lac_status lac_elimination_plan(lac_group *group, unsigned char *pattern)
{
    lac_status status = LAC_OK;
    size_t n = group->fields, operations, entries = 0;
    size_t *order = NULL, *entry = NULL;
    LAC_NEW(order, n);
    LAC_NEW(entry, n * n);
    LAC_TRY(find_order(pattern, n, order));
    LAC_TRY(rearrange(group, pattern, order));
    operations = fill_in(pattern, n);
    for (size_t k = 0; k < n * n; k++)
        entries += pattern[k];
    LAC_NEW(group->row, entries);
    LAC_NEW(group->column, entries);
    LAC_NEW(group->elimination, operations);
    LAC_NEW(group->substitution, entries);
    list_entries(group, pattern, entry);
    list_eliminations(group, pattern, entry);
    list_substitutions(group, pattern, entry);
out:
    lac_free(order);
    lac_free(entry);
    return status;
}
