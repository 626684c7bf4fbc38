/* Random streams: addressed by seed, replicate and purpose, the same words on every machine.
 *
 * key = hash(seed, replicate, purpose); counter = (block: 64 bits, address: 64 bits), so a purpose
 * has 2^64 streams (of a voxel, a step, ...; 0 when there is one) of 2^66 words each. A stream is a
 * plain structure: its bytes are its state, and a copy of it continues it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_RANDOM_H
#define LAC_BASE_RANDOM_H

#include "base/philox.h"
#include "base/status.h"

#include <gsl/gsl_rng.h>

/* What draws are for; the numbers are part of every result and never change their meaning. */
typedef enum lac_purpose {
    LAC_FOR_EVENTS = 1,   /* times and places of the events of a trajectory */
    LAC_FOR_ROUNDING = 2, /* fractional amounts to whole ones */
    LAC_FOR_TESTS = 3,
    LAC_FOR_DESIGNS = 4,    /* points of a plan: seed of the plan, replicate 0 */
    LAC_FOR_RESAMPLING = 5, /* which runs a bootstrap draws again */
    LAC_FOR_SWITCHES = 6,   /* thresholds of discrete processes, by process and site */
    LAC_FOR_SIGNS = 7,      /* signs of sites, to tell own responses from others' */
    LAC_FOR_MOLECULES = 9,  /* hops and reactions of molecules that diffuse */
    LAC_FOR_FIELDS = 10,    /* random fields, by name and voxel */
    LAC_FOR_COUNTS = 11,    /* initial counts, by variable and voxel */
    LAC_FOR_PATIENTS = 20,  /* what a patient of a trial is and reports first, by patient */
    LAC_FOR_VISITS = 21     /* later visits, by patient and arm */
} lac_purpose;

lac_random_key lac_random_key_of(uint64_t seed, uint64_t replicate, lac_purpose purpose);
/* Another one for each epoch; that of epoch 0 is the key itself. */
lac_random_key lac_random_key_in(lac_random_key key, uint64_t epoch);

/* The first address of something that has a name; 2^32 follow. */
uint64_t lac_random_address(const char *name);

enum { LAC_STREAM_WORDS = 256 };

typedef struct lac_stream {
    lac_random_key key;
    uint64_t address;
    uint64_t block; /* the next block to be made */
    uint64_t used;  /* words of the buffer that are spent */
    uint32_t word[LAC_STREAM_WORDS];
} lac_stream;

void lac_stream_open(lac_stream *stream, lac_random_key key, uint64_t address);
void lac_stream_refill(lac_stream *stream);

static inline uint32_t lac_stream_word(lac_stream *stream)
{
    if (stream->used == LAC_STREAM_WORDS)
        lac_stream_refill(stream);
    return stream->word[stream->used++];
}

static inline uint64_t lac_stream_long(lac_stream *stream)
{
    uint64_t low = lac_stream_word(stream);
    return low | (uint64_t)lac_stream_word(stream) << 32;
}

/* A multiple of 2^-53 in [0, 1). */
static inline double lac_stream_unit(lac_stream *stream)
{
    return (double)(lac_stream_long(stream) >> 11) * 0x1p-53;
}

/* Exponential with mean 1 (random_exponential.c), of a stream that this process has opened. */
double lac_stream_exponential(lac_stream *stream);
void lac_random_prepare(void);

/* The stream as a generator of GSL: words of 32 bits. `seed` of gsl_rng_set opens stream 0 of
 * LAC_FOR_TESTS; lac_stream_of gives the stream inside, to open it anew. LAC_MEMORY. */
extern const gsl_rng_type *const lac_gsl_type;
lac_status lac_gsl_create(lac_random_key key, uint64_t address, gsl_rng **generator);
lac_stream *lac_stream_of(gsl_rng *generator);

/* A seed from the operating system, below 2^53 so that a double holds it. */
lac_status lac_random_seed(double *seed);

#endif
