/* The method `hybrid` against laws that are known, against mean-field and exact where it is one of
 * them, and against itself with small steps. Seeds are fixed; for fresh ones the false alarm of
 * each statistical test is below 1e-4 (4 standard errors).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "hybrid_scene.h"

#define DAY 86400.0

/* Cells that switch; `UP` is the rate of a cell, by which `on` cells may be fed back. */
#define CELLS(UP, SIZE)                                                                            \
    "lacuna: 1\n"                                                                                  \
    "domains: {gel: {kind: tissue}}\n"                                                             \
    "species:\n"                                                                                   \
    "  off: {unit: cell, gel: {initial: 9500 cell/mm^3}}\n"                                        \
    "  on: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"                                            \
    "  A: {gel: {initial: 0 pM, diffusivity: 50 um^2/s}}\n"                                        \
    "parameters: {kon: 0.05/d, koff: 0.05/d, fold: 10, q: 3 amol/(cell h), k: 0.005/s, K: 6000 "   \
    "pM}\n"                                                                                        \
    "reactions:\n"                                                                                 \
    "  up: {in: gel, equation: off -> on, rate: 'kon * " UP " * off'}\n"                           \
    "  down: {in: gel, equation: on -> off, rate: koff * on}\n"                                    \
    "  make: {in: gel, equation: -> A, rate: q * (off + fold * on)}\n"                             \
    "  lose: {in: gel, equation: A ->, rate: k * A}\n"                                             \
    "tissue: {size: " SIZE ", voxel: 20 um, zones: {upper: 50 %, lower: 50 %}}\n"                  \
    "run: {until: 40 d}\n"

/* Cells that set each other off by what they make in `IN`, which answers at once. */
#define SETTING_OFF(IN, KIND, OFF, ON, A, K, REST)                                                 \
    "lacuna: 1\n"                                                                                  \
    "domains: {" IN ": {" KIND "}}\n"                                                              \
    "species:\n"                                                                                   \
    "  off: {unit: cell, " IN ": {" OFF "}}\n"                                                     \
    "  on: {unit: cell, " IN ": {" ON "}}\n"                                                       \
    "  A: {" IN ": {initial: 0 pM" A "}}\n"                                                        \
    "parameters: {kon: 0.05/d, koff: 0.05/d, fold: 10, q: 3 amol/(cell h), k: 0.005/s, K: " K      \
    "}\n"                                                                                          \
    "reactions:\n"                                                                                 \
    "  up: {in: " IN ", equation: off -> on, rate: 'kon * (0.1 + 3 * hill(A, K, 2)) * off'}\n"     \
    "  down: {in: " IN ", equation: on -> off, rate: koff * on}\n"                                 \
    "  make: {in: " IN ", equation: -> A, rate: q * (off + fold * on)}\n"                          \
    "  lose: {in: " IN ", equation: A ->, rate: k * A}\n" REST "run: {until: 40 d}\n"
#define IN_GEL(SIZE, K, MORE)                                                                      \
    SETTING_OFF("gel", "kind: tissue", "initial: 125000 cell/mm^3", "initial: 0 cell/mm^3",        \
                ", diffusivity: 50 um^2/s", K, "tissue: {size: " SIZE ", voxel: 20 um" MORE "}\n")

/* One in each of 50 voxels, or of 8; and 40 in a dish. */
#define CROWD IN_GEL("[100 um, 20 um, 200 um]", "80 nM", ", zones: {upper: 50 %, lower: 50 %}")
#define FEW IN_GEL("[40 um, 20 um, 80 um]", "60 nM", "")
#define DISH                                                                                       \
    SETTING_OFF("dish", "kind: well-mixed, volume: 4e5 um^3",                                      \
                "total: true, representation: discrete, initial: 40 cell",                         \
                "total: true, representation: discrete, initial: 0 cell", "", "80 nM", "")

#define FEEDBACK "(0.1 + 3 * hill(A, K, 2))"

