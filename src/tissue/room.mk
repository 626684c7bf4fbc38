# Floor 3: space: the grid, the state on it, operators.
noinst_LIBRARIES += libtissue.a
libtissue_a_SOURCES = \
  src/tissue/grid.h src/tissue/grid.c src/tissue/grid_internal.h \
  src/tissue/grid_regions.c src/tissue/grid_boundary_faces.c \
  src/tissue/boundary_face.h src/tissue/boundary_face.c \
  src/tissue/operators.h src/tissue/operators.c \
  src/tissue/random_field.h src/tissue/random_field.c \
  src/tissue/state.h src/tissue/state.c \
  src/tissue/account.h src/tissue/account.c
