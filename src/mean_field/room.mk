# The deterministic limit: an implicit, adaptive method.
noinst_LIBRARIES += libmeanfield.a
libmeanfield_a_SOURCES = \
  src/mean_field/system.h \
  src/mean_field/error_norm.h src/mean_field/error_norm.c \
  src/mean_field/equations.h src/mean_field/equations.c \
  src/mean_field/mean_field.h src/mean_field/mean_field.c src/mean_field/network_bytes.c \
  src/mean_field/plane_means.h src/mean_field/plane_means.c \
  src/mean_field/krylov.h src/mean_field/krylov.c \
  src/mean_field/steady_state.h src/mean_field/steady_state.c \
  src/mean_field/step_failure.h src/mean_field/step_failure.c \
  src/mean_field/rosenbrock.h src/mean_field/rosenbrock_tables.c src/mean_field/rosenbrock.c
