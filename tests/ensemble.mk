# Tests of the room ensemble.

# Sensitivity indices against closed forms.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_sensitivity
TESTS += tests/test_sensitivity
endif
tests_test_sensitivity_SOURCES = tests/test_sensitivity.c
tests_test_sensitivity_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_sensitivity_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Index and statistics.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_running
TESTS += tests/test_running
endif
tests_test_running_SOURCES = tests/test_running.c
tests_test_running_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_running_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
