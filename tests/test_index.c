/* The index: what it holds is what its members hold, and what they lack is said.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "index_scene.h"

#include "analysis/endpoint.h"
#include "analysis/statistics.h"
#include "index/index_internal.h"

/* HDF5 1.10 loses the buffer of a chunk that the disk refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static void curves_and_columns_are_those_of_the_members(void **state)
{
    (void)state;
    scene at;
    size_t length[8];
    scene_open(&at, FEW, GRID);
    assert_int_equal(at.samples->members, 12);
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 12);
    double *curves = read_all(scene_index(&at), "/series/left", length);
    assert_int_equal(length[0], 12);
    assert_int_equal(length[1], 11);
    for (size_t member = 0; member < 12; member++) {
        double *own = read_all(scene_member(&at, member), "/left", NULL);
        assert_memory_equal(own, curves + member * 11, 11 * sizeof *own);
        assert_near(read_one(scene_index(&at), "/at_5", member), (own[5] + own[6]) / 2, 1e-12);
        double start = member / 3 % 2 ? 60 : 20;
        assert_near(read_one(scene_index(&at), "/fell", member), own[10] / start - 1, 1e-12);
        assert_near(read_one(scene_index(&at), "/start", member), start, 0);
        assert_near(read_one(scene_index(&at), "/k", member), member < 6 ? 0.1 : 0.5, 0);
        assert_near(read_one(scene_index(&at), "/point", member), (double)(member / 3), 0);
        assert_near(read_one(scene_index(&at), "/arm", member), (double)(member / 3), 0);
        assert_near(read_one(scene_index(&at), "/replicate", member), (double)(member % 3), 0);
        assert_near(read_one(scene_index(&at), "/status", member), LAC_DONE, 0);
        assert_near(read_one(scene_index(&at), "/frames", member), 11, 0);
        assert_near(read_one(scene_index(&at), "/seed", member), 11, 0);
        assert_near(read_one(scene_index(&at), "/stream", member), (double)member, 0);
        assert_near(read_one(scene_index(&at), "/effort/wall_time", member), 2, 0);
        lac_free(own);
    }
    lac_free(curves);
    assert_near(read_one(scene_index(&at), "/time", 10), 10, 1e-12);
    assert_string_equal(read_word(scene_index(&at), "/file", 7), "members/000007.nc");
    assert_string_equal(read_word(scene_index(&at), "/sentence", 7), "");
    scene_close(&at);
}

static void statistics_are_those_of_the_curves_in_the_index(void **state)
{
    (void)state;
    static const double fractions[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    scene at;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    scene_build(&at);
    double *curves = read_all(scene_index(&at), "/series/pool_A", NULL);
    double *mean = read_all(scene_index(&at), "/statistics/pool_A_mean", NULL);
    double *sd = read_all(scene_index(&at), "/statistics/pool_A_sd", NULL);
    double *chance = read_all(scene_index(&at), "/statistics/pool_A_sd_chance", NULL);
    double *between = read_all(scene_index(&at), "/statistics/pool_A_sd_parameters", NULL);
    double *count = read_all(scene_index(&at), "/statistics/pool_A_count", NULL);
    double *quantiles = read_all(scene_index(&at), "/statistics/pool_A_quantiles", NULL);
    for (size_t arm = 0; arm < 4; arm++)
        for (size_t frame = 0; frame < 11; frame++) {
            double v[3], m = 0, s = 0;
            for (size_t k = 0; k < 3; k++)
                m += (v[k] = curves[(arm * 3 + k) * 11 + frame]) / 3;
            for (size_t k = 0; k < 3; k++)
                s += (v[k] - m) * (v[k] - m) / 2;
            for (size_t i = 0; i < 3; i++) /* sort */
                for (size_t k = 0; k + 1 < 3; k++)
                    if (v[k] > v[k + 1]) {
                        double t = v[k];
                        v[k] = v[k + 1];
                        v[k + 1] = t;
                    }
            assert_near(mean[arm * 11 + frame], m, 1e-12);
            assert_near(sd[arm * 11 + frame], sqrt(s), 1e-12);
            assert_near(chance[arm * 11 + frame], sqrt(s), 1e-12);
            assert_true(isnan(between[arm * 11 + frame])); /* one point */
            assert_near(count[arm * 11 + frame], 3, 0);
            for (size_t q = 0; q < 5; q++)
                assert_near(quantiles[(arm * 5 + q) * 11 + frame], lac_quantile(v, 3, fractions[q]),
                            0);
        }
    lac_free(curves);
    lac_free(mean);
    lac_free(sd);
    lac_free(chance);
    lac_free(between);
    lac_free(count);
    lac_free(quantiles);
    assert_near(read_one(scene_index(&at), "/statistics/k", 2), 0.5, 0);
    assert_near(read_one(scene_index(&at), "/statistics/start", 2), 20, 0);
    scene_close(&at);
}

