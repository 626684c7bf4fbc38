/* The balance of every variable, from the sums that the stepper has integrated.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/balance.h"

#include "base/memory.h"

#include <math.h>

static void add_processes(const lac_model *model, const lac_state *state, lac_balance *balance)
{
    for (size_t index = 0; index < model->processes; index++) {
        const lac_process *process = &model->process[index];
        for (size_t k = 0; k < process->changes; k++) {
            const lac_change *change = &process->change[k];
            double amount = change->stoichiometry * state->extent[index];
            if (change->stoichiometry > 0)
                balance[change->variable].made += amount;
            else
                balance[change->variable].lost -= amount;
        }
    }
}

static void move(lac_balance *balance, double amount)
{
    balance->moved_in += amount > 0 ? amount : 0;
    balance->moved_out -= amount < 0 ? amount : 0;
}

static void add_boundaries(const lac_model *model, const lac_state *state, lac_balance *balance)
{
    for (size_t index = 0; index < model->boundaries; index++) {
        const lac_boundary *boundary = &model->boundary[index];
        move(&balance[boundary->variable], state->flux[index]);
        if (boundary->type->with_pool)
            move(&balance[boundary->pool], -state->flux[index]);
    }
}

void lac_balances_of(const lac_view *view, const lac_state *state, lac_balance *balance)
{
    const lac_model *model = view->model;
    for (size_t variable = 0; variable < model->variables; variable++)
        balance[variable] = (lac_balance){
            .content = lac_state_content(state, model, variable),
            .initial = state->initial[variable],
            .added = state->added[variable],
        };
    add_processes(model, state, balance);
    add_boundaries(model, state, balance);
}

double lac_balance_closure(const lac_balance *of)
{
    return of->content - of->initial -
           ((of->made - of->lost) + (of->moved_in - of->moved_out) + of->added);
}

double lac_balance_volume(const lac_view *view, size_t variable)
{
    if (variable < view->model->fields) {
        const lac_grid *grid = lac_grid_of_field(view->grid, view->model, variable);
        return grid->weight * grid->active_volume;
    }
    return lac_model_pool_volume(view->model, variable);
}

double lac_balance_relative(const lac_view *view, const lac_balance *of, size_t variable)
{
    double tolerance = view->model->variable[variable].atol * view->model->settings.atol_scale;
    double throughput = fabs(of->content) + fabs(of->initial) + fabs(of->made) + fabs(of->lost) +
                        of->moved_in + of->moved_out + fabs(of->added);
    double nothing = tolerance * lac_balance_volume(view, variable);
    double closure = fabs(lac_balance_closure(of));
    return closure == 0 ? 0 : closure / fmax(throughput, nothing);
}

lac_status lac_ledger_closure(const lac_view *view, const lac_state *state, double *worst,
                              size_t *variable)
{
    lac_status status = LAC_OK;
    enum { FEW = 16 }; /* small models are looked at often */
    lac_balance few[FEW], *many = NULL, *balance = few;
    size_t at = LAC_NONE;
    if (view->model->variables > FEW) {
        LAC_NEW(many, view->model->variables);
        balance = many;
    }
    lac_balances_of(view, state, balance);
    *worst = 0;
    for (size_t index = 0; index < view->model->variables; index++) {
        double relative = lac_balance_relative(view, &balance[index], index);
        if (!(relative <= *worst)) { /* a NaN is the worst of all */
            *worst = relative;
            at = index;
        }
        if (isnan(relative))
            break;
    }
    if (variable)
        *variable = at;
out:
    lac_free(many);
    return status;
}
