# Tests of the room observe, and readers from outside the library.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_measure tests/test_spread tests/test_observe
TESTS += tests/test_measure tests/test_spread tests/test_observe
endif
tests_test_spread_SOURCES = tests/test_spread.c
tests_test_spread_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_test_spread_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_spread_LDADD = $(FLOOR4) $(CMOCKA_LIBS)

tests_test_measure_SOURCES = tests/test_measure.c tests/observe_sample.h
tests_test_measure_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_test_measure_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_measure_LDADD = $(FLOOR4) $(CMOCKA_LIBS)
tests_test_observe_SOURCES = tests/test_observe.c tests/observe_sample.h tests/observe_record.h
tests_test_observe_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_test_observe_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_observe_LDADD = $(FLOOR4) $(CMOCKA_LIBS)

check_PROGRAMS += tests/readers/make_result
tests_readers_make_result_SOURCES = tests/readers/make_result.c
tests_readers_make_result_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_readers_make_result_LDADD = $(FLOOR4)
reader_tests = tests/readers/read_with_ncdump.sh tests/readers/read_index.py
python_readers = tests/readers/read_with_xarray.py tests/readers/read_with_h5py.py tests/readers/draw.py
TESTS += $(reader_tests)
if !SANITIZERS
TESTS += $(python_readers)
endif
EXTRA_DIST += $(python_readers)
EXTRA_DIST += $(reader_tests) tests/readers/sample.py
tests/readers/read_index.log: lacuna$(EXEEXT)
