/* Tests of network/network.h: rates and extents, the Jacobian, the local factor, invariants.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "handmade.h"
#include "loading/scenario.h"
#include "network/network.h"

enum { VOXELS = 9000, FIELDS = 6, POOLS = 3, PARAMETERS = 3 };

static const double weight = 8000; /* [um^3] */

/* A network with all that matters: binding, catalysts, a law of a pool, a region, pools. */
typedef struct scene {
    handmade made;
    lac_layout layout;
    lac_frame frame;
    double *value, *position, *region, *active;
    const double *regions[1];
    double parameter[PARAMETERS], input[1], input_rate[1];
    lac_network *network;
} scene;

static void tissue_part(handmade *made)
{
    lac_process *p = handmade_process(made, true, times(par(0), times(var(0), var(1))));
    handmade_change(p, 0, -1, -1); /* 0 + 1 -> 2 */
    handmade_change(p, 1, -1, -1);
    handmade_change(p, 2, 1, 1);
    p = handmade_process(made, true, times(par(1), var(2)));
    handmade_change(p, 0, 1, 1);
    handmade_change(p, 1, 1, 1);
    handmade_change(p, 2, -1, -1);
    p = handmade_process(made, true, times(num(0.3), var(0)));
    handmade_change(p, 0, -1, -1); /* own loss */
    p = handmade_process(made, true, hill(var(0), num(0.1), num(2)));
    handmade_change(p, 0, -1, -1); /* saturable own loss */
    p = handmade_process(made, true, times(var(3), hill(var(4), num(0.5), par(2))));
    handmade_change(p, 1, 1, 1); /* secretion, in the region only */
    p->region = 0;
    p = handmade_process(made, true, times(var(3), times(var(5), var(FIELDS))));
    handmade_change(p, 3, -1, -1); /* 3 -> 2 x 4, driven by a field and a pool */
    handmade_change(p, 4, 2, 2);
    p = handmade_process(made, true, times(symbol(LAC_SYMBOL_INPUT, 0), var(4)));
    handmade_change(p, 4, -1, -1);
    handmade_change(p, 5, 1, 1);
    handmade_process(made, true, num(0)); /* a law that is zero */
}

static void pool_part(handmade *made)
{
    lac_process *p =
        handmade_process(made, false, times(num(2), hill(var(FIELDS), num(1), num(1))));
    handmade_change(p, FIELDS, -1, -0.5); /* volume 2 */
    handmade_change(p, FIELDS + 1, 1, 0.5);
    p = handmade_process(made, false, times(var(FIELDS + 1), var(FIELDS + 2)));
    handmade_change(p, FIELDS + 1, -1, -0.5);
    p = handmade_process(made, false, symbol(LAC_SYMBOL_TIME, 0));
    handmade_change(p, FIELDS + 2, 1, 0.5);
}

static void scene_values(scene *s, uint64_t *seed)
{
    for (size_t k = 0; k < VOXELS; k++) {
        s->region[k] = pick(seed, 2) ? 1 : 0;
        s->active[k] = k >= 700 && k < 760 ? 0 : 1;
        for (size_t f = 0; f < FIELDS; f++)
            s->value[f * s->layout.tract[0].stride + k] = s->active[k] != 0 ? some(seed, 0, 2) : 0;
    }
    for (size_t p = 0; p < POOLS; p++)
        s->value[FIELDS * s->layout.tract[0].stride + p] = some(seed, 0.1, 2);
}

static void scene_begin(scene *s)
{
    uint64_t seed = 99;
    memset(s, 0, sizeof *s);
    handmade_begin(&s->made, FIELDS, POOLS, PARAMETERS);
    tissue_part(&s->made);
    pool_part(&s->made);
    s->layout = lac_layout_of(FIELDS, VOXELS, POOLS);
    s->value = lac_alloc(s->layout.length, sizeof(double));
    s->position = lac_alloc(VOXELS, sizeof(double));
    s->region = lac_alloc(VOXELS, sizeof(double));
    s->active = lac_alloc(VOXELS, sizeof(double));
    s->regions[0] = s->region;
    scene_values(s, &seed);
    s->parameter[0] = 5;
    s->parameter[1] = 0.7;
    s->parameter[2] = 1.5;
    s->input[0] = 0.4;
    s->input_rate[0] = 3;
    s->frame = (lac_frame){.layout = &s->layout,
                           .value = s->value,
                           .parameter = s->parameter,
                           .position = {s->position, s->position, s->position},
                           .region = s->regions,
                           .active = s->active,
                           .input = s->input,
                           .input_rate = s->input_rate,
                           .time = 2};
    assert_ok(lac_network_create(&s->made.model, &s->layout, weight, &s->network));
}

