/* Tests of scenarios: tissue, walls, events, inputs, observables, settings, and files that include
 * and override each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "model/discontinuities.h"
#include "model/save_times.h"
#include "model_scene.h"

#include <unistd.h>

/* --- space
 * ------------------------------------------------------------------------------------------- */

static void the_patch_stands_for_the_joint(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        "lacuna: 1\n"
        "domains: {gel: {kind: tissue}}\n"
        "parameters: {deep: 2.4 mm}\n"
        "tissue: {size: [1 mm, 20 um, deep], voxel: [20 um, 20 um, 40 um],\n"
        "  zones: {a: 0.6 mm, b: [0.6 mm, 1.2 mm], c: 50 %},\n"
        "  boxes: {hole: {x: [0.4 mm, 0.6 mm], depth: [0 mm, 0.5 mm]}}, inactive: [hole],\n"
        "  patches: {edge: {wall_of: hole}, left: {face: top, x: [0 mm, 0.2 mm]}},\n"
        "  represents: {area: 120 cm^2}}\n"
        "run: {until: 1 d}\n");
    assert_int_equal(model->tissue[0].voxels[0], 50);
    assert_int_equal(model->tissue[0].voxels[1], 1);
    assert_int_equal(model->tissue[0].voxels[2], 60);
    assert_near(lac_model_scale(model), 0.02 / 12000, 1e-18);
    assert_int_equal(model->regions, 4);
    assert_near(model->region[1].low[2], 600, 1e-9);
    assert_near(model->region[2].low[2], 1200, 1e-9);
    assert_near(model->region[2].high[2], 2400, 0);
    assert_true(model->region[3].inactive);
    assert_near(model->region[3].high[0], 600, 1e-9);
    assert_true(isinf(model->region[3].high[1]));
    assert_int_equal(model->patch[0].face, LAC_FACE_WALL);
    assert_int_equal(model->patch[0].region, 3);
    assert_int_equal(model->patch[1].face, LAC_FACE_TOP);
    assert_near(model->patch[1].high[0], 200, 1e-9);
    lac_model_free(model);
}

static void interfaces_and_boundaries_become_one_list(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species:\n"
                         "  A: {gel: {diffusivity: 10 um^2/s, partition: 0.8}, bath: {}}\n"
                         "  B: {gel: {diffusivity: 20 um^2/s}, bath: {}}\n"
                         "  C: {gel: {}, bath: {}}\n"
                         "interfaces:\n"
                         "  s: {between: [gel.top, bath], exchange: all, permeability: 1 um/s}\n"
                         "  d: {between: [gel.bottom, bath], exchange: {A: {partition: 0.5}}}\n"
                         "boundaries:\n"
                         "  l: {at: gel.x_low, species: [A, B], value: 1 pM}\n"
                         "  r: {at: gel.x_high, species: C, flux: 2 pM um/s}\n");
    assert_int_equal(model->boundaries, 6); /* C does not move: left out of `all` */
    const lac_boundary *a = &model->boundary[0], *deep = &model->boundary[2];
    scene_moment now = {.model = model};
    assert_ptr_equal(a->type, &lac_boundary_exchange);
    assert_int_equal(a->pool, lac_model_variable(model, 0, 1));
    assert_near(scene_value(&now, a->partition), 0.8, 0);
    assert_near(scene_value(&now, a->permeability), 1, 0);
    assert_null(model->boundary[1].partition);
    assert_near(scene_value(&now, deep->partition), 0.5, 0);
    assert_null(deep->permeability);
    assert_int_equal(model->patch[deep->patch].face, LAC_FACE_BOTTOM);
    assert_ptr_equal(model->boundary[4].type, &lac_boundary_value);
    assert_ptr_equal(model->boundary[5].type, &lac_boundary_flux);
    assert_near(scene_value(&now, model->boundary[5].value), 2 * PICOMOLAR, 1e-18);
    lac_model_free(model);
}

/* --- time
 * -------------------------------------------------------------------------------------------- */

