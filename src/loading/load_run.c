/* Run: settings, and the values that scenarios and the command line put in place of others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/loader.h"
#include "model/save_times.h"

#include <stdio.h>
#include <string.h>

enum { KEY_BYTES = 128 };

/* --- settings ------------------------------------------------------------------------------------
 */

/* A sequence of words is as good as their text. */
static bool join_items(lac_loader *loader, const lac_yaml *node, const char *key, lac_text *text)
{
    bool good = true;
    for (size_t item = 0; item < lac_items(node); item++) {
        const lac_yaml *word = lac_item(node, item);
        if (lac_is_scalar(loader, word, word->place, key))
            lac_text_add(text, "%s ", word->scalar);
        else
            good = false;
    }
    if (good && lac_items(node) == 0)
        lac_report(loader->list, LAC_ERROR, node->place, "%s is empty", key);
    return good && lac_items(node) > 0;
}

static void report_setting(lac_loader *loader, const lac_yaml *value, lac_place key_place)
{
    bool unknown = strncmp(lac_failure(), "unknown", 7) == 0;
    lac_report(loader->list, LAC_ERROR, unknown ? key_place : value->place, "%s", lac_failure());
}

static lac_status check_times(const lac_settings *settings)
{
    double *time;
    size_t count;
    lac_status status = lac_save_times(settings, &time, &count);
    lac_free(time);
    return status;
}

static lac_status set_one(lac_loader *loader, const char *key, const lac_yaml *value,
                          lac_place key_place)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    bool fields = strcmp(key, "save.fields") == 0, held = strcmp(key, "held") == 0;
    bool times = strcmp(key, "save.at") == 0;
    if ((fields || held || times) && value->kind == LAC_YAML_SEQUENCE) {
        if (!join_items(loader, value, key, &text))
            goto out;
    } else {
        if (!lac_is_scalar(loader, value, key_place, key))
            goto out;
        lac_text_add(&text, "%s", value->scalar);
    }
    LAC_TRY(text.failed);
    if (fields)
        loader->saved_fields = value;
    if (held)
        loader->held = value;
    status = lac_settings_set(&loader->model->settings, key, lac_text_of(&text));
    if (status == LAC_OK && times)
        status = check_times(&loader->model->settings);
    if (status != LAC_OK && status != LAC_MEMORY) {
        report_setting(loader, value, key_place);
        status = LAC_OK;
    }
out:
    lac_text_free(&text);
    return status;
}

/* Keys of nested mappings are joined by '.'. */
static lac_status set_all(lac_loader *loader, const lac_yaml *node, const char *prefix)
{
    lac_status status = LAC_OK;
    for (size_t item = 0; item < node->count; item++) {
        char key[KEY_BYTES];
        snprintf(key, sizeof key, "%s%.60s", prefix, node->key[item]);
        if (node->item[item]->kind == LAC_YAML_MAPPING && !*prefix) {
            snprintf(key, sizeof key, "%.60s.", node->key[item]);
            LAC_TRY(set_all(loader, node->item[item], key));
        } else {
            LAC_TRY(set_one(loader, key, node->item[item], node->key_place[item]));
        }
    }
out:
    return status;
}

static lac_place run_place(const lac_loader *loader)
{
    for (size_t each = loader->layers; each-- > 0;) {
        const lac_yaml *node = lac_yaml_get(loader->layer[each].root, "run");
        if (node)
            return node->place;
    }
    return loader->layer[loader->layers - 1].root->place;
}

static void finish_settings(lac_loader *loader)
{
    enum { MOST_FRAMES = 10000000 };
    lac_settings *settings = &loader->model->settings;
    if (!(settings->until > 0)) {
        lac_report(loader->list, LAC_ERROR, run_place(loader),
                   "a run needs its end: run: {until: ...}");
        return;
    }
    if (settings->save_every == 0)
        settings->save_every = settings->until / 100;
    if (settings->until / settings->save_every > MOST_FRAMES)
        lac_report(loader->list, LAC_ERROR, run_place(loader),
                   "saving every %g s until %g s makes more than %d frames", settings->save_every,
                   settings->until, MOST_FRAMES);
}

