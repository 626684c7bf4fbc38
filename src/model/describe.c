/* Describe: a model told back in words and tables, for a reader who knows the science.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/describe.h"

#include "model/describe_internal.h"
#include "model/discontinuities.h"
#include "model/representation.h"
#include "model/table.h"
#include "model/write.h"

#include <math.h>
#include <string.h>

/* --- cells
 * ------------------------------------------------------------------------------------------- */

enum { LONGEST_CELL = 60 };

/* The beginning of an expression, where a table has no room for all of it. */
static void add_short(const lac_model *model, const lac_expression *tree, lac_text *text)
{
    lac_text words = {0};
    lac_cell_expression(model, tree, &words);
    if (words.length > LONGEST_CELL)
        lac_text_add(text, "%.*s...", LONGEST_CELL - 3, lac_text_of(&words));
    else
        lac_text_add(text, "%s", lac_text_of(&words));
    if (words.failed)
        text->failed = words.failed;
    lac_text_free(&words);
}

/* A number where the tree is one at the start of a run; else the expression. */
static void add_value(const lac_model *model, const lac_expression *tree, double factor,
                      lac_text *text)
{
    if (lac_tree_sees(model, tree) == 0)
        lac_text_add(text, "%.5g", lac_start_value(model, tree) * factor);
    else
        add_short(model, tree, text);
}

static void add_length(double length, lac_text *text)
{
    lac_text_add(text, length >= 1000 ? "%.6g mm" : "%.6g um",
                 length >= 1000 ? length / 1000 : length);
}

/* --- domains
 * ----------------------------------------------------------------------------------------- */

static void describe_tissue(const lac_model *model, size_t which, lac_text *text)
{
    static const char *const kinds[] = {"zone", "box", "mask"};
    const lac_tissue_text *tissue = &model->tissue[which];
    lac_text rows = {0};
    double range[2];
    lac_tissue_layer_range(tissue, range);
    for (int axis = 0; axis < 3; axis++) {
        add_length(tissue->voxel[axis] * (double)tissue->voxels[axis], text);
        lac_text_add(text, axis < 2 ? " x " : ", ");
    }
    lac_text_add(text, "%zu x %zu x %zu voxels of ", tissue->voxels[0], tissue->voxels[1],
                 tissue->voxels[2]);
    for (int axis = 0; axis < 3; axis++) {
        if (axis == 2 && tissue->bound)
            lac_text_add(text, "%.4g to %.4g um", range[0], range[1]);
        else
            add_length(tissue->voxel[axis], text);
        lac_text_add(text, axis < 2 ? " x " : "\n");
    }
    if (tissue->represents > 0)
        lac_text_add(text, "    stands for %.6g cm^2: 1 part in %.6g of the joint\n",
                     tissue->represents * 1e-8, 1 / lac_tissue_scale(tissue));
    if (lac_model_feels_mean(model))
        lac_text_add(text,
                     "    well-mixed domains feel its mean-field companion (feedback: mean)\n");
    for (size_t region = 0; region < model->regions; region++) {
        const lac_region *it = &model->region[region];
        if (it->whole || it->tissue != which)
            continue;
        lac_text_add(&rows, "%s\t%s", kinds[it->kind], it->id);
        if (it->kind == LAC_ZONE)
            lac_text_add(&rows, "\tdepth %.6g to %.6g um", it->low[2], it->high[2]);
        else if (it->kind == LAC_MASK)
            lac_text_add(&rows, "\t%s in %s", it->dataset, it->file);
        else
            lac_text_add(&rows, "\t");
        lac_text_add(&rows, "%s\n", it->inactive ? "\tinactive" : "");
    }
    lac_table_add(&rows, "    ", text);
}

static void describe_domains(const lac_model *model, lac_text *text)
{
    lac_cell_heading("Domains", model->domains, text);
    for (size_t domain = 0; domain < model->domains; domain++) {
        const lac_domain *it = &model->domain[domain];
        lac_text_add(text, "  %s (%s): ", it->id, it->label);
        if (it->kind == LAC_TISSUE) {
            describe_tissue(model, lac_model_tissue_of_domain(model, domain), text);
        } else {
            lac_cell_quantity(it->volume, lac_dimension_of(LAC_LENGTH, 3), text);
            lac_text_add(text, ", well mixed\n");
        }
    }
}

