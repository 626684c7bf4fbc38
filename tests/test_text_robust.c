/* Damaged texts: a model cut and mutated in thousands of ways is read or refused, never more.
 * The mutations are the same in every run. Built with sanitizers, this is a small fuzzer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "language/expression.h"
#include "language/yaml.h"

static const char model[] =
    "lacuna: 1\n"
    "title: \"a model with µm \\\"quotes\\\" and: colons\"\n"
    "notes: |\n"
    "  Block text, two\n"
    "  lines of it.\n"
    "domains:\n"
    "  tissue: {kind: tissue, label: 'it''s a tissue'}\n"
    "  fluid: {kind: well-mixed, volume: 13.6 mL}\n"
    "species:\n"
    "  signal:\n"
    "    molar_mass: 17.3 kDa\n"
    "    tissue: {initial: {upper: 0.9 pM, default: 1.1e-3 nM}, diffusivity: D * (1 - load)}\n"
    "    fluid: {initial: 1.1 pg/mL, total: true}\n"
    "parameters:\n"
    "  D: {value: 42 um^2/s, range: [20 um^2/s, 90 µm^2/s], kind: computed}\n"
    "  k_on: {value: 3.6e-3 1/(pM h), factor_range: [0.3, 3]}\n"
    "  ratio: {value: a / b^2 - -c}\n"
    "functions:\n"
    "  up(x, K, n): x^n / (K^n + x^n)\n"
    "quantities:\n"
    "  drive: {in: tissue, is: \"1 - (1 - s1) * (1 - s2)\"}\n"
    "reactions:\n"
    "  uptake: {in: tissue, equation: \"signal ->\", rate: k_up * signal / (1 h)}\n"
    "  gated:\n"
    "    rate: if(signal > 10 pM and not depth <= 0.2 mm, hill(signal, K, 2), max(0, s1, s2))\n"
    "  steps:\n"
    "    rate: >-\n"
    "      piecewise(1, t < 7 d, 2,\n"
    "      t < 90 d, 3) * exp(-depth / 100 um)\n"
    "      + sqrt(s1) - abs(sin(s2)) * 2^-0.5^2\n"
    "observables:\n"
    "  deep: mean(signal, lower) + total(s1) * at(s2, 1 mm, 0, 0.5 mm)\n"
    "  when: first(fraction(s1 < 0.5) >= 15 %)\n";

static const char *const pieces[] = {
    "(",
    ")",
    "((((((((",
    "))))",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ": ",
    "\n",
    "\t",
    "- ",
    "\"",
    "'",
    "|\n",
    ">\n",
    "#",
    "&a",
    "*a",
    "!!int",
    "%",
    "---\n",
    "...\n",
    "1e999",
    "1e-999",
    "0x1",
    "nan",
    "^",
    "^^",
    "-",
    "--",
    "not ",
    " and ",
    " or ",
    "min(",
    "mean(",
    "if(",
    "up(",
    "1/",
    "h",
    " h",
    "[pM]",
    "pM/h",
    "µ",
    "é",
    "\xff",
    "\xc2",
    "\x1b",
    "\\x0",
    "\\0",
    "\r\n",
    "\xe2\x80\xa8",
    "<=",
    "==",
    "=",
    ".",
    "..",
    "1.",
    "99999999999999999999999999999999",
    "um^99",
    "x.y",
    "@",
    "`",
    "? ",
    "<<: ",
    "~",
    "\xef\xbb\xbf",
};

enum { PIECES = sizeof pieces / sizeof pieces[0], NAMES = 256, NAME = 160 };

static uint32_t seed;

static size_t pick(size_t count)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % count;
}

/* A scope that knows every name but those of units, and remembers them for writing. */
typedef struct world {
    char name[NAMES][NAME];
    size_t names;
    lac_function function;
} world;

