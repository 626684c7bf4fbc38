/* A state as text: numbers, and profiles over depth.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/state_text.h"

#include "base/memory.h"
#include "tissue/grid.h"
#include "tissue/state.h"

#include <math.h>
#include <string.h>

/* What is left of a solver's rounding within a layer, and of depth in a field without any. */
static const double SAME = 1e-7;

static bool is_active(const lac_grid *grid, size_t voxel)
{
    return !grid->active || grid->active[voxel] != 0;
}

/* Per layer the first active voxel, or LAC_NONE; false when the field differs within a layer. */
static bool find_layers(const lac_grid *grid, const double *field, size_t *first)
{
    const size_t within = grid->n[0] * grid->n[1];
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        size_t *of = &first[voxel / within];
        if (voxel % within == 0)
            *of = LAC_NONE;
        if (!is_active(grid, voxel))
            continue;
        if (*of == LAC_NONE)
            *of = voxel;
        if (fabs(field[voxel] - field[*of]) > SAME * fabs(field[*of]))
            return false;
    }
    return true;
}

static bool is_even(const double *field, const size_t *first, size_t layers)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t layer = 0; layer < layers; layer++)
        if (first[layer] != LAC_NONE) {
            low = fmin(low, field[first[layer]]);
            high = fmax(high, field[first[layer]]);
        }
    return high - low <= SAME * fmax(fabs(low), fabs(high));
}

static void put_value(const lac_variable *variable, double value, lac_text *text)
{
    const char *unit = variable->display.unit;
    const bool plain = strcmp(unit, "1") == 0 || *unit == '\0';
    lac_text_add(text, "%.9g%s%s", value * variable->display.factor, plain ? "" : " ",
                 plain ? "" : unit);
}

static void put_profile(const lac_variable *variable, const lac_grid *grid, const double *field,
                        const size_t *first, lac_text *text)
{
    const char *between = "";
    lac_text_add(text, "{profile: [");
    for (size_t layer = 0; layer < grid->n[2]; layer++) {
        if (first[layer] == LAC_NONE)
            continue;
        lac_text_add(text, "%s[%.9g um, ", between, grid->position[2][first[layer]]);
        put_value(variable, field[first[layer]], text);
        lac_text_add(text, "]");
        between = ", ";
    }
    lac_text_add(text, "]}");
}

static lac_status put_field(const lac_variable *variable, const lac_grid *grid, const double *field,
                            lac_text *text)
{
    lac_status status = LAC_OK;
    size_t *first = NULL, some = LAC_NONE;
    LAC_NEW(first, grid->n[2]);
    LAC_REQUIRE(find_layers(grid, field, first), LAC_INPUT,
                "%s varies within a layer, and a scenario's text has profiles over depth only; "
                "start each run from its own rest (run: {start: rest}), or from a result",
                variable->path);
    for (size_t layer = 0; layer < grid->n[2] && some == LAC_NONE; layer++)
        some = first[layer];
    if (is_even(field, first, grid->n[2]))
        put_value(variable, some == LAC_NONE ? 0 : field[some], text);
    else
        put_profile(variable, grid, field, first, text);
out:
    lac_free(first);
    return status;
}

static lac_status put_variable(const lac_model *model, size_t index, const lac_grid *grid,
                               const double *value, lac_text *text)
{
    lac_status status = LAC_OK;
    const lac_variable *variable = &model->variable[index];
    lac_text_add(text, "    %s: ", model->species[variable->species].id);
    if (index < model->fields)
        LAC_TRY(put_field(variable, lac_grid_of_field(grid, model, index), value, text));
    else
        put_value(variable, *value, text);
    lac_text_add(text, "\n");
out:
    return status;
}

static lac_status put_domain(const lac_model *model, size_t domain, const lac_grid *grid,
                             const double *value, lac_text *text)
{
    lac_status status = LAC_OK;
    const lac_layout layout = lac_model_layout(model);
    bool named = false;
    for (size_t index = 0; index < model->variables; index++) {
        if (model->variable[index].domain != domain)
            continue;
        if (!named)
            lac_text_add(text, "  %s:\n", model->domain[domain].id);
        named = true;
        LAC_TRY(put_variable(model, index, grid, value + lac_layout_at(&layout, index), text));
    }
out:
    return status;
}

lac_status lac_state_text(const lac_model *model, const double *value, lac_text *text)
{
    lac_status status = LAC_OK;
    lac_grid *grid = NULL;
    LAC_TRY(lac_grid_create(model, &grid));
    lac_text_add(text, "initial:\n");
    for (size_t domain = 0; domain < model->domains; domain++)
        LAC_TRY(put_domain(model, domain, grid, value, text));
    LAC_TRY(text->failed);
out:
    lac_grid_free(grid);
    return status;
}
