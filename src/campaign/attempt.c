/* Attempts: words of a command on the way in, a sentence about its end on the way out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/sweep_internal.h"

#include "base/clock.h"
#include "base/memory.h"
#include "language/diagnostics.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_BYTES = 1 << 16 };

/* --- the command
 * ------------------------------------------------------------------------------------------- */

typedef struct word_list {
    char **word; /* owned, with its texts; the first free one is NULL */
    size_t count, capacity;
} word_list;

static lac_status add(word_list *list, const char *text)
{
    lac_status status = LAC_OK;
    if (list->count + 1 >= list->capacity) {
        size_t grown = list->capacity ? 2 * list->capacity : 32;
        char **moved;
        LAC_OWN(moved, lac_regrow(list->word, list->capacity, grown, sizeof *moved));
        list->word = moved;
        list->capacity = grown;
    }
    LAC_OWN(list->word[list->count], lac_copy_text(text));
    list->count++;
out:
    return status;
}

static lac_status add_set(word_list *list, const lac_text *setting)
{
    lac_status status = setting->failed;
    if (status == LAC_OK)
        status = add(list, "--set");
    return status == LAC_OK ? add(list, lac_text_of(setting)) : status;
}

/* The values of the plan, then of the point, then the streams. */
static lac_status add_settings(word_list *list, const lac_sample_table *samples, size_t member)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = samples->plan;
    lac_text text = {0};
    double seed, replicate;
    for (size_t set = 0; set < plan->sets; set++) {
        lac_text_free(&text);
        lac_text_add(&text, "%s=%s", plan->set[set].name, plan->set[set].value);
        LAC_TRY(add_set(list, &text));
    }
    for (size_t factor = 0; factor < plan->factors; factor++) {
        lac_text_free(&text);
        lac_sample_table_setting(samples, lac_sample_table_point(samples, member), factor, &text);
        LAC_TRY(add_set(list, &text));
    }
    lac_sample_table_streams(samples, member, &seed, &replicate);
    lac_text_free(&text);
    lac_text_add(&text, "run.seed=%.0f", seed);
    LAC_TRY(add_set(list, &text));
    lac_text_free(&text);
    lac_text_add(&text, "run.replicate=%.0f", replicate);
    LAC_TRY(add_set(list, &text));
    lac_text_free(&text);
    lac_text_add(&text, "run.save.fields=%s", plan->fields);
    LAC_TRY(add_set(list, &text));
    if (!plan->trial)
        goto out;
    lac_text_free(&text);
    lac_text_add(&text, "run.save.at=%s", plan->model->settings.save_at);
    LAC_TRY(add_set(list, &text));
out:
    lac_text_free(&text);
    return status;
}

/* What arms set has the value of the scenario while their common start is looked for. */
static lac_status add_before(word_list *list, const lac_plan *plan)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    for (size_t factor = 0; lac_plan_shares_start(plan) && factor < plan->arm_factors; factor++) {
        const char *written = lac_plan_written(plan, plan->factor[factor].name);
        lac_text_free(&text);
        lac_text_add(&text, "%s=%s", plan->factor[factor].name, written);
        LAC_TRY(text.failed);
        LAC_TRY(add(list, "--before"));
        LAC_TRY(add(list, text.bytes));
    }
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_sweep_words(const char *directory, const lac_sample_table *samples, size_t member,
                           const lac_sweep_options *options, char ***words)
{
    static const char *const quietly[] = {"--resume", "auto",       "--force",
                                          "--quiet",  "--progress", "none"};
    lac_status status = LAC_OK;
    word_list list = {0};
    lac_text result = {0}, threads = {0};
    lac_member_path(directory, lac_sample_table_number(samples, member), "nc", &result);
    lac_text_add(&threads, "%zu", options->process_layout.threads);
    LAC_TRY(result.failed);
    LAC_TRY(threads.failed);
    LAC_TRY(add(&list, options->program));
    LAC_TRY(add(&list, "run"));
    LAC_TRY(add(&list, samples->plan->scenario));
    LAC_TRY(add_settings(&list, samples, member));
    LAC_TRY(add_before(&list, samples->plan));
    LAC_TRY(add(&list, "--out"));
    LAC_TRY(add(&list, result.bytes));
    for (size_t each = 0; each < sizeof quietly / sizeof quietly[0]; each++)
        LAC_TRY(add(&list, quietly[each]));
    if (options->checkpoint_every) {
        LAC_TRY(add(&list, "--checkpoint-every"));
        LAC_TRY(add(&list, options->checkpoint_every));
    }
    LAC_TRY(add(&list, "--threads"));
    LAC_TRY(add(&list, threads.bytes));
    *words = list.word;
    list.word = NULL;
out:
    lac_sweep_words_free(list.word);
    lac_text_free(&result);
    lac_text_free(&threads);
    return status;
}

