/* A small model with everything that observers look at, and states of it that are known formulas.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_OBSERVE_SAMPLE_H
#define LAC_OBSERVE_SAMPLE_H

#include "base/memory.h"
#include "loading/scenario.h"
#include "observe/observer.h"

#include <math.h>
#include <stdio.h>

/* 10 x 1 x 120 voxels of which a box is inactive; three blocks of LAC_BLOCK. */
static const char sample_text[] =
    "lacuna: 1\n"
    "title: a sample of everything \xc2\xb5\n"
    "clinical: true\n"
    "domains:\n"
    "  tissue: {kind: tissue, label: a tissue}\n"
    "  fluid: {kind: well-mixed, volume: 2 mL, label: a fluid}\n"
    "species:\n"
    "  A:\n"
    "    label: substance A\n"
    "    molar_mass: 17.3 kDa\n"
    "    tissue: {initial: 10 pM, diffusivity: 40 um^2/s, display: pM, atol: 1e-6 pM}\n"
    "    fluid: {initial: 10 pM, display: pM}\n"
    "  S: {label: substrate, unit: 1, tissue: {initial: 1}}\n"
    "  N: {label: cells, unit: cell, fluid: {initial: 1000 cell, total: true}}\n"
    "parameters:\n"
    "  k: {value: 1e-5 1/s, kind: prior, source: nobody}\n"
    "  q: {value: 3 molecule/(cell h), kind: prior, source: nobody}\n"
    "  half: {value: 0.5, kind: prior, source: nobody}\n"
    "reactions:\n"
    "  uptake: {in: tissue, equation: \"A ->\", rate: k * A}\n"
    "  clearance: {in: fluid, equation: \"A ->\", rate: k * A}\n"
    "  release: {in: fluid, equation: \"N -> N + 2 A\", rate: q * N}\n"
    "rates:\n"
    "  S: {in: tissue, rate: k * (1 - S) - half * k * S}\n"
    "interfaces:\n"
    "  surface: {between: [tissue.top, fluid], exchange: [A]}\n"
    "observables:\n"
    "  A_mean: mean(A)\n"
    "  A_deep: {value: \"mean(A, deep)\", unit: pM, label: A in the deep zone}\n"
    "  A_total: total(A)\n"
    "  A_least: min(A, deep)\n"
    "  A_most: max(A)\n"
    "  A_there: at(A, 45 um, 10 um, 1.15 mm)\n"
    "  A_in_hole: at(A, 100 um, 10 um, 100 um)\n"
    "  A_above: fraction(A > 12 pM)\n"
    "  A_sd: sd(A)\n"
    "  A_low: quantile(A, 0.1, deep)\n"
    "  A_alike: correlation(A, 0.1 mm)\n"
    "  ratio: 2 * mean(A) / fluid.A\n"
    "  cells: N\n"
    "  S_half: first(mean(S) < half)\n"
    "events:\n"
    "  change: {at: 1 d, set: {half: 0.25}}\n"
    "tissue:\n"
    "  size: [200 um, 20 um, 2.4 mm]\n"
    "  voxel: 20 um\n"
    "  zones: {superficial: 20 %, middle: 40 %, deep: 40 %}\n"
    "  boxes: {hole: {x: [80 um, 120 um], depth: [0 mm, 0.4 mm]}}\n"
    "  inactive: [hole]\n"
    "  represents: {area: 4 cm^2}\n";

#define SAMPLE_EVERY_FRAME "run: {until: 3 d, method: mean-field, seed: 7, save: {every: 6 h}}\n"
#define SAMPLE_RARE_FIELDS                                                                         \
    "run: {until: 3 d, method: mean-field, seed: 7, save: {every: 6 h, fields_every: 1 d}}\n"

typedef struct sample {
    lac_model *model;
    lac_grid *grid;
    lac_state *state;
    lac_view view;
} sample;

static inline void sample_free(sample *made)
{
    lac_state_free(made->state);
    lac_grid_free(made->grid);
    lac_model_free(made->model);
    *made = (sample){0};
}

static inline lac_status sample_load(const char *run, sample *made)
{
    static const lac_origin origin = {"lacuna run sample.yaml", "a-host", "2026-01-02T03:04:05Z",
                                      NULL};
    lac_status status = LAC_OK;
    lac_diagnostics list = {0};
    lac_text text = {0};
    *made = (sample){0};
    lac_text_add(&text, "%s%s", sample_text, run);
    LAC_TRY(text.failed);
    LAC_TRY(lac_scenario_load(
        &(lac_scenario_origin){.path = "sample.yaml", .text = text.bytes, .directory = "."}, &list,
        &made->model));
    LAC_TRY(lac_grid_create(made->model, &made->grid));
    LAC_TRY(lac_state_create(made->model, &made->state));
    made->view = (lac_view){.model = made->model,
                            .grid = made->grid,
                            .weight = made->grid->voxel_volume / lac_model_scale(made->model),
                            .origin = &origin};
out:
    if (status == LAC_INPUT)
        fprintf(stderr, "%s\n", lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    lac_text_free(&text);
    if (status != LAC_OK)
        sample_free(made);
    return status;
}

enum { SAMPLE_A, SAMPLE_S, SAMPLE_FLUID_A, SAMPLE_FLUID_N };

/* A in the tissue [um^-3], S, at a voxel and a time [s]. */
static inline double sample_a(const lac_grid *grid, size_t voxel, double time)
{
    double depth = grid->position[2][voxel], x = grid->position[0][voxel];
    return 1e-2 * exp(-depth / 900) * (1 + 0.3 * sin(x / 40)) * exp(-time / 2e5);
}

static inline double sample_s(const lac_grid *grid, size_t voxel, double time)
{
    return exp(-time / 1.2e5) * (1 - 0.2 * exp(-grid->position[2][voxel] / 500));
}

/* The state at a time [s], with sums of the ledger that balance exactly up to rounding. */
static inline void sample_at(sample *made, double time)
{
    const lac_grid *grid = made->grid;
    lac_state *state = made->state;
    double *a = state->value + lac_layout_at(&state->layout, SAMPLE_A);
    double *s = state->value + lac_layout_at(&state->layout, SAMPLE_S);
    double *pool = state->value + lac_layout_at(&state->layout, SAMPLE_FLUID_A);
    state->time = time;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        bool active = !grid->active || grid->active[voxel] != 0;
        a[voxel] = active ? sample_a(grid, voxel, time) : 0;
        s[voxel] = active ? sample_s(grid, voxel, time) : 0;
    }
    pool[0] = 6e-3 * exp(-time / 1e5);
    pool[1] = 1000;
    for (size_t parameter = 0; parameter < made->model->parameters; parameter++)
        if (made->model->parameter[parameter].changes)
            state->parameter[parameter] = time < 86400 ? 0.5 : 0.25;
}

#endif
