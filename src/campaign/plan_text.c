/* The text of a plan: what plan.txt of a campaign says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/plan_text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What we write ourselves: with a table as long as one may be (plan/plan_table.c), in full. */
enum { TEXT_BYTES = 1 << 30 };

lac_status lac_plan_text_read(const char *directory, const char *name, char **text)
{
    lac_text path = {0};
    size_t length;
    lac_text_add(&path, "%s/%s", directory, name);
    lac_status status = path.failed;
    *text = NULL;
    if (status == LAC_OK && access(path.bytes, F_OK) == 0)
        status = lac_text_read(path.bytes, TEXT_BYTES, text, &length);
    lac_text_free(&path);
    return status;
}

/* What it calls itself; its name when it has no title. */
static const char *plan_text_title(const lac_plan *plan)
{
    return plan->title ? plan->title : plan->name;
}

bool lac_plan_text_value(const char *text, const char *key, char *value, size_t bytes)
{
    size_t length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncmp(line, key, length) == 0) {
            snprintf(value, bytes, "%.*s", (int)strcspn(line + length, "\n"), line + length);
            return true;
        }
    return false;
}

/* As runs of numbers that follow one another. */
static void write_numbers(const lac_sample_table *samples, lac_text *text)
{
    lac_text_add(text, "# numbers:");
    for (size_t member = 0, next; member < samples->members; member = next) {
        for (next = member + 1;
             next < samples->members && samples->number[next] == samples->number[next - 1] + 1;)
            next++;
        lac_text_add(text, " %zu+%zu", samples->number[member], next - member);
    }
    lac_text_add(text, "\n");
}

void lac_plan_text_write(const lac_sample_table *samples, lac_text *text)
{
    const lac_plan *plan = samples->plan;
    lac_text_add(
        text,
        "# Whose directory this is: the plan as it was understood by the first that worked "
        "here.\n#\n# fingerprint: %s\n# title: ",
        plan->fingerprint);
    for (const char *at = plan_text_title(plan); at && *at; at++)
        lac_text_add_bytes(text, *at == '\n' ? " " : at, 1);
    lac_text_add(text,
                 "\n# %zu members: %zu points (%zu arms of %zu rows), each with %zu replicates\n",
                 samples->members, samples->points, samples->arms, samples->rows, plan->replicates);
    if (samples->number)
        write_numbers(samples, text);
    lac_text_add(text, "\n");
    lac_plan_write(plan, text);
}
