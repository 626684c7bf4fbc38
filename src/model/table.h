/* Table: lines of cells whose columns are aligned when all are known; private to this room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_MODEL_TABLE_H
#define LAC_MODEL_TABLE_H

#include "base/text.h"

/* Adds `rows` (cells end with a tab, lines with a newline) to `text`, each column as wide as its
 * widest cell, two blanks between columns; frees `rows`. */
void lac_table_add(lac_text *rows, const char *indent, lac_text *text);

#endif
