# Tests of the room ensemble.

# Sensitivity indices against closed forms.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_sensitivity tests/test_index_reader
TESTS += tests/test_sensitivity tests/test_index_reader
endif
tests_test_index_reader_SOURCES = tests/test_index_reader.c
tests_test_index_reader_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_index_reader_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
tests_test_sensitivity_SOURCES = tests/test_sensitivity.c
tests_test_sensitivity_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_sensitivity_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Trials against closed forms.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_trial
TESTS += tests/test_trial
endif
tests_test_trial_SOURCES = tests/test_trial.c
tests_test_trial_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_trial_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Index and statistics.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_running tests/test_index tests/test_index_kept
TESTS += tests/test_running tests/test_index tests/test_index_kept
endif
tests_test_index_SOURCES = tests/test_index.c tests/index_scene.h
tests_test_index_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_index_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
tests_test_index_kept_SOURCES = tests/test_index_kept.c tests/index_scene.h
tests_test_index_kept_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_index_kept_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
tests_test_running_SOURCES = tests/test_running.c
tests_test_running_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_running_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Plans, designs and rosters.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_plan tests/test_design
TESTS += tests/test_plan tests/test_design
endif
EXTRA_DIST += tests/plan_scene.h
tests_test_plan_SOURCES = tests/test_plan.c
tests_test_plan_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_plan_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)
tests_test_design_SOURCES = tests/test_design.c
tests_test_design_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_design_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Campaigns and sweeps.
if HAVE_CMOCKA
sweep_tests = tests/test_campaign tests/test_sweep tests/test_arms
check_PROGRAMS += $(sweep_tests)
TESTS += $(sweep_tests)
endif
EXTRA_DIST += tests/ensemble_scene.h
tests_test_sweep_SOURCES = tests/test_sweep.c
tests_test_sweep_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_sweep_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
tests_test_arms_SOURCES = tests/test_arms.c
tests_test_arms_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_arms_LDADD = $(FLOOR6) $(CMOCKA_LIBS)
tests_test_campaign_SOURCES = tests/test_campaign.c
tests_test_campaign_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_campaign_LDADD = $(FLOOR6) $(CMOCKA_LIBS)

# Hundreds of short runs say nothing new to a sanitizer.
ishigami_tests = tests/test_ishigami.sh
if !SANITIZERS
TESTS += $(ishigami_tests)
endif
EXTRA_DIST += $(ishigami_tests)
$(ishigami_tests:.sh=.log): lacuna$(EXEEXT)

# Job files, under a Slurm of the test's own. Seconds of events say nothing new to a sanitizer.
slurm_tests = tests/test_slurm.sh
if !SANITIZERS
if HAVE_SLURM
TESTS += $(slurm_tests)
endif
endif
EXTRA_DIST += tests/slurm/cluster.sh $(slurm_tests)
$(slurm_tests:.sh=.log): lacuna$(EXEEXT)

# Bench of the index.
BENCHMARKS += tests/bench/bench_index
tests_bench_bench_index_SOURCES = tests/bench/bench_index.c
tests_bench_bench_index_LDADD = $(FLOOR6)

# What plan.txt of a sweep says is a plan.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_plan_again
TESTS += tests/test_plan_again
endif
tests_test_plan_again_SOURCES = tests/test_plan_again.c
tests_test_plan_again_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_test_plan_again_LDADD = $(FLOOR2_MODEL) $(CMOCKA_LIBS)

# Bench of sweeps: runs the program itself.
BENCHMARKS += tests/bench/bench_sweep
tests_bench_bench_sweep_SOURCES = tests/bench/bench_sweep.c
tests_bench_bench_sweep_CPPFLAGS = $(AM_CPPFLAGS) -DLAC_BENCH_SOURCE='"$(abs_top_srcdir)"'
tests_bench_bench_sweep_LDADD =
EXTRA_tests_bench_bench_sweep_DEPENDENCIES = lacuna$(EXEEXT)

# Bench of small members in memory.
BENCHMARKS += tests/bench/bench_members
SHELL_BENCHMARKS += tests/bench/members_with_index.sh
EXTRA_DIST += tests/bench/members_with_index.sh
tests_bench_bench_members_SOURCES = tests/bench/bench_members.c
tests_bench_bench_members_LDADD = $(FLOOR5)
