/* What the files of a description share: cells of tables, and its sections.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_DESCRIBE_INTERNAL_H
#define LAC_MODEL_DESCRIBE_INTERNAL_H

#include "model/model.h"

void lac_cell_heading(const char *heading, size_t count, lac_text *text);
void lac_cell_expression(const lac_model *model, const lac_expression *tree, lac_text *text);
/* "" for what has no dimension. */
const char *lac_cell_unit(const lac_display *display);
/* In the unit that its dimension is shown in. */
void lac_cell_quantity(double value, lac_dimension dimension, lac_text *text);
/* In days, hours, minutes or seconds, as fits. */
void lac_cell_time(double seconds, lac_text *text);
/* When an event happens. */
void lac_cell_moment(const lac_model *model, const lac_event *event, lac_text *text);

void lac_describe_processes(const lac_model *model, lac_text *text);
void lac_describe_boundaries(const lac_model *model, lac_text *text);
void lac_describe_events(const lac_model *model, lac_text *text);
void lac_describe_observables(const lac_model *model, lac_text *text);

#endif
