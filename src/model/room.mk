# The files of the room model.
noinst_LIBRARIES += libmodel.a
# Text: units, diagnostics, YAML, expressions.
libmodel_a_SOURCES = \
  src/model/number.h src/model/number.c \
  src/model/units.h src/model/units.c \
  src/model/unit_table.h src/model/unit_table.c src/model/unit_chain.c src/model/unit_display.c \
  src/model/locator.h src/model/locator.c \
  src/model/diagnostics.h src/model/diagnostics.c \
  src/model/yaml.h src/model/yaml.c src/model/yaml_read.c
