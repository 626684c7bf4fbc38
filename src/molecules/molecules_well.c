/* Wells: well-mixed places beside the lattice, whose molecules pass into it and back one by one.
 *
 * A molecule of a well leaves at the sum of the rates at which it enters voxels, and enters one of
 * them by its part of that; one that walks and leaves the lattice stays in the well until it enters
 * again. So there is no error of a step, however few there are. Of the molecules that begin a step
 * in the well only those that leave are drawn: the gaps between them are geometric, and so their
 * number is binomial. Tests: test_passages.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/memory.h"

#include <math.h>

/* --- making --------------------------------------------------------------------------------------
 */

static void free_well(lac_well *well)
{
    lac_free(well->gate);
    lac_free(well->entry);
}

void lac_molecule_free_wells(lac_molecules *m)
{
    for (size_t k = 0; m->well && k < m->wells; k++)
        free_well(&m->well[k]);
    lac_free(m->well);
    lac_free(m->well_of);
    for (int k = 0; m->worker && k < m->workers; k++)
        lac_free(m->worker[k].in_well);
}

static lac_status make_room(lac_molecules *m)
{
    lac_status status = LAC_OK;
    if (m->well_of)
        return LAC_OK;
    LAC_NEW(m->well_of, m->reactions);
    LAC_NEW(m->well, m->reactions);
    for (int k = 0; k < m->workers; k++)
        LAC_NEW(m->worker[k].in_well, m->reactions);
out:
    return status;
}

lac_status lac_molecules_add_well(lac_molecules *m, size_t species, size_t gates,
                                  const lac_molecule_gate *gate, double **count)
{
    lac_status status = LAC_OK;
    LAC_TRY(make_room(m));
    lac_well *well = &m->well[m->wells];
    well->species = species;
    well->gates = gates;
    LAC_NEW(well->gate, gates);
    LAC_NEW(well->entry, gates * m->voxels);
    m->wells++;
    for (size_t k = 0; k < gates; k++) {
        well->gate[k] = gate[k];
        m->well_of[gate[k].leaving] = m->wells;
    }
    *count = &well->count;
out:
    if (status != LAC_OK && m->well)
        free_well(&m->well[m->wells]);
    return status;
}

/* Where a molecule may enter, and the sum of rates so far. */
void lac_molecule_prepare_wells(lac_molecules *m)
{
    for (size_t k = 0; k < m->wells; k++) {
        lac_well *well = &m->well[k];
        well->entries = 0;
        well->rate = 0;
        for (size_t g = 0; g < well->gates; g++)
            for (size_t voxel = 0; voxel < m->voxels; voxel++)
                if (well->gate[g].entering_at[voxel] > 0) {
                    well->rate += well->gate[g].entering_at[voxel];
                    well->entry[well->entries++] = (lac_entry){voxel, g, well->rate};
                }
    }
}

bool lac_molecule_has_well(const lac_molecules *m, size_t species)
{
    for (size_t k = 0; k < m->wells; k++)
        if (m->well[k].species == species)
            return true;
    return false;
}

/* --- one molecule --------------------------------------------------------------------------------
 */

static void enter(const lac_well *well, lac_molecule_worker *w, lac_newborn *who)
{
    const double at = lac_stream_unit(&w->stream) * well->rate;
    size_t low = 0, high = well->entries - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (well->entry[middle].sum > at)
            high = middle;
        else
            low = middle + 1;
    }
    who->voxel = well->entry[low].voxel;
    w->events[well->gate[well->entry[low].gate].entering] += 1;
}

bool lac_molecule_stay(const lac_molecules *m, lac_molecule_worker *w, size_t well,
                       lac_newborn *who)
{
    const lac_well *it = &m->well[well];
    const double wait =
        it->rate > 0 ? lac_stream_exponential(&w->stream) / it->rate : (double)INFINITY;
    if (!(wait < who->left)) {
        w->in_well[well] += 1;
        return false;
    }
    who->left -= wait;
    enter(it, w, who);
    return true;
}

/* --- those that begin a step there ---------------------------------------------------------------
 */

/* One that leaves within the step: when, and then it walks. */
static lac_status let_go(lac_molecules *m, lac_molecule_worker *w, const lac_well *well,
                         double step)
{
    lac_status status = LAC_OK;
    const double part = -expm1(-well->rate * step);
    const double after = -log1p(-lac_stream_unit(&w->stream) * part) / well->rate;
    lac_newborn who = {well->species, 0, fmax(step - after, 0)};
    enter(well, w, &who);
    LAC_GROW(w->newborn, w->newborns, w->newborn_room);
    w->newborn[w->newborns++] = who;
    LAC_TRY(lac_molecule_land(m, w));
out:
    return status;
}

lac_status lac_molecule_leave_wells(lac_molecules *m, double step)
{
    lac_status status = LAC_OK;
    lac_molecule_worker *w = &m->worker[0];
    for (size_t k = 0; k < m->wells; k++) {
        lac_well *well = &m->well[k];
        double left = well->count;
        if (!(well->rate * step > 0) || left == 0)
            continue;
        lac_molecule_draws(m, LAC_MOVING, well->species, m->chunks + k, &w->stream);
        for (;;) {
            left -= floor(lac_stream_exponential(&w->stream) / (well->rate * step)) + 1;
            if (left < 0)
                break;
            well->count -= 1;
            LAC_TRY(let_go(m, w, well, step));
        }
    }
out:
    return status;
}

void lac_molecule_fill_wells(lac_molecules *m)
{
    for (size_t k = 0; k < m->wells; k++)
        for (int worker = 0; worker < m->workers; worker++) {
            m->well[k].count += m->worker[worker].in_well[k];
            m->worker[worker].in_well[k] = 0;
        }
}
