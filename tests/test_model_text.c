/* Tests of a model told back: written and loaded again, described, reviewed, and loaded without
 * memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/write.h"
#include "model_scene.h"

/* Something of everything. */
static const char rich[] =
    "lacuna: 1\n"
    "title: 'all \"kinds\" of things'\n"
    "notes: |\n"
    "  two\n"
    "  lines\n"
    "clinical: true\n"
    "domains:\n"
    "  gel: {kind: tissue, label: a gel}\n"
    "  bath: {kind: well-mixed, volume: 3 * V}\n"
    "  blood: {kind: well-mixed, volume: 5 L}\n"
    "species:\n"
    "  A:\n"
    "    label: substance A\n"
    "    molar_mass: 17.3 kDa\n"
    "    gel: {initial: {upper: 1.1 pg/mL, lower: 0}, diffusivity: D * (1 + 0.1 * G), partition: P,\n"
    "      display: pg/mL}\n"
    "    bath: {initial: 1.1 pg/mL}\n"
    "    blood: {}\n"
    "  B: {gel: {initial: 2 pM * depth / 100 um, diffusivity: {hole: 1 um^2/s, default: 3 um^2/s}},\n"
    "    bath: {atol: 1e-3 pM}}\n"
    "  M: {unit: cell, bath: {initial: N, total: true}}\n"
    "  G: {unit: 1, gel: {initial: 0.9, signed: true}, bath: {initial: 1}}\n"
    "parameters:\n"
    "  V: {value: 4 mL, kind: measured, source: 'a \"book\", page 3', label: a third}\n"
    "  D: {value: 42 um^2/s, range: [20 um^2/s, 90 um^2/s], kind: computed, source: theory}\n"
    "  P: {value: 0.3, factor_range: [0.5, 2], kind: fitted, calibrated_to: the bath}\n"
    "  N: 1e8 cell\n"
    "  K: {value: 50 pg/mL, of: A, display: pg/mL}\n"
    "  k: {value: 0.1/h}\n"
    "  twice: {value: 2 * k}\n"
    "functions: {'up(x, K, n)': x^n / (K^n + x^n)}\n"
    "quantities: {drive: 'up(A, K, 2)'}\n"
    "inputs:\n"
    "  load: {shape: smooth, knots: [[0 d, 1], [7 d, 2], [9 d, 1.1]]}\n"
    "  feed: {shape: steps, knots: [[0 d, 1 pM/h], [1 d, 0]]}\n"
    "reactions:\n"
    "  uptake: {in: [gel, bath], equation: A ->, rate: k * A * load}\n"
    "  bind: {in: gel, region: lower, equation: A + 2 B <=> 1.5 B, rate: 'twice * A * (t < 3 d)',\n"
    "    reverse: k * B}\n"
    "  secretion: {in: bath, equation: M -> M + A, rate: 1e-3 amol/(cell h) * M}\n"
    "  feeding: {in: gel, equation: -> B, rate: {upper: feed, default: 0.1/3 * feed}}\n"
    "  outflow: {in: bath, equation: A -> blood.A, rate: 3 mL/h * A}\n"
    "  switch: {in: gel, equation: B -> B + 2 A, rate: 'if(G < 0.5 and not (t > 1 d), k * B, 0)'}\n"
    "rates:\n"
    "  G:\n"
    "  - {in: gel, rate: 'k * (1 - G) - k * G * drive + min(k, 2 * k, 3 * k)'}\n"
    "  - {in: bath, rate: -k * G / 2}\n"
    "  B: {in: gel, region: upper, rate: -(k * B)^1}\n"
    "interfaces:\n"
    "  top: {between: [gel.top, bath], exchange: all, permeability: 1 um/s}\n"
    "  edge: {between: [gel.edge, blood], exchange: {A: {partition: 0.5}}}\n"
    "boundaries:\n"
    "  base: {at: gel.bottom, species: A, value: 1 pM * load}\n"
    "  side: {at: gel.left, species: B, flux: '2 pM um/s * exp(-depth / 1 mm)'}\n"
    "observables:\n"
    "  below: {value: 'mean(A, lower)', unit: ng/mL, label: below}\n"
    "  late: first(below > 1 pM)\n"
    "  spot: {value: '(at(A, 50 um, 10 um, 30 um) + max(A)) / 3', unit: pg/mL, of: A}\n"
    "  part: 'fraction(A > 1 pM and depth < 50 um, lower)'\n"
    "bands:\n"
    "  early: {observable: below, at: 3 d, low: 3 pg/mL, high: 1 ng/mL, kind: held_out,\n"
    "    source: a paper, note: 'half of it is put in', label: early}\n"
    "  flat: {observable: part, at: [1 d, 9 d], high: 0.5, kind: calibrated, change: true,\n"
    "    against: poor}\n"
    "  slow: {observable: late, at: 2 d, low: 1 h, kind: by_construction}\n"
    "events:\n"
    "  low: {at: 1 d, set: {k: 1/h}, add: {gel.A: 1 pM, M: 7 cell}}\n"
    "  pulse: {at: 1 d, every: 2 d, until: 8 d, into: bath, add: {A: 30 ng}}\n"
    "  rescue: {when: mean(G) < 0.5, once: true, region: lower, scale: {gel.G: 1.5, k: 0.5}}\n"
    "doses:\n"
    "  - {at: 0 d, into: bath, add: {M: 5e7 cell * (1 - P)}}\n"
    "tissue:\n"
    "  size: [100 um, 40 um, 300 um]\n"
    "  voxel: [10 um, 20 um, 30 um]\n"
    "  zones: {upper: 40 %, lower: 60 %}\n"
    "  boxes: {hole: {x: [0 um, 30 um], depth: [0.03 mm, 60 um]}}\n"
    "  masks: {scar: {file: scar.h5, dataset: /scar}}\n"
    "  inactive: hole\n"
    "  patches: {edge: {wall_of: hole}, left: {face: x_low, region: lower, y: [0 um, 20 um]}}\n"
    "  represents: {area: 120 cm^2}\n"
    "run: {until: 10 d, rtol: 1e-4, save: {every: 1 h, fields: [gel.A, G]}}\n";

