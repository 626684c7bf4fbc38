/* Random fields: distributions and correlation lengths, in a section of their own or in place of an
 * initial value. A distribution becomes an expression of a standard field z (normal) or u
 * (uniform):
 *
 *   normal     mean + sd z              uniform     a + (b - a) u
 *   lognormal  median exp(log(gsd) z)   loguniform  a exp(log(b / a) u)
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"
#include "model/random.h"

#include <stdio.h>
#include <string.h>

/* --- expressions ---------------------------------------------------------------------------------
 */

/* a op b, or op(a); both are taken over, also on failure. */
static lac_status join(lac_op op, lac_dimension dimension, lac_expression **a, lac_expression **b,
                       lac_expression **tree)
{
    lac_expression *arg[3] = {*a, b ? *b : NULL, NULL};
    *a = NULL;
    if (b)
        *b = NULL;
    return lac_tree_make(op, dimension, arg, tree);
}

/* first + second * z, or first * exp(log(second) * z); all are taken over. */
static lac_status shape(bool of_logarithm, lac_expression *first, lac_expression *second,
                        lac_expression *z, lac_expression **tree)
{
    lac_status status = LAC_OK;
    const lac_dimension whole = first->dimension, none = lac_dimensionless;
    lac_expression *part = NULL;
    if (!of_logarithm && lac_tree_is_number(first, 0) && lac_tree_is_number(second, 1)) {
        *tree = z;
        z = NULL;
        goto out;
    }
    if (!of_logarithm) {
        LAC_TRY(join(LAC_OP_MULTIPLY, whole, &second, &z, &part));
        LAC_TRY(join(LAC_OP_ADD, whole, &first, &part, tree));
        goto out;
    }
    LAC_TRY(join(LAC_OP_LOG, none, &second, NULL, &part));
    second = part;
    part = NULL;
    LAC_TRY(join(LAC_OP_MULTIPLY, none, &second, &z, &part));
    second = part;
    part = NULL;
    LAC_TRY(join(LAC_OP_EXP, none, &second, NULL, &part));
    LAC_TRY(join(LAC_OP_MULTIPLY, whole, &first, &part, tree));
out:
    lac_expression_free(first);
    lac_expression_free(second);
    lac_expression_free(z);
    lac_expression_free(part);
    return status;
}

/* --- distributions -------------------------------------------------------------------------------
 */

typedef struct distribution {
    const char *word, *first, *second; /* names of its two numbers; NULL = a pair of ends */
    bool uniform, of_logarithm;
    bool second_is_pure;
} distribution;

static const distribution distributions[] = {
    {"normal", "mean", "sd", false, false, false},
    {"lognormal", "median", "gsd", false, true, true},
    {"uniform", NULL, NULL, true, false, false},
    {"loguniform", NULL, NULL, true, true, false},
};
enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions };

static const distribution *find_distribution(lac_loader *loader, const lac_yaml *node,
                                             const lac_yaml **numbers)
{
    static const char *const keys[] = {"normal",     "lognormal",   "uniform",
                                       "loguniform", "correlation", "covariance"};
    const distribution *found = NULL;
    size_t count = 0;
    lac_yaml_only(node, keys, sizeof keys / sizeof *keys, "a random field", loader->list);
    for (size_t each = 0; each < DISTRIBUTIONS; each++) {
        const lac_yaml *of = lac_yaml_get(node, distributions[each].word);
        count += of != NULL;
        if (of) {
            found = &distributions[each];
            *numbers = of;
        }
    }
    if (count != 1)
        lac_report(
            loader->list, LAC_ERROR, node->place,
            "a random field has one distribution, such as {lognormal: {median: 1, gsd: 1.5}, "
            "correlation: 50 um}: normal, lognormal, uniform or loguniform");
    return count == 1 ? found : NULL;
}

/* The two numbers of a distribution, or a report and NULL. */
static bool find_numbers(lac_loader *loader, const distribution *of, const lac_yaml *numbers,
                         const lac_yaml *pair[2])
{
    pair[0] = pair[1] = NULL;
    if (!of->first) {
        if (numbers->kind != LAC_YAML_SEQUENCE || numbers->count != 2) {
            lac_report(loader->list, LAC_ERROR, numbers->place, "%s takes [low, high]", of->word);
            return false;
        }
        pair[0] = numbers->item[0];
        pair[1] = numbers->item[1];
        return true;
    }
    const char *const keys[] = {of->first, of->second};
    if (!lac_is_mapping(loader, numbers, numbers->place, of->word))
        return false;
    lac_yaml_only(numbers, keys, 2, of->word, loader->list);
    for (int each = 0; each < 2; each++)
        pair[each] = lac_yaml_get(numbers, keys[each]);
    if (!pair[0] || !pair[1])
        lac_report(loader->list, LAC_ERROR, numbers->place, "%s takes {%s: ..., %s: ...}", of->word,
                   of->first, of->second);
    return pair[0] && pair[1];
}

