# The files of the room model.
noinst_LIBRARIES += libmodel.a
# Text: units, diagnostics, YAML, expressions.
libmodel_a_SOURCES = \
  src/model/number.h src/model/number.c \
  src/model/units.h src/model/units.c \
  src/model/unit_table.h src/model/unit_table.c src/model/unit_chain.c src/model/unit_display.c \
  src/model/locator.h src/model/locator.c \
  src/model/diagnostics.h src/model/diagnostics.c \
  src/model/yaml.h src/model/yaml.c src/model/yaml_read.c \
  src/model/expression.h src/model/expression_parser.h \
  src/model/expression_lex.c src/model/expression_number.c src/model/expression_parse.c \
  src/model/expression_call.c src/model/expression_function.c src/model/expression_build.c \
  src/model/expression_dimension.c src/model/expression_tree.c src/model/expression_write.c
# Meaning: from text to a resolved model.
libmodel_a_SOURCES += \
  src/model/settings.h src/model/settings.c \
  src/model/model.h src/model/model.c \
  src/model/scenario.h src/model/scenario.c \
  src/model/loader.h src/model/layers.c src/model/scope.c src/model/values.c src/model/trees.c \
  src/model/load_display.c \
  src/model/load_domains.c src/model/load_species.c src/model/load_variables.c \
  src/model/load_parameters.c src/model/load_quantities.c src/model/load_inputs.c \
  src/model/load_profile.c \
  src/model/load_tissue.c src/model/load_regions.c src/model/load_patches.c \
  src/model/load_boundaries.c \
  src/model/equation.h src/model/equation.c src/model/process.h src/model/load_processes.c \
  src/model/load_reactions.c src/model/load_rates.c \
  src/model/load_events.c src/model/load_observables.c src/model/load_bands.c \
  src/model/load_run.c src/model/load_fields.c src/model/load_breaks.c \
  src/model/describe.h src/model/write.h src/model/write.c src/model/write_space.c \
  src/model/write_processes.c \
  src/model/describe.c src/model/bands.c src/model/review.c src/model/table.h src/model/table.c
# Plans: one scenario many times.
libmodel_a_SOURCES += \
  src/model/plan.h src/model/plan.c src/model/plan_parts.h src/model/plan_values.c \
  src/model/plan_sets.c src/model/plan_factors.c src/model/plan_spreads.c \
  src/model/plan_outcomes.c src/model/plan_ends.c src/model/plan_write.c
