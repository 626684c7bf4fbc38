/* Parts of variables, tables that grow, views of other files, and finished files that get their
 * name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/store.h"
#include "testlib.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static char directory[64];

static const char *in_directory(const char *name)
{
    static char path[4][256];
    static int next;
    char *text = path[next++ % 4];
    snprintf(text, sizeof path[0], "%s/%s", directory, name);
    return text;
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/lacuna-parts-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

enum { ROWS = 5, NZ = 3, NX = 4, RECORD = NZ * NX };

/* Rows of 0, 1, 2, ... columns over (row, time), the row and column in each value. */
static void a_table_grows_with_the_boxes_that_are_put(void **state)
{
    (void)state;
    const char *axes[] = {"/row", "/time"};
    lac_store *store = NULL;
    lac_store_series *table = NULL, *time = NULL;
    size_t rank, length[8];
    double *all = NULL;
    assert_ok(lac_store_create(in_directory("table.nc"), true, 4, &store));
    assert_ok(lac_store_numbered(store, "/row", ROWS, "row"));
    assert_ok(lac_store_dimension(store, "/time", 0, NULL, "h", "time"));
    assert_ok(lac_store_table(
        store, &(lac_store_about){"/table", LAC_STORE_DOUBLE, axes, 2, "1", "a table"}, &table));
    assert_ok(lac_store_find(store, "/time", &time));
    for (size_t row = 1; row < ROWS; row++) {
        double values[ROWS], hour = (double)row;
        for (size_t column = 0; column < row; column++)
            values[column] = 10.0 * (double)row + (double)column;
        lac_store_box box = {{row, 0}, {1, row}};
        assert_ok(lac_store_put_box(table, &box, values));
        assert_ok(lac_store_put(time, row - 1, &hour));
    }
    lac_store_box beyond = {{ROWS, 0}, {1, 1}};
    assert_int_equal(lac_store_put_box(table, &beyond, &(double){1}), LAC_FILE);
    assert_ok(lac_store_close(store));
    assert_ok(lac_store_open(in_directory("table.nc"), false, &store));
    assert_ok(lac_store_shape(store, "/table", &rank, length));
    assert_int_equal(rank, 2);
    assert_int_equal(length[0], ROWS);
    assert_int_equal(length[1], ROWS - 1);
    assert_ok(lac_store_read(store, "/table", &all, &rank, length));
    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = 0; column < ROWS - 1; column++) {
            double value = all[row * (ROWS - 1) + column];
            if (column < row)
                assert_near(value, 10.0 * (double)row + (double)column, 0);
            else
                assert_true(isnan(value));
        }
    lac_free(all);
    assert_ok(lac_store_close(store));
}

static void a_box_is_read_and_one_that_is_not_there_is_told(void **state)
{
    (void)state;
    lac_store *store = NULL;
    double values[4];
    assert_ok(lac_store_open(in_directory("table.nc"), false, &store));
    lac_store_box box = {{3, 1}, {2, 2}}, outside = {{3, 1}, {2, 9}};
    assert_ok(lac_store_read_box(store, "/table", &box, values));
    assert_near(values[0], 31, 0);
    assert_near(values[1], 32, 0);
    assert_near(values[2], 41, 0);
    assert_near(values[3], 42, 0);
    assert_int_equal(lac_store_read_box(store, "/table", &outside, values), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "has 4 of what should be 10 along dimension 2");
    assert_int_equal(lac_store_read_box(store, "/none", &box, values), LAC_NO_INPUT);
    assert_int_equal(lac_store_shape(store, "/none", &(size_t){0}, (size_t[8]){0}), LAC_NO_INPUT);
    assert_ok(lac_store_close(store));
}

