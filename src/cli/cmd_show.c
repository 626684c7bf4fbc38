/* lacuna show: what a result file holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "cli/command.h"
#include "cli/verdict.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void print_attribute(lac_store *store, const char *path, const char *name)
{
    char *value = NULL;
    if (lac_store_read_text(store, path, name, &value) == LAC_OK && value[0] != '\0')
        printf("  %-14s %s\n", name, value);
    lac_free(value);
}

/* The times of an unlimited dimension, in a line; says nothing when the file has none. */
static lac_status print_times(lac_store *store, const char *path, const char *what)
{
    lac_status status = LAC_OK;
    double *time = NULL;
    size_t rank, length[8];
    if (!lac_store_has(store, path))
        return LAC_OK;
    LAC_TRY(lac_store_read(store, path, &time, &rank, length));
    if (length[0] == 0)
        printf("  %-14s none\n", what);
    else
        printf("  %-14s %zu, from %g h to %g h (%g d)\n", what, length[0], time[0],
               time[length[0] - 1], time[length[0] - 1] / 24);
out:
    lac_free(time);
    return status;
}

static lac_status print_grid(lac_store *store)
{
    lac_status status = LAC_OK;
    static const char *const axes[] = {"/x", "/y", "/z"};
    double *place[3] = {NULL, NULL, NULL};
    size_t rank, length[3][8];
    if (!lac_store_has(store, axes[0]))
        return LAC_OK;
    for (int axis = 0; axis < 3; axis++)
        LAC_TRY(lac_store_read(store, axes[axis], &place[axis], &rank, length[axis]));
    printf("  %-14s %zu x %zu x %zu voxels (x, y, z)\n", "grid", length[0][0], length[1][0],
           length[2][0]);
out:
    for (int axis = 0; axis < 3; axis++)
        lac_free(place[axis]);
    return status;
}

static bool is_coordinate(const char *name)
{
    static const char *const names[] = {"x", "y", "z", "time", "time_fields"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    return false;
}

static void print_summary(const double *values, size_t count)
{
    double sum = 0, least = INFINITY, most = -INFINITY;
    size_t known = 0;
    for (size_t k = 0; k < count; k++) {
        if (isnan(values[k]))
            continue;
        sum += values[k];
        least = fmin(least, values[k]);
        most = fmax(most, values[k]);
        known++;
    }
    printf(" %12.6g", known > 0 ? sum / (double)known : (double)NAN);
    if (count > 1)
        printf(" (%.4g to %.4g)", least, most);
}

static lac_status print_last(lac_store *store, const char *name)
{
    lac_status status = LAC_OK;
    double *values = NULL;
    char *units = NULL, *label = NULL;
    size_t rank, length[8], count = 1;
    lac_text path = {0};
    lac_text_add(&path, "/%s", name);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_read_last(store, path.bytes, &values, &rank, length));
    for (size_t axis = 0; axis < rank; axis++)
        count *= length[axis];
    printf("  %-28s", name);
    print_summary(values, count);
    if (lac_store_read_text(store, path.bytes, "units", &units) == LAC_OK)
        printf(" %s", units);
    if (lac_store_read_text(store, path.bytes, "long_name", &label) == LAC_OK)
        printf("  %s", label);
    printf("\n");
out:
    lac_free(values);
    lac_free(units);
    lac_free(label);
    lac_text_free(&path);
    return status;
}

static lac_status print_variables(lac_store *store)
{
    lac_status status = LAC_OK;
    char **names = NULL;
    size_t count = 0;
    LAC_TRY(lac_store_list(store, "/", &names, &count));
    printf("\nLast values (fields: mean, and least to greatest)\n");
    for (size_t k = 0; k < count; k++)
        if (!is_coordinate(names[k]))
            LAC_TRY(print_last(store, names[k]));
out:
    lac_store_free_list(names, count);
    return status;
}

/* One row a variable: the terms of the last frame. */
static lac_status print_ledger(lac_store *store)
{
    lac_status status = LAC_OK;
    static const char *const terms[] = {
        "content", "made", "lost", "moved_in", "moved_out", "added", "closure_relative"};
    enum { TERMS = sizeof terms / sizeof terms[0] };
    double *term[TERMS] = {NULL};
    char *names = NULL, *rest = NULL;
    size_t rank, length[8];
    if (!lac_store_has(store, "/ledger/variable"))
        return LAC_OK;
    LAC_TRY(lac_store_read_text(store, "/ledger/variable", NULL, &names));
    printf("\nLedger (whole joint)\n  %-28s", "variable");
    for (size_t k = 0; k < TERMS; k++) {
        char path[64];
        snprintf(path, sizeof path, "/ledger/%s", terms[k]);
        LAC_TRY(lac_store_read_last(store, path, &term[k], &rank, length));
        printf(" %11.11s", k + 1 < TERMS ? terms[k] : "closure");
    }
    printf("\n");
    size_t row = 0;
    for (char *name = strtok_r(names, "\n", &rest); name && row < length[0];
         name = strtok_r(NULL, "\n", &rest), row++) {
        printf("  %-28s", name);
        for (size_t k = 0; k < TERMS; k++)
            printf(" %11.4g", term[k][row]);
        printf("\n");
    }
out:
    for (size_t k = 0; k < TERMS; k++)
        lac_free(term[k]);
    lac_free(names);
    return status;
}

static void print_provenance(lac_store *store)
{
    static const char *const names[] = {"version",     "build_options", "hdf5_version",
                                        "host",        "command_line",  "created",
                                        "resumptions", "setting_method"};
    if (!lac_store_has(store, "/provenance"))
        return;
    printf("\nProvenance\n");
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        print_attribute(store, "/provenance", names[k]);
}

static lac_status show(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    lac_store *store = NULL;
    (void)argc;
    (void)argv;
    LAC_TRY(lac_store_open(words->operand[0], false, &store));
    LAC_REQUIRE(lac_store_has(store, "/time"), LAC_NO_INPUT, "%s is no result of lacuna",
                words->operand[0]);
    printf("%s\n", words->operand[0]);
    print_attribute(store, "/", "title");
    print_attribute(store, "/", "scenario");
    print_attribute(store, "/", "source");
    print_attribute(store, "/", "notice");
    LAC_TRY(print_times(store, "/time", "frames"));
    LAC_TRY(print_times(store, "/time_fields", "field frames"));
    LAC_TRY(print_grid(store));
    LAC_TRY(print_variables(store));
    LAC_TRY(lac_verdict_print(store));
    LAC_TRY(print_ledger(store));
    print_provenance(store);
out:
    lac_store_close(store);
    return status;
}

const lac_command lac_command_show = {
    .name = "show",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SHOW,
    .summary = "Tells what a result file holds",
    .details =
        "Scenario, span, frames, the last values with their units, whether observables are in\n"
        "their bands, the ledger and where the file comes from.\n",
    .run = show};
