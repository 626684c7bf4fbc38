/* Composition-rejection sampling: groups, swaps and draws.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/composition_rejection.h"

#include <string.h>

static unsigned group_of(uint32_t weight)
{
    return weight == 0 ? 0 : 32 - (unsigned)__builtin_clz(weight);
}

void lac_cr_sampler_fill(lac_cr_sampler *sampler)
{
    lac_cr_groups *groups = sampler->groups;
    uint64_t next[LAC_CR_GROUPS];
    memset(groups, 0, sizeof *groups);
    for (size_t site = 0; site < sampler->sites; site++) {
        unsigned group = group_of(sampler->weight[site]);
        groups->start[group + 1]++;
        groups->sum[group] += sampler->weight[site];
        groups->total += sampler->weight[site];
        groups->filled |= group ? UINT64_C(1) << group : 0;
    }
    for (unsigned group = 0; group < LAC_CR_GROUPS; group++) {
        next[group] = groups->start[group];
        groups->start[group + 1] += groups->start[group];
    }
    for (size_t site = 0; site < sampler->sites; site++) {
        uint64_t place = next[group_of(sampler->weight[site])]++;
        sampler->place[site] = (uint32_t)place;
        sampler->order[place] = (uint32_t)site;
    }
}

/* Exchanges the site with the one at `place`. */
static void swap(lac_cr_sampler *sampler, size_t site, uint64_t place)
{
    uint32_t other = sampler->order[place], from = sampler->place[site];
    sampler->order[from] = other;
    sampler->place[other] = from;
    sampler->order[place] = (uint32_t)site;
    sampler->place[site] = (uint32_t)place;
}

static void move(lac_cr_sampler *sampler, size_t site, unsigned from, unsigned to)
{
    uint64_t *start = sampler->groups->start;
    for (unsigned group = from; group < to; group++)
        swap(sampler, site, --start[group + 1]);
    for (unsigned group = from; group > to; group--)
        swap(sampler, site, start[group]++);
    if (start[from] == start[from + 1])
        sampler->groups->filled &= ~(UINT64_C(1) << from);
    if (to > 0)
        sampler->groups->filled |= UINT64_C(1) << to;
}

void lac_cr_sampler_set(lac_cr_sampler *sampler, size_t site, uint32_t weight)
{
    lac_cr_groups *groups = sampler->groups;
    uint32_t old = sampler->weight[site];
    unsigned from = group_of(old), to = group_of(weight);
    groups->sum[from] -= old;
    groups->sum[to] += weight;
    groups->total += weight;
    groups->total -= old;
    sampler->weight[site] = weight;
    if (from != to)
        move(sampler, site, from, to);
}

size_t lac_cr_sampler_draw(const lac_cr_sampler *sampler, lac_stream *stream)
{
    const lac_cr_groups *groups = sampler->groups;
    uint64_t left = groups->filled;
    uint64_t at = (uint64_t)(lac_stream_unit(stream) * (double)groups->total);
    unsigned group = (unsigned)__builtin_ctzll(left);
    while (at >= groups->sum[group] && (left & (left - 1))) {
        at -= groups->sum[group];
        left &= left - 1;
        group = (unsigned)__builtin_ctzll(left);
    }
    const uint32_t *member = sampler->order + groups->start[group];
    const double members = (double)(groups->start[group + 1] - groups->start[group]);
    for (;;) {
        size_t site = member[(size_t)(lac_stream_unit(stream) * members)];
        if (group == 1 || lac_stream_word(stream) < (uint64_t)sampler->weight[site] << (32 - group))
            return site;
    }
}

bool lac_cr_sampler_verify(const lac_cr_sampler *sampler)
{
    const lac_cr_groups *groups = sampler->groups;
    uint64_t sum[LAC_CR_GROUPS] = {0}, total = 0;
    for (size_t site = 0; site < sampler->sites; site++) {
        unsigned group = group_of(sampler->weight[site]);
        uint64_t place = sampler->place[site];
        sum[group] += sampler->weight[site];
        total += sampler->weight[site];
        if (sampler->order[place] != site || place < groups->start[group] ||
            place >= groups->start[group + 1])
            return false;
    }
    for (unsigned group = 1; group < LAC_CR_GROUPS; group++)
        if (!(groups->filled >> group & 1) != (groups->start[group] == groups->start[group + 1]))
            return false;
    return total == groups->total && memcmp(sum, groups->sum, sizeof sum) == 0;
}
