/* Designs: points of the unit cube.
 *
 * RANDOM  every factor has a stream of its own, a word pair a point.
 * LATIN   McKay, Beckman & Conover (1979), Technometrics 21:239: of n layers of equal width every
 *         factor has one point in each, in an order of its own, at a random place within.
 * SOBOL   Sobol (1967); direction numbers of Bratley & Fox (1988), ACM TOMS 14:88 (algorithm 659),
 *         order of Antonov & Saleev (1979), as in gsl_qrng_sobol. A block of 2^m points that begins
 *         at a multiple of 2^m is a net: it fills elementary intervals evenly. The block from 0 has
 *         the corner 0 in it, so the block that begins at 2^m >= samples is taken; there every
 *         factor has the odd multiples of 2^-(m+1).
 * MORRIS  Morris (1991), Technometrics 33:161: p levels (even), steps of p / (2 (p - 1)): every
 *         factor has a lower level j < p/2 and goes once, up or down, between j and j + p/2.
 * SALTELLI Saltelli et al. (2010), Comput. Phys. Commun. 181:259, with the first k coordinates of
 *         a Sobol sequence of 2k for A and the others for B.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/design.h"

#include "base/memory.h"
#include "base/random.h"

#include <gsl/gsl_qrng.h>
#include <math.h>

enum { SOBOL_DIMENSIONS = 40 };

size_t lac_design_rows(const lac_design *design)
{
    switch (design->kind) {
    case LAC_DESIGN_MORRIS:
        return design->samples * (design->dimensions + 1);
    case LAC_DESIGN_SALTELLI:
        return design->samples * (design->dimensions + 2);
    default:
        return design->samples;
    }
}

/* --- draws ---------------------------------------------------------------------------------------
 */

static void open_stream(const lac_design *design, uint64_t address, lac_stream *stream)
{
    lac_stream_open(stream, lac_random_key_of(design->seed, 0, LAC_FOR_DESIGNS), address);
}

/* The middle of one of 2^52 layers: neither 0 nor 1. */
static double draw_inside(lac_stream *stream)
{
    return ((double)(lac_stream_long(stream) >> 12) + 0.5) * 0x1p-52;
}

/* A whole number below `count`, each as likely: draws beyond the last multiple are drawn again. */
static size_t draw_below(lac_stream *stream, size_t count)
{
    uint64_t bound = count, most = UINT64_MAX - UINT64_MAX % bound, word;
    do
        word = lac_stream_long(stream);
    while (word >= most);
    return (size_t)(word % bound);
}

/* Fisher & Yates. */
static void draw_order(lac_stream *stream, size_t *order, size_t count)
{
    for (size_t each = 0; each < count; each++)
        order[each] = each;
    for (size_t left = count; left > 1; left--) {
        size_t chosen = draw_below(stream, left), kept = order[left - 1];
        order[left - 1] = order[chosen];
        order[chosen] = kept;
    }
}

/* --- samples -------------------------------------------------------------------------------------
 */

static void fill_random(const lac_design *design, double *unit)
{
    lac_stream stream;
    for (size_t factor = 0; factor < design->dimensions; factor++) {
        open_stream(design, factor, &stream);
        for (size_t row = 0; row < design->samples; row++)
            unit[row * design->dimensions + factor] = draw_inside(&stream);
    }
}

static lac_status fill_latin(const lac_design *design, double *unit)
{
    lac_status status = LAC_OK;
    lac_stream stream;
    size_t *layer = NULL;
    double layers = (double)design->samples;
    LAC_NEW(layer, design->samples);
    for (size_t factor = 0; factor < design->dimensions; factor++) {
        open_stream(design, factor, &stream);
        draw_order(&stream, layer, design->samples);
        for (size_t row = 0; row < design->samples; row++) {
            double low = (double)layer[row];
            double place = (low + draw_inside(&stream)) / layers;
            double end = nextafter((low + 1) / layers, 0);
            unit[row * design->dimensions + factor] = place < end ? place : end;
        }
    }
out:
    lac_free(layer);
    return status;
}

size_t lac_design_first(size_t samples)
{
    size_t first = 1;
    while (first < samples)
        first *= 2;
    return first;
}

/* `samples` points of `dimensions` coordinates from number `start` on. The state of GSL's generator
 * in memory of ours. */
static lac_status fill_sobol(size_t start, size_t samples, size_t dimensions, double *unit)
{
    lac_status status = LAC_OK;
    const gsl_qrng_type *type = gsl_qrng_sobol;
    double point[SOBOL_DIMENSIONS];
    char *state = NULL;
    unsigned count = (unsigned)dimensions;
    LAC_REQUIRE(dimensions <= SOBOL_DIMENSIONS, LAC_LIMIT,
                "the sequence of Sobol has up to %d coordinates, not %zu", SOBOL_DIMENSIONS,
                dimensions);
    LAC_NEW(state, type->state_size(count));
    LAC_REQUIRE(type->init_state(state, count) == 0, LAC_INTERNAL, "GSL refuses a Sobol sequence");
    for (size_t skipped = 1; skipped < start; skipped++) /* GSL begins with point 1 */
        type->get(state, count, point);
    for (size_t row = 0; row < samples; row++)
        type->get(state, count, unit + row * dimensions);
out:
    lac_free(state);
    return status;
}

