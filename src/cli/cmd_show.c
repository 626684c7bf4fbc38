/* lacuna show: what a result file holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "cli/band_check.h"
#include "cli/bias_summary.h"
#include "cli/command.h"
#include "cli/representation_summary.h"
#include "cli/screen.h"
#include "cli/show_index.h"
#include "cli/show_json.h"
#include "stepper/stepper.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void print_attribute(lac_store *store, const char *path, const char *name, lac_text *text)
{
    char *value = NULL;
    if (lac_store_read_text(store, path, name, &value) == LAC_OK && value[0] != '\0')
        lac_text_add(text, "  %-14s %s\n", name, value);
    lac_free(value);
}

static void print_times(const lac_summary_times *times, const char *what, lac_text *text)
{
    if (times->there && times->count == 0)
        lac_text_add(text, "  %-14s none\n", what);
    else if (times->there)
        lac_text_add(text, "  %-14s %zu, from %g h to %g h (%g d)\n", what, times->count,
                     times->first, times->last, times->last / 24);
}

static void print_variables(const lac_summary *summary, size_t most, lac_text *text)
{
    lac_text_add(text, "\nLast values (fields: mean, and least to greatest)\n");
    for (size_t k = 0; k < summary->variables && k < most; k++) {
        const lac_summary_variable *it = &summary->variable[k];
        lac_text_add(text, "  %-28s %12.6g", it->name, it->mean);
        if (it->values > 1)
            lac_text_add(text, " (%.4g to %.4g)", it->least, it->greatest);
        if (it->unit || it->units)
            lac_text_add(text, " %s", it->unit ? it->unit : it->units);
        if (it->label)
            lac_text_add(text, "  %s", it->label);
        lac_text_add(text, "\n");
    }
    if (summary->variables > most)
        lac_text_add(text, "  ... and %zu more\n", summary->variables - most);
}

/* Does the tissue stand for a larger one? */
static bool represents(lac_store *store)
{
    double scale;
    return lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_SCALE, &scale) == LAC_OK &&
           scale != 1;
}

/* One row a variable: the terms of the last frame. */
static void print_ledger(const lac_summary *summary, bool joint, lac_text *text)
{
    if (!summary->names)
        return;
    lac_text_add(text, "\nLedger%s\n  %-28s", joint ? " (whole joint)" : "", "variable");
    for (size_t k = 0; k < LAC_TERMS; k++)
        lac_text_add(text, " %11.11s", k == LAC_TERM_CLOSURE ? "closure" : lac_ledger_terms[k]);
    lac_text_add(text, "\n");
    for (size_t row = 0; row < summary->rows; row++) {
        lac_text_add(text, "  %-28s", summary->row[row]);
        for (size_t k = 0; k < LAC_TERMS; k++)
            lac_text_add(text, " %11.4g", summary->term[k][row]);
        lac_text_add(text, "\n");
    }
}

static void print_provenance(lac_store *store, lac_text *text)
{
    if (!lac_store_has(store, LAC_AT_PROVENANCE))
        return;
    lac_text_add(text, "\nProvenance\n");
    for (size_t k = 0; lac_summary_origin[k]; k++)
        print_attribute(store, LAC_AT_PROVENANCE, lac_summary_origin[k], text);
}

/* How many steps there were, and why others were refused. */
static void print_steps(lac_store *store, lac_text *text)
{
    double steps, refused, count;
    if (lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_STEPS, &steps) != LAC_OK ||
        lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_REFUSED, &refused) != LAC_OK)
        return;
    lac_text_add(text, "  %-14s %.0f, %.0f rejected", "steps", steps, refused);
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        char name[64];
        snprintf(name, sizeof name, LAC_KEY_REFUSED_BY, lac_refusal_name[k]);
        if (lac_store_read_number(store, LAC_AT_PROVENANCE, name, &count) == LAC_OK && count > 0)
            lac_text_add(text, "; %s %.0f", lac_refusal_words[k], count);
    }
    lac_text_add(text, "\n");
}

/* Of a run that started from another. */
static void print_origin(lac_store *store, lac_text *text)
{
    char *told = NULL;
    if (lac_store_read_text(store, LAC_AT_PROVENANCE, LAC_KEY_FROM_TOLD, &told) == LAC_OK)
        lac_text_add(text, "  %-14s from %s\n", "start", told);
    lac_free(told);
}

/* Of a run by a stochastic method: what its bounds leave; in brief of the tissue as a whole. */
static lac_status print_bias(lac_store *store, bool brief, lac_text *text)
{
    enum { FEW = 8 };
    size_t shown = 0;
    lac_status status = LAC_OK;
    lac_bias_summary bias = {0};
    LAC_TRY(lac_bias_summary_read(store, &bias));
    if (bias.rows > 0)
        lac_text_add(text,
                     "\nBias that the steps leave, within a factor of 3 or +- (and the content)\n");
    for (size_t k = 0; k < bias.rows; k++) {
        if (brief && (strstr(bias.row[k], " in ") || ++shown > FEW))
            continue;
        lac_text_add(text, "  %-36s %11.3g", bias.row[k], bias.bias[k]);
        if (bias.resolution)
            lac_text_add(text, " +- %.2g", bias.resolution[k]);
        lac_text_add(text, " (of %.6g)\n", bias.content[k]);
    }
    if (bias.bounds > 0)
        lac_text_add(text, "Steps by what bounded them\n");
    for (size_t k = 0; k < bias.bounds; k++)
        if (bias.steps[k] > 0)
            lac_text_add(text, "  %-36s %11.0f\n", bias.bound[k], bias.steps[k]);
out:
    lac_bias_summary_free(&bias);
    return status;
}

