/* Laws at boundary faces. What a law looks at is gathered face by face into a small grid of its
 * own, at the points where it is taken (tissue/boundary_face.h): coordinates of the point, regions
 * of the voxel behind the boundary face, the state of that voxel and, as a second half, of the next
 * one inward. A law is never asked about a state that stands nowhere; its two answers are
 * extrapolated.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "tissue/boundary_face.h"
#include "transport/law.h"

#include <string.h>

enum { FACES_AT_ONCE = LAC_BLOCK / 2 };

struct lac_law_points {
    size_t regions;
    lac_layout layout;
    double *value;          /* owned [layout.length] */
    double *position[3];    /* owned [LAC_BLOCK] */
    double **region;        /* owned [regions][LAC_BLOCK], NULL = not looked at so far */
    double *answer, *slope; /* owned [LAC_BLOCK]: of a law, of its rate */
};

lac_status lac_law_points_create(const lac_model *model, const lac_layout *layout,
                                 lac_law_points **points)
{
    lac_status status = LAC_OK;
    lac_law_points *s = NULL;
    LAC_NEW(s, 1);
    s->regions = model->regions;
    s->layout = (lac_layout){
        .tracts = 1,
        .tract = {{.fields = layout->fields, .voxels = LAC_BLOCK, .stride = LAC_BLOCK}},
        .fields = layout->fields,
        .pools = layout->pools,
        .pools_at = layout->fields * LAC_BLOCK,
        .widest = LAC_BLOCK,
        .length = layout->fields * LAC_BLOCK + layout->pools};
    LAC_NEW(s->value, s->layout.length);
    LAC_NEW(s->region, model->regions);
    for (size_t region = 0; region < model->regions; region++)
        LAC_NEW(s->region[region], LAC_BLOCK);
    for (int axis = 0; axis < 3; axis++)
        LAC_NEW(s->position[axis], LAC_BLOCK);
    LAC_NEW(s->answer, LAC_BLOCK);
    LAC_NEW(s->slope, LAC_BLOCK);
    *points = s;
    s = NULL;
out:
    lac_law_points_free(s);
    return status;
}

void lac_law_points_free(lac_law_points *points)
{
    if (!points)
        return;
    for (size_t region = 0; points->region && region < points->regions; region++)
        lac_free(points->region[region]);
    for (int axis = 0; axis < 3; axis++)
        lac_free(points->position[axis]);
    lac_free(points->region);
    lac_free(points->value);
    lac_free(points->answer);
    lac_free(points->slope);
    lac_free(points);
}

/* What one law is asked about some boundary faces, at most FACES_AT_ONCE. */
typedef struct question {
    const lac_law *law;
    lac_law_place place;
    const lac_frame *frame; /* of the whole grid */
    lac_boundary_face_set faces;
} question;

static void gather_points(const question *q)
{
    lac_law_points *points = q->place.points;
    for (size_t k = 0; k < q->faces.count; k++) {
        double point[3];
        lac_boundary_face_point(q->place.grid, &q->faces.face[k], q->faces.share, point);
        for (int axis = 0; axis < 3; axis++)
            points->position[axis][k] = points->position[axis][q->faces.count + k] = point[axis];
    }
}

static void gather_field(const question *q, size_t field)
{
    double *to = q->place.points->value + field * LAC_BLOCK;
    const double *from = q->frame->value + lac_layout_at(q->frame->layout, field);
    for (size_t k = 0; k < q->faces.count; k++) {
        to[k] = from[q->faces.face[k].voxel];
        to[q->faces.count + k] = from[q->faces.face[k].inward];
    }
}

static void gather_region(const question *q, size_t region)
{
    double *to = q->place.points->region[region];
    for (size_t k = 0; k < q->faces.count; k++)
        to[k] = to[q->faces.count + k] = q->frame->region[region][q->faces.face[k].voxel];
}

