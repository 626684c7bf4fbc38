/* Problems of an index, one a line or as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/problems.h"

#include "base/names.h"
#include "index/index.h"

#include <stdio.h>

static void print_line(void *context, const lac_index_problem *problem)
{
    (void)context;
    if (problem->member == LAC_NONE)
        printf("%s\n", problem->sentence);
    else
        printf("member %zu: %s%s%s\n", problem->member, problem->status,
               problem->sentence[0] ? ": " : "", problem->sentence);
}

static void add_item(void *context, const lac_index_problem *problem)
{
    lac_json *json = context;
    lac_json_object(json, NULL);
    if (problem->member == LAC_NONE)
        lac_json_null(json, "member");
    else
        lac_json_count(json, "member", problem->member);
    lac_json_words(json, "status", problem->status);
    lac_json_words(json, "sentence", problem->sentence);
    lac_json_end(json);
}

static void say_nothing(void *context, const lac_index_problem *problem)
{
    (void)context;
    (void)problem;
}

lac_status lac_problems_print(const char *directory, bool look, bool quiet, lac_json *json,
                              size_t *members, size_t *bad)
{
    lac_status status;
    if (!json)
        return lac_index_problems(directory, look, quiet ? say_nothing : print_line, NULL, members,
                                  bad);
    lac_json_array(json, "problems");
    status = lac_index_problems(directory, look, add_item, json, members, bad);
    lac_json_end(json);
    return status;
}

lac_status lac_json_print(const lac_json *json)
{
    if (json->text->failed)
        return json->text->failed;
    fputs(lac_text_of(json->text), stdout);
    return LAC_OK;
}