static void inputs_pass_through_their_knots(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "inputs:\n"
              "  step: {shape: steps, knots: [[0 s, 1], [10 s, 3], [20 s, 2]]}\n"
              "  line: {shape: linear, knots: [[0 s, 1], [10 s, 3], [20 s, 2]]}\n"
              "  bend: {shape: smooth, knots: [[0 s, 1], [10 s, 3], [15 s, 4], [20 s, 2]]}\n"
              "  dose: {shape: linear, knots: [[0 s, 0], [10 s, 3 pM]]}\n");
    double rate;
    assert_near(lac_input_value(&model->input[0], -1, &rate), 1, 0);
    assert_near(lac_input_value(&model->input[0], 9.99, &rate), 1, 0);
    assert_near(lac_input_value(&model->input[0], 10, &rate), 3, 0);
    assert_near(lac_input_value(&model->input[0], 99, &rate), 2, 0);
    assert_near(lac_input_value(&model->input[1], 5, &rate), 2, 1e-15);
    assert_near(rate, 0.2, 1e-15);
    assert_near(lac_input_value(&model->input[1], 20, &rate), 2, 0);
    assert_near(rate, 0, 0);
    lac_dimension density =
        lac_dimension_over(lac_dimension_of(LAC_AMOUNT, 1), lac_dimension_of(LAC_LENGTH, 3));
    assert_true(lac_dimension_same(model->input[3].dimension, density));
    lac_model_free(model);
}

static void smooth_inputs_are_monotone_between_knots_and_differentiable(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE
        "inputs: {bend: {shape: smooth, knots: [[0 s, 1], [10 s, 3], [15 s, 4], [20 s, 2]]}}\n");
    const lac_input *bend = &model->input[0];
    double before = 1, rate;
    for (double time = 0; time <= 15; time += 0.25) {
        double value = lac_input_value(bend, time, &rate);
        assert_true(value >= before - 1e-12);
        before = value;
    }
    for (double time = 0.5; time < 21; time += 0.7) {
        double unused, h = 1e-5;
        double slope =
            (lac_input_value(bend, time + h, &unused) - lac_input_value(bend, time - h, &unused)) /
            (2 * h);
        lac_input_value(bend, time, &rate);
        assert_near(rate, slope, 1e-6);
    }
    for (size_t knot = 0; knot < 4; knot++)
        assert_near(lac_input_value(bend, bend->time[knot], &rate), bend->value[knot], 1e-14);
    lac_model_free(model);
}

static void discontinuities_are_where_laws_jump_or_bend(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "species: {A: {gel: {}}}\n"
              "parameters: {t_on: 3 h}\n"
              "inputs: {load: {shape: steps, knots: [[0 h, 1], [5 h, 2], [99 d, 1]]}}\n"
              "reactions:\n"
              "  a: {in: gel, equation: -> A, rate: 'if(t < t_on, 1 pM/h, 2 pM/h)'}\n"
              "  b: {in: gel, equation: -> A, rate: '1 pM/h * max(0, 2 * t / 1 h - 8)'}\n"
              "  c: {in: gel, equation: -> A, rate: 1 pM/h * (1 h >= t) * load}\n");
    static const double hours[] = {1, 3, 4, 5};
    lac_discontinuities *all = NULL;
    assert_ok(lac_discontinuities_create(model, &all));
    double time = 0;
    for (size_t each = 0; each < 4; each++) {
        time = lac_discontinuities_next(all, NULL, time).time;
        assert_near(time, 3600 * hours[each], each == 2 ? 1e-6 : 0);
    }
    assert_true(lac_discontinuities_next(all, NULL, time).time == 99 * 86400.0);
    lac_discontinuities_free(all);
    lac_model_free(model);
}

/* --- events and observables
 * -------------------------------------------------------------------------- */

