/* Options: the table, and the parser that reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/names.h"
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(lac_arguments, field)

/* Commands of many runs. */
enum { MANY = LAC_FOR_SWEEP | LAC_FOR_ENSEMBLE | LAC_FOR_TRIAL };

enum { THREADS_MOST = 4096 };

static const lac_option table[] = {
    {"out", 'o', LAC_OPTION_TEXT, AT(out), "FILE", NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY | LAC_FOR_MERGE | LAC_FOR_REST,
     "result file (run: default results/SCENARIO.nc; resume: where it is now); sweep, ensemble: "
     "directory (default results/PLAN); rest: part of a scenario (default: standard output)"},
    {"until", 'u', LAC_OPTION_TEXT, AT(until), "TIME", NULL, LAC_FOR_RUN | LAC_FOR_RESUME | MANY,
     "end at TIME, such as '30 d', instead of the scenario's end"},
    {"set", 's', LAC_OPTION_SET, AT(set), "NAME=VALUE", NULL,
     LAC_FOR_RUN | LAC_FOR_CHECK | MANY | LAC_FOR_REST,
     "set a parameter, such as D='40 um^2/s'; may be repeated"},
    {"from", 'F', LAC_OPTION_TEXT, AT(from), "FILE", NULL, LAC_FOR_RUN,
     "start from the final state of another run, or from --from-time: its result (with all fields) "
     "or its checkpoint. Time starts at 0; differences are reported"},
    {"from-time", 'T', LAC_OPTION_TEXT, AT(from_time), "TIME", NULL, LAC_FOR_RUN,
     "--from: the state at TIME, such as '30 d', which must be stored there"},
    {"before", 'b', LAC_OPTION_BEFORE, AT(before), "NAME=VALUE", NULL, LAC_FOR_RUN,
     "value of a parameter before t = 0: with run.start=rest the steady state is computed with it; "
     "may be repeated"},
    {"threads", 't', LAC_OPTION_COUNT, AT(threads), "N", NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY | LAC_FOR_CHECK | LAC_FOR_REST,
     "number of threads (default: OMP_NUM_THREADS, or as many processors as the model keeps busy); the result does not depend on it"},
    {"force", 'f', LAC_OPTION_FLAG, AT(force), NULL, NULL,
     LAC_FOR_RUN | LAC_FOR_MERGE | LAC_FOR_REST,
     "overwrite an existing result; merge: an existing copy; rest: an existing file"},
    {"copy", 'C', LAC_OPTION_TEXT, AT(copy), "FILE", NULL, LAC_FOR_MERGE,
     "also write a self-contained copy of the index, which holds the fields of its members"},
    {"resume", 'r', LAC_OPTION_CHOICE, AT(resume), "HOW", "auto|never", LAC_FOR_RUN,
     "auto: continue an existing result from its checkpoint, do nothing when it is complete; frames "
     "without a checkpoint are discarded only with --force; never (the default): refuse an existing "
     "result"},
    {"checkpoint-every", 'c', LAC_OPTION_TEXT, AT(checkpoint_every), "TIME", NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY,
     "interval of wall-clock time between checkpoints; one is kept at the end"},
    {"wall", 'w', LAC_OPTION_WALL, AT(wall), "TIME", NULL, LAC_FOR_RUN | LAC_FOR_RESUME | MANY,
     "wall-clock limit, such as 3h50m or 3:50:00: write a checkpoint and exit with code 85 before it "
     "is reached"},
    {"replicates", 'R', LAC_OPTION_MANY, AT(replicates), "N", NULL, LAC_FOR_ENSEMBLE,
     "number of replicates: runs that differ only in their random numbers"},
    {"patients", 'P', LAC_OPTION_MANY, AT(patients), "N", NULL, LAC_FOR_TRIAL,
     "N candidates (an arm, when every arm has its own) instead of the plan's points; more later with "
     "--extend when the design is random"},
    {"workers", 'j', LAC_OPTION_COUNT, AT(workers), "N", NULL, MANY,
     "members at a time (default: as many as processors, memory and members allow)"},
    {"members", 'M', LAC_OPTION_CHOICE, AT(members), "WHERE", "auto|memory|files", MANY,
     "where members run: memory (small ones, thousands a second, no file for each), files (each a "
     "process with its own result and checkpoints), auto (the default): memory if the first member "
     "takes less than a second"},
    {"task", 'k', LAC_OPTION_TEXT, AT(task), "K/N", NULL, MANY,
     "run only every Nth member, starting with the Kth: for job arrays; 'lacuna merge' then makes the "
     "index"},
    {"extend", 'x', LAC_OPTION_FLAG, AT(extend), NULL, NULL, MANY,
     "extend an existing sweep when its plan has more points, replicates or listed values, or other "
     "endpoints; existing members stay as they are"},
    {"dry-run", 'n', LAC_OPTION_FLAG, AT(dry_run), NULL, NULL, MANY,
     "run nothing: print the resolved plan, its first points and the estimated cost"},
    {"status", 'S', LAC_OPTION_FLAG, AT(status), NULL, NULL, MANY,
     "run nothing: print the status of the sweep, also while other processes run it"},
    {"json", 'J', LAC_OPTION_FLAG, AT(json), NULL, NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY | LAC_FOR_MERGE | LAC_FOR_VERIFY | LAC_FOR_SENSITIVITY |
         LAC_FOR_CHECK | LAC_FOR_SHOW | LAC_FOR_LIST,
     "print a JSON document instead of text"},
    {"full", 'a', LAC_OPTION_FLAG, AT(full), NULL, NULL, LAC_FOR_CHECK | LAC_FOR_SHOW,
     "print everything, not just one screen"},
    {"only", 'g', LAC_OPTION_TEXT, AT(only), "PATTERN", NULL, LAC_FOR_CHECK | LAC_FOR_SHOW,
     "print the lines that match PATTERN (* and ? are wildcards) and their headings"},
    {"note", 'N', LAC_OPTION_TEXT, AT(note), "TEXT", NULL, LAC_FOR_RUN | MANY | LAC_FOR_MERGE,
     "remark stored in the provenance of the result and shown by 'lacuna show'"},
    {"mpi", 'm', LAC_OPTION_FLAG, AT(mpi), NULL, NULL, MANY,
     "share the members among the ranks of an MPI job; the default inside one"},
    {"progress", 'p', LAC_OPTION_CHOICE, AT(progress), "HOW", "auto|bar|plain|none",
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY,
     "auto (a bar on a terminal, lines elsewhere), bar, plain or none"},
    {"endpoint", 'e', LAC_OPTION_ENDPOINT, AT(set), "NAME=WHAT", NULL, MANY,
     "endpoint of each run, as under endpoints: of a plan, such as peak='{of: level, take: most}'; "
     "may be repeated"},
    {"endpoint", 'e', LAC_OPTION_TEXT, AT(endpoint), "NAME", NULL, LAC_FOR_SENSITIVITY,
     "only this endpoint of the plan instead of all"},
    {"resamples", 'B', LAC_OPTION_COUNT, AT(resamples), "N", NULL, LAC_FOR_SENSITIVITY,
     "bootstrap resamples for the confidence intervals (default: 1000)"},
    {"confidence", 'C', LAC_OPTION_TEXT, AT(confidence), "SHARE", NULL, LAC_FOR_SENSITIVITY,
     "confidence level of the intervals, such as 90% (default: 95%)"},
    {"quiet", 'q', LAC_OPTION_FLAG, AT(quiet), NULL, NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | MANY | LAC_FOR_CHECK | LAC_FOR_MERGE | LAC_FOR_VERIFY |
         LAC_FOR_REST,
     "print errors only"},
    {"help", 'h', LAC_OPTION_FLAG, AT(help), NULL, NULL,
     LAC_FOR_RUN | LAC_FOR_RESUME | LAC_FOR_CHECK | LAC_FOR_SHOW | LAC_FOR_LIST | MANY |
         LAC_FOR_MERGE | LAC_FOR_VERIFY | LAC_FOR_SENSITIVITY | LAC_FOR_HELP | LAC_FOR_PROGRAM |
         LAC_FOR_REST,
     "this help"},
    {"version", 'V', LAC_OPTION_FLAG, AT(version), NULL, NULL, LAC_FOR_PROGRAM,
     "version and build options"},
};

