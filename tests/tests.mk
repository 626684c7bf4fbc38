# Tests: one fragment a room. cmocka programs speak TAP; scripts exit 0, 1 or 77 (skipped).
TEST_EXTENSIONS = .sh .py
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(SHELL) $(top_srcdir)/build-aux/test-driver
PY_LOG_DRIVER = $(SHELL) $(top_srcdir)/build-aux/test-driver
PY_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/with-python
# Tests share the machine: threads that wait must not spin.
AM_TESTS_ENVIRONMENT = \
  CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
  OMP_WAIT_POLICY=passive; export OMP_WAIT_POLICY; \
  CC='$(CC)'; export CC; \
  LACUNA='$(abs_top_builddir)/lacuna'; export LACUNA; \
  LACUNA_SOURCE='$(abs_top_srcdir)'; export LACUNA_SOURCE;

# The longest first: none is left to run alone at the end.
include tests/knee.mk
include tests/base.mk
include tests/model.mk
include tests/store.mk
include tests/network.mk
include tests/tissue.mk
include tests/stepper.mk
include tests/exact.mk
include tests/molecules.mk
include tests/hybrid.mk
include tests/observe.mk
include tests/run.mk
include tests/library.mk
include tests/ensemble.mk
include tests/statistics.mk
include tests/cli.mk
include tests/project.mk

EXTRA_DIST += tests/testlib.h tests/with-python tests/forked.py

# check-c: the tests in C, and the scripts of $(ALSO), for builds in which the rest says nothing new.
ALSO =
check-c:
	@list='$(ALSO)'; for each in $(TESTS); do \
	  case $$each in *.sh | *.py) ;; *) list="$$list $$each" ;; esac; done; \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS="$$list"
.PHONY: check-c
