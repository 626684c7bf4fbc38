/* Text: a string that grows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int make_room(lac_text *text, size_t length)
{
    if (text->failed)
        return 0;
    size_t needed = text->length + length + 1;
    if (needed <= text->capacity)
        return 1;
    size_t capacity = text->capacity ? text->capacity : 128;
    while (capacity < needed)
        capacity *= 2;
    char *bytes = lac_regrow(text->bytes, text->length, capacity, 1);
    if (!bytes) {
        text->failed = LAC_MEMORY;
        return 0;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return 1;
}

void lac_text_add(lac_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !make_room(text, (size_t)length))
        return;
    va_start(arguments, format);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

void lac_text_add_bytes(lac_text *text, const char *bytes, size_t length)
{
    if (!make_room(text, length))
        return;
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

const char *lac_text_of(const lac_text *text)
{
    return text->bytes ? text->bytes : "";
}

void lac_text_free(lac_text *text)
{
    if (!text)
        return;
    lac_free(text->bytes);
    *text = (lac_text){0};
}

static lac_status check_file(const char *path, FILE *file, size_t limit)
{
    struct stat about;
    if (fstat(fileno(file), &about) != 0)
        return lac_fail(LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return lac_fail(LAC_NO_INPUT, "%s: is a directory, not a file", path);
    if (about.st_size > 0 && (size_t)about.st_size > limit)
        return lac_fail(LAC_NO_INPUT, "%s: %lld bytes, more than the limit of %zu bytes", path,
                        (long long)about.st_size, limit);
    return LAC_OK;
}

lac_status lac_text_read(const char *path, size_t limit, char **bytes, size_t *length)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    FILE *file = fopen(path, "rb");
    LAC_REQUIRE(file, LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_TRY(check_file(path, file, limit));
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        lac_text_add_bytes(&text, chunk, got);
        LAC_REQUIRE(text.length <= limit, LAC_NO_INPUT, "%s: more than the limit of %zu bytes",
                    path, limit);
    }
    LAC_REQUIRE(!ferror(file), LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_TRY(text.failed);
    LAC_REQUIRE(text.length == 0 || !memchr(text.bytes, 0, text.length), LAC_NO_INPUT,
                "%s: holds NUL bytes: a binary file, not text", path);
    *length = text.length;
    LAC_OWN(*bytes, lac_copy_bytes(lac_text_of(&text), text.length));
out:
    if (file)
        fclose(file);
    lac_text_free(&text);
    return status;
}
