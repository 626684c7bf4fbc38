# How things are written: units, diagnostics with places, YAML, expressions.
noinst_LIBRARIES += liblanguage.a
liblanguage_a_SOURCES = \
  src/language/number.h src/language/number.c src/language/units.h src/language/units.c \
  src/language/units_internal.h src/language/unit_table.c src/language/unit_chain.c \
  src/language/unit_display.c src/language/locator.h src/language/locator.c src/language/source.c \
  src/language/place.h src/language/diagnostics.h src/language/diagnostics.c src/language/yaml.h src/language/yaml.c \
  src/language/yaml_read.c
# Expressions.
liblanguage_a_SOURCES += \
  src/language/expression.h src/language/expression_parser.h src/language/expression_lex.c \
  src/language/expression_number.c src/language/expression_parse.c src/language/expression_call.c \
  src/language/expression_function.c src/language/expression_build.c \
  src/language/expression_dimension.c src/language/expression_tree.c \
  src/language/expression_write.c src/language/operations.h \
  src/language/interval.h src/language/interval.c
