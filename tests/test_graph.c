/* Tests of network/graph.h: sharing, simplification, derivatives.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "handmade.h"
#include "network/graph.h"
#include "network/graph_internal.h"

/* The value of a node by recursion, with the arithmetic that folding uses. */
static double node_value(const lac_graph *graph, lac_node node, const twin_place *at)
{
    const lac_graph_node *n = &graph->node[node];
    const lac_frame *frame = at->frame;
    switch (n->op) {
    case LAC_NODE_CONSTANT:
        return n->number;
    case LAC_NODE_PARAMETER:
        return frame->parameter[n->index];
    case LAC_NODE_VARIABLE:
        return frame->value[lac_layout_at(frame->layout, n->index)];
    case LAC_NODE_INPUT:
        return frame->input[n->index];
    case LAC_NODE_INPUT_RATE:
        return frame->input_rate[n->index];
    case LAC_NODE_TIME:
        return frame->time;
    default:
        break;
    }
    double v[3] = {0, 0, 0};
    for (size_t k = 0; k < lac_node_args(n->op); k++)
        v[k] = node_value(graph, n->arg[k], at);
    return lac_node_value(n->op, v[0], v[1], v[2]);
}

typedef struct scene {
    handmade made;
    lac_layout layout;
    lac_frame frame;
    double value[8], parameter[4], input[2], input_rate[2];
    lac_graph *graph;
} scene;

/* Two fields of one voxel, one pool, two parameters. */
static void scene_begin(scene *s)
{
    memset(s, 0, sizeof *s);
    handmade_begin(&s->made, 2, 1, 2);
    s->layout = (lac_layout){.tracts = 1,
                             .tract = {{.fields = 2, .voxels = 1, .stride = 1}},
                             .fields = 2,
                             .pools = 1,
                             .pools_at = 2,
                             .widest = 1,
                             .length = 3};
    s->parameter[0] = 2;
    s->parameter[1] = 0.8;
    s->frame = (lac_frame){.layout = &s->layout,
                           .value = s->value,
                           .parameter = s->parameter,
                           .input = s->input,
                           .input_rate = s->input_rate};
    assert_ok(lac_graph_create(&s->made.model, &s->graph));
}

static void scene_end(scene *s)
{
    lac_graph_free(s->graph);
    handmade_end(&s->made);
}

static lac_node added(scene *s, lac_expression *tree)
{
    lac_node node = 0;
    assert_ok(lac_graph_add(s->graph, tree, &node));
    tree_free(tree);
    return node;
}

static lac_node derived(scene *s, lac_node node, lac_symbol_kind kind, size_t index)
{
    lac_node derivative = 0;
    assert_ok(lac_graph_derivative(s->graph, node, (lac_symbol){kind, index}, &derivative));
    return derivative;
}

static void equal_expressions_are_one_node(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    assert_int_equal(added(&s, plus(var(0), times(par(0), var(1)))),
                     added(&s, plus(times(var(1), par(0)), var(0))));
    assert_int_equal(added(&s, minus(var(0), node1(LAC_OP_NEGATE, var(1)))),
                     added(&s, plus(var(0), var(1))));
    assert_int_equal(added(&s, node2(LAC_OP_POWER, var(0), num(2))),
                     added(&s, times(var(0), var(0))));
    scene_end(&s);
}

static void constants_fold_and_neutral_elements_vanish(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_node x = added(&s, var(0));
    assert_int_equal(added(&s, plus(var(0), num(0))), x);
    assert_int_equal(added(&s, times(num(1), var(0))), x);
    assert_int_equal(added(&s, node2(LAC_OP_DIVIDE, var(0), num(1))), x);
    assert_int_equal(added(&s, node2(LAC_OP_POWER, var(0), num(1))), x);
    assert_true(lac_graph_is_zero(added(&s, times(num(0), var(0)))));
    assert_true(lac_graph_is_zero(added(&s, minus(var(1), var(1)))));
    lac_node six = added(&s, times(num(2), plus(num(1), num(2))));
    twin_place at = {&s.made.model, &s.frame, 0};
    assert_near(node_value(s.graph, six, &at), 6, 0);
    scene_end(&s);
}