static lac_status load_rich(lac_diagnostics *list, lac_model **model)
{
    return lac_scenario_load(
        &(lac_scenario_origin){.path = "rich.yaml", .text = rich, .directory = "."}, list, model);
}

static void a_written_model_loads_to_the_same_text(void **state)
{
    (void)state;
    lac_model *first = scene_load(rich), *second;
    lac_text once = {0}, twice = {0};
    lac_model_write(first, &once);
    second = scene_load(lac_text_of(&once));
    lac_model_write(second, &twice);
    assert_ok(once.failed);
    assert_string_equal(lac_text_of(&once), lac_text_of(&twice));
    lac_text_free(&once);
    lac_text_free(&twice);
    lac_model_free(first);
    lac_model_free(second);
}

static void a_written_model_keeps_every_number(void **state)
{
    (void)state;
    lac_model *first = scene_load(rich), *second;
    lac_text text = {0};
    lac_model_write(first, &text);
    second = scene_load(lac_text_of(&text));
    scene_moment a = {.model = first, .time = 5000, .depth = 70, .region = 1}, b = a;
    b.model = second;
    assert_int_equal(first->processes, second->processes);
    for (size_t process = 0; process < first->processes; process++) {
        const lac_process *one = &first->process[process], *two = &second->process[process];
        assert_string_equal(one->id, two->id);
        assert_int_equal(one->region, two->region);
        assert_int_equal(one->changes, two->changes);
        assert_int_equal(one->reactants, two->reactants);
        assert_true(scene_value(&a, one->rate) == scene_value(&b, two->rate));
        for (size_t change = 0; change < one->changes; change++)
            assert_true(one->change[change].factor == two->change[change].factor);
    }
    for (size_t parameter = 0; parameter < first->parameters; parameter++) {
        assert_true(first->parameter[parameter].value == second->parameter[parameter].value);
        assert_true(first->parameter[parameter].display.factor ==
                    second->parameter[parameter].display.factor);
    }
    for (size_t variable = 0; variable < first->variables; variable++) {
        assert_true(first->variable[variable].atol == second->variable[variable].atol);
        assert_true(scene_value(&a, first->variable[variable].initial) ==
                    scene_value(&b, second->variable[variable].initial));
    }
    for (size_t domain = 0; domain < first->domains; domain++)
        assert_true(first->domain[domain].volume == second->domain[domain].volume);
    assert_int_equal(first->boundaries, second->boundaries);
    assert_int_equal(first->conditions, second->conditions);
    assert_true(lac_model_scale(first) == lac_model_scale(second));
    lac_text_free(&text);
    lac_model_free(first);
    lac_model_free(second);
}

