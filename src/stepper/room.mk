# Floor 4: what changes the state.
noinst_LIBRARIES += libstepper.a
libstepper_a_SOURCES = \
  src/stepper/stepper.h src/stepper/stepper.c \
  src/stepper/system.h \
  src/stepper/pieces.h src/stepper/pieces.c \
  src/stepper/norm.h src/stepper/norm.c \
  src/stepper/equations.h src/stepper/equations.c \
  src/stepper/mean_field.h src/stepper/mean_field.c \
  src/stepper/krylov.h src/stepper/krylov.c \
  src/stepper/rosenbrock.h src/stepper/rosenbrock.c

# Space: diffusion and boundaries, and the solve with them.
libstepper_a_SOURCES += \
  src/stepper/law.h src/stepper/law.c \
  src/stepper/transport.h src/stepper/transport.c src/stepper/transport_parts.h \
  src/stepper/transport_boundary.c src/stepper/transport_time.c \
  src/stepper/spectral.h src/stepper/spectral.c \
  src/stepper/sheet.h src/stepper/sheet.c \
  src/stepper/transform.h src/stepper/transform.c src/stepper/transform_parts.h \
  src/stepper/transform_columns.c src/stepper/transform_groups.c

# Chance: every event.
libstepper_a_SOURCES += \
  src/stepper/exact.h src/stepper/exact.c src/stepper/exact_parts.h \
  src/stepper/exact_urn.h src/stepper/exact_urn.c \
  src/stepper/exact_flock.h src/stepper/exact_flock.c \
  src/stepper/exact_recipe.h src/stepper/exact_recipe.c src/stepper/exact_span.c \
  src/stepper/exact_mass_action.c src/stepper/exact_create.c src/stepper/exact_rates.c \
  src/stepper/exact_bounds.c src/stepper/exact_window.c \
  src/stepper/exact_dependents.c src/stepper/exact_events.c src/stepper/exact_counts.c \
  src/stepper/exact_states.h src/stepper/exact_states.c src/stepper/exact_verify.c
