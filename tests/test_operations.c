/* Tests of the table of operations (language/operations.h): random trees of all its rows have one
 * value by the evaluator, the bytecode, the steps of the exact method and the text that is written
 * and read again; intervals hold it; derivatives are its slope.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "exact/stack_program.h"
#include "handmade.h"
#include "language/interval.h"
#include "network/program.h"

enum { VOXELS = 2, FIELDS = 2, POOLS = 1, VARIABLES = FIELDS + POOLS, TREES = 4000 };

/* A row of the table. */
typedef struct operation {
    lac_op op;
    size_t args;
} operation;

static const operation operations[] = {
#define PREFIX 1
#define INFIX 2
#define CALL1 1
#define CALL2 2
#define CALL3 3
#define ROW(y, shape, name, ...) {LAC_OP_##name, shape},
    LAC_OPERATION_LIST(ROW, )
#undef ROW
};

enum { OPERATIONS = sizeof operations / sizeof operations[0] };

/* --- a world of three signed variables --- */

typedef struct world {
    handmade made;
    lac_layout layout;
    double x[VARIABLES]; /* the values, in every voxel */
    double state[512];   /* fields are longer than their voxels */
    double reach;        /* of the intervals around them */
} world;

static void put(world *w, const double x[VARIABLES])
{
    memcpy(w->x, x, sizeof w->x);
    for (size_t variable = 0; variable < VARIABLES; variable++)
        for (size_t voxel = 0; voxel < (variable < FIELDS ? VOXELS : 1); voxel++)
            w->state[lac_layout_at(&w->layout, variable) + voxel] = x[variable];
}

static void begin(world *w)
{
    memset(w, 0, sizeof *w);
    handmade_begin(&w->made, FIELDS, POOLS, 0);
    w->layout = lac_layout_of(FIELDS, VOXELS, POOLS);
    for (size_t variable = 0; variable < VARIABLES; variable++)
        w->made.variable[variable].is_signed = true;
}

static lac_frame frame_of(const world *w)
{
    return (lac_frame){.layout = &w->layout, .value = w->state};
}

static double symbol_value(const void *context, lac_symbol symbol)
{
    return ((const world *)context)->x[symbol.index];
}

static lac_interval leaf_interval(const void *context, const lac_expression *tree)
{
    const world *w = context;
    double x = w->x[tree->symbol.index];
    return (lac_interval){x - w->reach, x + w->reach};
}

static lac_meaning lookup(const lac_scope *scope, const char *name)
{
    (void)scope;
    if (name[0] != 'v')
        return (lac_meaning){.kind = LAC_MEANS_NOTHING};
    return (lac_meaning){.kind = LAC_MEANS_SYMBOL,
                         .symbol = {LAC_SYMBOL_VARIABLE, (size_t)(name[2] - '0')}};
}

static const char *name_of(const void *context, lac_symbol symbol)
{
    return ((const world *)context)->made.name[symbol.index];
}

/* --- trees ------------------------------- */

static lac_expression *above_zero(lac_expression *tree)
{
    return plus(node1(LAC_OP_ABS, tree), num(0.25));
}

static lac_expression *some_tree(uint64_t *seed, int depth);

static lac_expression *some_node(uint64_t *seed, const operation *it, int depth)
{
    lac_expression *arg[3] = {NULL, NULL, NULL};
    for (size_t each = 0; each < it->args; each++)
        arg[each] = some_tree(seed, depth - 1);
    if (it->op == LAC_OP_POWER || it->op == LAC_OP_LOG || it->op == LAC_OP_LOG10 ||
        it->op == LAC_OP_SQRT)
        arg[0] = above_zero(arg[0]);
    if (it->op == LAC_OP_HILL) {
        arg[1] = above_zero(arg[1]);
        arg[2] = above_zero(arg[2]);
    }
    return node3(it->op, arg[0], arg[1], arg[2]);
}

static lac_expression *some_tree(uint64_t *seed, int depth)
{
    if (depth == 0 || pick(seed, 6) == 0)
        return pick(seed, 3) == 0 ? num(some(seed, -2, 2)) : var(pick(seed, VARIABLES));
    return some_node(seed, &operations[pick(seed, OPERATIONS)], depth);
}

static bool is_finite(const world *w, const lac_expression *tree)
{
    for (size_t each = 0; each < tree->args; each++) {
        if (!is_finite(w, tree->arg[each]))
            return false;
    }
    return fabs(lac_expression_value(tree, symbol_value, w)) < 1e6;
}

