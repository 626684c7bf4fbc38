/* Random fields: one axis after the other.
 *
 * Both covariances are products over the axes, c(x) c(y) c(z), so the matrix between all voxels is
 * a Kronecker product, and so is its Cholesky factor: white noise is multiplied by the factor of
 * each axis in turn. That is exact for any spacing of the voxel centres, needs no padding and no
 * period, and costs n / 2 multiplications a voxel and axis. For exp(-r / L) the factor is the
 * autoregression of first order; for exp(-(r / L)^2) the product is the isotropic covariance
 * itself. A nugget of 1e-8 keeps the smooth one positive definite; rows are then scaled to a
 * variance of 1. Inactive voxels are drawn like others. Tested against the covariance of an
 * ensemble in tests/test_random_field.c; what else was tried stands in docs/methods.md.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/random_field.h"

#include "base/memory.h"
#include "base/vector.h"

#include <gsl/gsl_randist.h>
#include <math.h>

static const double NUGGET = 1e-8;
static const double SQRT_HALF = 0.70710678118654752440;

static double covariance(lac_covariance kind, double distance, double length)
{
    double r = fabs(distance) / length;
    return kind == LAC_COVARIANCE_GAUSSIAN ? exp(-r * r) : exp(-r);
}

/* --- the factor of an axis -----------------------------------------------------------------------
 */

/* Cholesky, row by row: factor[i][j] for j <= i, rows scaled to length 1. */
static void factorise(double *factor, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = factor + i * n;
        for (size_t j = 0; j <= i; j++) {
            const double *other = factor + j * n;
            double sum = row[j];
            for (size_t k = 0; k < j; k++)
                sum -= row[k] * other[k];
            row[j] = j < i ? sum / other[j] : sqrt(fmax(sum, NUGGET * NUGGET));
        }
    }
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t j = 0; j <= i; j++)
            square += factor[i * n + j] * factor[i * n + j];
        for (size_t j = 0; j <= i; j++)
            factor[i * n + j] /= sqrt(square);
    }
}

static lac_status create_factor(const lac_grid *grid, int axis, const lac_random_field *field,
                                double **factor)
{
    lac_status status = LAC_OK;
    const size_t n = grid->n[axis];
    size_t stride = 1;
    for (int below = 0; below < axis; below++)
        stride *= grid->n[below];
    LAC_REQUIRE(n <= LAC_FIELD_AXIS, LAC_LIMIT,
                "the random field '%s' has %zu voxels along an axis; with a correlation at most %d "
                "are possible",
                field->id, n, LAC_FIELD_AXIS);
    LAC_NEW(*factor, n * n);
    const double *at = grid->position[axis];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            (*factor)[i * n + j] = covariance(field->covariance, at[i * stride] - at[j * stride],
                                              field->length[axis]) +
                                   (i == j ? NUGGET : 0);
    factorise(*factor, n);
out:
    return status;
}

/* One line: from the end on, so that what is still needed is not yet overwritten. */
static void multiply_line(const double *factor, size_t n, double *line, size_t stride)
{
    for (size_t i = n; i-- > 0;) {
        double sum = 0;
        for (size_t j = 0; j <= i; j++)
            sum += factor[i * n + j] * line[j * stride];
        line[i * stride] = sum;
    }
}

static lac_status correlate(const lac_grid *grid, int axis, const lac_random_field *field,
                            double *value)
{
    lac_status status = LAC_OK;
    double *factor = NULL;
    const size_t n = grid->n[axis], lines = grid->voxels / n;
    size_t stride = 1;
    for (int below = 0; below < axis; below++)
        stride *= grid->n[below];
    if (n < 2 || !(field->length[axis] > 0))
        return LAC_OK;
    LAC_TRY(create_factor(grid, axis, field, &factor));
#pragma omp parallel for schedule(static) if (grid->voxels > LAC_BLOCK)
    for (size_t line = 0; line < lines; line++)
        multiply_line(factor, n, value + line % stride + line / stride * stride * n, stride);
out:
    lac_free(factor);
    return status;
}

/* --- noise ---------------------------------------------------------------------------------------
 */

