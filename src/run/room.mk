# Floor 5: one run, from model to result.
noinst_LIBRARIES += librun.a
librun_a_SOURCES = \
  src/run/schedule.h src/run/schedule.c src/run/event_queue.h src/run/event_queue.c \
  src/run/snapshot.h src/run/snapshot.c \
  src/run/trigger.h src/run/trigger.c \
  src/run/events.h src/run/events.c src/run/fill.c \
  src/run/paths.h src/run/paths.c \
  src/run/result.h src/run/result.c \
  src/run/simulation_internal.h src/run/run_loop.c src/run/checkpoint.c \
  src/run/simulation.h src/run/simulation.c src/run/initial.c src/run/start.h src/run/start.c src/run/state_text.h src/run/state_text.c src/run/begin.c src/run/resume.c src/run/reset.c src/run/footprint.c \
  src/run/cgroup_memory.h src/run/cgroup_memory.c \
  src/run/survey.h src/run/survey_internal.h src/run/survey.c src/run/decay.c
