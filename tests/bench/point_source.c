/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/point_source.h"

static const double MINUTE = 60;

const double point_source_time[POINT_SOURCE_TIMES] = {60,     600,    6000,   60000, 120000,
                                                      120060, 120600, 126000, 240000};

/* cosine[mode * n + voxel], normalised, and the rate of each mode along one axis. */
typedef struct modes {
    size_t n;
    double *cosine, *rate;
} modes;

/* Rotates the axes of an n^3 array while multiplying the first by `cosine`: three calls transform
 * all three. */
static void along_axis(const modes *t, const double *in, double *out)
{
    size_t n = t->n, plane = n * n;
#pragma omp parallel for schedule(static)
    for (size_t row = 0; row < plane; row++)
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t mode = 0; mode < n; mode++)
                sum += t->cosine[mode * n + i] * in[row * n + mode];
            out[i * plane + row] = sum;
        }
}

/* Amplitude of a mode of total rate `rate` at a time: the source doubles at half time. */
static double amplitude(double rate, double time)
{
    double half = 2000 * MINUTE, gain = -expm1(-rate * fmin(time, half)) / rate;
    if (time <= half)
        return gain;
    return gain * exp(-rate * (time - half)) - 2 * expm1(-rate * (time - half)) / rate;
}

static void fill_truth(const modes *t, double time, double *field, double *work)
{
    size_t n = t->n, c = n / 2;
    for (size_t z = 0; z < n; z++)
        for (size_t y = 0; y < n; y++)
            for (size_t x = 0; x < n; x++) {
                double start = t->cosine[x * n + c] * t->cosine[y * n + c] * t->cosine[z * n + c];
                double rate = POINT_SOURCE_LOSS + t->rate[x] + t->rate[y] + t->rate[z];
                field[x + n * (y + n * z)] = POINT_SOURCE_MADE * start * amplitude(rate, time);
            }
    along_axis(t, field, work);
    along_axis(t, work, field);
    along_axis(t, field, work);
    memcpy(field, work, n * n * n * sizeof *field);
}

double *point_source_truth(size_t n)
{
    size_t voxels = n * n * n;
    modes t = {n, lac_alloc(n * n, sizeof *t.cosine), lac_alloc(n, sizeof *t.rate)};
    double *work = lac_alloc(voxels, sizeof *work), pi = acos(-1);
    double *truth = lac_alloc(POINT_SOURCE_TIMES * voxels, sizeof *truth);
    for (size_t k = 0; k < n; k++) {
        t.rate[k] =
            POINT_SOURCE_D * pow(2 / POINT_SOURCE_H * sin(pi * (double)k / (2.0 * (double)n)), 2);
        for (size_t i = 0; i < n; i++)
            t.cosine[k * n + i] = sqrt((k ? 2.0 : 1.0) / (double)n) *
                                  cos(pi * (double)k * ((double)i + 0.5) / (double)n);
    }
    for (size_t k = 0; k < POINT_SOURCE_TIMES; k++)
        fill_truth(&t, point_source_time[k], truth + k * voxels, work);
    lac_free(t.cosine);
    lac_free(t.rate);
    lac_free(work);
    return truth;
}

scene *point_source_scene(size_t n, double rtol)
{
    char text[TEXT];
    size_t low = n / 2 * 20, side = n * 20;
    snprintf(text, sizeof text,
             "lacuna: 1\n"
             "domains: {tissue: {kind: tissue}}\n"
             "species: {A: {unit: 1, tissue: {diffusivity: 6000 um^2/min, atol: 1e-9}}}\n"
             "parameters: {loss: {value: 0.01 1/min}, q: {value: 1 1/s}}\n"
             "inputs: {level: {shape: steps, knots: [[0 min, 1], [2000 min, 2]]}}\n"
             "reactions:\n"
             "  secretion: {in: tissue, region: cell, equation: \"-> A\", rate: q * level}\n"
             "  loss_of_A: {in: tissue, equation: \"A ->\", rate: loss * A}\n"
             "tissue: {size: [%zu um, %zu um, %zu um], voxel: 20 um, boxes: {cell: {"
             "x: [%zu um, %zu um], y: [%zu um, %zu um], depth: [%zu um, %zu um]}}}\n"
             "run: {until: 4000 min, rtol: %g}\n",
             side, side, side, low, low + 20, low, low + 20, low, low + 20, rtol);
    return scene_of(text);
}