static const char SAMPLED[] = "lacuna_plan: 1\n"
                              "scenario: model.yaml\n"
                              "design: latin-hypercube\n"
                              "points: 5\n"
                              "replicates: 4\n"
                              "vary:\n"
                              "  k: {uniform: [0.05 1/h, 0.5 1/h]}\n"
                              "  start: [30 cell, 90 cell]\n";

static void chance_and_parameters_are_told_apart(void **state)
{
    (void)state;
    scene at;
    size_t length[8];
    scene_open(&at, FEW, SAMPLED);
    assert_int_equal(at.samples->members, 40);
    scene_run_all(&at);
    scene_build(&at);
    double *curves = read_all(scene_index(&at), "/series/left", NULL);
    for (size_t arm = 0; arm < 2; arm++) {
        lac_running *running = NULL;
        assert_ok(lac_running_create(1, &running));
        for (size_t k = 0; k < 20; k++) {
            lac_running_add(running, &curves[(arm * 20 + k) * 11 + 4], 1);
            if (k % 4 == 3)
                lac_running_next(running);
        }
        lac_statistics told = lac_running_tell(running, 0);
        size_t place = arm * 11 + 4;
        assert_true(told.parameters > 0 && told.chance > 0);
        assert_near(read_one(scene_index(&at), "/statistics/left_sd_chance", place), told.chance,
                    0);
        assert_near(read_one(scene_index(&at), "/statistics/left_sd_parameters", place),
                    told.parameters, 0);
        lac_running_free(running);
    }
    lac_free(curves);
    double *unit = read_all(scene_index(&at), "/design/unit", length);
    assert_int_equal(length[0], 5);
    assert_int_equal(length[1], 1);
    assert_memory_equal(unit, at.samples->unit, 5 * sizeof *unit);
    lac_free(unit);
    assert_string_equal(read_word(scene_index(&at), "/design/factor", 0), "k");
    assert_near(read_one(scene_index(&at), "/row", 22), 0, 0);
    assert_near(read_one(scene_index(&at), "/row", 39), 4, 0);
    scene_close(&at);
}

static void the_order_in_which_members_end_changes_nothing(void **state)
{
    (void)state;
    scene at;
    char *one = NULL, *other = NULL;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    scene_build(&at);
    size_t size = bytes_of(scene_index(&at), &one);
    scene_load(&at, "again");
    for (size_t member = 12; member-- > 0;)
        scene_run(&at, member);
    scene_build(&at);
    assert_int_equal(bytes_of(scene_index(&at), &other), size);
    assert_memory_equal(one, other, size);
    free(one);
    free(other);
    scene_close(&at);
}