static void scene_end(scene *s)
{
    lac_network_free(s->network);
    lac_free(s->value);
    lac_free(s->position);
    lac_free(s->region);
    lac_free(s->active);
    handmade_end(&s->made);
}

static double *vector(const scene *s)
{
    double *v = lac_alloc(s->layout.length, sizeof(double));
    assert_non_null(v);
    return v;
}

/* A random vector that is 0 in inactive voxels and in padding. */
static double *some_vector(const scene *s, uint64_t *seed)
{
    double *v = vector(s);
    for (size_t f = 0; f < FIELDS; f++)
        for (size_t k = 0; k < VOXELS; k++)
            v[f * s->layout.tract[0].stride + k] = s->active[k] != 0 ? some(seed, -1, 1) : 0;
    for (size_t p = 0; p < POOLS; p++)
        v[FIELDS * s->layout.tract[0].stride + p] = some(seed, -1, 1);
    return v;
}

static double rate_at(const scene *s, size_t process, size_t voxel)
{
    const lac_process *p = &s->made.process[process];
    if (p->in_tissue && s->active[voxel] == 0)
        return 0;
    if (p->region != LAC_NONE && s->region[voxel] == 0)
        return 0;
    twin_place at = {&s->made.model, &s->frame, voxel};
    return twin_value(p->rate, &at);
}

/* ---- rates ------------------------------------------------------------------------------------
 */

static void rates_and_extents_agree_with_the_slow_twin(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    double *derivative = vector(&s), *twin = vector(&s), extent[16], total[16] = {0};
    derivative[3] = twin[3] = 1; /* it adds */
    lac_network_derivative(s.network, &s.frame, derivative, extent);
    for (size_t p = 0; p < s.made.model.processes; p++) {
        const lac_process *process = &s.made.process[p];
        for (size_t voxel = 0; voxel < (process->in_tissue ? VOXELS : 1); voxel++) {
            double rate = rate_at(&s, p, voxel);
            total[p] += rate * (process->in_tissue ? weight : 1);
            for (size_t k = 0; k < process->changes; k++)
                twin[lac_layout_at(&s.layout, process->change[k].variable) + voxel] +=
                    process->change[k].factor * rate;
        }
        assert_near(extent[p], total[p], 1e-12 * fabs(total[p]));
    }
    for (size_t k = 0; k < s.layout.length; k++)
        assert_near(derivative[k], twin[k], 1e-12 * (1 + fabs(twin[k])));
    lac_free(derivative);
    lac_free(twin);
    scene_end(&s);
}

static void inactive_voxels_get_exactly_zero_even_from_nan(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    for (size_t k = 700; k < 760; k++)
        for (size_t f = 0; f < FIELDS; f++)
            s.value[f * s.layout.tract[0].stride + k] = NAN;
    double *derivative = vector(&s), extent[16];
    lac_network_derivative(s.network, &s.frame, derivative, extent);
    for (size_t f = 0; f < FIELDS; f++)
        for (size_t k = 700; k < 760; k++)
            assert_true(derivative[f * s.layout.tract[0].stride + k] == 0);
    for (size_t p = 0; p < s.made.model.processes; p++)
        assert_true(extent[p] == extent[p]);
    lac_free(derivative);
    scene_end(&s);
}

static void the_time_derivative_comes_from_inputs_and_time(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    assert_true(lac_network_depends_on_time(s.network));
    double *derivative = vector(&s), extent[16];
    lac_network_time_derivative(s.network, &s.frame, derivative, extent);
    for (size_t k = 0; k < VOXELS; k++) {
        double rate = s.active[k] != 0 ? 3 * s.value[4 * s.layout.tract[0].stride + k] : 0;
        assert_near(derivative[5 * s.layout.tract[0].stride + k], rate, 1e-13);
        assert_near(derivative[0 * s.layout.tract[0].stride + k], 0, 0);
    }
    assert_near(derivative[FIELDS * s.layout.tract[0].stride + 2], 0.5, 0);
    assert_near(extent[s.made.model.processes - 1], 1, 0);
    assert_near(extent[0], 0, 0);
    lac_free(derivative);
    scene_end(&s);
}