static lac_frame gather(const question *q)
{
    lac_law_points *points = q->place.points;
    const lac_layout *from = q->frame->layout;
    lac_frame frame = *q->frame;
    for (size_t k = 0; k < q->law->symbols; k++) {
        lac_symbol symbol = q->law->symbol[k];
        if (symbol.kind == LAC_SYMBOL_VARIABLE)
            gather_field(q, symbol.index);
        else if (symbol.kind == LAC_SYMBOL_REGION)
            gather_region(q, symbol.index);
        else
            gather_points(q);
    }
    if (q->frame->value)
        memcpy(points->value + points->layout.pools_at, q->frame->value + from->pools_at,
               from->pools * sizeof(double));
    frame.layout = &points->layout;
    frame.tissue = 0;
    frame.value = points->value;
    for (int axis = 0; axis < 3; axis++)
        frame.position[axis] = points->position[axis];
    frame.region = (const double *const *)points->region;
    frame.active = NULL;
    return frame;
}

/* Both halves, where the law looks at the state. */
static void ask(const question *q, const lac_program *program, const lac_frame *frame, double *out)
{
    size_t halves = q->law->on_state ? 2 : 1;
    lac_program_uniform(program, frame, q->place.uniform);
    lac_program_block(program, frame, q->place.uniform, 0, halves * q->faces.count, q->place.block,
                      (double *const[]){out});
}

static double reach_of(const question *q, size_t face)
{
    return lac_boundary_face_reach(q->place.grid, &q->faces.face[face], q->faces.share);
}

static void answer_values(const question *q, double *values)
{
    const double *answer = q->place.points->answer;
    for (size_t k = 0; k < q->faces.count; k++)
        values[k] = q->law->on_state ? lac_boundary_face_extrapolate(
                                           answer[k], answer[q->faces.count + k], reach_of(q, k))
                                     : answer[k];
}

static void answer_rates(const question *q, double *rates)
{
    const double *answer = q->place.points->answer, *slope = q->place.points->slope;
    for (size_t k = 0; k < q->faces.count; k++) {
        size_t second = q->faces.count + k;
        rates[k] = q->law->on_state
                       ? lac_boundary_face_extrapolate_rate((double[2]){answer[k], answer[second]},
                                                            (double[2]){slope[k], slope[second]},
                                                            reach_of(q, k))
                       : slope[k];
    }
}

static void answer(const question *q, double *values, double *rates)
{
    lac_frame frame = gather(q);
    ask(q, q->law->program, &frame, q->place.points->answer);
    answer_values(q, values);
    if (!rates)
        return;
    memset(rates, 0, q->faces.count * sizeof *rates);
    if (!q->law->rate)
        return;
    ask(q, q->law->rate, &frame, q->place.points->slope);
    answer_rates(q, rates);
}

static void fill(double *values, double value, size_t count)
{
    for (size_t k = 0; k < count; k++)
        values[k] = value;
}

static void answer_uniform(const lac_law *law, lac_law_place place, const lac_frame *frame,
                           size_t count, double *values, double *rates)
{
    double value = 0;
    lac_program_scalars(law->program, frame, place.uniform, &value);
    fill(values, value, count);
    value = 0;
    if (rates && law->rate)
        lac_program_scalars(law->rate, frame, place.uniform, &value);
    if (rates)
        fill(rates, value, count);
}

void lac_law_at_boundary_faces(const lac_law *law, lac_law_place place, const lac_frame *frame,
                               const lac_boundary_face_set *faces, double *values, double *rates)
{
    if (law->variation == LAC_UNIFORM) {
        answer_uniform(law, place, frame, faces->count, values, rates);
        return;
    }
    for (size_t first = 0; first < faces->count; first += FACES_AT_ONCE) {
        size_t left = faces->count - first;
        question q = {
            law,
            place,
            frame,
            {faces->face + first, left < FACES_AT_ONCE ? left : FACES_AT_ONCE, faces->share}};
        answer(&q, values + first, rates ? rates + first : NULL);
    }
}
