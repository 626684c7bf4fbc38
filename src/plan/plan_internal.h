/* Plan parts: what the files that read a plan share; private to this room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_PLAN_PLAN_INTERNAL_H
#define LAC_PLAN_PLAN_INTERNAL_H

#include "loading/loader.h"
#include "plan/plan.h"

/* The loader lends its typed readers of nodes: it holds the messages and no model. */
typedef struct lac_plan_reader {
    lac_loader loader;
    lac_plan *plan;            /* owned until it is handed over */
    lac_yaml *root;            /* owned; NULL of an ensemble */
    lac_override_place *place; /* owned [plan->sets] */
    const char *fields;        /* borrowed from --set run.save.fields; NULL = not said */
    lac_place fields_place;
    lac_file_finder finder; /* of the scenario and what it includes */
    lac_yaml *table;        /* owned: {NAME: {table: [...]}}; NULL = none */
    size_t place_capacity, set_capacity;
    const lac_override *override; /* borrowed [overrides] */
    size_t overrides;
} lac_plan_reader;

/* The quantities that one factor takes. */
typedef struct lac_subject {
    const char *name;
    const char *unit; /* shown behind numbers, "" = none */
    lac_dimension dimension;
    double factor;    /* shown = internal * factor */
    double mass;      /* [Da] of `of:`; 0 = masses are no amounts */
    double low, high; /* range, shown; -+infinity = none */
} lac_subject;

/* plan_values.c. Each reports what is wrong and gives false then. */
/* A number of the subject's dimension, in its unit. */
bool lac_subject_exact(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                       double *shown);
/* The same rounded to 12 digits. */
bool lac_subject_number(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                        double *shown);
/* The same within the range. */
bool lac_subject_level(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                       double *shown);
bool lac_plan_count(lac_loader *loader, const lac_yaml *node, const char *what, double least,
                    double most, double *count);
bool lac_plan_flag(lac_loader *loader, const lac_yaml *mapping, const char *key, bool fallback);
/* "1.5e-05 to 3 um^2/s" */
const char *lac_subject_range(const lac_subject *subject, char *text, size_t bytes);

/* plan_table.c: `table:`. */
lac_status lac_plan_table(lac_plan_reader *reader);
/* plan_factors.c: `vary:` and the columns of a table. */
lac_status lac_plan_factors(lac_plan_reader *reader);
/* plan_factor.c: one of them, the `item`-th of `vary`. */
lac_status lac_plan_vary_one(lac_plan_reader *reader, const lac_yaml *vary, size_t item,
                             lac_factor *factor);
const lac_parameter *lac_plan_parameter(const lac_model *model, const char *name);
lac_status lac_plan_report_unknown(lac_plan_reader *reader, const char *name, lac_place place);
/* What a factor of this parameter takes; its texts go to the factor. */
lac_status lac_plan_subject(lac_plan_reader *reader, const lac_parameter *parameter,
                            const char *label, lac_factor *factor, lac_subject *subject);
/* plan_arms.c: `arms:`: how many parameters they set, and the factors of these, the first ones. */
lac_status lac_plan_count_arms(lac_plan_reader *reader, size_t *parameters);
lac_status lac_plan_arms(lac_plan_reader *reader);
void lac_plan_write_arms(const lac_plan *plan, lac_text *text);
/* plan_correlation.c: `correlation:` */
lac_status lac_plan_correlation(lac_plan_reader *reader);
void lac_plan_write_correlation(const lac_plan *plan, lac_text *text);
/* plan_trial.c: `trial:`; its visits are endpoints, which plan_endpoints.c adds. */
lac_status lac_plan_trial(lac_plan_reader *reader);
lac_status lac_plan_trial_endpoints(lac_plan_reader *reader, const lac_names *known);
/* plan_distributions.c: a factor from a mapping such as {normal: {mean: .., sd: ..}, truncate:
 * range}. */
lac_status lac_plan_spread(lac_loader *loader, const lac_subject *subject, const lac_yaml *node,
                           lac_factor *factor);
/* plan_outcomes.c: `keep:` and `endpoints:`. */
lac_status lac_plan_outcomes(lac_plan_reader *reader);
/* How many series there are when the plan names none. */
size_t lac_plan_usual_series(const lac_model *model);
/* plan_endpoints.c: `endpoints:` and --endpoint; `known`: observables, then pools. */
lac_status lac_plan_endpoints(lac_plan_reader *reader, const lac_names *known);
/* The same, where nothing but endpoints is asked for (plan_outcomes.c). */
lac_status lac_plan_only_endpoints(lac_plan_reader *reader);
/* A time within the run [h]; a window of two. */
bool lac_plan_time(lac_plan_reader *reader, const lac_yaml *node, const char *name, double *hours);
void lac_plan_window(lac_plan_reader *reader, const lac_yaml *node, lac_endpoint *endpoint);
/* plan_calls.c: an endpoint as a call: last(drug), at(drug, 2 d), most(drug, 1 d, 3 d). */
bool lac_plan_is_call(const lac_yaml *node);
lac_status lac_plan_call(lac_plan_reader *reader, const lac_names *known, const lac_yaml *node,
                         lac_endpoint *endpoint);
/* The name of the endpoint that an override gives; NULL when it gives none. */
const char *lac_plan_endpoint_of(const char *override);
/* plan_sets.c: `set:` and --set. Those of a plan's own affairs (seed, fields) go into the plan. */
lac_status lac_plan_sets(lac_plan_reader *reader, const lac_override *overrides, size_t count);
/* plan_ends.c: the scenario must load with all factors at their lowest and at their highest. */
lac_status lac_plan_ends(lac_plan_reader *reader);
/* Why a setting cannot be set or varied by a plan; NULL = it can. */
const char *lac_plan_reserved(const char *name, bool vary);

#endif