enum { ROWS = sizeof table / sizeof table[0] };

const lac_option *lac_option_table(size_t *rows)
{
    *rows = ROWS;
    return table;
}

static const lac_option *by_name(const char *name, size_t length, unsigned commands)
{
    for (size_t row = 0; row < ROWS; row++)
        if ((table[row].commands & commands) && strlen(table[row].name) == length &&
            strncmp(table[row].name, name, length) == 0)
            return &table[row];
    return NULL;
}

static const lac_option *by_letter(char letter, unsigned commands)
{
    for (size_t row = 0; row < ROWS; row++)
        if ((table[row].commands & commands) && table[row].letter == letter)
            return &table[row];
    return NULL;
}

static lac_status unknown_option(const char *name, size_t length, unsigned commands)
{
    const char *names[ROWS];
    size_t count = 0;
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < 63 ? length : 63), name);
    for (size_t row = 0; row < ROWS; row++)
        if (table[row].commands & commands)
            names[count++] = table[row].name;
    const char *nearest = lac_nearest(names, count, word);
    if (nearest)
        return lac_fail(LAC_USAGE, "unknown option '--%s'; did you mean '--%s'?", word, nearest);
    return lac_fail(LAC_USAGE, "unknown option '--%s'; see --help", word);
}

static lac_status read_count(const lac_option *option, const char *text, size_t *count)
{
    char *end;
    unsigned long most = option->kind == LAC_OPTION_MANY ? 1000000 : THREADS_MOST;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > most)
        return lac_fail(LAC_USAGE, "--%s: '%s' is not a whole number from 1 to %lu", option->name,
                        text, most);
    *count = value;
    return LAC_OK;
}