static void what_is_missing_is_said_and_not_counted(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, FEW, GRID);
    for (size_t member = 0; member < 12; member++)
        if (member != 1 && member != 4)
            scene_run(&at, member);
    scene_note(&at, 4, LAC_FAILED, "the solution became invalid");
    assert_int_equal(unlink(scene_member(&at, 7)), 0);
    assert_int_equal(scene_build(&at), 9);
    assert_near(read_one(scene_index(&at), "/status", 1), LAC_WAITING, 0);
    assert_near(read_one(scene_index(&at), "/status", 4), LAC_FAILED, 0);
    assert_near(read_one(scene_index(&at), "/status", 7), LAC_LOST, 0);
    assert_string_equal(read_word(scene_index(&at), "/sentence", 4), "the solution became invalid");
    assert_text_has(read_word(scene_index(&at), "/sentence", 7), "000007.nc");
    assert_true(isnan(read_one(scene_index(&at), "/at_5", 4)));
    assert_true(isnan(read_one(scene_index(&at), "/series/left", 4 * 11)));
    for (size_t arm = 0; arm < 4; arm++)
        assert_near(read_one(scene_index(&at), "/statistics/left_count", arm * 11 + 3),
                    arm < 3 ? 2 : 3, 0);
    scene_close(&at);
}

static void an_index_without_members_is_a_file_all_the_same(void **state)
{
    (void)state;
    scene at;
    lac_store *store = NULL;
    scene_open(&at, FEW, GRID);
    assert_int_equal(scene_build(&at), 0);
    assert_near(read_one(scene_index(&at), "/status", 11), LAC_WAITING, 0);
    assert_ok(lac_store_open(scene_index(&at), false, &store));
    assert_false(lac_store_has(store, "/series/left"));
    assert_ok(lac_store_close(store));
    scene_close(&at);
}

/* Runs member 3 in some other way, and expects the index to call it lost, with this sentence. */
static void assert_refused(scene *at, const lac_override *more, const char *sentence)
{
    scene_run_with(at, 3, more);
    scene_build(at);
    assert_near(read_one(scene_index(at), "/status", 3), LAC_LOST, 0);
    assert_text_has(read_word(scene_index(at), "/sentence", 3), sentence);
    assert_text_has(read_word(scene_index(at), "/sentence", 3), "members/000003.nc: ");
}

static void a_member_that_was_run_otherwise_is_not_taken(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    assert_refused(&at, &(lac_override){"start", "61 cell"}, "start = 61 cell, not 60");
    assert_refused(&at, &(lac_override){"run.seed", "12"}, "seed 12, not 11");
    assert_refused(&at, &(lac_override){"run.replicate", "2"}, "replicate 2, not 3");
    assert_refused(&at, &(lac_override){"run.until", "9 h"}, "until 32400 s, not 36000");
    assert_refused(&at, &(lac_override){"run.save.every", "30 min"}, "save.every 1800 s, not 3600");
    assert_refused(&at, &(lac_override){"run.method", "mean-field"},
                   "method mean-field, not exact");
    assert_refused(&at, &(lac_override){"twice", "3 1/h"}, "twice = \"3 [1/h]\", not \"2 * k\"");
    scene_close(&at);
}

/* A resolved model writes some values of such a parameter in 1/s and some in 1/h. */
static void values_that_need_base_units_are_those_of_the_roster(void **state)
{
    (void)state;
    static const char plan[] = "lacuna_plan: 1\nscenario: model.yaml\ndesign: random\npoints: 40\n"
                               "vary: {k: {uniform: range}}\n";
    char scenario[sizeof FEW + 64], *rate;
    scene at;
    strcpy(scenario, FEW);
    rate = strstr(scenario, "  k: ");
    assert_non_null(rate);
    char *rest = strchr(rate, '\n');
    char tail[sizeof FEW];
    strcpy(tail, rest);
    strcpy(rate, "  k: {value: 3e-5 1/s, range: [3e-6 1/s, 3e-4 1/s]}");
    strcat(scenario, tail);
    scene_open(&at, scenario, plan);
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 40);
    scene_close(&at);
}

static void a_scenario_that_has_changed_since_is_noticed(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    char changed[sizeof FEW + 32];
    snprintf(changed, sizeof changed, "%s# another\n", FEW);
    write_text(at.scenario, changed);
    assert_refused(&at, NULL, "another text of ");
    scene_close(&at);
}

