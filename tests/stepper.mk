# Tests of the room stepper.
