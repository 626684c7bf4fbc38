/* Displays: the units in which values are shown, masses through the molar mass.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "loading/loader.h"

#include <math.h>
#include <string.h>

bool lac_amount_dimension(lac_dimension found, lac_dimension *amount)
{
    *amount = found;
    amount->sixths[LAC_AMOUNT] = (signed char)(found.sixths[LAC_AMOUNT] + found.sixths[LAC_MASS]);
    amount->sixths[LAC_MASS] = 0;
    return found.sixths[LAC_MASS] != 0;
}

lac_status lac_display_by_mass(const char *unit, double molar_mass, lac_dimension dimension,
                               lac_display *display)
{
    lac_unit parsed;
    size_t at, span;
    lac_dimension amount;
    lac_status status = lac_unit_parse(unit, strlen(unit), &parsed, &at, &span);
    if (status == LAC_OK &&
        !(lac_amount_dimension(parsed.dimension, &amount) && lac_dimension_same(amount, dimension)))
        status = lac_fail(LAC_INPUT, "'%s' is not a unit of mass that comes to an amount", unit);
    if (status == LAC_OK)
        status = lac_display_as(unit, parsed.dimension, display);
    if (status == LAC_OK)
        display->factor *= pow(molar_mass, parsed.dimension.sixths[LAC_MASS] / 6.0);
    return status;
}

lac_status lac_load_display(lac_loader *loader, const lac_yaml *node, lac_dimension dimension,
                            size_t species, lac_display *display)
{
    double mass = species == LAC_NONE ? 0 : loader->model->species[species].molar_mass;
    if (!lac_is_scalar(loader, node, node->place, "a unit"))
        return lac_display_of(dimension, display);
    if (mass > 0 && lac_display_by_mass(node->scalar, mass, dimension, display) == LAC_OK)
        return LAC_OK;
    lac_status status = lac_display_as(node->scalar, dimension, display);
    if (status == LAC_OK || status == LAC_MEMORY)
        return status;
    lac_report(loader->list, LAC_ERROR, node->place, "%s", lac_failure());
    return lac_display_of(dimension, display);
}