static void events_know_their_times_and_targets(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE
        "species: {A: {gel: {}, bath: {}}, M: {unit: cell, bath: {total: true}}}\n"
        "parameters: {k: 1/h}\n"
        "events:\n"
        "  on: {at: 1 d, every: 7 d, until: 60 d, into: bath, add: {A: 3 pM}, set: {k: 2/h}}\n"
        "  off: {when: 'mean(A, lower) > 2 pM', once: true, in: gel, region: lower,\n"
        "    scale: {A: 0.5}}\n"
        "doses:\n"
        "  - {at: 0 s, add: {M: 1e6 cell}}\n"
        "  - {at: 0 s, add: {gel.A: 1 pM * exp(-depth / 1 mm)}}\n");
    assert_int_equal(model->events, 4);
    const lac_event *on = &model->event[0], *off = &model->event[1], *dose = &model->event[2];
    assert_near(on->at, 86400, 0);
    assert_near(on->every, 7 * 86400, 0);
    assert_near(on->until, 60 * 86400, 0);
    assert_int_equal(on->actions, 2);
    assert_false(on->action[0].amount); /* in its own unit: a concentration */
    assert_int_equal(on->action[0].target, lac_model_variable(model, 0, 1));
    assert_int_equal(on->action[1].kind, LAC_ACTION_SET);
    assert_true(on->action[1].on_parameter);
    assert_non_null(off->when);
    assert_true(off->once);
    assert_int_equal(off->action[0].region, 1);
    assert_string_equal(dose->id, "dose 1");
    assert_true(dose->action[0].amount);
    assert_true(isinf(dose->until));
    lac_model_free(model);
}

static void bands_take_their_limits_in_the_dimension_of_the_observable(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE
        "species: {A: {molar_mass: 17.3 kDa, gel: {}}}\n"
        "parameters: {day: 1 d}\n"
        "observables: {o: {value: mean(A), unit: pg/mL}, p: {value: 2 pM, unit: pg/mL, of: A}}\n"
        "bands:\n"
        "  b: {observable: o, at: 2 * day, low: 17.3 pg/mL, high: 3 pM, kind: held_out,\n"
        "    source: a paper, note: words, label: name}\n"
        "  c: {observable: o, at: [1 d, 3 d], high: 1 pM, change: true, against: other,\n"
        "    kind: by_construction}\n"
        "  d: {observable: p, at: 0 d, low: 17.3 pg/mL, kind: held_out}\n");
    const lac_band *b = &model->band[0], *c = &model->band[1];
    assert_int_equal(model->bands, 3);
    assert_near(model->band[2].low, PICOMOLAR, 1e-9 * PICOMOLAR);
    assert_int_equal(b->observable, 0);
    assert_near(b->from, 2 * 86400, 1e-6);
    assert_near(b->until, 2 * 86400, 1e-6);
    assert_near(b->low, PICOMOLAR, 1e-9 * PICOMOLAR);
    assert_near(b->high, 3 * PICOMOLAR, 1e-12 * PICOMOLAR);
    assert_int_equal(b->kind, LAC_BAND_HELD_OUT);
    assert_string_equal(b->source, "a paper");
    assert_string_equal(b->note, "words");
    assert_string_equal(b->label, "name");
    assert_false(b->change);
    assert_null(b->against);
    assert_near(c->until, 3 * 86400, 1e-6);
    assert_true(isinf(c->low) && c->low < 0);
    assert_true(c->change);
    assert_string_equal(c->against, "other");
    assert_int_equal(c->kind, LAC_BAND_BY_CONSTRUCTION);
    lac_model_free(model);
}

static void observables_may_name_each_other_and_be_shown_in_mass(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {molar_mass: 10 kDa, gel: {}, bath: {}}}\n"
                         "observables:\n"
                         "  twice: 2 * deep\n"
                         "  deep: {value: 'mean(A, lower)', unit: pg/mL, label: A below}\n"
                         "  all: total(A) + bath.A * 2 mL\n"
                         "  late: 'first(mean(A, gel) > 1 pM)'\n");
    assert_near(model->observable[1].display.factor * PICOMOLAR, 10, 1e-7);
    assert_string_equal(model->observable[1].label, "A below");
    assert_int_equal(model->observable[0].value->arg[1]->op, LAC_OP_MEAN);
    assert_int_equal(model->observable[0].value->arg[1]->region, 1);
    assert_true(
        lac_dimension_same(model->observable[2].dimension, lac_dimension_of(LAC_AMOUNT, 1)));
    assert_true(lac_dimension_same(model->observable[3].dimension, lac_dimension_of(LAC_TIME, 1)));
    lac_model_free(model);
}

/* --- settings
 * ---------------------------------------------------------------------------------------- */

