/* Describe: a model told back in words and tables, for a reader who knows the science.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/describe.h"

#include "model/discontinuities.h"
#include "model/table.h"
#include "model/write.h"

#include <math.h>
#include <string.h>

/* --- cells
 * ------------------------------------------------------------------------------------------- */

enum { LONGEST_CELL = 60 };

static void add_expression(const lac_model *model, const lac_expression *tree, lac_text *text)
{
    lac_expression_write(tree, lac_model_symbol_name, model, text);
}

/* The beginning of an expression, where a table has no room for all of it. */
static void add_short(const lac_model *model, const lac_expression *tree, lac_text *text)
{
    lac_text words = {0};
    add_expression(model, tree, &words);
    if (words.length > LONGEST_CELL)
        lac_text_add(text, "%.*s...", LONGEST_CELL - 3, lac_text_of(&words));
    else
        lac_text_add(text, "%s", lac_text_of(&words));
    if (words.failed)
        text->failed = words.failed;
    lac_text_free(&words);
}

static const char *unit_of(const lac_display *display)
{
    return strcmp(display->unit, "1") == 0 ? "" : display->unit;
}

static void add_quantity(double value, lac_dimension dimension, lac_text *text)
{
    lac_display display;
    if (lac_display_of(dimension, &display) == LAC_OK)
        lac_text_add(text, "%.5g%s%s", value * display.factor, *unit_of(&display) ? " " : "",
                     unit_of(&display));
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

static void add_time(double seconds, lac_text *text)
{
    static const struct {
        double seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
    for (size_t each = 0; each < sizeof units / sizeof *units; each++) {
        if (seconds >= units[each].seconds) {
            lac_text_add(text, "%.6g %s", seconds / units[each].seconds, units[each].unit);
            return;
        }
    }
    lac_text_add(text, "%.6g s", seconds);
}

static void add_heading(const char *heading, size_t count, lac_text *text)
{
    lac_text_add(text, "\n%s (%zu)\n", heading, count);
}

/* --- domains
 * ----------------------------------------------------------------------------------------- */

static void describe_tissue(const lac_model *model, lac_text *text)
{
    static const char *const kinds[] = {"zone", "box", "mask"};
    const lac_tissue_text *tissue = &model->tissue;
    lac_text rows = {0};
    for (int axis = 0; axis < 3; axis++) {
        add_length(tissue->voxel[axis] * (double)tissue->voxels[axis], text);
        lac_text_add(text, axis < 2 ? " x " : ", ");
    }
    lac_text_add(text, "%zu x %zu x %zu voxels of ", tissue->voxels[0], tissue->voxels[1],
                 tissue->voxels[2]);
    for (int axis = 0; axis < 3; axis++) {
        add_length(tissue->voxel[axis], text);
        lac_text_add(text, axis < 2 ? " x " : "\n");
    }
    if (tissue->represents > 0)
        lac_text_add(text, "    stands for %.6g cm^2: 1 part in %.6g of the joint\n",
                     tissue->represents * 1e-8, 1 / lac_model_scale(model));
    for (size_t region = 0; region < model->regions; region++) {
        const lac_region *it = &model->region[region];
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
    add_heading("Domains", model->domains, text);
    for (size_t domain = 0; domain < model->domains; domain++) {
        const lac_domain *it = &model->domain[domain];
        lac_text_add(text, "  %s (%s): ", it->id, it->label);
        if (it->kind == LAC_TISSUE) {
            describe_tissue(model, text);
        } else {
            add_quantity(it->volume, lac_dimension_of(LAC_LENGTH, 3), text);
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
        add_expression(model, parameter->derived, rows);
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
        add_heading("Inputs", model->inputs, text);
    for (size_t input = 0; input < model->inputs; input++) {
        const lac_input *it = &model->input[input];
        lac_text_add(&rows, "%s\t%s\t", it->id, shapes[it->shape]);
        for (size_t knot = 0; knot < it->knots; knot++) {
            lac_text_add(&rows, knot ? ", " : "");
            add_quantity(it->value[knot], it->dimension, &rows);
            lac_text_add(&rows, " at ");
            add_time(it->time[knot], &rows);
        }
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

/* --- processes
 * --------------------------------------------------------------------------------------- */

static void describe_processes(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    add_heading("Processes", model->processes, text);
    for (size_t process = 0; process < model->processes; process++) {
        const lac_process *it = &model->process[process];
        lac_text_add(&rows, "%s\t%s", it->id, model->domain[lac_process_domain(model, it)].id);
        if (it->region != LAC_NONE)
            lac_text_add(&rows, " / %s", model->region[it->region].id);
        lac_text_add(&rows, "\t");
        lac_write_equation(model, it, &rows);
        lac_text_add(&rows, "\t%s\n", it->law);
    }
    lac_table_add(&rows, "  ", text);
}

static void add_given(const lac_model *model, const char *words, const lac_expression *tree,
                      lac_text *rows)
{
    if (!tree)
        return;
    lac_text_add(rows, "%s", words);
    if (lac_tree_sees(model, tree) == 0)
        add_quantity(lac_start_value(model, tree), tree->dimension, rows);
    else
        add_expression(model, tree, rows);
}

/* In the unit of what it acts on, where that is of the same dimension. */
static void add_given_to(const lac_model *model, const char *words, const lac_expression *tree,
                         const lac_action *action, lac_text *rows)
{
    const lac_display *display = action->on_parameter ? &model->parameter[action->target].display
                                                      : &model->variable[action->target].display;
    lac_dimension dimension = action->on_parameter ? model->parameter[action->target].dimension
                                                   : model->variable[action->target].dimension;
    if (action->amount || !lac_dimension_same(tree->dimension, dimension) ||
        lac_tree_sees(model, tree) != 0) {
        add_given(model, words, tree, rows);
        return;
    }
    lac_text_add(rows, "%s%.5g%s%s", words, lac_start_value(model, tree) * display->factor,
                 *unit_of(display) ? " " : "", unit_of(display));
}

static void describe_boundaries(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->boundaries > 0)
        add_heading("Boundaries; all other walls are closed", model->boundaries, text);
    for (size_t boundary = 0; boundary < model->boundaries; boundary++) {
        const lac_boundary *it = &model->boundary[boundary];
        lac_text_add(&rows, "%s\t%s\t", model->variable[it->variable].path,
                     model->patch[it->patch].id);
        if (it->kind == LAC_BOUNDARY_EXCHANGE)
            lac_text_add(&rows, "exchange with %s", model->variable[it->pool].path);
        add_given(model, it->kind == LAC_BOUNDARY_FLUX ? "flux into the tissue " : "value ",
                  it->value, &rows);
        add_given(model, ", partition ", it->partition, &rows);
        add_given(model, ", permeability ", it->permeability, &rows);
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

/* --- events and observables
 * -------------------------------------------------------------------------- */

static void add_durations(const lac_event *event, lac_text *rows)
{
    if (event->delay > 0) {
        lac_text_add(rows, ", after ");
        add_time(event->delay, rows);
        lac_text_add(rows, event->at_execution ? " (values then)" : " (values before)");
    }
    if (event->over > 0) {
        lac_text_add(rows, ", over ");
        add_time(event->over, rows);
    }
}

static void add_moment(const lac_model *model, const lac_event *event, lac_text *rows)
{
    if (event->when) {
        lac_text_add(rows, event->once ? "first time that " : "whenever ");
        add_expression(model, event->when, rows);
        return;
    }
    add_time(event->at, rows);
    for (size_t index = 1; index < event->times; index++) {
        lac_text_add(rows, ", ");
        add_time(event->time[index], rows);
    }
    if (event->every > 0) {
        lac_text_add(rows, ", then every ");
        add_time(event->every, rows);
        if (isfinite(event->until)) {
            lac_text_add(rows, " until ");
            add_time(event->until, rows);
        }
    }
}

static void add_action(const lac_model *model, const lac_action *action, lac_text *rows)
{
    const char *target = action->on_parameter ? model->parameter[action->target].id
                                              : model->variable[action->target].path;
    if (action->kind == LAC_ACTION_ADD) {
        add_given_to(model, "add ", action->value, action, rows);
        lac_text_add(rows, " to %s", target);
    } else if (action->kind == LAC_ACTION_SET) {
        lac_text_add(rows, "set %s", target);
        add_given_to(model, " = ", action->value, action, rows);
    } else {
        lac_text_add(rows, "scale %s", target);
        add_given(model, " by ", action->value, rows);
    }
    if (action->region != LAC_NONE)
        lac_text_add(rows, " in %s", model->region[action->region].id);
}

static void describe_events(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->events > 0)
        add_heading("Events", model->events, text);
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        lac_text_add(&rows, "%s\t", it->id);
        add_moment(model, it, &rows);
        add_durations(it, &rows);
        lac_text_add(&rows, "\t");
        for (size_t action = 0; action < it->actions; action++) {
            lac_text_add(&rows, action ? ", " : "");
            add_action(model, &it->action[action], &rows);
        }
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

static void describe_observables(const lac_model *model, lac_text *text)
{
    lac_text rows = {0};
    if (model->observables > 0)
        add_heading("Observables", model->observables, text);
    for (size_t observable = 0; observable < model->observables; observable++) {
        const lac_observable *it = &model->observable[observable];
        lac_text_add(&rows, "%s\t%s\t", it->id, it->display.unit);
        add_expression(model, it->value, &rows);
        lac_text_add(&rows, "\n");
    }
    lac_table_add(&rows, "  ", text);
}

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
        add_time(time, text);
    }
    lac_text_add(text, count > SHOWN ? ", ...\n" : count > 0 ? "\n" : "");
    lac_discontinuities_free(all);
}

static void describe_run(const lac_model *model, lac_text *text)
{
    const lac_settings *settings = &model->settings;
    lac_text_add(text, "\nRun\n  %s to ", settings->method);
    add_time(settings->until, text);
    lac_text_add(text, ", saved every ");
    add_time(settings->save_every, text);
    if (settings->save_fields_every > 0) {
        lac_text_add(text, ", fields every ");
        add_time(settings->save_fields_every, text);
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
    describe_processes(model, text);
    describe_boundaries(model, text);
    describe_events(model, text);
    describe_observables(model, text);
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
        add_moment(model, it, text);
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
