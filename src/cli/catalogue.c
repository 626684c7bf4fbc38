/* The catalogue: files are listed, read, told apart by their keys, sorted, and compared with what
 * was given.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/catalogue.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"
#include "language/yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 8, LONGEST_TEXT = 1 << 20 };

/* --- what a file is
 * ---------------------------------------------------------------------------------- */

static bool is_wanted(const lac_yaml *root, lac_catalogue_kind kind)
{
    if (kind == LAC_PLANS)
        return lac_yaml_get(root, "lacuna_plan") != NULL;
    return lac_yaml_get(root, "lacuna") &&
           (lac_yaml_get(root, "model") ||
            (lac_yaml_get(root, "domains") && lac_yaml_get(root, "run")));
}

static bool is_about_the_licence(const char *line, size_t length)
{
    static const char mark[] = "SPDX";
    for (size_t k = 0; k + sizeof mark - 1 <= length; k++)
        if (strncmp(line + k, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

/* The first sentence of the comment at the head of a text, without its full stop; "" without one.
 * A sentence ends with the line that ends with a full stop, and with the comment. */
static lac_status first_comment(const char *text, lac_text *sentence)
{
    while (*text == '#') {
        size_t length = strcspn(text, "\r\n"), from = strspn(text, "# ");
        bool ends = text[length - 1] == '.';
        if (from < length && !is_about_the_licence(text, length))
            lac_text_add(sentence, "%s%.*s", sentence->length ? " " : "",
                         (int)(length - from) - ends, text + from);
        if (ends)
            break;
        text += length + strspn(text + length, "\r\n");
    }
    return sentence->failed;
}

static lac_status title_of(const lac_yaml *root, const char *text, char **title)
{
    lac_status status = LAC_OK;
    const lac_yaml *said = lac_yaml_get(root, "title");
    lac_text sentence = {0};
    if (!said || said->kind != LAC_YAML_SCALAR)
        LAC_TRY(first_comment(text, &sentence));
    else
        lac_text_add(&sentence, "%s", said->scalar);
    LAC_OWN(*title, lac_copy_text(lac_text_of(&sentence)));
out:
    lac_text_free(&sentence);
    return status;
}

/* --- where files are
 * --------------------------------------------------------------------------------- */

/* One walk through a directory: files are named by `said`, and found at `prefix` + said. */
typedef struct search {
    lac_catalogue *catalogue;
    const char *prefix; /* "" or "/usr/share/lacuna/" */
    bool installed;
    bool shallow; /* the files of one directory only */
} search;

static lac_status add_entry(const search *at, const char *said, const lac_yaml *root,
                            const char *text)
{
    lac_status status = LAC_OK;
    lac_catalogue *catalogue = at->catalogue;
    LAC_GROW(catalogue->entry, catalogue->count, catalogue->capacity);
    lac_catalogue_entry *entry = &catalogue->entry[catalogue->count++];
    *entry = (lac_catalogue_entry){.installed = at->installed};
    LAC_OWN(entry->path, lac_copy_text(said));
    LAC_TRY(title_of(root, text, &entry->title));
out:
    return status;
}

static lac_status look_at(const search *at, const char *said, const char *path)
{
    lac_status status = LAC_OK;
    lac_source source = {0};
    lac_yaml *root = NULL;
    lac_diagnostics list = {0};
    if (lac_text_read(path, LONGEST_TEXT, &source.bytes, &source.length) != LAC_OK)
        return LAC_OK;
    LAC_OWN(source.path, lac_copy_text(said));
    LAC_TRY(lac_yaml_parse(&source, &list, &root));
    if (root && root->kind == LAC_YAML_MAPPING && is_wanted(root, at->catalogue->kind))
        LAC_TRY(add_entry(at, said, root, source.bytes));
out:
    lac_yaml_free(root);
    lac_diagnostics_free(&list);
    lac_source_free(&source);
    return status;
}

static lac_status walk_into(const search *at, const char *said, int depth);

static bool ends_in_yaml(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static lac_status visit(const search *at, const char *said, const char *name, int depth)
{
    lac_status status = LAC_OK;
    struct stat facts;
    lac_text below = {0}, path = {0};
    lac_text_add(&below, "%s%s%s", said, *said ? "/" : "", name);
    lac_text_add(&path, "%s%s", at->prefix, lac_text_of(&below));
    LAC_TRY(below.failed);
    LAC_TRY(path.failed);
    if (stat(lac_text_of(&path), &facts) != 0)
        goto out;
    if (S_ISDIR(facts.st_mode) && !at->shallow && depth < DEEPEST)
        LAC_TRY(walk_into(at, lac_text_of(&below), depth + 1));
    else if (S_ISREG(facts.st_mode) && ends_in_yaml(name))
        LAC_TRY(look_at(at, lac_text_of(&below), lac_text_of(&path)));
out:
    lac_text_free(&below);
    lac_text_free(&path);
    return status;
}

/* A directory that is not there holds nothing. */
static lac_status walk_into(const search *at, const char *said, int depth)
{
    lac_status status = LAC_OK;
    DIR *directory = NULL;
    lac_text path = {0};
    lac_text_add(&path, "%s%s", at->prefix, *said ? said : ".");
    LAC_TRY(path.failed);
    directory = opendir(lac_text_of(&path));
    for (struct dirent *each; directory && (each = readdir(directory));)
        if (each->d_name[0] != '.')
            LAC_TRY(visit(at, said, each->d_name, depth));
out:
    if (directory)
        closedir(directory);
    lac_text_free(&path);
    return status;
}

/* --- order
 * ------------------------------------------------------------------------------------------- */

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static bool same_folder(const char *a, const char *b)
{
    size_t length = folder_length(a);
    return length == folder_length(b) && strncmp(a, b, length) == 0;
}

/* By folder, then by name; of one path the file here comes before the installed one. */
static int compare_entries(const void *left, const void *right)
{
    const lac_catalogue_entry *a = left, *b = right;
    if (!same_folder(a->path, b->path)) {
        size_t of_a = folder_length(a->path), of_b = folder_length(b->path);
        int order = strncmp(a->path, b->path, of_a < of_b ? of_a : of_b);
        return order ? order : (of_a > of_b) - (of_a < of_b);
    }
    int order = strcmp(a->path, b->path);
    return order ? order : (int)a->installed - (int)b->installed;
}

static void free_entry(lac_catalogue_entry *entry)
{
    lac_free(entry->path);
    lac_free(entry->title);
}

/* A file that is here hides the installed one of the same path. */
static void drop_hidden(lac_catalogue *catalogue)
{
    size_t kept = 0;
    for (size_t k = 0; k < catalogue->count; k++) {
        if (kept > 0 && strcmp(catalogue->entry[kept - 1].path, catalogue->entry[k].path) == 0)
            free_entry(&catalogue->entry[k]);
        else
            catalogue->entry[kept++] = catalogue->entry[k];
    }
    catalogue->count = kept;
}

lac_status lac_catalogue_read(lac_catalogue_kind kind, const char *installed,
                              lac_catalogue *catalogue)
{
    lac_status status = LAC_OK;
    lac_text prefix = {0};
    catalogue->kind = kind;
    lac_text_add(&prefix, "%s/", installed);
    LAC_TRY(prefix.failed);
    LAC_TRY(walk_into(&(search){catalogue, "", false, true}, "", 0));
    LAC_TRY(walk_into(&(search){catalogue, "", false, false}, "params", 0));
    LAC_TRY(walk_into(&(search){catalogue, lac_text_of(&prefix), true, false}, "params", 0));
    if (catalogue->count > 0)
        qsort(catalogue->entry, catalogue->count, sizeof *catalogue->entry, compare_entries);
    drop_hidden(catalogue);
out:
    lac_text_free(&prefix);
    return status;
}

void lac_catalogue_free(lac_catalogue *catalogue)
{
    for (size_t k = 0; k < catalogue->count; k++)
        free_entry(&catalogue->entry[k]);
    lac_free(catalogue->entry);
    *catalogue = (lac_catalogue){0};
}

/* --- telling
 * ----------------------------------------------------------------------------------------- */

static const char *name_in(const char *path)
{
    size_t length = folder_length(path);
    return path + length + (path[length] == '/');
}

void lac_catalogue_print(const lac_catalogue *catalogue, const char *installed)
{
    const lac_catalogue_entry *before = NULL;
    for (size_t k = 0; k < catalogue->count; k++) {
        const lac_catalogue_entry *it = &catalogue->entry[k];
        size_t length = folder_length(it->path);
        if (!before || !same_folder(before->path, it->path) || before->installed != it->installed)
            printf("%s%.*s%s%s%s\n", before ? "\n" : "", length ? (int)length : 1,
                   length ? it->path : ".", it->installed ? " (in " : "",
                   it->installed ? installed : "", it->installed ? ")" : "");
        printf("  %-34s %s\n", name_in(it->path), it->title);
        before = it;
    }
    if (catalogue->count == 0)
        printf("no %s in ., params or %s/params\n",
               catalogue->kind == LAC_PLANS ? "plans" : "scenarios", installed);
}

void lac_catalogue_json(const lac_catalogue *catalogue, lac_json *json)
{
    for (size_t k = 0; k < catalogue->count; k++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "path", catalogue->entry[k].path);
        lac_json_words(json, "title", catalogue->entry[k].title);
        lac_json_flag(json, "installed", catalogue->entry[k].installed);
        lac_json_end(json);
    }
}

/* --- what was meant
 * ---------------------------------------------------------------------------------- */

/* 0 for the same folder, 1 for one that is nearly called so, 2 for another. */
static size_t folder_distance(const char *path, const char *said)
{
    char folder[64], other[64];
    snprintf(folder, sizeof folder, "%.*s", (int)folder_length(path), path);
    snprintf(other, sizeof other, "%.*s", (int)folder_length(said), said);
    size_t edits = lac_edit_distance(folder, other);
    return edits == 0 ? 0 : edits <= 2 ? 1 : 2;
}

/* In half edits, those of the names without their suffix twice, since folders hardly count. */
static size_t distance(const char *path, const char *said)
{
    char name[64], other[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(name_in(path), "."), name_in(path));
    snprintf(other, sizeof other, "%.*s", (int)strcspn(name_in(said), "."), name_in(said));
    return 2 * lac_edit_distance(name, other) + folder_distance(path, said);
}

size_t lac_catalogue_nearest(const lac_catalogue *catalogue, const char *said, const char **found,
                             size_t most)
{
    size_t count = 0, limit = 2 * (strlen(said) / 3 > 1 ? strlen(said) / 3 : 1);
    size_t away[8] = {0};
    most = most < 8 ? most : 8;
    for (size_t k = 0; k < catalogue->count; k++) {
        size_t place, here = distance(catalogue->entry[k].path, said);
        if (here > limit || (count == most && here >= away[count - 1]))
            continue;
        count += count < most;
        for (place = count - 1; place > 0 && away[place - 1] > here; place--) {
            away[place] = away[place - 1];
            found[place] = found[place - 1];
        }
        away[place] = here;
        found[place] = catalogue->entry[k].path;
    }
    while (count > 0 && away[count - 1] > away[0] + 4)
        count--;
    return count;
}
