# Tests of the room store.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_parts
TESTS += tests/test_parts
check_PROGRAMS += tests/test_store tests/test_checkpoint_file tests/test_write_ahead
TESTS += tests/test_store tests/test_checkpoint_file tests/test_write_ahead
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
tests_test_write_ahead_SOURCES = tests/test_write_ahead.c
tests_test_write_ahead_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_write_ahead_LDADD = $(FLOOR2_STORE) $(CMOCKA_LIBS)

# Kills at system calls: a sanitized program cannot be traced.
check_PROGRAMS += tests/kill_at
tests_kill_at_SOURCES = tests/kill_at.c
if !SANITIZERS
TESTS += tests/test_campaign_kill.sh
endif
TESTS += tests/test_campaign_flip.sh
EXTRA_DIST += tests/test_campaign_flip.sh scripts/campaign-flip
tests/test_campaign_flip.log: lacuna$(EXEEXT)
EXTRA_DIST += tests/test_campaign_kill.sh scripts/campaign-kill
tests/test_campaign_kill.log: lacuna$(EXEEXT) tests/kill_at$(EXEEXT)