/* Where the name of an override stands. */
static lac_place name_place(const lac_loader *loader, const lac_override *overrides, size_t each)
{
    lac_place place = loader->override[each].place;
    place.column = 1;
    place.width = strlen(overrides[each].name);
    return loader->override_places ? loader->override_places[each].name : place;
}

lac_status lac_define_settings(lac_loader *loader, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    lac_settings_default(&loader->model->settings);
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *node = lac_yaml_get(loader->layer[each].root, "run");
        if (node && lac_is_mapping(loader, node, node->place, "run"))
            LAC_TRY(set_all(loader, node, ""));
    }
    for (size_t each = 0; each < count; each++) {
        if (strncmp(overrides[each].name, "run.", 4) == 0)
            LAC_TRY(set_one(loader, overrides[each].name + 4, &loader->override[each],
                            name_place(loader, overrides, each)));
    }
    finish_settings(loader);
out:
    return status;
}

/* --- values of parameters
 * ---------------------------------------------------------------------------- */

/* A text "NAME=VALUE" a line, so that errors in it have a place. */
static lac_status add_source(lac_loader *loader, const lac_override *overrides, size_t count,
                             const lac_source **source)
{
    lac_status status = LAC_OK;
    lac_model *model = loader->model;
    lac_text text = {0};
    lac_source *fresh = NULL;
    for (size_t each = 0; each < count; each++)
        lac_text_add(&text, "%s=%s\n", overrides[each].name, overrides[each].value);
    LAC_TRY(text.failed);
    LAC_GROW(model->source, model->sources, loader->source_capacity);
    LAC_NEW(fresh, 1);
    model->source[model->sources++] = fresh;
    LAC_OWN(fresh->path, lac_copy_text("--set"));
    LAC_OWN(fresh->bytes, lac_copy_text(lac_text_of(&text)));
    fresh->length = text.length;
    *source = fresh;
out:
    lac_text_free(&text);
    return status;
}

static lac_status make_overrides(lac_loader *loader, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    const lac_source *source;
    LAC_NEW(loader->override, count);
    LAC_TRY(add_source(loader, overrides, count, &source));
    for (size_t each = 0; each < count; each++) {
        lac_yaml *node = &loader->override[each];
        loader->overrides = each + 1;
        node->kind = LAC_YAML_SCALAR;
        node->place = loader->override_places
                          ? loader->override_places[each].value
                          : (lac_place){source, each + 1, strlen(overrides[each].name) + 2, 1};
        LAC_OWN(node->scalar, lac_copy_text(overrides[each].value));
    }
out:
    return status;
}

static void override_one(lac_loader *loader, const char *name, const lac_yaml *value,
                         lac_place place)
{
    const lac_names *names = &loader->section[LAC_SECTION_PARAMETERS].keys;
    size_t index = lac_names_find(names, name);
    if (index != LAC_NONE) {
        loader->parameter_override[index] = value;
        return;
    }
    lac_report_stranger(loader, place, name, 1u << LAC_WORD_PARAMETER, "parameter");
}

lac_status lac_apply_overrides(lac_loader *loader, const lac_override *overrides, size_t count)
{
    lac_status status = LAC_OK;
    for (size_t each = 0; each < loader->layers; each++) {
        const lac_yaml *node = lac_yaml_get(loader->layer[each].root, "set");
        if (!node || !lac_is_mapping(loader, node, node->place, "set"))
            continue;
        for (size_t item = 0; item < node->count; item++)
            override_one(loader, node->key[item], node->item[item], node->key_place[item]);
    }
    if (count > 0)
        LAC_TRY(make_overrides(loader, overrides, count));
    for (size_t each = 0; each < count; each++) {
        if (strncmp(overrides[each].name, "run.", 4) != 0)
            override_one(loader, overrides[each].name, &loader->override[each],
                         name_place(loader, overrides, each));
    }
out:
    return status;
}
