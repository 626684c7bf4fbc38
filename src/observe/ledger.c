/* The ledger: group /ledger, the balance of every variable, and the sums that it is made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "observe/balance.h"
#include "observe/observers.h"

enum { CONTENT, INITIAL, MADE, LOST, MOVED_IN, MOVED_OUT, ADDED, CLOSURE, RELATIVE, TERMS };

static const struct {
    const char *path, *words;
} term[TERMS] = {
    [CONTENT] = {LAC_AT_LEDGER "/content", "content of the whole joint"},
    [INITIAL] = {LAC_AT_LEDGER "/initial", "content at the start"},
    [MADE] = {LAC_AT_LEDGER "/made", "made by processes since the start"},
    [LOST] = {LAC_AT_LEDGER "/lost", "lost to processes since the start"},
    [MOVED_IN] = {LAC_AT_LEDGER "/moved_in", "moved in over boundaries since the start"},
    [MOVED_OUT] = {LAC_AT_LEDGER "/moved_out", "moved out over boundaries since the start"},
    [ADDED] = {LAC_AT_LEDGER "/added", "added by events since the start"},
    [CLOSURE] = {LAC_AT_LEDGER "/closure",
                 "content - initial - (made - lost + moved_in - moved_out + added)"},
    [RELATIVE] = {LAC_AT_CLOSURE, "size of the closure relative to throughput"},
};

typedef struct ledger {
    const lac_view *view;                                  /* borrowed */
    lac_store_series *term[TERMS], *extent, *flux, *worst; /* borrowed; NULL = nothing to tell */
    double *share;        /* owned [variables]: internal -> as shown */
    lac_balance *balance; /* owned [variables] */
    double *row;          /* owned [variables] */
} ledger;

static void release(void *self)
{
    ledger *made = self;
    if (!made)
        return;
    lac_free(made->share);
    lac_free(made->balance);
    lac_free(made->row);
    lac_free(made);
}

static lac_species_kind kind_of(const lac_model *model, size_t variable)
{
    return model->species[model->variable[variable].species].kind;
}

static const char *unit_of(lac_species_kind kind)
{
    static const char *const unit[] = {
        [LAC_MOLECULES] = "molecule", [LAC_CELL_COUNT] = "cell", [LAC_STATE] = "mean value"};
    return unit[kind];
}

/* Texts that are put together first and stored as one column. */
typedef struct column {
    size_t count;
    lac_text *text;   /* owned */
    const char **row; /* owned; members borrowed from text */
} column;

static void column_free(column *made)
{
    for (size_t index = 0; made->text && index < made->count; index++)
        lac_text_free(&made->text[index]);
    lac_free(made->text);
    lac_free(made->row);
}

static lac_status column_create(size_t count, column *made)
{
    lac_status status = LAC_OK;
    made->count = count;
    LAC_NEW(made->text, count);
    LAC_NEW(made->row, count);
out:
    return status;
}

static lac_status column_store(column *made, lac_store *store, const char *path,
                               const char *dimension)
{
    lac_status status = LAC_OK;
    for (size_t index = 0; index < made->count; index++) {
        LAC_TRY(made->text[index].failed);
        made->row[index] = lac_text_of(&made->text[index]);
    }
    LAC_TRY(lac_store_texts(store, path, dimension, made->row, made->count));
out:
    return status;
}

static lac_status name_variables(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    column names = {0}, units = {0};
    LAC_TRY(column_create(model->variables, &names));
    LAC_TRY(column_create(model->variables, &units));
    for (size_t variable = 0; variable < model->variables; variable++) {
        lac_text_add(&names.text[variable], "%s", model->variable[variable].name);
        lac_text_add(&units.text[variable], "%s", unit_of(kind_of(model, variable)));
    }
    LAC_TRY(column_store(&names, store, LAC_AT_LEDGER "/variable", LAC_AT_LEDGER "/variable"));
    LAC_TRY(column_store(&units, store, LAC_AT_LEDGER "/unit", LAC_AT_LEDGER "/variable"));
out:
    column_free(&names);
    column_free(&units);
    return status;
}

/* A process that changes nothing but states is counted in um3 times the state. */
static const char *process_unit(const lac_model *model, const lac_process *process)
{
    for (size_t k = 0; k < process->changes; k++) {
        lac_species_kind kind = kind_of(model, process->change[k].variable);
        if (kind != LAC_STATE)
            return unit_of(kind);
    }
    return process->changes ? "um3" : "1";
}

static lac_status name_processes(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    column names = {0}, units = {0}, laws = {0};
    LAC_TRY(column_create(model->processes, &names));
    LAC_TRY(column_create(model->processes, &units));
    LAC_TRY(column_create(model->processes, &laws));
    for (size_t index = 0; index < model->processes; index++) {
        const lac_process *process = &model->process[index];
        lac_text_add(&names.text[index], "%s", process->id);
        lac_text_add(&units.text[index], "%s", process_unit(model, process));
        lac_text_add(&laws.text[index], "%s", process->law ? process->law : "");
    }
    LAC_TRY(column_store(&names, store, LAC_AT_LEDGER "/process", LAC_AT_LEDGER "/process"));
    LAC_TRY(column_store(&units, store, LAC_AT_LEDGER "/process_unit", LAC_AT_LEDGER "/process"));
    LAC_TRY(column_store(&laws, store, LAC_AT_LEDGER "/process_law", LAC_AT_LEDGER "/process"));
out:
    column_free(&names);
    column_free(&units);
    column_free(&laws);
    return status;
}