static void a_description_tells_what_was_understood(void **state)
{
    (void)state;
    lac_model *model = scene_load(rich);
    lac_text text = {0};
    lac_model_describe(model, &text);
    assert_ok(text.failed);
    static const char *const parts[] = {
        "all \"kinds\" of things\n",
        "not medical advice",
        "10 x 2 x 10 voxels of 10 um x 20 um x 30 um",
        "stands for 120 cm^2",
        "bath (bath): 12 mL, well mixed",
        "inactive",
        "substance A",
        "1e+08",
        "Parameters: measured (1)",
        "20 .. 90",
        "calibrated to the bath",
        "= 2 * k",
        "1 at 0 s, 2 at 7 d, 1.1 at 9 d",
        "A + 2 B -> 1.5 B",
        "M -> M + A",
        "twice * A * (t < 3 d) [pM/h]",
        "gel / lower",
        "exchange with bath.A, partition 0.3, permeability 1 um/s",
        "then every 2 d until 8 d",
        "first time that mean(gel.G) < 0.5",
        "mean(gel.A, lower)",
        "mean-field to 10 d, saved every 1 h",
        "laws jump or bend at 1 d, 3 d, 7 d, 9 d",
    };
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
        assert_text_has(lac_text_of(&text), parts[part]);
    lac_text_free(&text);
    lac_model_free(model);
}

static void a_review_points_at_what_is_odd(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {gel: {initial: 1 pM}}, B: {gel: {}}, C: {gel: {}}}\n"
                         "parameters:\n"
                         "  k: {value: 9/h, range: [1/h, 2/h], kind: prior}\n"
                         "  N: {value: 1, kind: prior, source: a book}\n"
                         "reactions: {r: {in: gel, equation: A -> C, rate: k * B}}\n");
    lac_diagnostics list = {0};
    lac_model_review(model, &list);
    static const char *const parts[] = {
        "scene.yaml:7:3: warning: the parameter 'k' has no source\n",
        "scene.yaml:7:3: warning: the parameter 'k' is 9 1/h, outside its range 1 .. 2",
        "scene.yaml:8:3: warning: nothing uses the parameter 'N'",
        "scene.yaml:8:3: warning: 'N' is a unit too",
        "scene.yaml:5:42: warning: nothing makes 'gel.B', and it starts at 0",
        "scene.yaml:9:13: warning: 'r' uses up 'gel.A', but its rate does not depend on it",
    };
    assert_int_equal(list.warnings, sizeof parts / sizeof *parts);
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
        assert_text_has(lac_text_of(&list.text), parts[part]);
    lac_diagnostics_free(&list);
    lac_model_free(model);
}

