# Tests of the room stepper.

# --- integrators
if HAVE_CMOCKA
check_PROGRAMS += tests/test_rosenbrock
TESTS += tests/test_rosenbrock
endif
tests_test_rosenbrock_SOURCES = tests/test_rosenbrock.c
tests_test_rosenbrock_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_rosenbrock_LDADD = libstepper.a $(FLOOR1) $(CMOCKA_LIBS)
