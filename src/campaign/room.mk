# Many runs: members, their directory, the processes that run them.
noinst_LIBRARIES += libcampaign.a
libcampaign_a_SOURCES = \
  src/campaign/sample_table.h src/campaign/sample_table.c src/campaign/atomic_create.h src/campaign/atomic_create.c \
  src/campaign/lock.h src/campaign/lock.c src/campaign/journal.h src/campaign/journal.c \
  src/campaign/plan_text.h src/campaign/plan_text.c \
  src/campaign/plan_change.h src/campaign/plan_change.c \
  src/campaign/plan_extension.h src/campaign/plan_extension.c src/campaign/plan_extension_members.c \
  src/campaign/attempt_record.h src/campaign/share.h src/campaign/campaign.h src/campaign/campaign_internal.h src/campaign/campaign.c src/campaign/campaign_directory.c src/campaign/process_layout.c \
  src/campaign/subprocess.h src/campaign/subprocess.c src/campaign/sweep_internal.h src/campaign/attempt.c \
  src/campaign/sweep.h src/campaign/sweep.c \
  src/campaign/rows.h src/campaign/rows_internal.h src/campaign/rows.c src/campaign/rows_write.c \
  src/campaign/worker.h src/campaign/worker.c src/campaign/worker_sources.c src/campaign/worker_sources.h src/campaign/worker_pool.h src/campaign/worker_pool.c \
  src/campaign/worker_pool_internal.h src/campaign/worker_process.c src/campaign/worker_pool_reports.c
# Ranks of an MPI job: the only object that knows of it, and a library of its own for its flags.
noinst_LIBRARIES += libparty.a
libparty_a_CFLAGS = $(AM_CFLAGS) $(MPI_CFLAGS)
libparty_a_SOURCES = src/campaign/mpi_ranks.h
if WITH_MPI
libparty_a_SOURCES += src/campaign/mpi_ranks.c
else
libparty_a_SOURCES += src/campaign/mpi_ranks_none.c
endif