static void a_file_that_is_damaged_or_unfinished_is_not_taken(void **state)
{
    (void)state;
    scene at;
    lac_store *store = NULL;
    scene_open(&at, FEW, GRID);
    scene_run_all(&at);
    assert_ok(lac_store_open(scene_member(&at, 2), true, &store));
    assert_ok(lac_store_truncate(store, "/time", 6));
    assert_ok(lac_store_close(store));
    write_text(scene_member(&at, 5), "not HDF5");
    assert_int_equal(truncate(scene_member(&at, 8), 3000), 0);
    assert_int_equal(scene_build(&at), 9);
    assert_text_has(read_word(scene_index(&at), "/sentence", 2),
                    "its last frame is at 5 h, but it was to run until 10 h");
    assert_text_has(read_word(scene_index(&at), "/sentence", 5), "not an HDF5 file");
    assert_text_has(read_word(scene_index(&at), "/sentence", 8), "000008.nc");
    scene_close(&at);
}

/* The end of a run is a factor: shorter curves are padded, and `frames` says so. */
static void shorter_members_are_padded_and_said_to_be(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, FEW,
               "lacuna_plan: 1\n"
               "scenario: model.yaml\n"
               "replicates: 2\n"
               "vary: {k: [0.25 1/h, 0.5 1/h, 0.125 1/h]}\n");
    lac_factor *factor = &at.plan->factor[0]; /* which no plan may say */
    lac_free(factor->name);
    lac_free(factor->unit);
    factor->name = lac_copy_text("run.until");
    factor->unit = lac_copy_text("d");
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 6);
    assert_near(read_one(scene_index(&at), "/frames", 0), 7, 0);
    assert_near(read_one(scene_index(&at), "/frames", 3), 13, 0);
    assert_near(read_one(scene_index(&at), "/frames", 5), 4, 0);
    assert_near(read_one(scene_index(&at), "/time", 12), 12, 1e-12);
    assert_true(!isnan(read_one(scene_index(&at), "/series/left", 6)));
    assert_true(isnan(read_one(scene_index(&at), "/series/left", 7)));
    assert_near(read_one(scene_index(&at), "/statistics/left_count", 0 * 13 + 6), 2, 0);
    assert_near(read_one(scene_index(&at), "/statistics/left_count", 0 * 13 + 7), 0, 0);
    assert_near(read_one(scene_index(&at), "/statistics/left_count", 1 * 13 + 12), 2, 0);
    assert_near(read_one(scene_index(&at), "/statistics/left_count", 2 * 13 + 4), 0, 0);
    assert_true(isnan(read_one(scene_index(&at), "/statistics/left_quantiles", 2 * 5 * 13 + 12)));
    scene_close(&at);
}

/* --- fields --- */

static void fields_are_views_with_statistics_in_every_voxel(void **state)
{
    (void)state;
    scene at;
    size_t length[8];
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 3);
    assert_shows_members(&at, scene_index(&at), "slab_A", LAC_NONE);
    assert_shows_members(&at, scene_index(&at), "slab_B", LAC_NONE);
    double *shown = read_all(scene_index(&at), "/fields/slab_A", NULL);
    double *mean = read_all(scene_index(&at), "/statistics/slab_A_mean", length);
    double *sd = read_all(scene_index(&at), "/statistics/slab_A_sd", NULL);
    assert_int_equal(length[0], 1);
    assert_int_equal(length[1], FRAMES);
    assert_int_equal(length[2], 5);
    for (size_t value = 0; value < FIELD; value++) {
        const double *v = shown + value;
        double m = (v[0] + v[FIELD] + v[2 * FIELD]) / 3, s = 0;
        for (size_t member = 0; member < 3; member++)
            s += pow(v[member * FIELD] - m, 2) / 2;
        assert_near(mean[value], m, 1e-6 * m);
        assert_near(sd[value], sqrt(s), 1e-5 * m);
    }
    assert_true(sd[FIELD - 1] > 0.1);
    lac_free(shown);
    lac_free(mean);
    lac_free(sd);
    scene_close(&at);
}

