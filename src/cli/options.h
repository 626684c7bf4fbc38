/* Options: one row each, which feeds the parser, --help and the shell completion.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_OPTIONS_H
#define LAC_CLI_OPTIONS_H

#include "base/status.h"
#include "base/text.h"
#include "loading/override.h"

#include <stdbool.h>

/* Which commands an option belongs to. */
enum {
    LAC_FOR_RUN = 1,
    LAC_FOR_RESUME = 2,
    LAC_FOR_CHECK = 4,
    LAC_FOR_SHOW = 8,
    LAC_FOR_LIST = 16,
    LAC_FOR_PROGRAM = 32, /* before any command */
    LAC_FOR_ENSEMBLE = 64,
    LAC_FOR_SWEEP = 128,
    LAC_FOR_MERGE = 256,
    LAC_FOR_VERIFY = 512,
    LAC_FOR_SENSITIVITY = 1024,
    LAC_FOR_HELP = 2048,
    LAC_FOR_TRIAL = 4096,
    LAC_FOR_REST = 8192
};

enum { LAC_OPERANDS_MOST = 16, LAC_SETS_MOST = 1024 };

/* The arguments of the command. All texts are borrowed from argv but those of `set`. */
typedef struct lac_arguments {
    const char *operand[LAC_OPERANDS_MOST];
    size_t operands;
    const char *out;
    const char *until;
    const char *checkpoint_every;
    const char *resume;   /* "auto", "never"; NULL = never */
    const char *progress; /* one of the words; NULL = auto */
    const char *task;     /* "K/N" */
    const char *members;  /* "auto", "memory", "files"; NULL = auto */
    const char *copy;     /* of an index; NULL = none */
    size_t threads;       /* 0 = not said, as the next */
    size_t workers;
    size_t replicates;
    size_t patients;        /* of an arm of a trial; 0 = as the plan says */
    double wall;            /* [s] 0 = no budget */
    const char *endpoint;   /* NULL = all */
    const char *confidence; /* NULL = 95 % */
    size_t resamples;       /* 0 = not said */
    bool quiet;
    bool force;
    bool extend;
    bool dry_run;
    bool status;
    bool json;
    bool full;
    const char *only;             /* a pattern; NULL = all */
    const char *from, *from_time; /* NULL = initial values */
    lac_override *before;         /* owned [LAC_SETS_MOST] with its names; NULL = none */
    size_t befores;
    const char *note; /* kept in the provenance; NULL = none */
    bool mpi;
    bool help;
    bool version;
    lac_override *set; /* owned, names owned */
    size_t sets;
} lac_arguments;

typedef enum lac_option_kind {
    LAC_OPTION_FLAG,
    LAC_OPTION_TEXT,
    LAC_OPTION_CHOICE,  /* of `words` */
    LAC_OPTION_COUNT,   /* 1 .. 4096 */
    LAC_OPTION_MANY,    /* 1 .. 1000000 */
    LAC_OPTION_WALL,    /* a span of wall-clock time, kept in seconds */
    LAC_OPTION_SET,     /* NAME=VALUE, repeated */
    LAC_OPTION_BEFORE,  /* the same, of values until the start */
    LAC_OPTION_ENDPOINT /* the same, kept as the override of an endpoint */
} lac_option_kind;

typedef struct lac_option {
    const char *name;
    char letter; /* 0 = none */
    lac_option_kind kind;
    size_t offset;        /* into lac_arguments */
    const char *argument; /* what --help calls it; NULL for flags */
    const char *words;    /* CHOICE: "a|b|c" */
    unsigned commands;
    const char *help;
} lac_option;

const lac_option *lac_option_table(size_t *rows);

/* Parses argv[0 .. count - 1] (what follows the command's name) for the command with bit
 * `commands`. LAC_USAGE with the nearest option. Free with lac_arguments_free, also after a
 * failure. */
lac_status lac_arguments_parse(int count, char *const *argv, unsigned commands,
                               lac_arguments *arguments);
void lac_arguments_free(lac_arguments *arguments);

/* The lines "  -o, --out=FILE   help" of a command. */
void lac_options_describe(unsigned commands, lac_text *text);

#endif