static void settings_are_read_in_any_unit_of_time(void **state)
{
    (void)state;
    lac_override overrides[] = {{"run.rtol", "1e-5"}, {"run.save.every", "2 h"}};
    lac_model *model =
        scene_load_with("lacuna: 1\ndomains: {a: {kind: well-mixed, volume: 1 mL}}\n"
                        "run: {until: 2 d, save: {fields_every: 12 h, compression: 9}, seed: 7}\n",
                        overrides, 2);
    assert_near(model->settings.until, 172800, 0);
    assert_near(model->settings.rtol, 1e-5, 0);
    assert_near(model->settings.save_every, 7200, 0);
    assert_near(model->settings.save_fields_every, 43200, 0);
    assert_near(model->settings.compression, 9, 0);
    assert_near(model->settings.seed, 7, 0);
    assert_string_equal(model->settings.method, "mean-field");
    assert_near(model->settings.linear_tolerance, 0.005, 0);
    lac_model_free(model);
}

static void times_of_frames_are_a_list(void **state)
{
    (void)state;
    static const char text[] = "lacuna: 1\ndomains: {a: {kind: well-mixed, volume: 1 mL}}\n"
                               "run: {until: 2 d, save: {every: 6 h, at: [90 min, 1.5 d]}}\n";
    lac_model *model = scene_load(text);
    double *time;
    size_t count;
    bool saved;
    assert_ok(lac_save_times(&model->settings, &time, &count));
    assert_int_equal(count, 2);
    assert_near(time[0], 5400, 0);
    assert_near(time[1], 129600, 0);
    lac_free(time);
    assert_ok(lac_save_also_at(&model->settings, 129600)); /* is one */
    assert_ok(lac_save_also_at(&model->settings, 21600));  /* a multiple */
    assert_string_equal(model->settings.save_at, "90 min 1.5 d");
    assert_ok(lac_save_also_at(&model->settings, 1800));
    assert_string_equal(model->settings.save_at, "90 min 1.5 d 0.5 h");
    assert_ok(lac_saves_at(&model->settings, 1800, &saved));
    assert_true(saved);
    assert_ok(lac_saves_at(&model->settings, 1801, &saved));
    assert_false(saved);
    lac_model_free(model);
}

static void frames_default_to_a_hundredth_of_the_run(void **state)
{
    (void)state;
    lac_model *model = scene_load(SCENE);
    assert_near(model->settings.save_every, 8640, 1e-9);
    lac_model_free(model);
}

static void every_setting_has_a_default_that_it_accepts(void **state)
{
    (void)state;
    size_t rows;
    const lac_setting *table = lac_setting_table(&rows);
    lac_settings settings;
    lac_settings_default(&settings);
    for (size_t row = 0; row < rows; row++) {
        assert_ok(lac_settings_set(&settings, table[row].key, table[row].fallback));
        assert_true(table[row].help && *table[row].help);
    }
    assert_int_equal(lac_settings_set(&settings, "rtoll", "1"), LAC_INPUT);
    assert_text_has(lac_failure(), "did you mean 'rtol'");
    assert_int_equal(lac_settings_set(&settings, "until", "3 um"), LAC_INPUT);
    assert_text_has(lac_failure(), "time");
    assert_int_equal(lac_settings_set(&settings, "rtol", "3"), LAC_INPUT);
    assert_text_has(lac_failure(), "0.1");
    assert_int_equal(lac_settings_set(&settings, "method", "magic"), LAC_INPUT);
    assert_text_has(lac_failure(), "mean-field");
    assert_int_equal(lac_settings_set(&settings, "seed", "1.5"), LAC_INPUT);
    assert_text_has(lac_failure(), "whole");
}

/* --- saved fields ------------------------------------------------------------------------------
 */

/* What `save.fields` has become; NULL after an error, which `failure` then holds. */
static const char *saved_fields(const char *said, char *failure, size_t bytes)
{
    static char kept[LAC_SETTING_TEXT_BYTES];
    char text[1024];
    lac_model *model = NULL;
    lac_diagnostics list = {0};
    snprintf(text, sizeof text,
             "lacuna: 1\ntitle: t\ndomains: {slab: {kind: tissue}}\nspecies:\n"
             "  A: {unit: 1, slab: {initial: 1}}\n  Bee: {unit: 1, slab: {initial: 1}}\n"
             "tissue: {size: [20 um, 20 um, 20 um], voxel: 20 um}\n"
             "run: {until: 1 d, save: {fields: %s}}\n",
             said);
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "t", .text = text, .directory = "."}, &list, &model);
    snprintf(failure, bytes, "%s", lac_text_of(&list.text));
    if (status == LAC_OK)
        strcpy(kept, model->settings.save_fields);
    lac_model_free(model);
    lac_diagnostics_free(&list);
    return status == LAC_OK ? kept : NULL;
}

