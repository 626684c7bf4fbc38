/* What the tests share: cmocka in its required order, and comparisons of doubles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTLIB_H
#define LAC_TESTLIB_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"

/* |a - b| <= tolerance, with the values in the message. */
#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        double a_ = (a), b_ = (b), tolerance_ = (tolerance);                                       \
        if (!(fabs(a_ - b_) <= tolerance_))                                                        \
            fail_msg("%s = %.17g is not within %g of %s = %.17g", #a, a_, tolerance_, #b, b_);     \
    } while (0)

/* The call succeeds; otherwise the sentence is printed. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        lac_status status_ = (call);                                                               \
        if (status_ != LAC_OK)                                                                     \
            fail_msg("%s: %s: %s", #call, lac_status_word(status_), lac_failure());                \
    } while (0)

#define assert_text_has(text, part)                                                                \
    do {                                                                                           \
        const char *text_ = (text);                                                                \
        if (!strstr(text_, (part)))                                                                \
            fail_msg("'%s' is not in:\n%s", (part), text_);                                        \
    } while (0)

#endif
