/* A plan as it was understood is a plan itself: it loads to the same members.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "plan_scene.h"

#include <dirent.h>

/* Loads `path`, writes what was understood, loads that: the fingerprint is the same. */
static void assert_same_again(const char *path)
{
    char again[96] = "/tmp/lacuna-plan-XXXXXX";
    lac_diagnostics list = {0};
    lac_plan *plan = NULL, *second = NULL;
    lac_text text = {0};
    lac_status status = lac_plan_load(path, (lac_file_finder){0}, NULL, 0, &list, &plan);
    if (status != LAC_OK)
        fail_msg("%s: %s\n%s", path, lac_failure(), lac_text_of(&list.text));
    lac_plan_write(plan, &text);
    assert_ok(text.failed);
    int fd = mkstemp(again);
    assert_true(fd >= 0);
    close(fd);
    write_text(again, text.bytes);
    lac_diagnostics_free(&list);
    list = (lac_diagnostics){0};
    status = lac_plan_load(again, (lac_file_finder){0}, NULL, 0, &list, &second); /* from here */
    if (status != LAC_OK)
        fail_msg("%s, written again: %s\n%s", path, lac_failure(), lac_text_of(&list.text));
    if (strcmp(plan->fingerprint, second->fingerprint) != 0)
        fail_msg("%s, written again, has another fingerprint:\n%s", path, text.bytes);
    unlink(again);
    lac_text_free(&text);
    lac_plan_free(plan);
    lac_plan_free(second);
    lac_diagnostics_free(&list);
}

/* Scenarios may lie among the plans. */
static bool is_plan(const char *path)
{
    char line[256];
    bool found = false;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file))
        found = strncmp(line, "lacuna_plan:", 12) == 0;
    fclose(file);
    return found;
}

static size_t try_plans_of(const char *folder)
{
    const char *source = getenv("LACUNA_SOURCE");
    char directory[512], path[1024];
    snprintf(directory, sizeof directory, "%s/params/%s", source ? source : ".", folder);
    DIR *plans = opendir(directory);
    size_t count = 0;
    assert_non_null(plans);
    for (struct dirent *entry; (entry = readdir(plans));) {
        size_t length = strlen(entry->d_name);
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 5, ".yaml") != 0 || !is_plan(path))
            continue;
        assert_same_again(path);
        count++;
    }
    closedir(plans);
    return count;
}

static void every_bundled_plan_is_the_same_again(void **state)
{
    (void)state;
    assert_true(try_plans_of("plans") > 3);
    assert_true(try_plans_of("trials") > 3);
}

/* Numbers that twelve digits round beyond a range, values that the range does not hold, times. */
static void a_plan_with_awkward_numbers_is_the_same_again(void **state)
{
    (void)state;
    scene at;
    scene_open(&at);
    write_text(at.plan,
               "lacuna_plan: 1\nscenario: two.yaml\ndesign: latin-hypercube\npoints: 3\n"
               "set: {run.until: 10 min}\n"
               "vary:\n"
               "  k: {loguniform: range}\n"
               "  dose: {values: [0 cell/mL, 3e9 cell/mL], outside: allowed}\n"
               "  start: {normal: {mean: 33.333333333333333 pg/mL, sd: 7 pg/mL}, truncate: range}\n"
               "  D: {lognormal: {median: 40 um^2/s, gsd: 1.7}, truncate: range}\n"
               "endpoints: {last: {of: A_level, at: 10 min}, third: {of: A_deep, at: 200 s}}\n");
    assert_same_again(at.plan);
    scene_close(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bundled_plan_is_the_same_again),
        cmocka_unit_test(a_plan_with_awkward_numbers_is_the_same_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
