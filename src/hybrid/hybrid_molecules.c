/* Discrete molecules that diffuse: made from the model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_molecules.h"

#include "base/memory.h"
#include "model/representation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Keys of the draws of different tissues lie apart by this. */
enum { OF_EACH_TISSUE = 64 };

/* --- species -------------------------------------------------------------------------------------
 */

static bool is_of(const lac_hybrid *h, const struct lac_moving *m, size_t variable)
{
    return lac_model_is_moving(h->scene.model, variable) &&
           lac_hybrid_grid_of(h, variable) == m->grid;
}

static lac_status list_species(lac_hybrid *h, struct lac_moving *m)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    LAC_NEW(m->variable, model->fields);
    LAC_NEW(m->place, model->fields);
    LAC_NEW(m->diffusivity, model->fields);
    LAC_NEW(m->diffusivity_at, model->fields);
    LAC_NEW(m->integral, model->fields);
    for (size_t v = 0; v < model->fields; v++) {
        if (!is_of(h, m, v))
            continue;
        m->variable[m->species] = v;
        m->place[m->species] = h->place[v];
        LAC_NEW(m->diffusivity_at[m->species], m->grid->voxels);
        LAC_TRY(lac_stack_program_compile(model, model->variable[v].diffusivity, m->grid->tissue,
                                          &m->diffusivity[m->species++]));
    }
out:
    return status;
}

static size_t species_of(const struct lac_moving *m, size_t variable)
{
    for (size_t s = 0; s < m->species; s++)
        if (m->variable[s] == variable)
            return s;
    return LAC_NONE;
}

/* --- processes -----------------------------------------------------------------------------------
 */

static lac_status read_process(lac_hybrid *h, struct lac_moving *m, size_t index,
                               lac_molecule_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_process *process = &h->scene.model->process[index];
    lac_molecule_process *it = &m->process[m->processes++];
    it->process = index;
    LAC_NEW(it->coefficient, m->grid->voxels);
    LAC_NEW(it->value, process->changes);
    for (size_t k = 0; k < process->reactants; k++)
        for (int met = 0; met < (int)process->reactant_count[k]; met++)
            if (species_of(m, process->reactant[k]) != LAC_NONE)
                reaction->reactant[reaction->reactants++] = species_of(m, process->reactant[k]);
    for (size_t k = 0; k < process->changes; k++) {
        const lac_change *change = &process->change[k];
        const size_t species = species_of(m, change->variable);
        if (species != LAC_NONE)
            reaction->change[reaction->changes++] =
                (lac_molecule_change){species, (int)change->stoichiometry};
        else
            it->value[it->values++] =
                (lac_addition){change->variable, change->factor / m->grid->voxel_volume};
    }
    it->meets = reaction->reactants > 0;
    if (it->values > 0)
        LAC_NEW(it->events, m->grid->voxels);
    reaction->events_at = it->events;
    reaction->coefficient_at = it->coefficient;
    LAC_TRY(lac_stack_program_compile(h->scene.model, process->rate, m->grid->tissue, &it->law));
out:
    return status;
}

static bool looks_at_moving(const lac_hybrid *h, const struct lac_moving *m,
                            const lac_stack_program *law)
{
    for (size_t v = 0; v < h->scene.model->fields; v++)
        if (law->uses[v] && species_of(m, v) != LAC_NONE)
            return true;
    return false;
}

/* What is continuous, and changes or is looked at together with molecules. */
static void follow(lac_hybrid *h, struct lac_moving *m)
{
    const lac_model *model = h->scene.model;
    for (size_t p = 0; p < m->processes; p++) {
        for (size_t v = 0; v < model->variables; v++)
            if (m->process[p].law.uses[v] && h->own_variable[v])
                m->followed[v] = 1;
        for (size_t k = 0; k < m->process[p].values; k++)
            m->followed[m->process[p].value[k].variable] = 1;
    }
    for (size_t s = 0; s < h->sources; s++) {
        const lac_process *process = &model->process[h->source[s].process];
        if (looks_at_moving(h, m, &h->source[s].law))
            for (size_t k = 0; k < process->changes; k++)
                m->followed[process->change[k].variable] = 1;
    }
}

/* By what is not an event of molecules. */
static bool is_looked_at(const lac_hybrid *h, size_t variable)
{
    for (size_t s = 0; s < h->sources; s++)
        if (h->source[s].law.uses[variable])
            return true;
    for (size_t k = 0; k < h->switches; k++)
        if (h->process[k].law.uses[variable])
            return true;
    return false;
}

/* --- the room ------------------------------------------------------------------------------------
 */

static lac_status note_active(struct lac_moving *m)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = m->grid;
    if (!grid->active)
        return LAC_OK;
    LAC_NEW(m->active, m->grid->voxels);
    for (size_t v = 0; v < m->grid->voxels; v++)
        m->active[v] = grid->active[v] != 0;
out:
    return status;
}

static lac_status make_molecules(lac_hybrid *h, struct lac_moving *m,
                                 const lac_molecule_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = m->grid;
    const lac_purpose purpose = LAC_FOR_MOLECULES + OF_EACH_TISSUE * (lac_purpose)grid->tissue;
    lac_lattice lattice = {.active = m->active, .width = grid->width};
    lac_molecule_species *species = NULL;
    LAC_NEW(species, m->species);
    for (int a = 0; a < 3; a++) {
        lattice.n[a] = grid->n[a];
        lattice.per_area[a] = 1 / (grid->h[a] * grid->h[a]);
    }
    for (size_t s = 0; s < m->species; s++)
        species[s].diffusivity_at = m->diffusivity_at[s];
    LAC_TRY(lac_molecules_create(&lattice, m->species, species, m->processes + 2 * m->passages,
                                 reaction, lac_scene_key(&h->scene, purpose), &m->molecules));
    for (size_t s = 0; s < m->species; s++)
        if (is_looked_at(h, m->variable[s]))
            LAC_TRY(lac_molecules_watch(m->molecules, s, &m->integral[s]));
out:
    lac_free(species);
    return status;
}

