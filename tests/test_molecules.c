/* The room molecules against the reaction-diffusion master equation: means by its linear equations,
 * solved by small steps of RK4. Seeds are fixed; for fresh ones each statistical test fails with a
 * probability below 1e-4 (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "base/vector.h"
#include "molecules/molecules.h"
#include "molecules/molecules_kernel.h"

enum { LINE = 24 };

static const double PI = 3.14159265358979323846;

static lac_random_key key_of(uint64_t seed)
{
    return lac_random_key_of(seed, 0, LAC_FOR_TESTS);
}

static lac_lattice line_of(size_t n)
{
    return (lac_lattice){{1, 1, n}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
}

static double total(lac_molecules *m, size_t species, size_t voxels)
{
    double sum = 0;
    for (size_t v = 0; v < voxels; v++)
        sum += lac_molecules_count(m, species)[v];
    return sum;
}

/* --- the mean, as the master equation has it -------------------------------------------------- */

/* u' = diffusion + source - loss * u on a line. */
typedef struct line_law {
    size_t n;
    double diffusivity[LINE], source[LINE], loss[LINE]; /* [um^2/s], [1/s], [1/s] */
} line_law;

static void derivative(const line_law *law, const double *u, double *out)
{
    for (size_t i = 0; i < law->n; i++)
        out[i] = law->source[i] - law->loss[i] * u[i];
    for (size_t i = 0; i + 1 < law->n; i++) {
        double a = law->diffusivity[i], b = law->diffusivity[i + 1];
        double flux = 2 * a * b / (a + b) / 400 * (u[i] - u[i + 1]);
        out[i] -= flux;
        out[i + 1] += flux;
    }
}

