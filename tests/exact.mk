# Tests of chance: streams.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_random
TESTS += tests/test_random
endif
tests_test_random_SOURCES = tests/test_random.c
tests_test_random_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_random_LDADD = $(FLOOR1) $(CMOCKA_LIBS)

# Every event.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_exact
TESTS += tests/test_exact
endif
tests_test_exact_SOURCES = tests/test_exact.c
tests_test_exact_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_exact_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
EXTRA_DIST += tests/exact_scene.h tests/method_scene.h

if HAVE_CMOCKA
check_PROGRAMS += tests/test_exact_rules
TESTS += tests/test_exact_rules
endif
tests_test_exact_rules_SOURCES = tests/test_exact_rules.c
tests_test_exact_rules_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_exact_rules_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/test_exact_pairs
TESTS += tests/test_exact_pairs
endif
tests_test_exact_pairs_SOURCES = tests/test_exact_pairs.c
tests_test_exact_pairs_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_exact_pairs_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/test_exact_tissues
TESTS += tests/test_exact_tissues
endif
tests_test_exact_tissues_SOURCES = tests/test_exact_tissues.c tests/moments.h
tests_test_exact_tissues_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_exact_tissues_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

# One table of operations, and all that is made from it.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_operations
TESTS += tests/test_operations
endif
tests_test_operations_SOURCES = tests/test_operations.c
tests_test_operations_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_operations_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

EXTRA_PROGRAMS += tests/bench/bench_exact
BENCHMARKS += tests/bench/bench_exact
tests_bench_bench_exact_SOURCES = tests/bench/bench_exact.c tests/bench/next_subvolume.c \
  tests/bench/next_subvolume.h
tests_bench_bench_exact_LDADD = $(FLOOR5)