static double share_on(const method_scene *s)
{
    double on = hybrid_scene_content(s, "gel.on"), off = hybrid_scene_content(s, "gel.off");
    return on / (on + off);
}

static void assert_same_values(const method_scene *a, const method_scene *b)
{
    assert_memory_equal(a->state->value, b->state->value,
                        a->state->layout.length * sizeof *a->state->value);
    assert_memory_equal(a->state->extent, b->state->extent,
                        a->state->processes * sizeof *a->state->extent);
}

/* --- the ends: all continuous, all discrete -------------------------------------------------- */

static void without_anything_discrete_it_is_mean_field(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n  C: {unit: cell, gel: {initial: 9500 cell/mm^3, representation: continuous}}\n"
        "  A: {gel: {initial: 1 pM, diffusivity: 50 um^2/s}}\n"
        "reactions:\n  make: {in: gel, equation: C -> C + A, rate: 3 amol/(cell h) * C * x / (1 "
        "um)}\n  die: {in: gel, equation: C ->, rate: 0.1/d * C}\n"
        "tissue: {size: [200 um, 20 um, 200 um], voxel: 20 um}\nrun: {until: 1 d}\n";
    method_scene a, b;
    hybrid_scene_make(&a, text, "hybrid", 1, 0.1);
    hybrid_scene_make(&b, text, "mean-field", 1, 0.1);
    method_scene_to(&a, DAY);
    method_scene_to(&b, DAY);
    assert_same_values(&a, &b);
    method_scene_free(&a);
    method_scene_free(&b);
}

static void without_anything_continuous_it_is_exact(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species: {A: {gel: {initial: 1 pM, diffusivity: 50 um^2/s, representation: discrete}}}\n"
        "reactions: {die: {in: gel, equation: A ->, rate: 0.1/s * A}}\n"
        "tissue: {size: [200 um, 20 um, 200 um], voxel: 20 um}\nrun: {until: 10 s}\n";
    method_scene a, b;
    hybrid_scene_make(&a, text, "hybrid", 1, 0.1);
    hybrid_scene_make(&b, text, "exact", 1, 0.1);
    method_scene_to(&a, 10);
    method_scene_to(&b, 10);
    assert_same_values(&a, &b);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* --- the law of events ----------------------------------------------------------------------- */

/* Frozen surroundings: the two states of a cell are a telegraph, whatever the step. 2500 cells. */
static void cells_in_a_given_field_follow_the_telegraph(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n  off: {unit: cell, gel: {initial: 125000 cell/mm^3}}\n"
        "  on: {unit: cell, gel: {initial: 0 cell/mm^3}}\n  A: {gel: {initial: 1 pM}}\n"
        "reactions:\n  up: {in: gel, equation: off -> on, rate: 0.5/d * A / (1 pM) * off}\n"
        "  down: {in: gel, equation: on -> off, rate: 0.25/d * on}\n"
        "  fade: {in: gel, equation: A ->, rate: 0 * A / (1 s)}\n"
        "tissue: {size: [1 mm, 20 um, 1 mm], voxel: 20 um}\nrun: {until: 8 d}\n";
    for (int large = 0; large < 2; large++) {
        method_scene s;
        hybrid_scene_make(&s, text, "hybrid", 7, large ? 1 : 0.1);
        for (int day = 1; day <= 8; day++) {
            method_scene_to(&s, day * DAY);
            double p = 2.0 / 3 * (1 - exp(-0.75 * day));
            assert_near(share_on(&s), p, 4 * sqrt(p * (1 - p) / 2500));
        }
        method_scene_closes(&s, 1e-12);
        method_scene_free(&s);
    }
}

static void arrivals_and_departures_are_poisson(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n  C: {unit: cell, gel: {initial: 0 cell/mm^3}}\n  A: {gel: {initial: 1 pM}}\n"
        "reactions:\n  come: {in: gel, equation: -> C, rate: 5e5 cell/mm^3/d}\n"
        "  go: {in: gel, equation: C ->, rate: 1/d * C}\n"
        "  make: {in: gel, equation: C -> C + A, rate: 1 amol/(cell h) * C}\n"
        "tissue: {size: [1 mm, 20 um, 1 mm], voxel: 20 um}\nrun: {until: 10 d}\n";
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 3, 0.3);
    method_scene_to(&s, 10 * DAY);
    const double *density = hybrid_scene_values(&s, "gel.C");
    double sum = 0, squares = 0, n = (double)s.grid->voxels;
    for (size_t voxel = 0; voxel < s.grid->voxels; voxel++) {
        double count = density[voxel] * 8000;
        assert_near(count, nearbyint(count), 1e-9);
        sum += count;
        squares += count * count;
    }
    double mean = sum / n, variance = squares / n - mean * mean;
    assert_near(mean, 4 * (1 - exp(-10)), 4 * sqrt(4 / n));
    assert_near(variance, 4, 4 * 4 * sqrt(2.25 / n));
    method_scene_closes(&s, 1e-6);
    method_scene_free(&s);
}

