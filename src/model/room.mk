# The resolved model: named things with units.
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
  src/model/settings.h src/model/settings.c src/model/save_times.h src/model/save_times.c src/model/model.h src/model/model.c src/model/tissues.c src/model/held.c \
  src/model/interval.h src/model/interval.c \
  src/model/boundary.h src/model/boundary.c \
  src/model/discontinuities.h src/model/discontinuities.c \
  src/model/representation.h src/model/representation.c \
  src/model/degree.h src/model/degree.c src/model/representation_moving.c src/model/representation_rates.c src/model/representation_auto.c \
  src/model/random.h src/model/random.c
# How a model is written out.
libmodel_a_SOURCES += \
  src/model/describe.h src/model/describe_internal.h src/model/describe.c \
  src/model/describe_cells.c src/model/describe_processes.c \
  src/model/write.h src/model/write.c \
  src/model/write_space.c src/model/write_processes.c src/model/bands.c src/model/review.c \
  src/model/table.h src/model/table.c
