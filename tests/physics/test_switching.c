/* One secreting voxel among ten thousand, switched on and off many times: it and its neighbours are
 * right at every output, with the steps that the engine chooses itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/scene.h"

static const double PI = 3.14159265358979323846;

enum { N = 22, PERIOD = 3600, SWITCHES = 12, OUTPUT = 300 }; /* [s] */

static const double H = 20, D = 50, LOSS = 2e-4, SOURCE = 1; /* [um], [um^2/s], [1/s], [1/s] */

static void model_text(char *text)
{
    size_t length = (size_t)snprintf(
        text, TEXT,
        "lacuna: 1\n"
        "domains: {tissue: {kind: tissue}}\n"
        "species: {A: {unit: 1, tissue: {diffusivity: 50 um^2/s, atol: 1e-9}}}\n"
        "parameters: {loss: {value: 2e-4 1/s}, q: {value: 1 1/s}}\n"
        "reactions:\n"
        "  secretion: {in: tissue, region: cell, equation: \"-> A\", rate: q * on}\n"
        "  loss_of_A: {in: tissue, equation: \"A ->\", rate: loss * A}\n"
        "tissue: {size: [440 um, 440 um, 440 um], voxel: 20 um, boxes: {cell: {x: [200 um, 220 um],"
        " y: [200 um, 220 um], depth: [200 um, 220 um]}}}\n"
        "run: {until: 1 d, rtol: 1e-3}\n"
        "inputs: {on: {shape: steps, knots: [[0 s, 1]");
    for (int k = 1; k < SWITCHES; k++)
        length +=
            (size_t)snprintf(text + length, TEXT - length, ", [%d s, %d]", k * PERIOD, k % 2 == 0);
    snprintf(text + length, TEXT - length, "]}}\n");
}

/* The semi-discrete problem in closed form: amplitudes of the cosine modes of the grid, each with
 * its own rate. */
typedef struct modes {
    double cosine[N][N]; /* [mode][voxel], normalised */
    double rate[N];      /* of diffusion along one axis [1/s] */
    double amplitude[N][N][N];
} modes;

static void modes_start(modes *m)
{
    memset(m, 0, sizeof *m);
    for (int k = 0; k < N; k++) {
        m->rate[k] = D * pow(2 / H * sin(PI * k / (2.0 * N)), 2);
        for (int i = 0; i < N; i++)
            m->cosine[k][i] = sqrt((k ? 2.0 : 1.0) / N) * cos(PI * k * (i + 0.5) / N);
    }
}

static void modes_march(modes *m, double step, double source)
{
    const int at = 10;
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++)
            for (int c = 0; c < N; c++) {
                double rate = LOSS + m->rate[a] + m->rate[b] + m->rate[c];
                double goal =
                    source * m->cosine[a][at] * m->cosine[b][at] * m->cosine[c][at] / rate;
                double *u = &m->amplitude[a][b][c];
                *u = goal + (*u - goal) * exp(-rate * step);
            }
}

static double modes_value(const modes *m, int x, int y, int z)
{
    double sum = 0;
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++) {
            double row = 0;
            for (int c = 0; c < N; c++)
                row += m->amplitude[a][b][c] * m->cosine[c][z];
            sum += row * m->cosine[a][x] * m->cosine[b][y];
        }
    return sum;
}

static double worst_difference(const modes *m, const scene *s)
{
    const int at[][3] = {{10, 10, 10}, {11, 10, 10}, {9, 10, 10}, {10, 11, 10},
                         {10, 9, 10},  {10, 10, 11}, {10, 10, 9}, {12, 11, 10}};
    double worst = 0;
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        double truth = modes_value(m, at[i][0], at[i][1], at[i][2]);
        size_t voxel = (size_t)(at[i][0] + N * (at[i][1] + N * at[i][2]));
        worst = fmax(worst, fabs(value_of(s, "tissue_A", voxel) / truth - 1));
    }
    return worst;
}

static void a_switching_voxel_is_right_at_every_output(void **state)
{
    (void)state;
    char text[TEXT];
    model_text(text);
    scene *s = scene_of(text);
    modes *truth = malloc(sizeof *truth);
    assert_non_null(truth);
    modes_start(truth);
    double worst = 0;
    for (int time = OUTPUT; time <= SWITCHES * PERIOD; time += OUTPUT) {
        march_to(s, time);
        modes_march(truth, OUTPUT, (time - 1) / PERIOD % 2 == 0 ? SOURCE : 0);
        worst = fmax(worst, worst_difference(truth, s));
    }
    print_message("# worst %.2e in %zu steps, %zu rejected, %zu iterations\n", worst,
                  counters(s).steps, counters(s).rejected, counters(s).iterations);
    assert_true(worst < 0.02);
    free(truth);
    scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_switching_voxel_is_right_at_every_output),
    };
    lac_threads_set(1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
