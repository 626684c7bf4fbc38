/* Text: a string that grows, and files read as one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* fdopen, O_CLOEXEC */
#include "base/text.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

size_t lac_text_split(char *text, const char *between, const char **part, size_t most)
{
    size_t parts = 0;
    char *rest = NULL;
    for (char *at = strtok_r(text, between, &rest); at && parts < most;
         at = strtok_r(NULL, between, &rest))
        part[parts++] = at;
    return parts;
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

/* What a file is that is none to read from: "a directory"; NULL for a regular file. */
static const char *strange_kind(mode_t mode)
{
    if (S_ISDIR(mode))
        return "a directory";
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return S_ISREG(mode) ? NULL : "a device";
}

static lac_status check_file(const char *path, int file, size_t limit, bool stream)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return lac_fail(LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    const char *kind = strange_kind(about.st_mode);
    if (kind && (!stream || S_ISDIR(about.st_mode)))
        return lac_fail(LAC_NO_INPUT, "%s: is %s, not a file", path, kind);
    if (about.st_size > 0 && (size_t)about.st_size > limit)
        return lac_fail(LAC_NO_INPUT, "%s: %lld bytes, more than the limit of %zu bytes", path,
                        (long long)about.st_size, limit);
    return LAC_OK;
}

lac_status lac_text_check_regular(const char *path)
{
    struct stat about;
    const char *kind = stat(path, &about) == 0 ? strange_kind(about.st_mode) : NULL;
    return kind ? lac_fail(LAC_NO_INPUT, "%s: is %s, not a file", path, kind) : LAC_OK;
}

size_t lac_text_mark(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Byte order marks of encodings that are not read; the longer ones first. */
static lac_status check_encoding(const char *path, const lac_text *text)
{
    static const struct {
        const char *mark;
        size_t bytes;
        const char *name;
    } foreign[] = {{"\xff\xfe\0\0", 4, "UTF-32"},
                   {"\0\0\xfe\xff", 4, "UTF-32"},
                   {"\xff\xfe", 2, "UTF-16"},
                   {"\xfe\xff", 2, "UTF-16"}};
    for (size_t row = 0; row < sizeof foreign / sizeof *foreign; row++) {
        if (text->length >= foreign[row].bytes &&
            memcmp(text->bytes, foreign[row].mark, foreign[row].bytes) == 0)
            return lac_fail(LAC_NO_INPUT,
                            "%s: starts with the byte order mark of %s: save the file as UTF-8",
                            path, foreign[row].name);
    }
    if (text->length > 0 && memchr(text->bytes, 0, text->length))
        return lac_fail(LAC_NO_INPUT, "%s: holds NUL bytes: a binary file, not text", path);
    return LAC_OK;
}

static lac_status read_file(const char *path, FILE *file, size_t limit, lac_text *text)
{
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        lac_text_add_bytes(text, chunk, got);
        if (text->length > limit)
            return lac_fail(LAC_NO_INPUT, "%s: more than the limit of %zu bytes", path, limit);
    }
    if (ferror(file))
        return lac_fail(LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    return text->failed ? text->failed : check_encoding(path, text);
}

static lac_status read_text(const char *path, size_t limit, bool stream, char **bytes,
                            size_t *length)
{
    lac_status status = LAC_OK;
    lac_text text = {0};
    FILE *file = NULL;
    /* without O_NONBLOCK, opening a pipe would wait for somebody who writes */
    int opened = open(path, O_RDONLY | O_CLOEXEC | (stream ? 0 : O_NONBLOCK));
    LAC_REQUIRE(opened >= 0, LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_TRY(check_file(path, opened, limit, stream));
    file = fdopen(opened, "rb");
    LAC_REQUIRE(file, LAC_NO_INPUT, "%s: %s", path, strerror(errno));
    LAC_TRY(read_file(path, file, limit, &text));
    size_t mark = lac_text_mark(lac_text_of(&text), text.length);
    *length = text.length - mark;
    LAC_OWN(*bytes, lac_copy_bytes(lac_text_of(&text) + mark, *length));
out:
    if (file)
        fclose(file);
    else if (opened >= 0)
        close(opened);
    lac_text_free(&text);
    return status;
}

lac_status lac_text_read(const char *path, size_t limit, char **bytes, size_t *length)
{
    return read_text(path, limit, false, bytes, length);
}

lac_status lac_text_read_stream(const char *path, size_t limit, char **bytes, size_t *length)
{
    return read_text(path, limit, true, bytes, length);
}
