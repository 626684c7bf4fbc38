/* Saved fields: which variables of the tissue a result holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "loading/loader.h"

#include <stdio.h>
#include <string.h>

bool lac_model_saves_field(const lac_model *model, size_t field)
{
    const char *said = model->settings.save_fields, *name = model->variable[field].name;
    size_t length = strlen(name);
    if (strcmp(said, "none") == 0)
        return false;
    if (strcmp(said, "all") == 0 || *said == '\0') /* a model made without text */
        return true;
    for (const char *word = said; *word; word += strspn(word, " ")) {
        size_t bytes = strcspn(word, " ");
        if (bytes == length && strncmp(word, name, length) == 0)
            return true;
        word += bytes;
    }
    return false;
}

/* The field that a word means: as in a result, as in expressions, or by its species. */
static size_t find_field(const lac_model *model, const char *word)
{
    for (size_t field = 0; field < model->fields; field++) {
        const lac_variable *variable = &model->variable[field];
        if (strcmp(variable->name, word) == 0 || strcmp(variable->path, word) == 0 ||
            strcmp(model->species[variable->species].id, word) == 0)
            return field;
    }
    return LAC_NONE;
}

static lac_status report_unknown(lac_loader *loader, const char *word, lac_place place)
{
    lac_status status = LAC_OK;
    const lac_model *model = loader->model;
    const char **names = NULL;
    LAC_NEW(names, 2 * model->fields);
    for (size_t field = 0; field < model->fields; field++) {
        names[2 * field] = model->variable[field].name;
        names[2 * field + 1] = model->species[model->variable[field].species].id;
    }
    const char *nearest = lac_nearest(names, 2 * model->fields, word);
    lac_report(loader->list, LAC_ERROR, place, "save.fields: '%.60s' is not a field%s%s%s", word,
               nearest         ? ": did you mean '"
               : model->fields ? ""
                               : "; the model has none",
               nearest ? nearest : "", nearest ? "'?" : "");
out:
    lac_free(names);
    return status;
}

/* Marks what the words of one text name; `words` is cut apart. */
static lac_status take_words(lac_loader *loader, char *words, lac_place place, bool *saved)
{
    lac_status status = LAC_OK;
    char *rest = NULL;
    for (char *word = strtok_r(words, " ,\t\r\n", &rest); word;
         word = strtok_r(NULL, " ,\t\r\n", &rest)) {
        size_t field = find_field(loader->model, word);
        if (field != LAC_NONE)
            saved[field] = true;
        else if (strcmp(word, "all") == 0 || strcmp(word, "none") == 0)
            lac_report(loader->list, LAC_ERROR, place,
                       "save.fields: '%s' stands alone, not among names", word);
        else
            LAC_TRY(report_unknown(loader, word, place));
    }
out:
    return status;
}

static lac_status take_items(lac_loader *loader, bool *saved)
{
    lac_status status = LAC_OK;
    const lac_yaml *node = loader->saved_fields;
    char *words = NULL;
    for (size_t item = 0; item < lac_items(node); item++) {
        const lac_yaml *word = lac_item(node, item);
        lac_free(words);
        LAC_OWN(words, lac_copy_text(word->scalar));
        LAC_TRY(take_words(loader, words, word->place, saved));
    }
out:
    lac_free(words);
    return status;
}

/* One text for one selection: names in the model's order, and "all" when none is left out. */
static lac_status write_selection(const lac_model *model, const bool *saved, char *said)
{
    lac_status status = LAC_OK;
    size_t count = 0;
    lac_text text = {0};
    for (size_t field = 0; field < model->fields; field++)
        if (saved[field])
            lac_text_add(&text, "%s%s", count++ > 0 ? " " : "", model->variable[field].name);
    LAC_TRY(text.failed);
    LAC_REQUIRE(text.length < LAC_SETTING_TEXT_BYTES, LAC_INPUT,
                "save.fields is longer than %d bytes", LAC_SETTING_TEXT_BYTES - 1);
    snprintf(said, LAC_SETTING_TEXT_BYTES, "%s",
             count == model->fields ? "all" : lac_text_of(&text));
out:
    lac_text_free(&text);
    return status;
}

lac_status lac_define_saved_fields(lac_loader *loader)
{
    lac_status status = LAC_OK;
    char *said = loader->model->settings.save_fields;
    size_t errors = loader->list->errors;
    bool *saved = NULL;
    if (!loader->saved_fields || strcmp(said, "all") == 0 || strcmp(said, "none") == 0)
        return LAC_OK;
    LAC_NEW(saved, loader->model->fields);
    LAC_TRY(take_items(loader, saved));
    if (loader->list->errors > errors)
        goto out;
    status = write_selection(loader->model, saved, said);
    if (status == LAC_INPUT) {
        lac_report(loader->list, LAC_ERROR, loader->saved_fields->place, "%s", lac_failure());
        status = LAC_OK;
    }
out:
    lac_free(saved);
    return status;
}

lac_status lac_check_held(lac_loader *loader)
{
    lac_status status = LAC_OK;
    bool *held = NULL;
    if (!loader->held || loader->list->errors > 0)
        return LAC_OK;
    LAC_NEW(held, loader->model->variables);
    status = lac_model_held(loader->model, held);
    if (status == LAC_INPUT) {
        lac_report(loader->list, LAC_ERROR, loader->held->place, "%s", lac_failure());
        status = LAC_OK;
    }
out:
    lac_free(held);
    return status;
}
