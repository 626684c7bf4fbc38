/* Handles: the list of those that live, and the sentences of their calls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "library/handle_internal.h"

#include "library/lacuna.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

enum { BUCKETS = 1024 };

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static lac_handle *bucket[BUCKETS];

static pthread_once_t shared_made = PTHREAD_ONCE_INIT;
static pthread_mutex_t shared;

static lac_handle **place_of(const lac_handle *handle)
{
    return &bucket[((uintptr_t)handle / 64) % BUCKETS];
}

void lac_handle_enlist(lac_handle *handle, lac_handle_kind kind)
{
    lac_handle **place = place_of(handle);
    handle->kind = kind;
    pthread_mutex_lock(&list_lock);
    handle->next = *place;
    *place = handle;
    pthread_mutex_unlock(&list_lock);
}

void lac_handle_delist(lac_handle *handle)
{
    pthread_mutex_lock(&list_lock);
    lac_handle **place = place_of(handle);
    while (*place && *place != handle)
        place = &(*place)->next;
    if (*place)
        *place = handle->next;
    pthread_mutex_unlock(&list_lock);
}

static bool lives(const lac_handle *handle, lac_handle_kind kind)
{
    pthread_mutex_lock(&list_lock);
    const lac_handle *each = *place_of(handle);
    while (each && each != handle)
        each = each->next;
    bool is = each && each->kind == kind;
    pthread_mutex_unlock(&list_lock);
    return is;
}

lac_status lac_handle_check(const void *handle, lac_handle_kind kind)
{
    static const char *const word[] = {"model", "simulation", "checkpoint", "start"};
    if (!handle)
        return lac_fail(LAC_USAGE, "there is no %s: the handle is NULL", word[kind]);
    if (!lives(handle, kind))
        return lac_fail(LAC_USAGE, "the handle is of no %s, or of one that was freed", word[kind]);
    return LAC_OK;
}

lac_status lac_handle_enter(void *thing, lac_handle_kind kind)
{
    lac_handle *handle = thing;
    lac_status status = LAC_OK;
    LAC_TRY(lac_handle_check(handle, kind));
    LAC_REQUIRE(!atomic_exchange(&handle->busy, true), LAC_USAGE,
                "another call on this handle is running");
out:
    return status;
}

int lac_handle_tell(const lac_handle *handle, lac_status status)
{
    lac_handle *own = (lac_handle *)handle; /* its sentence is no part of what it stands for */
    if (!atomic_load(&own->busy))
        snprintf(own->sentence, sizeof own->sentence, "%s", status ? lac_failure() : "");
    return lac_status_exit_code(status);
}

int lac_handle_leave(lac_handle *handle, lac_status status)
{
    atomic_store(&handle->busy, false);
    return lac_handle_tell(handle, status);
}

lac_status lac_need(const void *pointer, const char *what)
{
    return pointer ? LAC_OK : lac_fail(LAC_USAGE, "there is no %s: the pointer is NULL", what);
}

static void make_shared(void)
{
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&shared, &kind);
    pthread_mutexattr_destroy(&kind);
}

void lac_shared_lock(void)
{
    pthread_once(&shared_made, make_shared);
    pthread_mutex_lock(&shared);
}

void lac_shared_unlock(void)
{
    pthread_mutex_unlock(&shared);
}

/* --- what needs no handle ----------------------------------------------------------------------
 */

int lacuna_version(void)
{
    return LACUNA_VERSION;
}

const char *lacuna_version_text(void)
{
    return PACKAGE_VERSION;
}

const char *lacuna_error(void)
{
    return lac_failure();
}

const char *lacuna_code_word(int code)
{
    if (code == LACUNA_MISUSE)
        return "misuse of the library";
    if (code == LACUNA_CANCELLED)
        return "cancelled";
    if (code == LACUNA_BUDGET)
        return "the time limit is reached";
    for (int status = 0; status < LAC_STATUS_COUNT; status++)
        if (lac_status_exit_code((lac_status)status) == code)
            return lac_status_word((lac_status)status);
    return "unknown code";
}
