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
check_PROGRAMS += tests/test_transport tests/test_spectral_solver tests/test_direct_solver
TESTS += tests/test_transport tests/test_spectral_solver tests/test_direct_solver
endif
tests_test_transport_SOURCES = tests/test_transport.c
tests_test_transport_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_transport_LDADD = $(FLOOR4) $(CMOCKA_LIBS)
tests_test_spectral_solver_SOURCES = tests/test_spectral_solver.c
tests_test_spectral_solver_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_spectral_solver_LDADD = $(FLOOR4) $(CMOCKA_LIBS)
tests_test_direct_solver_SOURCES = tests/test_direct_solver.c
tests_test_direct_solver_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_direct_solver_LDADD = $(FLOOR4) $(CMOCKA_LIBS)

EXTRA_DIST += tests/solve_scene.h tests/transport_scene.h

# Diffusion beside the bandwidth of the machine.
EXTRA_PROGRAMS += tests/bench/bench_space
BENCHMARKS += tests/bench/bench_space
tests_bench_bench_space_SOURCES = tests/bench/bench_space.c
tests_bench_bench_space_LDADD = $(FLOOR4)
