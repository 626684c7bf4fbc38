/* Tests of what is wrong in models: each is reported at its line and column, with what was
 * expected.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model_scene.h"

typedef struct wrong {
    const char *text; /* after SCENE, from line 5 on */
    const char *place;
    const char *message;
} wrong;

#define MEAN TWO "observables: {o: mean(A)}\n"
#define TWO "species: {A: {gel: {diffusivity: 1 um^2/s}, bath: {}}, B: {gel: {}}}\n"

static const wrong wrongs[] = {
    /* keys and words */
    {"specis: {}\n", "5:1", "did you mean 'species'"},
    {"species: {A: {gel: {intial: 1 pM}}}\n", "5:21", "did you mean 'initial'"},
    {"species: {A: {gell: {}}}\n", "5:15", "did you mean 'gel'"},
    {"species: {A: {gel: {}}, A: {gel: {}}}\n", "5:25", "'A'"},
    {"species: {A: {}}\n", "5:11", "in no domain"},
    {"species: {A: {unit: cells, gel: {}}}\n", "5:21", "did you mean 'cell'"},
    {"species: {A: {gel: {total: true}}}\n", "5:15", "only well-mixed domains can hold totals"},
    {"species: {A: {gel: {signed: yes}}}\n", "5:29", "true or false"},
    {"species: [A]\n", "5:10", "must be a mapping"},
    {"parameters: {t: 1}\n", "5:14", "reserved"},
    {"parameters: {depth: 1}\n", "5:14", "reserved"},
    {"parameters: {mean: 1}\n", "5:14", "reserved"},
    {"parameters: {2k: 1}\n", "5:14", "not a name"},
    {"parameters: {upper: 1}\n", "3:63", "taken: it is a parameter, at scene.yaml:5"},
    /* dimensions */
    {"species: {A: {gel: {initial: 1 h}}}\n", "5:30",
     "the initial value of gel.A must be amount/length^3"},
    {"species: {A: {gel: {initial: 1 pg/mL}}}\n", "5:30", "give 'A' a molar_mass"},
    {"species: {A: {molar_mass: 3 h, gel: {}}}\n", "5:27", "mass"},
    {"species: {A: {molar_mass: 0 kDa, gel: {}}}\n", "5:27", "must be above 0"},
    {"species: {A: {gel: {diffusivity: 1 um/s}}}\n", "5:34", "length^2/time"},
    {"species: {A: {gel: {diffusivity: -1 um^2/s}}}\n", "5:34", "is negative"},
    {"species: {A: {gel: {diffusivity: {upper: 1 um^2/s, lower: 0 - 2 um^2/s}}}}\n", "5:34",
     "is negative"},
    {"species: {A: {gel: {initial: -1 pM}}}\n", "5:30", "is negative"},
    {"species: {A: {gel: {atol: 0 pM}}}\n", "5:27", "must be above 0"},
    {"species: {A: {gel: {display: h}}}\n", "5:30", "h"},
    {"species: {A: {gel: {initial: 1 pM + 2 h}}}\n", "5:35", "time"},
    {"species: {A: {gel: {initial: {uper: 1 pM, default: 0}}}}\n", "5:31", "did you mean 'upper'"},
    {"species: {A: {gel: {initial: {upper: 1 pM}}}}\n", "5:30", "default"},
    {"species: {A: {gel: {initial: t * 1 pM/h}}}\n", "5:30", "cannot depend on the time"},
    {"species: {A: {bath: {initial: depth * 1 pM/um}}}\n", "5:31",
     "cannot depend on the place in the tissue"},
    /* parameters */
    {"parameters: {k: {valu: 1}}\n", "5:18", "did you mean 'value'"},
    {"parameters: {k: {kind: prior}}\n", "5:14", "needs a value"},
    {"parameters: {k: {value: 1/h, range: [1, 2]}}\n", "5:38", "1/time"},
    {"parameters: {k: {value: 1/h, range: [2/h, 1/h]}}\n", "5:37", "low end above its high end"},
    {"parameters: {k: {value: 1/h, range: 2/h}}\n", "5:37", "[low, high]"},
    {"parameters: {k: {value: 1/h, kind: guess}}\n", "5:36", "unknown kind of parameter 'guess'"},
    {"parameters: {k: 2 * m, m: k / 2}\n", "5:27", "depends on itself"},
    {"parameters: {k: 2 * n}\n", "5:21", "n"},
    {"parameters: {k: {value: 1, of: A}}\n", "5:32", "unknown species 'A'"},
    {"parameters: {k: 1 / (1 - 1)}\n", "5:17", "not a finite number"},
    {"parameters: {kay: 1/h}\nset: {kat: 2/h}\n", "6:7", "did you mean 'kay'"},
    {"parameters: {k: 1/h}\nset: {k: 2 um}\n", "6:10", "1/time"},
    /* names in laws */
    {TWO "reactions: {r: {in: gel, equation: A ->, rate: 1/h * a}}\n", "6:54", "did you mean 'A'"},
    {TWO "reactions: {r: {in: bath, equation: A ->, rate: 1/h * B}}\n", "6:55", "write gel.B"},
    {TWO "reactions: {r: {in: bath, equation: A ->, rate: 1/h * gel.A}}\n", "6:55",
     "the species of the tissue"},
    {TWO "reactions: {r: {in: gel, equation: A ->, rate: 1/h * mean(A)}}\n", "6:54", "mean"},
    {TWO "quantities: {q: p, p: q}\n", "6:23", "depends on itself"},
    {TWO "quantities: {q: {in: gel, is: A}}\n"
         "reactions: {r: {in: bath, equation: A ->, rate: 1/h * q}}\n",
     "7:55", "the species of the tissue"},
    {TWO "functions: {'f(x': x}\n", "6:17", "expected ')'"},
    /* reactions */
    {TWO "reactions: {r: {in: gel, equation: A, rate: 1 pM/h}}\n", "6:37", "expected '->'"},
    {TWO "reactions: {r: {in: gel, equation: A + -> B, rate: 1 pM/h}}\n", "6:40", "A + 2 B -> C"},
    {TWO "reactions: {r: {in: gel, equation: A -> D, rate: 1 pM/h}}\n", "6:41",
     "'D' is not a species"},
    {TWO "reactions: {r: {in: bath, equation: A -> B, rate: 1 pM/h}}\n", "6:42",
     "'B' is not in the domain 'bath'"},
    {TWO "reactions: {r: {in: gel, equation: A -> bath.A, rate: 1 pM/h}}\n", "6:36", "interfaces"},
    {TWO "reactions: {r: {in: gel, equation: A -> B, rate: 1 pM}}\n", "6:50",
     "the rate of 'r' must be amount/length^3/time"},
    {TWO "reactions: {r: {in: gel, equation: A -> B, rate: 1 fmol/h}}\n", "6:50",
     "amount/length^3/time"},
    {TWO "reactions: {r: {in: gel, equation: A <=> B, rate: 1 pM/h}}\n", "6:36", "reverse"},
    {TWO "reactions: {r: {in: gel, equation: A -> B, rate: 1 pM/h, reverse: 1 pM/h}}\n", "6:67",
     "<=>"},
    {TWO "reactions: {r: {in: gell, equation: A -> B, rate: 1 pM/h}}\n", "6:21",
     "did you mean 'gel'"},
    {TWO "reactions: {r: {in: bath, region: upper, equation: A ->, rate: 1 pM/h}}\n", "6:35",
     "only the tissue has regions"},
    {TWO "reactions: {r: {equation: A -> B, rate: 1 pM/h}}\n", "6:13", "needs in: DOMAIN"},
    {TWO "rates: {C: {in: gel, rate: 1/h}}\n", "6:9", "unknown species 'C'"},
    {TWO "rates: {B: {in: bath, rate: 1 pM/h}}\n", "6:17", "'B' is not in 'bath'"},
    {TWO "rates: {B: {in: gel, rate: 1/h}}\n", "6:28", "amount/length^3/time"},
    /* walls */
    {TWO "interfaces: {s: {between: [gel.tpo, bath], exchange: [A]}}\n", "6:28",
     "did you mean 'top'"},
    {TWO "interfaces: {s: {between: [bath, gel], exchange: [A]}}\n", "6:28", "gel.top"},
    {TWO "interfaces: {s: {between: [gel.top, gel], exchange: [A]}}\n", "6:37", "well-mixed"},
    {TWO "interfaces: {s: {between: [gel.top, bath], exchange: [B]}}\n", "6:55",
     "'B' is not in 'bath'"},
    {TWO "interfaces: {s: {between: [gel.top, bath], exchange: [C]}}\n", "6:55",
     "unknown species 'C'"},
    {TWO "interfaces: {s: {between: [gel.top, bath], exchange: [A, A]}}\n", "6:58",
     "has a boundary at 'top' already"},
    {TWO "interfaces: {s: {between: [gel.top, bath], exchange: [A], permeability: 0 um/s}}\n",
     "6:73", "must be above 0"},
    {"species: {A: {gel: {}, bath: {}}}\n"
     "interfaces: {s: {between: [gel.top, bath], exchange: [A]}}\n",
     "6:55", "does not move"},
    {"species: {A: {gel: {diffusivity: 1 um^2/s}, bath: {total: true}}}\n"
     "interfaces: {s: {between: [gel.top, bath], exchange: [A]}}\n",
     "6:55", "is a total"},
    {TWO "boundaries: {b: {at: gel.top, species: A, value: 1 h}}\n", "6:50", "amount/length^3"},
    {TWO "boundaries: {b: {at: gel.top, species: A, flux: 1 pM}}\n", "6:49",
     "amount/length^2/time"},
    {TWO "boundaries: {b: {at: gel.top, species: A, value: 1 pM, flux: 1 pM um/s}}\n", "6:14",
     "either a value or a flux"},
    {TWO "boundaries: {b: {at: gel.top, species: A, value: A}}\n", "6:50",
     "cannot depend on the species of the tissue"},
    /* events */
    {TWO "events: {e: {at: -1 d, in: bath, add: {A: 1 fmol}}}\n", "6:18", "before the start"},
    {TWO "events: {e: {in: bath, add: {A: 1 fmol}}}\n", "6:10", "'at' or a condition 'when'"},
    {TWO "events: {e: {at: 1 d, add: {A: 1 fmol}}}\n", "6:29", "in several domains"},
    {TWO "events: {e: {at: 1 d, in: bath, add: {A: 1 h}}}\n", "6:42", "amount"},
    {TWO "events: {e: {at: 1 d, in: bath, add: {A: 1 fmol, bath.A: 2 fmol}}}\n", "6:50", "twice"},
    {TWO "events: {e: {at: 1 d, in: bath}}\n", "6:10", "add, set or scale"},
    {TWO "events: {e: {at: 1 d, in: bath, scale: {A: 2 pM}}}\n", "6:44", "scale"},
    {TWO "events: {e: {at: 1 d, every: 0 d, in: bath, add: {A: 1 pM}}}\n", "6:30", "above 0"},
    {TWO "events: {e: {at: 1 d, every: 1 ms, in: bath, add: {A: 1 pM}}}\n", "6:30",
     "more than 1000000 times"},
    {TWO "events: {e: {at: 2 d, every: 1 h, until: 1 d, in: bath, add: {A: 1 pM}}}\n", "6:42",
     "ends before it begins"},
    {TWO "events: {e: {when: mean(A), in: bath, add: {A: 1 pM}}}\n", "6:20", "a condition"},
    {TWO "events: {e: {when: A > 1 pM, in: gel, add: {A: 1 pM}}}\n", "6:20", "several domains"},
    {TWO "events: {e: {when: gel.A > 1 pM, in: gel, add: {A: 1 pM}}}\n", "6:20",
     "write mean(gel.A)"},
    {TWO "events: {e: {when: bath.A > 1 pM, at: 1 d, in: gel, add: {A: 1 pM}}}\n", "6:39",
     "not both"},
    {"parameters: {k: 1, m: 2 * k}\nevents: {e: {at: 1 d, set: {m: 3}}}\n", "6:29", "derived"},
    {"parameters: {t0: 1 d, k: 1}\n"
     "events: {e: {at: t0, set: {k: 3}}, f: {at: 1 h, set: {t0: 2 h}}}\n",
     "6:55", "cannot change during a run"},
    {TWO "doses: {at: 1 d}\n", "6:8", "sequence"},
    /* observables and inputs */
    {TWO "observables: {o: gel.A}\n", "6:18", "write mean(gel.A)"},
    {TWO "observables: {o: mean(A, uper)}\n", "6:26", "is not a name"},
    {TWO "observables: {o: 'mean(A, uper)'}\n", "6:27", "upper"},
    {TWO "observables: {o: {value: mean(A), unit: h}}\n", "6:41", "h"},
    {TWO "observables: {o: p, p: o}\n", "6:24", "depends on itself"},
    /* bands */
    {MEAN "bands: {b: {observable: oo, at: 1 d, low: 1 pM, kind: held_out}}\n", "7:25",
     "known are o"},
    {MEAN "bands: {b: {observable: o, low: 1 pM, kind: held_out}}\n", "7:9", "needs a time"},
    {MEAN "bands: {b: {at: 1 d, low: 1 pM, kind: held_out}}\n", "7:9", "needs an observable"},
    {MEAN "bands: {b: {observable: o, at: 1 d, kind: held_out}}\n", "7:9", "needs a limit"},
    {MEAN "bands: {b: {observable: o, at: 1 d, low: 1 pM}}\n", "7:9", "needs a kind"},
    {MEAN "bands: {b: {observable: o, at: 1 d, low: 1 pM, kind: held}}\n", "7:54",
     "known are calibrated, held_out"},
    {MEAN "bands: {b: {observable: o, at: 1 d, low: 1 h, kind: held_out}}\n", "7:42",
     "a limit of the band 'b' must be amount/length^3"},
    {MEAN "bands: {b: {observable: o, at: 1 um, low: 1 pM, kind: held_out}}\n", "7:32",
     "the time of the band 'b' must be time"},
    {MEAN "bands: {b: {observable: o, at: 1 d, low: 2 pM, high: 1 pM, kind: held_out}}\n", "7:42",
     "low end above its high end"},
    {MEAN "bands: {b: {observable: o, at: [2 d, 1 d], low: 2 pM, kind: held_out}}\n", "7:32",
     "before it begins"},
    {MEAN "bands: {b: {observable: o, at: [1 d, 2 d, 3 d], low: 2 pM, kind: held_out}}\n", "7:32",
     "must be a time or [from, until]"},
    {MEAN "bands: {b: {observable: o, at: 1 d, low: 2 pM, kind: held_out, hihg: 1}}\n", "7:64",
     "did you mean 'high'"},
    {"inputs: {l: {shape: wavy, knots: [[0 s, 1]]}}\n", "5:21", "unknown shape"},
    {"inputs: {l: {shape: steps, knots: [[1 s, 1], [0 s, 2]]}}\n", "5:46", "must increase"},
    {"inputs: {l: {shape: steps, knots: [[0 s, 1], [1 s, 2 h]]}}\n", "5:42", "time"},
    {"inputs: {l: {shape: steps, knots: [3]}}\n", "5:36", "[time, value]"},
    {"inputs: {l: {shape: steps, knots: [[0 s, 1 pM], [1 s]]}}\n", "5:49", "[time, value]"},
};

