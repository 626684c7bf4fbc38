/* Transport scenes for tests: a bare model with fields, pools and boundaries on a small grid, with
 * expressions built by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TRANSPORT_SCENE_H
#define LAC_TRANSPORT_SCENE_H

#include "tissue_scene.h"

#include "base/memory.h"
#include "transport/transport.h"

enum { SCENE_VARIABLES = 12, SCENE_BOUNDARIES = 12, SCENE_NODES = 128, SCENE_PARAMETERS = 4 };

typedef struct transport_scene {
    tissue_scene space;
    lac_domain domain[2]; /* tissue, fluid */
    lac_variable variable[SCENE_VARIABLES];
    lac_boundary boundary[SCENE_BOUNDARIES];
    lac_parameter parameter[SCENE_PARAMETERS];
    double parameter_value[SCENE_PARAMETERS];
    lac_expression node[SCENE_NODES];
    size_t nodes;
    lac_grid *grid;
    lac_layout layout;
    lac_transport *transport;
    lac_coefficients *coefficients;
    double *value;
    lac_frame frame;
} transport_scene;

/* --- expressions ------------------------------------------------------------------------------ */

static inline lac_expression *node_of(transport_scene *scene, lac_expression node)
{
    assert_true(scene->nodes < SCENE_NODES);
    scene->node[scene->nodes] = node;
    return &scene->node[scene->nodes++];
}

static inline lac_expression *number(transport_scene *scene, double value)
{
    return node_of(scene,
                   (lac_expression){.op = LAC_OP_NUMBER, .number = value, .region = LAC_NONE});
}

static inline lac_expression *symbol(transport_scene *scene, lac_symbol_kind kind, size_t index)
{
    return node_of(
        scene, (lac_expression){.op = LAC_OP_SYMBOL, .symbol = {kind, index}, .region = LAC_NONE});
}

static inline lac_expression *binary(transport_scene *scene, lac_op op, lac_expression *a,
                                     lac_expression *b)
{
    return node_of(scene, (lac_expression){.op = op, .region = LAC_NONE, .args = 2, .arg = {a, b}});
}

/* a + b * symbol */
static inline lac_expression *linear(transport_scene *scene, double a, double b,
                                     lac_symbol_kind kind, size_t index)
{
    lac_expression *slope =
        binary(scene, LAC_OP_MULTIPLY, number(scene, b), symbol(scene, kind, index));
    return binary(scene, LAC_OP_ADD, number(scene, a), slope);
}

/* --- models ----------------------------------------------------------------------------------- */

static inline void scene_transport(transport_scene *scene, const size_t n[3], size_t fields,
                                   size_t pools)
{
    *scene = (transport_scene){0};
    scene_tissue(&scene->space, n[0], n[1], n[2]);
    lac_model *model = &scene->space.model;
    scene->domain[0] = (lac_domain){.id = (char *)"tissue", .kind = LAC_TISSUE};
    scene->domain[1] =
        (lac_domain){.id = (char *)"fluid", .kind = LAC_WELL_MIXED, .volume = 1e6}; /* [um^3] */
    model->domain = scene->domain;
    model->domains = 2;
    model->variable = scene->variable;
    model->fields = fields;
    model->variables = fields + pools;
    model->boundary = scene->boundary;
    model->parameter = scene->parameter;
    model->parameters = SCENE_PARAMETERS;
    for (size_t v = 0; v < model->variables; v++)
        scene->variable[v] = (lac_variable){.domain = v >= fields,
                                            .name = (char *)(v < fields ? "tissue_A" : "fluid_A"),
                                            .atol = 1e-9};
    for (size_t p = 0; p < SCENE_PARAMETERS; p++) {
        scene->parameter[p].id = (char *)"p";
        scene->parameter[p].value = scene->parameter_value[p] = 1;
    }
}

static inline lac_boundary *scene_boundary(transport_scene *scene, const lac_boundary_type *type,
                                           size_t variable, size_t patch)
{
    lac_boundary *boundary = &scene->boundary[scene->space.model.boundaries++];
    *boundary =
        (lac_boundary){.type = type, .variable = variable, .pool = LAC_NONE, .patch = patch};
    return boundary;
}

static inline lac_boundary *scene_exchange(transport_scene *scene, size_t variable, size_t pool,
                                           size_t patch)
{
    lac_boundary *boundary = scene_boundary(scene, &lac_boundary_exchange, variable, patch);
    boundary->pool = pool;
    return boundary;
}

/* --- what is built of them -------------------------------------------------------------------- */

static inline void scene_build(transport_scene *scene)
{
    const lac_model *model = &scene->space.model;
    scene->grid = scene_grid(&scene->space);
    scene->layout =
        lac_layout_of(model->fields, scene->grid->voxels, model->variables - model->fields);
    scene->value = lac_alloc(scene->layout.length, sizeof *scene->value);
    assert_non_null(scene->value);
    scene->frame = (lac_frame){
        .layout = &scene->layout,
        .value = scene->value,
        .parameter = scene->parameter_value,
        .position = {scene->grid->position[0], scene->grid->position[1], scene->grid->position[2]},
        .region = (const double *const *)scene->grid->region,
        .active = scene->grid->active};
    assert_ok(lac_transport_create(model, scene->grid, &scene->layout, &scene->transport));
    assert_ok(lac_coefficients_create(scene->transport, &scene->coefficients));
}

static inline void scene_free(transport_scene *scene)
{
    lac_coefficients_free(scene->coefficients);
    lac_transport_free(scene->transport);
    lac_free(scene->value);
    lac_grid_free(scene->grid);
}

/* Noise in [0, 1) in every active voxel and pool. */
static inline void scene_fill(const transport_scene *scene, double *value)
{
    for (size_t field = 0; field < scene->layout.fields; field++)
        for (size_t voxel = 0; voxel < scene->layout.tract[0].voxels; voxel++)
            value[field * scene->layout.tract[0].stride + voxel] =
                scene_noise(voxel + 100003 * field) *
                (scene->grid->active ? scene->grid->active[voxel] : 1);
    for (size_t pool = 0; pool < scene->layout.pools; pool++)
        value[scene->layout.fields * scene->layout.tract[0].stride + pool] =
            scene_noise(pool + 7777);
}

static inline double *scene_array(const transport_scene *scene)
{
    double *array = lac_alloc(scene->layout.length, sizeof *array);
    assert_non_null(array);
    return array;
}

/* The content of the joint: fields and pools together. */
static inline double scene_content(const transport_scene *scene, const double *value)
{
    const lac_model *model = &scene->space.model;
    double content = 0, weight = scene->grid->voxel_volume / lac_model_scale(model);
    for (size_t field = 0; field < scene->layout.fields; field++)
        content +=
            weight * lac_grid_sum(scene->grid, value + field * scene->layout.tract[0].stride);
    for (size_t pool = 0; pool < scene->layout.pools; pool++)
        content += scene->domain[1].volume *
                   value[scene->layout.fields * scene->layout.tract[0].stride + pool];
    return content;
}

#endif
