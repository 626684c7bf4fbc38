/* Provenance: where a result comes from: root attributes, and the group /provenance with all that
 * is needed to run it again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "model/write.h"
#include "observe/observers.h"

#include <string.h>

#define GROUP LAC_AT_PROVENANCE
#define NOTICE "research use only, not medical advice"

enum { LONGEST_HISTORY = 32000 }; /* [bytes]; an attribute holds 64 KiB */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static lac_origin origin_of(const lac_view *view)
{
    lac_origin origin = {0};
    if (view->origin)
        origin = *view->origin;
    return (lac_origin){or_empty(origin.command), or_empty(origin.host), or_empty(origin.created),
                        origin.note};
}

/* "DATE: COMMAND (lacuna VERSION on HOST)" as one line more. */
static void add_event(lac_text *history, const lac_origin *origin)
{
    if (history->length)
        lac_text_add(history, "\n");
    lac_text_add(history, "%s: %s (%s %s on %s)", origin->created, origin->command, PACKAGE_NAME,
                 PACKAGE_VERSION, origin->host);
}

/* What is the same for every run of one scenario: who ran it when is in the group alone, so that
 * results can be compared without it. */
static lac_status root_attributes(const lac_view *view, lac_store *store)
{
    lac_status status = LAC_OK;
    const lac_model *model = view->model;
    LAC_TRY(lac_store_text_attribute(store, "/", "Conventions", "CF-1.10"));
    LAC_TRY(lac_store_text_attribute(store, "/", "title", or_empty(model->title)));
    LAC_TRY(lac_store_text_attribute(store, "/", "scenario", or_empty(model->scenario)));
    LAC_TRY(lac_store_text_attribute(store, "/", "source", PACKAGE_NAME " " PACKAGE_VERSION));
    if (model->clinical)
        LAC_TRY(lac_store_text_attribute(store, "/", LAC_KEY_NOTICE, NOTICE));
out:
    return status;
}

static lac_status how_it_was_made(const lac_view *view, lac_store *store)
{
    lac_status status = LAC_OK;
    lac_origin origin = origin_of(view);
    const struct {
        const char *name, *value;
    } row[] = {
        {"version", PACKAGE_VERSION},
        {"build_options", LAC_BUILD_OPTIONS},
        {"compiler", LAC_BUILD_COMPILER},
        {"hdf5_version", lac_store_library()},
        {"host", origin.host},
        {"command_line", origin.command},
        {LAC_KEY_CREATED, origin.created},
        {"resumptions", ""},
    };
    for (size_t index = 0; index < sizeof row / sizeof row[0]; index++)
        LAC_TRY(lac_store_text_attribute(store, GROUP, row[index].name, row[index].value));
    if (origin.note)
        LAC_TRY(lac_store_text_attribute(store, GROUP, LAC_KEY_NOTE, origin.note));
    LAC_TRY(lac_store_number_attribute(store, GROUP, "seed", view->model->settings.seed));
    LAC_TRY(lac_store_number_attribute(store, GROUP, "voxel_stands_for_um3", view->weight));
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_SCALE, lac_model_scale(view->model)));
out:
    return status;
}

/* Every row of the settings' table, "setting_save_every" and so on; times in seconds. */
static lac_status settings(const lac_settings *values, lac_store *store)
{
    lac_status status = LAC_OK;
    size_t rows = 0;
    const lac_setting *table = lac_setting_table(&rows);
    lac_text name = {0};
    for (size_t row = 0; row < rows; row++) {
        const char *field = (const char *)values + table[row].offset;
        lac_text_free(&name);
        lac_text_add(&name, "setting_%s", table[row].key);
        LAC_TRY(name.failed);
        for (char *byte = name.bytes; *byte; byte++)
            if (*byte == '.')
                *byte = '_';
        double number = 0;
        if (table[row].type == LAC_SETTING_NUMBER)
            memcpy(&number, field, sizeof number);
        LAC_TRY(table[row].type == LAC_SETTING_NUMBER
                    ? lac_store_number_attribute(store, GROUP, name.bytes, number)
                    : lac_store_text_attribute(store, GROUP, name.bytes, field));
    }
out:
    lac_text_free(&name);
    return status;
}

static lac_status resolved_model(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    const char *whole;
    lac_model_write(model, &text);
    LAC_TRY(text.failed);
    whole = lac_text_of(&text);
    LAC_TRY(lac_store_texts(store, GROUP "/model", NULL, &whole, 1));
out:
    lac_text_free(&text);
    return status;
}

static lac_status source_texts(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    const char **path = NULL, **text = NULL;
    LAC_NEW(path, model->sources);
    LAC_NEW(text, model->sources);
    for (size_t source = 0; source < model->sources; source++) {
        path[source] = or_empty(model->source[source]->path);
        text[source] = or_empty(model->source[source]->bytes);
    }
    if (model->sources) {
        LAC_TRY(lac_store_texts(store, GROUP "/source", GROUP "/source", path, model->sources));
        LAC_TRY(
            lac_store_texts(store, GROUP "/source_text", GROUP "/source", text, model->sources));
    }
out:
    lac_free(path);
    lac_free(text);
    return status;
}

/* One line more; a history that grows too long loses its oldest lines. */
static lac_status add_resumption(const lac_view *view, lac_store *store)
{
    lac_status status = LAC_OK;
    char *old = NULL;
    lac_text history = {0};
    lac_origin origin = origin_of(view);
    LAC_TRY(lac_store_read_text(store, GROUP, "resumptions", &old));
    lac_text_add(&history, "%s", old);
    add_event(&history, &origin);
    LAC_TRY(history.failed);
    const char *kept = history.bytes;
    while (strlen(kept) > LONGEST_HISTORY && strchr(kept, '\n'))
        kept = strchr(kept, '\n') + 1;
    LAC_TRY(lac_store_text_attribute(store, GROUP, "resumptions", kept));
    /* The end may be another than that of the run before. */
    LAC_TRY(lac_store_number_attribute(store, GROUP, LAC_KEY_UNTIL, view->model->settings.until));
out:
    lac_free(old);
    lac_text_free(&history);
    return status;
}

lac_status lac_provenance_texts(const lac_model *model, lac_store *store)
{
    lac_status status = LAC_OK;
    LAC_TRY(resolved_model(model, store));
    LAC_TRY(source_texts(model, store));
out:
    return status;
}

static lac_status create(const lac_view *view, lac_store *store, bool resumed, void **self)
{
    lac_status status = LAC_OK;
    *self = NULL;
    if (resumed)
        return add_resumption(view, store);
    LAC_TRY(root_attributes(view, store));
    LAC_TRY(lac_store_group(store, GROUP));
    LAC_TRY(how_it_was_made(view, store));
    LAC_TRY(settings(&view->model->settings, store));
    LAC_TRY(lac_provenance_texts(view->model, store));
out:
    return status;
}

static void release(void *self)
{
    (void)self;
}

const lac_observer_type lac_observe_provenance = {
    .name = "provenance",
    .summary = "the model, its sources, settings, program and machine",
    .create = create,
    .record = lac_observe_no_record,
    .blocks = lac_observe_no_blocks,
    .free = release,
};
