/* Discrete molecules that diffuse: made from the model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid/hybrid_molecules.h"

#include "base/memory.h"
#include "model/representation.h"

#include <math.h>
#include <string.h>

/* --- species -------------------------------------------------------------------------------------
 */

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
        if (!lac_model_is_moving(model, v))
            continue;
        m->variable[m->species] = v;
        m->place[m->species] = h->place[v];
        LAC_NEW(m->diffusivity_at[m->species], h->layout.tract[0].voxels);
        LAC_TRY(lac_stack_program_compile(model, model->variable[v].diffusivity, 0,
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
    LAC_NEW(it->coefficient, h->layout.tract[0].voxels);
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
                (lac_addition){change->variable, change->factor / h->scene.grid->voxel_volume};
    }
    it->meets = reaction->reactants > 0;
    if (it->values > 0)
        LAC_NEW(it->events, h->layout.tract[0].voxels);
    reaction->events_at = it->events;
    reaction->coefficient_at = it->coefficient;
    LAC_TRY(lac_stack_program_compile(h->scene.model, process->rate, 0, &it->law));
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

static lac_status note_active(lac_hybrid *h, struct lac_moving *m)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = h->scene.grid;
    if (!grid->active)
        return LAC_OK;
    LAC_NEW(m->active, h->layout.tract[0].voxels);
    for (size_t v = 0; v < h->layout.tract[0].voxels; v++)
        m->active[v] = grid->active[v] != 0;
out:
    return status;
}

static lac_status make_molecules(lac_hybrid *h, struct lac_moving *m,
                                 const lac_molecule_reaction *reaction)
{
    lac_status status = LAC_OK;
    const lac_grid *grid = h->scene.grid;
    lac_lattice lattice = {.active = m->active};
    lac_molecule_species *species = NULL;
    LAC_NEW(species, m->species);
    for (int a = 0; a < 3; a++) {
        lattice.n[a] = grid->n[a];
        lattice.per_area[a] = 1 / (grid->h[a] * grid->h[a]);
    }
    for (size_t s = 0; s < m->species; s++)
        species[s].diffusivity_at = m->diffusivity_at[s];
    LAC_TRY(lac_molecules_create(&lattice, m->species, species, m->processes + 2 * m->passages,
                                 reaction, lac_scene_key(&h->scene, LAC_FOR_MOLECULES),
                                 &m->molecules));
    for (size_t s = 0; s < m->species; s++)
        if (is_looked_at(h, m->variable[s]))
            LAC_TRY(lac_molecules_watch(m->molecules, s, &m->integral[s]));
out:
    lac_free(species);
    return status;
}

lac_status lac_hybrid_create_moving(lac_hybrid *h)
{
    lac_status status = LAC_OK;
    const lac_model *model = h->scene.model;
    lac_molecule_reaction *reaction = NULL;
    struct lac_moving *m;
    bool any = false;
    for (size_t v = 0; v < model->fields; v++)
        any = any || lac_model_is_moving(model, v);
    if (!any)
        return LAC_OK;
    LAC_NEW(m, 1);
    h->moving = m;
    LAC_TRY(list_species(h, m));
    LAC_NEW(m->process, model->processes);
    LAC_NEW(reaction, model->processes + 2 * model->boundaries);
    for (size_t p = 0; p < model->processes; p++)
        if (lac_model_is_of_moving(model, p))
            LAC_TRY(read_process(h, m, p, &reaction[m->processes]));
    LAC_NEW(m->followed, model->variables);
    LAC_NEW(m->old, h->layout.length);
    LAC_NEW(m->slope, h->layout.length);
    LAC_NEW(m->level, model->variables);
    follow(h, m);
    LAC_TRY(lac_hybrid_create_passages(h, m, reaction + m->processes));
    LAC_TRY(note_active(h, m));
    LAC_TRY(make_molecules(h, m, reaction));
out:
    lac_free(reaction);
    return status;
}

/* --- the rest ------------------------------------------------------------------------------------
 */

void lac_hybrid_free_moving(lac_hybrid *h)
{
    struct lac_moving *m = h->moving;
    if (!m)
        return;
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
                           m->integral, m->process, m->active,      m->followed,
                           m->old,      m->level,   m->slope,       m};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        lac_free(owned[k]);
    h->moving = NULL;
}

/* History is void: the first window is short again. */
void lac_hybrid_restart_moving(lac_hybrid *h)
{
    if (!h->moving)
        return;
    memset(h->moving->slope, 0, h->layout.length * sizeof *h->moving->slope);
    h->moving->window = 0;
}

void lac_hybrid_moving_blocks(lac_hybrid *h, lac_block_list *list)
{
    if (!h->moving)
        return;
    lac_block_add(list, "stepper.molecules", "slope", LAC_BLOCK_DOUBLE, h->layout.length,
                  h->moving->slope);
    lac_block_add(list, "stepper.molecules", "window", LAC_BLOCK_DOUBLE, 1, &h->moving->window);
    lac_molecules_blocks(h->moving->molecules, "stepper.molecules", list);
}