/* --- species
 * ----------------------------------------------------------------------------------------- */

static void describe_species(const lac_model *model, lac_text *text)
{
    for (size_t domain = 0; domain < model->domains; domain++) {
        lac_text rows = {0};
        size_t count = 0;
        lac_text_add(&rows, "species\tinitial\tunit\tD [um^2/s]\tname\n");
        for (size_t variable = 0; variable < model->variables; variable++) {
            const lac_variable *it = &model->variable[variable];
            if (it->domain != domain)
                continue;
            count++;
            lac_text_add(&rows, "%s\t", model->species[it->species].id);
            add_value(model, it->initial, it->display.factor, &rows);
            lac_text_add(&rows, "\t%s\t", it->display.unit);
            if (it->diffusivity)
                add_value(model, it->diffusivity, 1, &rows);
            else
                lac_text_add(&rows, "-");
            lac_text_add(&rows, "\t%s%s\n", model->species[it->species].label,
                         it->total ? " (total)" : "");
        }
        lac_text_add(text, "\nSpecies in %s (%zu)\n", model->domain[domain].id, count);
        lac_table_add(&rows, "  ", text);
    }
}

/* --- parameters
 * -------------------------------------------------------------------------------------- */

static void add_parameter(const lac_model *model, const lac_parameter *parameter, lac_text *rows)
{
    double factor = parameter->display.factor;
    lac_text_add(rows, "%s\t%.5g\t%s\t", parameter->id, parameter->value * factor,
                 parameter->display.unit);
    if (!isnan(parameter->low))
        lac_text_add(rows, "%.4g .. %.4g", parameter->low * factor, parameter->high * factor);
    lac_text_add(rows, "\t");
    if (parameter->derived) {
        lac_text_add(rows, "= ");
        lac_cell_expression(model, parameter->derived, rows);
        lac_text_add(rows, "  ");
    }
    lac_text_add(rows, "%s%s%s%s\n", parameter->source ? parameter->source : "",
                 parameter->calibrated_to ? "; calibrated to " : "",
                 parameter->calibrated_to ? parameter->calibrated_to : "",
                 parameter->changes ? " (events change it)" : "");
}

static size_t count_kind(const lac_model *model, lac_provenance_kind kind)
{
    size_t count = 0;
    for (size_t parameter = 0; parameter < model->parameters; parameter++)
        count += model->parameter[parameter].kind == kind;
    return count;
}

static void describe_parameters(const lac_model *model, lac_text *text)
{
    for (lac_provenance_kind kind = LAC_UNSTATED; kind <= LAC_FITTED; kind++) {
        lac_text rows = {0};
        size_t count = count_kind(model, kind);
        if (count == 0)
            continue;
        lac_text_add(text, "\nParameters: %s (%zu)\n",
                     kind == LAC_UNSTATED ? "kind not stated" : lac_provenance_word(kind), count);
        lac_text_add(&rows, "parameter\tvalue\tunit\trange\tsource\n");
        for (size_t parameter = 0; parameter < model->parameters; parameter++) {
            if (model->parameter[parameter].kind == kind)
                add_parameter(model, &model->parameter[parameter], &rows);
        }
        lac_table_add(&rows, "  ", text);
    }
}