/* Cells that come at 0.5/d in each of 2500 voxels and go by `how`: moments of their number at rest.
 */
static void assert_at_rest(const char *how, double pairs, double deviation)
{
    char text[1024];
    snprintf(text, sizeof text,
             "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
             "species:\n  C: {unit: cell, gel: {initial: 0 cell/mm^3}}\n"
             "  A: {gel: {initial: 1 pM}}\n"
             "reactions:\n  come: {in: gel, equation: -> C, rate: 62500 cell/mm^3/d}\n"
             "  go: {in: gel, equation: %s}\n"
             "  fade: {in: gel, equation: A ->, rate: 0 * A / (1 s)}\n"
             "tissue: {size: [1 mm, 20 um, 1 mm], voxel: 20 um}\nrun: {until: 40 d}\n",
             how);
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 3, 0.3);
    method_scene_to(&s, 40 * DAY);
    const double *density = hybrid_scene_values(&s, "gel.C");
    double sum = 0;
    for (size_t voxel = 0; voxel < s.grid->voxels; voxel++)
        sum += density[voxel] * 8000 * (density[voxel] * 8000 - 1);
    assert_near(sum / 2500, pairs, 4 * deviation / 50);
    method_scene_free(&s);
}

/* A law that does not vanish with what it takes waits while there is nothing: a queue of one server
 * at half its load has P(n) = 2^-(n + 1), <n (n - 1)> = 2, of deviation sqrt(48). */
static void nothing_is_taken_where_nothing_is(void **state)
{
    (void)state;
    assert_at_rest("C ->, rate: 125000 cell/mm^3/d", 2, sqrt(48));
}

/* At rest 0.5/d come and twice 0.5 <n (n - 1)> /d go, in any form of the law; the deviation of
 * n (n - 1) is 1.26. */
static void two_of_a_kind_meet_in_pairs(void **state)
{
    (void)state;
    assert_at_rest("2 C ->, rate: 4000 um^3/cell/d * C * C", 0.5, 1.26);
    assert_at_rest("2 C ->, rate: 4000 um^3/cell/d * C^2 * (A / (1 pM))", 0.5, 1.26);
}

/* --- what cells make ------------------------------------------------------------------------- */

/* Rates do not look at A, so that the events are those of the small steps: what is compared is the
 * response. */