static lac_status name_boundaries(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    column names = {0};
    LAC_TRY(column_create(model->boundaries, &names));
    for (size_t index = 0; index < model->boundaries; index++) {
        const lac_boundary *boundary = &model->boundary[index];
        lac_text_add(&names.text[index], "%s.%s", model->patch[boundary->patch].id,
                     model->variable[boundary->variable].name);
    }
    LAC_TRY(column_store(&names, store, LAC_AT_LEDGER "/boundary", LAC_AT_LEDGER "/boundary"));
out:
    column_free(&names);
    return status;
}

static lac_status name_rows(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    LAC_TRY(lac_store_group(store, LAC_AT_LEDGER));
    if (model->variables)
        LAC_TRY(name_variables(model, store));
    if (model->processes)
        LAC_TRY(name_processes(model, store));
    if (model->boundaries)
        LAC_TRY(name_boundaries(model, store));
out:
    return status;
}

static lac_status open_table(lac_store *store, bool resumed, const char *path, const char *rows,
                             const char *words, lac_store_series **series)
{
    const char *dimensions[] = {LAC_AT_TIME, rows};
    return lac_observe_series(store, resumed,
                              &(lac_series_about){.path = path,
                                                  .type = LAC_STORE_DOUBLE,
                                                  .dimensions = dimensions,
                                                  .count = rows ? 2 : 1,
                                                  .long_name = words},
                              series);
}

static lac_status open_tables(ledger *made, lac_store *store, bool resumed)
{
    lac_status status = LAC_OK;
    const lac_model *model = made->view->model;
    for (size_t index = 0; index < TERMS && model->variables; index++)
        LAC_TRY(open_table(store, resumed, term[index].path, LAC_AT_LEDGER "/variable",
                           term[index].words, &made->term[index]));
    if (model->processes)
        LAC_TRY(open_table(store, resumed, LAC_AT_LEDGER "/extent", LAC_AT_LEDGER "/process",
                           "integral of each process's rate, for the whole joint", &made->extent));
    if (model->boundaries)
        LAC_TRY(open_table(store, resumed, LAC_AT_LEDGER "/flux", LAC_AT_LEDGER "/boundary",
                           "integral of what entered the tissue through each boundary, for the "
                           "whole joint",
                           &made->flux));
    LAC_TRY(open_table(store, resumed, LAC_AT_LEDGER "/worst_closure", NULL,
                       "largest closure_relative of all variables", &made->worst));
out:
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    ledger *made = NULL;
    LAC_NEW(made, 1);
    made->view = view;
    LAC_NEW(made->share, model->variables);
    LAC_NEW(made->balance, model->variables);
    LAC_NEW(made->row, model->variables);
    for (size_t variable = 0; variable < model->variables; variable++) {
        bool is_state = kind_of(model, variable) == LAC_STATE;
        made->share[variable] = is_state ? 1 / lac_balance_volume(view, variable) : 1;
    }
    if (!resumed)
        LAC_TRY(name_rows(model, store));
    LAC_TRY(open_tables(made, store, resumed));
    *self = made;
    made = NULL;
out:
    release(made);
    return status;
}

static double value_of(const ledger *self, int which, size_t variable)
{
    const lac_balance *of = &self->balance[variable];
    const double value[TERMS] = {
        [CONTENT] = of->content,   [INITIAL] = of->initial,
        [MADE] = of->made,         [LOST] = of->lost,
        [MOVED_IN] = of->moved_in, [MOVED_OUT] = of->moved_out,
        [ADDED] = of->added,       [CLOSURE] = lac_balance_closure(of),
    };
    if (which == RELATIVE)
        return lac_balance_relative(self->view, of, variable);
    return value[which] * self->share[variable];
}

static lac_status record(void *self, const lac_state *state, size_t frame, size_t field_frame)
{
    lac_status status = LAC_OK;
    ledger *made = self;
    const size_t variables = made->view->model->variables;
    double worst = 0;
    (void)field_frame;
    lac_balances_of(made->view, state, made->balance);
    for (int which = 0; which < TERMS && variables; which++) {
        for (size_t variable = 0; variable < variables; variable++)
            made->row[variable] = value_of(made, which, variable);
        LAC_TRY(lac_store_put(made->term[which], frame, made->row));
    }
    if (made->extent)
        LAC_TRY(lac_store_put(made->extent, frame, state->extent));
    if (made->flux)
        LAC_TRY(lac_store_put(made->flux, frame, state->flux));
    LAC_TRY(lac_ledger_closure(made->view, state, &worst, NULL));
    LAC_TRY(lac_store_put(made->worst, frame, &worst));
out:
    return status;
}

const lac_observer_type lac_observe_ledger = {
    .name = "ledger",
    .summary = "what was made, lost, moved and added of every variable, and whether it closes",
    .create = create,
    .record = record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
