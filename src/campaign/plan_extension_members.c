/* Growth: how members that exist are found again in a plan that has grown, and get their numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/plan_extension.h"

#include "base/memory.h"
#include "campaign/plan_text.h"

#include <stdint.h>
#include <string.h>

/* --- members that are found again
 * ------------------------------------------------------------------------------------------- */

/* A table of the points of a sample table by their values (open addressing). */
typedef struct point_table {
    const lac_sample_table *samples;
    size_t *slot; /* owned [slots]: point + 1; 0 = empty */
    size_t slots; /* a power of two */
    bool *taken;  /* owned [points] */
} point_table;

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

/* A value as bits; a word by its letters, since its level may be another. */
static uint64_t bits_of(const lac_factor *factor, double value)
{
    uint64_t bits = UINT64_C(0xcbf29ce484222325);
    double positive = value + 0.0; /* -0 is 0 */
    if (!factor->word) {
        memcpy(&bits, &positive, sizeof bits);
        return bits;
    }
    for (const char *byte = factor->word[(size_t)value]; *byte; byte++)
        bits = (bits ^ (unsigned char)*byte) * UINT64_C(0x100000001b3);
    return bits;
}

static uint64_t bits_at(const lac_sample_table *samples, size_t point, size_t factor)
{
    const lac_plan *plan = samples->plan;
    return bits_of(&plan->factor[factor], samples->value[point * plan->factors + factor]);
}

static void put_point(point_table *table, size_t point)
{
    uint64_t hash = 0;
    for (size_t factor = 0; factor < table->samples->plan->factors; factor++)
        hash = mix(hash, bits_at(table->samples, point, factor));
    size_t at = (size_t)hash & (table->slots - 1);
    while (table->slot[at])
        at = (at + 1) & (table->slots - 1);
    table->slot[at] = point + 1;
}

static lac_status make_table(const lac_sample_table *samples, point_table *table)
{
    lac_status status = LAC_OK;
    table->samples = samples;
    table->slots = 16;
    while (table->slots < 2 * samples->points)
        table->slots *= 2;
    LAC_NEW(table->slot, table->slots);
    LAC_NEW(table->taken, samples->points);
    for (size_t point = 0; point < samples->points; point++)
        put_point(table, point);
out:
    return status;
}

/* The first point of these values that no other has taken; LAC_NONE when there is none. */
static size_t take_point(point_table *table, const uint64_t *bits)
{
    const size_t factors = table->samples->plan->factors;
    uint64_t hash = 0;
    size_t found = LAC_NONE;
    for (size_t factor = 0; factor < factors; factor++)
        hash = mix(hash, bits[factor]);
    for (size_t at = (size_t)hash & (table->slots - 1); table->slot[at];
         at = (at + 1) & (table->slots - 1)) {
        size_t point = table->slot[at] - 1, same = 0;
        while (same < factors && bits_at(table->samples, point, same) == bits[same])
            same++;
        if (same == factors && !table->taken[point] && (found == LAC_NONE || point < found))
            found = point;
    }
    if (found != LAC_NONE)
        table->taken[found] = true;
    return found;
}

/* Which factor of the old plan each of the new one is; false when there is none. */
static bool match_factors(const lac_plan *before, const lac_plan *now, size_t *of)
{
    for (size_t factor = 0; factor < now->factors; factor++) {
        of[factor] = LAC_NONE;
        for (size_t other = 0; other < before->factors; other++)
            if (strcmp(before->factor[other].name, now->factor[factor].name) == 0)
                of[factor] = other;
        if (of[factor] == LAC_NONE)
            return false;
    }
    return before->factors == now->factors;
}

static lac_status refuse_point(const char *directory, const lac_sample_table *before, size_t point)
{
    lac_text text = {0};
    for (size_t factor = 0; factor < before->plan->factors; factor++) {
        lac_text_add(&text, factor ? ", " : "");
        lac_sample_table_setting(before, point, factor, &text);
    }
    lac_status status =
        lac_fail(LAC_EXISTS,
                 "%s has a point that this version of the plan has not: %s. A sweep can grow, "
                 "not shrink; use another --out",
                 directory, lac_text_of(&text));
    lac_text_free(&text);
    return status;
}

/* Gives members that exist their numbers; the others keep LAC_NONE. */
static lac_status match_members(const char *directory, const lac_sample_table *before,
                                lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    point_table table = {0};
    size_t *of = NULL;
    uint64_t *bits = NULL;
    const size_t old = before->plan->replicates, replicates = samples->plan->replicates;
    LAC_NEW(of, samples->plan->factors);
    LAC_NEW(bits, samples->plan->factors);
    LAC_REQUIRE(match_factors(before->plan, samples->plan, of), LAC_EXISTS,
                "%s was made with other factors; use another --out", directory);
    LAC_TRY(make_table(samples, &table));
    for (size_t point = 0; point < before->points; point++) {
        for (size_t factor = 0; factor < samples->plan->factors; factor++)
            bits[factor] = bits_at(before, point, of[factor]);
        size_t now = take_point(&table, bits);
        if (now == LAC_NONE)
            LAC_TRY(refuse_point(directory, before, point));
        for (size_t replicate = 0; replicate < old; replicate++)
            samples->number[now * replicates + replicate] =
                lac_sample_table_number(before, point * old + replicate);
    }
out:
    lac_free(of);
    lac_free(bits);
    lac_free(table.slot);
    lac_free(table.taken);
    return status;
}

static lac_status number_members(const char *directory, const lac_sample_table *before,
                                 lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    size_t next = before->members;
    lac_free(samples->number);
    LAC_NEW(samples->number, samples->members);
    for (size_t member = 0; member < samples->members; member++)
        samples->number[member] = LAC_NONE;
    LAC_TRY(match_members(directory, before, samples));
    for (size_t member = 0; member < samples->members; member++)
        if (samples->number[member] == LAC_NONE)
            samples->number[member] = next++;
out:
    return status;
}

lac_status lac_plan_extension_extend(const char *directory, const lac_plan_extension *extension,
                                     lac_file_finder finder, lac_sample_table *samples)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_diagnostics list = {0};
    lac_plan *plan = NULL;
    lac_sample_table *before = NULL;
    if (extension->kind != LAC_EXTENSION_MORE)
        return lac_plan_extension_refuse(directory, extension);
    lac_text_add(&path, "%s/plan.txt", directory);
    LAC_TRY(path.failed);
    LAC_TRY(lac_plan_load(path.bytes, finder, NULL, 0, &list, &plan));
    LAC_REQUIRE(strcmp(plan->fingerprint, extension->before) == 0, LAC_EXISTS,
                "%s is being changed by another process, or was made by another version of "
                "lacuna; use another --out",
                path.bytes);
    LAC_TRY(lac_sample_table_create(plan, &before));
    LAC_TRY(lac_plan_extension_number(directory, before));
    LAC_TRY(number_members(directory, before, samples));
    strcpy(samples->grown, extension->before);
out:
    lac_sample_table_free(before);
    lac_plan_free(plan);
    lac_diagnostics_free(&list);
    lac_text_free(&path);
    return status;
}
