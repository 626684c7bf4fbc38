/* A summary of a result, read from its file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/summary.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const lac_ledger_terms[LAC_TERMS] = {
#define LAC_LEDGER_NAME(id, name) name,
    LAC_LEDGER_TERMS(LAC_LEDGER_NAME)
#undef LAC_LEDGER_NAME
};

const char *const lac_summary_origin[] = {"version",     "build_options",  "hdf5_version",
                                          "host",        "command_line",   "created",
                                          "resumptions", "setting_method", NULL};

static lac_status read_times(lac_store *store, const char *path, lac_summary_times *times)
{
    lac_status status = LAC_OK;
    double *time = NULL;
    size_t rank, length[8];
    *times = (lac_summary_times){false, 0, NAN, NAN};
    if (!lac_store_has(store, path))
        return LAC_OK;
    LAC_TRY(lac_store_read(store, path, &time, &rank, length));
    times->there = true;
    times->count = length[0];
    if (length[0] > 0) {
        times->first = time[0];
        times->last = time[length[0] - 1];
    }
out:
    lac_free(time);
    return status;
}

/* The mean goes by volume where layers differ. */
static void summarise(const double *values, const lac_summary_grid *grid,
                      lac_summary_variable *variable)
{
    const double *volume = grid ? grid->volume : NULL;
    const size_t plane = grid ? grid->voxels[0] * grid->voxels[1] : 1;
    double sum = 0, least = INFINITY, greatest = -INFINITY, known = 0;
    for (size_t k = 0; k < variable->values; k++) {
        if (isnan(values[k]))
            continue;
        double share = volume ? volume[k / plane] : 1;
        sum += share * values[k];
        least = fmin(least, values[k]);
        greatest = fmax(greatest, values[k]);
        known += share;
    }
    variable->mean = known > 0 ? sum / known : (double)NAN;
    variable->least = known > 0 ? least : (double)NAN;
    variable->greatest = known > 0 ? greatest : (double)NAN;
}

/* A text attribute that may be missing. */
static lac_status read_optional(lac_store *store, const char *path, const char *name, char **value)
{
    lac_status status = lac_store_read_text(store, path, name, value);
    return status == LAC_MEMORY ? status : LAC_OK;
}

static lac_status read_variable(lac_store *store, const char *name, const lac_summary *summary,
                                lac_summary_variable *variable)
{
    lac_status status = LAC_OK;
    double *values = NULL;
    size_t rank, length[8];
    lac_text path = {0};
    lac_text_add(&path, "/%s", name);
    LAC_TRY(path.failed);
    LAC_OWN(variable->name, lac_copy_text(name));
    LAC_TRY(lac_store_read_last(store, path.bytes, &values, &rank, length));
    variable->values = 1;
    for (size_t axis = 0; axis < rank; axis++)
        variable->values *= length[axis];
    const lac_summary_grid *grid = rank == 3 ? lac_summary_grid_of(summary, name) : NULL;
    bool layered = grid && length[0] == grid->voxels[2] && length[2] == grid->voxels[0];
    summarise(values, layered ? grid : NULL, variable);
    LAC_TRY(read_optional(store, path.bytes, "units", &variable->units));
    LAC_TRY(read_optional(store, path.bytes, "unit_label", &variable->unit));
    LAC_TRY(read_optional(store, path.bytes, "long_name", &variable->label));
out:
    lac_free(values);
    lac_text_free(&path);
    return status;
}

static lac_status read_variables(lac_store *store, lac_summary *summary)
{
    lac_status status = LAC_OK;
    char **names = NULL;
    size_t count = 0;
    LAC_TRY(lac_store_list(store, "/", &names, &count));
    LAC_NEW(summary->variable, count);
    LAC_TRY(lac_summary_read_grids(store, names, count, summary));
    for (size_t k = 0; k < count; k++)
        if (!lac_summary_is_coordinate(store, names[k]))
            LAC_TRY(
                read_variable(store, names[k], summary, &summary->variable[summary->variables++]));
out:
    lac_store_free_list(names, count);
    return status;
}

/* The names of the rows; as many as there are names for. */
static lac_status part_names(lac_summary *summary, size_t rows)
{
    lac_status status = LAC_OK;
    LAC_NEW(summary->row, rows);
    summary->rows = lac_text_split(summary->names, "\n", summary->row, rows);
out:
    return status;
}

static lac_status read_ledger(lac_store *store, lac_summary *summary)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    lac_text path = {0};
    if (!lac_store_has(store, LAC_AT_LEDGER "/variable"))
        return LAC_OK;
    LAC_TRY(lac_store_read_text(store, LAC_AT_LEDGER "/variable", NULL, &summary->names));
    for (size_t k = 0; k < LAC_TERMS; k++) {
        lac_text_free(&path);
        lac_text_add(&path, LAC_AT_LEDGER "/%s", lac_ledger_terms[k]);
        LAC_TRY(path.failed);
        LAC_TRY(lac_store_read_last(store, path.bytes, &summary->term[k], &rank, length));
    }
    LAC_TRY(part_names(summary, length[0]));
out:
    lac_text_free(&path);
    return status;
}

lac_status lac_summary_read(lac_store *store, lac_summary *summary)
{
    lac_status status = LAC_OK;
    LAC_TRY(read_times(store, LAC_AT_TIME, &summary->frames));
    LAC_TRY(read_times(store, LAC_AT_TIME_FIELDS, &summary->field_frames));
    LAC_TRY(read_variables(store, summary));
    LAC_TRY(read_ledger(store, summary));
out:
    return status;
}

void lac_summary_free(lac_summary *summary)
{
    for (size_t k = 0; k < summary->variables; k++) {
        lac_free(summary->variable[k].name);
        lac_free(summary->variable[k].units);
        lac_free(summary->variable[k].unit);
        lac_free(summary->variable[k].label);
    }
    lac_free(summary->variable);
    lac_summary_free_grids(summary);
    lac_free(summary->names);
    lac_free(summary->row);
    for (size_t k = 0; k < LAC_TERMS; k++)
        lac_free(summary->term[k]);
}
