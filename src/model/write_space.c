/* Write: the tissue, its regions and patches, and its boundary conditions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/write.h"

#include <math.h>
#include <string.h>

static void write_length(const lac_model *model, double length, lac_text *text)
{
    lac_write_number(model, length, lac_dimension_of(LAC_LENGTH, 1), text);
}

/* --- tissue
 * ------------------------------------------------------------------------------------------ */

/* x: [a, b], ... of the axes that are bounded; true when there was one. */
static bool write_extent(const lac_model *model, const double low[3], const double high[3],
                         bool begun, lac_text *text)
{
    static const char *const axes[] = {"x", "y", "depth"};
    for (int axis = 0; axis < 3; axis++) {
        if (!isfinite(low[axis]) || !isfinite(high[axis]))
            continue;
        lac_text_add(text, "%s%s: [", begun ? ", " : "", axes[axis]);
        write_length(model, low[axis], text);
        lac_text_add(text, ", ");
        write_length(model, high[axis], text);
        lac_text_add(text, "]");
        begun = true;
    }
    return begun;
}

static void write_region(const lac_model *model, const lac_region *region, lac_text *text)
{
    if (region->kind == LAC_ZONE) {
        lac_text_add(text, "[");
        write_length(model, region->low[2], text);
        lac_text_add(text, ", ");
        write_length(model, region->high[2], text);
        lac_text_add(text, "]\n");
    } else if (region->kind == LAC_BOX) {
        lac_text_add(text, "{");
        write_extent(model, region->low, region->high, false, text);
        lac_text_add(text, "}\n");
    } else {
        lac_text_add(text, "{file: ");
        lac_write_quoted(region->file, text);
        lac_text_add(text, ", dataset: ");
        lac_write_quoted(region->dataset, text);
        lac_text_add(text, "}\n");
    }
}

/* A tissue while it is written; `in` stands before its keys. */
typedef struct place {
    const lac_model *model;
    size_t tissue;
    const char *in;
} place;

static bool is_here(place at, const lac_region *region)
{
    return region->tissue == at.tissue && !region->whole;
}

static void write_regions(place at, lac_text *text)
{
    static const char *const words[] = {"zones", "boxes", "masks"};
    const lac_model *model = at.model;
    size_t inactive = 0, last = LAC_NONE;
    for (size_t region = 0; region < model->regions; region++) {
        const lac_region *it = &model->region[region];
        if (!is_here(at, it))
            continue;
        if (last == LAC_NONE || model->region[last].kind != it->kind)
            lac_text_add(text, "%s%s:\n", at.in, words[it->kind]);
        lac_text_add(text, "%s  %s: ", at.in, it->id);
        write_region(model, it, text);
        inactive += it->inactive;
        last = region;
    }
    if (inactive > 0)
        lac_text_add(text, "%sinactive: [", at.in);
    for (size_t region = 0; region < model->regions; region++) {
        if (is_here(at, &model->region[region]) && model->region[region].inactive)
            lac_text_add(text, "%s%s", model->region[region].id, --inactive ? ", " : "]\n");
    }
}

const char *const lac_face_words[] = {"top", "bottom", "x_low", "x_high", "y_low", "y_high"};

/* Whole faces have their own name and are not written. */
static bool is_whole_face(const lac_patch *patch)
{
    return patch->face != LAC_FACE_WALL && strcmp(patch->id, lac_face_words[patch->face]) == 0;
}

static void write_patches(place at, lac_text *text)
{
    const lac_model *model = at.model;
    bool begun = false;
    for (size_t patch = 0; patch < model->patches; patch++) {
        const lac_patch *it = &model->patch[patch];
        if (is_whole_face(it) || it->tissue != at.tissue)
            continue;
        if (!begun)
            lac_text_add(text, "%spatches:\n", at.in);
        begun = true;
        if (it->face == LAC_FACE_WALL)
            lac_text_add(text, "%s  %s: {wall_of: %s", at.in, it->id, model->region[it->region].id);
        else
            lac_text_add(text, "%s  %s: {face: %s", at.in, it->id, lac_face_words[it->face]);
        if (it->face != LAC_FACE_WALL && it->region != LAC_NONE)
            lac_text_add(text, ", region: %s", model->region[it->region].id);
        write_extent(model, it->low, it->high, true, text);
        lac_text_add(text, "}\n");
    }
}

