# Tests of the room observe.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_measure
TESTS += tests/test_measure
endif
tests_test_measure_SOURCES = tests/test_measure.c tests/observe_sample.h
tests_test_measure_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_test_measure_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_measure_LDADD = $(FLOOR4) $(CMOCKA_LIBS)

EXTRA_DIST += scripts/plot.py