static void a_ratio_of_michaelis_form_is_one_operation(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_node rate = added(&s, node2(LAC_OP_DIVIDE, times(par(0), var(0)), plus(par(1), var(0))));
    assert_int_equal(s.graph->node[rate].op, LAC_NODE_MULTIPLY);
    assert_int_equal(s.graph->node[s.graph->node[rate].arg[1]].op, LAC_NODE_RATIO);
    assert_int_equal(s.graph->node[added(&s, hill(var(0), par(1), num(2)))].op, LAC_NODE_RATIO);
    scene_end(&s);
}

static bool depends(const scene *s, lac_node node, lac_symbol_kind kind, size_t index)
{
    return lac_graph_has_bit(s->graph, node, lac_graph_bit(s->graph, (lac_symbol){kind, index}));
}

static bool has_variable(const scene *s, lac_node node)
{
    return s->graph->node[node].flags & LAC_NODE_HAS_VARIABLE;
}

static void dependencies_are_known(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_node rate = added(&s, times(var(2), plus(par(0), symbol(LAC_SYMBOL_TIME, 0))));
    assert_true(depends(&s, rate, LAC_SYMBOL_VARIABLE, 2));
    assert_false(depends(&s, rate, LAC_SYMBOL_VARIABLE, 0));
    assert_true(depends(&s, rate, LAC_SYMBOL_TIME, 0));
    assert_false(lac_graph_varies(s.graph, rate)); /* variable 2 is a pool */
    assert_true(has_variable(&s, rate));
    assert_true(lac_graph_varies(s.graph, added(&s, symbol(LAC_SYMBOL_DEPTH, 0))));
    assert_false(has_variable(&s, added(&s, par(1))));
    scene_end(&s);
}

/* Random laws agree with the twin; simplification costs rounding only. */
static void simplified_laws_keep_their_values(void **state)
{
    (void)state;
    uint64_t seed = 20260101;
    for (int law = 0; law < 400; law++) {
        scene s;
        scene_begin(&s);
        lac_expression *tree = some_law(&s.made, &seed, 4);
        lac_node node = 0;
        assert_ok(lac_graph_add(s.graph, tree, &node));
        for (size_t k = 0; k < 3; k++)
            s.value[k] = some(&seed, -0.3, 2);
        twin_place at = {&s.made.model, &s.frame, 0};
        double truth = twin_value(tree, &at);
        assert_near(node_value(s.graph, node, &at), truth, 1e-11 * (1 + fabs(truth)));
        tree_free(tree);
        scene_end(&s);
    }
}

/* Away from kinks two central differences agree with each other, and then with the derivative. */
static void derivatives_agree_with_central_differences(void **state)
{
    (void)state;
    uint64_t seed = 7;
    int compared = 0;
    for (int law = 0; law < 400; law++) {
        scene s;
        scene_begin(&s);
        lac_expression *tree = some_law(&s.made, &seed, 4);
        lac_node node = 0;
        assert_ok(lac_graph_add(s.graph, tree, &node));
        for (size_t v = 0; v < 3; v++) {
            for (size_t k = 0; k < 3; k++)
                s.value[k] = some(&seed, 0.05, 2);
            twin_place at = {&s.made.model, &s.frame, 0};
            double slope[2], here = s.value[v];
            for (int k = 0; k < 2; k++) {
                double step = (k ? 1e-5 : 4e-5) * here;
                s.value[v] = here + step;
                double above = twin_value(tree, &at);
                s.value[v] = here - step;
                slope[k] = (above - twin_value(tree, &at)) / (2 * step);
            }
            s.value[v] = here;
            if (fabs(slope[0] - slope[1]) > 1e-6 * (1 + fabs(slope[1])))
                continue; /* a kink in between, or a steep law */
            double exact = node_value(s.graph, derived(&s, node, LAC_SYMBOL_VARIABLE, v), &at);
            assert_near(exact, slope[1], 2e-6 * (1 + fabs(slope[1])));
            compared++;
        }
        tree_free(tree);
        scene_end(&s);
    }
    assert_true(compared > 1000);
}

static void time_derivative_goes_through_inputs(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_node rate = added(&s, times(var(0), plus(times(symbol(LAC_SYMBOL_INPUT, 1), num(3)),
                                                 symbol(LAC_SYMBOL_TIME, 0))));
    s.value[0] = 5;
    s.input[1] = 10;
    s.input_rate[1] = 0.25;
    twin_place at = {&s.made.model, &s.frame, 0};
    assert_near(node_value(s.graph, derived(&s, rate, LAC_SYMBOL_TIME, 0), &at), 5 * 1.75, 1e-14);
    scene_end(&s);
}

