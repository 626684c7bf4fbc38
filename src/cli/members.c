/* Members in memory or in files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/members.h"

#include "base/clock.h"
#include "base/memory.h"
#include "campaign/worker_pool.h"

#include <math.h>
#include <string.h>

/* [s] of wall clock: of the first member, which decides for all, and of any. */
static const double FIRST_SPAN = 1, MEMBER_SPAN = 20;
/* [s] A budget that is used up. */
static const double LEAST_SPAN = 1e-3;
/* [bytes] Beyond this a member is not small. */
static const size_t MEMORY_MOST = 500000000;

static bool is(const lac_sweep_setup *setup, const char *where)
{
    return setup->arguments->members && strcmp(setup->arguments->members, where) == 0;
}

/* Why members of this cannot be run in memory; NULL = they can. */
static const char *members_need_files(const lac_sweep_setup *setup)
{
    const lac_plan *plan = setup->plan;
    if (strcmp(plan->fields, "none") != 0)
        return "fields are kept, and members in memory have none";
    if (plan->keep_checkpoints)
        return "checkpoints are kept, and members in memory have none";
    if (setup->arguments->threads > 1)
        return "members in memory have one thread each";
    if (setup->ranks > 1)
        return "the ranks of an MPI job run members as processes; --task shares them among jobs";
    return NULL;
}

static bool are_in_files(const lac_sweep_setup *setup)
{
    return is(setup, "files") || (!is(setup, "memory") &&
                                  (members_need_files(setup) || setup->member_bytes > MEMORY_MOST));
}

/* Those that were put aside, in what is left of the budget of time. */
static lac_status run_rest(lac_campaign *campaign, const lac_sample_table *samples,
                           lac_sweep_options rest, bool *left, double spent)
{
    size_t aside = 0;
    if (rest.wall > 0)
        rest.wall = fmax(rest.wall - spent, LEAST_SPAN);
    for (size_t member = 0; member < samples->members; member++) {
        aside += left[member];
        left[member] = !left[member];
    }
    rest.skip = left;
    return aside > 0 ? lac_sweep_run(campaign, samples, &rest) : LAC_OK;
}

lac_status lac_members_run(const lac_sweep_setup *setup, lac_campaign *campaign,
                           const lac_sweep_options *options)
{
    lac_status status = LAC_OK;
    bool forced = is(setup, "memory"), *left = NULL;
    const char *why = members_need_files(setup);
    const lac_worker_pool_limits endless = {INFINITY, INFINITY}, some = {FIRST_SPAN, MEMBER_SPAN};
    lac_sweep_state state;
    lac_sweep_options rest = *options;
    double began = lac_clock_seconds();
    rest.so_far = &state;
    LAC_REQUIRE(!forced || !why, LAC_USAGE, "--members memory: %s", why);
    if (are_in_files(setup))
        return lac_sweep_run(campaign, setup->samples, options);
    LAC_NEW(left, setup->samples->members);
    status = lac_worker_pool_run(campaign, setup->samples, options, forced ? endless : some, left,
                                 &state);
    if (status == LAC_OK || status == LAC_MEMBERS) {
        lac_status ended =
            run_rest(campaign, setup->samples, rest, left, lac_clock_seconds() - began);
        status = ended == LAC_OK ? status : ended;
    }
out:
    lac_free(left);
    return status;
}
