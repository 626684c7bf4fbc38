# Tests of the room cli: the program from outside.
cli_tests = tests/cli/test_usage.sh tests/cli/test_manual.sh tests/cli/test_bad_input.sh \
  tests/cli/test_output.sh tests/cli/test_check.sh tests/cli/test_exact_cost.sh tests/cli/test_times.sh tests/cli/test_resume.sh \
  tests/cli/test_progress.sh tests/cli/test_bands.sh tests/cli/test_sweep.sh tests/cli/test_again.sh \
  tests/cli/test_fields.sh tests/cli/test_wall.sh tests/cli/test_longer.sh tests/cli/test_installed.sh tests/cli/test_csv.sh \
  tests/cli/test_sensitivity.sh tests/cli/test_json.sh tests/cli/test_tissues.sh tests/cli/test_like.sh
cli_tests += tests/cli/test_merge.sh \
  tests/cli/test_signals.sh tests/cli/test_refusals.sh tests/cli/test_rest.sh tests/cli/test_grading.sh tests/cli/test_extend.sh tests/cli/test_members.sh tests/cli/test_plans.sh tests/cli/test_random_start.sh
cli_tests += tests/cli/test_threads.sh tests/cli/test_submit.sh tests/cli/test_show_index.sh
if HAVE_CMOCKA
check_PROGRAMS += tests/test_watch
TESTS += tests/test_watch
endif
tests_test_watch_SOURCES = tests/test_watch.c
tests_test_watch_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_watch_LDADD = libcli.a $(FLOOR6) $(CMOCKA_LIBS)
cli_tests += tests/cli/test_branch.sh tests/cli/test_trial.sh tests/cli/test_lost.sh tests/cli/test_limits.sh tests/cli/test_install.sh tests/cli/test_screen.sh
TESTS += $(cli_tests)
# Sweeps on the ranks of an MPI job.
if WITH_MPI
TESTS += tests/cli/test_mpi.sh
endif
EXTRA_DIST += tests/cli/test_mpi.sh
tests/cli/test_mpi.log: lacuna$(EXEEXT)
EXTRA_DIST += tests/cli/lib.sh $(cli_tests)
$(cli_tests:.sh=.log): lacuna$(EXEEXT)

# Run after run, which a sanitized program takes minutes for: full disks (test_output.sh has one), and the same bits.
if !SANITIZERS
TESTS += tests/cli/test_disk.sh tests/cli/test_hybrid_bits.sh
endif
EXTRA_DIST += tests/cli/test_disk.sh tests/cli/test_hybrid_bits.sh
tests/cli/test_disk.log tests/cli/test_hybrid_bits.log: lacuna$(EXEEXT)
