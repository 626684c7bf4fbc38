/* Journals: lines of words with tabs between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/journal.h"

#include "base/memory.h"
#include "campaign/atomic_create.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 1024, FIELDS = 11, NAMES_MOST = 10000 };

static const char head[] =
    "#member\tattempt\tfate\texit\tsignal\twall_s\tcpu_s\tmemory_B\thost\tended\tsentence\n";

struct lac_journal {
    lac_text directory, who;
    int file;  /* -1 = not made yet */
    bool torn; /* the last line was cut */
};

/* --- writing
 * ------------------------------------------------------------------------------------------ */

lac_status lac_journal_create(const char *directory, const char *host, lac_journal **journal)
{
    lac_status status = LAC_OK;
    lac_journal *fresh = NULL;
    LAC_NEW(fresh, 1);
    fresh->file = -1;
    lac_text_add(&fresh->directory, "%s", directory);
    lac_process_name(host, &fresh->who);
    LAC_TRY(fresh->directory.failed);
    LAC_TRY(fresh->who.failed);
    *journal = fresh;
    fresh = NULL;
out:
    lac_journal_free(fresh);
    return status;
}

void lac_journal_free(lac_journal *journal)
{
    if (!journal)
        return;
    if (journal->file >= 0)
        close(journal->file);
    lac_text_free(&journal->directory);
    lac_text_free(&journal->who);
    lac_free(journal);
}

static lac_status append(lac_journal *journal, const char *line)
{
    size_t length = strlen(line);
    errno = ENOSPC; /* when the write is short */
    ssize_t wrote = write(journal->file, line, length);
    if (wrote == (ssize_t)length)
        return LAC_OK;
    journal->torn = journal->torn || wrote > 0;
    return lac_fail(LAC_FILE, "cannot write the journal in %s: %s", journal->directory.bytes,
                    strerror(errno));
}

/* A file that no process, of whatever time, has written to. */
static lac_status make_file(lac_journal *journal)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    for (int number = 0; journal->file < 0 && number < NAMES_MOST; number++) {
        lac_text_free(&path);
        lac_text_add(&path, "%s/%s", journal->directory.bytes, journal->who.bytes);
        if (number > 0)
            lac_text_add(&path, ".%d", number);
        lac_text_add(&path, ".tsv");
        LAC_TRY(path.failed);
        journal->file = open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
        LAC_REQUIRE(journal->file >= 0 || errno == EEXIST, LAC_FILE, "cannot write %s: %s",
                    path.bytes, strerror(errno));
    }
    LAC_REQUIRE(journal->file >= 0, LAC_FILE, "no name is free for a journal in %s",
                journal->directory.bytes);
    LAC_TRY(append(journal, head));
out:
    lac_text_free(&path);
    return status;
}

/* What would break a line becomes a space. */
static void add_word(lac_text *line, const char *word)
{
    for (; *word; word++)
        lac_text_add_bytes(line, (unsigned char)*word < ' ' ? " " : word, 1);
}

lac_status lac_journal_append(lac_journal *journal, const lac_attempt_record *attempt,
                              size_t ordinal)
{
    lac_status status = LAC_OK;
    lac_text line = {0};
    if (journal->file < 0)
        LAC_TRY(make_file(journal));
    lac_text_add(&line, "%s%zu\t%zu\t%s\t%d\t%d\t%.6f\t%.6f\t%.0f\t", journal->torn ? "\n" : "",
                 attempt->member, ordinal, lac_member_status_word(attempt->status),
                 attempt->exit_code, attempt->signal, attempt->wall, attempt->cpu, attempt->memory);
    add_word(&line, attempt->host);
    lac_text_add(&line, "\t");
    add_word(&line, attempt->ended);
    lac_text_add(&line, "\t");
    add_word(&line, attempt->sentence);
    lac_text_add(&line, "\n");
    LAC_TRY(line.failed);
    LAC_TRY(append(journal, line.bytes));
    journal->torn = false;
out:
    lac_text_free(&line);
    return status;
}

/* --- reading
 * ------------------------------------------------------------------------------------------ */

