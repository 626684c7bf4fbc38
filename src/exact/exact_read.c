/* What the model says, as the method `exact` needs it: reactions, boundary faces and motion.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/exact_internal.h"

#include "base/memory.h"

#include <math.h>

bool lac_exact_is_state(const lac_exact *e, size_t variable)
{
    const lac_model *model = e->scene.model;
    return model->species[model->variable[variable].species].kind == LAC_STATE;
}

/* --- reactions */

static bool changes_counts(const lac_exact *e, const lac_process *process)
{
    for (size_t k = 0; k < process->changes; k++)
        if (!lac_exact_is_state(e, process->change[k].variable))
            return true;
    return false;
}

static bool uses_any(const lac_exact *e, const lac_stack_program *law, bool states, size_t from,
                     size_t to)
{
    for (size_t v = from; law->uses && v < to; v++)
        if (law->uses[v] && (!states || lac_exact_is_state(e, v)))
            return true;
    return false;
}

/* Looks at what moves between the events of its voxel. */
static bool depends_on_time_varying(const lac_exact *e, const lac_stack_program *law)
{
    const size_t fields = e->layout.fields, variables = e->scene.model->variables;
    return law->on_time || uses_any(e, law, false, fields, variables) ||
           uses_any(e, law, true, 0, fields);
}

static lac_status add_change(lac_exact *e, lac_reaction *reaction, const lac_process *process,
                             const lac_change *change)
{
    lac_status status = LAC_OK;
    bool field = change->variable < e->layout.fields;
    LAC_REQUIRE(!lac_exact_is_state(e, change->variable), LAC_INPUT,
                "%s changes %s, a state, and also molecules or cells, which an event cannot do",
                process->id, e->scene.model->variable[change->variable].name);
    LAC_REQUIRE(change->stoichiometry == floor(change->stoichiometry), LAC_INPUT,
                "%s changes %s by %g: an event needs whole numbers", process->id,
                e->scene.model->variable[change->variable].name, change->stoichiometry);
    LAC_REQUIRE(field == process->in_tissue, LAC_INPUT,
                "%s changes both the tissue and a pool, which an event cannot do", process->id);
    reaction->change[reaction->changes++] =
        (lac_count_change){change->variable, change->stoichiometry};
out:
    return status;
}

static lac_status read_reaction(lac_exact *e, size_t process_index)
{
    lac_status status = LAC_OK;
    const lac_process *process = &e->scene.model->process[process_index];
    const size_t tissue =
        process->in_tissue ? lac_process_tissue(e->scene.model, process_index) : 0;
    lac_reaction *reaction = &e->reaction[e->reactions++];
    *reaction = (lac_reaction){.process = process_index,
                               .in_tissue = process->in_tissue,
                               .ground = &e->ground[tissue],
                               .region = process->in_tissue ? process->region : LAC_NONE,
                               .channel = LAC_NONE};
    LAC_NEW(reaction->change, process->changes);
    for (size_t k = 0; k < process->changes; k++)
        LAC_TRY(add_change(e, reaction, process, &process->change[k]));
    LAC_TRY(lac_stack_program_compile(e->scene.model, process->rate, tissue, &reaction->law));
    LAC_TRY(lac_exact_read_law(e, reaction));
    if (!reaction->mass_action)
        reaction->time_varying = reaction->in_tissue
                                     ? depends_on_time_varying(e, &reaction->law)
                                     : reaction->law.on_time || uses_any(e, &reaction->law, true, 0,
                                                                         e->scene.model->variables);
out:
    return status;
}

static lac_status read_reactions(lac_exact *e)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    LAC_NEW(e->reaction, model->processes);
    LAC_NEW(e->pair, model->processes);
    for (size_t p = 0; p < model->processes; p++)
        if (changes_counts(e, &model->process[p]) || model->process[p].changes == 0)
            LAC_TRY(read_reaction(e, p));
    for (size_t k = 0; k < e->reactions; k++) {
        e->reaction[k].of_pairs = lac_exact_can_pair(&e->reaction[k]);
        e->any_pairs = e->any_pairs || e->reaction[k].of_pairs;
        e->pair[k].driver = LAC_PAIR_NONE;
    }
out:
    return status;
}

/* --- boundary faces and motion */

static lac_status read_boundary_channel(lac_exact *e, size_t boundary)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    const lac_boundary *text = &model->boundary[boundary];
    lac_boundary_channel *entry = &e->boundary_channel[boundary];
    lac_stack_program *law[] = {&entry->value, &entry->partition, &entry->permeability};
    const lac_expression *tree[] = {text->value, text->partition, text->permeability};
    LAC_REQUIRE(!lac_exact_is_state(e, text->variable), LAC_INPUT,
                "%s is a state and cannot cross a boundary", model->variable[text->variable].name);
    for (int k = 0; k < 3; k++) {
        if (!tree[k])
            continue;
        LAC_TRY(lac_stack_program_compile(model, tree[k],
                                          e->motion[text->variable].ground->grid->tissue, law[k]));
        entry->time_varying = entry->time_varying || depends_on_time_varying(e, law[k]);
    }
    entry->membrane_varying = depends_on_time_varying(e, &entry->permeability) ||
                              uses_any(e, &entry->permeability, false, 0, e->layout.fields);
    if (text->type->with_pool)
        entry->volume = 1 / e->per_count[text->pool];
