/* What the files of the room `molecules` know of each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MOLECULES_MOLECULES_INTERNAL_H
#define LAC_MOLECULES_MOLECULES_INTERNAL_H

#include "molecules/molecules.h"
#include "molecules/molecules_kernel.h"

enum {
    LAC_CHUNK = 512, /* voxels that share a stream of draws */
    LAC_LEVELS = 64, /* of the ladder: steps of 2^(level - LAC_LEVEL_OF_1S) s */
    LAC_LEVEL_OF_1S = 32,
    LAC_SPECIES_MOST = 4096, /* 12 bits of an address, of which kernels in a row take 2 */
    LAC_MOTIONS_MOST = 3     /* kernels in a row, one of all axes or one of each */
};

/* What draws are for within a step: 4 bits of an address. */
typedef enum lac_phase {
    LAC_SCREENING = 0,
    LAC_REACTING = 1,
    LAC_MOVING = 2,
    LAC_SCREENING_LAST = 3, /* of the half step of reactions that closes a time */
    LAC_REACTING_LAST = 4
} lac_phase;

/* When the reactions happen that are made at the positions of now. */
typedef struct lac_reaction_time {
    double before, after; /* [s] of what is past and of what comes */
    double move;          /* [s] that all move next */
    bool last;            /* it closes a time */
} lac_reaction_time;

/* The kernels of one diffusivity and one time. */
typedef struct lac_motion_of_time {
    double time; /* [s]; 0: none */
    size_t kernels;
    lac_kernel *kernel[LAC_MOTIONS_MOST]; /* owned */
} lac_motion_of_time;

typedef struct lac_species_track {
    lac_molecule_species is; /* as one number where it is the same everywhere */
    const double *given;     /* borrowed [voxels]: diffusivity as it was given, or NULL */
    bool mobile, walks;
    double hop[3]; /* [1/s] through a face, uniform; 0 along axes of one voxel */
    double hops;   /* [1/s] both ways along all axes: largest anywhere */
    lac_motion_of_time ladder[LAC_LEVELS];
    lac_motion_of_time rest; /* of a step that is no power of two */
    int lowest;              /* level of the ladder: below, hop by hop */
    size_t of_walk;          /* first-order reactions within its walk */
    size_t *reaction;        /* owned [reactions] */
    double *rate;            /* owned [voxels] [1/s]: of leaving, or NULL */
    uint32_t *column;        /* owned [voxels][8] alias of what happens, or NULL */
    int32_t *count;          /* owned [voxels] */
    double *integral;        /* owned [voxels], or NULL */
} lac_species_track;

/* Where a molecule of a well enters, through which gate, and the rates up to here [1/s]. */
typedef struct lac_entry {
    size_t voxel, gate;
    double sum;
} lac_entry;
typedef struct lac_well {
    size_t species, gates;
    lac_molecule_gate *gate; /* owned */
    size_t entries;
    lac_entry *entry; /* owned */
    double rate;      /* [1/s] a molecule leaves */
    double count;
} lac_well;

/* A molecule that a reaction has made. */
typedef struct lac_newborn {
    size_t species, voxel;
    double left; /* [s] until the end of the step */
} lac_newborn;

typedef struct lac_landing {
    uint32_t species, voxel;
} lac_landing;

/* Newborns of a species while the reactions of their voxel go on: where and when [s since the start
 * of the step] each was made. */
typedef struct lac_fresh {
    size_t place;
    double born;
} lac_fresh;
typedef struct lac_brood {
    size_t count, room;
    lac_fresh *fresh; /* owned */
} lac_brood;

/* What one thread needs. */
typedef struct lac_molecule_worker {
    lac_status status;
    lac_stream stream;
    double rate[LAC_CHUNK]; /* [1/s] all reactions of a voxel */
    double *events;         /* owned [reactions] */
    int64_t *number;        /* owned [species]: in one voxel */
    lac_brood *brood;       /* owned [species] */
    size_t newborns, newborn_room;
    lac_newborn *newborn; /* owned: still to walk */
    size_t landings, landing_room;
    lac_landing *landing; /* owned */
    int32_t *arrived;     /* owned [voxels]: where molecules of the moving species have come */
    double *in_well;      /* owned [reactions], or NULL: molecules that end in each well */
} lac_molecule_worker;

/* What steps leave in the mean (molecules_bias.c). */
typedef struct lac_molecule_bias {
    size_t values;       /* species * voxels */
    double *whole, *two; /* owned [values]: the mean after a step, and after its halves */
    double *line;        /* owned [workers][longest axis] */
    size_t longest;
    double *scratch; /* owned [workers][lac_molecule_scratch] */
    /* What a checkpoint keeps: */
    double *rate;    /* owned [values] [1/s]: what steps leave */
    double *error;   /* owned [values]: expected beyond the mean of the law */
    double clock[4]; /* of molecules_bias.c */
} lac_molecule_bias;

