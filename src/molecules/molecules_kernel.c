/* Kernels of uniform diffusion between reflecting boundaries: exact for any time, one word a
 * molecule.
 *
 * Hops along the axes are independent, so the displacement without boundaries is a product of
 * p(k) = exp(-2 x) I_k(2 x), x expected hops to each side (a difference of two Poisson numbers). A
 * wall that reflects folds the line: the voxel beyond it is the last one again, so a displacement
 * is drawn as if there were no boundaries, and folded. Probabilities are whole multiples of 2^-32,
 * the same for k and -k, and add up to 1 exactly; so detailed balance is exact, and flat remains
 * flat. What is below 2^-33 never happens. The draw is an alias table (Walker 1977; Vose 1991, IEEE
 * Trans. Softw. Eng. 17:972) in whole numbers: a word is a column and a threshold. Known values:
 * test_molecules.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "molecules/molecules_kernel.h"

#include "base/memory.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>

enum { REACH_MOST = 4096 };

static const double UNIT = 0x1p32, STAYS = 0x1p16;

/* --- one axis ------------------------------------------------------------------------------------
 */

typedef struct lac_axis_law {
    int reach;
    double *p; /* owned [reach + 1] */
} lac_axis_law;

/* p(k) decreases; beyond the reach it is below 2^-33. */
static lac_status make_axis(double hops, lac_axis_law *axis)
{
    lac_status status = LAC_OK;
    const double most = 12 + 8 * sqrt(2 * hops);
    LAC_REQUIRE(most < REACH_MOST, LAC_LIMIT, "a kernel of %.3g hops is too wide", hops);
    LAC_NEW(axis->p, (size_t)most + 1);
    if (hops == 0)
        axis->p[0] = 1;
    else
        gsl_sf_bessel_In_scaled_array(0, (int)most, 2 * hops, axis->p);
    axis->reach = 0;
    while (axis->reach < (int)most && axis->p[axis->reach + 1] * UNIT >= 0.5)
        axis->reach++;
out:
    return status;
}

/* --- weights -------------------------------------------------------------------------------------
 */

static double probability(const lac_axis_law axis[3], const int by[3])
{
    double p = 1;
    for (int a = 0; a < 3; a++)
        p *= axis[a].p[abs(by[a])];
    return p;
}

/* Lists what has a weight among those that do not stay, each `share` of its probability; returns
 * how many, and stops beyond `most`. */
static size_t list_weights(const lac_axis_law axis[3], double share, size_t most,
                           lac_displacement *displace, uint64_t *weight)
{
    size_t entries = 0, centre = 0;
    uint64_t sum = 0;
    int by[3];
    for (by[2] = -axis[2].reach; by[2] <= axis[2].reach; by[2]++)
        for (by[1] = -axis[1].reach; by[1] <= axis[1].reach; by[1]++)
            for (by[0] = -axis[0].reach; by[0] <= axis[0].reach; by[0]++) {
                const bool middle = !by[0] && !by[1] && !by[2];
                const uint64_t w =
                    middle ? 0 : (uint64_t)floor(probability(axis, by) * share * UNIT + 0.5);
                if (w == 0 && !middle)
                    continue;
                if (entries == most)
                    return most + 1;
                centre = middle ? entries : centre;
                displace[entries] =
                    (lac_displacement){{(int16_t)by[0], (int16_t)by[1], (int16_t)by[2], 0}};
                sum += weight[entries++] = w;
            }
    weight[centre] = (UINT64_C(1) << 32) - sum;
    return entries;
}

/* --- alias ---------------------------------------------------------------------------------------
 */

