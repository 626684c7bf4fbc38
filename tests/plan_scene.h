/* What the tests of plans share: a small scenario in a directory of its own, and plans beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_PLAN_SCENE_H
#define LAC_PLAN_SCENE_H

#include "testlib.h"

#include "base/memory.h"
#include "plan/plan.h"

#include <unistd.h>

static const char SCENARIO[] =
    "lacuna: 1\n"
    "title: Two substances\n"
    "domains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 2 mL}}\n"
    "tissue: {size: [100 um, 20 um, deep], voxel: 20 um}\n"
    "species:\n"
    "  A: {molar_mass: 20 kDa, gel: {initial: 0 pM, diffusivity: D}, bath: {initial: start}}\n"
    "  B: {unit: cell, bath: {initial: dose}}\n"
    "interfaces: {s: {between: [gel.top, bath], exchange: [A]}}\n"
    "parameters:\n"
    "  D: {value: 40 um^2/s, range: [20 um^2/s, 90 um^2/s], label: diffusivity of A}\n"
    "  k: {value: 1 1/d, factor_range: [0.5, 2]}\n"
    "  start: {value: 50 pg/mL, of: A, range: [10 pg/mL, 80 pg/mL]}\n"
    "  dose: {value: 0 cell/mL, range: [0 cell/mL, 1e8 cell/mL]}\n"
    "  share: {value: 0.5, range: [0, 1]}\n"
    "  deep: 200 um\n"
    "  twice: {value: 2 * k}\n"
    "  idle: 3 h\n"
    "reactions:\n"
    "  loss: {in: bath, equation: \"A ->\", rate: share * twice * A}\n"
    "  death: {in: bath, equation: \"B ->\", rate: k * B}\n"
    "observables: {A_level: bath.A, A_deep: mean(A)}\n"
    "run: {until: 10 d, seed: 7}\n";

typedef struct scene {
    char directory[64], plan[96], scenario[96];
    lac_diagnostics list;
    lac_plan *made;
    lac_status status;
} scene;

static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void scene_open(scene *at)
{
    *at = (scene){.directory = "/tmp/lacuna-plan-XXXXXX"};
    assert_non_null(mkdtemp(at->directory));
    snprintf(at->plan, sizeof at->plan, "%s/trial.yaml", at->directory);
    snprintf(at->scenario, sizeof at->scenario, "%s/two.yaml", at->directory);
    write_text(at->scenario, SCENARIO);
}

static inline void scene_forget(scene *at)
{
    lac_plan_free(at->made);
    at->made = NULL;
    lac_diagnostics_free(&at->list);
    at->list = (lac_diagnostics){0};
}

/* Loads the plan of this text; what came of it is in `at`. */
static inline void scene_try(scene *at, const char *text, const lac_override *set, size_t count)
{
    scene_forget(at);
    write_text(at->plan, text);
    at->status = lac_plan_load(at->plan, (lac_file_finder){0}, set, count, &at->list, &at->made);
}

static inline const lac_plan *scene_load(scene *at, const char *text)
{
    scene_try(at, text, NULL, 0);
    if (at->status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&at->list.text));
    return at->made;
}

static inline void scene_close(scene *at)
{
    scene_forget(at);
    remove(at->plan);
    remove(at->scenario);
    remove(at->directory);
}

/* The head of most plans: what a test adds begins at line 3. */
#define PLAN "lacuna_plan: 1\nscenario: two.yaml\n"
#define SAMPLED PLAN "design: latin-hypercube\npoints: 8\n"

#endif