static void a_voxel_that_has_just_switched_is_followed(void **state)
{
    (void)state;
    method_scene a, b;
    hybrid_scene_make(&a, CELLS("1", "[240 um, 20 um, 600 um]"), "hybrid", 1, 0.1);
    hybrid_scene_make(&b, CELLS("1", "[240 um, 20 um, 600 um]"), "hybrid", 1, 2e-3);
    b.model->settings.rtol = 1e-4;
    const size_t voxels = a.grid->voxels;
    double before[360] = {0}, sum = 0, worst = 0, switched = 0;
    assert_int_equal(voxels, 360);
    for (int frame = 1; frame <= 12; frame++) {
        method_scene_to(&a, frame * 2 * DAY);
        method_scene_to(&b, frame * 2 * DAY);
        const double *on = hybrid_scene_values(&a, "gel.on");
        assert_memory_equal(on, hybrid_scene_values(&b, "gel.on"), voxels * sizeof *on);
        for (size_t voxel = 0; voxel < voxels; voxel++) {
            double error = fabs(hybrid_scene_values(&a, "gel.A")[voxel] /
                                    hybrid_scene_values(&b, "gel.A")[voxel] -
                                1);
            if (on[voxel] != before[voxel]) {
                sum += error;
                worst = fmax(worst, error);
                switched++;
            }
            before[voxel] = on[voxel];
        }
    }
    assert_true(switched > 20);
    assert_near(sum / switched, 0, 0.02);
    assert_near(worst, 0, 0.1);
    assert_true(b.type->counters(b.stepper).steps > 10 * a.type->counters(a.stepper).steps);
    method_scene_closes(&a, 1e-6);
    method_scene_free(&a);
    method_scene_free(&b);
}

/* With the same thresholds, feedback through A leads to the same share of cells but for few. */
static void feedback_is_that_of_small_steps(void **state)
{
    (void)state;
    enum { REPLICATES = 6 };
    double difference = 0;
    for (int r = 0; r < REPLICATES; r++) {
        method_scene a, b;
        hybrid_scene_make(&a, CELLS(FEEDBACK, "[240 um, 20 um, 600 um]"), "hybrid", 50 + r, 0.1);
        hybrid_scene_make(&b, CELLS(FEEDBACK, "[240 um, 20 um, 600 um]"), "hybrid", 50 + r, 0.01);
        method_scene_to(&a, 20 * DAY);
        method_scene_to(&b, 20 * DAY);
        difference += share_on(&a) - share_on(&b);
        method_scene_free(&a);
        method_scene_free(&b);
    }
    assert_near(difference / REPLICATES, 0, 0.02);
}

/* Of a variable as a whole. */
static double bias_of(const method_scene *s, const char *path)
{
    const lac_account *account = s->type->account(s->stepper);
    for (size_t row = 0; row < account->rows; row++)
        if (account->variable[row] == method_scene_variable(s, path) &&
            account->region[row] == LAC_NONE)
            return account->bias[row];
    fail_msg("%s has no account", path);
    return NAN;
}

/* By how much else than a factor of 3 the statement may be off, of a variable as a whole. */
static double resolution_of(const method_scene *s, const char *path)
{
    const lac_account *account = s->type->account(s->stepper);
    size_t row = 0;
    while (account->variable[row] != method_scene_variable(s, path))
        row++;
    return account->resolution * hybrid_scene_content(s, path) + account->least[row];
}

/* What lacks among one state is too much in the other, region by region. */
static void assert_account_adds_up(const method_scene *s, const char *on, const char *off)
{
    const lac_account *account = s->type->account(s->stepper);
    assert_near(bias_of(s, on) + bias_of(s, off), 0, 1e-9);
    if (account->rows == 6)
        assert_near(account->bias[1] + account->bias[2], account->bias[0], 1e-9);
    double steps = 0;
    for (size_t k = 0; k < account->bounds; k++)
        steps += account->ruled[k];
    assert_near(steps, (double)s->type->counters(s->stepper).steps, 0);
}

typedef struct statement {
    double found, stated, resolution;
} statement;

