# Space: diffusion and boundaries, and the solve with them.
noinst_LIBRARIES += libtransport.a
libtransport_a_SOURCES = \
  src/transport/law.h src/transport/law.c src/transport/law_boundary_faces.c \
  src/transport/transport.h src/transport/transport.c \
  src/transport/transport_internal.h src/transport/transport_boundary.c \
  src/transport/transport_columns.c src/transport/transport_time.c
# The solve with it.
libtransport_a_SOURCES += \
  src/transport/dct.h src/transport/dct.c src/transport/plane_transform.h src/transport/plane_transform.c \
  src/transport/spectral_solver.h src/transport/spectral_solver.c src/transport/spectral_solver_internal.h \
  src/transport/tridiagonal.c src/transport/spectral_solver_pools.c \
  src/transport/spectral_solver_solve.c \
  src/transport/banded.h src/transport/banded.c src/transport/direct_solver.h src/transport/direct_solver.c \
  src/transport/direct_solver_internal.h src/transport/direct_solver_pools.c src/transport/direct_solver_tails.c
