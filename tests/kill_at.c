/* kill_at [--torn] N COMMAND [ARGUMENT]...: runs a command and kills it (SIGKILL) when its main
 * thread is about to make its N-th system call that changes a file system. With --torn the call is
 * made, but a write gets only the first half of its bytes. N = 0 kills nothing and prints the
 * number of such calls on the standard error. Exit code: of the command; 137 when it was killed; 77
 * when this machine cannot do it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#if defined(__linux__) && defined(PTRACE_GET_SYSCALL_INFO) && defined(SYS_openat)

enum { CANNOT = 77, KILLED = 128 + SIGKILL };

/* The calls of which every architecture has its choice. */
static const long CHANGES[] = {
    SYS_write,    SYS_pwrite64,  SYS_writev,   SYS_pwritev, SYS_ftruncate, SYS_fallocate,
    SYS_fsync,    SYS_fdatasync, SYS_unlinkat, SYS_linkat,  SYS_renameat2, SYS_mkdirat,
#ifdef SYS_rename
    SYS_rename,   SYS_unlink,    SYS_link,     SYS_mkdir,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
};

typedef struct __ptrace_syscall_info call_info;

static bool is_change(const call_info *call)
{
    long number = (long)call->entry.nr;
    if (number == SYS_openat)
        return (call->entry.args[2] & O_CREAT) != 0;
    for (size_t index = 0; index < sizeof CHANGES / sizeof CHANGES[0]; index++)
        if (number == CHANGES[index])
            return true;
    return false;
}

static bool is_write(const call_info *call)
{
    return call->entry.nr == SYS_write || call->entry.nr == SYS_pwrite64;
}

static int fail(const char *what)
{
    fprintf(stderr, "kill_at: %s: %s\n", what, strerror(errno));
    return CANNOT;
}

/* The third argument, the count of bytes of a write, is halved. */
static void halve(pid_t child, const call_info *call)
{
#ifdef __x86_64__
    if (is_write(call))
        ptrace(PTRACE_POKEUSER, child, offsetof(struct user, regs.rdx),
               (void *)(call->entry.args[2] / 2));
#else
    (void)child;
    (void)call;
#endif
}

static int kill_now(pid_t child, bool torn, const call_info *call)
{
    int status;
    if (torn) {
        halve(child, call);
        ptrace(PTRACE_SYSCALL, child, NULL, NULL); /* up to the end of the call */
        waitpid(child, &status, 0);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return KILLED;
}

static int watch(pid_t child, unsigned long target, bool torn)
{
    unsigned long calls = 0;
    int status, number = 0;
    for (;;) {
        call_info call = {0};
        if (ptrace(PTRACE_SYSCALL, child, NULL, (void *)(long)number) != 0)
            return fail("ptrace");
        waitpid(child, &status, 0);
        if (WIFEXITED(status) || WIFSIGNALED(status))
            break;
        number = WSTOPSIG(status);
        if (number == SIGTRAP)
            number = 0; /* the start of the command */
        if (number != (SIGTRAP | 0x80))
            continue;
        number = 0;
        if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof call, &call) <= 0)
            return fail("ptrace");
        if (call.op == PTRACE_SYSCALL_INFO_ENTRY && is_change(&call) && ++calls == target)
            return kill_now(child, torn, &call);
    }
    if (target == 0)
        fprintf(stderr, "%lu calls\n", calls);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    bool torn = argc > 1 && strcmp(argv[1], "--torn") == 0;
    argv += torn;
    argc -= torn;
    if (argc < 3) {
        fprintf(stderr, "usage: kill_at [--torn] N COMMAND [ARGUMENT]...\n");
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(fail("ptrace"));
        raise(SIGSTOP);
        execvp(argv[2], argv + 2);
        _exit(fail(argv[2]));
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return fail("fork");
    if (!WIFSTOPPED(status))
        return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
    if (ptrace(PTRACE_SETOPTIONS, child, NULL,
               (void *)(long)(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)) != 0)
        return fail("ptrace");
    return watch(child, strtoul(argv[1], NULL, 10), torn);
}

#else

int main(void)
{
    fprintf(stderr, "kill_at: needs Linux\n");
    return 77;
}

#endif
