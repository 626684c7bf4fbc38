/* Growth: which keys of a plan may change.
 *
 * Members are found by the values of their point and their replicate, whatever place they have in
 * the plan that has grown. plan.txt keeps the numbers of a grown plan as runs, in its comments:
 * "# numbers: 0+10 32+10 10+10": members 0 to 9 have the numbers 0 to 9, the next ten 32 to 41.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/plan_extension.h"

#include "base/memory.h"
#include "campaign/plan_change.h"
#include "campaign/plan_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 80 };

void lac_plan_extension_free(lac_plan_extension *extension)
{
    lac_text_free(&extension->changes);
    lac_text_free(&extension->blocks);
}

/* --- what has changed
 * ------------------------------------------------------------------------------------------- */

typedef struct comparison {
    const lac_plan *plan;
    lac_plan_extension *extension;
} comparison;

static bool is_list(const char *text)
{
    return text && text[0] == '[';
}

static bool are_columns(const lac_plan_change *change)
{
    return change->was && change->is && strncmp(change->was, "{table: [", 9) == 0 &&
           strncmp(change->is, "{table: [", 9) == 0;
}

static bool is_more(const lac_plan_change *change)
{
    return change->was && change->is && strtod(change->is, NULL) > strtod(change->was, NULL);
}

static bool begins(const char *key, const char *start)
{
    return strncmp(key, start, strlen(start)) == 0;
}

/* Nothing that was run has to be run again or otherwise for it. */
static bool is_of_outcomes(const char *key)
{
    return begins(key, "endpoints.") || strcmp(key, "keep.series") == 0 ||
           strcmp(key, "keep.checkpoints") == 0;
}

/* May members stay though this has changed? Lists are looked at value by value later. */
static bool is_growth(const lac_plan *plan, const lac_plan_change *change)
{
    lac_design_kind design = plan->design;
    if (is_of_outcomes(change->key))
        return true;
    if (strcmp(change->key, "replicates") == 0)
        return is_more(change);
    if (strcmp(change->key, "points") == 0)
        return is_more(change) && design != LAC_DESIGN_LATIN && design != LAC_DESIGN_SALTELLI;
    if (strcmp(change->key, "first") == 0)
        return true; /* of a sequence that is followed: the points are compared */
    return begins(change->key, "vary.") &&
           ((is_list(change->was) && is_list(change->is)) || are_columns(change));
}

/* Why points that were asked for cannot be added, and what can. */
static const char *hint_of(const lac_plan *plan, const lac_plan_change *change)
{
    if (strcmp(change->key, "replicates") == 0)
        return "A sweep can grow, not shrink";
    if (strcmp(change->key, "points") != 0)
        return NULL;
    if (!is_more(change))
        return "A sweep can grow, not shrink";
    if (plan->design == LAC_DESIGN_LATIN)
        return "A latin hypercube cannot grow in place, since where its points lie depends on how "
               "many they are; more replicates can be added, and points to designs whose first "
               "points stay: sobol, random";
    return "A saltelli design cannot grow in place, since its samples depend on one another; more "
           "replicates can be added";
}

static void add_value(lac_text *text, const char *value, size_t length)
{
    lac_text_add(text, "%.*s%s", (int)(length < SHOWN ? length : SHOWN), value,
                 length > SHOWN ? " ..." : "");
}

static void add_change(lac_text *text, const lac_plan_change *change)
{
    lac_text_add(text, "%s`%s` ", text->length ? "; " : "", change->key);
    if (change->was) {
        lac_text_add(text, "was ");
        add_value(text, change->was, strlen(change->was));
        lac_text_add(text, change->is ? ", is " : " and is gone");
    } else {
        lac_text_add(text, "is new: ");
    }
    if (change->is)
        add_value(text, change->is, strlen(change->is));
}

static void take_change(void *context, const lac_plan_change *change)
{
    comparison *of = context;
    lac_plan_extension *extension = of->extension;
    extension->memberless = extension->memberless && is_of_outcomes(change->key);
    if (strcmp(change->key, "first") == 0)
        return;
    add_change(&extension->changes, change);
    if (is_growth(of->plan, change))
        return;
    extension->kind = LAC_EXTENSION_OTHER;
    add_change(&extension->blocks, change);
    if (!extension->hint)
        extension->hint = hint_of(of->plan, change);
}

/* The first line that differs between two resolved models. */
static void add_line(const char *was, const char *is, lac_text *text)
{
    while (*was && *is) {
        size_t length = strcspn(was, "\n"), other = strcspn(is, "\n");
        if (length != other || strncmp(was, is, length) != 0)
            break;
        was += length + (was[length] == '\n');
        is += other + (is[other] == '\n');
    }
    was += strspn(was, " ");
    is += strspn(is, " ");
    lac_text_add(text, "the scenario has `");
    add_value(text, is, strcspn(is, "\n"));
    lac_text_add(text, "` where it had `");
    add_value(text, was, strcspn(was, "\n"));
    lac_text_add(text, "`");
}