static void one_thread_and_four_give_identical_bits(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 6;
    double *v = some_vector(&s, &seed), *result[2];
    double extent[2][32] = {{0}}, shift[FIELDS] = {0};
    const unsigned char mobile[FIELDS] = {1, 1, 1, 0, 0, 0};
    int threads = lac_threads();
    assert_ok(lac_network_factor_prepare(s.network, mobile));
    for (int k = 0; k < 2; k++) {
        lac_threads_set(k ? 4 : 1);
        result[k] = vector(&s);
        lac_network_derivative(s.network, &s.frame, result[k], extent[k]);
        lac_network_linearise(s.network, &s.frame);
        lac_network_times(s.network, v, result[k], extent[k] + 16);
        assert_ok(lac_network_factor(s.network, 0.1, shift));
        lac_network_factor_solve(s.network, result[k]);
    }
    lac_threads_set(threads);
    assert_memory_equal(result[0], result[1], s.layout.length * sizeof(double));
    assert_memory_equal(extent[0], extent[1], sizeof extent[0]);
    lac_free(v);
    lac_free(result[0]);
    lac_free(result[1]);
    scene_end(&s);
}

/* ---- Jacobian ---------------------------------------------------------------------------------
 */

static void jacobian_products_agree_with_central_differences(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 17;
    const double step = 1e-6;
    for (size_t f = 0; f < FIELDS; f++) /* away from the kink at 0 */
        for (size_t k = 0; k < VOXELS; k++)
            s.value[f * s.layout.tract[0].stride + k] += s.active[k] != 0 ? 0.01 : 0;
    double *v = some_vector(&s, &seed), *product = vector(&s), *side[2], extent[3][16];
    lac_network_linearise(s.network, &s.frame);
    lac_network_times(s.network, v, product, extent[2]);
    for (int k = 0; k < 2; k++) {
        side[k] = vector(&s);
        lac_add_scaled(s.value, k ? -2 * step : step, v, s.layout.length);
        lac_network_derivative(s.network, &s.frame, side[k], extent[k]);
    }
    for (size_t k = 0; k < s.layout.length; k++)
        assert_near(product[k], (side[0][k] - side[1][k]) / (2 * step),
                    1e-7 * (1 + fabs(product[k])));
    for (size_t p = 0; p < s.made.model.processes; p++)
        assert_near(extent[2][p], (extent[0][p] - extent[1][p]) / (2 * step),
                    1e-6 * weight * VOXELS);
    lac_free(v);
    lac_free(product);
    lac_free(side[0]);
    lac_free(side[1]);
    scene_end(&s);
}

static void products_keep_the_linear_invariants(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 18;
    double *v = some_vector(&s, &seed), *product = vector(&s);
    lac_network_linearise(s.network, &s.frame);
    lac_network_times(s.network, v, product, NULL);
    size_t stride = s.layout.tract[0].stride;
    for (size_t k = 0; k < VOXELS; k++) /* 2 x [3] + [4] + [5] */
        assert_near(2 * product[3 * stride + k] + product[4 * stride + k] + product[5 * stride + k],
                    0, 1e-13);
    lac_free(v);
    lac_free(product);
    scene_end(&s);
}

static void own_loss_is_the_smallest_over_active_voxels(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_network_linearise(s.network, &s.frame);
    double least = INFINITY;
    for (size_t k = 0; k < VOXELS; k++) {
        double x = s.value[k], half = 0.01 + x * x;
        double loss = 0.3 + 2 * x * 0.01 / (half * half);
        if (s.active[k] != 0 && loss < least)
            least = loss;
    }
    assert_near(lac_network_own_loss(s.network, 0), least, 1e-14);
    for (size_t f = 1; f < FIELDS; f++)
        assert_near(lac_network_own_loss(s.network, f), 0, 0);
    scene_end(&s);
}

/* ---- the factor -------------------------------------------------------------------------------
 */

static int changes_it(const lac_process *p, size_t variable)
{
    for (size_t k = 0; k < p->changes; k++)
        if (p->change[k].variable == variable)
            return 1;
    return 0;
}

