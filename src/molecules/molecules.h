/* Molecules: whole numbers on a lattice that hop to neighbours and react, over a time of any
 * length.
 *
 * Law: the reaction-diffusion master equation. A molecule of a species hops through a face of its
 * voxel at the rate D / h^2 (harmonic mean of D on both sides), between layers of thickness a and b
 * at 2 D / (a (a + b)); a reaction has in a voxel the
 * propensity coefficient * product of n (n - 1) ... over its reactants. Boundaries reflect; what
 * passes a wall is a reaction of the voxels at it.
 *
 * A time is cut into steps by the bounds of molecules_bounds.c. In a step motion is exact, whatever
 * its length (molecules_kernel.c, molecules_walk.c), reactions are exact for the positions at its
 * start, and what a reaction makes moves for the rest of the step only. So sources, first-order
 * reactions with the same coefficient everywhere, and all first-order reactions of species that
 * walk, have the exact law in steps of any length; the bounds are for the others. Where there are
 * others, half a step of reactions is made before the motion and half after it, so that the error
 * is of second order (Strang 1968, SIAM J. Numer. Anal. 5:506); what is half after one step and
 * half before the next is made at once. What mobile reactants make then moves as if it were made
 * where and when all are.
 *
 * Draws are functions of the key and of (step, phase, species, block of voxels, number): the same
 * bits for any number of threads, and a resumed run continues with the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MOLECULES_MOLECULES_H
#define LAC_MOLECULES_MOLECULES_H

#include "base/block.h"
#include "base/random.h"

#include <stdbool.h>

enum { LAC_MEET_MOST = 4, LAC_MOLECULE_CHANGES = 8 };

typedef struct lac_lattice {
    size_t n[3];                 /* voxels along x, y, z; x runs first */
    double per_area[3];          /* [1/um^2] 1 / h^2 */
    const unsigned char *active; /* borrowed [voxels], NULL: all */
    const double *width;         /* borrowed [n[2]]: thickness of each layer / h; NULL: all alike */
} lac_lattice;

typedef struct lac_molecule_species {
    double diffusivity;           /* [um^2/s] everywhere */
    const double *diffusivity_at; /* borrowed [voxels], instead; NULL: the same everywhere */
} lac_molecule_species;

typedef struct lac_molecule_change {
    size_t species;
    int amount;
} lac_molecule_change;

typedef struct lac_molecule_reaction {
    size_t reactants;
    size_t reactant[LAC_MEET_MOST]; /* species; m times the same: n (n - 1) ... of m factors */
    size_t changes;
    lac_molecule_change change[LAC_MOLECULE_CHANGES]; /* each species once */
    double coefficient;                               /* [1/s] everywhere */
    const double *coefficient_at; /* borrowed [voxels] [1/s], instead; NULL: the same everywhere */
    double *events_at;            /* borrowed [voxels]: events are added there; or NULL */
} lac_molecule_reaction;

/* What limits the step. */
typedef enum lac_molecule_bound {
    LAC_MOLECULES_UNBOUNDED, /* the whole time is one step */
    LAC_MOLECULES_LOSS,      /* molecules that react where they are, see molecules_bounds.c */
    LAC_MOLECULES_HOPS,      /* the same, where reactions are faster than hops */
    LAC_MOLECULES_MEAN,      /* means over time are asked for */
    LAC_MOLECULES_BOUNDS
} lac_molecule_bound;

typedef struct lac_molecule_report {
    double steps;
    double by[LAC_MOLECULES_BOUNDS]; /* steps that each bound has made as short as they were */
    double step;                     /* [s] the longest that bounds allowed last */
    lac_molecule_bound ruled;        /* last */
    size_t reaction;                 /* whose bound it was */
} lac_molecule_report;

typedef struct lac_molecules lac_molecules;

/* Copies what the arrays of species and reactions say; borrows what they point at. LAC_LIMIT for a
 * lattice or number of species too large for the addresses of draws. */
lac_status lac_molecules_create(const lac_lattice *lattice, size_t species,
                                const lac_molecule_species *of, size_t reactions,
                                const lac_molecule_reaction *reaction, lac_random_key key,
                                lac_molecules **molecules);
void lac_molecules_free(lac_molecules *m);

/* A way between the lattice and a well: the reaction by which a molecule leaves, the one whose
 * events are those of entering (made of no molecules, at a coefficient of 0), and the rate at which
 * each molecule of the well enters a voxel. */
typedef struct lac_molecule_gate {
    size_t leaving, entering;
    const double *entering_at; /* borrowed [voxels] [1/s] */
} lac_molecule_gate;

/* A well-mixed place beside the lattice for molecules of a species, which walks from then on. Its
 * number (borrowed) is to be read and set between steps; whole and not negative. To be told of
 * changes before the first step. */
lac_status lac_molecules_add_well(lac_molecules *m, size_t species, size_t gates,
                                  const lac_molecule_gate *gate, double **count);

/* Counts [voxels], to be read and set between steps; not negative. */
int32_t *lac_molecules_count(lac_molecules *m, size_t species);

/* Integrals of the counts over time are kept from now on: [voxels] [molecule s], to be cleared by
 * who asks. */
lac_status lac_molecules_watch(lac_molecules *m, size_t species, double **integral);

/* To be told when what species and reactions point at has changed. */
lac_status lac_molecules_changed(lac_molecules *m);

/* Goes on by `time` [s]; accuracy as in the settings of a run (0.1 by default). LAC_LIMIT for a
 * count beyond 2^31. */
lac_status lac_molecules_advance(lac_molecules *m, double time, double accuracy);

/* By how much counts are expected to be beyond the mean of the law, since the steps are as long as
 * they are: [species][voxels], until the next call; NULL where none meet. */
const double *lac_molecules_bias(lac_molecules *m);

/* Events of each reaction since it was created [reactions]; hops are not counted. */
const double *lac_molecules_events(const lac_molecules *m);
lac_molecule_report lac_molecules_report(const lac_molecules *m);

void lac_molecules_blocks(lac_molecules *m, const char *owner, lac_block_list *list);

#endif
