/* Floor 1: status, memory, names, text, vectors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/block.h"
#include "base/fingerprint.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/vector.h"

#include <stdbool.h>

static void a_failure_keeps_its_sentence_and_gains_context(void **state)
{
    (void)state;
    assert_int_equal(lac_fail(LAC_FILE, "cannot write %d bytes", 7), LAC_FILE);
    assert_string_equal(lac_failure(), "cannot write 7 bytes");
    assert_int_equal(lac_fail_in(LAC_FILE, "frame %d", 3), LAC_FILE);
    assert_string_equal(lac_failure(), "frame 3: cannot write 7 bytes");
    assert_int_equal(lac_status_exit_code(LAC_INPUT), 65);
}

static void memory_is_zeroed_aligned_counted_and_fails_on_demand(void **state)
{
    (void)state;
    size_t alive = lac_memory_alive();
    double *a = lac_alloc(10, sizeof *a);
    assert_non_null(a);
    assert_int_equal((uintptr_t)a % LAC_CACHE_LINE, 0);
    for (int i = 0; i < 10; i++)
        assert_true(a[i] == 0.0);
    a[9] = 4;
    a = lac_regrow(a, 10, 20, sizeof *a);
    assert_true(a[9] == 4.0 && a[19] == 0.0);
    lac_memory_fail_at(2);
    void *first = lac_alloc(1, 1);
    assert_non_null(first);
    assert_null(lac_alloc(1, 1));
    assert_int_equal(lac_memory_requests(), 2);
    lac_memory_fail_at(0);
    assert_null(lac_alloc(SIZE_MAX / 2, 16));
    lac_free(first);
    lac_free(a);
    assert_int_equal(lac_memory_alive(), alive);
}

static void names_are_found_refused_twice_and_suggested(void **state)
{
    (void)state;
    lac_names names = {0};
    char name[32];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "species_%d", i);
        assert_ok(lac_names_add(&names, name));
    }
    assert_int_equal(lac_names_find(&names, "species_42"), 42);
    assert_true(lac_names_find(&names, "species_x") == LAC_NONE);
    assert_int_equal(lac_names_add(&names, "species_7"), LAC_INPUT);
    assert_string_equal(lac_names_nearest(&names, "spceies_42"), "species_42");
    assert_null(lac_names_nearest(&names, "entirely_other"));
    lac_names_free(&names);
}

static void nearest_word_prefers_a_change_of_case_and_refuses_strangers(void **state)
{
    (void)state;
    const char *words[] = {"IL1a", "IL1b", "TNF"};
    assert_string_equal(lac_nearest(words, 3, "il1b"), "IL1b");
    assert_string_equal(lac_nearest(words, 3, "TFN"), "TNF");
    assert_null(lac_nearest(words, 3, "PGE2"));
    assert_int_equal(lac_edit_distance("abc", "abc"), 0);
    assert_int_equal(lac_edit_distance("abc", "acb"), 2);
}

static void text_grows_and_files_are_read_whole_or_refused(void **state)
{
    (void)state;
    lac_text text = {0};
    for (int i = 0; i < 1000; i++)
        lac_text_add(&text, "%d,", i % 10);
    assert_int_equal(text.length, 2000);
    lac_text_free(&text);
    char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(lac_text_read("/", 100, &bytes, &length), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "directory");
    assert_int_equal(lac_text_read("/nonexistent/file", 100, &bytes, &length), LAC_NO_INPUT);
    assert_null(bytes);
}

static void sums_have_the_same_bits_for_one_thread_and_many(void **state)
{
    (void)state;
    enum { COUNT = 300000 };
    double *a = lac_alloc(COUNT, sizeof *a);
    for (size_t i = 0; i < COUNT; i++)
        a[i] = sin((double)i) * 1e3;
    lac_threads_set(1);
    double sum = lac_sum(a, COUNT);
    double dot = lac_dot(a, a, COUNT);
    lac_threads_set(4);
    assert_true(sum == lac_sum(a, COUNT));
    assert_true(dot == lac_dot(a, a, COUNT));
    double plain = 0;
    for (size_t i = 0; i < COUNT; i++)
        plain += a[i];
    assert_near(sum, plain, 1e-6);
    lac_free(a);
}

static void a_round_of_a_loop_is_done_once_by_one_thread_and_by_several(void **state)
{
    (void)state;
    enum { ROUNDS = 1000 };
    for (int team = 1; team <= 3; team++) {
        int done[ROUNDS] = {0};
        LAC_FOR_EACH(round, (size_t)ROUNDS, team, done[round]++);
        for (int round = 0; round < ROUNDS; round++)
            assert_int_equal(done[round], 1);
    }
    lac_threads_set(3);
    assert_int_equal(LAC_TEAM(true), 3);
    assert_int_equal(LAC_TEAM(false), 1);
    lac_threads_set(0);
}

/* Scratch of a loop is addressed by the number of its thread: that of its own team, also where the
 * caller is one of many threads. */
