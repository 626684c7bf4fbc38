/* Linear invariants: weights w with sum of w * amount constant under every process and exchange.
 *
 * The left null space of the stoichiometric matrix, exact in integers. Nonnegative rows of smallest
 * support (conserved moieties) come from the tableau of Farkas (Schuster & Hoefer 1991, J. Chem.
 * Soc. Faraday Trans. 87, 2561); what they do not span is completed from Gaussian elimination. When
 * the tableau would grow beyond ROWS_MOST rows, or a number beyond 64 bits, that part is left out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/network.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 256, DENOMINATOR_MOST = 10000, CELLS_MOST = 1 << 24 };

/* Rows [stoichiometry in every column | weights of the variables]. */
typedef struct tableau {
    size_t columns, variables, width;
    size_t rows, capacity;
    int64_t *cell; /* owned [capacity][width] */
} tableau;

static int64_t *row_of(const tableau *t, size_t row)
{
    return t->cell + row * t->width;
}

static const int64_t *weights_of(const tableau *t, size_t row)
{
    return row_of(t, row) + t->columns;
}

static lac_status add_row(tableau *t)
{
    if (t->rows == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 16;
        int64_t *cell = lac_regrow(t->cell, t->rows * t->width, capacity * t->width, sizeof *cell);
        if (!cell)
            return LAC_MEMORY;
        t->cell = cell;
        t->capacity = capacity;
    }
    memset(row_of(t, t->rows++), 0, t->width * sizeof(int64_t));
    return LAC_OK;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* to = p a + q b without a common factor; false when a number grows beyond 64 bits. */
static bool combine(int64_t *to, const int64_t *a, int64_t p, const int64_t *b, int64_t q,
                    size_t width)
{
    int64_t divisor = 0;
    for (size_t k = 0; k < width; k++) {
        int64_t x, y;
        if (__builtin_mul_overflow(a[k], p, &x) || __builtin_mul_overflow(b[k], q, &y) ||
            __builtin_add_overflow(x, y, &to[k]) || to[k] == INT64_MIN)
            return false;
        divisor = common_divisor(divisor, to[k]);
    }
    for (size_t k = 0; divisor > 1 && k < width; k++)
        to[k] /= divisor;
    return true;
}

/* ---- columns ----------------------------------------------------------------------------------
 */

/* The smallest whole number that makes all changes whole, or 0. */
static int64_t denominator(const lac_process *process)
{
    for (int64_t q = 1; q <= DENOMINATOR_MOST; q++) {
        bool whole = true;
        for (size_t k = 0; k < process->changes && whole; k++) {
            double x = process->change[k].stoichiometry * (double)q;
            whole = fabs(x) < 1e9 && fabs(x - round(x)) <= 1e-9 * fabs(x);
        }
        if (whole)
            return q;
    }
    return 0;
}

/* A process with changes that are no ratios of small numbers gets a column for each: nothing that
 * it changes is conserved. */
static size_t columns_of(const lac_process *process)
{
    return denominator(process) ? 1 : process->changes;
}

static void fill_process(tableau *t, const lac_process *process, size_t column)
{
    int64_t q = denominator(process);
    for (size_t k = 0; k < process->changes; k++) {
        int64_t *row = row_of(t, process->change[k].variable);
        if (q)
            row[column] += (int64_t)llround(process->change[k].stoichiometry * (double)q);
        else
            row[column + k] = 1;
    }
}

/* One row a variable, one column a process or exchange. */
static lac_status fill_tableau(const lac_model *model, tableau *t)
{
    lac_status status = LAC_OK;
    size_t column = 0;
    t->variables = model->variables;
    for (size_t p = 0; p < model->processes; p++)
        t->columns += columns_of(&model->process[p]);
    for (size_t b = 0; b < model->boundaries; b++)
        t->columns += model->boundary[b].type->with_pool;
    t->width = t->columns + t->variables;
    for (size_t v = 0; v < t->variables; v++) {
        LAC_TRY(add_row(t));
        row_of(t, v)[t->columns + v] = 1;
    }
    for (size_t p = 0; p < model->processes; p++) {
        fill_process(t, &model->process[p], column);
        column += columns_of(&model->process[p]);
    }
    for (size_t b = 0; b < model->boundaries; b++) {
        const lac_boundary *boundary = &model->boundary[b];
        if (!boundary->type->with_pool)
            continue;
        row_of(t, boundary->variable)[column] = 1;
        row_of(t, boundary->pool)[column++] = -1;
    }
out:
    return status;
}

static lac_status copy_tableau(const tableau *from, tableau *to)
{
    lac_status status = LAC_OK;
    *to = *from;
    to->capacity = from->rows;
    to->cell = NULL;
    LAC_NEW(to->cell, from->rows * from->width);
    if (from->rows > 0) /* without rows there may be no cells to copy from */
        memcpy(to->cell, from->cell, from->rows * from->width * sizeof *to->cell);
out:
    return status;
}

static void drop_row(tableau *t, size_t row)
{
    t->rows--;
    if (row != t->rows)
        memcpy(row_of(t, row), row_of(t, t->rows), t->width * sizeof(int64_t));
}

/* ---- Gauss ------------------------------------------------------------------------------------
 */

/* The nonzero row with the smallest entry, or LAC_NONE. */
static size_t pivot_row(const tableau *t, size_t column)
{
    size_t best = LAC_NONE;
    int64_t least = 0;
    for (size_t row = 0; row < t->rows; row++) {
        int64_t size = llabs(row_of(t, row)[column]);
        if (size != 0 && (best == LAC_NONE || size < least)) {
            best = row;
            least = size;
        }
    }
    return best;
}

/* Leaves a basis of the left null space; false when numbers grow too large. */
static bool eliminate_columns(tableau *t)
{
    for (size_t column = 0; column < t->columns; column++) {
        size_t pivot = pivot_row(t, column);
        if (pivot == LAC_NONE)
            continue;
        for (size_t row = 0; row < t->rows; row++) {
            int64_t *mine = row_of(t, row), *theirs = row_of(t, pivot);
            if (row != pivot && mine[column] != 0 &&
                !combine(mine, mine, theirs[column], theirs, -mine[column], t->width))
                return false;
        }
        drop_row(t, pivot);
    }
    return true;
}

/* ---- Farkas -----------------------------------------------------------------------------------
 */

/* The variables of every row, a bit each: rows are compared far more often than they are made. */
typedef struct supports {
    size_t words;
    uint64_t *bits; /* owned [rows][words] */
} supports;

static lac_status find_supports(const tableau *t, supports *of)
{
    lac_status status = LAC_OK;
    of->words = t->variables / 64 + 1;
    LAC_NEW(of->bits, t->rows * of->words);
    for (size_t row = 0; row < t->rows; row++)
        for (size_t k = 0; k < t->variables; k++)
            of->bits[row * of->words + k / 64] |= (uint64_t)(weights_of(t, row)[k] != 0) << k % 64;
out:
    return status;
}

/* Is every variable of row a in row b? */
static bool within(const supports *of, size_t a, size_t b)
{
    for (size_t word = 0; word < of->words; word++)
        if (of->bits[a * of->words + word] & ~of->bits[b * of->words + word])
            return false;
    return true;
}

/* Is there a row with a smaller support, or an earlier one with the same? */
static bool superfluous(const supports *of, size_t rows, size_t row)
{
    for (size_t other = 0; other < rows; other++)
        if (other != row && within(of, other, row) && (other < row || !within(of, row, other)))
            return true;
    return false;
}

static lac_status keep_smallest(tableau *t)
{
    supports of = {0};
    lac_status status = find_supports(t, &of);
    for (size_t row = status == LAC_OK ? t->rows : 0; row-- > 0;) {
        if (!superfluous(&of, t->rows, row))
            continue;
        drop_row(t, row);
        memmove(of.bits + row * of.words, of.bits + t->rows * of.words, of.words * sizeof *of.bits);
    }
    lac_free(of.bits);
    return status;
}

/* The column with entries that makes the fewest new rows, or LAC_NONE: open ends come first. */
static size_t easiest_column(const tableau *t)
{
    size_t best = LAC_NONE, least = LAC_NONE;
    for (size_t column = 0; column < t->columns; column++) {
        size_t positive = 0, negative = 0;
        for (size_t row = 0; row < t->rows; row++) {
            positive += row_of(t, row)[column] > 0;
            negative += row_of(t, row)[column] < 0;
        }
        if (positive + negative > 0 && positive * negative < least) {
            least = positive * negative;
            best = column;
        }
    }
    return best;
}

/* Replaces rows with an entry in the column by all sums of a positive and a negative one. */
static lac_status cancel_column(tableau *t, size_t column, bool *fits)
{
    lac_status status = LAC_OK;
    size_t before = t->rows;
    for (size_t a = 0; a < before && *fits; a++)
        for (size_t b = 0; b < before && *fits; b++) {
            if (row_of(t, a)[column] <= 0 || row_of(t, b)[column] >= 0)
                continue;
            LAC_TRY(add_row(t));
            *fits = t->rows <= ROWS_MOST &&
                    combine(row_of(t, t->rows - 1), row_of(t, a), -row_of(t, b)[column],
                            row_of(t, b), row_of(t, a)[column], t->width);
        }
    for (size_t row = before; row-- > 0;)
        if (row_of(t, row)[column] != 0)
            drop_row(t, row);
    LAC_TRY(keep_smallest(t));
out:
    return status;
}

/* ---- choice -----------------------------------------------------------------------------------
 */

/* Smaller supports first, then smaller weights. */
static int64_t cost(const tableau *t, size_t row)
{
    int64_t sum = 0;
    for (size_t k = 0; k < t->variables; k++)
        if (weights_of(t, row)[k] != 0)
            sum += 1000000 + llabs(weights_of(t, row)[k]) % 1000000;
    return sum;
}

static size_t cheapest(const int64_t *costs, size_t rows)
{
    size_t best = 0;
    for (size_t row = 1; row < rows; row++)
        if (costs[row] < costs[best])
            best = row;
    return best;
}

/* Reduces the candidate by the rows taken so far (each with a leading variable of its own); true
 * when something is left, which is then kept in `taken`. */
static lac_status independent(tableau *taken, size_t *leads, const int64_t *weights, bool *fresh)
{
    lac_status status = LAC_OK;
    LAC_TRY(add_row(taken));
    size_t last = taken->rows - 1;
    int64_t *mine = row_of(taken, last);
    bool fits = true;
    memcpy(mine, weights, taken->width * sizeof *mine);
    for (size_t row = 0; row < last && fits; row++) {
        const int64_t *theirs = row_of(taken, row);
        size_t lead = leads[row];
        if (mine[lead] != 0)
            fits = combine(mine, mine, theirs[lead], theirs, -mine[lead], taken->width);
    }
    size_t lead = 0;
    while (lead < taken->width && mine[lead] == 0)
        lead++;
    *fresh = fits && lead < taken->width;
    if (*fresh)
        leads[last] = lead;
    else
        taken->rows--;
out:
    return status;
}

/* Takes candidates, cheapest first, that are independent of what was taken. */
static lac_status take(tableau *candidates, tableau *taken, size_t *leads,
                       lac_invariants *invariants, size_t count)
{
    lac_status status = LAC_OK;
    size_t variables = candidates->variables;
    int64_t *costs = NULL; /* owned [rows] */
    LAC_NEW(costs, candidates->rows);
    for (size_t row = 0; row < candidates->rows; row++)
        costs[row] = cost(candidates, row);
    while (candidates->rows > 0 && invariants->count < count) {
        size_t row = cheapest(costs, candidates->rows);
        const int64_t *weights = weights_of(candidates, row);
        bool fresh;
        int64_t sign = 1;
        LAC_TRY(independent(taken, leads, weights, &fresh));
        for (size_t k = variables; k-- > 0;)
            if (weights[k] != 0)
                sign = weights[k] < 0 ? -1 : 1;
        double *to = invariants->weight + invariants->count * variables;
        for (size_t k = 0; fresh && k < variables; k++)
            to[k] = (double)(sign * weights[k]);
        invariants->count += fresh;
        drop_row(candidates, row);
        costs[row] = costs[candidates->rows];
    }
out:
    lac_free(costs);
    return status;
}

lac_status lac_network_invariants(const lac_model *model, lac_invariants *invariants)
{
    lac_status status = LAC_OK;
    tableau basis = {0}, moieties = {0}, taken = {0};
    size_t *leads = NULL; /* owned: the first variable of what was taken */
    bool fits = true;
    *invariants = (lac_invariants){0};
    if ((model->variables + model->processes) * model->variables > CELLS_MOST) {
        invariants->too_large = true;
        return LAC_OK;
    }
    LAC_TRY(fill_tableau(model, &basis));
    LAC_TRY(copy_tableau(&basis, &moieties));
    if (!eliminate_columns(&basis))
        basis.rows = 0;
    for (size_t column; fits && (column = easiest_column(&moieties)) != LAC_NONE;)
        LAC_TRY(cancel_column(&moieties, column, &fits));
    if (!fits)
        moieties.rows = 0;
    size_t count = basis.rows > 0 ? basis.rows : moieties.rows;
    taken.width = taken.variables = model->variables;
    LAC_NEW(invariants->weight, count * model->variables);
    LAC_NEW(leads, count + 1);
    LAC_TRY(take(&moieties, &taken, leads, invariants, count));
    LAC_TRY(take(&basis, &taken, leads, invariants, count));
out:
    lac_free(leads);
    lac_free(basis.cell);
    lac_free(moieties.cell);
    lac_free(taken.cell);
    if (status != LAC_OK)
        lac_invariants_free(invariants);
    return status;
}

void lac_invariants_free(lac_invariants *invariants)
{
    lac_free(invariants->weight);
    *invariants = (lac_invariants){0};
}
