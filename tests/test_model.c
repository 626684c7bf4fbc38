/* Tests of the loader: species, parameters, processes and laws of a model come out as its text
 * says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model_scene.h"

static void amounts_become_molecules_per_cubic_micrometre(void **state)
{
    (void)state;
    lac_model *model = scene_load(SCENE "species: {A: {gel: {initial: 2 pM}}}\n");
    const lac_variable *a = scene_variable(model, "gel.A");
    scene_moment now = {.model = model};
    assert_near(scene_value(&now, a->initial), 2 * PICOMOLAR, 1e-18);
    assert_string_equal(a->name, "gel_A");
    assert_string_equal(a->display.unit, "pM");
    lac_model_free(model);
}

static void masses_become_amounts_by_the_molar_mass(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "species: {A: {molar_mass: 17.3 kDa, gel: {initial: 34.6 pg/mL, display: ng/mL},\n"
              "    bath: {}}}\n"
              "parameters: {K: {value: 17.3 pg/mL, of: A, range: [1 pM, 34.6 pg/mL]},\n"
              "  q: {value: 17.3 pg/(cell h), of: A}, i: {value: 1/(17.3 pg/mL), of: A}}\n"
              "doses: [{at: 0 s, into: bath, add: {A: 17.3 ng}}]\n");
    scene_moment now = {.model = model};
    const lac_variable *a = scene_variable(model, "gel.A");
    /* 1 kDa = 1 kg/mol to 1e-9, since the mole has been fixed */
    assert_near(scene_value(&now, a->initial), 2 * PICOMOLAR, 2e-9 * PICOMOLAR);
    assert_near(2 * PICOMOLAR * a->display.factor, 0.0346, 1e-9);
    assert_near(scene_parameter(model, "K")->value, PICOMOLAR, 1e-9 * PICOMOLAR);
    assert_near(scene_parameter(model, "K")->high, 2 * PICOMOLAR, 2e-9 * PICOMOLAR);
    assert_near(scene_parameter(model, "q")->value * 3600, 6.02214076e8, 1);
    assert_near(scene_parameter(model, "i")->value * PICOMOLAR, 1, 1e-8);
    const lac_action *dose = &model->event[0].action[0];
    assert_true(dose->amount);
    assert_near(scene_value(&now, dose->value), 6.02214076e11, 1e3);
    lac_model_free(model);
}

static void tissue_variables_come_before_pools(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species:\n"
                         "  M: {unit: cell, bath: {initial: 1e6 cell, total: true}}\n"
                         "  A: {bath: {}, gel: {}}\n"
                         "  G: {unit: 1, gel: {initial: 1, signed: true}}\n");
    assert_int_equal(model->variables, 4);
    assert_int_equal(model->fields, 2);
    assert_string_equal(model->variable[0].path, "gel.A");
    assert_string_equal(model->variable[1].path, "gel.G");
    assert_string_equal(model->variable[2].path, "bath.M");
    assert_string_equal(model->variable[3].path, "bath.A");
    assert_true(model->variable[2].total);
    assert_true(model->variable[1].is_signed);
    assert_true(lac_dimension_same(model->variable[2].dimension, lac_dimension_of(LAC_CELLS, 1)));
    assert_int_equal(lac_model_variable(model, 1, 1), 3);
    assert_int_equal(lac_model_variable(model, 0, 0), LAC_NONE);
    lac_model_free(model);
}

static void values_by_region_become_a_chain_over_the_regions(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {gel: {initial: {lower: 3 pM, default: 1 pM},\n"
                         "    diffusivity: {upper: 40 um^2/s, lower: 20 um^2/s}}}}\n");
    const lac_variable *a = scene_variable(model, "gel.A");
    scene_moment upper = {.model = model, .region = 0}, lower = {.model = model, .region = 1};
    assert_near(scene_value(&upper, a->initial), PICOMOLAR, 1e-18);
    assert_near(scene_value(&lower, a->initial), 3 * PICOMOLAR, 1e-18);
    assert_near(scene_value(&upper, a->diffusivity), 40, 1e-12);
    assert_near(scene_value(&lower, a->diffusivity), 20, 1e-12);
    lac_model_free(model);
}

static void initial_values_may_depend_on_depth(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {gel: {initial: 2 pM * exp(-depth / 100 um)}}}\n");
    scene_moment deep = {.model = model, .depth = 100};
    assert_near(scene_value(&deep, model->variable[0].initial), 2 * PICOMOLAR * exp(-1), 1e-15);
    lac_model_free(model);
}