/* --- mixtures ------------------------------------------------------------------------------------
 */

static lac_status fill_saltelli(const lac_design *design, double *unit)
{
    lac_status status = LAC_OK;
    size_t factors = design->dimensions, samples = design->samples;
    double *both = NULL;
    LAC_NEW(both, samples * 2 * factors);
    LAC_TRY(fill_sobol(lac_design_first(samples), samples, 2 * factors, both));
    for (size_t block = 0; block < factors + 2; block++) {
        for (size_t sample = 0; sample < samples; sample++) {
            double *row = unit + (block * samples + sample) * factors;
            const double *a = both + sample * 2 * factors, *b = a + factors;
            for (size_t factor = 0; factor < factors; factor++)
                row[factor] = block == 1 || block == factor + 2 ? b[factor] : a[factor];
        }
    }
out:
    lac_free(both);
    return status;
}

/* --- trajectories --------------------------------------------------------------------------------
 */

/* Where a trajectory starts, and which factor goes when. */
typedef struct path {
    size_t *low;   /* [factors] lower level */
    size_t *order; /* [factors] */
    size_t *high;  /* [factors] 1 = begins at the upper level */
} path;

/* Tells paths apart (FNV-1a). Two that seem the same by chance only cost a redraw. */
static uint64_t hash_path(const path *drawn, size_t factors)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t factor = 0; factor < factors; factor++) {
        hash = (hash ^ (2 * drawn->low[factor] + drawn->high[factor])) * UINT64_C(0x100000001b3);
        hash = (hash ^ drawn->order[factor]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void draw_path(const lac_design *design, lac_stream *stream, path *drawn)
{
    for (size_t factor = 0; factor < design->dimensions; factor++) {
        drawn->low[factor] = draw_below(stream, design->grid_levels / 2);
        drawn->high[factor] = draw_below(stream, 2);
    }
    draw_order(stream, drawn->order, design->dimensions);
}

static bool is_among(const uint64_t *hash, size_t count, uint64_t one)
{
    for (size_t each = 0; each < count; each++)
        if (hash[each] == one)
            return true;
    return false;
}

/* Writes the points of a path: `high` follows it. */
static void walk(const lac_design *design, path *drawn, double *unit)
{
    size_t factors = design->dimensions, half = design->grid_levels / 2;
    for (size_t step = 0; step <= factors; step++) {
        for (size_t factor = 0; factor < factors; factor++)
            unit[step * factors + factor] =
                (double)(drawn->low[factor] + (drawn->high[factor] ? half : 0)) /
                (double)(design->grid_levels - 1);
        if (step < factors)
            drawn->high[drawn->order[step]] ^= 1;
    }
}

static lac_status fill_morris(const lac_design *design, double *unit)
{
    enum { DRAWS = 50 }; /* then a path may come twice: there may be no other */
    lac_status status = LAC_OK;
    path drawn = {0};
    uint64_t *hash = NULL;
    lac_stream stream;
    size_t factors = design->dimensions;
    LAC_NEW(drawn.low, factors);
    LAC_NEW(drawn.order, factors);
    LAC_NEW(drawn.high, factors);
    LAC_NEW(hash, design->samples);
    for (size_t trajectory = 0; trajectory < design->samples; trajectory++) {
        open_stream(design, trajectory, &stream);
        for (int draw = 0; draw < DRAWS; draw++) {
            draw_path(design, &stream, &drawn);
            hash[trajectory] = hash_path(&drawn, factors);
            if (!is_among(hash, trajectory, hash[trajectory]))
                break;
        }
        walk(design, &drawn, unit + trajectory * (factors + 1) * factors);
    }
out:
    lac_free(drawn.low);
    lac_free(drawn.order);
    lac_free(drawn.high);
    lac_free(hash);
    return status;
}

lac_status lac_design_fill(const lac_design *design, double *unit)
{
    switch (design->kind) {
    case LAC_DESIGN_RANDOM:
        fill_random(design, unit);
        return LAC_OK;
    case LAC_DESIGN_LATIN:
        return fill_latin(design, unit);
    case LAC_DESIGN_SOBOL:
        return fill_sobol(design->first ? design->first : lac_design_first(design->samples),
                          design->samples, design->dimensions, unit);
    case LAC_DESIGN_MORRIS:
        return fill_morris(design, unit);
    case LAC_DESIGN_SALTELLI:
        return fill_saltelli(design, unit);
    default:
        return lac_fail(LAC_INTERNAL, "a %s design has no sampled points",
                        lac_design_word(design->kind));
    }
}
