/* Fingerprint: a short word that tells texts apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_BASE_FINGERPRINT_H
#define LAC_BASE_FINGERPRINT_H

enum { LAC_FINGERPRINT_BYTES = 65 };

/* 32 hexadecimal digits of a text. They guard against mistakes, not against malice. */
void lac_fingerprint(const char *text, char hex[LAC_FINGERPRINT_BYTES]);

#endif
