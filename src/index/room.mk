# One file from many runs.
noinst_LIBRARIES += libindex.a
libindex_a_SOURCES = \
  src/index/comparison.h src/index/comparison.c src/index/index_reader.h src/index/index_reader.c \
  src/index/sensitivity_result.h src/index/sensitivity_result.c src/index/index.h src/index/index.c \
  src/index/index_internal.h src/index/index_build.c src/index/index_metadata.c \
  src/index/index_columns.c src/index/index_provenance_check.c src/index/index_member.c src/index/index_row.c \
  src/index/index_axis.c src/index/index_curves.c src/index/index_quantiles.c \
  src/index/index_fields.c src/index/index_field_statistics.c src/index/index_copy.c \
  src/index/index_verify.c src/index/trial_index.h src/index/trial_index.c src/index/trial_gather.c
