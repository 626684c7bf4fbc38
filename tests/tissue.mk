# Tests of the room tissue.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_grid tests/test_state tests/test_operators
TESTS += tests/test_grid tests/test_state tests/test_operators
endif
tests_test_grid_SOURCES = tests/test_grid.c
tests_test_grid_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_grid_LDADD = $(FLOOR3_TISSUE) $(CMOCKA_LIBS)
tests_test_state_SOURCES = tests/test_state.c
tests_test_state_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_state_LDADD = $(FLOOR3_TISSUE) $(CMOCKA_LIBS)
tests_test_operators_SOURCES = tests/test_operators.c
tests_test_operators_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_operators_LDADD = $(FLOOR3_TISSUE) $(CMOCKA_LIBS)

EXTRA_DIST += tests/tissue_scene.h

# What a second tissue and graded layers cost.
SHELL_BENCHMARKS += tests/bench/tissues.sh
EXTRA_DIST += tests/bench/tissues.sh
