/* The state of one run: its arrays, its totals, and whether it still makes sense.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/state.h"

#include "base/memory.h"
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

static lac_status create(lac_state sizes, lac_state **result)
{
    lac_status status = LAC_OK;
    lac_state *state = NULL;
    size_t variables = sizes.layout.fields + sizes.layout.pools;
    LAC_NEW(state, 1);
    *state = sizes;
    LAC_NEW(state->value, state->layout.length);
    LAC_NEW(state->parameter, state->parameters);
    LAC_NEW(state->extent, state->processes);
    LAC_NEW(state->flux, state->boundaries);
    LAC_NEW(state->added, variables);
    LAC_NEW(state->initial, variables);
    *result = state;
    state = NULL;
out:
    lac_state_free(state);
    return status;
}

lac_layout lac_model_layout(const lac_model *model)
{
    lac_tract_size size[LAC_TISSUES_MOST] = {{0, 0}};
    for (size_t tissue = 0; tissue < lac_model_grids(model); tissue++) {
        const lac_tissue_text *text = &model->tissue[tissue];
        size[tissue].fields = model->tissues > 1 ? text->fields : model->fields;
        if (text->present)
            size[tissue].voxels = text->voxels[0] * text->voxels[1] * text->voxels[2];
    }
    return lac_layout_of_tracts(size, lac_model_grids(model), model->variables - model->fields);
}

lac_status lac_state_create(const lac_model *model, lac_state **result)
{
    lac_status status = LAC_OK;
    LAC_TRY(create((lac_state){.layout = lac_model_layout(model),
                               .parameters = model->parameters + model->infusions,
                               .processes = model->processes,
                               .boundaries = model->boundaries},
                   result));
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        (*result)->parameter[parameter] = model->parameter[parameter].value;
out:
    return status;
}

void lac_state_free(lac_state *state)
{
    if (!state)
        return;
    lac_free(state->value);
    lac_free(state->parameter);
    lac_free(state->extent);
    lac_free(state->flux);
    lac_free(state->added);
    lac_free(state->initial);
    lac_free(state);
}

lac_status lac_state_copy(const lac_state *state, lac_state **result)
{
    lac_status status = LAC_OK;
    lac_state *copy = NULL;
    size_t variables = state->layout.fields + state->layout.pools;
    LAC_TRY(create((lac_state){.layout = state->layout,
                               .time = state->time,
                               .parameters = state->parameters,
                               .processes = state->processes,
                               .boundaries = state->boundaries},
                   &copy));
    memcpy(copy->value, state->value, state->layout.length * sizeof *copy->value);
    memcpy(copy->parameter, state->parameter, state->parameters * sizeof *copy->parameter);
    memcpy(copy->extent, state->extent, state->processes * sizeof *copy->extent);
    memcpy(copy->flux, state->flux, state->boundaries * sizeof *copy->flux);
    memcpy(copy->added, state->added, variables * sizeof *copy->added);
    memcpy(copy->initial, state->initial, variables * sizeof *copy->initial);
    *result = copy;
out:
    return status;
}

double lac_state_content(const lac_state *state, const lac_model *model, size_t variable)
{
    const double *value = state->value + lac_layout_at(&state->layout, variable);
    if (variable < state->layout.fields)
        return lac_tissue_weight(&model->tissue[lac_model_tissue_of(model, variable)]) *
               lac_tissue_sum(&model->tissue[lac_model_tissue_of(model, variable)], value,
                              lac_layout_size(&state->layout, variable));
    const lac_variable *pool = &model->variable[variable];
    return pool->total ? value[0] : value[0] * model->domain[pool->domain].volume;
}

void lac_state_blocks(lac_state *state, lac_block_list *list)
{
    size_t variables = state->layout.fields + state->layout.pools;
    const struct {
        const char *name;
        size_t count;
        double *data;
    } row[] = {
        {"time", 1, &state->time},
        {"value", state->layout.length, state->value},
        {"parameter", state->parameters, state->parameter},
        {"extent", state->processes, state->extent},
        {"flux", state->boundaries, state->flux},
        {"added", variables, state->added},
        {"initial", variables, state->initial},
    };
    for (size_t k = 0; k < sizeof row / sizeof row[0]; k++)
        lac_block_add(list, "state", row[k].name, LAC_BLOCK_DOUBLE, row[k].count, row[k].data);
}

/* How many of the values are below `floor`, not finite, or no number. */
static int wrong_values(const double *value, size_t count, double floor)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++)
        wrong |= !(value[i] >= floor) | !(value[i] <= DBL_MAX);
    return wrong;
}