struct lac_molecules {
    lac_lattice lattice;
    unsigned char *open; /* owned [voxels]: bit 2 axis + side: there is an active neighbour */
    size_t voxels, chunks, stride[3];
    size_t species;
    lac_species_track *track; /* owned */
    size_t reactions;
    lac_molecule_reaction *reaction; /* owned */
    const double **given;            /* owned [reactions]: coefficients as they were given */
    bool *in_walk;                   /* owned [reactions] */
    size_t wells;
    lac_well *well;  /* owned [reactions], or NULL */
    size_t *well_of; /* owned [reactions]: 1 + the well that it leads to, or 0; or NULL */
    bool symmetric;  /* some reaction has a step error: halves around motion */
    lac_random_key key;
    int workers;
    lac_molecule_worker *worker; /* owned */
    /* What a checkpoint keeps, beside counts and integrals: */
    double number;  /* of the step */
    double *events; /* owned [reactions] */
    lac_molecule_report report;
    lac_molecule_bias *bias; /* owned; NULL where none meet */
};

static inline uint64_t lac_molecule_address(const lac_molecules *m, lac_phase phase, size_t species)
{
    return (uint64_t)m->number << 16 | (uint64_t)phase << 12 | (uint64_t)species;
}

/* Opens the stream of a chunk for a phase of this step. */
void lac_molecule_draws(const lac_molecules *m, lac_phase phase, size_t species, size_t chunk,
                        lac_stream *stream);

/* molecules_walk.c: [1/s] of a hop through a face of a voxel; ... */
double lac_molecule_face_rate(const lac_molecules *m, const lac_species_track *t, size_t voxel,
                              int face);
/* ... tables of what happens next to a molecule of a voxel; after changes. */
lac_status lac_molecule_prepare_walk(lac_molecules *m, size_t species);
/* Moves a molecule for a time by uniform hops or by its walk without reactions. */
size_t lac_molecule_displace(const lac_molecules *m, lac_stream *stream, size_t species,
                             size_t voxel, double time);
/* Every newborn of the worker walks, reacts and lands, and what it makes too. */
lac_status lac_molecule_land(lac_molecules *m, lac_molecule_worker *w);
lac_status lac_molecule_walk_chunk(lac_molecules *m, lac_molecule_worker *w, size_t species,
                                   size_t chunk, double step);

/* molecules_well.c: the rates of wells; is there one of this species? Does a molecule that has come
 * into a well leave it again, and where? All that leave within a step do; those that stayed are
 * counted. */
void lac_molecule_prepare_wells(lac_molecules *m);
bool lac_molecule_has_well(const lac_molecules *m, size_t species);
bool lac_molecule_stay(const lac_molecules *m, lac_molecule_worker *w, size_t well,
                       lac_newborn *who);
lac_status lac_molecule_leave_wells(lac_molecules *m, double step);
void lac_molecule_fill_wells(lac_molecules *m);
void lac_molecule_free_wells(lac_molecules *m);

/* molecules_react.c: reactions of a chunk at the positions of now. */
lac_status lac_molecule_react(lac_molecules *m, lac_molecule_worker *w, size_t chunk,
                              const lac_reaction_time *time);
double lac_molecule_propensity(const lac_molecule_reaction *reaction, const int64_t *number,
                               size_t voxel);
/* molecules_move.c: the number of the thread that asks; ... */
int lac_my_worker(void);
lac_status lac_molecule_ladders(lac_molecules *m, double step);
lac_status lac_molecule_move_all(lac_molecules *m, double step);
void lac_molecule_land_all(lac_molecules *m);

/* molecules_bounds.c: does a step leave an error in this reaction? The longest step that the bounds
 * allow now [s]; fills the report. */
bool lac_molecule_needs_bound(const lac_molecules *m, size_t reaction);
double lac_molecule_longest(lac_molecules *m, double accuracy);

/* molecules_mean.c: numbers [species][voxels] move or react for a time in the mean; the rate of a
 * reaction without one of its reactants (or none); room that a worker needs for that. */
void lac_molecule_move_mean(const lac_molecules *m, double time, double *mean);
void lac_molecule_react_mean(const lac_molecules *m, double time, double *mean);
double lac_molecule_rate_without(const lac_molecules *m, const lac_molecule_reaction *it,
                                 const double *mean, size_t voxel, size_t but);
size_t lac_molecule_scratch(const lac_molecules *m);

/* molecules_bias.c: what steps leave in the mean; before each step. */
lac_status lac_molecule_make_bias(lac_molecules *m);
void lac_molecule_free_bias(lac_molecules *m);
void lac_molecule_look_at_bias(lac_molecules *m, double step, double accuracy);
void lac_molecule_bias_blocks(lac_molecules *m, const char *owner, lac_block_list *list);

#endif
