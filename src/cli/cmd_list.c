/* lacuna list: what this program knows, from its own tables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "cli/command.h"
#include "cli/list_json.h"
#include "cli/places.h"
#include "language/expression.h"
#include "language/units.h"
#include "methods/methods.h"
#include "model/settings.h"
#include "observe/observer.h"

#include <stdio.h>
#include <string.h>

static void list_methods(void)
{
    for (const lac_stepper_type *const *type = lac_stepper_list; *type; type++)
        printf("%-12s %s\n%-12s %s\n", (*type)->name, (*type)->summary, "", (*type)->reference);
}

static void list_observers(void)
{
    for (const lac_observer_type *const *type = lac_observer_list; *type; type++)
        printf("%-12s %s\n", (*type)->name, (*type)->summary);
}

static void list_boundaries(void)
{
    printf("%-12s %s\n", LAC_NO_BOUNDARY, LAC_NO_BOUNDARY_MEANS);
    for (const lac_boundary_type *const *type = lac_boundary_list; *type; type++)
        printf("%-12s %s\n", (*type)->word, (*type)->summary);
}

static void list_functions(void)
{
    size_t rows;
    const lac_function_row *table = lac_expression_functions(&rows);
    for (size_t row = 0; row < rows; row++)
        printf("%s%-*s %s%s\n", table[row].name, 28 - (int)strlen(table[row].name),
               table[row].arguments, table[row].meaning,
               table[row].reduction ? " (observables, conditions, event values)" : "");
}

static void list_units(void)
{
    size_t rows;
    const lac_unit_row *table = lac_unit_table(&rows);
    for (size_t row = 0; row < rows; row++)
        printf("%-10s %s%s\n", table[row].name, table[row].meaning,
               table[row].prefixes ? "; takes prefixes" : "");
}

static void list_settings(void)
{
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    for (size_t row = 0; row < rows; row++)
        printf("%-20s %s (default %s%s%s)\n", table[row].key, table[row].help, table[row].fallback,
               table[row].words ? "; " : "", table[row].words ? table[row].words : "");
}

static void list_statuses(void)
{
    for (int code = 0; code < LAC_STATUS_COUNT; code++)
        printf("%3d  %s\n", lac_status_exit_code((lac_status)code),
               lac_status_word((lac_status)code));
}

static void list_commands(void)
{
    for (const lac_command *const *command = lac_command_table; *command; command++)
        printf("%-14s %s\n", (*command)->name, (*command)->summary);
}

/* One line an option: command, option, how it takes its value. Read by the shell completion. */
static void list_options(void)
{
    static const char *const kinds[] = {
        [LAC_OPTION_FLAG] = "flag",     [LAC_OPTION_TEXT] = "value",
        [LAC_OPTION_CHOICE] = "choice", [LAC_OPTION_COUNT] = "value",
        [LAC_OPTION_MANY] = "value",    [LAC_OPTION_WALL] = "value",
        [LAC_OPTION_SET] = "value",     [LAC_OPTION_ENDPOINT] = "value"};
    size_t rows;
    const lac_option *table = lac_option_table(&rows);
    for (const lac_command *const *command = lac_command_table; *command; command++)
        for (size_t row = 0; row < rows; row++)
            if (table[row].commands & (*command)->bit)
                printf("%s --%s %s%s%s\n", (*command)->name, table[row].name,
                       kinds[table[row].kind], table[row].words ? " " : "",
                       table[row].words ? table[row].words : "");
}

static void list_topics(void);

static const struct topic {
    const char *name;
    const char *title;
    void (*print)(void);
    void (*json)(lac_json *json); /* NULL for the list of topics itself */
} topics[] = {
    {"methods", "Methods (run: {method: ...})", list_methods, lac_list_json_methods},
    {"observers", "What a result holds", list_observers, lac_list_json_observers},
    {"boundaries", "Boundary kinds", list_boundaries, lac_list_json_boundaries},
    {"functions", "Functions in expressions", list_functions, lac_list_json_functions},
    {"units", "Units", list_units, lac_list_json_units},
    {"settings", "Settings (run: {...})", list_settings, lac_list_json_settings},
    {"statuses", "Exit codes", list_statuses, lac_list_json_statuses},
    {"commands", "Commands", list_commands, lac_list_json_commands},
    {"options", "Options of the commands", list_options, lac_list_json_options},
    {"topics", "Topics of this list", list_topics, NULL},
};

enum { TOPICS = sizeof topics / sizeof topics[0] };