/* d(rate)/d(field) by the law written as a tree: a central difference of the twin. */
static double slope_at(scene *s, size_t process, size_t field, size_t voxel)
{
    double *x = &s->value[field * s->layout.tract[0].stride + voxel], kept = *x, step = 1e-5;
    *x = kept + step;
    double above = rate_at(s, process, voxel);
    *x = kept - step;
    double below = rate_at(s, process, voxel);
    *x = kept;
    return (above - below) / (2 * step);
}

/* R of one voxel by the definition. */
static void dense_factor(scene *s, size_t voxel, double g, const double *shift,
                         const unsigned char *mobile, double r[FIELDS][FIELDS])
{
    memset(r, 0, sizeof(double) * FIELDS * FIELDS);
    for (size_t f = 0; f < FIELDS; f++)
        r[f][f] = 1 - g * shift[f];
    for (size_t p = 0; p < s->made.model.tissue_processes; p++) {
        const lac_process *process = &s->made.process[p];
        int stays = 1;
        for (size_t k = 0; k < process->changes; k++)
            stays &= !mobile[process->change[k].variable];
        for (size_t j = 0; j < FIELDS; j++)
            for (size_t k = 0; k < process->changes; k++)
                if (changes_it(process, j) || (stays && !mobile[j]))
                    r[process->change[k].variable][j] -=
                        g * process->change[k].factor * slope_at(s, p, j, voxel);
    }
}

static void the_factor_solves_what_its_definition_says(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 31;
    const unsigned char mobile[FIELDS] = {1, 1, 0, 0, 0, 0};
    const double shift[FIELDS] = {0.25, 0, 0, 0, 0, 0}, g = 0.3;
    for (size_t f = 0; f < FIELDS; f++)
        for (size_t k = 0; k < VOXELS; k++)
            s.value[f * s.layout.tract[0].stride + k] += s.active[k] != 0 ? 0.01 : 0;
    double *v = some_vector(&s, &seed), *solved = vector(&s), r[FIELDS][FIELDS];
    memcpy(solved, v, s.layout.length * sizeof(double));
    lac_network_linearise(s.network, &s.frame);
    assert_ok(lac_network_factor_prepare(s.network, mobile));
    assert_ok(lac_network_factor(s.network, g, shift));
    lac_network_factor_solve(s.network, solved);
    for (size_t voxel = 0; voxel < VOXELS; voxel += 7) {
        if (s.active[voxel] == 0)
            continue;
        dense_factor(&s, voxel, g, shift, mobile, r);
        for (size_t i = 0; i < FIELDS; i++) {
            double sum = 0;
            for (size_t j = 0; j < FIELDS; j++)
                sum += r[i][j] * solved[j * s.layout.tract[0].stride + voxel];
            assert_near(sum, v[i * s.layout.tract[0].stride + voxel], 1e-8);
        }
    }
    for (size_t f = 0; f < FIELDS; f++)
        for (size_t k = 700; k < 760; k++)
            assert_near(solved[f * s.layout.tract[0].stride + k], 0, 0);
    lac_free(v);
    lac_free(solved);
    scene_end(&s);
}

static void pools_are_solved_with_their_full_jacobian(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 32;
    const unsigned char mobile[FIELDS] = {1, 1, 1, 1, 1, 1};
    const double shift[FIELDS] = {0}, g = 0.7;
    double *v = some_vector(&s, &seed), *solved = vector(&s), *product = vector(&s);
    size_t pool = FIELDS * s.layout.tract[0].stride;
    memcpy(solved, v, s.layout.length * sizeof(double));
    lac_network_linearise(s.network, &s.frame);
    assert_ok(lac_network_factor_prepare(s.network, mobile));
    assert_ok(lac_network_factor(s.network, g, shift));
    lac_network_factor_solve(s.network, solved);
    lac_network_times(s.network, solved, product, NULL);
    for (size_t p = 0; p < POOLS; p++)
        assert_near(solved[pool + p] - g * product[pool + p], v[pool + p], 1e-13);
    lac_free(v);
    lac_free(solved);
    lac_free(product);
    scene_end(&s);
}

