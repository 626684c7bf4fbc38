/* Floor 4: Rosenbrock tables, their observed order, GMRES, and the ledger as a quadrature.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "testlib.h"

#include "base/memory.h"
#include "mean_field/rosenbrock.h"

enum { MOST = LAC_STAGES_MOST };

static const lac_rosenbrock_table *const TABLES[] = {&lac_rodas4, &lac_ros34pw2, &lac_ros2};

/* --- order conditions ------------------------------------------------------------------------ */

/* A method as k_i = F(y + sum A_ij k_j) + J sum G_ij k_j, y_new = y + sum b_i k_i. */
typedef struct standard_form {
    size_t stages;
    double a[MOST][MOST], g[MOST][MOST], b[MOST], embedded[MOST];
} standard_form;

/* Gamma = (I/gamma - c)^-1, lower triangular, column by column. */
static void invert(const lac_rosenbrock_table *table, double g[MOST][MOST])
{
    for (size_t column = 0; column < table->stages; column++)
        for (size_t i = column; i < table->stages; i++) {
            double sum = i == column ? 1 : 0;
            for (size_t j = column; j < i; j++)
                sum += table->c[i][j] * g[j][column];
            g[i][column] = table->gamma * sum;
        }
}

static standard_form to_standard(const lac_rosenbrock_table *table)
{
    standard_form form = {.stages = table->stages};
    invert(table, form.g);
    for (size_t i = 0; i < form.stages; i++)
        for (size_t j = 0; j < form.stages; j++)
            for (size_t k = 0; k < form.stages; k++)
                form.a[i][j] += table->a[i][k] * form.g[k][j];
    for (size_t j = 0; j < form.stages; j++)
        for (size_t k = 0; k < form.stages; k++) {
            form.b[j] += table->m[k] * form.g[k][j];
            form.embedded[j] += (table->m[k] - table->e[k]) * form.g[k][j];
        }
    return form;
}

/* out = M v. */
static void product(size_t n, double m[MOST][MOST], const double *v, double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        for (size_t j = 0; j < n; j++)
            out[i] += m[i][j] * v[j];
    }
}

static double weighted(size_t n, const double *b, const double *v, const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += b[i] * v[i] * w[i];
    return sum;
}

typedef struct elementary {
    double one[MOST], alpha[MOST], beta[MOST], beta_beta[MOST], a_beta[MOST], alpha2[MOST];
    double beta_alpha2[MOST], beta3[MOST];
} elementary;

static elementary elementary_of(standard_form *form)
{
    elementary e;
    memset(&e, 0, sizeof e);
    size_t n = form->stages;
    double both[MOST][MOST], squares[MOST];
    for (size_t i = 0; i < n; i++) {
        e.one[i] = 1;
        for (size_t j = 0; j < n; j++)
            both[i][j] = form->a[i][j] + form->g[i][j];
    }
    product(n, form->a, e.one, e.alpha);
    product(n, both, e.one, e.beta);
    product(n, both, e.beta, e.beta_beta);
    product(n, form->a, e.beta, e.a_beta);
    for (size_t i = 0; i < n; i++)
        squares[i] = e.alpha[i] * e.alpha[i];
    product(n, both, squares, e.beta_alpha2);
    product(n, both, e.beta_beta, e.beta3);
    memcpy(e.alpha2, squares, sizeof squares);
    return e;
}