static void derived_parameters_are_replaced_by_their_parts(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {gel: {initial: 1 pM}}}\n"
                         "parameters: {half: 3 h, k: {value: log(2) / half}, kk: {value: 2 * k}}\n"
                         "reactions: {loss: {in: gel, equation: A ->, rate: kk * A}}\n"
                         "events: {slow: {at: 1 d, set: {half: 6 h}}}\n");
    assert_near(scene_parameter(model, "kk")->value, 2 * log(2) / 10800, 1e-18);
    assert_non_null(scene_parameter(model, "kk")->derived);
    assert_true(scene_parameter(model, "half")->changes);
    scene_moment now = {.model = model};
    const lac_expression *rate = model->process[0].rate;
    double before = scene_value(&now, rate);
    model->parameter[0].value *= 2; /* as the event does */
    assert_near(scene_value(&now, rate), before / 2, 1e-12 * before);
    lac_model_free(model);
}

static void names_of_the_model_hide_units(void **state)
{
    (void)state;
    lac_model *model = scene_load(SCENE "parameters: {h: 2, k: 9/h, m: '9 / 3 [h]', n: 9 um/s}\n");
    assert_near(scene_parameter(model, "k")->value, 4.5, 0);
    assert_string_equal(scene_parameter(model, "k")->display.unit, "1");
    assert_near(scene_parameter(model, "m")->value, 3.0 / 3600, 1e-18);
    assert_string_equal(scene_parameter(model, "n")->display.unit, "um/s");
    lac_model_free(model);
}

static void factor_ranges_multiply_the_value(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "parameters: {k: {value: 2/h, factor_range: [0.5, 3], kind: prior, source: a book,\n"
              "  calibrated_to: the sea}}\n");
    const lac_parameter *k = scene_parameter(model, "k");
    assert_near(k->low * 3600, 1, 1e-12);
    assert_near(k->high * 3600, 6, 1e-12);
    assert_int_equal(k->kind, LAC_PRIOR);
    assert_string_equal(k->source, "a book");
    assert_string_equal(k->calibrated_to, "the sea");
    assert_string_equal(k->display.unit, "1/h");
    assert_false(k->used);
    lac_model_free(model);
}

/* --- processes
 * ------------------------------------------------------------------------------------- */

static void catalysts_and_multiples_leave_net_changes(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {A: {gel: {}}, B: {gel: {}}, C: {gel: {}}}\n"
                         "reactions:\n"
                         "  bind: {in: gel, equation: 'A + 2 B + C <=> 3 B + C',\n"
                         "    rate: 1/(pM h) * A * C, reverse: 2/h * B, region: upper}\n");
    assert_int_equal(model->processes, 2);
    const lac_process *bind = scene_process(model, "bind");
    assert_true(bind->in_tissue);
    assert_int_equal(bind->region, 0);
    assert_int_equal(bind->reactants, 3);
    assert_near(bind->reactant_count[1], 2, 0);
    assert_int_equal(bind->changes, 2); /* C is a catalyst */
    assert_near(bind->change[0].factor, -1, 0);
    assert_near(bind->change[1].stoichiometry, 1, 0);
    assert_string_equal(bind->law, "1/(pM h) * A * C [pM/h]");
    const lac_process *back = scene_process(model, "bind.reverse");
    for (size_t change = 0; change < 2; change++)
        assert_near(back->change[change].factor,
                    back->change[change].variable == bind->change[0].variable ? 1 : -1, 0);
    lac_model_free(model);
}

static void pool_rates_are_of_the_whole_joint(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "species: {A: {bath: {}, gel: {}}, M: {unit: cell, bath: {initial: 1 cell,\n"
              "    total: true}}}\n"
              "reactions:\n"
              "  loss: {in: [bath, gel], equation: A ->, rate: 1/s * A}\n"
              "  make: {in: bath, equation: M -> M + A, rate: 5 molecule/(cell s) * M}\n");
    const double volume = 2e12;
    scene_moment now = {.model = model};
    const lac_process *loss = scene_process(model, "loss.bath");
    const lac_process *make = scene_process(model, "make");
    const lac_process *gel = scene_process(model, "loss.gel");
    double a = (double)lac_model_variable(model, 0, 1) + 1;
    double m = (double)lac_model_variable(model, 1, 1) + 1;
    assert_int_equal(model->tissue_processes, 1);
    assert_ptr_equal(gel, &model->process[0]);
    assert_near(scene_value(&now, loss->rate), a * volume, 1);
    assert_near(loss->change[0].factor, -1 / volume, 1e-28);
    assert_near(scene_value(&now, make->rate), 5 * m, 1e-12);
    assert_int_equal(make->changes, 1);
    assert_near(make->change[0].factor, 1 / volume, 1e-28);
    assert_near(gel->change[0].factor, -1, 0);
    lac_model_free(model);
}

