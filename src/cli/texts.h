/* Texts: what commands that load files themselves share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_TEXTS_H
#define LAC_CLI_TEXTS_H

#include "language/diagnostics.h"
#include "loading/origin.h"

/* What finds installed files. */
extern const lac_file_finder lac_texts_installed;

/* Warnings of a text that was loaded, unless quiet; all of it when there were errors. */
void lac_texts_diagnostics(const lac_diagnostics *list, bool quiet);

#endif
