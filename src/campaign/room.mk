# Many runs: members, their directory, the processes that run them.
noinst_LIBRARIES += libcampaign.a
libcampaign_a_SOURCES = \
  src/campaign/roster.h src/campaign/roster.c src/campaign/announce.h src/campaign/announce.c \
  src/campaign/lock.h src/campaign/lock.c src/campaign/journal.h src/campaign/journal.c \
  src/campaign/plan_text.h src/campaign/plan_text.c \
  src/campaign/plan_change.h src/campaign/plan_change.c \
  src/campaign/growth.h src/campaign/growth.c \
  src/campaign/note.h src/campaign/share.h src/campaign/campaign.h src/campaign/campaign.c src/campaign/crew.c \
  src/campaign/child.h src/campaign/child.c src/campaign/sweep_internal.h src/campaign/attempt.c \
  src/campaign/sweep.h src/campaign/sweep.c \
  src/campaign/rows.h src/campaign/rows_internal.h src/campaign/rows.c src/campaign/rows_write.c \
  src/campaign/worker.h src/campaign/worker.c src/campaign/pool.h src/campaign/pool.c \
  src/campaign/pool_internal.h src/campaign/pool_worker.c
# Ranks of an MPI job: the only object that knows of it, and a library of its own for its flags.
noinst_LIBRARIES += libparty.a
libparty_a_CFLAGS = $(AM_CFLAGS) $(MPI_CFLAGS)
libparty_a_SOURCES = src/campaign/party.h
if WITH_MPI
libparty_a_SOURCES += src/campaign/party_mpi.c
else
libparty_a_SOURCES += src/campaign/party_alone.c
endif
