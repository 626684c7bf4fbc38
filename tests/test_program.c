/* Tests of network/program.h: bytecode against the slow twin, elementary functions against the C
 * library, the same bits on every path.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "handmade.h"
#include "network/elementary.h"
#include "network/program.h"

enum { VOXELS = 1300, FIELDS = 4, POOLS = 2, PARAMETERS = 3 };

typedef struct scene {
    handmade made;
    lac_layout layout;
    lac_frame frame;
    double *value, *position, *region;
    const double *regions[1];
    double parameter[PARAMETERS], reduced[1];
} scene;

static void scene_begin(scene *s, uint64_t *seed)
{
    memset(s, 0, sizeof *s);
    handmade_begin(&s->made, FIELDS, POOLS, PARAMETERS);
    s->layout = lac_layout_of(FIELDS, VOXELS, POOLS);
    s->value = lac_alloc(s->layout.length, sizeof(double));
    s->position = lac_alloc(VOXELS, sizeof(double));
    s->region = lac_alloc(VOXELS, sizeof(double));
    for (size_t k = 0; k < s->layout.length; k++)
        s->value[k] = some(seed, -0.2, 2);
    for (size_t k = 0; k < VOXELS; k++) {
        s->position[k] = some(seed, 0, 100);
        s->region[k] = pick(seed, 2) ? 1 : 0;
    }
    for (size_t k = 0; k < PARAMETERS; k++)
        s->parameter[k] = some(seed, 0.5, 2);
    s->regions[0] = s->region;
    s->reduced[0] = 42;
    s->frame = (lac_frame){.layout = &s->layout,
                           .value = s->value,
                           .parameter = s->parameter,
                           .position = {s->position, s->position, s->position},
                           .region = s->regions,
                           .reduced = s->reduced,
                           .time = 3};
}

static void scene_end(scene *s)
{
    lac_free(s->value);
    lac_free(s->position);
    lac_free(s->region);
    handmade_end(&s->made);
}

static void compile(const scene *s, lac_expression *const *tree, size_t count,
                    lac_program **program)
{
    lac_graph *graph;
    lac_node node[64];
    assert_ok(lac_graph_create(&s->made.model, &graph));
    for (size_t k = 0; k < count; k++)
        assert_ok(lac_graph_add(graph, tree[k], &node[k]));
    assert_ok(lac_program_compile(graph, node, count, program));
    lac_graph_free(graph);
}

/* ---- bytecode ---------------------------------------------------------------------------------
 */

static void programs_agree_with_the_tree_walk(void **state)
{
    (void)state;
    uint64_t seed = 11;
    enum { LAWS = 12 };
    for (int round = 0; round < 25; round++) {
        scene s;
        scene_begin(&s, &seed);
        lac_expression *tree[LAWS];
        double *out[LAWS];
        for (size_t k = 0; k < LAWS; k++) {
            tree[k] = some_law(&s.made, &seed, 1 + (int)(k % 5));
            out[k] = lac_alloc(VOXELS, sizeof(double));
        }
        lac_program *program;
        compile(&s, tree, LAWS, &program);
        assert_ok(lac_program_fields(program, &s.frame, out));
        for (size_t k = 0; k < LAWS; k++)
            for (size_t voxel = 0; voxel < VOXELS; voxel += voxel < VOXELS - 8 ? 7 : 1) {
                twin_place at = {&s.made.model, &s.frame, voxel};
                double truth = twin_value(tree[k], &at);
                assert_near(out[k][voxel], truth, 1e-10 * (1 + fabs(truth)));
            }
        lac_program_free(program);
        for (size_t k = 0; k < LAWS; k++) {
            tree_free(tree[k]);
            lac_free(out[k]);
        }
        scene_end(&s);
    }
}

