/* Reading a checkpoint: first all of it, to see that it is whole and fits; then the blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/checkpoint_file_internal.h"
#include "store/checksum.h"

#include <errno.h>
#include <string.h>

enum { PIECE = 65536, LONGEST_MODEL = 256 << 20 };

static void damaged(lac_checkpoint_stream *stream, const char *why)
{
    if (stream->failed == LAC_OK)
        stream->failed =
            lac_fail(LAC_NO_INPUT, "%s: the checkpoint is damaged: %s", stream->path, why);
}

static void get(lac_checkpoint_stream *stream, void *bytes, size_t count)
{
    if (stream->failed != LAC_OK)
        return;
    if (fread(bytes, 1, count, stream->file) != count)
        damaged(stream, "it ends too early");
    else
        stream->sum = lac_checksum(stream->sum, bytes, count);
}

static void pass_over(lac_checkpoint_stream *stream, uint64_t count)
{
    char piece[PIECE];
    while (count > 0 && stream->failed == LAC_OK) {
        size_t part = count < sizeof piece ? (size_t)count : sizeof piece;
        get(stream, piece, part);
        count -= part;
    }
}

static uint64_t get_number(lac_checkpoint_stream *stream)
{
    uint64_t number = 0;
    get(stream, &number, sizeof number);
    return stream->failed == LAC_OK ? number : 0;
}

/* A text that must fit in `size` bytes. */
static void get_text(lac_checkpoint_stream *stream, char *text, size_t size)
{
    uint64_t length = get_number(stream);
    if (length >= size)
        damaged(stream, "a name is too long");
    else
        get(stream, text, (size_t)length);
    text[stream->failed == LAC_OK ? length : 0] = '\0';
}

/* Whole, but not for us: only a checksum that fits tells it from damage. */
static void get_foreign(lac_checkpoint_stream *stream, uint64_t version)
{
    unsigned char last[8] = {0}, piece[PIECE];
    size_t kept = 0, got;
    uint64_t stored = 0, sum = stream->sum;
    while ((got = fread(piece, 1, sizeof piece - sizeof last, stream->file)) > 0) {
        /* the last eight bytes so far may be the checksum itself */
        memmove(piece + kept, piece, got);
        memcpy(piece, last, kept);
        size_t all = kept + got, part = all > sizeof last ? all - sizeof last : 0;
        sum = lac_checksum(sum, piece, part);
        kept = all - part;
        memcpy(last, piece + part, kept);
    }
    memcpy(&stored, last, kept);
    if (kept < sizeof last || stored != sum)
        damaged(stream, "its checksum does not fit");
    else
        stream->failed =
            lac_fail(LAC_INPUT, "%s: checkpoint format %llu, this program reads format %d",
                     stream->path, (unsigned long long)version, LAC_CHECKPOINT_VERSION);
}

static void get_start(lac_checkpoint_stream *stream)
{
    char magic[sizeof LAC_CHECKPOINT_MAGIC] = "";
    get(stream, magic, sizeof magic - 1);
    if (strcmp(magic, LAC_CHECKPOINT_MAGIC) != 0)
        stream->failed = lac_fail(LAC_NO_INPUT, "%s: is not a checkpoint", stream->path);
    uint64_t order = get_number(stream), version = get_number(stream);
    if (stream->failed == LAC_OK && order == LAC_CHECKPOINT_OTHER_ORDER)
        stream->failed = lac_fail(LAC_INPUT, "%s: was written by a machine with another byte order",
                                  stream->path);
    else if (order != LAC_CHECKPOINT_ORDER)
        damaged(stream, "its first numbers make no sense");
    if (stream->failed == LAC_OK && version != LAC_CHECKPOINT_VERSION)
        get_foreign(stream, version);
}

static void get_facts(lac_checkpoint_stream *stream, lac_checkpoint_facts *facts)
{
    *facts = (lac_checkpoint_facts){0};
    get_text(stream, facts->version, sizeof facts->version);
    get_text(stream, facts->build, sizeof facts->build);
    get_text(stream, facts->model_hash, sizeof facts->model_hash);
    get_text(stream, facts->method, sizeof facts->method);
    get_text(stream, facts->result, sizeof facts->result);
    get(stream, &facts->time, sizeof facts->time);
    facts->frames = (size_t)get_number(stream);
    facts->field_frames = (size_t)get_number(stream);
}

typedef struct entry {
    char owner[LAC_CHECKPOINT_NAME], name[LAC_CHECKPOINT_NAME];
    uint64_t type, count;
} entry;

static void get_entry(lac_checkpoint_stream *stream, entry *head)
{
    get_text(stream, head->owner, sizeof head->owner);
    get_text(stream, head->name, sizeof head->name);
    head->type = get_number(stream);
    head->count = get_number(stream);
    if (head->type > LAC_BLOCK_BYTES || head->count > SIZE_MAX / 8)
        damaged(stream, "a block of no known kind");
}

static uint64_t entry_bytes(const entry *head)
{
    return head->count * (head->type == LAC_BLOCK_BYTES ? 1 : 8);
}

static lac_block *find(const lac_block_list *blocks, const entry *head)
{
    for (size_t index = 0; index < blocks->count; index++)
        if (strcmp(blocks->prefix[index], head->owner) == 0 &&
            strcmp(blocks->block[index].name, head->name) == 0)
            return (lac_block *)&blocks->block[index];
    return NULL;
}