/* A member alone is its own mean: only what arms are called is left of their statistics. */
static void arms_of_one_member_are_not_told_twice(void **state)
{
    (void)state;
    scene at;
    lac_store *store = NULL;
    char **names = NULL;
    size_t count = 0;
    scene_open(&at, SLAB,
               "lacuna_plan: 1\n"
               "scenario: model.yaml\n"
               "vary: {k: [0.125 1/h, 0.25 1/h, 0.5 1/h]}\n"
               "keep: {series: [A_mean], fields: [slab_B]}\n");
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 3);
    assert_shows_members(&at, scene_index(&at), "slab_B", LAC_NONE);
    double *own = read_all(scene_member(&at, 1), "/A_mean", NULL);
    double *curves = read_all(scene_index(&at), "/series/A_mean", NULL);
    assert_memory_equal(curves + FRAMES, own, FRAMES * sizeof *own);
    assert_near(read_one(scene_index(&at), "/statistics/k", 1), 0.25, 0);
    assert_ok(lac_store_open(scene_index(&at), false, &store));
    assert_ok(lac_store_list(store, "/statistics", &names, &count));
    assert_int_equal(count, 2); /* arm, k */
    lac_store_free_list(names, count);
    assert_ok(lac_store_close(store));
    lac_free(own);
    lac_free(curves);
    scene_close(&at);
}

/* With memory for all sums at once, for some, and for less than one frame. */
static void the_memory_for_sums_changes_no_bit(void **state)
{
    (void)state;
    static const char *const names[] = {"/statistics/slab_A_mean", "/statistics/slab_A_sd",
                                        "/statistics/slab_B_mean", "/statistics/slab_B_sd"};
    scene at;
    double *expected[4];
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    scene_build(&at);
    for (size_t name = 0; name < 4; name++)
        expected[name] = read_all(scene_index(&at), names[name], NULL);
    for (size_t slabs = 0; slabs <= 5; slabs += 5) {
        lac_index *index = NULL;
        assert_ok(lac_index_begin_in(at.out, at.samples, NULL, &index));
        index->sum_bytes = slabs * VOXELS * 2 * sizeof(double) + 1;
        for (size_t member = 0; member < 3; member++) {
            lac_attempt_record note = {.member = member, .status = LAC_DONE};
            assert_ok(lac_index_add(index, &note));
        }
        assert_ok(lac_index_finish(index));
        for (size_t name = 0; name < 4; name++) {
            double *values = read_all(scene_index(&at), names[name], NULL);
            assert_memory_equal(values, expected[name], FIELD * sizeof *values);
            lac_free(values);
        }
    }
    for (size_t name = 0; name < 4; name++)
        lac_free(expected[name]);
    scene_close(&at);
}

/* Members of different length, two arms: what was begun as members came is done anew at the end. */
static void fields_of_arms_with_other_frames_are_taken_late(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, SLAB,
               "lacuna_plan: 1\n"
               "scenario: model.yaml\n"
               "replicates: 2\n"
               "vary: {k: [0.125 1/h, 0.25 1/h]}\n"
               "keep: {fields: [slab_B]}\n");
    lac_factor *factor = &at.plan->factor[0]; /* which no plan may say */
    lac_free(factor->name);
    lac_free(factor->unit);
    factor->name = lac_copy_text("run.until");
    factor->unit = lac_copy_text("d");
    scene_run_all(&at);
    assert_int_equal(scene_build(&at), 4);
    double *mean = read_all(scene_index(&at), "/statistics/slab_B_mean", NULL);
    double *own = read_all(scene_member(&at, 2), "/slab_B", NULL);
    for (size_t value = 0; value < FIELD; value++) {
        bool there = value < 4 * VOXELS;
        assert_true(there ? fabs(mean[value] - own[value]) < 1e-5 : isnan(mean[value]));
        assert_near(mean[FIELD + value], own[value], 1e-5);
    }
    lac_free(mean);
    lac_free(own);
    scene_close(&at);
}

