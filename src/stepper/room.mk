# What every method promises, and the scene that it marches.
noinst_LIBRARIES += libstepper.a
libstepper_a_SOURCES = \
  src/stepper/stepper.h src/stepper/stepper.c
