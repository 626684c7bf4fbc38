# Plans: one scenario many times.
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
  src/plan/plan.h src/plan/plan.c src/plan/plan_internal.h src/plan/plan_values.c \
  src/plan/plan_sets.c src/plan/plan_factor.c src/plan/plan_factors.c src/plan/plan_distributions.c src/plan/plan_outcomes.c src/plan/plan_endpoints.c src/plan/plan_table.c \
  src/plan/plan_calls.c src/plan/plan_arms.c src/plan/plan_correlation.c src/plan/plan_ends.c src/plan/plan_write.c
libplan_a_SOURCES += src/plan/trial.h src/plan/plan_trial.c