/* In replicates with the thresholds of small steps, in the mean. */
static statement statement_of(const char *text, const char *domain, double accuracy, int replicates)
{
    statement is = {0};
    char on[16], off[16];
    snprintf(on, sizeof on, "%s.on", domain);
    snprintf(off, sizeof off, "%s.off", domain);
    for (int r = 0; r < replicates; r++) {
        method_scene a, b;
        hybrid_scene_make(&a, text, "hybrid", 100 + r, accuracy);
        hybrid_scene_make(&b, text, "hybrid", 100 + r, 0.02);
        method_scene_to(&a, 20 * DAY);
        method_scene_to(&b, 20 * DAY);
        is.found += (hybrid_scene_content(&a, on) - hybrid_scene_content(&b, on)) / replicates;
        is.stated += bias_of(&a, on) / replicates;
        is.resolution += resolution_of(&a, on) / replicates;
        assert_account_adds_up(&a, on, off);
        method_scene_free(&a);
        method_scene_free(&b);
    }
    return is;
}

static void assert_right(statement is)
{
    assert_true(fabs(is.found) <= 3 * fabs(is.stated) + is.resolution);
    assert_true(fabs(is.stated) <= 3 * fabs(is.found) + is.resolution);
}

/* Fifty cells that set each other off: with long steps there are too few that are on. */
static void the_bias_that_long_steps_leave_is_stated(void **state)
{
    (void)state;
    const statement half = statement_of(CROWD, "gel", 0.5, 20);
    assert_right(half);
    assert_true(half.found < -half.resolution && half.stated < -half.resolution);
    assert_right(statement_of(CROWD, "gel", 0.1, 10));
}

static void the_bias_of_few_cells_is_stated(void **state)
{
    (void)state;
    assert_right(statement_of(FEW, "gel", 1, 30));
    assert_right(statement_of(FEW, "gel", 0.1, 20));
    assert_right(statement_of(DISH, "dish", 0.5, 10));
}

/* Which bound rules is told by name: here that of the few cells that can switch back. */
static void the_bound_that_rules_is_told(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, CROWD, "hybrid", 1, 0.02);
    method_scene_to(&s, 20 * DAY);
    const lac_account *account = s.type->account(s.stepper);
    size_t most = 0;
    for (size_t k = 0; k < account->bounds; k++)
        most = account->ruled[k] > account->ruled[most] ? k : most;
    assert_non_null(strstr(account->bound[most], "events of "));
    assert_non_null(strstr(account->bound[most], " in "));
    assert_near(bias_of(&s, "gel.on"), 0, 0.2);
    method_scene_free(&s);
}

/* One extent on both sides: 1000 molecules for each cell that bursts. */
static void an_event_changes_counts_and_concentrations_together(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n  C: {unit: cell, gel: {initial: 125000 cell/mm^3}}\n"
        "  A: {gel: {initial: 0 pM, diffusivity: 10 um^2/s}}\n"
        "reactions:\n  burst: {in: gel, equation: C -> 1000 A, rate: 0.2/d * C}\n"
        "tissue: {size: [200 um, 20 um, 200 um], voxel: 20 um}\nrun: {until: 5 d}\n";
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 2, 0.1);
    method_scene_to(&s, 5 * DAY);
    double burst = 100 - hybrid_scene_content(&s, "gel.C");
    assert_near(burst, nearbyint(burst), 1e-9);
    assert_near(burst, 100 * (1 - exp(-1)), 4 * sqrt(100 * exp(-1) * (1 - exp(-1))));
    assert_near(hybrid_scene_content(&s, "gel.A"), 1000 * burst, 1e-6 * burst);
    assert_near(s.state->extent[0], burst, 1e-9);
    method_scene_closes(&s, 1e-9);
    method_scene_free(&s);
}