static void write_bounds(const lac_model *model, const lac_tissue_text *tissue, lac_text *text)
{
    lac_text_add(text, "{bounds: [");
    for (size_t layer = 0; layer <= tissue->voxels[2]; layer++) {
        lac_text_add(text, "%s", layer ? ", " : "");
        write_length(model, tissue->bound[layer], text);
    }
    lac_text_add(text, "]}");
}

static void write_one(place at, lac_text *text)
{
    const lac_model *model = at.model;
    const lac_tissue_text *tissue = &model->tissue[at.tissue];
    lac_text_add(text, "%ssize: [", at.in);
    for (int axis = 0; axis < 3; axis++) {
        write_length(model,
                     axis == 2 && tissue->bound
                         ? tissue->bound[tissue->voxels[2]]
                         : tissue->voxel[axis] * (double)tissue->voxels[axis],
                     text);
        lac_text_add(text, "%s", axis < 2 ? ", " : "]\n");
    }
    lac_text_add(text, "%svoxel: [", at.in);
    for (int axis = 0; axis < 3; axis++) {
        if (axis == 2 && tissue->bound)
            write_bounds(model, tissue, text);
        else
            write_length(model, tissue->voxel[axis], text);
        lac_text_add(text, "%s", axis < 2 ? ", " : "]\n");
    }
    if (tissue->represents > 0) {
        lac_text_add(text, "%srepresents: {area: ", at.in);
        lac_write_number(model, tissue->represents, lac_dimension_of(LAC_LENGTH, 2), text);
        if (tissue->joint > 0) {
            lac_text_add(text, ", of: ");
            lac_write_number(model, tissue->joint, lac_dimension_of(LAC_LENGTH, 2), text);
        }
        if (tissue->feedback != LAC_FEEDBACK_BY_METHOD)
            lac_text_add(text, ", feedback: %s",
                         tissue->feedback == LAC_FEEDBACK_MEAN ? "mean" : "patch");
        lac_text_add(text, "}\n");
    }
    write_regions(at, text);
    write_patches(at, text);
}

/* Of one tissue the short form, as ever. */
void lac_write_tissue(const lac_model *model, lac_text *text)
{
    if (!model->tissue[0].present)
        return;
    lac_text_add(text, "tissue:\n");
    if (model->tissues < 2) {
        write_one((place){model, 0, "  "}, text);
        return;
    }
    for (size_t tissue = 0; tissue < model->tissues; tissue++) {
        lac_text_add(text, "  %s:\n", model->domain[model->tissue[tissue].domain].id);
        write_one((place){model, tissue, "    "}, text);
    }
}

/* --- boundary conditions
 * ------------------------------------------------------------------------------------------- */

static void write_optional(const lac_model *model, const char *key, const lac_expression *tree,
                           lac_text *text)
{
    if (!tree)
        return;
    lac_text_add(text, ", %s: ", key);
    lac_write_tree(model, tree, text);
}

static void write_exchange(const lac_model *model, size_t index, lac_text *text)
{
    const lac_boundary *it = &model->boundary[index];
    const lac_variable *variable = &model->variable[it->variable];
    lac_text_add(text, "  exchange_%zu: {between: [%s.%s, %s], exchange: [%s]", index + 1,
                 model->domain[variable->domain].id, model->patch[it->patch].id,
                 model->domain[model->variable[it->pool].domain].id,
                 model->species[variable->species].id);
    write_optional(model, "partition", it->partition, text);
    write_optional(model, "permeability", it->permeability, text);
    lac_text_add(text, "}\n");
}

static void write_boundary(const lac_model *model, size_t index, lac_text *text)
{
    const lac_boundary *it = &model->boundary[index];
    const lac_variable *variable = &model->variable[it->variable];
    lac_text_add(text, "  boundary_%zu: {at: %s.%s, species: %s", index + 1,
                 model->domain[variable->domain].id, model->patch[it->patch].id,
                 model->species[variable->species].id);
    write_optional(model, it->type->word, it->value, text);
    write_optional(model, "permeability", it->permeability, text);
    lac_text_add(text, "}\n");
}

void lac_write_boundaries(const lac_model *model, lac_text *text)
{
    for (int pass = 0; pass < 2; pass++) {
        const bool exchange = pass == 0;
        bool begun = false;
        for (size_t index = 0; index < model->boundaries; index++) {
            if (model->boundary[index].type->with_pool != exchange)
                continue;
            if (!begun)
                lac_text_add(text, exchange ? "interfaces:\n" : "boundaries:\n");
            begun = true;
            if (exchange)
                write_exchange(model, index, text);
            else
                write_boundary(model, index, text);
        }
    }
}
