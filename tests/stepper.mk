# Tests of the room stepper.

# --- integrators
if HAVE_CMOCKA
check_PROGRAMS += tests/test_rosenbrock
TESTS += tests/test_rosenbrock
endif
tests_test_rosenbrock_SOURCES = tests/test_rosenbrock.c
tests_test_rosenbrock_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_rosenbrock_LDADD = libmeanfield.a $(FLOOR1) $(CMOCKA_LIBS)

include tests/physics.mk

# --- space
if HAVE_CMOCKA
check_PROGRAMS += tests/test_transport tests/test_transform tests/test_direct
TESTS += tests/test_transport tests/test_transform tests/test_direct
endif
tests_test_transport_SOURCES = tests/test_transport.c
tests_test_transport_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_transport_LDADD = $(FLOOR4) $(CMOCKA_LIBS)
tests_test_transform_SOURCES = tests/test_transform.c
tests_test_transform_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_transform_LDADD = $(FLOOR4) $(CMOCKA_LIBS)
tests_test_direct_SOURCES = tests/test_direct.c
tests_test_direct_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_direct_LDADD = $(FLOOR4) $(CMOCKA_LIBS)

EXTRA_DIST += tests/solve_scene.h tests/transport_scene.h

# Diffusion beside the bandwidth of the machine.
EXTRA_PROGRAMS += tests/bench/bench_space
BENCHMARKS += tests/bench/bench_space
tests_bench_bench_space_SOURCES = tests/bench/bench_space.c
tests_bench_bench_space_LDADD = $(FLOOR4)
