# Tests of the room model.
# Text: units, YAML, expressions.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_yaml
TESTS += tests/test_yaml
endif
tests_test_yaml_SOURCES = tests/test_yaml.c
tests_test_yaml_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_yaml_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