static void the_factor_keeps_linear_invariants(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    uint64_t seed = 33;
    const unsigned char mobile[FIELDS] = {1, 1, 1, 0, 1, 0};
    double *v = some_vector(&s, &seed), shift[FIELDS] = {0};
    size_t stride = s.layout.tract[0].stride;
    double before[VOXELS];
    for (size_t k = 0; k < VOXELS; k++)
        before[k] = 2 * v[3 * stride + k] + v[4 * stride + k] + v[5 * stride + k];
    lac_network_linearise(s.network, &s.frame);
    shift[0] = lac_network_own_loss(s.network, 0);
    assert_ok(lac_network_factor_prepare(s.network, mobile));
    assert_ok(lac_network_factor(s.network, 10, shift));
    lac_network_factor_solve(s.network, v);
    for (size_t k = 0; k < VOXELS; k++)
        assert_near(2 * v[3 * stride + k] + v[4 * stride + k] + v[5 * stride + k], before[k],
                    1e-12);
    lac_free(v);
    scene_end(&s);
}

static void a_singular_factor_is_reported_with_species_and_voxel(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    const unsigned char mobile[FIELDS] = {1, 1, 1, 1, 1, 1};
    const double shift[FIELDS] = {0};
    s.value[4 * s.layout.tract[0].stride + 900] = NAN; /* field 4: sensed in 4 -> secretion of 1 */
    s.value[0 * s.layout.tract[0].stride + 812] = NAN;
    lac_network_linearise(s.network, &s.frame);
    assert_ok(lac_network_factor_prepare(s.network, mobile));
    assert_int_equal(lac_network_factor(s.network, 1, shift), LAC_NUMERICS);
    assert_text_has(lac_failure(), "v0");
    assert_text_has(lac_failure(), "voxel 812");
    scene_end(&s);
}

/* A chain of 14 that bind each other in pairs: sparse elimination against the product. */
static void a_block_of_fourteen_is_eliminated_sparsely(void **state)
{
    (void)state;
    enum { MANY = 14, SOME = 40 };
    handmade made;
    handmade_begin(&made, MANY, 0, 1);
    for (size_t k = 0; k + 2 < MANY; k += 2) { /* k + (k + 2) <-> k + 1 */
        lac_process *p = handmade_process(&made, true, times(num(1e6), times(var(k), var(k + 2))));
        lac_process *q = handmade_process(&made, true, times(num(3), var(k + 1)));
        for (size_t way = 0; way < 2; way++) {
            lac_process *r = way ? q : p;
            double sign = way ? 1 : -1;
            handmade_change(r, k, sign, sign);
            handmade_change(r, k + 2, sign, sign);
            handmade_change(r, k + 1, -sign, -sign);
        }
    }
    lac_layout layout = lac_layout_of(MANY, SOME, 0);
    double *value = lac_alloc(layout.length, sizeof(double)), parameter[1] = {0};
    double *v = lac_alloc(layout.length, sizeof(double));
    double *solved = lac_alloc(layout.length, sizeof(double));
    double *product = lac_alloc(layout.length, sizeof(double));
    uint64_t seed = 41;
    for (size_t f = 0; f < MANY; f++)
        for (size_t k = 0; k < SOME; k++) {
            value[f * layout.tract[0].stride + k] = some(&seed, 0, 1);
            solved[f * layout.tract[0].stride + k] = v[f * layout.tract[0].stride + k] =
                some(&seed, -1, 1);
        }
    lac_frame frame = {.layout = &layout, .value = value, .parameter = parameter};
    lac_network *network;
    unsigned char mobile[MANY];
    double shift[MANY] = {0};
    memset(mobile, 1, sizeof mobile);
    assert_ok(lac_network_create(&made.model, &layout, 1, &network));
    lac_network_linearise(network, &frame);
    assert_ok(lac_network_factor_prepare(network, mobile));
    assert_ok(lac_network_factor(network, 2, shift));
    assert_true(lac_network_about(network).factor_entries <= 5 * MANY);
    lac_network_factor_solve(network, solved);
    lac_network_times(network, solved, product, NULL);
    for (size_t k = 0; k < layout.length; k++)
        assert_near(solved[k] - 2 * product[k], v[k], 1e-8); /* here R is the whole Jacobian */
    lac_network_free(network);
    lac_free(value);
    lac_free(v);
    lac_free(solved);
    lac_free(product);
    handmade_end(&made);
}

/* ---- invariants -------------------------------------------------------------------------------
 */

static const double *weights_with(const lac_invariants *invariants, size_t variables,
                                  size_t variable)
{
    for (size_t k = 0; k < invariants->count; k++)
        if (invariants->weight[k * variables + variable] != 0)
            return invariants->weight + k * variables;
    return NULL;
}

