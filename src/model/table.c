/* Table: aligns the columns of a text with tabs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/table.h"

#include <stdbool.h>
#include <string.h>

enum { MOST_COLUMNS = 12, WIDEST = 44 };

/* Characters, not bytes, of UTF-8. */
static size_t width_of(const char *cell, size_t bytes)
{
    size_t width = 0;
    for (size_t each = 0; each < bytes; each++)
        width += ((unsigned char)cell[each] & 0xc0) != 0x80;
    return width;
}

/* Calls for every cell: first to measure (text NULL), then to write. A cell that is wider than
 * WIDEST does not widen its column. */
static void pass(const char *rows, size_t width[MOST_COLUMNS], const char *indent, lac_text *text)
{
    while (*rows) {
        if (text)
            lac_text_add(text, "%s", indent);
        for (size_t column = 0; *rows && *rows != '\n'; column++) {
            size_t bytes = strcspn(rows, "\t\n");
            size_t own = width_of(rows, bytes);
            size_t slot = column < MOST_COLUMNS ? column : MOST_COLUMNS - 1;
            size_t after = bytes + (rows[bytes] == '\t');
            bool last = rows[after] == '\n' || rows[after] == '\0';
            if (!text && own <= WIDEST && own > width[slot])
                width[slot] = own;
            if (text) {
                lac_text_add_bytes(text, rows, bytes);
                if (!last)
                    lac_text_add(text, "%*s", (int)(own < width[slot] ? width[slot] - own : 0) + 2,
                                 "");
            }
            rows += after;
        }
        while (text && text->length > 0 && text->bytes[text->length - 1] == ' ')
            text->bytes[--text->length] = '\0';
        if (text)
            lac_text_add(text, "\n");
        rows += *rows == '\n';
    }
}

void lac_table_add(lac_text *rows, const char *indent, lac_text *text)
{
    size_t width[MOST_COLUMNS] = {0};
    pass(lac_text_of(rows), width, indent, NULL);
    pass(lac_text_of(rows), width, indent, text);
    if (rows->failed)
        text->failed = rows->failed;
    lac_text_free(rows);
}