static void saved_fields_are_put_in_the_order_of_the_model(void **state)
{
    (void)state;
    char failure[1024];
    assert_string_equal(saved_fields("none", failure, sizeof failure), "none");
    assert_string_equal(saved_fields("slab_A", failure, sizeof failure), "slab_A");
    assert_string_equal(saved_fields("[slab.Bee]", failure, sizeof failure), "slab_Bee");
    assert_string_equal(saved_fields("[Bee, 'A']", failure, sizeof failure), "all");
    assert_string_equal(saved_fields("'slab_Bee, A'", failure, sizeof failure), "all");
}

static void a_saved_field_that_is_none_is_reported_with_place_and_suggestion(void **state)
{
    (void)state;
    char failure[1024];
    assert_null(saved_fields("[A, slab_Be]", failure, sizeof failure));
    assert_text_has(failure, "t:8:38");
    assert_text_has(failure, "did you mean 'slab_Bee'");
    assert_null(saved_fields("[A, all]", failure, sizeof failure));
    assert_text_has(failure, "'all' stands alone");
    assert_null(saved_fields("[]", failure, sizeof failure));
    assert_text_has(failure, "empty");
    assert_null(saved_fields("[[A]]", failure, sizeof failure));
    assert_null(saved_fields("{A: 1}", failure, sizeof failure));
}

static void a_text_beyond_its_room_is_refused(void **state)
{
    (void)state;
    lac_settings settings;
    char text[LAC_SETTING_TEXT_BYTES + 8];
    lac_settings_default(&settings);
    memset(text, 'x', sizeof text);
    text[LAC_SETTING_TEXT_BYTES - 1] = '\0';
    assert_ok(lac_settings_set(&settings, "save.fields", text));
    assert_string_equal(settings.save_fields, text);
    text[LAC_SETTING_TEXT_BYTES - 1] = 'x';
    text[LAC_SETTING_TEXT_BYTES] = '\0';
    assert_int_equal(lac_settings_set(&settings, "save.fields", text), LAC_INPUT);
    memset(text, ' ', LAC_SETTING_TEXT_BYTES);
    assert_int_equal(lac_settings_set(&settings, "save.fields", text), LAC_INPUT);
    assert_ok(lac_settings_set(&settings, "save.fields", " a ,,\n b,"));
    assert_string_equal(settings.save_fields, "a b");
}

/* --- files
 * ------------------------------------------------------------------------------------------- */

/* A directory of its own for the files of one test. */
static char directory[64];

static int make_directory(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/lacuna-scenario-XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    (void)state;
    static const char *const names[] = {"model.yaml", "part.yaml", "run.yaml", "mild.yaml"};
    char path[128];
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[name]);
        unlink(path);
    }
    return rmdir(directory);
}