static bool is_word_of(const char *words, const char *text)
{
    size_t length = strlen(text);
    for (const char *word = words; word; word = strchr(word, '|'), word = word ? word + 1 : NULL)
        if (strcspn(word, "|") == length && strncmp(word, text, length) == 0)
            return true;
    return false;
}

typedef struct set_list {
    lac_override **set; /* owned by the words, as the count */
    size_t *sets;
} set_list;

static lac_status add_set(const char *option, const char *prefix, const char *text, set_list list)
{
    lac_status status = LAC_OK;
    const char *equals = strchr(text, '=');
    LAC_REQUIRE(equals && equals > text && equals[1] != '\0', LAC_USAGE,
                "--%s: '%s' is not NAME=VALUE", option, text);
    LAC_REQUIRE(*list.sets < LAC_SETS_MOST, LAC_USAGE, "more than %d times --%s", LAC_SETS_MOST,
                option);
    if (!*list.set)
        LAC_NEW(*list.set, LAC_SETS_MOST);
    lac_text name = {0};
    lac_text_add(&name, "%s%.*s", prefix, (int)(equals - text), text);
    LAC_TRY(name.failed);
    (*list.set)[(*list.sets)++] = (lac_override){name.bytes, equals + 1};
out:
    return status;
}

static lac_status take_value(const lac_option *option, const char *text, lac_arguments *arguments)
{
    void *field = (char *)arguments + option->offset;
    switch (option->kind) {
    case LAC_OPTION_FLAG:
        *(bool *)field = true;
        return LAC_OK;
    case LAC_OPTION_COUNT:
    case LAC_OPTION_MANY:
        return read_count(option, text, field);
    case LAC_OPTION_WALL:
        if (lac_duration_read(text, field) != LAC_OK)
            return lac_fail_in(LAC_USAGE, "--%s", option->name);
        return LAC_OK;
    case LAC_OPTION_SET:
        return add_set(option->name, "", text, (set_list){&arguments->set, &arguments->sets});
    case LAC_OPTION_BEFORE:
        return add_set(option->name, "", text, (set_list){&arguments->before, &arguments->befores});
    case LAC_OPTION_ENDPOINT:
        return add_set(option->name, LAC_PLAN_ENDPOINT, text,
                       (set_list){&arguments->set, &arguments->sets});
    case LAC_OPTION_CHOICE:
        if (!is_word_of(option->words, text))
            return lac_fail(LAC_USAGE, "--%s: '%s' is none of %s", option->name, text,
                            option->words);
        break;
    case LAC_OPTION_TEXT:
        if (*text == '\0')
            return lac_fail(LAC_USAGE, "--%s: the %s is empty", option->name, option->argument);
        break;
    }
    *(const char **)field = text;
    return LAC_OK;
}

