/* Attempt records: what is known of each member of a campaign.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CAMPAIGN_ATTEMPT_RECORD_H
#define LAC_CAMPAIGN_ATTEMPT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

typedef enum lac_member_status {
    LAC_WAITING,  /* never ended (or never begun) */
    LAC_DONE,     /* its result is whole */
    LAC_FAILED,   /* it ended with an error */
    LAC_LOST,     /* it was killed or crashed */
    LAC_SUSPENDED /* it left after a checkpoint */
} lac_member_status;
const char *lac_member_status_word(lac_member_status member_status);

/* What is known of one member; the last attempt counts. */
typedef struct lac_attempt_record {
    size_t member;
    lac_member_status status;
    size_t attempts;
    int exit_code; /* of the last attempt; -1 when it was ended by a signal */
    int signal;    /* 0 = none */
    double wall;   /* [s] of all attempts, as the next */
    double cpu;    /* [s] */
    double memory; /* [bytes] most resident, of any attempt */
    char host[64];
    char ended[32];     /* UTC, ISO 8601 */
    char sentence[400]; /* what a failed member said last; "" */
    bool in_memory;     /* done, and its result is a record (campaign/rows.h), not a file */
} lac_attempt_record;

/* Adds an attempt to the sum of those before it: its status and message count, times are summed. */
void lac_attempt_record_add(lac_attempt_record *sum, const lac_attempt_record *attempt);

#endif