/* Hairer & Wanner 1996, table IV.7.1, with the exact Jacobian. */
static void assert_order(standard_form form, const double *b, int order)
{
    elementary e = elementary_of(&form);
    size_t n = form.stages;
    assert_near(weighted(n, b, e.one, e.one), 1, 1e-13);
    if (order >= 2)
        assert_near(weighted(n, b, e.beta, e.one), 1.0 / 2, 1e-13);
    if (order >= 3) {
        assert_near(weighted(n, b, e.alpha, e.alpha), 1.0 / 3, 1e-13);
        assert_near(weighted(n, b, e.beta_beta, e.one), 1.0 / 6, 1e-13);
    }
    if (order >= 4) {
        assert_near(weighted(n, b, e.alpha2, e.alpha), 1.0 / 4, 1e-13);
        assert_near(weighted(n, b, e.a_beta, e.alpha), 1.0 / 8, 1e-13);
        assert_near(weighted(n, b, e.beta_alpha2, e.one), 1.0 / 12, 1e-13);
        assert_near(weighted(n, b, e.beta3, e.one), 1.0 / 24, 1e-13);
    }
}

static void every_table_meets_its_order_conditions(void **state)
{
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        standard_form form = to_standard(TABLES[t]);
        assert_order(form, form.b, TABLES[t]->order);
        assert_order(form, form.embedded, TABLES[t]->estimate_order);
        elementary e = elementary_of(&form);
        for (size_t i = 0; i < form.stages; i++) {
            assert_near(e.alpha[i], TABLES[t]->alpha[i], 1e-13);
            assert_near(e.beta[i] - e.alpha[i], TABLES[t]->gamma_sum[i], 1e-13);
        }
    }
}

static void ros34pw2_meets_the_conditions_for_any_jacobian(void **state)
{
    (void)state;
    standard_form form = to_standard(&lac_ros34pw2);
    elementary e = elementary_of(&form);
    double gamma[MOST], v[MOST];
    size_t n = form.stages;
    product(n, form.g, e.one, gamma);
    assert_near(weighted(n, form.b, gamma, e.one), 0, 1e-13);
    assert_near(weighted(n, form.b, e.alpha, e.one), 1.0 / 2, 1e-13);
    product(n, form.a, e.alpha, v);
    assert_near(weighted(n, form.b, v, e.one), 1.0 / 6, 1e-13);
    product(n, form.a, gamma, v);
    assert_near(weighted(n, form.b, v, e.one), 0, 1e-13);
    product(n, form.g, e.alpha, v);
    assert_near(weighted(n, form.b, v, e.one), 0, 1e-13);
    product(n, form.g, gamma, v);
    assert_near(weighted(n, form.b, v, e.one), 0, 1e-13);
}

/* The last stage of a stiffly accurate method is the new value, so that a stiff part is damped
 * wholly in one step: |y_new| -> 0 for y' = -k y, k dt -> infinity. */
static void every_method_damps_infinitely_stiff_decay_in_one_step(void **state)
{
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        const lac_rosenbrock_table *table = TABLES[t];
        double u[MOST] = {0}, y = 1, k = 1e12, dt = 1;
        for (size_t i = 0; i < table->stages; i++) {
            double at = 1, sum = 0;
            for (size_t j = 0; j < i; j++) {
                at += table->a[i][j] * u[j];
                sum += table->c[i][j] / dt * u[j];
            }
            u[i] = (-k * at + sum) / (1 / (table->gamma * dt) + k);
            y += table->m[i] * u[i];
        }
        assert_near(y, 0, 1e-9);
    }
}

/* --- a small system with a ledger ------------------------------------------------------------ */

/* A + B -> C at rate k A B, C -> A + B at rate l C, and A made at rate s(t) = 1 + sin t: three
 * processes. Rates of the ledger: one each. */
enum { UNKNOWNS = 3, PROCESSES = 3 };

static const double CHANGE[PROCESSES][UNKNOWNS] = {{-1, -1, 1}, {1, 1, -1}, {1, 0, 0}};

typedef struct binding {
    double on, off;
    double share;     /* of the exact Jacobian that linearise keeps */
    double precision; /* of P: 1 = P^-1 exact, smaller = worse */
    double gradient[PROCESSES][UNKNOWNS];
    double inverse[UNKNOWNS][UNKNOWNS];
} binding;

