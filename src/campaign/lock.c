/* Locks: first one's own is created, then the others are looked at, so of two processes that
 * start at the same time at least one sees the other.
 *
 * A holder on this machine (same host and same boot) is checked by the process table, and by the
 * time at which the process began, for numbers are used again; any other by the age of its lock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/lock.h"

#include "base/clock.h"
#include "base/memory.h"
#include "campaign/atomic_create.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WORD_BYTES = 64, LOCK_BYTES = 1024, ATTEMPTS = 16 };

/* Who holds a lock, as its file says. */
typedef struct holder {
    char host[256], boot[64], since[32];
    long pid;
    unsigned long long began; /* of the process, by the system's count; 0 = unknown */
} holder;

struct lac_lock {
    lac_text path;
    holder self;
    bool held;
    double touched; /* [s] by the monotonic clock */
};

/* --- shares
 * ------------------------------------------------------------------------------------------- */

static void share_word(lac_share share, lac_text *word)
{
    if (share.tasks == 1)
        lac_text_add(word, "whole");
    else
        lac_text_add(word, "%zu-of-%zu", share.task + 1, share.tasks);
}

static bool share_of_word(const char *word, lac_share *share)
{
    *share = (lac_share){0, 1};
    if (strcmp(word, "whole") == 0)
        return true;
    size_t task = 0;
    if (sscanf(word, "%zu-of-%zu", &task, &share->tasks) != 2 || task < 1 || task > share->tasks)
        return false;
    share->task = task - 1;
    return true;
}

/* m = a (mod n) and m = b (mod k) have a solution if and only if a = b (mod gcd(n, k)). */
bool lac_share_overlaps(lac_share one, lac_share other)
{
    size_t divisor = one.tasks, rest = other.tasks;
    while (rest > 0) {
        size_t next = divisor % rest;
        divisor = rest;
        rest = next;
    }
    return one.task % divisor == other.task % divisor;
}

/* --- holders
 * ------------------------------------------------------------------------------------------ */

/* When a process began, in ticks since the boot: the 22nd field of its line, the 20th behind the
 * name, which may hold anything. 0 = unknown; 1 when it is dead and only waits for its parent. */
static unsigned long long process_began(long pid)
{
    char path[64], line[1024] = "";
    enum { DEAD = 1 };
    unsigned long long began = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t got = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[got] = '\0';
    char *at = strrchr(line, ')');
    if (at && (strncmp(at, ") Z", 3) == 0 || strncmp(at, ") X", 3) == 0))
        return DEAD;
    for (int field = 0; at && field < 20; field++)
        at = strchr(at + 1, ' ');
    if (at && sscanf(at, " %llu", &began) != 1)
        began = 0;
    return began;
}

static void name_boot(char *boot, size_t bytes)
{
    snprintf(boot, bytes, "-");
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return;
    if (!fgets(boot, (int)bytes, file) || boot[0] == '\n')
        snprintf(boot, bytes, "-");
    boot[strcspn(boot, " \t\n")] = '\0';
    fclose(file);
}

static void know_self(const char *host, holder *self)
{
    snprintf(self->host, sizeof self->host, "%s", *host ? host : "unknown");
    for (char *at = self->host; *at; at++)
        if (*at == ' ' || *at == '\t' || *at == '\n')
            *at = '_';
    name_boot(self->boot, sizeof self->boot);
    self->pid = (long)getpid();
    self->began = process_began(self->pid);
    lac_clock_date(self->since);
}

static void describe(const holder *of, lac_text *text)
{
    lac_text_add(text, "host %s pid %ld since %s boot %s began %llu\n", of->host, of->pid,
                 of->since, of->boot, of->began);
}

static bool understand(const char *text, holder *of)
{
    *of = (holder){.pid = 0};
    return sscanf(text, "host %255s pid %ld since %31s boot %63s began %llu", of->host, &of->pid,
                  of->since, of->boot, &of->began) == 5;
}

static bool same_holder(const holder *one, const holder *other)
{
    return strcmp(one->host, other->host) == 0 && one->pid == other->pid &&
           strcmp(one->boot, other->boot) == 0 && one->began == other->began &&
           strcmp(one->since, other->since) == 0;
}