/* What is known when the model is read: sd >= 0, gsd >= 1, low < high, and above 0 for a logarithm.
 */
static void check_numbers(lac_loader *loader, const distribution *of, const lac_yaml *pair[2],
                          lac_expression *const value[2])
{
    const lac_model *model = loader->model;
    if (lac_tree_sees(model, value[0]) || lac_tree_sees(model, value[1]))
        return;
    double a = lac_start_value(model, value[0]), b = lac_start_value(model, value[1]);
    if (of->of_logarithm && !(a > 0))
        lac_report(loader->list, LAC_ERROR, pair[0]->place, "%s: %s must be above 0", of->word,
                   of->first ? of->first : "the lower end");
    else if (!of->first && !(a < b))
        lac_report(loader->list, LAC_ERROR, pair[1]->place,
                   "%s: the upper end must be above the lower one", of->word);
    else if (of->second_is_pure && !(b >= 1))
        lac_report(loader->list, LAC_ERROR, pair[1]->place,
                   "lognormal: gsd is the geometric standard deviation, 1 or more, not %g", b);
    else if (of->first && !of->of_logarithm && !(b >= 0))
        lac_report(loader->list, LAC_ERROR, pair[1]->place, "normal: sd must not be negative");
}

/* --- fields --------------------------------------------------------------------------------------
 */

static lac_status read_length(const lac_reading *reading, const lac_yaml *node, double *length)
{
    lac_reading constant = *reading;
    constant.what = "a correlation length";
    lac_status status = lac_load_constant(&constant, node, lac_dimension_of(LAC_LENGTH, 1), length);
    if (*length < 0)
        lac_report(reading->loader->list, LAC_ERROR, node->place,
                   "a correlation length must not be negative");
    return status;
}

/* `correlation: L`, or one for each axis; without it voxels are independent. */
static lac_status read_correlation(const lac_reading *reading, const lac_yaml *node,
                                   lac_random_field *field)
{
    lac_status status = LAC_OK;
    lac_loader *loader = reading->loader;
    const lac_yaml *said = lac_yaml_get(node, "correlation"),
                   *covariance = lac_yaml_get(node, "covariance");
    if (said && said->kind == LAC_YAML_SEQUENCE && said->count != 3) {
        lac_report(loader->list, LAC_ERROR, said->place,
                   "correlation is one length, or three: [x, y, depth]");
        said = NULL;
    }
    for (size_t axis = 0; said && axis < 3; axis++)
        LAC_TRY(read_length(reading, said->kind == LAC_YAML_SEQUENCE ? said->item[axis] : said,
                            &field->length[axis]));
    if (covariance) {
        size_t which = lac_load_choice(loader, covariance, lac_covariance_word, 2, "covariance");
        field->covariance = which == 1 ? LAC_COVARIANCE_EXPONENTIAL : LAC_COVARIANCE_GAUSSIAN;
    }
out:
    return status;
}

static lac_status add_field(const lac_reading *reading, const lac_yaml *node, const char *id,
                            bool uniform, lac_expression **symbol)
{
    lac_status status = LAC_OK;
    lac_loader *loader = reading->loader;
    lac_model *model = loader->model;
    LAC_GROW(model->random, model->randoms, loader->random_capacity);
    lac_random_field *field = &model->random[model->randoms];
    *field = (lac_random_field){.uniform = uniform, .place = node->place};
    LAC_OWN(field->id, lac_copy_text(id));
    model->randoms++;
    LAC_TRY(read_correlation(reading, node, field));
    LAC_TRY(lac_tree_symbol((lac_symbol){LAC_SYMBOL_RANDOM, model->randoms - 1}, lac_dimensionless,
                            node->place, symbol));
out:
    return status;
}

/* Reads the two numbers; `dimension` is that of the first one when nothing else asks for one. */
static lac_status read_values(const lac_reading *reading, const distribution *of,
                              const lac_yaml *pair[2], const lac_dimension *expected,
                              lac_expression *value[2])
{
    lac_status status = LAC_OK;
    lac_expression *tree = NULL;
    lac_dimension dimension = expected ? *expected : lac_dimensionless;
    for (int each = 0; each < 2 && !expected; each++) { /* a bare 0 says nothing */
        LAC_TRY(lac_load_tree(reading, pair[each], &tree));
        if (!tree)
            goto out;
        if (lac_dimension_is_none(dimension))
            dimension = tree->dimension;
        lac_expression_free(tree);
        tree = NULL;
        if (of->second_is_pure)
            break;
    }
    LAC_TRY(lac_load_expression(reading, pair[0], &dimension, 1, NULL, &value[0]));
    if (of->second_is_pure)
        dimension = lac_dimensionless;
    LAC_TRY(lac_load_expression(reading, pair[1], &dimension, 1, NULL, &value[1]));
out:
    lac_expression_free(tree);
    return status;
}

