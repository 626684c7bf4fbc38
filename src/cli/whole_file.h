/* Whole files: written beside their name, then put in its place, so that they are there whole or
 * not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_CLI_WHOLE_FILE_H
#define LAC_CLI_WHOLE_FILE_H

#include "base/status.h"

/* Puts `text` in place of the file `path`. */
lac_status lac_whole_file_write(const char *path, const char *text);

#endif
