# From text to a resolved model.
noinst_LIBRARIES += libloading.a
libloading_a_SOURCES = \
  src/loading/scenario.h src/loading/origin.h src/loading/scenario.c src/loading/override.h \
  src/loading/loader.h src/loading/layers.c \
  src/loading/words.c src/loading/scope.c src/loading/yaml_values.c src/loading/expression_make.c src/loading/load_display.c \
  src/loading/load_domains.c src/loading/load_species.c src/loading/load_variables.c \
  src/loading/load_parameters.c src/loading/load_quantities.c src/loading/load_inputs.c \
  src/loading/load_profile.c src/loading/load_tissue.c src/loading/load_grading.c src/loading/load_regions.c \
  src/loading/load_patches.c src/loading/load_boundaries.c \
  src/loading/equation.h src/loading/equation.c src/loading/process.h \
  src/loading/load_processes.c src/loading/load_reactions.c src/loading/load_rates.c \
  src/loading/actions.h src/loading/load_actions.c src/loading/load_events.c \
  src/loading/load_infusions.c src/loading/load_observables.c src/loading/load_bands.c \
  src/loading/load_run.c src/loading/load_fields.c src/loading/load_stored.c \
  src/loading/load_conditions.c src/loading/load_csv.c src/loading/blame.c src/loading/load_signs.c src/loading/load_points.c src/loading/load_several.c src/loading/load_like.c \
  src/loading/load_representation.c src/loading/load_random.c
