/* Write: processes and events.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "model/write.h"

#include <math.h>

/* --- processes
 * --------------------------------------------------------------------------------------- */

size_t lac_process_domain(const lac_model *model, const lac_process *process)
{
    size_t variable = process->changes > 0 ? process->change[0].variable : process->reactant[0];
    return model->variable[variable].domain;
}

/* Right side = left side + net change. */
static double right_count(const lac_process *process, size_t variable)
{
    double count = 0;
    for (size_t each = 0; each < process->reactants; each++)
        count += process->reactant[each] == variable ? process->reactant_count[each] : 0;
    for (size_t each = 0; each < process->changes; each++)
        count +=
            process->change[each].variable == variable ? process->change[each].stoichiometry : 0;
    return count;
}

static void write_term(const lac_model *model, const lac_process *process, size_t variable,
                       double count, bool *begun, lac_text *text)
{
    const lac_variable *it = &model->variable[variable];
    bool bare = it->domain == lac_process_domain(model, process);
    if (!(count > 0))
        return;
    if (*begun)
        lac_text_add(text, " + ");
    if (count != 1)
        lac_text_add(text, "%.17g ", count);
    lac_text_add(text, "%s", bare ? model->species[it->species].id : it->path);
    *begun = true;
}

void lac_write_equation(const lac_model *model, const lac_process *process, lac_text *text)
{
    bool begun = false;
    for (size_t each = 0; each < process->reactants; each++)
        write_term(model, process, process->reactant[each], process->reactant_count[each], &begun,
                   text);
    lac_text_add(text, begun ? " ->" : "->");
    bool right = false;
    size_t before = text->length;
    lac_text_add(text, " ");
    for (size_t each = 0; each < process->reactants; each++)
        write_term(model, process, process->reactant[each],
                   right_count(process, process->reactant[each]), &right, text);
    for (size_t each = 0; each < process->changes; each++) {
        size_t variable = process->change[each].variable;
        bool left = false;
        for (size_t other = 0; other < process->reactants; other++)
            left = left || process->reactant[other] == variable;
        if (!left)
            write_term(model, process, variable, process->change[each].stoichiometry, &right, text);
    }
    if (!right && !text->failed) { /* no blank at the end */
        text->length = before;
        text->bytes[before] = '\0';
    }
}

/* The law as it must stand in the text: per volume where the volume was put in by the loader. */
static const lac_expression *written_rate(const lac_model *model, const lac_process *process)
{
    const lac_expression *rate = process->rate;
    double volume = model->domain[lac_process_domain(model, process)].volume;
    bool per_volume = !process->in_tissue && rate->op == LAC_OP_MULTIPLY &&
                      lac_tree_is_number(rate->arg[1], volume) &&
                      rate->arg[1]->dimension.sixths[LAC_LENGTH] == 18;
    return per_volume ? rate->arg[0] : rate;
}

static void write_place(const lac_model *model, const lac_process *process, lac_text *text)
{
    lac_text_add(text, "{in: %s", model->domain[lac_process_domain(model, process)].id);
    if (process->region != LAC_NONE)
        lac_text_add(text, ", region: %s", model->region[process->region].id);
}

static void write_reactions(const lac_model *model, lac_text *text)
{
    bool begun = false;
    for (size_t process = 0; process < model->processes; process++) {
        const lac_process *it = &model->process[process];
        if (it->from_rate_equation || it->is_infusion)
            continue;
        lac_text_add(text, "%s  %s: ", begun ? "" : "reactions:\n", it->id);
        begun = true;
        write_place(model, it, text);
        lac_text_add(text, ", equation: \"");
        lac_write_equation(model, it, text);
        lac_text_add(text, "\", rate: ");
        lac_write_tree(model, written_rate(model, it), text);
        lac_text_add(text, "}\n");
    }
}

/* Rate equations by species: the first process of each, and after each process the next of the same
 * species; LAC_NONE at the ends. */
typedef struct chains {
    size_t *first; /* owned [species] */
    size_t *next;  /* owned [processes] */
} chains;

static bool same_equation(const lac_process *a, const lac_process *b)
{
    return a->change[0].variable == b->change[0].variable && a->region == b->region;
}

/* The terms of one variable and region, "(a) - (b)". */
static void write_terms(const lac_model *model, const chains *of, size_t first, lac_text *text)
{
    lac_text sum = {0}, words = {0};
    for (size_t process = first; process != LAC_NONE; process = of->next[process]) {
        const lac_process *it = &model->process[process];
        if (!same_equation(&model->process[first], it))
            continue;
        bool loss = it->change[0].stoichiometry < 0;
        words.length = 0;
        lac_expression_write(written_rate(model, it), lac_model_symbol_name, model, &words);
        lac_text_add(&sum, "%s(%s)",
                     loss         ? sum.length ? " - " : "-"
                     : sum.length ? " + "
                                  : "",
                     lac_text_of(&words));
    }
    if (sum.failed || words.failed)
        text->failed = LAC_MEMORY;
    write_place(model, &model->process[first], text);
    lac_text_add(text, ", rate: ");
    lac_write_quoted(lac_text_of(&sum), text);
    lac_text_add(text, "}");
    lac_text_free(&sum);
    lac_text_free(&words);
}