/* Columns of equal capacity from weights that add up to 2^32. */
static void make_alias(int bits, uint64_t *weight, uint32_t *work, uint32_t *column)
{
    const uint32_t columns = UINT32_C(1) << bits;
    const uint64_t capacity = UINT64_C(1) << (32 - bits);
    uint32_t small = 0, large = columns;
    for (uint32_t k = 0; k < columns; k++)
        if (weight[k] < capacity)
            work[small++] = k;
        else
            work[--large] = k;
    while (small > 0 && large < columns) {
        const uint32_t less = work[--small], more = work[large];
        column[less] = (uint32_t)(weight[less] << bits) | more;
        weight[more] -= capacity - weight[less];
        if (weight[more] < capacity) {
            large++;
            work[small++] = more;
        }
    }
    for (; large < columns; large++) /* exactly full */
        column[work[large]] = work[large];
}

static int bits_for(size_t entries)
{
    int bits = 1;
    while ((size_t)1 << bits < entries)
        bits++;
    return bits;
}

static lac_status fill(lac_kernel *k, const lac_axis_law axis[3], size_t most, bool *fits)
{
    lac_status status = LAC_OK;
    uint64_t *weight = NULL;
    uint32_t *work = NULL;
    lac_displacement *displace = NULL;
    LAC_NEW(displace, most + 1);
    LAC_NEW(weight, 2 * (most + 1));
    LAC_NEW(work, 2 * (most + 1));
    const int middle[3] = {0};
    /* One less, so that what rounding takes from the table's middle is there. */
    k->stays = (uint32_t)fmax(floor(probability(axis, middle) * STAYS) - 1, 0);
    const double share = STAYS / (STAYS - k->stays);
    const size_t entries = list_weights(axis, share, most, displace, weight);
    *fits = entries <= most;
    if (!*fits)
        goto out;
    k->bits = bits_for(entries);
    LAC_NEW(k->column, (size_t)1 << k->bits);
    LAC_NEW(k->displace, (size_t)1 << k->bits);
    for (size_t i = 0; i < entries; i++)
        k->displace[i] = displace[i];
    make_alias(k->bits, weight, work, k->column);
out:
    lac_free(weight);
    lac_free(work);
    lac_free(displace);
    return status;
}

/* --- boundaries
 * ---------------------------------------------------------------------------------------
 */

/* Coordinates from -reach to n - 1 + reach, folded into the line and multiplied by the stride. */
static lac_status make_fold(size_t n, int reach, size_t stride, int32_t **fold)
{
    lac_status status = LAC_OK;
    const long period = 2 * (long)n;
    LAC_NEW(*fold, n + 2 * (size_t)reach);
    for (long at = -reach; at < (long)n + reach; at++) {
        long x = (at % period + period) % period;
        x = x < (long)n ? x : period - 1 - x;
        (*fold)[at + reach] = (int32_t)((size_t)x * stride);
    }
out:
    return status;
}

/* --- making and the end --------------------------------------------------------------------------
 */

lac_status lac_kernel_create(const double hops[3], const size_t n[3], size_t most,
                             lac_kernel **kernel)
{
    lac_status status = LAC_OK;
    lac_kernel *k = NULL;
    lac_axis_law axis[3] = {{0}};
    bool fits = true;
    size_t stride = 1;
    LAC_NEW(k, 1);
    for (int a = 0; a < 3; a++)
        LAC_TRY(make_axis(hops[a], &axis[a]));
    LAC_TRY(fill(k, axis, most, &fits));
    for (int a = 0; a < 3 && fits; stride *= n[a++]) {
        k->reach[a] = axis[a].reach;
        LAC_TRY(make_fold(n[a], axis[a].reach, stride, &k->fold[a]));
    }
    *kernel = fits ? k : NULL;
    if (fits)
        k = NULL;
out:
    for (int a = 0; a < 3; a++)
        lac_free(axis[a].p);
    lac_kernel_free(k);
    return status;
}

void lac_kernel_free(lac_kernel *k)
{
    if (!k)
        return;
    lac_free(k->column);
    lac_free(k->displace);
    for (int a = 0; a < 3; a++)
        lac_free(k->fold[a]);
    lac_free(k);
}