static void counts_of_a_well_mixed_domain_are_those_of_the_joint(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 2 mL}}\n"
        "species:\n  C: {unit: cell, bath: {initial: 400 cell, total: true, representation: "
        "discrete}}\n  A: {bath: {initial: 0 pM}}\n"
        "reactions:\n  die: {in: bath, equation: C ->, rate: 0.1/d * C}\n"
        "  make: {in: bath, equation: C -> C + A, rate: 1 fmol/(cell h) * C}\n"
        "run: {until: 5 d}\n";
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 4, 0.1);
    method_scene_to(&s, 5 * DAY);
    double n = hybrid_scene_content(&s, "bath.C"), p = exp(-0.5);
    assert_near(n, nearbyint(n), 1e-9);
    assert_near(n, 400 * p, 4 * sqrt(400 * p * (1 - p)));
    assert_near(hybrid_scene_content(&s, "bath.A") / 6.02214076e8 / 24, 400 * (1 - p) / 0.1 * 1,
                0.05 * 400 * (1 - p) / 0.1);
    method_scene_closes(&s, 1e-9);
    method_scene_free(&s);
}

/* --- bits ------------------------------------------------------------------------------------ */

static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    method_scene s[3];
    for (int k = 0; k < 3; k++) {
        lac_threads_set(k + 1);
        hybrid_scene_make(&s[k], CELLS(FEEDBACK, "[2 mm, 20 um, 2 mm]"), "hybrid", 9, 0.1);
        method_scene_to(&s[k], 0.5 * DAY);
    }
    lac_threads_set(0);
    assert_same_values(&s[0], &s[1]);
    assert_same_values(&s[0], &s[2]);
    assert_true(share_on(&s[0]) > 0);
    for (int k = 0; k < 3; k++)
        method_scene_free(&s[k]);
}

static void a_resumed_run_has_the_same_bits(void **state)
{
    (void)state;
    method_scene a, b;
    hybrid_scene_make(&a, CELLS(FEEDBACK, "[240 um, 20 um, 600 um]"), "hybrid", 5, 0.1);
    hybrid_scene_make(&b, CELLS(FEEDBACK, "[240 um, 20 um, 600 um]"), "hybrid", 5, 0.1);
    method_scene_to(&a, 7 * DAY);
    method_scene_copy(&a, &b);
    method_scene_to(&a, 15 * DAY);
    method_scene_to(&b, 15 * DAY);
    assert_same_values(&a, &b);
    method_scene_free(&a);
    method_scene_free(&b);
}

static void replicates_differ_and_are_the_same_again(void **state)
{
    (void)state;
    method_scene s[3];
    for (int k = 0; k < 3; k++) {
        hybrid_scene_make(&s[k], CELLS("1", "[240 um, 20 um, 600 um]"), "hybrid", k == 1 ? 6 : 5,
                          0.1);
        method_scene_to(&s[k], 10 * DAY);
    }
    assert_same_values(&s[0], &s[2]);
    assert_memory_not_equal(s[0].state->value, s[1].state->value,
                            s[0].state->layout.length * sizeof(double));
    for (int k = 0; k < 3; k++)
        method_scene_free(&s[k]);
}

/* --- from outside ---------------------------------------------------------------------------- */

/* What an event of the text leaves is made whole at random; the ledger holds what rounding added.
 */
static void fractions_become_whole_and_nothing_is_lost(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, CELLS("1", "[480 um, 20 um, 1200 um]"), "hybrid", 8, 0.1);
    method_scene_to(&s, 1 * DAY);
    const size_t off = method_scene_variable(&s, "gel.off");
    double *density = s.state->value + lac_layout_at(&s.state->layout, off);
    const double before = hybrid_scene_content(&s, "gel.off");
    for (size_t voxel = 0; voxel < s.grid->voxels; voxel++)
        density[voxel] *= 0.3;
    s.state->added[off] -= 0.7 * before;
    s.type->restart(s.stepper);
    method_scene_to(&s, 1 * DAY + 60);
    const double after = hybrid_scene_content(&s, "gel.off");
    assert_near(after, nearbyint(after), 1e-9);
    assert_near(after, 0.3 * before, 4 * sqrt(0.21 * before) + 1);
    method_scene_closes(&s, 1e-6);
    method_scene_free(&s);
}

