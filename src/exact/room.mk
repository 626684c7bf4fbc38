# Chance: every event.
noinst_LIBRARIES += libexact.a
libexact_a_SOURCES = \
  src/exact/exact.h src/exact/exact.c src/exact/exact_internal.h \
  src/exact/exact_urn.h src/exact/exact_urn.c src/exact/exact_flock.h src/exact/exact_flock.c \
  src/exact/exact_recipe.h src/exact/exact_recipe.c src/exact/exact_span.c \
  src/exact/exact_mass_action.c src/exact/exact_read.c src/exact/exact_create.c \
  src/exact/exact_cost.c src/exact/exact_rates.c \
  src/exact/exact_walls.c src/exact/exact_bounds.c src/exact/exact_motion.c src/exact/exact_pairs.c src/exact/exact_window.c src/exact/exact_dependents.c \
  src/exact/exact_changes.c src/exact/exact_molecules.c src/exact/exact_passages.c \
  src/exact/exact_events.c src/exact/exact_counts.c \
  src/exact/exact_states.h src/exact/exact_states.c src/exact/exact_verify.c