static bool lives(const holder *of, const holder *self, double age)
{
    bool here = strcmp(of->host, self->host) == 0 && strcmp(of->boot, self->boot) == 0;
    if (!here)
        return age < LAC_LOCK_STALE;
    if (kill((pid_t)of->pid, 0) != 0 && errno == ESRCH)
        return false;
    return of->began == 0 || of->began == process_began(of->pid);
}

/* --- the files
 * ------------------------------------------------------------------------------------------ */

/* Reads a lock and its age at `now`; false when it is not there (any more). What cannot be
 * understood has an unknown holder: it is checked by its age. */
static bool read_lock(const char *path, double now, holder *of, double *age)
{
    char text[LOCK_BYTES] = "";
    struct stat about;
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t got = fread(text, 1, sizeof text - 1, file);
    bool known = fstat(fileno(file), &about) == 0;
    fclose(file);
    text[got] = '\0';
    if (!known)
        return false;
    if (!understand(text, of))
        *of = (holder){.host = "unknown", .boot = "?", .since = "unknown"};
    *age = now - (double)about.st_mtim.tv_sec - 1e-9 * (double)about.st_mtim.tv_nsec;
    return true;
}

static lac_status refuse(const char *word, const holder *of)
{
    return lac_fail(LAC_EXISTS,
                    "another process runs this sweep: process %ld on %s, since %s, on %s%s; "
                    "wait for it, or choose another directory with --out",
                    of->pid, of->host, of->since, strcmp(word, "whole") == 0 ? "" : "share ",
                    strcmp(word, "whole") == 0 ? "all members" : word);
}

static void tell_stale(const char *word, const holder *of, lac_message_call say, void *context)
{
    char sentence[512];
    if (!say)
        return;
    snprintf(
        sentence, sizeof sentence,
        "took over the lock '%.64s' of process %ld on %.200s, which began at %.31s and is gone",
        word, of->pid, of->host, of->since);
    say(context, sentence);
}

/* Takes a stale lock away. Whoever takes it has renamed it first and looked at what he holds: a
 * lock that somebody else has renewed meanwhile is put back. */
static lac_status remove_stale(const char *directory, const char *word, const holder *stale,
                               const holder *self)
{
    lac_status status = LAC_OK;
    holder found;
    double age;
    lac_text path = {0}, aside = {0};
    lac_text_add(&path, "%s/%s", directory, word);
    lac_text_add(&aside, "%s/.stale.%s.", directory, word);
    lac_process_name(self->host, &aside);
    LAC_TRY(path.failed);
    LAC_TRY(aside.failed);
    if (rename(path.bytes, aside.bytes) != 0)
        goto out; /* gone already */
    if (read_lock(aside.bytes, 0, &found, &age) && !same_holder(&found, stale) &&
        link(aside.bytes, path.bytes) != 0)
        status = lac_fail(LAC_EXISTS, "several processes took the lock %s at once", path.bytes);
    unlink(aside.bytes);
out:
    lac_text_free(&path);
    lac_text_free(&aside);
    return status;
}

/* The lock `word` of another process: LAC_EXISTS when its holder lives, else it is taken away. */
static lac_status check_holder(const char *directory, const char *word, double now,
                               const holder *self, bool *removed, holder *of)
{
    lac_status status = LAC_OK;
    double age;
    lac_text path = {0};
    lac_text_add(&path, "%s/%s", directory, word);
    LAC_TRY(path.failed);
    *removed = false;
    if (!read_lock(path.bytes, now, of, &age))
        goto out;
    if (lives(of, self, age))
        LAC_TRY(refuse(word, of));
    LAC_TRY(remove_stale(directory, word, of, self));
    *removed = true;
out:
    lac_text_free(&path);
    return status;
}

/* All locks but our own. */
static lac_status look_at_others(const char *directory, lac_share share, double now,
                                 const holder *self, const lac_text *own, lac_message_call say,
                                 void *context)
{
    lac_status status = LAC_OK;
    struct dirent *entry;
    holder of;
    DIR *locks = opendir(directory);
    LAC_REQUIRE(locks, LAC_FILE, "cannot read %s: %s", directory, strerror(errno));
    while ((entry = readdir(locks))) {
        lac_share other;
        bool removed;
        if (strcmp(entry->d_name, lac_text_of(own)) == 0 || !share_of_word(entry->d_name, &other) ||
            !lac_share_overlaps(share, other))
            continue;
        LAC_TRY(check_holder(directory, entry->d_name, now, self, &removed, &of));
        if (removed)
            tell_stale(entry->d_name, &of, say, context);
    }
out:
    if (locks)
        closedir(locks);
    return status;
}