static void a_clamped_variable_has_slope_one_also_below_zero(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    s.made.variable[1].is_signed = true;
    lac_node clamped = derived(&s, added(&s, times(num(3), var(0))), LAC_SYMBOL_VARIABLE, 0);
    lac_node free_one = derived(&s, added(&s, times(num(3), var(1))), LAC_SYMBOL_VARIABLE, 1);
    twin_place at = {&s.made.model, &s.frame, 0};
    assert_near(node_value(s.graph, clamped, &at), 3, 0);
    s.value[0] = s.value[1] = -1e-9;
    assert_near(node_value(s.graph, clamped, &at), 3, 0);
    assert_near(node_value(s.graph, free_one, &at), 3, 0);
    scene_end(&s);
}

/* Unlike a variable, a difference can be far below zero, and hill is flat there. */
static void hill_of_a_difference_is_flat_below_zero(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    s.value[0] = 1;
    s.value[1] = 3;
    lac_node law = added(&s, hill(minus(var(0), var(1)), par(1), num(1)));
    lac_node d = derived(&s, law, LAC_SYMBOL_VARIABLE, 0);
    twin_place at = {&s.made.model, &s.frame, 0};
    assert_near(node_value(s.graph, law, &at), 0, 0);
    assert_near(node_value(s.graph, d, &at), 0, 0);
    s.value[0] = 3;
    assert_near(node_value(s.graph, d, &at), 1 / 0.8, 1e-15);
    scene_end(&s);
}

static void hill_slopes_are_finite_at_zero(void **state)
{
    (void)state;
    static const double n[] = {1, 1.5, 2, 2.5, 3, 7.25, 0.5};
    static const double slope[] = {1 / 0.8, 0, 0, 0, 0, 0, 0};
    for (size_t k = 0; k < 7; k++)
        for (int constant = 0; constant < 2; constant++) {
            scene s;
            scene_begin(&s);
            s.parameter[0] = n[k];
            lac_node law = added(&s, hill(var(0), par(1), constant ? num(n[k]) : par(0)));
            twin_place at = {&s.made.model, &s.frame, 0};
            lac_node d = derived(&s, law, LAC_SYMBOL_VARIABLE, 0);
            assert_near(node_value(s.graph, law, &at), 0, 0);
            assert_near(node_value(s.graph, d, &at), slope[k], 1e-15);
            scene_end(&s);
        }
}

static void reductions_are_refused(void **state)
{
    (void)state;
    scene s;
    scene_begin(&s);
    lac_expression *tree = node1(LAC_OP_MEAN, var(0));
    lac_node node;
    assert_int_equal(lac_graph_add(s.graph, tree, &node), LAC_INTERNAL);
    tree_free(tree);
    scene_end(&s);
}

static void every_failing_allocation_comes_out(void **state)
{
    (void)state;
    handmade made;
    handmade_begin(&made, 2, 1, 2);
    uint64_t seed = 3;
    lac_expression *tree = some_law(&made, &seed, 7);
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    for (size_t n = 1; status == LAC_MEMORY; n++) {
        lac_graph *graph = NULL;
        lac_node node, d;
        lac_memory_fail_at(n);
        status = lac_graph_create(&made.model, &graph);
        if (status == LAC_OK)
            status = lac_graph_add(graph, tree, &node);
        if (status == LAC_OK)
            status = lac_graph_derivative(graph, node, (lac_symbol){LAC_SYMBOL_VARIABLE, 0}, &d);
        lac_graph_free(graph);
        assert_int_equal(lac_memory_alive(), alive);
        assert_true(n < 1000);
    }
    assert_int_equal(status, LAC_OK);
    lac_memory_fail_at(0);
    tree_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_expressions_are_one_node),
        cmocka_unit_test(constants_fold_and_neutral_elements_vanish),
        cmocka_unit_test(a_ratio_of_michaelis_form_is_one_operation),
        cmocka_unit_test(dependencies_are_known),
        cmocka_unit_test(simplified_laws_keep_their_values),
        cmocka_unit_test(derivatives_agree_with_central_differences),
        cmocka_unit_test(time_derivative_goes_through_inputs),
        cmocka_unit_test(a_clamped_variable_has_slope_one_also_below_zero),
        cmocka_unit_test(hill_of_a_difference_is_flat_below_zero),
        cmocka_unit_test(hill_slopes_are_finite_at_zero),
        cmocka_unit_test(reductions_are_refused),
        cmocka_unit_test(every_failing_allocation_comes_out),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
