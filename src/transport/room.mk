# Space: diffusion and boundaries, and the solve with them.
noinst_LIBRARIES += libtransport.a
libtransport_a_SOURCES = \
  src/transport/law.h src/transport/law.c src/transport/law_boundary_faces.c \
  src/transport/transport.h src/transport/transport.c \
  src/transport/transport_internal.h src/transport/transport_boundary.c \
  src/transport/transport_time.c
# The solve with it.
libtransport_a_SOURCES += \
  src/transport/spectral.h src/transport/spectral.c src/transport/sheet.h src/transport/sheet.c \
  src/transport/transform.h src/transport/transform.c src/transport/transform_internal.h \
  src/transport/transform_columns.c src/transport/transform_groups.c \
  src/transport/transform_solve.c \
  src/transport/banded.h src/transport/banded.c src/transport/direct.h src/transport/direct.c \
  src/transport/direct_internal.h src/transport/direct_pools.c src/transport/direct_tails.c
