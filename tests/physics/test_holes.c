/* Holes, masks and partial patches cost the linear solver hardly more iterations than whole tissue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "physics/scene.h"

/* Two ligands that bind, one of them made where a slow state says so, all exchanging with a fluid
 * in which they are made, bound and cleared. */
static const char *const TISSUE =
    "lacuna: 1\n"
    "domains: {t: {kind: tissue}, f: {kind: well-mixed, volume: 0.02 mm^3}}\n"
    "species:\n"
    "  A: {t: {initial: 1 nM, diffusivity: 40 um^2/s, partition: 0.4 + 0.3 * M, atol: 1e-6 nM},"
    " f: {initial: 4 nM, atol: 1e-6 nM}}\n"
    "  B: {t: {initial: 2 nM, diffusivity: 25 um^2/s, partition: 0.8, atol: 1e-6 nM},"
    " f: {initial: 1 nM, atol: 1e-6 nM}}\n"
    "  AB: {t: {initial: 0 nM, diffusivity: 15 um^2/s, partition: 0.5, atol: 1e-6 nM},"
    " f: {initial: 0 nM, atol: 1e-6 nM}}\n"
    "  M: {unit: 1, t: {initial: exp(-depth / (300 um)), atol: 1e-6}}\n"
    "parameters: {kon: {value: 1e-2 1/(nM*s)}, koff: {value: 1e-3 1/s}, k: {value: 2e-4 1/s}}\n"
    "reactions:\n"
    "  bind: {in: [t, f], equation: A + B <=> AB, rate: kon * A * B, reverse: koff * AB}\n"
    "  made: {in: t, equation: \"-> B\", rate: \"k * 1 nM * hill(A, 0.5 nM, 2)\"}\n"
    "  fed: {in: f, equation: \"-> A\", rate: \"5 * k * 1 nM * hill(B, 1 nM, 1)\"}\n"
    "  lost: {in: [t, f], equation: \"AB ->\", rate: k * AB}\n"
    "rates: {M: {in: t, rate: -1e-6/s * A / (1 nM) * M}}\n"
    "interfaces:\n  top: {between: [t.%s, f], exchange: all}\n%s"
    "tissue: {size: [%s], voxel: 20 um%s}\n"
    "run: {until: 10 d, rtol: 1e-3}\n";

static const char *const WALL = "  wall: {between: [t.wall, f], exchange: all}\n";
static const char *const SECTION = "800 um, 20 um, 1200 um";
static const char *const BLOCK = "160 um, 160 um, 400 um";

/* Iterations of a stage over ten days. */
static double iterations(const char *top, const char *wall, const char *size, const char *shape)
{
    static char text[4 * TEXT];
    snprintf(text, sizeof text, TISSUE, top, wall, size, shape);
    scene *s = scene_of(text);
    march_to(s, 10 * 86400);
    lac_step_counters seen = counters(s);
    assert_int_equal(seen.refused[LAC_REFUSAL_LINEAR], 0);
    double each = (double)seen.iterations / (double)seen.evaluations;
    scene_free(s);
    return each;
}

/* A hundred holes of one voxel, of which each tenth exchanges. */
static void write_hundred(char *shape, size_t size, char *walls, size_t room)
{
    size_t at = (size_t)snprintf(shape, size, ", boxes: {"), end = 0;
    for (int k = 0; k < 100; k++)
        at += (size_t)snprintf(
            shape + at, size - at, "h%d: {x: [%d um, %d um], depth: [%d um, %d um]}, ", k,
            k % 10 * 80 + 20, k % 10 * 80 + 40, k / 10 * 100 + 40, k / 10 * 100 + 60);
    at += (size_t)snprintf(shape + at, size - at, "none: {x: [0 um, 20 um]}}, inactive: [h0");
    for (int k = 1; k < 100; k++)
        at += (size_t)snprintf(shape + at, size - at, ", h%d", k);
    at += (size_t)snprintf(shape + at, size - at, "], patches: {");
    for (int k = 0; k < 100; k += 10) {
        at += (size_t)snprintf(shape + at, size - at, "%sw%d: {wall_of: h%d}", k ? ", " : "", k, k);
        end += (size_t)snprintf(walls + end, room - end,
                                "  w%d: {between: [t.w%d, f], exchange: all}\n", k, k);
    }
    snprintf(shape + at, size - at, "}");
}

static void holes_of_any_shape_cost_a_section_few_iterations(void **state)
{
    (void)state;
    static char hundred[2 * TEXT], walls[TEXT];
    const char *const lesion =
        ", boxes: {h: {x: [320 um, 480 um], depth: [0 um, 300 um]}}, inactive: [h],"
        " patches: {wall: {wall_of: h}}";
    const char *const corner = /* the tissue is an L */
        ", boxes: {h: {x: [400 um, 800 um], depth: [400 um, 1200 um]}}, inactive: [h],"
        " patches: {wall: {wall_of: h}}";
    const char *const part = ", patches: {part: {face: top, x: [0 um, 300 um]}}";
    write_hundred(hundred, sizeof hundred, walls, sizeof walls);
    const double whole = iterations("top", "", SECTION, "");
    assert_true(iterations("top", WALL, SECTION, lesion) < 1.5 * whole);
    assert_true(iterations("top", WALL, SECTION, corner) < 1.5 * whole);
    assert_true(iterations("part", "", SECTION, part) < 1.5 * whole);
    assert_true(iterations("top", walls, SECTION, hundred) < 1.5 * whole);
}

static void a_hole_costs_a_block_few_iterations(void **state)
{
    (void)state;
    double whole = iterations("top", "", BLOCK, "");
    double holed = iterations("top", WALL, BLOCK,
                              ", boxes: {h: {x: [40 um, 100 um], y: [60 um, 120 um],"
                              " depth: [0 um, 100 um]}}, inactive: [h],"
                              " patches: {wall: {wall_of: h}}");
    assert_true(holed < 1.5 * whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_of_any_shape_cost_a_section_few_iterations),
        cmocka_unit_test(a_hole_costs_a_block_few_iterations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
