/* Discrete molecules that diffuse, within the method `hybrid`.
 *
 * Time is cut into windows. In a window the molecules go first, by the room molecules, with what
 * is continuous as extrapolated to its middle; then the continuous part goes, in steps of its own,
 * with the mean numbers of molecules over the window. What the events of molecules add to
 * continuous variables enters half before and half after it: one whole extent on both sides.
 *
 * Each tissue that has such molecules has a lattice of its own; all have the same windows, and what
 * they look at of each other is continuous.
 *
 * A window is so short that nothing continuous that looks at molecules, or that they look at,
 * changes by more than 0.3 accuracy of its root mean square (hybrid_windows.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_HYBRID_HYBRID_MOLECULES_H
#define LAC_HYBRID_HYBRID_MOLECULES_H

#include "hybrid/hybrid_internal.h"
#include "molecules/molecules.h"

/* A process that changes molecules. */
typedef struct lac_molecule_process {
    size_t process;
    lac_stack_program law;
    double *coefficient; /* owned [voxels] [1/s] per product of numbers */
    double *events;      /* owned [voxels]: of the window, where it changes continuous variables */
    size_t values;
    lac_addition *value; /* owned: to a continuous variable of the voxel by one event */
    bool meets;          /* molecules are among its reactants */
    double before;       /* events when the window began */
} lac_molecule_process;

/* Those of one tissue. */
struct lac_moving {
    const lac_grid *grid; /* borrowed */
    size_t first;         /* the site of its first voxel */
    size_t tissues;       /* how many of these there are, of the first one */
    size_t species, processes;
    size_t *variable;               /* owned [species] */
    size_t *place;                  /* owned [species]: among the discrete variables */
    lac_stack_program *diffusivity; /* owned [species] */
    double **diffusivity_at;        /* owned [species][voxels] */
    double **integral;              /* borrowed [species]: of numbers over the window */
    lac_molecule_process *process;  /* owned */
    unsigned char *active;          /* owned [voxels], or NULL */
    lac_molecules *molecules;       /* owned */
    size_t passages;                /* boundaries of molecules */
    struct lac_passage *passage;    /* owned */
    double **well; /* owned [pools]: the number (borrowed) in one whose molecules pass, or NULL */
    /* The same of all tissues; owned by the first: */
    unsigned char *followed; /* [variables]: continuous, and bounds the window */
    double *old;             /* [length]: values when the window began */
    double *excess;          /* [length]: molecules beyond their mean, as expected */
    double *level;           /* [variables]: at one voxel */
    /* What a checkpoint keeps, beside the molecules: */
    double *slope; /* [length] [1/s]: of what is continuous, over the window before */
    double window; /* [s] the longest that is wanted next; 0: not known; of the first */
    double own; /* [1/s] events of its own for each molecule of a well: most of any; of the first */
};

/* hybrid_passages.c: boundaries of molecules, with two reactions each, written to reaction[0 ..].
 */
lac_status lac_hybrid_create_passages(lac_hybrid *h, struct lac_moving *m,
                                      lac_molecule_reaction *reaction);
void lac_hybrid_free_passages(struct lac_moving *m);
/* Pools whose molecules are counted: once the room is there; their numbers go in, and out. */
lac_status lac_hybrid_create_wells(lac_hybrid *h, struct lac_moving *m);
void lac_hybrid_fill_wells(lac_hybrid *h, struct lac_moving *m);
void lac_hybrid_show_wells(lac_hybrid *h, const struct lac_moving *m, lac_state *state);
/* Their rates with what is continuous as it is `ahead` [s] of the state; the fastest [1/s] that a
 * molecule leaves. */
lac_status lac_hybrid_evaluate_passages(lac_hybrid *h, struct lac_moving *m, const lac_state *state,
                                        double ahead);
double lac_hybrid_fastest_passage(const struct lac_moving *m);
/* Of the first tissue own := that of the last step; of a well that is empty, as it was before. */
void lac_hybrid_take_well_events(const lac_hybrid *h, struct lac_moving *first);
/* A window begins; half of what has passed in it enters pools; all of it is booked. */
void lac_hybrid_begin_passages(struct lac_moving *m);
void lac_hybrid_add_passages(lac_hybrid *h, struct lac_moving *m, lac_state *state);
void lac_hybrid_book_passages(lac_hybrid *h, struct lac_moving *m, lac_state *state);

/* hybrid_windows.c: m->level := what molecules in a voxel look at, `ahead` [s] of the state; of
 * each moving species one molecule. */
void lac_hybrid_show_levels(const lac_hybrid *h, const struct lac_moving *m, const lac_state *state,
                            size_t voxel, double ahead);

#endif
