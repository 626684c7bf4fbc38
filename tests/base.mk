# Tests of the room base.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_base tests/test_json
TESTS += tests/test_base tests/test_json
endif
tests_test_base_SOURCES = tests/test_base.c
tests_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_base_LDADD = $(FLOOR1) $(CMOCKA_LIBS)
tests_test_json_SOURCES = tests/test_json.c
tests_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_json_LDADD = $(FLOOR1) $(CMOCKA_LIBS)

# The rules that every room keeps.
if !SANITIZERS
TESTS += tests/test_layers.sh tests/test_words.sh
endif
EXTRA_DIST += tests/test_layers.sh tests/test_words.sh tests/words.txt scripts/layers
