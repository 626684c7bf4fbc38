/* Inputs: given functions of time, by knots.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdio.h>

lac_status lac_declare_inputs(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_INPUTS];
    LAC_NEW(model->input, section->count);
    for (size_t each = 0; each < section->count; each++) {
        const lac_entry *entry = &section->entry[each];
        model->inputs++;
        model->input[each].place = entry->place;
        LAC_OWN(model->input[each].id, lac_copy_text(entry->key));
        LAC_TRY(lac_declare(loader, entry->key, LAC_WORD_INPUT, each, entry->place));
    }
out:
    return status;
}

/* Slopes of a monotone cubic: Fritsch & Carlson, SIAM J. Numer. Anal. 17 (1980) 238, with the
 * harmonic mean of Fritsch & Butland (1984); 0 at extrema and at both ends, where the input stays
 * constant outside. */
static void smooth_slopes(lac_input *input)
{
    for (size_t knot = 1; knot + 1 < input->knots; knot++) {
        double h0 = input->time[knot] - input->time[knot - 1];
        double h1 = input->time[knot + 1] - input->time[knot];
        double s0 = (input->value[knot] - input->value[knot - 1]) / h0;
        double s1 = (input->value[knot + 1] - input->value[knot]) / h1;
        if (s0 * s1 > 0) {
            double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
            input->slope[knot] = (w0 + w1) / (w0 / s0 + w1 / s1);
        }
    }
}

/* The first value fixes the dimension of all. */
static lac_status read_dimension(const lac_reading *reading, const lac_yaml *node,
                                 lac_dimension *dimension, bool *good)
{
    lac_expression *tree = NULL;
    lac_status status = lac_load_tree(reading, node, &tree);
    *good = tree;
    if (tree)
        *dimension = tree->dimension;
    lac_expression_free(tree);
    return status;
}

static bool is_pair(const lac_yaml *node)
{
    return node->kind == LAC_YAML_SEQUENCE && node->count == 2;
}

/* Finds the dimension: a bare 0 among the knots says nothing about it. */
static lac_status find_dimension(const lac_reading *reading, const lac_yaml *knots,
                                 lac_dimension *dimension, bool *good)
{
    lac_status status = LAC_OK;
    *good = true;
    *dimension = lac_dimensionless;
    for (size_t knot = 0; knot < knots->count && *good; knot++) {
        if (!is_pair(knots->item[knot])) {
            lac_report(reading->loader->list, LAC_ERROR, knots->item[knot]->place,
                       "a knot must be [time, value]");
            *good = false;
        } else if (lac_dimension_is_none(*dimension)) {
            LAC_TRY(read_dimension(reading, knots->item[knot]->item[1], dimension, good));
        }
    }
out:
    return status;
}

static lac_status read_knots(const lac_reading *reading, const lac_yaml *knots, lac_input *input)
{
    lac_status status = LAC_OK;
    lac_loader *loader = reading->loader;
    bool good;
    LAC_TRY(find_dimension(reading, knots, &input->dimension, &good));
    if (!good)
        goto out;
    LAC_NEW(input->time, knots->count);
    LAC_NEW(input->value, knots->count);
    LAC_NEW(input->slope, knots->count);
    for (size_t knot = 0; knot < knots->count; knot++) {
        const lac_yaml *pair = knots->item[knot];
        LAC_TRY(lac_load_constant(reading, pair->item[0], lac_dimension_of(LAC_TIME, 1),
                                  &input->time[knot]));
        LAC_TRY(lac_load_constant(reading, pair->item[1], input->dimension, &input->value[knot]));
        if (knot > 0 && input->time[knot] <= input->time[knot - 1])
            lac_report(loader->list, LAC_ERROR, pair->place, "the times of %s must increase",
                       reading->what);
    }
    input->knots = knots->count;
out:
    return status;
}

static lac_status define_knots(lac_loader *loader, const lac_entry *entry, const lac_yaml *knots,
                               lac_input *input)
{
    char what[96];
    if (!knots || knots->kind != LAC_YAML_SEQUENCE || knots->count == 0) {
        lac_report(loader->list, LAC_ERROR, knots ? knots->place : entry->place,
                   "the input '%s' needs knots: [[time, value], ...], or csv: FILE", entry->key);
        return LAC_OK;
    }
    snprintf(what, sizeof what, "the input '%.60s'", entry->key);
    lac_reading reading = {.loader = loader, .domain = LAC_NONE, .species = LAC_NONE, .what = what};
    return read_knots(&reading, knots, input);
}

static lac_status define(lac_loader *loader, const lac_entry *entry, lac_input *input)
{
    static const char *const keys[] = {"shape", "knots",     "csv",  "time",
                                       "value", "time_unit", "unit", "label"};
    static const char *const shapes[] = {"steps", "linear", "smooth"};
    if (!lac_is_mapping(loader, entry->value, entry->place, "an input"))
        return LAC_OK;
    lac_yaml_only(entry->value, keys, sizeof keys / sizeof *keys, "an input", loader->list);
    const lac_yaml *shape = lac_yaml_get(entry->value, "shape");
    const lac_yaml *knots = lac_yaml_get(entry->value, "knots");
    const lac_yaml *csv = lac_yaml_get(entry->value, "csv");
    size_t choice = shape ? lac_load_choice(loader, shape, shapes, 3, "shape of an input") : 0;
    input->shape = choice == LAC_NONE ? LAC_STEPS : (lac_input_shape)choice;
    if (!shape)
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "the input '%s' needs a shape: steps, linear or smooth", entry->key);
    lac_status status = LAC_OK;
    if (csv && knots)
        lac_report(loader->list, LAC_ERROR, csv->place,
                   "an input has knots or a csv file, not both");
    if (csv)
        status = lac_load_csv(loader, entry->layer, entry->value, input);
    else
        status = define_knots(loader, entry, knots, input);
    if (status == LAC_OK && input->knots > 0 && input->shape == LAC_SMOOTH)
        smooth_slopes(input);
    return status;
}

lac_status lac_define_inputs(lac_loader *loader)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->model->inputs; each++)
        LAC_TRY(define(loader, &loader->section[LAC_SECTION_INPUTS].entry[each],
                       &loader->model->input[each]));
out:
    return status;
}
