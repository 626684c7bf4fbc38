/* Regions: zones by depth, boxes and masks of the tissue, and which of them take no part.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/text.h"
#include "loading/loader.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_REGIONS = 250 };

static const char *const region_sections[] = {"zones", "boxes", "masks"};

static lac_status declare_region(lac_loader *loader, const char *id, lac_region like)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    LAC_GROW(model->region, model->regions, loader->region_capacity);
    lac_region *region = &model->region[model->regions];
    *region = like;
    for (int axis = 0; axis < 3; axis++) {
        region->low[axis] = -INFINITY;
        region->high[axis] = INFINITY;
    }
    model->regions++;
    LAC_OWN(region->id, lac_copy_text(id));
    if (!like.whole)
        LAC_TRY(lac_declare(loader, id, LAC_WORD_REGION, model->regions - 1, like.place));
out:
    return status;
}

static lac_status declare_regions_of(lac_loader *loader, size_t tissue)
{
    lac_status status = LAC_OK;
    for (int kind = LAC_ZONE; kind <= LAC_MASK; kind++) {
        const lac_yaml *node = lac_tissue_find(loader, tissue, region_sections[kind], NULL);
        if (!node || !lac_is_mapping(loader, node, node->place, region_sections[kind]))
            continue;
        for (size_t key = 0; key < node->count; key++)
            LAC_TRY(declare_region(loader, node->key[key],
                                   (lac_region){.kind = (lac_region_kind)kind,
                                                .tissue = tissue,
                                                .place = node->key_place[key]}));
    }
out:
    return status;
}

/* Of several tissues each is a region too, so that mean(depth, TISSUE) says which one is meant. */
static lac_status declare_wholes(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    for (size_t tissue = 0; model->tissues > 1 && tissue < model->tissues; tissue++) {
        const lac_domain *domain = &model->domain[model->tissue[tissue].domain];
        LAC_TRY(declare_region(
            loader, domain->id,
            (lac_region){
                .kind = LAC_BOX, .whole = true, .tissue = tissue, .place = domain->place}));
    }
out:
    return status;
}

lac_status lac_declare_regions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t tissue = 0; tissue < loader->model->tissues; tissue++)
        LAC_TRY(declare_regions_of(loader, tissue));
    LAC_TRY(declare_wholes(loader));
    if (loader->model->regions > MOST_REGIONS)
        lac_report(loader->list, LAC_ERROR, loader->model->region[MOST_REGIONS].place,
                   "more than %d regions", MOST_REGIONS);
out:
    return status;
}

/* --- lengths
 * ---------------------------------------------------------------------------------------- */

/* [from, to] along one axis. */
static lac_status read_interval(const lac_reading *reading, const lac_yaml *node, double *low,
                                double *high)
{
    lac_status status = LAC_OK;
    lac_dimension length = lac_dimension_of(LAC_LENGTH, 1);
    lac_diagnostics *list = reading->loader->list;
    if (node->kind != LAC_YAML_SEQUENCE || node->count != 2) {
        lac_report(list, LAC_ERROR, node->place, "%s must be [from, to]", reading->what);
        return LAC_OK;
    }
    LAC_TRY(lac_load_constant(reading, node->item[0], length, low));
    LAC_TRY(lac_load_constant(reading, node->item[1], length, high));
    if (*low >= *high)
        lac_report(list, LAC_ERROR, node->place, "%s ends before it begins", reading->what);
out:
    return status;
}

lac_status lac_load_extent(const lac_reading *reading, const lac_yaml *node, double low[3],
                           double high[3])
{
    static const char *const axes[] = {"x", "y", "depth"};
    lac_status status = LAC_OK;
    for (int axis = 0; axis < 3; axis++) {
        const lac_yaml *interval = lac_yaml_get(node, axes[axis]);
        low[axis] = -INFINITY;
        high[axis] = INFINITY;
        if (interval)
            LAC_TRY(read_interval(reading, interval, &low[axis], &high[axis]));
    }
out:
    return status;
}

/* --- zones
 * ------------------------------------------------------------------------------------------- */

/* A thickness (a length, or a part of the depth) or [from, to]. */
static lac_status read_zone(const lac_reading *reading, const lac_yaml *node, double depth,
                            double *low, double *high)
{
    lac_expression *tree = NULL;
    size_t which;
    lac_dimension expected[2] = {lac_dimension_of(LAC_LENGTH, 1), lac_dimensionless};
    if (node->kind == LAC_YAML_SEQUENCE)
        return read_interval(reading, node, low, high);
    *high = NAN;
    lac_status status = lac_load_expression(reading, node, expected, 2, &which, &tree);
    if (status != LAC_OK || !tree)
        return status;
    lac_mark_constant(reading->loader, tree);
    double thickness = lac_start_value(reading->loader->model, tree) * (which == 1 ? depth : 1);
    lac_expression_free(tree);
    *high = *low + thickness;
    if (!(thickness > 0))
        lac_report(reading->loader->list, LAC_ERROR, node->place, "%s must be above 0",
                   reading->what);
    return LAC_OK;
}

