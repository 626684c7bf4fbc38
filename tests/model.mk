# Tests of the room model.
# Text: units, YAML, expressions.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_yaml tests/test_expression
TESTS += tests/test_yaml tests/test_expression
endif
EXTRA_DIST += tests/expression_world.h
tests_test_yaml_SOURCES = tests/test_yaml.c
tests_test_yaml_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_yaml_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_expression_SOURCES = tests/test_expression.c
tests_test_expression_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_expression_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
