# Tests of the room network.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_graph tests/test_program tests/test_network tests/test_columns
TESTS += tests/test_graph tests/test_program tests/test_network tests/test_columns
endif
tests_test_graph_SOURCES = tests/test_graph.c tests/handmade.h
tests_test_graph_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_graph_LDADD = $(FLOOR3_NETWORK) $(CMOCKA_LIBS)
tests_test_program_SOURCES = tests/test_program.c tests/handmade.h
tests_test_program_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_program_LDADD = $(FLOOR3_NETWORK) $(CMOCKA_LIBS)
tests_test_columns_SOURCES = tests/test_columns.c
tests_test_columns_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_columns_LDADD = $(FLOOR3_NETWORK) $(CMOCKA_LIBS)
tests_test_network_SOURCES = tests/test_network.c tests/handmade.h
tests_test_network_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_network_LDADD = $(FLOOR3_NETWORK) $(CMOCKA_LIBS)

# Benches: built and run by `make bench`, not by `make check`.
EXTRA_PROGRAMS += tests/bench/bench_network
BENCHMARKS += tests/bench/bench_network
tests_bench_bench_network_SOURCES = tests/bench/bench_network.c tests/handmade.h
tests_bench_bench_network_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_bench_network_LDADD = $(FLOOR3_NETWORK)
