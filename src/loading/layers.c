/* Layers: the files that make a scenario, read in the order in which later ones win, and their
 * sections joined.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_TEXT = 16 << 20, MOST_FILES = 200 };

/* A file being read and who asked for it: the chain that a circular include closes. */
typedef struct visit {
    const struct visit *parent;
    const char *path;
    lac_file_identity file;
} visit;

char *lac_path_join(const char *directory, const char *path)
{
    if (path[0] == '/' || !directory || !*directory || strcmp(directory, ".") == 0)
        return lac_copy_text(path);
    lac_text text = {0};
    lac_text_add(&text, "%s/%s", directory, path);
    char *joined = text.failed ? NULL : lac_copy_text(lac_text_of(&text));
    lac_text_free(&text);
    return joined;
}

char *lac_path_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return lac_copy_text(".");
    return lac_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
}

lac_status lac_layers_add_source(lac_loader *loader, const char *path, char *bytes, size_t length,
                                 lac_source **source)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    lac_source *fresh = NULL;
    LAC_GROW(model->source, model->sources, loader->source_capacity);
    LAC_NEW(fresh, 1);
    LAC_OWN(fresh->path, lac_copy_text(path));
    fresh->bytes = bytes;
    bytes = NULL;
    fresh->length = length;
    LAC_TRY(lac_source_make_index(fresh));
    model->source[model->sources++] = *source = fresh;
    return LAC_OK;
out:
    lac_source_free(fresh);
    lac_free(fresh);
    lac_free(bytes);
    return status;
}

/* Which file it is, however its path is spelled; none of a text that is in no file. */
static lac_file_identity identify(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return (lac_file_identity){.known = false};
    return (lac_file_identity){true, about.st_dev, about.st_ino};
}

static bool same_file(const char *a, lac_file_identity of_a, const char *b, lac_file_identity of_b)
{
    if (strcmp(a, b) == 0)
        return true;
    return of_a.known && of_b.known && of_a.device == of_b.device && of_a.inode == of_b.inode;
}

static void write_chain(lac_text *text, const visit *last)
{
    if (last->parent)
        write_chain(text, last->parent);
    lac_text_add(text, "%s -> ", last->path);
}

/* Reports a file that includes itself through others. */
static bool closes_circle(lac_loader *loader, const visit *file, lac_place place, const visit *from)
{
    const char *path = file->path;
    for (const visit *each = from; each; each = each->parent) {
        if (!same_file(each->path, each->file, path, file->file))
            continue;
        lac_text chain = {0};
        write_chain(&chain, from);
        lac_text_add(&chain, "%s", path);
        if (chain.failed)
            loader->fatal = LAC_MEMORY;
        lac_report(loader->list, LAC_ERROR, place, "circular include: %s", lac_text_of(&chain));
        lac_text_free(&chain);
        return true;
    }
    return false;
}

static bool is_read_already(const lac_loader *loader, const visit *file)
{
    for (size_t layer = 0; layer < loader->layers; layer++) {
        const lac_layer *read = &loader->layer[layer];
        if (same_file(read->source->path, read->file, file->path, file->file))
            return true;
    }
    return false;
}

static lac_status read_source(lac_loader *loader, const lac_source *source, const char *directory,
                              const visit *from);

/* The path of a file: from the directory of the file that names it, or installed. */
lac_status lac_layers_find_file(const lac_loader *loader, const char *said, const char *directory,
                                char **path)
{
    lac_status status = LAC_OK;
    LAC_OWN(*path, lac_path_join(directory, said));
    if (access(*path, F_OK) != 0 && loader->finder.find) {
        char *found = loader->finder.find(loader->finder.context, said);
        if (found) {
            lac_free(*path);
            *path = found;
        }
    }
out:
    return status;
}

/* Reads the file that `node` names, unless it was read before. */
static lac_status read_named(lac_loader *loader, const lac_yaml *node, const char *directory,
                             const visit *from)
{
    lac_status status = LAC_OK;
    char *path = NULL, *bytes = NULL, *inner = NULL;
    size_t length;
    lac_source *source;
    if (!lac_is_scalar(loader, node, node->place, "the name of a file"))
        return LAC_OK;
    LAC_TRY(lac_layers_find_file(loader, node->scalar, directory, &path));
    const visit file = {from, path, identify(path)};
    if (closes_circle(loader, &file, node->place, from) || is_read_already(loader, &file))
        goto out;
    if (loader->model->sources >= MOST_FILES) {
        lac_report(loader->list, LAC_ERROR, node->place, "more than %d files", MOST_FILES);
        goto out;
    }
    status = lac_text_read(path, LONGEST_TEXT, &bytes, &length);
    if (status == LAC_NO_INPUT) {
        status = LAC_OK;
        lac_report(loader->list, LAC_ERROR, node->place, "cannot read: %s", lac_failure());
    } else if (status == LAC_OK) {
        LAC_TRY(lac_layers_add_source(loader, path, bytes, length, &source));
        LAC_OWN(inner, lac_path_directory(path));
        status = read_source(loader, source, inner, from);
    }
out:
    lac_free(path);
    lac_free(inner);
    return status;
}