/* The models are compared unless a key has told it: `set` changes the model too. */
static lac_status compare_models(const char *directory, comparison *of)
{
    lac_status status = LAC_OK;
    lac_text model = {0};
    char *was = NULL;
    LAC_TRY(lac_plan_text_read(directory, "model.txt", &was));
    lac_plan_write_model(of->plan, &model);
    LAC_TRY(model.failed);
    bool same = was && strcmp(was, lac_text_of(&model)) == 0;
    if (same || (!was && of->extension->changes.length > 0))
        goto out;
    of->extension->memberless = false;
    if (of->extension->kind == LAC_EXTENSION_MORE && was)
        add_line(was, lac_text_of(&model), &of->extension->blocks);
    else if (of->extension->kind == LAC_EXTENSION_MORE)
        lac_text_add(&of->extension->blocks,
                     "the scenario, or a file that it includes, has changed");
    of->extension->kind = LAC_EXTENSION_OTHER;
out:
    lac_text_free(&model);
    lac_free(was);
    return status;
}

static lac_status compare_texts(const char *directory, const char *was,
                                const lac_sample_table *samples, lac_plan_extension *extension)
{
    lac_status status = LAC_OK;
    lac_text is = {0};
    comparison of = {.plan = samples->plan, .extension = extension};
    extension->kind = LAC_EXTENSION_MORE;
    extension->memberless = true;
    lac_plan_write(samples->plan, &is);
    LAC_TRY(is.failed);
    LAC_TRY(lac_plan_changes(was, lac_text_of(&is), take_change, &of));
    LAC_TRY(compare_models(directory, &of));
    if (extension->kind == LAC_EXTENSION_MORE && extension->changes.length == 0) {
        lac_text_add(&extension->blocks, "it comes from another version of lacuna");
        extension->kind = LAC_EXTENSION_OTHER;
    }
    LAC_TRY(extension->changes.failed);
    LAC_TRY(extension->blocks.failed);
out:
    lac_text_free(&is);
    return status;
}

lac_status lac_plan_extension_compare(const char *directory, const lac_sample_table *samples,
                                      lac_plan_extension *extension)
{
    lac_status status = LAC_OK;
    char *text = NULL;
    extension->kind = LAC_EXTENSION_NONE;
    LAC_TRY(lac_plan_text_read(directory, "plan.txt", &text));
    if (!text)
        goto out;
    LAC_REQUIRE(
        lac_plan_text_value(text, "# fingerprint: ", extension->before, sizeof extension->before),
        LAC_NO_INPUT, "%s/plan.txt is damaged: it has no fingerprint or no title", directory);
    if (strcmp(extension->before, samples->plan->fingerprint) == 0)
        extension->kind = LAC_EXTENSION_SAME;
    else
        LAC_TRY(compare_texts(directory, text, samples, extension));
out:
    lac_free(text);
    return status;
}

lac_status lac_plan_extension_refuse(const char *directory, const lac_plan_extension *extension)
{
    const char *hint = extension->hint ? extension->hint : "";
    if (extension->kind == LAC_EXTENSION_MORE)
        return lac_fail(LAC_EXISTS,
                        "%s was made with another version of this plan: %s. Use --extend, or "
                        "another --out",
                        directory, lac_text_of(&extension->changes));
    return lac_fail(LAC_EXISTS,
                    "%s was made with another version of this plan, and its members cannot stay: "
                    "%s. %s%sUse another --out",
                    directory, lac_text_of(&extension->blocks), hint, *hint ? ". " : "");
}

/* --- a sequence that continues
 * ------------------------------------------------------------------------------------------- */

lac_status lac_plan_extension_follow(const char *directory, lac_plan *plan)
{
    lac_status status = LAC_OK;
    char *text = NULL, design[32] = "", points[32] = "", first[32] = "";
    if (plan->design != LAC_DESIGN_SOBOL || plan->first > 0)
        return LAC_OK;
    LAC_TRY(lac_plan_text_read(directory, "plan.txt", &text));
    if (!text || !lac_plan_text_value(text, "design: ", design, sizeof design) ||
        strcmp(design, lac_design_word(LAC_DESIGN_SOBOL)) != 0 ||
        !lac_plan_text_value(text, "points: ", points, sizeof points))
        goto out;
    size_t before = strtoull(points, NULL, 10);
    lac_plan_text_value(text, "first: ", first, sizeof first);
    size_t start = *first ? strtoull(first, NULL, 10) : lac_design_first(before);
    if (start != lac_design_first(plan->samples) || *first) {
        plan->first = start;
        LAC_TRY(lac_plan_seal(plan));
    }
out:
    lac_free(text);
    return status;
}

/* --- numbers
 * ------------------------------------------------------------------------------------------- */

static bool read_numbers(const char *at, lac_sample_table *samples)
{
    size_t member = 0;
    while (member < samples->members) {
        char *end;
        size_t first = strtoull(at, &end, 10),
               count = *end == '+' ? strtoull(end + 1, &end, 10) : 0;
        if (count == 0 || count > samples->members - member || first > samples->members - count)
            return false;
        for (size_t each = 0; each < count; each++)
            samples->number[member++] = first + each;
        at = end;
    }
    return true;
}

lac_status lac_plan_extension_number(const char *directory, lac_sample_table *samples)
{
    static const char key[] = "\n# numbers: ";
    lac_status status = LAC_OK;
    char *text = NULL;
    LAC_TRY(lac_plan_text_read(directory, "plan.txt", &text));
    const char *line = text ? strstr(text, key) : NULL;
    if (!line)
        goto out;
    lac_free(samples->number);
    LAC_NEW(samples->number, samples->members);
    LAC_REQUIRE(read_numbers(line + strlen(key), samples), LAC_NO_INPUT,
                "%s/plan.txt is damaged: its list of members is incomplete", directory);
out:
    lac_free(text);
    return status;
}
