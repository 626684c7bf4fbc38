# Discrete and continuous together.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_hybrid tests/test_hybrid_path tests/test_feedback tests/test_hybrid_tissues
TESTS += tests/test_hybrid tests/test_hybrid_path tests/test_feedback tests/test_hybrid_tissues
endif
tests_test_hybrid_tissues_SOURCES = tests/test_hybrid_tissues.c tests/moments.h
tests_test_hybrid_tissues_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_hybrid_tissues_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_hybrid_SOURCES = tests/test_hybrid.c
tests_test_hybrid_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_hybrid_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_hybrid_path_SOURCES = tests/test_hybrid_path.c
tests_test_hybrid_path_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_hybrid_path_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
tests_test_feedback_SOURCES = tests/test_feedback.c
tests_test_feedback_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_feedback_LDADD = $(FLOOR5) $(CMOCKA_LIBS)
SHELL_BENCHMARKS += tests/bench/hybrid_cost.sh
EXTRA_DIST += tests/hybrid_scene.h tests/bench/hybrid_cost.sh

# Mistakes that tests must find; not where sanitizers or counters are linked in.
if HAVE_CMOCKA
if !SANITIZERS
TESTS += tests/test_planted.sh
endif
endif
EXTRA_DIST += tests/test_planted.sh scripts/planted-mistakes

# Discrete while few, continuous while many.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_auto
TESTS += tests/test_auto
endif
tests_test_auto_SOURCES = tests/test_auto.c tests/moments.h
tests_test_auto_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_auto_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

# Discrete molecules that diffuse.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_moving
TESTS += tests/test_moving
endif
tests_test_moving_SOURCES = tests/test_moving.c
tests_test_moving_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_moving_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

# ... of several tissues and on layers that differ.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_moving_tissues
TESTS += tests/test_moving_tissues
endif
tests_test_moving_tissues_SOURCES = tests/test_moving_tissues.c tests/moments.h
tests_test_moving_tissues_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_moving_tissues_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

# ... and pass boundaries.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_passages
TESTS += tests/test_passages
endif
tests_test_passages_SOURCES = tests/test_passages.c
tests_test_passages_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_passages_LDADD = $(FLOOR5) $(CMOCKA_LIBS)

EXTRA_PROGRAMS += tests/bench/bench_hybrid
BENCHMARKS += tests/bench/bench_hybrid
tests_bench_bench_hybrid_SOURCES = tests/bench/bench_hybrid.c tests/bench/next_subvolume.c \
  tests/bench/next_subvolume.h tests/bench/waiting.h
tests_bench_bench_hybrid_LDADD = libcli.a $(FLOOR5)
