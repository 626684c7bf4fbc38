/* The layout of results and indexes: what their groups, variables and attributes are called,
 * wherever more than one room has to know, and their unit of time. docs/output-format.md says what
 * they hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_STORE_LAYOUT_H
#define LAC_STORE_LAYOUT_H

/* --- time: a file counts hours */
#define LAC_FILE_TIME 3600.0 /* [s] */
#define LAC_FILE_TIME_UNIT "h"

/* --- both kinds of files */
#define LAC_AT_TIME "/time"
#define LAC_AT_TIME_FIELDS "/time_fields" /* where fields are saved more rarely */
#define LAC_AT_X "/x"
#define LAC_AT_Y "/y"
#define LAC_AT_Z "/z"
#define LAC_AT_PROVENANCE "/provenance"

/* --- attributes of the root and of provenance that are written in one room and read in another */
#define LAC_KEY_NOTICE "notice"
#define LAC_KEY_VARIATION "variation"
#define LAC_KEY_NOTE "note"
#define LAC_KEY_CREATED "created"
#define LAC_KEY_SCALE "scale"
#define LAC_KEY_UNTIL "setting_until"
#define LAC_KEY_STEPS "steps"
#define LAC_KEY_REFUSED "refused"
#define LAC_KEY_REFUSED_BY "refused_%s" /* by a reason */
#define LAC_KEY_REST_STEPS "rest_steps"
#define LAC_KEY_REST_RESIDUAL "rest_residual"
#define LAC_KEY_FROM_TOLD "from_told"

/* --- results */
#define LAC_AT_MODEL LAC_AT_PROVENANCE "/model"
#define LAC_AT_LEDGER "/ledger"
#define LAC_AT_CLOSURE LAC_AT_LEDGER "/closure_relative"
#define LAC_AT_BIAS "/bias"
#define LAC_AT_REPRESENTATION "/representation"
#define LAC_AT_PARAMETERS "/parameters"
#define LAC_AT_BANDS "/bands"
/* Before the name of what would be called like one of these, or like each other. */
#define LAC_PREFIX_VARIABLE "variable_"
#define LAC_PREFIX_OBSERVABLE "observable_"

/* Names at the root of a result that are its own. */
#define LAC_RESULT_NAMES                                                                           \
    "time", "time_fields", "x", "y", "z", "ledger", "bias", "representation", "provenance",        \
        "parameters", "bands"

/* --- indexes */
#define LAC_AT_MEMBER "/member"
#define LAC_AT_STATUS "/status"
#define LAC_AT_DESIGN "/design"
#define LAC_AT_SERIES "/series"
#define LAC_AT_STATISTICS "/statistics"
#define LAC_AT_ARM LAC_AT_STATISTICS "/arm"
#define LAC_AT_FIELDS "/fields"
#define LAC_AT_EFFORT "/effort"
#define LAC_AT_EFFORT_MEMBER LAC_AT_EFFORT "/member"

/* Names of an index that are its own. */
#define LAC_INDEX_NAMES                                                                            \
    "member", "number", "point", "replicate", "arm", "row", "seed", "stream", "status",            \
        "sentence", "file", "frames", "time", "time_fields", "quantile", "variable", "factor",     \
        "x", "y", "z", "series", "statistics", "fields", "field_statistics", "effort", "design",   \
        "provenance"

#endif