/* What is in files: listed when asked for, not with the rest. */
static const char *const shelves[] = {[LAC_SCENARIOS] = "scenarios", [LAC_PLANS] = "plans"};

enum { SHELVES = sizeof shelves / sizeof shelves[0] };

static void list_topics(void)
{
    for (size_t k = 0; k < TOPICS; k++)
        printf("%s\n", topics[k].name);
    for (size_t k = 0; k < SHELVES; k++)
        printf("%s\n", shelves[k]);
}

static lac_status unknown_topic(const char *name)
{
    const char *names[TOPICS + SHELVES];
    for (size_t k = 0; k < TOPICS + SHELVES; k++)
        names[k] = k < TOPICS ? topics[k].name : shelves[k - TOPICS];
    const char *nearest = lac_nearest(names, TOPICS + SHELVES, name);
    return nearest
               ? lac_fail(LAC_USAGE, "nothing to list under '%s'; did you mean '%s'?", name,
                          nearest)
               : lac_fail(LAC_USAGE, "nothing to list under '%s'; see lacuna list --help", name);
}

/* One topic, or all of them (`only` TOPICS). */
static void print_topics(size_t only)
{
    for (size_t k = 0; k < TOPICS; k++) {
        if (only == TOPICS)
            printf("%s%s:\n", k > 0 ? "\n" : "", topics[k].title);
        if (only == TOPICS || only == k)
            topics[k].print();
    }
}

static void add_topic(lac_json *json, const struct topic *topic)
{
    lac_json_array(json, topic->name);
    if (topic->json)
        topic->json(json);
    for (size_t k = 0; !topic->json && k < TOPICS; k++)
        lac_json_words(json, NULL, topics[k].name);
    for (size_t k = 0; !topic->json && k < SHELVES; k++)
        lac_json_words(json, NULL, shelves[k]);
    lac_json_end(json);
}

static lac_status print_json(size_t only)
{
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_json_object(&json, NULL);
    for (size_t k = 0; k < TOPICS; k++)
        if (only == TOPICS || only == k)
            add_topic(&json, &topics[k]);
    lac_json_end(&json);
    lac_status status = text.failed;
    if (status == LAC_OK)
        fputs(lac_text_of(&text), stdout);
    lac_text_free(&text);
    return status;
}

static lac_status shelf_json(const lac_catalogue *catalogue, const char *name)
{
    lac_text text = {0};
    lac_json json = {.text = &text};
    lac_json_object(&json, NULL);
    lac_json_array(&json, name);
    lac_catalogue_json(catalogue, &json);
    lac_json_end(&json);
    lac_json_end(&json);
    lac_status status = text.failed;
    if (status == LAC_OK)
        fputs(lac_text_of(&text), stdout);
    lac_text_free(&text);
    return status;
}

static lac_status list_shelf(lac_catalogue_kind kind, bool json)
{
    lac_status status = LAC_OK;
    lac_catalogue catalogue = {0};
    LAC_TRY(lac_catalogue_read(kind, lac_places_data(), &catalogue));
    if (json)
        LAC_TRY(shelf_json(&catalogue, shelves[kind]));
    else
        lac_catalogue_print(&catalogue, lac_places_data());
out:
    lac_catalogue_free(&catalogue);
    return status;
}

static lac_status list(const lac_arguments *arguments, int argc, char *const *argv)
{
    (void)argc;
    (void)argv;
    size_t only = TOPICS;
    for (size_t k = 0; arguments->operands > 0 && k < SHELVES; k++)
        if (strcmp(shelves[k], arguments->operand[0]) == 0)
            return list_shelf((lac_catalogue_kind)k, arguments->json);
    for (size_t k = 0; arguments->operands > 0 && k < TOPICS; k++)
        if (strcmp(topics[k].name, arguments->operand[0]) == 0)
            only = k;
    if (arguments->operands > 0 && only == TOPICS)
        return unknown_topic(arguments->operand[0]);
    if (arguments->json)
        return print_json(only);
    print_topics(only);
    return LAC_OK;
}

const lac_command lac_command_list = {
    .name = "list",
    .operands = "[TOPIC]",
    .least = 0,
    .most = 1,
    .bit = LAC_FOR_LIST,
    .summary = "Lists methods, functions, units, settings, scenarios, ...",
    .details =
        "TOPIC is one of: methods, observers, boundaries, functions, units, settings,\n"
        "statuses, commands, options, topics; or scenarios, plans: those here and the installed\n"
        "ones, by folder, with their titles.\n",
    .run = list};