static lac_status read_included(lac_loader *loader, const lac_yaml *root, const char *directory,
                                const visit *here)
{
    const lac_yaml *model = lac_yaml_get(root, "model");
    const lac_yaml *include = lac_yaml_get(root, "include");
    if (model) {
        lac_status status = read_named(loader, model, directory, here);
        if (status != LAC_OK)
            return status;
    }
    for (size_t item = 0; include && item < lac_items(include); item++) {
        lac_status status = read_named(loader, lac_item(include, item), directory, here);
        if (status != LAC_OK)
            return status;
    }
    return LAC_OK;
}

/* True after a report. */
static bool is_plan(lac_loader *loader, const lac_yaml *root)
{
    const lac_yaml *version = lac_yaml_get(root, "lacuna_plan");
    if (version)
        lac_report(loader->list, LAC_ERROR, version->place,
                   "this is a plan, which runs a scenario many times: lacuna sweep takes it");
    return version;
}

/* Parses a text, reads what it includes, then adds it as a layer. */
static lac_status read_source(lac_loader *loader, const lac_source *source, const char *directory,
                              const visit *from)
{
    lac_status status = LAC_OK;
    visit here = {from, source->path, identify(source->path)};
    lac_yaml *root = NULL;
    LAC_TRY(lac_yaml_parse(source, loader->list, &root));
    if (!root || !lac_is_mapping(loader, root, root->place, "a model") || is_plan(loader, root))
        goto out;
    LAC_TRY(read_included(loader, root, directory, &here));
    LAC_GROW(loader->layer, loader->layers, loader->layer_capacity);
    lac_layer *layer = &loader->layer[loader->layers];
    LAC_OWN(layer->directory, lac_copy_text(directory));
    layer->source = source;
    layer->file = here.file;
    layer->root = root;
    root = NULL;
    loader->layers++;
out:
    lac_yaml_free(root);
    return status;
}

/* The bytes of the origin and the directory where its paths start; both owned by the caller. */
static lac_status read_origin(const lac_scenario_origin *origin, char **bytes, size_t *length,
                              char **directory)
{
    lac_status status = LAC_OK;
    const char *text = origin->text;
    if (text) {
        text += lac_text_mark(text, strlen(text));
        *length = strlen(text);
        LAC_REQUIRE(*length <= LONGEST_TEXT, LAC_NO_INPUT, "%s: %zu bytes, more than %d",
                    origin->path, *length, LONGEST_TEXT);
        LAC_OWN(*bytes, lac_copy_text(text));
        LAC_OWN(*directory, lac_copy_text(origin->directory ? origin->directory : "."));
    } else {
        LAC_TRY(origin->stream ? lac_text_read_stream(origin->path, LONGEST_TEXT, bytes, length)
                               : lac_text_read(origin->path, LONGEST_TEXT, bytes, length));
        LAC_OWN(*directory, lac_path_directory(origin->path));
    }
out:
    return status;
}

lac_status lac_layers_read(lac_loader *loader, const lac_scenario_origin *origin)
{
    lac_status status = LAC_OK;
    char *bytes = NULL, *directory = NULL;
    size_t length;
    lac_source *source;
    LAC_TRY(read_origin(origin, &bytes, &length, &directory));
    status = lac_layers_add_source(loader, origin->path, bytes, length, &source);
    bytes = NULL;
    LAC_TRY(status);
    LAC_TRY(read_source(loader, source, directory, NULL));
out:
    lac_free(bytes);
    lac_free(directory);
    return status;
}

static const char *const section_words[] = {
#define SECTION_WORD(id, word) word,
    LAC_SECTION_LIST(SECTION_WORD)
#undef SECTION_WORD
        "doses",
};

static lac_status add_entry(lac_loader *loader, lac_section *section, const lac_entry *entry)
{
    lac_status status = LAC_OK;
    size_t known = lac_names_find(&section->keys, entry->key);
    if (known != LAC_NONE) {
        lac_entry *first = &section->entry[known];
        if (section == &loader->section[LAC_SECTION_SPECIES] &&
            first->value->kind == LAC_YAML_MAPPING && entry->value->kind == LAC_YAML_MAPPING)
            return lac_continue_species(loader, first, entry);
        lac_report(loader->list, LAC_ERROR, entry->place, "'%s' is already there, at %s:%zu",
                   entry->key, first->place.source->path, first->place.line);
        return LAC_OK;
    }
    LAC_GROW(section->entry, section->count, section->capacity);
    LAC_TRY(lac_names_add(&section->keys, entry->key));
    section->entry[section->count++] = *entry;
out:
    return status;
}