static void evolve(const line_law *law, double *u, double time)
{
    const int steps = (int)(time * 50) + 1;
    const double h = time / steps;
    double k[4][LINE], at[LINE];
    for (int step = 0; step < steps; step++) {
        for (int stage = 0; stage < 4; stage++) {
            double c = stage == 0 ? 0 : stage == 3 ? h : h / 2;
            for (size_t i = 0; i < law->n; i++)
                at[i] = u[i] + (stage ? c * k[stage - 1][i] : 0);
            derivative(law, at, k[stage]);
        }
        for (size_t i = 0; i < law->n; i++)
            u[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
    }
}

static line_law plain_line(double diffusivity)
{
    line_law law = {.n = LINE};
    for (size_t i = 0; i < LINE; i++)
        law.diffusivity[i] = diffusivity;
    return law;
}

/* Counts of independent molecules about their mean: Poisson or narrower. */
static void assert_follows(lac_molecules *m, size_t species, const double *mean, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_near(lac_molecules_count(m, species)[i], mean[i], 4.5 * sqrt(mean[i] + 1));
}

/* --- kernels ---------------------------------------------------------------------------------- */

static void weights_of_a_kernel_are_whole_and_symmetric(void **state)
{
    (void)state;
    const double hops[3] = {0.3, 0, 1.7};
    const size_t n[3] = {7, 1, 9};
    lac_kernel *k;
    double weight[41][41] = {{0}}, sum = 0;
    assert_ok(lac_kernel_create(hops, n, 8192, &k));
    assert_non_null(k);
    const double capacity = ldexp(1, 32 - k->bits);
    for (uint32_t c = 0; c < UINT32_C(1) << k->bits; c++) {
        const double kept = k->column[c] >> k->bits;
        const lac_displacement own = k->displace[c];
        const lac_displacement other = k->displace[k->column[c] & ((UINT32_C(1) << k->bits) - 1)];
        weight[20 + own.by[0]][20 + own.by[2]] += kept;
        weight[20 + other.by[0]][20 + other.by[2]] += capacity - kept;
    }
    double var_x = 0, var_z = 0;
    for (int x = -20; x <= 20; x++)
        for (int z = -20; z <= 20; z++) {
            assert_true(weight[20 + x][20 + z] == weight[20 - x][20 + z]);
            assert_true(weight[20 + x][20 + z] == weight[20 + x][20 - z]);
            sum += weight[20 + x][20 + z];
            var_x += x * x * weight[20 + x][20 + z] * 0x1p-32;
            var_z += z * z * weight[20 + x][20 + z] * 0x1p-32;
        }
    const double moves = 1 - k->stays * 0x1p-16;
    assert_true(sum == 0x1p32);
    assert_near(moves * var_x, 0.6, 1e-6);
    assert_near(moves * var_z, 3.4, 1e-6);
    lac_kernel_free(k);
}

static void molecules_spread_by_the_master_equation(void **state)
{
    (void)state;
    for (int start = 0; start < 2; start++)
        for (int walks = 0; walks < 2; walks++) {
            line_law law = plain_line(50);
            double mean[LINE] = {0};
            const size_t at = start ? 9 : 0;
            lac_molecule_species s = {50, walks ? law.diffusivity : NULL};
            lac_lattice line = line_of(LINE);
            lac_molecules *m;
            assert_ok(lac_molecules_create(&line, 1, &s, 0, NULL, key_of(3), &m));
            lac_molecules_count(m, 0)[at] = 400000;
            mean[at] = 400000;
            assert_ok(lac_molecules_advance(m, 17.3, 0.1));
            evolve(&law, mean, 17.3);
            assert_follows(m, 0, mean, LINE);
            assert_true(total(m, 0, LINE) == 400000);
            lac_molecules_free(m);
        }
}

/* Voxels of unequal sides; far from walls the mean square is 2 D t along each axis. */
static void mean_square_displacement_is_that_of_each_axis(void **state)
{
    (void)state;
    lac_lattice box = {{40, 30, 24}, {1 / 100.0, 1 / 225.0, 1 / 400.0}, NULL, NULL};
    const double h[3] = {10, 15, 20};
    for (int walks = 0; walks < 2; walks++)
        for (int far = 0; far < 2; far++) {
            const double time = far ? 20 : 0.7, count = 200000;
            double same[40 * 30 * 24];
            for (size_t v = 0; v < 40 * 30 * 24; v++)
                same[v] = 20;
            lac_molecule_species s = {20, walks ? same : NULL};
            lac_molecules *m;
            assert_ok(lac_molecules_create(&box, 1, &s, 0, NULL, key_of(4), &m));
            lac_molecules_count(m, 0)[20 + 40 * (15 + 30 * 12)] = (int32_t)count;
            assert_ok(lac_molecules_advance(m, time, 0.1));
            double square[3] = {0};
            for (int v = 0; v < 40 * 30 * 24; v++) {
                const int by[3] = {v % 40 - 20, v / 40 % 30 - 15, v / 1200 - 12};
                for (int a = 0; a < 3; a++)
                    square[a] += lac_molecules_count(m, 0)[v] * by[a] * by[a] * h[a] * h[a];
            }
            for (int a = 0; a < 3; a++) {
                double expected = 2 * 20 * time, kurtosis = 2 + h[a] * h[a] / expected;
                assert_near(square[a] / count, expected, 4 * expected * sqrt(kurtosis / count));
            }
            lac_molecules_free(m);
        }
}

static void what_is_flat_and_poisson_remains_so(void **state)
{
    (void)state;
    lac_lattice box = {{20, 20, 20}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    lac_molecule_species s = {50, NULL};
    lac_molecules *m;
    assert_ok(lac_molecules_create(&box, 1, &s, 0, NULL, key_of(5), &m));
    for (size_t v = 0; v < 8000; v++)
        lac_molecules_count(m, 0)[v] = 3;
    double mean = 0, square = 0, wall = 0;
    for (int k = 0; k < 50; k++) {
        assert_ok(lac_molecules_advance(m, 4.3, 0.1));
        for (size_t v = 0; v < 8000 && k >= 20; v++) {
            double n = lac_molecules_count(m, 0)[v];
            mean += n / 30 / 8000;
            square += n * n / 30 / 8000;
            wall += v % 20 == 0 ? n / 30 / 400 : 0;
        }
    }
    assert_near(mean, 3, 1e-12);
    assert_near(square - mean * mean, 3 * (1 - 1.0 / 8000), 0.1);
    assert_near(wall, 3, 4 * sqrt(3 / 400.0 / 3));
    lac_molecules_free(m);
}

static void a_cosine_relaxes_at_its_rate(void **state)
{
    (void)state;
    for (int walks = 0; walks < 2; walks++) {
        line_law law = plain_line(50);
        lac_molecule_species s = {50, walks ? law.diffusivity : NULL};
        lac_lattice line = line_of(LINE);
        lac_molecules *m;
        assert_ok(lac_molecules_create(&line, 1, &s, 0, NULL, key_of(6), &m));
        for (size_t i = 0; i < LINE; i++)
            lac_molecules_count(m, 0)[i] =
                (int32_t)(5000 * (1 + 0.8 * cos(PI * ((double)i + 0.5) / LINE)));
        assert_ok(lac_molecules_advance(m, 300, 0.1));
        double amplitude = 0;
        for (size_t i = 0; i < LINE; i++)
            amplitude += lac_molecules_count(m, 0)[i] * cos(PI * ((double)i + 0.5) / LINE) * 2;
        const double rate = 2 * 50 / 400.0 * (1 - cos(PI / LINE));
        assert_near(amplitude / LINE / 5000, 0.8 * exp(-rate * 300), 4 * sqrt(2.0 / LINE / 5000));
        lac_molecules_free(m);
    }
}

static void layers_of_diffusivity_hold_flat_and_relax_by_the_master_equation(void **state)
{
    (void)state;
    line_law law = plain_line(100);
    double mean[LINE] = {0};
    for (size_t i = 0; i < LINE / 2; i++)
        law.diffusivity[i] = 10;
    lac_molecule_species s = {0, law.diffusivity};
    lac_lattice line = line_of(LINE);
    lac_molecules *m;
    assert_ok(lac_molecules_create(&line, 1, &s, 0, NULL, key_of(7), &m));
    lac_molecules_count(m, 0)[10] = 200000;
    mean[10] = 200000;
    assert_ok(lac_molecules_advance(m, 60, 0.1));
    evolve(&law, mean, 60);
    assert_follows(m, 0, mean, LINE);
    for (size_t i = 0; i < LINE; i++)
        mean[i] = lac_molecules_count(m, 0)[i] = 2000;
    assert_ok(lac_molecules_advance(m, 400, 0.1));
    assert_follows(m, 0, mean, LINE);
    lac_molecules_free(m);
}

/* Inactive voxels: nothing comes into them. */
static void molecules_stay_out_of_what_is_inactive(void **state)
{
    (void)state;
    unsigned char active[100];
    for (int v = 0; v < 100; v++)
        active[v] = v % 10 != 4 || v / 10 == 7;
    lac_lattice plane = {{10, 10, 1}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, active, NULL};
    lac_molecule_species s = {50, NULL};
    lac_molecules *m;
    assert_ok(lac_molecules_create(&plane, 1, &s, 0, NULL, key_of(8), &m));
    lac_molecules_count(m, 0)[0] = 9100;
    assert_ok(lac_molecules_advance(m, 3000, 0.1));
    for (size_t v = 0; v < 100; v++)
        assert_near(lac_molecules_count(m, 0)[v], active[v] ? 100 : 0, active[v] ? 50 : 0);
    lac_molecules_free(m);
}

/* --- sources, sinks, chains: exact in a step of any length ------------------------------------ */

static void source_in_one_voxel(bool walks)
{
    line_law law = plain_line(50);
    double mean[LINE] = {0};
    law.source[8] = 40000;
    for (size_t i = 0; i < LINE; i++)
        law.loss[i] = 0.03;
    lac_molecule_species s = {50, walks ? law.diffusivity : NULL};
    lac_molecule_reaction r[2] = {
        {.changes = 1, .change = {{0, 1}}, .coefficient_at = law.source},
        {.reactants = 1, .changes = 1, .change = {{0, -1}}, .coefficient = 0.03}};
    lac_lattice line = line_of(LINE);
    lac_molecules *m;
    assert_ok(lac_molecules_create(&line, 1, &s, 2, r, key_of(9), &m));
    for (int k = 0; k < 2; k++) {
        assert_ok(lac_molecules_advance(m, 10, 0.1));
        evolve(&law, mean, 10);
        assert_follows(m, 0, mean, LINE);
    }
    assert_true(lac_molecules_report(m).steps == 2);
    assert_true(lac_molecules_events(m)[0] - lac_molecules_events(m)[1] == total(m, 0, LINE));
    lac_molecules_free(m);
}

static void a_source_in_one_voxel_is_exact_in_long_steps(void **state)
{
    (void)state;
    source_in_one_voxel(false);
    source_in_one_voxel(true);
}

static void a_sink_in_one_voxel_is_exact_in_long_steps(void **state)
{
    (void)state;
    for (int fast = 0; fast < 2; fast++) {
        line_law law = plain_line(50);
        double mean[LINE], sum = 0;
        law.loss[5] = fast ? 20 : 1 / 60.0;
        lac_molecule_species s = {50, NULL};
        lac_molecule_reaction r = {
            .reactants = 1, .changes = 1, .change = {{0, -1}}, .coefficient_at = law.loss};
        lac_lattice line = line_of(LINE);
        lac_molecules *m;
        assert_ok(lac_molecules_create(&line, 1, &s, 1, &r, key_of(10), &m));
        for (size_t i = 0; i < LINE; i++)
            mean[i] = lac_molecules_count(m, 0)[i] = 20000;
        assert_ok(lac_molecules_advance(m, 60, 0.1));
        evolve(&law, mean, 60);
        for (size_t i = 0; i < LINE; i++)
            sum += mean[i];
        assert_follows(m, 0, mean, LINE);
        assert_near(lac_molecules_events(m)[0], LINE * 20000 - sum, 4 * sqrt(LINE * 20000 - sum));
        assert_true(lac_molecules_report(m).steps == 1);
        lac_molecules_free(m);
    }
}

/* A -> B -> C at uniform rates in one step: each moves while it is what it is. */
static void a_chain_moves_each_for_its_time(void **state)
{
    (void)state;
    enum { WIDE = 201 };
    const double d[3] = {50, 5, 0}, k[2] = {0.1, 0.2}, time = 12, count = 400000;
    lac_molecule_species s[3] = {{d[0], NULL}, {d[1], NULL}, {d[2], NULL}};
    lac_molecule_reaction r[2] = {{.reactants = 1,
                                   .reactant = {0},
                                   .changes = 2,
                                   .change = {{0, -1}, {1, 1}},
                                   .coefficient = k[0]},
                                  {.reactants = 1,
                                   .reactant = {1},
                                   .changes = 2,
                                   .change = {{1, -1}, {2, 1}},
                                   .coefficient = k[1]}};
    lac_lattice line = line_of(WIDE);
    lac_molecules *m;
    assert_ok(lac_molecules_create(&line, 3, s, 2, r, key_of(11), &m));
    lac_molecules_count(m, 0)[WIDE / 2] = (int32_t)count;
    assert_ok(lac_molecules_advance(m, time, 0.1));
    /* n_i and second moments M_i by their equations: M' = k M_before - k M + 2 D n. */
    double n[3] = {count, 0, 0}, square[3] = {0};
    for (int step = 0; step < 120000; step++) {
        const double h = time / 120000;
        double flow[2] = {k[0] * n[0] * h, k[1] * n[1] * h};
        double carried[2] = {k[0] * square[0] * h, k[1] * square[1] * h};
        for (int i = 0; i < 3; i++) {
            square[i] +=
                2 * d[i] * n[i] * h + (i > 0 ? carried[i - 1] : 0) - (i < 2 ? carried[i] : 0);
            n[i] += (i > 0 ? flow[i - 1] : 0) - (i < 2 ? flow[i] : 0);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        double sum = 0, fourth = 0;
        for (int v = 0; v < WIDE; v++) {
            double x = 20.0 * (v - WIDE / 2);
            sum += lac_molecules_count(m, i)[v] * x * x;
            fourth += lac_molecules_count(m, i)[v] * x * x * x * x;
        }
        assert_near(total(m, i, WIDE), n[i], 4 * sqrt(n[i]));
        assert_near(sum, square[i], 4 * sqrt(fourth));
    }
    lac_molecules_free(m);
}

/* --- pairs ------------------------------------------------------------------------------------ */

/* A + B <-> C in a box: from no C the numbers relax as with steps 16 times shorter. */
static double formed(double accuracy, uint64_t seed, double *steps)
{
    lac_lattice box = {{16, 16, 16}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    lac_molecule_species s[3] = {{50, NULL}, {50, NULL}, {50, NULL}};
    lac_molecule_reaction r[2] = {{.reactants = 2,
                                   .reactant = {0, 1},
                                   .changes = 3,
                                   .change = {{0, -1}, {1, -1}, {2, 1}},
                                   .coefficient = 0.01},
                                  {.reactants = 1,
                                   .reactant = {2},
                                   .changes = 3,
                                   .change = {{0, 1}, {1, 1}, {2, -1}},
                                   .coefficient = 0.03}};
    lac_molecules *m;
    assert_ok(lac_molecules_create(&box, 3, s, 2, r, key_of(seed), &m));
    for (size_t v = 0; v < 4096; v++)
        lac_molecules_count(m, 0)[v] = lac_molecules_count(m, 1)[v] = 3;
    assert_ok(lac_molecules_advance(m, 10, accuracy));
    double c = total(m, 2, 4096);
    assert_true(total(m, 0, 4096) + c == 3 * 4096);
    assert_true(total(m, 1, 4096) + c == 3 * 4096);
    *steps = lac_molecules_report(m).steps;
    assert_int_equal(lac_molecules_report(m).ruled, LAC_MOLECULES_LOSS);
    lac_molecules_free(m);
    return c;
}

static void pairs_meet_as_with_short_steps(void **state)
{
    (void)state;
    enum { RUNS = 6 };
    double coarse = 0, fine = 0, few, many;
    for (uint64_t k = 0; k < RUNS; k++) {
        coarse += formed(0.1, 20 + k, &few) / RUNS;
        fine += formed(0.1 / 8, 40 + k, &many) / RUNS;
    }
    assert_true(few <= 24 && many >= 6 * few);
    assert_near(coarse / fine, 1, 4 * sqrt(2 / (RUNS * fine)));
}

/* Nobody shares a voxel at the start, so nothing reacts there yet; the step is bounded all the
 * same. */
static void those_that_are_yet_to_meet_bound_the_step(void **state)
{
    (void)state;
    lac_lattice line = line_of(2);
    lac_molecule_species s[2] = {{200, NULL}, {100, NULL}};
    lac_molecule_reaction r = {.reactants = 2,
                               .reactant = {0, 1},
                               .changes = 2,
                               .change = {{0, -1}, {1, -1}},
                               .coefficient = 0.25};
    lac_molecules *m;
    assert_ok(lac_molecules_create(&line, 2, s, 1, &r, key_of(13), &m));
    lac_molecules_count(m, 0)[0] = 6;
    lac_molecules_count(m, 1)[1] = 5;
    assert_ok(lac_molecules_advance(m, 0.5, 0.1));
    assert_int_equal(lac_molecules_report(m).ruled, LAC_MOLECULES_LOSS);
    assert_true(lac_molecules_report(m).steps >= 6);
    lac_molecules_free(m);
}

/* --- the same bits ---------------------------------------------------------------------------- */

typedef struct world {
    double diffusivity[4096], sink[4096];
    lac_molecules *m;
} world;

static void world_make(world *w, int threads)
{
    lac_lattice box = {{16, 16, 16}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    lac_threads_set(threads);
    for (size_t v = 0; v < 4096; v++) {
        w->diffusivity[v] = 10 + (double)(v % 7);
        w->sink[v] = v % 31 == 0 ? 0.5 : 0;
    }
    lac_molecule_species s[3] = {{50, NULL}, {0, w->diffusivity}, {0, NULL}};
    lac_molecule_reaction r[3] = {{.reactants = 2,
                                   .reactant = {0, 1},
                                   .changes = 3,
                                   .change = {{0, -1}, {1, -1}, {2, 1}},
                                   .coefficient = 0.05},
                                  {.reactants = 1,
                                   .reactant = {1},
                                   .changes = 2,
                                   .change = {{1, -1}, {0, 2}},
                                   .coefficient_at = w->sink},
                                  {.changes = 1, .change = {{1, 1}}, .coefficient = 0.02}};
    assert_ok(lac_molecules_create(&box, 3, s, 3, r, key_of(12), &w->m));
    for (size_t v = 0; v < 4096; v++)
        lac_molecules_count(w->m, 0)[v] = lac_molecules_count(w->m, 1)[v] = (int32_t)(v % 4);
}

static void assert_same(world *a, world *b)
{
    for (size_t s = 0; s < 3; s++)
        assert_memory_equal(lac_molecules_count(a->m, s), lac_molecules_count(b->m, s),
                            4096 * sizeof(int32_t));
    assert_memory_equal(lac_molecules_events(a->m), lac_molecules_events(b->m), 3 * sizeof(double));
    assert_memory_equal(lac_molecules_bias(a->m), lac_molecules_bias(b->m),
                        3 * 4096 * sizeof(double));
    assert_true(fabs(lac_sum(lac_molecules_bias(a->m), 3 * 4096)) > 0);
}

static void one_thread_and_seven_give_the_same_bits(void **state)
{
    (void)state;
    static const int threads[] = {2, 3, 7};
    static world one, many;
    world_make(&one, 1);
    assert_ok(lac_molecules_advance(one.m, 6, 0.1));
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        world_make(&many, threads[k]);
        assert_ok(lac_molecules_advance(many.m, 6, 0.1));
        assert_same(&one, &many);
        lac_molecules_free(many.m);
    }
    lac_molecules_free(one.m);
    lac_threads_set(0);
}

/* Given by voxel, the same everywhere, is given as one number: by kernels, also after a change. */
static void what_is_the_same_everywhere_is_one_number(void **state)
{
    (void)state;
    enum { VOXELS = 4096 };
    const lac_lattice box = {{16, 16, 16}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    static double diffusivity[VOXELS], loss[VOXELS];
    lac_molecule_species s[2] = {{0, diffusivity}, {50, NULL}};
    lac_molecule_reaction r = {
        .reactants = 1, .changes = 1, .change = {{0, -1}}, .coefficient = 0.1};
    lac_molecules *m[2];
    for (int k = 0; k < 2; k++) {
        for (size_t v = 0; v < VOXELS; v++) {
            diffusivity[v] = 20;
            loss[v] = 0.3;
        }
        r.coefficient_at = k == 0 ? loss : NULL;
        assert_ok(lac_molecules_create(&box, 1, &s[k], 1, &r, key_of(9), &m[k]));
        assert_ok(lac_molecules_advance(m[k], 1, 0.1)); /* without any */
        for (size_t v = 0; v < VOXELS; v++) {
            diffusivity[v] = 50;
            loss[v] = 0.1;
        }
        assert_ok(lac_molecules_changed(m[k]));
        for (size_t v = 0; v < VOXELS; v++)
            lac_molecules_count(m[k], 0)[v] = (int32_t)(v % 4);
        assert_ok(lac_molecules_advance(m[k], 1, 0.1));
    }
    assert_memory_equal(lac_molecules_count(m[0], 0), lac_molecules_count(m[1], 0),
                        VOXELS * sizeof(int32_t));
    diffusivity[7] = 10; /* no longer: it walks */
    assert_ok(lac_molecules_changed(m[0]));
    for (int k = 0; k < 2; k++)
        assert_ok(lac_molecules_advance(m[k], 1, 0.1));
    assert_memory_not_equal(lac_molecules_count(m[0], 0), lac_molecules_count(m[1], 0),
                            VOXELS * sizeof(int32_t));
    lac_molecules_free(m[0]);
    lac_molecules_free(m[1]);
}

/* What a checkpoint holds: the blocks and the counts. */
static void what_is_resumed_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    static world straight, second;
    lac_block_list from = {0}, to = {0};
    world_make(&straight, 1);
    world_make(&second, 1);
    assert_ok(lac_molecules_advance(straight.m, 3, 0.1));
    lac_molecules_blocks(straight.m, "molecules", &from);
    lac_molecules_blocks(second.m, "molecules", &to);
    assert_true(from.count == to.count && from.count > 0);
    for (size_t k = 0; k < from.count; k++) {
        const size_t size = from.block[k].type == LAC_BLOCK_BYTES ? 1 : sizeof(double);
        memcpy(to.block[k].data, from.block[k].data, from.block[k].count * size);
    }
    for (size_t s = 0; s < 3; s++)
        memcpy(lac_molecules_count(second.m, s), lac_molecules_count(straight.m, s),
               4096 * sizeof(int32_t));
    assert_ok(lac_molecules_advance(straight.m, 3, 0.1));
    assert_ok(lac_molecules_advance(second.m, 3, 0.1));
    assert_same(&straight, &second);
    lac_molecules_free(straight.m);
    lac_molecules_free(second.m);
    lac_threads_set(0);
}

static void another_seed_gives_another_course(void **state)
{
    (void)state;
    lac_lattice line = line_of(LINE);
    lac_molecule_species s = {50, NULL};
    int32_t seen[2][LINE];
    for (uint64_t seed = 0; seed < 2; seed++) {
        lac_molecules *m;
        assert_ok(lac_molecules_create(&line, 1, &s, 0, NULL, key_of(seed), &m));
        lac_molecules_count(m, 0)[3] = 1000;
        assert_ok(lac_molecules_advance(m, 10, 0.1));
        memcpy(seen[seed], lac_molecules_count(m, 0), sizeof seen[seed]);
        lac_molecules_free(m);
    }
    assert_memory_not_equal(seen[0], seen[1], sizeof seen[0]);
}

static void a_lack_of_memory_is_told(void **state)
{
    (void)state;
    static world w;
    lac_status status = LAC_OK;
    const size_t alive = lac_memory_alive();
    lac_lattice box = {{16, 4, 16}, {1 / 400.0, 1 / 400.0, 1 / 400.0}, NULL, NULL};
    lac_molecule_species s[2] = {{50, NULL}, {5, NULL}};
    lac_molecule_reaction r = {.changes = 1, .change = {{0, 1}}, .coefficient = 0.1};
    (void)w;
    lac_threads_set(1);
    for (size_t n = 1; n < 200; n++) {
        lac_molecules *m = NULL;
        lac_memory_fail_at(n);
        status = lac_molecules_create(&box, 2, s, 1, &r, key_of(1), &m);
        if (status == LAC_OK)
            status = lac_molecules_advance(m, 10, 0.1);
        lac_memory_fail_at(0);
        lac_molecules_free(m);
        assert_true(lac_memory_alive() == alive);
        if (status == LAC_OK)
            break;
        assert_int_equal(status, LAC_MEMORY);
    }
    assert_int_equal(status, LAC_OK);
    lac_threads_set(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_of_a_kernel_are_whole_and_symmetric),
        cmocka_unit_test(molecules_spread_by_the_master_equation),
        cmocka_unit_test(mean_square_displacement_is_that_of_each_axis),
        cmocka_unit_test(what_is_flat_and_poisson_remains_so),
        cmocka_unit_test(a_cosine_relaxes_at_its_rate),
        cmocka_unit_test(layers_of_diffusivity_hold_flat_and_relax_by_the_master_equation),
        cmocka_unit_test(molecules_stay_out_of_what_is_inactive),
        cmocka_unit_test(a_source_in_one_voxel_is_exact_in_long_steps),
        cmocka_unit_test(a_sink_in_one_voxel_is_exact_in_long_steps),
        cmocka_unit_test(a_chain_moves_each_for_its_time),
        cmocka_unit_test(pairs_meet_as_with_short_steps),
        cmocka_unit_test(those_that_are_yet_to_meet_bound_the_step),
        cmocka_unit_test(one_thread_and_seven_give_the_same_bits),
        cmocka_unit_test(what_is_the_same_everywhere_is_one_number),
        cmocka_unit_test(what_is_resumed_goes_on_with_the_same_bits),
        cmocka_unit_test(another_seed_gives_another_course),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
