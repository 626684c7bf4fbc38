/* What was discrete when, read back from the last frame.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/representation_summary.h"

#include "base/memory.h"
#include "store/layout.h"

#include <math.h>

enum { DISCRETE, TIME, TO_DISCRETE, TO_CONTINUOUS, COLUMNS };

typedef struct summary {
    size_t rows;
    char *names;             /* owned: texts of `name` */
    const char **name;       /* owned */
    double *column[COLUMNS]; /* owned [rows] */
    double time;             /* [h] */
} summary;

static void release(summary *made)
{
    lac_free(made->names);
    lac_free(made->name);
    for (int k = 0; k < COLUMNS; k++)
        lac_free(made->column[k]);
}

static lac_status read_time(lac_store *store, double *time)
{
    lac_status status = LAC_OK;
    double *last = NULL;
    size_t rank, length[8];
    LAC_TRY(lac_store_read_last(store, LAC_AT_TIME, &last, &rank, length));
    *time = *last;
out:
    lac_free(last);
    return status;
}

static lac_status read_summary(lac_store *store, summary *made)
{
    static const char *const path[COLUMNS] = {
        LAC_AT_REPRESENTATION "/discrete", LAC_AT_REPRESENTATION "/time_discrete",
        LAC_AT_REPRESENTATION "/to_discrete", LAC_AT_REPRESENTATION "/to_continuous"};
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    if (!lac_store_has(store, path[0]))
        return LAC_OK;
    for (int k = 0; k < COLUMNS; k++)
        LAC_TRY(lac_store_read_last(store, path[k], &made->column[k], &rank, length));
    LAC_TRY(read_time(store, &made->time));
    LAC_NEW(made->name, length[0]);
    LAC_TRY(lac_store_read_text(store, LAC_AT_REPRESENTATION "/variable", NULL, &made->names));
    made->rows = lac_text_split(made->names, "\n", made->name, length[0]);
out:
    return status;
}

/* Of the time so far. */
static double share(const summary *made, size_t row)
{
    return made->time > 0 ? made->column[TIME][row] / made->time : made->column[DISCRETE][row];
}

lac_status lac_representation_print(lac_store *store, lac_text *text)
{
    lac_status status = LAC_OK;
    summary made = {0};
    LAC_TRY(read_summary(store, &made));
    if (made.rows > 0)
        lac_text_add(text, "\nRepresentation by copy number\n");
    for (size_t k = 0; k < made.rows; k++)
        lac_text_add(
            text,
            "  %-36s discrete %.3g %% of the time; changes to continuous: %.0f, to discrete: "
            "%.0f; %s at the end\n",
            made.name[k], 100 * share(&made, k), made.column[TO_CONTINUOUS][k],
            made.column[TO_DISCRETE][k], made.column[DISCRETE][k] != 0 ? "discrete" : "continuous");
out:
    release(&made);
    return status;
}

lac_status lac_representation_add(lac_store *store, lac_json *json)
{
    lac_status status = LAC_OK;
    summary made = {0};
    LAC_TRY(read_summary(store, &made));
    if (made.rows == 0) {
        lac_json_null(json, "representation");
        goto out;
    }
    lac_json_array(json, "representation");
    for (size_t k = 0; k < made.rows; k++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", made.name[k]);
        lac_json_flag(json, "discrete", made.column[DISCRETE][k] != 0);
        lac_json_number(json, "time_discrete_h", made.column[TIME][k]);
        lac_json_number(json, "to_discrete", made.column[TO_DISCRETE][k]);
        lac_json_number(json, "to_continuous", made.column[TO_CONTINUOUS][k]);
        lac_json_end(json);
    }
    lac_json_end(json);
out:
    release(&made);
    return status;
}