static void pools_react_across_domains(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        "lacuna: 1\n"
        "domains: {a: {kind: well-mixed, volume: 1 mL}, b: {kind: well-mixed, volume: 4 mL}}\n"
        "species: {X: {a: {initial: 1 nM}, b: {}}}\n"
        "reactions: {flow: {in: a, equation: X -> b.X, rate: 1 mL/h * X}}\n"
        "run: {until: 1 h}\n");
    const lac_process *flow = scene_process(model, "flow");
    assert_false(flow->in_tissue);
    assert_near(flow->change[0].factor * 1e12, -1, 1e-12);
    assert_near(flow->change[1].factor * 1e12, 0.25, 1e-12);
    assert_near(flow->change[1].stoichiometry, 1, 0);
    lac_model_free(model);
}

static void rate_equations_fall_apart_into_gains_and_losses(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species: {G: {unit: 1, gel: {initial: 1}, bath: {}}}\n"
                         "parameters: {k: 1/h, m: 2/h}\n"
                         "rates:\n"
                         "  G:\n"
                         "  - {in: gel, rate: k * (1 - G) - (m * G - -k) + k * G^2}\n"
                         "  - {in: bath, rate: -m * G / 2}\n");
    scene_moment now = {.model = model};
    static const char *const ids[] = {"G.gel.gain", "G.gel.loss", "G.gel.loss.2", "G.gel.gain.2"};
    double sum = 0, g = 1, k = 1.0 / 3600, m = 2.0 / 3600;
    assert_int_equal(model->processes, 5);
    for (size_t part = 0; part < 4; part++) {
        const lac_process *it = &model->process[part];
        assert_string_equal(it->id, ids[part]);
        assert_true(it->from_rate_equation);
        assert_int_equal(it->changes, 1);
        sum += it->change[0].factor * scene_value(&now, it->rate);
    }
    assert_near(sum, k * (1 - g) - (m * g + k) + k * g * g, 1e-18);
    const lac_process *bath = scene_process(model, "G.bath.loss");
    double content = (double)lac_model_variable(model, 0, 1) + 1;
    assert_near(bath->change[0].factor * scene_value(&now, bath->rate), -m * content / 2, 1e-18);
    lac_model_free(model);
}

static void quantities_mean_the_species_of_where_they_are_used(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "species: {A: {gel: {}, bath: {}}}\n"
              "functions: {'up(x, K)': x / (K + x)}\n"
              "quantities: {drive: 'up(A, 1 pM)', surface: {in: bath, is: 'up(A, 2 pM)'}}\n"
              "reactions:\n"
              "  r: {in: [gel, bath], equation: -> A, rate: 1 pM/h * drive}\n"
              "  s: {in: gel, equation: -> A, rate: 1 pM/h * surface}\n");
    scene_moment now = {.model = model};
    double unit = PICOMOLAR / 3600;
    assert_near(scene_value(&now, scene_process(model, "r.gel")->rate), unit * 1 / (PICOMOLAR + 1),
                1e-15);
    assert_near(scene_value(&now, scene_process(model, "r.bath")->rate),
                2e12 * unit * 2 / (PICOMOLAR + 2), 1);
    assert_near(scene_value(&now, scene_process(model, "s")->rate), unit * 2 / (2 * PICOMOLAR + 2),
                1e-15);
    lac_model_free(model);
}

/* --- tolerances
 * -------------------------------------------------------------------------------------- */

static void tolerances_follow_the_start_or_stay_small(void **state)
{
    (void)state;
    lac_model *model =
        scene_load(SCENE "species:\n"
                         "  A: {gel: {initial: {upper: 5 pM, lower: 1 pM}}, bath: {}}\n"
                         "  B: {gel: {initial: 3 pM, atol: 1e-3 pM}}\n"
                         "  C: {unit: cell, gel: {}, bath: {total: true}}\n"
                         "  G: {unit: 1, gel: {}}\n");
    assert_near(scene_variable(model, "gel.A")->atol, 5e-6 * PICOMOLAR, 1e-20);
    assert_near(scene_variable(model, "bath.A")->atol, 1e-6 * PICOMOLAR, 1e-20);
    assert_near(scene_variable(model, "gel.B")->atol, 1e-3 * PICOMOLAR, 1e-18);
    assert_near(scene_variable(model, "gel.C")->atol, 1e-12, 1e-24);
    assert_near(scene_variable(model, "bath.C")->atol, 2, 1e-9);
    assert_near(scene_variable(model, "gel.G")->atol, 1e-8, 1e-20);
    lac_model_free(model);
}