/* Does the block of the file have its place here? Marks it in `seen`. */
static void match(lac_checkpoint_stream *stream, const lac_block_list *blocks, const entry *head,
                  bool *seen)
{
    const lac_block *block = find(blocks, head);
    if (stream->failed != LAC_OK)
        return;
    if (!block)
        stream->failed = lac_fail(LAC_NO_INPUT, "%s: holds the block %s.%s, which this run has not",
                                  stream->path, head->owner, head->name);
    else if (block->type != head->type || block->count != head->count)
        stream->failed =
            lac_fail(LAC_NO_INPUT,
                     "%s: the block %s.%s has %llu elements of type %llu, this run "
                     "has %zu of type %d",
                     stream->path, head->owner, head->name, (unsigned long long)head->count,
                     (unsigned long long)head->type, block->count, (int)block->type);
    else
        seen[block - blocks->block] = true;
}

/* The checksum at the end, and that nothing follows. */
static void get_end(lac_checkpoint_stream *stream)
{
    uint64_t sum = stream->sum;
    uint64_t stored = get_number(stream);
    if (stream->failed == LAC_OK && stored != sum)
        damaged(stream, "its checksum does not fit");
    else if (stream->failed == LAC_OK && fgetc(stream->file) != EOF)
        damaged(stream, "bytes follow its end");
}

/* Reads the whole file; with `blocks`, also sees that each of them is there, and with `all` that
 * the file holds no other. */
static void inspect(lac_checkpoint_stream *stream, const lac_block_list *blocks, bool all)
{
    bool seen[LAC_BLOCKS_MOST] = {false};
    lac_checkpoint_stream structure = {.path = stream->path};
    lac_checkpoint_facts facts;
    entry head;
    get_start(stream);
    get_facts(stream, &facts);
    pass_over(stream, get_number(stream));
    uint64_t count = get_number(stream);
    for (uint64_t index = 0; index < count && stream->failed == LAC_OK; index++) {
        get_entry(stream, &head);
        if (blocks && stream->failed == LAC_OK && (all || find(blocks, &head)))
            match(&structure, blocks, &head, seen);
        pass_over(stream, entry_bytes(&head));
    }
    get_end(stream); /* damage is reported before what does not fit */
    if (stream->failed == LAC_OK)
        stream->failed = structure.failed;
    for (size_t index = 0; blocks && index < blocks->count && stream->failed == LAC_OK; index++)
        if (!seen[index])
            stream->failed = lac_fail(LAC_NO_INPUT, "%s: holds no block %s.%s", stream->path,
                                      blocks->prefix[index], blocks->block[index].name);
}

static void get_block(lac_checkpoint_stream *stream, lac_block *block)
{
    if (block->type != LAC_BLOCK_SIZE) {
        get(stream, block->data, lac_block_bytes(block));
        return;
    }
    size_t *size = block->data;
    for (size_t index = 0; index < block->count; index++)
        size[index] = (size_t)get_number(stream);
}

static void restore(lac_checkpoint_stream *stream, const lac_block_list *blocks)
{
    lac_checkpoint_facts facts;
    entry head;
    get_start(stream);
    get_facts(stream, &facts);
    pass_over(stream, get_number(stream));
    uint64_t count = get_number(stream);
    for (uint64_t index = 0; index < count && stream->failed == LAC_OK; index++) {
        get_entry(stream, &head);
        lac_block *block = find(blocks, &head);
        if (block && stream->failed == LAC_OK)
            get_block(stream, block);
        else
            pass_over(stream, entry_bytes(&head));
    }
}

static lac_status begin(const char *path, lac_checkpoint_stream *stream)
{
    *stream = (lac_checkpoint_stream){.path = path};
    if (lac_text_check_regular(path) != LAC_OK)
        return LAC_NO_INPUT;
    *stream = (lac_checkpoint_stream){.path = path, .file = fopen(path, "rb")};
    if (!stream->file)
        return lac_fail(LAC_NO_INPUT, "%s: cannot read the checkpoint: %s", path, strerror(errno));
    return LAC_OK;
}

static void start_again(lac_checkpoint_stream *stream)
{
    rewind(stream->file);
    stream->sum = 0;
}

static lac_status load(const char *path, const lac_block_list *blocks, bool all)
{
    lac_status status = LAC_OK;
    lac_checkpoint_stream stream;
    LAC_TRY(begin(path, &stream));
    inspect(&stream, blocks, all);
    LAC_TRY(stream.failed);
    start_again(&stream);
    restore(&stream, blocks);
    LAC_TRY(stream.failed);
out:
    if (stream.file)
        fclose(stream.file);
    return status;
}

lac_status lac_checkpoint_load(const char *path, lac_block_list *blocks)
{
    return load(path, blocks, true);
}

lac_status lac_checkpoint_pick(const char *path, const lac_block_list *blocks)
{
    return load(path, blocks, false);
}

lac_status lac_checkpoint_peek(const char *path, lac_checkpoint_facts *facts, char **model_text)
{
    lac_status status = LAC_OK;
    lac_checkpoint_stream stream;
    char *text = NULL;
    LAC_TRY(begin(path, &stream));
    inspect(&stream, NULL, false);
    LAC_TRY(stream.failed);
    start_again(&stream);
    get_start(&stream);
    get_facts(&stream, facts);
    uint64_t length = get_number(&stream);
    LAC_REQUIRE(length <= LONGEST_MODEL, LAC_NO_INPUT, "%s: a model text of %llu bytes", path,
                (unsigned long long)length);
    LAC_NEW(text, (size_t)length + 1);
    get(&stream, text, (size_t)length);
    LAC_TRY(stream.failed);
    *model_text = text;
    text = NULL;
out:
    lac_free(text);
    if (stream.file)
        fclose(stream.file);
    return status;
}
