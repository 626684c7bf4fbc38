/* Motion of all molecules of a step. Chunks of voxels are dealt to threads; each has its own array
 * of arrivals, and these are added up: whole numbers, so in any order the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_internal.h"

#include "base/memory.h"
#include "base/vector.h"

#include <math.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* A kernel of all axes at once while it fits in the nearest cache, else one of each. */
enum { JOINT_MOST = 4096, AXIS_MOST = 8192 };

/* --- kernels of a time ---------------------------------------------------------------------------
 */

static void drop_kernels(lac_motion_of_time *of)
{
    for (size_t k = 0; k < of->kernels; k++)
        lac_kernel_free(of->kernel[k]);
    memset(of, 0, sizeof *of);
}

static lac_status add_kernel(const lac_molecules *m, const double hops[3], size_t most,
                             lac_motion_of_time *of)
{
    lac_status status = LAC_OK;
    lac_kernel *kernel = NULL;
    LAC_TRY(lac_kernel_create(hops, m->lattice.n, most, &kernel));
    if (kernel)
        of->kernel[of->kernels++] = kernel;
out:
    return status;
}

static lac_status make_kernels(const lac_molecules *m, const lac_species_track *t, double time,
                               lac_motion_of_time *of)
{
    lac_status status = LAC_OK;
    const double hops[3] = {t->hop[0] * time, t->hop[1] * time, t->hop[2] * time};
    if (of->kernels > 0 && of->time == time)
        return LAC_OK;
    drop_kernels(of);
    if (hops[0] + hops[1] + hops[2] < 100)
        LAC_TRY(add_kernel(m, hops, JOINT_MOST, of));
    for (int a = 0; a < 3 && of->kernels < (size_t)a + 1; a++) {
        double one[3] = {0};
        one[a] = hops[a];
        LAC_TRY(add_kernel(m, one, AXIS_MOST, of));
    }
    of->time = time;
out:
    return status;
}

/* Those of the step, and of the powers of two below it for newborns. */
lac_status lac_molecule_ladders(lac_molecules *m, double step)
{
    lac_status status = LAC_OK;
    for (size_t s = 0; s < m->species; s++) {
        lac_species_track *t = &m->track[s];
        if (!t->mobile || t->walks)
            continue;
        LAC_TRY(make_kernels(m, t, step, &t->rest));
        int level = ilogb(step) + LAC_LEVEL_OF_1S;
        t->lowest = ilogb(2 / t->hops) + LAC_LEVEL_OF_1S;
        for (; level >= t->lowest && level >= 0; level--)
            if (level < LAC_LEVELS)
                LAC_TRY(make_kernels(m, t, ldexp(1, level - LAC_LEVEL_OF_1S), &t->ladder[level]));
    }
out:
    return status;
}

/* --- arrivals ------------------------------------------------------------------------------------
 */

void lac_molecule_draws(const lac_molecules *m, lac_phase phase, size_t species, size_t chunk,
                        lac_stream *stream)
{
    stream->key = m->key;
    stream->address = lac_molecule_address(m, phase, species);
    stream->block = (uint64_t)chunk << 32;
    stream->used = LAC_STREAM_WORDS;
}

/* What is moved at once: molecules of a chunk by the place of their voxel in it. */
enum { BATCH = 1024, BATCH_ROOM = BATCH + 4 };
typedef struct lac_batch {
    size_t molecules, movers;
    uint16_t molecule[BATCH_ROOM], mover[BATCH_ROOM];
    uint32_t word[BATCH_ROOM];
    int32_t x[LAC_CHUNK], y[LAC_CHUNK], z[LAC_CHUNK]; /* of the voxels of the chunk */
} lac_batch;

/* The draws of a chunk in order: whole blocks each time. */
static void draw_words(lac_stream *stream, size_t words, uint32_t *word)
{
    const size_t blocks = (words + LAC_PHILOX_WORDS - 1) / LAC_PHILOX_WORDS;
    lac_philox_blocks(stream->key, stream->address, stream->block, blocks, word);
    stream->block += blocks;
}

/* Half a word each tells who stays; the others are listed, without a branch. */
static void find_movers(lac_batch *batch, uint32_t stays)
{
    size_t movers = 0;
    for (size_t i = 0; i < batch->molecules; i++) {
        const uint32_t half = batch->word[i / 2] >> 16 * (i & 1) & 0xffff;
        batch->mover[movers] = batch->molecule[i];
        movers += half >= stays;
    }
    batch->movers = movers;
}

/* All molecules of the chunk have been put where they were. */
static void move_movers(const lac_kernel *kernel, const lac_batch *batch, int32_t *restrict here,
                        int32_t *restrict arrived)
{
    const lac_kernel k = *kernel;
    const int32_t *restrict fx = k.fold[0] + k.reach[0], *restrict fy = k.fold[1] + k.reach[1];
    const int32_t *restrict fz = k.fold[2] + k.reach[2];
    for (size_t i = 0; i < batch->movers; i++) {
        const size_t from = batch->mover[i];
        const lac_displacement d = lac_kernel_draw(&k, batch->word[i]);
        here[from]--;
        arrived[fx[batch->x[from] + d.by[0]] + fy[batch->y[from] + d.by[1]] +
                fz[batch->z[from] + d.by[2]]]++;
    }
}

static void flush(const lac_kernel *kernel, lac_molecule_worker *w, lac_batch *batch, int32_t *here)
{
    if (batch->molecules == 0)
        return;
    draw_words(&w->stream, (batch->molecules + 1) / 2, batch->word);
    find_movers(batch, kernel->stays);
    draw_words(&w->stream, batch->movers, batch->word);
    move_movers(kernel, batch, here, w->arrived);
    batch->molecules = 0;
}