static void a_loop_within_the_threads_of_a_caller_counts_its_own(void **state)
{
    (void)state;
    enum { CALLERS = 3, ROUNDS = 10 };
    int number[CALLERS][ROUNDS];
    memset(number, -1, sizeof number);
#pragma omp parallel for schedule(static) num_threads(CALLERS)
    for (int caller = 0; caller < CALLERS; caller++)
        LAC_FOR_EACH(round, (size_t)ROUNDS, 1, number[caller][round] = omp_get_thread_num());
    for (int caller = 0; caller < CALLERS; caller++)
        for (int round = 0; round < ROUNDS; round++)
            assert_int_equal(number[caller][round], 0);
}

static void long_vectors_are_copied_and_cleared_to_their_last_element(void **state)
{
    (void)state;
    const size_t counts[] = {0, 1, 1000, 140000, 300001};
    double *from = lac_alloc(300002, sizeof *from), *to = lac_alloc(300002, sizeof *to);
    for (size_t i = 0; i < 300002; i++)
        from[i] = (double)i + 1;
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        size_t count = counts[k];
        lac_threads_set(k % 2 ? 1 : 3);
        to[count] = -1;
        lac_copy(to, from, count);
        assert_memory_equal(to, from, count * sizeof *to);
        assert_true(to[count] == -1);
        lac_clear(to, count);
        for (size_t i = 0; i < count; i++)
            assert_true(to[i] == 0);
        assert_true(to[count] == -1);
    }
    lac_free(from);
    lac_free(to);
}

static void layout_places_fields_then_pools(void **state)
{
    (void)state;
    lac_layout layout = lac_layout_of(3, 100, 2);
    assert_int_equal(layout.tract[0].stride % 8, 0);
    assert_int_equal(lac_layout_at(&layout, 1), layout.tract[0].stride);
    assert_int_equal(lac_layout_at(&layout, 4), 3 * layout.tract[0].stride + 1);
    assert_int_equal(layout.length, 3 * layout.tract[0].stride + 2);
}

static void fingerprints_are_the_published_ones_and_tell_texts_apart(void **state)
{
    (void)state;
    char empty[LAC_FINGERPRINT_BYTES], a[LAC_FINGERPRINT_BYTES], foobar[LAC_FINGERPRINT_BYTES];
    lac_fingerprint("", empty);
    lac_fingerprint("a", a);
    lac_fingerprint("foobar", foobar);
    assert_int_equal(strlen(a), 32);
    assert_memory_equal(empty, "cbf29ce484222325", 16);
    assert_memory_equal(a, "af63dc4c8601ec8c", 16);
    assert_memory_equal(foobar, "85944171f73967e8", 16);
    assert_memory_not_equal(a + 16, foobar + 16, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_keeps_its_sentence_and_gains_context),
        cmocka_unit_test(memory_is_zeroed_aligned_counted_and_fails_on_demand),
        cmocka_unit_test(names_are_found_refused_twice_and_suggested),
        cmocka_unit_test(nearest_word_prefers_a_change_of_case_and_refuses_strangers),
        cmocka_unit_test(text_grows_and_files_are_read_whole_or_refused),
        cmocka_unit_test(sums_have_the_same_bits_for_one_thread_and_many),
        cmocka_unit_test(a_round_of_a_loop_is_done_once_by_one_thread_and_by_several),
        cmocka_unit_test(a_loop_within_the_threads_of_a_caller_counts_its_own),
        cmocka_unit_test(long_vectors_are_copied_and_cleared_to_their_last_element),
        cmocka_unit_test(fingerprints_are_the_published_ones_and_tell_texts_apart),
        cmocka_unit_test(layout_places_fields_then_pools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
