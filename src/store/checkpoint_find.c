/* Finding a checkpoint: the newest generation, or the one before when the newest is damaged.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/checkpoint_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void lac_checkpoint_found_free(lac_checkpoint_found *found)
{
    lac_text_free(&found->path);
    lac_text_free(&found->why);
    lac_free(found->model_text);
    *found = (lac_checkpoint_found){0};
}

static bool has_previous(const char *path)
{
    lac_text previous = {0};
    lac_text_add(&previous, "%s.1", path);
    bool has = previous.failed == LAC_OK && access(previous.bytes, F_OK) == 0;
    lac_text_free(&previous);
    return has;
}

bool lac_checkpoint_exists(const char *path)
{
    return access(path, F_OK) == 0 || has_previous(path);
}

static lac_status look_at(const char *path, const char *suffix, lac_checkpoint_found *found)
{
    lac_text_free(&found->path);
    lac_text_add(&found->path, "%s%s", path, suffix);
    if (found->path.failed != LAC_OK)
        return found->path.failed;
    return lac_checkpoint_peek(lac_text_of(&found->path), &found->facts, &found->model_text);
}

lac_status lac_checkpoint_find(const char *path, lac_checkpoint_found *found)
{
    *found = (lac_checkpoint_found){0};
    lac_status status = look_at(path, "", found);
    if (status != LAC_NO_INPUT || !has_previous(path))
        return status;
    lac_text_add(&found->why, "%s", lac_failure());
    if (found->why.failed != LAC_OK)
        return found->why.failed;
    status = look_at(path, ".1", found);
    if (status == LAC_NO_INPUT)
        status = lac_fail(LAC_NO_INPUT, "%s; the previous checkpoint is unusable: %s",
                          lac_text_of(&found->why), lac_failure());
    return status;
}

lac_status lac_checkpoint_reinstate(const char *path, const lac_checkpoint_found *found)
{
    const char *older = lac_text_of(&found->path);
    if (strcmp(path, older) == 0 || rename(older, path) == 0)
        return LAC_OK;
    return lac_fail(LAC_FILE, "%s: cannot rename to %s: %s", older, path, strerror(errno));
}