/* False where rounding decides: next to a jump, or where the tree magnifies what it is given. */
static bool is_tame(world *w, const lac_expression *tree, double value)
{
    world near = *w;
    for (int sign = -1; sign <= 1; sign += 2) {
        double x[VARIABLES];
        for (size_t variable = 0; variable < VARIABLES; variable++)
            x[variable] = w->x[variable] * (1 + sign * 1e-9) + sign * 1e-9;
        put(&near, x);
        if (!(fabs(lac_expression_value(tree, symbol_value, &near) - value) <=
              1e-5 * (1 + fabs(value))))
            return false;
    }
    return is_finite(w, tree);
}

static void compare(double found, double expected, const world *w, const lac_expression *tree,
                    const char *what)
{
    if (fabs(found - expected) <= 1e-9 * (1 + fabs(expected)))
        return;
    lac_text text = {0};
    lac_expression_write(tree, name_of, w, &text);
    fail_msg("%s gives %.17g, not %.17g, for %s at %.17g %.17g %.17g", what, found, expected,
             lac_text_of(&text), w->x[0], w->x[1], w->x[2]);
}

/* --- every way to a value ---------------- */

static void check_bytecode(world *w, const lac_expression *tree, double value)
{
    double out[512];
    lac_frame frame = frame_of(w);
    assert_ok(lac_evaluate_field(&w->made.model, tree, &frame, out));
    compare(out[0], value, w, tree, "the bytecode");
}

static void check_exact(world *w, const lac_expression *tree, double value)
{
    lac_stack_program program = {0};
    double per_count[VARIABLES] = {0};
    lac_eval_context context = {.model = &w->made.model,
                                .layout = w->layout,
                                .count = w->state,
                                .per_count = per_count,
                                .value = w->state};
    assert_ok(lac_stack_program_compile(&w->made.model, tree, 0, &program));
    lac_stack_program_fold(&program, &context);
    compare(lac_stack_program_value(&program, &context, 1), value, w, tree, "the exact method");
    lac_stack_program_free(&program);
}

static void check_text(world *w, const lac_expression *tree, double value)
{
    lac_text text = {0};
    lac_diagnostics list = {0};
    lac_expression *again = NULL;
    lac_scope scope = {.lookup = lookup};
    lac_source source = {0};
    lac_expression_write(tree, name_of, w, &text);
    source.bytes = text.bytes;
    assert_ok(lac_expression_parse(lac_text_of(&text), (lac_place){&source, 1, 1, 1}, &scope, &list,
                                   &again));
    if (!again)
        fail_msg("%s\n%s", lac_text_of(&text), lac_text_of(&list.text));
    compare(lac_expression_value(again, symbol_value, w), value, w, tree, "its text");
    lac_expression_free(again);
    lac_diagnostics_free(&list);
    lac_text_free(&text);
}

static void check_interval(world *w, const lac_expression *tree, uint64_t *seed)
{
    w->reach = some(seed, 0, 0.5);
    lac_interval bounds = lac_expression_interval(tree, leaf_interval, w);
    world inside = *w;
    for (int sample = 0; sample < 8; sample++) {
        double x[VARIABLES];
        for (size_t variable = 0; variable < VARIABLES; variable++)
            x[variable] = w->x[variable] + some(seed, -1, 1) * w->reach;
        put(&inside, x);
        double value = lac_expression_value(tree, symbol_value, &inside);
        double slack = 1e-9 * (1 + fabs(value));
        if (isfinite(value) && (value < bounds.low - slack || value > bounds.high + slack))
            compare(value, value < bounds.low ? bounds.low : bounds.high, &inside, tree,
                    "the interval");
    }
}

static double difference(world *w, const lac_expression *tree, size_t variable, double step)
{
    world moved = *w;
    double x[VARIABLES], end[2];
    for (int side = 0; side < 2; side++) {
        memcpy(x, w->x, sizeof x);
        x[variable] += side ? step : -step;
        put(&moved, x);
        end[side] = lac_expression_value(tree, symbol_value, &moved);
    }
    return (end[1] - end[0]) / (2 * step);
}

