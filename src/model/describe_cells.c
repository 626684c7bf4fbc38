/* Cells: expressions, quantities and times as the tables of a description show them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/describe_internal.h"

#include <string.h>

void lac_cell_expression(const lac_model *model, const lac_expression *tree, lac_text *text)
{
    lac_expression_write(tree, lac_model_symbol_name, model, text);
}

const char *lac_cell_unit(const lac_display *display)
{
    return strcmp(display->unit, "1") == 0 ? "" : display->unit;
}

void lac_cell_quantity(double value, lac_dimension dimension, lac_text *text)
{
    lac_display display;
    if (lac_display_of(dimension, &display) == LAC_OK)
        lac_text_add(text, "%.5g%s%s", value * display.factor, *lac_cell_unit(&display) ? " " : "",
                     lac_cell_unit(&display));
}

void lac_cell_time(double seconds, lac_text *text)
{
    static const struct {
        double seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
    for (size_t each = 0; each < sizeof units / sizeof *units; each++) {
        if (seconds >= units[each].seconds) {
            lac_text_add(text, "%.6g %s", seconds / units[each].seconds, units[each].unit);
            return;
        }
    }
    lac_text_add(text, "%.6g s", seconds);
}

void lac_cell_heading(const char *heading, size_t count, lac_text *text)
{
    lac_text_add(text, "\n%s (%zu)\n", heading, count);
}