/* Copies of a place; four are written whatever their number, which costs no branch. Returns how
 * many are left. */
static int32_t list_molecules(lac_batch *batch, size_t place, int32_t molecules)
{
    const size_t room = BATCH - batch->molecules;
    const size_t now = (size_t)molecules < room ? (size_t)molecules : room;
    uint16_t *to = batch->molecule + batch->molecules;
    for (size_t k = 0; k < 4; k++)
        to[k] = (uint16_t)place;
    for (size_t k = 4; k < now; k++)
        to[k] = (uint16_t)place;
    batch->molecules += now;
    return molecules - (int32_t)now;
}

static void place_voxels(const lac_molecules *m, size_t first, size_t voxels, lac_batch *batch)
{
    const size_t *n = m->lattice.n;
    size_t x = first % n[0], y = first / n[0] % n[1], z = first / (n[0] * n[1]);
    for (size_t i = 0; i < voxels; i++) {
        batch->x[i] = (int32_t)x;
        batch->y[i] = (int32_t)y;
        batch->z[i] = (int32_t)z;
        x = x + 1 < n[0] ? x + 1 : 0;
        y += x == 0;
        z += y == n[1];
        y = y < n[1] ? y : 0;
    }
}

/* All molecules of a chunk by one kernel. */
static void scatter_chunk(const lac_molecules *m, lac_molecule_worker *w, const lac_kernel *kernel,
                          const int32_t *count, size_t chunk, size_t species)
{
    const size_t first = chunk * LAC_CHUNK;
    const size_t voxels = m->voxels - first < LAC_CHUNK ? m->voxels - first : LAC_CHUNK;
    int32_t here[LAC_CHUNK];
    lac_batch batch;
    batch.molecules = 0;
    place_voxels(m, first, voxels, &batch);
    lac_molecule_draws(m, LAC_MOVING, species, chunk, &w->stream);
    memcpy(here, count + first, voxels * sizeof *here);
    for (size_t i = 0; i < voxels; i++) {
        int32_t left = list_molecules(&batch, i, count[first + i]);
        while (batch.molecules == BATCH) {
            flush(kernel, w, &batch, here);
            left = list_molecules(&batch, i, left);
        }
    }
    flush(kernel, w, &batch, here);
    for (size_t i = 0; i < voxels; i++)
        w->arrived[first + i] += here[i];
}

static void gather(lac_molecules *m, int32_t *count, int workers)
{
    const size_t voxels = m->voxels;
#pragma omp parallel for schedule(static) num_threads(workers) if (workers > 1)
    for (size_t chunk = 0; chunk < m->chunks; chunk++) {
        const size_t first = chunk * LAC_CHUNK;
        const size_t end = first + LAC_CHUNK < voxels ? first + LAC_CHUNK : voxels;
        memset(count + first, 0, (end - first) * sizeof *count);
        for (int k = 0; k < workers; k++) {
            int32_t *restrict from = m->worker[k].arrived;
            for (size_t i = first; i < end; i++)
                count[i] += from[i];
            memset(from + first, 0, (end - first) * sizeof *from);
        }
    }
}

int lac_my_worker(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static lac_status failed(const lac_molecules *m)
{
    for (int k = 0; k < m->workers; k++)
        if (m->worker[k].status != LAC_OK)
            return lac_fail(m->worker[k].status, "no memory for the molecules of a step");
    return LAC_OK;
}

static int workers_of(const lac_molecules *m)
{
    return m->chunks > 1 ? m->workers : 1;
}

/* Each kernel of a row has draws of its own: 2^10 species beside it in the address. */
static void move_by_kernels(lac_molecules *m, size_t species)
{
    lac_species_track *t = &m->track[species];
    const int workers = workers_of(m);
    for (size_t k = 0; k < t->rest.kernels; k++) {
#pragma omp parallel for schedule(dynamic) num_threads(workers) if (workers > 1)
        for (size_t chunk = 0; chunk < m->chunks; chunk++)
            scatter_chunk(m, &m->worker[lac_my_worker()], t->rest.kernel[k], t->count, chunk,
                          species + k * (LAC_SPECIES_MOST / 4));
        gather(m, t->count, workers);
    }
}

static lac_status move_by_walks(lac_molecules *m, size_t species, double step)
{
    const int workers = workers_of(m);
#pragma omp parallel for schedule(dynamic) num_threads(workers) if (workers > 1)
    for (size_t chunk = 0; chunk < m->chunks; chunk++) {
        lac_molecule_worker *w = &m->worker[lac_my_worker()];
        if (w->status == LAC_OK)
            w->status = lac_molecule_walk_chunk(m, w, species, chunk, step);
    }
    gather(m, m->track[species].count, workers);
    return failed(m);
}

void lac_molecule_land_all(lac_molecules *m)
{
    for (int k = 0; k < m->workers; k++) {
        lac_molecule_worker *w = &m->worker[k];
        for (size_t i = 0; i < w->landings; i++)
            m->track[w->landing[i].species].count[w->landing[i].voxel]++;
        w->landings = 0;
    }
    lac_molecule_fill_wells(m);
}

lac_status lac_molecule_move_all(lac_molecules *m, double step)
{
    lac_status status = LAC_OK;
    for (size_t s = 0; s < m->species; s++) {
        if (!m->track[s].mobile)
            continue;
        if (m->track[s].walks)
            LAC_TRY(move_by_walks(m, s, step));
        else
            move_by_kernels(m, s);
    }
    LAC_TRY(lac_molecule_leave_wells(m, step));
    lac_molecule_land_all(m);
out:
    return status;
}
