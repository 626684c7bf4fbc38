/* Patches: parts of the tissue's faces, and faces towards inactive regions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const faces[] = {"top", "bottom", "x_low", "x_high", "y_low", "y_high"};
enum { FACES = sizeof faces / sizeof *faces };

/* Patches are known as TISSUE.PATCH. */
static lac_status note_name(lac_loader *loader, const lac_patch *patch)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    lac_text name = {0};
    lac_text_add(&name, "%s.%s", model->domain[model->tissue[patch->tissue].domain].id, patch->id);
    LAC_TRY(name.failed);
    LAC_TRY(lac_names_add(&loader->patch_names, lac_text_of(&name)));
out:
    lac_text_free(&name);
    return status;
}

static lac_status add_patch(lac_loader *loader, const char *id, size_t tissue, lac_face face,
                            lac_place place)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    LAC_GROW(model->patch, model->patches, loader->patch_capacity);
    lac_patch *patch = &model->patch[model->patches];
    *patch = (lac_patch){.face = face, .region = LAC_NONE, .tissue = tissue, .place = place};
    for (int axis = 0; axis < 3; axis++) {
        patch->low[axis] = -INFINITY;
        patch->high[axis] = INFINITY;
    }
    model->patches++;
    LAC_OWN(patch->id, lac_copy_text(id));
    LAC_TRY(note_name(loader, patch));
out:
    return status;
}

/* wall_of: REGION, or face: FACE. */
static void read_face(lac_loader *loader, const lac_yaml *node, lac_patch *patch)
{
    const lac_yaml *face = lac_yaml_get(node, "face");
    const lac_yaml *wall = lac_yaml_get(node, "wall_of");
    const lac_yaml *region = lac_yaml_get(node, "region");
    size_t tissue = loader->model->tissue[patch->tissue].domain;
    if (!face == !wall) {
        lac_report(loader->list, LAC_ERROR, patch->place,
                   "the patch '%s' needs a face, or wall_of an inactive region", patch->id);
        return;
    }
    if (face) {
        size_t choice = lac_load_choice(loader, face, faces, FACES, "face");
        patch->face = choice == LAC_NONE ? LAC_FACE_TOP : (lac_face)choice;
        patch->region = region ? lac_load_region(loader, region, tissue) : LAC_NONE;
        return;
    }
    patch->face = LAC_FACE_WALL;
    patch->region = lac_load_region(loader, wall, tissue);
    if (patch->region != LAC_NONE && !loader->model->region[patch->region].inactive)
        lac_report(loader->list, LAC_ERROR, wall->place,
                   "wall_of needs an inactive region, but '%s' is not inactive", wall->scalar);
}

static lac_status define_patch(lac_loader *loader, size_t tissue, const lac_yaml *list, size_t key)
{
    const char *id = list->key[key];
    const lac_yaml *node = list->item[key];
    const lac_place place = list->key_place[key];
    static const char *const keys[] = {"face", "wall_of", "region", "x", "y", "depth"};
    lac_status status = LAC_OK;
    char what[96];
    for (size_t face = 0; face < FACES; face++) {
        if (strcmp(faces[face], id) == 0)
            lac_report(loader->list, LAC_ERROR, place, "'%s' is the name of a whole face", id);
    }
    LAC_TRY(add_patch(loader, id, tissue, LAC_FACE_TOP, place));
    if (!lac_is_mapping(loader, node, place, "a patch"))
        goto out;
    lac_yaml_only(node, keys, 6, "a patch", loader->list);
    lac_patch *patch = &loader->model->patch[loader->model->patches - 1];
    read_face(loader, node, patch);
    snprintf(what, sizeof what, "the patch '%.60s'", id);
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    LAC_TRY(lac_load_extent(&reading, node, patch->low, patch->high));
out:
    return status;
}

lac_status lac_define_patches(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t tissue = 0; tissue < loader->model->tissues; tissue++) {
        const lac_yaml *node = lac_tissue_find(loader, tissue, "patches", NULL);
        if (!node || !lac_is_mapping(loader, node, node->place, "patches"))
            continue;
        for (size_t key = 0; key < node->count; key++)
            LAC_TRY(define_patch(loader, tissue, node, key));
    }
