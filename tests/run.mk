# Tests of the room run.
if HAVE_CMOCKA
run_tests = tests/test_schedule tests/test_trigger tests/test_events tests/test_simulation \
  tests/test_resume tests/test_result tests/test_in_memory tests/test_random_field
check_PROGRAMS += $(run_tests)
TESTS += $(run_tests)
endif
EXTRA_DIST += tests/run_scene.h
tests_test_random_field_SOURCES = tests/test_random_field.c
tests_test_random_field_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_random_field_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_schedule_SOURCES = tests/test_schedule.c
tests_test_schedule_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_schedule_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_trigger_SOURCES = tests/test_trigger.c
tests_test_trigger_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_trigger_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_events_SOURCES = tests/test_events.c
tests_test_events_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_events_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_simulation_SOURCES = tests/test_simulation.c
tests_test_simulation_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_simulation_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_resume_SOURCES = tests/test_resume.c
tests_test_resume_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_resume_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_result_SOURCES = tests/test_result.c
tests_test_result_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_result_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_in_memory_SOURCES = tests/test_in_memory.c
tests_test_in_memory_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_in_memory_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
BENCHMARKS += tests/bench/bench_output
tests_bench_bench_output_SOURCES = tests/bench/bench_output.c
tests_bench_bench_output_CPPFLAGS = $(AM_CPPFLAGS) -DLAC_BENCH_SOURCE='"$(abs_top_srcdir)"'
tests_bench_bench_output_LDADD = $(FLOOR5)

EXTRA_PROGRAMS += tests/bench/bench_checksum
BENCHMARKS += tests/bench/bench_checksum
tests_bench_bench_checksum_SOURCES = tests/bench/bench_checksum.c
tests_bench_bench_checksum_CPPFLAGS = $(AM_CPPFLAGS) -DLAC_BENCH_SOURCE='"$(abs_top_srcdir)"'
tests_bench_bench_checksum_LDADD = $(FLOOR5)

# The memory that control groups allow.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_cgroup_memory
TESTS += tests/test_cgroup_memory
endif
tests_test_cgroup_memory_SOURCES = tests/test_cgroup_memory.c
tests_test_cgroup_memory_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_cgroup_memory_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
