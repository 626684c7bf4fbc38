# Tests of the room store.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_store
TESTS += tests/test_store
endif
tests_test_store_SOURCES = tests/test_store.c
tests_test_store_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_store_LDADD = $(FLOOR2_STORE) $(CMOCKA_LIBS)
