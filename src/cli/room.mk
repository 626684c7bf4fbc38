# Floor 7: the program. Its main() stands alone; the rest is a library for tests of options.
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
  src/cli/command.h \
  src/cli/options.h src/cli/options.c \
  src/cli/run_json.h src/cli/run_json.c src/cli/screen.h src/cli/screen.c src/cli/help.h src/cli/cmd_help.c src/cli/catalogue.h src/cli/catalogue.c \
  src/cli/signals.h src/cli/signals.c \
  src/cli/progress.h src/cli/progress.c src/cli/watch.h src/cli/watch.c \
  src/cli/band_check.h src/cli/band_check.c \
  src/cli/invocation.h src/cli/invocation.c src/cli/launch.h src/cli/launch.c \
  src/cli/thread_wait.h src/cli/thread_wait.c src/cli/threads.h src/cli/threads.c \
  src/cli/places.h src/cli/places.c src/cli/texts.h src/cli/texts.c src/cli/whole_file.h src/cli/whole_file.c \
  src/cli/sweep_setup.h src/cli/sweep_setup.c \
  src/cli/sweep_progress.h src/cli/sweep_progress.c src/cli/sweep_status.h src/cli/sweep_status.c \
  src/cli/cost.h src/cli/cost.c src/cli/dry_run.h src/cli/dry_run.c \
  src/cli/mpi_environment.h src/cli/mpi_environment.c src/cli/members.h src/cli/members.c src/cli/sweep_driver.h src/cli/sweep_driver.c src/cli/cmd_sweep.c src/cli/cmd_ensemble.c \
  src/cli/cmd_run.c src/cli/cmd_resume.c src/cli/cmd_check.c src/cli/cmd_show.c \
  src/cli/summary.h src/cli/summary.c src/cli/summary_grid.c src/cli/bias_summary.h src/cli/bias_summary.c src/cli/representation_summary.h src/cli/representation_summary.c src/cli/show_index.h src/cli/show_index.c src/cli/show_json.h src/cli/show_json.c \
  src/cli/cmd_list.c src/cli/list_json.h src/cli/list_json.c src/cli/cmd_sensitivity.c
libcli_a_SOURCES += \
  src/cli/problems.h src/cli/problems.c src/cli/cmd_merge.c src/cli/cmd_verify.c \
  src/cli/cmd_trial.c src/cli/cmd_rest.c src/cli/trial_table.h src/cli/trial_table.c
bin_PROGRAMS += lacuna
lacuna_SOURCES = src/cli/main.c
lacuna_LDADD = libcli.a libparty.a $(FLOOR6) $(MPI_LIBS)