out:
    return status;
}

/* The boundary faces of a field by voxel, as a list with starts. */
static lac_status list_boundary_faces(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    lac_motion *motion = &e->motion[field];
    const lac_grid *grid = motion->ground->grid;
    size_t faces = 0;
    uint32_t *next = NULL;
    for (size_t b = 0; b < model->boundaries; b++)
        if (model->boundary[b].variable == field)
            faces += grid->boundary_faces[model->boundary[b].patch];
    if (faces == 0)
        return LAC_OK;
    LAC_NEW(motion->first_boundary_face, grid->voxels + 1);
    LAC_NEW(motion->boundary_face, faces);
    LAC_NEW(next, grid->voxels + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t b = 0; b < model->boundaries; b++) {
            const size_t patch = model->boundary[b].patch;
            for (size_t w = 0;
                 model->boundary[b].variable == field && w < grid->boundary_faces[patch]; w++) {
                size_t voxel = grid->boundary_face[patch][w].voxel;
                if (pass == 0)
                    motion->first_boundary_face[voxel + 1]++;
                else
                    motion->boundary_face[next[voxel]++] = (lac_boundary_face_ref){b, w};
            }
        }
        for (size_t voxel = 0; pass == 0 && voxel < grid->voxels; voxel++) {
            motion->first_boundary_face[voxel + 1] += motion->first_boundary_face[voxel];
            next[voxel] = motion->first_boundary_face[voxel];
        }
    }
out:
    lac_free(next);
    return status;
}

static bool differs_in_space(const lac_exact *e, const lac_stack_program *law)
{
    for (size_t s = 0; s < law->steps; s++) {
        lac_symbol_kind kind = law->step[s].symbol.kind;
        if (law->step[s].op == LAC_OP_SYMBOL &&
            (kind == LAC_SYMBOL_X || kind == LAC_SYMBOL_Y || kind == LAC_SYMBOL_DEPTH ||
             kind == LAC_SYMBOL_REGION))
            return true;
    }
    return uses_any(e, law, false, 0, e->layout.fields);
}

static lac_status read_motion(lac_exact *e, size_t field)
{
    lac_status status = LAC_OK;
    const lac_model *model = e->scene.model;
    lac_motion *motion = &e->motion[field];
    bool membrane = false;
    motion->channel = LAC_NONE;
    if (model->variable[field].diffusivity) {
        LAC_REQUIRE(!lac_exact_is_state(e, field), LAC_INPUT,
                    "%s is a state that diffuses: the method exact has no molecules to move",
                    model->variable[field].name);
        LAC_TRY(lac_stack_program_compile(model, model->variable[field].diffusivity,
                                          motion->ground->grid->tissue, &motion->law));
        motion->by_voxel = differs_in_space(e, &motion->law) || motion->ground->grid->width;
        motion->time_varying =
            motion->by_voxel && uses_any(e, &motion->law, false, 0, e->layout.fields);
        motion->time_varying = motion->time_varying || depends_on_time_varying(e, &motion->law);
    }
    LAC_TRY(list_boundary_faces(e, field));
    motion->moves = motion->law.steps > 0 || motion->first_boundary_face;
    for (size_t b = 0; b < model->boundaries; b++) {
        if (model->boundary[b].variable != field)
            continue;
        e->boundary_channel[b].time_varying =
            e->boundary_channel[b].time_varying || motion->time_varying;
        membrane = membrane || e->boundary_channel[b].membrane_varying;
    }
    motion->time_varying = motion->time_varying || membrane;
    LAC_NEW(motion->reaction, e->reactions);
    LAC_NEW(motion->pair, e->reactions);
    motion->met = INFINITY;
    for (size_t k = 0; k < e->reactions; k++)
        if (e->reaction[k].first_order && e->reaction[k].factor[0].variable == field)
            motion->reaction[motion->reactions++] = k;
out:
    return status;
}

/* --- all of it */

lac_status lac_exact_read(lac_exact *e)
{
    lac_status status = LAC_OK;
    LAC_TRY(read_reactions(e));
    for (size_t b = 0; b < e->scene.model->boundaries; b++)
        LAC_TRY(read_boundary_channel(e, b));
    for (size_t field = 0; field < e->layout.fields; field++)
        LAC_TRY(read_motion(e, field));
out:
    return status;
}