/* Cuts a line at its tabs; how many fields it has, at most one more than FIELDS. */
static size_t cut(char *line, char **field)
{
    size_t count = 0;
    for (char *at = line; at && count <= FIELDS; count++) {
        char *tab = strchr(at, '\t');
        if (count < FIELDS)
            field[count] = at;
        if (tab)
            *tab++ = '\0';
        at = tab;
    }
    return count;
}

static bool read_whole(const char *text, long long least, long long most, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0 && *value >= least && *value <= most;
}

static bool read_amount(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value) && *value >= 0;
}

static bool read_fate(const char *word, lac_member_status *member_status)
{
    for (int each = LAC_WAITING; each <= LAC_SUSPENDED; each++)
        if (strcmp(lac_member_status_word((lac_member_status)each), word) == 0) {
            *member_status = (lac_member_status)each;
            return true;
        }
    return false;
}

/* One line; false when it is not whole. */
static bool read_line(char *line, size_t members, lac_attempt_record *attempt, size_t *ordinal)
{
    char *field[FIELDS], *end = strchr(line, '\n');
    long long member, count, code, number;
    *attempt = (lac_attempt_record){.member = 0};
    if (!end)
        return false;
    *end = '\0';
    if (cut(line, field) != FIELDS || members == 0 ||
        !read_whole(field[0], 0, (long long)members - 1, &member) ||
        !read_whole(field[1], 1, 1000000000, &count) || !read_fate(field[2], &attempt->status) ||
        !read_whole(field[3], -1, 255, &code) || !read_whole(field[4], 0, 255, &number) ||
        !read_amount(field[5], &attempt->wall) || !read_amount(field[6], &attempt->cpu) ||
        !read_amount(field[7], &attempt->memory))
        return false;
    attempt->member = (size_t)member;
    attempt->exit_code = (int)code;
    attempt->signal = (int)number;
    *ordinal = (size_t)count;
    snprintf(attempt->host, sizeof attempt->host, "%s", field[8]);
    snprintf(attempt->ended, sizeof attempt->ended, "%s", field[9]);
    snprintf(attempt->sentence, sizeof attempt->sentence, "%s", field[10]);
    return true;
}

/* `last` holds the ordinal of the attempt that counts so far. */
static void take_in(lac_attempt_record *record, const lac_attempt_record *attempt, size_t ordinal,
                    size_t *last)
{
    lac_attempt_record before = *record;
    lac_attempt_record_add(record, attempt);
    if (ordinal < *last) {
        before.attempts = record->attempts;
        before.wall = record->wall;
        before.cpu = record->cpu;
        before.memory = record->memory;
        *record = before;
    } else {
        *last = ordinal;
    }
}

static lac_status read_file(const char *path, size_t members, lac_attempt_record *record,
                            size_t *last)
{
    char line[LINE_BYTES];
    lac_attempt_record attempt;
    size_t ordinal;
    FILE *file = fopen(path, "re");
    if (!file)
        return lac_fail(LAC_FILE, "cannot read %s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file))
        if (line[0] != '#' && read_line(line, members, &attempt, &ordinal))
            take_in(&record[attempt.member], &attempt, ordinal, &last[attempt.member]);
    bool bad = ferror(file) != 0;
    fclose(file);
    return bad ? lac_fail(LAC_FILE, "cannot read %s", path) : LAC_OK;
}

static bool is_journal(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 4 && strcmp(name + length - 4, ".tsv") == 0;
}

lac_status lac_journal_read(const char *directory, size_t members, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    struct dirent *entry;
    lac_text path = {0};
    size_t *last = NULL;
    DIR *journals = opendir(directory);
    if (!journals && errno == ENOENT)
        return LAC_OK;
    LAC_REQUIRE(journals, LAC_FILE, "cannot read %s: %s", directory, strerror(errno));
    LAC_NEW(last, members);
    while ((entry = readdir(journals))) {
        if (!is_journal(entry->d_name))
            continue;
        lac_text_free(&path);
        lac_text_add(&path, "%s/%s", directory, entry->d_name);
        LAC_TRY(path.failed);
        LAC_TRY(read_file(path.bytes, members, record, last));
    }
out:
    if (journals)
        closedir(journals);
    lac_text_free(&path);
    lac_free(last);
    return status;
}