/* Of a run that started from its own rest. */
static void print_rest(lac_store *store, lac_text *text)
{
    double steps, residual;
    if (lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_REST_STEPS, &steps) != LAC_OK ||
        lac_store_read_number(store, LAC_AT_PROVENANCE, LAC_KEY_REST_RESIDUAL, &residual) != LAC_OK)
        return;
    lac_text_add(text,
                 "  %-14s steady state: %.0f pseudo-steps, the last, of a year, %.2g tolerances\n",
                 "start", steps, residual);
}

/* Of several tissues with the name of each. */
static void print_grid(const lac_summary_grid *grid, lac_text *text)
{
    char title[300];
    int length = (int)strlen(grid->before);
    snprintf(title, sizeof title, "grid%s%.*s", length ? " " : "", length ? length - 1 : 0,
             grid->before);
    lac_text_add(text, "  %-14s %zu x %zu x %zu voxels (x, y, z)", title, grid->voxels[0],
                 grid->voxels[1], grid->voxels[2]);
    if (grid->thickest > 0)
        lac_text_add(text, ", layers of %.3g to %.3g um", grid->thinnest, grid->thickest);
    lac_text_add(text, "\n");
}

static void print_heading(const char *path, lac_store *store, const lac_summary *summary,
                          lac_text *text)
{
    lac_text_add(text, "%s\n", path);
    for (size_t k = 0; lac_show_heading[k]; k++)
        print_attribute(store, "/", lac_show_heading[k], text);
    print_attribute(store, LAC_AT_PROVENANCE, LAC_KEY_NOTE, text);
    print_times(&summary->frames, "frames", text);
    print_times(&summary->field_frames, "field frames", text);
    for (size_t grid = 0; grid < summary->grids; grid++)
        print_grid(&summary->grid[grid], text);
    print_steps(store, text);
    print_origin(store, text);
    print_rest(store, text);
}

/* The row whose balance closes worst. */
static void print_closure(const lac_summary *summary, lac_text *text)
{
    size_t worst = 0;
    for (size_t row = 1; row < summary->rows; row++)
        if (fabs(summary->term[LAC_TERM_CLOSURE][row]) >
            fabs(summary->term[LAC_TERM_CLOSURE][worst]))
            worst = row;
    if (summary->names && summary->rows > 0)
        lac_text_add(text, "\nThe ledger closes to %.3g (%s)\n",
                     summary->term[LAC_TERM_CLOSURE][worst], summary->row[worst]);
}

static lac_status print_all(const lac_arguments *arguments, lac_store *store,
                            const lac_summary *summary)
{
    enum { SHOWN = 14 };
    lac_status status = LAC_OK;
    lac_text whole = {0}, brief = {0};
    print_heading(arguments->operand[0], store, summary, &whole);
    print_variables(summary, SIZE_MAX, &whole);
    LAC_TRY(lac_band_check_print(store, &whole));
    LAC_TRY(print_bias(store, false, &whole));
    LAC_TRY(lac_representation_print(store, &whole));
    print_ledger(summary, represents(store), &whole);
    print_provenance(store, &whole);
    print_heading(arguments->operand[0], store, summary, &brief);
    print_variables(summary, SHOWN, &brief);
    LAC_TRY(lac_band_check_brief(store, &brief));
    LAC_TRY(print_bias(store, true, &brief));
    LAC_TRY(lac_representation_print(store, &brief));
    print_closure(summary, &brief);
    LAC_TRY(lac_screen_print(arguments, &whole, &brief));
out:
    lac_text_free(&whole);
    lac_text_free(&brief);
    return status;
}

static lac_status print_json(const char *path, lac_store *store, const lac_summary *summary)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    lac_json json = {.text = &text};
    LAC_TRY(lac_show_json(path, store, summary, &json));
    LAC_TRY(text.failed);
    fputs(lac_text_of(&text), stdout);
out:
    lac_text_free(&text);
    return status;
}

static lac_status show(const lac_arguments *arguments, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *path = arguments->operand[0];
    lac_store *store = NULL;
    lac_summary summary = {0};
    (void)argc;
    (void)argv;
    LAC_TRY(lac_screen_check(arguments));
    LAC_TRY(lac_store_open(path, false, &store));
    if (lac_store_has(store, LAC_AT_DESIGN)) {
        LAC_TRY(lac_show_index(arguments, store));
        goto out;
    }
    LAC_REQUIRE(lac_store_has(store, LAC_AT_TIME), LAC_NO_INPUT, "%s is not a result of lacuna",
                path);
    LAC_TRY(lac_summary_read(store, &summary));
    LAC_TRY(arguments->json ? print_json(path, store, &summary)
                            : print_all(arguments, store, &summary));
out:
    lac_summary_free(&summary);
    lac_store_close(store);
    return status;
}

const lac_command lac_command_show = {
    .name = "show",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .bit = LAC_FOR_SHOW,
    .summary = "Prints what a result or an index contains",
    .details =
        "Result: scenario, time span, frames, final values with units, bands, ledger and\n"
        "provenance. Index: status of the members, and every endpoint in every arm, with its\n"
        "standard deviation due to chance and to uncertain parameters, and its difference from\n"
        "the first arm, member by member.\n",
    .run = show};
