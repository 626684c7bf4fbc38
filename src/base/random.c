/* Random streams: their keys, their buffers, their dress as a generator of GSL, and fresh seeds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A bijection of 64 bits that mixes all of them (Steele, Lea & Flood 2014, SplitMix64). */
static uint64_t mixed(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

lac_random_key lac_random_key_of(uint64_t seed, uint64_t replicate, lac_purpose purpose)
{
    uint64_t hash = mixed(mixed(mixed(seed) ^ replicate) ^ (uint64_t)purpose);
    return (lac_random_key){{(uint32_t)hash, (uint32_t)(hash >> 32)}};
}

lac_random_key lac_random_key_in(lac_random_key key, uint64_t epoch)
{
    if (epoch == 0)
        return key;
    uint64_t hash = mixed(mixed(key.word[0] | (uint64_t)key.word[1] << 32) ^ epoch);
    return (lac_random_key){{(uint32_t)hash, (uint32_t)(hash >> 32)}};
}

/* FNV-1a (Fowler, Noll & Vo), 32 bits. */
uint64_t lac_random_address(const char *name)
{
    uint32_t hash = UINT32_C(2166136261);
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT32_C(16777619);
    return (uint64_t)hash << 32;
}

void lac_stream_open(lac_stream *stream, lac_random_key key, uint64_t address)
{
    lac_random_prepare();
    memset(stream, 0, sizeof *stream);
    stream->key = key;
    stream->address = address;
    stream->used = LAC_STREAM_WORDS;
}

void lac_stream_refill(lac_stream *stream)
{
    enum { BLOCKS = LAC_STREAM_WORDS / LAC_PHILOX_WORDS };
    lac_philox_blocks(stream->key, stream->address, stream->block, BLOCKS, stream->word);
    stream->block += BLOCKS;
    stream->used = 0;
}

/* --- a generator of GSL */

static void gsl_set(void *state, unsigned long seed)
{
    lac_stream_open(state, lac_random_key_of(seed, 0, LAC_FOR_TESTS), 0);
}

static unsigned long gsl_get(void *state)
{
    return lac_stream_word(state);
}

static double gsl_get_double(void *state)
{
    return lac_stream_unit(state);
}

static const gsl_rng_type gsl_type = {.name = "lacuna-philox4x32-10",
                                      .max = 0xffffffffUL,
                                      .min = 0,
                                      .size = sizeof(lac_stream),
                                      .set = gsl_set,
                                      .get = gsl_get,
                                      .get_double = gsl_get_double};
const gsl_rng_type *const lac_gsl_type = &gsl_type;

lac_status lac_gsl_create(lac_random_key key, uint64_t address, gsl_rng **generator)
{
    lac_status status = LAC_OK;
    gsl_rng *made = gsl_rng_alloc(lac_gsl_type);
    LAC_REQUIRE(made, LAC_MEMORY, "no memory for a random generator");
    lac_stream_open(lac_stream_of(made), key, address);
    *generator = made;
out:
    return status;
}

lac_stream *lac_stream_of(gsl_rng *generator)
{
    return generator->state;
}

/* --- fresh seeds */

lac_status lac_random_seed(double *seed)
{
    lac_status status = LAC_OK;
    uint64_t bits;
    LAC_REQUIRE(getentropy(&bits, sizeof bits) == 0, LAC_FILE,
                "the system gives no random seed: %s", strerror(errno));
    *seed = (double)(bits >> 11);
out:
    return status;
}
