# Tests of the room base.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_base
TESTS += tests/test_base
endif
tests_test_base_SOURCES = tests/test_base.c
tests_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_base_LDADD = $(FLOOR1) $(CMOCKA_LIBS)

# The rules that every room keeps.
TESTS += tests/test_layers.sh
EXTRA_DIST += tests/test_layers.sh scripts/layers
