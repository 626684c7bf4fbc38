# Floor 7: the program. Its main() stands alone; the rest is a library for tests of options.
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
  src/cli/command.h \
  src/cli/options.h src/cli/options.c \
  src/cli/run_json.h src/cli/run_json.c src/cli/screen.h src/cli/screen.c src/cli/help.h src/cli/cmd_help.c src/cli/catalogue.h src/cli/catalogue.c \
  src/cli/signals.h src/cli/signals.c \
  src/cli/duration.h src/cli/duration.c \
  src/cli/progress.h src/cli/progress.c src/cli/watch.h src/cli/watch.c \
  src/cli/verdict.h src/cli/verdict.c \
  src/cli/circumstances.h src/cli/circumstances.c src/cli/launch.h src/cli/launch.c \
  src/cli/waiting.h src/cli/waiting.c \
  src/cli/many.h src/cli/many.c \
  src/cli/tally.h src/cli/tally.c src/cli/standing.h src/cli/standing.c \
  src/cli/cost.h src/cli/cost.c src/cli/foresight.h src/cli/foresight.c \
  src/cli/job.h src/cli/job.c src/cli/members.h src/cli/members.c src/cli/conduct.h src/cli/conduct.c src/cli/cmd_sweep.c src/cli/cmd_ensemble.c \
  src/cli/cmd_run.c src/cli/cmd_resume.c src/cli/cmd_check.c src/cli/cmd_show.c \
  src/cli/summary.h src/cli/summary.c src/cli/show_index.h src/cli/show_index.c src/cli/show_json.h src/cli/show_json.c \
  src/cli/check_json.h src/cli/check_json.c src/cli/check_discrete.h src/cli/check_discrete.c \
  src/cli/cmd_list.c src/cli/list_json.h src/cli/list_json.c src/cli/cmd_sensitivity.c
libcli_a_SOURCES += \
  src/cli/problems.h src/cli/problems.c src/cli/cmd_merge.c src/cli/cmd_verify.c
bin_PROGRAMS += lacuna
lacuna_SOURCES = src/cli/main.c
lacuna_LDADD = libcli.a libparty.a $(FLOOR6) $(MPI_LIBS)
