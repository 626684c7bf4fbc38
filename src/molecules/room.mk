# Whole molecules that hop and react, in steps of any length.
noinst_LIBRARIES += libmolecules.a
libmolecules_a_SOURCES = \
  src/molecules/molecules.h src/molecules/molecules.c src/molecules/molecules_internal.h \
  src/molecules/molecules_kernel.h src/molecules/molecules_kernel.c src/molecules/molecules_walk.c src/molecules/molecules_well.c \
  src/molecules/molecules_react.c src/molecules/molecules_move.c src/molecules/molecules_bounds.c \
  src/molecules/molecules_bias.c src/molecules/molecules_mean.c
