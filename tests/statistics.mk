# Statistical verification: `make verify` runs all of it (minutes), `make check` the quick ones.
check_PROGRAMS += tests/statistics/verify
if !SANITIZERS
TESTS += tests/test_statistics.sh
endif
tests_statistics_verify_SOURCES = tests/statistics/verify.c tests/statistics/verify.h \
  tests/statistics/judge.c tests/statistics/engine.c tests/statistics/engine.h \
  tests/statistics/net.c tests/statistics/net.h tests/statistics/cme.c tests/statistics/cme.h \
  tests/statistics/moments.c tests/statistics/moments.h tests/statistics/check_streams.c \
  tests/statistics/check_wells.c tests/statistics/check_space.c tests/statistics/check_suite.c \
  tests/statistics/check_cells.c tests/statistics/check_bias.c \
  tests/statistics/check_front.c tests/statistics/check_auto.c \
  tests/statistics/piecewise.c tests/statistics/piecewise.h
tests_statistics_verify_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
  -DCASES='"$(abs_top_srcdir)/tests/statistics/cases"'
tests_statistics_verify_LDADD = $(FLOOR5)
EXTRA_DIST += tests/test_statistics.sh tests/statistics/cases

# VERIFY = options, such as VERIFY="--scale 4 --only suite"
verify: tests/statistics/verify$(EXEEXT)
	./tests/statistics/verify$(EXEEXT) $(VERIFY)
.PHONY: verify
