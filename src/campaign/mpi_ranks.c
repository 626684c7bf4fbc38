/* Ranks by MPI: small messages between rank 0 and the others.
 *
 *   ASK    a rank wants a member           GIVE   here it is; -1 = there is none left
 *   ENDED  an attempt has ended            LEAVE  all leave, for the reason in it
 *   FINISHED  a rank runs nothing more     BYE    all have finished
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "campaign/mpi_ranks.h"

#include "base/memory.h"

#include <mpi.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum { ASK = 1, GIVE, ENDED, LEAVE, FINISHED, BYE };

struct lac_mpi_ranks {
    int rank, size;
    int neighbours;
    size_t processors;
    size_t finished; /* rank 0: how many of the others */
    const size_t *member;
    size_t count, next; /* rank 0: what is handed out */
    size_t elsewhere;   /* rank 0: members that others run */
    bool closed;        /* nothing is handed out any more */
    bool left;          /* that we leave has been told */
    lac_status reason;  /* others want us to stop; LAC_OK = none does */
    bool bye;
};

static const struct timespec NAP = {0, 1000000};       /* 1 ms: somebody waits for an answer */
static const struct timespec LONG_NAP = {0, 20000000}; /* 20 ms: for the end of others */

/* --- joining and leaving
 * ------------------------------------------------------------------------------------------- */

/* A processor that n ranks may use is 1/n of a processor for each of them. */
static lac_status share_processors(lac_mpi_ranks *ranks)
{
    lac_status status = LAC_OK;
    MPI_Comm machine;
    cpu_set_t mine;
    int *users = NULL;
    double share = 0;
    LAC_NEW(users, CPU_SETSIZE);
    CPU_ZERO(&mine);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0)
        CPU_SET(0, &mine);
    for (size_t each = 0; each < CPU_SETSIZE; each++)
        users[each] = CPU_ISSET(each, &mine) ? 1 : 0;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &ranks->neighbours);
    MPI_Allreduce(MPI_IN_PLACE, users, CPU_SETSIZE, MPI_INT, MPI_SUM, machine);
    MPI_Comm_free(&machine);
    for (size_t each = 0; each < CPU_SETSIZE; each++)
        if (CPU_ISSET(each, &mine))
            share += 1.0 / users[each];
    ranks->processors = share >= 1 ? (size_t)(share + 1e-6) : 1;
out:
    lac_free(users);
    return status;
}

lac_status lac_mpi_ranks_join(lac_mpi_ranks **ranks)
{
    lac_status status = LAC_OK;
    lac_mpi_ranks *fresh = NULL;
    int there = 0;
    MPI_Initialized(&there);
    LAC_REQUIRE(there || MPI_Init(NULL, NULL) == MPI_SUCCESS, LAC_INTERNAL, "MPI does not start");
    LAC_NEW(fresh, 1);
    MPI_Comm_rank(MPI_COMM_WORLD, &fresh->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &fresh->size);
    LAC_TRY(share_processors(fresh));
    *ranks = fresh;
    fresh = NULL;
out:
    lac_free(fresh);
    return status;
}

