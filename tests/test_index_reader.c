/* Studies: an index is read back in the order of its design, replicates averaged, failed members
 * left out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "campaign/campaign.h"
#include "index/index_reader.h"

#include <unistd.h>

/* Two arms of three rows of two replicates: member = (arm * 3 + row) * 2 + replicate. */
enum { ARMS = 2, ROWS = 3, REPLICATES = 2, MEMBERS = ARMS * ROWS * REPLICATES, FACTORS = 2 };

static const double unit_places[ROWS * FACTORS] = {0.25, 0.75, 0.5, 0.125, 0.875, 0.625};

static char path[64];

static void put_column(lac_store *store, const char *name, const char *dimension,
                       lac_store_type type, const double *value)
{
    lac_store_series *series;
    assert_ok(lac_store_variable(
        store, &(lac_store_about){name, type, &dimension, 1, "1", "a column"}, &series));
    assert_ok(lac_store_put(series, 0, value));
}

static void put_design(lac_store *store, const char *design, bool sampled)
{
    static const char *const dimensions[] = {"/design/row", "/design/factor"};
    static const char *const names[FACTORS] = {"k_on", "D"};
    assert_ok(lac_store_group(store, "/design"));
    assert_ok(lac_store_text_attribute(store, "/design", "design", design));
    assert_ok(lac_store_number_attribute(store, "/design", "samples", ROWS));
    assert_ok(lac_store_number_attribute(store, "/design", "replicates", REPLICATES));
    if (!sampled)
        return;
    lac_store_series *unit;
    assert_ok(lac_store_numbered(store, "/design/row", ROWS, "row"));
    assert_ok(lac_store_texts(store, "/design/factor", "/design/factor", names, FACTORS));
    assert_ok(lac_store_variable(
        store, &(lac_store_about){"/design/unit", LAC_STORE_DOUBLE, dimensions, 2, "1", "place"},
        &unit));
    assert_ok(lac_store_put(unit, 0, unit_places));
}

static void put_arms(lac_store *store)
{
    static const double dose[ARMS] = {0, 2.5};
    static const char *const methods[ARMS] = {"exact", "mean-field"};
    assert_ok(lac_store_group(store, "/statistics"));
    assert_ok(lac_store_numbered(store, "/statistics/arm", ARMS, "arm"));
    put_column(store, "/statistics/dose", "/statistics/arm", LAC_STORE_DOUBLE, dose);
    assert_ok(lac_store_text_attribute(store, "/statistics/dose", "factor", "dose"));
    assert_ok(lac_store_text_attribute(store, "/statistics/dose", "unit_label", "mg"));
    assert_ok(
        lac_store_texts(store, "/statistics/factor_method", "/statistics/arm", methods, ARMS));
    assert_ok(lac_store_text_attribute(store, "/statistics/factor_method", "factor", "run.method"));
    put_column(store, "/statistics/pain_count", "/statistics/arm", LAC_STORE_INT64, dose);
}

static void write_index(const char *design, bool sampled)
{
    double status[MEMBERS], row[MEMBERS], arm[MEMBERS], pain[MEMBERS], other[MEMBERS];
    lac_store *store;
    for (size_t member = 0; member < MEMBERS; member++) {
        status[member] = LAC_DONE;
        row[member] = sampled ? (double)(member / REPLICATES % ROWS) : 0;
        arm[member] = (double)(member / REPLICATES / ROWS);
        pain[member] = (double)(member * member);
        other[member] = 7;
    }
    status[2] = LAC_FAILED; /* arm 0, row 1: one of two; its number must not count */
    status[8] = LAC_LOST;   /* arm 1, row 1: both, one failed and one without the number */
    pain[9] = NAN;
    assert_ok(lac_store_create(path, true, 0, &store));
    assert_ok(lac_store_text_attribute(store, "/", "title", "a made-up study"));
    assert_ok(lac_store_text_attribute(store, "/", "endpoints", "pain other"));
    assert_ok(lac_store_numbered(store, "/member", MEMBERS, "member"));
    put_column(store, "/status", "/member", LAC_STORE_INT64, status);
    put_column(store, "/row", "/member", LAC_STORE_INT64, row);
    put_column(store, "/arm", "/member", LAC_STORE_INT64, arm);
    put_column(store, "/pain", "/member", LAC_STORE_DOUBLE, pain);
    put_column(store, "/other", "/member", LAC_STORE_DOUBLE, other);
    assert_ok(lac_store_text_attribute(store, "/pain", "unit_label", "mm"));
    put_arms(store);
    put_design(store, design, sampled);
    assert_ok(lac_store_close(store));
}

