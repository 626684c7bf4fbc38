# Tests of chance: streams.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_random
TESTS += tests/test_random
endif
tests_test_random_SOURCES = tests/test_random.c
tests_test_random_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_random_LDADD = $(FLOOR1) $(CMOCKA_LIBS)