void lac_sweep_words_free(char **words)
{
    for (char **word = words; word && *word; word++)
        lac_free(*word);
    lac_free(words);
}

/* --- the end
 * ------------------------------------------------------------------------------------------- */

/* The last line of `text` that begins with `start`; NULL when there is none. */
static const char *last_line(const char *text, const char *start)
{
    const char *found = NULL;
    for (const char *line = text; line && *line;) {
        if (*line != '\n' && strncmp(line, start, strlen(start)) == 0)
            found = line + strlen(start);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return found;
}

/* Its first error that has a place ("3 errors in x.yaml" behind it says less), else its last error,
 * or else its last line. */
static lac_status quote_log(const lac_campaign *campaign, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    char *tail = NULL;
    LAC_NEW(tail, LOG_BYTES + 1);
    lac_campaign_path(campaign, record->member, "log", &path);
    LAC_TRY(path.failed);
    FILE *log = fopen(path.bytes, "re");
    if (!log)
        goto out;
    if (fseek(log, -(long)LOG_BYTES, SEEK_END) != 0)
        rewind(log);
    tail[fread(tail, 1, LOG_BYTES, log)] = '\0';
    fclose(log);
    const char *line = lac_diagnostics_first_error(tail);
    if (!line)
        line = last_line(tail, "lacuna: error: ");
    if (!line)
        line = last_line(tail, "");
    if (line)
        snprintf(record->sentence, sizeof record->sentence, "%.*s", (int)strcspn(line, "\n"), line);
out:
    lac_text_free(&path);
    lac_free(tail);
    return status;
}

static void tell_signal(lac_attempt_record *record)
{
    record->status = LAC_LOST;
    if (record->signal == SIGKILL)
        snprintf(record->sentence, sizeof record->sentence,
                 "killed by signal %d, perhaps for want of memory", record->signal);
    else
        snprintf(record->sentence, sizeof record->sentence, "ended by signal %d (%s)",
                 record->signal, strsignal(record->signal));
}

static lac_status check_result(const lac_campaign *campaign, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    lac_text path = {0};
    lac_campaign_path(campaign, record->member, "nc", &path);
    LAC_TRY(path.failed);
    record->status = LAC_DONE;
    if (access(path.bytes, F_OK) != 0) {
        record->status = LAC_LOST;
        snprintf(record->sentence, sizeof record->sentence, "ended without a result");
    }
out:
    lac_text_free(&path);
    return status;
}

lac_status lac_attempt_classify(const lac_campaign *campaign, const char *host,
                                const lac_exit_info *ending, bool asked, lac_attempt_record *record)
{
    lac_status status = LAC_OK;
    record->attempts = 1;
    record->exit_code = ending->exit_code;
    record->signal = ending->signal;
    record->cpu = ending->cpu;
    record->memory = ending->memory;
    snprintf(record->host, sizeof record->host, "%s", host);
    lac_clock_date(record->ended);
    if (record->exit_code == 0)
        return check_result(campaign, record);
    /* Who is asked before his handlers stand dies of it, and has nothing to lose. */
    bool struck = asked && (record->signal == SIGTERM || record->signal == SIGINT);
    if (struck || record->exit_code == lac_status_exit_code(LAC_INTERRUPTED) ||
        record->exit_code == lac_status_exit_code(LAC_BUDGET)) {
        record->status = LAC_SUSPENDED;
    } else if (record->signal != 0) {
        tell_signal(record);
    } else {
        record->status = LAC_FAILED;
        snprintf(record->sentence, sizeof record->sentence, "ended with exit code %d",
                 record->exit_code);
        LAC_TRY(quote_log(campaign, record));
    }
out:
    return status;
}

lac_status lac_attempt_clean(const lac_campaign *campaign, size_t member, bool keep_checkpoints)
{
    static const char *const generations[] = {"ckpt", "ckpt.1"};
    lac_status status = LAC_OK;
    struct stat about;
    lac_text path = {0};
    for (size_t each = 0; !keep_checkpoints && each < 2; each++) {
        lac_text_free(&path);
        lac_campaign_path(campaign, member, generations[each], &path);
        LAC_TRY(path.failed);
        unlink(path.bytes);
    }
    lac_text_free(&path);
    lac_campaign_path(campaign, member, "log", &path);
    LAC_TRY(path.failed);
    if (stat(path.bytes, &about) == 0 && about.st_size == 0)
        unlink(path.bytes);
out:
    lac_text_free(&path);
    return status;
}