static void conserved_moieties_are_found(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_invariants invariants;
    size_t variables = FIELDS + POOLS;
    assert_ok(lac_network_invariants(&s.made.model, &invariants));
    assert_int_equal(invariants.count, 1); /* 2 x [3] + [4] + [5] */
    const double *w = weights_with(&invariants, variables, 3);
    static const double truth[FIELDS + POOLS] = {0, 0, 0, 2, 1, 1, 0, 0, 0};
    assert_non_null(w);
    assert_memory_equal(w, truth, sizeof truth);
    lac_invariants_free(&invariants);
    scene_end(&s);
}

static void moieties_reach_across_exchange(void **state)
{
    (void)state;
    handmade made;
    handmade_begin(&made, 3, 2, 1);
    lac_process *p = handmade_process(&made, true, times(var(0), var(1)));
    handmade_change(p, 0, -1, -1); /* 0 + 1 -> 2 in the tissue; 0 exchanges with pool 3 */
    handmade_change(p, 1, -1, -1);
    handmade_change(p, 2, 1, 1);
    p = handmade_process(&made, false, var(3));
    handmade_change(p, 3, -1, -0.001); /* 3 -> 4 in the pool; the volume plays no part */
    handmade_change(p, 4, 1, 0.001);
    lac_boundary boundary = {.type = &lac_boundary_exchange, .variable = 0, .pool = 3};
    made.model.boundaries = 1;
    made.model.boundary = &boundary;
    lac_invariants invariants;
    assert_ok(lac_network_invariants(&made.model, &invariants));
    assert_int_equal(invariants.count, 2);
    static const double whole[5] = {1, 0, 1, 1, 1}, partner[5] = {0, 1, 1, 0, 0};
    assert_memory_equal(weights_with(&invariants, 5, 0), whole, sizeof whole);
    assert_memory_equal(weights_with(&invariants, 5, 1), partner, sizeof partner);
    lac_invariants_free(&invariants);
    handmade_end(&made);
}

static void a_difference_is_conserved_when_two_are_made_together(void **state)
{
    (void)state;
    handmade made;
    handmade_begin(&made, 2, 0, 1);
    lac_process *p = handmade_process(&made, true, num(1));
    handmade_change(p, 0, 0.5, 0.5);
    handmade_change(p, 1, 0.75, 0.75);
    lac_invariants invariants;
    assert_ok(lac_network_invariants(&made.model, &invariants));
    assert_int_equal(invariants.count, 1);
    assert_near(invariants.weight[0], 3, 0);
    assert_near(invariants.weight[1], -2, 0);
    lac_invariants_free(&invariants);
    handmade_end(&made);
}

/* ---- from text --------------------------------------------------------------------------------
 */

static const char scenario[] =
    "lacuna: 1\n"
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 2 mL}}\n"
    "tissue: {size: [40 um, 20 um, 200 um], voxel: 20 um, zones: {upper: 40 %, lower: 60 %}}\n"
    "run: {until: 10 d}\n"
    "species:\n"
    "  A: {molar_mass: 17 kDa, gel: {initial: 1 nM, diffusivity: 40 um^2/s}, bath: {initial: 2 nM}}\n"
    "  B: {molar_mass: 20 kDa, gel: {initial: 3 nM}, bath: {initial: 1 nM}}\n"
    "  C: {molar_mass: 37 kDa, gel: {initial: 0 nM}, bath: {initial: 0 nM}}\n"
    "  m: {unit: 1, gel: {initial: 0.9}}\n"
    "parameters:\n"
    "  K: {value: 2 nM, kind: prior}\n"
    "  n: {value: 2.5, kind: prior}\n"
    "  k_on: {value: 1e-3 1/(nM s), kind: prior}\n"
    "functions:\n  up(x, K, n): (x / K)^n / (1 + (x / K)^n)\n"
    "inputs: {load: {shape: linear, knots: [[0 d, 1], [8 d, 3]]}}\n"
    "reactions:\n"
    "  bind: {in: [gel, bath], equation: A + B <=> C, rate: k_on * A * B, reverse: 1e-4 1/s * C}\n"
    "  make: {in: gel, equation: -> A, rate: '1e-3 nM/s * up(C, K, n) * (1 - m) * load'}\n"
    "rates:\n"
    "  m: {in: gel, rate: '1e-5 1/s * (1 - m) - 1e-4 1/s * hill(A, K, n) * exp(-depth / 50 um) * m'}\n";

