/* The allowance of memory: made-up control groups of both versions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "testlib.h"

#include "run/cgroup_memory.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "allowance-XXXXXX";
static char membership[64];

static void put(const char *path, const char *text)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s/%s", top, path);
    for (char *slash = strchr(whole + strlen(top) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static size_t allowed(const char *lines)
{
    put("membership", lines);
    return lac_cgroup_memory(membership, top);
}

static void the_smallest_limit_on_the_way_up_counts(void **state)
{
    (void)state;
    put("job/memory.max", "3000000000\n");
    put("job/step/memory.max", "max\n");
    put("job/step/task/memory.max", "4000000000\n");
    assert_int_equal(allowed("0::/job/step/task\n"), 3000000000);
    assert_int_equal(allowed("0::/job/step\n"), 3000000000);
    put("job/step/task/memory.max", "2000000000\n");
    assert_int_equal(allowed("0::/job/step/task\n"), 2000000000);
    /* A container sees its own group as the root. */
    put("memory.max", "1000000000\n");
    assert_int_equal(allowed("0::/\n"), 1000000000);
    assert_int_equal(allowed("0::/somewhere/else\n"), 1000000000);
    put("memory.max", "max\n");
}

static void the_first_version_has_a_line_for_memory(void **state)
{
    (void)state;
    put("memory/slurm/job_7/memory.limit_in_bytes", "500000000\n");
    put("memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(allowed("5:cpuset:/slurm\n4:memory:/slurm/job_7/step_0\n0::/\n"), 500000000);
    assert_int_equal(allowed("4:cpu,memory:/slurm/job_7\n"), 500000000);
    assert_int_equal(allowed("4:memory_of_another_kind:/slurm/job_7\n"), SIZE_MAX);
    assert_int_equal(allowed("4:memory:/\n"), 9223372036854771712u);
}

static void without_groups_there_is_no_limit(void **state)
{
    (void)state;
    assert_int_equal(allowed(""), SIZE_MAX);
    assert_int_equal(allowed("nonsense\n7\n"), SIZE_MAX);
    assert_int_equal(allowed("0::/somewhere/else\n"), SIZE_MAX);
    assert_int_equal(lac_cgroup_memory("allowance-nowhere", top), SIZE_MAX);
}

static int make_top(void **state)
{
    (void)state;
    if (!mkdtemp(top))
        return 1;
    snprintf(membership, sizeof membership, "%s/membership", top);
    return 0;
}

static int remove_top(void **state)
{
    (void)state;
    static const char *const files[] = {"job/step/task/memory.max",
                                        "job/step/task",
                                        "job/step/memory.max",
                                        "job/step",
                                        "job/memory.max",
                                        "job",
                                        "memory/slurm/job_7/memory.limit_in_bytes",
                                        "memory/slurm/job_7",
                                        "memory/slurm",
                                        "memory/memory.limit_in_bytes",
                                        "memory",
                                        "memory.max",
                                        "membership",
                                        ""};
    int failed = 0;
    for (size_t k = 0; k < sizeof files / sizeof files[0]; k++) {
        char whole[256];
        snprintf(whole, sizeof whole, "%s/%s", top, files[k]);
        failed |= remove(whole);
    }
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_limit_on_the_way_up_counts),
        cmocka_unit_test(the_first_version_has_a_line_for_memory),
        cmocka_unit_test(without_groups_there_is_no_limit),
    };
    return cmocka_run_group_tests(tests, make_top, remove_top);
}