out:
    return status;
}

static void report_patch(lac_loader *loader, const lac_yaml *node, size_t tissue, const char *name)
{
    const lac_model *model = loader->model;
    const char *names[128];
    size_t count = 0;
    while (count < FACES) {
        names[count] = faces[count];
        count++;
    }
    for (size_t patch = 0; patch < model->patches && count < 128; patch++)
        if (model->patch[patch].tissue == tissue)
            names[count++] = model->patch[patch].id;
    const char *nearest = lac_nearest(names, count, name);
    lac_report(loader->list, LAC_ERROR, node->place, "unknown face or patch '%.60s'%s%s%s", name,
               nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* The tissue whose name is so many bytes of a text, or LAC_NONE. */
static size_t tissue_named(const lac_model *model, const char *name, size_t length)
{
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        const char *id = model->domain[model->tissue[tissue].domain].id;
        if (strlen(id) == length && strncmp(id, name, length) == 0)
            return tissue;
    }
    return LAC_NONE;
}

/* A whole face of a tissue, made when it is named first; LAC_NONE when the name is none. */
static lac_status whole_face(lac_loader *loader, size_t tissue, const char *name, lac_place place,
                             size_t *patch)
{
    const lac_model *model = loader->model;
    *patch = LAC_NONE;
    size_t face = 0;
    while (face < FACES && strcmp(faces[face], name) != 0)
        face++;
    if (face == FACES)
        return LAC_OK;
    for (size_t each = 0; each < model->patches; each++)
        if (model->patch[each].tissue == tissue && strcmp(model->patch[each].id, name) == 0)
            *patch = each;
    if (*patch != LAC_NONE)
        return LAC_OK;
    lac_status status = add_patch(loader, faces[face], tissue, (lac_face)face, place);
    *patch = status == LAC_OK ? model->patches - 1 : LAC_NONE;
    return status;
}

size_t lac_tissue_of_face(const lac_model *model, const char *face)
{
    const char *dot = strchr(face, '.');
    return dot ? tissue_named(model, face, (size_t)(dot - face)) : LAC_NONE;
}

/* No tissue stands before the dot: the nearest one is offered, else the first. */
static void report_tissue(lac_loader *loader, const lac_yaml *node)
{
    const lac_model *model = loader->model;
    const char *names[LAC_TISSUES_MOST];
    char said[64];
    snprintf(said, sizeof said, "%.*s", (int)strcspn(node->scalar, "."), node->scalar);
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        names[tissue] = model->domain[model->tissue[tissue].domain].id;
    const char *id = lac_nearest(names, model->tissues, said);
    if (!id)
        id = model->tissues == 0 ? "TISSUE" : names[0];
    lac_report(loader->list, LAC_ERROR, node->place,
               "'%.60s' is not a face of %s tissue: write %s.top, %s.bottom, ... or a patch",
               node->scalar, model->tissues > 1 ? "a" : "the", id, id);
}

lac_status lac_load_patch(lac_loader *loader, const lac_yaml *node, size_t *patch)
{
    const lac_model *model = loader->model;
    *patch = LAC_NONE;
    if (!lac_is_scalar(loader, node, node->place, "a face"))
        return LAC_OK;
    const char *dot = strchr(node->scalar, '.');
    size_t tissue = lac_tissue_of_face(model, node->scalar);
    if (tissue == LAC_NONE) {
        report_tissue(loader, node);
        return LAC_OK;
    }
    if (loader->copied != LAC_NONE)
        return model->tissue[tissue].domain == loader->like[loader->copied]
                   ? whole_face(loader, lac_model_tissue_of_domain(model, loader->copied), dot + 1,
                                node->place, patch)
                   : LAC_OK;
    *patch = lac_names_find(&loader->patch_names, node->scalar);
    if (*patch != LAC_NONE)
        return LAC_OK;
    lac_status status = whole_face(loader, tissue, dot + 1, node->place, patch);
    if (*patch == LAC_NONE && status == LAC_OK)
        report_patch(loader, node, tissue, dot + 1);
    return status;
}