static void rows_of_words_and_numbers_of_attributes_are_read_back(void **state)
{
    (void)state;
    static const char *const rows[] = {"one", "of two\nlines", ""};
    static const char *const codes[] = {"waiting", "done", "failed"};
    lac_store *store = NULL;
    char **read = NULL, *text = NULL;
    size_t count = 0;
    double number = 0;
    assert_ok(lac_store_create(in_directory("rows.nc"), true, 0, &store));
    assert_ok(lac_store_numbered(store, "/row", 3, "row"));
    assert_ok(lac_store_texts(store, "/words", "/row", rows, 3));
    assert_ok(lac_store_flags(store, "/row", codes, 3));
    assert_ok(lac_store_number_attribute(store, "/", "seven", 7.25));
    assert_ok(lac_store_read_rows(store, "/words", &read, &count));
    assert_int_equal(count, 3);
    for (size_t row = 0; row < count; row++)
        assert_string_equal(read[row], rows[row]);
    lac_store_free_list(read, count);
    assert_int_equal(lac_store_read_rows(store, "/row", &read, &count), LAC_NO_INPUT);
    assert_ok(lac_store_read_number(store, "/", "seven", &number));
    assert_near(number, 7.25, 0);
    assert_int_equal(lac_store_read_number(store, "/", "eight", &number), LAC_NO_INPUT);
    assert_int_equal(lac_store_read_number(store, "/row", "flag_meanings", &number), LAC_NO_INPUT);
    assert_ok(lac_store_read_text(store, "/row", "flag_meanings", &text));
    assert_string_equal(text, "waiting done failed");
    lac_free(text);
    assert_ok(lac_store_close(store));
}

/* A file of `frames` records of RECORD values: file * 1000 + frame * 100 + place. */
static void write_part(size_t file, size_t frames)
{
    const char *axes[] = {"/time", "/z", "/x"};
    char name[32];
    double values[RECORD], place[NX] = {0, 1, 2, 3};
    lac_store *store = NULL;
    lac_store_series *field = NULL;
    snprintf(name, sizeof name, "parts/%zu.nc", file);
    assert_ok(lac_store_create(in_directory(name), true, 1, &store));
    assert_ok(lac_store_dimension(store, "/time", 0, NULL, "h", "time"));
    assert_ok(lac_store_dimension(store, "/z", NZ, place, "um", "depth"));
    assert_ok(lac_store_dimension(store, "/x", NX, place, "um", "width"));
    assert_ok(lac_store_variable(
        store, &(lac_store_about){"/field", LAC_STORE_FLOAT, axes, 3, "1", "f"}, &field));
    for (size_t frame = 0; frame < frames; frame++) {
        for (size_t at = 0; at < RECORD; at++)
            values[at] = 1000.0 * (double)file + 100.0 * (double)frame + (double)at;
        assert_ok(lac_store_put(field, frame, values));
    }
    assert_ok(lac_store_close(store));
}

static void write_view(const char *path)
{
    static const char *const axes[] = {"/member", "/time", "/z", "/x"};
    const lac_store_source source[] = {{"parts/0.nc", 0, 2}, {"parts/2.nc", 2, 3}};
    double place[NX] = {0, 1, 2, 3};
    lac_store *store = NULL;
    lac_store_series *time = NULL;
    lac_store_view_about about = {.dimensions = axes,
                                  .count = 4,
                                  .units = "1",
                                  .long_name = "f",
                                  .source_path = "/field",
                                  .source = source,
                                  .sources = 2};
    assert_ok(lac_store_create(path, true, 1, &store));
    assert_ok(lac_store_numbered(store, "/member", 3, "member"));
    assert_ok(lac_store_dimension(store, "/time", 0, NULL, "h", "time"));
    assert_ok(lac_store_dimension(store, "/z", NZ, place, "um", "depth"));
    assert_ok(lac_store_dimension(store, "/x", NX, place, "um", "width"));
    assert_ok(lac_store_find(store, "/time", &time));
    for (size_t frame = 0; frame < 3; frame++)
        assert_ok(lac_store_put(time, frame, &place[frame]));
    assert_ok(lac_store_group(store, "/fields"));
    assert_ok(lac_store_view(store, "/fields/field", &about));
    assert_ok(lac_store_text_attribute(store, "/fields/field", "unit_label", "one"));
    assert_ok(lac_store_close(store));
}

/* What a view of parts 0 (2 frames) and 2 (3 frames) must show. */
static void assert_shown(const double *values)
{
    for (size_t row = 0; row < 3; row++)
        for (size_t frame = 0; frame < 3; frame++)
            for (size_t at = 0; at < RECORD; at++) {
                double value = values[(row * 3 + frame) * RECORD + at];
                if (row == 1 || (row == 0 && frame == 2))
                    assert_true(isnan(value));
                else
                    assert_near(value, 1000.0 * (double)row + 100.0 * (double)frame + (double)at,
                                0);
            }
}

static void a_view_shows_the_files_that_it_names_from_its_own_directory(void **state)
{
    (void)state;
    lac_store *store = NULL;
    double *values = NULL;
    size_t rank, length[8];
    write_part(0, 2);
    write_part(2, 3);
    write_view(in_directory("view.nc"));
    assert_ok(lac_store_open(in_directory("view.nc"), false, &store));
    assert_ok(lac_store_read(store, "/fields/field", &values, &rank, length));
    assert_int_equal(rank, 4);
    assert_shown(values);
    lac_free(values);
    assert_ok(lac_store_close(store));
}