/* Zones follow each other from the surface and fill the depth. */
static lac_status define_zones(lac_loader *loader, const lac_yaml *node, size_t first,
                               const lac_tissue_text *tissue)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    double depth = tissue->voxel[2] * (double)tissue->voxels[2];
    double reached = 0;
    if (!(depth > 0))
        return LAC_OK; /* that is said at size or voxel */
    for (size_t key = 0; key < node->count; key++) {
        char what[96];
        lac_region *zone = &model->region[first + key];
        double low = reached, high = reached;
        snprintf(what, sizeof what, "the zone '%.60s'", zone->id);
        lac_reading reading = {
            .loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
        LAC_TRY(read_zone(&reading, node->item[key], depth, &low, &high));
        if (fabs(low - reached) > 1e-6 * depth)
            lac_report(loader->list, LAC_ERROR, node->item[key]->place,
                       "%s begins at %g um, but the one before ends at %g um", what, low, reached);
        reached = fabs(high - depth) <= 1e-6 * depth ? depth : high;
        zone->low[2] = low;
        zone->high[2] = reached;
    }
    if (fabs(reached - depth) > 1e-6 * depth)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "the zones fill %g um, but the tissue is %g um deep", reached, depth);
out:
    return status;
}

/* --- boxes, masks, inactive
 * -------------------------------------------------------------------------- */

static lac_status define_box(lac_loader *loader, const lac_yaml *node, lac_region *box)
{
    static const char *const keys[] = {"x", "y", "depth"};
    char what[96];
    snprintf(what, sizeof what, "the box '%.60s'", box->id);
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    if (!lac_is_mapping(loader, node, box->place, what))
        return LAC_OK;
    lac_yaml_only(node, keys, 3, "a box", loader->list);
    return lac_load_extent(&reading, node, box->low, box->high);
}

/* As seen from the root where the file is there: results and checkpoints keep the path, and they
 * may be taken up from another directory. */
static lac_status find_mask_file(const char *directory, const char *said, char **file)
{
    lac_status status = LAC_OK;
    char *joined = NULL, whole[PATH_MAX];
    LAC_OWN(joined, lac_path_join(directory, said));
    LAC_TRY(lac_text_check_regular(joined));
    LAC_OWN(*file, lac_copy_text(realpath(joined, whole) ? whole : joined));
out:
    lac_free(joined);
    return status;
}

static lac_status define_mask(lac_loader *loader, const lac_layer *layer, const lac_yaml *node,
                              lac_region *mask)
{
    static const char *const keys[] = {"file", "dataset"};
    lac_status status = LAC_OK;
    if (!lac_is_mapping(loader, node, mask->place, "a mask"))
        return LAC_OK;
    lac_yaml_only(node, keys, 2, "a mask", loader->list);
    const char *file = lac_load_word(loader, node, "file");
    LAC_TRY(lac_load_copy(loader, node, "dataset", &mask->dataset));
    if (!file || !mask->dataset)
        lac_report(loader->list, LAC_ERROR, mask->place, "the mask '%s' needs file and dataset",
                   mask->id);
    if (file)
        status = find_mask_file(layer->directory, file, &mask->file);
    if (status == LAC_NO_INPUT) {
        lac_report(loader->list, LAC_ERROR, lac_yaml_get(node, "file")->place, "cannot read: %s",
                   lac_failure());
        status = LAC_OK;
    }
out:
    return status;
}

size_t lac_load_region(lac_loader *loader, const lac_yaml *node, size_t domain)
{
    const lac_model *model = loader->model;
    const char *names[256];
    size_t index[256], count = 0;
    const bool any = domain == LAC_NONE && model->tissues > 1; /* names tell regions apart */
    if (!any && (domain == LAC_NONE || model->domain[domain].kind != LAC_TISSUE)) {
        lac_report(loader->list, LAC_ERROR, node->place, "only the tissue has regions");
        return LAC_NONE;
    }
    for (size_t region = 0; region < model->regions && count < 256; region++) {
        const lac_region *it = &model->region[region];
        if (it->whole || (!any && model->tissue[it->tissue].domain != domain))
            continue;
        index[count] = region;
        names[count++] = it->id;
    }
    size_t choice = lac_load_choice(loader, node, names, count, "region");
    return choice == LAC_NONE ? LAC_NONE : index[choice];
}

static void define_inactive(lac_loader *loader, size_t tissue)
{
    const lac_yaml *node = lac_tissue_find(loader, tissue, "inactive", NULL);
    lac_model *model = loader->model;
    for (size_t item = 0; node && item < lac_items(node); item++) {
        size_t region = lac_load_region(loader, lac_item(node, item), model->tissue[tissue].domain);
        if (region != LAC_NONE)
            model->region[region].inactive = true;
    }
}

/* *region: the first one, and the first of the next tissue. */
static lac_status define_regions_of(lac_loader *loader, size_t tissue, size_t *region)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    for (int kind = LAC_ZONE; kind <= LAC_MASK; kind++) {
        const lac_layer *layer = NULL;
        const lac_yaml *node = lac_tissue_find(loader, tissue, region_sections[kind], &layer);
        if (!node || node->kind != LAC_YAML_MAPPING)
            continue;
        if (kind == LAC_ZONE && node->count > 0)
            LAC_TRY(define_zones(loader, node, *region, &model->tissue[tissue]));
        for (size_t key = 0; key < node->count; key++, ++*region) {
            if (kind == LAC_BOX)
                LAC_TRY(define_box(loader, node->item[key], &model->region[*region]));
            else if (kind == LAC_MASK)
                LAC_TRY(define_mask(loader, layer, node->item[key], &model->region[*region]));
        }
    }
    define_inactive(loader, tissue);
out:
    return status;
}

lac_status lac_define_regions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    size_t region = 0;
    for (size_t tissue = 0; tissue < loader->model->tissues; tissue++)
        LAC_TRY(define_regions_of(loader, tissue, &region));
out:
    return status;
}