static void a_count_below_zero_is_refused(void **state)
{
    (void)state;
    method_scene s;
    hybrid_scene_make(&s, CELLS("1", "[240 um, 20 um, 600 um]"), "hybrid", 8, 0.1);
    method_scene_to(&s, 1 * DAY);
    s.state->value[lac_layout_at(&s.state->layout, method_scene_variable(&s, "gel.off"))] = -1;
    s.type->restart(s.stepper);
    assert_int_equal(method_scene_try_to(&s, 2 * DAY), LAC_NUMERICS);
    assert_non_null(strstr(lac_failure(), "gel.off is discrete and would be negative"));
    assert_non_null(strstr(lac_failure(), " in voxel (x, y, z) = (0, 0, 0) (scene.yaml:"));
    method_scene_free(&s);
}

static void a_negative_rate_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "lacuna: 1\ndomains: {gel: {kind: tissue}}\n"
        "species:\n  C: {unit: cell, gel: {initial: 125000 cell/mm^3}}\n  A: {gel: {initial: 1 "
        "pM}}\nreactions:\n  odd: {in: gel, equation: C ->, rate: (0.5 - A / (1 pM)) * 1/d * C}\n"
        "  fade: {in: gel, equation: A ->, rate: 0.1/d * A}\n"
        "tissue: {size: [100 um, 20 um, 100 um], voxel: 20 um}\nrun: {until: 5 d}\n";
    method_scene s;
    hybrid_scene_make(&s, text, "hybrid", 2, 0.1);
    assert_int_equal(method_scene_try_to(&s, 5 * DAY), LAC_NUMERICS);
    assert_non_null(strstr(lac_failure(), "the rate of 'odd' is negative"));
    assert_non_null(strstr(lac_failure(), " in voxel (x, y, z) = (0, 0, 0)"));
    assert_non_null(strstr(lac_failure(), ".yaml:7:3)"));
    method_scene_free(&s);
}

/* --- what cannot be done --------------------------------------------------------------------- */

static void assert_refused(const char *species, const char *rest, const char *sentence)
{
    char text[2048];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    snprintf(text, sizeof text,
             "lacuna: 1\ndomains: {gel: {kind: tissue}, bath: {kind: well-mixed, volume: 1 mL}}\n"
             "species:\n  A: {gel: {initial: 1 pM, diffusivity: 1 um^2/s}, bath: {}}\n%s\n"
             "tissue: {size: [20 um, 20 um, 20 um], voxel: 20 um}\n%s\n",
             species, rest);
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "scene.yaml", .text = text, .directory = "."}, &list,
        &model);
    assert_int_equal(status, LAC_INPUT);
    if (!strstr(lac_text_of(&list.text), sentence))
        fail_msg("no '%s' in: %s", sentence, lac_text_of(&list.text));
    lac_diagnostics_free(&list);
}

#define HYBRID "run: {until: 1 d, method: hybrid}"

static void what_it_cannot_do_is_told_with_its_place(void **state)
{
    (void)state;
    assert_refused("  S: {unit: 1, gel: {initial: 1, representation: discrete}}", HYBRID,
                   "scene.yaml:5:50: error: 'gel.S' is a state without dimension");
    assert_refused("  C: {unit: cell, gel: {representation: whole}}", HYBRID,
                   "unknown representation 'whole'");
    assert_refused("  C: {unit: cell, gel: {initial: 1 cell/mm^3}}",
                   "reactions: {half: {in: gel, equation: -> 0.5 C, rate: 1 "
                   "cell/mm^3/d}}\n" HYBRID,
                   "'half' changes 'gel.C' by 0.5");
    assert_refused("  C: {unit: cell, gel: {}}\n  S: {unit: 1, gel: {}}",
                   "reactions: {both: {in: gel, equation: C -> S, rate: 1/d * C}}\n" HYBRID,
                   "both");
    assert_refused("  B: {gel: {diffusivity: 1 um^2/s}, bath: {representation: discrete}}",
                   "interfaces: {top: {between: [gel.top, bath], exchange: [B]}}\n" HYBRID,
                   "'bath.B' is discrete and passes a boundary");
    assert_refused("", "run: {until: 1 d, method: hybrid, accuracy: 0}",
                   "scene.yaml:7:45: error: accuracy is 0, but must be from 1e-06 to 1");
}

