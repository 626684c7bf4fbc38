/* Signals: two flags.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t leave;
static volatile sig_atomic_t report;

static void ask_to_leave(int number)
{
    (void)number;
    leave = 1;
}

static void ask_for_report(int number)
{
    (void)number;
    report = 1;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* Signals that come while they are held are answered afterwards, even by a program that this one
 * has become in between: its lac_signals_install lets them in. */
void lac_signals_hold(bool held)
{
    static const int ours[] = {SIGTERM, SIGUSR2, SIGINT, SIGUSR1};
    sigset_t set;
    sigemptyset(&set);
    for (size_t each = 0; each < sizeof ours / sizeof ours[0]; each++)
        sigaddset(&set, ours[each]);
    sigprocmask(held ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

void lac_signals_install(void)
{
    handle(SIGTERM, ask_to_leave, 0);
    handle(SIGUSR2, ask_to_leave, 0);
    /* The second interrupt finds the default action again. */
    handle(SIGINT, ask_to_leave, (int)SA_RESETHAND);
    handle(SIGUSR1, ask_for_report, 0);
    handle(SIGXFSZ, SIG_IGN, 0);
    lac_signals_hold(false);
}

bool lac_signals_leave(void)
{
    return leave != 0;
}

bool lac_signals_report(void)
{
    if (!report)
        return false;
    report = 0;
    return true;
}
