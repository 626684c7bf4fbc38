# Tests of the room run.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_schedule
TESTS += tests/test_schedule
endif
tests_test_schedule_SOURCES = tests/test_schedule.c
tests_test_schedule_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_schedule_LDADD = librun.a libbase.a -lm $(CMOCKA_LIBS)
