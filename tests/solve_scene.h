/* A scene for a solve: (I - g (L - k_s)) x = b of a transport scene, by the transform or directly,
 * with an x to find again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_SOLVE_SCENE_H
#define LAC_SOLVE_SCENE_H

#include "transport_scene.h"

#include "transport/direct_solver.h"
#include "transport/spectral_solver.h"

typedef struct solve_scene {
    transport_scene scene;
    lac_spectral_solver *transform; /* what the test solves with: one of these, the other NULL */
    lac_direct_solver *direct;
    double pools[4]; /* I - g J of two pools */
    double *x, *b;
} solve_scene;

/* After scene_transport and all that is in it. */
static inline void solve_build(solve_scene *solve)
{
    scene_build(&solve->scene);
    assert_ok(lac_transport_evaluate(solve->scene.transport, &solve->scene.frame,
                                     solve->scene.coefficients));
    solve->transform = NULL;
    solve->direct = NULL;
    memcpy(solve->pools, (double[4]){1, 0, 0, 1}, sizeof solve->pools);
    solve->x = scene_array(&solve->scene);
    solve->b = scene_array(&solve->scene);
    scene_fill(&solve->scene, solve->x);
}

static inline void solve_free(solve_scene *solve)
{
    lac_free(solve->x);
    lac_free(solve->b);
    lac_spectral_solver_free(solve->transform);
    lac_direct_solver_free(solve->direct);
    scene_free(&solve->scene);
}

/* b = x - g (L - k_s) x */
static inline void solve_apply(const solve_scene *solve, double g, const double *shift,
                               const double *x, double *b)
{
    const lac_layout *layout = &solve->scene.layout;
    memset(b, 0, layout->length * sizeof *b);
    lac_transport_times(solve->scene.transport, solve->scene.coefficients, x, b, NULL);
    for (size_t i = 0; i < layout->length; i++) {
        size_t field = i / layout->tract[0].stride;
        b[i] = x[i] - g * (b[i] - (field < layout->fields ? shift[field] * x[i] : 0));
    }
}

/* b is the x that was applied, to the digits that applying loses to the largest entry of g L,
 * which came out as `most`. */
static inline void solve_expect_x(const solve_scene *solve, double most)
{
    for (size_t i = 0; i < solve->scene.layout.length; i++)
        assert_near(solve->b[i], solve->x[i], 1e-12 * (1 + most / 100));
}

static inline double solve_most(const solve_scene *solve)
{
    double most = 0;
    for (size_t i = 0; i < solve->scene.layout.length; i++)
        most = fmax(most, fabs(solve->b[i]));
    return most;
}

/* A lossless solve of x, which is changed, keeps the content, and inactive voxels empty. */
static inline void solve_expect_conserved(solve_scene *solve,
                                          void (*run)(void *solve, double *value))
{
    const lac_layout *layout = &solve->scene.layout;
    const double *active = solve->scene.grid->active;
    double before = scene_content(&solve->scene, solve->x);
    run(solve, solve->x);
    assert_near(scene_content(&solve->scene, solve->x) / before, 1, 1e-13);
    for (size_t field = 0; active && field < layout->fields; field++)
        for (size_t voxel = 0; voxel < layout->tract[0].voxels; voxel++)
            assert_true(active[voxel] == 1 ||
                        solve->x[field * layout->tract[0].stride + voxel] == 0);
}

/* Every allocation of what is created, and freed again, may fail. */
static inline void solve_expect_memory_told(const solve_scene *solve,
                                            lac_status (*create)(const solve_scene *solve))
{
    size_t alive = lac_memory_alive(), n = 0;
    lac_status status = LAC_MEMORY;
    while (status != LAC_OK && n < 10000) {
        lac_memory_fail_at(++n);
        status = create(solve);
        lac_memory_fail_at(0);
        assert_true(status == LAC_OK || status == LAC_MEMORY);
        assert_int_equal(lac_memory_alive(), alive);
    }
    assert_in_range(n, 20, 9999);
}

#endif
