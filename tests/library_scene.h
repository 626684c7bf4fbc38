/* What the tests of the public library share: calls that must succeed or be refused, and a program
 * in which any allocation may fail. After testlib.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_LIBRARY_SCENE_H
#define LAC_TESTS_LIBRARY_SCENE_H

#include "testlib.h"

#include "base/memory.h"
#include "library/lacuna.h"

#define assert_fine(call)                                                                          \
    do {                                                                                           \
        int code_ = (call);                                                                        \
        if (code_ != LACUNA_OK)                                                                    \
            fail_msg("%s: %d: %s", #call, code_, lacuna_error());                                  \
    } while (0)

#define assert_refused(call, expected, words)                                                      \
    do {                                                                                           \
        assert_int_equal((call), (expected));                                                      \
        assert_text_has(lacuna_error(), (words));                                                  \
    } while (0)

static inline lacuna_simulation *simulation_of(const lacuna_model *model)
{
    lacuna_simulation *simulation = NULL;
    assert_fine(lacuna_simulation_create(model, NULL, &simulation));
    return simulation;
}

/* Runs the program with every allocation failing in turn: nothing is left, and the code says so. */
static inline void any_allocation_of(int (*program)(const char *text), const char *text)
{
    const size_t alive = lac_memory_alive();
    size_t n = 1;
    int code = LACUNA_MEMORY;
    for (; code != LACUNA_OK; n++) {
        lac_memory_fail_at(n);
        code = program(text);
        if (code != LACUNA_OK && code != LACUNA_MEMORY)
            fail_msg("allocation %zu: %d: %s", n, code, lacuna_error());
        if (lac_memory_alive() != alive)
            fail_msg("allocation %zu: %zu are left", n, lac_memory_alive() - alive);
    }
    lac_memory_fail_at(0);
    assert_true(n > 500);
}

#endif
