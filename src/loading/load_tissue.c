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
static void count_voxels(lac_loader *loader, const lac_yaml *node, const double size[3],
                         lac_tissue_text *tissue)
{
    double all = 1;
    for (int axis = 0; axis < 3; axis++) {
        double exact = size[axis] / tissue->voxel[axis];
        double whole = round(exact);
        if (!isfinite(exact))
            return;
        lac_place place = node->kind == LAC_YAML_SEQUENCE ? node->item[axis]->place : node->place;
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

/* voxel: [x, y, {...}] */
static const lac_yaml *grading_of(const lac_yaml *voxel)
{
    bool graded = voxel->kind == LAC_YAML_SEQUENCE && voxel->count == 3 &&
                  voxel->item[2]->kind == LAC_YAML_MAPPING;
    return graded ? voxel->item[2] : NULL;
}

static lac_status read_box(lac_loader *loader, size_t which)
{
    lac_status status = LAC_OK;
    lac_tissue_text *tissue = &loader->model->tissue[which];
    const lac_yaml *size = lac_tissue_find(loader, which, "size", NULL);
    const lac_yaml *voxel = lac_tissue_find(loader, which, "voxel", NULL);
    double length[3] = {NAN, NAN, NAN}, h[3] = {NAN, NAN, NAN};
    if (!size || !voxel) {
        lac_report(loader->list, LAC_ERROR, tissue->place, "the tissue needs a %s",
                   size ? "voxel: its edge, or [x, y, depth]" : "size: [x, y, depth]");
        return LAC_OK;
    }
    LAC_TRY(read_lengths(loader, size, "the size of the tissue", false, length));
    const lac_yaml *grading = grading_of(voxel);
    if (grading) {
        for (int axis = 0; axis < 2; axis++)
            LAC_TRY(read_length(loader, voxel->item[axis], "the voxel", &h[axis]));
        LAC_TRY(lac_load_grading(loader, grading, length[2], tissue));
        h[2] = tissue->voxel[2];
    } else {
        LAC_TRY(read_lengths(loader, voxel, "the voxel", true, h));
    }
    for (int axis = 0; axis < 3; axis++)
        tissue->voxel[axis] = h[axis];
    count_voxels(loader, size, length, tissue);
out:
    return status;
}

static void read_feedback(lac_loader *loader, size_t which, const lac_yaml *node)
{
    lac_tissue_text *tissue = &loader->model->tissue[which];
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

/* [um^2] 0 after a report. */
static lac_status read_area(lac_loader *loader, const lac_yaml *node, const char *what,
                            double *area)
{
    lac_reading reading = length_reading(loader, what);
    lac_status status = lac_load_constant(&reading, node, lac_dimension_of(LAC_LENGTH, 2), area);
    if (*area <= 0)
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be above 0", what);
    if (!(*area > 0))
        *area = 0;
    return status;
}

static lac_status read_represents(lac_loader *loader, size_t which)
{
    static const char *const keys[] = {"area", "of", "feedback"};
    const lac_yaml *node = lac_tissue_find(loader, which, "represents", NULL);
    lac_tissue_text *tissue = &loader->model->tissue[which];
    if (!node || !lac_is_mapping(loader, node, node->place, "represents"))
        return LAC_OK;
    lac_yaml_only(node, keys, 3, "represents", loader->list);
    read_feedback(loader, which, node);
    const lac_yaml *area = lac_yaml_get(node, "area");
    if (!area) {
        lac_report(loader->list, LAC_ERROR, node->place, "represents needs an area");
        return LAC_OK;
    }
    lac_status status = read_area(loader, area, "the represented area", &tissue->represents);
    const lac_yaml *joint = lac_yaml_get(node, "of");
    if (status != LAC_OK || !joint)
        return status;
    tissue->joint_place = joint->place;
    return read_area(loader, joint, "the area of the joint", &tissue->joint);
}

/* --- which mapping
 * ------------------------------------------------------------------------------------------ */

/* The mapping of a tissue in a layer: under its domain, or all of `tissue:` where there is one. */
static const lac_yaml *mapping_of(const lac_loader *loader, const lac_layer *layer, size_t tissue)
{
    const lac_model *model = loader->model;
    const lac_yaml *whole = lac_yaml_get(layer->root, "tissue");
    if (!whole || whole->kind != LAC_YAML_MAPPING)
        return NULL;
    const lac_yaml *own = lac_yaml_get(whole, model->domain[model->tissue[tissue].domain].id);
    return own || model->tissues > 1 ? own : whole;
}

const lac_yaml *lac_tissue_find(const lac_loader *loader, size_t tissue, const char *key,
                                const lac_layer **layer)
{
    for (size_t each = loader->layers; each-- > 0;) {
        const lac_yaml *mapping = mapping_of(loader, &loader->layer[each], tissue);
        const lac_yaml *value =
            mapping && mapping->kind == LAC_YAML_MAPPING ? lac_yaml_get(mapping, key) : NULL;
        if (!value)
            continue;
        if (layer)
            *layer = &loader->layer[each];
        return value;
    }
    return NULL;
}

/* Of several tissues `tissue:` holds one mapping each. */
static void check_domains(lac_loader *loader, const lac_yaml *whole)
{
    const lac_model *model = loader->model;
    const char *names[LAC_TISSUES_MOST];
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        names[tissue] = model->domain[model->tissue[tissue].domain].id;
    for (size_t key = 0; key < whole->count; key++) {
        size_t domain = lac_names_find(&loader->domain_names, whole->key[key]);
        if (domain != LAC_NONE && model->domain[domain].kind == LAC_TISSUE)
            continue;
        const char *nearest = lac_nearest(names, model->tissues, whole->key[key]);
        lac_report(loader->list, LAC_ERROR, whole->key_place[key],
                   "with several tissues, 'tissue:' holds a mapping for each: '%.60s' is none of "
                   "them%s%s%s",
                   whole->key[key], nearest ? "; did you mean '" : "", nearest ? nearest : "",
                   nearest ? "'?" : "");
    }
}

/* Keys, and the last mapping of the tissue, to point at; false when no layer has one. */
static bool find_tissue(lac_loader *loader, size_t tissue)
{
    static const char *const keys[] = {"size",  "voxel",    "zones",   "boxes",
                                       "masks", "inactive", "patches", "represents"};
    bool found = false;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *node = mapping_of(loader, &loader->layer[each], tissue);
        if (!node || !lac_is_mapping(loader, node, node->place, "the geometry of a tissue"))
            continue;
        lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "tissue", loader->list);
        loader->model->tissue[tissue].place = node->place;
        found = true;
    }
    return found;
}

static lac_status define_one(lac_loader *loader, size_t which)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    lac_tissue_text *tissue = &model->tissue[which];
    const lac_domain *domain = &model->domain[tissue->domain];
    if (!find_tissue(loader, which)) {
        if (model->tissues > 1)
            lac_report(loader->list, LAC_ERROR, domain->place,
                       "the tissue '%s' needs its geometry: tissue: {%s: {size, voxel}}",
                       domain->id, domain->id);
        else
            lac_report(loader->list, LAC_ERROR, domain->place,
                       "the tissue '%s' needs a section 'tissue:' with size and voxel", domain->id);
        return LAC_OK;
    }
    tissue->present = true;
    for (int axis = 0; axis < 3; axis++) {
        tissue->voxels[axis] = 1;
        tissue->voxel[axis] = NAN;
    }
    LAC_TRY(read_box(loader, which));
    LAC_TRY(read_represents(loader, which));
out:
    return status;
}

lac_status lac_define_tissue(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *whole = lac_yaml_get(loader->layer[each].root, "tissue");
        if (!whole || !lac_is_mapping(loader, whole, whole->place, "tissue"))
            continue;
        if (model->tissues == 0)
            lac_report(loader->list, LAC_ERROR, whole->place,
                       "no domain is of kind tissue, so this section has no use");
        if (model->tissues > 1)
            check_domains(loader, whole);
    }
    for (size_t tissue = 0; tissue < model->tissues; tissue++)
        LAC_TRY(define_one(loader, tissue));
out:
    return status;
}