static void a_member_without_its_fields_is_not_taken(void **state)
{
    (void)state;
    scene at;
    scene_open(&at, SLAB, FIELDS);
    scene_run_all(&at);
    scene_run_with(&at, 1, &(lac_override){"run.save.fields", "slab_A"});
    assert_int_equal(scene_build(&at), 2);
    assert_text_has(read_word(scene_index(&at), "/sentence", 1), "slab_B");
    assert_shows_members(&at, scene_index(&at), "slab_A", 1);
    scene_close(&at);
}

static void a_damaged_chunk_makes_one_member_bad_and_not_the_index(void **state)
{
    (void)state;
    scene at;
    char *bytes = NULL, large[sizeof SLAB + 8];
    const char *small = strstr(SLAB, "[40 um, 20 um, 100 um]");
    assert_non_null(small); /* more voxels, for chunks of their own, which are deflated */
    snprintf(large, sizeof large, "%.*s[400 um, 20 um, 2 mm]%s", (int)(small - SLAB), SLAB,
             strchr(small, ']') + 1);
    scene_open(&at, large, FIELDS);
    scene_run_all(&at);
    size_t size = bytes_of(scene_member(&at, 1), &bytes);
    size_t hit = 0; /* bytes that a deflated chunk begins with, and what follows spoilt */
    for (size_t at_byte = 0; at_byte + 40 < size && !hit; at_byte++)
        if (memcmp(bytes + at_byte, "\x78\x5e", 2) == 0)
            hit = at_byte;
    assert_true(hit > 0);
    FILE *file = fopen(scene_member(&at, 1), "r+b");
    fseek(file, (long)hit + 2, SEEK_SET);
    for (size_t byte = 0; byte < 12; byte++)
        fputc(0x55, file);
    fclose(file);
    free(bytes);
    assert_int_equal(scene_build(&at), 2);
    assert_text_has(read_word(scene_index(&at), "/sentence", 1), "members/000001.nc: ");
    scene_close(&at);
}

static void endpoints_by_hand(void **state)
{
    (void)state;
    static const double time[] = {0, 1, 3, 4}, value[] = {2, 4, 0, 6};
    static const double gap[] = {NAN, 4, 0, NAN};
    lac_endpoint end = {.reduction = LAC_REDUCE_LAST};
    assert_near(lac_endpoint_value(&end, time, value, 4), 6, 0);
    end.change = true;
    assert_near(lac_endpoint_value(&end, time, value, 4), 4, 0);
    end = (lac_endpoint){.reduction = LAC_REDUCE_LEAST};
    assert_near(lac_endpoint_value(&end, time, value, 4), 0, 0);
    assert_near(lac_endpoint_value(&end, time, gap, 4), 0, 0);
    end.reduction = LAC_REDUCE_MOST;
    assert_near(lac_endpoint_value(&end, time, gap, 4), 4, 0);
    end.reduction = LAC_REDUCE_MEAN;
    assert_near(lac_endpoint_value(&end, time, value, 4), (3 + 4 + 3) / 4.0, 1e-15);
    assert_near(lac_endpoint_value(&end, time, gap, 4), 2, 1e-15);
    assert_near(lac_endpoint_value(&end, time, value, 1), 2, 0);
    end = (lac_endpoint){.reduction = LAC_REDUCE_AT, .at = 1.5};
    assert_near(lac_endpoint_value(&end, time, value, 4), 3, 1e-15);
    end.at = 3 + 1e-12;
    assert_near(lac_endpoint_value(&end, time, value, 4), 0, 0);
    end.at = 4.5;
    assert_true(isnan(lac_endpoint_value(&end, time, value, 4)));
    end.at = -1;
    assert_true(isnan(lac_endpoint_value(&end, time, value, 4)));
    assert_true(isnan(lac_endpoint_value(&end, time, value, 0)));
}

