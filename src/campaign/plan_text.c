/* The text of a plan: what plan.txt of a campaign says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/plan_text.h"

const char *lac_plan_text_title(const lac_plan *plan)
{
    return plan->title ? plan->title : plan->name;
}

void lac_plan_text_write(const lac_roster *roster, lac_text *text)
{
    const lac_plan *plan = roster->plan;
    lac_text_add(
        text,
        "# Whose directory this is: the plan as it was understood by the first that worked "
        "here.\n#\n# fingerprint: %s\n# title: ",
        plan->fingerprint);
    for (const char *at = lac_plan_text_title(plan); at && *at; at++)
        lac_text_add_bytes(text, *at == '\n' ? " " : at, 1);
    lac_text_add(text,
                 "\n# %zu members: %zu points (%zu arms of %zu rows), each with %zu replicates\n\n",
                 roster->members, roster->points, roster->arms, roster->rows, plan->replicates);
    lac_plan_write(plan, text);
}