static lac_status make_one(lac_hybrid *h, struct lac_moving *m)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    lac_molecule_reaction *reaction = NULL;
    LAC_TRY(list_species(h, m));
    LAC_NEW(m->process, model->processes);
    LAC_NEW(reaction, model->processes + 2 * model->boundaries);
    for (size_t p = 0; p < model->processes; p++)
        if (lac_model_is_of_moving(model, p) && lac_process_tissue(model, p) == m->grid->tissue)
            LAC_TRY(read_process(h, m, p, &reaction[m->processes]));
    follow(h, m);
    LAC_TRY(lac_hybrid_create_passages(h, m, reaction + m->processes));
    LAC_TRY(note_active(m));
    LAC_TRY(make_molecules(h, m, reaction));
    LAC_TRY(lac_hybrid_create_wells(h, m));
out:
    lac_free(reaction);
    return status;
}

static lac_status make_shared(lac_hybrid *h, struct lac_moving *first)
{
    lac_status status = LAC_OK;
    LAC_NEW(first->followed, h->scene.model->variables);
    LAC_NEW(first->old, h->layout.length);
    LAC_NEW(first->slope, h->layout.length);
    LAC_NEW(first->excess, h->layout.length);
    LAC_NEW(first->level, h->scene.model->variables);
    for (size_t k = 1; k < first->tissues; k++) {
        first[k].followed = first->followed;
        first[k].old = first->old;
        first[k].slope = first->slope;
        first[k].excess = first->excess;
        first[k].level = first->level;
    }
out:
    return status;
}

/* Which tissues have such molecules. */
static void find_grids(const lac_hybrid *h, struct lac_moving *first)
{
    const lac_model *model = h->scene.model;
    size_t site = 0;
    for (const lac_grid *grid = h->scene.grid; grid; site += grid->voxels, grid = grid->next) {
        struct lac_moving *m = &first[first->tissues];
        bool any = false;
        m->grid = grid;
        m->first = site;
        for (size_t v = 0; v < model->fields; v++)
            any = any || is_of(h, m, v);
        first->tissues += any;
    }
}

lac_status lac_hybrid_create_moving(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    bool any = false;
    for (size_t v = 0; v < h->scene.model->fields; v++)
        any = any || lac_model_is_moving(h->scene.model, v);
    if (!any)
        return LAC_OK;
    LAC_NEW(h->moving, h->scene.model->tissues + 1);
    find_grids(h, h->moving);
    LAC_TRY(make_shared(h, h->moving));
    for (size_t k = 0; k < h->moving->tissues; k++)
        LAC_TRY(make_one(h, &h->moving[k]));
out:
    return status;
}

/* --- the rest ------------------------------------------------------------------------------------
 */

static void free_one(struct lac_moving *m)
{
    for (size_t s = 0; s < m->species; s++) {
        lac_stack_program_free(&m->diffusivity[s]);
        lac_free(m->diffusivity_at[s]);
    }
    for (size_t p = 0; m->process && p < m->processes; p++) {
        lac_stack_program_free(&m->process[p].law);
        lac_free(m->process[p].coefficient);
        lac_free(m->process[p].events);
        lac_free(m->process[p].value);
    }
    lac_molecules_free(m->molecules);
    lac_hybrid_free_passages(m);
    void *const owned[] = {m->variable, m->place,   m->diffusivity, m->diffusivity_at,
                           m->integral, m->process, m->active,      m->well};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        lac_free(owned[k]);
}

void lac_hybrid_free_moving(lac_hybrid *h)
{
    struct lac_moving *first = h->moving;
    if (!first)
        return;
    for (size_t k = 0; k < first->tissues; k++)
        free_one(&first[k]);
    lac_free(first->followed);
    lac_free(first->old);
    lac_free(first->level);
    lac_free(first->slope);
    lac_free(first->excess);
    lac_free(first);
    h->moving = NULL;
}

/* History is void: the first window is short again. */
void lac_hybrid_restart_moving(lac_hybrid *h)
{
    if (!h->moving)
        return;
    memset(h->moving->slope, 0, h->layout.length * sizeof *h->moving->slope);
    h->moving->window = 0;
    h->moving->own = 0;
}

void lac_hybrid_moving_blocks(lac_hybrid *h, lac_block_list *list)
{
    if (!h->moving)
        return;
    lac_block_add(list, "stepper.molecules", "slope", LAC_BLOCK_DOUBLE, h->layout.length,
                  h->moving->slope);
    lac_block_add(list, "stepper.molecules", "window", LAC_BLOCK_DOUBLE, 1, &h->moving->window);
    lac_block_add(list, "stepper.molecules", "own", LAC_BLOCK_DOUBLE, 1, &h->moving->own);
    for (size_t k = 0; k < h->moving->tissues; k++) {
        char owner[40] = "stepper.molecules";
        if (k > 0)
            snprintf(owner, sizeof owner, "stepper.molecules.%zu", k + 1);
        lac_molecules_blocks(h->moving[k].molecules, owner, list);
    }
}