static double floor_of(const lac_variable *variable, double allowance)
{
    return variable->is_signed ? -DBL_MAX : -variable->atol * allowance;
}

static void describe_place(const lac_model *model, const lac_layout *layout, size_t variable,
                           size_t voxel, lac_text *text)
{
    char words[LAC_VOXEL_WORDS];
    const lac_tissue_text *tissue = &model->tissue[lac_model_tissue_of(model, variable)];
    if (variable < layout->fields)
        lac_text_add(text, "%s", lac_voxel_words(tissue, voxel, words));
}

static lac_status report(const lac_state *state, const lac_model *model, size_t variable,
                         double allowance)
{
    const lac_variable *about = &model->variable[variable];
    const double *value = state->value + lac_layout_at(&state->layout, variable);
    double floor = floor_of(about, allowance);
    double shown = about->display.factor > 0 ? about->display.factor : 1;
    size_t voxel = 0;
    while (!wrong_values(value + voxel, 1, floor))
        voxel++;
    lac_text place = {0};
    describe_place(model, &state->layout, variable, voxel, &place);
    lac_status status =
        isfinite(value[voxel])
            ? lac_fail(LAC_NUMERICS, "at t = %.6g s: %s is %.4g %s%s, below its floor of %.4g %s",
                       state->time, about->name, value[voxel] * shown, about->display.unit,
                       lac_text_of(&place), floor * shown, about->display.unit)
            : lac_fail(LAC_NUMERICS, "at t = %.6g s: %s is %g%s", state->time, about->name,
                       value[voxel], lac_text_of(&place));
    lac_text_free(&place);
    return status;
}

/* Is any value of the fields of a tissue wrong? */
static int tract_is_wrong(const lac_state *state, const lac_model *model, const lac_tract *tract,
                          double allowance)
{
    size_t blocks = lac_blocks(tract->voxels);
    int wrong = 0;
#pragma omp parallel for collapse(2) schedule(static) if (tract->fields * blocks > 64)
    for (size_t field = 0; field < tract->fields; field++) {
        for (size_t block = 0; block < blocks; block++) {
            size_t first = block * LAC_BLOCK;
            size_t count = tract->voxels - first < LAC_BLOCK ? tract->voxels - first : LAC_BLOCK;
            if (wrong_values(state->value + tract->at + field * tract->stride + first, count,
                             floor_of(&model->variable[tract->first + field], allowance))) {
#pragma omp atomic write
                wrong = 1;
            }
        }
    }
    return wrong;
}

lac_status lac_state_check(const lac_state *state, const lac_model *model, double allowance)
{
    const lac_layout *layout = &state->layout;
    int wrong = 0;
    for (size_t tract = 0; tract < layout->tracts; tract++)
        wrong |= tract_is_wrong(state, model, &layout->tract[tract], allowance);
    for (size_t variable = 0; variable < layout->fields + layout->pools; variable++) {
        if (variable < layout->fields && !wrong)
            continue;
        if (wrong_values(state->value + lac_layout_at(layout, variable),
                         lac_layout_size(layout, variable),
                         floor_of(&model->variable[variable], allowance)))
            return report(state, model, variable, allowance);
    }
    return LAC_OK;
}
