/* Representation: which variables are whole numbers and which processes are events, under the
 * method that is chosen. Every room asks here and nowhere else.
 *
 *   mean-field   everything is continuous
 *   exact        molecules and cells are discrete, states without dimension are not
 *   hybrid       what `representation:` says; without it cells of the tissue are discrete, and
 *                molecules, states and what is well-mixed are continuous; `auto` is what the
 *                method has made of it last, and discrete in a model as it is loaded
 *
 * A process that changes a discrete variable is discrete: it happens as events, which change the
 * continuous variables too where the process does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_REPRESENTATION_H
#define LAC_MODEL_REPRESENTATION_H

#include "model/model.h"

bool lac_model_is_discrete(const lac_model *model, size_t variable);
bool lac_model_is_event(const lac_model *model, size_t process);

/* Discrete in tissue beside continuous ones, and diffuses: advanced by the room molecules, with the
 * processes that change it. */
bool lac_model_is_moving(const lac_model *model, size_t variable);
bool lac_model_is_of_moving(const lac_model *model, size_t process);

/* Can it be discrete, or an event, at some time of a run? And can any variable change? */
bool lac_model_may_be_discrete(const lac_model *model, size_t variable);
bool lac_model_may_be_event(const lac_model *model, size_t process);
bool lac_model_is_automatic(const lac_model *model, size_t variable);
bool lac_model_has_automatic(const lac_model *model);

/* Discrete variables in all; and is every molecule and every cell discrete? */
size_t lac_model_discrete(const lac_model *model);
bool lac_model_all_discrete(const lac_model *model);

/* Do the well-mixed domains feel the mean-field companion of a patch that stands for a joint? They
 * do with hybrid, unless the text asks for `feedback: patch`, wherever both are coupled and
 * something of the tissue is discrete. */
bool lac_model_feels_mean(const lac_model *model);

/* "discrete", "continuous", "auto" */
const char *lac_representation_word(const lac_model *model, size_t variable);

/* Reports what the chosen method cannot do with the representations, each at its place. */
void lac_review_representation(const lac_model *model, lac_diagnostics *list);

/* ... of them terms of rate equations that would be events of negative rate
 * (representation_rates.c), and what concerns discrete variables that diffuse. */
void lac_review_terms(const lac_model *model, lac_diagnostics *list);

/* ... and what cannot be done in one of the representations that `auto` may bring about
 * (representation_auto.c): `model` has them all in turn. */
void lac_review_automatic(lac_model *model, lac_diagnostics *list);
void lac_review_moving(const lac_model *model, lac_diagnostics *list);

#endif
