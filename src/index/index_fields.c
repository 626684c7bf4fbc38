/* Fields of an index: views over the members' own files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "index/index_internal.h"
#include "observe/observers.h"

#include <string.h>

static const char *const place_paths[3] = {LAC_AT_Z, LAC_AT_Y, LAC_AT_X};
enum { Z_AXIS = 0 };
static const char *const place_words[3] = {"depth of voxel centres below the surface",
                                           "y of voxel centres", "x of voxel centres"};

/* The plan's word for its fields, as members get it: "none", "all", or names with commas or blanks
 * between them. */
static bool is_kept(const char *said, const char *name)
{
    size_t length = strlen(name);
    if (strcmp(said, "all") == 0)
        return true;
    for (said += strspn(said, " ,"); *said; said += strspn(said, " ,")) {
        size_t bytes = strcspn(said, " ,");
        if (bytes == length && strncmp(said, name, length) == 0)
            return true;
        said += bytes;
    }
    return false;
}

lac_status lac_index_create_fields(lac_index *index)
{
    lac_status status = LAC_OK;
    const lac_plan *plan = index->samples->plan;
    const lac_model *model = plan->model;
    double every = model->settings.save_fields_every;
    LAC_NEW(index->field, model->fields);
    LAC_NEW(index->field_frames, index->samples->members);
    for (size_t variable = 0; plan->fields && variable < model->fields; variable++)
        if (is_kept(plan->fields, model->variable[variable].name))
            index->field[index->fields++] = variable;
    index->own_times = every > 0 && every != model->settings.save_every;
out:
    return status;
}

void lac_index_field_path(const lac_index *index, size_t field, const char *group, lac_text *path)
{
    lac_text_add(path, "%s", group);
    lac_variable_path(index->samples->plan->model, index->field[field], path);
}

const lac_index_axis *lac_index_field_axis(const lac_index *index)
{
    return index->own_times ? &index->field_time : &index->time;
}

/* --- reading a member --- */

static lac_status read_layers(lac_store *store, lac_index_content *content)
{
    lac_status status = LAC_OK;
    size_t rank, length[8] = {0};
    LAC_TRY(lac_store_read(store, LAC_AT_Z "_bounds", &content->bounds, &rank, length));
    LAC_REQUIRE(rank == 2 && length[0] == content->length[Z_AXIS] && length[1] == 2, LAC_NO_INPUT,
                "z_bounds are not those of its layers");
    LAC_TRY(lac_store_read(store, LAC_AT_Z "_volume", &content->volume, &rank, length));
    LAC_REQUIRE(rank == 1 && length[0] == content->length[Z_AXIS], LAC_NO_INPUT,
                "z_volume is not that of its layers");
out:
    return status;
}

static lac_status read_places(lac_store *store, lac_index_content *content)
{
    lac_status status = LAC_OK;
    for (size_t axis = 0; axis < 3; axis++) {
        size_t rank, length[8] = {0};
        LAC_TRY(lac_store_read(store, place_paths[axis], &content->place[axis], &rank, length));
        LAC_REQUIRE(rank == 1, LAC_NO_INPUT, "%s is not an axis", place_paths[axis]);
        content->length[axis] = length[0];
        content->spacing[axis] = NAN; /* layers that differ have bounds instead */
        if (axis == Z_AXIS && lac_store_has(store, LAC_AT_Z "_bounds"))
            LAC_TRY(read_layers(store, content));
        else
            LAC_TRY(lac_store_read_number(store, place_paths[axis], "spacing",
                                          &content->spacing[axis]));
    }
out:
    return status;
}

/* Every frame is read once: a damaged chunk makes the member a bad one, not the index. */
static lac_status read_field(lac_index *index, lac_store *store, size_t field,
                             const lac_index_content *content)
{
    lac_status status = LAC_OK;
    const size_t *n = index->length[0] ? index->length : content->length;
    size_t rank, length[8] = {0}, voxels = n[0] * n[1] * n[2];
    lac_text path = {0};
    lac_index_field_path(index, field, "", &path);
    LAC_TRY(path.failed);
    LAC_TRY(lac_store_shape(store, path.bytes, &rank, length));
    LAC_REQUIRE(rank == 4 && memcmp(length + 1, n, 3 * sizeof *n) == 0, LAC_NO_INPUT,
                "%s has other voxels than the fields of the members before it", path.bytes + 1);
    for (size_t frame = 0; frame < content->field_frames; frame++) {
        lac_store_box box = {{frame}, {1, n[0], n[1], n[2]}};
        size_t slab = content->held ? field * content->field_frames + frame : 0;
        LAC_TRY(lac_store_read_box(store, path.bytes, &box, index->scratch + slab * voxels));
    }
out:
    lac_text_free(&path);
    return status;
}