static void a_byte_order_mark_of_utf_8_is_no_part_of_the_text(void **state)
{
    (void)state;
    lac_diagnostics list = {0};
    lac_model *model = scene_load("\xef\xbb\xbf" SCENE "species: {A: {bath: {initial: 1 nM}}}\n");
    assert_string_equal(model->source[0]->bytes + 0,
                        SCENE "species: {A: {bath: {initial: 1 nM}}}\n");
    lac_model_free(model);
    lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                             .text = "\xef\xbb\xbf"
                                                     "lacuna: 2\n",
                                             .directory = "."},
                      &list, &model);
    assert_text_has(lac_text_of(&list.text), "scene.yaml:1:9: error");
    lac_diagnostics_free(&list);
}

static void rates_in_mass_become_rates_in_amount(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "species: {A: {molar_mass: 10 kDa, gel: {}, bath: {}}, M: {unit: cell, bath: {}}}\n"
              "reactions:\n"
              "  dense: {in: bath, equation: -> A, rate: 5 pg/mL/h}\n"
              "  whole: {in: bath, equation: -> A, rate: 10 ng/h}\n"
              "  cells: {in: bath, equation: M -> M + A, rate: 1 pg/(cell day) * M}\n"
              "rates: {A: {in: gel, rate: 3 pg/(mL h)}}\n");
    scene_moment now = {.model = model};
    double picogram = 6.02214076e11 / 1e4; /* molecules of 10 kDa */
    double hour = 3600, volume = 2e12,
           cells = 1 + (double)(scene_variable(model, "bath.M") - model->variable);
    const struct {
        const char *id;
        double rate; /* [1/s], of the gel [1/(um^3 s)] */
    } expected[] = {{"dense", 5 * picogram / 1e12 / hour * volume},
                    {"whole", 1e4 * picogram / hour},
                    {"cells", picogram / 86400 * cells / 1e12 * 1e12 * volume},
                    {"A.gain", 3 * picogram / 1e12 / hour}};
    for (size_t each = 0; each < 4; each++) {
        double rate = scene_value(&now, scene_process(model, expected[each].id)->rate);
        if (fabs(rate / expected[each].rate - 1) > 1e-12)
            fail_msg("%s: %.17g, not %.17g", expected[each].id, rate, expected[each].rate);
    }
    lac_model_free(model);
}

static void units_have_plurals_and_pi_is_a_number(void **state)
{
    (void)state;
    lac_model *model = scene_load(
        SCENE "parameters: {a: 2 days, b: 36 hours, c: 90 minutes, d: 2 * pi, e: 310 K,\n"
              "  f: 8.314 J/(mol K) * 310 K / (1 kJ/mol), g: ln(10) / log10(10)}\n");
    assert_true(scene_parameter(model, "a")->value == 172800);
    assert_true(scene_parameter(model, "b")->value == 129600);
    assert_true(scene_parameter(model, "c")->value == 5400);
    assert_true(fabs(scene_parameter(model, "d")->value - 6.283185307179586) < 1e-15);
    assert_true(scene_parameter(model, "e")->value == 310);
    assert_string_equal(scene_parameter(model, "e")->display.unit, "K");
    assert_true(fabs(scene_parameter(model, "f")->value - 2.57734) < 1e-12);
    assert_true(fabs(scene_parameter(model, "g")->value - 2.302585092994046) < 1e-15);
    lac_model_free(model);
    model = scene_load(SCENE "parameters: {pi: 3, d: 2 * pi}\n"); /* one's own */
    assert_true(scene_parameter(model, "d")->value == 6);
    lac_model_free(model);
}

static void values_are_kept_as_the_text_has_them(void **state)
{
    (void)state;
    lac_override over = {"k", "3 1/d"};
    lac_model *model = scene_load_with(
        SCENE "species: {A: {molar_mass: 1 kDa, bath: {initial: 1.1 pg/mL}, gel: {}}}\n"
              "parameters: {k: 0.1/h, h2: 4 h}\n"
              "events: {e: {at: 1 d, in: bath, add: {A: 30 ng}}}\n",
        &over, 1);
    assert_string_equal(scene_variable(model, "bath.A")->written, "1.1 pg/mL");
    assert_null(scene_variable(model, "gel.A")->written);
    assert_string_equal(scene_parameter(model, "k")->written, "3 1/d");
    assert_string_equal(scene_parameter(model, "h2")->written, "4 h");
    assert_string_equal(model->event[0].action[0].written, "30 ng");
    lac_model_free(model);
}

