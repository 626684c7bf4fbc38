/* What went wrong: a code and one sentence with the values, kept per thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_STATUS_H
#define LAC_BASE_STATUS_H

/* code, word for the user, process exit code */
#define LAC_STATUS_LIST(X)                                                                         \
    X(OK, "success", 0)                                                                            \
    X(NUMERICS, "the solution became invalid", 1)                                                  \
    X(USAGE, "wrong command line", 2)                                                              \
    X(MEMBERS, "some of many runs failed", 3)                                                      \
    X(INPUT, "invalid input", 65)                                                                  \
    X(NO_INPUT, "cannot read input", 66)                                                           \
    X(INTERNAL, "internal error", 70)                                                              \
    X(MEMORY, "out of memory", 71)                                                                 \
    X(EXISTS, "output exists", 73)                                                                 \
    X(FILE, "cannot write or read a file", 74)                                                     \
    X(INTERRUPTED, "stopped by a signal after a checkpoint", 75)                                   \
    X(LIMIT, "refused: too large", 78)                                                             \
    X(BUDGET, "stopped after a checkpoint: the time budget ran out", 85)

typedef enum lac_status {
#define LAC_STATUS_CODE(code, word, exit_code) LAC_##code,
    LAC_STATUS_LIST(LAC_STATUS_CODE)
#undef LAC_STATUS_CODE
        LAC_STATUS_COUNT
} lac_status;

#if defined(__GNUC__)
#define LAC_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define LAC_PRINTF(text, first)
#endif

/* Records the sentence for this thread and returns the code. */
lac_status lac_fail(lac_status code, const char *format, ...) LAC_PRINTF(2, 3);

/* Puts "context: " before the recorded sentence and returns the code. */
lac_status lac_fail_in(lac_status code, const char *format, ...) LAC_PRINTF(2, 3);

/* The last sentence of this thread ("" when nothing failed); valid until the next failure. */
const char *lac_failure(void);

/* The code in words, and the documented exit code of the process. */
const char *lac_status_word(lac_status code);
int lac_status_exit_code(lac_status code);
/* The code of an exit code; LAC_INTERNAL of none. */
lac_status lac_status_of_exit_code(int exit_code);

/* In a function with a variable `lac_status status = LAC_OK;` and one label `out:`. */
#define LAC_TRY(call)                                                                              \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != LAC_OK)                                                                      \
            goto out;                                                                              \
    } while (0)

#define LAC_REQUIRE(condition, code, ...)                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            status = lac_fail(code, __VA_ARGS__);                                                  \
            goto out;                                                                              \
        }                                                                                          \
    } while (0)

#endif
