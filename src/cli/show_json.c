/* A summary of a result as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show_json.h"

#include "base/memory.h"
#include "cli/band_check.h"
#include "cli/bias_summary.h"
#include "cli/representation_summary.h"
#include "stepper/stepper.h"

#include <stdio.h>
#include <string.h>

const char *const lac_show_heading[] = {"title", "scenario", "source", "notice", NULL};

/* A text attribute; null when it is missing. */
static void add_attribute(lac_json *json, lac_store *store, const char *path, const char *name)
{
    char *value = NULL;
    if (lac_store_read_text(store, path, name, &value) == LAC_MEMORY)
        json->text->failed = LAC_MEMORY;
    lac_json_words(json, name, value);
    lac_free(value);
}

static void add_times(lac_json *json, const char *key, const lac_summary_times *times)
{
    if (!times->there) {
        lac_json_null(json, key);
        return;
    }
    lac_json_object(json, key);
    lac_json_count(json, "count", times->count);
    lac_json_number(json, "first_h", times->first);
    lac_json_number(json, "last_h", times->last);
    lac_json_end(json);
}

static void add_voxels(lac_json *json, const lac_summary_grid *grid)
{
    double voxels[3] = {(double)grid->voxels[0], (double)grid->voxels[1], (double)grid->voxels[2]};
    lac_json_numbers(json, "voxels", voxels, 3);
    if (grid->thickest > 0)
        lac_json_numbers(json, "layer_um", (double[2]){grid->thinnest, grid->thickest}, 2);
}

/* `voxels` of one tissue; of several, one object each. */
static void add_grids(lac_json *json, const lac_summary *summary)
{
    if (summary->grids == 1)
        add_voxels(json, &summary->grid[0]);
    else
        lac_json_null(json, "voxels");
    if (summary->grids < 2)
        return;
    lac_json_object(json, "tissues");
    for (size_t k = 0; k < summary->grids; k++) {
        char name[300];
        snprintf(name, sizeof name, "%.*s", (int)strlen(summary->grid[k].before) - 1,
                 summary->grid[k].before);
        lac_json_object(json, name);
        add_voxels(json, &summary->grid[k]);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_variables(lac_json *json, const lac_summary *summary)
{
    lac_json_array(json, "variables");
    for (size_t k = 0; k < summary->variables; k++) {
        const lac_summary_variable *it = &summary->variable[k];
        lac_json_object(json, NULL);
        lac_json_words(json, "name", it->name);
        lac_json_words(json, "label", it->label);
        lac_json_words(json, "units", it->units);
        lac_json_count(json, "values", it->values);
        lac_json_number(json, "mean", it->mean);
        lac_json_number(json, "least", it->least);
        lac_json_number(json, "greatest", it->greatest);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_band(void *context, const lac_band_check_row *row)
{
    static const char *const results[] = {"inside", "outside", "not reached"};
    lac_json *json = context;
    lac_json_object(json, NULL);
    lac_json_words(json, "name", row->band);
    lac_json_words(json, "observable", row->observable);
    lac_json_words(json, "verdict", *row->against ? "apart" : results[row->result]);
    lac_json_number(json, "least", row->least);
    lac_json_number(json, "greatest", row->greatest);
    lac_json_number(json, "low", row->limits.low);
    lac_json_number(json, "high", row->limits.high);
    lac_json_number(json, "from_h", row->limits.from);
    lac_json_number(json, "until_h", row->limits.until);
    lac_json_flag(json, "change", row->limits.change);
    lac_json_words(json, "kind", row->kind);
    lac_json_words(json, "against", *row->against ? row->against : NULL);
    lac_json_words(json, "note", *row->note ? row->note : NULL);
    lac_json_end(json);
}

static void add_ledger(lac_json *json, const lac_summary *summary)
{
    lac_json_array(json, "ledger");
    for (size_t row = 0; row < summary->rows; row++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "variable", summary->row[row]);
        for (size_t k = 0; k < LAC_TERMS; k++)
            lac_json_number(json, lac_ledger_terms[k], summary->term[k][row]);
        lac_json_end(json);
    }
    lac_json_end(json);
}

static void add_number(lac_json *json, lac_store *store, const char *key, const char *name)
{
    double value;
    if (lac_store_read_number(store, LAC_AT_PROVENANCE, name, &value) == LAC_OK)
        lac_json_number(json, key, value);
    else
        lac_json_null(json, key);
}

/* Null but for a stochastic method. */
static lac_status add_bias(lac_json *json, lac_store *store)
{
    lac_status status = LAC_OK;
    lac_bias_summary bias = {0};
    LAC_TRY(lac_bias_summary_read(store, &bias));
    if (bias.rows == 0) {
        lac_json_null(json, "bias");
        return LAC_OK;
    }
    lac_json_object(json, "bias");
    lac_json_array(json, "rows");
    for (size_t k = 0; k < bias.rows; k++) {
        lac_json_object(json, NULL);
        lac_json_words(json, "name", bias.row[k]);
        lac_json_number(json, "bias", bias.bias[k]);
        if (bias.resolution)
            lac_json_number(json, "resolution", bias.resolution[k]);
        else
            lac_json_null(json, "resolution");
        lac_json_number(json, "content", bias.content[k]);
        lac_json_end(json);
    }
    lac_json_end(json);
    lac_json_object(json, "steps");
    for (size_t k = 0; k < bias.bounds; k++)
        lac_json_number(json, bias.bound[k], bias.steps[k]);
    lac_json_end(json);
    lac_json_end(json);
out:
    lac_bias_summary_free(&bias);
    return status;
}

/* Null for files without these counts. */
static void add_steps(lac_json *json, lac_store *store)
{
    lac_json_object(json, "steps");
    add_number(json, store, "accepted", LAC_KEY_STEPS);
    add_number(json, store, "refused", LAC_KEY_REFUSED);
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        char name[64];
        snprintf(name, sizeof name, LAC_KEY_REFUSED_BY, lac_refusal_name[k]);
        add_number(json, store, name, name);
    }
    lac_json_end(json);
}

lac_status lac_show_json(const char *file, lac_store *store, const lac_summary *summary,
                         lac_json *json)
{
    lac_status status = LAC_OK;
    lac_json_object(json, NULL);
    lac_json_words(json, "file", file);
    for (size_t k = 0; lac_show_heading[k]; k++)
        add_attribute(json, store, "/", lac_show_heading[k]);
    add_attribute(json, store, LAC_AT_PROVENANCE, LAC_KEY_NOTE);
    add_times(json, "frames", &summary->frames);
    add_times(json, "field_frames", &summary->field_frames);
    add_grids(json, summary);
    add_steps(json, store);
    LAC_TRY(add_bias(json, store));
    LAC_TRY(lac_representation_add(store, json));
    add_variables(json, summary);
    lac_json_array(json, "bands");
    LAC_TRY(lac_band_check_each(store, add_band, json));
    lac_json_end(json);
    add_ledger(json, summary);
    lac_json_object(json, "provenance");
    for (size_t k = 0; lac_summary_origin[k]; k++)
        add_attribute(json, store, LAC_AT_PROVENANCE, lac_summary_origin[k]);
    lac_json_end(json);
    lac_json_end(json);
out:
    return status;
}
