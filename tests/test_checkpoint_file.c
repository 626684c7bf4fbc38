/* Checkpoint files: bits come back, damage is seen, and a kill never leaves half a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/memory.h"
#include "store/checkpoint_file.h"
#include "store/checksum.h"
#include "testlib.h"

#include <stdbool.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DOUBLES = 3000 };

static char directory[64], path[128];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/lacuna-test-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/run.ckpt", directory);
    return 0;
}

static int remove_directory(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

typedef struct holder {
    double value[DOUBLES];
    size_t size[3];
    char byte[5];
    lac_block_list blocks;
} holder;

static void fill(holder *made, double start)
{
    *made = (holder){.size = {1, SIZE_MAX, 3}, .byte = "abcd"};
    for (size_t index = 0; index < DOUBLES; index++)
        made->value[index] = start + (double)index / 7;
    lac_block_add(&made->blocks, "state", "value", LAC_BLOCK_DOUBLE, DOUBLES, made->value);
    lac_block_add(&made->blocks, "stepper", "size", LAC_BLOCK_SIZE, 3, made->size);
    lac_block_add(&made->blocks, "stepper", "byte", LAC_BLOCK_BYTES, 5, made->byte);
    lac_block_add(&made->blocks, "stepper", "none", LAC_BLOCK_DOUBLE, 0, NULL);
}

static const lac_checkpoint_facts facts = {.version = "0.1.0",
                                           .model_hash = "0123456789abcdef",
                                           .method = "mean-field",
                                           .result = "results/run.nc",
                                           .time = 86400.125,
                                           .frames = 12,
                                           .field_frames = 3};

static lac_status save(holder *made)
{
    return lac_checkpoint_save(path, &facts, &made->blocks, "lacuna: 1\ntitle: a run\n");
}

static void the_checksum_has_its_published_check_value(void **state)
{
    (void)state;
    assert_true(lac_checksum(0, "123456789", 9) == UINT64_C(0x995dc9bbdf1939fa));
    assert_true(lac_checksum(lac_checksum(0, "1234", 4), "56789", 5) ==
                UINT64_C(0x995dc9bbdf1939fa));
    char zeros[100] = {0};
    uint64_t piecewise = 0;
    for (size_t index = 0; index < sizeof zeros; index++)
        piecewise = lac_checksum(piecewise, &zeros[index], 1);
    assert_true(lac_checksum(0, zeros, sizeof zeros) == piecewise);
}

static void all_bits_come_back(void **state)
{
    (void)state;
    static holder made, back;
    lac_checkpoint_facts read;
    char *text = NULL;
    fill(&made, 0.1);
    assert_ok(save(&made));
    fill(&back, -1);
    memset(back.size, 0, sizeof back.size);
    memset(back.byte, 0, sizeof back.byte);
    assert_ok(lac_checkpoint_load(path, &back.blocks));
    assert_memory_equal(back.value, made.value, sizeof made.value);
    assert_memory_equal(back.size, made.size, sizeof made.size);
    assert_memory_equal(back.byte, made.byte, sizeof made.byte);
    assert_ok(lac_checkpoint_peek(path, &read, &text));
    assert_string_equal(text, "lacuna: 1\ntitle: a run\n");
    assert_string_equal(read.result, facts.result);
    assert_near(read.time, facts.time, 0);
    assert_int_equal(read.frames, 12);
    assert_int_equal(read.field_frames, 3);
    lac_free(text);
}

static long file_size(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 ? (long)about.st_size : -1;
}

static void flip(long offset)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, offset, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

static void a_flipped_byte_anywhere_is_seen_and_no_block_is_touched(void **state)
{
    (void)state;
    static holder made, back, untouched;
    fill(&made, 0.1);
    fill(&back, -1);
    fill(&untouched, -1);
    assert_ok(save(&made));
    long size = file_size(path);
    for (long offset = 0; offset < size; offset += offset < 400 || offset > size - 100 ? 1 : 997) {
        flip(offset);
        assert_int_equal(lac_checkpoint_load(path, &back.blocks), LAC_NO_INPUT);
        assert_text_has(lac_failure(), "run.ckpt");
        assert_memory_equal(back.value, untouched.value, sizeof back.value);
        flip(offset);
    }
    assert_ok(lac_checkpoint_load(path, &back.blocks));
    assert_int_equal(truncate(path, size - 1), 0);
    assert_int_equal(lac_checkpoint_load(path, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "ends too early");
}

static void blocks_that_do_not_fit_are_named(void **state)
{
    (void)state;
    static holder made, back;
    fill(&made, 0.1);
    assert_ok(save(&made));
    fill(&back, -1);
    back.blocks.block[0].count--;
    assert_int_equal(lac_checkpoint_load(path, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "state.value has 3000 elements");
    fill(&back, -1);
    lac_block_add(&back.blocks, "observe", "extra", LAC_BLOCK_DOUBLE, 0, NULL);
    assert_int_equal(lac_checkpoint_load(path, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "no block observe.extra");
    fill(&back, -1);
    back.blocks.block[1].name = "other";
    assert_int_equal(lac_checkpoint_load(path, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "stepper.size, which this run has not");
    assert_near(back.value[0], -1, 0);
}

static void the_previous_generation_is_kept(void **state)
{
    (void)state;
    static holder made, back;
    char previous[160];
    snprintf(previous, sizeof previous, "%s.1", path);
    for (int generation = 0; generation < 3; generation++) {
        fill(&made, generation);
        assert_ok(save(&made));
    }
    fill(&back, -1);
    assert_ok(lac_checkpoint_load(path, &back.blocks));
    assert_near(back.value[0], 2, 0);
    assert_ok(lac_checkpoint_load(previous, &back.blocks));
    assert_near(back.value[0], 1, 0);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    static holder back;
    char name[128];
    fill(&back, -1);
    snprintf(name, sizeof name, "%s/text", directory);
    FILE *file = fopen(name, "w");
    fputs("a text that is not a checkpoint at all\n", file);
    fclose(file);
    assert_int_equal(lac_checkpoint_load(name, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "is not a checkpoint");
    assert_int_equal(lac_checkpoint_load(directory, &back.blocks), LAC_NO_INPUT);
    snprintf(name, sizeof name, "%s/none", directory);
    assert_int_equal(lac_checkpoint_load(name, &back.blocks), LAC_NO_INPUT);
    assert_text_has(lac_failure(), "No such file");
}

static size_t temporary_files(void)
{
    char command[160], line[32] = "";
    snprintf(command, sizeof command, "ls '%s' | grep -c tmp", directory);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof line, pipe));
    pclose(pipe);
    return (size_t)atoi(line);
}

static void a_kill_at_any_moment_leaves_a_whole_checkpoint(void **state)
{
    (void)state;
    static holder made, back;
    fill(&made, 0);
    assert_ok(save(&made));
    for (unsigned trial = 0; trial < 20; trial++) {
        pid_t child = fork();
        if (child == 0)
            for (;;)
                if (save(&made) != LAC_OK)
                    _exit(1);
        struct timespec moment = {0, 1000000 + 3331000 * (long)trial % 20000000};
        nanosleep(&moment, NULL);
        kill(child, SIGKILL);
        int result = 0;
        waitpid(child, &result, 0);
        assert_true(WIFSIGNALED(result));
        fill(&back, -1);
        assert_ok(lac_checkpoint_load(path, &back.blocks));
        assert_memory_equal(back.value, made.value, sizeof made.value);
    }
    assert_ok(save(&made));
    assert_int_equal(temporary_files(), 0);
}

static void without_room_the_old_checkpoint_stays(void **state)
{
    (void)state;
    static holder made, back;
    struct rlimit most;
    fill(&made, 5);
    assert_ok(save(&made));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &most);
    most.rlim_cur = 10000;
    setrlimit(RLIMIT_FSIZE, &most);
    fill(&made, 6);
    lac_status status = save(&made);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_FSIZE, &most);
    assert_int_equal(status, LAC_FILE);
    assert_text_has(lac_failure(), "File too large");
    assert_int_equal(temporary_files(), 0);
    fill(&back, -1);
    assert_ok(lac_checkpoint_load(path, &back.blocks));
    assert_near(back.value[0], 5, 0);
}

static void every_failing_allocation_comes_out_without_leak(void **state)
{
    (void)state;
    static holder made;
    size_t alive = lac_memory_alive();
    fill(&made, 1);
    for (size_t n = 1;; n++) {
        lac_checkpoint_facts read;
        char *text = NULL;
        lac_memory_fail_at(n);
        lac_status status = save(&made);
        if (status == LAC_OK)
            status = lac_checkpoint_peek(path, &read, &text);
        bool reached = lac_memory_requests() >= n;
        lac_memory_fail_at(0);
        lac_free(text);
        assert_int_equal(lac_memory_alive(), alive);
        assert_int_equal(status, reached ? LAC_MEMORY : LAC_OK);
        if (!reached)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_has_its_published_check_value),
        cmocka_unit_test(all_bits_come_back),
        cmocka_unit_test(a_flipped_byte_anywhere_is_seen_and_no_block_is_touched),
        cmocka_unit_test(blocks_that_do_not_fit_are_named),
        cmocka_unit_test(the_previous_generation_is_kept),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(a_kill_at_any_moment_leaves_a_whole_checkpoint),
        cmocka_unit_test(without_room_the_old_checkpoint_stays),
        cmocka_unit_test(every_failing_allocation_comes_out_without_leak),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
