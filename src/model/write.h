/* Write: a model as text, and the pieces of that which others show too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_WRITE_H
#define LAC_MODEL_WRITE_H

#include "model/model.h"

/* The resolved model as YAML: one self-contained scenario file without includes. */
void lac_model_write(const lac_model *model, lac_text *text);

void lac_write_quoted(const char *words, lac_text *text);
/* An expression, or a number that is read back to the last bit, in quotes. */
void lac_write_tree(const lac_model *model, const lac_expression *tree, lac_text *text);
void lac_write_number(const lac_model *model, double value, lac_dimension dimension,
                      lac_text *text);

void lac_write_tissue(const lac_model *model, lac_text *text);
void lac_write_processes(const lac_model *model, lac_text *text);
void lac_write_boundaries(const lac_model *model, lac_text *text);
void lac_write_events(const lac_model *model, lac_text *text);

void lac_write_bands(const lac_model *model, lac_text *text);
/* The bands as a table for a reader. */
void lac_describe_bands(const lac_model *model, lac_text *text);

/* "A + 2 B -> C" of a process, with bare names where all are of one domain. */
void lac_write_equation(const lac_model *model, const lac_process *process, lac_text *text);
/* The domain of a process: that of its first species. */
size_t lac_process_domain(const lac_model *model, const lac_process *process);

extern const char *const lac_face_words[];
bool lac_tree_is_number(const lac_expression *tree, double number);
/* What a tree looks at (LAC_SEES_* of loader.h). Inside reductions nothing counts. */
unsigned lac_tree_sees(const lac_model *model, const lac_expression *tree);
/* The value of a tree of numbers and parameters at the start of a run. */
double lac_start_value(const lac_model *model, const lac_expression *tree);

/* A unit of mass shown for amounts of a species of this molar mass [Da]; LAC_INPUT when the unit
 * does not come to `dimension` that way. */
lac_status lac_display_by_mass(const char *unit, double molar_mass, lac_dimension dimension,
                               lac_display *display);

#endif