static void what_may_be_negative_is_left_to_the_run(void **state)
{
    (void)state;
    lac_model_free(scene_load(
        SCENE "species: {A: {gel: {signed: true}, bath: {initial: 2 pM}}, B: {bath: {}}}\n"
              "parameters: {k: -1/h, later: -1/h}\n"
              "rates: {A: {in: gel, rate: k * A}}\n"
              "reactions: {r: {in: bath, equation: A -> B, rate: 1/h * (A - B)},\n"
              "  s: {in: bath, equation: B ->, rate: later * B}}\n"
              "events: {e: {at: 0 h, set: {later: 1/h, gel.A: -1 pM}, add: {bath.A: -1 pM}}}\n"
              "observables: {o: 'at(A, 100 um, 20 um, 200 um)'}\n"));
}

static void what_the_file_has_for_itself_gets_a_prefix_in_the_result(void **state)
{
    (void)state;
    lac_model *model = scene_load(SCENE "species: {A: {bath: {}}}\n"
                                        "observables: {bands: A, bath_A: 2 * A, z: A, mine: A}\n");
    assert_string_equal(model->variable[0].stored, "bath_A");
    assert_string_equal(model->observable[0].stored, "observable_bands");
    assert_string_equal(model->observable[1].stored, "observable_bath_A");
    assert_string_equal(model->observable[2].stored, "observable_z");
    assert_string_equal(model->observable[3].stored, "mine");
    lac_model_free(model);
}

static double seconds_of(const char *text)
{
    lac_model *model = scene_load(text);
    double seconds = lac_model_step_seconds(model);
    lac_model_free(model);
    return seconds;
}

/* What a step costs is foreseen from what diffuses and what reacts, not from unknowns alone. */
static void a_step_costs_by_what_diffuses_and_reacts(void **state)
{
    (void)state;
#define STILL SCENE "species: {A: {gel: {initial: 2 pM}}}\n"
    double still = seconds_of(STILL);
    double spread =
        seconds_of(SCENE "species: {A: {gel: {initial: 2 pM, diffusivity: 9 um^2/s}}}\n");
    double one = seconds_of(STILL "reactions: {a: {in: gel, equation: A ->, rate: 1/h * A}}\n");
    double two = seconds_of(STILL "reactions: {a: {in: gel, equation: A ->, rate: 1/h * A},"
                                  " b: {in: gel, equation: A ->, rate: 2/h * A}}\n");
    assert_true(spread > still);
    assert_true(one > still);
    assert_near(two - still, 2 * (one - still), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_in_mass_become_rates_in_amount),
        cmocka_unit_test(units_have_plurals_and_pi_is_a_number),
        cmocka_unit_test(values_are_kept_as_the_text_has_them),
        cmocka_unit_test(what_may_be_negative_is_left_to_the_run),
        cmocka_unit_test(a_byte_order_mark_of_utf_8_is_no_part_of_the_text),
        cmocka_unit_test(what_the_file_has_for_itself_gets_a_prefix_in_the_result),
        cmocka_unit_test(amounts_become_molecules_per_cubic_micrometre),
        cmocka_unit_test(masses_become_amounts_by_the_molar_mass),
        cmocka_unit_test(tissue_variables_come_before_pools),
        cmocka_unit_test(values_by_region_become_a_chain_over_the_regions),
        cmocka_unit_test(initial_values_may_depend_on_depth),
        cmocka_unit_test(derived_parameters_are_replaced_by_their_parts),
        cmocka_unit_test(names_of_the_model_hide_units),
        cmocka_unit_test(factor_ranges_multiply_the_value),
        cmocka_unit_test(catalysts_and_multiples_leave_net_changes),
        cmocka_unit_test(pool_rates_are_of_the_whole_joint),
        cmocka_unit_test(pools_react_across_domains),
        cmocka_unit_test(rate_equations_fall_apart_into_gains_and_losses),
        cmocka_unit_test(quantities_mean_the_species_of_where_they_are_used),
        cmocka_unit_test(tolerances_follow_the_start_or_stay_small),
        cmocka_unit_test(a_step_costs_by_what_diffuses_and_reacts),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
