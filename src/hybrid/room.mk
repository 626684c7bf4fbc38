# Discrete and continuous together: events among whole numbers, rates among the rest.
noinst_LIBRARIES += libhybrid.a
libhybrid_a_SOURCES = \
  src/hybrid/hybrid.h src/hybrid/hybrid.c src/hybrid/hybrid_internal.h \
  src/hybrid/hybrid_create.c src/hybrid/hybrid_counts.c src/hybrid/hybrid_site.c \
  src/hybrid/hybrid_sample.c src/hybrid/hybrid_course.c src/hybrid/hybrid_nodes.c src/hybrid/hybrid_response.c src/hybrid/hybrid_step.c \
  src/hybrid/hybrid_bounds.c src/hybrid/hybrid_bias.c \
  src/hybrid/hybrid_molecules.h src/hybrid/hybrid_molecules.c src/hybrid/hybrid_windows.c \
  src/hybrid/hybrid_passages.c src/hybrid/hybrid_auto.c src/hybrid/hybrid_outlook.c \
  src/hybrid/hybrid_companion.h src/hybrid/hybrid_companion.c