static void every_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t each = 0; each < sizeof wrongs / sizeof *wrongs; each++) {
        lac_text text = {0};
        char place[64];
        lac_diagnostics list = {0};
        lac_model *model = NULL;
        lac_text_add(&text, "%s%s", SCENE, wrongs[each].text);
        lac_status status = lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                                     .text = lac_text_of(&text),
                                                                     .directory = "."},
                                              &list, &model);
        snprintf(place, sizeof place, "scene.yaml:%s: error: ", wrongs[each].place);
        const char *found = strstr(lac_text_of(&list.text), place);
        const char *end = found ? strchr(found, '\n') : NULL;
        const char *message = found ? strstr(found, wrongs[each].message) : NULL;
        if (status != LAC_INPUT || model || !message || message > end) {
            print_error("%sexpected %s...%s\ngot (%d)\n%s\n", wrongs[each].text, place,
                        wrongs[each].message, (int)status, lac_text_of(&list.text));
            failed++;
        }
        lac_model_free(model);
        lac_diagnostics_free(&list);
        lac_text_free(&text);
    }
    assert_int_equal(failed, 0);
}

/* Mistakes in what SCENE itself says: whole files. */
static const wrong whole[] = {
    {"", "1:1", ""},
    {"domains: {bath: {kind: well-mixed, volume: 1 mL}}\nrun: {until: 1 h}\n", "1:1", "lacuna: 1"},
    {"lacuna: 2\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\nrun: {until: 1 h}\n", "1:9",
     "version"},
    {"lacuna: 1\nrun: {until: 1 h}\n", "1:1", "needs domains"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed}}\nrun: {until: 1 h}\n", "2:11",
     "needs a volume"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 um}}\nrun: {until: 1 h}\n", "2:44",
     "length^3"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 0 mL}}\nrun: {until: 1 h}\n", "2:44",
     "above 0"},
    {"lacuna: 1\ndomains: {bath: {kind: wellmixed, volume: 1 mL}}\nrun: {until: 1 h}\n", "2:24",
     "did you mean 'well-mixed'"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\n", "1:1", "until"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\nrun: {until: 1 h, rtoll: 1}\n",
     "3:19", "did you mean 'rtol'"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\nrun: {until: 1 pM}\n", "3:14",
     "time"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\n"
     "run: {until: 1 d, save: {every: 1 us}}\n",
     "3:6", "frames"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n", "2:11", "'tissue:'"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}, g: {kind: tissue}}\nrun: {until: 1 h}\n", "2:32",
     "the tissue 'g' needs its geometry"},
    {"lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 1 mm}\n",
     "4:9", "no domain is of kind tissue"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 5 um], voxel: 20 um}\n",
     "4:29", "less than a voxel"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 0 mm, 1 mm], voxel: 20 um}\n",
     "4:23", "above 0"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1.01 mm, 1 mm], voxel: 20 um}\n",
     "4:23", "whole number"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 m, 1 m, 1 m], voxel: 1 um}\n",
     "4:16", "more than the limit"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um, zones: {a: 50 %, b: 40 %}}\n",
     "4:57", "the zones fill 900 um"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um, inactive: [hole]}\n",
     "4:61", "unknown region 'hole'"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um, boxes: {b: {x: [2 um, 1 um]}}}\n",
     "4:65", "ends before it begins"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um, boxes: {b: {}},\n"
     "  patches: {p: {wall_of: b}}}\n",
     "5:26", "not inactive"},
    {"lacuna: 1\ndomains: {gel: {kind: tissue}}\nrun: {until: 1 h}\n"
     "tissue: {size: [1 mm, 1 mm, 1 mm], voxel: 20 um, represents: {area: 3 mm}}\n",
     "4:69", "length^2"},
    {"lacuna: 1\nparameters: {V: 1 mL, W: 2 * V}\n"
     "domains: {bath: {kind: well-mixed, volume: W}}\nrun: {until: 1 h}\n"
     "events: {e: {at: 1 s, set: {V: 2 mL}}}\n",
     "5:29", "cannot change during a run"},
    {"lacuna: 1\ndomains: {a_b: {kind: well-mixed, volume: 1 mL}, a: {kind: well-mixed,\n"
     "  volume: 1 mL}}\nspecies: {c: {a_b: {}}, b_c: {a: {}}}\nrun: {until: 1 h}\n",
     "4:31", "rename one"},
    /* names that meet in the result, where some are kept for the file */
    {"lacuna: 1\ndomains: {a: {kind: well-mixed, volume: 1 mL}}\nspecies: {q: {a: {}}}\n"
     "observables: {a_q: q, observable_a_q: 3 * q}\nrun: {until: 1 h}\n",
     "4:23", "'a_q' and 'observable_a_q' would both be 'observable_a_q' in the result"},
    {"lacuna: 1\ndomains: {a: {kind: well-mixed, volume: 1 mL}}\nspecies: {q: {a: {}}}\n"
     "observables: {ledger: q, observable_ledger: 3 * q}\nrun: {until: 1 h}\n",
     "4:26", "rename one"},
    {"lacuna: 1\ndomains: {a: {kind: well-mixed, volume: 1 mL}, variable: {kind: well-mixed,\n"
     "  volume: 1 mL}, time: {kind: well-mixed, volume: 1 mL}}\n"
     "species: {fields: {time: {}}, time_fields: {variable: {}}}\nrun: {until: 1 h}\n",
     "4:45", "would both be 'variable_time_fields' in the result: rename one"},
    /* what is negative whatever happens, where the value is written */
    {SCENE "species: {A: {gel: {initial: 1 pM}}}\nparameters: {k: {value: -0.1/h}}\n"
           "reactions: {r: {in: gel, equation: A ->, rate: k * A}}\n",
     "6:25", "'k' is -0.1 1/h, so that the rate of 'r' is negative"},
    {SCENE "species: {A: {gel: {initial: 1 pM}}}\n"
           "reactions: {r: {in: gel, equation: -> A, rate: 1 pM/h * (1 - 2)}}\n",
     "6:48", "the rate of 'r' is negative"},
    {SCENE "species: {A: {gel: {initial: 1 pM}}}\nset: {k: -1/h}\nparameters: {k: 1/h}\n"
           "reactions: {r: {in: gel, equation: A ->, rate: {upper: k * A, lower: 1/h * A}}}\n",
     "6:10", "'k' is -1 1/h, so that the rate of 'r' is negative"},
    {SCENE "species: {A: {gel: {diffusivity: D * (1 + A / 1 pM), initial: 1 pM}}}\n"
           "parameters: {D: -1 um^2/s}\n",
     "6:17", "so that the diffusivity of gel.A is negative"},
    {SCENE "species: {A: {gel: {diffusivity: D}}}\nparameters: {D: -1 um^2/s}\n", "6:17",
     "so that the diffusivity of gel.A is negative"},
    {SCENE "species: {A: {gel: {diffusivity: 1 um^2/s, partition: -0.7}, bath: {}}}\n"
           "interfaces: {s: {between: [gel.top, bath], exchange: all}}\n",
     "5:55", "the partition of gel.A is negative"},
    {SCENE "species: {A: {gel: {diffusivity: 1 um^2/s}}}\n"
           "boundaries: {b: {at: gel.top, species: A, value: -1 pM}}\n",
     "6:50", "the boundary value of gel.A is negative"},
    {SCENE "species: {A: {bath: {}}}\nevents: {e: {at: 1 d, set: {A: -1 pM}}}\n", "6:32",
     "what is to set bath.A is negative"},
    /* what is not a number whatever happens, where it is written */
    {SCENE "species: {A: {gel: {initial: 1 pM}}}\n"
           "reactions: {r: {in: gel, equation: A ->, rate: 1/h * A * log(-1)}}\n",
     "6:58", "log(-1) is not a number, nor is the rate of 'r' then"},
    {SCENE "species: {A: {gel: {initial: 1 pM}}}\nparameters: {z: -2}\n"
           "reactions: {r: {in: gel, equation: A ->, rate: 'if(t < 1 h, 0/h, 1/h) * A * z^0.5'}}\n",
     "7:77", "z^0.5 is not a number, nor is the rate of 'r' then"},
    {SCENE "species: {A: {gel: {initial: 1 pM * sqrt(1 - 2)}}}\n", "5:37",
     "sqrt(1 - 2) is not a number, nor is the initial value of gel.A then"},
    {SCENE "species: {A: {gel: {diffusivity: 1 um^2/s, partition: log(-1)}, bath: {}}}\n"
           "interfaces: {s: {between: [gel.top, bath], exchange: all}}\n",
     "5:55", "log(-1) is not a number, nor is the partition of gel.A then"},
    /* a parameter whose dimension no use accepts */
    {SCENE "species: {A: {gel: {}, bath: {}}}\nparameters:\n"
           "  half_life: {value: 4 um, kind: prior}\n  k: {value: log(2) / half_life}\n"
           "reactions: {r: {in: [gel, bath], equation: A ->, rate: k * A}}\n",
     "7:22", "'half_life' must be time (such as h), not length (such as um): no use accepts that"},
    {SCENE "species: {A: {bath: {}}}\nparameters: {tau: 3 pM}\n"
           "reactions: {r: {in: bath, equation: A ->, rate: 1/h * A * exp(-t / tau)}}\n",
     "6:19", "'tau' must be time (such as h), not amount/length^3 (such as pM)"},
    {SCENE "species: {A: {bath: {}}}\nparameters: {half: 3 h}\n"
           "reactions: {r: {in: bath, equation: A ->, rate: 1/h * A + half}}\n",
     "6:20", "no use accepts that (scene.yaml:7:57)"},
    {SCENE "species: {A: {bath: {}}}\nparameters: {k: 0.1/h}\n" /* a factor too many in the law */
           "reactions: {r: {in: bath, equation: A ->, rate: k * A * A}}\n",
     "7:49", "the rate of 'r' must be"},
    {SCENE "species: {A: {bath: {}}}\nparameters: {k: 0.1/h}\n" /* one use accepts it */
           "reactions: {r: {in: bath, equation: A ->, rate: k * A},\n"
           "  s: {in: bath, equation: A ->, rate: k * A * 1 um}}\n",
     "8:39", "the rate of 's' must be"},
    /* masses without a molar mass, or of two species */
    {SCENE "species: {A: {bath: {}}}\nreactions: {r: {in: bath, equation: -> A, rate: 1 ng/h}}\n",
     "6:49", "is a mass (mass/time"},
    {SCENE "species: {A: {molar_mass: 1 kDa, bath: {}}, B: {molar_mass: 2 kDa, bath: {}}}\n"
           "reactions: {r: {in: bath, equation: A -> B, rate: 1 ng/h}}\n",
     "6:51", "the rate of 'r' must be"},
    /* at() */
    {SCENE "species: {A: {gel: {}}}\nobservables: {o: 'at(A, 3 mm, 0 um, 0 um)'}\n", "6:19",
     "at() looks outside the tissue: x is 3000 um, and the tissue is from 0 to 100 um"},
    {SCENE "species: {A: {gel: {}}}\nevents: {e: {when: 'at(A, 0 mm, 0 um, 0 - 1 um) > 1 pM', "
           "once: true, set: {A: 0}}}\n",
     "6:21", "depth is -1 um"},
    /* correlation() */
    {SCENE "species: {A: {gel: {}}}\nobservables: {o: 'correlation(A, 3 mm)'}\n", "6:19",
     "correlation() finds no two voxels that far apart"},
    {SCENE "species: {A: {gel: {}}}\nobservables: {o: 'correlation(A, 1 um)'}\n", "6:19",
     "a distance is at least half a voxel"},
    /* random starts */
    {SCENE "species: {A: {unit: 1, gel: {initial: {random: {normal: {mean: 1, sd: -1}}}}}}\n",
     "5:71", "normal: sd must not be negative"},
    {SCENE
     "species: {A: {unit: 1, gel: {initial: {random: {lognormal: {median: 1, gsd: 0.5}}}}}}\n",
     "5:77", "lognormal: gsd is the geometric standard deviation, 1 or more"},
    {SCENE "species: {A: {unit: 1, gel: {initial: {random: {uniform: [2, 1]}}}}}\n", "5:62",
     "uniform: the upper end must be above the lower one"},
    {SCENE "species: {A: {gel: {initial: {random: {uniform: [1, 2]}}}}}\n", "5:50",
     "the initial value of gel.A must be"},
    {SCENE "species: {A: {unit: 1, gel: {initial: {random: {correlation: 1 um}}}}}\n", "5:48",
     "a random field has one distribution"},
    {SCENE "species: {A: {unit: 1, gel: {initial: {random: {uniform: [1, 2], correlation: "
           "-1 um}}}}}\n",
     "5:79", "a correlation length must not be negative"},
    {SCENE "species: {A: {unit: 1, gel: {initial: {poisson: 3}}}}\n", "5:40",
     "gel.A has no dimension, so it has no whole numbers to draw"},
    {SCENE "species: {A: {unit: cell, bath: {initial: {multinomial: 3 cell/mL}}}}\n", "5:44",
     "multinomial spreads a total over the voxels of the tissue"},
    {SCENE "random: {patchy: {uniform: [0, 1]}}\nspecies: {A: {gel: {}}}\n"
           "reactions: {r: {in: gel, equation: -> A, rate: patchy * 1 pM/h}}\n",
     "7:48", "'patchy': the rate of 'r' cannot depend on random fields"},
    /* names of another kind */
    {SCENE "species: {A: {gel: {}}, y: {gel: {}}}\n", "5:25", "reserved: it is a coordinate"},
    {SCENE "species: {A: {bath: {}}}\nevents: {e: {at: 1 d, set: {y: 1}}}\n", "6:29",
     "'y' is a reserved name (a coordinate), not a species or parameter"},
    {SCENE "species: {A: {bath: {}}}\nevents: {e: {at: 1 d, set: {log: 1}}}\n", "6:29",
     "'log' is a reserved name (of expressions), not a species or parameter"},
    {SCENE "species: {A: {bath: {}}}\nobservables: {o: A}\nevents: {e: {at: 1 d, set: {o: 1}}}\n",
     "7:29", "'o' is an observable (scene.yaml:6), not a species or parameter"},
    {SCENE "species: {A: {gel: {}}}\nparameters: {k: 1}\n"
           "reactions: {r: {in: gel, equation: A -> k, rate: 1 pM/h}}\n",
     "7:41", "'k' is a parameter (scene.yaml:6), not a species"},
    {SCENE "species: {A: {gel: {}}}\nset: {A: 1}\n", "6:7",
     "'A' is a species (scene.yaml:5), not a parameter"},
};

