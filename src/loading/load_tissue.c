/* Tissue: the box of voxels that a scenario asks for, and the area it stands for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const axis_names[] = {"x", "y", "depth"};

static lac_reading length_reading(lac_loader *loader, const char *what)
{
    return (lac_reading){.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
}

/* One length [um], above 0; NaN after a report. */
static lac_status read_length(lac_loader *loader, const lac_yaml *node, const char *what,
                              double *length)
{
    lac_reading reading = length_reading(loader, what);
    lac_status status = lac_load_constant(&reading, node, lac_dimension_of(LAC_LENGTH, 1), length);
    if (*length <= 0) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be above 0", what);
        *length = NAN;
    }
    return status;
}

static lac_status read_lengths(lac_loader *loader, const lac_yaml *node, const char *what,
                               bool one_will_do, double length[3])
{
    lac_status status = LAC_OK;
    if (one_will_do && node->kind == LAC_YAML_SCALAR) {
        LAC_TRY(read_length(loader, node, what, &length[0]));
        length[1] = length[2] = length[0];
    } else if (node->kind == LAC_YAML_SEQUENCE && node->count == 3) {
        for (int axis = 0; axis < 3; axis++)
            LAC_TRY(read_length(loader, node->item[axis], what, &length[axis]));
    } else {
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be %s[x, y, depth]", what,
                   one_will_do ? "one length or " : "");
    }
out:
    return status;
}

/* Voxels along each axis: whole, at least one, and not more than a size can count in all. */
static void count_voxels(lac_loader *loader, const lac_yaml *node, const double size[3])
{
    lac_tissue_text *tissue = &loader->model->tissue[0];
    double all = 1;
    for (int axis = 0; axis < 3; axis++) {
        double exact = size[axis] / tissue->voxel[axis];
        double whole = round(exact);
        lac_place place = node->kind == LAC_YAML_SEQUENCE ? node->item[axis]->place : node->place;
        if (!isfinite(exact))
            return;
        if (whole < 1)
            lac_report(loader->list, LAC_ERROR, place,
                       "the tissue is %g um along %s, less than a voxel (%g um)", size[axis],
                       axis_names[axis], tissue->voxel[axis]);
        else if (fabs(exact - whole) > 1e-6 * whole)
            lac_report(loader->list, LAC_ERROR, place,
                       "the tissue is %g um along %s, which is %.6g voxels of %g um: it must be a "
                       "whole number",
                       size[axis], axis_names[axis], exact, tissue->voxel[axis]);
        all *= fmax(whole, 1);
    }
    if (all > 2147483648.0) {
        lac_report(loader->list, LAC_ERROR, node->place,
                   "a grid of %.4g voxels is more than the limit of 2147483648", all);
        return;
    }
    for (int axis = 0; axis < 3; axis++)
        tissue->voxels[axis] = (size_t)fmax(round(size[axis] / tissue->voxel[axis]), 1);
}

static lac_status read_box(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_tissue_text *tissue = &loader->model->tissue[0];
    const lac_yaml *size = lac_layers_find(loader, "tissue", "size", NULL);
    const lac_yaml *voxel = lac_layers_find(loader, "tissue", "voxel", NULL);
    double length[3] = {NAN, NAN, NAN}, h[3] = {NAN, NAN, NAN};
    if (!size || !voxel) {
        lac_report(loader->list, LAC_ERROR, tissue->place, "the tissue needs a %s",
                   size ? "voxel: its edge, or [x, y, depth]" : "size: [x, y, depth]");
        return LAC_OK;
    }
    LAC_TRY(read_lengths(loader, size, "the size of the tissue", false, length));
    LAC_TRY(read_lengths(loader, voxel, "the voxel", true, h));
    for (int axis = 0; axis < 3; axis++)
        tissue->voxel[axis] = h[axis];
    count_voxels(loader, size, length);
out:
    return status;
}

static void read_feedback(lac_loader *loader, const lac_yaml *node)
{
    lac_tissue_text *tissue = &loader->model->tissue[0];
    const lac_yaml *word = lac_yaml_get(node, "feedback");
    if (!word)
        return;
    tissue->feedback_place = word->place;
    if (word->kind == LAC_YAML_SCALAR && strcmp(word->scalar, "mean") == 0)
        tissue->feedback = LAC_FEEDBACK_MEAN;
    else if (word->kind == LAC_YAML_SCALAR && strcmp(word->scalar, "patch") == 0)
        tissue->feedback = LAC_FEEDBACK_PATCH;
    else
        lac_report(loader->list, LAC_ERROR, word->place,
                   "feedback is 'mean' (well-mixed domains feel the mean-field companion of the "
                   "patch) or 'patch'");
}

static lac_status read_represents(lac_loader *loader)
{
    static const char *const keys[] = {"area", "feedback"};
    const lac_yaml *node = lac_layers_find(loader, "tissue", "represents", NULL);
    lac_tissue_text *tissue = &loader->model->tissue[0];
    if (!node || !lac_is_mapping(loader, node, node->place, "represents"))
        return LAC_OK;
    lac_yaml_only(node, keys, 2, "represents", loader->list);
    read_feedback(loader, node);
    const lac_yaml *area = lac_yaml_get(node, "area");
    if (!area) {
        lac_report(loader->list, LAC_ERROR, node->place, "represents needs an area");
        return LAC_OK;
    }
    lac_reading reading = length_reading(loader, "the represented area");
    lac_status status =
        lac_load_constant(&reading, area, lac_dimension_of(LAC_LENGTH, 2), &tissue->represents);
    if (tissue->represents <= 0 || isnan(tissue->represents)) {
        if (tissue->represents <= 0)
            lac_report(loader->list, LAC_ERROR, area->place,
                       "the represented area must be above 0");
        tissue->represents = 0;
    }
    return status;
}

/* The last `tissue:` mapping, to point at; false when no layer has one. */
static bool find_tissue(lac_loader *loader)
{
    static const char *const keys[] = {"size",  "voxel",    "zones",   "boxes",
                                       "masks", "inactive", "patches", "represents"};
    bool found = false;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *node = lac_yaml_get(loader->layer[each].root, "tissue");
        if (!node || !lac_is_mapping(loader, node, node->place, "tissue"))
            continue;
        lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "tissue", loader->list);
        loader->model->tissue[0].place = node->place;
        found = true;
    }
    return found;
}

lac_status lac_define_tissue(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    size_t domain = lac_tissue_domain(model);
    bool found = find_tissue(loader);
    if (!found && domain != LAC_NONE)
        lac_report(loader->list, LAC_ERROR, model->domain[domain].place,
                   "the tissue '%s' needs a section 'tissue:' with size and voxel",
                   model->domain[domain].id);
    if (found && domain == LAC_NONE)
        lac_report(loader->list, LAC_ERROR, model->tissue[0].place,
                   "no domain is of kind tissue, so this section has no use");
    if (!found || domain == LAC_NONE)
        return LAC_OK;
    model->tissues = 1;
    model->tissue[0].present = true;
    model->tissue[0].domain = domain;
    model->tissue[0].fields = model->fields;
    for (int axis = 0; axis < 3; axis++) {
        model->tissue[0].voxels[axis] = 1;
        model->tissue[0].voxel[axis] = NAN;
    }
    LAC_TRY(read_box(loader));
    LAC_TRY(read_represents(loader));
out:
    return status;
}
