/* Memory limits of cgroups(7). A line of the membership is NUMBER:CONTROLLERS:PATH. Version 2 has
 * one line, "0::PATH", and the limit in PATH/memory.max ("max" = none); version 1 a line for the
 * controller `memory`, mounted under that name, with PATH/memory.limit_in_bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/cgroup_memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

/* A number of bytes in a file of one line; SIZE_MAX for words and for files that are not there. */
static size_t read_limit(const char *path)
{
    unsigned long long bytes = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return SIZE_MAX;
    int found = fscanf(file, "%llu", &bytes);
    fclose(file);
    return found == 1 && bytes < SIZE_MAX ? (size_t)bytes : SIZE_MAX;
}

/* The least of the group at `path` under `mount` and all above it. `path` is cut on the way. */
static size_t least_upwards(const char *mount, char *path, const char *file)
{
    size_t least = SIZE_MAX;
    char whole[3 * PATH_BYTES];
    for (;;) {
        snprintf(whole, sizeof whole, "%s%s/%s", mount, path, file);
        size_t limit = read_limit(whole);
        least = limit < least ? limit : least;
        char *slash = strrchr(path, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

static int names_memory(const char *controllers)
{
    size_t length = strlen("memory");
    for (const char *word = controllers; word; word = strchr(word, ',')) {
        word += *word == ',';
        if (strncmp(word, "memory", length) == 0 && (word[length] == ',' || word[length] == '\0'))
            return 1;
    }
    return 0;
}

/* The limit of one line of the membership, which is cut in pieces. */
static size_t limit_of_line(char *line, const char *mount)
{
    char *controllers = strchr(line, ':');
    char *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path)
        return SIZE_MAX;
    *controllers++ = '\0';
    *path++ = '\0';
    path[strcspn(path, "\n")] = '\0';
    if (*controllers == '\0')
        return least_upwards(mount, path, "memory.max");
    if (!names_memory(controllers))
        return SIZE_MAX;
    char memory[PATH_BYTES];
    snprintf(memory, sizeof memory, "%s/memory", mount);
    return least_upwards(memory, path, "memory.limit_in_bytes");
}

size_t lac_cgroup_memory(const char *membership, const char *mount)
{
    size_t least = SIZE_MAX;
    char line[PATH_BYTES];
    FILE *file = fopen(membership, "r");
    if (!file)
        return SIZE_MAX;
    while (fgets(line, sizeof line, file)) {
        size_t limit = limit_of_line(line, mount);
        least = limit < least ? limit : least;
    }
    fclose(file);
    return least;
}