static void every_failing_allocation_comes_out_as_such(void **state)
{
    (void)state;
    size_t alive = lac_memory_alive();
    lac_status status = LAC_MEMORY;
    size_t n = 0;
    while (status != LAC_OK) {
        lac_diagnostics list = {0};
        lac_model *model = NULL;
        lac_memory_fail_at(++n);
        status = load_rich(&list, &model);
        lac_memory_fail_at(0);
        lac_model_free(model);
        lac_diagnostics_free(&list);
        assert_int_equal(lac_memory_alive(), alive);
        if (status != LAC_OK && status != LAC_MEMORY)
            fail_msg("allocation %zu: %s: %s", n, lac_status_word(status), lac_failure());
    }
    assert_true(n > 1000);
}

static void words_without_memory_are_known_to_be_lost(void **state)
{
    (void)state;
    void (*const tell[])(const lac_model *, lac_text *) = {lac_model_describe, lac_model_write};
    lac_model *model = scene_load(rich);
    size_t alive = lac_memory_alive();
    for (size_t each = 0; each < 2; each++) {
        lac_status failed = LAC_MEMORY;
        for (size_t n = 1; failed != LAC_OK; n++) {
            lac_text text = {0};
            lac_memory_fail_at(n);
            tell[each](model, &text);
            bool reached = lac_memory_requests() >= n;
            lac_memory_fail_at(0);
            failed = text.failed;
            assert_int_equal(failed, reached ? LAC_MEMORY : LAC_OK);
            lac_text_free(&text);
            assert_int_equal(lac_memory_alive(), alive);
        }
    }
    lac_model_free(model);
}

/* --- the language reference
 * ------------------------------------------------------------------------- */

/* docs/model-language.md: a fence "```yaml" holds a whole model and must load as it is; a fence
 * "```yaml part" is appended to PART, and must load then; other fences are no models. */
#define PART                                                                                       \
    "lacuna: 1\n"                                                                                  \
    "domains: {cartilage: {kind: tissue}, synovial_fluid: {kind: well-mixed, volume: 13.6 mL}}\n"  \
    "tissue: {size: [1 mm, 20 um, 2.4 mm], voxel: 20 um,\n"                                        \
    "  zones: {superficial: 15 %, middle: 50 %, deep: 35 %}}\n"                                    \
    "run: {until: 180 d}\n"

static size_t load_fence(const char *kind, const char *body, size_t bytes)
{
    lac_text text = {0};
    bool part = strncmp(kind, "yaml part\n", 10) == 0;
    if (!part && strncmp(kind, "yaml\n", 5) != 0)
        return 0;
    if (part)
        lac_text_add(&text, "%s", PART);
    lac_text_add_bytes(&text, body, bytes);
    lac_model *model = scene_load(lac_text_of(&text));
    lac_model_free(model);
    lac_text_free(&text);
    return 1;
}

static void every_example_of_the_reference_loads(void **state)
{
    (void)state;
    char path[512], *bytes;
    size_t length, models = 0;
    const char *source = getenv("LACUNA_SOURCE");
    snprintf(path, sizeof path, "%s/docs/model-language.md", source ? source : ".");
    assert_ok(lac_text_read(path, 1 << 20, &bytes, &length));
    for (const char *fence = strstr(bytes, "\n```"); fence;) {
        const char *body = strchr(fence + 1, '\n');
        const char *end = body ? strstr(body, "\n```") : NULL;
        assert_non_null(end);
        models += load_fence(fence + 4, body + 1, (size_t)(end - body));
        fence = strstr(end + 4, "\n```");
    }
    assert_true(models >= 5);
    lac_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_model_loads_to_the_same_text),
        cmocka_unit_test(a_written_model_keeps_every_number),
        cmocka_unit_test(a_description_tells_what_was_understood),
        cmocka_unit_test(a_review_points_at_what_is_odd),
        cmocka_unit_test(every_failing_allocation_comes_out_as_such),
        cmocka_unit_test(words_without_memory_are_known_to_be_lost),
        cmocka_unit_test(every_example_of_the_reference_loads),
    };
    return cmocka_run_group_tests_name("model_text", tests, NULL, NULL);
}