/* The slope, where differences over two steps agree on one. */
static bool check_derivative(world *w, const lac_expression *tree, size_t variable)
{
    double wide = difference(w, tree, variable, 1e-4), narrow = difference(w, tree, variable, 1e-5);
    double middle = difference(w, tree, variable, 5e-5);
    if (!(fabs(wide - narrow) <= 1e-5 * (1 + fabs(narrow))) ||
        !(fabs(wide - middle) <= 1e-5 * (1 + fabs(narrow))))
        return false;
    lac_graph *graph = NULL;
    lac_program *program = NULL;
    lac_node node, slope;
    lac_frame frame = frame_of(w);
    double first[512], *out[] = {first};
    assert_ok(lac_graph_create(&w->made.model, &graph));
    assert_ok(lac_graph_add(graph, tree, &node));
    assert_ok(
        lac_graph_derivative(graph, node, (lac_symbol){LAC_SYMBOL_VARIABLE, variable}, &slope));
    assert_ok(lac_program_compile(graph, &slope, 1, &program));
    assert_ok(lac_program_fields(program, &frame, out));
    if (!(fabs(first[0] - narrow) <= 1e-3 * (1 + fabs(narrow))))
        compare(first[0], narrow, w, tree, "the derivative");
    lac_program_free(program);
    lac_graph_free(graph);
    return true;
}

/* --- tests ------------------------------- */

static void every_operation_has_one_value_everywhere(void **state)
{
    (void)state;
    world w;
    uint64_t seed = 20240601;
    begin(&w);
    for (size_t each = 0; each < OPERATIONS; each++) {
        size_t slopes = 0, tame = 0;
        for (int trial = 0; trial < 50; trial++) {
            double x[VARIABLES] = {some(&seed, -2, 2), some(&seed, -2, 2), some(&seed, -2, 2)};
            put(&w, x);
            lac_expression *tree = some_node(&seed, &operations[each], 1);
            double value = lac_expression_value(tree, symbol_value, &w);
            if (is_tame(&w, tree, value)) {
                check_bytecode(&w, tree, value);
                check_exact(&w, tree, value);
                check_text(&w, tree, value);
                check_interval(&w, tree, &seed);
                slopes += check_derivative(&w, tree, pick(&seed, VARIABLES));
                tame++;
            }
            tree_free(tree);
        }
        assert_true(tame > 20);
        assert_true(slopes > 20);
    }
}

static void random_trees_have_one_value_everywhere(void **state)
{
    (void)state;
    world w;
    uint64_t seed = 7;
    size_t tame = 0, slopes = 0;
    begin(&w);
    for (int trial = 0; trial < TREES; trial++) {
        double x[VARIABLES] = {some(&seed, -2, 2), some(&seed, -2, 2), some(&seed, -2, 2)};
        put(&w, x);
        lac_expression *tree = some_tree(&seed, 4);
        double value = lac_expression_value(tree, symbol_value, &w);
        if (is_tame(&w, tree, value)) {
            check_bytecode(&w, tree, value);
            check_exact(&w, tree, value);
            check_text(&w, tree, value);
            check_interval(&w, tree, &seed);
            slopes += check_derivative(&w, tree, pick(&seed, VARIABLES));
            tame++;
        }
        tree_free(tree);
    }
    assert_true(tame > TREES / 2);
    assert_true(slopes > TREES / 3);
}

static double number_of(const char *text)
{
    lac_diagnostics list = {0};
    lac_expression *tree = NULL;
    lac_scope scope = {.lookup = lookup};
    assert_ok(lac_expression_parse(text, (lac_place){0}, &scope, &list, &tree));
    if (!tree)
        fail_msg("%s", lac_text_of(&list.text));
    double value = lac_expression_value(tree, NULL, NULL);
    lac_expression_free(tree);
    lac_diagnostics_free(&list);
    return value;
}

static void logarithms_have_their_values(void **state)
{
    (void)state;
    world w;
    begin(&w);
    assert_true(number_of("log10(1000)") == 3);
    assert_true(number_of("ln(2)") == number_of("log(2)"));
    assert_true(fabs(number_of("log10(2)") - 0.30102999566398119521) < 1e-16);
    for (int power = -300; power <= 300; power += 50) { /* whole by the bytecode too */
        double x[VARIABLES] = {pow(10, power), 0, 0}, out[512];
        put(&w, x);
        lac_frame frame = frame_of(&w);
        lac_expression *tree = node1(LAC_OP_LOG10, var(0));
        assert_ok(lac_evaluate_field(&w.made.model, tree, &frame, out));
        assert_true(fabs(out[0] - power) <= 1e-15 * abs(power));
        tree_free(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_one_value_everywhere),
        cmocka_unit_test(random_trees_have_one_value_everywhere),
        cmocka_unit_test(logarithms_have_their_values),
    };
    return cmocka_run_group_tests_name("operations", tests, NULL, NULL);
}
