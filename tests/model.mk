# Tests of the room model.
# Text: units, YAML, expressions.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_units tests/test_yaml tests/test_expression tests/test_expression_rules \
  tests/test_text_robust
TESTS += tests/test_units tests/test_yaml tests/test_expression tests/test_expression_rules \
  tests/test_text_robust
if HAVE_UDUNITS
check_PROGRAMS += tests/test_units_oracle
TESTS += tests/test_units_oracle
endif
endif
EXTRA_DIST += tests/expression_world.h
tests_test_units_SOURCES = tests/test_units.c
tests_test_units_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_units_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_units_oracle_SOURCES = tests/test_units_oracle.c
tests_test_units_oracle_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_units_oracle_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS) -ludunits2
tests_test_yaml_SOURCES = tests/test_yaml.c
tests_test_yaml_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_yaml_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_expression_SOURCES = tests/test_expression.c
tests_test_expression_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_expression_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_expression_rules_SOURCES = tests/test_expression_rules.c
tests_test_expression_rules_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_expression_rules_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_text_robust_SOURCES = tests/test_text_robust.c
tests_test_text_robust_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_text_robust_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)

# Meaning: from text to a model.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_model tests/test_scenario tests/test_model_errors \
  tests/test_model_text
TESTS += tests/test_model tests/test_scenario tests/test_model_errors \
  tests/test_model_text
endif
EXTRA_DIST += tests/model_scene.h
tests_test_model_SOURCES = tests/test_model.c
tests_test_model_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_model_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_scenario_SOURCES = tests/test_scenario.c
tests_test_scenario_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_scenario_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_model_errors_SOURCES = tests/test_model_errors.c
tests_test_model_errors_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_model_errors_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/test_profile tests/test_large_model
TESTS += tests/test_profile tests/test_large_model
endif
tests_test_large_model_SOURCES = tests/test_large_model.c
tests_test_large_model_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_large_model_LDADD = $(FLOOR3_NETWORK) $(CMOCKA_LIBS)
tests_test_profile_SOURCES = tests/test_profile.c
tests_test_profile_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_profile_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_model_text_SOURCES = tests/test_model_text.c
tests_test_model_text_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_model_text_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)


if HAVE_CMOCKA
check_PROGRAMS += tests/test_discontinuities
TESTS += tests/test_discontinuities
endif
tests_test_discontinuities_SOURCES = tests/test_discontinuities.c
tests_test_discontinuities_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_discontinuities_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