static void sum_up(const double *rate, double *out)
{
    for (size_t i = 0; i < UNKNOWNS; i++) {
        out[i] = 0;
        for (size_t p = 0; p < PROCESSES; p++)
            out[i] += CHANGE[p][i] * rate[p];
    }
}

static lac_status binding_derivative(void *self, double time, const double *u, double *out,
                                     double *rate)
{
    binding *b = self;
    rate[0] = b->on * u[0] * u[1];
    rate[1] = b->off * u[2];
    rate[2] = 1 + sin(time);
    sum_up(rate, out);
    return LAC_OK;
}

static lac_status binding_linearise(void *self, double time, const double *u)
{
    binding *b = self;
    (void)time;
    b->gradient[0][0] = b->share * b->on * u[1];
    b->gradient[0][1] = b->share * b->on * u[0];
    b->gradient[1][2] = b->share * b->off;
    return LAC_OK;
}

static lac_status binding_time_derivative(void *self, double time, const double *u, double *out,
                                          double *rate)
{
    (void)self;
    (void)u;
    rate[0] = rate[1] = 0;
    rate[2] = cos(time);
    sum_up(rate, out);
    return LAC_OK;
}

static void binding_times(void *self, const double *v, double *out, double *rate)
{
    binding *b = self;
    for (size_t p = 0; p < PROCESSES; p++) {
        rate[p] = 0;
        for (size_t i = 0; i < UNKNOWNS; i++)
            rate[p] += b->gradient[p][i] * v[i];
    }
    sum_up(rate, out);
}

/* P = I - g precision J, inverted by Gauss-Jordan. It keeps A + C and B + C, as J does. */
static lac_status binding_factor(void *self, double g)
{
    binding *b = self;
    double m[UNKNOWNS][2 * UNKNOWNS] = {{0}};
    for (size_t i = 0; i < UNKNOWNS; i++) {
        m[i][i] = m[i][UNKNOWNS + i] = 1;
        for (size_t j = 0; j < UNKNOWNS; j++)
            for (size_t p = 0; p < PROCESSES; p++)
                m[i][j] -= g * b->precision * CHANGE[p][i] * b->gradient[p][j];
    }
    for (size_t k = 0; k < UNKNOWNS; k++) {
        double pivot = m[k][k];
        for (size_t j = 0; j < 2 * UNKNOWNS; j++)
            m[k][j] /= pivot;
        for (size_t i = 0; i < UNKNOWNS; i++) {
            double factor = i == k ? 0 : m[i][k];
            for (size_t j = 0; j < 2 * UNKNOWNS; j++)
                m[i][j] -= factor * m[k][j];
        }
    }
    for (size_t i = 0; i < UNKNOWNS; i++)
        memcpy(b->inverse[i], m[i] + UNKNOWNS, sizeof b->inverse[i]);
    return LAC_OK;
}

static void binding_solve(void *self, double *v)
{
    binding *b = self;
    double out[UNKNOWNS] = {0};
    for (size_t i = 0; i < UNKNOWNS; i++)
        for (size_t j = 0; j < UNKNOWNS; j++)
            out[i] += b->inverse[i][j] * v[j];
    memcpy(v, out, sizeof out);
}

static lac_system binding_system(binding *self)
{
    return (lac_system){self,
                        UNKNOWNS,
                        PROCESSES,
                        binding_derivative,
                        binding_linearise,
                        binding_time_derivative,
                        binding_times,
                        binding_factor,
                        binding_solve,
                        false};
}

typedef struct march {
    double y[UNKNOWNS];
    double made[PROCESSES]; /* integrals of the rates */
} march;

