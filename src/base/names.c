/* Names: open addressing over owned copies, and the Damerau-Levenshtein distance (optimal string
 * alignment; Damerau 1964, CACM 7:171) with a change of case at half price.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static size_t hash(const char *name)
{
    uint64_t value = 1469598103934665603u; /* FNV-1a */
    for (; *name; name++)
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)value;
}

static size_t *slot(const lac_names *names, const char *name)
{
    size_t at = hash(name) & (names->buckets - 1);
    while (names->bucket[at] && strcmp(names->name[names->bucket[at] - 1], name) != 0)
        at = (at + 1) & (names->buckets - 1);
    return &names->bucket[at];
}

static lac_status rehash(lac_names *names)
{
    lac_status status = LAC_OK;
    size_t *old = names->bucket;
    size_t buckets = names->buckets ? 2 * names->buckets : 16;
    size_t *fresh = NULL;
    LAC_NEW(fresh, buckets);
    names->bucket = fresh;
    names->buckets = buckets;
    for (size_t index = 0; index < names->count; index++)
        *slot(names, names->name[index]) = index + 1;
    lac_free(old);
out:
    return status;
}

lac_status lac_names_add(lac_names *names, const char *name)
{
    lac_status status = LAC_OK;
    if (2 * (names->count + 1) > names->buckets)
        LAC_TRY(rehash(names));
    LAC_REQUIRE(!*slot(names, name), LAC_INPUT, "the name '%s' is used twice", name);
    LAC_GROW(names->name, names->count, names->capacity);
    LAC_OWN(names->name[names->count], lac_copy_text(name));
    *slot(names, name) = ++names->count;
out:
    return status;
}

size_t lac_names_find(const lac_names *names, const char *name)
{
    if (!names->buckets)
        return LAC_NONE;
    return *slot(names, name) - 1; /* 0 - 1 is LAC_NONE */
}

void lac_names_free(lac_names *names)
{
    if (!names)
        return;
    for (size_t index = 0; index < names->count; index++)
        lac_free(names->name[index]);
    lac_free(names->name);
    lac_free(names->bucket);
    *names = (lac_names){0};
}

enum { LONGEST = 64 };

static size_t replace_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? 1 : 2;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t lac_edit_distance(const char *a, const char *b)
{
    size_t rows = least(strlen(a), LONGEST);
    size_t columns = least(strlen(b), LONGEST);
    size_t cost[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= rows; i++)
        cost[i][0] = 2 * i;
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = 2 * j;
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            size_t best = least(cost[i - 1][j], cost[i][j - 1]) + 2;
            best = least(best, cost[i - 1][j - 1] + replace_cost(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, cost[i - 2][j - 2] + 2);
            cost[i][j] = best;
        }
    }
    return cost[rows][columns];
}

static size_t common_start(const char *a, const char *b)
{
    size_t length = 0;
    while (a[length] && a[length] == b[length])
        length++;
    return length;
}

const char *lac_nearest(const char *const *words, size_t count, const char *word)
{
    size_t length = strlen(word);
    size_t limit = 2 * (length / 3 > 1 ? length / 3 : 1);
    const char *nearest = NULL;
    for (size_t index = 0; index < count; index++) {
        size_t distance = lac_edit_distance(words[index], word);
        if (distance > limit || strlen(words[index]) <= distance / 2)
            continue;
        if (!nearest || distance < limit ||
            common_start(words[index], word) > common_start(nearest, word))
            nearest = words[index];
        limit = distance;
    }
    return nearest;
}

const char *lac_names_nearest(const lac_names *names, const char *name)
{
    return lac_nearest((const char *const *)names->name, names->count, name);
}
