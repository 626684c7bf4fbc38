/* Campaigns: words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ensemble/campaign.h"

const char *lac_fate_word(lac_fate fate)
{
    static const char *const words[] = {[LAC_WAITING] = "waiting",
                                        [LAC_DONE] = "done",
                                        [LAC_FAILED] = "failed",
                                        [LAC_LOST] = "lost",
                                        [LAC_SUSPENDED] = "suspended"};
    return words[fate];
}
