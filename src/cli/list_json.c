/* The topics of `lacuna list` as JSON: every row of a table is an object.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/list_json.h"

#include "cli/command.h"
#include "language/expression.h"
#include "language/units.h"
#include "methods/methods.h"
#include "model/settings.h"
#include "observe/observer.h"

#include <string.h>

/* "a|b|c" as an array; null without. */
static void add_choices(lac_json *json, const char *words)
{
    if (!words) {
        lac_json_null(json, "choices");
        return;
    }
    lac_json_array(json, "choices");
    while (*words) {
        lac_text word = {0};
        size_t length = strcspn(words, "|");
        lac_text_add_bytes(&word, words, length);
        lac_json_words(json, NULL, lac_text_of(&word));
        if (word.failed)
            json->text->failed = word.failed;
        lac_text_free(&word);
        words += length + (words[length] == '|');
    }
    lac_json_end(json);
}

void lac_list_json_methods(lac_json *json)
{
    for (const lac_stepper_type *const *type = lac_stepper_list; *type; type++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", (*type)->name);
        lac_json_words(json, "summary", (*type)->summary);
        lac_json_words(json, "reference", (*type)->reference);
        lac_json_end(json);
    }
}

void lac_list_json_observers(lac_json *json)
{
    for (const lac_observer_type *const *type = lac_observer_list; *type; type++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", (*type)->name);
        lac_json_words(json, "summary", (*type)->summary);
        lac_json_end(json);
    }
}

static void add_boundary(lac_json *json, const char *name, const char *meaning)
{
    lac_json_object(json, NULL);
    lac_json_words(json, "name", name);
    lac_json_words(json, "meaning", meaning);
    lac_json_end(json);
}

void lac_list_json_boundaries(lac_json *json)
{
    add_boundary(json, LAC_NO_BOUNDARY, LAC_NO_BOUNDARY_MEANS);
    for (const lac_boundary_type *const *type = lac_boundary_list; *type; type++)
        add_boundary(json, (*type)->word, (*type)->summary);
}

void lac_list_json_functions(lac_json *json)
{
    size_t rows;
    const lac_function_row *table = lac_expression_functions(&rows);
    for (size_t row = 0; row < rows; row++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", table[row].name);
        lac_json_words(json, "arguments", table[row].arguments);
        lac_json_words(json, "meaning", table[row].meaning);
        lac_json_flag(json, "reduction", table[row].reduction);
        lac_json_end(json);
    }
}

void lac_list_json_units(lac_json *json)
{
    size_t rows;
    const lac_unit_row *table = lac_unit_table(&rows);
    for (size_t row = 0; row < rows; row++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", table[row].name);
        lac_json_words(json, "meaning", table[row].meaning);
        lac_json_words(json, "cf", table[row].cf);
        lac_json_flag(json, "prefixes", table[row].prefixes);
        lac_json_end(json);
    }
}

void lac_list_json_settings(lac_json *json)
{
    static const char *const types[] = {[LAC_SETTING_NUMBER] = "number",
                                        [LAC_SETTING_WORD] = "choice",
                                        [LAC_SETTING_TEXT] = "words",
                                        [LAC_SETTING_PATH] = "path"};
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    for (size_t row = 0; row < rows; row++) {
        bool number = table[row].type == LAC_SETTING_NUMBER;
        lac_json_object(json, NULL);
        lac_json_words(json, "name", table[row].key);
        lac_json_words(json, "help", table[row].help);
        lac_json_words(json, "type", types[table[row].type]);
        lac_json_words(json, "unit", table[row].unit);
        lac_json_words(json, "default", table[row].fallback);
        number ? lac_json_number(json, "low", table[row].low) : lac_json_null(json, "low");
        number ? lac_json_number(json, "high", table[row].high) : lac_json_null(json, "high");
        add_choices(json, table[row].words);
        lac_json_end(json);
    }
}

void lac_list_json_statuses(lac_json *json)
{
    for (int code = 0; code < LAC_STATUS_COUNT; code++) {
        lac_json_object(json, NULL);
        lac_json_count(json, "code", (size_t)lac_status_exit_code((lac_status)code));
        lac_json_words(json, "meaning", lac_status_word((lac_status)code));
        lac_json_end(json);
    }
}

void lac_list_json_commands(lac_json *json)
{
    for (const lac_command *const *command = lac_command_table; *command; command++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", (*command)->name);
        lac_json_words(json, "operands", (*command)->operands);
        lac_json_words(json, "summary", (*command)->summary);
        lac_json_end(json);
    }
}

static void add_option(lac_json *json, const lac_command *command, const lac_option *option)
{
    char letter[2] = {option->letter, '\0'};
    lac_json_object(json, NULL);
    lac_json_words(json, "command", command->name);
    lac_json_words(json, "name", option->name);
    lac_json_words(json, "letter", option->letter ? letter : NULL);
    lac_json_words(json, "argument", option->argument);
    add_choices(json, option->words);
    lac_json_words(json, "help", option->help);
    lac_json_end(json);
}

void lac_list_json_options(lac_json *json)
{
    size_t rows;
    const lac_option *table = lac_option_table(&rows);
    for (const lac_command *const *command = lac_command_table; *command; command++)
        for (size_t row = 0; row < rows; row++)
            if (table[row].commands & (*command)->bit)
                add_option(json, *command, &table[row]);
}
