# The files of the room network.
noinst_LIBRARIES += libnetwork.a
libnetwork_a_SOURCES = \
  src/network/frame.c src/network/frame.h \
  src/network/graph.c src/network/graph.h src/network/graph_internal.h \
  src/network/graph_algebra.c src/network/derivative.c src/network/threshold.c \
  src/network/elementary.h src/network/kernels.h \
  src/network/program.c src/network/program.h src/network/program_internal.h \
  src/network/program_compile.c src/network/program_run.c \
  src/network/registers.c src/network/registers.h \
  src/network/network.c src/network/network.h src/network/network_internal.h \
  src/network/network_rates.c src/network/jacobian.c \
  src/network/factor.c src/network/factor_internal.h src/network/factor_prepare.c \
  src/network/elimination.c src/network/dense.c src/network/dense.h \
  src/network/columns.h src/network/columns.c src/network/network_columns.c \
  src/network/undefined.c \
  src/network/invariants.c