/* True when no process of the species before is of the same equation. */
static bool opens_equation(const lac_model *model, const chains *of, size_t species, size_t process)
{
    for (size_t before = of->first[species]; before != process; before = of->next[before]) {
        if (same_equation(&model->process[process], &model->process[before]))
            return false;
    }
    return true;
}

/* All equations of one species. */
static void write_species_rates(const lac_model *model, const chains *of, size_t species,
                                lac_text *text)
{
    size_t equations = 0, written = 0;
    for (size_t each = of->first[species]; each != LAC_NONE; each = of->next[each])
        equations += opens_equation(model, of, species, each);
    lac_text_add(text, "  %s: %s", model->species[species].id, equations > 1 ? "[" : "");
    for (size_t each = of->first[species]; each != LAC_NONE; each = of->next[each]) {
        if (!opens_equation(model, of, species, each))
            continue;
        lac_text_add(text, written++ ? ", " : "");
        write_terms(model, of, each, text);
    }
    lac_text_add(text, equations > 1 ? "]\n" : "\n");
}

static size_t species_of(const lac_model *model, size_t process)
{
    return model->variable[model->process[process].change[0].variable].species;
}

static lac_status chain_processes(const lac_model *model, chains *of)
{
    lac_status status = LAC_OK;
    LAC_NEW(of->first, model->species_count);
    LAC_NEW(of->next, model->processes);
    for (size_t species = 0; species < model->species_count; species++)
        of->first[species] = LAC_NONE;
    for (size_t process = model->processes; process-- > 0;) {
        if (!model->process[process].from_rate_equation)
            continue;
        size_t species = species_of(model, process);
        of->next[process] = of->first[species];
        of->first[species] = process;
    }
out:
    return status;
}

/* Species in the order of their first processes. */
static void write_rates(const lac_model *model, lac_text *text)
{
    chains of = {0};
    bool begun = false;
    if (chain_processes(model, &of) != LAC_OK)
        text->failed = LAC_MEMORY;
    for (size_t process = 0; process < model->processes && !text->failed; process++) {
        if (!model->process[process].from_rate_equation ||
            of.first[species_of(model, process)] != process)
            continue;
        lac_text_add(text, begun ? "" : "rates:\n");
        begun = true;
        write_species_rates(model, &of, species_of(model, process), text);
    }
    lac_free(of.first);
    lac_free(of.next);
}

void lac_write_processes(const lac_model *model, lac_text *text)
{
    write_reactions(model, text);
    write_rates(model, text);
}

/* --- events
 * ------------------------------------------------------------------------------------------ */

static void write_time(const lac_model *model, const char *key, double time, lac_text *text)
{
    lac_text_add(text, "%s: ", key);
    lac_write_number(model, time, lac_dimension_of(LAC_TIME, 1), text);
}

static void write_list(const lac_model *model, const lac_event *event, lac_text *text)
{
    for (size_t index = 0; index < event->times; index++) {
        lac_text_add(text, index ? ", " : "at: [");
        lac_write_number(model, event->time[index], lac_dimension_of(LAC_TIME, 1), text);
    }
    lac_text_add(text, "]");
}

static void write_durations(const lac_model *model, const lac_event *event, lac_text *text)
{
    if (event->delay > 0)
        write_time(model, ", delay", event->delay, text);
    if (event->delay > 0 && event->at_execution)
        lac_text_add(text, ", values: execution");
    if (event->over > 0)
        write_time(model, ", over", event->over, text);
}

static void write_moment(const lac_model *model, const lac_event *event, lac_text *text)
{
    if (event->when) {
        lac_text_add(text, "when: ");
        lac_write_tree(model, event->when, text);
        lac_text_add(text, event->once ? ", once: true" : "");
        return;
    }
    if (event->times > 0)
        write_list(model, event, text);
    else
        write_time(model, "at", event->at, text);
    if (event->every > 0)
        write_time(model, ", every", event->every, text);
    if (isfinite(event->until))
        write_time(model, ", until", event->until, text);
}

static void write_actions(const lac_model *model, const lac_event *event, lac_text *text)
{
    static const char *const words[] = {"add", "set", "scale"};
    for (size_t action = 0; action < event->actions; action++) {
        const lac_action *it = &event->action[action];
        bool opens = action == 0 || it[-1].kind != it->kind;
        bool closes = action + 1 == event->actions || it[1].kind != it->kind;
        if (opens)
            lac_text_add(text, ", %s: {", words[it->kind]);
        lac_text_add(text, "%s: ",
                     it->on_parameter ? model->parameter[it->target].id
                                      : model->variable[it->target].path);
        lac_write_tree(model, it->value, text);
        lac_text_add(text, closes ? "}" : ", ");
    }
}

void lac_write_events(const lac_model *model, lac_text *text)
{
    if (model->events > 0)
        lac_text_add(text, "events:\n");
    for (size_t event = 0; event < model->events; event++) {
        const lac_event *it = &model->event[event];
        size_t region = LAC_NONE;
        for (size_t action = 0; action < it->actions; action++)
            region = it->action[action].region != LAC_NONE ? it->action[action].region : region;
        lac_text_add(text, "  %s: {", it->id);
        write_moment(model, it, text);
        write_durations(model, it, text);
        if (region != LAC_NONE)
            lac_text_add(text, ", region: %s", model->region[region].id);
        write_actions(model, it, text);
        lac_text_add(text, "}\n");
    }
}