static double symbol_of_text(const void *context, lac_symbol symbol)
{
    return twin_symbol(symbol, context);
}

static void processes_of_a_text_go_at_the_rate_of_their_expressions(void **state)
{
    (void)state;
    enum { CELLS = 20 };
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "network.yaml", .text = scenario, .directory = "."}, &list,
        &model);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_layout layout = lac_layout_of(model->fields, CELLS, model->variables - model->fields);
    double *value = lac_alloc(layout.length, sizeof(double)), depth[CELLS], input, input_rate;
    double *derivative = lac_alloc(layout.length, sizeof(double)), parameter[16], extent[32];
    uint64_t seed = 77;
    for (size_t k = 0; k < layout.length; k++)
        value[k] = some(&seed, 0, 1e-3);
    for (size_t k = 0; k < CELLS; k++)
        depth[k] = 10.0 * (double)k;
    for (size_t k = 0; k < model->parameters; k++)
        parameter[k] = model->parameter[k].value;
    lac_frame frame = {.layout = &layout,
                       .value = value,
                       .parameter = parameter,
                       .position = {depth, depth, depth},
                       .input = &input,
                       .input_rate = &input_rate};
    lac_frame_at(&frame, model, 4 * 86400.0);
    assert_near(input, 2, 1e-12);
    lac_network *network;
    assert_ok(lac_network_create(model, &layout, weight, &network));
    lac_network_derivative(network, &frame, derivative, extent);
    assert_true(model->processes >= 7);
    for (size_t p = 0; p < model->processes; p++) {
        double total = 0;
        for (size_t voxel = 0; voxel < (p < model->tissue_processes ? CELLS : 1); voxel++) {
            twin_place at = {model, &frame, voxel};
            total += lac_expression_value(model->process[p].rate, symbol_of_text, &at) *
                     (p < model->tissue_processes ? weight : 1);
        }
        assert_true(total > 0);
        assert_near(extent[p], total, 1e-12 * total);
    }
    lac_network_free(network);
    lac_free(value);
    lac_free(derivative);
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

/* ---- memory -----------------------------------------------------------------------------------
 */

static void every_failing_allocation_comes_out(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    const unsigned char mobile[FIELDS] = {1, 1, 0, 0, 0, 0};
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    for (size_t n = 1; status == LAC_MEMORY; n++) {
        lac_network *network = NULL;
        lac_invariants invariants = {0};
        lac_memory_fail_at(n);
        status = lac_network_create(&s.made.model, &s.layout, weight, &network);
        if (status == LAC_OK)
            status = lac_network_factor_prepare(network, mobile);
        if (status == LAC_OK)
            status = lac_network_invariants(&s.made.model, &invariants);
        lac_invariants_free(&invariants);
        lac_network_free(network);
        assert_int_equal(lac_memory_alive(), alive);
        assert_true(n < 1000);
    }
    assert_int_equal(status, LAC_OK);
    lac_memory_fail_at(0);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_and_extents_agree_with_the_slow_twin),
        cmocka_unit_test(inactive_voxels_get_exactly_zero_even_from_nan),
        cmocka_unit_test(the_time_derivative_comes_from_inputs_and_time),
        cmocka_unit_test(one_thread_and_four_give_identical_bits),
        cmocka_unit_test(jacobian_products_agree_with_central_differences),
        cmocka_unit_test(products_keep_the_linear_invariants),
        cmocka_unit_test(own_loss_is_the_smallest_over_active_voxels),
        cmocka_unit_test(the_factor_solves_what_its_definition_says),
        cmocka_unit_test(pools_are_solved_with_their_full_jacobian),
        cmocka_unit_test(the_factor_keeps_linear_invariants),
        cmocka_unit_test(a_singular_factor_is_reported_with_species_and_voxel),
        cmocka_unit_test(a_block_of_fourteen_is_eliminated_sparsely),
        cmocka_unit_test(conserved_moieties_are_found),
        cmocka_unit_test(moieties_reach_across_exchange),
        cmocka_unit_test(a_difference_is_conserved_when_two_are_made_together),
        cmocka_unit_test(processes_of_a_text_go_at_the_rate_of_their_expressions),
        cmocka_unit_test(every_failing_allocation_comes_out),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
