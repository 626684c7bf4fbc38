/* Plan changes: the lines of two texts of lac_plan_write as keys and values. A line of two leading
 * blanks belongs to the section above it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/plan_change.h"

#include "base/memory.h"

#include <string.h>

typedef struct entry {
    char *key, *value; /* owned */
    bool met;          /* in the other text */
} entry;

typedef struct entries {
    entry *item; /* owned */
    size_t count, capacity;
} entries;

static void release(entries *list)
{
    for (size_t each = 0; each < list->count; each++) {
        lac_free(list->item[each].key);
        lac_free(list->item[each].value);
    }
    lac_free(list->item);
}

static bool is_kept(const char *key)
{
    static const char *const free[] = {"lacuna_plan", "title", "scenario"};
    for (size_t each = 0; each < sizeof free / sizeof *free; each++)
        if (strcmp(free[each], key) == 0)
            return false;
    return true;
}

static lac_status add(entries *list, const char *section, const char *name, size_t name_bytes,
                      const char *value, size_t bytes)
{
    lac_status status = LAC_OK;
    lac_text key = {0};
    LAC_GROW(list->item, list->count, list->capacity);
    lac_text_add(&key, "%s%s%.*s", section, *section ? "." : "", (int)name_bytes, name);
    LAC_TRY(key.failed);
    if (!is_kept(key.bytes))
        goto out;
    entry *made = &list->item[list->count];
    *made = (entry){.met = false};
    LAC_OWN(made->key, lac_copy_text(key.bytes));
    list->count++;
    LAC_OWN(made->value, lac_copy_bytes(value, bytes));
out:
    lac_text_free(&key);
    return status;
}

static lac_status read_line(entries *list, char *section, size_t section_bytes, const char *line,
                            size_t length)
{
    bool inner = length > 2 && line[0] == ' ';
    const char *name = line + (inner ? 2 : 0), *end = line + length;
    const char *colon = memchr(name, ':', (size_t)(end - name));
    if (length == 0 || line[0] == '#' || !colon)
        return LAC_OK;
    const char *value = colon + 1;
    while (value < end && *value == ' ')
        value++;
    size_t name_bytes = (size_t)(colon - name), bytes = (size_t)(end - value);
    if (inner)
        return add(list, section, name, name_bytes, value, bytes);
    if (bytes == 0 && name_bytes < section_bytes) {
        memcpy(section, name, name_bytes);
        section[name_bytes] = '\0';
        return LAC_OK;
    }
    bool empty = bytes == 2 && strncmp(value, "{}", 2) == 0;
    return empty ? LAC_OK : add(list, "", name, name_bytes, value, bytes);
}

static lac_status read_text(const char *text, entries *list)
{
    lac_status status = LAC_OK;
    char section[64] = "";
    for (const char *line = text; line && *line;) {
        size_t length = strcspn(line, "\n");
        LAC_TRY(read_line(list, section, sizeof section, line, length));
        line += length + (line[length] == '\n');
    }
out:
    return status;
}

static entry *find(const entries *list, const char *key)
{
    for (size_t each = 0; each < list->count; each++)
        if (strcmp(list->item[each].key, key) == 0)
            return &list->item[each];
    return NULL;
}

lac_status lac_plan_changes(const char *was, const char *is, lac_plan_change_call call,
                            void *context)
{
    lac_status status = LAC_OK;
    entries before = {0}, now = {0};
    LAC_TRY(read_text(was, &before));
    LAC_TRY(read_text(is, &now));
    for (size_t each = 0; each < now.count; each++) {
        entry *here = &now.item[each], *there = find(&before, here->key);
        if (there)
            there->met = true;
        if (!there || strcmp(there->value, here->value) != 0)
            call(context, &(lac_plan_change){here->key, there ? there->value : NULL, here->value});
    }
    for (size_t each = 0; each < before.count; each++)
        if (!before.item[each].met)
            call(context, &(lac_plan_change){before.item[each].key, before.item[each].value, NULL});
out:
    release(&before);
    release(&now);
    return status;
}