/* Every kernel that a pair of operations and kinds of operands can ask for. */
static void every_pair_of_operations_agrees_with_the_tree_walk(void **state)
{
    (void)state;
    static const lac_op op[] = {LAC_OP_ADD, LAC_OP_SUBTRACT, LAC_OP_MULTIPLY, LAC_OP_DIVIDE};
    uint64_t seed = 5;
    scene s;
    scene_begin(&s, &seed);
    double out[VOXELS];
    for (size_t k = 0; k < s.layout.length; k++)
        s.value[k] = some(&seed, 0.3, 2); /* away from poles */
    for (unsigned code = 0; code < 4 * 5 * 2 * 8; code++) {
        unsigned kinds = code % 8, swap = code / 8 % 2, outer = code / 16 % 5, inner = code / 80;
        lac_expression *a = kinds & 1 ? par(0) : var(0), *b = kinds & 2 ? par(1) : var(1);
        lac_expression *c = kinds & 4 ? par(2) : var(2);
        lac_expression *t = node2(op[inner], a, b), *tree;
        if (outer < 4)
            tree = swap ? node2(op[outer], c, t) : node2(op[outer], t, c);
        else if (swap)
            tree = node2(LAC_OP_DIVIDE, c, plus(tree_copy(c), t));
        else
            tree = node2(LAC_OP_DIVIDE, t, plus(c, tree_copy(t)));
        assert_ok(lac_evaluate_field(&s.made.model, tree, &s.frame, out));
        for (size_t voxel = 0; voxel < (kinds == 7 ? 1 : VOXELS); voxel += 13) {
            twin_place at = {&s.made.model, &s.frame, voxel};
            double truth = twin_value(tree, &at);
            assert_near(out[voxel], truth, 1e-10 * (1 + fabs(truth)));
        }
        tree_free(tree);
    }
    scene_end(&s);
}

static void uniform_programs_give_scalars(void **state)
{
    (void)state;
    uint64_t seed = 4;
    scene s;
    scene_begin(&s, &seed);
    s.value[lac_layout_at(&s.layout, FIELDS)] = 7;
    lac_expression *tree = plus(times(par(1), var(FIELDS)),
                                plus(symbol(LAC_SYMBOL_TIME, 0), symbol(LAC_SYMBOL_REDUCED, 0)));
    double value = 0;
    assert_ok(lac_evaluate_scalar(&s.made.model, tree, &s.frame, &value));
    assert_near(value, s.parameter[1] * 7 + 3 + 42, 1e-14 * 60);
    tree_free(tree);
    lac_expression *varying = var(0);
    assert_int_equal(lac_evaluate_scalar(&s.made.model, varying, &s.frame, &value), LAC_INTERNAL);
    tree_free(varying);
    scene_end(&s);
}

static void positions_and_regions_are_seen(void **state)
{
    (void)state;
    uint64_t seed = 8;
    scene s;
    scene_begin(&s, &seed);
    lac_expression *tree =
        node3(LAC_OP_IF, symbol(LAC_SYMBOL_REGION, 0), symbol(LAC_SYMBOL_DEPTH, 0), num(-1));
    double out[VOXELS];
    assert_ok(lac_evaluate_field(&s.made.model, tree, &s.frame, out));
    for (size_t voxel = 0; voxel < VOXELS; voxel++)
        assert_true(out[voxel] == (s.region[voxel] != 0 ? s.position[voxel] : -1));
    tree_free(tree);
    scene_end(&s);
}

static void a_field_may_be_replaced_by_an_expression_of_itself(void **state)
{
    (void)state;
    uint64_t seed = 9;
    scene s;
    scene_begin(&s, &seed);
    double before = s.value[1000];
    s.value[1000] = before = fabs(before);
    lac_expression *tree = plus(times(var(0), num(2)), times(var(0), var(0)));
    assert_ok(lac_evaluate_field(&s.made.model, tree, &s.frame, s.value));
    assert_near(s.value[1000], before * 2 + before * before, 1e-14);
    tree_free(tree);
    scene_end(&s);
}