/* What expressions cannot spell is no name. The key of a function has its arguments, too. */
static bool is_too_long(lac_loader *loader, const lac_entry *entry, lac_section_id id)
{
    const size_t length = strlen(entry->key);
    if (length <= LAC_NAME_MOST || id == LAC_SECTION_FUNCTIONS)
        return false;
    lac_report(loader->list, LAC_ERROR, entry->place, LAC_NAME_TOO_LONG, length, LAC_NAME_MOST);
    return true;
}

static lac_status gather_mapping(lac_loader *loader, const lac_layer *layer, const lac_yaml *node,
                                 lac_section_id id)
{
    if (!lac_is_mapping(loader, node, node->place, section_words[id]))
        return LAC_OK;
    for (size_t item = 0; item < node->count; item++) {
        lac_entry entry = {node->key[item], node->key_place[item], node->item[item], layer};
        if (is_too_long(loader, &entry, id))
            continue;
        lac_status status = add_entry(loader, &loader->section[id], &entry);
        if (status != LAC_OK)
            return status;
    }
    return LAC_OK;
}

/* A dose is an event without a name of its own. */
static lac_status gather_doses(lac_loader *loader, const lac_layer *layer, const lac_yaml *node)
{
    lac_status status = LAC_OK;
    if (node->kind != LAC_YAML_SEQUENCE) {
        lac_report(loader->list, LAC_ERROR, node->place, "doses must be a sequence of mappings");
        return LAC_OK;
    }
    for (size_t item = 0; item < node->count; item++) {
        char name[32];
        snprintf(name, sizeof name, "dose %zu", loader->dose_names + 1);
        LAC_GROW(loader->dose_name, loader->dose_names, loader->dose_name_capacity);
        LAC_OWN(loader->dose_name[loader->dose_names], lac_copy_text(name));
        const char *key = loader->dose_name[loader->dose_names++];
        lac_entry entry = {key, node->item[item]->place, node->item[item], layer};
        LAC_TRY(add_entry(loader, &loader->section[LAC_SECTION_DOSES], &entry));
    }
out:
    return status;
}

/* True when the layer says its version, right or wrong. */
static bool check_version(lac_loader *loader, const lac_layer *layer)
{
    const lac_yaml *version = lac_yaml_get(layer->root, "lacuna");
    if (version && lac_is_scalar(loader, version, version->place, "lacuna") &&
        strcmp(version->scalar, "1") != 0)
        lac_report(loader->list, LAC_ERROR, version->place,
                   "unknown version '%.20s' of the language; this program reads lacuna: 1",
                   version->scalar);
    return version;
}

static void check_keys(lac_loader *loader, const lac_layer *layer)
{
    const char *known[LAC_SECTIONS + 10] = {"lacuna",  "title", "notes",   "clinical", "model",
                                            "include", "set",   "initial", "tissue",   "run"};
    size_t count = 10;
    for (size_t id = 0; id < LAC_SECTIONS; id++)
        known[count++] = section_words[id];
    lac_yaml_only(layer->root, known, count, "a model file", loader->list);
}

lac_status lac_layers_gather(lac_loader *loader)
{
    lac_status status = LAC_OK;
    size_t versions = 0;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_layer *layer = &loader->layer[each];
        check_keys(loader, layer);
        versions += check_version(loader, layer);
        for (size_t id = 0; id < LAC_SECTIONS; id++) {
            const lac_yaml *node = lac_yaml_get(layer->root, section_words[id]);
            if (!node)
                continue;
            if (id == LAC_SECTION_DOSES)
                LAC_TRY(gather_doses(loader, layer, node));
            else
                LAC_TRY(gather_mapping(loader, layer, node, (lac_section_id)id));
        }
    }
    if (versions == 0)
        lac_report(loader->list, LAC_ERROR, loader->layer[0].root->place,
                   "a model must say its version of the language: lacuna: 1");
out:
    return status;
}

void lac_layers_free(lac_loader *loader)
{
    for (size_t layer = 0; layer < loader->layers; layer++) {
        lac_free(loader->layer[layer].directory);
        lac_yaml_free(loader->layer[layer].root);
    }
    lac_free(loader->layer);
    for (size_t id = 0; id < LAC_SECTIONS; id++) {
        lac_free(loader->section[id].entry);
        lac_names_free(&loader->section[id].keys);
    }
    for (size_t name = 0; name < loader->dose_names; name++)
        lac_free(loader->dose_name[name]);
    lac_free(loader->dose_name);
}