static lac_meaning lookup(const lac_scope *scope, const char *name)
{
    world *it = (world *)(uintptr_t)scope->context;
    size_t index = 0;
    if (lac_unit_known(name, strlen(name)) || strlen(name) >= NAME)
        return (lac_meaning){.kind = LAC_MEANS_NOTHING};
    if (strcmp(name, "up") == 0)
        return (lac_meaning){.kind = LAC_MEANS_FUNCTION, .function = &it->function};
    if (strcmp(name, "upper") == 0 || strcmp(name, "lower") == 0)
        return (lac_meaning){.kind = LAC_MEANS_REGION, .symbol = {LAC_SYMBOL_REGION, 0}};
    while (index < it->names && strcmp(it->name[index], name) != 0)
        index++;
    if (index == NAMES)
        return (lac_meaning){.kind = LAC_MEANS_NOTHING};
    if (index == it->names)
        snprintf(it->name[it->names++], NAME, "%s", name);
    lac_dimension dimension = lac_dimensionless;
    if (strcmp(name, "signal") == 0 || strcmp(name, "K") == 0)
        dimension =
            lac_dimension_over(lac_dimension_of(LAC_AMOUNT, 1), lac_dimension_of(LAC_LENGTH, 3));
    if (strcmp(name, "depth") == 0)
        dimension = lac_dimension_of(LAC_LENGTH, 1);
    if (strcmp(name, "t") == 0)
        dimension = lac_dimension_of(LAC_TIME, 1);
    return (lac_meaning){
        .kind = LAC_MEANS_SYMBOL, .symbol = {LAC_SYMBOL_PARAMETER, index}, .dimension = dimension};
}

static const char *name_of(const void *context, lac_symbol symbol)
{
    const world *it = context;
    return symbol.kind == LAC_SYMBOL_REGION ? "upper" : it->name[symbol.index];
}

static double value_of(const void *context, lac_symbol symbol)
{
    (void)context;
    return 0.25 + 0.125 * (double)symbol.index;
}

static lac_expression *parse(const char *text, lac_place place, world *names, lac_diagnostics *list)
{
    lac_scope scope = {.lookup = lookup, .context = names, .reductions = true};
    lac_expression *tree = NULL;
    size_t reported = list->reported;
    assert_ok(lac_expression_parse(text, place, &scope, list, &tree));
    assert_true((tree == NULL) == (list->reported > reported));
    return tree;
}

/* What was read can be written, and what was written reads back to the same. */
static void check_tree(const lac_expression *tree, world *names)
{
    lac_text first = {0};
    lac_text second = {0};
    lac_diagnostics list = {0};
    lac_expression_write(tree, name_of, names, &first);
    lac_expression *again = parse(lac_text_of(&first), (lac_place){0}, names, &list);
    if (!again)
        fail_msg("'%s' was written but not read: %s", lac_text_of(&first), lac_text_of(&list.text));
    lac_expression_write(again, name_of, names, &second);
    assert_string_equal(lac_text_of(&first), lac_text_of(&second));
    double a = lac_expression_value(tree, value_of, NULL);
    double b = lac_expression_value(again, value_of, NULL);
    if (!(a == b || (isnan(a) && isnan(b))))
        fail_msg("'%s' is %.17g and then %.17g", lac_text_of(&first), a, b);
    lac_expression_free(again);
    lac_diagnostics_free(&list);
    lac_text_free(&first);
    lac_text_free(&second);
}

static void check_scalar(const lac_yaml *node, world *names, lac_diagnostics *list)
{
    lac_expression *tree = parse(node->scalar, node->place, names, list);
    if (tree)
        check_tree(tree, names);
    lac_expression_free(tree);
    size_t length = strlen(node->scalar);
    size_t at = 0;
    size_t span = 0;
    double value;
    lac_unit unit;
    if (lac_quantity_parse_at(node->scalar, &value, &unit, &at, &span) == LAC_OK)
        assert_true(isfinite(value) && unit.factor > 0);
    else
        assert_true(at <= length && span <= length - at);
    if (lac_unit_parse(node->scalar, length, &unit, &at, &span) != LAC_OK)
        assert_true(at <= length && span <= length - at);
}

static void check_node(const lac_yaml *node, world *names, lac_diagnostics *list)
{
    if (node->kind == LAC_YAML_SCALAR)
        check_scalar(node, names, list);
    for (size_t entry = 0; entry < node->count; entry++) {
        lac_function function;
        if (node->kind == LAC_YAML_MAPPING) {
            assert_ok(lac_function_define(node->key[entry], node->key_place[entry], "1",
                                          node->place, list, &function));
            lac_function_free(&function);
        }
        check_node(node->item[entry], names, list);
    }
}