/* Announces the lock, in place of a stale one if need be. */
static lac_status create_once(const char *directory, const char *word, const holder *self,
                              lac_message_call say, void *context, double *now)
{
    lac_status status = LAC_OK;
    bool mine = false, removed;
    holder of;
    lac_text text = {0}, who = {0};
    describe(self, &text);
    lac_process_name(self->host, &who);
    LAC_TRY(text.failed);
    LAC_TRY(who.failed);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        LAC_TRY(lac_atomic_create(directory, word, who.bytes, text.bytes, &mine, now));
        if (mine)
            goto out;
        LAC_TRY(check_holder(directory, word, *now, self, &removed, &of));
        if (removed)
            tell_stale(word, &of, say, context);
    }
    status = lac_fail(LAC_EXISTS, "%s/%s is repeatedly taken by other processes", directory, word);
out:
    lac_text_free(&text);
    lac_text_free(&who);
    return status;
}

lac_status lac_lock_take(const char *directory, lac_share share, const char *host,
                         lac_message_call say, void *context, lac_lock **lock)
{
    lac_status status = LAC_OK;
    lac_lock *fresh = NULL;
    double now = 0;
    lac_text word = {0};
    LAC_NEW(fresh, 1);
    know_self(host, &fresh->self);
    share_word(share, &word);
    LAC_TRY(word.failed);
    lac_text_add(&fresh->path, "%s/%s", directory, word.bytes);
    LAC_TRY(fresh->path.failed);
    LAC_TRY(create_once(directory, word.bytes, &fresh->self, say, context, &now));
    fresh->held = true;
    fresh->touched = lac_clock_seconds();
    LAC_TRY(look_at_others(directory, share, now, &fresh->self, &word, say, context));
    *lock = fresh;
    fresh = NULL;
out:
    lac_lock_release(fresh);
    lac_text_free(&word);
    return status;
}

/* Who was stopped for long may find that another has taken over. */
lac_status lac_lock_touch(lac_lock *lock, double every)
{
    double now = lac_clock_seconds(), age;
    holder of;
    if (now - lock->touched < every)
        return LAC_OK;
    errno = 0;
    if (!read_lock(lock->path.bytes, 0, &of, &age))
        return errno != ENOENT
                   ? LAC_OK
                   : lac_fail(LAC_EXISTS,
                              "%s has been removed: another process may be running this sweep",
                              lock->path.bytes);
    if (!same_holder(&of, &lock->self))
        return lac_fail(LAC_EXISTS, "%s was taken over by process %ld on %s, since %s",
                        lock->path.bytes, of.pid, of.host, of.since);
    utimensat(AT_FDCWD, lock->path.bytes, NULL, 0);
    lock->touched = now;
    return LAC_OK;
}

void lac_lock_release(lac_lock *lock)
{
    holder of;
    double age;
    if (!lock)
        return;
    if (lock->held && read_lock(lock->path.bytes, 0, &of, &age) && same_holder(&of, &lock->self))
        unlink(lock->path.bytes);
    lac_text_free(&lock->path);
    lac_free(lock);
}

lac_status lac_lock_list(const char *directory, lac_lock_holder_call call, void *context)
{
    lac_status status = LAC_OK;
    struct dirent *entry;
    lac_text path = {0};
    holder of, self = {.pid = 0};
    lac_share share;
    double age;
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    know_self(host, &self);
    DIR *locks = opendir(directory);
    LAC_REQUIRE(locks || errno == ENOENT, LAC_FILE, "cannot read %s: %s", directory,
                strerror(errno));
    while (locks && (entry = readdir(locks))) {
        lac_text_free(&path);
        lac_text_add(&path, "%s/%s", directory, entry->d_name);
        LAC_TRY(path.failed);
        if (!share_of_word(entry->d_name, &share) ||
            !read_lock(path.bytes, (double)time(NULL), &of, &age))
            continue;
        lac_lock_holder presence = {entry->d_name, of.host, of.since, of.pid,
                                    lives(&of, &self, age)};
        call(context, &presence);
    }
out:
    if (locks)
        closedir(locks);
    lac_text_free(&path);
    return status;
}