static void every_mistake_in_a_whole_file_is_told_with_its_place(void **state)
{
    (void)state;
    for (size_t each = 0; each < sizeof whole / sizeof *whole; each++) {
        char place[64];
        lac_diagnostics list = {0};
        lac_model *model = NULL;
        assert_int_equal(lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                                  .text = whole[each].text,
                                                                  .directory = "."},
                                           &list, &model),
                         LAC_INPUT);
        assert_null(model);
        snprintf(place, sizeof place, "scene.yaml:%s: error: ", whole[each].place);
        assert_text_has(lac_text_of(&list.text), place);
        assert_text_has(strstr(lac_text_of(&list.text), place), whole[each].message);
        lac_diagnostics_free(&list);
    }
}

static void overrides_are_told_at_the_command_line(void **state)
{
    (void)state;
    lac_override overrides[] = {{"k", "2 um"}, {"kk", "1/h"}, {"run.rtol", "9"}, {"run.x", "9"}};
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_int_equal(
        lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                 .text = SCENE "parameters: {k: 1/h}\n",
                                                 .directory = ".",
                                                 .override = overrides,
                                                 .overrides = 4},
                          &list, &model),
        LAC_INPUT);
    assert_text_has(lac_text_of(&list.text), "--set:1:3: error: the value of k must be 1/time");
    assert_text_has(lac_text_of(&list.text), "--set:2:1: error: 'kk' is not a parameter");
    assert_text_has(lac_text_of(&list.text), "--set:3:10: error: rtol is 9");
    assert_text_has(lac_text_of(&list.text), "--set:4:1: error: unknown setting 'x'");
    lac_diagnostics_free(&list);
}