static void check_messages(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c == 0xff)
            fail_msg("a message holds the byte 0x%02x", c);
    }
}

/* Reads one text; true when it is valid YAML. */
static bool read_damaged(char *text, size_t length, world *names)
{
    lac_source source = {.path = "m.yaml", .bytes = text, .length = length};
    lac_diagnostics list = {0};
    lac_yaml *root = NULL;
    names->names = 0;
    assert_ok(lac_yaml_parse(&source, &list, &root));
    assert_true((root == NULL) == (list.errors > 0));
    bool valid = root != NULL;
    if (root)
        check_node(root, names, &list);
    check_messages(lac_text_of(&list.text));
    lac_yaml_free(root);
    lac_diagnostics_free(&list);
    return valid;
}

enum { LONGEST = 3 * sizeof model };

static void overwrite(char *text, size_t *length)
{
    text[pick(*length)] = (char)(1 + pick(255));
}

static void erase(char *text, size_t *length)
{
    size_t at = pick(*length);
    size_t bytes = 1 + pick(20);
    bytes = bytes < *length - at ? bytes : *length - at;
    memmove(text + at, text + at + bytes, *length - at - bytes);
    *length -= bytes;
}

static void insert(char *text, size_t *length, const char *part, size_t bytes)
{
    if (*length + bytes >= LONGEST)
        return;
    size_t at = pick(*length + 1);
    memmove(text + at + bytes, text + at, *length - at);
    memcpy(text + at, part, bytes);
    *length += bytes;
}

static void repeat(char *text, size_t *length)
{
    char part[64];
    size_t at = pick(*length);
    size_t bytes = 1 + pick(sizeof part - 1);
    bytes = bytes < *length - at ? bytes : *length - at;
    memcpy(part, text + at, bytes);
    insert(text, length, part, bytes);
}

static void mutate(char *text, size_t *length)
{
    const char *piece = pieces[pick(PIECES)];
    switch (*length ? pick(5) : 4) {
    case 0:
        overwrite(text, length);
        break;
    case 1:
        erase(text, length);
        break;
    case 2:
        repeat(text, length);
        break;
    default:
        insert(text, length, piece, strlen(piece));
    }
}

static int set_up(void **state)
{
    world *names = calloc(1, sizeof *names);
    lac_diagnostics list = {0};
    *state = names;
    if (!names)
        return 1;
    return (int)lac_function_define("up(x, K, n)", (lac_place){0}, "x^n / (K^n + x^n)",
                                    (lac_place){0}, &list, &names->function);
}

static int tear_down(void **state)
{
    world *names = *state;
    lac_function_free(&names->function);
    free(names);
    return 0;
}

static void the_whole_model_is_read(void **state)
{
    char text[sizeof model];
    memcpy(text, model, sizeof model);
    assert_true(read_damaged(text, sizeof model - 1, *state));
}

static void every_beginning_of_a_model_is_read_or_refused(void **state)
{
    for (size_t length = 0; length < sizeof model; length++) {
        char *text = malloc(length + 1); /* exact, so that a sanitizer sees a step too far */
        assert_non_null(text);
        memcpy(text, model, length);
        text[length] = '\0';
        read_damaged(text, length, *state);
        free(text);
    }
}

static void thousands_of_damaged_models_are_read_or_refused(void **state)
{
    char text[LONGEST + 1];
    size_t valid = 0;
    size_t alive = lac_memory_alive();
    for (seed = 1; seed < 4001;) {
        uint32_t round = seed;
        size_t length = sizeof model - 1;
        memcpy(text, model, sizeof model);
        seed *= 2654435761u;
        for (size_t count = 1 + pick(4); count > 0; count--)
            mutate(text, &length);
        text[length] = '\0';
        valid += read_damaged(text, length, *state);
        seed = round + 1;
    }
    assert_int_equal(lac_memory_alive(), alive);
    assert_in_range(valid, 400, 3600); /* both ways are taken often */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_model_is_read),
        cmocka_unit_test(every_beginning_of_a_model_is_read_or_refused),
        cmocka_unit_test(thousands_of_damaged_models_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
