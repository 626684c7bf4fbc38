# Tests of the public library.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_misuse tests/test_function tests/test_files tests/test_limits tests/test_whole
TESTS += tests/test_misuse tests/test_function tests/test_files tests/test_limits tests/test_whole
endif
if !SANITIZERS
TESTS += tests/test_library.sh
endif
EXTRA_DIST += tests/test_library.sh tests/library-names
tests_test_misuse_SOURCES = tests/test_misuse.c tests/library_scene.h
tests_test_misuse_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_misuse_LDADD = $(LIBRARY) $(CMOCKA_LIBS)
tests_test_function_SOURCES = tests/test_function.c tests/library_scene.h
tests_test_function_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_function_LDADD = $(LIBRARY) $(CMOCKA_LIBS)
tests_test_files_SOURCES = tests/test_files.c tests/library_scene.h
tests_test_files_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_files_LDADD = $(LIBRARY) $(CMOCKA_LIBS)
tests_test_limits_SOURCES = tests/test_limits.c tests/library_scene.h
tests_test_limits_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_limits_LDADD = $(LIBRARY) $(CMOCKA_LIBS)
tests_test_whole_SOURCES = tests/test_whole.c tests/library_scene.h
tests_test_whole_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_whole_LDADD = $(LIBRARY) $(CMOCKA_LIBS)
