/* A sample table by hand and a scratch directory, for tests of campaigns and sweeps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TEST_ENSEMBLE_SCENE_H
#define LAC_TEST_ENSEMBLE_SCENE_H

#include "config.h"

#include "testlib.h"

#include "base/text.h"
#include "campaign/campaign.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

/* One listed factor with six values, one replicate each. */
typedef struct scene {
    char directory[64], campaign[128];
    lac_plan plan;
    lac_factor factor;
    lac_sample_table samples;
    double value[6];
} scene;

static inline void set_scene(scene *at)
{
    *at = (scene){.directory = "/tmp/lacuna-ensemble-XXXXXX"};
    assert_non_null(mkdtemp(at->directory));
    snprintf(at->campaign, sizeof at->campaign, "%s/results/six", at->directory);
    for (int each = 0; each < 6; each++)
        at->value[each] = 0.5 * (each + 1);
    at->factor = (lac_factor){.name = (char *)"k",
                              .unit = (char *)"1/h",
                              .kind = LAC_DISTRIBUTION_LIST,
                              .levels = 6,
                              .level = at->value};
    at->plan = (lac_plan){.title = (char *)"six values",
                          .name = (char *)"six",
                          .scenario = (char *)"decay.yaml",
                          .samples = 1,
                          .seed = 1,
                          .replicates = 1,
                          .factors = 1,
                          .factor = &at->factor,
                          .lists = 1,
                          .fields = (char *)"none"};
    memset(at->plan.fingerprint, 'a', 64);
    at->samples = (lac_sample_table){
        .plan = &at->plan, .arms = 6, .rows = 1, .points = 6, .members = 6, .value = at->value};
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void strike_scene(scene *at)
{
    nftw(at->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes (or appends to) a file below the campaign. */
static inline void put_file(const scene *at, const char *name, const char *mode, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", at->campaign, name);
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline bool has_file(const scene *at, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", at->campaign, name);
    return access(path, F_OK) == 0;
}

/* How many files a directory of the campaign holds; the first one's name in `name`
 * [256], if asked. */
static inline int count_files(const scene *at, const char *directory, char *name)
{
    char path[512];
    struct dirent *entry;
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", at->campaign, directory);
    DIR *all = opendir(path);
    while (all && (entry = readdir(all)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && ++count == 1 &&
            name)
            strcpy(name, entry->d_name);
    if (all)
        closedir(all);
    return count;
}

#endif