static void nan_stays_nan(void **state)
{
    (void)state;
    uint64_t seed = 10;
    scene s;
    scene_begin(&s, &seed);
    s.value[17] = NAN;
    lac_expression *trees[] = {plus(var(0), num(1)),
                               hill(var(0), num(1), num(2)),
                               hill(var(0), num(1), num(2.3)),
                               node1(LAC_OP_EXP, var(0)),
                               node2(LAC_OP_MAX, var(1), var(0)),
                               node2(LAC_OP_MIN, var(1), var(0)),
                               node2(LAC_OP_POWER, var(0), num(7))};
    double out[VOXELS];
    for (size_t k = 0; k < sizeof trees / sizeof *trees; k++) {
        assert_ok(lac_evaluate_field(&s.made.model, trees[k], &s.frame, out));
        assert_true(isnan(out[17]));
        assert_true(out[16] == out[16]);
        tree_free(trees[k]);
    }
    scene_end(&s);
}

static void one_thread_and_four_give_identical_bits(void **state)
{
    (void)state;
    uint64_t seed = 12;
    scene s;
    scene_begin(&s, &seed);
    lac_expression *tree = some_law(&s.made, &seed, 5);
    tree = plus(tree, node2(LAC_OP_POWER, var(0), num(1.3)));
    double one[VOXELS], four[VOXELS];
    int threads = lac_threads();
    lac_threads_set(1);
    assert_ok(lac_evaluate_field(&s.made.model, tree, &s.frame, one));
    lac_threads_set(4);
    assert_ok(lac_evaluate_field(&s.made.model, tree, &s.frame, four));
    lac_threads_set(threads);
    assert_memory_equal(one, four, sizeof one);
    tree_free(tree);
    scene_end(&s);
}

/* A voxel's result does not depend on its place in a strip, so vector and remainder loops agree. */
static void vector_and_scalar_loops_give_identical_bits(void **state)
{
    (void)state;
    uint64_t seed = 13;
    for (int round = 0; round < 20; round++) {
        scene s;
        scene_begin(&s, &seed);
        lac_expression *tree = some_law(&s.made, &seed, 5);
        lac_program *program;
        compile(&s, &tree, 1, &program);
        double *uniform = lac_alloc(lac_program_uniform_size(program), sizeof(double));
        double *scratch = lac_alloc(lac_program_block_size(program), sizeof(double));
        double whole[LAC_BLOCK], single, *out = whole, *one = &single;
        lac_program_uniform(program, &s.frame, uniform);
        lac_program_block(program, &s.frame, uniform, 0, LAC_BLOCK, scratch, &out);
        for (size_t voxel = 0; voxel < LAC_BLOCK; voxel += 3) {
            lac_program_block(program, &s.frame, uniform, voxel, 1, scratch, &one);
            assert_memory_equal(&whole[voxel], &single, sizeof single);
        }
        lac_free(uniform);
        lac_free(scratch);
        lac_program_free(program);
        tree_free(tree);
        scene_end(&s);
    }
}

/* ---- elementary functions ---------------------------------------------------------------------
 */

/* Units in the last place between a value and the long double truth. */
static double ulps(double value, long double truth)
{
    double nearest = (double)truth;
    if (value == nearest || (isnan(value) && isnan(nearest)))
        return 0;
    if (!isfinite(nearest) || !isfinite(value))
        return INFINITY;
    double spacing = nextafter(fabs(nearest), INFINITY) - fabs(nearest);
    return (double)(fabsl((long double)value - truth) / spacing);
}

static void exp_and_log_are_within_two_ulp(void **state)
{
    (void)state;
    uint64_t seed = 21;
    double worst_exp = 0, worst_log = 0;
    for (int k = 0; k < 200000; k++) {
        double x = some(&seed, -744, 709.7), y = exp(some(&seed, -744, 709));
        if (k % 4 == 0)
            x = some(&seed, -1, 1), y = some(&seed, 0.5, 2);
        worst_exp = fmax(worst_exp, ulps(lac_exp(x), expl(x)));
        worst_log = fmax(worst_log, ulps(lac_log(y), logl(y)));
    }
    assert_true(worst_exp < 2);
    assert_true(worst_log < 1);
    assert_true(lac_exp(1000) == INFINITY && lac_exp(-1000) == 0 && lac_exp(0) == 1);
    assert_true(lac_exp(-INFINITY) == 0 && lac_exp(INFINITY) == INFINITY && isnan(lac_exp(NAN)));
    assert_true(lac_log(0) == -INFINITY && isnan(lac_log(-1)) && lac_log(1) == 0);
    assert_true(lac_log(INFINITY) == INFINITY && isnan(lac_log(NAN)));
}

