/* Bench of the floor of space: one right-hand side of diffusion and one diffusion solve, beside the
 * bandwidth of the machine. Prints `bench NAME VALUE UNIT`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/vector.h"
#include "transport/spectral_solver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIELDS = 10, REPEATS = 7 };

static double now(void)
{
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec; /* [s] */
}

/* A model of FIELDS diffusing species, half of them in exchange with a pool. */
typedef struct bench_scene {
    lac_model model;
    lac_variable variable[2 * FIELDS];
    lac_expression diffusivity, permeability;
    lac_domain domain[2];
    lac_boundary boundary[FIELDS];
    lac_patch patch;
    lac_grid *grid;
    lac_layout layout;
    lac_transport *transport;
    lac_coefficients *coefficients;
    lac_spectral_solver *transform;
    double *u, *out;
} bench_scene;

static void describe(bench_scene *scene, const size_t n[3])
{
    *scene = (bench_scene){0};
    scene->diffusivity = (lac_expression){.op = LAC_OP_NUMBER, .number = 50};
    scene->permeability = (lac_expression){.op = LAC_OP_NUMBER, .number = 1};
    scene->domain[1].volume = 1e9;
    scene->patch = (lac_patch){.id = (char *)"top", .face = LAC_FACE_TOP, .region = LAC_NONE};
    for (int axis = 0; axis < 3; axis++)
        scene->patch.high[axis] = 1e9;
    for (size_t v = 0; v < 2 * FIELDS; v++)
        scene->variable[v] = (lac_variable){.name = (char *)"species", .domain = v >= FIELDS};
    for (size_t field = 0; field < FIELDS; field++) {
        scene->variable[field].diffusivity = &scene->diffusivity;
        scene->boundary[field] = (lac_boundary){.type = &lac_boundary_exchange,
                                                .variable = field,
                                                .pool = FIELDS + field,
                                                .permeability = &scene->permeability};
    }
    scene->model = (lac_model){
        .fields = FIELDS,
        .variables = 2 * FIELDS,
        .variable = scene->variable,
        .domains = 2,
        .domain = scene->domain,
        .boundaries = FIELDS / 2,
        .boundary = scene->boundary,
        .patches = 1,
        .patch = &scene->patch,
        .tissue = {{.present = true, .voxels = {n[0], n[1], n[2]}, .voxel = {20, 20, 20}}}};
}

static lac_status build(bench_scene *scene)
{
    lac_status status = LAC_OK;
    const double shift[FIELDS] = {0};
    LAC_TRY(lac_grid_create(&scene->model, &scene->grid));
    scene->layout = lac_layout_of(FIELDS, scene->grid->voxels, FIELDS);
    LAC_TRY(lac_transport_create(&scene->model, scene->grid, &scene->layout, &scene->transport));
    LAC_TRY(lac_coefficients_create(scene->transport, &scene->coefficients));
    LAC_TRY(
        lac_spectral_solver_create(&scene->model, scene->grid, &scene->layout, &scene->transform));
    LAC_NEW(scene->u, scene->layout.length);
    LAC_NEW(scene->out, scene->layout.length);
    for (size_t i = 0; i < scene->layout.length; i++)
        scene->u[i] = (double)(i % 1009) / 1009;
    lac_frame frame = {.layout = &scene->layout, .value = scene->u};
    LAC_TRY(lac_transport_evaluate(scene->transport, &frame, scene->coefficients));
    lac_spectral_solver_factor(scene->transform, scene->coefficients, 600, shift);
out:
    return status;
}

static void destroy(bench_scene *scene)
{
    lac_spectral_solver_free(scene->transform);
    lac_coefficients_free(scene->coefficients);
    lac_transport_free(scene->transport);
    lac_grid_free(scene->grid);
    lac_free(scene->u);
    lac_free(scene->out);
}

static void rhs(bench_scene *scene)
{
    lac_transport_derivative(scene->transport, scene->coefficients, scene->u, scene->out, NULL);
}

static void solve(bench_scene *scene)
{
    lac_spectral_solver_solve(scene->transform, scene->u);
}

/* Reads and writes every double once. */
static void sweep(bench_scene *scene)
{
    lac_add_scaled(scene->out, 1e-9, scene->out, scene->layout.length);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median time of a call per unknown [ns]. */
static double measure(bench_scene *scene, void (*call)(bench_scene *))
{
    double time[REPEATS];
    call(scene);
    for (int k = 0; k < REPEATS; k++) {
        double start = now();
        call(scene);
        time[k] = 1e9 * (now() - start) / (double)(FIELDS * scene->grid->voxels);
    }
    qsort(time, REPEATS, sizeof time[0], compare);
    return time[REPEATS / 2];
}

static lac_status bench(const size_t n[3], int threads)
{
    lac_status status = LAC_OK;
    bench_scene scene;
    const struct {
        const char *name;
        void (*call)(bench_scene *);
    } row[] = {{"bandwidth", sweep}, {"rhs", rhs}, {"solve", solve}};
    lac_threads_set(threads);
    describe(&scene, n);
    LAC_TRY(build(&scene));
    for (size_t k = 0; k < sizeof row / sizeof row[0]; k++)
        printf("bench space_%s_%zux%zux%zu_%dt %.2f ns/unknown\n", row[k].name, n[0], n[1], n[2],
               threads, measure(&scene, row[k].call));
out:
    destroy(&scene);
    return status;
}

int main(void)
{
    const size_t box[][3] = {{96, 96, 120}, {64, 64, 96}, {100, 100, 100}, {50, 1, 120}};
    for (size_t k = 0; k < sizeof box / sizeof box[0]; k++) {
        for (int threads = 1; threads <= 2; threads++) {
            lac_status status = bench(box[k], threads);
            if (status != LAC_OK) {
                fprintf(stderr, "bench_space: %s\n", lac_failure());
                return lac_status_exit_code(status);
            }
        }
    }
    return 0;
}
