# Floor 2: HDF5 files that are valid netCDF-4, and checkpoints.
noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
  src/store/layout.h src/store/store.h src/store/store.c \
  src/store/store_internal.h src/store/failure.c \
  src/store/driver.h src/store/driver_internal.h src/store/driver.c src/store/driver_commit.c \
  src/store/write_ahead.h src/store/write_ahead.c \
  src/store/pages.h src/store/pages.c src/store/sums.h src/store/sums.c \
  src/store/series.c src/store/put.c \
  src/store/truncate.c src/store/check.c src/store/probe.h src/store/probe.c \
  src/store/words.c \
  src/store/read.c \
  src/store/table.c src/store/part.c src/store/view.c src/store/publish.c \
  src/store/checkpoint_file.h src/store/checkpoint_file.c \
  src/store/checkpoint_file_internal.h src/store/checkpoint_read.c src/store/checkpoint_find.c \
  src/store/checksum.h src/store/checksum.c
