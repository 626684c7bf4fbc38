# Floor 6: many runs: their plan made members, run as processes, gathered in an index.
noinst_LIBRARIES += libensemble.a
libensemble_a_SOURCES = \
  src/ensemble/design.h src/ensemble/design.c \
  src/ensemble/spread.h src/ensemble/spread.c \
  src/ensemble/roster.h src/ensemble/roster.c \
  src/ensemble/announce.h src/ensemble/announce.c src/ensemble/lock.h src/ensemble/lock.c \
  src/ensemble/journal.h src/ensemble/journal.c \
  src/ensemble/plan_text.h src/ensemble/plan_text.c \
  src/ensemble/campaign.h src/ensemble/campaign.c \
  src/ensemble/crew.c src/ensemble/child.h src/ensemble/child.c \
  src/ensemble/attempt.h src/ensemble/attempt.c \
  src/ensemble/sweep.h src/ensemble/sweep.c src/ensemble/index.h \
  src/ensemble/sensitivity.h src/ensemble/sensitivity.c src/ensemble/ranks.c \
  src/ensemble/bootstrap.h src/ensemble/bootstrap.c \
  src/ensemble/study.h src/ensemble/study.c src/ensemble/findings.h src/ensemble/findings.c
# What came of it, in one file.
libensemble_a_SOURCES += \
  src/ensemble/comparison.h src/ensemble/comparison.c \
  src/ensemble/statistics.h src/ensemble/statistics.c \
  src/ensemble/endpoint.h src/ensemble/endpoint.c \
  src/ensemble/index_parts.h src/ensemble/index.c src/ensemble/index_build.c \
  src/ensemble/index_about.c src/ensemble/index_columns.c src/ensemble/index_origin.c \
  src/ensemble/index_member.c src/ensemble/index_axis.c src/ensemble/index_curves.c \
  src/ensemble/index_quantiles.c src/ensemble/index_fields.c \
  src/ensemble/index_field_statistics.c src/ensemble/index_copy.c src/ensemble/index_verify.c
# Ranks of an MPI job: the only object that knows of it, and a library of its own for its flags.
noinst_LIBRARIES += libparty.a
libparty_a_CFLAGS = $(AM_CFLAGS) $(MPI_CFLAGS)
libparty_a_SOURCES = src/ensemble/party.h
if WITH_MPI
libparty_a_SOURCES += src/ensemble/party_mpi.c
else
libparty_a_SOURCES += src/ensemble/party_alone.c
endif
