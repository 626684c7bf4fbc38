/* What was understood: the model told back in words (`lac check`), and written as text that loads
 * again (/provenance).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_DESCRIBE_H
#define LAC_MODEL_DESCRIBE_H

#include "model/model.h"

/* Species by domain with initial values, parameters with kind and source, processes with rate
 * units, boundaries, events, observables. */
void lac_model_describe(const lac_model *model, lac_text *text);

/* The same in a dozen lines: counts, geometry, events, the run. */
void lac_model_brief(const lac_model *model, lac_text *text);

/* Warnings: unused parameter, no source, value outside its range, a species that nothing makes and
 * that starts at zero, ... */
void lac_model_review(const lac_model *model, lac_diagnostics *list);

#endif
