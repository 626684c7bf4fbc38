/* Are the files of a scenario still those that the plan was read with?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_WORKER_SOURCES_H
#define LAC_CAMPAIGN_WORKER_SOURCES_H

#include "library/lacuna.h"
#include "model/model.h"

/* A scenario that was edited since the plan was read would make members of another model:
 * LAC_NO_INPUT. */
lac_status lac_worker_compare_sources(const lac_model *plan, const lacuna_model *model);

#endif
