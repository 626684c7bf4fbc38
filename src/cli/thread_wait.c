/* Waiting: threads that wait sleep soon.
 *
 * By default a thread of OpenMP spins for milliseconds before it sleeps. Where other programs use
 * the processors too, it takes the time of the very thread that it waits for, and two threads are
 * slower than one. The library reads how long to spin before main() begins and offers no call to
 * change it, so a run with several threads writes it to its environment and executes itself anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/thread_wait.h"

#include "cli/signals.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* Some microseconds: less than it takes to wake a thread, so that spinning never costs much more.
 */
static const char TURNS[] = "100";

static bool is_chosen(void)
{
    static const char *const names[] = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"};
    for (size_t each = 0; each < sizeof names / sizeof names[0]; each++)
        if (getenv(names[each]))
            return true;
    return false;
}

bool lac_thread_wait_choose(void)
{
    return !is_chosen() && setenv("OMP_WAIT_POLICY", "passive", 1) == 0 &&
           setenv("GOMP_SPINCOUNT", TURNS, 1) == 0;
}

/* What comes through a pipe is gone once it is read. */
static bool can_be_read_again(const char *text)
{
    struct stat about;
    return stat(text, &about) == 0 && S_ISREG(about.st_mode);
}

/* The name of the file and not that of the link, which would become the name of the process. */
static bool find_program(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0 || (size_t)length >= size - 1)
        return false;
    path[length] = '\0';
    return true;
}

void lac_thread_wait_begin_again(char *const *argv, const char *text)
{
    char program[PATH_MAX];
    if (is_chosen() || !can_be_read_again(text) || !find_program(program, sizeof program))
        return;
    lac_signals_hold(true);
    if (!lac_signals_leave() && lac_thread_wait_choose())
        execv(program, argv);
    lac_signals_hold(false);
}
