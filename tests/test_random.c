/* Random streams: known answers, the same words on every path, and the laws of what is drawn.
 * Seeds are fixed, so a test that passes once passes always; for a fresh seed the false alarms of
 * the statistical ones are stated beside them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

static void philox_gives_the_published_words(void **state)
{
    (void)state;
    /* Random123 1.14, tests/kat_vectors: philox4x32 10. */
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        uint32_t out[4];
        lac_philox(known[k].counter, (lac_random_key){{known[k].key[0], known[k].key[1]}}, out);
        assert_memory_equal(out, known[k].answer, sizeof out);
    }
}

static void wide_and_portable_paths_give_the_same_words(void **state)
{
    (void)state;
    enum { BLOCKS = 37 };
    const lac_random_key key = lac_random_key_of(7, 3, LAC_FOR_TESTS);
    const uint64_t address = UINT64_C(0x89abcdef01234567), first = UINT64_C(0xfffffff0);
    uint32_t many[4 * BLOCKS];
    lac_philox_blocks(key, address, first, BLOCKS, many);
    for (uint64_t b = 0; b < BLOCKS; b++) {
        uint32_t counter[4] = {(uint32_t)(first + b), (uint32_t)((first + b) >> 32),
                               (uint32_t)address, (uint32_t)(address >> 32)};
        uint32_t one[4];
        lac_philox(counter, key, one);
        assert_memory_equal(one, many + 4 * b, sizeof one);
    }
}

static void another_seed_replicate_purpose_or_address_gives_another_stream(void **state)
{
    (void)state;
    lac_random_key key[] = {
        lac_random_key_of(1, 0, LAC_FOR_EVENTS), lac_random_key_of(2, 0, LAC_FOR_EVENTS),
        lac_random_key_of(1, 1, LAC_FOR_EVENTS), lac_random_key_of(0, 1, LAC_FOR_EVENTS),
        lac_random_key_of(1, 0, LAC_FOR_ROUNDING)};
    for (size_t a = 0; a < 5; a++)
        for (size_t b = 0; b < a; b++)
            assert_memory_not_equal(&key[a], &key[b], sizeof key[a]);
    lac_stream one, other;
    lac_stream_open(&one, key[0], 0);
    lac_stream_open(&other, key[0], 1);
    assert_true(lac_stream_long(&one) != lac_stream_long(&other));
}

static void a_copied_stream_continues_with_the_same_words(void **state)
{
    (void)state;
    lac_stream stream, copy;
    lac_stream_open(&stream, lac_random_key_of(5, 0, LAC_FOR_TESTS), 0);
    for (int k = 0; k < 1000; k++)
        lac_stream_word(&stream);
    copy = stream;
    for (int k = 0; k < 1000; k++)
        assert_int_equal(lac_stream_word(&stream), lac_stream_word(&copy));
}

/* Chi-square over 256 cells of a law on [0, 1): false alarm 1e-6. */
static void assert_uniform(const size_t *cell, size_t draws)
{
    double expected = (double)draws / 256, chi2 = 0;
    for (int k = 0; k < 256; k++)
        chi2 += ((double)cell[k] - expected) * ((double)cell[k] - expected) / expected;
    double upper = gsl_cdf_chisq_Q(chi2, 255), lower = gsl_cdf_chisq_P(chi2, 255);
    if (upper < 5e-7 || lower < 5e-7)
        fail_msg("chi-square %g of 255 degrees", chi2);
}

static void units_are_uniform_and_exponentials_exponential(void **state)
{
    (void)state;
    enum { DRAWS = 1000000 };
    size_t unit[256] = {0}, exponential[256] = {0};
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(11, 0, LAC_FOR_TESTS), 0);
    for (int k = 0; k < DRAWS; k++) {
        double u = lac_stream_unit(&stream), e = lac_stream_exponential(&stream);
        assert_true(u >= 0 && u < 1 && e >= 0);
        unit[(int)(256 * u)]++;
        exponential[(int)fmin(255, 256 * -expm1(-e))]++;
    }
    assert_uniform(unit, DRAWS);
    assert_uniform(exponential, DRAWS);
}

static void draws_reach_zero_and_not_one(void **state)
{
    (void)state;
    lac_stream stream;
    lac_stream_open(&stream, lac_random_key_of(1, 0, LAC_FOR_TESTS), 0);
    lac_stream_refill(&stream);
    memset(stream.word, 0, sizeof stream.word);
    assert_true(lac_stream_unit(&stream) == 0);
    memset(stream.word, 0xff, sizeof stream.word);
    assert_true(lac_stream_unit(&stream) < 1);
}

static void gsl_draws_from_our_stream(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    const lac_random_key key = lac_random_key_of(3, 0, LAC_FOR_TESTS);
    gsl_rng *generator = NULL;
    lac_stream stream;
    double sum = 0;
    assert_ok(lac_gsl_create(key, 9, &generator));
    lac_stream_open(&stream, key, 9);
    for (int k = 0; k < 500; k++)
        assert_int_equal(gsl_rng_get(generator), lac_stream_word(&stream));
    for (int k = 0; k < DRAWS; k++)
        sum += gsl_ran_poisson(generator, 7.3);
    /* 5 standard errors: false alarm 6e-7. */
    assert_near(sum / DRAWS, 7.3, 5 * sqrt(7.3 / DRAWS));
    gsl_rng_free(generator);
}

static void fresh_seeds_are_whole_and_differ(void **state)
{
    (void)state;
    double a = 0, b = 0;
    assert_ok(lac_random_seed(&a));
    assert_ok(lac_random_seed(&b));
    assert_true(a >= 0 && a < 0x1p53 && a == floor(a));
    assert_true(a != b); /* false alarm 1e-16 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_words),
        cmocka_unit_test(wide_and_portable_paths_give_the_same_words),
        cmocka_unit_test(another_seed_replicate_purpose_or_address_gives_another_stream),
        cmocka_unit_test(a_copied_stream_continues_with_the_same_words),
        cmocka_unit_test(units_are_uniform_and_exponentials_exponential),
        cmocka_unit_test(draws_reach_zero_and_not_one),
        cmocka_unit_test(gsl_draws_from_our_stream),
        cmocka_unit_test(fresh_seeds_are_whole_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
