# Designs, statistics and sensitivity: numbers in, numbers out.
noinst_LIBRARIES += libanalysis.a
libanalysis_a_SOURCES = \
  src/analysis/design.h src/analysis/design.c src/analysis/distribution.h src/analysis/distribution.c \
  src/analysis/statistics.h src/analysis/statistics.c \
  src/analysis/endpoint.h src/analysis/endpoint.c \
  src/analysis/sensitivity.h src/analysis/sensitivity.c src/analysis/ranks.c \
  src/analysis/copula.h src/analysis/copula.c src/analysis/power.h src/analysis/power.c \
  src/analysis/trial_report.h src/analysis/trial_report.c src/analysis/trial_estimate.h src/analysis/trial_estimate.c \
  src/analysis/bootstrap.h src/analysis/bootstrap.c