static void a_view_settles_to_a_variable_of_its_own(void **state)
{
    (void)state;
    lac_store *store = NULL;
    lac_store_series *field = NULL;
    double *values = NULL, *view = NULL;
    char *text = NULL;
    size_t rank, length[8];
    const char *path = in_directory("settled.nc");
    write_view(path);
    assert_ok(lac_store_open(path, true, &store));
    assert_ok(lac_store_read(store, "/fields/field", &view, &rank, length));
    assert_ok(lac_store_settle(store, "/fields/field", 4, &field));
    assert_ok(lac_store_read(store, "/fields/field", &values, &rank, length));
    assert_true(isnan(values[0]));
    lac_free(values);
    lac_store_box all = {{0}, {3, 3, NZ, NX}};
    assert_ok(lac_store_put_box(field, &all, view));
    lac_free(view);
    assert_ok(lac_store_close(store));
    assert_int_equal(rename(in_directory("parts"), in_directory("gone")), 0);
    assert_ok(lac_store_open(path, false, &store));
    assert_ok(lac_store_read(store, "/fields/field", &values, &rank, length));
    assert_shown(values);
    lac_free(values);
    assert_ok(lac_store_read_text(store, "/fields/field", "unit_label", &text));
    assert_string_equal(text, "one");
    lac_free(text);
    assert_ok(lac_store_close(store));
}

static void a_finished_file_takes_the_place_of_an_old_one(void **state)
{
    (void)state;
    struct stat about;
    FILE *file = fopen(in_directory("new.tmp"), "w");
    fputs("new", file);
    fclose(file);
    file = fopen(in_directory("old"), "w");
    fclose(file);
    assert_ok(lac_store_publish(in_directory("new.tmp"), in_directory("old")));
    assert_int_equal(stat(in_directory("old"), &about), 0);
    assert_int_equal(about.st_size, 3);
    assert_int_equal(lac_store_publish(in_directory("new.tmp"), in_directory("old")), LAC_FILE);
    assert_text_has(lac_failure(), "No such file");
}

static void touch(const char *path, time_t age)
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Old ones that nobody writes go; young ones, those of a living writer and other files stay. */
static void what_a_killed_process_has_left_is_taken_away(void **state)
{
    (void)state;
    lac_store *living = NULL;
    lac_text own = {0};
    const time_t day = 24 * 3600;
    lac_store_temporary(in_directory("it.nc"), &own);
    assert_text_has(own.bytes, "/it.nc.tmp-");
    assert_ok(lac_store_create(in_directory("it.nc.tmp-1"), false, 0, &living));
    touch(in_directory("it.nc.tmp-1"), 3 * day);
    touch(in_directory("it.nc.tmp-2"), 2 * day);
    touch(in_directory("it.nc.tmp-2.journal"), 2 * day);
    touch(in_directory("it.nc.tmp-3"), day / 2);
    touch(in_directory("that.nc.tmp-4"), 2 * day);
    touch(in_directory("it.nc"), 2 * day);
    lac_store_discard_old(in_directory("it.nc"));
    assert_int_equal(access(in_directory("it.nc.tmp-1"), F_OK), 0);
    assert_int_equal(access(in_directory("it.nc.tmp-2"), F_OK), -1);
    assert_int_equal(access(in_directory("it.nc.tmp-2.journal"), F_OK), -1);
    assert_int_equal(access(in_directory("it.nc.tmp-3"), F_OK), 0);
    assert_int_equal(access(in_directory("that.nc.tmp-4"), F_OK), 0);
    assert_int_equal(access(in_directory("it.nc"), F_OK), 0);
    assert_ok(lac_store_close(living));
    lac_text_free(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_grows_with_the_boxes_that_are_put),
        cmocka_unit_test(a_box_is_read_and_one_that_is_not_there_is_told),
        cmocka_unit_test(rows_of_words_and_numbers_of_attributes_are_read_back),
        cmocka_unit_test(a_view_shows_the_files_that_it_names_from_its_own_directory),
        cmocka_unit_test(a_view_settles_to_a_variable_of_its_own),
        cmocka_unit_test(a_finished_file_takes_the_place_of_an_old_one),
        cmocka_unit_test(what_a_killed_process_has_left_is_taken_away),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