static const char *write_file(const char *name, const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void scenarios_override_and_the_command_line_has_the_last_word(void **state)
{
    (void)state;
    write_file("part.yaml", "parameters: {k: 1/h, m: 1/h, n: 1/h}\n");
    write_file("model.yaml", "lacuna: 1\ntitle: a model\ninclude: part.yaml\n"
                             "domains: {bath: {kind: well-mixed, volume: 1 mL}}\n"
                             "species: {A: {bath: {initial: 1 pM}}, B: {bath: {initial: 1 pM}}}\n"
                             "run: {until: 1 h, rtol: 1e-4}\n");
    write_file("mild.yaml", "set: {k: 2/h, m: 2/h}\ninitial: {bath: {A: 2 pM, B: 2 pM}}\n"
                            "doses: [{at: 0 s, add: {A: 1 fmol}}]\n");
    const char *path =
        write_file("run.yaml", "model: model.yaml\ninclude: [mild.yaml]\ntitle: a run\n"
                               "set: {m: 3/h}\ninitial: {bath: {B: 3 pM}}\n"
                               "doses: [{at: 1 s, add: {A: 1 fmol}}]\nrun: {until: 2 h}\n");
    lac_override last[] = {{"n", "9/h"}};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_ok(lac_scenario_load(
        &(lac_scenario_origin){.path = path, .override = last, .overrides = 1}, &list, &model));
    assert_string_equal(model->title, "a run");
    assert_string_equal(model->scenario, "run");
    assert_near(scene_parameter(model, "k")->value * 3600, 2, 1e-12);
    assert_near(scene_parameter(model, "m")->value * 3600, 3, 1e-12);
    assert_near(scene_parameter(model, "n")->value * 3600, 9, 1e-12);
    scene_moment now = {.model = model};
    assert_near(scene_value(&now, model->variable[0].initial), 2 * PICOMOLAR, 1e-18);
    assert_near(scene_value(&now, model->variable[1].initial), 3 * PICOMOLAR, 1e-18);
    assert_int_equal(model->events, 2);
    assert_near(model->settings.until, 7200, 0);
    assert_near(model->settings.rtol, 1e-4, 0);
    assert_int_equal(model->sources, 5); /* four files and --set */
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static void circular_includes_are_told_with_their_chain(void **state)
{
    (void)state;
    write_file("part.yaml", "include: [model.yaml]\n");
    const char *path = write_file("model.yaml", "lacuna: 1\ninclude:\n  - part.yaml\n");
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = path}, &list, &model),
                     LAC_INPUT);
    assert_null(model);
    assert_text_has(lac_text_of(&list.text), "part.yaml:1:11: error: circular include:");
    assert_text_has(lac_text_of(&list.text), "model.yaml -> ");
    lac_diagnostics_free(&list);
}

static void what_cannot_be_read_is_told_where_it_is_named(void **state)
{
    (void)state;
    const char *path = write_file("model.yaml", "lacuna: 1\ninclude: [nowhere.yaml]\n");
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = path}, &list, &model),
                     LAC_INPUT);
    assert_text_has(lac_text_of(&list.text), "model.yaml:2:11: error: cannot read:");
    lac_diagnostics_free(&list);
    assert_int_equal(
        lac_scenario_load(&(lac_scenario_origin){.path = "/nowhere/at/all.yaml"}, &list, &model),
        LAC_NO_INPUT);
    assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = directory}, &list, &model),
                     LAC_NO_INPUT);
    lac_diagnostics_free(&list);
}

static void masks_are_found_beside_the_file_that_names_them(void **state)
{
    (void)state;
    const char *path = write_file(
        "model.yaml", "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
                      "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 100 um,\n"
                      "  masks: {scar: {file: mask.h5, dataset: scar}}}\nrun: {until: 1 h}\n");
    char expected[128];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_ok(lac_scenario_load(&(lac_scenario_origin){.path = path}, &list, &model));
    snprintf(expected, sizeof expected, "%s/mask.h5", directory);
    assert_string_equal(model->region[0].file, expected);
    assert_string_equal(model->region[0].dataset, "scar");
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_patch_stands_for_the_joint),
        cmocka_unit_test(interfaces_and_boundaries_become_one_list),
        cmocka_unit_test(inputs_pass_through_their_knots),
        cmocka_unit_test(smooth_inputs_are_monotone_between_knots_and_differentiable),
        cmocka_unit_test(discontinuities_are_where_laws_jump_or_bend),
        cmocka_unit_test(events_know_their_times_and_targets),
        cmocka_unit_test(observables_may_name_each_other_and_be_shown_in_mass),
        cmocka_unit_test(bands_take_their_limits_in_the_dimension_of_the_observable),
        cmocka_unit_test(settings_are_read_in_any_unit_of_time),
        cmocka_unit_test(times_of_frames_are_a_list),
        cmocka_unit_test(frames_default_to_a_hundredth_of_the_run),
        cmocka_unit_test(every_setting_has_a_default_that_it_accepts),
        cmocka_unit_test(saved_fields_are_put_in_the_order_of_the_model),
        cmocka_unit_test(a_saved_field_that_is_none_is_reported_with_place_and_suggestion),
        cmocka_unit_test(a_text_beyond_its_room_is_refused),
        WITH_FILES(scenarios_override_and_the_command_line_has_the_last_word),
        WITH_FILES(circular_includes_are_told_with_their_chain),
        WITH_FILES(what_cannot_be_read_is_told_where_it_is_named),
        WITH_FILES(masks_are_found_beside_the_file_that_names_them),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
