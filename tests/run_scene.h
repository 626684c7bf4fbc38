/* Models as text and scratch files for the tests of runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_TESTS_RUN_SCENE_H
#define LAC_TESTS_RUN_SCENE_H

#include "testlib.h"

#include "loading/scenario.h"
#include "run/simulation.h"

#include <unistd.h>

/* A decays into B in one pool. */
#define DECAY                                                                                      \
    "lacuna: 1\n"                                                                                  \
    "title: decay\n"                                                                               \
    "domains:\n"                                                                                   \
    "  pool: {kind: well-mixed, volume: 1 mL}\n"                                                   \
    "species:\n"                                                                                   \
    "  A: {unit: molecule, pool: {initial: 1 nM, display: nM}}\n"                                  \
    "  B: {unit: molecule, pool: {initial: 0 nM, display: nM}}\n"                                  \
    "parameters:\n"                                                                                \
    "  k: {value: 0.1 1/h, kind: assumption, source: made up for a test}\n"                        \
    "reactions:\n"                                                                                 \
    "  decay: {in: pool, equation: \"A -> B\", rate: k * A}\n"                                     \
    "run: {until: 10 h, method: mean-field, save: {every: 1 h}}\n"

/* A slab that drinks from a pool, 2 x 1 x 15 voxels, with two regions, without events. */
#define SLAB                                                                                       \
    "lacuna: 1\n"                                                                                  \
    "title: slab\n"                                                                                \
    "domains:\n"                                                                                   \
    "  slab: {kind: tissue}\n"                                                                     \
    "  pool: {kind: well-mixed, volume: V}\n"                                                      \
    "species:\n"                                                                                   \
    "  A:\n"                                                                                       \
    "    unit: molecule\n"                                                                         \
    "    slab: {initial: 1 nM, diffusivity: D, display: nM}\n"                                     \
    "    pool: {initial: 10 nM, display: nM}\n"                                                    \
    "parameters:\n"                                                                                \
    "  V: {value: 1 uL, kind: assumption, source: made up for a test}\n"                           \
    "  D: {value: 40 um^2/s, kind: assumption, source: made up for a test}\n"                      \
    "  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}\n"                        \
    "reactions:\n"                                                                                 \
    "  uptake: {in: slab, equation: \"A ->\", rate: k * A}\n"                                      \
    "interfaces:\n"                                                                                \
    "  surface: {between: [slab.top, pool], exchange: [A]}\n"                                      \
    "observables:\n"                                                                               \
    "  A_mean: mean(A)\n"                                                                          \
    "tissue:\n"                                                                                    \
    "  size: [40 um, 20 um, 300 um]\n"                                                             \
    "  voxel: 20 um\n"                                                                             \
    "  zones: {upper: 20 %, lower: 80 %}\n"                                                        \
    "  represents: {area: 8000 um^2}\n"                                                            \
    "run: {until: 1 d, method: mean-field, save: {every: 2 h, fields_every: 6 h}}\n"

static inline lac_model *model_from(const char *text)
{
    lac_model *model = NULL;
    lac_diagnostics list = {0};
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "test", .text = text, .directory = "."}, &list, &model);
    if (status != LAC_OK)
        fail_msg("%s\n%s", lac_failure(), lac_text_of(&list.text));
    lac_diagnostics_free(&list);
    return model;
}

/* A directory of this process for results, made and emptied by the group's set-up. */
static char scratch[64];

static inline int make_scratch(void **state)
{
    (void)state;
    snprintf(scratch, sizeof scratch, "/tmp/lacuna-run-XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int remove_scratch(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return system(command);
}

/* scratch/NAME; valid until the fourth call after. */
static inline const char *in_scratch(const char *name)
{
    static char path[4][128];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch, name);
    return path[turn];
}

#endif