/* Box & Muller (1958). */
static double standard_normal(lac_random_key key, uint64_t address, size_t voxel)
{
    static const double TWO_PI = 6.283185307179586476925;
    uint32_t word[LAC_PHILOX_WORDS];
    lac_philox_blocks(key, address, voxel, 1, word);
    uint64_t first = word[0] | (uint64_t)word[1] << 32, second = word[2] | (uint64_t)word[3] << 32;
    double u = (double)((first >> 11) + 1) * 0x1p-53, v = (double)(second >> 11) * 0x1p-53;
    return sqrt(-2 * log(u)) * cos(TWO_PI * v);
}

lac_status lac_random_field_draw(const lac_grid *grid, const lac_random_field *field,
                                 lac_random_key key, double *out)
{
    lac_status status = LAC_OK;
    const uint64_t address = lac_random_address(field->id);
#pragma omp parallel for schedule(static) if (grid->voxels > LAC_BLOCK)
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        out[voxel] = standard_normal(key, address, voxel);
    for (int axis = 0; axis < 3; axis++)
        LAC_TRY(correlate(grid, axis, field, out));
    for (size_t voxel = 0; field->uniform && voxel < grid->voxels; voxel++)
        out[voxel] = 0.5 * erfc(-out[voxel] * SQRT_HALF);
out:
    return status;
}

/* --- whole numbers -------------------------------------------------------------------------------
 */

static lac_status check_mean(double mean)
{
    lac_status status = LAC_OK;
    LAC_REQUIRE(mean >= 0, LAC_NUMERICS, "a random number of %g cannot be drawn", mean);
    LAC_REQUIRE(mean < 0x1p31, LAC_LIMIT,
                "%.4g in one place is more than can be drawn by chance (2^31): give it without "
                "poisson or multinomial",
                mean);
out:
    return status;
}

static lac_status draw_poisson(const lac_grid *grid, lac_random_key key, uint64_t address,
                               gsl_rng *generator, double *value)
{
    lac_status status = LAC_OK;
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double volume = lac_grid_volume(grid, voxel), mean = value[voxel] * volume;
        LAC_TRY(check_mean(mean));
        lac_stream_open(lac_stream_of(generator), key, address + voxel);
        value[voxel] = gsl_ran_poisson(generator, mean) / volume;
    }
out:
    return status;
}

static lac_status draw_multinomial(const lac_grid *grid, lac_random_key key, uint64_t address,
                                   gsl_rng *generator, double *value)
{
    lac_status status = LAC_OK;
    double left = lac_grid_sum(grid, value) * grid->voxel_volume;
    LAC_TRY(check_mean(left));
    unsigned int whole = (unsigned int)(left + 0.5);
    lac_stream_open(lac_stream_of(generator), key, address);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++) {
        double volume = lac_grid_volume(grid, voxel), mean = value[voxel] * volume;
        LAC_TRY(check_mean(mean));
        double share = left > mean ? mean / left : mean > 0;
        unsigned int count = share > 0 ? gsl_ran_binomial(generator, share, whole) : 0;
        left -= mean;
        whole -= count;
        value[voxel] = count / volume;
    }
out:
    return status;
}

lac_status lac_random_counts(const lac_grid *grid, lac_counting counting, lac_random_key key,
                             uint64_t address, double *value)
{
    lac_status status = LAC_OK;
    gsl_rng *generator = NULL;
    LAC_TRY(lac_gsl_create(key, address, &generator));
    if (counting == LAC_POISSON)
        LAC_TRY(draw_poisson(grid, key, address, generator, value));
    if (counting == LAC_MULTINOMIAL)
        LAC_TRY(draw_multinomial(grid, key, address, generator, value));
out:
    if (generator)
        gsl_rng_free(generator);
    return status;
}

lac_status lac_random_count(lac_random_key key, uint64_t address, double *value)
{
    lac_status status = LAC_OK;
    gsl_rng *generator = NULL;
    LAC_TRY(check_mean(*value));
    LAC_TRY(lac_gsl_create(key, address, &generator));
    *value = gsl_ran_poisson(generator, *value);
out:
    if (generator)
        gsl_rng_free(generator);
    return status;
}
