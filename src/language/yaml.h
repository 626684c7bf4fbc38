/* YAML: a tree of mappings, sequences and scalars, each with its place. Every scalar is a string.
 * Limits: depth 64, aliases refused, 16 MiB of text, a million nodes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LANGUAGE_YAML_H
#define LAC_LANGUAGE_YAML_H

#include "language/diagnostics.h"

typedef enum lac_yaml_kind { LAC_YAML_SCALAR, LAC_YAML_SEQUENCE, LAC_YAML_MAPPING } lac_yaml_kind;

typedef struct lac_yaml lac_yaml;
struct lac_yaml {
    lac_yaml_kind kind;
    lac_place place; /* of the value; of quoted and block text: where the text itself starts */
    char *scalar;    /* owned; SCALAR */
    size_t count;    /* SEQUENCE items, MAPPING entries */
    char **key;      /* owned; MAPPING */
    lac_place *key_place;
    lac_yaml **item;         /* owned; SEQUENCE items, MAPPING values */
    struct lac_names *index; /* owned: the keys of a large mapping; NULL of a small one */
};

/* Parses one document. Syntax errors, duplicate keys, anchors, aliases, tags, a second document
 * and an empty document are reported in `list`; *root is NULL then. `source` must outlive the tree.
 * Fails (LAC_MEMORY) only without memory. */
lac_status lac_yaml_parse(const lac_source *source, lac_diagnostics *list, lac_yaml **root);

/* The value of a key, or NULL. */
const lac_yaml *lac_yaml_get(const lac_yaml *mapping, const char *key);

/* Reports every key of a mapping that is not in `known`, with the nearest known one. */
void lac_yaml_only(const lac_yaml *mapping, const char *const *known, size_t count,
                   const char *what, lac_diagnostics *list);

/* Moves the entries of a mapping, whose keys are not in `to`, behind those of `to`; `from` is left
 * empty. Fails (LAC_MEMORY) only without memory. */
lac_status lac_yaml_append(lac_yaml *to, lac_yaml *from);

void lac_yaml_free(lac_yaml *root);

#endif