/* Terms of a rate equation that are events. */
static void assert_term(const char *rate, const char *method, const char *sentence)
{
    char text[1024];
    lac_diagnostics list = {0};
    lac_model *model = NULL;
    snprintf(
        text, sizeof text,
        "lacuna: 1\ndomains: {bath: {kind: well-mixed, volume: 1 mL}}\nspecies:\n"
        "  C: {unit: cell, bath: {initial: 10 cell, total: true, representation: discrete}}\n"
        "  A: {unit: molecule, bath: {initial: 1 pM}}\n"
        "parameters: {k: {value: 0.1/d, source: made up}, full: {value: 20 cell, source: made up}}\n"
        "rates: {C: {in: bath, rate: '%s'}}\nrun: {until: 1 d, method: %s}\n",
        rate, method);
    lac_status status = lac_scenario_load(
        &(lac_scenario_origin){.path = "scene.yaml", .text = text, .directory = "."}, &list,
        &model);
    const char *said = lac_text_of(&list.text);
    assert_int_equal(status == LAC_OK, !sentence || strstr(sentence, "may be"));
    if (sentence)
        assert_text_has(said, sentence);
    else
        assert_null(strstr(said, "makes events of it"));
    lac_model_free(model);
    lac_diagnostics_free(&list);
}

static void a_term_that_turns_its_sign_is_told_before_the_run(void **state)
{
    (void)state;
    assert_term("k * C * (1 - C / full)", "hybrid",
                "scene.yaml:7:9: warning: the rate of 'C.gain' may be negative, and the method "
                "hybrid makes events of it");
    assert_term("k * C * (1 - C / full)", "exact", "may be negative, and the method exact");
    assert_term("k * C * (1 - C / full)", "mean-field", NULL);
    assert_term("k * C - k * C^2 / full", "hybrid", NULL);
    assert_term("k * C * max(1 - C / full, 0)", "hybrid", NULL);
    assert_term("k * full * (0 - hill(C, full, 1))", "hybrid",
                "scene.yaml:7:9: error: the rate of 'C.gain' is negative, and the method hybrid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_anything_discrete_it_is_mean_field),
        cmocka_unit_test(without_anything_continuous_it_is_exact),
        cmocka_unit_test(cells_in_a_given_field_follow_the_telegraph),
        cmocka_unit_test(arrivals_and_departures_are_poisson),
        cmocka_unit_test(nothing_is_taken_where_nothing_is),
        cmocka_unit_test(two_of_a_kind_meet_in_pairs),
        cmocka_unit_test(a_voxel_that_has_just_switched_is_followed),
        cmocka_unit_test(feedback_is_that_of_small_steps),
        cmocka_unit_test(the_bias_that_long_steps_leave_is_stated),
        cmocka_unit_test(the_bias_of_few_cells_is_stated),
        cmocka_unit_test(the_bound_that_rules_is_told),
        cmocka_unit_test(an_event_changes_counts_and_concentrations_together),
        cmocka_unit_test(counts_of_a_well_mixed_domain_are_those_of_the_joint),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(a_resumed_run_has_the_same_bits),
        cmocka_unit_test(replicates_differ_and_are_the_same_again),
        cmocka_unit_test(fractions_become_whole_and_nothing_is_lost),
        cmocka_unit_test(a_count_below_zero_is_refused),
        cmocka_unit_test(a_negative_rate_is_refused),
        cmocka_unit_test(what_it_cannot_do_is_told_with_its_place),
        cmocka_unit_test(a_term_that_turns_its_sign_is_told_before_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
