# Chance: every event.
noinst_LIBRARIES += libexact.a
libexact_a_SOURCES = \
  src/exact/exact.h src/exact/exact.c src/exact/exact_internal.h \
  src/exact/composition_rejection.h src/exact/composition_rejection.c src/exact/molecule_list.h src/exact/molecule_list.c \
  src/exact/stack_program.h src/exact/stack_program.c src/exact/stack_program_interval.c \
  src/exact/exact_mass_action.c src/exact/exact_read.c src/exact/exact_create.c \
  src/exact/exact_cost.c src/exact/exact_propensity.c \
  src/exact/exact_boundary_faces.c src/exact/exact_bounds.c src/exact/exact_motion.c src/exact/exact_pairs.c src/exact/exact_window.c src/exact/exact_dependents.c \
  src/exact/exact_changes.c src/exact/exact_molecules.c src/exact/exact_passages.c \
  src/exact/exact_events.c src/exact/exact_counts.c \
  src/exact/exact_states.h src/exact/exact_states.c src/exact/exact_verify.c