/* Takes one message, if there is one; `attempt` is filled when it is ENDED. 0 = there was none. */
static int take_message(lac_mpi_ranks *ranks, lac_attempt_record *attempt)
{
    MPI_Status about;
    int there = 0, reason = 0;
    long long member = -1;
    lac_attempt_record ended;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &about);
    if (!there)
        return 0;
    switch (about.MPI_TAG) {
    case ENDED:
        MPI_Recv(attempt ? attempt : &ended, (int)sizeof *attempt, MPI_BYTE, about.MPI_SOURCE,
                 ENDED, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        break;
    case LEAVE:
        MPI_Recv(&reason, 1, MPI_INT, about.MPI_SOURCE, LEAVE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        ranks->reason = (lac_status)reason;
        break;
    default:
        MPI_Recv(NULL, 0, MPI_INT, about.MPI_SOURCE, about.MPI_TAG, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        break;
    }
    ranks->finished += about.MPI_TAG == FINISHED;
    ranks->elsewhere -= about.MPI_TAG == ENDED;
    ranks->bye = ranks->bye || about.MPI_TAG == BYE;
    if (about.MPI_TAG == ASK) {
        if (!ranks->closed && ranks->next < ranks->count)
            member = (long long)ranks->member[ranks->next++];
        ranks->elsewhere += member >= 0;
        MPI_Send(&member, 1, MPI_LONG_LONG, about.MPI_SOURCE, GIVE, MPI_COMM_WORLD);
    }
    return about.MPI_TAG;
}

static void say(int rank, int what)
{
    MPI_Send(NULL, 0, MPI_INT, rank, what, MPI_COMM_WORLD);
}

void lac_mpi_ranks_leave(lac_mpi_ranks *ranks)
{
    if (!ranks)
        return;
    ranks->closed = true;
    if (ranks->rank != 0) {
        say(0, FINISHED);
        while (!ranks->bye)
            if (take_message(ranks, NULL) == 0)
                nanosleep(&LONG_NAP, NULL);
    } else {
        while (ranks->finished + 1 < (size_t)ranks->size)
            if (take_message(ranks, NULL) == 0)
                nanosleep(&LONG_NAP, NULL);
        for (int rank = 1; rank < ranks->size; rank++)
            say(rank, BYE);
    }
    MPI_Finalize();
    lac_free(ranks);
}

/* --- who we are
 * ------------------------------------------------------------------------------------------- */

size_t lac_mpi_ranks_rank(const lac_mpi_ranks *ranks)
{
    return (size_t)ranks->rank;
}

size_t lac_mpi_ranks_size(const lac_mpi_ranks *ranks)
{
    return (size_t)ranks->size;
}

size_t lac_mpi_ranks_processors(const lac_mpi_ranks *ranks)
{
    return ranks->processors;
}

size_t lac_mpi_ranks_neighbours(const lac_mpi_ranks *ranks)
{
    return (size_t)ranks->neighbours;
}

lac_status lac_mpi_ranks_follow(const lac_mpi_ranks *ranks, lac_status status)
{
    int said = (int)status;
    (void)ranks;
    MPI_Bcast(&said, 1, MPI_INT, 0, MPI_COMM_WORLD);
    return (lac_status)said;
}

/* --- the member queue
 * ------------------------------------------------------------------------------------------- */

static size_t ask(void)
{
    MPI_Status about;
    int there = 0;
    long long member = -1;
    say(0, ASK);
    for (;;) {
        MPI_Iprobe(0, GIVE, MPI_COMM_WORLD, &there, &about);
        if (there)
            break;
        nanosleep(&NAP, NULL);
    }
    MPI_Recv(&member, 1, MPI_LONG_LONG, 0, GIVE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return member < 0 ? LAC_NONE : (size_t)member;
}

static size_t next(void *self)
{
    lac_mpi_ranks *ranks = self;
    if (ranks->rank != 0)
        return ask();
    return !ranks->closed && ranks->next < ranks->count ? ranks->member[ranks->next++] : LAC_NONE;
}

static lac_status ended(void *self, const lac_attempt_record *attempt)
{
    const lac_mpi_ranks *ranks = self;
    if (ranks->rank != 0)
        MPI_Send(attempt, (int)sizeof *attempt, MPI_BYTE, 0, ENDED, MPI_COMM_WORLD);
    return LAC_OK;
}

static bool hear(void *self, lac_attempt_record *attempt)
{
    int what;
    do
        what = take_message(self, attempt);
    while (what != 0 && what != ENDED);
    return what == ENDED;
}

static lac_status called(void *self)
{
    const lac_mpi_ranks *ranks = self;
    return ranks->reason;
}

/* A rank that leaves tells rank 0, and that one all others. */
static void close_dealer(void *self, lac_status why)
{
    lac_mpi_ranks *ranks = self;
    int reason = (int)why;
    ranks->closed = true;
    if (ranks->left)
        return;
    ranks->left = true;
    if (ranks->rank != 0)
        MPI_Send(&reason, 1, MPI_INT, 0, LEAVE, MPI_COMM_WORLD);
    for (int rank = 1; ranks->rank == 0 && rank < ranks->size; rank++)
        MPI_Send(&reason, 1, MPI_INT, rank, LEAVE, MPI_COMM_WORLD);
}

static bool busy(void *self)
{
    const lac_mpi_ranks *ranks = self;
    return ranks->rank == 0 && ranks->finished + 1 < (size_t)ranks->size;
}

static size_t elsewhere(void *self)
{
    const lac_mpi_ranks *ranks = self;
    return ranks->elsewhere;
}

void lac_mpi_ranks_queue(lac_mpi_ranks *ranks, const size_t *member, size_t count,
                         lac_member_queue *queue)
{
    ranks->member = member;
    ranks->count = count;
    *queue = (lac_member_queue){.next = next,
                                .ended = ended,
                                .hear = hear,
                                .called = called,
                                .close = close_dealer,
                                .busy = busy,
                                .elsewhere = elsewhere,
                                .self = ranks};
}
