# Tests of the room molecules: whole numbers that hop and react.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_molecules tests/test_molecule_pairs
TESTS += tests/test_molecules tests/test_molecule_pairs
endif
tests_test_molecules_SOURCES = tests/test_molecules.c
tests_test_molecules_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_molecules_LDADD = libmolecules.a $(FLOOR1) $(CMOCKA_LIBS)
tests_test_molecule_pairs_SOURCES = tests/test_molecule_pairs.c
tests_test_molecule_pairs_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_molecule_pairs_LDADD = libmolecules.a $(FLOOR1) $(CMOCKA_LIBS)

EXTRA_PROGRAMS += tests/bench/bench_molecules
BENCHMARKS += tests/bench/bench_molecules
tests_bench_bench_molecules_SOURCES = tests/bench/bench_molecules.c tests/bench/next_subvolume.c \
  tests/bench/next_subvolume.h
tests_bench_bench_molecules_LDADD = libmolecules.a $(FLOOR1)