static void describe_inputs(const lac_model *model, lac_text *text)
{
    static const char *const shapes[] = {"steps", "linear", "smooth"};
    lac_text rows = {0};
    if (model->inputs > 0)
        lac_cell_heading("Inputs", model->inputs, text);
    for (size_t input = 0; input < model->inputs; input++) {
        const lac_input *it = &model->input[input];
        lac_text_add(&rows, "%s\t%s\t", it->id, shapes[it->shape]);
        for (size_t knot = 0; knot < it->knots; knot++) {
            lac_text_add(&rows, knot ? ", " : "");
            lac_cell_quantity(it->value[knot], it->dimension, &rows);
            lac_text_add(&rows, " at ");
            lac_cell_time(it->time[knot], &rows);
        }
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

/* --- the run, and all
 * ---------------------------------------------------------------------------------------- */

/* The first few, for the values that the parameters have at the start. */
static void describe_discontinuities(const lac_model *model, lac_text *text)
{
    enum { SHOWN = 10 };
    lac_discontinuities *all = NULL;
    double time = 0;
    size_t count = 0;
    if (lac_discontinuities_create(model, &all) != LAC_OK) {
        text->failed = LAC_MEMORY;
        return;
    }
    for (;;) {
        time = lac_discontinuities_next(all, NULL, time).time;
        if (!(time < model->settings.until) || count++ == SHOWN)
            break;
        lac_text_add(text, count > 1 ? ", " : "  laws jump or bend at ");
        lac_cell_time(time, text);
    }
    lac_text_add(text, count > SHOWN ? ", ...\n" : count > 0 ? "\n" : "");
    lac_discontinuities_free(all);
}

static void describe_run(const lac_model *model, lac_text *text)
{
    const lac_settings *settings = &model->settings;
    lac_text_add(text, "\nRun\n  %s to ", settings->method);
    lac_cell_time(settings->until, text);
    lac_text_add(text, ", saved every ");
    lac_cell_time(settings->save_every, text);
    if (strcmp(settings->save_at, "none") != 0)
        lac_text_add(text, " and at %s", settings->save_at);
    if (settings->save_fields_every > 0) {
        lac_text_add(text, ", fields every ");
        lac_cell_time(settings->save_fields_every, text);
    }
    lac_text_add(text, "; relative tolerance %g\n", settings->rtol);
    describe_discontinuities(model, text);
}

void lac_model_describe(const lac_model *model, lac_text *text)
{
    lac_text_add(text, "%s\n", model->title);
    if (model->notes)
        lac_text_add(text, "%s%s", model->notes,
                     model->notes[strlen(model->notes) - 1] == '\n' ? "" : "\n");
    if (model->clinical)
        lac_text_add(text, "For research use only; not medical advice.\n");
    describe_domains(model, text);
    describe_species(model, text);
    describe_parameters(model, text);
    describe_inputs(model, text);
    lac_describe_processes(model, text);
    lac_describe_boundaries(model, text);
    lac_describe_events(model, text);
    lac_describe_observables(model, text);
    lac_describe_bands(model, text);
    describe_run(model, text);
}

/* --- in brief
 * ---------------------------------------------------------------------------------------- */

static void brief_variables(const lac_model *model, lac_text *text)
{
    lac_text_add(text, "  %-13s", "species");
    for (size_t domain = 0; domain < model->domains; domain++) {
        size_t count = 0;
        for (size_t variable = 0; variable < model->variables; variable++)
            count += model->variable[variable].domain == domain;
        lac_text_add(text, "%s %zu in %s", domain ? "," : "", count, model->domain[domain].id);
    }
    lac_text_add(text, "\n");
}

static void brief_parameters(const lac_model *model, lac_text *text)
{
    const char *before = ":";
    lac_text_add(text, "  %-13s %zu", "parameters", model->parameters);
    for (lac_provenance_kind kind = LAC_UNSTATED; kind <= LAC_FITTED; kind++) {
        size_t count = count_kind(model, kind);
        if (count == 0)
            continue;
        lac_text_add(text, "%s %zu %s", before, count,
                     kind == LAC_UNSTATED ? "kind not stated" : lac_provenance_word(kind));
        before = ",";
    }
    lac_text_add(text, "\n");
}

static void brief_events(const lac_model *model, lac_text *text)
{
    enum { SHOWN = 6 };
    for (size_t event = 0; event < model->events && event < SHOWN; event++) {
        const lac_event *it = &model->event[event];
        lac_text_add(text, "  %-13s %s: ", event ? "" : "events", it->id);
        lac_cell_moment(model, it, text);
        lac_text_add(text, "\n");
    }
    if (model->events > SHOWN)
        lac_text_add(text, "  %-13s and %zu more\n", "", model->events - SHOWN);
}

void lac_model_brief(const lac_model *model, lac_text *text)
{
    lac_text_add(text, "%s\n", model->title);
    describe_domains(model, text);
    lac_text_add(text, "\nModel\n");
    brief_variables(model, text);
    brief_parameters(model, text);
    lac_text_add(text, "  %-13s %zu, %zu of them in the tissue; %zu boundaries\n", "processes",
                 model->processes, model->tissue_processes, model->boundaries);
    brief_events(model, text);
    lac_text_add(text, "  %-13s %zu, %zu bands\n", "observables", model->observables, model->bands);
    describe_run(model, text);
}
