/* Bands: between which limits an observable is expected, when, and how far that is a test.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"

#include <math.h>
#include <stdio.h>

static const char *const keys[] = {"observable", "at",   "low",    "high", "change",
                                   "against",    "kind", "source", "note", "label"};
static const char *const kinds[] = {"calibrated", "held_out", "by_construction"};

const char *lac_band_word(lac_band_kind kind)
{
    return kinds[kind];
}

static lac_reading reading_of(lac_loader *loader, size_t species, const char *what)
{
    return (lac_reading){.loader = loader, .domain = LAC_NONE, .species = species, .what = what};
}

/* One time, or [from, until]. */
static lac_status read_span(lac_loader *loader, const lac_yaml *node, const char *name,
                            lac_band *band)
{
    lac_status status = LAC_OK;
    char what[96];
    lac_dimension time = lac_dimension_of(LAC_TIME, 1);
    lac_reading reading = reading_of(loader, LAC_NONE, what);
    snprintf(what, sizeof what, "the time of the band '%.60s'", name);
    if (node->kind == LAC_YAML_SEQUENCE && node->count != 2) {
        lac_report(loader->list, LAC_ERROR, node->place, "%s must be a time or [from, until]",
                   what);
        goto out;
    }
    LAC_TRY(lac_load_constant(&reading, lac_item(node, 0), time, &band->from));
    band->until = band->from;
    if (node->kind == LAC_YAML_SEQUENCE)
        LAC_TRY(lac_load_constant(&reading, lac_item(node, 1), time, &band->until));
    if (band->from < 0 || band->until < band->from)
        lac_report(loader->list, LAC_ERROR, node->place,
                   "%s must be 0 or later, and cannot end before it begins", what);
out:
    return status;
}

static lac_status read_limits(lac_loader *loader, const lac_entry *entry, lac_band *band)
{
    lac_status status = LAC_OK;
    char what[96];
    const lac_observable *observable = &loader->model->observable[band->observable];
    const lac_yaml *low = lac_yaml_get(entry->value, "low");
    const lac_yaml *high = lac_yaml_get(entry->value, "high");
    lac_reading reading = reading_of(loader, observable->species, what);
    snprintf(what, sizeof what, "a limit of the band '%.60s'", entry->key);
    if (!low && !high)
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "the band '%s' needs a limit: low, high or both", entry->key);
    if (!observable->value)
        goto out; /* told already */
    if (low)
        LAC_TRY(lac_load_constant(&reading, low, observable->dimension, &band->low));
    if (high)
        LAC_TRY(lac_load_constant(&reading, high, observable->dimension, &band->high));
    if (band->low > band->high)
        lac_report(loader->list, LAC_ERROR, low->place,
                   "the band '%s' has its low end above its high end", entry->key);
out:
    return status;
}

static lac_status read_words(lac_loader *loader, const lac_entry *entry, lac_band *band)
{
    lac_status status = LAC_OK;
    const lac_yaml *value = entry->value, *kind = lac_yaml_get(value, "kind");
    LAC_TRY(lac_load_copy(loader, value, "label", &band->label));
    LAC_TRY(lac_load_copy(loader, value, "against", &band->against));
    LAC_TRY(lac_load_copy(loader, value, "source", &band->source));
    LAC_TRY(lac_load_copy(loader, value, "note", &band->note));
    band->change = lac_load_flag(loader, value, "change", false);
    if (kind) {
        size_t choice = lac_load_choice(loader, kind, kinds, 3, "kind of band");
        band->kind = choice == LAC_NONE ? LAC_BAND_CALIBRATED : (lac_band_kind)choice;
    } else {
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "the band '%s' needs a kind: calibrated, held_out or by_construction",
                   entry->key);
    }
out:
    return status;
}

static lac_status define(lac_loader *loader, const lac_entry *entry, lac_band *band)
{
    lac_status status = LAC_OK;
    char what[96];
    const lac_yaml *observable, *at;
    snprintf(what, sizeof what, "the band '%.60s'", entry->key);
    if (!lac_is_mapping(loader, entry->value, entry->value->place, what))
        goto out;
    lac_yaml_only(entry->value, keys, sizeof keys / sizeof *keys, "a band", loader->list);
    LAC_TRY(read_words(loader, entry, band));
    observable = lac_yaml_get(entry->value, "observable");
    at = lac_yaml_get(entry->value, "at");
    if (!observable || !at) {
        lac_report(loader->list, LAC_ERROR, entry->place, "%s needs %s", what,
                   observable ? "a time: at" : "an observable");
        goto out;
    }
    band->observable = lac_load_name(loader, observable,
                                     &loader->section[LAC_SECTION_OBSERVABLES].keys, "observable");
    LAC_TRY(read_span(loader, at, entry->key, band));
    if (band->observable != LAC_NONE)
        LAC_TRY(read_limits(loader, entry, band));
out:
    return status;
}

lac_status lac_define_bands(lac_loader *loader)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    const lac_section *section = &loader->section[LAC_SECTION_BANDS];
    LAC_NEW(model->band, section->count);
    for (size_t each = 0; each < section->count; each++) {
        lac_band *band = &model->band[each];
        model->bands++;
        band->place = section->entry[each].place;
        band->observable = LAC_NONE;
        band->low = -INFINITY;
        band->high = INFINITY;
        LAC_OWN(band->id, lac_copy_text(section->entry[each].key));
        LAC_TRY(define(loader, &section->entry[each], band));
    }
out:
    return status;
}
