/* lacuna show: what a result file holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "cli/command.h"
#include "cli/show_index.h"
#include "cli/show_json.h"
#include "cli/verdict.h"
#include "stepper/stepper.h"

#include <stdio.h>

static void print_attribute(lac_store *store, const char *path, const char *name)
{
    char *value = NULL;
    if (lac_store_read_text(store, path, name, &value) == LAC_OK && value[0] != '\0')
        printf("  %-14s %s\n", name, value);
    lac_free(value);
}

static void print_times(const lac_summary_times *times, const char *what)
{
    if (times->there && times->count == 0)
        printf("  %-14s none\n", what);
    else if (times->there)
        printf("  %-14s %zu, from %g h to %g h (%g d)\n", what, times->count, times->first,
               times->last, times->last / 24);
}

static void print_variables(const lac_summary *summary)
{
    printf("\nLast values (fields: mean, and least to greatest)\n");
    for (size_t k = 0; k < summary->variables; k++) {
        const lac_summary_variable *it = &summary->variable[k];
        printf("  %-28s %12.6g", it->name, it->mean);
        if (it->values > 1)
            printf(" (%.4g to %.4g)", it->least, it->greatest);
        if (it->units)
            printf(" %s", it->units);
        if (it->label)
            printf("  %s", it->label);
        printf("\n");
    }
}

/* One row a variable: the terms of the last frame. */
static void print_ledger(const lac_summary *summary)
{
    if (!summary->names)
        return;
    printf("\nLedger (whole joint)\n  %-28s", "variable");
    for (size_t k = 0; k < LAC_TERMS; k++)
        printf(" %11.11s", k == LAC_TERM_CLOSURE ? "closure" : lac_ledger_terms[k]);
    printf("\n");
    for (size_t row = 0; row < summary->rows; row++) {
        printf("  %-28s", summary->row[row]);
        for (size_t k = 0; k < LAC_TERMS; k++)
            printf(" %11.4g", summary->term[k][row]);
        printf("\n");
    }
}

static void print_provenance(lac_store *store)
{
    if (!lac_store_has(store, "/provenance"))
        return;
    printf("\nProvenance\n");
    for (size_t k = 0; lac_summary_origin[k]; k++)
        print_attribute(store, "/provenance", lac_summary_origin[k]);
}

/* How many steps there were, and why others were refused. */
static void print_steps(lac_store *store)
{
    double steps, refused, count;
    if (lac_store_read_number(store, "/provenance", "steps", &steps) != LAC_OK ||
        lac_store_read_number(store, "/provenance", "refused", &refused) != LAC_OK)
        return;
    printf("  %-14s %.0f, %.0f refused", "steps", steps, refused);
    for (size_t k = 0; k < LAC_REFUSALS; k++) {
        char name[64];
        snprintf(name, sizeof name, "refused_%s", lac_refusal_name[k]);
        if (lac_store_read_number(store, "/provenance", name, &count) == LAC_OK && count > 0)
            printf("; %s %.0f", lac_refusal_words[k], count);
    }
    printf("\n");
}

/* Of a run that started from its own rest. */
static void print_rest(lac_store *store)
{
    double steps, residual;
    if (lac_store_read_number(store, "/provenance", "rest_steps", &steps) != LAC_OK ||
        lac_store_read_number(store, "/provenance", "rest_residual", &residual) != LAC_OK)
        return;
    printf("  %-14s from rest: %.0f pseudo-steps, the last, of a year, %.2g tolerances\n", "start",
           steps, residual);
}

static lac_status print_all(const char *path, lac_store *store, const lac_summary *summary)
{
    lac_status status = LAC_OK;
    printf("%s\n", path);
    for (size_t k = 0; lac_show_heading[k]; k++)
        print_attribute(store, "/", lac_show_heading[k]);
    print_times(&summary->frames, "frames");
    print_times(&summary->field_frames, "field frames");
    if (summary->grid[0] > 0)
        printf("  %-14s %zu x %zu x %zu voxels (x, y, z)\n", "grid", summary->grid[0],
               summary->grid[1], summary->grid[2]);
    print_rest(store);
    print_steps(store);
    print_variables(summary);
    LAC_TRY(lac_verdict_print(store));
    print_ledger(summary);
    print_provenance(store);
out:
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

static lac_status show(const lac_words *words, int argc, char *const *argv)
{
    lac_status status = LAC_OK;
    const char *path = words->operand[0];
    lac_store *store = NULL;
    lac_summary summary = {0};
    (void)argc;
    (void)argv;
    LAC_TRY(lac_store_open(path, false, &store));
    if (lac_store_has(store, "/design")) {
        LAC_TRY(lac_show_index(path, words->json));
        goto out;
    }
    LAC_REQUIRE(lac_store_has(store, "/time"), LAC_NO_INPUT, "%s is no result of lacuna", path);
    LAC_TRY(lac_summary_read(store, &summary));
    LAC_TRY(words->json ? print_json(path, store, &summary) : print_all(path, store, &summary));
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
    .summary = "Tells what a result file holds",
    .details =
        "Scenario, span, frames, the last values with their units, whether observables are in\n"
        "their bands, the ledger and where the file comes from. Of an index of many runs: what\n"
        "became of them, and every endpoint in every arm, with what chance and unknown\n"
        "parameters do to it, and how it differs from the first arm, member by member.\n",
    .run = show};
