# The deterministic limit: an implicit, adaptive method.
noinst_LIBRARIES += libmeanfield.a
libmeanfield_a_SOURCES = \
  src/mean_field/system.h \
  src/mean_field/norm.h src/mean_field/norm.c \
  src/mean_field/equations.h src/mean_field/equations.c \
  src/mean_field/mean_field.h src/mean_field/mean_field.c \
  src/mean_field/krylov.h src/mean_field/krylov.c \
  src/mean_field/rest.h src/mean_field/rest.c \
  src/mean_field/refusal.h src/mean_field/refusal.c \
  src/mean_field/rosenbrock.h src/mean_field/rosenbrock_tables.c src/mean_field/rosenbrock.c