/* Room for a frame, or for all that a member has. */
static lac_status make_scratch(lac_index *index, lac_index_content *content)
{
    lac_status status = LAC_OK;
    const size_t *n = index->length[0] ? index->length : content->length;
    size_t values = n[0] * n[1] * n[2];
    LAC_REQUIRE(values > 0, LAC_NO_INPUT, "its fields have no voxels");
    content->held = lac_index_holds(index, values, content->field_frames);
    if (content->held)
        values *= index->fields * content->field_frames;
    if (values <= index->scratch_values)
        goto out;
    lac_free(index->scratch);
    index->scratch_values = 0;
    LAC_NEW(index->scratch, values);
    index->scratch_values = values;
out:
    return status;
}

lac_status lac_index_check_fields(lac_index *index, lac_store *store, lac_index_content *content)
{
    lac_status status = LAC_OK;
    if (index->fields == 0)
        return status;
    if (!index->length[0])
        LAC_TRY(read_places(store, content));
    LAC_TRY(make_scratch(index, content));
    for (size_t field = 0; field < index->fields; field++)
        LAC_TRY(read_field(index, store, field, content));
out:
    return status;
}

/* --- taking it in ------- */

/* As in a result. */
static lac_status write_layers(lac_index *index, const lac_index_content *content)
{
    return lac_layers_write(
        index->store, LAC_AT_Z,
        &(lac_layers_about){content->length[Z_AXIS], content->bounds, content->volume});
}

lac_status lac_index_take_fields(lac_index *index, size_t member, const lac_index_content *content)
{
    lac_status status = LAC_OK;
    if (index->fields == 0)
        return status;
    index->field_frames[member] = content->field_frames;
    if (index->own_times)
        LAC_TRY(lac_index_extend_axis(index, &index->field_time, member, content->field_time,
                                      content->field_frames));
    for (size_t axis = 0; axis < 3 && content->length[0]; axis++) {
        LAC_TRY(lac_store_dimension(index->store, place_paths[axis], content->length[axis],
                                    content->place[axis], "um", place_words[axis]));
        if (axis == Z_AXIS && content->bounds)
            LAC_TRY(write_layers(index, content));
        if (!isnan(content->spacing[axis])) /* layers may differ */
            LAC_TRY(lac_store_number_attribute(index->store, place_paths[axis], "spacing",
                                               content->spacing[axis]));
        index->length[axis] = content->length[axis];
    }
    LAC_TRY(lac_index_sum_fields(index, content));
out:
    return status;
}

/* --- views -------------- */

/* The files of the members that are done, with as many records as they have frames. */
static void list_sources(const lac_index *index, lac_store_source *source, size_t *sources)
{
    for (size_t member = 0; member < index->samples->members; member++) {
        if ((lac_member_status)index->column[LAC_COLUMN_STATUS][member] != LAC_DONE)
            continue;
        source[(*sources)++] = (lac_store_source){lac_index_word_of(index, LAC_WORD_FILE, member),
                                                  member, index->field_frames[member]};
    }
}

static lac_status write_view(lac_index *index, size_t field, const lac_store_source *source,
                             size_t sources)
{
    lac_status status = LAC_OK;
    const lac_model *model = index->samples->plan->model;
    const lac_display *display = &model->variable[index->field[field]].display;
    const char *dimensions[] = {LAC_AT_MEMBER, lac_index_field_axis(index)->path, LAC_AT_Z,
                                LAC_AT_Y, LAC_AT_X};
    lac_text from = {0}, path = {0}, words = {0};
    lac_index_field_path(index, field, "", &from);
    lac_index_field_path(index, field, LAC_AT_FIELDS, &path);
    lac_variable_words(model, index->field[field], &words);
    LAC_TRY(from.failed);
    LAC_TRY(path.failed);
    LAC_TRY(words.failed);
    LAC_TRY(lac_store_view(index->store, path.bytes,
                           &(lac_store_view_about){.dimensions = dimensions,
                                                   .count = 5,
                                                   .units = display->cf,
                                                   .long_name = words.bytes,
                                                   .source_path = from.bytes,
                                                   .source = source,
                                                   .sources = sources}));
    if (display->unit[0])
        LAC_TRY(lac_store_text_attribute(index->store, path.bytes, "unit_label", display->unit));
out:
    lac_text_free(&from);
    lac_text_free(&path);
    lac_text_free(&words);
    return status;
}

lac_status lac_index_write_views(lac_index *index)
{
    lac_status status = LAC_OK;
    size_t sources = 0;
    lac_store_source *source = NULL;
    if (!index->length[0])
        return status; /* no fields, or no member that has them */
    LAC_NEW(source, index->samples->members);
    list_sources(index, source, &sources);
    LAC_TRY(lac_store_group(index->store, LAC_AT_FIELDS));
    for (size_t field = 0; field < index->fields; field++)
        LAC_TRY(write_view(index, field, source, sources));
out:
    lac_free(source);
    return status;
}