/* An option at argv[*at]: its value may stand behind '=' or be the next word. */
static lac_status take_option(int count, char *const *argv, int *at, unsigned commands,
                              lac_arguments *arguments)
{
    lac_status status = LAC_OK;
    const char *word = argv[*at], *value = NULL;
    const lac_option *option;
    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        option = by_name(word + 2, length, commands);
        if (!option)
            return unknown_option(word + 2, length, commands);
        if (word[2 + length] == '=')
            value = word + 3 + length;
    } else {
        option = by_letter(word[1], commands);
        LAC_REQUIRE(option, LAC_USAGE, "unknown option '%s'; see --help", word);
        if (word[2] != '\0')
            value = word + 2;
    }
    bool flag = option->kind == LAC_OPTION_FLAG;
    LAC_REQUIRE(!flag || !value, LAC_USAGE, "--%s takes no value", option->name);
    if (!flag && !value) {
        LAC_REQUIRE(*at + 1 < count, LAC_USAGE, "--%s needs a value: %s", option->name,
                    option->argument);
        value = argv[++*at];
    }
    LAC_TRY(take_value(option, value, arguments));
out:
    return status;
}

/* OMP_NUM_THREADS (a number, or a list by nesting) has the bounds of --threads. */
static lac_status check_environment(const lac_arguments *arguments)
{
    const char *text = getenv("OMP_NUM_THREADS");
    if (arguments->threads > 0 || !text || strtoul(text, NULL, 10) <= THREADS_MOST)
        return LAC_OK;
    return lac_fail(LAC_USAGE, "OMP_NUM_THREADS: '%s' is more than %d threads", text, THREADS_MOST);
}

lac_status lac_arguments_parse(int count, char *const *argv, unsigned commands,
                               lac_arguments *arguments)
{
    lac_status status = LAC_OK;
    bool only_operands = false;
    for (int at = 0; at < count; at++) {
        const char *word = argv[at];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && word[0] == '-' && word[1] != '\0') {
            LAC_TRY(take_option(count, argv, &at, commands, arguments));
        } else {
            LAC_REQUIRE(arguments->operands < LAC_OPERANDS_MOST, LAC_USAGE,
                        "too many arguments, from '%s' on", word);
            arguments->operand[arguments->operands++] = word;
        }
    }
    LAC_TRY(check_environment(arguments));
out:
    return status;
}

void lac_arguments_free(lac_arguments *arguments)
{
    for (size_t set = 0; set < arguments->sets; set++)
        lac_free((void *)arguments->set[set].name);
    lac_free(arguments->set);
    for (size_t set = 0; set < arguments->befores; set++)
        lac_free((void *)arguments->before[set].name);
    lac_free(arguments->before);
    *arguments = (lac_arguments){0};
}

/* Breaks `help` into lines that start at column 29. */
static void describe_help(const char *help, lac_text *text)
{
    enum { COLUMN = 29, WIDTH = 66 };
    while (strlen(help) > WIDTH) {
        int length = WIDTH;
        while (length > 0 && help[length] != ' ')
            length--;
        lac_text_add(text, "%.*s\n%*s", length, help, COLUMN, "");
        help += length + 1;
    }
    lac_text_add(text, "%s\n", help);
}

void lac_options_describe(unsigned commands, lac_text *text)
{
    for (size_t row = 0; row < ROWS; row++) {
        const lac_option *option = &table[row];
        if (!(option->commands & commands))
            continue;
        char left[64];
        snprintf(left, sizeof left, "-%c, --%s%s%s", option->letter, option->name,
                 option->argument ? "=" : "", option->argument ? option->argument : "");
        lac_text_add(text, "  %-26s ", left);
        describe_help(option->help, text);
    }
}
