/* Plan calls: endpoints written as a call, `most(drug, 1 d, 3 d)`, and endpoints without a plan.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "plan/plan_internal.h"

#include <stdio.h>
#include <string.h>

/* --- a call --------------------------------------------------------------------------------------
 */

enum { ARGUMENTS_MOST = 3 };

/* Words that a call may use beside those of `take:`. */
typedef struct alias {
    const char *word;
    lac_endpoint_reduction take;
} alias;
static const alias aliases[] = {{"at", LAC_REDUCE_AT},
                                {"min", LAC_REDUCE_LEAST},
                                {"max", LAC_REDUCE_MOST},
                                {"time_of_min", LAC_REDUCE_TIME_OF_LEAST},
                                {"time_of_max", LAC_REDUCE_TIME_OF_MOST}};
enum { ALIASES = sizeof aliases / sizeof *aliases, WORDS_MOST = LAC_REDUCE_AT + ALIASES };

bool lac_plan_is_call(const lac_yaml *node)
{
    const char *text = node->kind == LAC_YAML_SCALAR ? node->scalar : "";
    size_t length = strlen(text);
    return strchr(text, '(') && text[length - 1] == ')';
}

/* The text between, without blanks at its ends. */
static char *trimmed(const char *from, const char *to)
{
    while (from < to && *from == ' ')
        from++;
    while (to > from && to[-1] == ' ')
        to--;
    return lac_copy_bytes(from, (size_t)(to - from));
}

/* What stands in the brackets, parted by commas. */
static lac_status split(const char *from, const char *to, char **argument, size_t *count)
{
    lac_status status = LAC_OK;
    *count = 0;
    for (const char *comma = from; comma < to && *count < ARGUMENTS_MOST; from = comma + 1) {
        comma = memchr(from, ',', (size_t)(to - from));
        comma = comma && *count + 1 < ARGUMENTS_MOST ? comma : to;
        LAC_OWN(argument[*count], trimmed(from, comma));
        ++*count;
    }
out:
    return status;
}

static bool find_take(lac_plan_reader *reader, const lac_yaml *node, const char *word,
                      lac_endpoint_reduction *take)
{
    const char *words[WORDS_MOST];
    for (size_t k = 0; k < LAC_REDUCE_AT; k++)
        words[k] = lac_endpoint_reduction_words[k];
    for (size_t k = 0; k < ALIASES; k++)
        words[LAC_REDUCE_AT + k] = aliases[k].word;
    for (size_t k = 0; k < WORDS_MOST; k++)
        if (strcmp(words[k], word) == 0) {
            *take = k < LAC_REDUCE_AT ? (lac_endpoint_reduction)k : aliases[k - LAC_REDUCE_AT].take;
            return true;
        }
    const char *nearest = lac_nearest(words, WORDS_MOST, word);
    lac_report(reader->loader.list, LAC_ERROR, node->place,
               "'%.60s(...)' is no endpoint: last, least, most, mean, auc, time_of_most, "
               "time_of_least, at%s%s%s",
               word, nearest ? "; did you mean '" : "", nearest ? nearest : "",
               nearest ? "'?" : "");
    return false;
}

static lac_yaml scalar_of(const lac_yaml *node, char *text)
{
    return (lac_yaml){.kind = LAC_YAML_SCALAR, .place = node->place, .scalar = text};
}

/* (series), (series, time) of at, or (series, from, to). */
static void take_arguments(lac_plan_reader *reader, const lac_yaml *node, char *const *argument,
                           size_t count, lac_endpoint *endpoint)
{
    bool at = endpoint->reduction == LAC_REDUCE_AT;
    lac_yaml first, second;
    if (count != (at ? 2 : 1) && (at || count != 3)) {
        lac_report(reader->loader.list, LAC_ERROR, node->place,
                   at ? "at(...) takes a series and a time, such as at(drug, 2 d)"
                      : "an endpoint takes a series, or a series and both ends of a window, such "
                        "as most(drug, 1 d, 3 d)");
        return;
    }
    if (count == 1)
        return;
    first = scalar_of(node, argument[1]);
    if (at) {
        lac_plan_time(reader, &first, "at", &endpoint->at);
        return;
    }
    second = scalar_of(node, argument[2]);
    lac_yaml *ends[] = {&first, &second};
    lac_yaml window = {.kind = LAC_YAML_SEQUENCE, .place = node->place, .count = 2, .item = ends};
    lac_plan_window(reader, &window, endpoint);
}

lac_status lac_plan_call(lac_plan_reader *reader, const lac_names *known, const lac_yaml *node,
                         lac_endpoint *endpoint)
{
    lac_status status = LAC_OK;
    const char *open = strchr(node->scalar, '(');
    char *word = NULL, *argument[ARGUMENTS_MOST] = {NULL};
    size_t count = 0;
    LAC_OWN(word, trimmed(node->scalar, open));
    LAC_TRY(split(open + 1, node->scalar + strlen(node->scalar) - 1, argument, &count));
    if (!find_take(reader, node, word, &endpoint->reduction))
        goto out;
    take_arguments(reader, node, argument, count, endpoint);
    if (count == 0)
        goto out;
    lac_yaml series = scalar_of(node, argument[0]);
    size_t index = lac_load_name(&reader->loader, &series, known, "observable");
    if (index != LAC_NONE)
        LAC_OWN(endpoint->series, lac_copy_text(known->name[index]));
out:
    lac_free(word);
    for (size_t k = 0; k < ARGUMENTS_MOST; k++)
        lac_free(argument[k]);
    return status;
}

/* --- without a plan ------------------------------------------------------------------------------
 */

static lac_status name_overrides(const lac_override *asked, size_t count, lac_override *override)
{
    lac_status status = LAC_OK;
    for (size_t k = 0; k < count; k++) {
        lac_text name = {0};
        lac_text_add(&name, "%s%s", LAC_PLAN_ENDPOINT, asked[k].name);
        override[k] = (lac_override){name.bytes, asked[k].value};
        LAC_TRY(name.failed);
    }
out:
    return status;
}

lac_status lac_endpoints_read(const lac_model *model, const lac_override *asked, size_t count,
                              lac_diagnostics *list, lac_endpoint **endpoint)
{
    lac_status status = LAC_OK;
    lac_plan plan = {.model = (lac_model *)model}; /* nothing in it is changed */
    lac_plan_reader reader = {.loader = {.list = list}, .plan = &plan, .overrides = count};
    lac_override *override = NULL;
    LAC_NEW(override, count);
    LAC_TRY(name_overrides(asked, count, override));
    reader.override = override;
    LAC_TRY(lac_plan_only_endpoints(&reader));
    if (list->errors > 0)
        status = lac_fail(LAC_INPUT, "the endpoints have errors");
    else if (plan.endpoints != count)
        status = lac_fail(LAC_INPUT, "%zu texts are %zu endpoints", count, plan.endpoints);
out:
    for (size_t k = 0; override && k < count; k++)
        lac_free((char *) override[k].name);
    lac_free(override);
    lac_free(plan.asked.path);
    lac_free(plan.asked.bytes);
    if (status != LAC_OK) {
        lac_endpoints_free(plan.endpoint, plan.endpoints);
        plan.endpoint = NULL;
    }
    *endpoint = plan.endpoint;
    return status;
}

void lac_endpoints_free(lac_endpoint *endpoint, size_t count)
{
    for (size_t k = 0; endpoint && k < count; k++) {
        lac_free(endpoint[k].name);
        lac_free(endpoint[k].series);
    }
    lac_free(endpoint);
}