/* Equal steps from t = 0 to 1. */
static march march_of(const lac_rosenbrock_table *table, binding *b, int steps, double tolerance)
{
    lac_system system = binding_system(b);
    lac_rosenbrock *r = NULL;
    march m = {{1, 0.8, 0.1}, {0}};
    const double weight[UNKNOWNS] = {1, 1, 1};
    assert_ok(lac_rosenbrock_create(table, &system, 20, &r));
    for (int n = 0; n < steps; n++) {
        double dt = 1.0 / steps;
        lac_attempt attempt = {n * dt, dt, n * dt, INFINITY, m.y, weight, tolerance};
        lac_attempt_end end = LAC_ATTEMPT_LINEAR;
        assert_ok(lac_rosenbrock_prepare(r, attempt.time, m.y));
        assert_ok(lac_rosenbrock_try(r, &attempt, &end));
        assert_int_equal(end, LAC_ATTEMPT_DONE);
        memcpy(m.y, lac_rosenbrock_value(r), sizeof m.y);
        for (size_t p = 0; p < PROCESSES; p++)
            m.made[p] += lac_rosenbrock_integral(r)[p];
    }
    lac_rosenbrock_free(r);
    return m;
}

static double distance(const march *a, const march *b)
{
    double sum = 0;
    for (size_t i = 0; i < UNKNOWNS; i++)
        sum += fabs(a->y[i] - b->y[i]);
    for (size_t p = 0; p < PROCESSES; p++)
        sum += fabs(a->made[p] - b->made[p]);
    return sum;
}

static double observed_order(const lac_rosenbrock_table *table, double share)
{
    binding b = {.on = 2, .off = 0.5, .share = 1, .precision = 1};
    march truth = march_of(&lac_rodas4, &b, 2000, 1e-15);
    b.share = share;
    march coarse = march_of(table, &b, 16, 1e-15);
    march fine = march_of(table, &b, 32, 1e-15);
    return log2(distance(&coarse, &truth) / distance(&fine, &truth));
}

static void observed_order_is_the_order_of_the_table_ledger_included(void **state)
{
    (void)state;
    assert_near(observed_order(&lac_rodas4, 1), 4, 0.3);
    assert_near(observed_order(&lac_ros34pw2, 1), 3, 0.3);
    assert_near(observed_order(&lac_ros2, 1), 2, 0.3);
}

static void a_w_method_keeps_its_order_with_a_wrong_jacobian_and_rodas_does_not(void **state)
{
    (void)state;
    assert_near(observed_order(&lac_ros34pw2, 0.5), 3, 0.3);
    assert_true(observed_order(&lac_rodas4, 0.5) < 2.5);
}

/* A + C - made and B + C - reactions are invariants of the exact flow. */
static double worst_imbalance(const march *m)
{
    double a = m->y[0] - 1 + m->made[0] - m->made[1] - m->made[2];
    double b = m->y[1] - 0.8 + m->made[0] - m->made[1];
    double c = m->y[2] - 0.1 - m->made[0] + m->made[1];
    return fmax(fabs(a), fmax(fabs(b), fabs(c)));
}

static void the_ledger_closes_to_the_linear_tolerance_and_moieties_to_rounding(void **state)
{
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        binding b = {.on = 20, .off = 5, .share = 1, .precision = 0.8};
        march loose = march_of(TABLES[t], &b, 20, 1e-3);
        march tight = march_of(TABLES[t], &b, 20, 1e-15);
        assert_true(worst_imbalance(&loose) > 1e-6 && worst_imbalance(&loose) < 0.01);
        assert_true(worst_imbalance(&tight) < 1e-12);
        assert_near(loose.y[1] + loose.y[2], 0.9, 1e-14);
        double made = 1 + (1 - cos(1)); /* integral of 1 + sin t */
        assert_near(loose.made[2], made, 1e-3);
        assert_near(loose.y[0] + loose.y[2], 1.1 + loose.made[2], 1e-13);
    }
}

