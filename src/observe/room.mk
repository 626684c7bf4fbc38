# Floor 4: what reads the state and never changes it.
noinst_LIBRARIES += libobserve.a
libobserve_a_SOURCES = \
  src/observe/observer.h src/observe/observers.h src/observe/list.c \
  src/observe/series.c \
  src/observe/axes.c \
  src/observe/fields.c \
  src/observe/pools.c \
  src/observe/observables.c \
  src/observe/bands.c \
  src/observe/parameters.c \
  src/observe/balance.h src/observe/balance.c \
  src/observe/ledger.c \
  src/observe/bias.c src/observe/representation.c \
  src/observe/provenance.c \
  src/observe/clock.c \
  src/observe/readout.h src/observe/readout.c \
  src/observe/measure.h src/observe/measure.c \
  src/observe/measure_internal.h src/observe/measure_evaluate.c \
  src/observe/reduction.h src/observe/reduction.c \
  src/observe/spread.h src/observe/spread.c
