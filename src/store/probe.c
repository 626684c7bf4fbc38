/* A probe: a child process with a pipe, a time limit, and nothing to say on the standard error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_MOST = 60 };

static void be_child(lac_probe_call call, void *context, int out)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM, SIGILL};
    const struct rlimit none = {0, 0};
    int nowhere = open("/dev/null", O_WRONLY);
    setrlimit(RLIMIT_CORE, &none);
    for (size_t each = 0; each < sizeof fatal / sizeof fatal[0]; each++)
        signal(fatal[each], SIG_DFL);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    alarm(SECONDS_MOST);
    call(context, out);
    _exit(0);
}

static void read_answer(int in, char *answer, size_t bytes)
{
    size_t length = 0;
    ssize_t got;
    while (length + 1 < bytes && ((got = read(in, answer + length, bytes - 1 - length)) > 0 ||
                                  (got < 0 && errno == EINTR)))
        length += got > 0 ? (size_t)got : 0;
    answer[length] = '\0';
}

int lac_probe(lac_probe_call call, void *context, char *answer, size_t bytes)
{
    int end[2], state = 0;
    answer[0] = '\0';
    if (pipe(end) != 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        close(end[0]);
        be_child(call, context, end[1]);
    }
    close(end[1]);
    if (child > 0) {
        read_answer(end[0], answer, bytes);
        close(end[0]);
        while (waitpid(child, &state, 0) < 0)
            if (errno != EINTR)
                return 0;
        return WIFSIGNALED(state) ? WTERMSIG(state) : 0;
    }
    close(end[0]);
    return 0;
}
