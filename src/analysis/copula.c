/* Copula: normal scores, mixed, and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/copula.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double EDGE = 0x1p-53; /* scores of 0 and 1 are not finite */

void lac_copula_apply(size_t count, const double *factor, double *unit)
{
    for (size_t k = 0; k < count; k++)
        unit[k] = gsl_cdf_ugaussian_Pinv(fmin(fmax(unit[k], EDGE), 1 - EDGE));
    for (size_t row = count; row-- > 0;) { /* downward: what is above is still needed */
        double score = 0;
        for (size_t k = 0; k <= row; k++)
            score += factor[row * count + k] * unit[k];
        unit[row] = score;
    }
    for (size_t k = 0; k < count; k++)
        unit[k] = fmin(fmax(gsl_cdf_ugaussian_P(unit[k]), EDGE), 1 - EDGE);
}