/* (0, 2), (1, 4), (3, 0), (4, 6) within [0.5, 2]: (0.5, 3), (1, 4), (2, 2). */
static void windows_by_hand(void **state)
{
    (void)state;
    static const double time[] = {0, 1, 3, 4}, value[] = {2, 4, 0, 6};
    lac_endpoint end = {.reduction = LAC_REDUCE_AUC};
    assert_near(lac_endpoint_value(&end, time, value, 4), 10, 1e-15);
    end.change = true;
    assert_near(lac_endpoint_value(&end, time, value, 4), 10 - 2 * 4, 1e-15);
    end = (lac_endpoint){.reduction = LAC_REDUCE_AUC, .windowed = true, .window = {0.5, 2}};
    assert_near(lac_endpoint_value(&end, time, value, 4), 1.75 + 3, 1e-15);
    end.reduction = LAC_REDUCE_MEAN;
    assert_near(lac_endpoint_value(&end, time, value, 4), 4.75 / 1.5, 1e-15);
    end.reduction = LAC_REDUCE_LAST;
    assert_near(lac_endpoint_value(&end, time, value, 4), 2, 1e-15);
    end.reduction = LAC_REDUCE_LEAST;
    assert_near(lac_endpoint_value(&end, time, value, 4), 2, 1e-15);
    end.reduction = LAC_REDUCE_TIME_OF_LEAST;
    assert_near(lac_endpoint_value(&end, time, value, 4), 2, 0);
    end.reduction = LAC_REDUCE_TIME_OF_MOST;
    assert_near(lac_endpoint_value(&end, time, value, 4), 1, 0);
    end.windowed = false;
    assert_near(lac_endpoint_value(&end, time, value, 4), 4, 0);
    end.window[0] = 1 + 1e-12; /* rounding does not cut a frame off */
    end.window[1] = 3 - 1e-12;
    end.windowed = true;
    assert_near(lac_endpoint_value(&end, time, value, 4), 1, 0);
    end = (lac_endpoint){.reduction = LAC_REDUCE_MEAN, .windowed = true, .window = {5, 6}};
    assert_true(isnan(lac_endpoint_value(&end, time, value, 4)));
    end.join = LAC_JOIN_RATIO;
    assert_near(lac_endpoint_join(&end, 3, 2), 1.5, 0);
    assert_true(isnan(lac_endpoint_join(&end, 3, 0)));
    end.join = LAC_JOIN_DIFFERENCE;
    assert_near(lac_endpoint_join(&end, 3, 2), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_by_hand),
        cmocka_unit_test(windows_by_hand),
        cmocka_unit_test(curves_and_columns_are_those_of_the_members),
        cmocka_unit_test(statistics_are_those_of_the_curves_in_the_index),
        cmocka_unit_test(chance_and_parameters_are_told_apart),
        cmocka_unit_test(the_order_in_which_members_end_changes_nothing),
        cmocka_unit_test(what_is_missing_is_said_and_not_counted),
        cmocka_unit_test(an_index_without_members_is_a_file_all_the_same),
        cmocka_unit_test(a_member_that_was_run_otherwise_is_not_taken),
        cmocka_unit_test(values_that_need_base_units_are_those_of_the_roster),
        cmocka_unit_test(a_scenario_that_has_changed_since_is_noticed),
        cmocka_unit_test(a_file_that_is_damaged_or_unfinished_is_not_taken),
        cmocka_unit_test(shorter_members_are_padded_and_said_to_be),
        cmocka_unit_test(fields_are_views_with_statistics_in_every_voxel),
        cmocka_unit_test(arms_of_one_member_are_not_told_twice),
        cmocka_unit_test(the_memory_for_sums_changes_no_bit),
        cmocka_unit_test(fields_of_arms_with_other_frames_are_taken_late),
        cmocka_unit_test(a_member_without_its_fields_is_not_taken),
        cmocka_unit_test(a_damaged_chunk_makes_one_member_bad_and_not_the_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
