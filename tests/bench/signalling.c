/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/signalling.h"

const double signalling_time[SIGNALLING_TIMES] = {43200,  87264,   172800,  260064,  345600,
                                                  864000, 2592000, 7776000, 15552000};

static const char *const SIGNALLING =
    "lacuna: 1\n"
    "domains: {tissue: {kind: tissue}}\n"
    "species:\n"
    "  A: {tissue: {initial: 1 pM, diffusivity: 40 um^2/s, atol: 1e-6 pM}}\n"
    "  B: {tissue: {initial: 0 pM, diffusivity: 60 um^2/s, atol: 1e-6 pM}}\n"
    "  C: {tissue: {initial: 0 pM, diffusivity: 300 um^2/s, atol: 1e-6 pM}}\n"
    "  P: {tissue: {initial: 10 pM, diffusivity: 20 um^2/s, atol: 1e-6 pM}}\n"
    "  E: {tissue: {initial: 0 pM, diffusivity: 25 um^2/s, atol: 1e-6 pM}}\n"
    "  I: {tissue: {initial: 100 pM, diffusivity: 30 um^2/s, atol: 1e-5 pM}}\n"
    "  X: {tissue: {initial: 0 pM, diffusivity: 15 um^2/s, atol: 1e-6 pM}}\n"
    "  R: {tissue: {initial: 0 pM, diffusivity: 35 um^2/s, atol: 1e-6 pM}}\n"
    "  quiet: {unit: cell, tissue: {initial: \"if(sin(x / (7 um)) * cos(depth / (9 um)) + "
    "0.3 * sin(x * depth / (900 um^2)) > 0.7, 5e-5 cell/um^3, 0 cell/um^3)\","
    " atol: 1e-11 cell/um^3}}\n"
    "  roused: {unit: cell, tissue: {initial: 0 cell/um^3, atol: 1e-11 cell/um^3}}\n"
    "  M: {unit: 1, tissue: {initial: 1, atol: 1e-6}}\n"
    "  N: {unit: 1, tissue: {initial: 1, atol: 1e-6}}\n"
    "parameters:\n"
    "  q: {value: 40 molecule/(h cell)}\n"
    "  K: {value: 20 pM}\n"
    "  on: {value: 4e-3 1/(pM h)}\n"
    "  daily: {value: 1 1/d}\n"
    "  u: {value: 0.3 1/h}\n"
    "inputs: {pulse: {shape: steps, knots: [[0 d, 0], [1 d, 1], [3 d, 0]]}}\n"
    "quantities:\n"
    "  drive: {in: tissue, is: \"1 - (1 - hill(A, K, 1)) * (1 - hill(B, 3 * K, 2))\"}\n"
    "  rest: {in: tissue, is: 1 / (1 + C / (50 pM)) / (1 + R / K)}\n"
    "reactions:\n"
    "  A_made: {in: tissue, equation: \"roused -> roused + A\", rate: q * roused * rest}\n"
    "  B_made: {in: tissue, equation: \"roused -> roused + B\","
    " rate: 0.6 * q * roused * drive * rest}\n"
    "  C_made: {in: tissue, equation: \"-> C\", rate: 30 * q * drive * (quiet + roused)}\n"
    "  P_made: {in: tissue, equation: \"-> P\", rate: 20 * q * drive * roused + q * quiet}\n"
    "  I_made: {in: tissue, equation: \"-> I\", rate: 10 * q * (quiet + 0.3 * roused)}\n"
    "  R_made: {in: tissue, equation: \"-> R\","
    " rate: 5 * q * drive * quiet + 0.2 pM/h * pulse * 10}\n"
    "  A_lost: {in: tissue, equation: \"A ->\", rate: u * A}\n"
    "  B_lost: {in: tissue, equation: \"B ->\", rate: 2 * u * B}\n"
    "  C_lost: {in: tissue, equation: \"C ->\", rate: 4 * u * C}\n"
    "  P_lost: {in: tissue, equation: \"P ->\", rate: 0.1 * u * P}\n"
    "  I_lost: {in: tissue, equation: \"I ->\", rate: 0.1 * u * I}\n"
    "  X_lost: {in: tissue, equation: \"X ->\", rate: 0.2 * u * X}\n"
    "  R_lost: {in: tissue, equation: \"R ->\", rate: u * R}\n"
    "  activation: {in: tissue, equation: \"P -> E\", rate: \"0.05 * u * (1 + hill(E, K, 1)) * P\"}\n"
    "  binding: {in: tissue, equation: \"E + I <=> X\", rate: on * E * I, reverse: 0.01 * u * X}\n"
    "  rousing: {in: tissue, equation: \"quiet -> roused\", rate: 0.5 * daily * drive * quiet}\n"
    "  calming: {in: tissue, equation: \"roused -> quiet\", rate: 0.1 * daily * (2 - drive) * roused}\n"
    "rates:\n"
    "  M: {in: tissue, rate: 0.02 * daily * (1 - M) - 0.2 * daily * E / (K + E) * M}\n"
    "  N: {in: tissue, rate: 0.002 * daily * (1 - N) - 0.05 * daily * E / (K + E) * N * (1 - M)}\n"
    "tissue: {size: [%zu um, 20 um, %zu um], voxel: 20 um}\n"
    "run: {until: 180 d, rtol: %g, linear_tolerance: %g}\n";

scene *signalling_scene(size_t wide, size_t deep, double rtol)
{
    char words[2 * TEXT];
    snprintf(words, sizeof words, SIGNALLING, 20 * wide, 20 * deep, rtol, 0.005);
    return scene_of(words);
}

double worst_species(const scene *s, const double *value, const double *truth)
{
    double worst = 0;
    for (size_t v = 0; v < s->model->variables; v++) {
        double sum = 0, scale = (double)s->grid->voxels * pow(1e3 * s->model->variable[v].atol, 2);
        const double *u = value + lac_layout_at(&s->state->layout, v);
        const double *exact = truth + lac_layout_at(&s->state->layout, v);
        for (size_t i = 0; i < s->grid->voxels; i++) {
            sum += (u[i] - exact[i]) * (u[i] - exact[i]);
            scale += exact[i] * exact[i];
        }
        worst = fmax(worst, sqrt(sum / scale));
    }
    return worst;
}
