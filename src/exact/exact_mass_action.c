/* Mass action, recognised. A law that is c * x_i^m_i, where m_i is the number of molecules of i
 * among the reactants and c does not depend on x_i, has at whole counts the propensity
 *
 *   a = c V n_i (n_i - 1) ... (n_i - m_i + 1) / V^m_i
 *
 * (Gillespie 1977, J. Phys. Chem. 81:2340, with c the deterministic constant), for each such
 * reactant i, whatever else is in c: parameters, inputs, time, place, other quantities. A law is
 * taken with n_i^m_i where the power is another, and at the counts as they are where it is no power
 * of x_i. Where c is made of numbers and parameters alone, and the law is a product, an event costs
 * least: the propensity is k times whole numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"
#include "model/degree.h"

#include <math.h>

enum { POWER_MOST = LAC_DEGREE_MOST, FACTORS_MOST = 16 };

typedef struct reading {
    const lac_exact *e;
    lac_mass_factor factor[FACTORS_MOST];
    size_t factors;
    bool plain; /* so far */
} reading;

typedef struct search {
    bool variable, elsewhere;
} search;

static void look(const lac_expression *node, void *context)
{
    search *found = context;
    if (node->op != LAC_OP_SYMBOL)
        return;
    if (node->symbol.kind == LAC_SYMBOL_VARIABLE)
        found->variable = true;
    else if (!lac_symbol_is_set(node->symbol))
        found->elsewhere = true;
}

static search search_in(const lac_expression *tree)
{
    search found = {false, false};
    lac_expression_walk(tree, look, &found);
    return found;
}

static void add_factor(reading *r, size_t variable, int power)
{
    for (size_t k = 0; k < r->factors; k++)
        if (r->factor[k].variable == variable) {
            r->factor[k].power += power;
            r->plain = r->plain && r->factor[k].power <= POWER_MOST;
            return;
        }
    if (r->factors == FACTORS_MOST || r->e->per_count[variable] == 0) {
        r->plain = false;
        return;
    }
    r->factor[r->factors++] = (lac_mass_factor){variable, power, false};
}

static bool is_variable(const lac_expression *tree)
{
    return tree->op == LAC_OP_SYMBOL && tree->symbol.kind == LAC_SYMBOL_VARIABLE;
}

static void read_product(reading *r, const lac_expression *tree)
{
    if (is_variable(tree)) {
        add_factor(r, tree->symbol.index, 1);
    } else if (!search_in(tree).variable) {
        return;
    } else if (tree->op == LAC_OP_MULTIPLY) {
        read_product(r, tree->arg[0]);
        read_product(r, tree->arg[1]);
    } else if (tree->op == LAC_OP_DIVIDE && !search_in(tree->arg[1]).variable) {
        read_product(r, tree->arg[0]);
    } else if (tree->op == LAC_OP_POWER && is_variable(tree->arg[0]) &&
               tree->arg[1]->op == LAC_OP_NUMBER && tree->arg[1]->number >= 1 &&
               tree->arg[1]->number <= POWER_MOST &&
               tree->arg[1]->number == floor(tree->arg[1]->number)) {
        add_factor(r, tree->arg[0]->symbol.index, (int)tree->arg[1]->number);
    } else {
        r->plain = false;
    }
}

/* Is the product 0 wherever a change would take more than there is? */
static bool is_self_limiting(const lac_reaction *reaction)
{
    for (size_t c = 0; c < reaction->changes; c++) {
        double taken = -reaction->change[c].amount;
        bool covered = taken <= 0;
        for (size_t k = 0; k < reaction->factors; k++)
            if (reaction->factor[k].variable == reaction->change[c].variable)
                covered = covered || taken <= 1 ||
                          (reaction->factor[k].falling && taken <= reaction->factor[k].power);
        if (!covered)
            return false;
    }
    return reaction->in_tissue && reaction->factors > 0 && reaction->region == LAC_NONE;
}

static double reactants(const lac_process *process, size_t variable)
{
    for (size_t k = 0; k < process->reactants; k++)
        if (process->reactant[k] == variable)
            return process->reactant_count[k];
    return 0;
}

int lac_meeting_power(const lac_process *process, size_t variable)
{
    const int power = lac_degree_in(process->rate, variable);
    const bool meets = power > 1 && power <= POWER_MOST;
    return meets && power == reactants(process, variable) ? power : 0;
}

/* Of a law that is no plain product: the reactants of which two or more meet. */
static lac_status read_falling(const lac_exact *e, lac_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_process *process = &e->scene.model->process[reaction->process];
    LAC_NEW(reaction->factor, process->reactants);
    for (size_t k = 0; k < process->reactants; k++) {
        const size_t variable = process->reactant[k];
        const int power = lac_meeting_power(process, variable);
        const bool here = (variable < e->layout.fields) == reaction->in_tissue;
        if (here && e->per_count[variable] > 0 && power > 0)
            reaction->factor[reaction->factors++] = (lac_mass_factor){variable, power, true};
    }
out:
    return status;
}

lac_status lac_exact_read_law(const lac_exact *e, lac_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_process *process = &e->scene.model->process[reaction->process];
    reading r = {.e = e, .plain = !search_in(process->rate).elsewhere};
    read_product(&r, process->rate);
    for (size_t k = 0; k < r.factors; k++) {
        lac_mass_factor *factor = &r.factor[k];
        bool field = factor->variable < e->layout.fields;
        r.plain = r.plain && field == reaction->in_tissue;
        factor->falling = reactants(process, factor->variable) == factor->power;
    }
    /* Of another order the coefficient has the volume in it. */
    if (reaction->in_tissue && reaction->ground->grid->share)
        r.plain = r.plain && r.factors == 1 && r.factor[0].power == 1;
    reaction->mass_action = r.plain;
    reaction->k = 1;
    if (!r.plain)
        return read_falling(e, reaction);
    LAC_NEW(reaction->factor, r.factors);
    reaction->factors = r.factors;
    for (size_t k = 0; k < r.factors; k++)
        reaction->factor[k] = r.factor[k];
    reaction->self_limiting = is_self_limiting(reaction);
    reaction->first_order = reaction->in_tissue && reaction->region == LAC_NONE && r.factors == 1 &&
                            r.factor[0].power == 1;
    for (size_t k = 0; k < reaction->changes; k++)
        if (reaction->change[k].amount < 0 &&
            (reaction->change[k].amount < -1 || r.factors == 0 ||
             reaction->change[k].variable != r.factor[0].variable))
            reaction->first_order = false;
out:
    return status;
}

/* k: the law where every variable is 1. */
double lac_exact_coefficient(const lac_exact *e, const lac_reaction *reaction)
{
    double product = reaction->in_tissue ? reaction->ground->volume : e->scale;
    for (size_t k = 0; k < reaction->factors; k++)
        product *= pow(e->per_count[reaction->factor[k].variable], reaction->factor[k].power);
    return product * lac_stack_program_at_ones(&reaction->law, &e->context);
}