static void gmres_gives_up_in_the_open_when_iterations_run_out(void **state)
{
    (void)state;
    binding b = {.on = 2e3, .off = 50, .share = 1, .precision = 0};
    lac_system system = binding_system(&b);
    lac_krylov *krylov = NULL;
    double u[UNKNOWNS] = {1, 2, 3}, x[UNKNOWNS] = {1, -1, 0.5}, rate[PROCESSES];
    const double weight[UNKNOWNS] = {1, 1, 1};
    lac_krylov_problem problem = {1, weight, 1e-10};
    bool converged = true;
    assert_ok(binding_linearise(&b, 0, u));
    b.gradient[2][0] = -7; /* a Jacobian of rank 2 */
    assert_ok(binding_factor(&b, 1));
    assert_ok(lac_krylov_create(&system, 1, &krylov));
    assert_ok(lac_krylov_solve(krylov, &problem, x, rate, &converged));
    assert_false(converged);
    double broken[UNKNOWNS] = {NAN, 0, 0};
    assert_ok(lac_krylov_solve(krylov, &problem, broken, rate, &converged));
    assert_false(converged);
    lac_krylov_free(krylov);
    assert_ok(lac_krylov_create(&system, 3, &krylov));
    double right[UNKNOWNS] = {1, -1, 0.5}, again[UNKNOWNS];
    memcpy(x, right, sizeof x);
    assert_ok(lac_krylov_solve(krylov, &problem, x, rate, &converged));
    assert_true(converged);
    double rate_again[PROCESSES];
    binding_times(&b, x, again, rate_again);
    for (size_t i = 0; i < UNKNOWNS; i++)
        assert_near(x[i] - again[i], right[i], 1e-9);
    for (size_t p = 0; p < PROCESSES; p++)
        assert_near(rate[p], rate_again[p], 1e-8);
    lac_krylov_free(krylov);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    binding b = {.on = 1, .off = 1, .share = 1, .precision = 1};
    lac_system system = binding_system(&b);
    size_t alive = lac_memory_alive();
    for (size_t n = 1;; n++) {
        lac_rosenbrock *r = NULL;
        lac_memory_fail_at(n);
        lac_status status = lac_rosenbrock_create(&lac_rodas4, &system, 20, &r);
        lac_memory_fail_at(0);
        lac_rosenbrock_free(r);
        assert_int_equal(lac_memory_alive(), alive);
        if (status == LAC_OK) {
            assert_true(n > 20);
            break;
        }
        assert_int_equal(status, LAC_MEMORY);
    }
}

static void steps_grow_at_most_twofold_and_leave_no_sliver_before_a_stop(void **state)
{
    (void)state;
    assert_near(lac_step_factor(&lac_rodas4, 0), 2, 0);
    assert_near(lac_step_factor(&lac_rodas4, 1), 0.9, 1e-15);
    assert_near(lac_step_factor(&lac_rodas4, 1e9), 0.2, 0);
    assert_near(lac_step_factor(&lac_rodas4, NAN), 0.2, 0);
    assert_near(lac_step_towards(1, 1.05), 1.05, 0);
    assert_near(lac_step_towards(1, 1.5), 0.75, 0);
    assert_near(lac_step_towards(1, 5), 1, 0);
    assert_near(lac_step_towards(1, 0.01), 0.01, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_meets_its_order_conditions),
        cmocka_unit_test(ros34pw2_meets_the_conditions_for_any_jacobian),
        cmocka_unit_test(every_method_damps_infinitely_stiff_decay_in_one_step),
        cmocka_unit_test(observed_order_is_the_order_of_the_table_ledger_included),
        cmocka_unit_test(a_w_method_keeps_its_order_with_a_wrong_jacobian_and_rodas_does_not),
        cmocka_unit_test(the_ledger_closes_to_the_linear_tolerance_and_moieties_to_rounding),
        cmocka_unit_test(gmres_gives_up_in_the_open_when_iterations_run_out),
        cmocka_unit_test(every_failing_allocation_is_reported),
        cmocka_unit_test(steps_grow_at_most_twofold_and_leave_no_sliver_before_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
