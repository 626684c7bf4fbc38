# Floor 4: what changes the state.
noinst_LIBRARIES += libstepper.a
libstepper_a_SOURCES = \
  src/stepper/stepper.h \
  src/stepper/system.h \
  src/stepper/krylov.h src/stepper/krylov.c \
  src/stepper/rosenbrock.h src/stepper/rosenbrock.c