static void a_study_knows_its_design_and_its_names(void **state)
{
    (void)state;
    lac_index_reader *reader;
    write_index("latin-hypercube", true);
    assert_ok(lac_index_reader_open(path, &reader));
    assert_string_equal(reader->title, "a made-up study");
    assert_int_equal(reader->design, LAC_DESIGN_LATIN);
    assert_int_equal(reader->rows, ROWS);
    assert_int_equal(reader->samples, ROWS);
    assert_int_equal(reader->arms, ARMS);
    assert_int_equal(reader->members, MEMBERS);
    assert_int_equal(reader->missing, 2);
    assert_int_equal(reader->factors, FACTORS);
    assert_string_equal(reader->factor[1], "D");
    assert_int_equal(reader->endpoints, 2);
    assert_string_equal(reader->endpoint[1], "other");
    assert_memory_equal(reader->unit, unit_places, sizeof unit_places);
    lac_index_reader_free(reader);
}

static void replicates_are_averaged_and_what_is_not_there_is_counted(void **state)
{
    (void)state;
    lac_index_reader *reader;
    lac_outcome outcome;
    write_index("random", true);
    assert_ok(lac_index_reader_open(path, &reader));
    assert_ok(lac_index_reader_outcome(reader, 0, 0, &outcome));
    assert_true(outcome.value[0] == (0 + 1) / 2.0);
    assert_true(outcome.value[1] == 9); /* member 3 alone */
    assert_true(outcome.value[2] == (16 + 25) / 2.0);
    assert_int_equal(outcome.left_out, 1);
    assert_string_equal(outcome.unit, "mm");
    lac_outcome_free(&outcome);
    assert_ok(lac_index_reader_outcome(reader, 0, 1, &outcome));
    assert_true(outcome.value[0] == (36 + 49) / 2.0);
    assert_true(isnan(outcome.value[1]));
    assert_int_equal(outcome.left_out, 2);
    lac_outcome_free(&outcome);
    assert_ok(lac_index_reader_outcome(reader, 1, 1, &outcome));
    assert_true(outcome.value[1] == 7);
    assert_string_equal(outcome.unit, "");
    lac_outcome_free(&outcome);
    lac_index_reader_free(reader);
}

static void an_arm_is_described_by_its_listed_values(void **state)
{
    (void)state;
    lac_index_reader *reader;
    lac_text text = {0};
    write_index("sobol", true);
    assert_ok(lac_index_reader_open(path, &reader));
    assert_ok(lac_index_reader_describe_arm(reader, 1, &text));
    assert_string_equal(lac_text_of(&text), "dose = 2.5 mg, run.method = mean-field");
    lac_text_free(&text);
    lac_index_reader_free(reader);
}

static void what_is_no_sampled_sweep_is_refused_with_a_reason(void **state)
{
    (void)state;
    lac_index_reader *reader = NULL;
    lac_store *store;
    write_index("grid", false);
    assert_ok(lac_index_reader_open(path, &reader));
    assert_int_equal(reader->factors, 0);
    assert_int_equal(lac_index_reader_is_sampled(reader), LAC_INPUT);
    assert_text_has(lac_failure(), "design: saltelli");
    lac_index_reader_free(reader);
    reader = NULL;
    write_index("quincunx", true);
    assert_int_equal(lac_index_reader_open(path, &reader), LAC_INPUT);
    assert_text_has(lac_failure(), "quincunx");
    write_index("saltelli", true); /* would need 3 * (2 + 2) rows */
    assert_int_equal(lac_index_reader_open(path, &reader), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "3 rows, and its design 12");
    assert_ok(lac_store_create(path, true, 0, &store));
    assert_ok(lac_store_close(store));
    assert_int_equal(lac_index_reader_open(path, &reader), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "not the index");
    assert_null(reader);
}

static void every_failed_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    write_index("random", true);
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        lac_index_reader *reader = NULL;
        lac_outcome outcome = {0};
        lac_text text = {0};
        lac_memory_fail_at(n);
        lac_status status = lac_index_reader_open(path, &reader);
        if (status == LAC_OK)
            status = lac_index_reader_outcome(reader, 0, 0, &outcome);
        if (status == LAC_OK)
            status = lac_index_reader_describe_arm(reader, 0, &text);
        lac_memory_fail_at(0);
        lac_outcome_free(&outcome);
        lac_text_free(&text);
        lac_index_reader_free(reader);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK)
            break;
        assert_int_equal(status, LAC_MEMORY);
        assert_true(n < 1000);
    }
}

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "study-%ld.nc", (long)getpid());
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_study_knows_its_design_and_its_names),
        cmocka_unit_test(replicates_are_averaged_and_what_is_not_there_is_counted),
        cmocka_unit_test(an_arm_is_described_by_its_listed_values),
        cmocka_unit_test(what_is_no_sampled_sweep_is_refused_with_a_reason),
        cmocka_unit_test(every_failed_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
