# Tests of the room store.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_parts
TESTS += tests/test_parts
check_PROGRAMS += tests/test_store tests/test_checkpoint_file
TESTS += tests/test_store tests/test_checkpoint_file
endif
tests_test_store_SOURCES = tests/test_store.c
tests_test_store_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_store_LDADD = $(FLOOR2_STORE) $(CMOCKA_LIBS)
tests_test_checkpoint_file_SOURCES = tests/test_checkpoint_file.c
tests_test_checkpoint_file_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_checkpoint_file_LDADD = $(FLOOR2_STORE) $(CMOCKA_LIBS)
tests_test_parts_SOURCES = tests/test_parts.c
tests_test_parts_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_parts_LDADD = $(FLOOR2_STORE) $(CMOCKA_LIBS)
