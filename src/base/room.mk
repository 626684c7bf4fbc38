# Floor 1: knows nothing of science.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
  src/base/clones.h \
  src/base/clock.h src/base/clock.c src/base/duration.h src/base/duration.c \
  src/base/fingerprint.h src/base/fingerprint.c \
  src/base/status.h src/base/status.c \
  src/base/memory.h src/base/memory.c \
  src/base/names.h src/base/names.c \
  src/base/text.h src/base/text.c \
  src/base/json.h src/base/json.c \
  src/base/strips.h src/base/strips.c \
  src/base/parallel.h \
  src/base/vector.h src/base/vector.c \
  src/base/block.h src/base/block.c \
  src/base/philox.h src/base/philox.c src/base/philox_wide.c \
  src/base/random.h src/base/random.c src/base/random_exponential.c
