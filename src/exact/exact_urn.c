/* The urn: groups, swaps and draws.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_urn.h"

#include <string.h>

static unsigned group_of(uint32_t weight)
{
    return weight == 0 ? 0 : 32 - (unsigned)__builtin_clz(weight);
}

void lac_urn_fill(lac_urn *urn)
{
    lac_urn_groups *groups = urn->groups;
    uint64_t next[LAC_URN_GROUPS];
    memset(groups, 0, sizeof *groups);
    for (size_t site = 0; site < urn->sites; site++) {
        unsigned group = group_of(urn->weight[site]);
        groups->start[group + 1]++;
        groups->sum[group] += urn->weight[site];
        groups->total += urn->weight[site];
        groups->filled |= group ? UINT64_C(1) << group : 0;
    }
    for (unsigned group = 0; group < LAC_URN_GROUPS; group++) {
        next[group] = groups->start[group];
        groups->start[group + 1] += groups->start[group];
    }
    for (size_t site = 0; site < urn->sites; site++) {
        uint64_t place = next[group_of(urn->weight[site])]++;
        urn->place[site] = (uint32_t)place;
        urn->order[place] = (uint32_t)site;
    }
}

/* Exchanges the site with the one at `place`. */
static void swap(lac_urn *urn, size_t site, uint64_t place)
{
    uint32_t other = urn->order[place], from = urn->place[site];
    urn->order[from] = other;
    urn->place[other] = from;
    urn->order[place] = (uint32_t)site;
    urn->place[site] = (uint32_t)place;
}

static void move(lac_urn *urn, size_t site, unsigned from, unsigned to)
{
    uint64_t *start = urn->groups->start;
    for (unsigned group = from; group < to; group++)
        swap(urn, site, --start[group + 1]);
    for (unsigned group = from; group > to; group--)
        swap(urn, site, start[group]++);
    if (start[from] == start[from + 1])
        urn->groups->filled &= ~(UINT64_C(1) << from);
    if (to > 0)
        urn->groups->filled |= UINT64_C(1) << to;
}

void lac_urn_set(lac_urn *urn, size_t site, uint32_t weight)
{
    lac_urn_groups *groups = urn->groups;
    uint32_t old = urn->weight[site];
    unsigned from = group_of(old), to = group_of(weight);
    groups->sum[from] -= old;
    groups->sum[to] += weight;
    groups->total += weight;
    groups->total -= old;
    urn->weight[site] = weight;
    if (from != to)
        move(urn, site, from, to);
}

size_t lac_urn_draw(const lac_urn *urn, lac_stream *stream)
{
    const lac_urn_groups *groups = urn->groups;
    uint64_t left = groups->filled;
    uint64_t at = (uint64_t)(lac_stream_unit(stream) * (double)groups->total);
    unsigned group = (unsigned)__builtin_ctzll(left);
    while (at >= groups->sum[group] && (left & (left - 1))) {
        at -= groups->sum[group];
        left &= left - 1;
        group = (unsigned)__builtin_ctzll(left);
    }
    const uint32_t *member = urn->order + groups->start[group];
    const double members = (double)(groups->start[group + 1] - groups->start[group]);
    for (;;) {
        size_t site = member[(size_t)(lac_stream_unit(stream) * members)];
        if (group == 1 || lac_stream_word(stream) < (uint64_t)urn->weight[site] << (32 - group))
            return site;
    }
}

bool lac_urn_verify(const lac_urn *urn)
{
    const lac_urn_groups *groups = urn->groups;
    uint64_t sum[LAC_URN_GROUPS] = {0}, total = 0;
    for (size_t site = 0; site < urn->sites; site++) {
        unsigned group = group_of(urn->weight[site]);
        uint64_t place = urn->place[site];
        sum[group] += urn->weight[site];
        total += urn->weight[site];
        if (urn->order[place] != site || place < groups->start[group] ||
            place >= groups->start[group + 1])
            return false;
    }
    for (unsigned group = 1; group < LAC_URN_GROUPS; group++)
        if (!(groups->filled >> group & 1) != (groups->start[group] == groups->start[group + 1]))
            return false;
    return total == groups->total && memcmp(sum, groups->sum, sizeof sum) == 0;
}