static void all_mistakes_are_found_in_one_pass(void **state)
{
    (void)state;
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_int_equal(
        lac_scenario_load(
            &(lac_scenario_origin){.path = "scene.yaml",
                                   .text = SCENE
                                   "species: {A: {gel: {initial: 1 h}, bath: {inital: 0}}}\n"
                                   "parameters: {k: 1/hh, m: {value: 1, kind: wild}}\n"
                                   "reactions: {r: {in: gel, equation: A -> C, rate: k * A}}\n"
                                   "events: {e: {at: -1 h, in: bath, add: {A: 1 fmol}}}\n",
                                   .directory = "."},
            &list, &model),
        LAC_INPUT);
    static const char *const places[] = {"5:30", "5:43", "6:19", "6:43", "7:41", "8:18"};
    for (size_t each = 0; each < sizeof places / sizeof *places; each++) {
        char place[64];
        snprintf(place, sizeof place, "scene.yaml:%s: error", places[each]);
        assert_text_has(lac_text_of(&list.text), place);
    }
    assert_int_equal(list.errors, 6);
    lac_diagnostics_free(&list);
}

static void what_is_wrong_with_a_parameter_is_said_once(void **state)
{
    (void)state;
    lac_override length = {"k", "2 um"};
    for (size_t overrides = 0; overrides < 2; overrides++) {
        lac_diagnostics list = {0};
        lac_model *model = NULL;
        const char *text =
            overrides ? SCENE "species: {A: {gel: {}}}\nparameters: {k: 1/h}\n"
                              "events: {e: {at: 1 h, in: gel, add: {A: k * 1 h * 1 pM}}}\n"
                      : SCENE "species: {A: {gel: {}}}\nparameters: {k: 1/hh}\n"
                              "reactions: {r: {in: gel, equation: A ->, rate: k * A},\n"
                              "  s: {in: gel, equation: A ->, rate: 2 * k * A}}\n"
                              "events: {e: {at: 1 h, in: gel, add: {A: k * 1 h * 1 pM}}}\n";
        lac_scenario_load(&(lac_scenario_origin){.path = "scene.yaml",
                                                 .text = text,
                                                 .directory = ".",
                                                 .override = &length,
                                                 .overrides = overrides},
                          &list, &model);
        if (list.errors != 1)
            fail_msg("%s", lac_text_of(&list.text));
        lac_diagnostics_free(&list);
    }
}

static void an_event_after_the_end_is_a_warning(void **state)
{
    (void)state;
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    assert_ok(lac_scenario_load(
        &(lac_scenario_origin){.path = "scene.yaml",
                               .text =
                                   SCENE TWO "events: {e: {at: 11 d, in: bath, add: {A: 1 pM}}}\n",
                               .directory = "."},
        &list, &model));
    assert_int_equal(list.warnings, 1);
    assert_text_has(lac_text_of(&list.text), "scene.yaml:6:10: warning: the event 'e' comes after");
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_with_its_place),
        cmocka_unit_test(every_mistake_in_a_whole_file_is_told_with_its_place),
        cmocka_unit_test(overrides_are_told_at_the_command_line),
        cmocka_unit_test(all_mistakes_are_found_in_one_pass),
        cmocka_unit_test(what_is_wrong_with_a_parameter_is_said_once),
        cmocka_unit_test(an_event_after_the_end_is_a_warning),
    };
    return cmocka_run_group_tests_name("model_errors", tests, NULL, NULL);
}
