/* YAML: questions to the tree.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "language/yaml.h"

#include "base/memory.h"
#include "base/names.h"

#include <string.h>

/* Room for `count` elements, or leave through `out:`. */
#define LAC_LENGTHEN(array, old_count, count)                                                      \
    do {                                                                                           \
        void *longer_ = lac_regrow((array), (old_count), (count), sizeof *(array));                \
        if (!longer_) {                                                                            \
            status = LAC_MEMORY;                                                                   \
            goto out;                                                                              \
        }                                                                                          \
        (array) = longer_;                                                                         \
    } while (0)

const lac_yaml *lac_yaml_get(const lac_yaml *mapping, const char *key)
{
    if (!mapping || mapping->kind != LAC_YAML_MAPPING)
        return NULL;
    if (mapping->index) {
        size_t entry = lac_names_find(mapping->index, key);
        return entry == LAC_NONE ? NULL : mapping->item[entry];
    }
    for (size_t entry = 0; entry < mapping->count; entry++) {
        if (strcmp(mapping->key[entry], key) == 0)
            return mapping->item[entry];
    }
    return NULL;
}

static void report_unknown(const lac_yaml *mapping, size_t entry, const char *const *known,
                           size_t count, const char *what, lac_diagnostics *list)
{
    const char *nearest = lac_nearest(known, count, mapping->key[entry]);
    if (strpbrk(mapping->key[entry], "()")) {
        lac_report(list, LAC_ERROR, mapping->key_place[entry],
                   "unknown key '%s' in %s: inside { } a text that holds ',' needs quotes",
                   mapping->key[entry], what);
        return;
    }
    if (nearest) {
        lac_report(list, LAC_ERROR, mapping->key_place[entry],
                   "unknown key '%s' in %s: did you mean '%s'?", mapping->key[entry], what,
                   nearest);
        return;
    }
    lac_text all = {0};
    for (size_t word = 0; word < count; word++)
        lac_text_add(&all, "%s%s", word ? ", " : "", known[word]);
    lac_report(list, LAC_ERROR, mapping->key_place[entry], "unknown key '%s' in %s: expected %s",
               mapping->key[entry], what, lac_text_of(&all));
    if (all.failed)
        list->text.failed = all.failed;
    lac_text_free(&all);
}

void lac_yaml_only(const lac_yaml *mapping, const char *const *known, size_t count,
                   const char *what, lac_diagnostics *list)
{
    if (!mapping || mapping->kind != LAC_YAML_MAPPING)
        return;
    for (size_t entry = 0; entry < mapping->count; entry++) {
        bool found = false;
        for (size_t word = 0; word < count && !found; word++)
            found = strcmp(mapping->key[entry], known[word]) == 0;
        if (!found)
            report_unknown(mapping, entry, known, count, what, list);
    }
}

/* Keys are looked for one by one then. */
static void drop_index(lac_yaml *mapping)
{
    if (mapping->index)
        lac_names_free(mapping->index);
    lac_free(mapping->index);
    mapping->index = NULL;
}

static void append_entry(lac_yaml *to, const lac_yaml *from, size_t entry)
{
    to->key[to->count] = from->key[entry];
    to->key_place[to->count] = from->key_place[entry];
    to->item[to->count++] = from->item[entry];
}

lac_status lac_yaml_append(lac_yaml *to, lac_yaml *from)
{
    lac_status status = LAC_OK;
    const size_t room = to->count + from->count;
    LAC_LENGTHEN(to->key, to->count, room);
    LAC_LENGTHEN(to->key_place, to->count, room);
    LAC_LENGTHEN(to->item, to->count, room);
    for (size_t entry = 0; entry < from->count; entry++)
        append_entry(to, from, entry);
    from->count = 0;
    drop_index(to);
    drop_index(from);
out:
    return status;
}

void lac_yaml_free(lac_yaml *root)
{
    if (!root)
        return;
    for (size_t entry = 0; entry < root->count; entry++) {
        if (root->key)
            lac_free(root->key[entry]);
        lac_yaml_free(root->item[entry]);
    }
    drop_index(root);
    lac_free(root->key);
    lac_free(root->key_place);
    lac_free(root->item);
    lac_free(root->scalar);
    lac_free(root);
}