static void powers_are_within_two_ulp(void **state)
{
    (void)state;
    uint64_t seed = 22;
    double worst = 0;
    for (int k = 0; k < 200000; k++) {
        double x = exp(some(&seed, -20, 20)), y = some(&seed, -30, 30);
        if (k % 4 == 0)
            x = some(&seed, 0.9, 1.1), y = some(&seed, -3000, 3000);
        long double truth = powl(x, y);
        if (truth > 1e-300L && truth < 1e308L)
            worst = fmax(worst, ulps(lac_power(x, y), truth));
    }
    assert_true(worst < 2);
    static const double x[] = {0, 0, 0, 2, -2, -2, -2, INFINITY, INFINITY, 1e300, 1e-300, -3, NAN};
    static const double y[] = {2, -2, 0, 0, 3, 2, 0.5, 2, -2, 2, 2, -3, 1};
    for (size_t k = 0; k < sizeof x / sizeof *x; k++)
        assert_true(ulps(lac_power(x[k], y[k]), pow(x[k], y[k])) < 1.5);
}

static void circular_and_hyperbolic_functions_are_within_two_ulp(void **state)
{
    (void)state;
    uint64_t seed = 23;
    double sine = 0, cosine = 0, tangent = 0;
    for (int k = 0; k < 200000; k++) {
        double range = k % 3 == 0 ? 1 : (k % 3 == 1 ? 100 : 1.5e6), x = some(&seed, -range, range);
        sine = fmax(sine, ulps(lac_sin(x), sinl(x)));
        cosine = fmax(cosine, ulps(lac_cos(x), cosl(x)));
        double z = some(&seed, -1, 1) * (k % 2 ? 1 : 25);
        tangent = fmax(tangent, ulps(lac_tanh(z), tanhl(z)));
    }
    assert_true(sine < 2);
    assert_true(cosine < 2);
    assert_true(tangent < 2.5);
    assert_true(lac_tanh(1e9) == 1 && lac_tanh(-1e9) == -1 && isnan(lac_tanh(NAN)));
    assert_true(lac_sin(0) == 0 && lac_cos(0) == 1 && isnan(lac_sin(INFINITY)));
    assert_near(lac_sin(1e9), sin(1e9), 2e-7); /* the argument counts to 1 ulp: 1.2e-7 */
}

/* ---- memory -----------------------------------------------------------------------------------
 */

static void every_failing_allocation_comes_out(void **state)
{
    (void)state;
    uint64_t seed = 14;
    scene s;
    scene_begin(&s, &seed);
    lac_expression *tree = plus(some_law(&s.made, &seed, 6), var(0));
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    double out[VOXELS];
    for (size_t n = 1; status == LAC_MEMORY; n++) {
        lac_memory_fail_at(n);
        status = lac_evaluate_field(&s.made.model, tree, &s.frame, out);
        assert_int_equal(lac_memory_alive(), alive);
        assert_true(n < 1000);
    }
    assert_int_equal(status, LAC_OK);
    lac_memory_fail_at(0);
    tree_free(tree);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_agree_with_the_tree_walk),
        cmocka_unit_test(every_pair_of_operations_agrees_with_the_tree_walk),
        cmocka_unit_test(uniform_programs_give_scalars),
        cmocka_unit_test(positions_and_regions_are_seen),
        cmocka_unit_test(a_field_may_be_replaced_by_an_expression_of_itself),
        cmocka_unit_test(nan_stays_nan),
        cmocka_unit_test(one_thread_and_four_give_identical_bits),
        cmocka_unit_test(vector_and_scalar_loops_give_identical_bits),
        cmocka_unit_test(exp_and_log_are_within_two_ulp),
        cmocka_unit_test(powers_are_within_two_ulp),
        cmocka_unit_test(circular_and_hyperbolic_functions_are_within_two_ulp),
        cmocka_unit_test(every_failing_allocation_comes_out),
    };
    return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
