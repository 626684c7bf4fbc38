/* Children: forked rather than spawned, for between the two halves of a fork a child can ask to be
 * killed with its parent: members that outlived a killed sweep would write to the files that the
 * next sweep continues with. Where the system cannot do that, they end by themselves. They stay in
 * our process group, so what a terminal sends (an interrupt, a stop) reaches them too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

enum { FILES = 1024 }; /* that may be open in the parent */

void lac_subprocess_die_with(pid_t parent)
{
#ifdef HAVE_SYS_PRCTL_H
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        raise(SIGKILL);
}

void lac_subprocess_close_others(int one, int other)
{
    for (int file = STDERR_FILENO + 1; file < FILES; file++)
        if (file != one && file != other)
            close(file);
}

static void forget_handlers(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGCHLD};
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    for (size_t each = 0; each < sizeof signals / sizeof signals[0]; each++)
        sigaction(signals[each], &action, NULL);
}

/* In the child: only calls that are safe after a fork. Comes back only if it fails. */
static int become(char *const *words, int log, int telling, pid_t parent)
{
    sigset_t none;
    int nothing = open("/dev/null", O_RDONLY);
    lac_subprocess_die_with(parent);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        return errno;
    lac_subprocess_close_others(telling, -1);
    forget_handlers();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(words[0], words);
    return errno;
}

/* Both ends closed when another program is executed. */
static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* Waits until the child is another program; 0, or why it is not. */
static int listen_to(int telling)
{
    int reason = 0;
    ssize_t got;
    do
        got = read(telling, &reason, sizeof reason);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof reason ? reason : 0;
}

static void fork_into(char *const *words, int log, const int telling[2], pid_t *child)
{
    sigset_t all, before;
    pid_t parent = getpid();
    /* A signal between fork and exec would run our handler in the child, and be lost. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    *child = fork();
    if (*child == 0) {
        int reason = become(words, log, telling[1], parent);
        ssize_t told = write(telling[1], &reason, sizeof reason);
        _exit(told > 0 ? 127 : 126);
    }
    int reason = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = reason;
}

lac_status lac_subprocess_start(char *const *words, const char *log, pid_t *child)
{
    lac_status status = LAC_OK;
    int telling[2] = {-1, -1}, reason = 0;
    int file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    LAC_REQUIRE(file >= 0, LAC_FILE, "cannot write %s: %s", log, strerror(errno));
    LAC_REQUIRE(open_pipe(telling), LAC_FILE, "cannot make a pipe: %s", strerror(errno));
    fork_into(words, file, telling, child);
    LAC_REQUIRE(*child >= 0, errno == EAGAIN ? LAC_LIMIT : LAC_FILE,
                "cannot start another process: %s", strerror(errno));
    close(telling[1]);
    telling[1] = -1;
    reason = listen_to(telling[0]);
    if (reason != 0)
        waitpid(*child, NULL, 0);
    LAC_REQUIRE(reason == 0, LAC_FILE, "cannot start %s: %s", words[0], strerror(reason));
out:
    for (int end = 0; end < 2; end++)
        if (telling[end] >= 0)
            close(telling[end]);
    if (file >= 0)
        close(file);
    return status;
}

bool lac_subprocess_ended(pid_t child, lac_exit_info *ending)
{
    int how = 0;
    struct rusage use;
    pid_t found;
    do
        found = wait4(child, &how, WNOHANG, &use);
    while (found < 0 && errno == EINTR);
    if (found != child)
        return false;
    *ending = (lac_exit_info){.exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : -1,
                              .signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0};
    ending->cpu = (double)use.ru_utime.tv_sec + 1e-6 * (double)use.ru_utime.tv_usec +
                  (double)use.ru_stime.tv_sec + 1e-6 * (double)use.ru_stime.tv_usec;
    ending->memory = 1024.0 * (double)use.ru_maxrss; /* kilobytes on Linux and the BSDs */
    return true;
}
