# What every method promises, and the scene that it advances.
noinst_LIBRARIES += libstepper.a
libstepper_a_SOURCES = \
  src/stepper/stepper.h src/stepper/stepper.c