/* From the ends of a range to what shape() takes: its length, or the ratio of its ends. */
static lac_status from_ends(const distribution *of, lac_expression *value[2])
{
    lac_status status = LAC_OK;
    lac_expression *low = NULL, *made = NULL;
    const lac_dimension dimension = value[0]->dimension;
    if (of->first || (!of->of_logarithm && lac_tree_is_number(value[0], 0)))
        return LAC_OK;
    LAC_TRY(lac_expression_copy(value[0], &low));
    LAC_TRY(join(of->of_logarithm ? LAC_OP_DIVIDE : LAC_OP_SUBTRACT,
                 of->of_logarithm ? lac_dimensionless : dimension, &value[1], &low, &made));
    value[1] = made;
out:
    lac_expression_free(low);
    return status;
}

static lac_status load_field(const lac_reading *reading, const lac_yaml *node, const char *id,
                             const lac_dimension *expected, lac_expression **tree)
{
    lac_status status = LAC_OK;
    lac_loader *loader = reading->loader;
    const lac_yaml *numbers, *pair[2];
    lac_expression *value[2] = {NULL, NULL}, *symbol = NULL;
    size_t errors = loader->list->errors;
    *tree = NULL;
    if (!lac_is_mapping(loader, node, node->place, "a random field"))
        return LAC_OK;
    if (loader->model->tissues > 1) {
        lac_report(loader->list, LAC_ERROR, node->place,
                   "random fields need a model with one tissue; this one has %zu",
                   loader->model->tissues);
        return LAC_OK;
    }
    const distribution *of = find_distribution(loader, node, &numbers);
    if (!of || !find_numbers(loader, of, numbers, pair))
        return LAC_OK;
    LAC_TRY(read_values(reading, of, pair, expected, value));
    if (!value[0] || !value[1])
        goto out;
    check_numbers(loader, of, pair, value);
    LAC_TRY(add_field(reading, node, id, of->uniform, &symbol));
    if (loader->list->errors > errors)
        goto out;
    LAC_TRY(from_ends(of, value));
    status = shape(of->of_logarithm, value[0], value[1], symbol, tree);
    value[0] = value[1] = symbol = NULL;
out:
    lac_expression_free(value[0]);
    lac_expression_free(value[1]);
    lac_expression_free(symbol);
    return status;
}

/* --- with a name, and without --------------------------------------------------------------------
 */

lac_status lac_declare_random(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_RANDOM];
    LAC_NEW(loader->random, section->count);
    loader->randoms = section->count;
    for (size_t each = 0; each < section->count; each++)
        LAC_TRY(lac_declare(loader, section->entry[each].key, LAC_WORD_RANDOM, each,
                            section->entry[each].place));
out:
    return status;
}

lac_status lac_define_random(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_RANDOM];
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        char what[96];
        snprintf(what, sizeof what, "the random field '%.60s'", entry->key);
        lac_reading reading = {.loader = loader,
                               .sees = LAC_SEES_POSITION,
                               .domain = LAC_NONE,
                               .species = LAC_NONE,
                               .what = what};
        LAC_TRY(load_field(&reading, entry->value, entry->key, NULL, &loader->random[each]));
    }
out:
    return status;
}

static bool is_taken(const lac_loader *loader, const char *id)
{
    for (size_t field = 0; field < loader->model->randoms; field++)
        if (strcmp(loader->model->random[field].id, id) == 0)
            return true;
    return lac_names_find(&loader->words, id) != LAC_NONE;
}

lac_status lac_load_random(const lac_reading *reading, const lac_yaml *node,
                           const lac_dimension *expected, lac_expression **tree)
{
    char id[192];
    const lac_model *model = reading->loader->model;
    size_t which = 1;
    do
        snprintf(id, sizeof id, "random%zu_%.120s", which++,
                 reading->species == LAC_NONE ? "field" : model->species[reading->species].id);
    while (is_taken(reading->loader, id));
    return load_field(reading, node, id, expected, tree);
}

void lac_random_free(lac_loader *loader)
{
    for (size_t each = 0; each < loader->randoms; each++)
        lac_expression_free(loader->random[each]);
    lac_free(loader->random);
}
